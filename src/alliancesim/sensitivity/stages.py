"""Runs of any points of an experiment in a folder, which can be stopped and gone on with.

A stage is an experiment whose points are given; it is computed, written and resumed as any other.
Which points are run is not settled here, but in sampling and alone.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from alliancesim.arrays import Array
from alliancesim.experiment.design import Design, design_table
from alliancesim.experiment.execution import Produce, fill, manifest_of
from alliancesim.experiment.factors import Axis
from alliancesim.experiment.independence import outcome_matrix
from alliancesim.experiment.parts import Plan
from alliancesim.experiment.reading import LoadedExperiment
from alliancesim.experiment.store import keys_of, opened, read_failures, read_runs
from alliancesim.results.result import table_digest

_BELOW_ONE = float(np.nextafter(1.0, 0.0))


class Outcomes(NamedTuple):
    """What a stage amounts to.

    Attributes:
        runs: one row per point and run: ``point``, ``run``, ``draw`` where coefficients are drawn,
            and outcomes.
        failures: points that failed, with columns ``point`` and ``error``.
    """

    runs: pd.DataFrame
    failures: pd.DataFrame

    def matrix(self, outcome: str, points: int) -> Array:
        """Return an outcome of each point and run, shape (points, runs), missing where failed."""
        places, values = outcome_matrix(self.runs, outcome)
        found = np.full((points, values.shape[1]), np.nan)
        found[places] = values
        return found


def laid_out(axes: Sequence[Axis], shares: Array) -> tuple[NDArray[Any], ...]:
    """Return the values of factors at shares of their ranges.

    Args:
        axes: the factors.
        shares: 0 to 1, shape (points, factors).

    Returns:
        One column per factor, shape (points,).
    """
    # What is chosen has no value at the very end of the range.
    inside = np.minimum(shares, _BELOW_ONE)
    return tuple(
        axis.sampled((inside if axis.kind == "choice" else shares)[:, k])
        for k, axis in enumerate(axes)
    )


def planned(
    loaded: LoadedExperiment,
    axes: Sequence[Axis],
    columns: Sequence[NDArray[Any]],
    *,
    runs: int,
    outcomes: Sequence[str],
) -> Plan:
    """Return an experiment at points of one's own.

    Args:
        loaded: the experiment whose scenario, months, seed and draws they have.
        axes: the factors that are moved.
        columns: their values, each of shape (points,).
        runs: number of runs of world and twin at each point.
        outcomes: what is kept of each run besides the effect.
    """
    points = len(columns[0])
    keys = tuple(axis.keys for axis in axes)
    design = Design(tuple(axis.name for axis in axes), keys, tuple(columns), points)
    laid = {"kind": "sobol", "points": points, "replicates": runs}
    own = loaded.experiment.design.model_copy(update=laid)
    changed = {"design": own, "outcomes": list(outcomes), "analysis": None}
    experiment = loaded.experiment.model_copy(update=changed)
    told = f"{loaded.digest} {axes!r} {runs} {outcomes!r} {table_digest(design_table(design))}"
    digest = hashlib.blake2b(told.encode(), digest_size=16).hexdigest()
    staged = replace(loaded, experiment=experiment, axes=tuple(axes), digest=digest)
    return Plan(staged, design)


def run_stage(
    plan: Plan,
    folder: Path,
    produce: Produce,
    progress: Callable[[int], None] | None = None,
) -> Outcomes:
    """Run a stage, or what is left of it in its folder.

    Args:
        plan: its points.
        folder: where its parts are kept.
        produce: how parts are computed; it changes no bit.
        progress: called with the number of runs that are done, first with those done before.

    Returns:
        All its runs.

    Raises:
        InputError: if the folder holds another stage or cannot be written to.
        KeyboardInterrupt: on Ctrl-C; parts finished until then are kept.
    """
    manifest = manifest_of(plan)
    table, drawn = design_table(plan.design), plan.loaded.posterior
    with opened(folder, manifest, table, resume=True, posterior=drawn) as store:
        fill(plan, store, produce, progress)
    columns = [*keys_of(manifest), *manifest["outcomes"]]
    return Outcomes(read_runs(folder, columns), read_failures(folder))
