"""Experiment files: what is refused and in which words, what settings change, what is shipped."""

from __future__ import annotations

import copy
import pickle
import re
import tomllib
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from alliancesim.experiment.design import design_of
from alliancesim.experiment.points import pairs_of
from alliancesim.experiment.reading import load_experiment
from alliancesim.experiment.schema import MOST_POINTS
from alliancesim.scenario.library import EXPERIMENTS
from alliancesim.scenario.problems import InputError
from experiments import GRID, MIXED, experiment_of, problems_of, written

SETS = """
[[factor_sets]]
kind = "inputs"
step = 0.1
"""


class Case(NamedTuple):
    """One mistake: what is replaced in which file, and what the message must say."""

    name: str
    text: str
    edit: tuple[str, str]
    words: tuple[str, ...]


FEAR = 'key = "dyads.BRAVO-CHARLIE.threat"'
PRESSURE = 'key = "strategies.wedge.press_intensity"'
KIND = 'kind = "grid"'
MEMORY = 'key = "coefficients.forget"'

CASES = (
    # Shape.
    Case("no title", GRID, ('title = "CHARLIE presses harder"\n', ""), ("title is missing",)),
    Case("two lines", GRID, ('"Does it matter how hard?"', '"a\\nb"'), ("question", "one line")),
    Case("unknown key", GRID, ("replicates", "replicate"), ("design.replicate", "'replicates'")),
    Case("unknown table", GRID, ("[factors.fear]", "[factor.fear]"), ("factor ", "'factors'")),
    Case("no kind", GRID, (KIND, ""), ("design.kind is missing",)),
    Case("unknown kind", GRID, (KIND, 'kind = "gird"'), ("design.kind", "one of grid", "'grid'")),
    Case("no runs", GRID, ("replicates = 3", "replicates = 0"), ("design.replicates is 0",)),
    Case("a text", GRID, ("replicates = 3", 'replicates = "3"'), ("a whole number",)),
    Case("bad label", GRID, ("[factors.fear]", "[factors.Fear]"), ("factors.Fear", "a label")),
    Case("taken", GRID, ("[factors.fear]", "[factors.point]"), ("factors.point", "no column")),
    Case("unknown in list", GRID + SETS, ("step", "stride"), ("factor_sets.0.stride", "'step'")),
    # Factors.
    Case("no key", GRID, (FEAR, ""), ("factors.fear is neither", 'either "key" or "keys"')),
    Case("both", GRID, (FEAR, FEAR + "\nkeys = ['a.b']"), ("factors.fear is both",)),
    Case("no low", GRID, ("low = 0.1", ""), ("factors.fear.low is missing",)),
    Case("reversed", GRID, ("high = 0.9", "high = 0.05"), ("factors.fear.high", "above low, 0.1")),
    Case("no steps", GRID, ("steps = 5", ""), ("factors.fear.steps is missing",)),
    Case("one step", GRID, ("steps = 5", "steps = 1"), ("factors.fear.steps is 1",)),
    Case("switch as bound", GRID, ("low = 0.1", "low = true"), ("factors.fear.low", "a finite")),
    Case("infinite", GRID, ("high = 0.9", "high = inf"), ("factors.fear.high", "a finite number")),
    Case("month and number", GRID, ("low = 0.1", 'low = "2030-01"'), ("two months",)),
    Case("no month", GRID, ("low = 0.1", 'low = "2030-13"'), ("factors.fear.low", "YYYY-MM")),
    Case("log of 0", GRID, ("low = 0.0", 'low = 0.0\nscale = "log"'), ("numbers above 0",)),
    Case("not whole", MIXED, ("high = 6", "high = 6.5"), ("factors.ramp.whole", "whole numbers")),
    Case("steps in a sample", MIXED, ("high = 6", "high = 6\nsteps = 3"), ("only a grid",)),
    Case("one value", MIXED, ("[true, false]", "[true]"), ("values", "at least 2 entries")),
    Case("twice", MIXED, ("[true, false]", "[true, true]"), ("values", "each value once")),
    Case("kinds", MIXED, ("[true, false]", "[true, 0.5]"), ("values", "values of one kind")),
    Case("a list", MIXED, ("[true, false]", "[[1], [2]]"), ("values", "true, false or text")),
    Case(
        "values beside low",
        MIXED,
        ("values = [true, false]", "values = [true, false]\nlow = 0"),
        ("factors.election.low", 'beside "values"'),
    ),
    Case("parallel texts", MIXED, ("DELTA-BRAVO.commitment", "DELTA-BRAVO"), ("are numbers",)),
    Case("one in parallel", GRID, (FEAR, FEAR + "\ntogether = 'parallel'"), ("several keys",)),
    Case(
        "a key twice",
        GRID,
        (PRESSURE, 'key = "dyads.BRAVO-CHARLIE.threat"'),
        ("factors.fear is dyads.BRAVO-CHARLIE.threat", "not set in factors.pressure"),
    ),
    Case(
        "a key within another",
        GRID,
        (PRESSURE, 'key = "dyads.BRAVO-CHARLIE.threat.value"'),
        ("not set in factors.pressure",),
    ),
    # Keys and values that do not fit the scenario.
    Case("no table", GRID, (FEAR, 'key = "dyad.A-B.threat"'), ("a dotted key under", "'dyads'")),
    Case("run itself", GRID, (FEAR, 'key = "time.months"'), ("a dotted key under actors",)),
    Case("no actor", GRID, (FEAR, 'key = "actors.BRAVA.hazard"'), ("ALFA, BRAVO", "'BRAVO'")),
    Case("no event", GRID, (FEAR, 'key = "events.embarg.push"'), ("events", "'embargo'")),
    Case("no dyad", GRID, (FEAR, 'key = "dyads.BRAVO-CHARLY.threat"'), ("'CHARLIE'",)),
    Case("no number", GRID, (FEAR, 'key = "dyads.BRAVO-CHARLIE.treat"'), ("'threat'",)),
    Case("no coefficient", GRID, (FEAR, 'key = "coefficients.alarms"'), ("'alarm'",)),
    Case("no mechanism", MIXED, ("without.entrapment", "without.entrap"), ("'entrapment'",)),
    Case("no switch", MIXED, ("[false, true]", "[0, 1]"), ("without.entrapment = 0", "switched")),
    Case("too high", GRID, ("high = 0.9", "high = 1.5"), ("threat = 1.5", "from 0 to 1")),
    Case("too low", GRID, ("low = 0.1", "low = -0.1"), ("threat = -0.1", "from 0 to 1")),
    Case("outside", MIXED, ("2030-02", "2029-02"), ("wedge.start = '2029-02'", "month of the run")),
    Case("a fraction", MIXED, ("whole = true", ""), ("ramp = 0.0", "a whole number")),
    Case("out of range", MIXED, ("high = 0.2", "high = 9.0"), ("forget = 9.0", "a number from 0")),
    Case("text", MIXED, ('["DELTA", "CHARLIE"]', '["DELTA", "ECHO"]'), ("'ECHO'", "the actors")),
    # Design.
    Case("points of a grid", GRID, (KIND, KIND + "\npoints = 9"), ("design.points is 9",)),
    Case("no points", MIXED, ("points = 16", ""), ("design.points is missing",)),
    Case("no power", MIXED, ("points = 16", "points = 100"), ("64 or 128",)),
    Case(
        "too large",
        GRID.replace("steps = 3", "steps = 10001"),
        ("steps = 5", "steps = 5001"),
        ("grid of",),
    ),
    Case("grid of sets", GRID + SETS, ("", ""), ("design.kind", "latin-hypercube or sobol")),
    Case("no step", MIXED + SETS, ("step = 0.1", ""), ("factor_sets.0.step is missing",)),
    Case("both steps", MIXED + SETS, ("step = 0.1", "step = 0.1\nfactor = 2.0"), ("no such key",)),
    Case("same set", MIXED + SETS + SETS, ("", ""), ("factor_sets.1.kind", "each kind once")),
    Case(
        "left out",
        MIXED + SETS,
        ("step = 0.1", 'step = 0.1\nleave_out = ["actors.ALFA.hazzard"]'),
        ("factor_sets.0.leave_out", "'actors.ALFA.hazard'"),
    ),
    Case("too short", GRID, (KIND, KIND + "\nmonths = 2"), ("design.months is 2", "4 months")),
    # Outcomes and analysis.
    Case("outcome", GRID, ('"change"', '"chagne"'), ("outcomes is 'chagne'", "'change'")),
    Case("variable", GRID, ("opinion.BRAVO", "opinon.BRAVO"), ("outcomes", "'opinion'")),
    Case("actor", GRID, ("BRAVO-ALFA", "BRAVO-ALPHA"), ("outcomes", "'ALFA'")),
    Case("itself", GRID, ("opinion.BRAVO-ALFA", "opinion.ALFA-ALFA"), ("two different actors",)),
    Case("side", GRID, ("CHARLIE.effect", "CHARLIE.efect"), ("outcomes", "'effect'")),
    Case("x", GRID, ('x = "pressure"', 'x = "presure"'), ("analysis.x", "'pressure'")),
    Case("no y", GRID, ('y = "fear"', ""), ("analysis.y is missing",)),
    Case("x is y", GRID, ('y = "fear"', 'y = "pressure"'), ("analysis.y", "other than x")),
    Case("not kept", GRID, ('y = "fear"', 'y = "fear"\noutcome = "change_twin"'), ("kept",)),
    Case("axes", GRID, ("phase-diagram", "main-effects"), ("analysis.x", "only a phase diagram")),
    # The scenario.
    Case("no scenario", GRID, ('scenario = "full"', ""), ("scenario is missing",)),
    Case("unknown", GRID, ('"full"', '"ful"'), ("scenario is 'ful'", "'full'")),
    Case("setting", GRID, ('"full"', '"full"\nsettings = ["x"]'), ("settings", "key=value")),
    Case(
        "misspelt setting",
        GRID,
        ('"full"', '"full"\nsettings = ["actors.ALFA.hazzard=0.1"]'),
        ("settings is actors.ALFA.hazzard unknown", "'hazard'"),
    ),
    Case("without", GRID, ('"full"', '"full"\nwithout = ["warmth"]'), ("without is", "'warm'")),
    Case(
        "fixed and varied",
        GRID,
        ('"full"', '"full"\nsettings = ["dyads.BRAVO-CHARLIE.threat=0.5"]'),
        ("factors.fear", "not set in settings"),
    ),
    Case("no factor", MIXED[: MIXED.index("[factors")], ("", ""), ("factors is missing",)),
)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_a_mistake_is_refused_in_words(tmp_path: Path, case: Case) -> None:
    assert case.edit[0] in case.text
    path = written(tmp_path, case.text.replace(*case.edit))
    with pytest.raises(InputError) as refused:
        load_experiment(str(path))
    message = str(refused.value)
    for word in (*case.words, "trial.toml", "expected"):
        assert word in message


