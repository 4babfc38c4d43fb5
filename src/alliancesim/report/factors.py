"""The factors of an experiment in plain words: what each is, and what it rests on."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any, NamedTuple

from pydantic import BaseModel

from alliancesim.coefficients import REGISTER
from alliancesim.experiment.everything import number_at
from alliancesim.experiment.factors import SWITCHED_OFF, Axis
from alliancesim.figures.axes import level_text
from alliancesim.scenario.quantities import Quantity
from alliancesim.scenario.schema import Actor, Dyad, Scenario, Strategy

SOURCED = ("measured", "derived", "coded", "fitted")
"""Bases of numbers that have a source; the others are guesses."""

SETTING = "setting"
"""What is no claim about the world: dates, intensities, switches."""

_REGISTER = {entry.name: entry for entry in REGISTER}


class Row(NamedTuple):
    """One factor in a table.

    Attributes:
        label: what it is.
        keys: the keys that it moves.
        span: its values.
        unit: its unit.
        given: its value in the scenario, as text; empty where it has none.
        basis: what that number rests on.
    """

    label: str
    keys: tuple[str, ...]
    span: str
    unit: str
    given: str
    basis: str


def rows(axes: tuple[Axis, ...], scenario: Scenario) -> list[Row]:
    """Return every factor of an experiment, in their order."""
    named = labels(axes, scenario)
    found = []
    for axis in axes:
        base = base_level(axis, scenario)
        given = "" if base is None else level_text(base)
        what = named[axis.name], axis.keys, _span(axis), axis.unit
        found.append(Row(*what, given, basis_of(axis, scenario)))
    return found


def labels(axes: tuple[Axis, ...], scenario: Scenario) -> dict[str, str]:
    """Return what each factor is, in words, by its name."""
    names = {code: actor.name or code for code, actor in scenario.actors.items()}
    return {axis.name: _label(axis, names) for axis in axes}


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


def basis_of(axis: Axis, scenario: Scenario) -> str:
    """Return what the number of a factor's first key rests on, as the scenario says.

    A strategy's number that is left at its default, such as full intensity, is a setting.
    """
    table, *rest = axis.keys[0].split(".")
    if table == "coefficients" and rest[0] in _REGISTER:
        return _REGISTER[rest[0]].basis
    found = _at(scenario, axis.keys[0])
    if not isinstance(found, Quantity):
        return SETTING
    left = table == "strategies" and found == _usual(Strategy, rest[-1])
    return SETTING if left else found.basis


def meanings(axes: Iterable[Axis]) -> list[tuple[str, str]]:
    """Return name and meaning of each coefficient among some factors."""
    names = [axis.keys[0].partition(".") for axis in axes]
    return [
        (name, _REGISTER[name].meaning)
        for table, _, name in names
        if table == "coefficients" and name in _REGISTER
    ]


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
    found = _at(scenario, key)
    if isinstance(found, bool | str):
        return found
    return number_at(scenario, key)


def _at(scenario: Scenario, key: str) -> object:
    """Return what stands at a dotted key, defaults of actors and pairs included."""
    table, *rest = key.split(".")
    current: object = getattr(scenario, table, None)
    usual = {"dyads": Dyad(), "actors": Actor()}.get(table)
    for part in rest:
        found = current.get(part, usual) if isinstance(current, dict) else None
        current = found if isinstance(current, dict) else getattr(current, part, None)
    return current


def _label(axis: Axis, names: dict[str, str]) -> str:
    """Return what a factor is: as the file says, or its key in words."""
    if axis.label not in (axis.keys[0], " and ".join(axis.keys), axis.name.partition(".")[2]):
        return axis.label
    return " and ".join(_words(key, names) for key in _distinct(axis.keys))


def _distinct(keys: tuple[str, ...]) -> Iterator[str]:
    """Yield the keys to be named: the first alone where later levels move along with it."""
    yield keys[0]
    yield from (key for key in keys[1:] if not key.startswith(("events.", "strategies.")))


def _words(key: str, names: dict[str, str]) -> str:
    """Return a dotted key in words."""
    table, *rest = key.split(".")
    last = " ".join(rest[1:]).replace("_", " ")
    if table == "coefficients" and rest[0] in _REGISTER:
        entry, name = _REGISTER[rest[0]], rest[0].replace("_", " ")
        if entry.unit == "dimensionless":
            return f"weight of {name}"
        return name if entry.equation == "shocks" else f"{name}: rate of {entry.equation}"
    if table == "actors":
        return f"{last} of {names.get(rest[0], rest[0])}"
    if table == "dyads":
        of, _, toward = rest[0].partition("-")
        arrow = "and" if last == "cohesion" else "→"
        return f"{last} ({names.get(of, of)} {arrow} {names.get(toward, toward)})"
    if table == SWITCHED_OFF:
        return f"{rest[0]} switched off"
    return f"{last} of {rest[0]}" if len(rest) > 1 else key


def _span(axis: Axis) -> str:
    """Return the values of a factor as text."""
    if axis.kind == "choice":
        return ", ".join(level_text(choice) for choice in axis.choices)
    low, high = (level_text(end) for end in axis.ends())
    count = f", {axis.count} levels" if axis.count else ""
    spread = ", even in the logarithm" if axis.scale == "log" else ""
    return f"{low} to {high}{count}{spread}"
