"""Designs: every point once, every start balanced, the same points again."""

from __future__ import annotations

import math
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from alliancesim.experiment.design import Design, balanced_order, design_of, design_table
from alliancesim.experiment.factors import Axis
from experiments import GRID, MIXED, experiment_of

grids = st.lists(st.integers(1, 9), min_size=1, max_size=4)


@pytest.fixture
def designed(tmp_path: Path) -> Callable[..., Design]:
    """Return the design of an experiment file's text."""
    return lambda text, *settings: design_of(experiment_of(tmp_path, text, *settings))


# Grids.


@given(grids)
def test_a_grid_has_every_cell_once(levels: list[int]) -> None:
    order = balanced_order(levels)
    assert order.shape == (math.prod(levels), len(levels))
    assert len(np.unique(order, axis=0)) == math.prod(levels)
    assert (order >= 0).all()
    assert (order < levels).all()


@given(grids)
def test_every_start_of_a_grid_holds_each_level_equally_often_to_within_one(
    levels: list[int],
) -> None:
    """Among the first m points, each of n levels occurs floor(m/n) or ceil(m/n) times."""
    order = balanced_order(levels)
    for factor, n in enumerate(levels):
        counts = np.cumsum(order[:, factor, None] == np.arange(n), axis=0)
        m = np.arange(1, len(order) + 1)[:, None]
        assert (counts >= m // n).all()
        assert (counts <= -(-m // n)).all()


@pytest.mark.parametrize("levels", [(41, 41), (40, 40), (40, 41), (16, 16, 16), (50, 20)])
def test_any_start_of_a_large_grid_covers_all_regions_alike(levels: tuple[int, ...]) -> None:
    """After an eighth of the points or more, each quarter (or octant) holds its share to 15 %."""
    order = balanced_order(levels)
    upper = order >= np.array(levels) / 2
    region = upper @ (2 ** np.arange(len(levels)))
    whole = np.bincount(region) / len(order)
    for points in range(len(order) // 8, len(order), 7):
        share = np.bincount(region[:points], minlength=len(whole)) / points
        np.testing.assert_allclose(share, whole, rtol=0.15)


def test_a_grid_is_the_product_of_its_factors_levels(designed: Callable[..., Design]) -> None:
    table = design_table(designed(GRID))
    assert list(table.columns) == ["point", "pressure", "fear"]
    assert table["point"].tolist() == list(range(15))
    expected = {(p, f) for p in (0.0, 0.5, 1.0) for f in (0.1, 0.3, 0.5, 0.7, 0.9)}
    assert set(table[["pressure", "fear"]].itertuples(index=False, name=None)) == expected


# Samples.


def test_values_of_a_sample_stay_within_their_factor(designed: Callable[..., Design]) -> None:
    table = design_table(designed(MIXED, "design.points=256"))
    assert table["guarantee"].between(0.2, 0.9).all()
    assert set(table["start"]) == {"2030-02", "2030-03", "2030-04", "2030-05", "2030-06"}
    assert set(table["ramp"]) == set(range(7))
    assert table["memory"].between(0.01, 0.2).all()
    assert set(table["leader"]) == {"DELTA", "CHARLIE"}


@pytest.mark.parametrize("kind", ["sobol", "latin-hypercube"])
def test_a_sample_is_even_in_each_factor(designed: Callable[..., Design], kind: str) -> None:
    """Of 64 points, 32 lie in either half; of a logarithmic factor, in the halves of the log."""
    table = design_table(designed(MIXED, f"design.kind={kind}", "design.points=64"))
    assert (table["guarantee"] < 0.55).sum() == 32
    assert (table["memory"] < math.sqrt(0.01 * 0.2)).sum() == 32
    assert table["election"].sum() == 32


def test_more_points_of_a_sobol_design_go_on_where_fewer_end(
    designed: Callable[..., Design],
) -> None:
    few, many = design_table(designed(MIXED)), design_table(designed(MIXED, "design.points=64"))
    assert few.equals(many.head(16))


@pytest.mark.parametrize("kind", ["sobol", "latin-hypercube"])
def test_the_seed_decides_a_sample(designed: Callable[..., Design], kind: str) -> None:
    first, again, other = (
        design_table(designed(MIXED, f"design.kind={kind}", f"design.seed={seed}"))
        for seed in (1, 1, 2)
    )
    assert first.equals(again)
    assert not first.equals(other)


# Axes.


@given(
    st.floats(1e-6, 1e3),
    st.floats(1.001, 1e4),
    st.sampled_from(["linear", "log"]),
    st.integers(2, 50),
    st.lists(st.floats(0, 1, exclude_max=True), min_size=1),
)
def test_no_level_and_no_sampled_value_leaves_its_axis(
    low: float, ratio: float, scale: str, count: int, shares: list[float]
) -> None:
    high = low * ratio
    axis = Axis("x", ("k",), (0.0,), "", "", "number", low, high, scale, count=count)  # type: ignore[arg-type]
    levels = axis.levels()
    assert levels[0] == low
    assert levels[-1] == high
    assert (np.diff(levels) > 0).all()
    assert axis.ends() == [low, high]
    sampled = axis.sampled(np.array(shares))
    assert (low <= sampled).all()
    assert (sampled <= high).all()


def test_months_on_a_grid_are_every_month_unless_the_file_says(
    designed: Callable[..., Design],
) -> None:
    text = GRID.replace(
        'key = "dyads.BRAVO-CHARLIE.threat"\nlow = 0.1\nhigh = 0.9\nsteps = 5',
        'key = "events.embargo.date"\nlow = "2030-11"\nhigh = "2031-03"',
    )
    months = ["2030-11", "2030-12", "2031-01", "2031-02", "2031-03"]
    assert sorted(set(designed(text).values[1].tolist())) == months
    assert sorted(set(designed(text, "factors.fear.steps=3").values[1].tolist())) == months[::2]
