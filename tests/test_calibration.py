"""Calibration in memory: observations, priors, likelihood, sampling, and what a sample says."""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from alliancesim import batch
from alliancesim.calibration import silence as silences
from alliancesim.calibration.density import Density
from alliancesim.calibration.diagnostics import diagnostics
from alliancesim.calibration.discrepancy import covariance, discrepancy_of
from alliancesim.calibration.fitting import fit
from alliancesim.calibration.inference import OBSERVED, inference_data
from alliancesim.calibration.prediction import VOLATILITIES, predicted
from alliancesim.calibration.reading import LoadedCalibration, load_calibration
from alliancesim.calibration.sampling import required
from alliancesim.calibration.shrinkage import shrinkage
from alliancesim.calibration.targets import targets_of
from alliancesim.coefficients import NAMES, defaults
from alliancesim.scenario import library
from alliancesim.scenario.problems import InputError
from calibrations import SAMPLED, loaded, written

AMPLITUDES = st.tuples(*[st.floats(0.01, 1.0)] * 2)


@pytest.fixture(scope="module")
def trial(tmp_path_factory: pytest.TempPathFactory) -> LoadedCalibration:
    """The calibration of three coefficients."""
    return loaded(tmp_path_factory.mktemp("trial"))


@pytest.fixture(scope="module")
def density(trial: LoadedCalibration) -> Density:
    """What is sampled in it."""
    return trial.density()


def test_predictions_are_levels_and_changes_of_the_path_without_shocks(
    trial: LoadedCalibration,
) -> None:
    """What is predicted of an observation stands on the path of a run with all volatilities 0."""
    targets = trial.targets
    vectors = np.tile(np.array(defaults()), (3, 1))
    vectors[1, NAMES.index("warm")] = 0.3
    found = predicted(targets, vectors)
    silent = np.where(VOLATILITIES, 0.0, vectors)
    pair = batch.Pair(targets.world, targets.world)
    paths = batch.trajectories(
        pair, seed=3, run_numbers=range(3), series=targets.series, coefficients=silent
    )[0]
    for place, label in enumerate(targets.labels):
        month = [targets.world.date(m) for m in range(19)].index(targets.dates[place])
        expected = paths[:, month, targets.column[place]]
        if label == "coded-1":
            expected = expected - paths[:, 2, targets.column[place]]
        if label == "coded-2":
            expected = expected - paths[:, 15, targets.column[place]]
        assert (found[:, place] == expected).all(), label
    assert targets.groups == ("opinion", "opinion", "opinion", "change_cohesion", "change_cohesion")


def test_some_observations_are_predicted_as_among_all(trial: LoadedCalibration) -> None:
    """Leaving observations out changes nothing about the others."""
    targets = trial.targets
    mask = np.array([True, False, True, False, True])
    some = targets.only(mask)
    assert some.labels == ("poll-1", "poll-3", "coded-2")
    vectors = np.array(defaults())[None]
    assert (predicted(some, vectors) == predicted(targets, vectors)[:, mask]).all()


@given(AMPLITUDES, st.lists(st.floats(-1, 1), min_size=5, max_size=5), st.floats(1, 100))
def test_likelihood_is_that_of_the_whole_covariance(
    trial: LoadedCalibration, amplitudes: tuple[float, float], off: list[float], memory: float
) -> None:
    """Along the axes of the scaled kernel, the density is the multivariate normal's, whole and of
    each observation given the others."""
    targets, residuals = trial.targets, np.array(off)
    discrepancy = discrepancy_of(targets, memory)
    whole = covariance(targets, memory, dict(zip(discrepancy.groups, amplitudes, strict=True)))
    sizes = np.array(amplitudes)
    expected = stats.multivariate_normal.logpdf(residuals, cov=whole)
    found = discrepancy.log_likelihood(residuals[None], sizes[None])
    assert found[0] == pytest.approx(expected, rel=1e-9, abs=1e-9)
    spread = discrepancy.outward * np.sqrt(discrepancy.variances(sizes))
    assert spread @ spread.T == pytest.approx(whole, rel=1e-9, abs=1e-12)
    alone = discrepancy.left_out(residuals[None], sizes[None])[0]
    for place in range(5):
        rest = np.arange(5) != place
        marginal = stats.multivariate_normal.logpdf(residuals[rest], cov=whole[rest][:, rest])
        assert alone[place] == pytest.approx(expected - marginal, rel=1e-7, abs=1e-7)


