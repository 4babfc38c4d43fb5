"""The law of motion: scalar functions without state and without random draws.

Every engine calls these functions and nothing else decides how a state moves. Indices follow the
documentation: actor i acts toward, or feels about, actor j; k and l are third actors. A "change"
is the present value minus the baseline, so every change is exactly zero at rest.

Sources of the mechanisms stand in :mod:`alliancesim.coefficients`, equations in ``docs/model.md``.
Loops over third actors belong to the callers, which add in the order of the actors.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from alliancesim.bounded import pushed, pushed_opinion, shaken
from alliancesim.coefficients import Coefficients
from alliancesim.compilation import inlined


class CooperationView(NamedTuple):
    """What actor i sees when it decides how far to cooperate with j; all dimensionless, 0 to 1.

    ``opinion`` alone runs from -1 to 1, and the three sums over third actors may exceed 1.
    """

    pragmatism: float
    shared_threat: float
    shared_hazard: float
    fear: float
    fear_of_other: float
    brokered: float
    chilled: float
    entangled: float
    induced: float
    hoped: float
    exposed: float
    opinion: float
    grievance: float
    received: float
    pressed: float


class CooperationTerms(NamedTuple):
    """The additive terms of the log-odds of cooperation, one per mechanism."""

    balancing: float
    hazard: float
    abandonment: float
    brokerage: float
    chilling: float
    entrapment: float
    inducement: float
    mediation: float
    compliance: float
    opinion: float
    grievance: float
    reciprocity: float
    resentment: float


class PressureTerms(NamedTuple):
    """The additive terms of the log-odds of pressure, one per mechanism."""

    retaliation: float
    alarm: float
    restraint: float
    solidarity: float


class OpinionTerms(NamedTuple):
    """The additive terms of a month's step of opinion, one per mechanism."""

    warm: float
    sour: float
    sore: float
    fidelity: float
    balance: float
    forget: float


class ThreatTerms(NamedTuple):
    """The additive terms of a month's step of threat, one per mechanism."""

    provoke: float
    spillover: float
    soothe: float
    calm: float


# Quantities of a single third actor, which callers fold with a sum or a maximum.


@inlined
def geometric_mean(a: float, b: float) -> float:
    """Return sqrt(a b): high only where both are high (Walt 1987, threat must be shared)."""
    return np.sqrt(a * b)  # type: ignore[no-any-return]


@inlined
def fear_of_abandonment(best_confidence: float, hazard: float, worst_threat: float) -> float:
    """Return how much an actor stands to lose if no guarantee holds (Cha 1999), 0 to 1."""
    return (1.0 - best_confidence) * max(hazard, worst_threat)


@inlined
def brokered_by(brokerage_k: float, confidence_ik: float, confidence_jk: float) -> float:
    """Return what patron k's effort adds where both allies trust it (Izumikawa 2018), 0 to 1."""
    return brokerage_k * confidence_ik * confidence_jk


@inlined
def chill(dependence_ik: float, pressure_kj: float) -> float:
    """Return i's reason not to be seen with j, whom i's trading partner k presses, 0 to 1.

    After Hirschman (1945).
    """
    return dependence_ik * pressure_kj


@inlined
def quarrel(pressure_kj: float, pressure_ki: float) -> float:
    """Return how far k's pressure on j exceeds that on i, 0 to 1.

    A wedge is selective (Crawford 2011): who presses both alike gives neither a reason to stand
    apart from the other.
    """
    return max(0.0, pressure_kj - pressure_ki)


@inlined
def entanglement(quarrel_kj: float, threat_ik: float) -> float:
    """Return i's reason to keep out of k's :func:`quarrel` with j (Snyder 1984), 0 to 1."""
    return quarrel_kj * (1.0 - threat_ik)


@inlined
def believed(cooperation: float, suspicion: float) -> float:
    """Return the part of another's cooperation that is not taken for a manoeuvre, 0 to 1."""
    return cooperation * (1.0 - suspicion)


@inlined
def inducement_by(cooperation_ki: float, suspicion_ik: float, quarrel_kj: float) -> float:
    """Return what k pays i, as far as i believes it, while k quarrels with j (Crawford 2011)."""
    return believed(cooperation_ki, suspicion_ik) * quarrel_kj


@inlined
def exposure(dependence_ij: float, pressure_ji: float, best_confidence: float) -> float:
    """Return how far i must give in to j's pressure (Schweller 1994), 0 to 1."""
    return dependence_ij * pressure_ji * (1.0 - best_confidence)


# Decisions.


