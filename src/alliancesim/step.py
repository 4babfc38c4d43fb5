"""One month of one world, actor by actor: the loops over third actors around the law.

Each function serves one row of the arrays, that is one actor, and reads only last month's state
(decisions) or last month's state and this month's actions (adjustment). So the order in which
actors act does not matter. Sums run over actors in their order in the scenario. No equation stands
here and no shock is drawn: the first are law's, the second come as arguments.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from alliancesim import law
from alliancesim.arrays import Array, Drivers, Pushes, State, Strategists
from alliancesim.bounded import moved, pushed
from alliancesim.coefficients import Coefficients
from alliancesim.compilation import compiled


@compiled
def best_confidence(confidence: Array, i: int) -> float:
    """Return i's confidence in its best guarantor, 0 without any."""
    best = 0.0
    for k in range(confidence.shape[0]):
        if k != i:
            best = max(best, confidence[i, k])
    return best


@compiled
def fear(state: State, drivers: Drivers, i: int) -> float:
    """Return i's fear of abandonment (Cha 1999), 0 to 1."""
    worst = 0.0
    for k in range(state.threat.shape[0]):
        if k != i:
            worst = max(worst, state.threat[i, k])
    return law.fear_of_abandonment(best_confidence(state.confidence, i), drivers.hazard[i], worst)


@compiled
def view_of(state: State, drivers: Drivers, i: int, j: int) -> law.CooperationView:
    """Return what actor i sees when it decides how far to cooperate with j."""
    shared_threat = 0.0
    brokered = 0.0
    chilled = 0.0
    entangled = 0.0
    induced = 0.0
    for k in range(state.threat.shape[0]):
        if k not in (i, j):
            shared_threat = max(
                shared_threat, law.geometric_mean(state.threat[i, k], state.threat[j, k])
            )
            brokered += law.brokered_by(
                drivers.brokerage[k], state.confidence[i, k], state.confidence[j, k]
            )
            chilled += law.chill(state.dependence[i, k], state.pressure[k, j])
            quarrel = law.quarrel(state.pressure[k, j], state.pressure[k, i])
            entangled += law.entanglement(quarrel, state.threat[i, k])
            induced += law.inducement_by(state.cooperation[k, i], state.suspicion[i, k], quarrel)
    return law.CooperationView(
        drivers.pragmatism[i],
        shared_threat,
        law.geometric_mean(drivers.hazard[i], drivers.hazard[j]),
        fear(state, drivers, i),
        fear(state, drivers, j),
        brokered,
        chilled,
        entangled,
        induced,
        drivers.hazard[i] * drivers.mediation[i, j],
        law.exposure(
            state.dependence[i, j], state.pressure[j, i], best_confidence(state.confidence, i)
        ),
        state.opinion[i, j],
        state.grievance[i, j],
        law.believed(state.cooperation[j, i], state.suspicion[i, j]),
        state.pressure[j, i],
    )


@compiled
def pressure_terms_of(state: State, c: Coefficients, i: int, j: int) -> law.PressureTerms:
    """Return the terms of actor i's log-odds of pressing j."""
    pressed_allies = 0.0
    for l in range(state.threat.shape[0]):  # noqa: E741 - the equations' own letter
        if l not in (i, j):
            pressed_allies += state.cohesion[i, l] * state.pressure[j, l]
    return law.pressure_terms(
        state.pressure[j, i],
        state.dependence[i, j],
        state.threat[i, j],
        state.opinion[i, j],
        pressed_allies,
        c,
    )


@compiled
def appeals(state: State, drivers: Drivers, c: Coefficients, i: int) -> Array:
    """Return actor i's log-odds, up to constants, of cooperating with and pressing each actor.

    Args:
        state: last month's state.
        drivers: this month's drivers.
        c: coefficients of the law.
        i: index of the actor.

    Returns:
        Shape (2, actors): cooperation, then pressure; zero at i itself.
    """
    n = state.threat.shape[0]
    out = np.zeros((2, n))
    for j in range(n):
        if j != i:
            view = view_of(state, drivers, i, j)
            out[0, j] = law.cooperation_appeal(law.cooperation_terms(view, c))
            out[1, j] = law.pressure_urge(pressure_terms_of(state, c, i, j))
    return out


