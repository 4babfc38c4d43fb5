"""From a point of a design to its world and twin, through the same door as any scenario.

Nothing is run here.
"""

from __future__ import annotations

from collections.abc import Sequence

from alliancesim.batch import Pair
from alliancesim.experiment.design import Design
from alliancesim.experiment.factors import laid_over
from alliancesim.experiment.reading import LoadedExperiment
from alliancesim.scenario.problems import InputError
from alliancesim.scenario.schema import Scenario
from alliancesim.scenario.variation import varied
from alliancesim.world import build_world


def pairs_of(loaded: LoadedExperiment, design: Design, indices: Sequence[int]) -> list[Pair | str]:
    """Return world and twin of each point, or in words why the point is no valid scenario.

    Args:
        loaded: the experiment.
        design: its design.
        indices: numbers of the points, in the order of the design.

    Returns:
        One entry per index.
    """
    months = loaded.experiment.design.months
    found: list[Pair | str] = []
    for index in indices:
        try:
            scenario = scenario_at(loaded, design, index)
            world = build_world(scenario, months=months)
            found.append(Pair(world, build_world(scenario, wedge=False, months=months)))
        except InputError as error:
            found.append(str(error))
    return found


def scenario_at(loaded: LoadedExperiment, design: Design, index: int) -> Scenario:
    """Return the scenario of one point.

    Raises:
        InputError: if its values together make no valid scenario.
    """
    settings = (
        setting
        for axis, column in zip(loaded.axes, design.values, strict=True)
        for setting in axis.settings(column[index : index + 1].tolist()[0])
    )
    return varied(loaded.base, laid_over(settings, loaded.base.scenario))
