"""Many runs at once: worlds and their twins on common shocks, in compiled blocks, on all cores.

The numbers are those of the Mesa model, bit for bit, whatever the number of threads and lanes. Only
which runs share a block, and which thread has it, is settled here: months pass in lanes, and what
the numbers say is for measures.
"""

from __future__ import annotations

import os
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from alliancesim.arrays import Array, Drivers, Pushes, State
from alliancesim.lanes.blocks import THE_ALLIANCE, Blocks, Kept, Wanted, run_blocks
from alliancesim.lanes.inputs import Alike, Mixed, Weighed, Worlds, mixed_lens, weighed_lens
from alliancesim.shocks import SHOCKED_STATES
from alliancesim.world import World

MOST_LANES = 192
"""Most runs in a block; more would not spread the cost of starting a loop any thinner."""

CACHE = 5 * 2**17
"""Bytes of one side's arrays that a block may fill: most of a usual second-level cache, 1 MiB."""

VECTOR = 8
"""Lanes are filled up to a multiple of this, the doubles in the widest vector in common use."""

FEWEST_LANES = 24
"""Few runs are shared out among threads in blocks no smaller than this; smaller ones cost more."""

FEWEST_ALIKE = 16
"""With fewer runs than this a world fills too little of a block, so many worlds share blocks."""

FEWEST_MIXED = 5_000
"""Runs of all worlds together from which sharing blocks pays for compiling the code that does."""

_STEPS_PER_TASK = 6_000_000
"""Third actors met in what a thread takes on at a time: a few hundredths of a second's work, so
that Ctrl-C is prompt and threads end together."""

Progress = Callable[[int], None]


class Pair(NamedTuple):
    """A world and its twin: the same actors and months, without the wedge."""

    world: World
    twin: World


class Series(NamedTuple):
    """What is followed month by month, or averaged over the last months of a run.

    ``variable`` is a field of ``State``; without ``of`` and ``toward`` it is ``cohesion``, averaged
    over the dyads of the alliance in question.
    """

    variable: str
    of: str | None = None
    toward: str | None = None


ALLIANCE = Series("cohesion")


def all_series(world: World) -> tuple[Series, ...]:
    """Return every variable of every ordered dyad, in the order of ``State`` and of the actors."""
    return tuple(
        Series(variable, of, toward)
        for variable in State._fields
        for of in world.actors
        for toward in world.actors
        if of != toward
    )


def late_means(
    pairs: Sequence[Pair],
    *,
    seed: int,
    run_numbers: Sequence[int] | NDArray[np.integer],
    series: Sequence[Series] = (ALLIANCE,),
    coefficients: Array | None = None,
    threads: int | None = None,
    progress: Progress | None = None,
) -> Array:
    """Return means over the last ``window`` months of each series, run by run.

    Args:
        pairs: worlds with their twins.
        seed: seed of the stream of shocks, 0 <= seed < 2**64.
        run_numbers: numbers of the runs that each pair makes; equal numbers meet equal shocks.
        series: what is averaged.
        coefficients: each run's own, instead of the worlds', shape (runs, coefficients).
        threads: number of threads; all cores if left out.
        progress: called with the number of runs finished, now and then.

    Returns:
        Shape (pairs, 2, runs, series): world, then twin.

    Raises:
        ValueError: if a series names what the worlds do not have.
    """
    numbers = np.asarray(run_numbers, dtype=np.uint64)
    out = np.empty((len(pairs), 2, numbers.size, len(series)))
    done = 0
    for places in _alike_in_shape(pairs):
        group = [pairs[place] for place in places]
        wanted = _wanted(group[0].world, averaged=series)
        rows = numbers.size * len(group)
        kept = Kept(np.empty((rows, 2, len(series))), np.empty((2, 0, 0, 0)))
        report = None if progress is None else _after(progress, done)
        _run(group, numbers, seed, wanted, kept, _weights(coefficients), threads, report)
        late = kept.late.reshape(len(group), numbers.size, 2, len(series))
        out[places] = np.moveaxis(late, 2, 1)
        done += rows
    return out


def _alike_in_shape(pairs: Sequence[Pair]) -> list[list[int]]:
    """Return places of pairs, grouped by what pairs of one stack must have in common."""
    groups: dict[tuple[object, ...], list[int]] = defaultdict(list)
    for place, pair in enumerate(pairs):
        groups[_shape(pair)].append(place)
    return list(groups.values())


