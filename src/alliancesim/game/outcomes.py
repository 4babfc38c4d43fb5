"""Outcomes by name: the alliance's cohesion, and variables of dyads, alone or as a mean.

The effect of a wedge is no outcome here, since cells of a game have no twin; attribution.outcome
reads what an explanation asks for.
"""

from __future__ import annotations

from collections.abc import Sequence

from alliancesim.arrays import State
from alliancesim.batch import ALLIANCE, Series
from alliancesim.measures.series import COHESION, series_named
from alliancesim.scenario.problems import nearest

ALL = "*"


def series_of(outcome: str, actors: Sequence[str]) -> tuple[Series, ...]:
    """Return the series whose mean an outcome is.

    Args:
        outcome: ``cohesion``, or ``VARIABLE:OF-TOWARD``, where one of the two may be ``*``.
        actors: of the scenario.

    Raises:
        ValueError: if there is no such outcome, in words that say what was expected.
    """
    if outcome == COHESION:
        return (ALLIANCE,)
    variable, of, toward = map(str, series_named(outcome))
    if variable not in State._fields:
        near = nearest(variable, State._fields)
        hint = f"; did you mean {near!r}?" if near else ""
        raise ValueError(f"{COHESION}, or one of {', '.join(State._fields)} of a dyad{hint}")
    for actor in (of, toward):
        if actor != ALL and actor not in actors:
            raise ValueError(f"two of the actors {', '.join(actors)}, or *, as in {variable}:A-B")
    found = tuple(
        Series(variable, i, j)
        for i in ([of] if of != ALL else actors)
        for j in ([toward] if toward != ALL else actors)
        if i != j
    )
    if not found or of == toward:
        raise ValueError("two different actors, one of which may be *")
    return found
