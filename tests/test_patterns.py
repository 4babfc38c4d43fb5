"""The patterns: each computes what it claims, on small worlds where the answer is known."""

from __future__ import annotations

import contextlib
import json
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from alliancesim.coefficients import NAMES
from alliancesim.patterns import alignment, coercion, controls
from alliancesim.patterns.bench import Bench
from alliancesim.patterns.cases import (
    REQUIRED,
    Case,
    Cast,
    ControlsTable,
    PatternsFile,
    Posed,
    read_patterns,
)
from alliancesim.patterns.inequality import Inequality, checked, stands
from alliancesim.patterns.table import ARITHMETIC, KINDS, findings, number_of_cases
from alliancesim.scenario.problems import InputError
from alliancesim.scenario.reading import load
from commands import answer, call
from worlds import FULL

CAST = Cast(divider="CHARLIE", first="ALFA", second="BRAVO")
FILE = read_patterns()
ROOT = Path(__file__).resolve().parent.parent
PRESS = "strategies.wedge.press.ALFA"
COURT = "strategies.wedge.court.BRAVO"
Pose = Callable[..., Posed]


def only(*mechanisms: str) -> str:
    """Return the setting that switches everything off but some mechanisms, shocks included."""
    return f"without={json.dumps([name for name in NAMES if name not in mechanisms])}"


@pytest.fixture(scope="module")
def pose(tmp_path_factory: pytest.TempPathFactory) -> Pose:
    """A function that poses a pattern on the world of ``FULL``, under settings for each case."""
    path = tmp_path_factory.mktemp("patterns") / "full.toml"
    path.write_text(FULL, "utf-8")

    def posed(bounds: dict[str, float], cast: Cast = CAST, **settings: list[str]) -> Posed:
        cases = {
            name: Case(scenario=str(path), settings=tuple(given))
            for name, given in settings.items()
        }
        return Posed(cast, cases, bounds)

    return posed


def holding(found: list[Inequality]) -> list[bool]:
    """Return whether each inequality holds."""
    return [checked(inequality, 1).holds for inequality in found]


QUIET = Bench(2, 1)
CALM = ["events.embargo.enabled=false", "events.scare.enabled=false", "events.drill.enabled=false"]
CALM += ["events.election.enabled=false", "strategies.bonds.enabled=false"]


def test_f1_holds_where_pressure_sours_and_nothing_else_moves_opinion(pose: Pose) -> None:
    """And fails, at exactly nothing, where pressure does not sour."""
    bounds = {"drop": -0.3, "share": 0.35}
    cast = Cast(divider="CHARLIE", first="BRAVO", second="ALFA")
    sour = pose(bounds, cast, coerced=[only("sour"), "coefficients.sour=1.0"])
    public, ally = coercion.coerced_public(QUIET, sour)
    assert holding([public, ally]) == [True, True]
    np.testing.assert_allclose(ally.values, 0.35 * public.values)
    numb = pose(bounds, cast, coerced=[only()])
    found = coercion.coerced_public(QUIET, numb)
    assert holding(found) == [False, True]
    assert not found[0].values.any()


def test_f2_compares_the_coerced_world_with_the_spared_one(pose: Pose) -> None:
    """Where pressure repels through entrapment alone, cohesion is lower and falls."""
    bounds = {"loss": -0.02, "rise": 0.0}
    repelled = [only("entrapment", "build", "erode"), "coefficients.entrapment=4.0", *CALM]
    spared = [*repelled, f"{PRESS}=0"]
    found = coercion.coerced_alliance(QUIET, pose(bounds, coerced=repelled, spared=spared))
    assert holding(found) == [False, False]
    same = coercion.coerced_alliance(QUIET, pose(bounds, coerced=spared, spared=spared))
    assert holding(same) == [True, False]
    assert not same[0].values.any()


def test_f3_holds_where_only_the_first_case_lets_courtship_bite(pose: Pose) -> None:
    bounds = {"bite": -0.1, "calm": -0.05}
    biting = [only("inducement", "build", "erode"), "coefficients.inducement=4.0", f"{PRESS}=0.9"]
    biting += ["coefficients.erode=1.0", "strategies.wedge.end=2031-06", *CALM]
    numb = [only("build", "erode"), *CALM]
    cases = {
        "open": [*biting, f"{COURT}=0.9"],
        "open_uncourted": [*biting, f"{COURT}=0"],
        "shut": [*numb, f"{COURT}=0.9"],
        "shut_uncourted": [*numb, f"{COURT}=0"],
    }
    assert holding(alignment.window_for_courtship(QUIET, pose(bounds, **cases))) == [True, True]
    other = {
        "open": cases["shut"],
        "open_uncourted": cases["shut_uncourted"],
        "shut": cases["open"],
        "shut_uncourted": cases["open_uncourted"],
    }
    assert holding(alignment.window_for_courtship(QUIET, pose(bounds, **other))) == [False, False]


