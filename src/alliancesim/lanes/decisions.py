"""Decisions of all actors in one month, for all lanes of a block.

The counterpart of the first half of :mod:`alliancesim.step`: the same sums over third actors in the
same order, innermost over lanes. Rows are arrays of shape (lanes,). No state moves here, which is
for adjustments; and no coefficient is known by name, so that a mechanism can only be added to the
law.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from alliancesim import law
from alliancesim.arrays import Array, Drivers, Pushes, State, Strategists
from alliancesim.bounded import moved, pushed
from alliancesim.compilation import compiled, inlined
from alliancesim.lanes.access import at, coefficients_at, held, hold, is_idle, read, write


class Workroom(NamedTuple):
    """Rows for intermediate results; nothing in them outlives a month.

    ``guarantee`` and ``fear`` have shape (actors, lanes), ``sums`` (6, lanes), ``appeals`` and
    ``appeals_at_rest`` (2, actors, actors, lanes).
    """

    guarantee: Array
    fear: Array
    sums: Array
    appeals: Array
    appeals_at_rest: Array


@inlined
def find_fears(state: State, drivers: Drivers, room: Workroom) -> None:
    """Fill in each actor's confidence in its best guarantor and its fear of abandonment."""
    n, lanes = room.fear.shape
    for i in range(n):
        best, worst, fear = room.guarantee[i], room.sums[0], room.fear[i]
        for lane in range(lanes):
            hold(best, lane, 0.0, 0)
            hold(worst, lane, 0.0, 1)
        for k in range(n):
            if k != i:
                confidence, threat = state.confidence[i, k], state.threat[i, k]
                for lane in range(lanes):
                    hold(best, lane, max(held(best, lane, 0), read(confidence, lane)), 0)
                    hold(worst, lane, max(held(worst, lane, 1), read(threat, lane)), 1)
        hazard = drivers.hazard[i]
        for lane in range(lanes):
            danger = law.fear_of_abandonment(
                held(best, lane, 0), at(hazard, lane), held(worst, lane, 1)
            )
            write(fear, lane, danger)


@inlined
def sum_over_third_actors(state: State, drivers: Drivers, sums: Array, i: int, j: int) -> None:
    """Fill in what third actors contribute to i's decisions about j."""
    n, lanes = state.threat.shape[0], sums.shape[1]
    shared, brokered, chilled = sums[0], sums[1], sums[2]
    entangled, induced, pressed = sums[3], sums[4], sums[5]
    fresh = True
    for k in range(n):
        if k in (i, j):
            continue
        threat_ik, threat_jk = state.threat[i, k], state.threat[j, k]
        confidence_ik, confidence_jk = state.confidence[i, k], state.confidence[j, k]
        dependence_ik, suspicion_ik = state.dependence[i, k], state.suspicion[i, k]
        cooperation_ki, cohesion_ik = state.cooperation[k, i], state.cohesion[i, k]
        pressure_kj, pressure_ki = state.pressure[k, j], state.pressure[k, i]
        pressure_jk = state.pressure[j, k]
        brokerage = drivers.brokerage[k]
        for lane in range(lanes):
            threat, blow = read(threat_ik, lane), read(pressure_kj, lane)
            both = threat * read(threat_jk, lane)
            quarrel = law.quarrel(blow, read(pressure_ki, lane))
            effort = law.brokered_by(
                at(brokerage, lane), read(confidence_ik, lane), read(confidence_jk, lane)
            )
            paid = law.inducement_by(read(cooperation_ki, lane), read(suspicion_ik, lane), quarrel)
            caution = law.chill(read(dependence_ik, lane), blow)
            support = read(cohesion_ik, lane) * read(pressure_jk, lane)
            entangling = law.entanglement(quarrel, threat)
            hold(shared, lane, max(0.0 if fresh else held(shared, lane, 0), both), 0)
            hold(brokered, lane, (0.0 if fresh else held(brokered, lane, 1)) + effort, 1)
            hold(chilled, lane, (0.0 if fresh else held(chilled, lane, 2)) + caution, 2)
            hold(entangled, lane, (0.0 if fresh else held(entangled, lane, 3)) + entangling, 3)
            hold(induced, lane, (0.0 if fresh else held(induced, lane, 4)) + paid, 4)
            hold(pressed, lane, (0.0 if fresh else held(pressed, lane, 5)) + support, 5)
        fresh = False
    if fresh:
        sums[:6] = 0.0


