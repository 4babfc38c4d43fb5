"""Write the tables of docs/reliability.md from the record of what was tried.

python fuzz/page.py
"""

from __future__ import annotations

import csv
import sys
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "benchmarks"))

from tables import Table, write_into  # noqa: E402

PAGE = ROOT / "docs" / "reliability.md"
FAULTS = {
    "killed": "a sweep is killed outright (SIGKILL) at a random moment",
    "interrupted": "Ctrl-C in a sweep at a random moment",
    "full-disk": "the disk has room for 64 to 480 kB of a sweep, later for all of it",
    "read-only": "the sweep's folders become immutable in mid-sweep, later not",
    "small-files": "no file may grow beyond a random size: run, compare, explain, sweep",
    "rivals": "two processes, two seeds, one folder: run, compare, explain, sweep",
    "readers": "two processes write one report, while a third reads it",
}


def write(page: Path) -> None:
    """Write the tables into the page, anew."""
    missing = write_into(page, [_fuzzing(), _faults()])
    if missing:
        raise ValueError(f"{page} has no place for {missing}")


def _rows(name: str) -> Iterator[dict[str, str]]:
    """Yield the lines of a record."""
    with (ROOT / "fuzz" / name).open(encoding="utf-8", newline="") as stream:
        yield from csv.DictReader(stream)


def _fuzzing() -> Table:
    """Return what readers were fed, by reader and engine."""
    sums: dict[tuple[str, str], list[float]] = {}
    for row in _rows("record.csv"):
        found = sums.setdefault((row["target"], row["engine"]), [0, 0, 0, 0.0, 0])
        for place, column in enumerate(("inputs", "refused", "broken")):
            found[place] += int(row[column])
        found[3] += float(row["cpu_seconds"]) / 60
        found[4] = max(found[4], int(row["peak_mb"]))
    columns = (
        "reader", "engine", "inputs", "refused in words", "anything else",
        "minutes of one processor core", "most memory, MB",
    )  # fmt: skip
    rows = [(*key, *map(int, found[:3]), found[3], int(found[4])) for key, found in sums.items()]
    return Table("fuzzing", "What readers were fed", columns, sorted(rows))


def _faults() -> Table:
    """Return what was broken, how often, and what was lost."""
    rows = []
    for fault, what in FAULTS.items():
        found = [row for row in _rows("faults.csv") if row["fault"] == fault]
        if found:
            counts = ("trials", "struck", "in_words", "resumed_to_the_same", "lost")
            rows.append((what, *(sum(int(row[name]) for row in found) for name in counts)))
    columns = (
        "what was done", "trials", "fault fell in mid-work", "ended in words and the right code",
        "same numbers in the end", "lost or mixed",
    )  # fmt: skip
    return Table("faults", "What was broken", columns, rows)


if __name__ == "__main__":
    write(PAGE)