def trajectories(
    pair: Pair,
    *,
    seed: int,
    run_numbers: Sequence[int] | NDArray[np.integer],
    series: Sequence[Series],
    coefficients: Array | None = None,
    threads: int | None = None,
    progress: Progress | None = None,
) -> Array:
    """Return series of a world and its twin, run by run and month by month.

    Args:
        pair: the world with its twin.
        seed: seed of the stream of shocks, 0 <= seed < 2**64.
        run_numbers: numbers of the runs.
        series: what is followed.
        coefficients: each run's own, instead of the worlds', shape (runs, coefficients).
        threads: number of threads; all cores if left out.
        progress: called with the number of runs finished, now and then.

    Returns:
        Shape (2, runs, months + 1, series): world, then twin; month 0 is the baseline.

    Raises:
        ValueError: if a series names what the world does not have.
    """
    numbers = np.asarray(run_numbers, dtype=np.uint64)
    paths = np.empty((2, numbers.size, pair.world.months + 1, len(series)))
    kept = Kept(np.empty((numbers.size, 2, 0)), paths)
    wanted = _wanted(pair.world, followed=series)
    _run([pair], numbers, seed, wanted, kept, _weights(coefficients), threads, progress)
    return paths


def paths_by_coefficients(
    world: World,
    coefficients: Array,
    *,
    seed: int,
    run_number: int,
    series: Sequence[Series],
    threads: int | None = None,
) -> Array:
    """Return series of one run of a world under many vectors of coefficients.

    No twin is run: half of the vectors are run in its place.

    Args:
        world: the world.
        coefficients: shape (vectors, coefficients).
        seed: seed of the stream of shocks, 0 <= seed < 2**64.
        run_number: number of the run; all vectors meet its shocks.
        series: what is followed.
        threads: number of threads; all cores if left out.

    Returns:
        Shape (vectors, months + 1, series); month 0 is the baseline.

    Raises:
        ValueError: if a series names what the world does not have.
    """
    vectors = len(coefficients)
    half = -(-vectors // 2)
    first, second = coefficients[:half], coefficients[vectors - half :]
    numbers = np.full(half, run_number, dtype=np.uint64)
    paths = np.empty((2, half, world.months + 1, len(series)))
    kept = Kept(np.empty((half, 2, 0)), paths)
    weights = (np.ascontiguousarray(first.T), np.ascontiguousarray(second.T))
    wanted = _wanted(world, followed=series)
    _run([Pair(world, world)], numbers, seed, wanted, kept, weights, threads, None)
    return np.concatenate([paths[0], paths[1, 2 * half - vectors :]])


_Weights = tuple[Array, Array] | None


def _weights(coefficients: Array | None) -> _Weights:
    """Return runs' own coefficients as the sides take them, shape (coefficients, runs) each."""
    if coefficients is None:
        return None
    table = np.ascontiguousarray(coefficients.T)
    return table, table


def _after(progress: Progress, done: int) -> Progress:
    """Return a progress callback that starts from the runs already done."""
    return lambda further: progress(done + further)


def _shape(pair: Pair) -> tuple[object, ...]:
    """Return what worlds must have in common to be run in one stack."""
    world, twin = pair
    return (
        world.actors,
        world.months,
        world.window,
        world.strategists.alliance.tobytes(),
        world.strategists.actor.tobytes(),
        twin.strategists.actor.tobytes(),
    )


def _wanted(
    world: World, averaged: Sequence[Series] = (), followed: Sequence[Series] = ()
) -> Wanted:
    """Return what is to be kept, by index.

    Raises:
        ValueError: if a series names what the world does not have.
    """

    def table(series: Sequence[Series]) -> NDArray[np.int64]:
        rows = [_index(world, wanted) for wanted in series]
        return np.array(rows, dtype=np.int64).reshape(len(rows), 3)

    return Wanted(table(averaged), table(followed), world.window)


def _index(world: World, wanted: Series) -> tuple[int, int, int]:
    """Return variable, of and toward of a series by index."""
    if wanted == ALLIANCE:
        return THE_ALLIANCE, 0, 0
    known = wanted.of in world.actors and wanted.toward in world.actors
    if wanted.variable not in State._fields or not known or wanted.of == wanted.toward:
        raise ValueError(f"no such series in this world: {wanted}")
    of, toward = world.actors.index(str(wanted.of)), world.actors.index(str(wanted.toward))
    return State._fields.index(wanted.variable), of, toward


def stacked(worlds: Sequence[World]) -> Worlds:
    """Return worlds of equal shape as one stack for compiled code."""
    first = worlds[0].strategists

    def stack(arrays: Sequence[Array]) -> Array:
        # Thrice as fast as np.stack for thousands of small arrays.
        joined = np.concatenate(arrays, dtype=np.float64)
        return joined.reshape(len(arrays), *arrays[0].shape)

    return Worlds(
        baseline=State(*map(stack, zip(*(world.baseline for world in worlds), strict=True))),
        drivers=Drivers(*map(stack, zip(*(world.drivers for world in worlds), strict=True))),
        pushes=Pushes(*map(stack, zip(*(world.pushes for world in worlds), strict=True))),
        escalate=stack([world.strategists.escalate for world in worlds]),
        coefficients=np.ascontiguousarray(stack([np.array(w.coefficients) for w in worlds]).T),
        actor=first.actor,
        alliance=first.alliance,
    )


def lanes_for(actors: int) -> int:
    """Return the most runs in a block, so that what a month touches stays in a core's cache."""
    rows = 2 * len(State._fields) + len(SHOCKED_STATES) + 4  # states, shocks, appeals
    lanes = CACHE // (8 * rows * actors**2)
    return min(max(lanes // VECTOR * VECTOR, VECTOR), MOST_LANES)


def are_alike(worlds: int, runs: int) -> bool:
    """Say whether each block should hold runs of one world only."""
    return runs >= FEWEST_ALIKE or worlds == 1 or worlds * runs < FEWEST_MIXED


def blocks_of(worlds: int, numbers: NDArray[np.uint64], *, alike: bool, lanes: int) -> Blocks:
    """Share runs out among blocks.

    Args:
        worlds: number of worlds; each makes all runs, and rows of the result go world by world.
        numbers: numbers of the runs.
        alike: whether each block holds runs of one world only.
        lanes: most runs in a block, a multiple of 8.

    Returns:
        The blocks.
    """
    runs = numbers.size
    stretch = runs if alike else worlds * runs
    count = max(1, -(-stretch // lanes))
    length = -(-stretch // count)
    begins = np.arange(count) * length
    first = (np.arange(worlds if alike else 1)[:, None] * stretch + begins).ravel()
    sizes = np.tile(np.minimum(stretch - begins, length), first.size // count)
    first, sizes = first[sizes > 0], sizes[sizes > 0]
    offsets = np.minimum(np.arange(-(-length // VECTOR) * VECTOR), sizes[:, None] - 1)
    row = first[:, None] + offsets
    return Blocks(
        places=np.ascontiguousarray(row // runs, dtype=np.int64),
        columns=np.ascontiguousarray(row % runs, dtype=np.int64),
        numbers=np.ascontiguousarray(numbers[row % runs]),
        first=first.astype(np.int64),
        size=sizes.astype(np.int64),
    )


def _run(
    pairs: Sequence[Pair],
    numbers: NDArray[np.uint64],
    seed: int,
    wanted: Wanted,
    kept: Kept,
    weights: _Weights,
    threads: int | None,
    progress: Progress | None,
) -> None:
    """Run pairs of equal shape and keep what is wanted, several blocks at a time."""
    if numbers.size == 0:
        return
    sides = stacked([pair.world for pair in pairs]), stacked([pair.twin for pair in pairs])
    alike = weights is not None or are_alike(len(pairs), numbers.size)
    keys, months = pairs[0].world.keys, pairs[0].world.months
    workers = threads or os.cpu_count() or 1
    share = -(-len(pairs) * numbers.size // workers)
    lanes = min(lanes_for(keys.size), max(FEWEST_LANES, -(-share // VECTOR) * VECTOR))
    blocks = blocks_of(len(pairs), numbers, alike=alike, lanes=lanes)
    lanes = blocks.numbers.shape[1]
    steps = 2 * months * lanes * keys.size**3
    step = max(1, min(_STEPS_PER_TASK // steps, blocks.first.size // (4 * workers)))

    def task(begin: int) -> int:
        end = min(begin + step, blocks.first.size)
        lenses = _lenses(sides, weights, alike, lanes)
        run_blocks(sides, lenses, blocks, begin, end, np.uint64(seed), keys, wanted, kept)
        return int(blocks.size[begin:end].sum())

    begins = range(0, blocks.first.size, step)
    done = 0
    alone = min(workers, len(begins)) == 1
    for runs in map(task, begins) if alone else _shared_out(task, begins, workers):
        done += runs
        if progress is not None:
            progress(done)


def _lenses(
    sides: tuple[Worlds, Worlds], weights: _Weights, alike: bool, lanes: int
) -> tuple[Alike | Weighed | Mixed, ...]:
    """Return how a task's blocks see each side."""
    if weights is not None:
        return tuple(weighed_lens(table, lanes) for table in weights)
    if alike:
        return Alike(), Alike()
    return tuple(mixed_lens(side, lanes) for side in sides)


def _shared_out(task: Callable[[int], int], begins: Sequence[int], workers: int) -> Iterator[int]:
    """Yield what tasks return, on several threads; Ctrl-C waits for those in flight."""
    waiting = iter(begins)
    with ThreadPoolExecutor(workers, thread_name_prefix="lanes") as pool:
        flying: set[Future[int]] = set()
        try:
            while True:
                for begin in waiting:
                    flying.add(pool.submit(task, begin))
                    if len(flying) > workers:
                        break
                if not flying:
                    return
                landed, flying = wait(flying, return_when=FIRST_COMPLETED)
                for future in landed:
                    yield future.result()
        finally:
            for future in flying:
                future.cancel()
