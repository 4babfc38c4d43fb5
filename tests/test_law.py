"""The scalar law: exact at rest, within bounds for any valid input, off where switched off."""

from __future__ import annotations

import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from alliancesim import bounded, law
from alliancesim.coefficients import NAMES, Coefficients, defaults, with_values
from worlds import coefficients, share, signed

any_coefficients = coefficients().map(with_values)
shock = st.floats(-6.8, 6.8)
ZERO_OPINION = law.OpinionTerms(*[0.0] * 6)
ZERO_THREAT = law.ThreatTerms(*[0.0] * 4)

opinion_inputs = st.tuples(
    signed, signed, signed, share, signed, st.floats(-2, 2), st.floats(-2, 2)
)
threat_inputs = st.tuples(signed, st.floats(-63, 63), signed, signed)
views = st.builds(
    law.CooperationView,
    pragmatism=share,
    shared_threat=share,
    shared_hazard=share,
    fear=share,
    fear_of_other=share,
    brokered=st.floats(0, 62),
    chilled=st.floats(0, 1),
    entangled=st.floats(0, 62),
    induced=st.floats(0, 62),
    hoped=share,
    exposed=share,
    opinion=signed,
    grievance=share,
    received=share,
    pressed=share,
)
pressure_inputs = st.tuples(share, share, share, signed, st.floats(0, 62))


# Rest.


@given(share)
def test_no_change_leaves_an_action_exactly_at_its_baseline(baseline: float) -> None:
    assert bounded.moved(baseline, 0.0) == baseline
    assert bounded.moved(baseline, -0.0) == baseline


@given(st.floats(0.0, 1.0))
def test_no_change_leaves_any_double_exactly_at_its_baseline(baseline: float) -> None:
    """Subnormal and awkward doubles included."""
    assert bounded.moved(baseline, 0.0) == baseline


@given(share, share, share, signed, any_coefficients)
def test_a_state_at_rest_stays_there_exactly(
    baseline: float, conduct: float, visibility: float, opinion: float, c: Coefficients
) -> None:
    """With every change and shock zero, each equation returns its baseline to the last bit."""
    zero_opinion = law.opinion_terms(0.0, 0.0, 0.0, conduct, 0.0, 0.0, 0.0, c)
    zero_threat = law.threat_terms(0.0, 0.0, 0.0, 0.0, c)
    assert law.cohesion_next(baseline, baseline, conduct, conduct, c) == baseline
    assert law.opinion_next(opinion, zero_opinion, 0.0, c) == opinion
    assert law.threat_next(baseline, zero_threat, 0.0, c) == baseline
    assert law.suspicion_next(baseline, baseline, visibility, 0.0, c) == baseline
    assert law.dependence_next(baseline, baseline, 0.0, c) == baseline
    assert law.confidence_next(baseline, baseline, 0.0, c) == baseline
    assert law.grievance_next(baseline, baseline, 0.0, 0.0, c) == baseline


# Bounds.


@given(share, st.floats(-1e6, 1e6))
def test_a_decision_stays_between_never_and_always(baseline: float, change: float) -> None:
    found = bounded.moved(baseline, change)
    assert 0.0 <= found <= 1.0
    if baseline in (0.0, 1.0):
        assert found == baseline


@given(st.floats(0.001, 0.999), st.floats(-29, 29), st.floats(1e-6, 5.0))
def test_a_decision_follows_its_log_odds(baseline: float, change: float, more: float) -> None:
    """Odds are multiplied by e**change, so more appeal never means less of the action."""
    found = bounded.moved(baseline, change)
    odds = baseline / (1 - baseline) * math.exp(change)
    assert math.isclose(found, odds / (1 + odds), rel_tol=1e-12)
    assert bounded.moved(baseline, change + more) >= found


@given(share, st.floats(-3.0, 3.0))
def test_a_push_closes_its_share_of_the_way(x: float, step: float) -> None:
    """Upward to 1, downward to 0, never beyond, and not at all at zero."""
    s = min(max(step, -1.0), 1.0)
    found = bounded.pushed(x, step)
    assert 0.0 <= found <= 1.0
    assert math.isclose(found, x + s * (1 - x) if s > 0 else x * (1 + s), abs_tol=1e-15)
    assert bounded.pushed(x, 0.0) == x
    assert bounded.pushed(x, 1.0) == 1.0
    assert bounded.pushed(x, -1.0) == 0.0


@given(signed, st.floats(-3.0, 3.0))
def test_a_push_of_opinion_is_the_same_in_both_directions(x: float, step: float) -> None:
    """Bounded by -1 and 1, and the mirror image of the opposite push of the opposite opinion."""
    found = bounded.pushed_opinion(x, step)
    assert -1.0 <= found <= 1.0
    assert found == -bounded.pushed_opinion(-x, -step)
    assert bounded.pushed_opinion(x, 0.0) == x
    assert bounded.pushed_opinion(0.0, 0.25) == 0.25