def test_discrepancy_of_levels_has_a_memory_and_of_changes_none(trial: LoadedCalibration) -> None:
    """Polls of one dyad eight months apart hang together by exp(-8/24); nothing else does."""
    whole = covariance(trial.targets, 24.0, {"opinion": 0.1, "change_cohesion": 0.2})
    expected = np.diag(trial.targets.errors**2 + np.array([0.01, 0.01, 0.01, 0.04, 0.04]))
    expected[0, 1] = expected[1, 0] = 0.01 * np.exp(-8 / 24)
    assert whole == pytest.approx(expected)


@given(st.lists(st.floats(0.001, 0.999), min_size=5, max_size=5))
def test_priors_are_log_normal_within_the_range(density: Density, shares: list[float]) -> None:
    """The prior's density is scipy's truncated normal of the logarithm, for each number."""
    priors = density.priors
    ends = [(end - priors.centre) / priors.spread for end in (priors.low, priors.high)]
    law = stats.truncnorm(*ends, loc=priors.centre, scale=priors.spread)
    point = law.ppf(np.array(shares))
    assert priors.log_density(point[None])[0] == pytest.approx(law.logpdf(point).sum())
    wanted = np.exp(law.ppf(0.3))
    assert priors.quantiles([0.3])[0] == pytest.approx(wanted)
    assert priors.log_density((priors.high + 0.01)[None])[0] == -np.inf


def test_draws_from_the_prior_follow_it(density: Density) -> None:
    """Draws lie within the range and are spread as the quantiles say."""
    points = density.priors.drawn(4000, np.random.default_rng(1))
    assert np.isfinite(density.priors.log_density(points)).all()
    below = (np.exp(points) < density.priors.quantiles([0.25])).mean(axis=0)
    assert below == pytest.approx(0.25, abs=0.03)


def test_density_is_prior_times_likelihood_and_nothing_is_run_outside(density: Density) -> None:
    """Points outside the range have density 0, also beside others; the others are not touched."""
    points = density.priors.drawn(4, np.random.default_rng(2))
    expected = density.priors.log_density(points) + density.log_likelihood(points)
    points[2] = density.priors.high + 1.0
    found = density.log_density(points)
    assert found[2] == -np.inf
    assert found[[0, 1, 3]] == pytest.approx(expected[[0, 1, 3]], rel=1e-12)


def test_a_short_fit_is_repeatable_and_holds_what_is_fixed(trial: LoadedCalibration) -> None:
    """Equal seeds give equal bits on any number of threads, and what is held stays."""
    fits = [
        fit(
            trial.targets,
            trial.calibration,
            seed=4,
            steps=30,
            fixed={"warm": 0.0},
            draws=20,
            threads=threads,
        )
        for threads in (1, 2)
    ]
    assert (fits[0].points == fits[1].points).all()
    assert fits[0].names == ("erode", "forget")
    assert fits[0].vectors.shape == (20, len(NAMES))
    assert (fits[0].vectors[:, NAMES.index("warm")] == 0.0).all()
    assert (fits[0].vectors[:, NAMES.index("erode")] == fits[0].values[:, 0]).all()
    other = fit(trial.targets, trial.calibration, seed=5, steps=30, start=fits[0], draws=20)
    assert other.names == SAMPLED
    assert len(np.unique(other.values[:, 1])) > 10


def test_a_fit_finds_the_coefficient_that_made_the_observations(trial: LoadedCalibration) -> None:
    """Precise observations made with another value than the prior's median bring that value."""
    scenario = trial.base.scenario
    polls = {
        f"poll-{month}": scenario.observations["poll-1"].model_copy(update={"date": month})
        for month in (f"2030-{m:02d}" for m in range(4, 13))
    }
    targets = targets_of(scenario.model_copy(update={"observations": polls}))
    truth = np.array(defaults())
    truth[NAMES.index("warm")] = 0.12
    made = predicted(targets, truth[None])[0]
    exact = type(targets)(
        **{**vars(targets), "values": made, "errors": np.full(len(targets), 0.001)}
    )
    fixed = {"forget": truth[NAMES.index("forget")], "erode": truth[NAMES.index("erode")]}
    found = fit(exact, trial.calibration, seed=1, steps=300, fixed=fixed, draws=400)
    low, high = np.quantile(found.values[:, 0], [0.05, 0.95])
    assert low < 0.12 < high
    assert high < 0.2
    assert np.median(found.amplitudes) < 0.1


