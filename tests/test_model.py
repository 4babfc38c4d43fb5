"""The Mesa model: exact at rest, within bounds, the same bits always, and open to other agents."""

from __future__ import annotations

import os
import pickle
import subprocess
import sys
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from alliancesim.actors import COOPERATION, Actor
from alliancesim.arrays import Array, State
from alliancesim.ensemble import TWIN, WORLD, run_once, simulate
from alliancesim.model import DYAD_COLUMNS, AllianceModel
from alliancesim.scenario.library import SCENARIOS
from alliancesim.scenario.reading import load
from alliancesim.world import World, build_world
from worlds import bare, document, documents, scenario_of, undisturbed

OPINION = State._fields.index("opinion")
COHESION = State._fields.index("cohesion")


# Rest.


def _assert_at_rest(data: dict[str, Any], months: int | None = None) -> None:
    world = build_world(scenario_of(data), months=months)
    path = run_once(world, 1, 0)
    for month in range(1, world.months + 1):
        np.testing.assert_array_equal(path[month], path[0])


@pytest.mark.parametrize("name", SCENARIOS.names())
def test_a_shipped_scenario_without_disturbance_does_not_move_in_the_last_bit(name: str) -> None:
    """No strategy, no event, no shock: every action and state stays exactly at its baseline."""
    _assert_at_rest(undisturbed(load(name).document))


@given(documents(disturbed=False))
def test_any_world_without_disturbance_does_not_move_in_the_last_bit(data: dict[str, Any]) -> None:
    """Two to seven actors, any valid numbers, any coefficients within their ranges."""
    _assert_at_rest(data)


def test_a_strategy_of_level_zero_disturbs_nothing() -> None:
    data = undisturbed(document())
    data["strategies"] = {"w": {"actor": "CHARLIE", "press": {"ALFA": 0.0}, "escalate": 1.0}}
    _assert_at_rest(data)


# Bounds.


@settings(max_examples=100)
@given(documents(months=10), st.integers(0, 2**64 - 1))
def test_every_variable_of_any_world_stays_within_its_bounds(
    data: dict[str, Any], seed: int
) -> None:
    """With any strategies, events and shocks; and cohesion stays symmetric, diagonals empty."""
    path = run_once(build_world(scenario_of(data)), seed, 0)
    assert np.isfinite(path).all()
    assert path.max() <= 1.0
    assert path[:, OPINION].min() >= -1.0
    assert np.delete(path, OPINION, axis=1).min() >= 0.0
    np.testing.assert_array_equal(path[:, COHESION], path[:, COHESION].swapaxes(1, 2))
    assert not np.diagonal(path, axis1=2, axis2=3).any()


# Twin.


@given(documents())
def test_without_a_wedge_the_twin_is_the_world_bit_for_bit(data: dict[str, Any]) -> None:
    for strategy in data["strategies"].values():
        strategy["wedge"] = False
    scenario = scenario_of(data)
    found = simulate(
        build_world(scenario), build_world(scenario, wedge=False), runs=2, seed=5
    ).states
    np.testing.assert_array_equal(found[WORLD], found[TWIN])


def test_world_and_twin_meet_the_same_shocks(world: World, twin: World) -> None:
    """Until the wedge starts, in the third month, every run of the two is the same."""
    states = simulate(world, twin, runs=3, seed=5).states
    np.testing.assert_array_equal(states[WORLD, :, :3], states[TWIN, :, :3])
    assert (states[WORLD, :, 3] != states[TWIN, :, 3]).any(axis=(1, 2, 3)).all()


# Order, names, symmetry.


@given(documents(most=5), st.randoms(use_true_random=False))
def test_the_order_of_actors_in_the_file_does_not_matter(data: dict[str, Any], random: Any) -> None:
    """Results are the same up to the rounding of sums, which run in the order of the file."""
    names = list(data["actors"])
    shuffled = names.copy()
    random.shuffle(shuffled)
    other = data | {"actors": {name: data["actors"][name] for name in shuffled}}
    order = [shuffled.index(name) for name in names]
    one = run_once(build_world(scenario_of(data)), 3, 1)
    two = run_once(build_world(scenario_of(other)), 3, 1)
    np.testing.assert_allclose(one, two[:, :, order][:, :, :, order], rtol=0, atol=1e-12)


