"""Outcomes of each run and quantiles over runs, as tidy tables."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
import pandas as pd

from alliancesim.arrays import Array, State
from alliancesim.ensemble import TWIN, WORLD, Ensemble

QUANTILES = {"q05": 0.05, "q25": 0.25, "q50": 0.50, "q75": 0.75, "q95": 0.95}
"""Quantiles over runs that tables keep, by column."""

SIDES = ("world", "twin")
_COHESION = State._fields.index("cohesion")


def alliance_paths(ensemble: Ensemble) -> Array:
    """Return mean cohesion over the alliance's dyads, shape (2, runs, months + 1), 0 to 1."""
    mask = ensemble.world.strategists.alliance
    return np.asarray(ensemble.states[:, :, :, _COHESION][..., mask].mean(axis=-1))


def outcomes(ensemble: Ensemble) -> pd.DataFrame:
    """Return one row per run: mean cohesion over the last ``window`` months, and the effect.

    Columns: ``run``; ``cohesion_world`` and ``cohesion_twin`` (0 to 1); ``effect``, world minus
    twin; ``change_world`` and ``change_twin``, since the baseline.
    """
    paths = alliance_paths(ensemble)
    late = paths[:, :, -ensemble.world.window :].mean(axis=-1)
    rest = paths[:, :, 0]
    return pd.DataFrame(
        {
            "run": np.arange(ensemble.runs),
            "cohesion_world": late[WORLD],
            "cohesion_twin": late[TWIN],
            "effect": late[WORLD] - late[TWIN],
            "change_world": late[WORLD] - rest[WORLD],
            "change_twin": late[TWIN] - rest[TWIN],
        }
    )


def alliance_quantiles(ensemble: Ensemble) -> pd.DataFrame:
    """Return alliance cohesion by month: series ``world``, ``twin`` and ``effect``.

    Columns: ``series``, ``month``, ``date``, ``mean`` and the columns of ``QUANTILES``.
    """
    paths = alliance_paths(ensemble)
    series = {"world": paths[WORLD], "twin": paths[TWIN], "effect": paths[WORLD] - paths[TWIN]}
    frames = [
        pd.DataFrame({"series": name, **_months(ensemble), **_spread(values)})
        for name, values in series.items()
    ]
    return pd.concat(frames, ignore_index=True)


def trajectory_quantiles(ensemble: Ensemble) -> pd.DataFrame:
    """Return every variable of every ordered dyad by month, as quantiles over runs.

    Columns: ``world`` (``"world"`` or ``"twin"``), ``month``, ``date``, ``of``, ``toward``,
    ``variable``, ``mean`` and the columns of ``QUANTILES``.
    """
    frames = [
        pd.DataFrame({**keys, **_months(ensemble), **_spread(values)})
        for keys, values in _series(ensemble)
    ]
    return pd.concat(frames, ignore_index=True)


def trajectory_runs(ensemble: Ensemble) -> pd.DataFrame:
    """Return every variable of every ordered dyad by month and run.

    Columns: ``world``, ``run``, ``month``, ``date``, ``of``, ``toward``, ``variable``, ``value``.
    """
    months = _months(ensemble)
    steps = len(months["month"])
    frames = [
        pd.DataFrame(
            {
                **keys,
                "run": np.repeat(np.arange(ensemble.runs), steps),
                "month": np.tile(months["month"], ensemble.runs),
                "date": np.tile(np.array(months["date"], dtype=object), ensemble.runs),
                "value": values.ravel(),
            }
        )
        for keys, values in _series(ensemble)
    ]
    return pd.concat(frames, ignore_index=True)


def summarised(runs: pd.DataFrame) -> pd.DataFrame:
    """Return the table of :func:`trajectory_quantiles` from that of :func:`trajectory_runs`."""
    keys = ["world", "of", "toward", "variable", "month", "date"]
    grouped = runs.groupby(keys, sort=False)["value"]
    columns = {"mean": grouped.mean()}
    columns |= {name: grouped.quantile(level) for name, level in QUANTILES.items()}
    return pd.DataFrame(columns).reset_index()


def _series(ensemble: Ensemble) -> Iterable[tuple[dict[str, str], Array]]:
    """Yield keys and values, shape (runs, months + 1), of each variable of each dyad."""
    actors = ensemble.world.actors
    for side, name in enumerate(SIDES):
        for i, of in enumerate(actors):
            for j, toward in enumerate(actors):
                if i != j:
                    for v, variable in enumerate(State._fields):
                        keys = {"world": name, "of": of, "toward": toward, "variable": variable}
                        yield keys, ensemble.states[side, :, :, v, i, j]


def _months(ensemble: Ensemble) -> dict[str, list[int] | list[str]]:
    """Return the columns that place a row in time."""
    months = range(ensemble.world.months + 1)
    return {"month": list(months), "date": [ensemble.world.date(month) for month in months]}


def _spread(values: Array) -> dict[str, Array]:
    """Return mean and quantiles over runs, the first axis."""
    levels = np.quantile(values, list(QUANTILES.values()), axis=0)
    return {"mean": values.mean(axis=0), **dict(zip(QUANTILES, levels, strict=True))}
