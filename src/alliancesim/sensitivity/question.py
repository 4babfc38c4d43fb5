"""A question about sensitivity, put to an experiment and answered stage by stage.

No statistics stand here, only which stage comes when and what it takes from the one before.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.stats import qmc

from alliancesim.arrays import Array
from alliancesim.experiment.execution import Produce
from alliancesim.experiment.factors import Axis
from alliancesim.experiment.naming import EFFECT
from alliancesim.experiment.parts import ERROR, POINT
from alliancesim.experiment.reading import LoadedExperiment
from alliancesim.experiment.schema import MOST_POINTS
from alliancesim.measures.intervals import Draws
from alliancesim.posterior.nesting import draws_of_runs
from alliancesim.results.folder import check_free
from alliancesim.scenario.costs import Cost, refuse_absurd, seconds
from alliancesim.scenario.problems import InputError, Problem
from alliancesim.sensitivity import sampling
from alliancesim.sensitivity.alone import GRID, Alone, alone, one_at_a_time
from alliancesim.sensitivity.assumptions import register
from alliancesim.sensitivity.chance import Chance, chance
from alliancesim.sensitivity.indices import Indices, groups_of, indices
from alliancesim.sensitivity.screening import kept, screened
from alliancesim.sensitivity.stages import Outcomes, laid_out, planned, run_stage

STAGES = "stages"
"""Folder of the runs, within that of the results."""

STAGE_NAMES = SCREENING, INDICES, ALONE = "screening", "indices", "one-at-a-time"

COHESION = "cohesion"

Progress = Callable[[str, int], None]
"""Told what is being done, and how many runs of world and twin are done."""


@dataclass(frozen=True)
class Question:
    """What is asked of an experiment.

    Attributes:
        factors: how many factors get indices of their own at most, the strongest in the screening;
            None gives one to every factor.
        trajectories: of the screening, each of which moves every factor once.
        samples: blocks of points from which indices are estimated, a power of two.
        runs: of each point in both.
        runs_alone: of each value of a factor that is moved alone.
    """

    factors: int | None = 16
    trajectories: int = 20
    samples: int = 1024
    runs: int = 32
    runs_alone: int = 200


@dataclass(frozen=True)
class Sensitivity:
    """What is asked, and the answer.

    Attributes:
        loaded: the experiment.
        question: what was asked.
        outcome: ``effect``, or ``cohesion`` where the scenario has no wedge.
        margin: of the scenario's verdict, or None where it has no wedge.
        screening: every factor by mu*; see :func:`alliancesim.sensitivity.screening.screened`.
        indices: first and total indices.
        chance: what shocks make of the variance.
        alone: what factors do one at a time.
        assumptions: every number of scenario and law, ranked.
        failed: number of points that were no valid scenarios.
    """

    loaded: LoadedExperiment
    question: Question
    outcome: str
    margin: float | None
    screening: pd.DataFrame
    indices: Indices
    chance: Chance
    alone: Alone
    assumptions: pd.DataFrame
    failed: int


def outcome_of(loaded: LoadedExperiment) -> str:
    """Return the outcome in question: the wedge's effect or, without a wedge, cohesion."""
    strategies = loaded.base.scenario.strategies.values()
    return EFFECT if any(s.enabled and s.wedge for s in strategies) else COHESION


def pose(loaded: LoadedExperiment, question: Question) -> None:
    """Refuse a question that does not fit its experiment, and one without SALib.

    Raises:
        InputError: with every problem found.
    """
    problems = []
    samples, factors = question.samples, len(loaded.axes)
    if samples & (samples - 1):
        low = 2 ** (samples.bit_length() - 1)
        expected = f"a power of two, such as {low} or {2 * low}, at which a Sobol sequence is even"
        problems.append(Problem("--samples", "", str(samples), expected))
    if 2 * factors > qmc.Sobol.MAXDIM:
        expected = f"at most {qmc.Sobol.MAXDIM // 2} factors"
        problems.append(Problem(str(loaded.file), "factors", str(factors), expected))
    for option, points in (
        ("--trajectories", question.trajectories * (factors + 1)),
        ("--samples", samples * (_singled(factors, question) + 3)),
    ):
        if points > MOST_POINTS:
            expected = f"fewer: at most {MOST_POINTS} points"
            problems.append(Problem(option, "", f"{points} points", expected))
    if problems:
        raise InputError(problems)
    scenario = loaded.base.scenario
    months = loaded.experiment.design.months or scenario.time.months
    runs = sum(expected_runs(loaded, question))
    cost = Cost(seconds(2.0 * runs * months, len(scenario.actors)), disk=8.0 * runs)
    remedy = "fewer --samples, --trajectories or --runs"
    refuse_absurd("sensitivity", "", f"{runs:,} runs", cost, remedy)
    for module in ("sample.morris", "sample.sobol", "analyze.morris", "analyze.sobol"):
        sampling.salib(module)


def _singled(factors: int, question: Question) -> int:
    """Return how many factors get indices of their own at most."""
    return factors if question.factors is None else min(question.factors, factors)


def expected_runs(loaded: LoadedExperiment, question: Question) -> tuple[int, int, int]:
    """Return about how many runs each stage makes, for progress to be shown by."""
    factors = len(loaded.axes)
    blocks = _singled(factors, question) + 3
    return (
        question.trajectories * (factors + 1) * question.runs,
        question.samples * blocks * question.runs,
        (GRID * factors + 1) * question.runs_alone,
    )


