"""The fits of every split and idea, several at a time in processes of their own.

How one fit is made is calibration's; nothing is foretold or scored here.
"""

from __future__ import annotations

import math
import multiprocessing
import os
import signal
from collections.abc import Callable, Generator, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from alliancesim.calibration.density import density_of
from alliancesim.calibration.fitting import Draws, fit
from alliancesim.calibration.prediction import predicted
from alliancesim.calibration.schema import Calibration
from alliancesim.calibration.targets import Targets, targets_of
from alliancesim.scenario.schema import Scenario
from alliancesim.validation.splits import Split
from alliancesim.validation.theories import IDEAS, switched_off

MODEL = "model"
"""The law as a whole."""

Fixed = Mapping[str, float]
"""Coefficients that are held, with their values."""

FIXED: Mapping[str, Fixed] = {
    MODEL: {},
    **{idea: switched_off(kept) for idea, kept in IDEAS.items()},
}
"""What is held in each of the laws that validation fits."""

LAWS = tuple(FIXED)
"""The forecasters that are fitted: the law as a whole, and with all but one idea switched off."""

WALKERS = 2.5
"""Walkers for each number that is sampled: some more than the twice that the sampler needs."""

Progress = Callable[[str, int], None]


@dataclass(frozen=True)
class Effort:
    """How much work a fit is given, from the table ``validation`` of a calibration.

    Attributes:
        steps: of the ensemble of walkers, of which the first half is not used; a law of which a
            part is switched off, with fewer coefficients, has half as many.
        draws: from each posterior.
        seed: of all random numbers.
        processes: fits at a time; as many as there are cores if None.
    """

    steps: int
    draws: int
    seed: int
    processes: int | None


@dataclass(frozen=True)
class Fit:
    """One law fitted to the fitted observations of one split.

    Attributes:
        split: the split.
        law: its name.
        targets: all observations, in the world of the split.
        calibration: priors and discrepancy.
        effort: how much work it is given.
        fixed: coefficients that are held.
    """

    split: Split
    law: str
    targets: Targets
    calibration: Calibration
    effort: Effort
    fixed: Fixed = field(default_factory=dict)

    def draws(self) -> Draws:
        """Return the posterior; nothing but the fitted observations enters."""
        effort, targets = self.effort, self.targets.only(self.split.fitted)
        numbers = len(density_of(targets, self.calibration, fixed=self.fixed).priors.names)
        return fit(
            targets,
            self.calibration,
            seed=effort.seed,
            steps=effort.steps // 2 if self.fixed else effort.steps,
            fixed=self.fixed,
            walkers=2 * math.ceil(WALKERS * numbers / 2.0),
            draws=effort.draws,
            threads=1,
        )


def fits_of(
    splits: Sequence[Split],
    scenario: Scenario,
    calibration: Calibration,
    effort: Effort,
    laws: Mapping[str, Fixed] = FIXED,
) -> list[Fit]:
    """Return every fit that is to be made: of each law to each split.

    Args:
        splits: which observations are fitted, and which judged.
        scenario: what happened.
        calibration: priors and discrepancy.
        effort: how much work each fit is given.
        laws: what is held in each law, by its name.
    """
    found = []
    for split in splits:
        targets = targets_of(_without(scenario, split.without), calibration.observations)
        found += [
            Fit(split, law, targets, calibration, effort, fixed) for law, fixed in laws.items()
        ]
    return found


def _without(scenario: Scenario, labels: Sequence[str]) -> Scenario:
    """Return a scenario in which some events do not happen."""
    events = {
        label: event.model_copy(update={"enabled": False}) if label in labels else event
        for label, event in scenario.events.items()
    }
    return scenario.model_copy(update={"events": events})


def posteriors(
    fits: Sequence[Fit], progress: Progress | None = None
) -> Generator[Draws, None, None]:
    """Yield the posterior of each fit, in their order; the numbers do not hang on the processes.

    Args:
        fits: what is to be fitted.
        progress: called with what is being fitted and the number of fits done.
    """
    workers = min(fits[0].effort.processes or os.cpu_count() or 1, len(fits))
    if workers > 1:
        # So that the law is compiled once, here, and not in every process.
        targets = fits[0].targets
        predicted(targets, np.array([targets.world.coefficients]), threads=1)
    with _mapping(workers) as mapped:
        for done, draws in enumerate(mapped(Fit.draws, fits), start=1):
            if progress is not None:
                following = fits[min(done, len(fits) - 1)]
                progress(f"{following.split.name}, {following.law}", done)
            yield draws


@contextmanager
def _mapping(workers: int) -> Iterator[Callable[..., Iterator[Any]]]:
    """Yield what maps a function over fits, here or in processes that end with the block."""
    if workers == 1:
        yield map
        return
    context = multiprocessing.get_context("spawn")
    with context.Pool(workers, initializer=_leave_interrupts_to_parent) as pool:
        yield pool.imap


def _leave_interrupts_to_parent() -> None:
    """Ignore Ctrl-C, which reaches every process: the parent ends this one."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
