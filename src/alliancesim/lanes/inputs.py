"""The inputs of many worlds, stacked, and how a block of runs sees them.

Runs of one world share its inputs, which stay plain numbers in every loop over lanes. Runs of
different worlds get a copy with a last axis of lanes. The loops are the same for both.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numba.extending import overload
from numpy.typing import NDArray

from alliancesim.arrays import Array, Drivers, Pushes, State
from alliancesim.compilation import compiled
from alliancesim.lanes.access import coefficients_at


class Worlds(NamedTuple):
    """Worlds of equal shape, one after another.

    ``baseline`` holds arrays of shape (worlds, actors, actors); ``drivers`` and ``pushes`` those
    of :mod:`alliancesim.arrays` with leading axes (worlds, months + 1); ``escalate`` has shape
    (worlds, strategies), ``coefficients`` (coefficients, worlds). All worlds have the same
    strategists, ``actor`` of shape (strategies,), and the same alliance, (actors, actors).
    """

    baseline: State
    drivers: Drivers
    pushes: Pushes
    escalate: Array
    coefficients: Array
    actor: NDArray[np.int64]
    alliance: NDArray[np.bool_]


class Alike(NamedTuple):
    """The lens of a block whose lanes all have the same world: its place in the stack."""

    place: int


class Mixed(NamedTuple):
    """The lens of a block whose lanes have different worlds: their places, and room for copies."""

    places: NDArray[np.int64]
    baseline: State
    drivers: Drivers
    pushes: Pushes
    escalate: Array
    coefficients: Array


class Sight(NamedTuple):
    """Inputs of one month as a block sees them: shared numbers, or with a last axis of lanes."""

    baseline: State
    drivers: Drivers
    pushes: Pushes
    escalate: Array
    coefficients: Any


@compiled
def baseline_of(worlds: Worlds, place: int) -> State:
    """Return the baseline of one world."""
    b = worlds.baseline
    return State(
        b.cooperation[place],
        b.pressure[place],
        b.opinion[place],
        b.threat[place],
        b.dependence[place],
        b.grievance[place],
        b.confidence[place],
        b.suspicion[place],
        b.cohesion[place],
    )


@compiled
def drivers_of(drivers: Drivers, place: int, month: int) -> Drivers:
    """Return the drivers of one world in one month."""
    return Drivers(
        drivers.pragmatism[place, month],
        drivers.hazard[place, month],
        drivers.brokerage[place, month],
        drivers.visibility[place, month],
        drivers.commitment[place, month],
        drivers.mediation[place, month],
        drivers.likeness[place, month],
    )


@compiled
def pushes_of(pushes: Pushes, place: int, month: int) -> Pushes:
    """Return the pushes of one world in one month."""
    return Pushes(
        pushes.raised[place, month],
        pushes.lowered[place, month],
        pushes.courted[place, month],
        pushes.pressed[place, month],
        pushes.stirred[place, month],
    )


@compiled
def room_for_baseline(actors: int, lanes: int) -> State:
    """Return an empty baseline with a last axis of lanes."""
    b = np.empty((9, actors, actors, lanes))
    return State(b[0], b[1], b[2], b[3], b[4], b[5], b[6], b[7], b[8])


@compiled
def room_for_drivers(actors: int, lanes: int) -> Drivers:
    """Return empty drivers of one month with a last axis of lanes."""
    single = np.empty((4, actors, lanes))
    double = np.empty((3, actors, actors, lanes))
    return Drivers(single[0], single[1], single[2], single[3], double[0], double[1], double[2])


@compiled
def room_for_pushes(actors: int, strategies: int, lanes: int) -> Pushes:
    """Return empty pushes of one month with a last axis of lanes."""
    return Pushes(
        np.empty((2, actors, actors, lanes)),
        np.empty((2, actors, actors, lanes)),
        np.empty((strategies, actors, lanes)),
        np.empty((strategies, actors, lanes)),
        np.empty((4, actors, actors, lanes)),
    )


@compiled
def spread(source: Array, place: int, out: Array, lane: int) -> None:
    """Copy the inputs of one world into one lane."""
    values, lanes = source[place].ravel(), out.shape[-1]
    flat = out.ravel()
    for k in range(values.size):
        flat[k * lanes + lane] = values[k]


@compiled
def spread_month(source: Array, place: int, month: int, out: Array, lane: int) -> None:
    """Copy one month's inputs of one world into one lane."""
    values, lanes = source[place, month].ravel(), out.shape[-1]
    flat = out.ravel()
    for k in range(values.size):
        flat[k * lanes + lane] = values[k]