@inlined
def cooperation_terms(view: CooperationView, c: Coefficients) -> CooperationTerms:
    """Return the terms of i's log-odds of cooperating with j.

    Strategic terms weigh 2 pragmatism, ideational terms 2 (1 - pragmatism), interaction terms 1,
    so that at a pragmatism of one half every mechanism has its coefficient's weight.

    Args:
        view: what i sees.
        c: coefficients of the law.

    Returns:
        One signed number per mechanism, in log-odds.
    """
    strategic = 2.0 * view.pragmatism
    ideational = 2.0 * (1.0 - view.pragmatism)
    quasi_alliance = min(view.fear, view.fear_of_other) - 0.5 * abs(view.fear - view.fear_of_other)
    return CooperationTerms(
        strategic * c.balancing * view.shared_threat,
        strategic * c.hazard * view.shared_hazard,
        strategic * c.abandonment * quasi_alliance,
        strategic * c.brokerage * view.brokered,
        -(strategic * c.chilling * view.chilled),
        -(strategic * c.entrapment * view.entangled),
        -(ideational * c.inducement * view.induced),
        strategic * c.mediation * view.hoped,
        strategic * c.compliance * view.exposed,
        ideational * c.opinion * view.opinion,
        -(ideational * c.grievance * view.grievance),
        c.reciprocity * view.received,
        -(c.resentment * view.pressed),
    )


@inlined
def cooperation_appeal(t: CooperationTerms) -> float:
    """Return the sum of the terms of cooperation, in log-odds."""
    strategic = t.balancing + t.hazard + t.abandonment + t.brokerage + t.chilling
    strategic = strategic + t.entrapment + t.mediation + t.compliance
    ideational = t.inducement + t.opinion + t.grievance
    return strategic + ideational + t.reciprocity + t.resentment


@inlined
def pressure_terms(
    pressure_ji: float,
    dependence_ij: float,
    threat_ij: float,
    opinion_ij: float,
    pressed_allies: float,
    c: Coefficients,
) -> PressureTerms:
    """Return the terms of i's log-odds of pressing j.

    Args:
        pressure_ji: pressure i receives from j.
        dependence_ij: i's trade dependence on j.
        threat_ij: threat i sees in j.
        opinion_ij: opinion of j among i's public.
        pressed_allies: sum over third actors l of cohesion_il times pressure_jl.
        c: coefficients of the law.

    Returns:
        One signed number per mechanism, in log-odds.
    """
    return PressureTerms(
        c.retaliation * pressure_ji * (1.0 - dependence_ij),
        c.alarm * threat_ij,
        -(c.restraint * opinion_ij),
        c.solidarity * pressed_allies,
    )


@inlined
def pressure_urge(t: PressureTerms) -> float:
    """Return the sum of the terms of pressure, in log-odds."""
    return t.retaliation + t.alarm + t.restraint + t.solidarity


@inlined
def escalated(level: float, escalate: float, cohesion: float, baseline: float) -> float:
    """Return a strategy's level after it has reacted to the target alliance.

    The level grows (escalate > 0) or shrinks (escalate < 0) by ``escalate`` times the share of the
    way from its baseline to 1 that the target alliance's cohesion has come.

    Args:
        level: level laid down in the strategy, -1 to 1.
        escalate: -1 (yields) to 1 (doubles down).
        cohesion: mean cohesion of the target alliance now, 0 to 1.
        baseline: the same at rest.

    Returns:
        The level now, between -1 and 1.
    """
    room = 1.0 - baseline
    risen = max(0.0, cohesion - baseline) / room if room > 0.0 else 0.0
    return min(max(level * (1.0 + escalate * risen), -1.0), 1.0)


# Adjustment of states.


@inlined
def cohesion_next(
    cohesion: float, baseline: float, conduct: float, conduct_at_rest: float, c: Coefficients
) -> float:
    """Return next month's cohesion of a dyad.

    The level that mutual conduct supports lies as far along the way from the baseline to 1 (or
    to 0) as conduct has come along its own; institutions close a share of the gap each month. But
    they outlive the conduct that made them (Keohane 1984): conduct no worse than usual does not
    run them down, and worse conduct does so only in proportion to how much worse it is. Under
    shocks this is a ratchet: at rest mean cohesion creeps upward over years (decision 34).

    Args:
        cohesion: now, 0 to 1.
        baseline: at rest, 0 to 1.
        conduct: geometric mean of both directions of cooperation this month, 0 to 1.
        conduct_at_rest: the same at rest.
        c: coefficients of the law.

    Returns:
        Cohesion, 0 to 1.
    """
    change = conduct - conduct_at_rest
    room = 1.0 - conduct_at_rest if change > 0.0 else conduct_at_rest
    share = change / room if room > 0.0 else 0.0
    followed = pushed(baseline, share) - cohesion
    kept = share * (1.0 - cohesion if share > 0.0 else cohesion)
    step = max(followed, kept)
    return cohesion + (c.build if step > 0.0 else c.erode) * step


@inlined
def opinion_terms(
    believed_change: float,
    pressure_change: float,
    grievance_change: float,
    pragmatism: float,
    loyalty: float,
    imbalance: float,
    opinion_change: float,
    c: Coefficients,
) -> OpinionTerms:
    """Return the terms of a month's step of i's opinion of j.

    Args:
        believed_change: change of j's cooperation toward i, less what is suspected.
        pressure_change: change of j's pressure on i.
        grievance_change: change of i's grievance against j.
        pragmatism: of i's leadership.
        loyalty: largest temptation of j by a third actor that presses i, times the change of
            j's cooperation toward i.
        imbalance: mean over third actors k of the change of opinion_ik opinion_kj.
        opinion_change: change of the opinion itself.
        c: coefficients of the law.

    Returns:
        One signed number per mechanism, per month.
    """
    return OpinionTerms(
        c.warm * believed_change,
        -(c.sour * pressure_change),
        -(c.sore * 2.0 * (1.0 - pragmatism) * grievance_change),
        c.fidelity * loyalty,
        c.balance * imbalance,
        -(c.forget * opinion_change),
    )


