"""The batch kernel: the bits of the Mesa model, whatever threads, lanes, blocks and worlds."""

from __future__ import annotations

import dataclasses
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from alliancesim import batch
from alliancesim.arrays import Array
from alliancesim.batch import ALLIANCE, Pair, Series
from alliancesim.coefficients import REGISTER, Coefficients
from alliancesim.ensemble import Ensemble, simulate
from alliancesim.lanes.blocks import Kept, run_blocks
from alliancesim.lanes.inputs import Alike
from alliancesim.measures.outcomes import late_means
from alliancesim.scenario.library import SCENARIOS
from alliancesim.scenario.reading import load
from alliancesim.world import World, build_world
from worlds import documents, scenario_of


def _pair(name: str) -> Pair:
    """Return a shipped scenario's world and twin."""
    scenario = load(name).scenario
    return Pair(build_world(scenario), build_world(scenario, wedge=False))


def _by_mesa(pair: Pair, runs: int, seed: int) -> Array:
    """Return all trajectories by the Mesa model."""
    return simulate(*pair, runs=runs, seed=seed, engine="mesa").states


@pytest.fixture(scope="module")
def pair() -> Pair:
    return _pair("observed-backfire")


@pytest.mark.parametrize("name", SCENARIOS.names())
def test_every_shipped_scenario_has_the_bits_of_the_mesa_model(name: str) -> None:
    """On whole trajectories of world and twin."""
    pair = _pair(name)
    states = simulate(*pair, runs=3, seed=7, engine="batch").states
    assert states.tobytes() == _by_mesa(pair, 3, 7).tobytes()


@given(
    document=documents(most=7),
    seed=st.integers(0, 2**64 - 1),
    runs=st.integers(1, 11),
)
@settings(max_examples=100)
def test_any_world_of_two_to_seven_actors_has_the_bits_of_the_mesa_model(
    document: dict[str, Any], seed: int, runs: int
) -> None:
    scenario = scenario_of(document)
    pair = Pair(build_world(scenario), build_world(scenario, wedge=False))
    found = simulate(*pair, runs=runs, seed=seed, engine="batch")
    assert found.states.tobytes() == _by_mesa(pair, runs, seed).tobytes()


@pytest.mark.parametrize("threads", [1, 2, 3, 7])
def test_the_number_of_threads_moves_no_bit(pair: Pair, threads: int) -> None:
    """Over several tasks of several blocks each, so that threads do meet."""
    numbers = range(9000)
    found = batch.late_means([pair], seed=3, run_numbers=numbers, threads=threads)
    alone = batch.late_means([pair], seed=3, run_numbers=numbers[8990:], threads=1)
    np.testing.assert_array_equal(found[:, :, 8990:], alone)


@pytest.mark.parametrize("lanes", [8, 16, 24, 64, 120])
def test_the_size_of_a_block_moves_no_bit(pair: Pair, lanes: int) -> None:
    numbers = np.arange(50, dtype=np.uint64)
    blocks = batch.blocks_of(1, numbers, alike=True, lanes=lanes)
    assert blocks.numbers.shape[1] <= lanes
    wanted = batch._wanted(pair.world, averaged=(ALLIANCE,))
    kept = Kept(np.full((50, 2, 1), np.nan), np.empty((2, 0, 0, 0)))
    sides = batch.stacked([pair.world]), batch.stacked([pair.twin])
    seed, keys, lenses = np.uint64(5), pair.world.keys, (Alike(), Alike())
    run_blocks(sides, lenses, blocks, 0, blocks.first.size, seed, keys, wanted, kept)
    expected = batch.late_means([pair], seed=5, run_numbers=numbers)[0]
    np.testing.assert_array_equal(np.moveaxis(kept.late, 1, 0), expected)


