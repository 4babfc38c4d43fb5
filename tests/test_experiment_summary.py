"""Summaries of experiments: right on data whose answer is known, honest in their intervals."""

from __future__ import annotations

from itertools import product

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray
from scipy import stats
from scipy.stats import qmc

from alliancesim.experiment.independence import wilson
from alliancesim.experiment.summary import (
    by_point,
    cells_of,
    importance,
    interactions,
    main_effects,
)
from alliancesim.measures import intervals

RNG_SEED = 20261124


def _runs(effects: NDArray[np.float64]) -> pd.DataFrame:
    """Return the table of runs of effects of shape (points, runs)."""
    points, runs = effects.shape
    return pd.DataFrame(
        {
            "point": np.repeat(np.arange(points), runs),
            "run": np.tile(np.arange(runs), points),
            "effect": effects.reshape(-1),
        }
    )


def _table(columns: dict[str, object]) -> pd.DataFrame:
    table = pd.DataFrame(columns)
    return table.assign(point=np.arange(len(table)))


def _grid(first: int = 4, second: int = 5) -> pd.DataFrame:
    cells = np.array(list(product(range(first), range(second))), dtype=float)
    return _table({"a": cells[:, 0], "b": cells[:, 1]})


# By point.


@given(st.integers(1, 400).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))))
def test_intervals_of_many_shares_are_those_of_one(counts: tuple[int, int]) -> None:
    low, high = wilson(np.array([counts[0]]), np.array([counts[1]]))
    expected = intervals.share(*counts)
    assert (low[0], high[0]) == pytest.approx((expected.low, expected.high), abs=1e-12)


def test_a_point_has_means_with_students_interval_and_shares_that_sum_to_one() -> None:
    effects = np.random.default_rng(RNG_SEED).normal(0.03, 0.05, (7, 30))
    table = by_point(_runs(effects), margin=0.05)
    for point in range(7):
        row = table.iloc[point]
        assert row["point"] == point
        assert row["runs"] == 30
        found = stats.ttest_1samp(effects[point], 0).confidence_interval(0.95)
        ends = (row["effect_low"], row["effect"], row["effect_high"])
        assert ends == pytest.approx((found.low, effects[point].mean(), found.high))
        assert row["split"] == pytest.approx((effects[point] < -0.05).mean())
        assert row["backfire"] == pytest.approx((effects[point] > 0.05).mean())
        assert row["split"] + row["null"] + row["backfire"] == pytest.approx(1.0)
        shares = {word: row[word] for word in ("split", "null", "backfire")}
        assert shares[row["verdict"]] == max(shares.values())


def test_an_effect_at_the_margin_counts_as_nothing() -> None:
    table = by_point(_runs(np.array([[0.05, -0.05, 0.0]])), margin=0.05)
    assert table["null"].tolist() == [1.0]


def test_one_run_leaves_a_mean_infinitely_uncertain() -> None:
    table = by_point(_runs(np.array([[0.2], [0.1]])), margin=0.05)
    assert np.isinf(table["effect_high"]).all()
    assert (table["backfire_low"] < 0.5).all()


def test_points_that_have_not_run_are_left_out() -> None:
    runs = _runs(np.ones((5, 3)))
    assert by_point(runs[runs["point"] != 2], 0.05)["point"].tolist() == [0, 1, 3, 4]


# Main effects.


def test_a_main_effect_is_the_mean_at_each_level_over_all_others() -> None:
    table = _grid()
    truth = 0.1 * table["a"] + 0.02 * table["b"] ** 2
    found = main_effects(_runs(np.tile(truth, (3, 1)).T), table, sampled=False)
    for factor in ("a", "b"):
        rows = found[found["factor"] == factor]
        expected = truth.groupby(table[factor]).mean()
        assert rows["level"].tolist() == expected.index.tolist()
        assert rows["mean"].tolist() == pytest.approx(expected.tolist())
        assert rows["points"].tolist() == table.groupby(factor).size().tolist()