@given(share, share, share, share, any_coefficients)
def test_cohesion_stays_between_0_and_1(
    cohesion: float, baseline: float, conduct: float, at_rest: float, c: Coefficients
) -> None:
    assert 0.0 <= law.cohesion_next(cohesion, baseline, conduct, at_rest, c) <= 1.0


@given(share, share, share, any_coefficients)
def test_cohesion_never_moves_against_conduct(
    baseline: float, conduct: float, at_rest: float, c: Coefficients
) -> None:
    """From rest, better conduct never lowers it and worse conduct never raises it."""
    step = law.cohesion_next(baseline, baseline, conduct, at_rest, c) - baseline
    assert step * (conduct - at_rest) >= 0.0


@given(share, share, share, share, any_coefficients)
def test_conduct_no_worse_than_usual_never_runs_cohesion_down(
    cohesion: float, baseline: float, conduct: float, at_rest: float, c: Coefficients
) -> None:
    """However far cohesion stands above the level that such conduct supports."""
    better, worse = max(conduct, at_rest), min(conduct, at_rest)
    assert law.cohesion_next(cohesion, baseline, better, worse, c) >= cohesion


@given(share, share, share, share, any_coefficients)
def test_worse_conduct_runs_cohesion_down_in_proportion_at_most(
    cohesion: float, baseline: float, conduct: float, at_rest: float, c: Coefficients
) -> None:
    """Nor below the level that it still supports."""
    worse, usual = min(conduct, at_rest), max(conduct, at_rest)
    gone = (usual - worse) / usual if usual > 0.0 else 0.0
    found = law.cohesion_next(cohesion, baseline, worse, usual, c)
    assert found >= cohesion * (1.0 - c.erode * gone) - 1e-12
    assert found >= min(cohesion, baseline * (1.0 - gone)) - 1e-12


@given(share, share, share)
def test_only_pressure_that_one_is_spared_is_anothers_quarrel(
    a: float, b: float, fear: float
) -> None:
    """Who presses both alike gives no reason to stand apart (Crawford 2011)."""
    assert law.quarrel(a, a) == 0.0
    assert law.quarrel(a, b) == max(0.0, a - b)
    assert law.entanglement(law.quarrel(a, 0.0), fear) == a * (1.0 - fear)


@given(signed, opinion_inputs, shock, any_coefficients)
def test_opinion_stays_between_minus_1_and_1(
    opinion: float, inputs: tuple[float, ...], e: float, c: Coefficients
) -> None:
    assert -1.0 <= law.opinion_next(opinion, law.opinion_terms(*inputs, c), e, c) <= 1.0


@given(share, threat_inputs, shock, any_coefficients)
def test_threat_stays_between_0_and_1(
    threat: float, inputs: tuple[float, ...], e: float, c: Coefficients
) -> None:
    assert 0.0 <= law.threat_next(threat, law.threat_terms(*inputs, c), e, c) <= 1.0


@given(share, share, share, share, any_coefficients)
def test_suspicion_stays_between_0_and_1(
    suspicion: float, baseline: float, visibility: float, evidence: float, c: Coefficients
) -> None:
    found = law.suspicion_next(suspicion, baseline, visibility, evidence, c)
    assert 0.0 <= found <= 1.0


@given(share, share, st.floats(-64, 64), any_coefficients)
def test_dependence_stays_between_0_and_1(
    dependence: float, baseline: float, pressure: float, c: Coefficients
) -> None:
    assert 0.0 <= law.dependence_next(dependence, baseline, pressure, c) <= 1.0


@given(share, share, shock, any_coefficients)
def test_confidence_stays_between_0_and_1(
    confidence: float, commitment: float, e: float, c: Coefficients
) -> None:
    assert 0.0 <= law.confidence_next(confidence, commitment, e, c) <= 1.0


@given(share, share, signed, shock, any_coefficients)
def test_grievance_stays_between_0_and_1(
    grievance: float, baseline: float, cohesion: float, e: float, c: Coefficients
) -> None:
    assert 0.0 <= law.grievance_next(grievance, baseline, cohesion, e, c) <= 1.0


@given(signed, signed, share, share)
def test_an_escalated_level_stays_a_level(
    level: float, escalate: float, cohesion: float, baseline: float
) -> None:
    """Between -1 and 1; unchanged without escalation or while cohesion has not risen."""
    found = law.escalated(level, escalate, cohesion, baseline)
    assert -1.0 <= found <= 1.0
    assert law.escalated(level, 0.0, cohesion, baseline) == level
    assert law.escalated(level, escalate, min(cohesion, baseline), baseline) == level
    if level > 0 and cohesion > baseline:
        assert (found - level) * escalate >= 0.0


@pytest.mark.parametrize(
    ("escalate", "expected"), [(1.0, 0.6), (-1.0, 0.2), (0.5, 0.5), (0.0, 0.4)]
)
def test_escalation_scales_the_level_by_the_share_of_the_way_cohesion_has_come(
    escalate: float, expected: float
) -> None:
    """Cohesion from 0.5 to 0.75 is half of the way: the level 0.4 changes by half of itself."""
    assert math.isclose(law.escalated(0.4, escalate, 0.75, 0.5), expected)


