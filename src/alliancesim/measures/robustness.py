"""Whether the verdict hangs on coefficients or inputs: one switched off, all drawn, one moved.

The shares of an ensemble carry the uncertainty of shocks alone. Here the shocks are silent while
coefficients and inputs vary, so that a reader sees which mechanism and which number carries the
verdict, and how often it would be another one under other weights. No threshold is sought here,
which tipping does; and no shares of runs, since nothing is drawn but coefficients.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

import pandas as pd
from scipy.stats import qmc

from alliancesim import batch
from alliancesim.arrays import Array
from alliancesim.batch import Pair
from alliancesim.coefficients import NAMES, REGISTER, Coefficients
from alliancesim.ensemble import TWIN, WORLD
from alliancesim.measures.influence import moved_inputs
from alliancesim.measures.verdict import word_for
from alliancesim.posterior.nesting import spread_order
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


def robustness(world: World, twin: World, vectors: Array | None = None) -> pd.DataFrame:
    """Return the effect of the wedge without shocks, under other coefficients and inputs.

    Args:
        world: the world.
        twin: the same without the wedge.
        vectors: draws of all coefficients from their posterior, shape (draws, coefficients); of
            more than ``DRAWS``, as many, evenly spread. Without them, coefficients are drawn around
            those of the world, as far as ``FACTOR`` says.

    Returns:
        Columns ``variant`` (``"as given"``, ``"without"`` one mechanism, all ``"drawn"``, or one
        ``"input"`` moved), ``what`` (the mechanism, the number of the draw, or the key of the
        input), ``effect`` on cohesion and ``verdict``.
    """
    variants: list[tuple[str, str, Pair]] = []
    for variant, what, coefficients in _variants(world.coefficients, vectors):
        variants.append((variant, what, _with(coefficients, world, twin)))
    for key, moved_world, moved_twin in moved_inputs(world, twin):
        variants.append(("input", key, Pair(moved_world, moved_twin)))
    effects = silent_effects([pair for _, _, pair in variants])
    rows = [
        (variant, what, float(effect), word_for(float(effect), world.margin))
        for (variant, what, _), effect in zip(variants, effects, strict=True)
    ]
    return pd.DataFrame(rows, columns=COLUMNS)


def no_robustness(world: World, twin: World) -> pd.DataFrame:
    """Return the table of :func:`robustness` with its first row alone."""
    effect = float(silent_effects([Pair(world, twin)])[0])
    row = ("as given", "", effect, word_for(effect, world.margin))
    return pd.DataFrame([row], columns=COLUMNS)


def silent_effects(pairs: Sequence[Pair]) -> Array:
    """Return the effect on cohesion without shocks, pair by pair.

    Args:
        pairs: worlds with their twins; their volatilities are ignored.

    Returns:
        Mean cohesion over the last ``window`` months, world minus twin, shape (pairs,).
    """
    silent = [_with(_silenced(pair.world.coefficients), *pair) for pair in pairs]
    late = batch.late_means(silent, seed=0, run_numbers=[0])[:, :, 0, 0]
    return late[:, WORLD] - late[:, TWIN]


def _silenced(coefficients: Coefficients) -> Coefficients:
    """Return coefficients without volatility."""
    return coefficients._replace(**dict.fromkeys(VOLATILITIES, 0.0))


def _with(coefficients: Coefficients, world: World, twin: World) -> Pair:
    """Return a world and its twin under given coefficients."""
    return Pair(replace(world, coefficients=coefficients), replace(twin, coefficients=coefficients))


def _variants(
    given: Coefficients, vectors: Array | None = None
) -> Iterator[tuple[str, str, Coefficients]]:
    """Yield kind, label and coefficients of each variant."""
    yield "as given", "", given
    for name in VARIED:
        if getattr(given, name) != 0.0:
            yield "without", name, given._replace(**{name: 0.0})
    if vectors is None:
        yield from _around(given)
        return
    for number in spread_order(len(vectors))[:DRAWS].tolist():
        yield "drawn", str(number), Coefficients(*vectors[number].tolist())


def _around(given: Coefficients) -> Iterator[tuple[str, str, Coefficients]]:
    """Yield coefficients drawn around those given, with their labels."""
    # Unscrambled points are the same everywhere; the first, a corner of the cube, is left out.
    points = qmc.Sobol(len(VARIED), scramble=False).fast_forward(1).random(DRAWS)
    for number, point in enumerate(points):
        factors = FACTOR ** (2.0 * point - 1.0)
        drawn = {
            name: min(max(getattr(given, name) * float(factor), low), high)
            for (name, low, high), factor in zip(_RANGES, factors, strict=True)
        }
        yield "drawn", str(number), given._replace(**drawn)
