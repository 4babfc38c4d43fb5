"""Which inputs carry the verdict: each baseline number moved by a step, one at a time.

Only worlds are made here; running them and judging what they do is for robustness. Inputs that move
by the size that flips a verdict are for tipping.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import numpy as np

from alliancesim.arrays import VARIABLES, State
from alliancesim.world import World

STEP = 0.1
"""How far each input is moved: a tenth of the scale on which low, medium and high lie some 0.3
apart, so about a third of the way to the neighbouring judgement."""


def moved_inputs(world: World, twin: World) -> Iterator[tuple[str, World, World]]:
    """Yield every baseline input with world and twin in which it is moved.

    Args:
        world: the world.
        twin: the same without the wedge.

    Yields:
        Key path of the input; world and twin with it one step higher, or lower where there is no
        room above.
    """
    for variable in VARIABLES:
        if variable.name == "confidence":
            continue  # It starts from commitment, which is moved in its stead.
        for place, key in _places(world, variable.name, variable.per):
            yield key, _moved(world, variable.name, place), _moved(twin, variable.name, place)


def _places(world: World, variable: str, per: str) -> Iterator[tuple[tuple[int, ...], str]]:
    """Yield index and key path of each number of a variable."""
    for i, of in enumerate(world.actors):
        if per == "actor":
            yield (i,), f"actors.{of}.{variable}"
            continue
        for j, toward in enumerate(world.actors):
            if i < j or (i != j and per == "dyad"):
                yield (i, j), f"dyads.{of}-{toward}.{variable}"


def _moved(world: World, variable: str, place: tuple[int, ...]) -> World:
    """Return a world with one input moved, over the whole run where it is a driver."""
    if variable in State._fields:
        array = getattr(world.baseline, variable).copy()
        array[place] = _stepped(array[place])
        if variable == "cohesion":
            array[place[::-1]] = array[place]
        return replace(world, baseline=world.baseline._replace(**{variable: array}))
    series = getattr(world.drivers, variable).copy()
    series[(slice(None), *place)] = _stepped(series[(slice(None), *place)])
    shifted = replace(world, drivers=world.drivers._replace(**{variable: series}))
    if variable != "commitment":
        return shifted
    confidence = world.baseline.confidence.copy()
    confidence[place[::-1]] = series[(0, *place)]
    return replace(shifted, baseline=world.baseline._replace(confidence=confidence))


def _stepped(values: Any) -> Any:
    """Return values one step higher, or lower where any would leave the scale."""
    return values + STEP if np.max(values) + STEP <= 1.0 else np.maximum(values - STEP, 0.0)
