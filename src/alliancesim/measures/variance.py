"""How far runs differ, and how much of it comes from coefficients and how much from shocks.

Where several runs share a draw of the coefficients and meet different shocks, the variance over
runs has two parts: between draws, which is not knowing the coefficients, and within draws, which is
chance. They are told apart by the one-way analysis of variance of a random-effects model (Searle,
Casella and McCulloch, 1992, "Variance Components"), with groups of unequal size allowed for. Knows
values and draws only, and not what they are of, which uncertainty does.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from alliancesim.arrays import Array
from alliancesim.measures import intervals
from alliancesim.measures.intervals import Draws, Interval

_NOTHING = 1e-24
"""Variance below which values count as equal: rounding leaves about as much."""


class Components(NamedTuple):
    """The two parts of a variance over runs, each in the square of the values' unit.

    Attributes:
        parameters: variance between draws of the coefficients, were there no shocks; 0 or more.
        shocks: variance within a draw.
    """

    parameters: Array
    shocks: Array

    def share(self) -> Array:
        """Return the part of parameters in the whole, 0 to 1; missing where nothing varies."""
        whole = self.parameters + self.shocks
        with np.errstate(invalid="ignore", divide="ignore"):
            return np.where(whole > _NOTHING, self.parameters / whole, np.nan)


class _Groups(NamedTuple):
    """Runs gathered by draw: how many, their mean less the mean of all, and their scatter."""

    sizes: Array
    means: Array
    scatter: Array
    middle: Array


def is_nested(draws: Draws | None) -> bool:
    """Say whether there are several draws, some of them with several runs."""
    if draws is None:
        return False
    number = np.unique(draws).size
    return bool(2 <= number < draws.size)


def components(values: Array, draws: Draws) -> Components:
    """Return the parts of the variance over runs.

    Args:
        values: shape (runs, ...).
        draws: number of the draw that each run takes, shape (runs,); nested.

    Returns:
        Both of the shape of ``values`` without its first axis.
    """
    flat = values.reshape(len(values), -1)
    groups = _grouped(flat, draws)
    found = _components(groups, np.ones((1, groups.sizes.size)))
    return Components(*(part[0].reshape(values.shape[1:]) for part in found))


def share_of_parameters(values: Array, draws: Draws, seed: int = 0) -> list[Interval | None]:
    """Return how much of the variance over runs comes from not knowing the coefficients.

    Args:
        values: shape (runs, quantities).
        draws: number of the draw that each run takes, shape (runs,).
        seed: of the resampling, so that the interval repeats.

    Returns:
        For each quantity the share, 0 to 1, with the 95 % percentile interval of the bootstrap over
        draws; None where nothing varies, or where runs are not nested in draws.
    """
    if not is_nested(draws):
        return [None] * values.shape[1]
    groups = _grouped(values, draws)
    number = groups.sizes.size
    shares = components(values, draws).share()
    drawn = _components(groups, intervals.resampled(number, seed)).share()
    found: list[Interval | None] = []
    for place, estimate in enumerate(shares.tolist()):
        if np.isnan(estimate):
            found.append(None)
            continue
        low, high = np.nanquantile(drawn[:, place], intervals.TAILS)
        found.append(Interval(estimate, float(low), float(high)))
    return found


def parameter_band(values: Array, draws: Draws, levels: tuple[float, float]) -> Array:
    """Return the band in which the coefficients alone, without the chance of shocks, leave values.

    Means of draws still carry what chance is left in a few runs. They are drawn toward the mean of
    all until they vary as much as the coefficients alone make them vary.

    Args:
        values: shape (runs, ...).
        draws: number of the draw that each run takes, shape (runs,); nested.
        levels: lower and upper quantile over draws.

    Returns:
        Lower and upper end, shape (2, ...).
    """
    flat = values.reshape(len(values), -1)
    groups = _grouped(flat, draws)
    alone = components(flat, draws).parameters
    spread = groups.means.var(axis=0, ddof=1)
    with np.errstate(invalid="ignore", divide="ignore"):
        shrink = np.where(spread > _NOTHING, np.sqrt(np.minimum(1.0, alone / spread)), 0.0)
    ends = np.quantile(groups.middle + shrink * groups.means, levels, axis=0)
    return ends.reshape(2, *values.shape[1:])


def _grouped(values: Array, draws: Draws) -> _Groups:
    """Return runs by draw; values of shape (runs, quantities)."""
    _, place, sizes = np.unique(draws, return_inverse=True, return_counts=True)
    middle = values.mean(axis=0)
    centred = values - middle
    means = _sums(centred, place, sizes.size) / sizes[:, None]
    scatter = _sums((centred - means[place]) ** 2, place, sizes.size)
    return _Groups(sizes.astype(np.float64), means, scatter, middle)


def _sums(values: Array, place: NDArray[np.intp], groups: int) -> Array:
    """Return sums of the rows of each group, shape (groups, quantities)."""
    order = np.argsort(place, kind="stable")
    starts = np.searchsorted(place[order], np.arange(groups))
    return np.add.reduceat(values[order], starts, axis=0)


def _components(groups: _Groups, weights: Array) -> Components:
    """Return the parts of variance, groups counted as often as each row of weights says.

    Args:
        groups: the runs by draw.
        weights: shape (samples, groups).

    Returns:
        Both of shape (samples, quantities).
    """
    number = weights.sum(axis=1)[:, None]
    runs = (weights @ groups.sizes)[:, None]
    usual = (runs - (weights @ groups.sizes**2)[:, None] / runs) / (number - 1.0)
    weighted = weights * groups.sizes
    mean = weighted @ groups.means / runs
    between = (weighted @ groups.means**2 - runs * mean**2) / (number - 1.0)
    with np.errstate(invalid="ignore", divide="ignore"):
        within = weights @ groups.scatter / (runs - number)
        parameters = np.maximum(0.0, (between - within) / usual)
    return Components(parameters, within)
