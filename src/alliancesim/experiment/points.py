"""From a point of a design to its world and twin, through the same door as any scenario."""

from __future__ import annotations

from collections.abc import Sequence

from alliancesim.batch import Pair
from alliancesim.experiment.design import Design
from alliancesim.experiment.reading import LoadedExperiment


def pairs_of(
    loaded: LoadedExperiment, design: Design, indices: Sequence[int]
) -> list[Pair | str]:
    """Return world and twin of each point, or in words why the point is no valid scenario."""
    raise NotImplementedError