@given(
    worlds=st.integers(1, 70),
    runs=st.integers(1, 200),
    lanes=st.sampled_from([8, 32, 64]),
    shift=st.integers(0, 1000),
    alike=st.booleans(),
)
def test_blocks_make_every_run_of_every_world_once(
    worlds: int, runs: int, lanes: int, shift: int, alike: bool
) -> None:
    """Each row of the result is one lane of one block, with its own world and run number."""
    numbers = np.arange(shift, shift + runs, dtype=np.uint64)
    blocks = batch.blocks_of(worlds, numbers, alike=alike, lanes=lanes)
    seen = {}
    for b in range(blocks.first.size):
        assert 0 < blocks.size[b] <= blocks.numbers.shape[1] <= lanes
        for lane in range(blocks.size[b]):
            row = int(blocks.first[b]) + lane
            assert row not in seen
            seen[row] = (int(blocks.places[b, lane]), int(blocks.numbers[b, lane]))
        if alike:
            assert np.unique(blocks.places[b]).size == 1
    expected = [(world, int(number)) for world in range(worlds) for number in numbers]
    assert [seen[row] for row in range(worlds * runs)] == expected


def _other(pair: Pair, draw: np.random.Generator) -> Pair:
    """Return a pair with other coefficients, baseline and drivers."""
    low = np.array([entry.low for entry in REGISTER])
    high = np.array([entry.high for entry in REGISTER])
    coefficients = Coefficients(*(low + draw.random(low.size) * (high - low) / 2))
    pragmatism = draw.random(pair.world.drivers.pragmatism.shape)
    threat = draw.random(pair.world.baseline.threat.shape)
    np.fill_diagonal(threat, 0.0)

    def change(world: World) -> World:
        return dataclasses.replace(
            world,
            coefficients=coefficients,
            baseline=world.baseline._replace(threat=threat),
            drivers=world.drivers._replace(pragmatism=pragmatism),
        )

    return Pair(change(pair.world), change(pair.twin))


