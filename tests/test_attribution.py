"""Attribution: shares of causes add up, are fair, and belong to the worlds they are said to."""

from __future__ import annotations

from itertools import permutations
from math import factorial
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from alliancesim import batch
from alliancesim.arrays import Array
from alliancesim.attribution import shapley
from alliancesim.attribution.causes import Cause, causes_of, left_out, within
from alliancesim.attribution.explanation import Explanation, Question, explain, pose
from alliancesim.attribution.outcome import asked_for
from alliancesim.attribution.period import Period, period_of
from alliancesim.attribution.shapley import shapley_values
from alliancesim.attribution.tables import draws_table, shares_table, values_table
from alliancesim.batch import Pair, Series
from alliancesim.coefficients import NAMES, defaults
from alliancesim.posterior.draws import Posterior
from alliancesim.scenario.problems import InputError
from alliancesim.scenario.reading import Loaded
from alliancesim.scenario.schema import Scenario
from alliancesim.world import World, build_world
from worlds import bare, document, documents, scenario_of

# Shapley values.


@st.composite
def games(draw: st.DrawFn) -> Array:
    """Draw the worth of every coalition of up to five players, in two runs."""
    players = draw(st.integers(0, 5))
    worth = st.floats(-1.0, 1.0, width=32)
    return draw(arrays.arrays(np.float64, (2**players, 2), elements=worth))


@given(games())
def test_shares_add_up_to_the_whole(values: Array) -> None:
    """Efficiency: what all achieve beyond what none does is shared out, nothing more or less."""
    whole = values[-1] - values[0]
    assert shapley_values(values).sum(axis=0) == pytest.approx(whole, abs=1e-14)


@given(games(), games())
def test_shares_of_a_sum_are_the_sum_of_shares(one: Array, two: Array) -> None:
    """Additivity, so that a mean of shares over draws is the share of the mean."""
    if one.shape == two.shape:
        both = shapley_values(one) + shapley_values(two)
        assert shapley_values(one + two) == pytest.approx(both, abs=1e-14)


@given(games())
def test_shares_are_means_over_all_orders_of_joining(values: Array) -> None:
    """The formula over coalitions agrees with adding players one by one, in every order."""
    players = len(values).bit_length() - 1
    total = np.zeros((players, 2))
    for order in permutations(range(players)):
        there = 0
        for player in order:
            total[player] += values[there | 1 << player] - values[there]
            there |= 1 << player
    expected = total / factorial(players)
    assert shapley_values(values) == pytest.approx(expected, abs=1e-14)


def test_the_glove_game_is_shared_out_as_in_the_textbook() -> None:
    """One left glove and two right ones: the left is worth two thirds, each right a sixth."""
    left, *rights = 0, 1, 2
    worth = [
        float(shapley.is_member(k, left) and any(shapley.is_member(k, r) for r in rights))
        for k in range(8)
    ]
    assert shapley_values(np.array(worth)) == pytest.approx([2 / 3, 1 / 6, 1 / 6], abs=1e-15)
    assert shapley.alone(np.array(worth)).tolist() == [0, 0, 0]
    assert shapley.last(np.array(worth)).tolist() == [1, 0, 0]


def test_players_that_do_the_same_get_the_same_and_idle_ones_nothing() -> None:
    """Symmetry and null player: 0 and 1 swap roles in a game that player 2 does not touch."""
    worth = np.array([0.0, 0.3, 0.3, 0.8] * 2)
    first, second, idle = shapley_values(worth)
    assert first == second == pytest.approx(0.4)
    assert idle == 0.0


# Causes.


def asked(scenario: Scenario, first: str | None = None, last: str | None = None) -> tuple[Any, ...]:
    """Return period, scenario and causes of a span."""
    period = period_of(scenario, first, last)
    played = within(scenario, period)
    return period, played, causes_of(played, period)


def same(one: World, two: World) -> bool:
    """Say whether worlds have the same drivers, pushes and strategies that do something."""
    pairs = [*zip(one.drivers, two.drivers, strict=True), *zip(one.pushes, two.pushes, strict=True)]
    return all(np.array_equal(a, b) for a, b in pairs)


