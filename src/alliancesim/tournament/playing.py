"""A tournament from its plan to its tables.

Neither a theory nor a score is defined here; what is foretold is foretold by validation.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from alliancesim.arrays import Array
from alliancesim.calibration.fitting import Draws
from alliancesim.calibration.reading import LoadedCalibration
from alliancesim.coefficients import NAMES
from alliancesim.posterior.draws import Posterior
from alliancesim.scenario.reading import Loaded
from alliancesim.study import DEFAULT_SEED
from alliancesim.tournament.contest import episodes_table
from alliancesim.tournament.entries import is_rival
from alliancesim.tournament.foreseen import Progress, foreseen
from alliancesim.tournament.scoreboard import predictions_table, scoreboard_table
from alliancesim.validation import tables
from alliancesim.validation.baselines import Known, no_change, reference
from alliancesim.validation.fits import Effort, Fit, fits_of
from alliancesim.validation.forecasts import Forecast, foretold_by, shaken_paths
from alliancesim.validation.splits import FORECAST, IN_SAMPLE, LEFT_OUT, splits_of
from alliancesim.validation.tables import NO_CHANGE, Judged
from alliancesim.validation.theories import Theory, switched_off

STEPS = 1000
"""Steps of a fit of the law as a whole, the first half burn; theories have half as many. Half of
what the shipped calibration asks for, so that all fits together stay within minutes."""


@dataclass(frozen=True)
class Asked:
    """How a tournament is played.

    Attributes:
        runs: of the scenario for each theory; 200 if left out, 800 where coefficients are drawn.
        seed: of the scenario's shocks.
        posterior: draws of the coefficients for the scenario, if they are drawn.
        steps: of a fit, if not the program's own number.
        processes: fits at a time; as many as there are cores if None.
    """

    runs: int | None = None
    seed: int = DEFAULT_SEED
    posterior: Posterior | None = None
    steps: int | None = None
    processes: int | None = None


@dataclass(frozen=True)
class Tournament:
    """What was found.

    Attributes:
        theories: those that took part.
        asked: how it was played.
        scenario: the scenario, if there was one.
        record: the calibration whose observations were foretold, if any were.
        tables: ``theories``; of a scenario ``scenario``; of a record ``episodes``, ``scoreboard``,
            ``predictions`` and ``coefficients``.
    """

    theories: tuple[Theory, ...]
    asked: Asked
    scenario: Loaded | None
    record: LoadedCalibration | None
    tables: Mapping[str, pd.DataFrame]


def planned(record: LoadedCalibration, theories: Sequence[Theory], asked: Asked) -> list[Fit]:
    """Return the fits that a record needs, split by split and theory by theory.

    Args:
        record: a calibration; its table ``validation`` says where time is split.
        theories: those that take part.
        asked: how much work each fit is given.

    Raises:
        InputError: if the observations cannot be split as asked.
    """
    scenario, calibration = record.base.scenario, record.calibration
    wanted = calibration.validation
    splits = [
        split
        for split in splits_of(record.targets, calibration, scenario)
        if split.name.startswith((FORECAST, LEFT_OUT)) and not split.without
    ]
    effort = Effort(
        asked.steps or min(STEPS, wanted.steps),
        wanted.draws,
        calibration.sampler.seed,
        asked.processes,
    )
    laws = {theory.name: switched_off(theory.kept) for theory in theories}
    return fits_of(splits, scenario, calibration, effort, laws)


def play(
    theories: Sequence[Theory],
    asked: Asked,
    *,
    scenario: Loaded | None = None,
    record: LoadedCalibration | None = None,
    fits: Sequence[Fit] = (),
    posteriors: Iterable[Draws] = (),
    progress: Progress | None = None,
) -> Tournament:
    """Hold the theories against a scenario, a record, or both.

    Args:
        theories: those that take part, see :func:`alliancesim.tournament.entries.entered`.
        asked: how it is played.
        scenario: the scenario, if any.
        record: the calibration, if any.
        fits: what is fitted to it, see :func:`planned`.
        posteriors: the posterior of each fit, in their order.
        progress: called with what is being run of the scenario.

    Returns:
        The tables; equal input gives equal numbers, on any number of cores.
    """
    made = {"theories": theories_table(theories)}
    fitted: Mapping[str, Draws] = {}
    if record is not None:
        judged, fitted = _judged(fits, posteriors)
        judged.append(_at_defaults(record, theories, fits[0].effort))
        made |= _of_record(judged, fitted, theories, fits[0].effort.seed)
    if scenario is not None:
        made["scenario"] = foreseen(
            scenario,
            theories,
            runs=asked.runs,
            seed=asked.seed,
            posterior=asked.posterior,
            fitted=fitted,
            progress=progress,
        )
    return Tournament(tuple(theories), asked, scenario, record, made)


def theories_table(theories: Sequence[Theory]) -> pd.DataFrame:
    """Return what each theory is.

    Columns: ``theory``, ``title``, ``works``, ``says``, ``own`` and ``kept`` coefficients, and
    ``limits``: what of it the law cannot express.
    """
    return pd.DataFrame(
        [
            {
                "theory": theory.name,
                "title": theory.title,
                "works": theory.works,
                "says": theory.says,
                "own": " ".join(theory.own),
                "kept": " ".join(theory.kept),
                "limits": theory.limits,
            }
            for theory in theories
        ]
    )


def _judged(
    fits: Sequence[Fit], posteriors: Iterable[Draws]
) -> tuple[list[Judged], dict[str, Draws]]:
    """Return what was foretold, split by split, and the posteriors of the split in time."""
    by_split: dict[str, list[tuple[Fit, Draws]]] = {}
    for fit, draws in zip(fits, posteriors, strict=True):
        by_split.setdefault(fit.split.name, []).append((fit, draws))
    judged = [
        _foretold(pairs[0][0], {fit.law: draws for fit, draws in pairs})
        for pairs in by_split.values()
    ]
    return judged, {fit.law: draws for fit, draws in by_split.get(FORECAST, [])}


def _at_defaults(record: LoadedCalibration, theories: Sequence[Theory], effort: Effort) -> Judged:
    """Return what the theories say of everything at the coefficients that ship, in sample.

    Sizes of the discrepancy are drawn from their prior, the same for all.
    """
    scenario, calibration = record.base.scenario, record.calibration
    splits = splits_of(record.targets, calibration, scenario)
    split = next(split for split in splits if split.name == IN_SAMPLE)
    law = np.array(record.targets.world.coefficients)
    held = {
        theory.name: _unfitted(law, switched_off(theory.kept), effort.draws) for theory in theories
    }
    (fit,) = fits_of([split], scenario, calibration, effort, {IN_SAMPLE: {}})
    return _foretold(fit, held)


def _unfitted(law: Array, off: Mapping[str, float], draws: int) -> Draws:
    """Return one vector of coefficients, some switched off, as often as there are draws."""
    vector = np.where([name in off for name in NAMES], 0.0, law)
    nothing = np.empty((draws, 0))
    return Draws((), nothing, np.tile(vector, (draws, 1)), (), nothing, nothing)


def _foretold(fit: Fit, posterior: Mapping[str, Draws]) -> Judged:
    """Return what every theory foretells in one split, and what no change would."""
    split, targets, effort = fit.split, fit.targets, fit.effort
    misfit, places = fit.calibration.discrepancy, np.flatnonzero(split.judged)
    known = Known(targets, split.fitted, split.known, effort.draws, effort.seed)
    forecasts: dict[str, Forecast] = {
        name: foretold_by(
            targets, draws, shaken_paths(targets, draws, effort.seed), misfit, effort.seed
        )
        for name, draws in posterior.items()
    }
    forecasts[NO_CHANGE] = no_change(known, places)
    *_, last = posterior.values()
    return Judged(split, targets, reference(known, places), places, forecasts, (), last)


def _of_record(
    judged: Sequence[Judged],
    fitted: Mapping[str, Draws],
    theories: Sequence[Theory],
    seed: int,
) -> dict[str, pd.DataFrame]:
    """Return the tables of a record."""
    rivals = [theory.name for theory in theories if is_rival(theory)]
    episodes = episodes_table(judged, rivals, seed)
    made = {
        "episodes": episodes,
        "scoreboard": scoreboard_table(judged, rivals, episodes),
        "predictions": predictions_table(judged),
    }
    coefficients = [
        tables.coefficients(found._replace(draws=draws)).assign(theory=name)
        for found in judged
        if found.split.name == FORECAST
        for name, draws in fitted.items()
    ]
    return made | ({"coefficients": pd.concat(coefficients)} if coefficients else {})