def _renamed(value: Any, names: dict[str, str]) -> Any:
    """Return plain data with actors' names replaced wherever they stand."""
    if isinstance(value, dict):
        return {_renamed(key, names): _renamed(inner, names) for key, inner in value.items()}
    if isinstance(value, list):
        return [_renamed(inner, names) for inner in value]
    if isinstance(value, str):
        return "-".join(names.get(part, part) for part in value.split("-"))
    return value


@given(documents(most=5))
def test_names_are_labels_and_nothing_more(data: dict[str, Any]) -> None:
    """Without shocks, which are drawn by name, other names give the same bits."""
    data["coefficients"].update(undisturbed(data)["coefficients"])
    names = dict(zip(data["actors"], ("ZULU", "YANKEE", "XRAY", "WHISKEY", "VICTOR"), strict=False))
    one = run_once(build_world(scenario_of(data)), 3, 1)
    two = run_once(build_world(scenario_of(_renamed(data, names))), 3, 1)
    np.testing.assert_array_equal(one, two)


def test_swapping_two_like_actors_swaps_their_results() -> None:
    """ALFA and BRAVO alike, one pressed: pressing the other instead mirrors the whole run."""
    wedge = {"w": {"actor": "CHARLIE", "press": {"ALFA": 0.6}, "court": {"BRAVO": 0.4}}}
    data = undisturbed(bare("ALFA", "BRAVO", "CHARLIE"))
    data["dyads"] = {
        "ALFA-CHARLIE": {"threat": 0.4, "dependence": 0.3},
        "BRAVO-CHARLIE": {"threat": 0.4, "dependence": 0.3},
    }
    swapped = _renamed(wedge, {"ALFA": "BRAVO", "BRAVO": "ALFA"})
    one = run_once(build_world(scenario_of(data | {"strategies": wedge})), 1, 0)
    two = run_once(build_world(scenario_of(data | {"strategies": swapped})), 1, 0)
    order = [1, 0, 2]
    np.testing.assert_allclose(one, two[:, :, order][:, :, :, order], rtol=0, atol=1e-12)
    assert abs(one - two).max() > 0.01


def test_a_bystander_without_ties_changes_nothing_but_rounding() -> None:
    """An actor that nobody cooperates with, presses, fears or likes moves no one else's run."""
    data = document()
    data["coefficients"] = {"balance": 0.0}
    alone = run_once(build_world(scenario_of(data)), 3, 1)
    data["actors"]["ECHO"] = {}
    nothing = {"cooperation": 0.0, "pressure": 0.0, "threat": 0.0}
    for name in ("ALFA", "BRAVO", "CHARLIE", "DELTA"):
        data["dyads"] |= {f"ECHO-{name}": nothing, f"{name}-ECHO": nothing}
    beside = run_once(build_world(scenario_of(data)), 3, 1)
    np.testing.assert_allclose(alone, beside[:, :, :4, :4], rtol=0, atol=1e-12)


@pytest.mark.parametrize("order", [(3, 1, 0, 2), (2, 3, 1, 0)])
def test_the_order_in_which_agents_act_does_not_matter(
    world: World, order: tuple[int, ...]
) -> None:
    """Months are simultaneous: asking agents in another order gives the same bits."""
    model = AllianceModel(world, rng=3, record=False)
    path = [np.stack(model.state)]
    for _ in range(world.months):
        agents = [model.actors[index] for index in order]
        original = model.agents.do

        def do(name: str, agents: list[Actor] = agents, original: Any = original) -> None:
            for agent in agents:
                getattr(agent, name)()

        model.agents.do = do  # type: ignore[method-assign]
        model.step()
        path.append(np.stack(model.state))
    np.testing.assert_array_equal(np.stack(path), run_once(world, 3, 0))


def test_acting_twice_in_a_month_changes_nothing(world: World) -> None:
    """Deciding and adjusting read last month's world only, so they can be repeated."""
    model = AllianceModel(world, rng=3, record=False)
    for _ in range(4):
        model.step()
    for agent in model.actors:
        agent.decide()
        agent.adjust()
        first = agent.actions.copy(), agent.adjusted.copy()
        agent.decide()
        agent.adjust()
        np.testing.assert_array_equal(agent.actions, first[0])
        np.testing.assert_array_equal(agent.adjusted, first[1])


# The same bits, always.

