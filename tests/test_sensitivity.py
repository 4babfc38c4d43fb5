"""Sensitivity on functions whose indices are known, and on effects whose flips are."""

from __future__ import annotations

import math
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from alliancesim.arrays import Array
from alliancesim.experiment.factors import Axis
from alliancesim.experiment.points import scenario_at
from alliancesim.experiment.standing import SETTING, ground_at
from alliancesim.scenario.schema import Scenario
from alliancesim.sensitivity.alone import Alone, alone, one_at_a_time
from alliancesim.sensitivity.assumptions import INFLUENTIAL, register
from alliancesim.sensitivity.chance import chance
from alliancesim.sensitivity.indices import OTHERS, groups_of, indices
from alliancesim.sensitivity.sampling import paired_samples, trajectories
from alliancesim.sensitivity.screening import NEGLIGIBLE, kept, screened
from alliancesim.sensitivity.stages import Outcomes, laid_out, planned
from experiments import MIXED, experiment_of

NAMES = ["x1", "x2", "x3", "idle"]
MARGIN = 0.05
RUNS = 12


def axis(name: str, low: float = 0.0, high: float = 1.0, **more: Any) -> Axis:
    """A number that stands at a key of its own name."""
    return Axis(name, (name,), (0.0,), name, "", "number", low, high, **more)


def ishigami(shares: Array) -> Array:
    """Ishigami and Homma's (1990) function with a = 7 and b = 0.1; a fourth input does nothing."""
    x = (2 * shares - 1) * math.pi
    bent = 7 * np.sin(x[:, 1]) ** 2
    return np.sin(x[:, 0]) + bent + 0.1 * x[:, 2] ** 4 * np.sin(x[:, 0])


def parts_of_ishigami() -> tuple[Array, Array]:
    """First-order and total indices of that function, in closed form."""
    a, b, pi = 7.0, 0.1, math.pi
    one, two = 0.5 * (1 + b * pi**4 / 5) ** 2, a**2 / 8
    both = b**2 * pi**8 * (1 / 18 - 1 / 50)
    whole = one + two + both
    first = np.array([one, two, 0.0, 0.0]) / whole
    total = np.array([one + both, two, both, 0.0]) / whole
    return first, total


def test_indices_are_those_known_in_closed_form() -> None:
    """Every first and total index lies in its interval, and what does nothing has exactly none."""
    shares = paired_samples(NAMES, NAMES, 512, seed=3)
    found = indices(NAMES, ishigami(shares), seed=3)
    table = found.table.set_index("factor").loc[NAMES]
    for name, known in zip(("first", "total"), parts_of_ishigami(), strict=True):
        assert (table[f"{name}_low"] <= known + 1e-12).all(), name
        assert (table[f"{name}_high"] >= known - 1e-12).all(), name
        assert np.allclose(table[name], known, atol=0.06), name
    assert table.loc["idle", "total"] == table.loc["idle", "total_high"] == 0.0
    assert found.table["factor"].tolist()[0] == "x1"
    assert found.alone.estimate == pytest.approx(table["first"].sum())
    assert found.alone.low <= 1.0
    assert found.deviation == pytest.approx(ishigami(shares).std(), rel=0.1)


def test_all_others_together_account_for_what_each_of_them_does() -> None:
    """A group's index is the sum of its members' where these add up, and it comes last."""
    weights = np.array([1.0, 3.0, 2.0, 2.0])
    groups = groups_of(NAMES, ["x2", "x1"])
    assert groups == ["x1", "x2", OTHERS, OTHERS]
    assert groups_of(NAMES, ["x2", "x1", "x3"]) == NAMES
    shares = paired_samples(NAMES, groups, 256, seed=1)
    assert shares.shape == (256 * 5, 4)
    found = indices(groups, shares @ weights, seed=0).table
    assert found["factor"].tolist() == ["x2", "x1", OTHERS]
    expected = np.array([9.0, 1.0, 8.0]) / 18.0
    assert np.allclose(found["total"], expected, atol=0.04)
    assert np.allclose(found["first"], expected, atol=0.06)