def test_shocks_common_to_all_points_do_not_average_out() -> None:
    """The interval of a level's mean is that of the shocks, however many points are pooled."""
    rng = np.random.default_rng(RNG_SEED)
    shock = rng.normal(0, 0.1, 50)
    values = shock + rng.normal(0, 0.001, (20, 50))
    found = main_effects(_runs(values), _grid(), sampled=False)
    half = (found["mean_high"] - found["mean_low"]) / 2
    expected = stats.t.ppf(0.975, 49) * shock.std(ddof=1) / np.sqrt(50)
    np.testing.assert_allclose(half, expected, rtol=0.02)


def test_the_interval_of_a_sampled_mean_covers_it_in_about_95_of_100_samples() -> None:
    """Points and shocks both drawn anew; 0.91 to 0.98 is what 400 trials allow."""
    rng = np.random.default_rng(RNG_SEED)
    inside = []
    for _ in range(100):
        x, z = rng.random((2, 40))
        shocks = rng.normal(0, 0.1, 20)
        values = ((x > 0.5) + 0.5 * (z - 0.5))[:, None] + shocks
        found = main_effects(_runs(values), _table({"x": x}), sampled=True, bins=4)
        truth = (found["level"].astype(float) > 0.5).astype(float)
        clean = (found["low"].astype(float) > 0.5) == (found["high"].astype(float) > 0.5)
        inside += [*((found["mean_low"] < truth) & (truth < found["mean_high"]))[clean]]
    assert 0.91 < np.mean(inside) < 0.98


def test_sampled_numbers_are_sorted_into_equal_bins_and_choices_into_levels() -> None:
    rng = np.random.default_rng(RNG_SEED)
    table = _table(
        {
            "x": rng.random(200),
            "on": rng.random(200) < 0.5,
            "month": rng.choice(["2030-01", "2030-02", "2031-01"], 200).astype(object),
        }
    )
    found = main_effects(_runs(rng.random((200, 2))), table, sampled=True)
    assert found[found["factor"] == "x"]["points"].tolist() == [20] * 10
    assert found[found["factor"] == "on"]["level"].tolist() == [False, True]
    months = found[found["factor"] == "month"]["level"].tolist()
    assert months == ["2030-01", "2030-02", "2031-01"]


@given(st.lists(st.floats(-1, 1), min_size=1, max_size=60), st.integers(2, 12))
def test_bins_are_in_order_and_hold_every_value(values: list[float], bins: int) -> None:
    array = np.array(values)
    cells = cells_of(array, bins)
    assert len(cells.level) <= bins
    for cell, (low, high) in enumerate(zip(cells.low, cells.high, strict=True)):
        members = array[cells.of == cell]
        assert (members.min(), members.max()) == (low, high)
    assert all(a < b for a, b in zip(cells.high[:-1], cells.low[1:], strict=True))


# Interactions.


def test_a_sum_has_no_interaction_and_a_product_has_nothing_else() -> None:
    table = _grid(4, 4)
    a, b = (table[name] - 1.5 for name in ("a", "b"))
    rng = np.random.default_rng(RNG_SEED)
    for truth, share in ((a + b**2, 0.0), (a * b, 1.0)):
        values = np.tile(truth, (5, 1)).T + rng.normal(0, 1e-9, 5)
        row = interactions(_runs(values), table, sampled=False).iloc[0]
        assert (row["first"], row["second"]) == ("a", "b")
        assert row["share"] == pytest.approx(share, abs=1e-9)
        assert row["variance"] == pytest.approx(truth.var(ddof=0))


