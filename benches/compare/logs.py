"""Makes the logs, and the files of accounts that go with them, and keeps them as long as somebody needs them."""

import random
import subprocess
import sys

from plan import LOGS

ZONES = ("America/Sao_Paulo", "Asia/Kolkata", "Europe/Berlin", "America/Mexico_City")


class Logs:
    """The logs of a work folder. One that is there already with the same number of rows is taken as it is."""

    def __init__(self, folder, rows, large, tools):
        self.folder = folder
        self.values = {"n": rows, "large": large}
        self.tools = tools

    def value(self, text):
        return int(eval(text, {"__builtins__": {}}, self.values))  # expressions of plan.py, not of anybody's input

    def source(self, name):
        """The log that this one is another form of, or itself."""
        log = LOGS[name]
        return self.source(log.shuffled or log.parquet) if log.shuffled or log.parquet else log

    def rows(self, name):
        return self.value(self.source(name).rows)

    def path(self, name):
        ending = "parquet" if LOGS[name].parquet else "csv"
        return self.folder / f"{name}-{self.rows(name)}.{ending}"

    def accounts(self, name):
        return self.folder / f"accounts-{self.value(self.source(name).numbers)}.csv"

    def need(self, name):
        """Makes a log unless it is there."""
        log, path = LOGS[name], self.path(name)
        if log.shuffled or log.parquet:
            self.need(log.shuffled or log.parquet)
        if not self.accounts(name).exists():
            self.write_accounts(name)
        if path.exists():
            return
        print(f"   making {path.name}", flush=True)
        growing = path.with_name("growing-" + path.name)
        if log.shuffled:
            subprocess.run([sys.executable, __file__, self.path(log.shuffled), growing], check=True)
        elif log.parquet:
            command = [self.tools["wabill"], "convert", self.path(log.parquet), "-o", growing, "--quiet"]
            subprocess.run(command, check=True)
        else:
            self.generate(log, growing)
        growing.rename(path)

    def generate(self, log, path):
        command = [self.tools["large_log"], "--rows", str(self.value(log.rows)), "--numbers", str(self.value(log.numbers))]
        for switch, value in zip(log.options[::2], log.options[1::2]):
            command += [switch, str(self.value(value))]
        with open(path, "wb") as file:
            subprocess.run(command, stdout=file, check=True)

    def write_accounts(self, name):
        with open(self.accounts(name), "w", encoding="ascii") as file:
            file.write("phone_number_id,waba_id,waba_timezone,currency\n")
            for number in range(self.value(self.source(name).numbers)):
                account = number // 100
                zone = ZONES[account % len(ZONES)]
                file.write(f"{10_000_000 + number},{20_000_000 + account},{zone},USD\n")

    def warm(self, name):
        """Reads a log once, so that no run pays for the disk."""
        with open(self.path(name), "rb", buffering=0) as file:
            while file.read(1 << 20):
                pass

    def drop(self, name):
        self.path(name).unlink(missing_ok=True)
        self.accounts(name).unlink(missing_ok=True)


def shuffle(source, target):
    """The rows in an order that is random and always the same."""
    with open(source, "rb") as file:
        header, *rows = file.readlines()
    random.Random(4).shuffle(rows)
    with open(target, "wb") as file:
        file.write(header)
        file.writelines(rows)


if __name__ == "__main__":
    shuffle(*sys.argv[1:])
