"""The parts of a month, each many times over in compiled code, and the machine's peak.

This file and operations.py are the only benchmarks that know the inside of ``alliancesim.lanes``.
"""

from __future__ import annotations

import numpy as np
from clock import Spent, side_by_side
from numpy.typing import NDArray
from tables import Table

from alliancesim.arrays import State, Strategists
from alliancesim.batch import Pair, lanes_for
from alliancesim.compilation import compiled, released
from alliancesim.lanes.adjustments import adjust
from alliancesim.lanes.blocks import draw, new_course, set_out, state_of
from alliancesim.lanes.decisions import decide
from alliancesim.lanes.inputs import Sight
from alliancesim.world import World

PARTS = ("normals", "decisions", "adjustment")
"""What a month consists of, in this order; normals are drawn once for world and twin."""

_PEAK_LANES = 512
CHAIN = 4
"""Multiplications, and as many additions, between a load and a store in the loop for the peak."""


def sight_of(world: World, month: int) -> Sight:
    """Return the inputs of one month of a world as a block sees them."""
    return Sight(
        world.baseline,
        world.drivers_in(month),
        world.pushes_in(month),
        world.strategists.escalate,
        world.coefficients,
    )


@compiled
def repeat_part(
    part: int,
    times: int,
    rest: Sight,
    sight: Sight,
    strategists: Strategists,
    numbers: NDArray[np.uint64],
    seed: np.uint64,
    keys: NDArray[np.uint64],
) -> None:
    """Repeat one part of ``PARTS`` for all lanes on the same numbers, the month after rest."""
    course = new_course(keys.size, numbers.size, 0)
    shocks = np.zeros((keys.size, keys.size, 4, numbers.size))
    set_out(course, rest, strategists.alliance)
    before, after = state_of(course.states[0]), state_of(course.states[1])
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
    for repetition in range(times):
        if part == 0 or repetition == 0:
            draw(seed, numbers, repetition + 1, keys, shocks)
        if part == 1 or repetition == 0:
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
        if part == 2:
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


def repeated(pair: Pair, part: int, times: int, lanes: int | None = None) -> None:
    """Repeat one part of the last month of a world's run, the state being at rest."""
    world = pair.world
    numbers = np.arange(lanes or lanes_for(len(world.actors)), dtype=np.uint64)
    rest, sight = sight_of(world, 0), sight_of(world, world.months)
    repeat_part(part, times, rest, sight, world.strategists, numbers, np.uint64(1), world.keys)


@released
def multiply_and_add(row: NDArray[np.float64], times: int) -> None:
    """Multiply and add along a row that stays in registers or the first cache."""
    for _ in range(times):
        for place in range(row.size):
            x = row[place]
            for _ in range(CHAIN):
                x = x * 0.999999 + 0.000001
            row[place] = x


def peak(repetitions: int, times: int = 20_000) -> float:
    """Return additions and multiplications per second and core of exact, vectorised arithmetic."""
    row = np.ones(_PEAK_LANES)
    found = side_by_side({"peak": lambda: multiply_and_add(row, times)}, repetitions)
    return 2 * CHAIN * row.size * times / found["peak"].processor


def nanoseconds(spent: Spent, part: int, lane_months: int) -> float:
    """Return processor time per world-month; normals serve two worlds."""
    return spent.processor / lane_months * 1e9 / (2 if part == 0 else 1)


def cost_of_parts(pair: Pair, whole: float, repetitions: int, times: int) -> Table:
    """Return what each part of a month costs.

    Args:
        pair: the world; the part is run in its last month, with the state at rest.
        whole: nanoseconds per world-month of whole runs on one thread, all in all.
        repetitions: number of measurements.
        times: how often a part is run in each of them.
    """
    spent = side_by_side(
        {
            name: (lambda part=part: repeated(pair, part, times))  # type: ignore[misc]
            for part, name in enumerate(PARTS)
        },
        repetitions,
    )
    lane_months = times * lanes_for(len(pair.world.actors))
    costs = [nanoseconds(spent[name], part, lane_months) for part, name in enumerate(PARTS)]
    rows: list[tuple[str | float | None, ...]] = [
        (name, cost, 100 * cost / whole) for name, cost in zip(PARTS, costs, strict=True)
    ]
    rows.append(
        ("the rest, and waiting for memory", whole - sum(costs), 100 - 100 * sum(costs) / whole)
    )
    rows.append(("all", whole, 100.0))
    title = "Cost of the parts of a month (one thread, processor time)"
    return Table("parts", title, ("part", "ns per world-month", "per cent"), rows)
