"""Where a statistic over runs crosses a level, and how exactly that place is known.

Runs of all values meet the same shocks, so a bootstrap sample is a choice of runs that is the same
at every value: each sample gives a curve, and each curve its own crossing. The interval is that of
the percentile bootstrap (Davison and Hinkley, 1997). Where runs share draws of the coefficients,
whole draws are chosen, with all their runs. Only curves and a level are known here, no verdict and
no input.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from alliancesim.arrays import Array
from alliancesim.measures.intervals import TAILS, Draws, Interval

RESAMPLES = 999
"""Bootstrap samples; leaves the ends of an interval uncertain by some 4 % of its width."""


_BLOCK = 4_000_000
"""Resampled effects held at a time."""


class Crossings(NamedTuple):
    """Where median and mean over runs cross a level.

    Attributes:
        odds: crossing of the median, at which half the runs lie on either side.
        mean: crossing of the mean.
    """

    odds: Interval
    mean: Interval


def samples(runs: int, draws: Draws | None, seed: int) -> NDArray[np.int64]:
    """Return the runs of each bootstrap sample, shape (resamples, runs)."""
    generator = np.random.default_rng(seed)
    if draws is None:
        return generator.integers(0, runs, (RESAMPLES, runs))
    _, place, count = np.unique(draws, return_inverse=True, return_counts=True)
    members = np.argsort(place, kind="stable")
    begins = np.cumsum(count) - count
    # Draws may differ in size where they are used up; a sample then takes the first runs of each.
    size = int(count.min())
    blocks = members[begins[:, None] + np.arange(size)]
    chosen = generator.integers(0, count.size, (RESAMPLES, count.size))
    found: NDArray[np.int64] = blocks[chosen].reshape(RESAMPLES, -1)
    return found


def crossing(places: Array, curves: Array, level: float, near: float) -> Array:
    """Return where each curve crosses a level, the crossing nearest to a place.

    Args:
        places: where the curves are known, rising, shape (places,).
        curves: shape (curves, places); straight in between.
        level: to be crossed.
        near: the place.

    Returns:
        Shape (curves,), NaN where a curve does not cross.
    """
    above = curves - level
    turned = (above[:, :-1] > 0.0) != (above[:, 1:] > 0.0)
    rise = above[:, 1:] - above[:, :-1]
    share = np.divide(-above[:, :-1], rise, out=np.zeros_like(rise), where=turned)
    at = places[:-1] + np.clip(share, 0.0, 1.0) * np.diff(places)
    distance = np.where(turned, np.abs(at - near), np.inf)
    nearest = distance.argmin(axis=1)
    rows = np.arange(len(curves))
    found: Array = np.where(turned.any(axis=1), at[rows, nearest], np.nan)
    return found


def crossings(
    places: Array, effects: Array, level: float, chosen: NDArray[np.int64], near: float
) -> Crossings:
    """Return where median and mean over runs cross a level, with 95 % intervals.

    Args:
        places: values tried, rising, shape (places,).
        effects: effect at each in each run, shape (places, runs).
        level: to be crossed.
        chosen: runs of each bootstrap sample, as from :func:`samples`.
        near: where the crossing is looked for.

    Returns:
        The crossings; NaN where the statistic does not cross. An end of an interval is infinite
        where more samples than it allows do not cross within the places.
    """
    medians, means = (np.empty((len(chosen), len(places))) for _ in range(2))
    together = max(1, _BLOCK // (len(places) * chosen.shape[1]))
    for begin in range(0, len(chosen), together):
        some = slice(begin, begin + together)
        drawn = effects[:, chosen[some]]
        medians[some], means[some] = np.median(drawn, axis=2).T, drawn.mean(axis=2).T
    return Crossings(
        _one(places, np.median(effects, axis=1), medians, level, near),
        _one(places, effects.mean(axis=1), means, level, near),
    )


def _one(places: Array, curve: Array, curves: Array, level: float, near: float) -> Interval:
    """Return where one statistic crosses a level, from its curve and those of all samples."""
    estimate = float(crossing(places, curve[None], level, near)[0])
    found = crossing(places, curves, level, near)
    # A sample that does not cross would do so beyond the end at which it comes nearer the level.
    outward = np.abs(curves[:, 0] - level) < np.abs(curves[:, -1] - level)
    found = np.where(np.isnan(found), np.where(outward, -np.inf, np.inf), found)
    low, high = np.quantile(found, TAILS, method="inverted_cdf")
    return Interval(estimate, float(low), float(high))
