"""The interface for notebooks: load, run, compare, sweep and evaluate, alike to the commands."""

from __future__ import annotations

import ast
import datetime
import json
import logging
import subprocess
import sys
import tomllib
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

import alliancesim
from alliancesim import comparison, study
from alliancesim.api import running, sweeping
from alliancesim.api.arguments import setting_texts
from alliancesim.api.loading import LoadedScenario
from alliancesim.arrays import State
from alliancesim.experiment.store import read_runs
from alliancesim.measures.outcomes import QUANTILES, trajectory_runs
from alliancesim.report.wording import LENS
from alliancesim.results import result as results
from alliancesim.scenario import reading
from alliancesim.scenario.printable import steers
from alliancesim.scenario.reading import parse_setting
from commands import answer
from experiments import GRID, MIXED, written

FEAR, PRESS = "dyads.BRAVO-CHARLIE.threat", "strategies.wedge.press_intensity"
OUTCOMES = ["cohesion", "cohesion_twin", "change", "change_twin"]
PACKAGE = Path(alliancesim.__file__)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the scenario ``full.toml`` and, as ``trial.toml``, a grid on it."""
    made = tmp_path_factory.mktemp("api")
    written(made, GRID)
    return made


@pytest.fixture(scope="module")
def full_path(folder: Path) -> Path:
    """The scenario that uses every table."""
    return folder / "full.toml"


@pytest.fixture(scope="module")
def case(full_path: Path) -> LoadedScenario:
    """The same, loaded."""
    return alliancesim.load(full_path)


@pytest.fixture(scope="module")
def ran(case: LoadedScenario) -> running.Run:
    """A run of it."""
    return alliancesim.run(case, runs=6, seed=5, robustness=False)


def quick(scenario: Any, **given: Any) -> running.Run:
    """Run without the variants that take time."""
    return alliancesim.run(scenario, **{"runs": 6, "seed": 5, "robustness": False, **given})


# --- the package


def test_importing_the_package_loads_nothing_heavy() -> None:
    """``import alliancesim`` brings in no library, and ``dir`` names the interface all the same."""
    code = (
        "import sys, alliancesim; names = dir(alliancesim); "
        "heavy = {'numpy', 'numba', 'mesa', 'pandas', 'pydantic', 'scipy', 'xarray'}; "
        "print(sorted(heavy & set(sys.modules)), {'load', 'run', 'sweep'} <= set(names))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[] True"


def test_every_name_of_the_interface_is_there_and_no_other() -> None:
    """What the package lists can be had; a misspelt name is an AttributeError."""
    for name in alliancesim.__all__:
        assert getattr(alliancesim, name) is not None
    with pytest.raises(AttributeError, match="lod"):
        alliancesim.lod  # noqa: B018


def test_type_checkers_see_the_names_where_they_are_found() -> None:
    """The imports that mypy and editors read are those that are made when a name is asked for."""
    tree = ast.parse(PACKAGE.read_text("utf-8"))
    branch = next(node for node in tree.body if isinstance(node, ast.If))
    seen = {
        name.name: str(node.module).removeprefix("alliancesim.")
        for node in branch.body
        if isinstance(node, ast.ImportFrom)
        for name in node.names
    }
    (table,) = (node for node in branch.orelse if isinstance(node, ast.Assign))
    assert ast.literal_eval(table.value) == seen
    assert {*seen, "__version__"} == {*alliancesim.__all__}


# --- load

# What steers a terminal is no text that a file may hold.
harmless = st.characters(exclude_categories=["Cs"]).filter(lambda one: not steers(one))
plain = st.recursive(
    st.one_of(
        st.booleans(),
        st.integers(-(2**62), 2**62),
        st.floats(allow_nan=False),
        st.text(harmless, max_size=20),
        st.dates(datetime.date(1000, 1, 1)),
    ),
    lambda inner: st.one_of(
        st.lists(inner, max_size=3),
        st.dictionaries(st.text(harmless), inner, max_size=3),
    ),
    max_leaves=6,
)


@given(value=plain)
def test_any_value_of_python_is_set_as_it_is(value: object) -> None:
    """What ``set`` holds arrives in the scenario's document unchanged, whatever its kind."""
    (text,) = setting_texts({"events.a-b.what": value})
    assert parse_setting(text) == (("events", "a-b", "what"), value)


