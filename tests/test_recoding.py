"""Recodings: codes that keep order, ties and what was measured, and what they do to the verdict."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from alliancesim import batch
from alliancesim.measures.verdict import judge
from alliancesim.posterior.draws import Posterior
from alliancesim.recoding import question as asking
from alliancesim.recoding.codes import HALF, ORDER, WIDTHS, codes, points
from alliancesim.recoding.judgements import (
    MEASURED,
    Scale,
    judgements,
    reasons_to_stay,
    scales,
)
from alliancesim.recoding.question import ALL, VERDICTS, Question, Recoded, pose, recode
from alliancesim.recoding.tables import influence_table, recodings_table, shares_table, tables
from alliancesim.report.recodings_wording import reading, sentences
from alliancesim.scenario.problems import InputError
from alliancesim.scenario.reading import Loaded
from alliancesim.scenario.variation import varied
from alliancesim.study import Options, run_scenario
from alliancesim.tipping.bench import Bench
from worlds import document, documents, scenario_of

Data = dict[str, Any]


def loaded(data: Data | None = None) -> Loaded:
    """A scenario as it comes from a file; ``FULL`` unless another is given."""
    data = document() if data is None else data
    return Loaded("full", scenario_of(data), (), data)


def scale_of(name: str, data: Data | None = None) -> Scale:
    """Return a scale of a scenario."""
    found = {scale.name: scale for scale in scales(judgements(loaded(data).scenario))}
    return found[name]


grade = st.integers(1, 99).map(lambda number: number / 100)


@settings(max_examples=30)
@given(
    st.lists(grade, min_size=1, max_size=8, unique=True),
    st.lists(grade, max_size=4),
    st.integers(0, 2**64 - 1),
    st.sampled_from(WIDTHS),
)
def test_codes_keep_order_and_what_is_measured(
    judged: list[float], measured: list[float], seed: int, width: Any
) -> None:
    """Of any grades, between any measured values: no code passes a neighbour, none meets one."""
    fixed = np.unique([-1.0, 0.0, 1.0, *measured])
    grades = np.setdiff1d(np.unique(judged), fixed)
    scale = Scale("threat", grades, fixed, (), tuple(range(grades.size)))
    drawn = codes(scale, 20, seed, width)
    for row in drawn:
        assert (np.diff(row) > 0.0).all()
        for old, new in zip(grades, row, strict=True):
            assert np.searchsorted(fixed, old) == np.searchsorted(fixed, new)
            assert new not in fixed
    if width == HALF:
        ends = np.union1d(grades, fixed)
        for place, old in enumerate(grades):
            nearest = np.abs(drawn[:, place, None] - ends).argmin(axis=1)
            assert (ends[nearest] == old).all()


def test_codes_that_keep_order_alone_are_spread_evenly() -> None:
    """Three grades at the bottom of the scale lie on average at its quarters, like sorted draws."""
    scale = Scale("threat", np.array([0.1, 0.2, 0.3]), np.array([-1.0, 0.0, 1.0]), (), (0, 1, 2))
    drawn = codes(scale, 20_000, 1, ORDER)
    assert drawn.mean(axis=0) == pytest.approx([0.25, 0.5, 0.75], abs=0.01)
    assert drawn[:, 0].max() > 0.9


def test_codes_of_a_scale_are_its_own() -> None:
    """The first recodings stay when more follow, and no other scale has the same."""
    scale = scale_of("pragmatism")
    more = codes(scale, 9, 5, ORDER)
    assert np.array_equal(codes(scale, 4, 5, ORDER), more[:4])
    other = Scale("hazard", scale.grades, scale.fixed, scale.numbers, scale.places)
    assert not np.array_equal(codes(other, 9, 5, ORDER), more)
    assert not np.array_equal(codes(scale, 9, 6, ORDER), more)


@settings(max_examples=12)
@given(documents(most=3, months=2), st.integers(0, 1000))
def test_recoded_scenarios_are_valid_and_in_the_same_order(data: Data, seed: int) -> None:
    """On every scale any two numbers compare as before, ties and measured numbers included."""
    bases = ("measured", "derived", "coded", "judgement")
    for number, dyad in enumerate(data["dyads"].values()):
        for key, value in dyad.items():
            dyad[key] = {"value": value, "basis": bases[(seed + number) % 4]}
    base = loaded(data)
    found = judgements(base.scenario)
    some = scales(found)
    if not some:
        return
    for width in WIDTHS:
        (point,) = points(some, [codes(scale, 1, seed, width) for scale in some])
        recoded = varied(base, {path: v for n, v in point.items() for path in n.paths})
        now = {one.number.key: one for one in judgements(recoded)}
        for scale in {one.scale for one in found}:
            before = [one for one in found if one.scale == scale]
            after = np.array([now[one.number.key].number.value for one in before])
            values = np.array([one.number.value for one in before])
            signs = np.sign(values[:, None] - values)
            assert np.array_equal(signs, np.sign(after[:, None] - after))
            assert np.array_equal(np.sign(values), np.sign(after))
            stay = [one.basis in MEASURED for one in before]
            assert np.array_equal(values[stay], after[stay])


def test_scales_are_those_of_the_variables() -> None:
    """Levels and pushes are told apart; new levels, standing levels and acts join their likes.

    BRAVO's new leader is on the scale of the old one, the embargo on that of standing pressure.
    Dependence is counted, a cohesion that is not given follows, and intensities stay at one.
    """
    data = document()
    data["dyads"]["ALFA-CHARLIE"]["threat"] = {"value": 0.5, "basis": "measured"}
    data["dyads"]["BRAVO-CHARLIE"]["threat"] = 0.5
    found = judgements(scenario_of(data))
    rows = {one.number.key: (one.scale, why) for one, why in reasons_to_stay(found)}
    assert rows["events.election.to"] == rows["actors.BRAVO.pragmatism"] == ("pragmatism", "")
    assert rows["events.embargo.push"] == ("pushes of pressure", "")
    assert rows["strategies.wedge.press.ALFA"] == ("pushes of pressure", "")
    assert rows["strategies.bonds.court.BRAVO"] == ("pushes of cooperation", "")
    assert rows["strategies.wedge.visibility"] == rows["actors.CHARLIE.visibility"]
    assert rows["dyads.ALFA-CHARLIE.threat"] == ("threat", "measured")
    assert rows["dyads.BRAVO-CHARLIE.threat"] == ("threat", "tied with a measured number")
    assert rows["dyads.DELTA-ALFA.threat"] == ("threat", "")  # a default of the program
    assert rows["dyads.ALFA-BRAVO.suspicion"][1] == "end or zero of its scale"
    assert rows["strategies.wedge.press_intensity"][1] == "end or zero of its scale"
    assert rows["dyads.ALFA-BRAVO.cohesion"] == ("cohesion", "")
    assert "dyads.ALFA-CHARLIE.cohesion" not in rows
    assert not any("dependence" in key or key.startswith("coefficients") for key in rows)


def test_recoding_every_number_as_it_is_gives_the_runs_own_numbers() -> None:
    """Bit for bit, with the scenario's coefficients and with drawn ones."""
    drawn = Posterior("made", ("build", "erode"), np.array([[0.1, 0.1], [0.3, 0.2]]), {})
    base = loaded()
    for posterior in (None, drawn):
        bench = Bench(base, 9, 3, posterior)
        some = scales(judgements(base.scenario))
        same = points(some, [scale.grades[None] for scale in some])
        options = Options(runs=9, seed=3, robustness=False, posterior=posterior, keep="outcomes")
        outcomes = run_scenario(base, options).outcomes
        assert np.array_equal(bench.effects(same)[0], outcomes["effect"].to_numpy())


