"""What is measured and what should hold, as data: to measure more, add a row.

A log is made when a group needs it. A case is one command. The cases of a group are run in turn, again and again, and only cases of one
group are ever compared. A goal is a ratio of two cases, or a figure of one.
"""

from dataclasses import dataclass

FULL = 10_000_000
"""The rows that the goals are stated for."""


@dataclass(frozen=True)
class Log:
    """A log: `rows` and the values of `options` may use `n`, the rows of the base log, and `large`, those of the large one."""

    rows: str = "n"
    options: tuple = ()
    numbers: str = "100"
    """Business numbers, a hundred of them an account."""
    shuffled: str = ""
    """The log whose rows these are, in another order."""
    parquet: str = ""
    """The log that this is the Parquet form of."""


LOGS = {
    "base": Log(),
    "small": Log(rows="n // 10"),
    "large": Log(rows="large"),
    "shuffled": Log(shuffled="base"),
    "parquet": Log(parquet="base"),
    "customers": Log(options=("--customers", "n // 5")),
    "numbers": Log(numbers="n // 1000"),
    "templates": Log(numbers="n // 1000", options=("--templates", "n // 200")),
    "accounts": Log(numbers="n // 10", options=("--customers", "n // 5")),
    "months": Log(options=("--months", "60")),
    "hot": Log(options=("--hot", "500")),
}


@dataclass(frozen=True)
class Case:
    """One command. `{log}`, `{accounts}`, `{out}`, `{temp}` are its files; `{python}`, `{wabill}`, `{csv_loop}`, `{here}` the tools."""

    title: str
    command: tuple
    log: str = "base"
    slow: bool = False
    """Takes most of a minute: fewer runs are enough."""
    needs: str = ""
    """A switch of `wabill replay` without which the case is left out."""


def wabill(title, log="base", emit="summary,lines", bounds="off", threads=1, more=(), needs=""):
    """A replay as a user would start it."""
    command = ("{wabill}", "replay", "{log}", "--accounts", "{accounts}", "--emit", emit, "--bounds", bounds)
    command += ("--threads", str(threads), "--out", "{out}", "--quiet", *more)
    return Case(title, command, log, needs=needs)


def duckdb(title, what, slow=False):
    """DuckDB on one thread."""
    return Case(title, ("{python}", "{here}/duck.py", what, "{log}", "{temp}"), slow=slow)


CASES = {
    "wabill": wabill("wabill, totals"),
    "duckdb count": duckdb("DuckDB `count(*)`", "count"),
    "duckdb start": duckdb("DuckDB, started and nothing more", "start"),
    "csv loop": Case("csv crate, `ByteRecord` loop", ("{csv_loop}", "{log}")),
    "wabill pmp": wabill("wabill, `--regime pmp-2025-07`", more=("--regime", "pmp-2025-07")),
    "wabill cbp": wabill("wabill, `--regime cbp-2024-11`", more=("--regime", "cbp-2024-11", "--allow-unpriced")),
    "python": Case("Python csv + dict, same rules", ("{python}", "{here}/rules.py", "{log}"), slow=True),
    "duckdb fold": duckdb("DuckDB `list_reduce`, same rules", "fold", slow=True),
    "duckdb window": duckdb("DuckDB window function, `pmp-2025-07` only", "window", slow=True),
    "two threads": wabill("wabill, 2 threads", threads=2),
    "small": wabill("wabill, a tenth of the rows", "small"),
    "large": wabill("wabill, the large log", "large"),
    "memory": wabill("wabill, the large log, `--memory 512MiB`", "large", more=("--memory", "512MiB"), needs="--memory"),
    "verdicts": wabill("wabill, with one verdict row a message", emit="summary,lines,verdicts"),
    "verdicts parquet": wabill(
        "wabill, the same as Parquet (zstd)", emit="summary,lines,verdicts", more=("--format", "parquet")
    ),
    "bounds": wabill("wabill, with bounds (the default)", bounds="on"),
    "shuffled": wabill("wabill, shuffled rows", "shuffled"),
    "parquet": wabill("wabill, Parquet in", "parquet"),
    "customers": wabill("… 4 times the customers", "customers"),
    "accounts": wabill("… and 10,000 times the numbers, 100 an account", "accounts"),
    "numbers": wabill("… 100 times the numbers", "numbers"),
    "templates": wabill("… and 1,250 times the templates", "templates"),
    "months": wabill("… 60 months, all regimes", "months", more=("--allow-unpriced",)),
    "hot": wabill("… one chat with half of the rows", "hot"),
}


@dataclass(frozen=True)
class Group:
    """Cases that are run in turn; the first is what the others are held against."""

    title: str
    cases: tuple
    few: bool = False
    """Every case is run as often as a slow one."""