@pytest.mark.parametrize("text", [GRID, MIXED, MIXED + SETS], ids=["grid", "mixed", "sets"])
def test_a_valid_file_has_no_problem(tmp_path: Path, text: str) -> None:
    """So that the mistakes above are refused for what they are."""
    assert problems_of(written(tmp_path, text)) == ()


def test_every_problem_is_told_at_once(tmp_path: Path) -> None:
    text = GRID.replace("high = 1.0", "high = 2.0").replace("opinion.BRAVO", "opinon.BRAVO")
    text = text.replace('y = "fear"', 'y = "far"').replace("dyads.BRAVO", "dyads.BRAVA")
    problems = problems_of(written(tmp_path, text))
    assert {problem.key for problem in problems} == {
        "factors.pressure",
        "factors.fear",
        "outcomes",
        "analysis.y",
    }


def test_a_wrong_shape_does_not_hide_a_missing_scenario(tmp_path: Path) -> None:
    text = GRID.replace('"full"', '"ful"').replace("replicates = 3", "replicates = 0")
    problems = problems_of(written(tmp_path, text))
    assert {problem.key for problem in problems} == {"scenario", "design.replicates"}


def test_an_unknown_name_gets_the_nearest_shipped_one() -> None:
    with pytest.raises(InputError, match=r"an experiment file.*'tipping-point'"):
        load_experiment("tiping-point")


