"""From an experiment file and ``--set`` to one validated experiment on its scenario."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from alliancesim.experiment.factors import Axis
from alliancesim.experiment.schema import Experiment
from alliancesim.scenario.reading import Loaded


@dataclass(frozen=True)
class LoadedExperiment:
    """A validated experiment, its scenario, and where it came from.

    Attributes:
        name: stem of its file.
        experiment: the experiment.
        base: the scenario that it varies, with its settings.
        file: its file.
        digest: of everything that determines the numbers, 32 hexadecimal digits.
        axes: its factors, factor sets spelt out.
    """

    name: str
    experiment: Experiment
    base: Loaded
    file: Path
    digest: str
    axes: tuple[Axis, ...]

    @property
    def points(self) -> int:
        """Return the number of points of the design."""
        raise NotImplementedError

    @property
    def part_points(self) -> int:
        """Return the number of points that are written at a time."""
        raise NotImplementedError


def load_experiment(reference: str, settings: Sequence[str] = ()) -> LoadedExperiment:
    """Read and validate an experiment.

    Args:
        reference: name of a shipped experiment, or a path.
        settings: ``key=value`` texts. A key of the experiment file, such as ``design.replicates``,
            overrides that file; any other is a key of the scenario and holds at every point.

    Raises:
        InputError: with every problem found.
    """
    raise NotImplementedError
