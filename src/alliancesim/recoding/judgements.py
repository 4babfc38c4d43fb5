"""The judgements of a scenario, gathered into scales on which their order means something.

Whoever writes 0.3 for one state's fear and 0.6 for another's knows that the second is greater, and
hardly by how much: zero and order mean something, distances are judgements. So all judgements of
one variable form a scale, over actors, dyads, strategies and events. What stays on it are its ends
and its zero (nothing at all, and all there can be), and every number that was measured, or derived
from what was; judgements move between these, so that their order to measured numbers stays as well.

Levels and pushes are two things: a level says how much there is, a push which share of the way to
the end of the scale an act goes. Dependence is a share of trade, which is counted and not graded.
No code is drawn here.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import numpy as np

from alliancesim.arrays import Array
from alliancesim.scenario.quantities import Quantity
from alliancesim.scenario.schema import Scenario
from alliancesim.scenario.standing import found_at
from alliancesim.tipping.inputs import Number, numbers_of

MEASURED = ("measured", "derived")
"""Bases of numbers that stay: a published figure, and what is computed from such figures."""

_COUNTED = "dependence"
_ENDS = (-1.0, 0.0, 1.0)


@dataclass(frozen=True)
class Judgement:
    """A number of a scenario on its scale.

    Attributes:
        number: where it stands, and what it is.
        scale: name of its scale.
        basis: how it was come by.
    """

    number: Number
    scale: str
    basis: str


@dataclass(frozen=True)
class Scale:
    """The judgements of one variable that are recoded together.

    Attributes:
        name: of the variable, or ``pushes of`` it.
        grades: distinct values judged, rising, shape (grades,).
        fixed: values that stay: ends, zero, measured numbers; rising, shape (fixed,).
        numbers: the judgements.
        places: for each the place of its value among the grades.
    """

    name: str
    grades: Array
    fixed: Array
    numbers: tuple[Number, ...]
    places: tuple[int, ...]

    def moved(self, codes: Array) -> Array:
        """Return by how much the judgements move on average, shape (recodings,).

        Args:
            codes: new values of the grades, shape (recodings, grades).
        """
        steps: Array = (codes - self.grades)[:, list(self.places)]
        return np.asarray(steps.mean(axis=1))


def judgements(scenario: Scenario) -> list[Judgement]:
    """Return every number on a scale that holds judgements, whatever its basis, in their order.

    A cohesion that the file leaves out is none: it follows from cooperation. Neither are
    coefficients of the law, times, and the margin, which is a criterion and no input.
    """
    found = []
    for number in numbers_of(scenario).values():
        quantity = None if number.coefficient else _at(scenario, number)
        if quantity is None:
            continue
        scale = _scale_of(scenario, number)
        if scale != _COUNTED:
            found.append(Judgement(number, scale, quantity.basis))
    return found


def scales(found: Iterable[Judgement]) -> tuple[Scale, ...]:
    """Return the scales on which any judgement can move, in the order of their first number.

    Args:
        found: numbers on scales.
    """
    rows: dict[str, list[Judgement]] = {}
    for judgement in found:
        rows.setdefault(judgement.scale, []).append(judgement)
    return tuple(
        scale for name, members in rows.items() if (scale := _scale(name, members)).numbers
    )


def _scale(name: str, members: Iterable[Judgement]) -> Scale:
    """Return a scale with the judgements on it that move."""
    measured = [m.number.value for m in members if m.basis in MEASURED]
    fixed = np.unique([*_ENDS, *measured])
    moving = [m.number for m in members if m.basis not in MEASURED and m.number.value not in fixed]
    grades, places = np.unique([number.value for number in moving], return_inverse=True)
    return Scale(name, grades.astype(np.float64), fixed, tuple(moving), tuple(places.tolist()))


def reasons_to_stay(found: Iterable[Judgement]) -> Iterator[tuple[Judgement, str]]:
    """Yield each number on a scale with why it stays; an empty text where it moves."""
    known = list(found)
    measured = {(m.scale, m.number.value) for m in known if m.basis in MEASURED}
    for judgement in known:
        if judgement.basis in MEASURED:
            yield judgement, judgement.basis
        elif judgement.number.value in _ENDS:
            yield judgement, "end or zero of its scale"
        elif (judgement.scale, judgement.number.value) in measured:
            yield judgement, "tied with a measured number"
        else:
            yield judgement, ""


def _at(scenario: Scenario, number: Number) -> Quantity | None:
    """Return the quantity at a number's first path, if the scenario has one there."""
    at = found_at(scenario, number.paths[0])
    return at if isinstance(at, Quantity) else None


def _scale_of(scenario: Scenario, number: Number) -> str:
    """Return the name of a number's scale."""
    table, label, *rest = number.paths[0]
    if table == "events":
        variable = scenario.events[label].variable
        return variable if rest[0] == "to" else f"pushes of {variable}"
    if rest[0] == "press":
        return "pushes of pressure"
    return "pushes of cooperation" if rest[0] == "court" else rest[0]
