"""What is to be explained: cohesion, any other variable of a dyad, or the effect of the wedge.

Means over several dyads are not asked for here; what players of a game want is read by
game.outcomes, which has them.
"""

from __future__ import annotations

from typing import NamedTuple

from alliancesim.arrays import State
from alliancesim.batch import ALLIANCE, Series
from alliancesim.measures.series import COHESION, series_named
from alliancesim.scenario.problems import InputError, Problem, nearest
from alliancesim.scenario.schema import Scenario

EFFECT = "effect"


class Asked(NamedTuple):
    """What is to be explained.

    Attributes:
        text: as it was asked for.
        series: the series that is read.
        is_effect: whether the difference that the wedge makes to it is meant.
    """

    text: str
    series: Series
    is_effect: bool


def asked_for(scenario: Scenario, text: str) -> Asked:
    """Return what an outcome's text stands for.

    Args:
        scenario: a validated scenario.
        text: ``cohesion``, mean over the alliance; ``effect``, of the wedge on it; or a variable
            of an ordered dyad, such as ``opinion:A-B``.

    Raises:
        InputError: if there is no such outcome.
    """
    if text in (COHESION, EFFECT):
        return Asked(text, ALLIANCE, text == EFFECT)
    series = series_named(text)
    variable, of, toward = map(str, series)
    actors = list(scenario.actors)
    known = [COHESION, EFFECT, *State._fields]
    allies = "-".join(scenario.outcome.alliance[:2])
    expected = f"{COHESION}, {EFFECT}, or a variable of a dyad such as opinion:{allies}"
    problems = []
    if variable not in State._fields:
        problems.append(Problem("--outcome", "", text, expected, nearest(variable, known)))
    elif of == toward:
        problems.append(Problem("--outcome", "", text, expected))
    for actor in (of, toward) if ":" in text else ():
        if actor not in actors:
            hint = nearest(actor, actors)
            those = f"two of the actors {', '.join(actors)}"
            problems.append(Problem("--outcome", "", text, those, hint))
    if problems:
        raise InputError(problems)
    return Asked(text, series, False)
