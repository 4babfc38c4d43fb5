"""The plane of two factors, cell by cell: means, shares of verdicts, and what is decided.

Run r meets the same shocks at every point, so shocks do not average out over points: where a cell
pools several points, runs are averaged first and intervals count runs, not points. Where runs share
draws of the coefficients, they count draws. Effects of single factors are not for this module but
for summary; pictures of the plane are drawn by figures.phase.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy import stats

from alliancesim.arrays import Array
from alliancesim.experiment.factors import Axis
from alliancesim.experiment.independence import (
    draws_in,
    independent,
    outcome_matrix,
    shares_with_ends,
)
from alliancesim.experiment.naming import EFFECT
from alliancesim.measures.intervals import TAILS, Interval
from alliancesim.measures.verdict import WORDS

MOST_CELLS = 64
"""Most cells along a side; neighbouring levels of a finer grid share a cell."""

EVEN = 0.5
"""The share of runs beyond which an outcome is more likely than not."""


def cell_levels(axis: Axis) -> list[Any]:
    """Return the level that stands for each cell along an axis: the middle one of those pooled."""
    levels = axis.levels().tolist()
    count = min(len(levels), MOST_CELLS)
    of = np.arange(len(levels)) * count // len(levels)
    return [levels[int(np.flatnonzero(of == cell).mean())] for cell in range(count)]


def phase_table(
    runs: pd.DataFrame, design: pd.DataFrame, sides: tuple[Axis, Axis], outcome: str, margin: float
) -> pd.DataFrame:
    """Return one row per cell of the plane of two factors in which something has run.

    Args:
        runs: one row per point and run, with columns ``point``, ``run``, ``effect`` and the
            outcome.
        design: a column ``point`` and one per factor.
        sides: the factors on the horizontal and on the vertical axis.
        outcome: the outcome whose mean is wanted.
        margin: effects within plus or minus this count as nothing.

    Returns:
        A column for each of the two factors with the cell's level; ``points`` and ``runs``, the
        points pooled and the runs at each; the outcome with ``_low`` and ``_high``, Student's 95 %
        interval of the mean over runs or draws, infinitely wide for one; ``split``, ``null`` and
        ``backfire``, shares of runs, each with its interval (Wilson, 1927, by the number of runs);
        ``verdict``, the commonest; ``likely``, the verdict whose interval lies above one half, or
        an empty text; and ``settled``, whether the interval of the mean decides on which side of
        minus and of plus the margin it lies (of zero, for other outcomes than the effect).
    """
    points, effects = outcome_matrix(runs, EFFECT)
    values = effects if outcome == EFFECT else outcome_matrix(runs, outcome)[1]
    placed = design.set_index("point").loc[points]
    columns = [_cells(placed[axis.name].to_numpy(), axis) for axis in sides]
    stood = [cell_levels(axis) for axis in sides]
    wide = len(stood[1])
    known, of = np.unique(columns[0] * wide + columns[1], return_inverse=True)
    runs_each = effects.shape[1]
    found: dict[str, Any] = {
        axis.name: [levels[cell] for cell in cells]
        for axis, levels, cells in zip(sides, stood, (known // wide, known % wide), strict=True)
    }
    found |= {"points": np.bincount(of), "runs": runs_each}
    draws = draws_in(runs)
    mean, low, high = _mean(independent(_pooled(of, values), draws))
    found |= {outcome: mean, f"{outcome}_low": low, f"{outcome}_high": high}
    verdicts = (effects < -margin, np.abs(effects) <= margin, effects > margin)
    for word, is_so in zip(WORDS, verdicts, strict=True):
        share, *ends = shares_with_ends(_pooled(of, is_so.astype(np.float64)), draws)
        found |= {word: share, f"{word}_low": ends[0], f"{word}_high": ends[1]}
    edges = (-margin, margin) if outcome == EFFECT else (0.0,)
    found["settled"] = ~np.any([(low <= edge) & (edge <= high) for edge in edges], axis=0)
    return pd.DataFrame(found).assign(verdict=_commonest, likely=_likely)


def difference(
    runs: pd.DataFrame, design: pd.DataFrame, factor: str, levels: tuple[Any, Any], outcome: str
) -> Interval:
    """Return the mean outcome at one level of a factor less that at another, over all the others.

    Args:
        runs: one row per point and run.
        design: a column ``point`` and one per factor.
        factor: the factor.
        levels: the level that is taken away, and the one that it is taken away from.
        outcome: the outcome.

    Returns:
        The difference with Student's 95 % interval over runs, run by run on common shocks.
    """
    points, values = outcome_matrix(runs, outcome)
    at = design.set_index("point").loc[points, factor].to_numpy()
    away, whole = (values[at == level].mean(axis=0, keepdims=True) for level in levels)
    found = _mean(independent(whole - away, draws_in(runs)))
    return Interval(*(float(end[0]) for end in found))


class Turn(NamedTuple):
    """Where a share of runs passes one half along a line of cells.

    Attributes:
        at: the place.
        low: where it may lie at the earliest, by the shares' intervals; NaN where that is open.
        high: where it may lie at the latest.
        rises: whether the share is larger beyond that place.
    """

    at: float
    low: float
    high: float
    rises: bool


def turn_of(places: Array, share: Array, low: Array, high: Array) -> Turn | None:
    """Return where a share passes one half, if it does so once.

    Args:
        places: where the cells stand, rising.
        share: share of runs in each cell.
        low: lower ends of the intervals.
        high: upper ends of the intervals.
    """
    found = crossings(places, share, EVEN)
    if len(found) != 1:
        return None
    ends = [crossings(places, end, EVEN) for end in (low, high)]
    known = [end[0] if len(end) == 1 else np.nan for end in ends]
    return Turn(found[0], min(known), max(known), bool(share[-1] > share[0]))


def crossings(places: Array, values: Array, level: float) -> list[float]:
    """Return the places at which values pass a level, linearly between one place and the next."""
    above = values > level
    found = []
    for k in np.flatnonzero(above[1:] != above[:-1]):
        share = (level - values[k]) / (values[k + 1] - values[k])
        found.append(float(places[k] + share * (places[k + 1] - places[k])))
    return found


def _cells(values: NDArray[Any], axis: Axis) -> NDArray[np.int64]:
    """Return the cell of each value along an axis."""
    levels = axis.levels()
    place = pd.Index(levels).get_indexer(pd.Index(values))
    return np.asarray(place * len(cell_levels(axis)) // len(levels), dtype=np.int64)


def _pooled(of: NDArray[np.int64], values: Array) -> Array:
    """Return means over the points of each cell, shape (cells, runs)."""
    sums = np.zeros((int(of.max(initial=-1)) + 1, values.shape[1]))
    np.add.at(sums, of, values)
    return np.asarray(sums / np.bincount(of)[:, None])


def _mean(values: Array) -> tuple[Array, Array, Array]:
    """Return means over runs with both ends of Student's interval."""
    runs = values.shape[1]
    mean = values.mean(axis=1)
    if runs < 2:
        return mean, np.full(mean.shape, -np.inf), np.full(mean.shape, np.inf)
    quantile = float(stats.t.ppf(TAILS[1], runs - 1))
    half = quantile * values.std(axis=1, ddof=1) / np.sqrt(runs)
    return mean, mean - half, mean + half


def _commonest(table: pd.DataFrame) -> NDArray[Any]:
    """Return the commonest verdict of each cell."""
    shares = table[list(WORDS)].to_numpy()
    return np.asarray(np.array(WORDS, dtype=object)[shares.argmax(axis=1)])


def _likely(table: pd.DataFrame) -> NDArray[Any]:
    """Return the verdict that is surely more likely than not in each cell, or an empty text."""
    surely = table[[f"{word}_low" for word in WORDS]].to_numpy() > EVEN
    return np.where(surely.any(axis=1), np.array(WORDS, dtype=object)[surely.argmax(axis=1)], "")