def test_f4_wants_both_legs_to_rise(pose: Pose) -> None:
    """A common hazard raises cohesion, courtship warms; without either, one leg stays."""
    both = [only("hazard", "warm", "build", "erode"), "strategies.bonds.enabled=false"]
    for without, expected in (
        ([], [True, True]),
        (["events.drill.enabled=false", "events.election.enabled=false"], [False, True]),
        ([f"{COURT}=0"], [True, False]),
    ):
        posed = pose({"rise": 0.0}, both=[*both, *without])
        assert holding(alignment.decoupling(QUIET, posed)) == expected


def test_f5_measures_the_fall_without_a_wedge_against_the_strongest_pressure(pose: Pose) -> None:
    law = [only("hazard", "entrapment", "build", "erode"), "coefficients.hazard=4.0"]
    law += ["coefficients.erode=1.0", "strategies.bonds.enabled=false"]
    relief = [*law, "events.drill.push=-1.0", "actors.ALFA.hazard=0.9", "events.drill.half_life=99"]
    calm = [*law, *CALM]
    pressed = {
        "unpressed": [*calm, f"{PRESS}=0"],
        "pressed_a_little": [*calm, f"{PRESS}=0.1"],
        "pressed_hard": [*calm, f"{PRESS}=0.5"],
    }
    bounds = {"fall": -0.05, "more": 0.0}
    fell = pose(bounds, collapse=[*relief, "events.drill.until=2031-06"], **pressed)
    assert holding(alignment.collapse(QUIET, fell)) == [True, True]
    stood = alignment.collapse(QUIET, pose(bounds, collapse=calm, **pressed))
    assert holding(stood) == [False, False]
    assert not stood[0].values.any()


def test_f6_holds_where_pressure_binds_those_alone_who_feel_it(pose: Pose) -> None:
    law = [only("balancing", "provoke", "spillover", "build", "erode"), "coefficients.balancing=4"]
    law += ["coefficients.provoke=0.5", "coefficients.spillover=0.5", f"{COURT}=0", *CALM]
    numb = [*law, "dyads.BRAVO-ALFA.likeness=0", "dyads.BRAVO-CHARLIE.threat=0"]
    bounds = {"rise": 0.0, "nothing": 0.005}
    assert holding(coercion.felt_pressure(QUIET, pose(bounds, felt=law, unfelt=numb))) == [
        True,
        True,
    ]
    assert holding(coercion.felt_pressure(QUIET, pose(bounds, felt=numb, unfelt=law))) == [
        False,
        False,
    ]


def _doubts(commitments: dict[str, tuple[float, float]], law: list[str]) -> dict[str, list[str]]:
    """Return settings in which the patron's commitment falls to these levels in the run."""
    found = {}
    for name, levels in commitments.items():
        settings = [*law, *CALM, "strategies.wedge.enabled=false"]
        for ally, level in zip(("ALFA", "BRAVO"), levels, strict=True):
            settings += [
                f"dyads.DELTA-{ally}.commitment=0.8",
                f"actors.{ally}.hazard=0.5",
                f"events.doubt-{ally.lower()}.date=2030-02",
                f"events.doubt-{ally.lower()}.what=doubt",
                f"events.doubt-{ally.lower()}.variable=commitment",
                f"events.doubt-{ally.lower()}.of=DELTA",
                f"events.doubt-{ally.lower()}.toward={ally}",
                f"events.doubt-{ally.lower()}.to={level}",
            ]
        found[name] = settings
    return found


def test_f7_holds_under_the_quasi_alliance_and_fails_under_brokerage(pose: Pose) -> None:
    """Cha's term alone binds in shared doubt; a broker whom nobody trusts binds nobody."""
    levels = {
        "sure": (0.8, 0.8),
        "shared": (0.4, 0.4),
        "first_alone": (0.4, 0.8),
        "second_alone": (0.8, 0.4),
    }
    bounds = {"shared": 0.0, "alone": 0.0}
    fear = _doubts(levels, [only("abandonment", "update", "build", "erode")])
    assert holding(alignment.doubt(QUIET, pose(bounds, **fear))) == [True, True, True]
    broker = _doubts(levels, [only("brokerage", "update", "build", "erode")])
    assert holding(alignment.doubt(QUIET, pose(bounds, **broker))) == [False, True, True]