@compiled
def decide(baseline: State, appeal: Array, appeal_at_rest: Array, i: int) -> Array:
    """Return the actions that the law alone has actor i choose.

    Args:
        baseline: state at rest.
        appeal: this month's :func:`appeals` of actor i.
        appeal_at_rest: the same at rest.
        i: index of the actor.

    Returns:
        Shape (2, actors): cooperation and pressure toward each actor, 0 to 1.
    """
    n = baseline.threat.shape[0]
    out = np.zeros((2, n))
    for j in range(n):
        if j != i:
            out[0, j] = moved(baseline.cooperation[i, j], appeal[0, j] - appeal_at_rest[0, j])
            out[1, j] = moved(baseline.pressure[i, j], appeal[1, j] - appeal_at_rest[1, j])
    return out


@compiled
def alliance_cohesion(cohesion: Array, alliance: NDArray[np.bool_]) -> float:
    """Return the mean cohesion over the dyads marked in ``alliance``; 0 if none is marked."""
    total = 0.0
    dyads = 0
    for i in range(cohesion.shape[0]):
        for j in range(i + 1, cohesion.shape[0]):
            if alliance[i, j]:
                total += cohesion[i, j]
                dyads += 1
    return total / dyads if dyads > 0 else 0.0


@compiled
def push_actions(
    actions: Array,
    pushes: Pushes,
    strategists: Strategists,
    state: State,
    baseline: State,
    i: int,
) -> Array:
    """Return actor i's actions after its strategies and this month's events.

    Args:
        actions: what the actor chose, shape (2, actors).
        pushes: this month's pushes.
        strategists: who runs each strategy.
        state: last month's state, to which strategies react.
        baseline: state at rest.
        i: index of the actor.

    Returns:
        Shape (2, actors), 0 to 1.
    """
    out = actions.copy()
    now = alliance_cohesion(state.cohesion, strategists.alliance)
    before = alliance_cohesion(baseline.cohesion, strategists.alliance)
    for s in range(strategists.actor.size):
        if strategists.actor[s] == i:
            for j in range(out.shape[1]):
                if j != i:
                    reaction = strategists.escalate[s]
                    # Escalation hardens the stick; the carrot stays as laid down.
                    press = law.escalated(pushes.pressed[s, j], reaction, now, before)
                    out[0, j] = pushed(out[0, j], pushes.courted[s, j])
                    out[1, j] = pushed(out[1, j], press)
    for j in range(out.shape[1]):
        if j != i:
            for a in range(2):
                out[a, j] = pushed(out[a, j], pushes.raised[a, i, j])
                out[a, j] = pushed(out[a, j], -pushes.lowered[a, i, j])
    return out


@compiled
def opinion_terms_of(
    state: State, baseline: State, drivers: Drivers, c: Coefficients, i: int, j: int
) -> law.OpinionTerms:
    """Return the terms of the step of i's opinion of j.

    ``state`` holds last month's states with this month's actions.
    """
    n = state.threat.shape[0]
    change = state.cooperation[j, i] - baseline.cooperation[j, i]
    temptation = 0.0
    imbalance = 0.0
    for k in range(n):
        if k not in (i, j):
            courtship = state.cooperation[k, j] - baseline.cooperation[k, j]
            temptation = max(temptation, law.temptation_by(courtship, state.pressure[k, i]))
            imbalance += (
                state.opinion[i, k] * state.opinion[k, j]
                - baseline.opinion[i, k] * baseline.opinion[k, j]
            )
    return law.opinion_terms(
        law.believed(change, state.suspicion[i, j]),
        state.pressure[j, i] - baseline.pressure[j, i],
        state.grievance[i, j] - baseline.grievance[i, j],
        drivers.pragmatism[i],
        temptation * change,
        imbalance / (n - 2) if n > 2 else 0.0,
        state.opinion[i, j] - baseline.opinion[i, j],
        c,
    )