def answered(data: Data | None = None, **asked: Any) -> Recoded:
    """Return the answer to a small question."""
    return recode(loaded(data), Question(**{"recodings": 8, "runs": 4, **asked}))


@pytest.fixture(scope="module")
def small() -> Recoded:
    """Eight recodings of ``FULL``."""
    return answered()


def test_a_recodings_verdict_is_that_of_the_same_scenario_run_by_itself(small: Recoded) -> None:
    """What a recoding comes to is what the ordinary run of the recoded scenario comes to."""
    base = loaded()
    drawn = [codes(scale, 8, 1, ORDER) for scale in small.scales]
    point = points(small.scales, drawn)[7]
    scenario = varied(base, {path: v for n, v in point.items() for path in n.paths})
    options = Options(runs=4, robustness=False, keep="outcomes")
    verdict = run_scenario(Loaded("one", scenario, (), {}), options).verdict
    found = small.trials[0].outcomes[7]
    assert (small.trials[0].width, small.trials[0].scale) == (ORDER, ALL)
    assert found.effect == pytest.approx(verdict.effect.estimate, abs=1e-15)
    assert found.word == verdict.word
    assert list(found.shares) == [verdict.shares[word].estimate for word in VERDICTS[:3]]


def test_shares_add_up_and_stand_where_the_verdict_is_as_given(small: Recoded) -> None:
    """In every row the verdicts' shares sum to one, that of the verdict as given being what stands.

    So do the shares of runs of each recoding; and each interval holds its share.
    """
    table = shares_table(small)
    assert np.allclose(table[list(VERDICTS)].sum(axis=1), 1.0)
    assert (table["stands"] == table[small.given.word]).all()
    for name in ("stands", *VERDICTS):
        assert (table[f"{name} low"] <= table[name]).all()
        assert (table[f"{name} high"] >= table[name]).all()
    rows = recodings_table(small)
    assert np.allclose(rows[["split", "null", "backfire"]].sum(axis=1), 1.0)
    for row in table.to_dict("records"):
        own = rows[(rows["width"] == row["width"]) & (rows["scale"] == row["scale"])]
        assert row["recodings"] == len(own) == (8 if row["scale"] == ALL else 2)
        assert row["stands"] == own["same"].mean()
        assert row["effect"] == pytest.approx(own["effect"].mean())


