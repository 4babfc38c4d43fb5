"""Results as labelled arrays: every axis with its name and coordinates, every number its range.

Nothing is computed here: numbers are arranged and named.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd
import xarray as xr

from alliancesim.arrays import VARIABLES
from alliancesim.batch import Series
from alliancesim.ensemble import Ensemble
from alliancesim.experiment.factors import Axis
from alliancesim.measures.outcomes import SIDES

_UNITS = "1"
"""All variables are shares or indices: dimensionless, as the CF conventions write it."""


def trajectories_by_run(ensemble: Ensemble, variables: Sequence[str]) -> xr.Dataset:
    """Return actions and states run by run and month by month.

    Args:
        ensemble: the runs.
        variables: fields of ``State``.

    Returns:
        See :meth:`alliancesim.api.running.Run.to_xarray`.
    """
    actors = list(ensemble.world.actors)
    apart = ~np.eye(len(actors), dtype=bool)
    described = {variable.name: variable for variable in VARIABLES}
    arrays: dict[str, Any] = {}
    for name in variables:
        dyads = [Series(name, of, to) for of in actors for to in actors if of != to]
        paths = ensemble.paths(dyads)
        square = np.full((*paths.shape[:3], len(actors), len(actors)), np.nan)
        square[..., apart] = paths
        found = described[name]
        attributes = _attributes(found.meaning, found.low, found.high)
        arrays[name] = (("side", "run", "month", "of", "toward"), square, attributes)
    meaning = "cohesion averaged over the dyads of the alliance in question"
    alliance = (("side", "run", "month"), ensemble.alliance, _attributes(meaning, 0, 1))
    months = range(ensemble.world.months + 1)
    draws = {} if ensemble.draws is None else {"draw": ("run", ensemble.draws)}
    dates = np.array([ensemble.world.date(month) for month in months], dtype="datetime64[ns]")
    return xr.Dataset(
        {**arrays, "alliance_cohesion": alliance},
        coords={
            "side": list(SIDES),
            "run": np.arange(ensemble.runs),
            **draws,
            "month": np.arange(len(months)),
            "date": ("month", dates),
            "of": ("of", actors, {"long_name": "actor i"}),
            "toward": ("toward", actors, {"long_name": "actor j"}),
        },
        attrs={"seed": str(ensemble.seed), "margin": ensemble.world.margin},
    )


def on_grid(table: pd.DataFrame, axes: Sequence[Axis], *inner: str) -> xr.Dataset:
    """Return a table of a grid's points as arrays with one dimension per factor.

    Args:
        table: a column per factor, the columns ``inner``, and what is to be laid out; one row for
            each combination of these, or fewer.
        axes: the factors.
        inner: columns that are dimensions as well.

    Returns:
        One variable per other column; missing where the table has no row.
    """
    factors = [axis.name for axis in axes]
    found: xr.Dataset = table.set_index([*factors, *inner]).to_xarray()
    return _labelled(found.reindex({axis.name: axis.levels() for axis in axes}), axes)


def on_points(table: pd.DataFrame, axes: Sequence[Axis], *inner: str) -> xr.Dataset:
    """Return a table of a sample's points as arrays along ``point``, factors being coordinates.

    Args:
        table: a column ``point``, one per factor, the columns ``inner``, and what is laid out.
        axes: the factors.
        inner: columns that are dimensions as well.
    """
    factors = [axis.name for axis in axes]
    place = table.groupby("point", sort=True)[factors].first()
    found: xr.Dataset = table.drop(columns=factors).set_index(["point", *inner]).to_xarray()
    coordinates = {name: ("point", place[name].to_numpy()) for name in factors}
    return _labelled(found.assign_coords(coordinates), axes)


def _labelled(found: xr.Dataset, axes: Sequence[Axis]) -> xr.Dataset:
    """Return arrays with what each factor is, and its unit, written beside it."""
    for axis in axes:
        unit: Mapping[str, str] = {"units": axis.unit} if axis.unit else {}
        found[axis.name].attrs.update({"long_name": axis.label, **unit})
    return found


def _attributes(meaning: str, low: float, high: float) -> dict[str, Any]:
    """Return meaning, unit and range of a variable, as the CF conventions name them."""
    return {"long_name": meaning, "units": _UNITS, "valid_min": low, "valid_max": high}