def test_numbers_of_numpy_are_numbers() -> None:
    """Values out of arrays and data frames are set like plain ones."""
    given = {"a": np.float64(0.1), "b": np.int64(3), "c": np.bool_(True), "d": np.array([0.5])}
    assert setting_texts(given) == ("a=0.1", "b=3", "c=true", "d=[0.5]")


def test_load_is_what_the_command_line_loads(full_path: Path) -> None:
    """Values and switches given in Python make the scenario that ``--set`` and ``--without`` do."""
    made = alliancesim.load(full_path, {FEAR: 0.7, "outcome.window": 3}, "entrapment")
    texts = [f"{FEAR}=0.7", "outcome.window=3"]
    assert made.scenario == reading.load(str(full_path), texts, ["entrapment"]).scenario


def test_a_loaded_scenario_is_changed_like_its_file(full_path: Path) -> None:
    """Changes one after another amount to changes at once, are recorded, and leave the first be."""
    first = alliancesim.load(full_path, {FEAR: 0.7}, "entrapment")
    second = alliancesim.load(first, {PRESS: 0.5, "events.scare.enabled": False}, ["chilling"])
    changes = {FEAR: 0.7, PRESS: 0.5, "events.scare.enabled": False}
    at_once = alliancesim.load(full_path, changes, ["entrapment", "chilling"])
    assert second.scenario == at_once.scenario
    assert (second.settings, second.without) == (at_once.settings, at_once.without)
    assert first.scenario == alliancesim.load(full_path, {FEAR: 0.7}, "entrapment").scenario
    assert alliancesim.load(first).scenario is first.scenario


def test_a_scenario_shows_what_it_is_and_what_was_changed(full_path: Path) -> None:
    shown = repr(alliancesim.load(full_path, {FEAR: 0.7}, "entrapment"))
    for words in ("presses ALFA", "2030-01 to 2031-06", "ALFA-BRAVO", f"{FEAR}=0.7", "entrapment"):
        assert words in shown


# --- run


def test_run_is_what_the_command_computes(ran: running.Run, full_path: Path) -> None:
    """Every table, and every trajectory, has the bits of the command's results."""
    options = study.Options(runs=6, seed=5, robustness=False)
    expected = study.run_scenario(reading.load(str(full_path)), options)
    assert ran.manifest["digest"] == expected.manifest["digest"]
    assert ran.summary() == expected.summary()


def test_run_records_what_was_changed(case: LoadedScenario) -> None:
    """Settings of ``load`` and of ``run`` both stand in the manifest."""
    changed = alliancesim.load(case, {FEAR: 0.7})
    options = quick(changed, set={PRESS: 0.5}, without="entrapment").manifest["options"]
    assert options["set"] == [f"{FEAR}=0.7", f"{PRESS}=0.5"]
    assert options["without"] == ["entrapment"]


def test_both_engines_give_the_same(ran: running.Run, case: LoadedScenario) -> None:
    """The Mesa model gives the same digests as the batch kernel."""
    assert quick(case, engine="mesa").manifest["digest"] == ran.manifest["digest"]


def test_results_are_written_and_read_back(ran: running.Run, tmp_path: Path) -> None:
    """A run can be written like any results."""
    results.write(ran, tmp_path / "kept")
    assert results.read(tmp_path / "kept").verdict == ran.verdict


def test_a_run_shows_its_verdict_with_a_caution(ran: running.Run) -> None:
    assert ran.verdict.word in repr(ran)
    assert LENS in repr(ran)


def test_progress_reaches_all_runs(case: LoadedScenario) -> None:
    """The last report is the number of runs, in runs, sweeps and evaluations."""
    done: list[int] = []
    quick(case, progress=done.append)
    assert done[-1] == 6
    points = [{FEAR: level} for level in (0.1, 0.2)]
    alliancesim.evaluate_many(case, points, runs=3, progress=done.append)
    assert done[-1] == 6
    grid = {FEAR: [0.1, 0.2, 0.3]}
    alliancesim.sweep(scenario=case, factors=grid, replicates=4, progress=done.append)
    assert done[-1] == 12


