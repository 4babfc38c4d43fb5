"""Not knowing the coefficients, and chance: told apart, and in every interval."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from alliancesim.experiment.independence import independent, shares_with_ends
from alliancesim.experiment.summary import by_point
from alliancesim.measures import intervals
from alliancesim.measures.variance import (
    components,
    is_nested,
    parameter_band,
    share_of_parameters,
)
from alliancesim.measures.verdict import judge
from alliancesim.posterior.nesting import draws_of_runs

SHOCKS, PARAMETERS = 0.5, 1.5


def nested(seed: int, draws: int = 50, runs: int = 4, parameters: float = PARAMETERS) -> np.ndarray:
    """Return values of runs nested in draws, shape (draws * runs,)."""
    rng = np.random.default_rng(seed)
    level = parameters * np.repeat(rng.normal(size=draws), runs)
    return np.asarray(level + SHOCKS * rng.normal(size=draws * runs))


def places(draws: int = 50, runs: int = 4) -> np.ndarray:
    return np.repeat(np.arange(draws), runs)


def test_the_parts_of_variance_are_those_of_the_textbook() -> None:
    """Two draws with values 1, 3 and 5, 7: within 2, between (16 - 2) / 2 = 7."""
    found = components(np.array([1.0, 3.0, 5.0, 7.0]), np.array([0, 0, 1, 1]))
    assert float(found.shocks) == pytest.approx(2.0)
    assert float(found.parameters) == pytest.approx(7.0)
    assert float(found.share()) == pytest.approx(7 / 9)


def test_draws_may_have_different_numbers_of_runs_in_any_order() -> None:
    values = np.array([1.0, 2.0, 4.0, 7.0, 3.0, 9.0])
    draws = np.array([5, 2, 5, 2, 5, 9])
    groups = [values[draws == draw] for draw in (2, 5, 9)]
    sizes = np.array([len(group) for group in groups])
    between = sum(len(g) * (g.mean() - values.mean()) ** 2 for g in groups) / 2
    within = sum(((g - g.mean()) ** 2).sum() for g in groups) / (6 - 3)
    usual = (6 - (sizes**2).sum() / 6) / 2
    found = components(values[:, None], draws)
    assert found.shocks[0] == pytest.approx(within)
    assert found.parameters[0] == pytest.approx(max(0.0, (between - within) / usual))


def test_on_average_the_parts_are_the_true_ones() -> None:
    found = [components(nested(seed), places()) for seed in range(200)]
    assert np.mean([part.parameters for part in found]) == pytest.approx(PARAMETERS**2, rel=0.05)
    assert np.mean([part.shocks for part in found]) == pytest.approx(SHOCKS**2, rel=0.03)


@pytest.mark.parametrize("parameters", [0.25, 0.5, 1.5])
def test_the_interval_of_the_share_holds_the_true_share(parameters: float) -> None:
    """In nine samples of ten at least; the bootstrap of a variance is a little short."""
    truth = parameters**2 / (parameters**2 + SHOCKS**2)
    held = 0
    for seed in range(40):
        values = nested(seed, parameters=parameters)[:, None]
        (found,) = share_of_parameters(values, places(), seed)
        assert found is not None
        held += found.low <= truth <= found.high
    assert held >= 33


def test_what_does_not_vary_or_is_not_nested_has_no_share() -> None:
    values = np.stack([np.ones(8), np.arange(8.0)], axis=1)
    assert share_of_parameters(values, np.arange(8)) == [None, None]
    assert share_of_parameters(values, np.zeros(8, dtype=np.int64)) == [None, None]
    constant, varying = share_of_parameters(values, places(4, 2))
    assert constant is None
    assert varying is not None
    assert not is_nested(None)


def test_the_band_of_coefficients_alone_is_as_wide_as_they_make_it() -> None:
    """Means of draws, which still carry chance, would be too wide a band."""
    values = np.stack([nested(seed, draws=400, parameters=0.3) for seed in range(20)], axis=1)
    low, high = parameter_band(values, places(400), (0.05, 0.95))
    assert np.mean(high - low) == pytest.approx(2 * 1.645 * 0.3, rel=0.05)
    means = values.reshape(400, 4, 20).mean(axis=1)
    raw = np.quantile(means, 0.95, axis=0) - np.quantile(means, 0.05, axis=0)
    assert np.mean(raw) > 1.2 * np.mean(high - low)


def test_without_chance_the_band_of_coefficients_is_that_of_the_draws() -> None:
    levels = np.random.default_rng(1).normal(size=30)
    band = parameter_band(np.repeat(levels, 4), places(30), (0.05, 0.95))
    np.testing.assert_allclose(band, np.quantile(levels, (0.05, 0.95)), rtol=1e-12)
    alone = parameter_band(np.tile([0.0, 1.0], 60), places(30), (0.05, 0.95))
    assert np.ptp(alone) == 0.0, "chance alone leaves no band"


# Intervals over draws.


def test_intervals_of_means_hold_the_truth_where_runs_share_draws() -> None:
    """They count draws: taking runs for independent would miss it in one of three."""
    held = naive = 0
    for seed in range(60):
        values = nested(seed)
        found = intervals.mean(values, seed, places())
        assert found.estimate == values.mean()
        held += found.low <= 0.0 <= found.high
        alone = intervals.mean(values, seed)
        naive += alone.low <= 0.0 <= alone.high
    assert held >= 53
    assert naive < 50


def test_runs_that_only_repeat_their_draw_tell_no_more_than_the_draws() -> None:
    levels = np.random.default_rng(2).normal(size=40)
    alone = intervals.mean(levels, 3)
    repeated = intervals.mean(np.repeat(levels, 4), 3, places(40))
    assert repeated == pytest.approx(alone)
    once = intervals.share_over_draws(levels > 0.3, np.arange(40), 3)
    often = intervals.share_over_draws(np.repeat(levels > 0.3, 4), places(40), 3)
    assert often == pytest.approx(once)


def test_where_all_runs_agree_the_share_is_as_sure_as_the_number_of_draws_makes_it() -> None:
    for counted, successes in ((np.ones(40, dtype=bool), 10), (np.zeros(40, dtype=bool), 0)):
        found = intervals.share_over_draws(counted, places(10), 1)
        assert found == intervals.share(successes, 10)


def test_a_verdict_under_draws_counts_runs_and_draws() -> None:
    """Two of eight draws split on average; of their runs one does not."""
    effects = np.full(32, 0.01)
    effects[:8] = -0.2
    effects[0] = -0.01
    table = pd.DataFrame({"draw": places(8), "effect": effects})
    table = table.assign(change_world=effects, change_twin=0.0)
    found = judge(table, margin=0.05, attempted=True)
    assert found.under is not None
    assert found.shares["split"].estimate == pytest.approx(7 / 32)
    assert found.under.shares["split"] == intervals.share(2, 8)
    assert found.under.draws == 8
    assert found.under.parameters is not None
    assert 0.5 < found.under.parameters.estimate <= 1.0
    without = judge(table.drop(columns="draw"), margin=0.05, attempted=True)
    assert without.under is None
    widths = [v.shares["null"].high - v.shares["null"].low for v in (found, without)]
    assert widths[0] > 1.3 * widths[1]


# The same in sweeps, which have no time to resample.


@pytest.mark.parametrize("runs", [32, 30])
def test_independent_values_have_the_mean_of_all_runs(runs: int) -> None:
    values = np.random.default_rng(4).normal(size=(3, runs))
    draws = draws_of_runs(runs, 100)
    units = independent(values, draws)
    assert units.shape == (3, 8)
    np.testing.assert_allclose(units.mean(axis=1), values.mean(axis=1), rtol=1e-12)
    if runs == 32:
        order = np.argsort(draws[::4])
        means = values.reshape(3, 8, 4).mean(axis=2)[:, order]
        np.testing.assert_allclose(units, means, rtol=1e-9)
    assert independent(values, None) is values


def test_points_of_a_sweep_have_intervals_over_draws() -> None:
    values = np.stack([nested(seed) for seed in range(60)])
    table = pd.DataFrame(
        {
            "point": np.repeat(np.arange(60), 200),
            "run": np.tile(np.arange(200), 60),
            "draw": np.tile(places(), 60),
            "effect": values.ravel(),
        }
    )
    found = by_point(table, margin=0.0)
    assert "draw" not in found
    assert ((found["effect_low"] <= 0.0) & (found["effect_high"] >= 0.0)).sum() >= 53
    assert ((found["split_low"] <= 0.5) & (found["split_high"] >= 0.5)).sum() >= 53
    naive = by_point(table.drop(columns="draw"), margin=0.0)
    assert ((naive["effect_low"] <= 0.0) & (naive["effect_high"] >= 0.0)).sum() < 50
    pd.testing.assert_series_equal(found["effect"], naive["effect"])


def test_shares_count_no_more_runs_than_there_are_and_no_fewer_than_draws() -> None:
    even = np.tile([1.0, 1.0, 0.0, 0.0], 10)[None]  # draws all alike: no less sure than runs
    whole = np.repeat([1.0, 0.0], 20)[None]  # runs of a draw all alike: no surer than draws
    for counted, trials in ((even, 40), (whole, 10)):
        share, low, high = shares_with_ends(counted, places(10))
        expected = intervals.share(trials // 2, trials)
        assert share[0] == 0.5
        assert (low[0], high[0]) == pytest.approx((expected.low, expected.high), abs=0.02)