def test_causes_are_found_by_what_events_move(full: Scenario) -> None:
    _, _, causes = asked(full)
    found = {cause.name: (set(cause.events), set(cause.levels)) for cause in causes}
    assert found == {
        "wedge-pressure": ({"embargo"}, {("wedge", "press")}),
        "wedge-courtship": (set(), {("wedge", "court")}),
        "hazard": ({"drill"}, set()),
        "leaders": ({"election"}, set()),
        "grievance": ({"scare"}, set()),
        "other-acts": (set(), {("bonds", "court")}),
    }


def test_all_causes_make_the_world_and_without_the_wedge_it_is_the_twin(full: Scenario) -> None:
    period, played, causes = asked(full)
    assert same(build_world(left_out(played, period, ())), build_world(full))
    legs = [cause for cause in causes if cause.name.startswith("wedge")]
    assert same(build_world(left_out(played, period, legs)), build_world(full, wedge=False))


def test_without_any_cause_nothing_is_dated(full: Scenario) -> None:
    period, played, causes = asked(full)
    rest = left_out(played, period, causes)
    assert (rest.events, rest.strategies) == ({}, {})


def test_a_leg_that_is_left_out_takes_its_acts_along_and_spares_the_other(full: Scenario) -> None:
    period, played, causes = asked(full)
    (pressure,) = (cause for cause in causes if cause.name == "wedge-pressure")
    rest = left_out(played, period, [pressure])
    assert "embargo" not in rest.events
    assert not rest.strategies["wedge"].press
    assert rest.strategies["wedge"].court == full.strategies["wedge"].court
    assert rest.strategies["wedge"].visibility == full.strategies["wedge"].visibility


def test_what_is_dated_before_the_period_is_no_cause(full: Scenario) -> None:
    """The past is common to all coalitions: strategies and events that began before stay."""
    period, played, causes = asked(full, "2030-06", "2030-08")
    assert {cause.name for cause in causes} == {"hazard", "grievance"}
    rest = left_out(played, period, causes)
    assert set(rest.strategies) == {"wedge", "bonds"}
    assert set(rest.events) == {"embargo", "election"}


def test_an_act_of_a_strategy_begun_before_is_a_cause_and_leaves_the_strategy(
    full: Scenario,
) -> None:
    period, played, causes = asked(full, "2030-05")
    (pressure,) = (cause for cause in causes if cause.name == "wedge-pressure")
    assert (pressure.events, pressure.levels) == ({"embargo"}, frozenset())
    assert left_out(played, period, causes).strategies["wedge"] == full.strategies["wedge"]


def test_what_comes_later_or_is_disabled_is_no_cause() -> None:
    data = document()
    data["events"]["election"]["enabled"] = False
    _, played, causes = asked(scenario_of(data), None, "2030-05")
    assert {cause.name for cause in causes} == {"wedge-pressure", "wedge-courtship", "other-acts"}
    assert set(played.events) == {"embargo"}
    assert played.time.months == 5


@pytest.mark.parametrize(
    ("variable", "push", "cause"),
    [
        ("pressure", 0.2, "wedge-pressure"),
        ("cooperation", -0.2, "wedge-pressure"),
        ("cooperation", 0.2, "wedge-courtship"),
        ("pressure", -0.2, "wedge-courtship"),
    ],
)
def test_a_favour_withdrawn_is_pressure_and_pressure_eased_is_courtship(
    variable: str, push: float, cause: str
) -> None:
    data = bare("ALFA", "BRAVO", "CHARLIE", strategies={"wedge": {"actor": "CHARLIE"}})
    act = {"date": "2030-02", "what": "x", "variable": variable, "of": "CHARLIE", "push": push}
    data["events"] = {"act": act | {"toward": "ALFA", "part_of": "wedge"}}
    period, played, causes = asked(scenario_of(data))
    assert [item.name for item in causes] == [cause]
    assert left_out(played, period, causes).strategies == {}


# Explanations.


def explained(
    data: dict[str, Any], posterior: Posterior | None = None, **question: Any
) -> Explanation:
    """Return the explanation of plain data."""
    loaded = Loaded("made", scenario_of(data), (), {})
    return explain(loaded, Question(**{"runs": 4, **question}), posterior)


@settings(max_examples=10)
@given(documents(most=4))
def test_past_and_shares_add_up_to_the_change_in_any_world(data: dict[str, Any]) -> None:
    found = explained(data, runs=2)
    total = found.past + found.shares.sum(axis=0)
    assert total == pytest.approx(found.change, abs=1e-12)
    drawn = draws_table(found)
    causes = drawn[["past", *(cause.name for cause in found.causes)]].sum(axis=1)
    assert causes.to_numpy() == pytest.approx(drawn["change"].to_numpy(), abs=1e-12)


