"""Names of outcomes: what can be kept of a run.

All are means over the last ``window`` months. ``effect`` is the alliance's cohesion, world less
twin; ``cohesion`` and ``cohesion_twin`` are the two; ``change`` and ``change_twin`` are these since
the baseline. Any other state or action of a dyad is named ``variable.OF-TOWARD``, such as
``opinion.A-B``, with ``.twin`` for the twin and ``.effect`` for world less twin. Values are not
made here but in outcomes.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from alliancesim.arrays import State
from alliancesim.experiment.schema import Experiment
from alliancesim.scenario.problems import nearest, shown
from alliancesim.scenario.rules import Broken
from alliancesim.scenario.schema import Scenario

EFFECT = "effect"
OUTCOMES = (EFFECT, "cohesion", "cohesion_twin", "change", "change_twin")
"""Outcomes of the alliance; ``effect`` is always kept."""

SIDES = ("twin", "effect")
"""Last parts of an outcome's name that mean another thing than the world's value."""


def names_of(experiment: Experiment) -> tuple[str, ...]:
    """Return the outcomes that an experiment keeps, ``effect`` first."""
    return tuple(dict.fromkeys((EFFECT, *experiment.outcomes)))


def misnamed(names: Sequence[str], scenario: Scenario) -> Iterator[Broken]:
    """Yield a complaint about each name that is no outcome of a scenario."""
    for name in names:
        if name in OUTCOMES:
            continue
        variable, *rest = name.split(".")
        if variable not in State._fields or len(rest) not in (1, 2):
            expected = (
                f"one of {', '.join(OUTCOMES)}, or variable.OF-TOWARD, perhaps with .twin or"
                f" .effect, where variable is one of {', '.join(State._fields)}"
            )
            hint = nearest(variable, (*OUTCOMES, *State._fields))
            yield Broken(("outcomes",), shown(name), expected, hint)
            continue
        of, _, toward = rest[0].partition("-")
        actors = list(scenario.actors)
        for actor in (of, toward):
            if actor not in actors:
                expected = "two of the actors " + ", ".join(actors)
                yield Broken(("outcomes",), shown(name), expected, nearest(actor, actors))
        if of == toward:
            yield Broken(("outcomes",), shown(name), "two different actors")
        if rest[1:] and rest[1] not in SIDES:
            expected = ".twin, .effect or neither at its end"
            yield Broken(("outcomes",), shown(name), expected, nearest(rest[1], SIDES))
