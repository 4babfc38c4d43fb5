"""The factors of an experiment in plain words: what each is, and what it rests on."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from alliancesim.coefficients import REGISTER
from alliancesim.experiment.factors import SWITCHED_OFF, Axis
from alliancesim.experiment.standing import base_level, basis_of
from alliancesim.figures.axes import level_text
from alliancesim.scenario.schema import Scenario

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


def meanings(axes: Iterable[Axis]) -> list[tuple[str, str]]:
    """Return name and meaning of each coefficient among some factors."""
    names = [axis.keys[0].partition(".") for axis in axes]
    return [
        (name, _REGISTER[name].meaning)
        for table, _, name in names
        if table == "coefficients" and name in _REGISTER
    ]


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
