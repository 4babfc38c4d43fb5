"""A finished experiment as points with conditions and an outcome.

Single runs are not read: rules are about what the runs of a point amount to.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import numpy as np
import pandas as pd

from alliancesim.arrays import Array
from alliancesim.discovery.features import Feature, features_of
from alliancesim.experiment.factors import SWITCHED_OFF, Axis
from alliancesim.experiment.identity import KIND
from alliancesim.experiment.parts import POINT
from alliancesim.experiment.reading import from_manifest
from alliancesim.experiment.schema import Experiment
from alliancesim.experiment.store import read_design, read_points, read_summary
from alliancesim.results.result import read_manifest
from alliancesim.scenario.problems import InputError, Problem
from alliancesim.scenario.schema import Scenario

Among = Literal["all", "inputs", "coefficients"]

KINDS: dict[Among, str] = {
    "all": "inputs or coefficients",
    "inputs": "inputs: of actors, dyads, strategies or events",
    "coefficients": "coefficients of the law, or switches of its mechanisms",
}
"""What rules may bound, in words."""

_KEPT = ("manifest.json", "summary.json", "design.parquet", "points.parquet")
"""Files of an experiment that discovery reads."""

_LAW = ("coefficients", SWITCHED_OFF)

FEWEST_POINTS = 100
"""Points below which no rule is sought: five parts of twenty each are the least to test one on."""


@dataclass(frozen=True)
class Dataset:
    """What an experiment's folder holds, as far as discovery needs it.

    Attributes:
        folder: where it lies.
        manifest: what was swept, how, and with which program.
        experiment: the experiment.
        scenario: the scenario that it varies.
        axes: its factors, factor sets spelt out.
        features: the columns of ``table``.
        table: conditions, one row per point.
        numbers: of the points, shape (points,).
        verdicts: each point's commonest verdict, shape (points,).
        effects: each point's mean effect on cohesion, shape (points,), dimensionless.
        failed: number of points that failed, which are left out.
        among: which factors rules may bound.
    """

    folder: Path
    manifest: dict[str, Any]
    experiment: Experiment
    scenario: Scenario
    axes: tuple[Axis, ...]
    features: tuple[Feature, ...]
    table: pd.DataFrame
    numbers: np.ndarray[Any, np.dtype[np.int64]]
    verdicts: np.ndarray[Any, np.dtype[np.object_]]
    effects: Array
    failed: int
    among: Among = "all"

    @property
    def name(self) -> str:
        """Return the name of the experiment."""
        return str(self.manifest["name"])

    @property
    def seed(self) -> int:
        """Return the seed of the shocks and of the design, which folds are keyed by as well."""
        return self.experiment.seed

    @property
    def margin(self) -> float:
        """Return the margin within which effects count as nothing."""
        return self.scenario.outcome.margin.value

    @property
    def points(self) -> int:
        """Return the number of points."""
        return len(self.numbers)


def read_dataset(folder: Path, among: Among = "all") -> Dataset:
    """Return the points of a finished experiment.

    Args:
        folder: results of an experiment.
        among: which factors rules may bound.

    Raises:
        InputError: if it holds none, or one that is not finished, damaged or too small, or that
            varies nothing of the kind.
    """
    manifest = read_manifest(folder)
    if manifest.get("kind") != KIND:
        expected = "results of an experiment (alliancesim experiment)"
        raise InputError([Problem(str(folder), "kind", str(manifest.get("kind")), expected)])
    loaded = from_manifest(manifest)
    summary = read_summary(folder)
    if not summary.get("complete"):
        expected = "a finished experiment (alliancesim experiment --resume goes on with it)"
        raise InputError([Problem(str(folder), "", "", expected)])
    points = read_points(folder)
    if len(points) < FEWEST_POINTS:
        expected = f"an experiment of at least {FEWEST_POINTS} points that did not fail"
        raise InputError([Problem(str(folder), "points", str(len(points)), expected)])
    design = read_design(folder).set_index(POINT).loc[points[POINT]]
    features, table = features_of(_eligible(loaded.axes, among), design)
    if not features:
        expected = f"an experiment that varies {KINDS[among]}"
        raise InputError([Problem(str(folder), "factors", "none", expected)])
    return Dataset(
        folder,
        manifest,
        loaded.experiment,
        loaded.base.scenario,
        loaded.axes,
        features,
        table,
        points[POINT].to_numpy(dtype=np.int64),
        points["verdict"].to_numpy(dtype=object),
        points["effect"].to_numpy(dtype=np.float64),
        int(summary.get("failed", 0)),
        among,
    )


def keep_points(source: Path, folder: Path) -> None:
    """Copy what an experiment's points amount to, without their runs, into a new folder.

    Args:
        source: results of a finished experiment.
        folder: from which :func:`read_dataset` can read the same.
    """
    folder.mkdir()
    for name in _KEPT:
        (folder / name).write_bytes((source / name).read_bytes())


def _eligible(axes: Sequence[Axis], among: Among) -> list[Axis]:
    """Return the factors that rules may bound: a factor of the law moves nothing but the law."""
    if among == "all":
        return list(axes)
    law = [all(key.partition(".")[0] in _LAW for key in axis.keys) for axis in axes]
    return [axis for axis, is_law in zip(axes, law, strict=True) if is_law == (among != "inputs")]