def test_shrinkage_says_what_the_record_has_taught(density: Density) -> None:
    """Draws like the prior are not identified; narrower ones are; moved ones are partly."""
    points = density.priors.drawn(20_000, np.random.default_rng(3))
    untouched = shrinkage(density.priors, points)
    assert set(untouched["word"]) == {"not"}
    assert untouched["shrinkage"].abs().max() < 0.05
    assert untouched["median"].to_numpy() == pytest.approx(
        untouched["prior_median"].to_numpy(), rel=0.05
    )
    centre = np.median(points[:, 0])
    points[:, 0] = centre + 0.2 * (points[:, 0] - centre)
    points[:, 1] -= 0.8 * density.priors.spread[1]
    touched = shrinkage(density.priors, points)
    assert list(touched["word"][:3]) == ["identified", "partly", "not"]
    assert touched["shrinkage"][0] == pytest.approx(0.8, abs=0.02)
    assert touched["shift"][1] == pytest.approx(-0.8, abs=0.05)


def test_ensembles_that_disagree_are_seen() -> None:
    """Independent draws have r-hat 1 and count fully; an ensemble elsewhere raises r-hat."""
    random = np.random.default_rng(4)
    chains = random.standard_normal((4, 50, 12, 2))
    chains[0, ..., 1] += 1.0
    found = diagnostics(chains, ("calm", "odd"), thin=5)
    assert found["r_hat"][0] < 1.01
    assert found["r_hat"][1] > 1.05
    assert found["ess_bulk"][0] > 1500
    assert 4 < found["autocorrelation"][0] < 8


