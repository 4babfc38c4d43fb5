"""Blocks of runs, from the baseline to the last month, and many blocks on many threads.

Which runs share a block, and how many threads there are, is not settled here but in batch; actions
are chosen in decisions and states moved in adjustments.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from alliancesim.arrays import Array, State, Strategists
from alliancesim.compilation import compiled, inlined, released
from alliancesim.lanes.access import write
from alliancesim.lanes.adjustments import adjust
from alliancesim.lanes.decisions import (
    Workroom,
    alliance_cohesion,
    decide,
    find_appeals,
)
from alliancesim.lanes.inputs import Sight, Worlds, see
from alliancesim.shocks import dyad_shocks

STATES = len(State._fields)
THE_ALLIANCE = -1
"""Stands for the mean cohesion of the alliance where a series names a variable."""


class Blocks(NamedTuple):
    """Which runs each block makes.

    ``places`` (blocks, lanes) holds each lane's world; ``columns`` (blocks, lanes) the place of its
    run among that world's, and ``numbers`` (blocks, lanes) the number of the run, which addresses
    its shocks; ``first`` and ``size`` (blocks,) say that lanes 0 to size - 1 are rows first,
    first + 1 ... of the result. Lanes beyond repeat others and are not kept.
    """

    places: NDArray[np.int64]
    columns: NDArray[np.int64]
    numbers: NDArray[np.uint64]
    first: NDArray[np.int64]
    size: NDArray[np.int64]


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
    """Room for one side, world or twin, of a block.

    ``states`` has shape (2, 9, actors, actors, lanes): even months, then odd ones, so that a month
    is read while the next is written. ``cohesion`` and ``cohesion_at_rest`` (lanes,) are the
    alliance's; ``sums`` (series, lanes) adds up what is averaged.
    """

    states: Array
    cohesion: Array
    cohesion_at_rest: Array
    sums: Array
    room: Workroom


@compiled
def new_course(actors: int, lanes: int, series: int) -> Course:
    """Return room for one side of a block."""
    square = (actors, actors, lanes)
    return Course(
        np.zeros((2, STATES, *square)),
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


@inlined
def state_of(array: Array) -> State:
    """Return the arrays of a state from one array, shape (9, actors, actors, lanes)."""
    return State(
        array[0], array[1], array[2], array[3], array[4], array[5], array[6], array[7], array[8]
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


@inlined
def set_out(course: Course, sight: Sight, alliance: NDArray[np.bool_]) -> None:
    """Set one side of a block at rest."""
    rest = course.states[0]
    for v in range(STATES):
        for i in range(rest.shape[1]):
            for j in range(rest.shape[2]):
                rest[v, i, j] = sight.baseline[v][i, j]
    state, room = state_of(rest), course.room
    find_appeals(state, sight.drivers, sight.coefficients, room, room.appeals_at_rest)
    alliance_cohesion(state.cohesion, alliance, course.cohesion)
    course.cohesion_at_rest[:] = course.cohesion
    course.sums[:] = 0.0


@inlined
def advance(
    course: Course, sight: Sight, strategists: Strategists, shocks: Array, month: int
) -> None:
    """Advance one side of a block to the end of a month."""
    before, after = state_of(course.states[(month + 1) % 2]), state_of(course.states[month % 2])
    decide(
        before,
        sight.baseline,
        sight.drivers,
        sight.coefficients,
        sight.pushes,
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
    adjust(
        acted,
        sight.baseline,
        sight.drivers,
        sight.coefficients,
        sight.pushes.stirred,
        shocks,
        course.room,
        after,
    )
    alliance_cohesion(after.cohesion, strategists.alliance, course.cohesion)


@compiled
def keep(
    course: Course, wanted: Wanted, month: int, months: int, late: Array, paths: Array
) -> None:
    """Keep of one side's month what is wanted.

    Args:
        course: the side.
        wanted: what is kept.
        month: the month.
        months: the last month.
        late: where late means go in the last month, shape (size, series).
        paths: where the month goes, shape (size, months + 1, series), or with a size of 0.
    """
    state = course.states[month % 2]
    if month > months - wanted.window:
        for s in range(wanted.averaged.shape[0]):
            v, i, j = wanted.averaged[s]
            values = course.cohesion if v == THE_ALLIANCE else state[v, i, j]
            for lane in range(values.size):
                course.sums[s, lane] += values[lane]
            if month == months:
                for lane in range(late.shape[0]):
                    late[lane, s] = course.sums[s, lane] / wanted.window
    if paths.shape[0] > 0:
        for s in range(wanted.followed.shape[0]):
            v, i, j = wanted.followed[s]
            values = course.cohesion if v == THE_ALLIANCE else state[v, i, j]
            for lane in range(paths.shape[0]):
                paths[lane, month, s] = values[lane]


@released
def run_blocks(
    sides: tuple[Worlds, Worlds],
    lenses: Any,
    blocks: Blocks,
    begin: int,
    end: int,
    seed: np.uint64,
    keys: NDArray[np.uint64],
    wanted: Wanted,
    kept: Kept,
) -> None:
    """Run blocks ``begin`` to ``end - 1``; several threads may do so side by side.

    Args:
        sides: worlds, and their twins in the same order.
        lenses: how a block's lanes see each side, as :func:`see` takes them.
        blocks: which runs each block makes.
        begin: first block to run.
        end: one beyond the last.
        seed: seed of the stream of shocks.
        keys: keys of the actors in that stream, shape (actors,).
        wanted: what to keep.
        kept: where it goes.
    """
    actors, lanes, series = keys.size, blocks.numbers.shape[1], wanted.averaged.shape[0]
    courses = (new_course(actors, lanes, series), new_course(actors, lanes, series))
    shocks = np.zeros((actors, actors, 4, lanes))
    months = sides[0].drivers.hazard.shape[1] - 1
    for b in range(begin, end):
        places, columns, numbers = blocks.places[b], blocks.columns[b], blocks.numbers[b]
        first, last = blocks.first[b], blocks.first[b] + blocks.size[b]
        for month in range(months + 1):
            if month > 0:
                draw(seed, numbers, month, keys, shocks)
            for side in range(2):
                worlds, course = sides[side], courses[side]
                sight = see(lenses[side], worlds, places, columns, month)
                if month == 0:
                    set_out(course, sight, worlds.alliance)
                else:
                    strategists = Strategists(worlds.actor, sight.escalate, worlds.alliance)
                    advance(course, sight, strategists, shocks, month)
                late, paths = kept.late[first:last, side], kept.paths[side, first:last]
                keep(course, wanted, month, months, late, paths)
