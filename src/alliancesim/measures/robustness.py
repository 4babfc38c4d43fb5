"""Whether the verdict hangs on coefficients or inputs: one switched off, all drawn, one moved.

The shares of an ensemble carry the uncertainty of shocks alone. Here the shocks are silent while
coefficients and inputs vary, so that a reader sees which mechanism and which number carries the
verdict, and how often it would be another one under other weights.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import numpy as np
import pandas as pd
from scipy.stats import qmc

from alliancesim.arrays import State
from alliancesim.coefficients import NAMES, REGISTER, Coefficients
from alliancesim.ensemble import run_once
from alliancesim.measures.influence import moved_inputs
from alliancesim.measures.verdict import word_for
from alliancesim.step import alliance_cohesion
from alliancesim.world import World

DRAWS = 256
"""Draws of all coefficients at once; a power of two, as Sobol sequences want it."""

FACTOR = 2.0
"""Each coefficient is drawn between its value divided and multiplied by this, evenly in its
logarithm and held within its range; judgement: what is not estimated is not known better than to a
factor of two."""

VOLATILITIES = tuple(name for name in NAMES if name.endswith("_volatility"))
VARIED = tuple(name for name in NAMES if name not in VOLATILITIES)
COLUMNS = ["variant", "what", "effect", "verdict"]
_RANGES = tuple((entry.name, entry.low, entry.high) for entry in REGISTER if entry.name in VARIED)
_COHESION = State._fields.index("cohesion")


def robustness(world: World, twin: World) -> pd.DataFrame:
    """Return the effect of the wedge without shocks, under other coefficients and inputs.

    Args:
        world: the world.
        twin: the same without the wedge.

    Returns:
        Columns ``variant`` (``"as given"``, ``"without"`` one mechanism, all ``"drawn"``, or one
        ``"input"`` moved), ``what`` (the mechanism, the number of the draw, or the key of the
        input), ``effect`` on cohesion and ``verdict``.
    """
    effects: list[tuple[str, str, float]] = []
    for variant, what, coefficients in _variants(world.coefficients):
        effects.append((variant, what, silent_effect(world, twin, coefficients)))
    for key, moved_world, moved_twin in moved_inputs(world, twin):
        effects.append(("input", key, silent_effect(moved_world, moved_twin, world.coefficients)))
    rows = [(*row, word_for(row[2], world.margin)) for row in effects]
    return pd.DataFrame(rows, columns=COLUMNS)


def no_robustness(world: World, twin: World) -> pd.DataFrame:
    """Return the table of :func:`robustness` with its first row alone."""
    effect = silent_effect(world, twin, world.coefficients)
    row = ("as given", "", effect, word_for(effect, world.margin))
    return pd.DataFrame([row], columns=COLUMNS)


def silent_effect(world: World, twin: World, coefficients: Coefficients) -> float:
    """Return the effect on cohesion without shocks, under given coefficients.

    Args:
        world: the world.
        twin: the same without the wedge.
        coefficients: to be used in place of the world's; volatilities are ignored.

    Returns:
        Mean cohesion over the last ``window`` months, world minus twin.
    """
    silent = coefficients._replace(**dict.fromkeys(VOLATILITIES, 0.0))
    late: list[float] = []
    for side in (world, twin):
        path = run_once(replace(side, coefficients=silent), 0, 0)
        cohesion = path[-side.window :, _COHESION]
        months = [alliance_cohesion(month, side.strategists.alliance) for month in cohesion]
        late.append(float(np.mean(months)))
    return late[0] - late[1]


def _variants(given: Coefficients) -> Iterator[tuple[str, str, Coefficients]]:
    """Yield kind, label and coefficients of each variant."""
    yield "as given", "", given
    for name in VARIED:
        if getattr(given, name) != 0.0:
            yield "without", name, given._replace(**{name: 0.0})
    # Unscrambled points are the same everywhere; the first, a corner of the cube, is left out.
    points = qmc.Sobol(len(VARIED), scramble=False).fast_forward(1).random(DRAWS)
    for number, point in enumerate(points):
        factors = FACTOR ** (2.0 * point - 1.0)
        drawn = {
            name: min(max(getattr(given, name) * float(factor), low), high)
            for (name, low, high), factor in zip(_RANGES, factors, strict=True)
        }
        yield "drawn", str(number), given._replace(**drawn)