def test_a_failed_point_costs_its_block_alone() -> None:
    """What is left gives the same answer; nothing is filled in."""
    shares = paired_samples(NAMES, NAMES, 256, seed=2)
    values = shares @ np.array([1.0, 2.0, 0.0, 0.0])
    values[[7, 40]] = np.nan
    found = indices(NAMES, values, seed=2)
    assert found.blocks == 254
    table = found.table.set_index("factor")
    assert table.loc["x2", "total"] == pytest.approx(0.8, abs=0.05)
    points = trajectories(NAMES, 5, seed=2)
    moved = points @ np.array([1.0, 2.0, 0.0, 0.0])
    moved[3] = np.nan
    screening = screened([axis(name) for name in NAMES], points, moved, seed=2)
    assert screening["trajectories"].tolist() == [4] * 4
    assert screening["mu_star"].tolist()[:2] == pytest.approx([2.0, 1.0])


def test_an_outcome_that_does_not_vary_has_no_indices() -> None:
    """All are 0, not missing and not the noise of rounding."""
    values = np.full(4 * 6, -0.042) + 1e-17 * np.arange(24)
    found = indices(NAMES, values, seed=1)
    assert (found.table.drop(columns="factor") == 0.0).all(axis=None)
    assert found.alone == (0.0, 0.0, 0.0)


def test_screening_tells_size_sign_and_unevenness() -> None:
    """Of a sum, mu* is each weight's size and sigma 0; what acts through another has both."""
    points = trajectories(NAMES, 12, seed=4)
    axes = [axis(name) for name in NAMES]
    plain = screened(axes, points, points @ np.array([-3.0, 2.0, 1.0, 0.0]), seed=4)
    assert plain["factor"].tolist() == NAMES
    assert np.allclose(plain["mu_star"], [3, 2, 1, 0])
    assert np.allclose(plain["mu"], [-3, 2, 1, 0])
    assert np.allclose(plain["sigma"], 0)
    crossed = screened(axes, points, points[:, 0] * points[:, 1], seed=4).set_index("factor")
    assert (crossed.loc[["x1", "x2"], "sigma"] > 0.2).all()
    assert (crossed["mu_star_low"] <= crossed["mu_star"]).all()
    assert (crossed["mu_star_high"] >= crossed["mu_star"]).all()
    assert crossed.loc["idle", "mu_star_high"] == 0.0


def test_what_is_strong_is_kept_and_no_more_than_asked_for() -> None:
    """Beyond the number asked for, and below a part of the largest, no factor gets an index."""
    table = pd.DataFrame({"factor": list("abcd"), "mu_star": [1.0, 0.5, NEGLIGIBLE, 0.01]})
    assert kept(table, 2) == ["a", "b"]
    assert kept(table, 3) == ["a", "b", "c"]
    assert kept(table.iloc[[0, 3]], 1) == ["a"]
    assert kept(table, None) == kept(table, 4) == list("abcd")


def test_chance_and_factors_share_the_variance() -> None:
    """Shocks common to all points, and those that work out differently, both count as chance."""
    random = np.random.default_rng(5)
    points, runs = 400, 40
    own = random.normal(size=(points, 1)) * 2.0
    common = random.normal(size=(1, runs)) * 0.5
    apart = random.normal(size=(points, runs))
    found = chance(own + common + apart, seed=5)
    known = (common.var(ddof=1) + 1.0) / (own.var() + common.var(ddof=1) + 1.0)
    assert found.share.estimate == pytest.approx(known, abs=0.02)
    assert found.share.low < known < found.share.high
    assert found.left.estimate == pytest.approx(1 / runs / (own.var() + 1 / runs), abs=0.002)
    silent = chance(own + np.zeros((1, 5)), seed=5)
    assert silent.share.estimate == pytest.approx(0.0, abs=1e-12)
    idle = chance(common + np.zeros((points, 1)), seed=5)
    assert idle.share.estimate == pytest.approx(1.0)
    assert idle.left.estimate == pytest.approx(0.0, abs=1e-9)


def test_runs_that_share_a_draw_tell_less_of_chance() -> None:
    """Whole draws are drawn anew, so the interval is wider than if runs were independent."""
    random = np.random.default_rng(8)
    draws = np.repeat(np.arange(6), 4)
    values = random.normal(size=(50, 1)) + random.normal(size=6)[draws]
    apart, together = chance(values, seed=1), chance(values, seed=1, draws=draws)
    assert together.share.estimate == apart.share.estimate
    width = together.share.high - together.share.low
    assert width > 1.2 * (apart.share.high - apart.share.low)


@settings(max_examples=5)
@given(st.floats(0.1, 10), st.floats(-3, 3), st.integers(0, 99))
def test_the_share_of_chance_has_no_unit(scale: float, shift: float, seed: int) -> None:
    """It is the same in any unit and from any zero, and between 0 and 1."""
    values = np.random.default_rng(seed).normal(size=(9, 4)) + np.arange(9)[:, None] / 4
    one, other = chance(values, seed), chance(scale * values + shift, seed)
    assert other.share.estimate == pytest.approx(one.share.estimate, abs=1e-6)
    assert 0.0 <= one.share.low <= one.share.high <= 1.0


