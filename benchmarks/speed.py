"""How fast the program is, and why: everything measured in one run, side by side.

    python benchmarks/speed.py                             all tables, some minutes
    python benchmarks/speed.py --quick                     smaller sizes, about half a minute
    python benchmarks/speed.py --json FILE                 the tables as JSON, too
    python benchmarks/speed.py --only engines --only parts these tables alone
    python benchmarks/speed.py --write docs/performance.md write them into the page

Nothing else should run on the machine meanwhile.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Callable, Iterator, Sequence
from functools import cached_property
from pathlib import Path

import cases
import yardstick
from machine import machine
from operations import FLOATING, KINDS, Counts, counted
from parts import PARTS, cost_of_parts, peak
from processes import processes
from rates import (
    against_actors,
    against_lanes,
    against_months,
    against_runs,
    against_sharing,
    against_threads,
    engines,
)
from tables import Cell, Table, as_data, as_text, write_into

PER_MILLION = 1_000_000


def limit(costs: Table, counts: Counts, most: float) -> Table:
    """Return operations of each part of a month, and the share of the machine's peak they reach.

    Args:
        costs: what :func:`parts.cost_of_parts` found.
        counts: what :func:`operations.counted` found for as many actors.
        most: additions and multiplications per second and core at the machine's peak.
    """
    time = {str(row[0]): float(row[1]) for row in costs.rows}  # type: ignore[arg-type]
    rows: list[tuple[Cell, ...]] = []
    for name in (*PARTS, "all"):
        of = _sum([counts[part] for part in PARTS]) if name == "all" else counts[name]
        floating = sum(of[kind] for kind in FLOATING)
        rate = floating / time[name]
        rows.append((name, *(round(of[kind]) for kind in KINDS), rate, 100 * rate * 1e9 / most))
    columns = ("part", *KINDS, "billion floating-point operations per second", "per cent of peak")
    title = f"Operations per world-month, 4 actors; peak {most / 1e9:.3g} billion a second and core"
    return Table("limit", title, columns, rows)


def _sum(counts: Sequence[dict[str, float]]) -> dict[str, float]:
    """Add up operations by kind."""
    return {kind: sum(part[kind] for part in counts) for kind in KINDS}


def growth(counts: dict[int, Counts]) -> Table:
    """Return all operations of a world-month by the number of actors."""
    rows: list[tuple[Cell, ...]] = []
    for actors, parts in counts.items():
        of = _sum(list(parts.values()))
        rows.append((actors, *(round(of[kind]) for kind in KINDS)))
    title = "Operations per world-month against actors"
    return Table("operations", title, ("actors", *KINDS), rows)


def million(rates: Table) -> Table:
    """Return how long a million runs take, from the measured rate of large ensembles."""
    rate = max(float(row[4]) for row in rates.rows)  # type: ignore[arg-type]
    rows: list[tuple[Cell, ...]] = [
        (months, 2 * months * PER_MILLION, 2 * months * PER_MILLION / rate)
        for months in (12, 24, 60, 120)
    ]
    columns = ("months of a run", "world-months, with twins", "seconds")
    title = "A million runs of 4 actors, worked out from the best rate of the table of runs"
    return Table("million", title, columns, rows)


class Measurements:
    """All tables, each measured when it is first asked for."""

    def __init__(self, quick: bool) -> None:
        """Say how much to measure."""
        self.quick = quick
        self.repetitions = 3 if quick else 9
        self.budget = 0.05 if quick else 0.3

    @cached_property
    def engines(self) -> Table:
        """Both engines."""
        return engines(self.repetitions, self.budget)

    @cached_property
    def parts(self) -> Table:
        """The parts of a month."""
        whole = 1e9 / float(self.engines.rows[0][3])  # type: ignore[arg-type]
        return cost_of_parts(cases.shipped(), whole, self.repetitions, 1000 if self.quick else 5000)

    @cached_property
    def counts(self) -> dict[int, Counts]:
        """Operations by number of actors."""
        return counted([3, 4] if self.quick else [3, 4, 6, 8, 12, 16])

    @cached_property
    def plain_c(self) -> list[Table]:
        """The kernel beside plain C, whole and in parts."""
        return yardstick.compare(4, self.repetitions, 1024 if self.quick else 16_384)

    @cached_property
    def runs(self) -> Table:
        """The number of runs."""
        return against_runs([10**power for power in range(5 if self.quick else 7)], 3)

    def months(self) -> Table:
        """The length of a run."""
        lengths = [6, 24] if self.quick else [6, 12, 24, 60, 120, 240]
        return against_months(lengths, self.repetitions, self.budget)

    def actors(self) -> Table:
        """The number of actors."""
        numbers = [2, 3, 4, 8] if self.quick else [2, 3, 4, 6, 8, 12, 16, 24, 32]
        return against_actors(numbers, self.repetitions, self.budget)

    def lanes(self) -> Table:
        """Lanes in a block."""
        numbers = [8, 64] if self.quick else [8, 16, 32, 64, 128, 256]
        return against_lanes(numbers, self.repetitions, self.budget)

    def tables(self) -> dict[str, Callable[[], Table]]:
        """Return what measures each table, by name, in the order of the page."""
        return {
            "machine": machine,
            "engines": lambda: self.engines,
            "parts": lambda: self.parts,
            "limit": lambda: limit(self.parts, self.counts[4], peak(self.repetitions)),
            "operations": lambda: growth(self.counts),
            "yardstick": lambda: self.plain_c[0],
            "yardstickparts": lambda: self.plain_c[1],
            "runs": lambda: self.runs,
            "million": lambda: million(self.runs),
            "months": self.months,
            "actors": self.actors,
            "lanes": self.lanes,
            "threads": lambda: against_threads(self.repetitions, self.budget),
            "sharing": lambda: against_sharing(512 if self.quick else 8 * 4096, 3),
            "processes": lambda: processes(3 if self.quick else 5, with_first_run=not self.quick),
        }


NEEDS_GCC = ("yardstick", "yardstickparts")


def measured(quick: bool, only: Sequence[str]) -> Iterator[Table]:
    """Yield tables one after the other: those named, or all that can be measured here."""
    for name, measure in Measurements(quick).tables().items():
        if (name in only) if only else (yardstick.has_compiler() or name not in NEEDS_GCC):
            yield measure()


def main(arguments: Sequence[str]) -> int:
    """Measure, print and write; return the exit code."""
    parser = argparse.ArgumentParser(description="Measure how fast alliancesim is.")
    parser.add_argument("--quick", action="store_true", help="smaller sizes, half a minute")
    parser.add_argument("--json", type=Path, metavar="FILE", help="also write the tables as JSON")
    parser.add_argument("--write", type=Path, metavar="PAGE", help="write the tables into a page")
    names = list(Measurements(quick=True).tables())
    parser.add_argument(
        "--only", action="append", choices=names, metavar="TABLE", help=f"one of {', '.join(names)}"
    )
    options = parser.parse_args(arguments)
    tables = []
    for table in measured(options.quick, options.only or ()):
        sys.stdout.write(f"{as_text(table)}\n\n")
        sys.stdout.flush()
        tables.append(table)
    if options.json is not None:
        options.json.write_text(json.dumps(as_data(tables), indent=1) + "\n", "utf-8")
    if options.write is not None:
        for name in write_into(options.write, tables):
            sys.stderr.write(f"{options.write} has no place for the table {name!r}\n")
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
