"""The inputs of many worlds, stacked, and how a block of runs sees them.

Runs of one world share its inputs, which stay plain numbers in every loop over lanes; they may have
coefficients of their own. Runs of different worlds get a copy with a last axis of lanes. The loops
are the same for all. Nothing is computed from inputs: they are passed on or copied.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numba.extending import overload
from numpy.typing import NDArray

from alliancesim.arrays import Array, Drivers, Pushes, State
from alliancesim.compilation import compiled, inlined
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
    """The lens of blocks whose lanes all have the same world; it holds nothing."""

    nothing: int = 0


class Weighed(NamedTuple):
    """The lens of blocks whose lanes share a world, each with coefficients of its own.

    ``table`` holds those of every run, shape (coefficients, runs); ``coefficients`` is room for
    those of a block, (coefficients, lanes).
    """

    table: Array
    coefficients: Array


class Mixed(NamedTuple):
    """The lens of blocks whose lanes have different worlds: room for copies of their inputs."""

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


@inlined
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


@inlined
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


@inlined
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
def spread_world(worlds: Worlds, places: NDArray[np.int64], lens: Mixed) -> None:
    """Fill in baseline, reactions and coefficients of each lane's world."""
    actors, strategies = worlds.alliance.shape[0], worlds.actor.size
    for lane in range(places.size):
        lens.starts[lane] = places[lane] * actors * actors
    for v in range(9):
        spread(worlds.baseline[v], lens.starts, lens.baseline[v])
    for lane in range(places.size):
        lens.starts[lane] = places[lane] * strategies
    spread(worlds.escalate, lens.starts, lens.escalate)
    for m in range(lens.coefficients.shape[0]):
        for lane in range(places.size):
            lens.coefficients[m, lane] = worlds.coefficients[m, places[lane]]


@compiled
def spread_inputs(worlds: Worlds, places: NDArray[np.int64], month: int, lens: Mixed) -> None:
    """Fill in one month's drivers and pushes of each lane's world."""
    starts = lens.starts
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


def mixed_lens(worlds: Worlds, lanes: int) -> Mixed:
    """Return the lens of blocks whose lanes have different worlds; no two threads may share it."""
    actors, strategies = worlds.alliance.shape[0], worlds.actor.size

    def room(*axes: int) -> Array:
        return np.empty((*axes, lanes))

    return Mixed(
        np.empty(lanes, dtype=np.int64),
        State(*(room(actors, actors) for _ in State._fields)),
        Drivers(
            room(actors),
            room(actors),
            room(actors),
            room(actors),
            room(actors, actors),
            room(actors, actors),
            room(actors, actors),
        ),
        Pushes(
            room(2, actors, actors),
            room(2, actors, actors),
            room(strategies, actors),
            room(strategies, actors),
            room(4, actors, actors),
        ),
        room(strategies),
        room(worlds.coefficients.shape[0]),
    )


@compiled
def spread_weights(lens: Weighed, columns: NDArray[np.int64]) -> None:
    """Fill in the coefficients of each lane's run."""
    for m in range(lens.coefficients.shape[0]):
        for lane in range(columns.size):
            lens.coefficients[m, lane] = lens.table[m, columns[lane]]


def weighed_lens(table: Array, lanes: int) -> Weighed:
    """Return the lens of blocks whose lanes share a world alone; no two threads may share it."""
    return Weighed(table, np.empty((table.shape[0], lanes)))


def see(
    lens: Any, worlds: Worlds, places: NDArray[np.int64], columns: NDArray[np.int64], month: int
) -> Sight:
    """Return the inputs of one month through a lens.

    Args:
        lens: :class:`Alike`, :class:`Weighed` or :class:`Mixed`.
        worlds: the worlds.
        places: each lane's world, shape (lanes,).
        columns: the place of each lane's run among the runs of its world, shape (lanes,).
        month: the month; a block's months are asked for in order, from 0.
    """
    raise TypeError("for compiled code only")


@overload(see)
def _see(lens: Any, worlds: Any, places: Any, columns: Any, month: Any) -> Any:
    if lens.instance_class is Alike:

        def alike(lens: Any, worlds: Any, places: Any, columns: Any, month: Any) -> Any:
            place = places[0]
            return Sight(
                baseline_of(worlds, place),
                drivers_of(worlds.drivers, place, month),
                pushes_of(worlds.pushes, place, month),
                worlds.escalate[place],
                coefficients_at(worlds.coefficients, place),
            )

        return alike

    if lens.instance_class is Weighed:

        def weighed(lens: Any, worlds: Any, places: Any, columns: Any, month: Any) -> Any:
            place = places[0]
            if month == 0:
                spread_weights(lens, columns)
            return Sight(
                baseline_of(worlds, place),
                drivers_of(worlds.drivers, place, month),
                pushes_of(worlds.pushes, place, month),
                worlds.escalate[place],
                lens.coefficients,
            )

        return weighed

    def mixed(lens: Any, worlds: Any, places: Any, columns: Any, month: Any) -> Any:
        if month == 0:
            spread_world(worlds, places, lens)
        spread_inputs(worlds, places, month, lens)
        return Sight(lens.baseline, lens.drivers, lens.pushes, lens.escalate, lens.coefficients)

    return mixed
