"""Which draw of the coefficients each run takes.

Several runs share a draw and meet different shocks, so that how far runs differ can be split into
what comes from the coefficients and what from the shocks (a nested design; Searle, Casella and
McCulloch, 1992).
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

RUNS_PER_DRAW = 4
"""Runs that share a draw. With more of them fewer draws fit into as many runs, and draws are what
the share of parameters is learnt from."""

FEWEST_NESTED = 8
"""Runs from which draws are shared; fewer take a draw each, and nothing is split."""


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
