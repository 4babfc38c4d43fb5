"""The judgements of a scenario recoded many times, and the verdict of each recoding.

What a recoding flips is counted and not explained: whose codes do it is for tables.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from alliancesim.arrays import Array
from alliancesim.measures.verdict import WORDS, Word, is_attempt
from alliancesim.posterior.draws import Posterior
from alliancesim.recoding.codes import WIDTHS, Width, codes, points
from alliancesim.recoding.judgements import Judgement, Scale, judgements, scales
from alliancesim.scenario.problems import InputError, Problem
from alliancesim.scenario.reading import Loaded
from alliancesim.scenario.schema import Scenario
from alliancesim.scenario.variation import varied
from alliancesim.study import DEFAULT_RUNS, DEFAULT_SEED
from alliancesim.tipping.bench import TOGETHER, Bench, Progress
from alliancesim.tipping.inputs import Number
from alliancesim.tipping.question import MOST_RUNS
from alliancesim.world import wedge_levels

DEFAULT_RECODINGS = 1000
MOST_RECODINGS = 10_000

USUAL_RUNS_OF_POSTERIOR = 400
"""Runs of each recoding under a posterior: 100 draws of the coefficients, four runs each. Recodings
are many, and which verdict is the commonest is soon seen."""

SHARE_ALONE = 4
"""One in so many recodings is also tried with one scale alone: there are many scales, and what a
single one does is asked for less exactly."""

NO_WEDGE: Word = "not a wedge"
VERDICTS: tuple[Word, ...] = (*WORDS, NO_WEDGE)

ALL = "all"
"""Name of all scales recoded at once."""


@dataclass(frozen=True)
class Question:
    """What is asked of a scenario.

    Attributes:
        recodings: how many, of each width.
        runs: number of runs of each; if left out, 200, or 400 under a posterior.
        seed: of the codes and of the stream of shocks.
        settings: ``key=value`` overrides, kept for the record.
        without: mechanisms switched off, kept for the record.
    """

    recodings: int = DEFAULT_RECODINGS
    runs: int | None = None
    seed: int = DEFAULT_SEED
    settings: Sequence[str] = ()
    without: Sequence[str] = ()

    @property
    def alone(self) -> int:
        """Return how many recodings each scale has alone, of each width."""
        return -(-self.recodings // SHARE_ALONE)


class Outcome(NamedTuple):
    """What the runs of one recoding come to.

    Attributes:
        effect: mean effect of the wedge on cohesion.
        shares: share of runs that split, do nothing and backfire, in the order of ``WORDS``.
        word: the commonest of these, or ``"not a wedge"``.
    """

    effect: float
    shares: tuple[float, ...]
    word: Word


@dataclass(frozen=True)
class Trial:
    """Recodings of one width, of all scales at once or of one alone.

    Attributes:
        width: how far codes may go.
        scale: name of the scale, or ``ALL``.
        outcomes: of each recoding.
        moved: mean move of the judgements on each scale recoded, shape (recodings,), by its name.
    """

    width: Width
    scale: str
    outcomes: tuple[Outcome, ...]
    moved: Mapping[str, Array] = field(default_factory=dict)


@dataclass(frozen=True)
class Recoded:
    """What is asked, and the answer.

    Attributes:
        name: of the scenario.
        scenario: the scenario.
        question: what was asked.
        posterior: the draws, if coefficients were drawn.
        runs: number of runs of each recoding.
        margin: effects within plus or minus this count as nothing.
        numbers: every number on a scale, whether it moves or stays.
        scales: those recoded.
        given: what the runs come to as the scenario is given.
        trials: all scales at once, then one by one, for each width.
    """

    name: str
    scenario: Scenario
    question: Question
    posterior: Posterior | None
    runs: int
    margin: float
    numbers: tuple[Judgement, ...]
    scales: tuple[Scale, ...]
    given: Outcome
    trials: tuple[Trial, ...]


def pose(scenario: Scenario, question: Question) -> tuple[Scale, ...]:
    """Return the scales that are recoded.

    Raises:
        InputError: with everything in which the question does not fit the scenario.
    """
    problems = []
    if not any(strategy.enabled and strategy.wedge for strategy in scenario.strategies.values()):
        expected = "a scenario in which a wedge strategy is played, which has a verdict"
        problems.append(Problem("SCENARIO", "strategies", "without a wedge", expected))
    for option, given, most in (
        ("--recodings", question.recodings, MOST_RECODINGS),
        ("--runs", question.runs or 1, MOST_RUNS),
    ):
        if not 1 <= given <= most:
            problems.append(Problem(option, "", str(given), f"a whole number from 1 to {most}"))
    found = scales(judgements(scenario))
    if not found:
        expected = (
            "a scenario with a judgement to recode: a number neither measured nor derived, and not"
            " at zero or at an end of its scale"
        )
        problems.append(Problem("SCENARIO", "", "", expected))
    if problems:
        raise InputError(problems)
    return found


def expected_points(found: Sequence[Scale], question: Question) -> int:
    """Return how many worlds are tried, for progress to be shown by."""
    return 1 + len(WIDTHS) * (question.recodings + len(found) * question.alone)


def recode(
    loaded: Loaded,
    question: Question,
    posterior: Posterior | None = None,
    progress: Progress | None = None,
) -> Recoded:
    """Say how often the verdict stands where judgements keep their order alone.

    Args:
        loaded: the scenario.
        question: what is asked of it.
        posterior: draws of the coefficients; without it all runs have the scenario's own.
        progress: told what is being done and how many worlds have been tried.

    Returns:
        The answer. Run r of every recoding meets the same shocks, and has the same draw of the
        coefficients where these are drawn.

    Raises:
        InputError: if question and scenario do not go together.
    """
    found = pose(loaded.scenario, question)
    usual = DEFAULT_RUNS if posterior is None else USUAL_RUNS_OF_POSTERIOR
    bench = Bench(loaded, question.runs or usual, question.seed, posterior, progress)
    bench.doing = "as given"
    (given,) = _outcomes(bench, [{}])
    trials = [
        _trial(bench, width, name, some, recodings, question.seed)
        for width in WIDTHS
        for name, some, recodings in (
            (ALL, found, question.recodings),
            *((scale.name, (scale,), question.alone) for scale in found),
        )
    ]
    return Recoded(
        loaded.name,
        loaded.scenario,
        question,
        posterior,
        bench.runs,
        bench.margin,
        tuple(judgements(loaded.scenario)),
        found,
        given,
        tuple(trials),
    )


def _trial(
    bench: Bench,
    width: Width,
    name: str,
    some: Sequence[Scale],
    recodings: int,
    seed: int,
) -> Trial:
    """Return what some scales' recodings of one width come to."""
    bench.doing = name
    drawn = [codes(scale, recodings, seed, width) for scale in some]
    outcomes = _outcomes(bench, points(some, drawn))
    moved = {scale.name: scale.moved(new) for scale, new in zip(some, drawn, strict=True)}
    return Trial(width, name, outcomes, moved)


