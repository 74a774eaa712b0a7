"""Holds the results of the cases against each other: times of programs that do not agree mean nothing."""

import csv
import hashlib
import json
from collections import Counter

from plan import CASES, PRINT_COUNTS, SAME_BYTES, SAME_RULES


class Disagreement(Exception):
    """Two sides came to different results."""


def counts_of_lines(path, regime):
    """The bill's messages per category and verdict. Which conversation covers a message is left out: no money depends on it."""
    counts = Counter()
    with open(path, newline="", encoding="utf-8") as file:
        for line in csv.DictReader(file):
            reason = "" if line["verdict"] == "covered" else line["reason"]
            counts[regime, line["category"], line["verdict"], reason] += int(line["messages"])
    return counts


def counts_printed(path):
    with open(path, newline="", encoding="utf-8") as file:
        rows = csv.DictReader(file)
        return Counter(
            {(row["regime"], row["category"], row["verdict"], row["reason"]): int(row["messages"]) for row in rows}
        )


def same_counts(results):
    """Checks that all cases that were run have the same counts; says what was checked. `results` gives the output of a case."""
    ours = {
        regime: counts_of_lines(results[case].folder / "lines.csv", regime)
        for case, regime in SAME_RULES.items()
        if case in results
    }
    said = []
    for case, regimes in PRINT_COUNTS.items():
        here = [regime for regime in regimes if regime in ours]
        if case not in results or not here:
            continue
        theirs = counts_printed(results[case].printed)
        for regime in here:
            compare(CASES[case].title, {key: messages for key, messages in theirs.items() if key[0] == regime}, ours[regime])
        compared = sum(len(ours[regime]) for regime in here)
        said.append(
            f"{CASES[case].title}: its {compared} counts per category, verdict and reason ({', '.join(here)}) are wabill's"
        )
    return said


def compare(title, theirs, ours):
    if not ours or not theirs:
        raise Disagreement(f"{title}: nothing to compare")
    different = [
        f"  {', '.join(key)}: {theirs.get(key, 0)} there, {ours.get(key, 0)} in wabill's lines.csv"
        for key in sorted(theirs.keys() | ours.keys())
        if theirs.get(key, 0) != ours.get(key, 0)
    ]
    if different:
        raise Disagreement("\n".join([f"{title} and wabill differ:", *different]))


def same_rows(results, rows):
    """Checks that readers and wabill saw every row."""
    for case, result in results.items():
        if CASES[case].command[0] == "{wabill}":
            summary = json.loads((result.folder / "summary.json").read_text())
            seen = (summary["rows"]["read"], summary["rows"]["rejected"])
        elif case in ("duckdb count", "csv loop"):
            with open(result.printed, newline="", encoding="utf-8") as file:
                seen = (int(next(csv.DictReader(file))["rows"]), 0)
        else:
            continue
        if seen != (rows(CASES[case].log), 0):
            raise Disagreement(f"{CASES[case].title}: {seen[0]} rows seen and {seen[1]} rejected of {rows(CASES[case].log)}")


def same_bytes(results):
    """Checks that the cases that must write the same bill did; says which."""
    said = []
    for cases in SAME_BYTES:
        hashes = {case: digest(results[case].folder / "lines.csv") for case in cases if case in results}
        if len(set(hashes.values())) > 1:
            raise Disagreement(f"lines.csv differs between: {', '.join(hashes)}")
        if len(hashes) > 1:
            said.append("the same bytes in `lines.csv`: " + " · ".join(CASES[case].title for case in hashes))
    return said


def digest(path):
    with open(path, "rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
