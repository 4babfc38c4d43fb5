"""Every forecaster on every split of the record: fitted, foretold, scored.

Which observations are judged is not chosen here but in splits, before anything is fitted.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from alliancesim.calibration.fitting import Draws
from alliancesim.calibration.reading import LoadedCalibration
from alliancesim.language import message
from alliancesim.scenario.problems import InputError
from alliancesim.validation import tables
from alliancesim.validation.baselines import Known, foretold, no_change, reference
from alliancesim.validation.fits import LAWS, MODEL, Effort, Fit, Progress, fits_of, posteriors
from alliancesim.validation.forecasts import bands, carried_on, foretold_by, shaken_paths
from alliancesim.validation.keeping import Kept
from alliancesim.validation.splits import Split, splits_of
from alliancesim.validation.tables import NO_CHANGE, Judged

CARRIED_ON = "model from last residual"
"""The law as a whole, its last residuals carried on."""

FORECASTERS: Mapping[str, str] = {
    MODEL: message(
        "the law as a whole, fitted; it starts from the scenario's baseline and sees every event"
        " of the scenario, but no observation other than through its coefficients"
    ),
    CARRIED_ON: message(
        "the same, and what it left unexplained of observations from before the months in"
        " question, which fades with the memory of its discrepancy"
    ),
    "balance alone": message(
        "structural balance with what it needs, all other mechanisms off, fitted the"
        " same way; it sees the same events"
    ),
    "threat alone": message(
        "balance of threat with what it needs, all other mechanisms off, fitted the"
        " same way; it sees the same events"
    ),
    NO_CHANGE: message(
        "the last observed level from before the months in question, its random walk learned"
        " from the fitted observations; a coded change is 0"
    ),
    "last trend": message(
        "a straight line through observations from before the months in question; a coded"
        " change repeats the one before"
    ),
    "opinion alone": message(
        "levels of opinion return to their mean; a coded change follows the change of"
        " mutual opinion that this foretells; it sees no poll of the months in question"
    ),
}
"""What each forecaster sees, by name."""


@dataclass(frozen=True)
class Hindcast:
    """Every forecast and its score.

    Attributes:
        splits: which observations were fitted and judged.
        paths: the model's quantities month by month, see :func:`tables.paths`.
        predictions: every forecast, see :func:`tables.predictions`.
        scores: see :func:`tables.scores`.
        coefficients: the model's posteriors, see :func:`tables.coefficients`.
    """

    splits: tuple[Split, ...]
    paths: pd.DataFrame
    predictions: pd.DataFrame
    scores: pd.DataFrame
    coefficients: pd.DataFrame

    @property
    def tables(self) -> dict[str, pd.DataFrame]:
        """Return the tables by name."""
        return {
            "paths": self.paths,
            "predictions": self.predictions,
            "scores": self.scores,
            "coefficients": self.coefficients,
        }


def planned(loaded: LoadedCalibration, processes: int | None = None) -> list[Fit]:
    """Return the fits that a hindcast needs, split by split and law by law.

    Args:
        loaded: a calibration; its table ``validation`` says what is to be done.
        processes: fits at a time; as many as there are cores if None.

    Raises:
        InputError: if the observations cannot be split as asked.
    """
    scenario, calibration = loaded.base.scenario, loaded.calibration
    try:
        splits = splits_of(loaded.targets, calibration, scenario)
    except InputError as error:
        file = str(loaded.file)
        raise InputError(replace(problem, file=file) for problem in error.problems) from None
    asked = calibration.validation
    effort = Effort(asked.steps, asked.draws, calibration.sampler.seed, processes)
    return fits_of(splits, scenario, calibration, effort)


def hindcast(
    fits: Sequence[Fit], progress: Progress | None = None, kept: Kept | None = None
) -> Hindcast:
    """Fit, foretell and score.

    Args:
        fits: what is to be fitted, see :func:`planned`.
        progress: called with what is being fitted and the number of fits done.
        kept: where fits are kept as they are done, and read where they were done before.

    Returns:
        Forecasts and scores; equal input gives equal numbers, on any number of cores.
    """
    made = (posteriors if kept is None else kept.posteriors)(fits, progress)
    judged = []
    for begin in range(0, len(fits), len(LAWS)):
        together = fits[begin : begin + len(LAWS)]
        found = {fit.law: next(made) for fit in together}
        judged.append(_judged(together[0], found))
    made.close()
    return Hindcast(
        tuple(found.split for found in judged),
        pd.concat([tables.paths(found) for found in judged], ignore_index=True),
        pd.concat([tables.predictions(found) for found in judged], ignore_index=True),
        tables.scores(judged),
        pd.concat([tables.coefficients(found) for found in judged], ignore_index=True),
    )


def _judged(fit: Fit, posterior: Mapping[str, Draws]) -> Judged:
    """Return everything foretold in one split."""
    split, targets, effort = fit.split, fit.targets, fit.effort
    misfit = fit.calibration.discrepancy
    places = np.flatnonzero(split.judged)
    known = Known(targets, split.fitted, split.known, effort.draws, effort.seed)
    paths = {law: shaken_paths(targets, draws, effort.seed) for law, draws in posterior.items()}
    forecasts = {
        law: foretold_by(targets, draws, paths[law], misfit, effort.seed)
        for law, draws in posterior.items()
    }
    if split.in_sample:
        # The others have nothing in sample that could be compared with a fit.
        forecasts[NO_CHANGE] = no_change(known, places)
    else:
        forecasts[CARRIED_ON] = carried_on(
            targets, posterior[MODEL], known.past, misfit, effort.seed
        )
        forecasts |= dict(foretold(known, places))
    return Judged(
        split,
        targets,
        reference(known, places),
        places,
        forecasts,
        bands(targets, posterior[MODEL], paths[MODEL], misfit, effort.seed),
        posterior[MODEL],
    )
