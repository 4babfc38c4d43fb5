"""The stream of shocks: the published generator, standard normals, and keys that keep apart."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray
from scipy import stats

from alliancesim.shocks import (
    SHOCKED_STATES,
    actor_key,
    draw_row,
    dyad_shocks,
    normal_pair,
    philox,
)

DRAWS = 20_000

KEPT_KEY = 1842825490
KEPT_SHOCK = [
    "0x1.c776cd73d87d3p-3",
    "-0x1.f95dcea8f870dp-5",
    "0x1.2accf672905a7p-1",
    "-0x1.36226b0f1ca68p-1",
]


def _words(*numbers: int) -> tuple[np.uint64, ...]:
    return tuple(np.uint64(number) for number in numbers)


@pytest.mark.parametrize(
    ("counter", "key", "expected"),
    [
        ((0, 0, 0, 0), (0, 0), (0x6627E8D5, 0xE169C58D, 0xBC57AC4C, 0x9B00DBD8)),
        (
            (0xFFFFFFFF,) * 4,
            (0xFFFFFFFF,) * 2,
            (0x408F276D, 0x41C83B0E, 0xA20BC7C6, 0x6D5451FD),
        ),
        (
            (0x243F6A88, 0x85A308D3, 0x13198A2E, 0x03707344),
            (0xA4093822, 0x299F31D0),
            (0xD16CFE09, 0x94FDCCEB, 0x5001E420, 0x24126EA1),
        ),
    ],
    ids=["zeros", "ones", "pi"],
)
def test_philox_gives_the_published_answers(
    counter: tuple[int, ...], key: tuple[int, ...], expected: tuple[int, ...]
) -> None:
    """Known answers of the authors' library Random123, file kat_vectors, philox4x32 10."""
    assert tuple(int(word) for word in philox(_words(*counter), _words(*key))) == expected


def test_the_stream_has_not_moved() -> None:
    """One shock, kept from the first release: every digest of every result depends on it."""
    key_a, key_b = np.uint64(actor_key("ALFA")), np.uint64(actor_key("BRAVO"))
    found = dyad_shocks(np.uint64(1), np.uint64(2), np.uint64(3), key_a, key_b)
    assert [value.hex() for value in found] == KEPT_SHOCK


def test_a_shock_is_philox_of_its_address() -> None:
    """Run, month, holder and object are the counter; the two halves of the seed are the key."""
    seed = (7 << 32) + 5
    words = philox(_words(11, 12, 13, 14), _words(5, 7))
    expected = (*normal_pair(words[0], words[1]), *normal_pair(words[2], words[3]))
    assert dyad_shocks(np.uint64(seed), *_words(11, 12, 13, 14)) == expected


def test_normal_pair_is_box_and_muller() -> None:
    """Words give (radius cos, radius sin) with radius**2 = -2 ln u and u the middle of its cell."""
    a, b = 123_456_789, 3_000_000_000
    radius = np.sqrt(-2 * np.log((a + 0.5) / 2**32))
    angle = 2 * np.pi * b / 2**32
    expected = (radius * np.cos(angle), radius * np.sin(angle))
    assert np.allclose(normal_pair(np.uint64(a), np.uint64(b)), expected, rtol=1e-13)


@pytest.mark.parametrize("word", [0, 2**32 - 1])
def test_the_most_extreme_words_give_finite_normals(word: int) -> None:
    radius = max(abs(value) for value in normal_pair(np.uint64(word), np.uint64(0)))
    assert radius <= 6.77
    assert np.isfinite(radius)


