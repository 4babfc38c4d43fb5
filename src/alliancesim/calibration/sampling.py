"""Ensembles of walkers: where they start, how they move, and random numbers of their own.

Sampling is by emcee (Foreman-Mackey et al. 2013). In some forty dimensions its usual stretch move
hardly gets anywhere; differential evolution does (ter Braak 2006; ter Braak and Vrugt 2008, the
snooker update). Where steps are kept, and when to stop, is not settled here but in chains.
"""

from __future__ import annotations

import warnings
from typing import Any

import numpy as np

from alliancesim.arrays import Array
from alliancesim.calibration.density import Density
from alliancesim.scenario import extras


def sampler_of(density: Density, walkers: int, backend: Any = None) -> Any:
    """Return an emcee sampler that evaluates half of its walkers at once.

    Args:
        density: what is sampled.
        walkers: how many; at least twice the numbers sampled, and even.
        backend: where emcee keeps its steps; in memory if left out.

    Raises:
        InputError: if emcee is not installed.
    """
    emcee = required("emcee")
    moves = emcee.moves
    sampler = emcee.EnsembleSampler(
        walkers,
        len(density.priors.names),
        density.log_density,
        vectorize=True,
        moves=[(moves.DEMove(), 0.8), (moves.DESnookerMove(), 0.2)],
        backend=backend,
    )
    # emcee wraps the function in one that prints a traceback, also where Ctrl-C ends it.
    sampler.log_prob_fn = density.log_density
    return sampler


def beginning(density: Density, walkers: int, seed: int, ensemble: int, start: Array | None) -> Any:
    """Return where the walkers of an ensemble begin, with their random numbers.

    Args:
        density: what is sampled.
        walkers: how many.
        seed: of the calibration.
        ensemble: number of the ensemble, from 0; each has random numbers of its own.
        start: logarithms to pick from, shape (points, numbers); drawn from the prior if left out.

    Returns:
        An emcee state.
    """
    places, moves = np.random.SeedSequence((seed, ensemble)).spawn(2)
    random = np.random.default_rng(places)
    points = density.priors.drawn(walkers, random)
    if start is not None:
        points = start[random.choice(len(start), walkers, replace=len(start) < walkers)]
    stream = np.random.RandomState(np.random.MT19937(moves))
    return required("emcee").State(points, random_state=stream.get_state())


def required(library: str) -> Any:
    """Return a library of the extra for calibration.

    Args:
        library: name of the module.

    Raises:
        InputError: if it is not installed.
    """
    with warnings.catch_warnings():
        # ArviZ announces its next major version to everyone who imports this one.
        warnings.simplefilter("ignore", FutureWarning)
        return extras.required(library, "calibration", "the libraries for calibration")
