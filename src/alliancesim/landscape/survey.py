"""The landscape of alignments of a world and its twin, run by run.

Energies are worked out after the runs and never reach an actor.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from alliancesim.arrays import Array
from alliancesim.ensemble import MOST_HELD, Progress
from alliancesim.landscape import alignments
from alliancesim.landscape.alignments import MOST_ACTORS, Numbers
from alliancesim.landscape.relations import Relations, relations
from alliancesim.landscape.target import Target
from alliancesim.scenario.problems import InputError, Problem, nearest
from alliancesim.scenario.quantities import month_count, month_text, parse_month
from alliancesim.study import Options, simulate_scenario
from alliancesim.world import World, build_world, wedge_levels

EVEN = 0.5
"""Weight of opinion in a propensity unless another is asked for; conduct has the rest. Judgement:
nothing in the theory tells the two apart, so tables show other weights beside it."""


class Question(NamedTuple):
    """What is asked of a landscape.

    Attributes:
        month: whose landscape is looked at closely, ``YYYY-MM``; the run's last if left out.
        opinion: weight of opinion in propensities, 0 to 1.
        sizes: sizes of actors, as text ``CODE=NUMBER``; the others have size 1.
    """

    month: str | None = None
    opinion: float = EVEN
    sizes: Sequence[str] = ()


class Posed(NamedTuple):
    """A question put to what it is asked of: nothing is wrong with it.

    Attributes:
        target: what is run.
        question: what is asked.
        month: month of the run that is looked at closely, 0 being the baseline.
        sizes: of the actors, shape (actors,).
        world: of the scenario.
    """

    target: Target
    question: Question
    month: int
    sizes: Array
    world: World


@dataclass(frozen=True)
class Survey:
    """Relations of all pairs in all runs, and what makes a landscape of them.

    Attributes:
        posed: what was asked of what.
        draws: number of the draw that each run took, shape (runs,), if coefficients were drawn.
        relations: of all pairs in world and twin, run by run and month by month.
    """

    posed: Posed
    draws: NDArray[np.int64] | None
    relations: Relations

    @property
    def actors(self) -> tuple[str, ...]:
        """Return the actors' identifiers, in the order of all arrays."""
        return self.posed.world.actors

    @property
    def members(self) -> tuple[int, ...]:
        """Return the places of the members of the alliance."""
        alliance = self.posed.target.scenario.outcome.alliance
        return tuple(self.actors.index(name) for name in alliance)

    @property
    def is_played(self) -> bool:
        """Say whether a wedge is played at all, so that world and twin differ."""
        target = self.posed.target
        return bool(wedge_levels(target.scenario, target.months).any())

    @cached_property
    def propensities(self) -> Array:
        """Return propensities of all pairs, shape (2, runs, months + 1, dyads), -1 to 1."""
        return self.relations.propensities(self.posed.question.opinion)

    def heights(self, month: int, opinion: float | None = None) -> Array:
        """Return energies of all alignments in a month, shape (2, runs, alignments).

        Args:
            month: of the run, 0 being the baseline.
            opinion: weight of opinion, if not the one asked for.
        """
        if opinion is None:
            return alignments.energies(self.propensities[:, :, month], self.posed.sizes)
        weighed = self.relations.propensities(opinion)[:, :, month]
        return alignments.energies(weighed, self.posed.sizes)

    def present(self, month: int) -> Numbers:
        """Return the alignment that institutions come nearest to, shape (2, runs)."""
        return alignments.present(self.relations.cohesion[:, :, month], len(self.actors))

    def gap(self, heights: Array) -> Array:
        """Return how far holding the alliance together lies below parting it, shape (2, runs).

        Args:
            heights: energies, shape (2, runs, alignments).

        Returns:
            Least energy of the alignments that part its members less that of those that hold all
            in one camp: above zero where it stands together at the lowest point.
        """
        held = alignments.together(len(self.actors), self.members)
        return np.asarray(heights[..., ~held].min(axis=-1) - heights[..., held].min(axis=-1))


def pose(target: Target, question: Question) -> Posed:
    """Return a question put to a target.

    Raises:
        InputError: with everything in which the two do not fit.
    """
    world = build_world(target.scenario, months=target.months)
    problems: list[Problem] = []
    month = _month(world, question.month, problems)
    sizes = _sizes(world.actors, question.sizes, problems)
    if len(world.actors) > MOST_ACTORS:
        expected = f"at most {MOST_ACTORS} actors, which have {2 ** (MOST_ACTORS - 1)} alignments"
        problems.append(Problem(target.name, "actors", str(len(world.actors)), expected))
    per_run = 2 * (world.months + 1) * len(world.actors) * (len(world.actors) - 1) // 2
    if target.runs * per_run > MOST_HELD:
        expected = f"at most {MOST_HELD // per_run} runs of this scenario"
        problems.append(Problem("--runs", "", str(target.runs), expected))
    if problems:
        raise InputError(problems)
    return Posed(target, question, month, sizes, world)


def survey(posed: Posed, progress: Progress | None = None) -> Survey:
    """Run a world and its twin, and take up the relations of all pairs.

    Args:
        posed: what is asked of what.
        progress: called with the number of runs finished, now and then.

    Returns:
        The relations, month by month.
    """
    target = posed.target
    options = Options(
        runs=target.runs, seed=target.seed, months=target.months, posterior=target.posterior
    )
    ensemble = simulate_scenario(target.scenario, options, progress)
    return Survey(posed, ensemble.draws, relations(ensemble))


def _month(world: World, text: str | None, problems: list[Problem]) -> int:
    """Return a month of the run, 0 being the baseline, or complain about it."""
    if text is None:
        return world.months
    first = month_count(world.start)
    try:
        month = month_count(parse_month(text)) - first
    except ValueError:
        month = -1
    if not 0 <= month <= world.months:
        last = month_text(first + world.months)
        expected = f'a month of the run written "YYYY-MM", {world.start} to {last}'
        problems.append(Problem("--month", "", text, expected))
    return month


def _sizes(actors: Sequence[str], texts: Sequence[str], problems: list[Problem]) -> Array:
    """Return the sizes of the actors, 1 where none is given, or complain about them."""
    given: Mapping[str, str] = dict(text.partition("=")[::2] for text in texts)
    for text in texts:
        code, _, number = text.partition("=")
        if code not in actors:
            expected = f"CODE=NUMBER with one of the actors {', '.join(actors)}"
            problems.append(Problem("--size", "", text, expected, nearest(code, actors)))
        elif not _size(number) > 0.0:
            problems.append(Problem("--size", code, number, "a finite number above 0"))
    return np.array([_size(given.get(actor, "1")) for actor in actors])


def _size(text: str) -> float:
    """Return a finite number from text, 0 where it is none."""
    try:
        number = float(text)
    except ValueError:
        return 0.0
    return number if np.isfinite(number) else 0.0