@inlined
def find_appeals_of_dyad(
    state: State, drivers: Drivers, c: Any, room: Workroom, out: Array, i: int, j: int
) -> None:
    """Fill in actor i's log-odds, up to constants, of cooperating with and pressing j."""
    sum_over_third_actors(state, drivers, room.sums, i, j)
    shared, brokered, chilled = room.sums[0], room.sums[1], room.sums[2]
    entangled, induced, pressed = room.sums[3], room.sums[4], room.sums[5]
    fear_i, fear_j, guarantee = room.fear[i], room.fear[j], room.guarantee[i]
    dependence, opinion, grievance = (
        state.dependence[i, j],
        state.opinion[i, j],
        state.grievance[i, j],
    )
    threat, suspicion = state.threat[i, j], state.suspicion[i, j]
    received, blow = state.cooperation[j, i], state.pressure[j, i]
    pragmatism, mediation = drivers.pragmatism[i], drivers.mediation[i, j]
    hazard_i, hazard_j = drivers.hazard[i], drivers.hazard[j]
    cooperation, pressure = out[0, i, j], out[1, i, j]
    for lane in range(cooperation.shape[0]):
        liked, reliance, pressed_by = read(opinion, lane), read(dependence, lane), read(blow, lane)
        view = law.CooperationView(
            at(pragmatism, lane),
            # Roots keep order, so the root of the largest product is the largest root, to the bit.
            np.sqrt(read(shared, lane)),
            law.geometric_mean(at(hazard_i, lane), at(hazard_j, lane)),
            read(fear_i, lane),
            read(fear_j, lane),
            read(brokered, lane),
            read(chilled, lane),
            read(entangled, lane),
            read(induced, lane),
            at(hazard_i, lane) * at(mediation, lane),
            law.exposure(reliance, pressed_by, read(guarantee, lane)),
            liked,
            read(grievance, lane),
            law.believed(read(received, lane), read(suspicion, lane)),
            pressed_by,
        )
        coefficients = coefficients_at(c, lane)
        appeal = law.cooperation_appeal(law.cooperation_terms(view, coefficients))
        urge = law.pressure_urge(
            law.pressure_terms(
                pressed_by, reliance, read(threat, lane), liked, read(pressed, lane), coefficients
            )
        )
        write(cooperation, lane, appeal)
        write(pressure, lane, urge)


@compiled
def find_appeals(state: State, drivers: Drivers, c: Any, room: Workroom, out: Array) -> None:
    """Fill in all actors' log-odds, up to constants, shape (2, actors, actors, lanes)."""
    find_fears(state, drivers, room)
    n = state.threat.shape[0]
    for i in range(n):
        for j in range(n):
            if j != i:
                find_appeals_of_dyad(state, drivers, c, room, out, i, j)


@inlined
def move(baseline: Any, appeal: Array, appeal_at_rest: Array, out: Array) -> None:
    """Fill in the action of one dyad that the law alone has its actor choose."""
    for lane in range(out.shape[0]):
        change = read(appeal, lane) - read(appeal_at_rest, lane)
        write(out, lane, moved(at(baseline, lane), change))


@inlined
def push(row: Array, step: Any, sign: float) -> None:
    """Push a row in place by ``sign`` times a step, which all lanes may share."""
    if is_idle(step):
        return
    for lane in range(row.shape[0]):
        hold(row, lane, pushed(held(row, lane, 0), sign * at(step, lane)), 0)


@inlined
def press(row: Array, level: Any, escalate: Any, now: Array, at_rest: Array) -> None:
    """Push a row of pressure in place by a strategy's level after its reaction to cohesion."""
    if is_idle(level):
        return
    for lane in range(row.shape[0]):
        step = law.escalated(
            at(level, lane), at(escalate, lane), read(now, lane), read(at_rest, lane)
        )
        hold(row, lane, pushed(held(row, lane, 0), step), 0)


@inlined
def alliance_cohesion(cohesion: Array, alliance: NDArray[np.bool_], out: Array) -> None:
    """Fill in the mean cohesion over the dyads marked in ``alliance``; 0 if none is marked."""
    n, lanes = cohesion.shape[0], out.shape[0]
    dyads = 0
    for lane in range(lanes):
        hold(out, lane, 0.0, 0)
    for i in range(n):
        for j in range(i + 1, n):
            if alliance[i, j]:
                row = cohesion[i, j]
                dyads += 1
                for lane in range(lanes):
                    hold(out, lane, held(out, lane, 0) + read(row, lane), 0)
    if dyads > 0:
        for lane in range(lanes):
            hold(out, lane, held(out, lane, 0) / dyads, 0)


@compiled
def decide(
    before: State,
    baseline: State,
    drivers: Drivers,
    c: Any,
    pushes: Pushes,
    strategists: Strategists,
    cohesion_now: Array,
    cohesion_at_rest: Array,
    room: Workroom,
    after: State,
) -> None:
    """Fill in this month's actions of all actors from last month's state.

    Args:
        before: last month's state, arrays of shape (actors, actors, lanes).
        baseline: state at rest, shared by all lanes or with a last axis of lanes.
        drivers: this month's drivers, likewise.
        c: coefficients, or a table of shape (coefficients, lanes).
        pushes: this month's pushes, likewise.
        strategists: who runs each strategy.
        cohesion_now: mean cohesion of the target alliance last month, shape (lanes,).
        cohesion_at_rest: the same at rest.
        room: rows for intermediate results, with the appeals at rest.
        after: where cooperation and pressure are written.
    """
    n = before.threat.shape[0]
    find_appeals(before, drivers, c, room, room.appeals)
    for i in range(n):
        for j in range(n):
            if j == i:
                continue
            cooperation, pressure = after.cooperation[i, j], after.pressure[i, j]
            rest = room.appeals_at_rest
            move(baseline.cooperation[i, j], room.appeals[0, i, j], rest[0, i, j], cooperation)
            move(baseline.pressure[i, j], room.appeals[1, i, j], rest[1, i, j], pressure)
            for s in range(strategists.actor.size):
                if strategists.actor[s] == i:
                    reaction = strategists.escalate[s]
                    push(cooperation, pushes.courted[s, j], 1.0)
                    press(pressure, pushes.pressed[s, j], reaction, cohesion_now, cohesion_at_rest)
            push(cooperation, pushes.raised[0, i, j], 1.0)
            push(cooperation, pushes.lowered[0, i, j], -1.0)
            push(pressure, pushes.raised[1, i, j], 1.0)
            push(pressure, pushes.lowered[1, i, j], -1.0)