_SCRIPT = """
import sys
sys.path.insert(0, {folder!r})
from worlds import document, scenario_of
from alliancesim.ensemble import simulate
from alliancesim.world import build_world
scenario = scenario_of(document())
world, twin = build_world(scenario), build_world(scenario, wedge=False)
print(simulate(world, twin, runs=3, seed=11, engine="{engine}").digest())
"""


@pytest.mark.parametrize(
    ("engine", "variables"),
    [
        ("batch", {"PYTHONHASHSEED": "0"}),
        ("mesa", {"PYTHONHASHSEED": "17"}),
        ("mesa", {"PYTHONHASHSEED": "4242", "NUMBA_DISABLE_JIT": "1"}),
    ],
    ids=["batch", "mesa", "mesa, not compiled"],
)
def test_the_same_seed_gives_the_same_bits_in_another_process_without_a_warning(
    world: World, twin: World, engine: str, variables: dict[str, str]
) -> None:
    """Whatever the engine and the order of Python's sets, compiled or not: plain doubles."""
    script = _SCRIPT.format(folder=os.path.dirname(__file__), engine=engine)
    environment = os.environ | variables
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", script],
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
        env=environment,
    )
    assert done.returncode == 0, done.stderr
    assert done.stderr == ""
    assert done.stdout.strip() == simulate(world, twin, runs=3, seed=11).digest()


def test_runs_of_another_number_or_seed_differ(world: World) -> None:
    one = run_once(world, 1, 0)
    np.testing.assert_array_equal(one, run_once(world, 1, 0))
    assert (one[1:] != run_once(world, 1, 1)[1:]).any()
    assert (one[1:] != run_once(world, 2, 0)[1:]).any()


def test_a_run_does_not_depend_on_how_many_are_made(world: World, twin: World) -> None:
    few = simulate(world, twin, runs=2, seed=4).states
    many = simulate(world, twin, runs=4, seed=4).states
    np.testing.assert_array_equal(few, many[:, :2])


def test_the_first_months_do_not_depend_on_how_many_follow() -> None:
    scenario = scenario_of(document())
    short = run_once(build_world(scenario, months=8), 1, 0)
    np.testing.assert_array_equal(short, run_once(build_world(scenario), 1, 0)[:9])


def test_a_digest_changes_with_one_bit(world: World, twin: World) -> None:
    ensemble = simulate(world, twin, runs=1, seed=4)
    before = ensemble.digest()
    ensemble.states[0, 0, 5, 3, 0, 1] = np.nextafter(ensemble.states[0, 0, 5, 3, 0, 1], 1.0)
    assert ensemble.digest() != before


def test_a_model_pickled_at_any_month_goes_on_with_the_same_bits(world: World) -> None:
    model = AllianceModel(world, rng=6, run_number=2)
    path = run_once(world, 6, 2)
    for month in range(world.months + 1):
        model = pickle.loads(pickle.dumps(model))
        assert model.month == month
        np.testing.assert_array_equal(np.stack(model.state), path[month])
        model.step()
    assert len(model.datacollector.get_table_dataframe("dyads")) == 12 * (world.months + 1)


def test_stepping_leaves_the_world_as_it_was(world: World) -> None:
    """A world is shared by all its runs: no run may write on it."""
    arrays = (*world.baseline, *world.drivers, *world.pushes)
    before = [array.copy() for array in arrays]
    run_once(world, 1, 0)
    for left, right in zip(before, arrays, strict=True):
        np.testing.assert_array_equal(left, right)


# Tables.


def test_the_tables_hold_one_row_per_month_and_dyad(world: World) -> None:
    model = AllianceModel(world, rng=6)
    model.run_to_end()
    table = model.datacollector.get_table_dataframe("dyads")
    assert tuple(table.columns) == DYAD_COLUMNS
    assert len(table) == 12 * (world.months + 1)
    assert not table.duplicated(["month", "of", "toward"]).any()
    assert (table["of"] != table["toward"]).all()
    path = run_once(world, 6, 0)
    for row in table.sample(40, random_state=1).to_dict("records"):
        i, j = world.actors.index(row["of"]), world.actors.index(row["toward"])
        assert row["date"] == world.date(row["month"])
        for index, name in enumerate(State._fields):
            assert row[name] == path[row["month"], index, i, j]