@pytest.mark.parametrize(
    ("loss", "expected"),
    [
        ([0, 0, 1, 1, 0.4], (1, 3)),
        ([0, 0, 0.5, 1, 0.9, 0.5, 0], (2, 4)),
        ([0, 0.1, 0.2, 0.3, 0.4, 0.5], (4, 6)),
        ([0, 1, 1, 1], (1, 4)),
        ([0, 0, 0], (3, 3)),
    ],
)
def test_f8_counts_months_from_the_last_without_loss(
    loss: list[float], expected: tuple[float, float]
) -> None:
    """To most of the largest loss, and to half of it regained; never is the whole path."""
    assert coercion.months_down_and_up(np.array(loss)) == expected


def test_f8_holds_where_opinion_falls_fast_and_forgets_slowly(pose: Pose) -> None:
    law = [only("sour", "forget"), "time.months=60", "strategies.wedge.end=2030-06"]
    law += ["strategies.wedge.ramp=0", f"{PRESS}=0.9", "strategies.bonds.enabled=false", *CALM]
    cast = Cast(divider="CHARLIE", first="BRAVO", second="ALFA")
    bounds = {"down": 3.0, "up": 18.0}
    quick = pose(bounds, cast, blow=[*law, "coefficients.sour=1.0", "coefficients.forget=0.01"])
    assert holding(coercion.fall_and_recovery(QUIET, quick)) == [True, True]
    long = [*law, "strategies.wedge.end=2030-12"]
    slow = pose(bounds, cast, blow=[*long, "coefficients.sour=0.05", "coefficients.forget=0.2"])
    assert holding(coercion.fall_and_recovery(QUIET, slow)) == [False, False]


def test_f9_counts_concessions_and_what_leverage_is_left(pose: Pose) -> None:
    """Compliance alone yields, and yields more where more is at stake; derisking wears it off."""
    bounds = {"concession": 0.01, "share": 0.35, "less": 0.0, "weaker": 0.0}
    yields = [only("compliance", "derisk"), "coefficients.compliance=4.0", *CALM]
    yields += ["dyads.DELTA-ALFA.commitment=0", f"{PRESS}=0.9", "strategies.wedge.end=2031-06"]
    stands_firm = [*yields, "coefficients.compliance=0"]
    posed = pose(bounds, adversary=stands_firm, friend=yields, afterwards=yields)
    assert holding(coercion.concessions(QUIET, posed)) == [True, True, True]
    kept = [*yields, "coefficients.derisk=0"]
    posed = pose(bounds, adversary=yields, friend=stands_firm, afterwards=kept)
    assert holding(coercion.concessions(QUIET, posed)) == [False, False, False]


def test_f10_asks_whether_a_pact_outlives_a_shock(pose: Pose) -> None:
    """Cohesion that falls under half its start ends the pact; a broker that counts keeps it."""
    bounds = {"half": 0.5, "fewer": 0.0, "kept": 0.0}
    law = [only("grievance", "brokerage", "build", "erode"), "coefficients.brokerage=4.0"]
    law += ["coefficients.grievance=3.0", "coefficients.erode=1.0", "events.scare.push=1.0", *CALM]
    law += ["dyads.DELTA-ALFA.commitment=1", "dyads.DELTA-BRAVO.commitment=1"]
    law = [text for text in law if not text.startswith("events.scare.enabled")]
    law += ["actors.ALFA.pragmatism=0.5", "actors.BRAVO.pragmatism=0.1"]
    broker = [
        "events.broker.date=2030-02",
        "events.broker.what=broker",
        "events.broker.variable=brokerage",
        "events.broker.of=DELTA",
        "events.broker.to=1.0",
    ]
    same = pose(bounds, brokered=law, unbrokered=law, with_pact=law, without_pact=law)
    found = alignment.survival(QUIET, same)
    assert holding(found) == [False, False]
    assert not found[0].values.any()
    assert not found[1].values.any()
    saved = pose(
        bounds, brokered=law + broker, unbrokered=law, with_pact=law + broker, without_pact=law
    )
    found = alignment.survival(QUIET, saved)
    assert holding(found) == [True, True]
    np.testing.assert_array_equal(found[0].values, -1.0)


