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
    starts: NDArray[np.int64]
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
def spread(source: Array, starts: NDArray[np.int64], out: Array) -> None:
    """Copy consecutive inputs, from each lane's start on, into a last axis of lanes.

    Lanes go innermost, so that each input's lanes are written side by side.
    """
    values, flat = source.ravel(), out.ravel()
    lanes = starts.size
    for k in range(flat.size // lanes):
        for lane in range(lanes):
            flat[k * lanes + lane] = values[starts[lane] + k]


@compiled
def spread_month(
    source: Array, places: NDArray[np.int64], month: int, starts: NDArray[np.int64], out: Array
) -> None:
    """Copy one month's inputs of each lane's world; ``source`` has axes (worlds, months, ...)."""
    lanes, months = places.size, source.shape[1]
    length = out.size // lanes
    for lane in range(lanes):
        starts[lane] = (places[lane] * months + month) * length
    spread(source, starts, out)


@compiled
def spread_world(worlds: Worlds, lens: Mixed) -> None:
    """Fill in baseline, reactions and coefficients of each lane's world."""
    actors, strategies = worlds.alliance.shape[0], worlds.actor.size
    for lane in range(lens.places.size):
        lens.starts[lane] = lens.places[lane] * actors * actors
    for v in range(9):
        spread(worlds.baseline[v], lens.starts, lens.baseline[v])
    for lane in range(lens.places.size):
        lens.starts[lane] = lens.places[lane] * strategies
    spread(worlds.escalate, lens.starts, lens.escalate)
    for m in range(lens.coefficients.shape[0]):
        for lane in range(lens.places.size):
            lens.coefficients[m, lane] = worlds.coefficients[m, lens.places[lane]]


@compiled
def spread_inputs(worlds: Worlds, lens: Mixed, month: int) -> None:
    """Fill in one month's drivers and pushes of each lane's world."""
    places, starts = lens.places, lens.starts
    drivers, given = lens.drivers, worlds.drivers
    spread_month(given.pragmatism, places, month, starts, drivers.pragmatism)
    spread_month(given.hazard, places, month, starts, drivers.hazard)
    spread_month(given.brokerage, places, month, starts, drivers.brokerage)
    spread_month(given.visibility, places, month, starts, drivers.visibility)
    spread_month(given.commitment, places, month, starts, drivers.commitment)
    spread_month(given.mediation, places, month, starts, drivers.mediation)
    spread_month(given.likeness, places, month, starts, drivers.likeness)
    pushes, laid = lens.pushes, worlds.pushes
    spread_month(laid.raised, places, month, starts, pushes.raised)
    spread_month(laid.lowered, places, month, starts, pushes.lowered)
    spread_month(laid.courted, places, month, starts, pushes.courted)
    spread_month(laid.pressed, places, month, starts, pushes.pressed)
    spread_month(laid.stirred, places, month, starts, pushes.stirred)


@compiled
def mixed_lens(worlds: Worlds, places: NDArray[np.int64]) -> Mixed:
    """Return the lens of a block whose lanes have different worlds."""
    actors, lanes = worlds.alliance.shape[0], places.size
    strategies = worlds.actor.size
    return Mixed(
        places,
        np.empty(lanes, dtype=np.int64),
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
            spread_world(worlds, lens)
        spread_inputs(worlds, lens, month)
        return Sight(lens.baseline, lens.drivers, lens.pushes, lens.escalate, lens.coefficients)

    return mixed
