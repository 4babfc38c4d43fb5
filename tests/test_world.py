"""From a scenario to a world and its twin: what each strategy and event lays on which month."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from alliancesim.arrays import State
from alliancesim.scenario.problems import InputError
from alliancesim.world import ACTION_HALF_LIFE, World, build_world, wedge_levels
from worlds import bare, document, documents, scenario_of

ALFA, BRAVO, CHARLIE = range(3)
COOPERATION, PRESSURE = range(2)
THREAT, DEPENDENCE, GRIEVANCE, CONFIDENCE = range(4)


def _built(**tables: Any) -> World:
    """Return the world of ALFA, BRAVO and CHARLIE at the defaults, 12 months, with these tables."""
    return build_world(scenario_of(bare("ALFA", "BRAVO", "CHARLIE", **tables)))


def _event(date: str = "2030-03", variable: str = "pressure", **keys: Any) -> dict[str, Any]:
    base = {"date": date, "what": "something", "variable": variable, "of": "CHARLIE"}
    if variable not in ("pragmatism", "hazard", "brokerage", "visibility"):
        base["toward"] = "ALFA"
    return base | keys


# Baseline.


def test_what_a_file_leaves_out_stands_at_the_programs_defaults() -> None:
    world = _built()
    off = ~np.eye(3, dtype=bool)
    expected = {"cooperation": 0.3, "pressure": 0.05, "threat": 0.1, "cohesion": 0.3}
    for name in State._fields:
        assert (getattr(world.baseline, name)[off] == expected.get(name, 0.0)).all(), name
    assert (world.drivers.pragmatism == 0.5).all()
    assert (world.drivers.visibility == 0.5).all()


@given(st.floats(0, 1, width=32), st.floats(0, 1, width=32))
def test_cohesion_defaults_to_the_geometric_mean_of_both_cooperations(a: float, b: float) -> None:
    dyads = {"ALFA-BRAVO": {"cooperation": a}, "BRAVO-ALFA": {"cooperation": b}}
    cohesion = _built(dyads=dyads).baseline.cohesion
    assert cohesion[ALFA, BRAVO] == cohesion[BRAVO, ALFA]
    assert np.isclose(cohesion[ALFA, BRAVO], np.sqrt(a * b), atol=1e-15)


@pytest.mark.parametrize("pair", ["ALFA-BRAVO", "BRAVO-ALFA"])
def test_cohesion_given_in_one_direction_holds_in_both(pair: str) -> None:
    cohesion = _built(dyads={pair: {"cohesion": 0.9}}).baseline.cohesion
    assert cohesion[ALFA, BRAVO] == cohesion[BRAVO, ALFA] == 0.9
    assert cohesion[ALFA, CHARLIE] == 0.3


def test_confidence_rests_at_the_patrons_commitment() -> None:
    """ALFA's confidence in CHARLIE is CHARLIE's commitment to ALFA, not the other way round."""
    world = _built(dyads={"CHARLIE-ALFA": {"commitment": 0.8}})
    assert world.baseline.confidence[ALFA, CHARLIE] == 0.8
    assert world.baseline.confidence[CHARLIE, ALFA] == 0.0
    assert (world.drivers.commitment[:, CHARLIE, ALFA] == 0.8).all()


def test_a_number_may_carry_its_source_without_changing_the_world() -> None:
    plain = _built(dyads={"ALFA-BRAVO": {"threat": 0.4}})
    sourced = _built(dyads={"ALFA-BRAVO": {"threat": {"value": 0.4, "basis": "coded"}}})
    np.testing.assert_array_equal(plain.baseline.threat, sourced.baseline.threat)


# Pushes to actions.


def test_a_push_to_an_action_halves_with_the_default_half_life() -> None:
    """It lands in its own month at full size and halves every three months."""
    raised = _built(events={"blow": _event(push=0.4)}).pushes.raised[:, PRESSURE, CHARLIE, ALFA]
    months = np.arange(13)
    expected = np.where(months >= 3, 0.4 * 0.5 ** ((months - 3) / ACTION_HALF_LIFE), 0.0)
    np.testing.assert_allclose(raised, expected, atol=1e-15)
    assert raised[2] == 0.0
    assert raised[3] == 0.4


@pytest.mark.parametrize("half_life", [0.5, 1.0, 6.0])
def test_a_push_halves_with_its_own_half_life(half_life: float) -> None:
    world = _built(events={"blow": _event(push=0.4, half_life=half_life)})
    raised = world.pushes.raised[3:, PRESSURE, CHARLIE, ALFA]
    np.testing.assert_allclose(raised, 0.4 * 0.5 ** (np.arange(10) / half_life), atol=1e-15)


def test_a_push_ends_after_its_last_month() -> None:
    world = _built(events={"blow": _event(push=0.4, until="2030-05")})
    raised = world.pushes.raised[:, PRESSURE, CHARLIE, ALFA]
    assert np.flatnonzero(raised).tolist() == [3, 4, 5]


def test_pushes_of_one_sign_merge_and_never_pass_one() -> None:
    """Two pushes close the way one after the other: 1 - (1 - 0.5)(1 - 0.6)."""
    world = _built(events={"a": _event(push=0.5), "b": _event(push=0.6)})
    assert np.isclose(world.pushes.raised[3, PRESSURE, CHARLIE, ALFA], 0.8)
    assert world.pushes.lowered.max() == 0.0


def test_pushes_of_opposite_sign_are_kept_apart() -> None:
    world = _built(events={"a": _event(push=0.5), "b": _event(push=-0.6)})
    assert world.pushes.raised[3, PRESSURE, CHARLIE, ALFA] == 0.5
    assert np.isclose(world.pushes.lowered[3, PRESSURE, CHARLIE, ALFA], 0.6)


def test_a_push_lands_on_its_own_action_and_dyad_alone() -> None:
    raised = _built(events={"a": _event(push=0.5)}).pushes.raised[3]
    assert np.argwhere(raised).tolist() == [[PRESSURE, CHARLIE, ALFA]]


@given(st.permutations(["a", "b", "c"]), st.lists(st.floats(-1, 1), min_size=3, max_size=3))
def test_the_order_of_events_in_the_file_does_not_matter(
    order: list[str], sizes: list[float]
) -> None:
    events = {
        label: _event(push=size) for label, size in zip("abc", sizes, strict=True) if size != 0
    }
    shuffled = {label: events[label] for label in order if label in events}
    one, other = _built(events=events).pushes, _built(events=shuffled).pushes
    for left, right in zip(one, other, strict=True):
        np.testing.assert_allclose(left, right, atol=1e-15)


# Stirred states.


def test_a_push_to_a_state_comes_once() -> None:
    """The state then goes its own way by the law."""
    events = {"scare": _event(variable="threat", push=0.4)}
    stirred = _built(events=events).pushes.stirred
    assert np.argwhere(stirred).tolist() == [[3, THREAT, CHARLIE, ALFA]]
    assert stirred[3, THREAT, CHARLIE, ALFA] == 0.4


@pytest.mark.parametrize(
    ("pushes", "expected"),
    [((0.5, 0.5), 0.75), ((-0.5, -0.5), -0.75), ((0.5, -0.2), 0.3), ((1.0, 1.0), 1.0)],
)
def test_pushes_to_a_state_in_one_month_merge(pushes: tuple[float, float], expected: float) -> None:
    events = {str(n): _event(variable="grievance", push=size) for n, size in enumerate(pushes)}
    found = _built(events=events).pushes.stirred[3, GRIEVANCE, CHARLIE, ALFA]
    assert np.isclose(found, expected)


@pytest.mark.parametrize(
    ("variable", "index"),
    [
        ("threat", THREAT),
        ("dependence", DEPENDENCE),
        ("grievance", GRIEVANCE),
        ("confidence", CONFIDENCE),
    ],
)
def test_each_state_is_stirred_in_its_own_place(variable: str, index: int) -> None:
    stirred = _built(events={"x": _event(variable=variable, push=-0.2)}).pushes.stirred
    assert np.argwhere(stirred).tolist() == [[3, index, CHARLIE, ALFA]]


# Drivers.


def test_to_sets_a_driver_for_good() -> None:
    events = {"election": _event(variable="pragmatism", of="BRAVO", to=0.9)}
    path = _built(events=events).drivers.pragmatism
    assert path[:, BRAVO].tolist() == [0.5] * 3 + [0.9] * 10
    assert (path[:, [ALFA, CHARLIE]] == 0.5).all()


def test_to_with_an_end_falls_back_to_the_baseline() -> None:
    events = {"summit": _event(variable="brokerage", of="BRAVO", to=0.9, until="2030-04")}
    path = _built(events=events).drivers.brokerage[:, BRAVO]
    assert path.tolist() == [0.0] * 3 + [0.9] * 2 + [0.0] * 8


def test_a_later_level_replaces_an_earlier_one_whatever_the_order_in_the_file() -> None:
    events = {
        "second": _event("2030-06", "hazard", of="ALFA", to=0.2),
        "first": _event("2030-03", "hazard", of="ALFA", to=0.8),
    }
    path = _built(events=events).drivers.hazard[:, ALFA]
    assert path.tolist() == [0.0] * 3 + [0.8] * 3 + [0.2] * 7


def test_a_push_to_a_driver_lasts_unless_it_has_a_half_life() -> None:
    lasting = _built(events={"x": _event(variable="hazard", of="ALFA", push=0.4)})
    assert lasting.drivers.hazard[:, ALFA].tolist() == [0.0] * 3 + [0.4] * 10
    fading = _built(events={"x": _event(variable="hazard", of="ALFA", push=0.4, half_life=1.0)})
    np.testing.assert_allclose(fading.drivers.hazard[3:, ALFA], 0.4 * 0.5 ** np.arange(10))


def test_a_push_adds_to_the_level_of_its_own_month() -> None:
    """A push listed before a new level still adds to it: half of the way from 0.6 to 1."""
    events = {
        "push": _event("2030-03", "hazard", of="ALFA", push=0.5),
        "level": _event("2030-05", "hazard", of="ALFA", to=0.6),
    }
    path = _built(events=events).drivers.hazard[:, ALFA]
    assert path[4] == 0.5
    assert np.isclose(path[5], 0.8)


def test_a_dyadic_driver_moves_in_its_own_direction() -> None:
    events = {"pledge": _event(variable="commitment", to=0.7)}
    commitment = _built(events=events).drivers.commitment
    assert np.argwhere(commitment[3]).tolist() == [[CHARLIE, ALFA]]
    assert not commitment[2].any()


def test_disabled_events_and_strategies_leave_no_trace() -> None:
    events = {"x": _event(push=0.4, enabled=False)}
    strategies = {"w": {"actor": "CHARLIE", "press": {"ALFA": 0.5}, "enabled": False}}
    world, plain = _built(events=events, strategies=strategies), _built()
    for left, right in zip(world.pushes, plain.pushes, strict=True):
        np.testing.assert_array_equal(left, right)
    assert world.happenings == ()


# Strategies.


def _strategy(**keys: Any) -> dict[str, Any]:
    return {"actor": "CHARLIE", "press": {"ALFA": 0.6}, "court": {"BRAVO": 0.3}} | keys


def test_a_strategy_without_dates_runs_from_the_first_month_to_the_last() -> None:
    pushes = _built(strategies={"w": _strategy()}).pushes
    assert pushes.pressed[:, 0, ALFA].tolist() == [0.0] + [0.6] * 12
    assert pushes.courted[:, 0, BRAVO].tolist() == [0.0] + [0.3] * 12
    assert not pushes.pressed[:, 0, [BRAVO, CHARLIE]].any()
    assert not pushes.courted[:, 0, [ALFA, CHARLIE]].any()


def test_a_strategy_holds_from_its_first_to_its_last_month_inclusive() -> None:
    pushes = _built(strategies={"w": _strategy(start="2030-04", end="2030-06")}).pushes
    assert np.flatnonzero(pushes.pressed[:, 0, ALFA]).tolist() == [4, 5, 6]


def test_a_ramp_rises_in_equal_steps_to_the_full_level() -> None:
    """With a ramp of 2 the first months carry one, two and three thirds."""
    pushes = _built(strategies={"w": _strategy(start="2030-04", ramp=2)}).pushes
    np.testing.assert_allclose(pushes.pressed[3:8, 0, ALFA], [0.0, 0.2, 0.4, 0.6, 0.6])
    np.testing.assert_allclose(pushes.courted[3:8, 0, BRAVO], [0.0, 0.1, 0.2, 0.3, 0.3])


def test_intensities_scale_each_leg_and_the_events_of_that_leg() -> None:
    strategies = {"w": _strategy(press_intensity=0.5, court_intensity=0.0)}
    events = {
        "blow": _event(push=0.4, part_of="w"),
        "gift": _event(variable="cooperation", toward="BRAVO", push=0.4, part_of="w"),
        "other": _event(toward="BRAVO", push=0.4),
    }
    pushes = _built(strategies=strategies, events=events).pushes
    assert pushes.pressed[1, 0, ALFA] == 0.3
    assert pushes.courted.max() == 0.0
    assert np.isclose(pushes.raised[3, PRESSURE, CHARLIE, ALFA], 0.2)
    assert pushes.raised[3, COOPERATION, CHARLIE, BRAVO] == 0.0
    assert np.isclose(pushes.raised[3, PRESSURE, CHARLIE, BRAVO], 0.4)


def test_a_strategys_visibility_covers_its_actors_while_it_runs() -> None:
    """Of several the most visible counts, even where the actor alone is more visible."""
    strategies = {
        "one": _strategy(visibility=0.2, start="2030-03", end="2030-06"),
        "two": _strategy(visibility=0.4, start="2030-05", end="2030-08"),
        "none": _strategy(start="2030-01"),
    }
    path = _built(strategies=strategies).drivers.visibility[:, CHARLIE]
    assert path.tolist() == [0.5] * 3 + [0.2] * 2 + [0.4] * 4 + [0.5] * 4


def test_escalation_and_owner_of_each_strategy_are_kept() -> None:
    strategies = {"a": _strategy(escalate=-0.5), "b": {"actor": "BRAVO", "escalate": 1.0}}
    who = _built(strategies=strategies).strategists
    assert who.actor.tolist() == [CHARLIE, BRAVO]
    assert who.escalate.tolist() == [-0.5, 1.0]


def test_the_alliance_marks_every_dyad_of_its_members() -> None:
    data = bare("ALFA", "BRAVO", "CHARLIE", "DELTA", alliance=("DELTA", "ALFA", "CHARLIE"))
    marked = build_world(scenario_of(data)).strategists.alliance
    expected = {(0, 2), (0, 3), (2, 0), (2, 3), (3, 0), (3, 2)}
    assert {(int(i), int(j)) for i, j in np.argwhere(marked)} == expected


# The twin.


def test_the_twin_goes_without_wedge_strategies_their_events_and_their_visibility(
    world: World, twin: World
) -> None:
    assert world.strategists.actor.size == 2
    assert twin.strategists.actor.tolist() == [3]
    assert [h.label for h in world.happenings] == ["election", "embargo", "scare", "drill"]
    assert [h.label for h in twin.happenings] == ["election", "scare", "drill"]
    assert world.drivers.visibility[3, CHARLIE] == 0.9
    assert (twin.drivers.visibility[:, CHARLIE] == 0.4).all()
    assert not twin.pushes.raised.any()
    assert not twin.pushes.pressed.any()


def test_the_twin_shares_everything_else(world: World, twin: World) -> None:
    for name in State._fields:
        left, right = getattr(world.baseline, name), getattr(twin.baseline, name)
        np.testing.assert_array_equal(left, right)
    for name in ("pragmatism", "hazard", "brokerage", "commitment", "mediation", "likeness"):
        left, right = getattr(world.drivers, name), getattr(twin.drivers, name)
        np.testing.assert_array_equal(left, right)
    np.testing.assert_array_equal(world.pushes.stirred, twin.pushes.stirred)
    np.testing.assert_array_equal(world.keys, twin.keys)
    assert world.coefficients == twin.coefficients


def test_an_event_of_nobodys_strategy_happens_in_the_twin_too() -> None:
    data = document()
    del data["events"]["embargo"]["part_of"]
    twin = build_world(scenario_of(data), wedge=False)
    assert twin.pushes.raised[5, PRESSURE, CHARLIE, ALFA] == 0.5


def test_the_events_of_a_disabled_strategy_do_not_happen() -> None:
    data = document()
    data["strategies"]["wedge"]["enabled"] = False
    world = build_world(scenario_of(data))
    assert "embargo" not in [h.label for h in world.happenings]
    assert not world.pushes.raised.any()


# What the wedge lays on each actor.


def test_wedge_levels_merge_standing_levels_and_events_of_wedge_strategies_only() -> None:
    strategies = {
        "w": _strategy(),
        "friendly": {"actor": "BRAVO", "wedge": False, "court": {"ALFA": 0.9}},
    }
    events = {
        "blow": _event(push=0.5, part_of="w", until="2030-03"),
        "unrelated": _event(toward="BRAVO", push=0.9),
    }
    data = bare("ALFA", "BRAVO", "CHARLIE", strategies=strategies, events=events)
    courted, pressed = wedge_levels(scenario_of(data))
    np.testing.assert_allclose(pressed[:, ALFA], [0.0, 0.6, 0.6, 0.8] + [0.6] * 9)
    np.testing.assert_allclose(courted[:, BRAVO], [0.0] + [0.3] * 12)
    assert not courted[:, [ALFA, CHARLIE]].any()
    assert not pressed[:, [BRAVO, CHARLIE]].any()


def test_wedge_levels_take_the_strongest_over_dividers() -> None:
    strategies = {"w": _strategy(), "v": {"actor": "BRAVO", "press": {"ALFA": 0.2}}}
    data = bare("ALFA", "BRAVO", "CHARLIE", strategies=strategies)
    pressed = wedge_levels(scenario_of(data))[1]
    np.testing.assert_allclose(pressed[1:, ALFA], 0.6)


def test_without_a_wedge_there_are_no_levels() -> None:
    assert not wedge_levels(scenario_of(bare("ALFA", "BRAVO"))).any()


# Months.


def test_fewer_months_drop_later_events_and_cut_strategies() -> None:
    scenario = scenario_of(document())
    world = build_world(scenario, months=5)
    assert world.months == 5
    assert [h.label for h in world.happenings] == ["election", "embargo"]
    assert all(array.shape[0] == 6 for array in (*world.drivers, *world.pushes))
    full = build_world(scenario)
    for short, whole in zip(
        (*world.drivers, *world.pushes), (*full.drivers, *full.pushes), strict=True
    ):
        np.testing.assert_array_equal(short, whole[:6])


def test_more_months_carry_levels_on() -> None:
    world = build_world(scenario_of(document()), months=30)
    assert world.drivers.pragmatism[30, BRAVO] == 0.8
    assert world.date(30) == "2032-06"


@pytest.mark.parametrize("months", [3, 1, 0, -5])
def test_a_run_shorter_than_the_window_is_refused(months: int) -> None:
    with pytest.raises(InputError, match=r"--months is .*window"):
        build_world(scenario_of(document()), months=months)


@pytest.mark.parametrize(
    ("start", "month", "date"),
    [("2030-01", 0, "2029-12"), ("2030-01", 1, "2030-01"), ("2029-11", 3, "2030-01")],
)
def test_month_zero_is_the_month_before_the_start(start: str, month: int, date: str) -> None:
    data = bare("ALFA", "BRAVO")
    data["time"]["start"] = start
    assert build_world(scenario_of(data)).date(month) == date


def test_happenings_stand_on_their_months(world: World) -> None:
    assert [(h.month, world.date(h.month)) for h in world.happenings] == [
        (4, "2030-04"),
        (5, "2030-05"),
        (6, "2030-06"),
        (7, "2030-07"),
    ]
    assert world.happenings[1].part_of == "wedge"


def test_actors_whose_keys_collide_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    """Two names with one 32-bit key would share their shocks."""
    monkeypatch.setattr("alliancesim.world.actor_key", lambda name: 7)
    with pytest.raises(InputError, match="rename one actor"):
        build_world(scenario_of(document()))


@given(documents(months=8))
def test_every_push_and_driver_of_a_valid_world_lies_in_its_range(data: dict[str, Any]) -> None:
    scenario = scenario_of(data)
    world = build_world(scenario)
    for array in (*world.drivers, *world.pushes[:4], wedge_levels(scenario)):
        assert ((array >= 0.0) & (array <= 1.0)).all()
    assert (np.abs(world.pushes.stirred) <= 1.0).all()
    for array in world.baseline:
        assert not np.diagonal(array).any()
    np.testing.assert_array_equal(world.baseline.cohesion, world.baseline.cohesion.T)
