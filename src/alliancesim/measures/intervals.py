"""95 % intervals: Wilson's for shares, bias-corrected and accelerated bootstrap for means."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
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


def mean(values: Array, seed: int = 0) -> Interval:
    """Return a mean with its bias-corrected and accelerated bootstrap interval (Efron, 1987).

    Args:
        values: independent values, shape (runs,).
        seed: of the resampling, so that the interval repeats.

    Returns:
        Mean and interval, in the unit of the values; infinitely wide for a single value, and of no
        width where all values are equal. Above ``MOST_RESAMPLED`` values, the normal interval.
    """
    estimate = float(np.mean(values))
    if values.size < 2:
        return Interval(estimate, -np.inf, np.inf)
    if np.ptp(values) <= 1e-15 * max(1.0, abs(estimate)):
        return Interval(estimate, estimate, estimate)
    if values.size > MOST_RESAMPLED:
        error = float(stats.sem(values)) * float(stats.norm.ppf(0.5 + LEVEL / 2.0))
        return Interval(estimate, estimate - error, estimate + error)
    found = stats.bootstrap(
        (values,),
        np.mean,
        n_resamples=RESAMPLES,
        batch=max(1, _BLOCK // values.size),
        confidence_level=LEVEL,
        method="BCa",
        rng=np.random.default_rng(seed),
    ).confidence_interval
    return Interval(estimate, float(found.low), float(found.high))
