"""A question about tipping points, put to a scenario and answered.

No search is made here: one number goes to thresholds, two to frontier, all to ranking.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from alliancesim.posterior.draws import Posterior
from alliancesim.scenario.problems import InputError, Problem
from alliancesim.scenario.reading import Loaded
from alliancesim.scenario.schema import Scenario
from alliancesim.study import DEFAULT_SEED, usual_runs
from alliancesim.tipping.bench import Bench, Progress
from alliancesim.tipping.frontier import GRID as GRID_OF_TWO
from alliancesim.tipping.frontier import Frontier, frontier
from alliancesim.tipping.inputs import number_named, numbers_of
from alliancesim.tipping.ranking import GRID as GRID_OF_ALL
from alliancesim.tipping.ranking import Ranking, ranking
from alliancesim.tipping.thresholds import GRID as GRID_OF_ONE
from alliancesim.tipping.thresholds import Span, Thresholds, thresholds

MOST_RUNS = 10_000
"""Runs of each value at most: more are not needed and would be too much to resample in memory."""

MOST_KEYS = 2
"""Numbers varied together at most; a frontier over more cannot be drawn."""


@dataclass(frozen=True)
class Question:
    """What is asked of a scenario.

    Attributes:
        vary: keys of the numbers to be varied: one for thresholds, two for a frontier, none for
            every number in turn.
        first: lowest value of each, in the order of the keys; the lowest allowed if left out.
        last: highest value of each.
        runs: number of runs of each value; if left out, 200, or 800 under a posterior.
        seed: of the stream of shocks.
        settings: ``key=value`` overrides, kept for the record.
        without: mechanisms switched off, kept for the record.
    """

    vary: Sequence[str] = ()
    first: Sequence[float] = ()
    last: Sequence[float] = ()
    runs: int | None = None
    seed: int = DEFAULT_SEED
    settings: Sequence[str] = ()
    without: Sequence[str] = ()


@dataclass(frozen=True)
class Tipped:
    """What is asked, and the answer.

    Attributes:
        name: of the scenario.
        scenario: the scenario.
        question: what was asked.
        posterior: the draws, if coefficients were drawn.
        runs: number of runs of each value.
        attempted: whether the strategies as given amount to an attempt at a wedge.
        answer: thresholds of one number, the frontier over two, or all numbers ranked.
    """

    name: str
    scenario: Scenario
    question: Question
    posterior: Posterior | None
    runs: int
    attempted: bool
    answer: Thresholds | Frontier | Ranking


def pose(scenario: Scenario, question: Question) -> tuple[Span, ...]:
    """Return the numbers that are asked about, each with its range.

    Raises:
        InputError: with everything in which the question does not fit the scenario.
    """
    problems = list(_general_problems(scenario, question))
    spans: list[Span] = []
    numbers = numbers_of(scenario)
    for place, key in enumerate(question.vary):
        try:
            number = number_named(numbers, key)
            ends = []
            for option, given, usual in (
                ("--from", question.first, number.low),
                ("--to", question.last, number.high),
            ):
                value = given[place] if place < len(given) else usual
                if not number.low <= value <= number.high:
                    expected = f"a number from {number.low:g} to {number.high:g} for {key}"
                    problems.append(Problem(option, "", f"{value:g}", expected))
                ends.append(value)
            if not ends[0] < ends[1]:
                expected = f"a number above the {ends[0]:g} of --from"
                problems.append(Problem("--to", "", f"{ends[1]:g}", expected))
            spans.append(Span(number, *ends))
        except InputError as error:
            problems += error.problems
    if problems:
        raise InputError(problems)
    return tuple(spans)


def _general_problems(scenario: Scenario, question: Question) -> list[Problem]:
    """Return what is wrong with a question apart from the single keys."""
    problems = []
    keys = len(question.vary)
    if not any(strategy.enabled and strategy.wedge for strategy in scenario.strategies.values()):
        expected = "a scenario in which a wedge strategy is played, whose verdict can flip"
        problems.append(Problem("SCENARIO", "strategies", "without a wedge", expected))
    if keys > MOST_KEYS or len(set(question.vary)) < keys:
        expected = "one key, two different ones, or none at all for every number in turn"
        problems.append(Problem("--vary", "", ", ".join(question.vary), expected))
    if question.runs is not None and question.runs > MOST_RUNS:
        problems.append(Problem("--runs", "", str(question.runs), f"at most {MOST_RUNS}"))
    for option, given in (("--from", question.first), ("--to", question.last)):
        if len(given) not in (0, keys):
            expected = f"as many as keys to vary, {keys}, or none"
            problems.append(Problem(option, "", f"there {len(given)} times", expected))
    return problems


def expected_points(scenario: Scenario, question: Question) -> int:
    """Return about how many worlds are tried to answer a question, for progress to be shown by."""
    if not question.vary:
        return GRID_OF_ALL * len(numbers_of(scenario))
    return GRID_OF_ONE if len(question.vary) == 1 else GRID_OF_TWO**2


def tip(
    loaded: Loaded,
    question: Question,
    posterior: Posterior | None = None,
    progress: Progress | None = None,
) -> Tipped:
    """Say where the odds of a scenario's verdict turn.

    Args:
        loaded: the scenario.
        question: what is asked of it.
        posterior: draws of the coefficients; without it all runs have the scenario's own.
        progress: told what is being done and how many worlds have been tried.

    Returns:
        The answer.

    Raises:
        InputError: if question and scenario do not go together.
    """
    spans = pose(loaded.scenario, question)
    runs = usual_runs(posterior) if question.runs is None else question.runs
    bench = Bench(loaded, runs, question.seed, posterior, progress)
    answer: Thresholds | Frontier | Ranking
    if not spans:
        answer = ranking(bench)
    elif len(spans) == 1:
        (answer,) = thresholds(bench, spans)
    else:
        answer = frontier(bench, spans[0], spans[1])
    return Tipped(loaded.name, loaded.scenario, question, posterior, runs, bench.attempted, answer)