def _sample(*, seed: int = 1, of: str = "ALFA", toward: str = "BRAVO") -> NDArray[np.float64]:
    """Return shocks of one dyad, shape (months 100, runs 200, states 4)."""
    i, j = np.uint64(actor_key(of)), np.uint64(actor_key(toward))
    return np.array(
        [
            [
                dyad_shocks(np.uint64(seed), np.uint64(run), np.uint64(month), i, j)
                for run in range(DRAWS // 100)
            ]
            for month in range(100)
        ]
    )


@pytest.fixture(scope="module")
def sample() -> NDArray[np.float64]:
    """Shocks of one dyad."""
    return _sample()


@pytest.mark.parametrize("state", range(4), ids=SHOCKED_STATES)
def test_each_shock_is_standard_normal(sample: NDArray[np.float64], state: int) -> None:
    """Moments, the bulk (Kolmogorov-Smirnov) and the tails are those of the normal."""
    values = sample[:, :, state].ravel()
    error = 1 / np.sqrt(DRAWS)
    assert abs(values.mean()) < 4 * error
    assert abs(values.var() - 1) < 4 * np.sqrt(2) * error
    assert abs(stats.skew(values)) < 4 * np.sqrt(6) * error
    assert abs(stats.kurtosis(values)) < 4 * np.sqrt(24) * error
    assert stats.kstest(values, "norm").pvalue > 0.001
    for edge in (2.0, 3.0):
        expected = DRAWS * stats.norm.sf(edge)
        for tail in ((values > edge).sum(), (values < -edge).sum()):
            assert abs(tail - expected) < 4 * np.sqrt(expected)


def _correlation(a: NDArray[np.float64], b: NDArray[np.float64]) -> float:
    return float(abs(np.corrcoef(a.ravel(), b.ravel())[0, 1]) * np.sqrt(a.size))


def test_shocks_to_different_states_are_independent(sample: NDArray[np.float64]) -> None:
    """No pair of states correlates, in values or in squares (Box-Muller pairs share a radius)."""
    for a in range(4):
        for b in range(a):
            assert _correlation(sample[..., a], sample[..., b]) < 4
            assert _correlation(sample[..., a] ** 2, sample[..., b] ** 2) < 4


def test_shocks_in_different_months_and_runs_are_independent(
    sample: NDArray[np.float64],
) -> None:
    assert _correlation(sample[1:], sample[:-1]) < 4
    assert _correlation(sample[:, 1:], sample[:, :-1]) < 4
    # Swapping run and month would repeat the stream along the diagonal.
    square = sample[:, :100]
    off = ~np.eye(100, dtype=bool)
    assert _correlation(square[off], square.transpose(1, 0, 2)[off]) < 6


@pytest.mark.parametrize(
    "other",
    [
        {"seed": 2},
        {"seed": 1 + (1 << 32)},
        {"of": "BRAVO", "toward": "ALFA"},
        {"toward": "CHARLIE"},
        {"of": "CHARLIE"},
    ],
    ids=["seed", "high half of the seed", "direction", "object", "holder"],
)
def test_another_seed_or_dyad_meets_other_shocks(
    sample: NDArray[np.float64], other: dict[str, int]
) -> None:
    found = _sample(**other)  # type: ignore[arg-type]
    assert not np.isin(found, sample).any()
    assert _correlation(found, sample) < 4


@given(st.permutations(["ALFA", "BRAVO", "CHARLIE", "DELTA"]), st.integers(2, 4))
def test_order_and_number_of_actors_move_no_shock(order: list[str], number: int) -> None:
    """A dyad's shocks stay the same wherever its actors stand and whoever else is there."""
    listed = order[:number]
    keys = np.array([actor_key(name) for name in listed], dtype=np.uint64)
    seed, run, month = np.uint64(3), np.uint64(4), np.uint64(5)
    for i, of in enumerate(listed):
        row = draw_row(seed, run, month, keys, i)
        assert (row[i] == 0.0).all()
        for j, toward in enumerate(listed):
            if i != j:
                i_key, j_key = np.uint64(actor_key(of)), np.uint64(actor_key(toward))
                assert tuple(row[j]) == dyad_shocks(seed, run, month, i_key, j_key)


def test_a_key_depends_on_the_name_alone_and_fills_32_bits() -> None:
    names = [f"ACTOR{number}" for number in range(2000)]
    keys = [actor_key(name) for name in names]
    assert actor_key("ALFA") == KEPT_KEY
    assert len(set(keys)) == len(names)
    assert min(keys) >= 0
    assert 2**31 < max(keys) < 2**32
