"""Factor sets spelt out: every input of a scenario, or every coefficient, around what it is.

What a number rests on makes no difference here: judgements and measurements are moved alike.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import permutations

from alliancesim.arrays import VARIABLES, Variable
from alliancesim.coefficients import REGISTER, with_values
from alliancesim.experiment.factors import Axis
from alliancesim.experiment.schema import FactorSet
from alliancesim.scenario.quantities import Quantity
from alliancesim.scenario.schema import Dyad, Scenario
from alliancesim.scenario.standing import found_at


def axes_of_set(found: FactorSet, scenario: Scenario) -> Iterator[Axis]:
    """Yield one axis for each number of a set; ``leave_out`` is not heeded.

    An input is moved evenly within a step of its value, a coefficient evenly in its logarithm
    between its value divided and multiplied by the factor; neither leaves its range. Where events
    or a strategy put another level in an input's place, that level moves in parallel, so that the
    input is moved over the whole run. Coefficients that are 0 stay 0.
    """
    if found.kind == "coefficients":
        yield from _coefficients(found.factor or 1.0, scenario)
    else:
        yield from _inputs(found.step or 0.0, scenario)


def number_at(scenario: Scenario, key: str) -> float | None:
    """Return the number that stands at a dotted key, its default included, or None."""
    table, *rest = key.split(".")
    if table == "coefficients" and len(rest) == 1:
        values = with_values(scenario.coefficients, scenario.without)
        return getattr(values, rest[0], None)
    current = found_at(scenario, (table, *rest))
    if isinstance(current, Quantity):
        return current.value
    return float(current) if isinstance(current, int | float) else None


def _coefficients(factor: float, scenario: Scenario) -> Iterator[Axis]:
    """Yield one axis per coefficient that is not 0."""
    values = with_values(scenario.coefficients, scenario.without)
    for entry in REGISTER:
        value = getattr(values, entry.name)
        key = f"coefficients.{entry.name}"
        low, high = max(entry.low, value / factor), min(entry.high, value * factor)
        if value > 0 and low < high:
            unit = "" if entry.unit == "dimensionless" else entry.unit
            yield Axis(key, (key,), (0.0,), entry.name, unit, "number", low, high, "log")


def _inputs(step: float, scenario: Scenario) -> Iterator[Axis]:
    """Yield one axis per baseline number of actors and dyads."""
    for variable in VARIABLES:
        if variable.name == "confidence":
            continue  # It starts from commitment, which is moved in its stead.
        for keys in _places(variable, scenario):
            values = [number_at(scenario, key) for key in keys]
            at = [_resting_cohesion(scenario, keys[0]) if v is None else v for v in values]
            up = min(step, *(variable.high - value for value in at))
            down = min(step, *(value - variable.low for value in at))
            if up + down > 0:
                offsets = tuple(value - at[0] for value in at)
                low, high = at[0] - down, at[0] + up
                yield Axis(keys[0], keys, offsets, keys[0], "", "number", low, high)


def _places(variable: Variable, scenario: Scenario) -> Iterator[tuple[str, ...]]:
    """Yield the keys at which each number of a variable stands."""
    if variable.per == "actor":
        for of in scenario.actors:
            yield (f"actors.{of}.{variable.name}", *_later_levels(variable, scenario, of, None))
        return
    for of, toward in permutations(scenario.actors, 2):
        name, mirror = f"{of}-{toward}", f"{toward}-{of}"
        if variable.per == "dyad":
            key = f"dyads.{name}.{variable.name}"
            yield (key, *_later_levels(variable, scenario, of, toward))
        elif list(scenario.actors).index(of) < list(scenario.actors).index(toward):
            given = [
                pair
                for pair in (name, mirror)
                if pair in scenario.dyads and scenario.dyads[pair].cohesion is not None
            ]
            yield tuple(f"dyads.{pair}.{variable.name}" for pair in given or [name])


def _later_levels(
    variable: Variable, scenario: Scenario, of: str, toward: str | None
) -> Iterator[str]:
    """Yield keys of the levels that events and strategies put in an input's place."""
    for label, event in scenario.events.items():
        place = (event.variable, event.of, event.toward)
        if event.enabled and event.to is not None and place == (variable.name, of, toward):
            yield f"events.{label}.to"
    if variable.name == "visibility":
        for label, strategy in scenario.strategies.items():
            if strategy.enabled and strategy.actor == of and strategy.visibility is not None:
                yield f"strategies.{label}.visibility"


def _resting_cohesion(scenario: Scenario, key: str) -> float:
    """Return the cohesion that rests where a file gives none."""
    of, toward = key.split(".")[1].split("-")
    pairs = (f"{of}-{toward}", f"{toward}-{of}")
    there, back = (scenario.dyads.get(pair, Dyad()).cooperation.value for pair in pairs)
    return float((there * back) ** 0.5)
