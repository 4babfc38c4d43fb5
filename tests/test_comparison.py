"""Several scenarios on common shocks, how far a verdict holds, and checking results bit for bit."""

from __future__ import annotations

import dataclasses
import json
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from alliancesim import comparison
from alliancesim.batch import Pair
from alliancesim.coefficients import NAMES, REGISTER, defaults
from alliancesim.comparison import Comparison, compare
from alliancesim.measures import robustness
from alliancesim.measures.influence import STEP, moved_inputs
from alliancesim.measures.outcomes import outcomes
from alliancesim.measures.verdict import word_for
from alliancesim.scenario.problems import InputError
from alliancesim.scenario.reading import Loaded
from alliancesim.study import Options, run_scenario, simulate_scenario
from alliancesim.verification import differences
from alliancesim.world import World, build_world
from worlds import VOLATILITIES, bare, document, scenario_of

FAST = Options(runs=4, seed=3, robustness=False)


def _loaded(name: str, data: dict[str, Any]) -> Loaded:
    return Loaded(name, scenario_of(data), (), data)


def _small(press: float) -> dict[str, Any]:
    """Return three actors, four months, and a wedge."""
    wedge = {"w": {"actor": "CHARLIE", "press": {"ALFA": press}, "court": {"BRAVO": 0.4}}}
    return bare("ALFA", "BRAVO", "CHARLIE", months=4, strategies=wedge)


@pytest.fixture(scope="module")
def side_by_side() -> Comparison:
    """A small scenario, the same with a harder press, and the same again."""
    base, harder = _loaded("base", _small(0.5)), _loaded("harder", _small(0.9))
    return compare([base, harder, base], FAST)


# Comparing.


def test_a_scenario_compared_with_itself_does_not_differ_at_all(side_by_side: Comparison) -> None:
    """Common shocks: run r of each meets the same, so like scenarios give like bits."""
    table = side_by_side.table
    assert table["name"].tolist() == ["base", "harder", "base-2"]
    for row in (0, 2):
        assert table.loc[row, "difference"] == 0.0
        assert table.loc[row, "difference_low"] == table.loc[row, "difference_high"] == 0.0
    assert table.loc[1, "difference"] != 0.0


def test_the_difference_is_taken_run_by_run(side_by_side: Comparison) -> None:
    base, harder, _ = side_by_side.results
    paired = harder.outcomes["effect"] - base.outcomes["effect"]
    assert side_by_side.table.loc[1, "difference"] == pytest.approx(paired.mean(), abs=1e-15)


def test_each_scenario_of_a_comparison_is_what_it_is_alone(side_by_side: Comparison) -> None:
    alone = run_scenario(_loaded("base", _small(0.5)), FAST)
    assert side_by_side.results[0].manifest["digest"] == alone.manifest["digest"]


def test_fewer_than_two_scenarios_are_no_comparison() -> None:
    with pytest.raises(InputError, match="at least two scenarios"):
        compare([_loaded("base", _small(0.5))], FAST)


def test_progress_names_the_scenario_and_counts_its_runs() -> None:
    seen: list[tuple[str, int]] = []
    compare(
        [_loaded("a", bare("ALFA", "BRAVO")), _loaded("b", bare("ALFA", "BRAVO"))],
        dataclasses.replace(FAST, runs=2),
        lambda name, done: seen.append((name, done)),
    )
    assert [name for name, _ in seen] == sorted(name for name, _ in seen)
    assert dict(seen) == {"a": 2, "b": 2}


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        (["x", "x-2", "x"], ["x", "x-2", "x-3"]),
        (["x", "x", "x-2", "x"], ["x", "x-3", "x-2", "x-4"]),
        (["x", "X"], ["x", "X-2"]),
    ],
)
def test_names_of_compared_scenarios_stay_apart(
    given: list[str], expected: list[str], tmp_path: Path
) -> None:
    """A number is added to a name that comes again; each has a folder of its own anywhere."""
    single = dataclasses.replace(FAST, runs=1)
    found = compare([_loaded(name, _small(0.5)) for name in given], single)
    assert [result.name for result in found.results] == expected
    comparison.write(found, tmp_path / "kept")


def test_a_comparison_of_single_runs_is_plain_json() -> None:
    """The ends of intervals that one run leaves unknown are null."""
    single = dataclasses.replace(FAST, runs=1)
    found = compare([_loaded("a", _small(0.5)), _loaded("b", _small(0.9))], single)
    json.dumps(found.summary(), allow_nan=False)
    assert found.summary()[1]["difference"]["low"] is None


# Verifying.


@pytest.fixture
def kept(side_by_side: Comparison, tmp_path: Path) -> Path:
    """The comparison in a folder."""
    comparison.write(side_by_side, tmp_path / "kept")
    return tmp_path / "kept"


def test_untouched_results_verify(kept: Path) -> None:
    assert differences(kept) == []
    assert differences(kept / "scenarios" / "harder") == []


def test_a_changed_number_is_found_and_told_from_a_changed_program(kept: Path) -> None:
    """One bit of one table, in one scenario of three."""
    path = kept / "scenarios" / "harder" / "outcomes.parquet"
    table = pd.read_parquet(path)
    table.loc[0, "effect"] = np.nextafter(table.loc[0, "effect"], 1.0)
    table.to_parquet(path, index=False)
    assert differences(kept) == ["harder: table outcomes was changed after it was written"]


