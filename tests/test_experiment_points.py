"""Points: each the world and twin that ``run --set`` would make, and its outcomes by name."""

from __future__ import annotations

import json
from dataclasses import fields
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from alliancesim.arrays import State
from alliancesim.batch import Pair, late_means
from alliancesim.coefficients import NAMES, REGISTER
from alliancesim.ensemble import simulate
from alliancesim.experiment.design import design_of
from alliancesim.experiment.factors import laid_over
from alliancesim.experiment.outcomes import outcome_names, run_table, series_of
from alliancesim.experiment.points import pairs_of, scenario_at
from alliancesim.experiment.reading import LoadedExperiment
from alliancesim.measures.influence import moved_inputs
from alliancesim.measures.outcomes import outcomes
from alliancesim.scenario.problems import InputError
from alliancesim.scenario.reading import load
from alliancesim.scenario.variation import varied
from alliancesim.world import World, build_world
from experiments import GRID, HEAD, MIXED, experiment_of, written
from worlds import FULL

SETS = (
    HEAD
    + """
[design]
kind = "sobol"
points = 8

[[factor_sets]]
kind = "inputs"
step = 0.1

[[factor_sets]]
kind = "coefficients"
factor = 2.0
"""
)


def _same(one: World, other: World) -> None:
    """Fail unless two worlds hold the same bits."""
    for field in fields(World):
        left, right = getattr(one, field.name), getattr(other, field.name)
        if field.name in ("baseline", "drivers", "pushes", "strategists"):
            for a, b in zip(left, right, strict=True):
                np.testing.assert_array_equal(a, b, strict=True)
        elif isinstance(left, np.ndarray):
            np.testing.assert_array_equal(left, right, strict=True)
        else:
            assert left == right


def _toml(value: Any) -> str:
    return json.dumps(value)


_share = st.floats(0.0, 1.0)
_changes = st.fixed_dictionaries(
    {},
    optional={
        "actors.ALFA.pragmatism": _share,
        "actors.BRAVO.hazard": _share,
        "actors.CHARLIE.visibility": _share,
        "dyads.ALFA-BRAVO.cohesion": _share,
        "dyads.BRAVO-CHARLIE.dependence": st.floats(0.0, 1.2),  # beyond 1 it is refused
        "dyads.CHARLIE-DELTA.opinion": st.floats(-1.0, 1.0),  # no table of the file
        "dyads.DELTA-ALFA.commitment.value": _share,
        "strategies.wedge.press.ALFA": _share,
        "strategies.wedge.start": st.sampled_from(["2030-02", "2030-05", "2031-06", "2019-01"]),
        "strategies.wedge.ramp": st.integers(0, 5),
        "strategies.wedge.enabled": st.booleans(),
        "events.embargo.half_life": st.floats(0.5, 20.0),
        "events.embargo.date": st.sampled_from(["2030-01", "2030-09", "2031-06"]),
        "events.election.to": _share,
        "coefficients.warm": st.floats(0.0, 0.3),
        "coefficients.nonsense": _share,  # refused
    },
)


@given(_changes)
def test_a_varied_scenario_is_the_one_that_set_would_give(
    tmp_path_factory: pytest.TempPathFactory, changes: dict[str, Any]
) -> None:
    """The same scenario, or refused for the same keys, whatever is set."""
    folder = tmp_path_factory.mktemp("varied")
    (folder / "full.toml").write_text(FULL, "utf-8")
    path = str(folder / "full.toml")
    texts = [f"{key}={_toml(value)}" for key, value in changes.items()]
    laid = {tuple(key.split(".")): value for key, value in changes.items()}
    base = load(path)
    before = json.dumps(base.document, default=str)
    try:
        expected = load(path, texts).scenario
        wrong = set()
    except InputError as error:
        expected, wrong = None, {problem.key for problem in error.problems}
    try:
        found, refused = varied(base, laid), set()
    except InputError as error:
        found, refused = None, {problem.key for problem in error.problems}
    assert found == expected
    assert refused == wrong
    assert json.dumps(base.document, default=str) == before


@pytest.mark.parametrize("text", [GRID, MIXED, SETS], ids=["grid", "mixed", "sets"])
def test_a_point_is_the_world_and_twin_of_the_same_settings(tmp_path: Path, text: str) -> None:
    loaded = experiment_of(tmp_path, text)
    design = design_of(loaded)
    for index in range(0, design.points, 3):
        settings, without = [], []
        for axis, column in zip(loaded.axes, design.values, strict=True):
            for keys, value in axis.settings(column[index : index + 1].tolist()[0]):
                if keys[0] == "without":
                    without += [keys[1]] if value else []
                else:
                    settings.append(f"{'.'.join(keys)}={_toml(value)}")
        scenario = load(str(tmp_path / "full.toml"), settings, without).scenario
        (pair,) = pairs_of(loaded, design, [index])
        assert isinstance(pair, Pair)
        _same(pair.world, build_world(scenario))
        _same(pair.twin, build_world(scenario, wedge=False))


