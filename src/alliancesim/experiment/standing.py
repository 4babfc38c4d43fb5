"""Where a scenario itself stands on a factor, and what that number rests on.

Nothing is run to find it out, and no judgement is passed on a number without a source, which
sensitivity.assumptions does.
"""

from __future__ import annotations

from typing import Any, NamedTuple

from pydantic import BaseModel

from alliancesim.coefficients import REGISTER
from alliancesim.experiment.everything import number_at
from alliancesim.experiment.factors import SWITCHED_OFF, Axis
from alliancesim.scenario.quantities import Quantity
from alliancesim.scenario.schema import Scenario, Strategy
from alliancesim.scenario.standing import found_at

SOURCED = ("measured", "derived", "coded", "fitted")
"""Bases of numbers that have a source; the others are guesses."""

SETTING = "setting"
"""What is no claim about the world: dates, intensities, switches."""

_REGISTER = {entry.name: entry for entry in REGISTER}


def base_level(axis: Axis, scenario: Scenario) -> Any:
    """Return the level of a factor at which the scenario itself stands.

    Returns:
        None where it stands at none: outside the axis, or with keys that are not equal.
    """
    values = [_value_at(scenario, key) for key in axis.keys]
    if any(value is None for value in values):
        return None
    if axis.kind != "number":
        same = all(value == values[0] for value in values) and values[0] in _choices(axis)
        return values[0] if same else None
    first = float(values[0])
    moved = zip(values, axis.offsets, strict=True)
    fits = all(abs(float(value) - offset - first) < 1e-9 for value, offset in moved)
    return first if fits and axis.low - 1e-12 <= first <= axis.high + 1e-12 else None


class Ground(NamedTuple):
    """What a number rests on.

    Attributes:
        basis: how it was come by, as the scenario or the register of coefficients says.
        source: who says so; empty where nobody is named.
    """

    basis: str
    source: str

    @property
    def unsourced(self) -> bool:
        """Say whether it is a guess, or nobody is named for it; a setting claims nothing."""
        if self.basis == SETTING:
            return False
        return self.basis not in SOURCED or not self.source.strip()


def basis_of(axis: Axis, scenario: Scenario) -> str:
    """Return what the number of a factor's first key rests on."""
    return ground_at(scenario, axis.keys[0]).basis


def ground_at(scenario: Scenario, key: str) -> Ground:
    """Return what the number at a dotted key rests on.

    A number's own source comes before that of the strategy or event to which it belongs. A
    strategy's number that is left at its default, such as full intensity, is a setting.
    """
    table, *rest = key.split(".")
    if table == "coefficients" and rest[0] in scenario.coefficients:
        return Ground("unstated", "")
    if table == "coefficients" and rest[0] in _REGISTER:
        entry = _REGISTER[rest[0]]
        return Ground(entry.basis, entry.source)
    found = found_at(scenario, (table, *rest))
    holder = found_at(scenario, (table, *rest[:1]))
    told = str(getattr(holder, "source", ""))
    if not isinstance(found, Quantity):
        if table == "dyads" and rest[-1] == "cohesion":
            return Ground("derived", "geometric mean of both directions of cooperation at rest")
        return Ground(SETTING, told)
    if table == "strategies" and found == _usual(Strategy, rest[-1]):
        return Ground(SETTING, told)
    return Ground(found.basis, found.source or told)


def _usual(model: type[BaseModel], key: str) -> object:
    """Return the default of a key of a table, or None."""
    field = model.model_fields.get(key)
    return None if field is None else field.get_default(call_default_factory=True)


def _choices(axis: Axis) -> list[Any]:
    """Return the levels at which something stands on an axis of months or choices."""
    return list(axis.levels()) if axis.kind == "month" else list(axis.choices)


def _value_at(scenario: Scenario, key: str) -> Any:
    """Return the plain value at a dotted key, or None."""
    table, _, name = key.partition(".")
    if table == SWITCHED_OFF:
        return name in scenario.without
    found = found_at(scenario, key.split("."))
    if isinstance(found, bool | str):
        return found
    return number_at(scenario, key)
