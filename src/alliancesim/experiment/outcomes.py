"""Outcomes by name: what of a run's late means is kept."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from numpy.typing import NDArray

from alliancesim.arrays import Array
from alliancesim.batch import Pair, Series
from alliancesim.experiment.reading import LoadedExperiment


def outcome_names(loaded: LoadedExperiment) -> tuple[str, ...]:
    """Return the outcomes that are kept, ``effect`` first."""
    raise NotImplementedError


def series_of(loaded: LoadedExperiment) -> tuple[Series, ...]:
    """Return what has to be averaged for them, the alliance's cohesion first."""
    raise NotImplementedError


def run_table(
    loaded: LoadedExperiment, indices: Sequence[int], means: Array, pairs: Sequence[Pair]
) -> dict[str, NDArray[Any]]:
    """Return the outcomes of each run as columns.

    Args:
        loaded: the experiment.
        indices: the points, failed ones left out.
        means: of :func:`alliancesim.batch.late_means`, shape (points, 2, runs, series).
        pairs: world and twin of each of these points, whose baselines ``change`` needs.

    Returns:
        ``point``, ``run`` and one column per outcome, each of shape (points * runs,).
    """
    raise NotImplementedError
