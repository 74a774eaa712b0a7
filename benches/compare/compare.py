"""Measures wabill against other tools and writes RESULTS.md. Start it with run.sh, which sets everything up."""

import argparse
import json
import shutil
import subprocess
import sys
from dataclasses import asdict, dataclass
from pathlib import Path

import agree
import report
from logs import Logs
from measure import Failed, run, summed_up
from plan import CASES, FULL, GROUPS, LOGS

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
MILLION = 1_000_000


@dataclass(frozen=True)
class Result:
    """Where the last run of a case left what it wrote."""

    folder: Path
    printed: Path


class Comparison:
    """One run of everything; report.py reads its fields."""

    def __init__(self, options):
        self.rows = options.rows
        self.runs = options.runs
        self.slow_runs = options.slow_runs
        self.work = options.work
        release = Path(options.release)
        self.tools = {
            "wabill": str(release / "wabill"),
            "large_log": str(release / "examples" / "large_log"),
            "csv_loop": str(release / "examples" / "csv_loop"),
            "python": sys.executable,
            "here": str(HERE),
        }
        self.logs = Logs(self.work, options.rows, options.large, self.tools)
        self.skipped = {name: "left out" for name in options.skip}
        self.keep = options.keep
        self.groups = [name for name in GROUPS if name not in options.skip and (not options.only or name in options.only)]
        self.times = {}
        self.results = {}
        self.checked = []
        self.sizes = ""

    def leave_out_unknown_switches(self):
        known = subprocess.run([self.tools["wabill"], "replay", "--help"], capture_output=True, text=True, check=True).stdout
        for key, case in CASES.items():
            if case.needs and f"{case.needs} " not in known:
                self.skipped.setdefault(key, f"this build has no `{case.needs}`")

    def cases(self, name):
        return [key for key in GROUPS[name].cases if key not in self.skipped]

    def command(self, key):
        log = CASES[key].log
        places = {
            "log": self.logs.path(log),
            "accounts": self.logs.accounts(log),
            "out": self.folder(key),
            "temp": self.work / "temp",
            **self.tools,
        }
        return [word.format(**places) for word in CASES[key].command]

    def folder(self, key):
        return self.work / "out" / key.replace(" ", "-")

    def run_group(self, name):
        group, cases = GROUPS[name], self.cases(name)
        if not cases:
            return
        print(f"== {group.title}", flush=True)
        for log in dict.fromkeys(CASES[key].log for key in cases):
            self.logs.need(log)
            self.logs.warm(log)
        few = group.few or any(CASES[key].slow for key in cases)
        taken = {key: [] for key in cases}
        for _ in range(self.slow_runs if few else self.runs):
            for key in cases:
                taken[key].append(self.run_case(key))
        self.times[name] = {key: summed_up(runs) for key, runs in taken.items()}

    def run_case(self, key):
        folder = self.folder(key)
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        printed = self.work / "out" / f"{folder.name}.stdout"
        taken = run(self.command(key), printed)
        self.results[key] = Result(folder, printed)
        print(f"   {taken.cpu:8.2f} CPU s {taken.wall:8.2f} s {taken.peak / 1e6:8.0f} MB  {CASES[key].title}", flush=True)
        return taken

    def drop_logs(self, name, later):
        """Logs that no group to come needs make room."""
        needed = {CASES[key].log for group in later for key in self.cases(group)} | {"base"}
        for log in {CASES[key].log for key in self.cases(name)} - needed:
            self.logs.drop(log)

    def clear(self):
        """Takes away the logs and outputs of a finished run."""
        for log in LOGS:
            self.logs.drop(log)
        for folder in ("out", "temp"):
            shutil.rmtree(self.work / folder, ignore_errors=True)

    def check(self):
        agree.same_rows(self.results, self.logs.rows)
        self.checked = agree.same_counts(self.results) + agree.same_bytes(self.results)
        for line in self.checked:
            print(f"   {line}")

    def note_sizes(self):
        path = self.logs.path("base")
        self.sizes = f"the base log has {self.rows:,} rows and {path.stat().st_size / 1e6:,.0f} MB in ten columns"

    def everything(self):
        self.leave_out_unknown_switches()
        self.logs.need("base")
        self.note_sizes()
        for place, name in enumerate(self.groups):
            self.run_group(name)
            if not self.keep:
                self.drop_logs(name, self.groups[place + 1 :])
        self.check()
        medians = {group: {key: asdict(times) for key, times in cases.items()} for group, cases in self.times.items()}
        (self.work / "measurements.json").write_text(json.dumps(medians, indent=1))


def arguments():
    parser = argparse.ArgumentParser(prog="run.sh", description="Measures wabill against other tools, into benches/RESULTS.md.")
    parser.add_argument("--rows", type=int, default=FULL, help="rows of the base log [default: 10 million]")
    parser.add_argument("--large", type=int, help="rows of the large log [default: 5 times the base log]")
    parser.add_argument("--quick", action="store_true", help="to try it: a million rows, one run of each, RESULTS.md in the work folder")
    parser.add_argument("--runs", type=int, help="runs of each case [default: 5]")
    parser.add_argument("--slow-runs", type=int, help="runs in groups with slow cases [default: 5]")
    parser.add_argument("--work", type=Path, default=ROOT / "target" / "compare", help="folder for logs and outputs [default: target/compare]")
    parser.add_argument("--output", type=Path, help="what to write [default: benches/RESULTS.md]")
    names = ", ".join([*GROUPS, *CASES])
    parser.add_argument("--skip", action="append", default=[], metavar="NAME", help=f"leave out a group or a case: {names}")
    parser.add_argument("--only", action="append", default=[], metavar="GROUP", help="only this group; may be repeated")
    parser.add_argument("--keep", action="store_true", help="keep the logs and outputs; logs that are there are taken as they are")
    parser.add_argument("--release", default=ROOT / "target" / "release", help=argparse.SUPPRESS)
    options = parser.parse_args()
    for name in options.skip:
        if name not in GROUPS and name not in CASES:
            parser.error(f"--skip {name}: no such group or case; there are {names}")
    for name in options.only:
        if name not in GROUPS:
            parser.error(f"--only {name}: no such group; there are {', '.join(GROUPS)}")
    if options.quick:
        options.rows = min(options.rows, MILLION)
    options.large = options.large or 5 * options.rows
    options.runs = options.runs or (1 if options.quick else 5)
    options.slow_runs = options.slow_runs or (1 if options.quick else 5)
    options.output = options.output or (options.work if options.quick else HERE.parent) / "RESULTS.md"
    return options


def main():
    options = arguments()
    options.work.mkdir(parents=True, exist_ok=True)
    comparison = Comparison(options)
    try:
        comparison.everything()
    except (Failed, agree.Disagreement) as trouble:
        sys.exit(f"error: {trouble}\nnothing was written to {options.output.name}")
    options.output.write_text(report.text(comparison), encoding="utf-8")
    if not options.keep:
        comparison.clear()
    print(f"written: {options.output}")


if __name__ == "__main__":
    main()
