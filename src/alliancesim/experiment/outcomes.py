"""From a run's late means to its outcomes, by name.

One run at a time: shares and means over runs are not for this module but for summary.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from alliancesim.arrays import Array
from alliancesim.batch import ALLIANCE, Pair, Series
from alliancesim.experiment.naming import EFFECT, OUTCOMES, names_of
from alliancesim.experiment.reading import LoadedExperiment
from alliancesim.measures.series import resting
from alliancesim.posterior.nesting import draws_of_runs


def outcome_names(loaded: LoadedExperiment) -> tuple[str, ...]:
    """Return the outcomes that are kept, ``effect`` first."""
    return names_of(loaded.experiment)


def series_of(loaded: LoadedExperiment) -> tuple[Series, ...]:
    """Return what has to be averaged for them, the alliance's cohesion first."""
    dyadic = (name for name in outcome_names(loaded) if name not in OUTCOMES)
    return tuple(dict.fromkeys((ALLIANCE, *(_series(name) for name in dyadic))))


def run_table(
    loaded: LoadedExperiment, indices: Sequence[int], means: Array, pairs: Sequence[Pair]
) -> dict[str, NDArray[Any]]:
    """Return the outcomes of each run as columns.

    Args:
        loaded: the experiment.
        indices: the points, failed ones left out.
        means: of :func:`alliancesim.batch.late_means`, shape (points, 2, runs, series).
        pairs: world and twin of each of these points, from whose baselines ``change`` counts.

    Returns:
        ``point``, ``run``, ``draw`` where coefficients are drawn, and one column per outcome, each
        of shape (points * runs,).
    """
    points, _, runs, _ = means.shape
    series = series_of(loaded)
    rest = np.array([resting(pair.world) for pair in pairs]).reshape(points, 1)
    columns: dict[str, NDArray[Any]] = {
        "point": np.repeat(np.asarray(indices, dtype=np.int64), runs),
        "run": np.tile(np.arange(runs, dtype=np.int64), points),
    }
    if loaded.posterior is not None:
        columns["draw"] = np.tile(draws_of_runs(runs, loaded.posterior.draws), points)
    for name in outcome_names(loaded):
        alliance = name in OUTCOMES
        place = 0 if alliance else series.index(_series(name))
        world, twin = means[:, 0, :, place], means[:, 1, :, place]
        values = twin if name.endswith("twin") else world
        if name.split(".")[-1] == EFFECT:
            values = world - twin
        elif name.startswith("change"):
            values = values - rest
        columns[name] = values.reshape(-1).copy()
    return columns


def _series(name: str) -> Series:
    """Return the series behind an outcome of a dyad."""
    variable, dyad = name.split(".")[:2]
    of, toward = dyad.split("-")
    return Series(variable, of, toward)