@compiled
def pressure_on_like(state: State, baseline: State, drivers: Drivers, i: int, j: int) -> float:
    """Return the change of j's pressure on third actors, weighed by i's likeness to each."""
    total = 0.0
    for l in range(state.threat.shape[0]):  # noqa: E741 - the equations' own letter
        if l not in (i, j):
            total += drivers.likeness[i, l] * (state.pressure[j, l] - baseline.pressure[j, l])
    return total


@compiled
def evidence_against(state: State, baseline: State, drivers: Drivers, i: int, j: int) -> float:
    """Return the largest sign, over third actors, that j's favour to i is a wedge move."""
    favour = state.cooperation[j, i] - baseline.cooperation[j, i]
    strongest = 0.0
    for l in range(state.threat.shape[0]):  # noqa: E741 - the equations' own letter
        if l not in (i, j):
            blow = state.pressure[j, l] - baseline.pressure[j, l]
            sign = law.evidence_of_wedge(favour, blow, drivers.likeness[i, l])
            strongest = max(strongest, sign)
    return strongest


@compiled
def adjust(
    state: State,
    baseline: State,
    drivers: Drivers,
    c: Coefficients,
    stirred: Array,
    shocks: Array,
    i: int,
) -> Array:
    """Return actor i's states at the end of the month.

    Args:
        state: last month's states with this month's actions.
        baseline: state at rest.
        drivers: this month's drivers.
        c: coefficients of the law.
        stirred: this month's pushes of events to states, shape (4, actors, actors).
        shocks: this month's standard normals of actor i, shape (actors, 4).
        i: index of the actor.

    Returns:
        Shape (7, actors): opinion, threat, dependence, grievance, confidence, suspicion and
        cohesion, in the order of ``State``.
    """
    n = state.threat.shape[0]
    out = np.zeros((7, n))
    for j in range(n):
        if j != i:
            pressure_change = state.pressure[j, i] - baseline.pressure[j, i]
            on_like = pressure_on_like(state, baseline, drivers, i, j)
            believed = law.believed(
                state.cooperation[j, i] - baseline.cooperation[j, i], state.suspicion[i, j]
            )
            out[0, j] = law.opinion_next(
                state.opinion[i, j],
                opinion_terms_of(state, baseline, drivers, c, i, j),
                shocks[j, 0],
                c,
            )
            threat = law.threat_terms(
                pressure_change, on_like, believed, state.threat[i, j] - baseline.threat[i, j], c
            )
            out[1, j] = law.threat_next(state.threat[i, j], threat, shocks[j, 1], c)
            out[2, j] = law.dependence_next(
                state.dependence[i, j], baseline.dependence[i, j], pressure_change + on_like, c
            )
            out[3, j] = law.grievance_next(
                state.grievance[i, j],
                baseline.grievance[i, j],
                state.cohesion[i, j] - baseline.cohesion[i, j],
                shocks[j, 3],
                c,
            )
            out[4, j] = law.confidence_next(
                state.confidence[i, j], drivers.commitment[j, i], shocks[j, 2], c
            )
            out[5, j] = law.suspicion_next(
                state.suspicion[i, j],
                baseline.suspicion[i, j],
                drivers.visibility[j],
                evidence_against(state, baseline, drivers, i, j),
                c,
            )
            out[6, j] = law.cohesion_next(
                state.cohesion[i, j],
                baseline.cohesion[i, j],
                law.geometric_mean(state.cooperation[i, j], state.cooperation[j, i]),
                law.geometric_mean(baseline.cooperation[i, j], baseline.cooperation[j, i]),
                c,
            )
            out[1, j] = pushed(out[1, j], stirred[0, i, j])
            out[2, j] = pushed(out[2, j], stirred[1, i, j])
            out[3, j] = pushed(out[3, j], stirred[2, i, j])
            out[4, j] = pushed(out[4, j], stirred[3, i, j])
    return out
