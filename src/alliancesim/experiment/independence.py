"""What is independent of what among the runs of a sweep, and intervals that go by it.

Run r meets the same shocks at every point and takes the same draw of the coefficients, if they are
drawn. Runs are independent of one another, unless several share a draw; then draws are. What is
averaged over points is not known here; summary and phases do that.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy import stats

from alliancesim.arrays import Array
from alliancesim.measures.intervals import TAILS, Draws

_POINT, _RUN, _DRAW = "point", "run", "draw"


def draws_in(runs: pd.DataFrame) -> Draws | None:
    """Return the draw that each run takes, by the number of the run; None where none is drawn."""
    if _DRAW not in runs:
        return None
    found = runs.drop_duplicates(_RUN).sort_values(_RUN)[_DRAW]
    return found.to_numpy(np.int64)


def outcome_matrix(runs: pd.DataFrame, outcome: str) -> tuple[NDArray[np.int64], Array]:
    """Return the points that have run, in order, and an outcome of shape (points, runs)."""
    wide = runs.pivot(index=_POINT, columns=_RUN, values=outcome)
    return wide.index.to_numpy(dtype=np.int64), wide.to_numpy(dtype=np.float64)


def independent_matrix(runs: pd.DataFrame, outcome: str) -> tuple[NDArray[np.int64], Array]:
    """Return the points that have run, and an outcome of shape (points, runs or draws)."""
    points, values = outcome_matrix(runs, outcome)
    return points, independent(values, draws_in(runs))


def independent(values: Array, draws: Draws | None) -> Array:
    """Return values that are independent of one another and have the same mean.

    Of runs that share draws: the mean of all plus each draw's deviation from it, weighted by the
    number of its runs. Where all draws have as many runs, these are the means of the draws. Their
    variance over their number is that of the mean (Binder, 1983).

    Args:
        values: shape (..., runs).
        draws: number of the draw that each run takes, shape (runs,), if runs share draws.

    Returns:
        Shape (..., runs or draws).
    """
    if draws is None:
        return values
    _, place, sizes = np.unique(draws, return_inverse=True, return_counts=True)
    middle = values.mean(axis=-1, keepdims=True)
    apart = (values - middle)[..., np.argsort(place, kind="stable")]
    sums = np.add.reduceat(apart, np.cumsum(sizes) - sizes, axis=-1)
    return np.asarray(middle + sums * (sizes.size / draws.size))


def shares_with_ends(counted: Array, draws: Draws | None) -> tuple[Array, Array, Array]:
    """Return the share of runs that count, with both ends of its 95 % interval.

    Args:
        counted: 1 where a run counts and 0 where not, or means of these, shape (points, runs).
        draws: number of the draw that each run takes, shape (runs,), if runs share draws.

    Returns:
        Three arrays of shape (points,), 0 to 1. The interval is Wilson's for as many trials as
        there are runs; with draws, for as many as would leave the share as uncertain as it is
        (Kish, 1965), at least the number of draws and at most that of runs.
    """
    runs = counted.shape[1]
    share = counted.mean(axis=1)
    trials = np.full(share.shape, float(runs))
    if draws is not None:
        units = independent(counted, draws)
        number = units.shape[1]
        variance = units.var(axis=1, ddof=min(1, number - 1)) / number
        with np.errstate(invalid="ignore", divide="ignore"):
            worth = share * (1 - share) / variance
        # Where all runs agree, nothing tells how far runs of one draw go together.
        unanimous = (share == 0) | (share == 1)
        trials = np.where(unanimous, number, np.clip(worth, number, runs))
    return share, *wilson(share * trials, trials)


def wilson(successes: NDArray[Any], trials: NDArray[Any]) -> tuple[Array, Array]:
    """Return both ends of the 95 % intervals of many shares (Wilson, 1927), 0 to 1."""
    z = float(stats.norm.ppf(TAILS[1]))
    share = successes / trials
    spread = z * np.sqrt(share * (1 - share) / trials + (z / (2 * trials)) ** 2)
    middle, scale = share + z**2 / (2 * trials), 1 + z**2 / trials
    low = np.where(successes == 0, 0.0, (middle - spread) / scale)
    return low, np.where(successes == trials, 1.0, (middle + spread) / scale)
