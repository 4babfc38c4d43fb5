"""What the runs of an experiment say: by point, by factor, by pairs of factors, and over all.

Run r meets the same shocks at every point, so shocks do not average out over points: wherever
points are pooled, runs are averaged first and intervals are taken over runs. The plane of two
factors, cell by cell, is not for this module but for phases.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy import stats

from alliancesim.arrays import Array
from alliancesim.experiment.independence import (
    draws_in,
    independent,
    independent_matrix,
    outcome_matrix,
    shares_with_ends,
    wilson,
)
from alliancesim.measures.intervals import TAILS, Draws
from alliancesim.measures.verdict import WORDS

RESAMPLES = 300
"""Bootstrap resamples of importance and interactions; leaves the ends of an interval uncertain by
about 6 % of its width."""

_POINT, _RUN, _DRAW = "point", "run", "draw"


class Cells(NamedTuple):
    """Points sorted into the levels of a factor, or into bins of it.

    Attributes:
        of: number of the cell of each point, shape (points,).
        level: each cell's level, or the median of its points.
        low: smallest value in each cell.
        high: largest value in each cell.
    """

    of: NDArray[np.int64]
    level: list[Any]
    low: list[Any]
    high: list[Any]


def by_point(runs: pd.DataFrame, margin: float) -> pd.DataFrame:
    """Return one row per point: means of all outcomes and shares of verdicts, with intervals.

    Args:
        runs: one row per point and run, with columns ``point``, ``run``, ``effect`` and others;
            with a column ``draw``, intervals are over draws.
        margin: effects within plus or minus this count as nothing.

    Returns:
        Columns ``point`` and ``runs``; each outcome with its ``_low`` and ``_high``, Student's 95 %
        interval of the mean, infinitely wide for one run (not the bootstrap of a single scenario's
        verdict, which would take hours for thousands of points); ``split``, ``null`` and
        ``backfire``, shares of runs, each with its ``_low`` and ``_high`` (Wilson, 1927); and
        ``verdict``, the commonest.
    """
    draws = draws_in(runs)
    grouped = runs.drop(columns=[_RUN, _DRAW], errors="ignore").groupby(_POINT, sort=True)
    count = grouped.size()
    number = count.to_numpy()
    columns: dict[str, Any] = {_POINT: count.index.to_numpy(), "runs": number}
    means, variances = grouped.mean(), grouped.var()
    for name in means.columns:
        half = (
            _half_width(variances[name].to_numpy() / number, (number - 1).astype(np.float64))
            if draws is None
            else _half_over_draws(runs, str(name), draws)
        )
        mean = means[name].to_numpy()
        columns |= {name: mean, f"{name}_low": mean - half, f"{name}_high": mean + half}
    effect = runs["effect"]
    found = {"split": effect < -margin, "null": effect.abs() <= margin, "backfire": effect > margin}
    for word, is_so in found.items():
        times = is_so.groupby(runs[_POINT], sort=True).sum().to_numpy()
        low, high = (
            wilson(times, number)
            if draws is None
            else shares_with_ends(outcome_matrix(runs.assign(so=is_so), "so")[1], draws)[1:]
        )
        columns |= {word: times / number, f"{word}_low": low, f"{word}_high": high}
    shares = np.stack([columns[word] for word in WORDS])
    columns["verdict"] = np.array(WORDS, dtype=object)[shares.argmax(axis=0)]
    return pd.DataFrame(columns)


def main_effects(
    runs: pd.DataFrame,
    table: pd.DataFrame,
    outcome: str = "effect",
    *,
    sampled: bool,
    bins: int = 10,
) -> pd.DataFrame:
    """Return the mean outcome at each level of each factor, over all values of the others.

    Args:
        runs: one row per point and run.
        table: the design, with a column ``point`` and one per factor.
        outcome: the outcome.
        sampled: whether the points are a sample (Latin hypercube, Sobol), not a grid.
        bins: number of equally filled bins that a sampled number is sorted into.

    Returns:
        Columns ``factor``, ``level`` (or median of the bin), ``low`` and ``high`` of the bin,
        ``points``, and ``mean`` with ``mean_low`` and ``mean_high``. The 95 % interval is Student's
        over runs (or draws), since shocks are common to all points; for a sample, the variance of
        the mean over points is added and the degrees of freedom are Satterthwaite's (1946). It is
        infinitely wide for one run.
    """
    points, values = independent_matrix(runs, outcome)
    design = table.set_index(_POINT).loc[points]
    frames = []
    for factor in design.columns:
        cells = cells_of(design[factor].to_numpy(), bins if sampled else None)
        count = np.bincount(cells.of)
        means = _cell_means(cells.of, values)
        mean = means.mean(axis=1)
        half = _half_width(*_variance(cells.of, values, means, sampled))
        columns = {"level": cells.level, "low": cells.low, "high": cells.high, "points": count}
        ends = {"mean": mean, "mean_low": mean - half, "mean_high": mean + half}
        frames.append(pd.DataFrame({"factor": factor, **columns, **ends}))
    mixed = pd.concat(
        [frame.astype({"level": object, "low": object, "high": object}) for frame in frames],
        ignore_index=True,
    )
    return mixed


def interactions(
    runs: pd.DataFrame,
    table: pd.DataFrame,
    outcome: str = "effect",
    *,
    sampled: bool,
    factors: Sequence[str] | None = None,
    bins: int = 5,
    seed: int = 0,
) -> pd.DataFrame:
    """Return how far two factors act other than by the sum of what each does alone.

    The mean outcome in each cell of two factors is fitted by a sum of one number per level of each,
    weighted by points; what is left over is their interaction.

    Args:
        runs: one row per point and run.
        table: the design, with a column ``point`` and one per factor.
        outcome: the outcome.
        sampled: whether the points are a sample, not a grid.
        factors: factors to be paired, all if left out.
        bins: number of equally filled bins that a sampled number is sorted into.
        seed: of the bootstrap.

    Returns:
        One row per pair: ``first``, ``second``, ``variance`` of cell means, ``left_over`` of it,
        and ``noise``, the part of that which the scatter of points within cells would leave
        without any interaction, were they drawn independently (a Sobol sample leaves less, a grid
        none: 0). Then ``share``, left over by variance, with the bootstrap percentile interval over
        runs ``share_low`` and ``share_high``, both missing values for one run.
    """
    points, values = independent_matrix(runs, outcome)
    design = table.set_index(_POINT).loc[points]
    names = list(design.columns) if factors is None else list(factors)
    cells = {name: cells_of(design[name].to_numpy(), bins if sampled else None) for name in names}
    number = values.shape[1]
    drawn = np.random.default_rng(seed).multinomial(number, [1 / number] * number, RESAMPLES)
    weights = np.vstack([np.full(number, 1 / number), drawn / number]).T
    rows = []
    for first, second in combinations(names, 2):
        variance, left, noise = _left_over(cells[first].of, cells[second].of, values, weights)
        with np.errstate(invalid="ignore", divide="ignore"):
            share = np.where(variance > 0, left / variance, 0.0)
        ends = np.quantile(share[1:], TAILS) if number > 1 else (np.nan, np.nan)
        rows.append(
            (first, second, variance[0], left[0], noise if sampled else 0.0, share[0], *ends)
        )
    names_of_columns = ["first", "second", "variance", "left_over", "noise", "share"]
    return pd.DataFrame(rows, columns=[*names_of_columns, "share_low", "share_high"])


def importance(
    runs: pd.DataFrame, table: pd.DataFrame, outcome: str = "effect", *, seed: int = 0
) -> pd.DataFrame:
    """Return how strongly the outcome of a sample of points hangs on each factor.

    Points' mean outcomes and factors are replaced by their ranks and standardised; the coefficients
    of a linear regression on all factors at once are the standardised rank regression coefficients
    (Iman and Conover, 1979), between about -1 and 1. They measure monotone effects; ``explained``
    says how much of the ranks' variance such effects make up.

    Args:
        runs: one row per point and run.
        table: the design, with a column ``point`` and one per factor.
        outcome: the outcome.
        seed: of the bootstrap.

    Returns:
        One row per factor, the strongest first: ``factor``, ``coefficient`` with the percentile
        interval ``low``, ``high`` of a bootstrap over points (ranks kept), ``correlation``
        (Spearman's) and ``explained``. With no more points than factors, coefficients are missing.
    """
    points, values = independent_matrix(runs, outcome)
    design = table.set_index(_POINT).loc[points]
    columns = [pd.Series(design[name].to_numpy()).rank().to_numpy() for name in design.columns]
    x = _standardised(np.stack(columns, axis=1))
    y = _standardised(stats.rankdata(values.mean(axis=1))[:, None])[:, 0]
    size, factors = x.shape
    found = np.full((RESAMPLES + 1, factors), np.nan)
    explained = np.nan
    if size > factors + 1:
        drawn = np.random.default_rng(seed).multinomial(size, np.full(size, 1 / size), RESAMPLES)
        for row, weight in enumerate(np.vstack([np.ones(size), drawn])):
            found[row] = _fitted(x, y, weight)
        explained = 1 - float(np.mean((y - x @ found[0]) ** 2)) if y.any() else 0.0
    low, high = np.quantile(found[1:], TAILS, axis=0)
    frame = pd.DataFrame(
        {
            "factor": design.columns,
            "coefficient": found[0],
            "low": low,
            "high": high,
            "correlation": x.T @ y / size,
            "explained": explained,
        }
    )
    order = np.argsort(
        -np.abs(found[0] if size > factors + 1 else frame["correlation"]), kind="stable"
    )
    return frame.iloc[order].reset_index(drop=True)


def cells_of(values: NDArray[Any], bins: int | None) -> Cells:
    """Sort values into their levels, or numbers into equally filled bins.

    Args:
        values: one per point: numbers, months, switches or texts.
        bins: number of bins for numbers; None where each value is a level.
    """
    levels, of = np.unique(values, return_inverse=True)
    if bins is None or values.dtype.kind != "f" or len(levels) <= bins:
        known = levels.tolist()
        return Cells(of.astype(np.int64), known, known, known)
    edges = np.quantile(values, np.linspace(0, 1, bins + 1)[1:-1])
    _, of = np.unique(np.searchsorted(edges, values, side="right"), return_inverse=True)
    grouped = pd.Series(values).groupby(of)
    ends = (grouped.median(), grouped.min(), grouped.max())
    return Cells(of.astype(np.int64), *(found.tolist() for found in ends))


def _cell_means(of: NDArray[np.int64], values: Array) -> Array:
    """Return means over the points of each cell, shape (cells, columns of ``values``)."""
    sums = np.zeros((int(of.max()) + 1, values.shape[1]))
    np.add.at(sums, of, values)
    return sums / np.bincount(of)[:, None]


def _variance(
    of: NDArray[np.int64], values: Array, means: Array, sampled: bool
) -> tuple[Array, Array]:
    """Return the variance of each cell's mean over points and runs, and degrees of freedom."""
    runs = values.shape[1]
    if runs < 2:
        return np.full(len(means), np.inf), np.ones(len(means))
    by_runs = means.var(axis=1, ddof=1) / runs
    if not sampled:
        return by_runs, np.full(len(means), runs - 1.0)
    grouped = pd.Series(values.mean(axis=1)).groupby(of)
    count = np.bincount(of)
    by_points = (grouped.var() / grouped.size()).fillna(np.inf).to_numpy()
    total = by_runs + by_points
    with np.errstate(invalid="ignore", divide="ignore"):
        parts = by_runs**2 / (runs - 1) + by_points**2 / np.maximum(count - 1, 1)
        freedom = np.where(parts > 0, total**2 / parts, runs - 1.0)
    return total, np.where(np.isfinite(freedom), freedom, 1.0)


def _half_over_draws(runs: pd.DataFrame, outcome: str, draws: Draws) -> Array:
    """Return half the width of Student's interval over draws of the mean at each point."""
    units = independent(outcome_matrix(runs, outcome)[1], draws)
    number = units.shape[1]
    variance = units.var(axis=1, ddof=min(1, number - 1)) / number
    return _half_width(variance, np.full(len(units), number - 1.0))


def _half_width(variance: Array, freedom: Array) -> Array:
    """Return half the width of Student's interval, infinite where nothing is known."""
    known = (freedom > 0) & np.isfinite(variance)
    quantile = stats.t.ppf(TAILS[1], np.where(known, freedom, 1.0))
    return np.where(known, quantile * np.sqrt(np.where(known, variance, 0.0)), np.inf)


def _left_over(
    first: NDArray[np.int64], second: NDArray[np.int64], values: Array, weights: Array
) -> tuple[Array, Array, float]:
    """Return variance of cell means and its part that no sum fits, for each weighting of runs.

    Args:
        first: cell of each point by the first factor.
        second: the same by the second.
        values: shape (points, runs).
        weights: of the runs, shape (runs, weightings), each summing to 1.

    Returns:
        Both of shape (weightings,), and the part that scatter within cells leaves.
    """
    pairs, of = np.unique(np.stack([first, second]), axis=1, return_inverse=True)
    of = of.reshape(-1)
    count = np.bincount(of)
    means = _cell_means(of, values) @ weights
    rows, columns = (np.eye(int(side.max()) + 1)[side] for side in pairs)
    root = np.sqrt(count)[:, None]
    basis, singular, _ = np.linalg.svd(root * np.hstack([rows, columns]), full_matrices=False)
    basis = basis[:, singular > 1e-9 * singular.max()]
    scaled = root * means
    left = scaled - basis @ (basis.T @ scaled)
    centred = root * (means - count @ means / count.sum())
    scatter = (values.mean(axis=1) - _cell_means(of, values).mean(axis=1)[of]) ** 2
    inside = scatter.sum() / max(1, len(of) - len(count))
    noise = float(inside * (len(count) - basis.shape[1]) / count.sum())
    return (centred**2).sum(axis=0) / count.sum(), (left**2).sum(axis=0) / count.sum(), noise


def _fitted(x: Array, y: Array, weight: Array) -> Array:
    """Return coefficients of a weighted regression, the smallest where several fit alike."""
    root = np.sqrt(weight)
    weighted = x * root[:, None]
    products, target = weighted.T @ weighted, weighted.T @ (y * root)
    if len(y) < 4 * x.shape[1] or not np.diagonal(products).all():
        return np.asarray(np.linalg.lstsq(products, target, rcond=None)[0])
    return np.asarray(np.linalg.solve(products, target))


def _standardised(columns: Array) -> Array:
    """Return columns with mean 0 and variance 1, constant ones as 0."""
    centred = columns - columns.mean(axis=0)
    spread = centred.std(axis=0)
    return np.asarray(centred / np.where(spread > 0, spread, 1.0))