@pytest.mark.parametrize("outcome", ["cohesion", "opinion:BRAVO-ALFA", "cohesion:ALFA-BRAVO"])
def test_start_and_end_are_those_of_the_run(full: Scenario, outcome: str) -> None:
    """Between two months the change is that of the very trajectories that ``run`` makes."""
    found = explained(document(), first="2030-04", last="2030-09", outcome=outcome)
    world = build_world(full)
    paths = batch.trajectories(
        Pair(world, world), seed=1, run_numbers=range(4), series=(found.asked.series,)
    )[0, :, :, 0]
    assert found.start.tolist() == paths[:, 3].tolist()
    assert found.values[-1].tolist() == paths[:, 9].tolist()


def test_without_a_last_month_the_outcome_is_that_of_the_verdict(world: World, twin: World) -> None:
    """Mean over the window, and the wedge's effect: the bits of ``run``."""
    found = explained(document())
    late = batch.late_means([Pair(world, twin)], seed=1, run_numbers=range(4))[0, :, :, 0]
    assert found.values[-1].tolist() == late[0].tolist()
    assert found.effects.tolist() == (late[0] - late[1]).tolist()
    assert found.period.window == 4


def test_the_effect_falls_to_the_wedge_and_to_what_alters_it(world: World, twin: World) -> None:
    """As an outcome the effect begins at zero and has no part without its causes."""
    found = explained(document(), outcome="effect")
    late = batch.late_means([Pair(world, twin)], seed=1, run_numbers=range(4))[0, :, :, 0]
    assert found.change.tolist() == (late[0] - late[1]).tolist()
    assert not found.past.any()
    shares = dict(zip((cause.name for cause in found.causes), found.shares, strict=True))
    assert np.abs(shares["wedge-pressure"]).min() > np.abs(shares["grievance"]).max() > 0


def test_a_cause_that_reaches_nobody_has_no_share() -> None:
    """A leader in a state that the allies have nothing to do with: exactly nothing."""
    data = bare("ALFA", "BRAVO", "CHARLIE")
    event = {"what": "x", "of": "CHARLIE", "variable": "pragmatism", "date": "2030-02", "to": 0.9}
    scare = {"what": "x", "of": "ALFA", "toward": "BRAVO", "date": "2030-02", "push": 0.5}
    data["events"] = {"leader": event, "scare": scare | {"variable": "grievance"}}
    data["dyads"] = {
        f"CHARLIE-{ally}": {"cooperation": 0.0, "pressure": 0.0} for ally in ("ALFA", "BRAVO")
    }
    found = explained(data)
    leaders, grievance = found.shares
    assert not leaders.any()
    assert (grievance < 0).all()


def drawn(values: Array, *names: str) -> Posterior:
    """Return a posterior of these draws."""
    return Posterior("test", names, values, {})


def test_draws_that_are_all_alike_give_what_their_values_give() -> None:
    data = document()
    plain = explained(data | {"coefficients": {"build": 0.3}}, runs=8)
    found = explained(data, drawn(np.full((2, 1), 0.3), "build"), runs=8)
    assert found.values.tolist() == plain.values.tolist()


def test_runs_of_one_draw_are_averaged_before_draws_are_compared() -> None:
    """Four runs share a draw; intervals and signs are over draws."""
    values = np.array([[0.05], [0.3]])
    found = explained(document(), drawn(values, "build"), runs=8)
    spread = found.spread(found.change)
    means = found.change.reshape(2, 4).mean(axis=1)
    assert found.by_draw(found.change) == pytest.approx(means)
    assert spread.estimate == pytest.approx(means.mean())
    assert spread.low == pytest.approx(np.quantile(means, 0.05))
    assert len(draws_table(found)) == 2


def test_what_the_scenario_fixes_is_not_drawn() -> None:
    """A mechanism switched off, and a coefficient that is set, stay so under a posterior."""
    data = document() | {"without": ["entrapment"], "coefficients": {"warm": 0.2}}
    low, high = ([0.5, 0.1], [2.0, 0.9])
    one = explained(data, drawn(np.array([low]), "entrapment", "warm"))
    two = explained(data, drawn(np.array([high]), "entrapment", "warm"))
    assert one.values.tolist() == two.values.tolist()