def test_f11_finds_a_year_in_which_cohesion_rises_and_a_public_cools(pose: Pose) -> None:
    bounds = {"months": 12.0, "cooling": -0.1, "some": 0.0}
    law = [only("hazard", "sore", "build", "erode"), "coefficients.sore=1.0"]
    law += ["strategies.bonds.enabled=false", "events.election.enabled=false"]
    law += ["events.drill.half_life=99", "events.drill.until=2031-06", "events.scare.of=ALFA"]
    law += ["events.scare.toward=BRAVO", "events.scare.date=2030-02"]
    assert holding(alignment.parting_company(QUIET, pose(bounds, long=law))) == [True]
    calm = [*law, *CALM]
    assert holding(alignment.parting_company(QUIET, pose(bounds, long=calm))) == [False]


def test_f12_holds_where_a_blow_beside_it_makes_a_favour_suspect(pose: Pose) -> None:
    """And fails where nobody reads the one in the light of the other."""
    bounds = {"less": 0.0, "rise": 0.0}
    law = [only("warm", "unmask", "legibility"), "coefficients.legibility=20.0", *CALM]
    posed = pose(bounds, mixed=law, plain=[*law, f"{PRESS}=0"])
    assert holding(coercion.mixed_signals(QUIET, posed)) == [True, True, True]
    naive = [*law, "coefficients.legibility=0"]
    posed = pose(bounds, mixed=naive, plain=[*naive, f"{PRESS}=0"])
    assert holding(coercion.mixed_signals(QUIET, posed)) == [False, True, True]


# Controls.


def _controls(pose: Pose, **cases: list[str]) -> ControlsTable:
    return ControlsTable(drift=0.05, rounding=1e-12, cases=dict(pose({}, **cases).cases))


def test_the_control_of_rest_fails_where_something_happens(pose: Pose) -> None:
    still = _controls(pose, still=[*CALM, "strategies.wedge.enabled=false"])
    assert holding(controls.rest(QUIET, still)) == [True, True]
    moved = _controls(pose, still=["events.drill.push=1.0"])
    assert holding(controls.rest(QUIET, moved))[0] is False


def test_the_control_of_labels_holds_and_sees_a_world_that_is_not_swapped(
    pose: Pose, monkeypatch: pytest.MonkeyPatch
) -> None:
    table = _controls(pose, wedge=[])
    assert holding(controls.labels(QUIET, CAST, table)) == [True]
    monkeypatch.setattr(controls, "_renamed", lambda value, _names: value)
    assert holding(controls.labels(QUIET, CAST, table)) == [False]


def test_renaming_touches_names_and_pairs_alone() -> None:
    names = {"ALFA": "BRAVO", "BRAVO": "ALFA", "DELTA": "DELTA"}
    found = controls._renamed(
        {"ALFA": ["ALFA-DELTA", "ALFA presses", 0.5], "of": "BRAVO", "date": "2030-01"}, names
    )
    assert found == {
        "BRAVO": ["BRAVO-DELTA", "ALFA presses", 0.5],
        "of": "ALFA",
        "date": "2030-01",
    }


def test_the_control_of_conduct_sees_a_wedge(pose: Pose) -> None:
    assert holding(controls.no_wedge(_controls(pose, still=[f"{PRESS}=0.5"]))) == [False]
    without = _controls(pose, still=["strategies.wedge.enabled=false"])
    assert holding(controls.no_wedge(without)) == [True]


# The table.


@pytest.mark.parametrize(
    ("relation", "below", "equal", "above"),
    [
        ("<", True, False, False),
        ("<=", True, True, False),
        (">", False, False, True),
        (">=", False, True, True),
    ],
)
def test_a_relation_is_what_it_says(relation: str, below: bool, equal: bool, above: bool) -> None:
    told = [stands(value, relation, 1.0) for value in (0.0, 1.0, 2.0)]  # type: ignore[arg-type]
    assert told == [below, equal, above]


def test_a_mean_that_holds_is_open_where_its_interval_crosses_the_bound() -> None:
    values = np.array([-1.0, 0.0, 1.0, 2.0])
    crossing = checked(Inequality("x", values, ">", 0.0), 1)
    assert (crossing.holds, crossing.clear) == (True, False)
    beyond = checked(Inequality("x", values + 10, ">", 0.0), 1)
    assert (beyond.holds, beyond.clear) == (True, True)