def test_the_path_without_shocks_is_the_mean_where_there_are_none(
    trial: LoadedCalibration, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With shocks of size 0 the difference is 0 in every group; with shocks it is not."""
    vector = np.array(defaults())
    shaken = silences.silence(trial.targets, vector, seed=1, runs=20)
    assert list(shaken["observations"]) == [2, 1, 2]
    assert (shaken["largest"] > 0).all()
    none = type(defaults())(*np.where(VOLATILITIES, 0.0, vector))
    monkeypatch.setattr(silences, "defaults", lambda: none)
    still = silences.silence(trial.targets, vector, seed=1, runs=20)
    assert still["largest"].max() < 1e-12


def test_inference_data_carry_units_sources_and_what_is_predicted(density: Density) -> None:
    """Every group is there, with the observations' labels, and numbers in their own units."""
    points = density.priors.drawn(12, np.random.default_rng(5)).reshape(2, 6, -1)
    found = inference_data(density, points, np.random.default_rng(6), {"title": "Trial", "n": 5})
    assert found.posterior["warm"].values == pytest.approx(np.exp(points[..., 1]))
    assert found.posterior["warm"].attrs["units"] == "per month"
    assert found.posterior["warm"].attrs["source"]
    assert found.posterior.attrs["title"] == "Trial"
    assert found.posterior_predictive[OBSERVED].shape == (2, 6, 5)
    assert list(found.log_likelihood["observation"].values) == list(density.targets.labels)
    assert (found.observed_data[OBSERVED].values == density.targets.values).all()
    assert found.prior.sizes["draw"] == 12


def test_a_missing_library_is_the_users_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without the extra, the message says how to get it."""
    monkeypatch.setitem(sys.modules, "emcee", None)
    with pytest.raises(InputError, match=r"\.\[calibration\]"):
        required("emcee")


@pytest.mark.parametrize(
    ("settings", "words"),
    [
        (("fixed.wram=0.1",), "Did you mean 'warm'?"),
        (("fixed.sour=7",), "fixed.sour is 7: expected a number from 0 to 1"),
        (("priors.opinion_volatility.spread=1",), "no size of shocks"),
        (("priors.sour.spread=1",), "both here and in fixed"),
        (("priors.warm.median=2",), "priors.warm.median is 2: expected a number between 0 and 1"),
        (("priors.warm.sauce='x'",), "one of median, spread, source"),
        (("priors.warm.source='x'",), "priors.warm is empty"),
        (("observations.form='2030-01'",), "Did you mean 'from'?"),
        (("observations.from='2031-01'", "observations.until='2030-01'"), "from 2031-01 on"),
        (("observations.until='2029-01'",), "at least one that has a value"),
        (("observations.without=['pol', 'xyz']",), "observations.without is 'xyz'"),
        (("sampler.walkers=8",), "at least 10, twice the 5 numbers"),
        (("sampler.walkers=15",), "an even number"),
        (("sampler.steps=122",), "a multiple of sampler.thin, 4"),
        (("sampler.steps=60",), "at least 8 steps kept"),
        (("sampler.draws=9999",), "at most the 640 points kept"),
        (("scenario='flul'",), "Did you mean 'full'?"),
        (("actors.ALFA.hazard=3",), "actors.ALFA.hazard"),
    ],
)
def test_what_is_wrong_with_a_calibration_is_said(
    tmp_path: Path, settings: tuple[str, ...], words: str
) -> None:
    """Each mistake gives a message that names the key and what was expected."""
    with pytest.raises(InputError) as caught:
        loaded(tmp_path, settings)
    assert words in str(caught.value)


def test_every_problem_is_told_at_once(tmp_path: Path) -> None:
    """Mistakes in several tables are all reported."""
    with pytest.raises(InputError) as caught:
        loaded(tmp_path, ("fixed.nonsense=1", "sampler.walkers=15", "priors.warm.median=2"))
    assert len(caught.value.problems) == 3


def test_an_observation_without_error_cannot_be_fitted(tmp_path: Path) -> None:
    """A value without a standard error is refused by its label; left out, it does no harm."""
    path = written(tmp_path)
    scenario = tmp_path / "full.toml"
    scenario.write_text(scenario.read_text("utf-8").replace("error = 0.08\n", ""), "utf-8")
    with pytest.raises(InputError, match=r"observations\.poll-2\.error is missing"):
        load_calibration(str(path))
    assert len(load_calibration(str(path), ["observations.without=['poll-2']"]).targets) == 4


def test_priors_of_the_file_override_the_register(tmp_path: Path) -> None:
    """A median or spread of the file replaces the register's; the rest stays."""
    before = loaded(tmp_path).density().priors
    after = loaded(tmp_path, ("priors.warm.median=0.2", "priors.erode.spread=0.1")).density().priors
    assert np.exp(after.centre) == pytest.approx(
        [*np.exp(before.centre[:1]), 0.2, *np.exp(before.centre[2:])]
    )
    assert after.spread == pytest.approx([0.1, *before.spread[1:]])


def test_what_the_scenario_sets_is_held_unless_there_is_a_prior(tmp_path: Path) -> None:
    """A coefficient that the scenario sets or switches off is not sampled, save with a prior."""
    held = loaded(tmp_path, ("coefficients.warm=0.07", "without=['erode']")).density().priors
    assert held.coefficients == ("forget",)
    assert (held.base.warm, held.base.erode) == (0.07, 0.0)
    given_one = loaded(tmp_path, ("coefficients.warm=0.07", "priors.warm.spread=0.5"))
    assert "warm" in given_one.density().priors.coefficients


def test_texts_do_not_change_the_digest_and_numbers_do(tmp_path: Path) -> None:
    """Title and sources may be mended while a calibration is under way; numbers may not."""
    first = loaded(tmp_path).digest()
    assert loaded(tmp_path, ("title='Other'", "validation.split='2030-12'")).digest() == first
    assert loaded(tmp_path, ("dyads.ALFA-BRAVO.opinion=0.3",)).digest() != first
    assert loaded(tmp_path, ("priors.warm.median=0.2",)).digest() != first
    assert loaded(tmp_path, ("discrepancy.memory=12.0",)).digest() != first
    scenario = tmp_path / "full.toml"
    scenario.write_text(
        scenario.read_text("utf-8").replace("value = 0.05", "value = 0.06"), "utf-8"
    )
    assert load_calibration(str(tmp_path / "trial.toml")).digest() != first


@pytest.mark.parametrize("name", library.CALIBRATIONS.names())
def test_shipped_calibrations_are_valid(name: str) -> None:
    """Every shipped calibration loads, samples what the register lets it, and has observations."""
    found = load_calibration(name)
    assert len(found.targets) > 50
    assert len(found.density().priors.coefficients) > 20
    density = found.density()
    points = density.priors.drawn(4, np.random.default_rng(0))
    assert np.isfinite(density.log_density(points)).all()
