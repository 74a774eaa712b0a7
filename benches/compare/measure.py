"""Runs a command and says what it took: the whole process, as the kernel counted it."""

import os
import subprocess
import time
from dataclasses import dataclass
from statistics import median


class Failed(Exception):
    """A command that did not end as it should."""


@dataclass(frozen=True)
class Taken:
    """What one run took. The peak of memory has a floor of some 20 MB: that of the driver which started it."""

    cpu: float
    wall: float
    peak: int
    code: int


@dataclass(frozen=True)
class Times:
    """Medians over the runs of a case, and the spread of its CPU seconds."""

    cpu: float
    wall: float
    peak: float
    least: float
    most: float
    runs: int


def run(command, output, accepted=(0,)):
    """Runs a command with its standard output going to a file."""
    errors = output.with_suffix(".stderr")
    with open(output, "wb") as out, open(errors, "wb") as err:
        start = time.perf_counter()
        process = subprocess.Popen(command, stdout=out, stderr=err, stdin=subprocess.DEVNULL)
        try:
            _, status, usage = os.wait4(process.pid, 0)
        except BaseException:
            process.kill()
            raise
        wall = time.perf_counter() - start
    process.returncode = code = os.waitstatus_to_exitcode(status)
    if code not in accepted:
        raise Failed(f"exit code {code} of: {' '.join(command)}\n{errors.read_text(errors='replace')[-2000:]}")
    return Taken(usage.ru_utime + usage.ru_stime, wall, usage.ru_maxrss * 1024, code)


def summed_up(taken):
    """The medians of several runs."""
    cpu = [one.cpu for one in taken]
    return Times(
        median(cpu), median(one.wall for one in taken), median(one.peak for one in taken), min(cpu), max(cpu), len(taken)
    )
