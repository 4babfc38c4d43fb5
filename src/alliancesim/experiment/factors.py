"""Factors laid on a scenario: which keys they move, over which values."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True)
class Axis:
    """One factor, ready to be laid out.

    Attributes:
        name: its column in tables.
        keys: dotted keys of the scenario that it moves.
        offsets: what each key's value adds to the factor's, 0 where all are equal.
        label: what it is, for axes.
        unit: its unit, or an empty text.
        kind: numbers, months, or values to choose from.
    """

    name: str
    keys: tuple[str, ...]
    offsets: tuple[float, ...]
    label: str
    unit: str
    kind: Literal["number", "month", "choice"]