def test_the_event_table_and_the_model_series_hold_what_happened(world: World) -> None:
    model = AllianceModel(world, rng=6)
    model.run_to_end()
    events = model.datacollector.get_table_dataframe("events")
    assert events["label"].tolist() == ["election", "embargo", "scare", "drill"]
    assert events["date"].tolist() == ["2030-04", "2030-05", "2030-06", "2030-07"]
    series = model.datacollector.get_model_vars_dataframe()
    assert series["month"].tolist() == list(range(world.months + 1))
    cohesion = run_once(world, 6, 0)[:, COHESION, 0, 1]
    np.testing.assert_allclose(series["alliance_cohesion"], cohesion, rtol=0, atol=1e-15)


def test_recording_does_not_change_the_run(world: World) -> None:
    model = AllianceModel(world, rng=6, record=True)
    model.run_to_end()
    np.testing.assert_array_equal(np.stack(model.state), run_once(world, 6, 0)[-1])


# The end.


def test_a_step_after_the_end_does_nothing(world: World) -> None:
    model = AllianceModel(world, rng=6)
    model.run_to_end()
    assert not model.running
    before = np.stack(model.state)
    rows = len(model.datacollector.get_table_dataframe("dyads"))
    model.step()
    assert model.month == world.months
    assert not model.running
    np.testing.assert_array_equal(np.stack(model.state), before)
    assert len(model.datacollector.get_table_dataframe("dyads")) == rows


# Other agents.


class Stubborn(Actor):
    """An actor that never changes what it does."""

    def choose(self) -> Array:
        """Return the actions of the baseline."""
        baseline = self.model.world.baseline
        return np.stack([baseline.cooperation[self.index], baseline.pressure[self.index]])


def test_an_agent_of_ones_own_changes_its_own_choice_first(world: World) -> None:
    """In the first month where they differ, only BRAVO's own actions differ directly."""
    usual = run_once(world, 6, 0)
    other = run_once(world, 6, 0, {"BRAVO": Stubborn})
    month = int(np.argmax((usual != other).any(axis=(1, 2, 3))))
    changed = usual[month] != other[month]
    assert changed[:2, 1].any()
    assert not changed[:2, [0, 2, 3]].any()
    np.testing.assert_array_equal(other[:, COOPERATION, 1], np.tile(usual[0, 0, 1], (19, 1)))
    assert (usual[-1, COOPERATION, 0] != other[-1, COOPERATION, 0]).any()


class Unchanged(Actor):
    """An actor that says it has its own way and then does what the law has it do."""

    def choose(self) -> Array:
        """Return what the law has the actor choose."""
        return super().choose()


def test_an_agent_that_overrides_nothing_changes_nothing(world: World) -> None:
    types = dict.fromkeys(world.actors, Unchanged)
    np.testing.assert_array_equal(run_once(world, 6, 0, types), run_once(world, 6, 0))


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"actor_types": {"NOBODY": Stubborn}}, "NOBODY"),
        ({"rng": -1}, "rng"),
        ({"rng": 2**64}, "rng"),
        ({"run_number": 2**32}, "run_number"),
        ({"run_number": -1}, "run_number"),
    ],
)
def test_a_wrong_argument_is_refused_by_name(
    world: World, options: dict[str, Any], message: str
) -> None:
    with pytest.raises(ValueError, match=message):
        AllianceModel(world, **options)


@pytest.mark.parametrize("seed", [0, 2**63, 2**64 - 1])
def test_the_whole_range_of_seeds_and_run_numbers_is_open(world: World, seed: int) -> None:
    model = AllianceModel(world, rng=seed, run_number=2**32 - 1, record=False)
    model.step()
    assert np.isfinite(np.stack(model.state)).all()


# Plausibility of the whole: the design's story in one disturbance at a time.


@given(st.floats(0.3, 0.9))
def test_pressure_with_likeness_draws_allies_together_and_without_it_does_less(
    level: float,
) -> None:
    """Pressing one ally lifts the other's fear only so far as it reads that fate as its own."""
    data = undisturbed(document())
    data["strategies"] = {"w": {"actor": "CHARLIE", "press": {"ALFA": level}}}
    alike = run_once(build_world(scenario_of(data)), 1, 0)
    data["dyads"]["BRAVO-ALFA"]["likeness"] = 0.0
    apart = run_once(build_world(scenario_of(data)), 1, 0)
    threat = State._fields.index("threat")
    assert alike[-1, threat, 1, 2] > apart[-1, threat, 1, 2]
