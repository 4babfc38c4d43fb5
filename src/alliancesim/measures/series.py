"""Series by name, and where they rest before anything happens.

Nothing is run here: what a series does in runs is for batch and ensemble.
"""

from __future__ import annotations

from alliancesim.batch import ALLIANCE, Series
from alliancesim.step import alliance_cohesion
from alliancesim.world import World

COHESION = "cohesion"
"""Name of the mean cohesion of the alliance."""


def series_named(text: str) -> Series:
    """Return the series that ``VARIABLE:OF-TOWARD`` names; whether there is one is not asked.

    Args:
        text: of a variable and an ordered dyad; what it lacks is empty in the series.
    """
    variable, _, dyad = text.partition(":")
    of, _, toward = dyad.partition("-")
    return Series(variable, of, toward)


def resting(world: World, series: Series = ALLIANCE) -> float:
    """Return what a series is at the baseline of a world.

    Args:
        world: the world.
        series: one that the world has.
    """
    if series == ALLIANCE:
        return float(alliance_cohesion(world.baseline.cohesion, world.strategists.alliance))
    of, toward = (world.actors.index(str(name)) for name in (series.of, series.toward))
    return float(getattr(world.baseline, series.variable)[of, toward])
