"""An inequality on numbers of the model, and whether they meet it.

Nothing is known here of patterns or cases.
"""

from __future__ import annotations

from typing import Any, Literal, NamedTuple

from alliancesim.arrays import Array
from alliancesim.measures import intervals
from alliancesim.measures.intervals import Interval
from alliancesim.results.result import interval_data

Relation = Literal["<", "<=", ">", ">="]


class Inequality(NamedTuple):
    """What a pattern says of one quantity.

    Attributes:
        what: the quantity, in words.
        values: the model's, run by run, shape (runs,).
        relation: how the mean must stand to the bound.
        bound: the bound, in the unit of the values.
    """

    what: str
    values: Array
    relation: Relation
    bound: float


class Check(NamedTuple):
    """An inequality held against the model.

    Attributes:
        what: the quantity, in words.
        found: its mean over runs with the 95 % interval over shocks.
        relation: how the mean must stand to the bound.
        bound: the bound.
        holds: whether it does.
        clear: whether both ends of the interval stand on the side of the mean.
        reason: if it fails, what in the model makes it fail; else empty.
    """

    what: str
    found: Interval
    relation: Relation
    bound: float
    holds: bool
    clear: bool
    reason: str

    def data(self) -> dict[str, Any]:
        """Return it as plain data."""
        return {**self._asdict(), "found": interval_data(self.found)}


def stands(value: float, relation: Relation, bound: float) -> bool:
    """Say whether a value stands to a bound as it must."""
    if relation == "<":
        return value < bound
    if relation == "<=":
        return value <= bound
    return value > bound if relation == ">" else value >= bound


def checked(inequality: Inequality, seed: int, reason: str = "") -> Check:
    """Return whether an inequality holds, by the mean over runs."""
    what, values, relation, bound = inequality
    found = intervals.mean(values, seed)
    holds = stands(found.estimate, relation, bound)
    clear = all(stands(end, relation, bound) == holds for end in (found.low, found.high))
    return Check(what, found, relation, bound, holds, clear, "" if holds else reason)