_ROOT = tomllib.loads(MIXED + SETS)
_junk = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-(10**20), 10**20),
    st.floats(),
    st.text(max_size=8),
    st.just([]),
    st.just({}),
    st.just({"value": 1}),
    st.lists(st.integers(), max_size=2),
)


def _places(table: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """Return the path of every value in a document."""
    found = [path] if path else []
    if isinstance(table, dict | list):
        items = table.items() if isinstance(table, dict) else enumerate(table)
        for key, value in items:
            found += _places(value, (*path, key))
    return found


@settings(max_examples=200)
@given(st.sampled_from(_places(_ROOT)), _junk)
def test_whatever_stands_at_a_key_is_accepted_or_refused_in_words(
    tmp_path_factory: pytest.TempPathFactory,
    place: tuple[Any, ...],
    junk: Any,
) -> None:
    """No value, however odd, surfaces as anything but an InputError."""
    from alliancesim.experiment import reading

    document = copy.deepcopy(_ROOT)
    table: Any = document
    for key in place[:-1]:
        table = table[key]
    table[place[-1]] = junk
    path = written(tmp_path_factory.getbasetemp(), MIXED)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(reading, "read_document", lambda _: document)
        for problem in problems_of(path):
            assert problem.expected


# Settings.


def test_settings_override_the_file_or_hold_in_the_scenario(tmp_path: Path) -> None:
    loaded = experiment_of(tmp_path, GRID, "design.replicates=9", "actors.ALFA.hazard=0.9")
    assert loaded.experiment.replicates == 9
    assert loaded.base.scenario.actors["ALFA"].hazard.value == 0.9


def test_a_wrong_setting_is_blamed_on_the_command_line(tmp_path: Path) -> None:
    for text, key in (("design.replicates=0", "design.replicates"), ("actors.ALFA.x=1", "x")):
        with pytest.raises(InputError, match=f"--set: .*{key}"):
            experiment_of(tmp_path, GRID, text)


# The digest.


@pytest.mark.parametrize(
    "edit",
    [
        ("replicates = 3", "replicates = 4"),
        ("seed = 7", "seed = 8"),
        ("steps = 5", "steps = 6"),
        ("high = 0.9", "high = 0.8"),
        ("[factors.fear]", "[factors.angst]"),
        ("BRAVO-CHARLIE.threat", "BRAVO-CHARLIE.opinion"),
        ('"cohesion_twin", ', ""),
        (KIND, KIND + "\nmonths = 9"),
        (KIND, KIND + "\npart_points = 2"),
        ('"full"', '"full"\nsettings = ["actors.ALFA.hazard=0.9"]'),
        ('"full"', '"full"\nwithout = ["warm"]'),
    ],
    ids=lambda edit: (edit[1] or edit[0]).splitlines()[-1],
)
def test_the_digest_tells_what_changes_the_numbers(tmp_path: Path, edit: tuple[str, str]) -> None:
    assert edit[0] in GRID
    changed = GRID.replace(*edit).replace(
        'y = "fear"', 'y = "angst"' if "ang" in edit[1] else 'y = "fear"'
    )
    assert experiment_of(tmp_path, GRID).digest != experiment_of(tmp_path, changed).digest


def test_the_digest_tells_a_changed_scenario(tmp_path: Path) -> None:
    path = written(tmp_path, GRID)
    before = load_experiment(str(path)).digest
    scenario = tmp_path / "full.toml"
    scenario.write_text(scenario.read_text("utf-8").replace("ramp = 2", "ramp = 3"), "utf-8")
    assert load_experiment(str(path)).digest != before


@pytest.mark.parametrize(
    "edit",
    [
        ("Does it matter how hard?", "How hard?"),
        ('label = "Pressure"', 'label = "How hard"'),
        ('y = "fear"', 'y = "fear"\noutcome = "cohesion"'),
        (KIND, KIND + "  # a comment"),
        ("seed = 7", "seed = 7\npart_points = 1"),  # what it is by default
    ],
    ids=["question", "label", "analysis", "comment", "default"],
)
def test_the_digest_passes_over_what_changes_no_number(
    tmp_path: Path, edit: tuple[str, str]
) -> None:
    assert edit[0] in GRID
    before = experiment_of(tmp_path, GRID)
    assert before.digest == experiment_of(tmp_path, GRID.replace(*edit)).digest


def test_parts_hold_some_fifty_thousand_runs_and_are_no_fewer_than_32(tmp_path: Path) -> None:
    big, small = (
        experiment_of(tmp_path, MIXED, f"design.points={points}", f"design.replicates={runs}")
        for points, runs in ((2**16, 100), (64, 4))
    )
    assert big.part_points == 500
    assert small.part_points == 2
    assert experiment_of(tmp_path, MIXED, "design.replicates=1000000").part_points == 1
    assert experiment_of(tmp_path, MIXED, "design.part_points=7").part_points == 7


def test_an_experiment_can_be_sent_to_another_process(tmp_path: Path) -> None:
    loaded = experiment_of(tmp_path, MIXED + SETS)
    assert pickle.loads(pickle.dumps(loaded)) == loaded


# Shipped experiments.


def test_the_five_experiments_are_shipped() -> None:
    assert EXPERIMENTS.names() == [
        "carrot-and-stick",
        "global",
        "leaders",
        "leverage",
        "tipping-point",
    ]


@pytest.mark.parametrize("name", EXPERIMENTS.names())
def test_a_shipped_experiment_opens_with_its_story_question_and_lesson(name: str) -> None:
    text = EXPERIMENTS.find(name).read_text("utf-8")
    opening = text[: text.index("\n\n")]
    assert all(line.startswith("#") for line in opening.splitlines())
    assert "# Question: " in opening
    assert "# What one would learn: " in opening
    experiment = load_experiment(name).experiment
    for told in (experiment.title, experiment.story, experiment.question, experiment.learn):
        assert len(told) > 10
    assert experiment.question.endswith("?")
    assert experiment.analysis is not None


@pytest.mark.parametrize("name", EXPERIMENTS.names())
def test_points_of_a_shipped_experiment_are_valid_scenarios(name: str) -> None:
    loaded = load_experiment(name)
    design = design_of(loaded)
    assert design.points <= MOST_POINTS
    indices = range(0, design.points, design.points // 24)
    assert [found for found in pairs_of(loaded, design, indices) if isinstance(found, str)] == []


@pytest.mark.parametrize("name", ["carrot-and-stick", "leaders", "leverage", "tipping-point"])
def test_a_phase_diagram_has_at_least_40_by_40_cells_of_200_runs(name: str) -> None:
    loaded = load_experiment(name)
    assert all(axis.count >= 40 for axis in loaded.axes)
    assert loaded.experiment.replicates >= 200


def test_the_global_experiment_varies_every_input_and_every_coefficient() -> None:
    names = [axis.name for axis in load_experiment("global").axes]
    actors, coefficients = 4, 40
    inputs = 4 * actors + 10 * actors * (actors - 1) + actors * (actors - 1) // 2
    assert len(names) == inputs + coefficients


def test_shipped_experiments_lie_beside_the_scenarios() -> None:
    assert EXPERIMENTS.folder().is_dir()
    assert EXPERIMENTS.folder().name == "experiments"


@pytest.mark.parametrize("name", EXPERIMENTS.names())
def test_the_documentation_has_question_figure_and_finding_of_a_shipped_experiment(
    name: str,
) -> None:
    """After adding or changing one: ``python docs/experiment_results.py``."""
    docs = Path(__file__).resolve().parent.parent / "docs"
    page = (docs / "experiments.md").read_text("utf-8")
    section = page.partition(f"## `{name}`\n")[2].partition("\n## ")[0]
    experiment = load_experiment(name).experiment
    assert f"**{experiment.question}** {experiment.story}" in section
    assert f"(figures/{name}.png)" in section
    assert (docs / "figures" / f"{name}.png").read_bytes().startswith(b"\x89PNG")
    points = f"{load_experiment(name).points:,}"
    assert re.search(rf"- By the commonest verdict of each of {points} (cells|points)", section)