def test_points_come_in_the_order_asked_for(tmp_path: Path) -> None:
    loaded = experiment_of(tmp_path, GRID)
    design = design_of(loaded)
    there, back = (pairs_of(loaded, design, order) for order in ([2, 9], [9, 2]))
    for pair, same in zip(there, back[::-1], strict=True):
        assert isinstance(pair, Pair)
        assert isinstance(same, Pair)
        _same(pair.world, same.world)


def test_months_of_the_design_are_those_of_the_run(tmp_path: Path) -> None:
    loaded = experiment_of(tmp_path, GRID, "design.months=9")
    (pair,) = pairs_of(loaded, design_of(loaded), [0])
    assert isinstance(pair, Pair)
    assert pair.world.months == pair.twin.months == 9


def test_a_switch_of_a_mechanism_sets_its_coefficient_to_zero(tmp_path: Path) -> None:
    """At points where it is off, and there alone; others that the file switches off stay off."""
    loaded = experiment_of(tmp_path, 'without = ["chilling"]\n' + MIXED)
    design = design_of(loaded)
    off = design.values[design.factors.index("entrapment-off")]
    for index in range(design.points):
        (pair,) = pairs_of(loaded, design, [index])
        assert isinstance(pair, Pair)
        assert pair.world.coefficients.chilling == 0.0
        assert (pair.world.coefficients.entrapment == 0.0) == off[index]


def test_a_point_that_is_no_valid_scenario_is_told_and_the_others_go_on(tmp_path: Path) -> None:
    """Two dependences that are each valid may together be more than all of an actor's trade."""
    text = GRID.replace("strategies.wedge.press_intensity", "dyads.BRAVO-ALFA.dependence").replace(
        "dyads.BRAVO-CHARLIE.threat", "dyads.BRAVO-DELTA.dependence"
    )
    text = text.replace("high = 1.0", "high = 0.7").replace("high = 0.9", "high = 0.7")
    loaded = experiment_of(tmp_path, text)
    design = design_of(loaded)
    found = pairs_of(loaded, design, range(design.points))
    total = design.values[0] + design.values[1] + 0.25  # BRAVO's dependence on CHARLIE
    for whole, pair in zip(total, found, strict=True):
        assert isinstance(pair, str) == (whole > 1.0 + 1e-9)
    words = next(pair for pair in found if isinstance(pair, str))
    assert "dependence of BRAVO" in words


# Factor sets.


def test_inputs_are_all_that_the_measure_of_influence_moves(tmp_path: Path) -> None:
    loaded = experiment_of(tmp_path, SETS)
    world, twin = (build_world(loaded.base.scenario, wedge=wedge) for wedge in (True, False))
    keys = {key for key, _, _ in moved_inputs(world, twin)}
    cohesion = {key for key in keys if key.endswith("cohesion")}
    names = {axis.name for axis in loaded.axes if not axis.name.startswith("coefficients.")}
    assert names - {name for name in names if name.endswith("cohesion")} == keys - cohesion
    assert len(names) == len(keys)


def test_inputs_move_as_the_measure_of_influence_moves_them(tmp_path: Path) -> None:
    """A step up, over the whole run, later levels of events and strategies included."""
    loaded = experiment_of(tmp_path, SETS)
    sides = [build_world(loaded.base.scenario, wedge=wedge) for wedge in (True, False)]
    moved = {key: (world, twin) for key, world, twin in moved_inputs(sides[0], sides[1])}
    checked = 0
    for axis in loaded.axes:
        variable = axis.name.split(".")[-1]
        if axis.name not in moved or variable in ("cooperation", "hazard"):
            continue  # cooperation moves unstated cohesion too, and one event pushes a hazard
        scenario = varied(loaded.base, laid_over(axis.settings(axis.high), loaded.base.scenario))
        world = build_world(scenario)
        expected = moved[axis.name][0]
        if axis.high - _base(loaded, axis.name) == pytest.approx(0.1):
            checked += 1
            for left, right in zip(
                (*world.baseline, *world.drivers),
                (*expected.baseline, *expected.drivers),
                strict=True,
            ):
                np.testing.assert_allclose(left, right, atol=1e-12)
    assert checked > 100