def test_a_first_run_says_that_it_compiles(
    case: LoadedScenario, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """Nobody takes compilation for hanging."""
    monkeypatch.setattr(running, "is_compiled", lambda: False)
    with caplog.at_level(logging.WARNING):
        alliancesim.evaluate(case, runs=1)
    assert "compiling" in caplog.text


# --- trajectories


def test_trajectories_are_those_of_the_tables(ran: running.Run) -> None:
    """Each value stands at its side, run, month, of and toward; nobody is related to itself."""
    found = ran.to_xarray()
    table = trajectory_runs(ran.ensemble)
    for name in State._fields:
        rows = table[table["variable"] == name]
        series = found[name].to_series().dropna()
        index = ["world", "run", "month", "of", "toward"]
        expected = rows.set_index(index)["value"].reindex(series.index)
        assert len(rows) == len(series)
        assert (series.to_numpy() == expected.to_numpy()).all()
    assert set(found) == {*State._fields, "alliance_cohesion"}


def test_trajectories_made_anew_are_those_held(ran: running.Run) -> None:
    """An ensemble too large for memory gives the same arrays."""
    unheld = replace(ran, ensemble=replace(ran.ensemble, held=None))
    assert unheld.to_xarray("opinion").identical(ran.to_xarray("opinion"))


def test_the_alliance_ends_at_the_outcome(ran: running.Run) -> None:
    """Cohesion averaged over the last months is the outcome of each run."""
    late = ran.to_xarray("cohesion").alliance_cohesion.isel(month=slice(-4, None)).mean("month")
    for side in ("world", "twin"):
        expected = ran.outcomes[f"cohesion_{side}"].to_numpy()
        np.testing.assert_allclose(late.sel(side=side), expected, rtol=0, atol=1e-15)


def test_arrays_say_what_they_hold(ran: running.Run) -> None:
    """Dates go with months, every variable has meaning, unit and range, the set its scenario."""
    found = ran.to_xarray("opinion")
    assert str(found.date.to_numpy()[1])[:7] == "2030-01"
    assert found.opinion.attrs["valid_min"] == -1
    assert "favourability" in found.opinion.attrs["long_name"]
    assert {"name", "title", "verdict", "seed", "margin"} <= found.attrs.keys()


# --- compare


def test_compare_is_what_the_command_computes(full_path: Path) -> None:
    """Scenarios by name or loaded give the table of the command, bit for bit."""
    calm = alliancesim.load(full_path, {PRESS: 0.0})
    found = alliancesim.compare([full_path, calm], runs=4, robustness=False)
    loaded = [reading.load(str(full_path)), reading.load(str(full_path), [f"{PRESS}=0.0"])]
    expected = comparison.compare(loaded, study.Options(runs=4, robustness=False))
    pd.testing.assert_frame_equal(found.table, expected.table, check_exact=True)


def test_compare_takes_names_and_records_each_change(full_path: Path) -> None:
    """Names given are those of the table, and each result names what was changed in it."""
    calm = alliancesim.load(full_path, {PRESS: 0.0})
    pair = {"as it is": full_path, "no stick": calm}
    found = alliancesim.compare(pair, runs=2, robustness=False, without="chilling")
    assert list(found.table["name"]) == ["as it is", "no stick"]
    assert [r.manifest["options"]["set"] for r in found.results] == [[], [f"{PRESS}=0.0"]]
    assert [r.manifest["options"]["without"] for r in found.results] == [["chilling"]] * 2
    assert "no stick" in repr(found)
    assert "<table" in found._repr_html_()


# --- sweep


def test_a_point_of_a_sweep_is_a_run_of_its_scenario(case: LoadedScenario) -> None:
    """Every outcome of every run at a point is that of a run with the same settings, bitwise."""
    factors = {FEAR: [0.1, 0.9], PRESS: [0.0, 0.5]}
    found = alliancesim.sweep(
        scenario=case, factors=factors, outcomes=OUTCOMES, replicates=6, seed=5
    )
    columns = dict(zip(OUTCOMES, ("cohesion_world", *OUTCOMES[1:]), strict=True))
    columns |= {"effect": "effect", "change": "change_world"}
    for row in found.design.to_dict("records"):
        alone = quick(case, set={key: row[key] for key in factors}).outcomes
        there = found.runs[found.runs["point"] == row["point"]]
        for name, column in columns.items():
            assert (there[name].to_numpy() == alone[column].to_numpy()).all(), name


def test_a_sweep_has_the_numbers_of_the_command(folder: Path, tmp_path: Path) -> None:
    """The same file, run by ``alliancesim experiment``, gives each bit."""
    words = ("experiment", str(folder / "trial.toml"), "--out", "out", "--json")
    done = answer(*words, cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    found = alliancesim.sweep(folder / "trial.toml")
    pd.testing.assert_frame_equal(found.runs, read_runs(tmp_path / "out"), check_exact=True)
    counted = found.points["verdict"].value_counts().to_dict()
    said = json.loads(done.stdout)["findings"]["points"]
    assert {word: number for word, number in said.items() if number} == counted


@pytest.mark.parametrize("text", [GRID, MIXED], ids=["grid", "mixed"])
def test_a_table_is_swept_like_a_file(
    text: str, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A table of what a file holds gives the file's sweep, parallel keys and switches included."""
    monkeypatch.chdir(folder)
    (folder / "other.toml").write_text(text, "utf-8")
    table = {**tomllib.loads(text), "scenario": "full.toml"}
    by_table, by_file = alliancesim.sweep(table), alliancesim.sweep("other.toml")
    pd.testing.assert_frame_equal(by_table.runs, by_file.runs, check_exact=True)
    pd.testing.assert_frame_equal(by_table.points, by_file.points, check_exact=True)


def test_settings_hold_at_every_point(folder: Path) -> None:
    """``set`` reaches into the file and into the scenario; ``without`` adds to both."""
    changes = {"design.replicates": 2, "coefficients.spillover": 0.5}
    found = alliancesim.sweep(
        folder / "trial.toml", set=changes, without="chilling", outcomes="cohesion", seed=3
    )
    base = found.experiment.base.scenario
    assert base.coefficients["spillover"] == 0.5
    assert base.without == ["chilling"]
    assert found.experiment.experiment.seed == 3
    assert list(found.runs.columns) == ["point", "run", "effect", "cohesion"]
    assert len(found.runs) == 2 * len(found.design)


def test_a_grid_becomes_an_array(folder: Path) -> None:
    """Each cell holds the numbers of its point, each run those of its run, on levels in order."""
    found = alliancesim.sweep(folder / "trial.toml")
    means, runs = found.to_xarray(), found.to_xarray(by_run=True)
    assert means.effect.dims == ("pressure", "fear")
    assert means.fear.to_numpy().tolist() == [0.1, 0.3, 0.5, 0.7, 0.9]
    assert means.pressure.attrs == {"long_name": "Pressure", "units": "share"}
    for row in found.points.to_dict("records"):
        cell = {"pressure": row["pressure"], "fear": row["fear"]}
        assert {name: means[name].sel(cell).item() for name in means} == {
            name: row[name] for name in means
        }
        there = found.runs[found.runs["point"] == row["point"]]
        for name in runs:
            assert (runs[name].sel(cell).to_numpy() == there[name].to_numpy()).all()


def test_a_sample_becomes_an_array_along_its_points(folder: Path) -> None:
    """Factors of a sample are coordinates of its points."""
    (folder / "mixed.toml").write_text(MIXED, "utf-8")
    found = alliancesim.sweep(folder / "mixed.toml")
    means, runs = found.to_xarray(), found.to_xarray(by_run=True)
    assert means.effect.dims == ("point",)
    assert runs.effect.dims == ("point", "run")
    for name in found.design.columns[1:]:
        assert means[name].to_numpy().tolist() == found.design[name].tolist()
    assert means.effect.to_numpy().tolist() == found.points["effect"].tolist()
    flat = runs.effect.to_numpy().ravel().tolist()
    assert flat == found.runs["effect"].tolist()


def test_a_point_that_is_no_scenario_is_named_and_missing(case: LoadedScenario) -> None:
    """One bad point costs the others nothing: its error is kept, its cell is empty."""
    factors = {
        "strategies.wedge.start": ["2030-03", "2030-06"],
        "strategies.wedge.end": ["2030-04", "2031-03"],
    }
    found = alliancesim.sweep(scenario=case, factors=factors, replicates=2)
    bad = {"strategies.wedge.start": "2030-06", "strategies.wedge.end": "2030-04"}
    (failure,) = found.failures.to_dict("records")
    row = found.design[found.design["point"] == failure["point"]].to_dict("records")[0]
    assert {key: row[key] for key in bad} == bad
    assert "strategies.wedge" in failure["error"]
    effects = found.to_xarray().effect
    assert np.isnan(effects.sel(bad).item())
    assert effects.notnull().sum() == 3
    assert "1 failed" in repr(found)


def test_a_sweep_shows_its_size_with_a_caution(folder: Path) -> None:
    shown = repr(alliancesim.sweep(folder / "trial.toml"))
    for words in ("15 points of pressure, fear", "3 runs of world and twin", "backfire", LENS):
        assert words in shown


def test_a_sweep_beyond_memory_is_refused_at_once(
    case: LoadedScenario, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What would not fit is refused before anything is run, with the command that would do it."""
    monkeypatch.setattr(sweeping, "computed_parts", pytest.fail)
    with pytest.raises(alliancesim.InputError, match="alliancesim experiment"):
        alliancesim.sweep(
            scenario=case,
            factors={FEAR: {"low": 0.1, "high": 0.9, "steps": 1000}},
            replicates=1_000_000,
        )


# --- evaluate


def test_many_points_give_what_each_gives_alone(case: LoadedScenario) -> None:
    """Points that share blocks have the bits of points alone, in any order, under their index."""
    frame = pd.DataFrame(
        {
            FEAR: [0.1, 0.5, 0.9],
            PRESS: [1.0, 0.0, 0.5],
            "without.entrapment": np.array([True, False, True], object),
        },
        index=["x", "y", "z"],
    )
    wanted = ("effect", "effect_low", "effect_high", "backfire", "opinion.BRAVO-ALFA.effect")
    found = alliancesim.evaluate_many(case, frame, outcomes=wanted, runs=4)
    points = frame.to_dict("records")
    alone = [alliancesim.evaluate(case, point, outcomes=wanted, runs=4) for point in points]
    assert found.to_dict("records") == alone
    assert list(found.index) == ["x", "y", "z"]
    backwards = alliancesim.evaluate_many(case, frame[::-1], outcomes=wanted, runs=4)
    pd.testing.assert_frame_equal(backwards[::-1], found, check_exact=True)
    as_list = alliancesim.evaluate_many(case, points, outcomes=wanted, runs=4)
    assert as_list.to_dict("records") == alone


def test_threads_change_no_bit(case: LoadedScenario) -> None:
    """One thread or two, in a sweep and in an evaluation, the numbers are the same."""
    points = [{FEAR: level / 20} for level in range(20)]
    one, two = (alliancesim.evaluate_many(case, points, runs=9, threads=n) for n in (1, 2))
    pd.testing.assert_frame_equal(one, two, check_exact=True)


def test_a_point_is_worth_what_its_run_says(case: LoadedScenario) -> None:
    """Mean and shares, with the intervals of shares, are those of the verdict."""
    run = quick(case, runs=40, set={PRESS: 0.5})
    words = ("split", "null", "backfire")
    wanted = ["effect", *(f"{word}{end}" for word in words for end in ("", "_low", "_high"))]
    found = alliancesim.evaluate(case, {PRESS: 0.5}, outcomes=wanted, runs=40, seed=5)
    assert found["effect"] == pytest.approx(run.verdict.effect.estimate, abs=1e-15)
    for word in words:
        share = [found[f"{word}{end}"] for end in ("", "_low", "_high")]
        assert share == pytest.approx(tuple(run.verdict.shares[word]), abs=1e-12)


def test_no_points_are_no_rows(case: LoadedScenario) -> None:
    assert alliancesim.evaluate_many(case, [], outcomes=("effect", "split")).shape == (0, 2)
    none = pd.DataFrame({FEAR: pd.Series(dtype="float64")})
    assert alliancesim.evaluate_many(case, none).shape == (0, 1)


# --- what is wrong, in words

WRONG: list[tuple[str, str, dict[str, Any], list[str]]] = [
    ("load", "", {"set": {"actors.ALFA.hazzard": 1, FEAR: 7}}, ["'hazard'", f"set: {FEAR} is 7"]),
    ("load", "", {"set": {"actors.ALFA": {}, "actors.ALFA.hazard": 1}}, ["apart from"]),
    ("load", "", {"set": {"a=b": 1, 3: 4}}, ["'a=b'", "3", "a dotted key"]),
    ("load", "", {"set": {FEAR: object()}}, [FEAR, "a number, a text"]),
    ("load", "", {"without": "entrapmint"}, ["'entrapment'"]),
    ("load", "", {"without": 3}, ["a list of names"]),
    ("run", "", {"runs": 0, "seed": -1, "months": 1.5}, ["runs is 0", "seed is -1", "months is"]),
    ("run", "", {"runs": True}, ["runs is true"]),
    ("run", "", {"months": 2}, ["months is 2", "outcome.window"]),
    ("run", "", {"engine": "bach"}, ["engine", "'batch'"]),
    ("sweep", "", {}, ["scenario", "missing"]),
    ("sweep", "scenario", {"factors": {"actors.ALFO.hazard": [0, 1]}}, ["'ALFA'"]),
    ("sweep", "scenario", {"factors": {FEAR: [0.1, 3]}}, [f"factors.{FEAR}", "from 0 to 1"]),
    ("sweep", "scenario", {"factors": {FEAR: {"low": 0, "high": 1}}}, [f"{FEAR}.steps", "levels"]),
    ("sweep", "scenario", {"factors": {FEAR: {"lowe": 0, "high": 1}}}, [FEAR, "'low'"]),
    ("sweep", "scenario", {"factors": {"fear": [0, 1]}}, ["factors.fear", '"key"']),
    ("sweep", "scenario", {"factors": {FEAR: {object()}}}, [FEAR, "a number"]),
    ("sweep", "scenario", {"factors": 3}, ["factors is 3"]),
    ("sweep", "scenario", {"factors": {"effect": {"key": FEAR, "values": [0, 1]}}}, ["column"]),
    ("sweep", "scenario", {"factors": {FEAR: [0, 1]}, "outcomes": "efect"}, ["'effect'"]),
    ("sweep", "scenario", {"factors": {FEAR: [0, 1]}, "design": "grit"}, ["design.kind"]),
    ("sweep", "file", {"factors": {FEAR: [0, 1]}}, ["factors", "says"]),
    ("sweep", "file", {"set": {"design.replicates": 0}}, ["design.replicates is 0"]),
    ("evaluate", "", {"settings": {"actors.ALFO.hazard": 1}}, ["actors.ALFO.hazard", "'ALFA'"]),
    ("evaluate", "", {"settings": {FEAR: 2}}, ["point 0", f"{FEAR} is 2"]),
    ("evaluate", "", {"outcomes": ("effect", "splid")}, ["'splid'"]),
    ("evaluate", "", {"months": 2}, ["months is 2", "outcome.window"]),
    ("evaluate_many", "", {"settings": [{FEAR: 0.1}, {PRESS: 0.1}]}, ["point 1", "first one"]),
    ("evaluate_many", "", {"settings": [{FEAR: 0.1}, {FEAR: np.nan}]}, ["point 1", FEAR]),
    ("evaluate_many", "", {"settings": pd.DataFrame([[1, 2]], columns=[FEAR, FEAR])}, ["apart"]),
    ("compare", "alone", {}, ["at least two"]),
    ("compare", "names", {}, ["'a/b'", "folder"]),
]


@pytest.mark.parametrize(("function", "first", "given", "words"), WRONG)
def test_wrong_input_is_said_in_words(
    function: str,
    first: str,
    given: dict[str, Any],
    words: list[str],
    case: LoadedScenario,
    folder: Path,
) -> None:
    """Each mistake is an InputError that names the argument and what was expected."""
    positional: dict[str, tuple[Any, ...]] = {
        "": () if function == "sweep" else (case,),
        "scenario": ({"scenario": case},),
        "file": (folder / "trial.toml",),
        "alone": ([case],),
        "names": ({"a/b": case, "b": case},),
    }
    with pytest.raises(alliancesim.InputError) as caught:
        getattr(alliancesim, function)(*positional[first], **given)
    for word in words:
        assert word in str(caught.value)
    assert "--" not in str(caught.value)


def test_a_sweep_of_which_no_point_is_valid_is_refused(case: LoadedScenario) -> None:
    """The error of the first point is the word."""
    late = alliancesim.load(case, {"strategies.wedge.start": "2030-06"})
    with pytest.raises(alliancesim.InputError, match="valid scenario"):
        alliancesim.sweep(
            scenario=late,
            factors={
                "strategies.wedge.start": ["2030-09", "2030-10"],
                "strategies.wedge.end": ["2030-07", "2030-08"],
            },
        )


def test_quantiles_of_the_run_are_those_of_its_trajectories(ran: running.Run) -> None:
    """The table of quantiles and the array of all runs tell the same story."""
    found = ran.to_xarray("threat").threat.sel(side="world", of="ALFA", toward="CHARLIE")
    rows = ran.trajectories.query(
        "world == 'world' and of == 'ALFA' and toward == 'CHARLIE' and variable == 'threat'"
    )
    for name, level in QUANTILES.items():
        expected = rows.sort_values("month")[name].to_numpy()
        np.testing.assert_allclose(found.quantile(level, "run"), expected, rtol=0, atol=1e-15)