def outcomes_of(axes: list[Axis], effect: Any, noise: Array) -> Outcomes:
    """Runs of all moves: an effect of the factors' values, plus what each run adds everywhere."""
    moved = one_at_a_time(axes)
    rows = []
    for point, move in enumerate((None, *moved.moves)):
        at = {} if move is None else {axes[move.factor].name: move.value}
        rows += [(point, run, effect(at) + noise[run]) for run in range(noise.size)]
    runs = pd.DataFrame(rows, columns=["point", "run", "effect"])
    return Outcomes(runs, pd.DataFrame({"point": [], "error": []}))


def alone_on(axes: list[Axis], effect: Any, noise: Array, full: Scenario) -> Alone:
    """What factors do one at a time on a made effect."""
    found = outcomes_of(axes, effect, noise)
    return alone(one_at_a_time(axes), found, full, "effect", margin=MARGIN, seed=1)


HAZARD, DREAD = "actors.ALFA.hazard", "actors.BRAVO.hazard"
"""Keys of ``FULL`` that stand at 0.3 and at 0.5."""


def test_flips_are_found_at_the_right_end_and_place(full: Scenario) -> None:
    """A rising effect flips to backfire above, and turns where it does; a choice flips to split."""

    def effect(at: dict[str, Any]) -> float:
        rise = 0.15 * (at.get(HAZARD, 0.3) - 0.3)
        fall = 0.0 if at.get("mood", "calm") == "calm" else -0.2
        return rise + fall + 0.01 * (at.get(DREAD, 0.5) - 0.5)

    mood = Axis("mood", ("mood",), (0.0,), "mood", "", "choice", count=2, choices=("calm", "sour"))
    noise = 0.001 * np.random.default_rng(6).normal(size=RUNS)
    noise -= np.median(noise)
    found = alone_on([axis(HAZARD), axis(DREAD), mood], effect, noise, full)
    assert found.word == "null"
    table = found.table.set_index(["factor", "end"])
    assert found.table["flips"].tolist() == [False, True, False, False, False, True]
    up = table.loc[(HAZARD, "high")]
    assert (up["verdict"], up["present"]) == ("backfire", 0.3)
    assert up["turns_at"] == pytest.approx(0.3 + MARGIN / 0.15, abs=1e-6)
    assert up["turns_low"] <= up["turns_at"] <= up["turns_high"]
    assert up["backfire"] == 1.0
    # Run by run the change has no noise at all, while the mean does.
    assert up["change"] == pytest.approx(0.105)
    assert up["change_high"] - up["change_low"] < 1e-9 < up["mean_high"] - up["mean_low"]
    assert np.isnan(table.loc[(HAZARD, "low"), "turns_at"])
    sour = found.table.iloc[-1]
    assert (sour["value"], sour["verdict"]) == ("sour", "split")


def test_a_verdict_that_turns_there_and_back_flips_as_well(full: Scenario) -> None:
    """What lies between the value as given and an end is tried, not the end alone."""

    def effect(at: dict[str, Any]) -> float:
        return -0.1 * math.sin(math.pi * (at.get(HAZARD, 0.3) - 0.3) / 0.7)

    found = alone_on([axis(HAZARD)], effect, np.zeros(RUNS), full)
    high = found.table.set_index("end").loc["high"]
    assert (high["verdict"], high["flips"]) == ("null", True)
    assert high["turns_at"] == pytest.approx(0.3 + 0.7 / 6, abs=0.02)


FIVE = MIXED.split("[factors.entrapment-off]", maxsplit=1)[0]
"""Factors: two numbers that move alike, a month, a whole number, one on a log scale, a switch."""


def test_a_move_changes_one_factor_and_nothing_else(tmp_path: Path) -> None:
    """As given nothing is moved; each other point differs in the keys of one factor alone."""
    loaded = experiment_of(tmp_path, FIVE)
    moved = one_at_a_time(loaded.axes)
    assert [move.end for move in moved.moves if move.factor == 1] == ["low", "high"]
    assert [move.value for move in moved.moves if move.factor == 2] == [0, 1, 2, 3, 4, 5, 6]
    assert [move.value for move in moved.moves if move.factor == 4] == [True, False]
    column = np.arange(len(moved.moves) + 1)
    plan = planned(loaded, [moved], [column], runs=2, outcomes=[])
    base = loaded.base.scenario
    assert scenario_at(plan.loaded, plan.design, 0) == base
    for point, move in enumerate(moved.moves, 1):
        found = scenario_at(plan.loaded, plan.design, point)
        tables = {"dyads", "strategies", "coefficients", "events"}
        differing = {name for name in tables if getattr(found, name) != getattr(base, name)}
        expected = ("dyads", "strategies", "strategies", "coefficients", "events")[move.factor]
        assert differing <= {expected}


