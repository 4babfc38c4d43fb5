"""Points at which a model is run to learn how far its outcome hangs on each factor.

Points lie in the unit cube: each coordinate is the share of the way along one factor's range.
Trajectories are Morris's (1991), pairs of samples Saltelli's (2010) on a scrambled Sobol sequence
(Owen 1998); both are laid out by SALib (Iwanaga et al. 2022). Neither keys nor units are known
here; stages turns shares into values.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from alliancesim.arrays import Array
from alliancesim.scenario.extras import required

LEVELS = 4
"""Levels of each factor on Morris's grid; a step goes two thirds of the way along the range."""

LIBRARY = "SALib"


def salib(module: str) -> Any:
    """Return a module of SALib.

    Args:
        module: its name within the library.

    Raises:
        InputError: if SALib is not installed.
    """
    return required(f"{LIBRARY}.{module}", "workbench", "the library for sensitivity analysis")


def problem_of(names: Sequence[str], groups: Sequence[str] = ()) -> dict[str, Any]:
    """Return factors as SALib has them, each between 0 and 1.

    Args:
        names: of the factors.
        groups: the group of each, if they are taken in groups.
    """
    described = {"num_vars": len(names), "names": list(names), "bounds": [[0.0, 1.0]] * len(names)}
    return described | ({"groups": list(groups)} if groups else {})


def trajectories(names: Sequence[str], number: int, seed: int) -> Array:
    """Return the points of Morris's trajectories, along each of which every factor moves once.

    Args:
        names: of the factors.
        number: of trajectories, at least 2.
        seed: of the design.

    Returns:
        Shares of the ranges, shape (number * (factors + 1), factors), trajectory after trajectory.

    Raises:
        InputError: if SALib is not installed.
    """
    found = salib("sample.morris").sample(problem_of(names), number, LEVELS, seed=seed)
    return np.asarray(found, dtype=np.float64)


def paired_samples(names: Sequence[str], groups: Sequence[str], number: int, seed: int) -> Array:
    """Return the points of Saltelli's design: two samples, and one crossed for each group.

    Args:
        names: of the factors.
        groups: the group of each factor, whose members are always taken from the same sample.
        number: of points of each sample, a power of two.
        seed: of the design.

    Returns:
        Shares of the ranges, shape (number * (groups + 2), factors), block after block of a point
        of the first sample, the same with each group in turn from the second, and a point of the
        second.

    Raises:
        InputError: if SALib is not installed.
    """
    found = salib("sample.sobol").sample(
        problem_of(names, groups), number, calc_second_order=False, seed=seed
    )
    return np.asarray(found, dtype=np.float64)
