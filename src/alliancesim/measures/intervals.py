"""95 % intervals: Wilson's for shares, bias-corrected and accelerated bootstrap for means.

Where several runs share a draw of the coefficients they are not independent; draws are. Intervals
are then over draws: whole draws are resampled, with all their runs (the cluster bootstrap; Davison
and Hinkley, 1997). What an interval means is not said here but in the report; those of an
experiment's points, Student's, are in experiment.summary.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy import stats

from alliancesim.arrays import Array

LEVEL = 0.95
"""Confidence level of every interval the program reports."""

RESAMPLES = 2999
"""Bootstrap resamples; leaves the ends of an interval uncertain by about 2 % of its width."""

MOST_RESAMPLED = 10_000
"""Values above which the normal interval serves: the corrections of the bootstrap shrink with the
number of values and are then below the error that ``RESAMPLES`` leaves (Efron, 1987)."""

_BLOCK = 4_000_000
TAILS = (0.5 - LEVEL / 2.0, 0.5 + LEVEL / 2.0)
"""Ends of an interval as quantiles of a bootstrap."""

Draws = NDArray[np.int64]
"""Number of the draw of coefficients that each run takes, shape (runs,)."""


class Interval(NamedTuple):
    """An estimate with its 95 % interval."""

    estimate: float
    low: float
    high: float


def share(successes: int, trials: int) -> Interval:
    """Return a share with Wilson's interval (Wilson, 1927).

    Args:
        successes: how many of the trials count.
        trials: at least 1.

    Returns:
        Share and interval, 0 to 1.
    """
    found = stats.binomtest(successes, trials).proportion_ci(LEVEL, method="wilson")
    return Interval(successes / trials, float(found.low), float(found.high))


def share_over_draws(counted: NDArray[np.bool_], draws: Draws, seed: int = 0) -> Interval:
    """Return a share of runs with an interval over draws.

    Args:
        counted: which runs count, shape (runs,).
        draws: number of the draw that each run takes, shape (runs,).
        seed: of the resampling, so that the interval repeats.

    Returns:
        Share and percentile interval of the cluster bootstrap, 0 to 1. Where all runs count or none
        does, Wilson's for as many trials as there are draws.
    """
    sums, sizes = _by_draw(counted.astype(np.float64), draws)
    if counted.all() or not counted.any():
        return share(sizes.size if counted.all() else 0, sizes.size)
    drawn = resampled(sizes.size, seed)
    low, high = np.quantile((drawn @ sums) / (drawn @ sizes), TAILS)
    return Interval(float(counted.mean()), float(low), float(high))


def resampled(draws: int, seed: int) -> Array:
    """Return how often each draw occurs in each bootstrap sample, shape (resamples, draws)."""
    chances = np.full(draws, 1.0 / draws)
    found = np.random.default_rng(seed).multinomial(draws, chances, RESAMPLES)
    return found.astype(np.float64)


def _by_draw(values: Array, draws: Draws) -> tuple[Array, Array]:
    """Return sum and number of the values of each draw, both of shape (draws,)."""
    _, place = np.unique(draws, return_inverse=True)
    sums = np.bincount(place, weights=values).astype(np.float64)
    return sums, np.bincount(place).astype(np.float64)


def mean(values: Array, seed: int = 0, draws: Draws | None = None) -> Interval:
    """Return a mean with its bias-corrected and accelerated bootstrap interval (Efron, 1987).

    Args:
        values: shape (runs,); independent unless draws are given.
        seed: of the resampling, so that the interval repeats.
        draws: number of the draw that each run takes, shape (runs,), if runs share draws.

    Returns:
        Mean and interval, in the unit of the values; infinitely wide for a single value, and of no
        width where all values are equal. Above ``MOST_RESAMPLED`` values, the normal interval;
        over draws it is the bootstrap's, whose draws are fewer.
    """
    estimate = float(np.mean(values))
    sums, sizes = (values, None) if draws is None else _by_draw(values, draws)
    if sums.size < 2:
        return Interval(estimate, -np.inf, np.inf)
    if np.ptp(values) <= 1e-15 * max(1.0, abs(estimate)):
        return Interval(estimate, estimate, estimate)
    if draws is None and values.size > MOST_RESAMPLED:
        error = float(stats.sem(values)) * float(stats.norm.ppf(0.5 + LEVEL / 2.0))
        return Interval(estimate, estimate - error, estimate + error)
    found = stats.bootstrap(
        (sums,) if sizes is None else (sums, sizes),
        np.mean if sizes is None else _mean_of_sums,
        paired=sizes is not None,
        n_resamples=RESAMPLES,
        batch=max(1, _BLOCK // sums.size),
        confidence_level=LEVEL,
        method="BCa",
        rng=np.random.default_rng(seed),
    ).confidence_interval
    return Interval(estimate, float(found.low), float(found.high))


def _mean_of_sums(sums: Array, sizes: Array, axis: int = -1) -> Array:
    """Return the mean of all values from the sums and the numbers of those of each draw."""
    return np.asarray(sums.sum(axis=axis) / sizes.sum(axis=axis))
