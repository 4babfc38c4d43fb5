"""How all states answer the actions of one month, for all lanes of a block.

The counterpart of the second half of :mod:`alliancesim.step`: the same sums over third actors in
the same order, innermost over lanes. Shocks come drawn, by blocks; how a state moves is never
written out here but called from law.
"""

from __future__ import annotations

from typing import Any

from alliancesim import law
from alliancesim.arrays import Array, Drivers, State
from alliancesim.compilation import compiled, inlined
from alliancesim.lanes.access import at, coefficients_at, held, hold, read, write
from alliancesim.lanes.decisions import Workroom, push


@inlined
def sum_changes_over_third_actors(
    acted: State, baseline: State, drivers: Drivers, sums: Array, i: int, j: int
) -> None:
    """Fill in what third actors contribute to the answer of i's states to j's conduct."""
    n, lanes = acted.threat.shape[0], sums.shape[1]
    tempted, imbalance, on_like, evidence = sums[0], sums[1], sums[2], sums[3]
    fresh = True
    cooperation_ji, cooperation_ji_at_rest = acted.cooperation[j, i], baseline.cooperation[j, i]
    for k in range(n):
        if k in (i, j):
            continue
        cooperation_kj, cooperation_kj_at_rest = acted.cooperation[k, j], baseline.cooperation[k, j]
        pressure_jk, pressure_jk_at_rest = acted.pressure[j, k], baseline.pressure[j, k]
        opinion_ik, opinion_ik_at_rest = acted.opinion[i, k], baseline.opinion[i, k]
        opinion_kj, opinion_kj_at_rest = acted.opinion[k, j], baseline.opinion[k, j]
        pressure_ki, likeness_ik = acted.pressure[k, i], drivers.likeness[i, k]
        for lane in range(lanes):
            courtship = read(cooperation_kj, lane) - at(cooperation_kj_at_rest, lane)
            temptation = law.temptation_by(courtship, read(pressure_ki, lane))
            hold(tempted, lane, max(0.0 if fresh else held(tempted, lane, 0), temptation), 0)
            triad = read(opinion_ik, lane) * read(opinion_kj, lane) - at(
                opinion_ik_at_rest, lane
            ) * at(opinion_kj_at_rest, lane)
            hold(imbalance, lane, (0.0 if fresh else held(imbalance, lane, 1)) + triad, 1)
            likeness = at(likeness_ik, lane)
            blow = read(pressure_jk, lane) - at(pressure_jk_at_rest, lane)
            hold(on_like, lane, (0.0 if fresh else held(on_like, lane, 2)) + likeness * blow, 2)
            favour = read(cooperation_ji, lane) - at(cooperation_ji_at_rest, lane)
            sign = law.evidence_of_wedge(favour, blow, likeness)
            hold(evidence, lane, max(0.0 if fresh else held(evidence, lane, 3), sign), 3)
        fresh = False
    if fresh:
        sums[:4] = 0.0


@inlined
def adjust_opinion_and_threat(
    acted: State,
    baseline: State,
    drivers: Drivers,
    c: Any,
    shocks: Array,
    sums: Array,
    after: State,
    i: int,
    j: int,
) -> None:
    """Fill in i's opinion of j and the threat it sees in j at the end of the month."""
    n = acted.threat.shape[0]
    tempted, imbalance, on_like = sums[0], sums[1], sums[2]
    cooperation, cooperation_at_rest = acted.cooperation[j, i], baseline.cooperation[j, i]
    pressure, pressure_at_rest = acted.pressure[j, i], baseline.pressure[j, i]
    opinion, opinion_at_rest = acted.opinion[i, j], baseline.opinion[i, j]
    grievance, grievance_at_rest = acted.grievance[i, j], baseline.grievance[i, j]
    threat, threat_at_rest = acted.threat[i, j], baseline.threat[i, j]
    suspicion, pragmatism = acted.suspicion[i, j], drivers.pragmatism[i]
    opinion_shock, threat_shock = shocks[i, j, 0], shocks[i, j, 1]
    opinion_after, threat_after = after.opinion[i, j], after.threat[i, j]
    for lane in range(opinion_after.shape[0]):
        coefficients = coefficients_at(c, lane)
        change = read(cooperation, lane) - at(cooperation_at_rest, lane)
        pressure_change = read(pressure, lane) - at(pressure_at_rest, lane)
        believed = law.believed(change, read(suspicion, lane))
        liked, feared = read(opinion, lane), read(threat, lane)
        step = law.opinion_terms(
            believed,
            pressure_change,
            read(grievance, lane) - at(grievance_at_rest, lane),
            at(pragmatism, lane),
            read(tempted, lane) * change,
            read(imbalance, lane) / (n - 2) if n > 2 else 0.0,
            liked - at(opinion_at_rest, lane),
            coefficients,
        )
        shock = read(opinion_shock, lane)
        write(opinion_after, lane, law.opinion_next(liked, step, shock, coefficients))
        alarm = law.threat_terms(
            pressure_change,
            read(on_like, lane),
            believed,
            feared - at(threat_at_rest, lane),
            coefficients,
        )
        shock = read(threat_shock, lane)
        write(threat_after, lane, law.threat_next(feared, alarm, shock, coefficients))


