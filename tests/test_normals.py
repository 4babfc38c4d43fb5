"""The kernel's normals, in millions: moments, tails, distribution, and nothing that repeats.

Every statistic must lie where a sample of independent standard normals lies with a probability of
1 - ``FALSE_ALARM``. Seeds are fixed, so a test that passes keeps passing; the probability says how
often a sound generator would have failed for the choice of seed alone.
"""

from __future__ import annotations

from itertools import combinations

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy import stats

from alliancesim.arrays import Array
from alliancesim.lanes.blocks import draw
from alliancesim.shocks import SHOCKED_STATES, actor_key

FALSE_ALARM = 1e-6
BOUND = float(stats.norm.isf(FALSE_ALARM / 2))

RUNS, MONTHS = 20_000, 3
KEYS = np.array([actor_key(name) for name in ("ALFA", "BRAVO", "CHARLIE", "DELTA")], np.uint64)
APART = ~np.eye(KEYS.size, dtype=bool)
SEED = 20_261_124


def _drawn(seed: int, months: int = MONTHS, runs: int = RUNS) -> Array:
    """Return shocks as blocks of runs meet them, shape (months, ordered dyads, states, runs)."""
    numbers = np.arange(runs, dtype=np.uint64)
    shocks = np.zeros((KEYS.size, KEYS.size, len(SHOCKED_STATES), runs))
    out = []
    for month in range(1, months + 1):
        draw(np.uint64(seed), numbers, month, KEYS, shocks)
        out.append(shocks[APART].copy())
    return np.stack(out)


@pytest.fixture(scope="module")
def sample() -> Array:
    """Near three million shocks, shape (months, ordered dyads, states, runs)."""
    return _drawn(SEED)


def _of_state(sample: Array, state: int) -> Array:
    return sample[:, :, state].ravel()


@pytest.mark.parametrize("state", range(4), ids=SHOCKED_STATES)
def test_moments_are_those_of_the_standard_normal(sample: Array, state: int) -> None:
    """Mean 0, variance 1, skewness 0, excess kurtosis 0, within their own standard errors."""
    values = _of_state(sample, state)
    error = 1.0 / np.sqrt(values.size)
    assert abs(values.mean()) < BOUND * error
    assert abs(values.var() - 1.0) < BOUND * np.sqrt(2.0) * error
    assert abs(stats.skew(values)) < BOUND * np.sqrt(6.0) * error
    assert abs(stats.kurtosis(values)) < BOUND * np.sqrt(24.0) * error


@pytest.mark.parametrize("edge", [2.0, 3.0, 4.0, 5.0])
@pytest.mark.parametrize("side", [1.0, -1.0], ids=["above", "below"])
def test_tails_hold_as_many_as_they_should(sample: Array, edge: float, side: float) -> None:
    """Counts beyond 2 to 5 standard deviations lie within the bounds of the binomial."""
    count = int((side * sample > edge).sum())
    expected = stats.binom(sample.size, stats.norm.sf(edge))
    assert expected.ppf(FALSE_ALARM / 2) <= count <= expected.isf(FALSE_ALARM / 2)


@pytest.mark.parametrize("state", range(4), ids=SHOCKED_STATES)
def test_the_whole_distribution_is_the_normal(sample: Array, state: int) -> None:
    """The largest gap between the distributions (Kolmogorov-Smirnov), and 1,000 equal cells."""
    values = _of_state(sample, state)
    assert stats.kstest(values, "norm").pvalue > FALSE_ALARM
    cells = np.bincount((stats.norm.cdf(values) * 1000).astype(int), minlength=1000)
    assert stats.chisquare(cells).pvalue > FALSE_ALARM


def _apart(one: Array, other: Array) -> None:
    """Require that two samples correlate neither in values nor in squares."""
    for a, b in ((one, other), (one**2, other**2), (one, other**2), (one**2, other)):
        correlation = np.corrcoef(a.ravel(), b.ravel())[0, 1]
        assert abs(correlation) * np.sqrt(a.size) < BOUND


@pytest.mark.parametrize(("a", "b"), list(combinations(range(4), 2)))
def test_shocks_of_one_dyad_to_different_states_are_independent(
    sample: Array, a: int, b: int
) -> None:
    """Also jointly: two of them fill a board of 20 by 20 equal fields evenly."""
    one, other = _of_state(sample, a), _of_state(sample, b)
    _apart(one, other)
    fields = [(stats.norm.cdf(values) * 20).astype(int) for values in (one, other)]
    board = np.bincount(20 * fields[0] + fields[1], minlength=400)
    assert stats.chisquare(board).pvalue > FALSE_ALARM


def test_shocks_of_different_dyads_are_independent(sample: Array) -> None:
    """Every pair of ordered dyads and states, the two directions of a dyad included."""
    rows = sample.transpose(1, 2, 0, 3).reshape(-1, MONTHS * RUNS)
    upper = np.triu_indices(rows.shape[0], 1)
    for values in (rows, rows**2):
        correlations = np.corrcoef(values)[upper] * np.sqrt(values.shape[1])
        assert np.abs(correlations).max() < stats.norm.isf(FALSE_ALARM / 2 / upper[0].size)


@pytest.mark.parametrize("lag", [1, 2, 8, 64])
def test_neighbouring_runs_are_independent(sample: Array, lag: int) -> None:
    """Runs are counters of the generator; one that mixed too little would show it here."""
    _apart(sample[..., lag:], sample[..., :-lag])


def test_months_are_independent(sample: Array) -> None:
    _apart(sample[1:], sample[:-1])


@pytest.mark.parametrize("step", [1, 2, 1 << 31, 1 << 32, 1 << 63])
def test_seeds_are_independent(sample: Array, step: int) -> None:
    """Seeds that differ in a single bit, low or high, give streams that share nothing."""
    other = _drawn(SEED ^ step, months=1)
    _apart(sample[:1], other)
    assert not np.isin(sample[0, 0], other).any()


def test_no_shock_repeats(sample: Array) -> None:
    """Of near three million values of 52 bits none should; a repeated stream would repeat all."""
    words: NDArray[np.float64] = np.sort(sample.ravel())
    assert (np.diff(words) == 0.0).sum() <= 2