def test_shares_reach_both_ends_of_every_kind_of_factor(tmp_path: Path) -> None:
    """The last share is the highest number, the last month and the last choice."""
    axes = experiment_of(tmp_path, FIVE).axes
    columns = laid_out(axes, np.array([[0.0] * 5, [1.0] * 5]))
    ends = [column.tolist() for column in columns]
    assert ends[0] == pytest.approx([0.2, 0.9])
    assert ends[1] == ["2030-02", "2030-06"]
    assert ends[2] == [0, 6]
    assert ends[3] == pytest.approx([0.01, 0.2])
    assert ends[4] == [True, False]


def tables_of(total: float, together: float) -> tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame]:
    """Screening, indices and flips of three factors, the first two with an index of their own."""
    names = ["coefficients.entrapment", HAZARD, DREAD]
    screening = pd.DataFrame({"factor": names, "mu_star": [0.04, 0.03, 0.02]})
    rows = [(names[0], total), (names[1], total), (OTHERS, together)]
    found = pd.DataFrame(rows, columns=["factor", "total"])
    found = found.assign(total_low=found["total"] - 0.01, total_high=found["total"] + 0.01)
    flips = pd.DataFrame({"factor": [names[1], names[1], names[2]], "flips": [True, False, False]})
    return screening, found, flips


def test_what_is_influential_and_unsourced_is_flagged(full: Scenario) -> None:
    """Both are needed; the interval has to clear the threshold, and a small group its members."""
    axes = [axis("coefficients.entrapment"), axis(HAZARD), axis(DREAD)]
    high = register(full, axes, *tables_of(INFLUENTIAL + 0.02, 0.3)).set_index("key")
    assert high.loc["coefficients.entrapment", "unsourced"]
    assert high.loc["coefficients.entrapment", "flagged"]
    assert high.loc[HAZARD, "flips"]
    assert not high.loc[DREAD, "flips"]
    assert high.loc[DREAD, "influential"]
    assert high.loc[DREAD, "flagged"], "a bare number names no source"
    low = register(full, axes, *tables_of(INFLUENTIAL + 0.005, 0.01)).set_index("key")
    assert not low["influential"].any()
    idle = high.loc["actors.CHARLIE.hazard"]
    assert idle["measured_by"] == "not varied"
    assert np.isnan(idle["rank"])
    assert not idle["flagged"]
    assert high.index.is_unique
    assert sorted(high["rank"].dropna()) == [1.0, 2.0, 3.0]


def test_a_sourced_number_is_never_flagged(full: Scenario) -> None:
    """A figure that is measured and named may move the outcome as far as it likes."""
    sourced = {"value": 0.3, "basis": "measured", "source": "Polls 2026"}
    data = full.model_dump(mode="json", exclude_none=True)
    data["actors"]["ALFA"]["hazard"] = sourced
    scenario = Scenario.model_validate(data)
    axes = [axis("coefficients.entrapment"), axis(HAZARD), axis(DREAD)]
    table = register(scenario, axes, *tables_of(0.4, 0.3)).set_index("key")
    assert table.loc[HAZARD, "influential"]
    assert not table.loc[HAZARD, "flagged"]


def test_a_number_rests_on_what_its_file_says(full: Scenario) -> None:
    """A number's own basis, a default's, a setting's, or that of the register of coefficients."""
    assert ground_at(full, HAZARD) == ("judgement", "Tests 2026")
    assert ground_at(full, "strategies.wedge.press_intensity").basis == SETTING
    assert not ground_at(full, "strategies.wedge.press_intensity").unsourced
    assert ground_at(full, "coefficients.sour").basis == "fitted"
    assert ground_at(full, "dyads.CHARLIE-DELTA.cohesion").basis == "derived"
    assert ground_at(full, "dyads.CHARLIE-DELTA.threat").unsourced
    laid = full.model_copy(update={"coefficients": {"sour": 0.1}})
    assert ground_at(laid, "coefficients.sour").unsourced