@compiled
def spread_world(
    worlds: Worlds, places: NDArray[np.int64], baseline: State, escalate: Array, c: Array
) -> None:
    """Fill in baseline, reactions and coefficients of each lane's world."""
    for lane in range(places.size):
        place = places[lane]
        for v in range(9):
            spread(worlds.baseline[v], place, baseline[v], lane)
        for s in range(escalate.shape[0]):
            escalate[s, lane] = worlds.escalate[place, s]
        for m in range(c.shape[0]):
            c[m, lane] = worlds.coefficients[m, place]


@compiled
def spread_inputs(
    worlds: Worlds, places: NDArray[np.int64], month: int, drivers: Drivers, pushes: Pushes
) -> None:
    """Fill in one month's drivers and pushes of each lane's world."""
    for lane in range(places.size):
        place = places[lane]
        spread_month(worlds.drivers.pragmatism, place, month, drivers.pragmatism, lane)
        spread_month(worlds.drivers.hazard, place, month, drivers.hazard, lane)
        spread_month(worlds.drivers.brokerage, place, month, drivers.brokerage, lane)
        spread_month(worlds.drivers.visibility, place, month, drivers.visibility, lane)
        spread_month(worlds.drivers.commitment, place, month, drivers.commitment, lane)
        spread_month(worlds.drivers.mediation, place, month, drivers.mediation, lane)
        spread_month(worlds.drivers.likeness, place, month, drivers.likeness, lane)
        spread_month(worlds.pushes.raised, place, month, pushes.raised, lane)
        spread_month(worlds.pushes.lowered, place, month, pushes.lowered, lane)
        spread_month(worlds.pushes.courted, place, month, pushes.courted, lane)
        spread_month(worlds.pushes.pressed, place, month, pushes.pressed, lane)
        spread_month(worlds.pushes.stirred, place, month, pushes.stirred, lane)


@compiled
def mixed_lens(worlds: Worlds, places: NDArray[np.int64]) -> Mixed:
    """Return the lens of a block whose lanes have different worlds."""
    actors, lanes = worlds.alliance.shape[0], places.size
    strategies = worlds.actor.size
    return Mixed(
        places,
        room_for_baseline(actors, lanes),
        room_for_drivers(actors, lanes),
        room_for_pushes(actors, strategies, lanes),
        np.empty((strategies, lanes)),
        np.empty((worlds.coefficients.shape[0], lanes)),
    )


def see(lens: Any, worlds: Worlds, month: int) -> Sight:
    """Return the inputs of one month through a lens; months are asked for in order, from 0."""
    raise TypeError("for compiled code only")


@overload(see)
def _see(lens: Any, worlds: Any, month: Any) -> Any:
    if lens.instance_class is Alike:

        def alike(lens: Any, worlds: Any, month: Any) -> Any:
            return Sight(
                baseline_of(worlds, lens.place),
                drivers_of(worlds.drivers, lens.place, month),
                pushes_of(worlds.pushes, lens.place, month),
                worlds.escalate[lens.place],
                coefficients_at(worlds.coefficients, lens.place),
            )

        return alike

    def mixed(lens: Any, worlds: Any, month: Any) -> Any:
        if month == 0:
            spread_world(worlds, lens.places, lens.baseline, lens.escalate, lens.coefficients)
        spread_inputs(worlds, lens.places, month, lens.drivers, lens.pushes)
        return Sight(lens.baseline, lens.drivers, lens.pushes, lens.escalate, lens.coefficients)

    return mixed