def test_the_interval_of_an_interaction_grows_with_the_noise() -> None:
    table = _grid(4, 4)
    truth = (table["a"] + 0.3 * table["a"] * table["b"]).to_numpy()[:, None]
    rng = np.random.default_rng(RNG_SEED)
    widths = []
    for noise in (0.01, 0.5):
        values = truth + rng.normal(0, noise, (16, 30))
        row = interactions(_runs(values), table, sampled=False).iloc[0]
        assert row["share_low"] <= row["share_high"]
        widths.append(row["share_high"] - row["share_low"])
    assert widths[0] < widths[1]


def test_noise_is_what_scatter_alone_leaves_in_a_sample() -> None:
    """In a sum of two factors and others unseen, what is left over is of the size of noise."""
    x, y, other = np.random.default_rng(RNG_SEED).random((3, 2048))
    table = _table({"x": x, "y": y})
    bins = [np.floor(4 * v) for v in (x, y)]
    values = np.tile(bins[0] + bins[1] + 4 * np.floor(2 * other), (2, 1)).T
    row = interactions(_runs(values), table, sampled=True, bins=4).iloc[0]
    assert 0.2 < row["left_over"] / row["noise"] < 3.0
    assert row["left_over"] < 0.02 * row["variance"]


def test_cells_that_have_not_run_do_not_spoil_an_interaction() -> None:
    table = _grid(4, 4)
    runs = _runs(np.tile(table["a"] + table["b"], (3, 1)).T)
    row = interactions(runs[runs["point"] > 4], table, sampled=False).iloc[0]
    assert row["share"] == pytest.approx(0.0, abs=1e-12)


# Importance.


@pytest.fixture
def sample() -> tuple[pd.DataFrame, pd.DataFrame]:
    """Runs and design of 512 points of which one factor acts much, one little, one not at all."""
    x, y, z = qmc.Sobol(3, rng=np.random.default_rng(1)).random(512).T
    table = _table({"idle": z, "weak": y, "strong": x})
    truth = np.exp(3 * x) - 2 * y
    return _runs(truth[:, None] + np.array([0.1, -0.1, 0.3])), table


def test_importance_orders_factors_by_strength_and_tells_their_sign(
    sample: tuple[pd.DataFrame, pd.DataFrame],
) -> None:
    found = importance(*sample).set_index("factor")
    assert found.index.tolist() == ["strong", "weak", "idle"]
    assert found.loc["strong", "low"] > 0.8
    assert found.loc["weak", "high"] < 0
    assert found.loc["idle", "low"] < 0 < found.loc["idle", "high"]
    assert (found["low"] <= found["coefficient"]).all()
    assert (found["coefficient"] <= found["high"]).all()
    assert 0.9 < found["explained"].iloc[0] <= 1.0


def test_importance_is_that_of_an_ordinary_regression_on_ranks(
    sample: tuple[pd.DataFrame, pd.DataFrame],
) -> None:
    runs, table = sample
    found = importance(runs, table).set_index("factor")
    means = runs.groupby("point")["effect"].mean()
    names = ["idle", "weak", "strong"]
    x = np.stack([stats.zscore(stats.rankdata(table[name])) for name in names], axis=1)
    y = stats.zscore(stats.rankdata(means))
    np.testing.assert_allclose(found.loc[names, "coefficient"], np.linalg.lstsq(x, y)[0])
    expected = [stats.spearmanr(table[name], means).statistic for name in names]
    np.testing.assert_allclose(found.loc[names, "correlation"], expected, atol=1e-12)


def test_importance_says_nothing_of_coefficients_with_too_few_points() -> None:
    rng = np.random.default_rng(RNG_SEED)
    table = _table({f"f{i}": rng.random(4) for i in range(5)})
    found = importance(_runs(rng.random((4, 2))), table)
    assert found["coefficient"].isna().all()
    assert found["correlation"].notna().all()


def test_an_outcome_that_never_moves_hangs_on_nothing() -> None:
    table = _table({"x": np.random.default_rng(1).random(64)})
    found = importance(_runs(np.zeros((64, 2))), table)
    assert found["coefficient"].tolist() == [0.0]
    assert found["explained"].tolist() == [0.0]
