"""Scores of predictive distributions: what was observed against samples of what was foretold.

Who foretold what is not known here: numbers come in and numbers leave.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy import stats

from alliancesim.arrays import Array
from alliancesim.measures.intervals import LEVEL, Interval

HALF = (0.25, 0.75)
"""Ends of the interval that should hold half of what is observed."""

NINETY = (0.05, 0.95)
"""Ends of the interval that should hold 90 % of it."""

RESAMPLES = 2000
"""Bootstrap resamples of clusters; there are few clusters, so that more would add nothing."""

NO_SIGN = 1e-9
"""Changes below this have no sign: rounding."""


def crps(samples: Array, observed: Array) -> Array:
    """Return the continuous ranked probability score of each observation; less is better.

    E|x - y| - E|x - x'|/2 over samples x and the observation y (Gneiting and Raftery 2007), with
    the second mean over pairs of different samples, so that the score of a finite sample is that
    of its distribution on average (Ferro 2014). It is the absolute error where there is no spread.

    Args:
        samples: of the predictive distribution, shape (samples, observations); at least 2.
        observed: what was observed, shape (observations,).

    Returns:
        In the unit of the observations, shape (observations,).
    """
    count = len(samples)
    # With x sorted, sum_ij |x_i - x_j| = 2 sum_i (2 i - count + 1) x_i, i from 0.
    ranked = np.sort(samples, axis=0)
    weights = 2.0 * np.arange(count) - count + 1.0
    apart = 2.0 * (weights @ ranked) / (count * (count - 1.0))
    found: Array = np.abs(samples - observed).mean(axis=0) - 0.5 * apart
    return found


class Signs(NamedTuple):
    """How often the direction of a change was foretold.

    Attributes:
        hits: how often rightly.
        cases: how often there was a direction, foretold and observed.
        by_coin: probability that a coin hits at least as often; 1 where there is no case. The
            cases count as independent, which polls of one stretch are not.
    """

    hits: int
    cases: int
    by_coin: float


def signs(foretold: Array, observed: Array) -> Signs:
    """Return how often the signs of changes agree; changes of 0 are no case.

    Args:
        foretold: changes, shape (observations,).
        observed: changes, shape (observations,).
    """
    has_sign = (np.abs(foretold) > NO_SIGN) & (np.abs(observed) > NO_SIGN)
    cases = int(has_sign.sum())
    hits = int((np.sign(foretold[has_sign]) == np.sign(observed[has_sign])).sum())
    by_coin = float(stats.binomtest(hits, cases, alternative="greater").pvalue) if cases else 1.0
    return Signs(hits, cases, by_coin)


def coverage(samples: Array, observed: Array, ends: tuple[float, float]) -> NDArray[np.bool_]:
    """Say of each observation whether it lies between two quantiles of the samples.

    Args:
        samples: shape (samples, observations).
        observed: shape (observations,).
        ends: the two quantiles, 0 to 1.
    """
    low, high = np.quantile(samples, ends, axis=0)
    found: NDArray[np.bool_] = (low <= observed) & (observed <= high)
    return found


def clustered_mean(values: Array, clusters: NDArray[np.int64], seed: int = 0) -> Interval:
    """Return a mean with a bootstrap interval that draws whole clusters.

    Observations of one cluster may hang together in any way (Efron and Tibshirani 1993). With few
    clusters the interval is too narrow rather than too wide.

    Args:
        values: shape (observations,); at least one.
        clusters: the cluster of each observation, shape (observations,).
        seed: of the resampling.

    Returns:
        Mean and percentile interval; infinitely wide for fewer than three clusters.
    """
    members, place = np.unique(clusters, return_inverse=True)
    estimate = float(values.mean())
    if members.size < 3:
        return Interval(estimate, -np.inf, np.inf)
    sums = np.bincount(place, weights=values)
    counts = np.bincount(place)
    drawn = np.random.default_rng(seed).integers(members.size, size=(RESAMPLES, members.size))
    means = sums[drawn].sum(axis=1) / counts[drawn].sum(axis=1)
    low, high = np.quantile(means, (0.5 - LEVEL / 2.0, 0.5 + LEVEL / 2.0))
    return Interval(estimate, float(low), float(high))
