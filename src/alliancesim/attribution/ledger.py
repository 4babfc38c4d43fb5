"""The ledger of a dyad: month by month, the terms that moved each of its actions and states.

The terms of a month and a quantity add up to its change, run by run and so on average. World and
twin are booked alike, and the difference between them is the wedge's doing. No term is computed
here; what does not add up is refused and never spread over the rest.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from alliancesim.arrays import Array, State
from alliancesim.attribution.coalitions import Progress
from alliancesim.attribution.explanation import Explanation, wedge_of
from alliancesim.attribution.ledger_cohesion import cohesion_terms, standing
from alliancesim.attribution.ledger_terms import (
    ACTIONS,
    STATES,
    TERMS,
    Course,
    action_levels,
    side_of,
    state_terms,
)
from alliancesim.attribution.mechanisms import sides
from alliancesim.coefficients import Coefficients
from alliancesim.ensemble import simulate
from alliancesim.posterior.nesting import Drawn
from alliancesim.scenario.problems import InputError, Problem, nearest
from alliancesim.scenario.quantities import month_count
from alliancesim.scenario.schema import Scenario

ALLIANCE = "alliance"
"""Stands for the dyad of the alliance that a scenario asks about."""

COHESION = "cohesion"

TOLERANCE = 1e-9
"""Largest gap between a change and its terms; rounding leaves a thousandth of it."""


class Asked(NamedTuple):
    """What a ledger is asked for.

    Attributes:
        of: first actor of the dyad.
        toward: second actor.
        month: the month to show, ``YYYY-MM``; all of the span together if left out.
    """

    of: str
    toward: str
    month: str | None

    @property
    def dyad(self) -> str:
        """Return the dyad as it is written."""
        return f"{self.of}-{self.toward}"


class Entries(NamedTuple):
    """What moved one quantity of one dyad.

    Attributes:
        terms: shape (sides, runs, months, terms): world and, where a wedge acts, twin.
        so_far: the same for all months up to each; in cohesion, the return to rest is charged to
            the terms whose work it undoes
            (:func:`alliancesim.attribution.ledger_cohesion.standing`).
        path: the quantity itself, shape (sides, runs, months + 1), from the month before the span.
    """

    terms: Array
    so_far: Array
    path: Array


class Ledger(NamedTuple):
    """A dyad's ledger, run by run.

    Attributes:
        asked: the dyad, and the month to show.
        found: the explanation whose worlds, runs and span of months these are.
        books: entries by dyad and quantity; cohesion stands under the dyad as it was asked for.
    """

    asked: Asked
    found: Explanation
    books: dict[tuple[str, str], Entries]


def asked_of(scenario: Scenario, text: str, month: str | None, span: tuple[str, str]) -> Asked:
    """Return what a ledger's options stand for.

    Args:
        scenario: a validated scenario.
        text: an ordered dyad such as ``A-B``, or ``alliance``.
        month: the month to show, if one alone.
        span: first and last month that are explained, ``YYYY-MM``.

    Raises:
        InputError: with all that is wrong about dyad and month.
    """
    problems: list[Problem] = []
    actors, allies = list(scenario.actors), scenario.outcome.alliance
    of, _, toward = text.partition("-")
    if text == ALLIANCE and len(allies) == 2:
        of, toward = allies
    elif text == ALLIANCE:
        expected = f"one of its dyads, such as {allies[0]}-{allies[1]}"
        problems.append(Problem("--ledger", "", text, expected))
    elif not toward or of == toward:
        expected = f"a dyad such as {allies[0]}-{allies[1]}, or {ALLIANCE}"
        problems.append(Problem("--ledger", "", text, expected))
    else:
        those = f"two of the actors {', '.join(actors)}"
        problems += [
            Problem("--ledger", "", text, those, nearest(actor, actors))
            for actor in (of, toward)
            if actor not in actors
        ]
    if month is not None and not _lies_within(month, span):
        expected = f'a month written "YYYY-MM", {span[0]} to {span[1]}'
        problems.append(Problem("--month", "", month, expected))
    if problems:
        raise InputError(problems)
    return Asked(of, toward, month)


def _lies_within(month: str, span: tuple[str, str]) -> bool:
    """Say whether a text is a month of a span."""
    try:
        return month_count(span[0]) <= month_count(month) <= month_count(span[1])
    except ValueError:
        return False


def kept_ledger(found: Explanation, asked: Asked, progress: Progress | None = None) -> Ledger:
    """Return a dyad's ledger over the worlds, runs and months of an explanation.

    Args:
        found: the explanation.
        asked: the dyad.
        progress: called with the number of runs booked.

    Returns:
        The ledger, of both directions of the dyad.

    Raises:
        RuntimeError: if terms do not add up to the change they are of, which is an error of the
            program.
    """
    world, twin = sides(found)
    vectors = found.vectors(world)
    drawn = None if found.posterior is None else Drawn(found.draws, vectors)
    seed = found.question.seed
    paths = simulate(world, twin, runs=found.runs, seed=seed, drawn=drawn).states
    books = _empty(found, asked)
    played = [side_of(world, twin), side_of(twin, twin)][: len(next(iter(books.values())).terms)]
    places = [world.actors.index(code) for code in (asked.of, asked.toward)]
    for run in range(found.runs):
        own = Coefficients(*vectors[run].tolist())
        for s, side in enumerate(played):
            course = Course(side, own, seed, run, paths[s, run])
            _book(course, (places[0], places[1]), asked, found.period.before, (s, run), books)
        if progress is not None:
            progress(run + 1)
    for (_, quantity), (terms, so_far, _) in books.items():
        if quantity != COHESION:
            np.cumsum(terms, axis=2, out=so_far)
    _check(books)
    return Ledger(asked, found, books)


def _empty(found: Explanation, asked: Asked) -> dict[tuple[str, str], Entries]:
    """Return room for the entries of both directions."""
    months = found.period.months - found.period.before
    size = (2 if wedge_of(found.causes) else 1, found.runs)
    dyads = (asked.dyad, f"{asked.toward}-{asked.of}")
    return {
        (dyad, quantity): Entries(
            np.zeros((*size, months, len(terms))),
            np.zeros((*size, months, len(terms))),
            np.zeros((*size, months + 1)),
        )
        for dyad in dyads
        for quantity, terms in TERMS.items()
        if quantity != COHESION or dyad == dyads[0]
    }


def _book(
    course: Course,
    places: tuple[int, int],
    asked: Asked,
    before: int,
    at: tuple[int, int],
    books: dict[tuple[str, str], Entries],
) -> None:
    """Book one run of one side.

    Args:
        course: the run.
        places: indices of both actors.
        asked: the dyad.
        before: months of the run before the span.
        at: side and run, where the entries go.
        books: where they go.
    """
    i, j = places
    levels = []
    for (of, toward), dyad in (((i, j), asked.dyad), ((j, i), f"{asked.toward}-{asked.of}")):
        actions = action_levels(course, of, toward, before)
        levels.append(actions[0])
        for action, level in zip(ACTIONS, actions, strict=True):
            books[dyad, action].terms[at] = np.diff(level[before:], axis=0)
        for quantity in (name for place, name in books if place == dyad):
            path = course.path[before:, State._fields.index(quantity), of, toward]
            books[dyad, quantity].path[at] = path
        for month in range(before + 1, len(course.path)):
            rows = state_terms(course, of, toward, month)
            for quantity in STATES:
                books[dyad, quantity].terms[at][month - before - 1] = rows[quantity]
    months = [
        cohesion_terms(course, i, j, month, (levels[0][month], levels[1][month]))
        for month in range(before + 1, len(course.path))
    ]
    entries = books[asked.dyad, COHESION]
    entries.terms[at] = [moved.terms for moved in months]
    distance = float(entries.path[at][0] - course.side.world.baseline.cohesion[i, j])
    entries.so_far[at] = standing(months, distance)


def _check(books: dict[tuple[str, str], Entries]) -> None:
    """Refuse a ledger that does not add up."""
    for (dyad, quantity), (terms, so_far, path) in books.items():
        for booked, change in ((terms, np.diff(path)), (so_far, path[..., 1:] - path[..., :1])):
            gap = np.abs(booked.sum(axis=-1) - change)
            if not (gap <= TOLERANCE * (1.0 + np.abs(booked).sum(axis=-1))).all():
                raise RuntimeError(f"{quantity} of {dyad} misses its change by {gap.max():.2g}")
