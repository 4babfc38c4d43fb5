"""The effect of a wedge shared out among the mechanisms of the law.

Players are the mechanisms, and a coalition is a law in which only these are switched on. Where few
are, all coalitions are run. Where there are more, orders of joining are drawn at random, each with
its reverse, and the error of the drawing is given (Castro, Gómez and Tejada 2009). What came into
the world is not a player here, but in explanation.
"""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from alliancesim import batch
from alliancesim.arrays import Array
from alliancesim.attribution.causes import COURTSHIP, PRESSURE, left_out
from alliancesim.attribution.explanation import Explanation
from alliancesim.attribution.shapley import is_member, shapley_values
from alliancesim.batch import Pair
from alliancesim.coefficients import REGISTER
from alliancesim.measures import intervals
from alliancesim.world import World, build_world

MOST_PLAYERS = 12
"""Mechanisms up to which every coalition is run: 4096 of them."""

ORDERS = 400
"""Orders of joining drawn, half of them the reverses of the other half."""

MOST_ROWS = 2**17
"""Runs of coalitions made at most where all coalitions are run; runs of the ensemble are then as
many as that allows."""

KEPT = ("cohesion", "shocks")
"""Equations whose coefficients are no players: without the pace of cohesion no outcome moves, and
shocks are common to all laws."""


def mechanism_shares(found: Explanation, *, orders: int = ORDERS) -> pd.DataFrame:
    """Return what each mechanism contributes to the effect of the wedge.

    Args:
        found: an explanation of a scenario in which a wedge acts; its outcome, period, draws of
            coefficients and seed are used.
        orders: number of orders of joining to draw where mechanisms are many, an even number.

    Returns:
        Columns ``mechanism``, ``equation``, ``estimate`` (mean share of the effect, in the unit of
        the outcome) with ``low`` and ``high`` (its 95 % interval: how exactly the mean is known
        from the runs and orders drawn). The largest comes first. Together they are the effect,
        beyond what the acts of the wedge do to the outcome by themselves, without any mechanism:
        nothing, where the outcome is the alliance's.
    """
    world, twin = sides(found)
    vectors = found.vectors(world)
    places = [
        place
        for place, entry in enumerate(REGISTER)
        if entry.equation not in KEPT and vectors[:, place].any()
    ]
    share = _exact if len(places) <= MOST_PLAYERS else _sampled
    shares = share(found, Pair(world, twin), vectors, places, orders)
    rows = [
        (
            REGISTER[place].name,
            REGISTER[place].equation,
            *intervals.mean(shares[p], found.question.seed),
        )
        for p, place in enumerate(places)
    ]
    table = pd.DataFrame(rows, columns=["mechanism", "equation", "estimate", "low", "high"])
    order = table["estimate"].abs().sort_values(ascending=False, kind="stable").index
    return table.loc[order].reset_index(drop=True)


def sides(found: Explanation) -> tuple[World, World]:
    """Return the world and the same without the wedge of the period."""
    legs = [cause for cause in found.causes if cause.name in (PRESSURE, COURTSHIP)]
    without = left_out(found.scenario, found.period, legs)
    return build_world(found.scenario), build_world(without)


def _exact(
    found: Explanation, pair: Pair, vectors: Array, places: list[int], _orders: int
) -> Array:
    """Return shares from all coalitions, run by run, shape (mechanisms, runs)."""
    coalitions = 2 ** len(places)
    runs = min(found.runs, max(1, MOST_ROWS // coalitions))
    laws = np.repeat(vectors[None, :runs], coalitions, axis=0)
    for number in range(coalitions):
        for p, place in enumerate(places):
            if not is_member(number, p):
                laws[number, :, place] = 0.0
    numbers = np.broadcast_to(np.arange(runs), (coalitions, runs))
    return shapley_values(_effects(found, pair, laws, numbers))


def _sampled(
    found: Explanation, pair: Pair, vectors: Array, places: list[int], orders: int
) -> Array:
    """Return shares from orders drawn, each pair of an order and its reverse, (mechanisms, pairs).

    Each pair takes the shocks and the coefficients of one run.
    """
    generator = np.random.default_rng(found.question.seed)
    pairs = orders // 2
    players = len(places)
    runs = np.arange(pairs) * found.runs // pairs
    laws = np.repeat(vectors[runs][:, None, None], 2, axis=1).repeat(players + 1, axis=2)
    drawn = np.empty((pairs, 2, players), dtype=np.int64)
    for number in range(pairs):
        drawn[number, 0] = generator.permutation(players)
        drawn[number, 1] = drawn[number, 0, ::-1]
        for side in range(2):
            for step in range(players):
                absent = [places[p] for p in drawn[number, side, step:]]
                laws[number, side, step, absent] = 0.0
    numbers = np.broadcast_to(runs[:, None, None], laws.shape[:3])
    added = np.diff(_effects(found, pair, laws, numbers), axis=2)
    shares = np.empty_like(added)
    np.put_along_axis(shares, drawn, added, axis=2)
    return np.ascontiguousarray(shares.mean(axis=1).T)


def _effects(found: Explanation, pair: Pair, laws: Array, numbers: NDArray[np.int64]) -> Array:
    """Return the effect of the wedge under each law, shape of ``numbers``.

    Args:
        found: says which outcome is read, and the seed.
        pair: world and twin.
        laws: coefficients, shape (..., coefficients).
        numbers: number of the run whose shocks a law meets, shape (...).
    """
    late = batch.late_means(
        [pair],
        seed=found.question.seed,
        run_numbers=numbers.ravel(),
        series=(found.asked.series,),
        coefficients=laws.reshape(-1, laws.shape[-1]),
    )[0, :, :, 0]
    effects: Array = (late[0] - late[1]).reshape(numbers.shape)
    return effects
