"""The points of an experiment in the order in which they are run.

The order is balanced, so that a sweep cut short is still a usable design. Of a grid, any number of
points from the start holds each level of each factor equally often, to within one. A Sobol sequence
is balanced at every power of two (Sobol 1967; scrambled after Owen 1998). A Latin hypercube (McKay
et al. 1979) lies in random order, so that what has been run is a random sample. Scenarios are not
known here: values are laid out and never tried.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.stats import qmc

from alliancesim.experiment.reading import LoadedExperiment

Indices = NDArray[np.int64]


@dataclass(frozen=True)
class Design:
    """The points of an experiment; row k of each column is the k-th point to be run.

    Attributes:
        factors: names of the factors, which are the columns of tables.
        keys: dotted keys that each factor moves.
        values: one column per factor, shape (points,): numbers, months as text, or switches.
        points: number of points.
    """

    factors: tuple[str, ...]
    keys: tuple[tuple[str, ...], ...]
    values: tuple[NDArray[Any], ...]
    points: int


def design_of(loaded: LoadedExperiment) -> Design:
    """Return the design of an experiment."""
    axes, design = loaded.axes, loaded.experiment.design
    values: tuple[NDArray[Any], ...]
    if design.kind == "grid":
        order = balanced_order([axis.count for axis in axes])
        values = tuple(axis.levels()[order[:, f]] for f, axis in enumerate(axes))
    else:
        if design.kind == "sobol":
            sampler: qmc.QMCEngine = qmc.Sobol(len(axes), rng=np.random.default_rng(design.seed))
        else:
            sampler = qmc.LatinHypercube(len(axes), rng=np.random.default_rng(design.seed))
        shares = sampler.random(loaded.points)
        values = tuple(axis.sampled(shares[:, f]) for f, axis in enumerate(axes))
    factors = tuple(axis.name for axis in axes)
    return Design(factors, tuple(axis.keys for axis in axes), values, loaded.points)


def design_table(design: Design) -> pd.DataFrame:
    """Return the design with a column ``point``, from 0, and one column per factor."""
    columns = dict(zip(design.factors, design.values, strict=True))
    return pd.DataFrame({"point": np.arange(design.points), **columns})


def balanced_order(levels: Sequence[int]) -> Indices:
    """Return all cells of a grid in an order of which every start is balanced.

    The grid is walked along closed lines that advance each factor by a step prime to its number of
    levels. Along such a line each factor runs through all its levels before it repeats one, and a
    line ends when all factors are back where they began; so among the first m cells each level of
    a factor with n levels occurs floor(m/n) or ceil(m/n) times. Steps and the starts of lines
    follow the generalised golden ratio (Roberts, 2018), so that they spread over the grid.

    Args:
        levels: number of levels of each factor, each at least 1.

    Returns:
        Index of the level of each factor, shape (cells, factors).
    """
    shape = np.array(levels, dtype=np.int64)
    cells = math.prod(levels)
    length = math.lcm(*levels)
    line = np.arange(length, dtype=np.int64)[:, None] * _steps(levels) % shape
    walked = np.zeros(cells, dtype=bool)
    order = np.empty((cells, len(levels)), dtype=np.int64)
    done = 0
    stride = _coprime(cells, _golden(1)[0])
    for start in (np.arange(cells, dtype=np.int64) * stride % cells).tolist():
        if not walked[start]:
            order[done : done + length] = (line + np.unravel_index(start, levels)) % shape
            walked[np.ravel_multi_index(tuple(order[done : done + length].T), levels)] = True
            done += length
            if done == cells:
                break
    return order


def _steps(levels: Sequence[int]) -> Indices:
    """Return how many levels each factor advances from one cell to the next."""
    shares = _golden(len(levels))
    return np.array([_coprime(n, share) for n, share in zip(levels, shares, strict=True)])


def _golden(dimensions: int) -> list[float]:
    """Return the steps, as shares of each side, of the evenest walk through a cube."""
    root = 2.0
    for _ in range(64):
        root = (1.0 + root) ** (1.0 / (dimensions + 1))
    return [root ** -(d + 1) for d in range(dimensions)]


def _coprime(number: int, share: float) -> int:
    """Return what lies nearest to a share of a number and has no divisor in common with it."""
    nearest = round(share * number)
    return next(
        step
        for distance in range(number + 1)
        for step in (nearest - distance, nearest + distance)
        if 1 <= step <= max(1, number - 1) and math.gcd(step, number) == 1
    )
