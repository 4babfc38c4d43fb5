"""How fast runs are made: by both engines, and against every quantity that a user may choose."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from functools import partial
from unittest import mock

import cases
from clock import Spent, side_by_side
from tables import Cell, Table

from alliancesim import batch
from alliancesim.batch import Pair
from alliancesim.ensemble import simulate

BUDGET = 0.15
"""Seconds that one measurement should take."""

_GUESS = 2e-9
"""Seconds of processor time per world-month and actor cubed, to choose how much to measure."""


def make(pairs: Sequence[Pair], runs: int, threads: int = 1) -> None:
    """Make runs of every pair with the batch kernel, keeping late means only."""
    batch.late_means(pairs, seed=1, run_numbers=range(runs), threads=threads)


def months_of(pairs: Sequence[Pair], runs: int) -> int:
    """Return the world-months of so many runs of every pair, twins included."""
    return 2 * runs * sum(pair.world.months for pair in pairs)


def enough_runs(pair: Pair, budget: float, unit: int = 128) -> int:
    """Return a number of runs that should take about ``budget`` seconds."""
    each = 2 * pair.world.months * len(pair.world.actors) ** 3 * _GUESS
    return max(1, int(budget / each / unit)) * unit


def engines(repetitions: int, budget: float = BUDGET) -> Table:
    """Compare the batch kernel, on one thread and on all, with the Mesa model, on one case."""
    pair, threads = cases.shipped(), os.cpu_count() or 1
    runs = enough_runs(pair, 4 * budget)
    few = max(1, int(budget / 0.04))
    functions: dict[str, Callable[[], object]] = {
        "batch, 1 thread": partial(make, [pair], runs),
        f"batch, {threads} threads": partial(make, [pair], runs, threads),
        "Mesa, tables not collected": partial(simulate, *pair, runs=few, seed=1, engine="mesa"),
    }
    spent = side_by_side(functions, repetitions)
    rows: list[tuple[Cell, ...]] = []
    slow = months_of([pair], few) / spent["Mesa, tables not collected"].wall
    for name, times in spent.items():
        made = few if name.startswith("Mesa") else runs
        rate = months_of([pair], made) / times.wall
        by_processor = months_of([pair], made) / times.processor
        rows.append((name, made, rate, by_processor, rate / slow))
    columns = (
        "engine",
        "runs",
        "world-months per second",
        "world-months per second of processor",
        "times Mesa",
    )
    title = f"Both engines on {cases.SHIPPED}: 4 actors, {pair.world.months} months, with twins"
    return Table("engines", title, columns, rows)


def _costs(
    name: str,
    title: str,
    column: str,
    settings: dict[Cell, tuple[Callable[[], object], int]],
    repetitions: int,
    by_wall: bool = False,
) -> Table:
    """Return the table of a sweep: time of a call and per world-month, by setting.

    Args:
        name: the table's place.
        title: what it shows.
        column: what is varied.
        settings: by value, what to time and how many world-months it makes.
        repetitions: number of measurements.
        by_wall: whether the clock on the wall is meant, not the processor's.
    """
    functions = {str(value): function for value, (function, _) in settings.items()}
    spent = side_by_side(functions, repetitions)
    rows: list[tuple[Cell, ...]] = []
    for value, (_, months) in settings.items():
        times: Spent = spent[str(value)]
        taken = times.wall if by_wall else times.processor
        rows.append((value, months, taken, taken / months * 1e9, months / taken))
    columns = (
        column,
        "world-months",
        "seconds" if by_wall else "seconds of processor",
        "ns per world-month",
        "world-months per second",
    )
    return Table(name, title, columns, rows)


def against_runs(counts: Sequence[int], repetitions: int) -> Table:
    """Vary the number of runs, all threads."""
    pair, threads = cases.shipped(), os.cpu_count() or 1
    settings: dict[Cell, tuple[Callable[[], object], int]] = {
        runs: (partial(make, [pair], runs, threads), months_of([pair], runs)) for runs in counts
    }
    title = f"Cost against runs ({cases.SHIPPED}, {threads} threads, wall clock)"
    return _costs("runs", title, "runs", settings, repetitions, by_wall=True)


def against_months(lengths: Sequence[int], repetitions: int, budget: float = BUDGET) -> Table:
    """Vary the length of a run, one thread."""
    settings: dict[Cell, tuple[Callable[[], object], int]] = {}
    for months in lengths:
        pair = cases.shipped(months)
        runs = enough_runs(pair, budget)
        settings[months] = (partial(make, [pair], runs), months_of([pair], runs))
    title = "Cost against months (one thread)"
    return _costs("months", title, "months", settings, repetitions)


def against_actors(numbers: Sequence[int], repetitions: int, budget: float = BUDGET) -> Table:
    """Vary the number of actors in made-up worlds where everybody deals with everybody."""
    settings: dict[Cell, tuple[Callable[[], object], int]] = {}
    for actors in numbers:
        pair = cases.made_up(actors)
        runs = enough_runs(pair, budget, batch.lanes_for(actors))
        settings[actors] = (partial(make, [pair], runs), months_of([pair], runs))
    table = _costs(
        "actors",
        "Cost against actors (made-up worlds, one thread)",
        "actors",
        settings,
        repetitions,
    )
    per_triad = [
        (*row, float(row[3]) / _triads(int(row[0])))  # type: ignore[arg-type]
        for row in table.rows
    ]
    columns = (*table.columns, "ns per dyad and third actor")
    return table._replace(columns=columns, rows=per_triad)


def _triads(actors: int) -> int:
    """Return ordered dyads times third actors, at least one each."""
    return actors * (actors - 1) * max(1, actors - 2)


def against_lanes(numbers: Sequence[int], repetitions: int, budget: float = BUDGET) -> Table:
    """Vary the number of lanes in a block, one thread."""
    pair = cases.shipped()
    runs = enough_runs(pair, budget, max(numbers))

    def with_lanes(lanes: int) -> None:
        with mock.patch.object(batch, "lanes_for", return_value=lanes):
            make([pair], runs)

    settings: dict[Cell, tuple[Callable[[], object], int]] = {
        lanes: (partial(with_lanes, lanes), months_of([pair], runs)) for lanes in numbers
    }
    chosen = batch.lanes_for(len(pair.world.actors))
    title = f"Cost against lanes in a block (4 actors, one thread; the kernel takes {chosen})"
    return _costs("lanes", title, "lanes", settings, repetitions)


def against_threads(repetitions: int, budget: float = BUDGET) -> Table:
    """Vary the number of threads."""
    pair = cases.shipped()
    runs = enough_runs(pair, 4 * budget)
    settings: dict[Cell, tuple[Callable[[], object], int]] = {
        threads: (partial(make, [pair], runs, threads), months_of([pair], runs))
        for threads in range(1, (os.cpu_count() or 1) + 1)
    }
    title = f"Cost against threads ({cases.SHIPPED}, wall clock)"
    return _costs("threads", title, "threads", settings, repetitions, by_wall=True)


def against_sharing(total: int, repetitions: int) -> Table:
    """Make the same number of runs of few worlds with many replicates, and the other way round."""
    pair = cases.shipped()
    settings: dict[Cell, tuple[Callable[[], object], int]] = {}
    worlds = 1
    while worlds <= total:
        pairs, runs = cases.other_worlds(pair, worlds), total // worlds
        blocks = "alike" if batch.are_alike(worlds, runs) else "mixed"
        name = f"{worlds:,} x {runs:,} ({blocks})"
        settings[name] = (partial(make, pairs, runs), months_of(pairs, runs))
        worlds *= 8
    title = "Cost against worlds x replicates, and whether blocks hold one world or several"
    return _costs("sharing", title, "worlds x replicates", settings, repetitions)
