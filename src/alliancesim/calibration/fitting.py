"""A short calibration in memory, for fits that are made again and again on parts of the record.

Nothing is written and no chain is judged: coefficients for keeping come from calibrating.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from alliancesim.arrays import Array
from alliancesim.calibration.density import density_of
from alliancesim.calibration.priors import Priors, amplitude_names
from alliancesim.calibration.sampling import beginning, sampler_of
from alliancesim.calibration.schema import Calibration
from alliancesim.calibration.targets import Targets

BURNT = 0.5
"""Share of the steps of a short fit that is not used."""


@dataclass(frozen=True)
class Draws:
    """A sample from a posterior.

    Attributes:
        names: the coefficients that were sampled.
        values: their values, shape (draws, names).
        vectors: all coefficients of the law, shape (draws, coefficients), in the register's order.
        groups: groups of observations, see :attr:`Targets.groups`.
        amplitudes: of the discrepancy, shape (draws, groups), in the units of the variables.
        points: logarithms of values and amplitudes, shape (draws, names + groups), from which
            another fit of the same numbers can start.
    """

    names: tuple[str, ...]
    values: Array
    vectors: Array
    groups: tuple[str, ...]
    amplitudes: Array
    points: Array


def fit(
    targets: Targets,
    calibration: Calibration,
    *,
    seed: int,
    steps: int,
    fixed: Mapping[str, float] | None = None,
    walkers: int | None = None,
    draws: int | None = None,
    start: Draws | None = None,
    threads: int | None = None,
) -> Draws:
    """Return a sample from the posterior, from one ensemble, without keeping a file.

    Args:
        targets: the observations that are fitted, for example ``all_targets.only(mask)``.
        calibration: priors, discrepancy and, for what is left out below, the sampler.
        seed: seed of all random numbers.
        steps: steps of the ensemble; the first half is not used.
        fixed: coefficients that are held beside those that the calibration fixes.
        walkers: number of walkers, even.
        draws: number of draws returned.
        start: a posterior near the one that is wanted, such as that of all observations, so that
            fewer steps do; numbers that it lacks start from the prior.
        threads: number of threads; all cores if left out.

    Returns:
        Draws, evenly spread over walkers and over the steps that are used.

    Raises:
        InputError: if emcee is not installed.
    """
    density = density_of(targets, calibration, fixed=fixed, threads=threads)
    many = walkers or calibration.sampler.walkers
    near = None if start is None else _near(density.priors, start, seed)
    sampler = sampler_of(density, many)
    sampler.run_mcmc(beginning(density, many, seed, 0, near), steps)
    chain = sampler.get_chain(discard=int(steps * BURNT), flat=True)
    return draws_of(density.priors, spread_over(chain, draws or calibration.sampler.draws))


def draws_of(priors: Priors, points: Array) -> Draws:
    """Return points of a chain as draws.

    Args:
        priors: of the numbers that were sampled.
        points: logarithms, shape (draws, numbers).
    """
    vectors = priors.vectors(points)
    return Draws(
        names=priors.coefficients,
        values=vectors[:, priors.place],
        vectors=vectors,
        groups=priors.groups,
        amplitudes=priors.amplitudes(points),
        points=points,
    )


def spread_over(chain: Array, number: int) -> Array:
    """Return so many rows of a chain, evenly spread from its first to its last.

    Args:
        chain: shape (rows, numbers).
        number: of rows; all of them if there are no more.
    """
    picked = np.linspace(0, len(chain) - 1, min(number, len(chain)))
    return chain[np.rint(picked).astype(np.int64)]


def _near(priors: Priors, start: Draws, seed: int) -> Array:
    """Return points of another posterior, with numbers that it lacks drawn from the prior."""
    names = (*start.names, *amplitude_names(start.groups))
    points = priors.drawn(len(start.points), np.random.default_rng(seed))
    for column, name in enumerate(priors.names):
        if name in names:
            points[:, column] = start.points[:, names.index(name)]
    return points
