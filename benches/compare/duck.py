"""DuckDB on one thread: `python duck.py count|fold|window|start LOG.csv TEMP_DIR`, results as CSV on standard output."""

import csv
import sys
from pathlib import Path

import duckdb

SQL = Path(__file__).parent / "sql"


def connect(log, temporary):
    connection = duckdb.connect()
    connection.execute("SET threads = 1")
    connection.execute("SET temp_directory = ?", [temporary])
    connection.execute("SET VARIABLE log = ?", [log])
    return connection


def main():
    what, log, temporary = sys.argv[1:]
    connection = connect(log, temporary)
    if what == "start":
        return
    if what == "count":
        connection.execute("SELECT count(*) AS rows FROM read_csv(getvariable('log'))")
    else:
        connection.execute((SQL / "log.sql").read_text())
        connection.execute((SQL / f"{what}.sql").read_text())
    table = csv.writer(sys.stdout, lineterminator="\n")
    table.writerow(column[0] for column in connection.description)
    table.writerows(sorted(row for row in connection.fetchall() if row[-1]))


if __name__ == "__main__":
    main()