def begun(folder: Path) -> bool:
    """Say whether a folder holds a sensitivity analysis, finished or not."""
    return (folder / STAGES).is_dir()


def sensitivity(
    loaded: LoadedExperiment,
    question: Question,
    folder: Path,
    produce: Produce,
    *,
    resume: bool = False,
    progress: Progress | None = None,
) -> Sensitivity:
    """Say how far an experiment's outcome hangs on each of its factors.

    Args:
        loaded: the experiment; its design's kind, points and replicates are not used.
        question: what is asked of it.
        folder: where the runs are kept, stage by stage.
        produce: how runs are computed; it changes no bit.
        resume: whether to go on with what the folder holds.
        progress: told what is being done, and how many runs are done.

    Returns:
        The answer, the same for the same experiment and question.

    Raises:
        InputError: if question and experiment do not go together, SALib is not installed, or the
            folder cannot be used.
        KeyboardInterrupt: on Ctrl-C; what was done until then is kept.
    """
    pose(loaded, question)
    if not (resume and begun(folder)):
        check_free(folder)
    work = _Work(loaded, question, folder, produce, progress)
    screening = work.screening()
    found, by_chance = work.indices(screening)
    single = work.alone()
    table = register(loaded.base.scenario, loaded.axes, screening, found.table, single.table)
    return Sensitivity(
        loaded,
        question,
        work.outcome,
        work.margin,
        screening,
        found,
        by_chance,
        single,
        table,
        work.failed,
    )


class _Work:
    """The stages of an answer, run in the folder that keeps them."""

    def __init__(
        self,
        loaded: LoadedExperiment,
        question: Question,
        folder: Path,
        produce: Produce,
        progress: Progress | None,
    ) -> None:
        self.loaded = loaded
        self.question = question
        self.outcome = outcome_of(loaded)
        scenario = loaded.base.scenario
        self.margin = scenario.outcome.margin.value if self.outcome == EFFECT else None
        self.failed = 0
        self._names = [axis.name for axis in loaded.axes]
        self._seed = loaded.experiment.seed
        self._folder = folder / STAGES
        self._produce = produce
        self._progress = progress

    def screening(self) -> pd.DataFrame:
        """Return every factor by how strongly it moves the outcome."""
        shares = sampling.trajectories(self._names, self.question.trajectories, self._seed)
        values = self._values(SCREENING, shares, len(self._names) + 1)
        return screened(self.loaded.axes, shares, values.mean(axis=1), self._seed)

    def indices(self, screening: pd.DataFrame) -> tuple[Indices, Chance]:
        """Return the indices of the factors not screened out, and what chance does."""
        groups = groups_of(self._names, kept(screening, self.question.factors))
        shares = sampling.paired_samples(self._names, groups, self.question.samples, self._seed)
        size = len(set(groups)) + 2
        values = self._values(INDICES, shares, size)
        found = indices(groups, values.mean(axis=1), self._seed)
        # The first and the last point of each block are independent of one another.
        own = values.reshape(-1, size, self.question.runs)[:, [0, -1]]
        own = own.reshape(-1, self.question.runs)
        return found, chance(own[np.isfinite(own).all(axis=1)], self._seed, self._draws())

    def _draws(self) -> Draws | None:
        """Return the draw of coefficients that each run takes, if they are drawn."""
        posterior = self.loaded.posterior
        return None if posterior is None else draws_of_runs(self.question.runs, posterior.draws)

    def alone(self) -> Alone:
        """Return what every factor does by itself."""
        moved = one_at_a_time(self.loaded.axes)
        column = np.arange(len(moved.moves) + 1)
        found = self._run(ALONE, [moved], [column], self.question.runs_alone)
        if 0 in found.failures[POINT].tolist():
            raise InputError([self._invalid(found)])
        scenario = self.loaded.base.scenario
        return alone(moved, found, scenario, self.outcome, margin=self.margin, seed=self._seed)

    def _values(self, stage: str, shares: Array, size: int) -> Array:
        """Return the outcome at shares of the ranges, shape (points, runs), missing where failed.

        Raises:
            InputError: if no block of so many points is whole.
        """
        axes = self.loaded.axes
        found = self._run(stage, axes, laid_out(axes, shares), self.question.runs)
        values = found.matrix(self.outcome, len(shares))
        if not np.isfinite(values).reshape(-1, size * values.shape[1]).all(axis=1).any():
            raise InputError([self._invalid(found)])
        return values

    def _run(
        self, stage: str, axes: Sequence[Axis], columns: Sequence[NDArray[Any]], runs: int
    ) -> Outcomes:
        """Return the runs of one stage."""
        plan = planned(self.loaded, axes, columns, runs=runs, outcomes=[self.outcome])
        expected = expected_runs(self.loaded, self.question)
        before = sum(expected[: STAGE_NAMES.index(stage)])

        def progress(done: int) -> None:
            if self._progress is not None:
                self._progress(stage, before + done)

        found = run_stage(plan, self._folder / stage, self._produce, progress)
        self.failed += len(found.failures)
        return found

    def _invalid(self, found: Outcomes) -> Problem:
        """Return what is wrong where too many points are no valid scenarios."""
        file = str(self.loaded.file)
        value = f"{len(found.failures)} points failed; {found.failures[ERROR].iloc[0]}"
        return Problem(file, "factors", value, "ranges whose values together are valid scenarios")
