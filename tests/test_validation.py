"""Scores, splits and baselines: against closed forms, simulations, and numbers worked by hand."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from alliancesim.calibration.discrepancy import kernel
from alliancesim.calibration.fitting import Draws
from alliancesim.calibration.prediction import predicted
from alliancesim.calibration.schema import Calibration, Misfit
from alliancesim.coefficients import NAMES, REGISTER
from alliancesim.scenario.problems import InputError
from alliancesim.scenario.schema import Scenario
from alliancesim.validation import scores
from alliancesim.validation.baselines import (
    Known,
    last_trend,
    no_change,
    opinion_alone,
    reference,
    sizes,
)
from alliancesim.validation.forecasts import carried_on, foretold_by, shaken_paths
from alliancesim.validation.hindcasting import FORECASTERS
from alliancesim.validation.reversion import Reversion
from alliancesim.validation.splits import Split, episodes_of, splits_of
from alliancesim.validation.theories import IDEAS, switched_off
from alliancesim.world import World
from hindcasts import HELD_OUT, polled, small

NUMBERS = st.floats(-1.0, 1.0)


def _normal_crps(z: float) -> float:
    """Return the score of a standard normal (Gneiting and Raftery 2007, equation 21)."""
    return float(z * (2 * stats.norm.cdf(z) - 1) + 2 * stats.norm.pdf(z) - 1 / np.sqrt(np.pi))


@pytest.mark.parametrize("z", [0.0, 0.7, -2.0])
@pytest.mark.parametrize("size", [2, 7])
def test_crps_of_few_samples_is_that_of_a_normal_on_average(z: float, size: int) -> None:
    """The estimator is fair: however few the samples, its mean is the closed form."""
    samples = np.random.default_rng(1).standard_normal((size, 100_000))
    found = scores.crps(samples, np.full(100_000, z)).mean()
    assert found == pytest.approx(_normal_crps(z), abs=0.012)


@given(st.lists(NUMBERS, min_size=2, max_size=8), NUMBERS, NUMBERS, st.floats(0.1, 10.0))
def test_crps_moves_and_scales_with_what_is_foretold(
    values: list[float], observed: float, shift: float, scale: float
) -> None:
    """Neither the zero of a scale nor the order of samples counts, and its unit is carried over."""
    samples, seen = np.array(values)[:, None], np.array([observed])
    found = scores.crps(samples, seen)
    again = scores.crps(scale * samples[::-1] + shift, scale * seen + shift)
    assert again == pytest.approx(scale * found, abs=1e-9)
    pairs = np.abs(samples - samples.T)[np.triu_indices(len(values), 1)]
    assert found == pytest.approx(np.abs(samples - seen).mean() - 0.5 * pairs.mean(), abs=1e-12)


def test_signs_are_counted_where_there_are_any() -> None:
    """A forecast of 0 and an observed change of 0 are no case; a coin does better by chance."""
    found = scores.signs(np.array([1.0, -1.0, 0.0, 2.0, 3.0]), np.array([2.0, 1.0, 1.0, 0.0, 1.0]))
    assert (found.hits, found.cases) == (2, 3)
    assert found.by_coin == pytest.approx(0.5)
    assert scores.signs(np.zeros(3), np.ones(3)).by_coin == 1.0


def test_observations_of_one_cluster_count_as_one() -> None:
    """Repeating every observation of a cluster a hundred times narrows no interval."""
    values, clusters = np.array([0.1, 0.4, 0.2, 0.9]), np.arange(4)
    once = scores.clustered_mean(values, clusters)
    often = scores.clustered_mean(np.repeat(values, 100), np.repeat(clusters, 100))
    assert often == pytest.approx(once)
    assert once.low < once.estimate < once.high
    assert scores.clustered_mean(values[:2], clusters[:2]).high == np.inf


# Splits.


def _splits(folder: Path, *settings: str) -> list[Split]:
    loaded = small(folder, settings=settings)
    return splits_of(loaded.targets, loaded.calibration, loaded.base.scenario)


def test_splits_hold_out_what_they_say(tmp_path: Path) -> None:
    """By month, once more without some events, by episode with all its polls, and all in sample."""
    targets = small(tmp_path).targets
    found = {split.name: split for split in _splits(tmp_path)}
    assert list(found) == [
        "forecast",
        "forecast without second",
        "without-E1",
        "without-E2",
        "without-E3",
        "all",
    ]

    def judged(name: str) -> list[str]:
        return [targets.labels[place] for place in np.flatnonzero(found[name].judged)]

    assert judged("forecast") == judged("forecast without second") == list(HELD_OUT)
    assert found["forecast without second"].without == ("second-squeeze",)
    assert judged("without-E1") == ["a-1", "a-2", "b-1", "coded-1"]
    assert judged("without-E2") == ["a-3", "b-2", "coded-2"]
    assert judged("without-E3") == list(HELD_OUT)
    assert [found[f"without-E{number}"].known for number in (1, 2, 3)] == [0, 10, 16]
    assert all(
        (split.fitted ^ split.judged).all() for split in found.values() if split.name != "all"
    )
    assert found["all"].in_sample
    assert found["all"].fitted.all()
    assert found["all"].judged.all()


def test_a_change_that_reaches_into_an_episode_is_held_out_with_it(
    world: World, full: Scenario
) -> None:
    """Changes that share a month with the episode are held out, those that touch it are not."""
    targets = polled(world, [5, 8, 12], [0.1] * 3, [0.1] * 3, since=[0, 4, 8])
    assert episodes_of(targets) == (("E1", 0, 5), ("E2", 4, 8), ("E3", 8, 12))
    asked = Calibration(title="t", question="q", scenario="s")
    judged = {split.name: split.judged.tolist() for split in splits_of(targets, asked, full)}
    assert judged["without-E2"] == [True, True, False]
    assert judged["without-E3"] == [False, False, True]


@pytest.mark.parametrize(
    "month",
    ["2029-12", "2032-05"],
)
def test_a_split_that_holds_nothing_is_refused(tmp_path: Path, month: str) -> None:
    """Nothing to fit, or nothing to judge, is the user's error."""
    with pytest.raises(InputError) as caught:
        _splits(tmp_path, f"validation.split={month}")
    assert [problem.key for problem in caught.value.problems] == ["validation.split"]


