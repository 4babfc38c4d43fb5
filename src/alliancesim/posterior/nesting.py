"""Which draw of the coefficients each run takes.

Several runs share a draw and meet different shocks, so that how far runs differ can be split into
what comes from the coefficients and what from the shocks (a nested design; Searle, Casella and
McCulloch, 1992). Nothing random: which run takes which draw follows from their numbers alone. What
the split says of the spread is for measures.variance.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from alliancesim.arrays import Array
from alliancesim.coefficients import Coefficients

RUNS_PER_DRAW = 4
"""Runs that share a draw. With more of them fewer draws fit into as many runs, and draws are what
the share of parameters is learnt from."""

FEWEST_NESTED = 8
"""Runs from which draws are shared; fewer take a draw each, and nothing is split."""


class Drawn(NamedTuple):
    """The coefficients of the runs of one scenario, where each has its own.

    Attributes:
        draws: number of the draw that each run takes, shape (runs,).
        coefficients: of each run, shape (runs, coefficients).
    """

    draws: NDArray[np.int64]
    coefficients: Array

    def of_runs(self, numbers: slice) -> Drawn:
        """Return the same of some runs alone."""
        return Drawn(self.draws[numbers], self.coefficients[numbers])

    def of_run(self, number: int) -> Coefficients:
        """Return the coefficients of one run."""
        return Coefficients(*self.coefficients[number].tolist())


def drawn(vectors: Array, runs: int) -> Drawn:
    """Return the coefficients of runs.

    Args:
        vectors: coefficients of each draw, shape (draws, coefficients).
        runs: number of runs, at least 1.
    """
    draws = draws_of_runs(runs, len(vectors))
    return Drawn(draws, vectors[draws])


def middle_of(vectors: Array) -> Coefficients:
    """Return the median of each coefficient over draws, shape (draws, coefficients)."""
    return Coefficients(*np.median(vectors, axis=0).tolist())


def draws_of_runs(runs: int, draws: int) -> NDArray[np.int64]:
    """Return the number of the draw that each run takes.

    Runs 0 to 3 take one draw, runs 4 to 7 another, and so on. Draws are taken in the order of van
    der Corput's sequence (1935): however many are taken, they lie evenly spread over the sample,
    and more runs change no run's draw. When all draws are used up they are taken again.

    Args:
        runs: number of runs, at least 1.
        draws: number of draws in the sample, at least 1.

    Returns:
        Shape (runs,), from 0 to draws - 1.
    """
    together = RUNS_PER_DRAW if runs >= FEWEST_NESTED else 1
    return spread_order(draws)[np.arange(runs) // together % draws]


def spread_order(draws: int) -> NDArray[np.int64]:
    """Return the numbers from 0 to draws - 1 so that every start of them is evenly spread."""
    bits = max(1, (draws - 1).bit_length())
    places = np.arange(2**bits)
    mirrored = np.zeros_like(places)
    for bit in range(bits):
        mirrored |= (places >> bit & 1) << (bits - 1 - bit)
    return mirrored[mirrored < draws].astype(np.int64)
