"""What a fitted law foretells: parameters, shocks, its discrepancy and errors of measurement.

Nothing is scored here, and what a sceptic without the law would say is for baselines.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from alliancesim import batch
from alliancesim.arrays import VARIABLES, Array
from alliancesim.batch import Pair, Series
from alliancesim.calibration.discrepancy import kernel
from alliancesim.calibration.fitting import Draws
from alliancesim.calibration.prediction import VOLATILITIES, observed_in, predicted
from alliancesim.calibration.schema import Misfit
from alliancesim.calibration.targets import Targets

HALF_OF_A_CHANGE = 2.0**-0.5
"""A change is the difference of two levels; each has half of its discrepancy's variance."""


class Forecast(NamedTuple):
    """A predictive distribution of observations.

    Attributes:
        samples: of what would be observed, errors of measurement included, shape (samples,
            observations in question), in the units of the variables.
        mean: its mean, or what the forecaster means by it, shape (observations in question,).
        places: which observations are in question.
    """

    samples: Array
    mean: Array
    places: NDArray[np.int64]


def within_scale(values: Array) -> Array:
    """Return values cut off at -1 and 1, beyond which nothing can be observed, as all know."""
    return np.clip(values, -1.0, 1.0)


def sizes_of(draws: Draws, groups: tuple[str, ...], misfit: Misfit, seed: int) -> Array:
    """Return the amplitude of the discrepancy in each draw, for some groups of observations.

    Args:
        draws: a posterior.
        groups: the groups asked for; those that were not fitted are drawn from the prior.
        misfit: that prior.
        seed: of the draws from it.

    Returns:
        Shape (draws, groups).
    """
    random = np.random.default_rng((seed, 11))
    count = len(draws.vectors)
    prior = {
        group: misfit.median * np.exp(misfit.spread * random.standard_normal(count))
        for group in dict.fromkeys(groups)
    }
    found = [
        draws.amplitudes[:, draws.groups.index(group)] if group in draws.groups else prior[group]
        for group in groups
    ]
    return np.stack(found, axis=1)


def shaken_paths(targets: Targets, draws: Draws, seed: int) -> Array:
    """Return paths with shocks, each draw of the posterior with a run of its own.

    Args:
        targets: the observations, for their world and series.
        draws: a posterior; sizes of shocks are those of the register, or the scenario's own.
        seed: of the shocks.

    Returns:
        Shape (draws, months + 1, series).
    """
    world = targets.world
    paths = batch.trajectories(
        Pair(world, world),
        seed=seed,
        run_numbers=range(len(draws.vectors)),
        series=targets.series,
        coefficients=draws.vectors,
    )
    found: Array = paths[0]
    return found


def foretold_by(
    targets: Targets, draws: Draws, paths: Array, misfit: Misfit, seed: int
) -> Forecast:
    """Return what a fitted law foretells of every observation.

    Args:
        targets: the observations.
        draws: the posterior.
        paths: with shocks, one for each draw, see :func:`shaken_paths`.
        misfit: prior of the discrepancy.
        seed: of discrepancies and errors.

    Returns:
        The forecast of all observations, fitted or not.
    """
    random = np.random.default_rng((seed, 12))
    amplitudes = sizes_of(draws, targets.groups, misfit, seed)
    spread = np.hypot(amplitudes, targets.errors)
    without = observed_in(targets, paths)
    samples = within_scale(without + spread * random.standard_normal(spread.shape))
    # What is added has no mean, but a sample of it has, and that is larger than some changes.
    return Forecast(samples, without.mean(axis=0), np.arange(len(targets)))


def carried_on(
    targets: Targets, draws: Draws, past: NDArray[np.bool_], misfit: Misfit, seed: int
) -> Forecast:
    """Return what a fitted law foretells when its last residuals are carried on.

    The discrepancy is that of the likelihood, given what the law left unexplained of the past; it
    fades with its memory. No shocks are added: the likelihood counts them with the discrepancy.

    Args:
        targets: the observations.
        draws: the posterior.
        past: the observations that are known from before the months in question.
        misfit: prior of the discrepancy, and its memory.
        seed: of discrepancies and errors.

    Returns:
        The forecast of all observations.
    """
    random = np.random.default_rng((seed, 13))
    silent = predicted(targets, draws.vectors)
    amplitudes = sizes_of(draws, targets.groups, misfit, seed)
    common = kernel(targets, misfit.memory)
    samples, means = np.empty_like(silent), np.empty_like(silent)
    for row, (path, size) in enumerate(zip(silent, amplitudes, strict=True)):
        scaled = common * np.outer(size, size)
        known = scaled[np.ix_(past, past)] + np.diag(targets.errors[past] ** 2)
        gains = np.linalg.solve(known, scaled[past])
        means[row] = path + (targets.values[past] - path[past]) @ gains
        left = np.diag(scaled) - np.einsum("po,po->o", gains, scaled[past])
        spread = np.sqrt(np.maximum(left, 0.0) + targets.errors**2)
        samples[row] = means[row] + spread * random.standard_normal(path.size)
    return Forecast(within_scale(samples), means.mean(axis=0), np.arange(len(targets)))


class Band(NamedTuple):
    """Samples of one quantity month by month.

    Attributes:
        series: the quantity.
        whole: parameters, shocks and discrepancy, shape (draws, months + 1).
        parameters: parameters alone, on paths without shocks, same shape.
    """

    series: Series
    whole: Array
    parameters: Array


def bands(targets: Targets, draws: Draws, paths: Array, misfit: Misfit, seed: int) -> list[Band]:
    """Return samples of every quantity that was observed, without errors of measurement.

    Where only changes of a quantity were observed, its level is given half of the variance of
    their discrepancy.

    Args:
        targets: the observations.
        draws: the posterior.
        paths: with shocks, one for each draw, see :func:`shaken_paths`.
        misfit: prior of the discrepancy.
        seed: of the discrepancies.
    """
    random = np.random.default_rng((seed, 14))
    vectors = np.where(VOLATILITIES, 0.0, draws.vectors)
    silent = batch.paths_by_coefficients(
        targets.world, vectors, seed=0, run_number=0, series=targets.series
    )
    scales: Mapping[str, tuple[float, float]] = {
        found.name: (found.low, found.high) for found in VARIABLES
    }
    made = []
    for column, series in enumerate(targets.series):
        level = series.variable in targets.groups
        group = series.variable if level else f"change_{series.variable}"
        amplitude = sizes_of(draws, (group,), misfit, seed) * (1.0 if level else HALF_OF_A_CHANGE)
        path = paths[..., column]
        whole = path + amplitude * random.standard_normal(path.shape)
        made.append(Band(series, np.clip(whole, *scales[series.variable]), silent[..., column]))
    return made