def test_the_reason_names_the_mechanism_that_makes_a_pattern_fail(pose: Pose) -> None:
    """Where entrapment alone repels, F2 fails because of it and would hold without."""
    repelled = (only("entrapment", "build", "erode"), "coefficients.entrapment=4.0", *CALM)
    posed = pose({}, one=[])
    path = posed.cases["one"].scenario
    pattern = {
        "claim": "c",
        "evidence": "e",
        "bounds": {"loss": -0.02, "rise": -1.0},
        "cases": {
            "coerced": {"scenario": path, "settings": repelled},
            "spared": {"scenario": path, "settings": (*repelled, f"{PRESS}=0")},
        },
    }
    file = PatternsFile.model_validate(
        {
            "cast": CAST.model_dump(),
            "patterns": {"F2": pattern},
            "controls": {
                "drift": 0.05,
                "rounding": 1e-12,
                "cases": {
                    "still": {"scenario": path, "settings": ("strategies.wedge.enabled=false",)},
                    "wedge": {"scenario": path},
                },
            },
        }
    )
    found = findings(2, 1, file)[0]
    loss, rise = found.checks
    assert not found.holds
    assert loss.reason.startswith("Without entrapment it would be +0.000, where it would hold")
    assert (rise.holds, rise.reason) == (True, "")


def test_all_required_patterns_are_posed_and_each_has_its_arithmetic() -> None:
    assert list(FILE.patterns) == [f"F{number}" for number in range(1, 13)] == list(ARITHMETIC)
    required = [name for name, table in FILE.patterns.items() if table.required]
    assert required == [f"F{number}" for number in range(1, 11)]


def test_settings_of_the_patterns_reach_their_scenarios() -> None:
    """Every case loads, and no setting is one that changes nothing."""
    tables = [*FILE.patterns.values(), FILE.controls]
    for case in {case for table in tables for case in table.cases.values()}:
        whole = load(case.scenario, case.settings).scenario
        for place, setting in enumerate(case.settings):
            fewer = case.settings[:place] + case.settings[place + 1 :]
            with contextlib.suppress(InputError):  # dates that fit only together
                assert load(case.scenario, fewer).scenario != whole, setting


def test_findings_repeat_and_report_their_progress() -> None:
    seen: list[int] = []
    one = findings(3, 7, progress=seen.append)
    two = findings(3, 7)
    assert [item.data() for item in one] == [item.data() for item in two]
    assert seen == sorted(seen)
    assert seen[-1] == number_of_cases(FILE)
    assert [item.name for item in one if item.kind == "control"] == ["rest", "labels", "no wedge"]
    assert all(item.holds for item in one if item.kind == "control")
    assert {item.kind for item in one} == set(KINDS)


def test_a_wrong_file_of_patterns_is_refused_in_words(tmp_path: Path) -> None:
    path = tmp_path / "patterns.toml"
    path.write_text(REQUIRED.read_text("utf-8").replace('divider = "CHN"', 'dividr = "CHN"'))
    with pytest.raises(InputError, match="Did you mean 'divider'"):
        read_patterns(path)


def test_the_page_on_the_model_says_how_many_required_patterns_it_shows() -> None:
    shown = sum(item.holds for item in findings(20, 1) if item.kind == "required")
    words = ("none", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")
    text = " ".join((ROOT / "docs" / "model.md").read_text("utf-8").split())
    assert f"Of the ten required patterns of section 1 the model shows {words[shown]}" in text


# The command.


def test_the_command_prints_every_pattern_with_its_verdict(tmp_path: Path) -> None:
    """A pattern that fails is listed, with a reason, and is no failure of the program."""
    done = call("patterns", "--runs", "4", cwd=tmp_path)
    assert done.returncode == 0
    for name in ("F1", "F10", "F12", "labels"):
        assert f"│ {name} " in done.stdout
    assert "3 of 3 controls" in done.stdout
    found = json.loads(answer("patterns", "--runs", "4", "--json", cwd=tmp_path).stdout)["patterns"]
    failing = [item["name"] for item in found if not item["holds"]]
    for name in failing:
        assert f"\n{name} fails: " in done.stdout
    reasons = {
        check["reason"] != ""
        for item in found
        for check in item["inequalities"]
        if not check["holds"]
    }
    assert reasons <= {True}
    assert list(tmp_path.iterdir()) == []


def test_a_single_run_has_no_interval(tmp_path: Path) -> None:
    said = answer("patterns", "--runs", "1", "--json", cwd=tmp_path).stdout
    (first, *_) = json.loads(said)["patterns"]
    assert first["inequalities"][0]["found"]["low"] is None


@pytest.mark.parametrize("words", [("--runs", "0"), ("--runs", "many"), ("--seed", "-1")])
def test_wrong_numbers_are_the_users_error(words: tuple[str, str], tmp_path: Path) -> None:
    done = answer("patterns", *words, cwd=tmp_path)
    assert done.returncode == 2
    assert words[0] in done.stderr
    assert "Traceback" not in done.stderr
