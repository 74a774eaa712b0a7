"""Writes RESULTS.md."""

import os
import platform
import subprocess
from pathlib import Path

from plan import CASES, ELSEWHERE, FULL, GOALS, GROUPS

HERE = Path(__file__).parent
ROOT = HERE.parents[1]


def text(values):
    """The whole document. `values` holds what compare.py found out."""
    parts = [
        HEAD,
        trial(values),
        "## Machine and versions\n\n" + listed(machine() + versions(values)),
        "## Goals\n\n" + goals(values),
        "## Measurements\n\n" + MEASURED.format(runs=values.runs, slow_runs=values.slow_runs),
        *(group(name, values) for name in GROUPS if name in values.times),
        "## Checked in the same run\n\n" + listed(values.checked or ["nothing: the cases to compare were left out"]),
        "## Commands\n\n" + commands(values),
        *((HERE / name).read_text(encoding="utf-8").strip() for name in ("not_comparable.md", "missed.md")),
    ]
    return "\n\n".join(part for part in parts if part) + "\n"


HEAD = """# What wabill takes, against other tools

Written by `benches/compare/run.sh`; do not edit. Quote ratios, not times: times are the machine's, and it may not have been idle."""

MEASURED = """Medians of {runs} runs of each case, {slow_runs} in groups with cases that take most of a minute; the cases of a group in turn,
files in the page cache. CPU seconds are user and system time of the whole process, its start included, as `wait4` returns them; peak RSS
likewise (its floor is the some 20 MB of the driver that starts the command). Ratios are of CPU seconds, to the first row of the group."""


def trial(values):
    large = values.logs.rows("large")
    if values.rows == FULL and large == 5 * FULL:
        return ""
    if values.rows == FULL:
        return f"**The large log has {large:,} rows.** The goal of its ratio is stated for {5 * FULL:,}."
    return f"**A trial with {values.rows:,} rows in the base log.** The goals are stated for {FULL:,}; what they say here is no result."


def goals(values):
    rows = ["| goal | bound | measured | |", "| --- | --- | --- | --- |"]
    for goal in GOALS:
        rows.append(f"| {goal.text} | {bound(goal)} | {' | '.join(verdict(goal, values))} |")
    same = any(all(word in line for word in ("same bytes", "2 threads", "shuffled", "Parquet")) for line in values.checked)
    rows.append(f"| the same bytes for 1 and 2 threads, ordered and shuffled rows, CSV and Parquet in | always | {'yes | met' if same else '– | left out'} |")
    rows += [f"| {name} | {limit} | – | measured with the scenarios |" for name, limit in ELSEWHERE]
    return "\n".join(rows)


def bound(goal):
    return f"{goal.bound} {goal.limit:g}" if goal.bound else "–"


def figure(goal, values):
    """What a goal is about, or None where its cases were not run."""
    times = values.times.get(goal.group, {})
    if goal.over not in times or goal.under and goal.under not in times:
        return None
    over, under = times[goal.over], times.get(goal.under)
    if goal.measure == "peak":
        return over.peak / 1e6
    if goal.measure == "bytes a row":
        return over.peak / values.logs.rows(CASES[goal.over].log)
    return getattr(over, goal.measure) / getattr(under, goal.measure)


def verdict(goal, values):
    found = figure(goal, values)
    if found is None:
        return "–", values.skipped.get(goal.over) or values.skipped.get(goal.under) or "left out"
    shown = f"{found:.0f}" if found >= 100 else f"{found:.2f}"
    if not goal.bound:
        return shown, ""
    if "large" in (goal.over, goal.under) and values.logs.rows("large") != 5 * values.logs.rows("base"):
        return shown, f"no goal: the large log has {values.logs.rows('large'):,} rows"
    met = {"≤": found <= goal.limit, "<": found < goal.limit, "≥": found >= goal.limit}[goal.bound]
    return shown, "met" if met else "**missed**"


def group(name, values):
    first = values.times[name][next(iter(values.times[name]))]
    rows = [
        f"### {GROUPS[name].title}",
        "",
        "| | rows | CPU s (least–most) | wall s | peak RSS MB | B a row | CPU ratio | runs |",
        "| --- | --: | --: | --: | --: | --: | --: | --: |",
    ]
    for key, times in values.times[name].items():
        lines = values.logs.rows(CASES[key].log)
        spread = f"{times.cpu:.2f} ({times.least:.2f}–{times.most:.2f})"
        rows.append(
            f"| {CASES[key].title} | {lines:,} | {spread} | {times.wall:.2f} | {times.peak / 1e6:.0f} "
            f"| {times.peak / lines:.0f} | {times.cpu / first.cpu:.2f} | {times.runs} |"
        )
    return "\n".join(rows)


def commands(values):
    """Every command once, with the files by their names only."""
    shown, rows = set(), ["```"]
    for times in values.times.values():
        for key in times:
            if key not in shown:
                shown.add(key)
                rows.append(f"{key:<14} " + " ".join(Path(word).name for word in values.command(key)))
    return "\n".join([*rows, "```"])


def machine():
    cpu = first_of("/proc/cpuinfo", "model name")
    memory = first_of("/proc/meminfo", "MemTotal").split()
    gigabytes = f"{int(memory[0]) / (1 << 20):.0f} GiB" if memory else "unknown"
    load = ", ".join(f"{one:.1f}" for one in os.getloadavg())
    return [
        f"{cpu or platform.processor()}, {os.cpu_count()} cores, {gigabytes} of memory",
        f"{platform.system()} {platform.release().split('-')[0]} {platform.machine()}; load at the end {load}",
    ]


def first_of(path, key):
    try:
        with open(path, encoding="utf-8") as file:
            return next((line.split(":", 1)[1].strip() for line in file if line.startswith(key)), "")
    except OSError:
        return ""


def versions(values):
    changed = " with changes" if said("git", "status", "--porcelain", "--untracked-files=no") else ""
    lock = (ROOT / "Cargo.lock").read_text(encoding="utf-8")
    crate = lock.split('name = "csv"\nversion = "')[1].split('"')[0]
    wanted = (HERE / "requirements.txt").read_text(encoding="utf-8").split()
    return [
        f"wabill: commit {said('git', 'rev-parse', '--short', 'HEAD') or 'unknown'}{changed}, release profile, {said('rustc', '--version')}",
        f"csv crate {crate} · Python {platform.python_version()} · " + " · ".join(wanted),
        f"logs: {values.sizes}",
    ]


def said(*command):
    try:
        return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout.strip()
    except (OSError, subprocess.CalledProcessError):
        return ""


def listed(items):
    return "\n".join(f"- {item}" for item in items)