@inlined
def adjust_dependence_and_suspicion(
    acted: State,
    baseline: State,
    drivers: Drivers,
    c: Any,
    sums: Array,
    after: State,
    i: int,
    j: int,
) -> None:
    """Fill in i's dependence on j and its suspicion of j at the end of the month."""
    on_like, evidence = sums[2], sums[3]
    pressure, pressure_at_rest = acted.pressure[j, i], baseline.pressure[j, i]
    dependence, dependence_at_rest = acted.dependence[i, j], baseline.dependence[i, j]
    suspicion, suspicion_at_rest = acted.suspicion[i, j], baseline.suspicion[i, j]
    visibility = drivers.visibility[j]
    dependence_after, suspicion_after = after.dependence[i, j], after.suspicion[i, j]
    for lane in range(dependence_after.shape[0]):
        coefficients = coefficients_at(c, lane)
        leverage = (read(pressure, lane) - at(pressure_at_rest, lane)) + read(on_like, lane)
        traded = law.dependence_next(
            read(dependence, lane), at(dependence_at_rest, lane), leverage, coefficients
        )
        write(dependence_after, lane, traded)
        doubt = law.suspicion_next(
            read(suspicion, lane),
            at(suspicion_at_rest, lane),
            at(visibility, lane),
            read(evidence, lane),
            coefficients,
        )
        write(suspicion_after, lane, doubt)


@inlined
def adjust_grievance_and_confidence(
    acted: State,
    baseline: State,
    drivers: Drivers,
    c: Any,
    shocks: Array,
    after: State,
    i: int,
    j: int,
) -> None:
    """Fill in i's grievance against j and its confidence in j at the end of the month."""
    grievance, grievance_at_rest = acted.grievance[i, j], baseline.grievance[i, j]
    cohesion, cohesion_at_rest = acted.cohesion[i, j], baseline.cohesion[i, j]
    confidence, commitment = acted.confidence[i, j], drivers.commitment[j, i]
    confidence_shock, grievance_shock = shocks[i, j, 2], shocks[i, j, 3]
    grievance_after, confidence_after = after.grievance[i, j], after.confidence[i, j]
    for lane in range(grievance_after.shape[0]):
        coefficients = coefficients_at(c, lane)
        claims = law.grievance_next(
            read(grievance, lane),
            at(grievance_at_rest, lane),
            read(cohesion, lane) - at(cohesion_at_rest, lane),
            read(grievance_shock, lane),
            coefficients,
        )
        write(grievance_after, lane, claims)
        trust = law.confidence_next(
            read(confidence, lane),
            at(commitment, lane),
            read(confidence_shock, lane),
            coefficients,
        )
        write(confidence_after, lane, trust)


@inlined
def adjust_cohesion(acted: State, baseline: State, c: Any, after: State, i: int, j: int) -> None:
    """Fill in the cohesion of i and j, which is one number in both directions."""
    cohesion, cohesion_at_rest = acted.cohesion[i, j], baseline.cohesion[i, j]
    given, received = acted.cooperation[i, j], acted.cooperation[j, i]
    given_at_rest, received_at_rest = baseline.cooperation[i, j], baseline.cooperation[j, i]
    one, other = after.cohesion[i, j], after.cohesion[j, i]
    for lane in range(one.shape[0]):
        value = law.cohesion_next(
            read(cohesion, lane),
            at(cohesion_at_rest, lane),
            law.geometric_mean(read(given, lane), read(received, lane)),
            law.geometric_mean(at(given_at_rest, lane), at(received_at_rest, lane)),
            coefficients_at(c, lane),
        )
        write(one, lane, value)
        write(other, lane, value)


@compiled
def adjust(
    acted: State,
    baseline: State,
    drivers: Drivers,
    c: Any,
    stirred: Array,
    shocks: Array,
    room: Workroom,
    after: State,
) -> None:
    """Fill in all states at the end of the month.

    Args:
        acted: last month's states with this month's actions, arrays (actors, actors, lanes).
        baseline: state at rest, shared by all lanes or with a last axis of lanes.
        drivers: this month's drivers, likewise.
        c: coefficients, or a table of shape (coefficients, lanes).
        stirred: this month's pushes of events to states, shape (4, actors, actors) and lanes.
        shocks: this month's standard normals, shape (actors, actors, 4, lanes).
        room: rows for intermediate results.
        after: where the states are written.
    """
    n = acted.threat.shape[0]
    for i in range(n):
        for j in range(n):
            if j == i:
                continue
            sum_changes_over_third_actors(acted, baseline, drivers, room.sums, i, j)
            adjust_opinion_and_threat(acted, baseline, drivers, c, shocks, room.sums, after, i, j)
            adjust_dependence_and_suspicion(acted, baseline, drivers, c, room.sums, after, i, j)
            adjust_grievance_and_confidence(acted, baseline, drivers, c, shocks, after, i, j)
            if i < j:
                adjust_cohesion(acted, baseline, c, after, i, j)
            push(after.threat[i, j], stirred[0, i, j], 1.0)
            push(after.dependence[i, j], stirred[1, i, j], 1.0)
            push(after.grievance[i, j], stirred[2, i, j], 1.0)
            push(after.confidence[i, j], stirred[3, i, j], 1.0)
