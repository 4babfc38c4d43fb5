"""The defaults are what the shipped calibration found."""

from __future__ import annotations

import numpy as np
import pytest

from alliancesim.coefficients import IDENTIFIED, REGISTER
from alliancesim.fitted import CALIBRATION, FITTED
from alliancesim.posterior.draws import load_posterior
from alliancesim.scenario.library import CALIBRATIONS

DRAWN = [entry for entry in REGISTER if entry.prior_spread > 0.0]


def test_the_defaults_come_from_a_calibration_that_ships() -> None:
    assert CALIBRATION in CALIBRATIONS.names()
    assert load_posterior("default").about["calibration"] == CALIBRATION


def test_every_coefficient_with_a_prior_was_fitted_and_no_other() -> None:
    assert set(FITTED) == {entry.name for entry in DRAWN}
    assert set(load_posterior("default").names) == set(FITTED)


@pytest.mark.parametrize("entry", DRAWN, ids=lambda entry: entry.name)
def test_a_default_is_the_median_of_the_shipped_draws(entry: object) -> None:
    """To within what a sample of some hundred draws can say: a fifth of the posterior's spread."""
    posterior = load_posterior("default")
    drawn = np.log(posterior.values[:, posterior.names.index(entry.name)])  # type: ignore[attr-defined]
    fitted = FITTED[entry.name]  # type: ignore[attr-defined]
    assert entry.default == fitted.median  # type: ignore[attr-defined]
    assert abs(np.median(drawn) - np.log(fitted.median)) < 0.2 * drawn.std()
    low, high = np.quantile(drawn, [0.05, 0.95])
    assert abs(low - np.log(fitted.low90)) < 0.5 * drawn.std()
    assert abs(high - np.log(fitted.high90)) < 0.5 * drawn.std()


@pytest.mark.parametrize("entry", REGISTER, ids=lambda entry: entry.name)
def test_only_what_the_record_identifies_counts_as_fitted(entry: object) -> None:
    """And the former default stays recorded as the prior's median."""
    fitted = FITTED.get(entry.name)  # type: ignore[attr-defined]
    known = fitted is not None and fitted.learned >= IDENTIFIED
    assert (entry.basis == "fitted") is known  # type: ignore[attr-defined]
    assert entry.low < entry.prior_median < entry.high  # type: ignore[attr-defined]


def test_the_sampling_behind_the_shipped_draws_arrived() -> None:
    """R-hat over independent ensembles and effective sample size, as the sample itself tells."""
    about = load_posterior("default").about
    assert about["r_hat_worst"] < 1.05
    assert about["ess_least"] > 400