def _outcomes(bench: Bench, tried: Sequence[Mapping[Number, float]]) -> tuple[Outcome, ...]:
    """Return what the runs at each point come to; no more effects are held than of a stretch."""
    stretches = (tried[begin : begin + TOGETHER] for begin in range(0, len(tried), TOGETHER))
    return tuple(outcome for some in stretches for outcome in _of_stretch(bench, some))


def _of_stretch(bench: Bench, tried: Sequence[Mapping[Number, float]]) -> Iterator[Outcome]:
    """Yield what the runs at each of some points come to."""
    members = np.isin(bench.pair.world.actors, bench.loaded.scenario.outcome.alliance)
    for point, effects in zip(tried, bench.effects(tried), strict=True):
        found = (
            effects < -bench.margin,
            np.abs(effects) <= bench.margin,
            effects > bench.margin,
        )
        shares = tuple(float(counted.mean()) for counted in found)
        word = WORDS[int(np.argmax(shares))] if _attempted(bench, point, members) else NO_WEDGE
        yield Outcome(float(effects.mean()), shares, word)


def _attempted(bench: Bench, point: Mapping[Number, float], members: NDArray[np.bool_]) -> bool:
    """Say whether strategies still amount to an attempt at a wedge, where codes of acts move."""
    changes = {
        path: value
        for number, value in point.items()
        for path in number.paths
        if path[0] in ("strategies", "events")
    }
    if not changes:
        return bench.attempted
    return is_attempt(wedge_levels(varied(bench.loaded, changes)), members)