# Baselines.


def _known(world: World, values: list[float], until: int, *, error: float = 0.02) -> Known:
    """Return levels of one poll every second month, known up to one of them."""
    months = [2 * number + 2 for number in range(len(values))]
    targets = polled(world, months, values, [error] * len(values))
    return Known(targets, targets.month <= until, until, 4000, 1)


def test_no_change_is_a_random_walk_from_the_last_level(world: World) -> None:
    """Its mean is the last known level; its spread grows with the root of the months ahead."""
    known = _known(world, [0.1, 0.2, 0.1, 0.2, 0.1, 0.2, 0.9, 0.9], 12)
    found = no_change(known, np.array([6, 7]))
    assert found.mean == pytest.approx([0.2, 0.2])
    assert np.median(found.samples, axis=0) == pytest.approx([0.2, 0.2], abs=0.01)
    near, far = np.quantile(found.samples, 0.75, axis=0) - 0.2
    assert far / near == pytest.approx(np.sqrt(2), rel=0.1)
    assert reference(known, np.array([6, 7])) == pytest.approx([0.2, 0.2])


def test_what_nobody_asked_before_starts_from_the_baseline(world: World) -> None:
    """Without a known level no change means the scenario's baseline."""
    targets = polled(world, [2, 4], [0.5, 0.5], [0.02, 0.02])
    known = Known(targets, np.array([False, False]), 1, 100, 1)
    assert reference(known, np.array([0])) == pytest.approx([world.baseline.opinion[0, 1]])