def test_a_draw_of_every_coefficient_reaches_the_runs() -> None:
    vector = np.array([defaults()._replace(build=0.0, erode=0.0)])
    found = explained(document(), drawn(vector, *NAMES))
    assert not found.shares.any()


def test_an_explanation_repeats_and_reports_its_progress() -> None:
    loaded = Loaded("made", scenario_of(document()), (), {})
    question = Question(runs=3)
    seen: list[int] = []
    one, two = explain(loaded, question, None, seen.append), explain(loaded, question)
    assert one.values.tolist() == two.values.tolist()
    assert seen == sorted(seen)
    assert seen[-1] == pose(loaded.scenario, question).values == 3 * 2**6


def test_nothing_dated_leaves_chance_alone() -> None:
    seen: list[int] = []
    loaded = Loaded("made", scenario_of(bare("ALFA", "BRAVO")), (), {})
    found = explain(loaded, Question(runs=4), None, seen.append)
    assert seen[-1] == 4
    assert found.causes == ()
    assert found.past.tolist() == found.change.tolist()


def test_tables_hold_every_step_and_every_coalition() -> None:
    found = explained(document())
    shares, values = shares_table(found), values_table(found)
    steps = shares[shares["kind"].isin(("past", "cause"))]["estimate"].sum()
    ends = shares.set_index("kind")["estimate"]
    assert steps == pytest.approx(ends["change"], abs=1e-12)
    assert ends["start"] + ends["change"] == pytest.approx(ends["end"], abs=1e-12)
    assert len(values) == 2**6
    assert values["causes"].iloc[0] == "none"
    row = values[values["causes"] == "wedge-pressure+leaders"].iloc[0]
    assert row[[cause.name for cause in found.causes]].tolist() == [1, 0, 0, 1, 0, 0]
    assert row["estimate"] == pytest.approx(found.values[0b1001].mean())


# What is asked for wrongly.


def wrong(data: dict[str, Any], **question: Any) -> str:
    """Return the complaint about a question."""
    with pytest.raises(InputError) as caught:
        explained(data, **question)
    return str(caught.value)


def test_everything_wrong_with_a_question_is_told_at_once() -> None:
    told = wrong(document(), first="2029-12", last="2031-13", outcome="cohesoin")
    assert "--outcome" in told
    assert "--from is 2029-12: expected a month of the run" in told
    assert "--until" in told
    assert "2030-01 to 2031-06" in told


def test_an_end_before_the_beginning_is_refused() -> None:
    assert "no month before 2030-05" in wrong(document(), first="2030-05", last="2030-04")


@pytest.mark.parametrize(
    ("text", "hint"),
    [
        ("cohesoin", "'cohesion'"),
        ("opinon:ALFA-BRAVO", "'opinion'"),
        ("opinion:ALFA-BRAVA", "'BRAVO'"),
        ("opinion", "such as opinion:ALFA-BRAVO"),
        ("opinion:ALFA-ALFA", "such as opinion:ALFA-BRAVO"),
    ],
)
def test_an_outcome_that_does_not_exist_is_refused_with_a_hint(text: str, hint: str) -> None:
    assert hint in wrong(document(), outcome=text)


def test_an_effect_without_a_wedge_is_refused() -> None:
    told = wrong(document(), outcome="effect", first="2030-06", last="2030-08")
    assert "a wedge that acts from 2030-06 to 2030-08" in told


def test_more_values_than_can_be_held_are_refused() -> None:
    assert "at most 2097152 runs with 6 causes" in wrong(document(), runs=10**7)


def test_a_period_says_since_when_and_when() -> None:
    scenario = scenario_of(document())
    assert period_of(scenario, "2030-04", "2030-09") == Period("2030-04", "2030-09", 1, 3, 9)
    whole = period_of(scenario, None, None)
    assert (whole.since, whole.end) == ("2029-12", "2031-03 to 2031-06 (mean)")
    assert period_of(scenario, "2031-05", None).window == 2


def test_outcomes_are_read_as_they_are_written() -> None:
    scenario = scenario_of(document())
    assert asked_for(scenario, "threat:ALFA-CHARLIE").series == Series("threat", "ALFA", "CHARLIE")
    assert asked_for(scenario, "effect").is_effect


def test_a_cause_speaks_in_plain_words() -> None:
    assert Cause("hazard", frozenset(), frozenset()).title == "danger from outside"