def test_alone_a_scale_has_the_codes_that_it_has_beside_the_others(small: Recoded) -> None:
    """Its first recodings are the same, and no other scale moves."""
    rows = recodings_table(small)
    for scale in small.scales:
        name = f"moved {scale.name}"
        for width in WIDTHS:
            beside = rows[(rows["width"] == width) & (rows["scale"] == ALL)]
            alone = rows[(rows["width"] == width) & (rows["scale"] == scale.name)]
            assert alone[name].tolist() == beside[name].tolist()[:2]
            others = [f"moved {other.name}" for other in small.scales if other != scale]
            assert not alone[others].to_numpy().any()


def test_the_same_seed_gives_the_same_bits_whatever_the_threads(
    small: Recoded, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Neither the number of threads nor of worlds run together moves a bit."""
    monkeypatch.setattr(batch.os, "cpu_count", lambda: 3)
    monkeypatch.setattr(asking, "TOGETHER", 5)
    again = answered()
    for name, table in tables(small).items():
        assert table.equals(tables(again)[name]), name


def test_a_wedge_whose_codes_are_too_small_is_none() -> None:
    """Where recoded acts no longer amount to an attempt, the verdict says so."""
    data = document()
    del data["events"]["embargo"]
    data["strategies"]["wedge"] |= {"press": {"ALFA": 0.41}, "court": {}}
    found = answered(data, recodings=16, runs=1)
    row = shares_table(found).iloc[0]
    pushed = codes(scale_of("pushes of pressure", data), 16, 1, ORDER)[:, 0]
    assert found.given.word != "not a wedge"
    assert row["not a wedge"] == (pushed < 0.15).mean() > 0.0


def made(effects: Any, moved: Any, margin: float = 0.05) -> Recoded:
    """Return an answer in which one scale moves as told and the effects are as told."""
    scale = scale_of("threat")
    words = ["backfire" if e > margin else "split" if e < -margin else "null" for e in effects]
    outcomes = tuple(
        asking.Outcome(float(e), tuple(float(w == word) for w in VERDICTS[:3]), word)
        for e, word in zip(effects, words, strict=True)
    )
    trials = [
        asking.Trial(width, name, outcomes, {"threat": np.asarray(moved)})
        for width in WIDTHS
        for name in (ALL, "threat")
    ]
    base = loaded()
    return Recoded(
        "full",
        base.scenario,
        Question(recodings=len(outcomes)),
        None,
        1,
        margin,
        tuple(judgements(base.scenario)),
        (scale,),
        asking.Outcome(-0.02, (0.0, 1.0, 0.0), "null"),
        tuple(trials),
    )


def test_a_scale_whose_higher_codes_lower_the_effect_is_found_with_its_sign() -> None:
    """Rank correlation and difference have the sign of the dependence, and intervals hold them."""
    moved = np.linspace(-0.3, 0.3, 60)
    noise = 0.01 * np.random.default_rng(1).normal(size=60)
    row = influence_table(made(-0.2 * moved + noise - 0.02, moved)).iloc[0]
    assert -1.0 < row["correlation low"] < row["correlation"] < row["correlation high"] < -0.8
    assert 0.0 < row["difference low"] < row["difference"] < row["difference high"]
    other = influence_table(made(0.2 * moved + noise - 0.02, moved)).iloc[0]
    assert other["correlation"] > 0.8
    assert other["difference"] < 0.0
    still = influence_table(made(np.full(60, -0.02), moved)).iloc[0]
    assert np.isnan(still["correlation"])
    assert np.isnan(still["difference"])


def test_what_is_said_takes_the_side_of_the_numbers() -> None:
    """A verdict that always stands hangs on order, one that half the codes change on numbers."""
    moved = np.linspace(-0.3, 0.3, 200)
    about = {
        "given": {"verdict": "null", "effect": -0.02},
        "options": {"alone": 50, "runs": 1},
        "margin": 0.05,
    }
    firm = tables(made(np.full(200, -0.02), moved))
    assert "hangs on the order of the judgements" in reading(about, firm)
    few = tables(made(np.full(12, -0.02), moved[:12]))
    assert "stays open at so many recodings" in reading(about, few)
    shaky = tables(made(-0.4 * moved, moved))
    told = " ".join(sentences(about, shaky))
    half = float((np.abs(-0.4 * moved) > 0.05).mean())
    assert f"another in {100 * half:.0f} % of recodings" in told
    assert "the higher these, the lower the effect" in told
    assert "no scale alone ever changes the verdict" in " ".join(sentences(about, firm))


def test_the_commonest_verdict_is_chosen_as_everywhere(small: Recoded) -> None:
    """As given, verdict and shares are those that the program's one rule gives."""
    options = Options(runs=4, robustness=False, keep="outcomes")
    outcomes = run_scenario(loaded(), options).outcomes
    verdict = judge(outcomes, margin=small.margin, attempted=True)
    assert small.given.word == verdict.word


def test_everything_wrong_is_told_at_once() -> None:
    """No wedge, no judgement, too many recodings and runs."""
    data = document()
    data["strategies"]["wedge"]["enabled"] = False
    with pytest.raises(InputError) as caught:
        pose(scenario_of(data), Question(recodings=20_000, runs=20_000))
    assert [problem.file for problem in caught.value.problems] == [
        "SCENARIO",
        "--recodings",
        "--runs",
    ]


def measured_alone() -> Data:
    """Return a scenario in which every number is measured, or at zero or an end."""
    nothing = dict.fromkeys(("cooperation", "pressure", "threat"), 0.0)
    names = ("ALFA", "BRAVO", "CHARLIE")
    return {
        "title": "All measured",
        "time": {"start": "2030-01", "months": 2},
        "actors": {name: {"pragmatism": 1.0, "visibility": 1.0} for name in names},
        "dyads": {f"{a}-{b}": nothing for a in names for b in names if a != b},
        "strategies": {
            "wedge": {"actor": "CHARLIE", "press": {"ALFA": {"value": 0.6, "basis": "measured"}}}
        },
        "outcome": {"alliance": ["ALFA", "BRAVO"], "window": 1},
    }


def test_a_scenario_without_any_judgement_is_refused() -> None:
    """What is measured, nothing at all, or all there can be leaves nothing to recode."""
    with pytest.raises(InputError, match="a judgement to recode"):
        pose(scenario_of(measured_alone()), Question())
