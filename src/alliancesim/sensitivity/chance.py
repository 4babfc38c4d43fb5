"""How much of an outcome's variance is the chance of shocks, and how much the factors.

Which factor does how much is not told apart here, but in indices.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from alliancesim.arrays import Array
from alliancesim.measures.intervals import TAILS, Draws, Interval

RESAMPLES = 499
"""Bootstrap samples, of points and of runs at once."""


class Chance(NamedTuple):
    """What chance does to an outcome over points and runs.

    Attributes:
        share: of the variance over all points and runs, what shocks make up; the rest is factors.
        left: variance that chance leaves in the differences between points' means over runs, as a
            share of their variance: what indices of these means carry of chance.
    """

    share: Interval
    left: Interval


def chance(values: Array, seed: int, draws: Draws | None = None) -> Chance:
    """Return how much of the variance is chance.

    Run r meets the same shocks at every point, so an outcome is the sum of what the point does,
    what the run does, and how the run's shocks work out at that point: a two-way layout with one
    value in each cell (Searle, Casella and McCulloch 1992).

    Args:
        values: outcome at independent points, shape (points, runs), each at least 2.
        seed: of the bootstrap.
        draws: number of the draw of coefficients that each run takes, shape (runs,), if they are
            drawn; what they do then counts as chance, and whole draws are drawn anew.

    Returns:
        Both shares, 0 where nothing varies, with 95 % percentile intervals of a bootstrap that
        draws points and runs anew, which errs on the wide side (Owen 2007).
    """
    points, runs = values.shape
    generator = np.random.default_rng(seed)
    of_points = np.vstack(
        [np.ones(points), generator.multinomial(points, [1 / points] * points, RESAMPLES)]
    )
    _, place = np.unique(np.arange(runs) if draws is None else draws, return_inverse=True)
    units = int(place.max()) + 1
    again = generator.multinomial(units, [1 / units] * units, RESAMPLES)[:, place]
    of_runs = np.vstack([np.ones(runs), again * (runs / again.sum(axis=1, keepdims=True))])
    found = np.array(
        [_shares(values, *weights) for weights in zip(of_points, of_runs, strict=True)]
    )
    low, high = np.quantile(found[1:], TAILS, axis=0)
    share, left = (Interval(*(float(end[k]) for end in (found[0], low, high))) for k in range(2))
    return Chance(share, left)


def _shares(values: Array, of_points: Array, of_runs: Array) -> tuple[float, float]:
    """Return both shares, points and runs counted as often as their weights say."""
    points, runs = values.shape
    by_point = values @ of_runs / runs
    by_run = of_points @ values / points
    scatter = (values**2) @ of_runs / runs - by_point**2
    within = float(of_points @ scatter) / points * runs / (runs - 1)
    shared = float(of_runs @ by_run**2 / runs - (of_runs @ by_run / runs) ** 2) * runs / (runs - 1)
    apart = max(within - shared, 0.0) / runs
    between = float(of_points @ by_point**2 / points - (of_points @ by_point / points) ** 2)
    factors = max(between * points / (points - 1) - apart, 0.0)
    return _part(within, within + factors), _part(apart, factors + apart)


def _part(part: float, whole: float) -> float:
    """Return a part of a whole, 0 where there is none."""
    return part / whole if whole > 0.0 else 0.0
