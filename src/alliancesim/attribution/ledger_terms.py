"""The additive terms of one dyad's month in one run, by the very functions that move the dyad.

Nothing here decides how a state moves: the summands are those of :mod:`alliancesim.law` and
:mod:`alliancesim.step`, and a test holds their sum against both engines. An action is a function of
last month's state and not a sum over months, so it is booked by its level: how far each term holds
it away from rest. With several reasons in one logistic choice, a reason's part is its log-odds
times the mean slope of the way from rest to now, which is its Aumann-Shapley value (Aumann and
Shapley 1974). One run at a time: means over runs are not taken here.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from alliancesim import law, step
from alliancesim.arrays import EVENT_STATES, Array, Drivers, Pushes, State
from alliancesim.bounded import pushed, pushed_opinion
from alliancesim.coefficients import Coefficients
from alliancesim.shocks import SHOCKED_STATES, draw_row
from alliancesim.world import World

BOUND, SHOCK, REST = "bound", "shock", "rest"
LEADERS, STRATEGIES, EVENTS, WEDGE = "leaders", "strategies", "events", "wedge"

_OUTSIDE = (STRATEGIES, EVENTS, WEDGE)
_STIRRED = (EVENTS, WEDGE)

TERMS: dict[str, tuple[str, ...]] = {
    "cooperation": (*law.CooperationTerms._fields, LEADERS, *_OUTSIDE),
    "pressure": (*law.PressureTerms._fields, *_OUTSIDE),
    "opinion": (*law.OpinionTerms._fields, BOUND, SHOCK),
    "threat": (*law.ThreatTerms._fields, BOUND, SHOCK, *_STIRRED),
    "dependence": ("derisk", "rewire", BOUND, *_STIRRED),
    "grievance": ("fade", "reconcile", BOUND, SHOCK, *_STIRRED),
    "confidence": ("update", SHOCK, *_STIRRED),
    "suspicion": ("unmask", REST),
    "cohesion": (*law.CooperationTerms._fields, LEADERS, *_OUTSIDE, REST),
}
"""The terms of every quantity, in the order of ``State``."""

ACTIONS = ("cooperation", "pressure")
STATES = tuple(name for name in TERMS if name not in (*ACTIONS, "cohesion"))
"""States of ordered dyads; cohesion belongs to both directions together."""

_FLAT = 1e-6
"""Change of log-odds below which the slope of a choice is that at rest: a quotient of two smaller
numbers would be mostly rounding, and the sum is right to 1e-13."""


class Side(NamedTuple):
    """One world, and what the same has without the wedge.

    Attributes:
        world: the world that is run.
        without: the world without the acts of the wedge; the same one where it has none.
        drivers: of each month.
        pushes: of each month.
        other: pushes of each month without the wedge.
        standing: the same without events.
    """

    world: World
    without: World
    drivers: tuple[Drivers, ...]
    pushes: tuple[Pushes, ...]
    other: tuple[Pushes, ...]
    standing: tuple[Pushes, ...]


def side_of(world: World, without: World) -> Side:
    """Return a world with its inputs month by month.

    Args:
        world: the world.
        without: the same without the wedge.
    """
    months = range(world.months + 1)
    other = tuple(without.pushes_in(month) for month in months)
    still = np.zeros_like(other[0].raised)
    return Side(
        world,
        without,
        tuple(world.drivers_in(month) for month in months),
        tuple(world.pushes_in(month) for month in months),
        other,
        tuple(pushes._replace(raised=still, lowered=still) for pushes in other),
    )


class Course(NamedTuple):
    """One run of one side.

    Attributes:
        side: the world and its inputs.
        coefficients: of the run.
        seed: of the stream of shocks.
        number: of the run.
        path: states of every month, shape (months + 1, 9, actors, actors).
    """

    side: Side
    coefficients: Coefficients
    seed: int
    number: int
    path: Array

    def state(self, month: int) -> State:
        """Return the state at the end of a month."""
        return State(*self.path[month])

    def acted(self, month: int) -> State:
        """Return last month's states with a month's actions, to which states answer."""
        return State(*self.path[month, :2], *self.path[month - 1, 2:])


def action_levels(course: Course, i: int, j: int, first: int) -> tuple[Array, Array]:
    """Return how far each term holds i's actions toward j away from rest.

    Args:
        course: the run.
        i: index of the actor.
        j: index of the other.
        first: first month that is asked for.

    Returns:
        Cooperation and pressure, shape (months + 1, terms of the action), months before ``first``
        left at zero as month 0 is; the sum over terms is the action less its baseline.
    """
    side, c = course.side, course.coefficients
    rest, drivers = side.world.baseline, side.drivers
    appeal_at_rest = step.appeals(rest, drivers[0], c, i)
    baselines = (float(rest.cooperation[i, j]), float(rest.pressure[i, j]))
    months = len(drivers)
    levels = tuple(np.zeros((months, len(TERMS[action]))) for action in ACTIONS)
    for month in range(max(first, 1), months):
        before = course.state(month - 1)
        appeal = step.appeals(before, drivers[month], c, i)
        chosen = step.decide(rest, appeal, appeal_at_rest, i)
        laid = _laid_on(side, chosen, before, month, i)
        reasons = _reasons(course, before, month, i, j)
        for a, base in enumerate(baselines):
            changed = float(appeal[a, j] - appeal_at_rest[a, j])
            slope = (
                float(chosen[a, j] - base) / changed
                if abs(changed) > _FLAT
                else base * (1.0 - base)
            )
            levels[a][month] = [*(slope * reasons[a]), *laid[:, a, j]]
    return levels[0], levels[1]


def _reasons(course: Course, before: State, month: int, i: int, j: int) -> tuple[Array, Array]:
    """Return the changes since rest of i's log-odds of cooperating with j, and of pressing it.

    Leaders weigh strategic against ideational terms. Where that weight has changed, a term is a
    product of two changes, and each gets what it adds on average before and after the other
    (Shapley 1953): the mechanism what changed in its own quantity, leaders the rest.
    """
    rest, drivers, c = course.side.world.baseline, course.side.drivers, course.coefficients
    at_rest = step.view_of(rest, drivers[0], i, j)
    now = step.view_of(before, drivers[month], i, j)
    old, new = (
        tuple(
            np.array(law.cooperation_terms(view._replace(pragmatism=weight), c))
            for view in (at_rest, now)
        )
        for weight in (at_rest.pragmatism, now.pragmatism)
    )
    mechanisms = 0.5 * ((old[1] - old[0]) + (new[1] - new[0]))
    leaders = 0.5 * ((new[0] - old[0]) + (new[1] - old[1])).sum()
    pressing = np.array(step.pressure_terms_of(before, c, i, j))
    pressing_at_rest = np.array(step.pressure_terms_of(rest, c, i, j))
    return np.append(mechanisms, leaders), pressing - pressing_at_rest


def _laid_on(side: Side, chosen: Array, before: State, month: int, i: int) -> Array:
    """Return what strategies, events and the wedge, in turn, add to what i has chosen.

    Returns:
        Shape (3, 2, actors).
    """
    rest = side.world.baseline
    stages = [chosen]
    for pushes, strategists in (
        (side.standing[month], side.without.strategists),
        (side.other[month], side.without.strategists),
        (side.pushes[month], side.world.strategists),
    ):
        stages.append(step.push_actions(chosen, pushes, strategists, before, rest, i))
    return np.diff(np.stack(stages), axis=0)


def state_terms(course: Course, i: int, j: int, month: int) -> dict[str, list[float]]:
    """Return the terms that moved i's states toward j in a month, by state.

    Args:
        course: the run.
        i: index of the actor that holds the states.
        j: index of the actor they are about.
        month: month of the run, at least 1.
    """
    world = course.side.world
    row = draw_row(
        np.uint64(course.seed), np.uint64(course.number), np.uint64(month), world.keys, i
    )
    shocks = dict(zip(SHOCKED_STATES, row[j].tolist(), strict=True))
    acted = course.acted(month)
    drivers, rest, c = course.side.drivers[month], world.baseline, course.coefficients
    pressed = float(acted.pressure[j, i] - rest.pressure[j, i])
    on_like = step.pressure_on_like(acted, rest, drivers, i, j)
    now = {name: float(getattr(acted, name)[i, j]) for name in STATES}
    before = {name: float(getattr(rest, name)[i, j]) for name in STATES}
    believed = law.believed(
        float(acted.cooperation[j, i] - rest.cooperation[j, i]), now["suspicion"]
    )
    stirred = _stirred(course.side, i, j, month)
    opinion = step.opinion_terms_of(acted, rest, drivers, c, i, j)
    threat = law.threat_terms(pressed, on_like, believed, now["threat"] - before["threat"], c)
    evidence = step.evidence_against(acted, rest, drivers, i, j)
    visibility, commitment = float(drivers.visibility[j]), float(drivers.commitment[j, i])
    cohesion = float(acted.cohesion[i, j] - rest.cohesion[i, j])
    return {
        "opinion": _opinion(now["opinion"], opinion, shocks["opinion"], c),
        "threat": _threat(now["threat"], threat, shocks["threat"], c, stirred["threat"]),
        "dependence": _dependence(
            now["dependence"], before["dependence"], pressed + on_like, c, stirred["dependence"]
        ),
        "grievance": _grievance(
            now["grievance"],
            before["grievance"],
            cohesion,
            shocks["grievance"],
            c,
            stirred["grievance"],
        ),
        "confidence": _confidence(
            now["confidence"], commitment, shocks["confidence"], c, stirred["confidence"]
        ),
        "suspicion": _suspicion(now["suspicion"], before["suspicion"], visibility, evidence, c),
    }


_Stirred = tuple[float, float]
"""Pushes of events to a state: without the wedge, and all."""


def _stirred(side: Side, i: int, j: int, month: int) -> dict[str, _Stirred]:
    """Return this month's pushes of events to i's states toward j."""
    return {
        name: (
            float(side.other[month].stirred[place, i, j]),
            float(side.pushes[month].stirred[place, i, j]),
        )
        for place, name in enumerate(EVENT_STATES)
    }


def _by_events(value: float, stirred: _Stirred) -> list[float]:
    """Return what events, and then the acts of the wedge, make of a state."""
    other, every = pushed(value, stirred[0]), pushed(value, stirred[1])
    return [other - value, every - other]


def _opinion(opinion: float, terms: law.OpinionTerms, shock: float, c: Coefficients) -> list[float]:
    """Return mechanisms, bound and shock of an opinion."""
    total = sum(terms)
    still = law.opinion_next(opinion, terms, 0.0, c)
    bound = pushed_opinion(opinion, total) - opinion - total
    return [*terms, bound, law.opinion_next(opinion, terms, shock, c) - still]


def _threat(
    threat: float, terms: law.ThreatTerms, shock: float, c: Coefficients, stirred: _Stirred
) -> list[float]:
    """Return mechanisms, bound, shock and events of a threat."""
    total = sum(terms)
    still, shaken = (law.threat_next(threat, terms, size, c) for size in (0.0, shock))
    bound = pushed(threat, total) - threat - total
    return [*terms, bound, shaken - still, *_by_events(shaken, stirred)]


def _dependence(
    dependence: float, rest: float, leverage: float, c: Coefficients, stirred: _Stirred
) -> list[float]:
    """Return mechanisms, bound and events of a dependence."""
    derisk = -(c.derisk * max(0.0, leverage))
    rewire = -(c.rewire * (dependence - rest))
    total = derisk + rewire
    bound = pushed(dependence, total) - dependence - total
    moved = law.dependence_next(dependence, rest, leverage, c)
    return [derisk, rewire, bound, *_by_events(moved, stirred)]


def _grievance(
    grievance: float,
    rest: float,
    cohesion_change: float,
    shock: float,
    c: Coefficients,
    stirred: _Stirred,
) -> list[float]:
    """Return mechanisms, bound, shock and events of a grievance."""
    fade = c.fade * (rest - grievance)
    reconcile = -(c.reconcile * cohesion_change)
    faded = grievance + fade
    bound = pushed(faded, reconcile) - faded - reconcile
    still, shaken = (
        law.grievance_next(grievance, rest, cohesion_change, size, c) for size in (0.0, shock)
    )
    return [fade, reconcile, bound, shaken - still, *_by_events(shaken, stirred)]


def _confidence(
    confidence: float, commitment: float, shock: float, c: Coefficients, stirred: _Stirred
) -> list[float]:
    """Return the pull of the commitment, shock and events of a confidence."""
    still, shaken = (law.confidence_next(confidence, commitment, size, c) for size in (0.0, shock))
    return [still - confidence, shaken - still, *_by_events(shaken, stirred)]


def _suspicion(
    suspicion: float, rest: float, visibility: float, evidence: float, c: Coefficients
) -> list[float]:
    """Return what the evidence adds to a suspicion at rest, and how fast what is there fades."""
    unmasked = law.suspicion_next(rest, rest, visibility, evidence, c) - rest
    return [unmasked, law.suspicion_next(suspicion, rest, 0.0, 0.0, c) - suspicion]
