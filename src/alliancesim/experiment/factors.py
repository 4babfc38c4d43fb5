"""Factors as axes: which keys of the scenario they move, over which values.

Whether the scenario has these keys, and takes these values, is not asked here but in checking.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from alliancesim.arrays import Array
from alliancesim.experiment.schema import Factor, Scale, numbers_alone
from alliancesim.scenario.quantities import month_count, month_text
from alliancesim.scenario.reading import KeyPath
from alliancesim.scenario.schema import Scenario

SWITCHED_OFF = "without"
"""First part of a key that switches a mechanism off, as in ``without.entrapment``."""

_DIGITS = 12
"""Significant digits of a level, so that 0.3 is not 0.30000000000000004."""


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
        low: smallest number, or first month as a count; 0 where values are chosen.
        high: largest number, or last month.
        scale: how numbers are spread.
        whole: whether they are whole.
        count: number of levels on a grid.
        choices: the values to choose from.
    """

    name: str
    keys: tuple[str, ...]
    offsets: tuple[float, ...]
    label: str
    unit: str
    kind: Literal["number", "month", "choice"]
    low: float = 0.0
    high: float = 0.0
    scale: Scale = "linear"
    whole: bool = False
    count: int = 0
    choices: tuple[Any, ...] = ()

    def levels(self) -> NDArray[Any]:
        """Return the levels of a grid, shape (count,), in rising order or that of the file."""
        if self.kind == "choice":
            return _column(list(self.choices))
        if self.kind == "month":
            counts = np.linspace(self.low, self.high, self.count).round()
            return _column([month_text(int(count)) for count in counts])
        if self.whole:
            return np.linspace(self.low, self.high, self.count).round().astype(np.int64)
        spread = np.geomspace if self.scale == "log" else np.linspace
        inner = [float(f"{x:.{_DIGITS}g}") for x in spread(self.low, self.high, self.count)]
        return np.array([self.low, *inner[1:-1], self.high])

    def sampled(self, shares: Array) -> NDArray[Any]:
        """Return the values that lie at given shares of the axis.

        Args:
            shares: shape (points,), 0 to 1, 1 itself left out.

        Returns:
            Numbers, months as text, or switches, of the same shape.
        """
        if self.kind == "choice":
            return _column(list(self.choices))[(shares * len(self.choices)).astype(np.int64)]
        if self.kind == "month" or self.whole:
            steps = np.floor(shares * (self.high - self.low + 1)).astype(np.int64)
            counts = np.minimum(int(self.low) + steps, int(self.high))
            if self.whole:
                return counts
            return _column([month_text(count) for count in counts.tolist()])
        if self.scale == "log":
            values = self.low * (self.high / self.low) ** shares
        else:
            values = self.low + (self.high - self.low) * shares
        return np.clip(values, self.low, self.high)

    def ends(self) -> list[Any]:
        """Return the values at both ends, or all there are to choose from."""
        if self.kind == "choice":
            return list(self.choices)
        if self.kind == "month":
            return [month_text(int(self.low)), month_text(int(self.high))]
        return [int(end) if self.whole else end for end in (self.low, self.high)]

    def settings(self, value: Any) -> Iterator[tuple[KeyPath, Any]]:
        """Yield key path and value of each key at one value of the factor, as ``--set`` has it.

        Args:
            value: plain data; for a key under ``without``, whether the mechanism is off.
        """
        for key, offset in zip(self.keys, self.offsets, strict=True):
            moved = value if offset == 0.0 else round(value + offset, _DIGITS) + 0.0
            yield tuple(key.split(".")), moved


def laid_over(settings: Iterator[tuple[KeyPath, Any]], scenario: Scenario) -> dict[KeyPath, Any]:
    """Return changes of a scenario's document, with mechanisms to switch off as one list.

    Args:
        settings: key paths and values, from axes.
        scenario: whose list of mechanisms switched off is the one that changes.
    """
    changes = dict(settings)
    switches = {path[1]: changes.pop(path) for path in [*changes] if path[0] == SWITCHED_OFF}
    if switches:
        kept = [name for name in scenario.without if name not in switches]
        changes[SWITCHED_OFF,] = [*kept, *(name for name, off in switches.items() if off)]
    return changes


def axis_of(name: str, factor: Factor, offsets: tuple[float, ...]) -> Axis:
    """Return the axis of a factor that keeps the rules of the file.

    Args:
        name: its name.
        factor: the factor.
        offsets: what each key's value adds to the first one's.
    """
    keys = factor.all_keys
    described = (name, keys, offsets, factor.label or " and ".join(keys), factor.unit)
    if factor.values is not None:
        choices = tuple(factor.values)
        return Axis(*described, "choice", count=len(choices), choices=choices)
    if isinstance(factor.low, str):
        low, high = (float(month_count(month)) for month in (factor.low, factor.high))
        return Axis(*described, "month", low, high, count=factor.levels)
    return Axis(
        *described,
        "number",
        factor.low,
        factor.high,
        factor.scale,
        factor.whole,
        factor.levels,
    )


def _column(values: list[Any]) -> NDArray[Any]:
    """Return values as a column of numbers, switches or, as Python objects, texts."""
    if all(isinstance(value, bool) for value in values):
        return np.array(values, dtype=bool)
    if not numbers_alone(values):
        return np.array(values, dtype=object)
    whole = all(isinstance(value, int) for value in values)
    return np.array(values, dtype=np.int64 if whole else np.float64)