def test_worlds_that_share_a_block_are_each_as_if_alone(
    pair: Pair, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Every world its own coefficients, baseline and drivers, run by run."""
    monkeypatch.setattr(batch, "FEWEST_MIXED", 1)
    draw = np.random.default_rng(1)
    pairs = [_other(pair, draw) for _ in range(45)]
    series = (ALLIANCE, Series("opinion", "KOR", "JPN"), Series("threat", "JPN", "CHN"))
    together = batch.late_means(pairs, seed=9, run_numbers=range(3), series=series)
    for place in (0, 17, 44):
        for run in range(3):
            states = _by_mesa(pairs[place], 3, 9)[:, run]
            i, j = (pair.world.actors.index(code) for code in ("KOR", "JPN"))
            opinion = late_means(states[:, :, 2, i, j], pair.world.window)
            np.testing.assert_array_equal(together[place, :, run, 1], opinion)
    alone = batch.late_means([pairs[17]], seed=9, run_numbers=range(3), series=series)
    np.testing.assert_array_equal(together[17], alone[0])


def test_worlds_of_different_shapes_can_be_run_together(pair: Pair) -> None:
    """Other months and other strategies make another stack, and the same numbers."""
    scenario = load("court-only").scenario
    shorter = Pair(build_world(scenario, months=8), build_world(scenario, wedge=False, months=8))
    together = batch.late_means([pair, shorter, pair], seed=2, run_numbers=range(9))
    np.testing.assert_array_equal(together[0], together[2])
    alone = batch.late_means([shorter], seed=2, run_numbers=range(9))
    np.testing.assert_array_equal(together[1], alone[0])


def test_late_means_are_the_means_of_the_last_months_of_trajectories(pair: Pair) -> None:
    series = (ALLIANCE, Series("suspicion", "KOR", "CHN"))
    late = batch.late_means([pair], seed=4, run_numbers=range(5), series=series)
    paths = batch.trajectories(pair, seed=4, run_numbers=range(5), series=series)
    expected = late_means(np.moveaxis(paths, 3, 2), pair.world.window)
    np.testing.assert_array_equal(late[0], expected)


def test_an_ensemble_too_large_to_hold_answers_as_one_that_is_held(
    pair: Pair, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Paths, states, first runs and digest; runs are then made anew for every question."""
    held = simulate(*pair, runs=30, seed=6)
    monkeypatch.setattr("alliancesim.ensemble.LARGEST_HELD", 60_000)
    large = simulate(*pair, runs=30, seed=6)
    assert held.held is not None
    assert large.held is None
    assert large.digest() == held.digest()
    np.testing.assert_array_equal(large.states, held.states)
    np.testing.assert_array_equal(large.first(4).states, held.first(4).states)
    np.testing.assert_array_equal(large.alliance, held.alliance)
    assert large.state(1, 7, 9).threat.tobytes() == held.state(1, 7, 9).threat.tobytes()
    series = batch.all_series(pair.world)[:50]
    for ensemble in (held, large):
        for (_, paths), wanted in zip(ensemble.paths_in_turn(series), series, strict=True):
            np.testing.assert_array_equal(paths, held.paths((wanted,))[..., 0])


def test_both_engines_give_the_same_ensemble(pair: Pair) -> None:
    """Alliance cohesion too, which one adds up in lanes and the other from trajectories."""
    engines: list[Ensemble] = [
        simulate(*pair, runs=5, seed=8, engine="batch"),
        simulate(*pair, runs=5, seed=8, engine="mesa"),
    ]
    assert engines[0].alliance.tobytes() == engines[1].alliance.tobytes()
    assert engines[0].digest() == engines[1].digest()


def test_a_series_that_the_world_does_not_have_is_refused(pair: Pair) -> None:
    for wanted in (
        Series("opinion"),
        Series("opinion", "KOR", "XYZ"),
        Series("mood", "KOR", "JPN"),
    ):
        with pytest.raises(ValueError, match="no such series"):
            batch.late_means([pair], seed=1, run_numbers=[0], series=(wanted,))


def test_progress_counts_every_run_once(pair: Pair) -> None:
    """It ends at the number of runs of all worlds together, and never goes back."""
    seen: list[int] = []
    batch.late_means([pair] * 3, seed=1, run_numbers=range(5000), progress=seen.append)
    assert seen == sorted(seen)
    assert seen[-1] == 15_000


def _vectors(count: int) -> np.ndarray:
    """Return vectors of coefficients within the register's ranges, shape (count, coefficients)."""
    low = np.array([entry.low for entry in REGISTER])
    high = np.array([entry.high for entry in REGISTER])
    return low + np.random.default_rng(4).random((count, low.size)) * (high - low) / 2


def test_runs_with_coefficients_of_their_own_are_each_as_if_alone(pair: Pair) -> None:
    """World and twin of every run have the run's coefficients, over several blocks."""
    vectors = _vectors(70)
    series = (ALLIANCE, Series("opinion", "KOR", "JPN"))
    found = batch.trajectories(
        pair, seed=6, run_numbers=range(70), series=series, coefficients=vectors
    )
    late = batch.late_means([pair], seed=6, run_numbers=range(70), coefficients=vectors)
    for run in (0, 1, 23, 69):
        own = Coefficients(*vectors[run].tolist())
        alone = Pair(*(dataclasses.replace(side, coefficients=own) for side in pair))
        expected = batch.trajectories(alone, seed=6, run_numbers=[run], series=series)
        np.testing.assert_array_equal(found[:, run], expected[:, 0])
        expected_late = batch.late_means([alone], seed=6, run_numbers=[run])
        np.testing.assert_array_equal(late[:, :, run], expected_late[:, :, 0])


@pytest.mark.parametrize("count", [1, 2, 7, 61])
def test_one_run_under_many_vectors_is_each_as_if_alone(pair: Pair, count: int) -> None:
    """Also those that run in the twin's place, and where their number is odd."""
    vectors = _vectors(count)
    series = (ALLIANCE, Series("opinion", "KOR", "JPN"))
    found = batch.paths_by_coefficients(pair.world, vectors, seed=6, run_number=3, series=series)
    assert found.shape == (count, pair.world.months + 1, 2)
    for place, vector in enumerate(vectors):
        world = dataclasses.replace(pair.world, coefficients=Coefficients(*vector.tolist()))
        alone = batch.trajectories(Pair(world, world), seed=6, run_numbers=[3], series=series)
        np.testing.assert_array_equal(found[place], alone[0, 0])