def _base(loaded: LoadedExperiment, key: str) -> float:
    """Return the number that stands in the scenario, in the middle of its axis unless cut."""
    table, name, variable = key.split(".")
    world = build_world(loaded.base.scenario)
    places = [world.actors.index(actor) for actor in name.split("-")]
    if table == "actors":
        return float(getattr(world.drivers, variable)[0, places[0]])
    of = world.baseline if variable in State._fields else world.drivers
    array = getattr(of, variable)
    return float((array if array.ndim == 2 else array[0])[places[0], places[1]])


def test_coefficients_are_varied_between_half_and_double_within_their_range(
    tmp_path: Path,
) -> None:
    axes = {axis.name: axis for axis in experiment_of(tmp_path, SETS).axes}
    for entry in REGISTER:
        axis = axes[f"coefficients.{entry.name}"]
        assert axis.low == max(entry.low, entry.default / 2)
        assert axis.high == min(entry.high, entry.default * 2)
        assert axis.scale == "log"


def test_a_set_leaves_out_what_it_is_told_to_what_is_off_and_what_a_factor_moves(
    tmp_path: Path,
) -> None:
    text = 'without = ["chilling"]\n' + SETS.replace(
        "factor = 2.0", 'factor = 2.0\nleave_out = ["coefficients.warm"]'
    )
    text += '[factors.fear]\nkey = "dyads.BRAVO-CHARLIE.threat"\nlow = 0.1\nhigh = 0.9\n'
    axes = experiment_of(tmp_path, text).axes
    keys = [key for axis in axes for key in axis.keys]
    assert len(set(keys)) == len(keys)
    assert axes[0].name == "fear"
    left = {"chilling", "warm"}
    assert {key[13:] for key in keys if key.startswith("coefficients.")} == {*NAMES} - left


def test_every_point_of_factor_sets_is_a_valid_scenario(tmp_path: Path) -> None:
    loaded = experiment_of(tmp_path, SETS, "design.points=64")
    found = pairs_of(loaded, design_of(loaded), range(64))
    assert [pair for pair in found if isinstance(pair, str)] == []


# Outcomes.


def test_outcomes_are_those_of_a_run_of_the_same_scenario(tmp_path: Path) -> None:
    loaded = experiment_of(tmp_path, GRID)
    design = design_of(loaded)
    indices = [4, 11]
    pairs = [pair for pair in pairs_of(loaded, design, indices) if isinstance(pair, Pair)]
    means = late_means(pairs, seed=7, run_numbers=range(3), series=series_of(loaded))
    table = run_table(loaded, indices, means, pairs)
    assert list(table) == ["point", "run", *outcome_names(loaded)]
    assert table["point"].tolist() == [4, 4, 4, 11, 11, 11]
    assert table["run"].tolist() == [0, 1, 2, 0, 1, 2]
    for place, index in enumerate(indices):
        scenario = scenario_at(loaded, design, index)
        world, twin = (build_world(scenario, wedge=wedge) for wedge in (True, False))
        ensemble = simulate(world, twin, runs=3, seed=7)
        rows = slice(3 * place, 3 * place + 3)
        expected = outcomes(ensemble)
        for name, column in {
            "effect": "effect",
            "cohesion": "cohesion_world",
            "cohesion_twin": "cohesion_twin",
            "change": "change_world",
        }.items():
            np.testing.assert_allclose(table[name][rows], expected[column], atol=1e-12)
        late = ensemble.states[:, :, -world.window :].mean(axis=2)
        opinion = late[:, :, State._fields.index("opinion"), 1, 0]
        threat = late[:, :, State._fields.index("threat"), 0, 2]
        np.testing.assert_allclose(table["opinion.BRAVO-ALFA"][rows], opinion[0], atol=1e-12)
        found = table["threat.ALFA-CHARLIE.effect"][rows]
        np.testing.assert_allclose(found, threat[0] - threat[1], atol=1e-12)


def test_the_effect_is_kept_even_where_no_outcome_is_named(tmp_path: Path) -> None:
    loaded = experiment_of(tmp_path, MIXED)
    assert outcome_names(loaded) == ("effect",)
    assert len(series_of(loaded)) == 1


def test_an_experiment_loads_beside_its_scenario_wherever_that_lies(tmp_path: Path) -> None:
    path = written(tmp_path, GRID.replace('"full"', '"full.toml"'))
    assert experiment_of(tmp_path, path.read_text("utf-8")).base.name == "full"