def test_a_change_without_change_is_0_and_the_last_trend_repeats_the_last_one(
    world: World,
) -> None:
    """Of coded changes +0.2, −0.1 and +0.3 the next is 0, or +0.3 again."""
    targets = polled(
        world,
        [4, 8, 12, 16],
        [0.2, -0.1, 0.3, 0.0],
        [0.05] * 4,
        since=[0, 4, 8, 12],
        variable="cohesion",
    )
    known = Known(targets, np.array([True, True, True, False]), 12, 8000, 1)
    flat, trend = no_change(known, np.array([3])), last_trend(known, np.array([3]))
    assert (flat.mean, trend.mean) == (pytest.approx([0.0]), pytest.approx([0.3]))
    assert np.median(flat.samples) == pytest.approx(0.0, abs=0.02)
    assert np.median(trend.samples) == pytest.approx(0.3, abs=0.03)
    # Nothing is said of opinion, so that the regression on it foretells no change.
    assert opinion_alone(known, np.array([3])).mean == pytest.approx([0.0])


def test_the_last_trend_goes_on_along_its_line(world: World) -> None:
    """Levels on a straight line are foretold exactly; a level too few for a line does not move."""
    line = [0.05 * number for number in range(8)]
    assert last_trend(_known(world, line, 12), np.array([6, 7])).mean == pytest.approx(line[6:])
    assert last_trend(_known(world, line, 6), np.array([6])).mean == pytest.approx([line[2]])
    steep = [0.3 * number - 0.9 for number in range(8)]
    found = last_trend(_known(world, steep, 12), np.array([7]))
    assert (found.mean.max(), found.samples.max()) == (1.0, 1.0)


def test_opinion_returns_to_its_mean(world: World) -> None:
    """After a leap, opinion is expected on the way back: between the leap and the mean before."""
    known = _known(world, [0.1, 0.12, 0.08, 0.1, 0.11, 0.5, 0.0, 0.0], 12)
    near, far = opinion_alone(known, np.array([6, 7])).mean
    assert 0.1 < far < near < 0.5


def test_a_coded_change_follows_mutual_opinion(world: World) -> None:
    """Where changes were twice the moves of opinion, the next is foretold as twice its move."""
    polls = polled(
        world,
        [1, 5, 9, 13, 1, 5, 9, 13],
        [0.0, 0.2, -0.1, 0.2, 0.0, 0.2, -0.1, 0.2],
        [0.001] * 8,
        columns=[0, 0, 0, 0, 1, 1, 1, 1],
    )
    changes = polled(
        world, [5, 9, 13, 17], [0.4, -0.6, 0.6, 0.0], [0.01] * 4, since=[1, 5, 9, 13],
        variable="cohesion",
    )  # fmt: skip
    targets = replace(
        polls,
        series=(*polls.series, changes.series[0]),
        column=np.append(polls.column, [2] * 4),
        **{
            name: np.append(getattr(polls, name), getattr(changes, name))
            for name in ("month", "since", "values", "errors")
        },
        **{
            name: getattr(polls, name) + getattr(changes, name)
            for name in ("labels", "dates", "polls")
        },
    )
    fitted = np.arange(12) < 11
    known = Known(targets, fitted, 13, 2000, 1)
    reversion = Reversion.learned(targets, fitted, known.past)
    moved = [reversion.moved(place, known=fitted) for place in (8, 9, 10)]
    assert moved == pytest.approx([0.2, -0.3, 0.3], abs=0.01)
    expected = 2.0 * reversion.moved(11, known=known.past)
    assert opinion_alone(known, np.array([11])).mean == pytest.approx([expected], rel=0.05)
    assert expected < 0.0


