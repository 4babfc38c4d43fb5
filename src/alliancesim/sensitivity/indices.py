"""Sobol indices: which share of the outcome's variance each factor accounts for.

The first-order index is the share that would go if the factor were known and all else were not; the
total index the share that would stay if all else were known and the factor were not (Sobol 2001).
They part where a factor acts through others. Estimators are those of Saltelli et al. (2010), as
SALib has them. Nothing is run here: outcomes come in the order of the design that sampling has laid
out.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import pandas as pd

from alliancesim.arrays import Array
from alliancesim.measures.intervals import TAILS, Interval
from alliancesim.sensitivity.sampling import problem_of, salib

RESAMPLES = 999
"""Bootstrap samples of blocks; leaves the ends of an interval uncertain by about 4 % of its
width."""

OTHERS = "all others"
"""Group of the factors without an index of their own; no factor's name has a space."""

_NOTHING = 1e-12
"""Standard deviation of the outcome, relative to its size, below which nothing varies."""


class Indices(NamedTuple):
    """Which shares of the variance factors account for.

    Attributes:
        table: one row per factor with an index of its own, the largest total first, and one for
            all others together; see :func:`indices`.
        alone: sum of the first-order indices: what factors do each by itself.
        blocks: number of blocks used.
        deviation: standard deviation of the outcome over the points.
    """

    table: pd.DataFrame
    alone: Interval
    blocks: int
    deviation: float


def groups_of(names: Sequence[str], singled: Sequence[str]) -> list[str]:
    """Return the group of each factor: itself if it is singled out, or all others.

    A single other is itself.
    """
    if len(names) - len(singled) <= 1:
        return list(names)
    return [name if name in singled else OTHERS for name in names]


def indices(groups: Sequence[str], outcome: Array, seed: int) -> Indices:
    """Return the indices of the groups of a design.

    Args:
        groups: group of each factor.
        outcome: its mean at each point of :func:`sampling.paired_samples`, shape (points,); blocks
            with a missing value are left out.
        seed: of the bootstrap.

    Returns:
        With a table of columns ``factor``, ``first`` and ``total``, each with the 95 % percentile
        interval (``_low``, ``_high``) of a bootstrap over blocks, which takes the points of the
        sequence for independent and so errs on the wide side. Estimates may lie a little below 0.
        Where the outcome does not vary, all are 0.

    Raises:
        InputError: if SALib is not installed.
    """
    names = list(dict.fromkeys(groups))
    table = outcome.reshape(-1, len(names) + 2)
    table = table[np.isfinite(table).all(axis=1)]
    deviation = float(table[:, [0, -1]].std())
    if deviation <= _NOTHING * max(1.0, float(np.abs(table).max(initial=0.0))):
        first = total = np.zeros((RESAMPLES + 1, len(names)))
    else:
        first, total = _estimated(names, table, seed)
    columns: dict[str, object] = {"factor": names}
    for name, values in (("first", first), ("total", total)):
        low, high = np.quantile(values[1:], TAILS, axis=0)
        columns |= {name: values[0], f"{name}_low": low, f"{name}_high": high}
    found = pd.DataFrame(columns)
    last = (found["factor"] == OTHERS).to_numpy()
    found = found.iloc[np.lexsort((-total[0], last))].reset_index(drop=True)
    sums = first.sum(axis=1)
    low, high = np.quantile(sums[1:], TAILS)
    return Indices(found, Interval(float(sums[0]), float(low), float(high)), len(table), deviation)


def _estimated(names: Sequence[str], table: Array, seed: int) -> tuple[Array, Array]:
    """Return first-order and total indices, the estimates first, then those of resamples."""
    found = salib("analyze.sobol").analyze(
        problem_of(names),
        table.reshape(-1),
        calc_second_order=False,
        num_resamples=RESAMPLES,
        keep_resamples=True,
        # Of a seed 0 SALib makes none.
        seed=seed + 1,
    )
    first, total = (
        np.vstack([found[key], found[f"{key}_conf_all"]]).astype(np.float64) for key in ("S1", "ST")
    )
    return first, total
