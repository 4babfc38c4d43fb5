"""Blocks of runs, from the baseline to the last month, and many blocks on many threads."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from alliancesim.arrays import Array, State, Strategists
from alliancesim.compilation import compiled, released
from alliancesim.lanes.access import write
from alliancesim.lanes.adjustments import adjust
from alliancesim.lanes.decisions import (
    Workroom,
    alliance_cohesion,
    decide,
    find_appeals,
)
from alliancesim.lanes.inputs import Alike, Worlds, mixed_lens, see
from alliancesim.shocks import dyad_shocks

STATES = len(State._fields)
THE_ALLIANCE = -1
"""Stands for the mean cohesion of the alliance where a series names a variable."""


class Blocks(NamedTuple):
    """Which runs each block makes.

    ``places`` (blocks, lanes) holds each lane's world; ``numbers`` (blocks, lanes) the number of
    its run, which addresses its shocks; ``first`` and ``size`` (blocks,) say that lanes 0 to
    size - 1 are rows first, first + 1 ... of the result. Lanes beyond repeat others and are not
    kept. ``alike`` (blocks,) says that all lanes have the same world.
    """

    places: NDArray[np.int64]
    numbers: NDArray[np.uint64]
    first: NDArray[np.int64]
    size: NDArray[np.int64]
    alike: NDArray[np.bool_]


class Wanted(NamedTuple):
    """What is kept of each run.

    Rows of three hold variable, of and toward: ``averaged`` (series, 3) of what is averaged over
    the last ``window`` months, ``followed`` (series, 3) of what is kept month by month.
    """

    averaged: NDArray[np.int64]
    followed: NDArray[np.int64]
    window: int


class Kept(NamedTuple):
    """What was kept: ``late`` (rows, 2, series) and ``paths`` (2, rows, months + 1, series)."""

    late: Array
    paths: Array


class Course(NamedTuple):
    """The state of one side, world or twin, of a block: last month's, this month's, and rows.

    ``before`` and ``after`` have shape (9, actors, actors, lanes); ``cohesion`` and
    ``cohesion_at_rest`` (lanes,) are the alliance's; ``sums`` (series, lanes).
    """

    before: Array
    after: Array
    cohesion: Array
    cohesion_at_rest: Array
    sums: Array
    room: Workroom


@compiled
def state_of(array: Array) -> State:
    """Return the arrays of a state from one array, shape (9, actors, actors, lanes)."""
    return State(
        array[0], array[1], array[2], array[3], array[4], array[5], array[6], array[7], array[8]
    )


@compiled
def new_course(actors: int, lanes: int, series: int) -> Course:
    """Return room for one side of a block."""
    square = (actors, actors, lanes)
    return Course(
        np.zeros((STATES, *square)),
        np.zeros((STATES, *square)),
        np.zeros(lanes),
        np.zeros(lanes),
        np.zeros((series, lanes)),
        Workroom(
            np.zeros((actors, lanes)),
            np.zeros((actors, lanes)),
            np.zeros((6, lanes)),
            np.zeros((2, *square)),
            np.zeros((2, *square)),
        ),
    )


@compiled
def draw(
    seed: np.uint64,
    numbers: NDArray[np.uint64],
    month: int,
    keys: NDArray[np.uint64],
    shocks: Array,
) -> None:
    """Fill in the shocks of all dyads in one month, shape (actors, actors, 4, lanes)."""
    now = np.uint64(month)
    for i in range(keys.size):
        for j in range(keys.size):
            if j != i:
                of, toward = keys[i], keys[j]
                opinion, threat = shocks[i, j, 0], shocks[i, j, 1]
                confidence, grievance = shocks[i, j, 2], shocks[i, j, 3]
                for lane in range(numbers.size):
                    drawn = dyad_shocks(seed, numbers[lane], now, of, toward)
                    write(opinion, lane, drawn[0])
                    write(threat, lane, drawn[1])
                    write(confidence, lane, drawn[2])
                    write(grievance, lane, drawn[3])


@compiled
def set_out(course: Course, baseline: State, drivers: Any, c: Any, alliance: Any) -> None:
    """Set one side of a block at rest."""
    for v in range(STATES):
        for i in range(course.before.shape[1]):
            for j in range(course.before.shape[2]):
                course.before[v, i, j] = baseline[v][i, j]
    course.sums[:] = 0.0
    state = state_of(course.before)
    find_appeals(state, drivers, c, course.room, course.room.appeals_at_rest)
    alliance_cohesion(state.cohesion, alliance, course.cohesion)
    course.cohesion_at_rest[:] = course.cohesion


@compiled
def advance(
    course: Course,
    baseline: State,
    drivers: Any,
    c: Any,
    pushes: Any,
    strategists: Strategists,
    shocks: Array,
) -> Course:
    """Advance one side of a block by a month and return it with before and after exchanged."""
    before, after = state_of(course.before), state_of(course.after)
    decide(
        before,
        baseline,
        drivers,
        c,
        pushes,
        strategists,
        course.cohesion,
        course.cohesion_at_rest,
        course.room,
        after,
    )
    acted = State(
        after.cooperation,
        after.pressure,
        before.opinion,
        before.threat,
        before.dependence,
        before.grievance,
        before.confidence,
        before.suspicion,
        before.cohesion,
    )
    adjust(acted, baseline, drivers, c, pushes.stirred, shocks, course.room, after)
    alliance_cohesion(after.cohesion, strategists.alliance, course.cohesion)
    return Course(
        course.after,
        course.before,
        course.cohesion,
        course.cohesion_at_rest,
        course.sums,
        course.room,
    )


@compiled
def values_of(course: Course, series: NDArray[np.int64]) -> Array:
    """Return what one side has of a series this month, shape (lanes,)."""
    v, i, j = series
    return course.cohesion if v == THE_ALLIANCE else course.before[v, i, j]


@compiled
def keep_month(course: Course, wanted: Wanted, late: bool, month: int, paths: Array) -> None:
    """Keep of one side's month what is wanted; ``paths`` has shape (size, months + 1, series)."""
    if late:
        for s in range(wanted.averaged.shape[0]):
            values = values_of(course, wanted.averaged[s])
            for lane in range(values.size):
                course.sums[s, lane] += values[lane]
    if paths.shape[0] > 0:
        for s in range(wanted.followed.shape[0]):
            values = values_of(course, wanted.followed[s])
            for lane in range(paths.shape[0]):
                paths[lane, month, s] = values[lane]