def test_a_size_is_found_in_residuals() -> None:
    """Residuals with a known spread, beside their errors and months apart, give it back."""
    random = np.random.default_rng(2)
    months, errors = random.integers(1, 9, 400), np.full(400, 0.05)
    residuals = random.standard_normal(400) * np.sqrt(0.1**2 * months + errors**2)
    assert np.median(sizes(residuals, months, errors, 500, random)) == pytest.approx(0.1, rel=0.1)


def test_intervals_of_no_change_hold_what_random_walks_do(world: World) -> None:
    """On worlds that are what it takes them for, a baseline's intervals hold what they promise."""
    random = np.random.default_rng(3)
    held = []
    for _ in range(150):
        truth = np.cumsum(random.normal(0.0, 0.06, 12))
        values = (truth + random.normal(0.0, 0.02, 12)).tolist()
        known = replace(_known(world, values, 14), draws=400)
        places = np.array([7, 9, 11])
        found, seen = no_change(known, places).samples, known.targets.values[places]
        held.append([scores.coverage(found, seen, ends) for ends in (scores.HALF, scores.NINETY)])
    half, ninety = np.mean(held, axis=(0, 2))
    assert 0.42 < half < 0.62
    assert 0.84 < ninety < 0.97


# Fitted laws.


def _posterior(targets_groups: tuple[str, ...], draws: int, amplitude: float) -> Draws:
    """Return a posterior that knows the coefficients and the amplitudes."""
    vector = np.array([entry.default for entry in REGISTER])
    none = np.empty((draws, 0))
    amplitudes = np.full((draws, len(targets_groups)), amplitude)
    return Draws((), none, np.tile(vector, (draws, 1)), targets_groups, amplitudes, none)


def test_intervals_of_the_right_law_hold_what_they_promise(world: World) -> None:
    """Where a world is run by the law, the law's own intervals hold 50 and 90 % of what is seen."""
    months = np.arange(1, world.months + 1).tolist()
    targets = polled(world, months, [0.0] * len(months), [0.05] * len(months))
    posterior = _posterior(("opinion",), 1000, 0.1)
    forecast = foretold_by(targets, posterior, shaken_paths(targets, posterior, 1), Misfit(), 1)
    truth = foretold_by(targets, posterior, shaken_paths(targets, posterior, 2), Misfit(), 2)
    for ends, share in ((scores.HALF, 0.5), (scores.NINETY, 0.9)):
        held = [scores.coverage(forecast.samples, row, ends) for row in truth.samples[:300]]
        assert np.mean(held) == pytest.approx(share, abs=0.03)


def test_a_last_residual_is_carried_on_and_fades(world: World) -> None:
    """A poll far above the path lifts the next ones by the share that the likelihood implies."""
    targets = polled(world, [3, 4, 15], [0.0, 0.0, 0.0], [0.05, 0.05, 0.05])
    posterior = _posterior(("opinion",), 4000, 0.1)
    silent = predicted(targets, posterior.vectors[:1])[0]
    targets = replace(targets, values=silent + np.array([0.2, 0.0, 0.0]))
    past = np.array([True, False, False])
    found = carried_on(targets, posterior, past, Misfit(), 1)
    common = 0.01 * kernel(targets, Misfit().memory)
    lift = 0.2 * common[0] / (0.01 + 0.0025)
    assert found.mean[1:] - silent[1:] == pytest.approx(lift[1:], abs=0.01)
    assert lift[1] == pytest.approx(0.16 * np.exp(-1 / 24))


def test_an_idea_keeps_what_it_names_and_nothing_else() -> None:
    """Every mechanism that an idea keeps exists, and all others but the shocks are 0."""
    for idea, kept in IDEAS.items():
        off = switched_off(kept)
        assert set(kept) <= set(NAMES)
        assert set(off.values()) == {0.0}
        shocks = {entry.name for entry in REGISTER if entry.equation == "shocks"}
        assert set(off) | set(kept) | shocks == set(NAMES)
        assert idea in FORECASTERS
