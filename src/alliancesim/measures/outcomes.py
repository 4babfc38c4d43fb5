"""Outcomes of each run and quantiles over runs, as tidy tables.

Only the ensemble's own numbers: what a verdict or a share makes of them is for verdict, how certain
a mean is for intervals.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from alliancesim.arrays import Array, State
from alliancesim.batch import Series
from alliancesim.ensemble import TWIN, WORLD, Ensemble
from alliancesim.measures.intervals import Draws
from alliancesim.measures.variance import is_nested, parameter_band

QUANTILES = {"q05": 0.05, "q25": 0.25, "q50": 0.50, "q75": 0.75, "q95": 0.95}
"""Quantiles over runs that tables keep, by column."""

PARAMETERS = ("parameters_q05", "parameters_q95")
"""Columns of the band that holds 90 % of what the coefficients alone, without the chance of shocks,
make of a quantity; there where the coefficients are drawn."""

SIDES = ("world", "twin")


def late_means(paths: Array, window: int) -> Array:
    """Return means over the last ``window`` months, the last axis.

    Months are added in their order, as the batch kernel adds them, so that the bits are the same.
    """
    total = np.zeros(paths.shape[:-1])
    for month in range(paths.shape[-1] - window, paths.shape[-1]):
        total += paths[..., month]
    return total / window


def outcomes(ensemble: Ensemble) -> pd.DataFrame:
    """Return one row per run: mean cohesion over the last ``window`` months, and the effect.

    Columns: ``run``; ``draw`` of the coefficients, where they are drawn; ``cohesion_world`` and
    ``cohesion_twin`` (0 to 1); ``effect``, world minus twin; ``change_world`` and ``change_twin``,
    since the baseline.
    """
    late = late_means(ensemble.alliance, ensemble.world.window)
    rest = ensemble.alliance[:, :, 0]
    return pd.DataFrame(
        {
            "run": np.arange(ensemble.runs),
            **({} if ensemble.draws is None else {"draw": ensemble.draws}),
            "cohesion_world": late[WORLD],
            "cohesion_twin": late[TWIN],
            "effect": late[WORLD] - late[TWIN],
            "change_world": late[WORLD] - rest[WORLD],
            "change_twin": late[TWIN] - rest[TWIN],
        }
    )


def alliance_quantiles(ensemble: Ensemble) -> pd.DataFrame:
    """Return alliance cohesion by month: series ``world``, ``twin`` and ``effect``.

    Columns: ``series``, ``month``, ``date``, ``mean``, the columns of ``QUANTILES`` and, where the
    coefficients are drawn, those of ``PARAMETERS``.
    """
    paths, draws = ensemble.alliance, ensemble.draws
    series = {"world": paths[WORLD], "twin": paths[TWIN], "effect": paths[WORLD] - paths[TWIN]}
    frames = [
        pd.DataFrame({"series": name, **_months(ensemble), **_spread(values, draws)})
        for name, values in series.items()
    ]
    return pd.concat(frames, ignore_index=True)


def trajectory_quantiles(ensemble: Ensemble) -> pd.DataFrame:
    """Return every variable of every ordered dyad by month, as quantiles over runs.

    Columns: ``world`` (``"world"`` or ``"twin"``), ``month``, ``date``, ``of``, ``toward``,
    ``variable``, ``mean``, the columns of ``QUANTILES`` and, where the coefficients are drawn,
    those of ``PARAMETERS``.
    """
    months, draws = _months(ensemble), ensemble.draws
    return _by_series(ensemble, lambda values: {**months, **_spread(values, draws)})


def trajectory_runs(ensemble: Ensemble) -> pd.DataFrame:
    """Return every variable of every ordered dyad by month and run.

    Columns: ``world``, ``run``, ``month``, ``date``, ``of``, ``toward``, ``variable``, ``value``.
    """
    months = _months(ensemble)
    steps = len(months["month"])
    rows = {
        "run": np.repeat(np.arange(ensemble.runs), steps),
        "month": np.tile(months["month"], ensemble.runs),
        "date": np.tile(np.array(months["date"], dtype=object), ensemble.runs),
    }
    return _by_series(ensemble, lambda values: {**rows, "value": values.ravel()})


def no_trajectories(ensemble: Ensemble) -> pd.DataFrame:
    """Return the table of :func:`trajectory_quantiles` with no row in it."""
    columns = ["world", "of", "toward", "variable", *_months(ensemble), "mean", *QUANTILES]
    return pd.DataFrame(columns=columns)


def summarised(runs: pd.DataFrame) -> pd.DataFrame:
    """Return the table of :func:`trajectory_quantiles` from that of :func:`trajectory_runs`."""
    keys = ["world", "of", "toward", "variable", "month", "date"]
    grouped = runs.groupby(keys, sort=False)["value"]
    columns = {"mean": grouped.mean()}
    columns |= {name: grouped.quantile(level) for name, level in QUANTILES.items()}
    return pd.DataFrame(columns).reset_index()


def _by_series(
    ensemble: Ensemble, columns: Callable[[Array], Mapping[str, object]]
) -> pd.DataFrame:
    """Return what ``columns`` makes of each variable of each dyad, under its name.

    Args:
        ensemble: the runs.
        columns: takes values of shape (runs, months + 1) and returns columns of a table.

    Returns:
        World before twin, then by dyad and variable.
    """
    actors = ensemble.world.actors
    wanted = [
        Series(variable, of, toward)
        for of in actors
        for toward in actors
        if of != toward
        for variable in State._fields
    ]
    names: tuple[list[tuple[str | None, ...]], ...] = ([], [])
    made: tuple[list[Mapping[str, object]], ...] = ([], [])
    for series, paths in ensemble.paths_in_turn(wanted):
        for side, called, found, values in zip(SIDES, names, made, paths, strict=True):
            called.append((side, series.of, series.toward, series.variable))
            found.append(columns(values))
    # One table of long columns: putting hundreds of small tables together takes ten times as long.
    parts = [*made[0], *made[1]]
    lengths = [len(_column(part["month"])) for part in parts]
    keys = np.array([*names[0], *names[1]], dtype=object).T
    table = {
        name: np.repeat(key, lengths)
        for name, key in zip(("world", "of", "toward", "variable"), keys, strict=True)
    }
    table |= {name: np.concatenate([_column(part[name]) for part in parts]) for name in parts[0]}
    return pd.DataFrame(table)


def _column(values: object) -> NDArray[Any]:
    """Return values of a column, texts as they are."""
    found = np.asarray(values)
    return found.astype(object) if found.dtype.kind == "U" else found


def _months(ensemble: Ensemble) -> dict[str, list[int] | list[str]]:
    """Return the columns that place a row in time."""
    months = range(ensemble.world.months + 1)
    return {"month": list(months), "date": [ensemble.world.date(month) for month in months]}


def _spread(values: Array, draws: Draws | None) -> dict[str, Array]:
    """Return mean and quantiles over runs, the first axis, and what the coefficients alone do."""
    levels = np.quantile(values, list(QUANTILES.values()), axis=0)
    found = {"mean": values.mean(axis=0), **dict(zip(QUANTILES, levels, strict=True))}
    if draws is None or not is_nested(draws):
        return found
    band = parameter_band(values, draws, (QUANTILES["q05"], QUANTILES["q95"]))
    return found | dict(zip(PARAMETERS, band, strict=True))
