"""Outcomes, intervals, verdicts and reasons."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from alliancesim import law, step
from alliancesim.ensemble import Ensemble, simulate
from alliancesim.measures import intervals, outcomes
from alliancesim.measures.reasons import decision_terms, reasons
from alliancesim.measures.verdict import WORDS, is_attempt, judge, word_for
from alliancesim.world import World, build_world
from worlds import document, scenario_of


@pytest.fixture(scope="module")
def ensemble(world: World, twin: World) -> Ensemble:
    """Twelve runs of the full scenario."""
    return simulate(world, twin, runs=12, seed=2)


# Intervals.


@pytest.mark.parametrize(
    ("successes", "trials", "low", "high"),
    [
        # Newcombe (1998), Statistics in Medicine 17, table I, method 3.
        (81, 263, 0.2553, 0.3662),
        (15, 148, 0.0624, 0.1605),
        (0, 20, 0.0000, 0.1611),
        (1, 29, 0.0061, 0.1718),
    ],
)
def test_wilsons_interval_has_its_published_values(
    successes: int, trials: int, low: float, high: float
) -> None:
    found = intervals.share(successes, trials)
    assert found.estimate == successes / trials
    assert abs(found.low - low) < 5.1e-5
    assert abs(found.high - high) < 5.1e-5


@given(st.integers(1, 5000), st.floats(0, 1))
def test_wilsons_interval_is_wilsons_formula(trials: int, rate: float) -> None:
    successes = round(rate * trials)
    p, z = successes / trials, stats.norm.ppf(0.975)
    centre = (p + z * z / (2 * trials)) / (1 + z * z / trials)
    half = z * math.sqrt(p * (1 - p) / trials + z * z / (4 * trials**2)) / (1 + z * z / trials)
    found = intervals.share(successes, trials)
    assert math.isclose(found.low, centre - half, abs_tol=1e-9)
    assert math.isclose(found.high, centre + half, abs_tol=1e-9)
    assert 0.0 <= found.low <= found.estimate <= found.high <= 1.0


def test_the_bootstrap_interval_covers_the_mean_as_often_as_it_says() -> None:
    """Of 200 normal samples of 40, about 95 % of intervals hold the true mean."""
    draw = np.random.default_rng(20250101)
    hits = 0
    for repeat in range(200):
        found = intervals.mean(draw.normal(0.3, 1.0, 40), repeat)
        hits += found.low <= 0.3 <= found.high
    assert 0.89 <= hits / 200 <= 0.99


def test_the_bootstrap_interval_of_a_large_normal_sample_is_the_textbook_one() -> None:
    values = np.random.default_rng(3).normal(0.0, 1.0, 400)
    half = 1.96 * values.std(ddof=1) / 20
    found = intervals.mean(values)
    assert found.estimate == pytest.approx(values.mean())
    assert found.low == pytest.approx(values.mean() - half, abs=0.1 * half)
    assert found.high == pytest.approx(values.mean() + half, abs=0.1 * half)


def test_the_bootstrap_interval_leans_with_a_skewed_sample() -> None:
    """Bias correction and acceleration reach farther into the long tail."""
    values = np.random.default_rng(4).exponential(1.0, 30)
    found = intervals.mean(values)
    assert found.high - found.estimate > 1.1 * (found.estimate - found.low)


def test_an_interval_repeats_with_its_seed() -> None:
    values = np.random.default_rng(5).normal(size=20)
    assert intervals.mean(values, 7) == intervals.mean(values, 7)
    assert intervals.mean(values, 7) != intervals.mean(values, 8)


def test_one_value_says_nothing_about_spread() -> None:
    assert intervals.mean(np.array([0.25])) == (0.25, -math.inf, math.inf)


@pytest.mark.parametrize("value", [0.0, 0.1, -3.7, 1e-12])
def test_equal_values_leave_an_interval_of_no_width(value: float) -> None:
    found = intervals.mean(np.full(9, value))
    assert found.low == found.estimate == found.high
    assert math.isclose(found.estimate, value, rel_tol=1e-15)


@pytest.mark.filterwarnings("error")
@settings(max_examples=40)
@given(st.lists(st.sampled_from([-0.4, 0.0, 0.1, 0.3, 1.0]), min_size=2, max_size=8))
def test_an_interval_of_few_values_is_finite_and_holds_its_estimate(values: list[float]) -> None:
    """Ties and tiny samples included, without a warning."""
    found = intervals.mean(np.array(values))
    assert found.low - 1e-12 <= found.estimate <= found.high + 1e-12
    assert min(values) - 1e-12 <= found.low
    assert found.high <= max(values) + 1e-12


# Verdict.


@pytest.mark.parametrize(
    ("effect", "word"),
    [
        (0.051, "backfire"),
        (0.05, "null"),
        (0.0, "null"),
        (-0.0, "null"),
        (-0.05, "null"),
        (-0.051, "split"),
    ],
)
def test_an_effect_beyond_the_margin_and_only_beyond_is_something(effect: float, word: str) -> None:
    assert word_for(effect, 0.05) == word


def _outcomes(effects: list[float]) -> pd.DataFrame:
    values = np.array(effects)
    return pd.DataFrame({"effect": values, "change_world": values, "change_twin": 0.0 * values})


@given(st.lists(st.floats(-0.3, 0.3), min_size=2, max_size=30))
@settings(max_examples=15)
def test_the_shares_count_every_run_once_by_its_word(effects: list[float]) -> None:
    verdict = judge(_outcomes(effects), margin=0.05, attempted=True)
    words = [word_for(effect, 0.05) for effect in effects]
    for word in WORDS:
        assert verdict.shares[word].estimate == words.count(word) / len(words)
    assert words.count(verdict.word) == max(words.count(word) for word in WORDS)


def test_what_was_no_attempt_is_called_so_and_its_shares_are_kept() -> None:
    verdict = judge(_outcomes([-0.2, -0.2, 0.0]), margin=0.05, attempted=False)
    assert verdict.word == "not a wedge"
    assert verdict.shares["split"].estimate == pytest.approx(2 / 3)


def test_the_changes_of_world_and_twin_are_reported_beside_the_effect() -> None:
    table = _outcomes([0.1, 0.3])
    table["change_twin"] = [-0.2, -0.4]
    verdict = judge(table, margin=0.05, attempted=True)
    assert verdict.effect.estimate == pytest.approx(0.2)
    assert verdict.change_world.estimate == pytest.approx(0.2)
    assert verdict.change_twin.estimate == pytest.approx(-0.3)


@pytest.mark.parametrize(
    ("courted", "pressed", "attempted"),
    [
        ((0.0, 0.0), (0.0, 0.0), False),
        ((0.0, 0.0), (0.40, 0.40), True),
        ((0.0, 0.0), (0.39, 0.30), False),
        ((0.0, 0.0), (0.15, 0.0), True),
        ((0.0, 0.0), (0.14, 0.0), False),
        ((0.30, 0.0), (0.0, 0.0), True),
        ((0.29, 0.0), (0.1, 0.0), False),
        ((0.9, 0.9), (0.0, 0.0), False),
        ((0.9, 0.61), (0.2, 0.2), False),
    ],
)
def test_a_wedge_is_pressure_on_a_member_or_unequal_treatment_of_members(
    courted: tuple[float, float], pressed: tuple[float, float], attempted: bool
) -> None:
    """The rule of the record: in any month, among members of the alliance only."""
    levels = np.zeros((2, 5, 3))
    levels[0, 3, :2], levels[1, 3, :2] = courted, pressed
    members = np.array([True, True, False])
    assert is_attempt(levels, members) is attempted
    outsiders = np.zeros((2, 5, 3))
    outsiders[:, :, 2] = 1.0
    assert not is_attempt(outsiders, members)


def test_treatment_unequal_only_between_months_is_no_wedge() -> None:
    """Pressing both by 0.2 first and by 0.0 later treats them alike in every month."""
    levels = np.zeros((2, 5, 2))
    levels[1, 1:3] = 0.2
    assert not is_attempt(levels, np.array([True, True]))


# Do the runs suffice?


def test_many_clear_runs_suffice() -> None:
    effects = np.random.default_rng(1).normal(0.3, 0.02, 500).tolist()
    verdict = judge(_outcomes(effects), margin=0.05, attempted=True)
    assert verdict.enough
    assert verdict.advice.startswith("500 runs suffice")


def test_where_coefficients_are_drawn_the_advice_is_more_draws() -> None:
    """Runs that share a draw tell nothing of other draws, so no number of runs is promised."""
    outcomes = _outcomes([0.2] * 10 + [-0.2] * 10).assign(draw=np.repeat(np.arange(10), 2))
    verdict = judge(outcomes, margin=0.05, attempted=True)
    assert not verdict.enough
    assert "About" not in verdict.advice
    assert "draws of the coefficients" in verdict.advice
    near = np.random.default_rng(1).normal(0.051, 0.1, 1600)
    drawn = _outcomes(near.tolist()).assign(draw=np.repeat(np.arange(800), 2))
    told = judge(drawn, margin=0.05, attempted=True)
    assert told.effect.low < 0.05 < told.effect.high
    assert "too few" not in told.advice
    assert told.advice.endswith("read the shares.")


def test_few_runs_do_not_suffice_and_the_advice_says_how_many_would() -> None:
    """With the advised number the widest share is known to about five points."""
    effects = [0.2] * 10 + [-0.2] * 10
    verdict = judge(_outcomes(effects), margin=0.05, attempted=True)
    assert not verdict.enough
    assert "20 runs are too few" in verdict.advice
    advised = int(verdict.advice.split("About ")[1].split()[0])
    found = intervals.share(advised // 2, advised)
    assert 0.045 < (found.high - found.low) / 2 < 0.055


def test_a_mean_too_near_the_margin_does_not_suffice() -> None:
    effects = np.random.default_rng(1).normal(0.055, 0.1, 600).tolist()
    verdict = judge(_outcomes(effects), margin=0.05, attempted=True)
    assert not verdict.enough
    assert "crosses the margin" in verdict.advice


def test_a_single_run_is_never_enough() -> None:
    verdict = judge(_outcomes([0.3]), margin=0.05, attempted=True)
    assert not verdict.enough
    assert verdict.effect.low == -math.inf


# Outcomes.


def test_the_effect_is_late_cohesion_of_the_world_less_that_of_the_twin(
    ensemble: Ensemble,
) -> None:
    """Averaged over the last ``window`` months, run by run."""
    table = outcomes.outcomes(ensemble)
    assert table["run"].tolist() == list(range(12))
    for run in range(12):
        late = [
            np.mean([ensemble.state(side, run, month).cohesion[0, 1] for month in range(15, 19)])
            for side in (0, 1)
        ]
        assert table["effect"][run] == pytest.approx(late[0] - late[1], abs=1e-15)
        assert table["change_world"][run] == pytest.approx(late[0] - 0.5, abs=1e-15)
        assert table["change_twin"][run] == pytest.approx(late[1] - 0.5, abs=1e-15)


def test_alliance_cohesion_is_the_mean_over_all_its_dyads(ensemble: Ensemble) -> None:
    data = document()
    data["outcome"]["alliance"] = ["ALFA", "BRAVO", "DELTA"]
    world = build_world(scenario_of(data))
    trio = simulate(world, world, runs=1, seed=2)
    cohesion = trio.state(0, 0, 10).cohesion
    expected = (cohesion[0, 1] + cohesion[0, 3] + cohesion[1, 3]) / 3
    assert trio.alliance[0, 0, 10] == pytest.approx(expected, abs=1e-15)


def test_quantiles_kept_and_quantiles_made_from_runs_are_the_same(ensemble: Ensemble) -> None:
    kept = outcomes.trajectory_quantiles(ensemble)
    made = outcomes.summarised(outcomes.trajectory_runs(ensemble))
    pd.testing.assert_frame_equal(
        kept, made[list(kept.columns)], check_exact=False, rtol=0, atol=1e-14, check_dtype=False
    )


def test_the_trajectory_tables_hold_every_variable_of_every_dyad(ensemble: Ensemble) -> None:
    runs = outcomes.trajectory_runs(ensemble)
    assert len(runs) == 2 * 12 * 19 * 12 * 9
    keys = ["world", "run", "month", "of", "toward", "variable"]
    assert not runs.duplicated(keys).any()
    row = runs[
        (runs["world"] == "twin")
        & (runs["run"] == 7)
        & (runs["month"] == 9)
        & (runs["of"] == "BRAVO")
        & (runs["toward"] == "CHARLIE")
        & (runs["variable"] == "threat")
    ]
    assert row["value"].tolist() == [ensemble.state(1, 7, 9).threat[1, 2]]
    assert row["date"].tolist() == ["2030-09"]


def test_quantiles_lie_in_order(ensemble: Ensemble) -> None:
    for table in (outcomes.trajectory_quantiles(ensemble), outcomes.alliance_quantiles(ensemble)):
        levels = table[["q05", "q25", "q50", "q75", "q95"]].to_numpy()
        assert (np.diff(levels, axis=1) >= 0).all()
        assert ((table["mean"] >= levels[:, 0] - 0.2) & (table["mean"] <= levels[:, 4] + 0.2)).all()


# Reasons.


def test_the_terms_behind_a_decision_add_up_to_its_log_odds(ensemble: Ensemble) -> None:
    for side, world in ((0, ensemble.world), (1, ensemble.twin)):
        for run, month in ((0, 1), (3, 9), (11, 18)):
            before = ensemble.state(side, run, month - 1)
            for i in range(4):
                appeal = step.appeals(before, world.drivers_in(month), world.coefficients, i)[0]
                for j in range(4):
                    if i != j:
                        terms = decision_terms(ensemble, side, run, month, i, j)
                        assert math.isclose(terms.sum(), appeal[j], abs_tol=1e-12)


def test_the_reasons_add_up_to_the_difference_between_world_and_twin(ensemble: Ensemble) -> None:
    """Mean log-odds of each ally's decision in the last months, world less twin."""
    table = reasons(ensemble)
    assert list(table["mechanism"].unique()) == list(law.CooperationTerms._fields)
    assert sorted(set(zip(table["of"], table["toward"], strict=True))) == [
        ("ALFA", "BRAVO"),
        ("BRAVO", "ALFA"),
    ]
    for i, j in ((0, 1), (1, 0)):
        differences = []
        for run in range(ensemble.runs):
            for month in range(15, 19):
                found = [
                    step.appeals(
                        ensemble.state(side, run, month - 1),
                        world.drivers_in(month),
                        world.coefficients,
                        i,
                    )[0, j]
                    for side, world in ((0, ensemble.world), (1, ensemble.twin))
                ]
                differences.append(found[0] - found[1])
        rows = table[(table["of"] == "ALFA") == (i == 0)]
        assert math.isclose(rows["estimate"].sum(), np.mean(differences), abs_tol=1e-12)
        assert abs(np.mean(differences)) > 1e-3
        assert (rows["low"] <= rows["estimate"] + 1e-15).all()
        assert (rows["estimate"] <= rows["high"] + 1e-15).all()


def test_a_mechanism_that_is_off_is_no_reason() -> None:
    data = document() | {"without": ["entrapment"]}
    scenario = scenario_of(data)
    found = simulate(build_world(scenario), build_world(scenario, wedge=False), runs=2, seed=1)
    table = reasons(found).set_index("mechanism").loc["entrapment"]
    assert (table[["estimate", "low", "high"]] == 0.0).all(axis=None)