GROUPS = {
    "reading": Group("Against tools that only read, one thread", ("wabill", "duckdb count", "duckdb start", "csv loop")),
    "rules": Group(
        "Against the same rules elsewhere, one thread",
        ("wabill", "wabill pmp", "wabill cbp", "python", "duckdb fold", "duckdb window"),
        few=True,
    ),
    "threads": Group("One and two threads", ("wabill", "two threads")),
    "outputs": Group("What is written, and bounds", ("wabill", "verdicts", "verdicts parquet", "bounds")),
    "inputs": Group("Order and form of the rows", ("wabill", "shuffled", "parquet")),
    "growth": Group("Growth in messages", ("wabill", "small", "large", "memory")),
    "shapes": Group(
        "Growth in everything else, same number of rows",
        ("wabill", "customers", "accounts", "numbers", "templates", "months", "hot"),
    ),
}


@dataclass(frozen=True)
class Goal:
    """`measure` is `cpu`, `wall`, `peak` or `bytes a row`, of `over`, divided by that of `under` if there is one."""

    text: str
    group: str
    measure: str
    over: str
    under: str
    bound: str
    limit: float


GOALS = (
    Goal("replay / DuckDB `count(*)`, both one thread", "reading", "cpu", "wabill", "duckdb count", "≤", 0.6),
    Goal("replay / csv crate `ByteRecord` loop", "reading", "cpu", "wabill", "csv loop", "≤", 1.0),
    Goal("Python csv + dict with the same rules / replay", "rules", "cpu", "python", "wabill", "≥", 40),
    Goal("DuckDB `list_reduce` with the same rules / replay", "rules", "cpu", "duckdb fold", "wabill", "≥", 60),
    Goal("CPU inflation from 1 to 2 threads", "threads", "cpu", "two threads", "wabill", "≤", 1.2),
    Goal("wall speed-up from 1 to 2 threads", "threads", "wall", "wabill", "two threads", "≥", 1.6),
    Goal("large / base log (50M / 10M rows)", "growth", "cpu", "large", "wabill", "≤", 6),
    Goal("base / small log (10M / 1M rows)", "growth", "cpu", "wabill", "small", "≤", 10.5),
    Goal("peak RSS without per-message output, bytes a row", "reading", "bytes a row", "wabill", "", "≤", 64),
    Goal("peak RSS with `--memory 512MiB`, MB", "growth", "peak", "memory", "", "<", 700),
    Goal("slow-down by `--memory 512MiB` (stated, no goal)", "growth", "cpu", "memory", "large", "", 0),
    Goal("with one CSV verdict row per message / totals only", "outputs", "cpu", "verdicts", "wabill", "≤", 2),
    Goal("verdict rows as Parquet / as CSV", "outputs", "cpu", "verdicts parquet", "verdicts", "≤", 1.0),
    Goal("with bounds / without (stated, no goal)", "outputs", "cpu", "bounds", "wabill", "", 0),
    Goal("shuffled / ordered input", "inputs", "cpu", "shuffled", "wabill", "≤", 1.5),
    Goal("Parquet in / CSV of the same rows", "inputs", "cpu", "parquet", "wabill", "<", 1.0),
    Goal("4 times the customers / base (stated, no goal)", "shapes", "cpu", "customers", "wabill", "", 0),
    Goal("10,000 accounts of 100 numbers / 1 account (stated, no goal)", "shapes", "cpu", "accounts", "customers", "", 0),
    Goal("50,000 / 40 templates (stated, no goal)", "shapes", "cpu", "templates", "numbers", "", 0),
    Goal("60 / 12 months (stated, no goal)", "shapes", "cpu", "months", "wabill", "", 0),
    Goal("a chat with half of the rows / none (stated, no goal)", "shapes", "cpu", "hot", "wabill", "", 0),
)

ELSEWHERE = (
    ("simulate + bill per message / CSV replay per message", "≤ 0.5"),
    ("1,000 Monte-Carlo runs of a 1M-message month", "< 60 s on 16 cores"),
)
"""Goals that are measured with the scenarios, not here."""

SAME_RULES = {"wabill pmp": "pmp-2025-07", "wabill cbp": "cbp-2024-11"}
"""Cases of wabill whose `lines.csv` must hold the counts that the others print, by the regime they are of."""

PRINT_COUNTS = {
    "python": ("pmp-2025-07", "cbp-2024-11"),
    "duckdb fold": ("pmp-2025-07", "cbp-2024-11"),
    "duckdb window": ("pmp-2025-07",),
}
"""Cases that print counts per regime, category, verdict and reason, and the regimes that they must have them for."""

SAME_BYTES = (("wabill", "two threads", "shuffled", "parquet", "verdicts", "verdicts parquet"), ("large", "memory"))
"""Cases that must write the same `lines.csv`, byte for byte."""