@inlined
def opinion_next(opinion: float, t: OpinionTerms, shock: float, c: Coefficients) -> float:
    """Return next month's opinion from its terms and a standard normal shock, -1 to 1."""
    step = t.warm + t.sour + t.sore + t.fidelity + t.balance + t.forget
    noise = c.opinion_volatility * shock * (1.0 - opinion * opinion)
    return min(max(pushed_opinion(opinion, step) + noise, -1.0), 1.0)


@inlined
def threat_terms(
    pressure_change: float,
    pressure_on_like: float,
    believed_change: float,
    threat_change: float,
    c: Coefficients,
) -> ThreatTerms:
    """Return the terms of a month's step of the threat i sees in j.

    Args:
        pressure_change: change of j's pressure on i.
        pressure_on_like: sum over third actors l of likeness_il times the change of pressure_jl.
        believed_change: change of j's cooperation toward i, less what is suspected.
        threat_change: change of the threat itself.
        c: coefficients of the law.

    Returns:
        One signed number per mechanism, per month.
    """
    return ThreatTerms(
        c.provoke * pressure_change,
        c.spillover * pressure_on_like,
        -(c.soothe * believed_change),
        -(c.calm * threat_change),
    )


@inlined
def threat_next(threat: float, t: ThreatTerms, shock: float, c: Coefficients) -> float:
    """Return next month's threat from its terms and a standard normal shock, 0 to 1."""
    step = t.provoke + t.spillover + t.soothe + t.calm
    return shaken(pushed(threat, step), threat, c.threat_volatility * shock)


@inlined
def temptation_by(courtship_kj: float, pressure_ki: float) -> float:
    """Return how hard k, which presses i, tempts j by favours beyond the habitual, 0 to 1.

    Args:
        courtship_kj: change of k's cooperation toward j; a fall tempts nobody.
        pressure_ki: pressure of k on i.
    """
    return max(0.0, courtship_kj) * pressure_ki


@inlined
def evidence_of_wedge(cooperation_change: float, pressure_change: float, likeness: float) -> float:
    """Return how much j's favour to i beside its blow at l looks like a wedge, 0 to 1.

    Args:
        cooperation_change: change of j's cooperation toward i; only a rise is a favour.
        pressure_change: change of j's pressure on l; only a rise is a blow.
        likeness: of i with l.
    """
    return max(0.0, cooperation_change) * max(0.0, pressure_change) * likeness


@inlined
def suspicion_next(
    suspicion: float, baseline: float, visibility: float, evidence: float, c: Coefficients
) -> float:
    """Return next month's suspicion, 0 to 1.

    Args:
        suspicion: now, 0 to 1.
        baseline: at rest, 0 to 1; evidence adds to it.
        visibility: how openly j acts, 0 to 1.
        evidence: largest :func:`evidence_of_wedge` over third actors.
        c: coefficients of the law.

    Returns:
        Suspicion, 0 to 1.
    """
    target = pushed(baseline, min(1.0, visibility * c.legibility * evidence))
    return suspicion + c.unmask * (target - suspicion)


@inlined
def dependence_next(
    dependence: float, baseline: float, pressure_change: float, c: Coefficients
) -> float:
    """Return next month's dependence, 0 to 1 (Farrell and Newman 2019).

    Args:
        dependence: now.
        baseline: at rest.
        pressure_change: change of j's pressure on i and, by likeness, on others.
        c: coefficients of the law.

    Returns:
        Dependence, 0 to 1.
    """
    step = -(c.derisk * max(0.0, pressure_change)) - c.rewire * (dependence - baseline)
    return pushed(dependence, step)


@inlined
def confidence_next(confidence: float, commitment: float, shock: float, c: Coefficients) -> float:
    """Return next month's confidence in a guarantee from the commitment behind it, 0 to 1."""
    followed = confidence + c.update * (commitment - confidence)
    return shaken(followed, confidence, c.confidence_volatility * shock)


@inlined
def grievance_next(
    grievance: float, baseline: float, cohesion_change: float, shock: float, c: Coefficients
) -> float:
    """Return next month's grievance, 0 to 1.

    Args:
        grievance: now.
        baseline: at rest.
        cohesion_change: change of the dyad's cohesion.
        shock: standard normal.
        c: coefficients of the law.

    Returns:
        Grievance, 0 to 1.
    """
    faded = grievance + c.fade * (baseline - grievance)
    settled = pushed(faded, -(c.reconcile * cohesion_change))
    return shaken(settled, grievance, c.grievance_volatility * shock)
