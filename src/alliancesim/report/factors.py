"""The factors of an experiment in plain words: what each is, and what it rests on.

What a factor does to the outcome is not said here.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import reduce
from typing import NamedTuple

from alliancesim.coefficients import REGISTER
from alliancesim.experiment.factors import SWITCHED_OFF, Axis
from alliancesim.experiment.standing import base_level, basis_of
from alliancesim.figures.axes import level_text
from alliancesim.language import message, text
from alliancesim.report.numbers import span
from alliancesim.scenario.schema import Scenario

NAMES = (
    message("start"),
    message("end"),
    message("ramp"),
    message("enabled"),
    message("half life"),
    message("until"),
    message("date"),
    message("to"),
    message("fitted"),
)
"""What keys and bases are called, beside those of a scenario's numbers."""

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
        what = named[axis.name], axis.keys, _span(axis), text(axis.unit)
        found.append(Row(*what, given, basis_of(axis, scenario)))
    return found


def labels(axes: tuple[Axis, ...], scenario: Scenario) -> dict[str, str]:
    """Return what each factor is, in words, by its name."""
    names = {code: text(actor.name) or code for code, actor in scenario.actors.items()}
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
        return text(axis.label)
    first, *others = [_words(key, names) for key in _distinct(axis.keys)]
    return reduce(
        lambda all, last: text("{all} and {last}").format(all=all, last=last), others, first
    )


def _distinct(keys: tuple[str, ...]) -> Iterator[str]:
    """Yield the keys to be named: the first alone where later levels move along with it."""
    yield keys[0]
    yield from (key for key in keys[1:] if not key.startswith(("events.", "strategies.")))


def _words(key: str, names: dict[str, str]) -> str:
    """Return a dotted key in words."""
    table, *rest = key.split(".")
    last = _last(rest[1:])
    if table == "coefficients" and rest[0] in _REGISTER:
        return _coefficient(rest[0])
    whom = names.get(rest[0], rest[0]) if table == "actors" else rest[0]
    if table == "dyads":
        of, _, toward = rest[0].partition("-")
        ends = names.get(of, of), names.get(toward, toward)
        both = (
            text("{all} and {last}").format(all=ends[0], last=ends[1])
            if rest[1:] == ["cohesion"]
            else " → ".join(ends)
        )
        return f"{last} ({both})"
    if table == SWITCHED_OFF:
        return text("{mechanism} switched off").format(mechanism=rest[0])
    if len(rest) == 1 and table != "actors":
        return key
    return text("{what} of {whom}").format(what=last, whom=whom)


def _coefficient(key: str) -> str:
    """Return a coefficient of the law in words."""
    entry, name = _REGISTER[key], key.replace("_", " ")
    if entry.unit == "dimensionless":
        return text("weight of {name}").format(name=name)
    if entry.equation == "shocks":
        moved = text(key.removesuffix("_volatility"))
        return text("{variable} volatility").format(variable=moved)
    return text("{name}: rate of {equation}").format(name=name, equation=text(entry.equation))


def _last(path: list[str]) -> str:
    """Return the end of a key in words: what is moved."""
    if path[:1] == ["press"] and len(path) == 2:
        return text("press {target}").format(target=path[1])
    if path[:1] == ["court"] and len(path) == 2:
        return text("court {target}").format(target=path[1])
    words = " ".join(path).replace("_", " ")
    return text(words)


def _span(axis: Axis) -> str:
    """Return the values of a factor as text."""
    if axis.kind == "choice":
        return ", ".join(level_text(choice) for choice in axis.choices)
    said = [span(*(level_text(end) for end in axis.ends()))]
    if axis.count:
        said.append(text("{count} levels").format(count=axis.count))
    if axis.scale == "log":
        said.append(text("even in the logarithm"))
    return ", ".join(said)