@compiled
def keep_late(course: Course, window: int, rows: Array) -> None:
    """Keep one side's late means; ``rows`` has shape (size, series)."""
    for lane in range(rows.shape[0]):
        for s in range(rows.shape[1]):
            rows[lane, s] = course.sums[s, lane] / window


@compiled
def run_month(course: Course, lens: Any, worlds: Worlds, month: int, shocks: Array) -> Course:
    """Set out (month 0) or advance one side of a block, and return it."""
    sight = see(lens, worlds, month)
    if month == 0:
        set_out(course, sight.baseline, sight.drivers, sight.coefficients, worlds.alliance)
        return course
    strategists = Strategists(worlds.actor, sight.escalate, worlds.alliance)
    return advance(
        course,
        sight.baseline,
        sight.drivers,
        sight.coefficients,
        sight.pushes,
        strategists,
        shocks,
    )


@compiled
def run_block(
    worlds: Worlds,
    twins: Worlds,
    lens: Any,
    lens_of_twin: Any,
    numbers: NDArray[np.uint64],
    seed: np.uint64,
    keys: NDArray[np.uint64],
    wanted: Wanted,
    late: Array,
    paths: Array,
) -> None:
    """Run one block of worlds and twins on common shocks and keep what is wanted of it.

    Args:
        worlds: the worlds.
        twins: their twins, in the same order.
        lens: how the block's lanes see ``worlds``.
        lens_of_twin: how they see ``twins``.
        numbers: number of each lane's run, shape (lanes,).
        seed: seed of the stream of shocks.
        keys: keys of the actors in that stream, shape (actors,).
        wanted: what to keep.
        late: where late means go, shape (size, 2, series).
        paths: where trajectories go, shape (2, size, months + 1, series), or with a size of 0.
    """
    actors, lanes, series = keys.size, numbers.size, wanted.averaged.shape[0]
    world, twin = new_course(actors, lanes, series), new_course(actors, lanes, series)
    shocks = np.zeros((actors, actors, 4, lanes))
    months = worlds.drivers.hazard.shape[1] - 1
    for month in range(months + 1):
        if month > 0:
            draw(seed, numbers, month, keys, shocks)
        world = run_month(world, lens, worlds, month, shocks)
        twin = run_month(twin, lens_of_twin, twins, month, shocks)
        is_late = month > months - wanted.window
        keep_month(world, wanted, is_late, month, paths[0])
        keep_month(twin, wanted, is_late, month, paths[1])
    keep_late(world, wanted.window, late[:, 0])
    keep_late(twin, wanted.window, late[:, 1])


@compiled
def run_one(
    worlds: Worlds,
    twins: Worlds,
    blocks: Blocks,
    b: int,
    seed: np.uint64,
    keys: NDArray[np.uint64],
    wanted: Wanted,
    kept: Kept,
) -> None:
    """Run one of many blocks."""
    places, numbers = blocks.places[b], blocks.numbers[b]
    first, last = blocks.first[b], blocks.first[b] + blocks.size[b]
    late = kept.late[first:last]
    paths = kept.paths[:, first:last]
    if blocks.alike[b]:
        lens = Alike(places[0])
        run_block(worlds, twins, lens, lens, numbers, seed, keys, wanted, late, paths)
    else:
        mixed, mixed_twin = mixed_lens(worlds, places), mixed_lens(twins, places)
        run_block(worlds, twins, mixed, mixed_twin, numbers, seed, keys, wanted, late, paths)


@released
def run_blocks(
    worlds: Worlds,
    twins: Worlds,
    blocks: Blocks,
    begin: int,
    end: int,
    seed: np.uint64,
    keys: NDArray[np.uint64],
    wanted: Wanted,
    kept: Kept,
) -> None:
    """Run blocks ``begin`` to ``end - 1``; several threads may do so side by side."""
    for b in range(begin, end):
        run_one(worlds, twins, blocks, b, seed, keys, wanted, kept)