# Ends: what is certain cannot be shaken, what does not exist cannot be doubted.


@pytest.mark.parametrize("end", [0.0, 1.0])
@given(e=shock)
def test_no_shock_moves_a_state_from_an_end(end: float, e: float) -> None:
    c = defaults()
    assert law.threat_next(end, ZERO_THREAT, e, c) == end
    assert law.confidence_next(end, end, e, c) == end
    assert law.grievance_next(end, end, 0.0, e, c) == end
    assert law.opinion_next(2.0 * end - 1.0, ZERO_OPINION, e, c) == 2.0 * end - 1.0


@given(shock)
def test_a_shock_moves_a_state_at_mid_scale_by_its_volatility(e: float) -> None:
    c = defaults()
    small = 0.5 + c.threat_volatility * e
    assert math.isclose(law.threat_next(0.5, ZERO_THREAT, e, c), small)
    assert math.isclose(law.confidence_next(0.5, 0.5, e, c), 0.5 + c.confidence_volatility * e)
    assert math.isclose(law.grievance_next(0.5, 0.5, 0.0, e, c), 0.5 + c.grievance_volatility * e)
    assert math.isclose(law.opinion_next(0.0, ZERO_OPINION, e, c), c.opinion_volatility * e)


# Switching off.


@pytest.mark.parametrize("name", NAMES)
@settings(max_examples=12)
@given(view=views, pressed=pressure_inputs, opinion=opinion_inputs, threat=threat_inputs)
def test_switching_a_mechanism_off_makes_its_term_exactly_zero(
    name: str,
    view: law.CooperationView,
    pressed: tuple[float, ...],
    opinion: tuple[float, ...],
    threat: tuple[float, ...],
) -> None:
    """And leaves every other term as it was."""
    off, on = with_values({}, [name]), defaults()
    assert getattr(off, name) == 0.0
    for found, before in (
        (law.cooperation_terms(view, off), law.cooperation_terms(view, on)),
        (law.pressure_terms(*pressed, off), law.pressure_terms(*pressed, on)),
        (law.opinion_terms(*opinion, off), law.opinion_terms(*opinion, on)),
        (law.threat_terms(*threat, off), law.threat_terms(*threat, on)),
    ):
        for field, value, full in zip(found._fields, found, before, strict=True):
            assert value == (0.0 if field == name else full)


@given(share, share, share, share, signed, shock)
def test_switching_off_what_is_no_term_leaves_its_state_where_it_is(
    now: float, baseline: float, other: float, drive: float, change: float, e: float
) -> None:
    """Rates and volatilities at zero leave their states unmoved to the last bit."""
    still = with_values({}, NAMES)
    assert law.cohesion_next(now, baseline, other, drive, still) == now
    assert law.suspicion_next(now, baseline, other, drive, still) == now
    assert law.dependence_next(now, baseline, change, still) == now
    assert law.confidence_next(now, baseline, e, still) == now
    assert law.grievance_next(now, baseline, change, e, still) == now
    assert law.threat_next(now, ZERO_THREAT, e, still) == now
    assert law.opinion_next(change, ZERO_OPINION, e, still) == change


@given(share, share, share)
def test_without_legibility_no_evidence_raises_suspicion(
    suspicion: float, visibility: float, evidence: float
) -> None:
    blind = with_values({}, ["legibility"])
    assert law.suspicion_next(suspicion, suspicion, visibility, evidence, blind) == suspicion


# Sums.


@given(views, any_coefficients)
def test_the_appeal_of_cooperation_is_the_sum_of_its_terms(
    view: law.CooperationView, c: Coefficients
) -> None:
    terms = law.cooperation_terms(view, c)
    exact = math.fsum(terms)
    size = math.fsum(abs(term) for term in terms)
    assert abs(law.cooperation_appeal(terms) - exact) <= 1e-14 * max(1.0, size)


@given(pressure_inputs, any_coefficients)
def test_the_urge_to_press_is_the_sum_of_its_terms(
    inputs: tuple[float, ...], c: Coefficients
) -> None:
    terms = law.pressure_terms(*inputs, c)
    size = math.fsum(abs(term) for term in terms)
    assert abs(law.pressure_urge(terms) - math.fsum(terms)) <= 1e-14 * max(1.0, size)


@given(views, any_coefficients)
def test_pragmatism_trades_ideas_for_strategy(view: law.CooperationView, c: Coefficients) -> None:
    """Wholly pragmatic leaders ignore opinion, grievance and favours, ideological ones strategy."""
    cold = law.cooperation_terms(view._replace(pragmatism=1.0), c)
    warm = law.cooperation_terms(view._replace(pragmatism=0.0), c)
    ideational = {"opinion", "grievance", "inducement"}
    strategic = set(warm._fields) - ideational - {"reciprocity", "resentment"}
    assert not any(getattr(cold, name) for name in ideational)
    assert not any(getattr(warm, name) for name in strategic)
    assert (cold.reciprocity, cold.resentment) == (warm.reciprocity, warm.resentment)