def test_another_program_is_found(kept: Path) -> None:
    """Digests that the program does not reach: as after a change of the law."""
    folder = kept / "scenarios" / "base"
    path = folder / "manifest.json"
    manifest = json.loads(path.read_text("utf-8"))
    manifest["options"]["seed"] = 4
    path.write_text(json.dumps(manifest), "utf-8")
    found = differences(folder)
    assert "table outcomes differs from what the program computes" in found
    assert "the trajectories differ from what the program computes" in found


def test_a_changed_verdict_or_comparison_is_found(kept: Path) -> None:
    path = kept / "scenarios" / "base" / "summary.json"
    data = json.loads(path.read_text("utf-8"))
    data["runs"] = 5000
    path.write_text(json.dumps(data), "utf-8")
    table = pd.read_parquet(kept / "comparison.parquet")
    table["effect"] = 0.0
    table.to_parquet(kept / "comparison.parquet", index=False)
    assert differences(kept) == [
        "base: the verdict differs from what the program computes",
        "the comparison table differs from what the program computes",
    ]


def test_a_comparison_without_its_table_is_refused(kept: Path) -> None:
    (kept / "comparison.parquet").write_bytes(b"")
    with pytest.raises(InputError, match=r"comparison\.parquet"):
        differences(kept)


# Robustness.


def test_without_shocks_the_effect_is_that_of_one_silent_run(full: Any) -> None:
    data = document() | {"coefficients": dict.fromkeys(VOLATILITIES, 0.0)}
    ensemble = simulate_scenario(scenario_of(data), Options(runs=1))
    world, twin = build_world(full), build_world(full, wedge=False)
    found = robustness.silent_effects([Pair(world, twin)])[0]
    assert found == pytest.approx(outcomes(ensemble)["effect"][0], abs=1e-15)


@pytest.fixture(scope="module")
def varied() -> tuple[World, World, pd.DataFrame]:
    """World, twin and robustness of a small scenario of three actors."""
    scenario = scenario_of(_small(0.6) | {"without": ["balance"]})
    world, twin = build_world(scenario), build_world(scenario, wedge=False)
    return world, twin, robustness.robustness(world, twin)


def test_every_mechanism_is_left_out_once_and_every_input_moved_once(
    varied: tuple[World, World, pd.DataFrame],
) -> None:
    """Volatilities and what is off already have no effect to take away."""
    table = varied[2].set_index("variant")
    left_out = table.loc["without", "what"].tolist()
    assert left_out == [name for name in NAMES if name not in (*VOLATILITIES, "balance")]
    moved = table.loc["input", "what"].tolist()
    # 4 numbers per actor; 10 per ordered pair; cohesion per pair.
    assert len(moved) == len(set(moved)) == 3 * 4 + 6 * 10 + 3
    assert len(table.loc["drawn"]) == robustness.DRAWS


def test_every_effect_has_its_word(varied: tuple[World, World, pd.DataFrame]) -> None:
    world, twin, table = varied
    words = [word_for(effect, world.margin) for effect in table["effect"]]
    assert table["verdict"].tolist() == words
    given = table.set_index("variant").loc["as given"]
    assert given["effect"] == robustness.silent_effects([Pair(world, twin)])[0]


def test_robustness_repeats_to_the_last_bit(varied: tuple[World, World, pd.DataFrame]) -> None:
    world, twin, table = varied
    pd.testing.assert_frame_equal(robustness.robustness(world, twin), table, check_exact=True)


def test_drawn_coefficients_lie_within_the_factor_and_centre_on_what_is_given() -> None:
    given = defaults()
    drawn = [c for kind, _, c in robustness._variants(given) if kind == "drawn"]
    for name in robustness.VARIED:
        factors = np.log2([getattr(c, name) / getattr(given, name) for c in drawn])
        assert np.abs(factors).max() <= 1.0
        assert abs(factors.mean()) < 0.02
    assert len(set(drawn)) == len(drawn)


def test_drawn_coefficients_stay_within_the_ranges_of_the_register() -> None:
    """A rate above 1 would overshoot: cohesion could leave 0 to 1."""
    given = defaults()._replace(build=1.0, balancing=4.0)
    drawn = [c for kind, _, c in robustness._variants(given) if kind == "drawn"]
    for entry in REGISTER:
        assert all(entry.low <= getattr(c, entry.name) <= entry.high for c in drawn)


def test_only_the_named_input_is_moved_and_world_and_twin_alike(world: World, twin: World) -> None:
    """By a step up, or down where there is no room; the originals stay as they are."""
    for key, moved_world, moved_twin in moved_inputs(world, twin):
        for before, after in ((world, moved_world), (twin, moved_twin)):
            changed = {
                name: np.argwhere(getattr(group, name) != getattr(other, name))
                for group, other in (
                    (before.baseline, after.baseline),
                    (before.drivers, after.drivers),
                )
                for name in group._fields
                if (getattr(group, name) != getattr(other, name)).any()
            }
            variable = key.split(".")[-1]
            expected = {variable, "confidence"} if variable == "commitment" else {variable}
            assert set(changed) == expected, key
            if key.startswith("dyads"):
                of, toward = (before.actors.index(a) for a in key.split(".")[1].split("-"))
                places = {tuple(row[-2:]) for row in changed[variable].tolist()}
                both = {(of, toward), (toward, of)}
                assert places == (both if variable == "cohesion" else {(of, toward)})
            group = before.baseline if variable in before.baseline._fields else before.drivers
            other = after.baseline if variable in after.baseline._fields else after.drivers
            steps = getattr(other, variable) - getattr(group, variable)
            assert np.abs(steps).max() <= STEP + 1e-12
