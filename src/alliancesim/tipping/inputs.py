"""The numbers of a scenario that may be varied, each with the range it may take.

Every number stands at a key, as ``--set`` has it, and moves alone: where an event puts another
level in the place of a starting one, that event's number is an input of its own. Which of them are
judgements is not said here but in recoding.judgements.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import permutations

from alliancesim.coefficients import NAMES, REGISTER, with_values
from alliancesim.scenario.problems import InputError, Problem, nearest, shown
from alliancesim.scenario.quantities import Quantity
from alliancesim.scenario.reading import KeyPath
from alliancesim.scenario.schema import Actor, Dyad, Scenario, Strategy

COEFFICIENTS = "coefficients"
_NUMBERS = "of an actor, a dyad, a strategy or an event (push or to), or coefficients.NAME"
_VOLATILITY = "_volatility"


@dataclass(frozen=True)
class Number:
    """A number of a scenario or of the law.

    Attributes:
        key: where it stands.
        paths: key paths that move with it: cohesion may stand in both directions of a dyad.
        value: what it is, dimensionless unless it is a coefficient per month.
        low: smallest value allowed.
        high: largest value allowed.
        unit: empty where it has none.
        spread: standard deviation of the logarithm under a coefficient's prior; 0 for others.
    """

    key: str
    paths: tuple[KeyPath, ...]
    value: float
    low: float
    high: float
    unit: str = ""
    spread: float = 0.0

    @property
    def coefficient(self) -> str:
        """Return the name of the coefficient that it is, or an empty text."""
        table, _, name = self.key.partition(".")
        return name if table == COEFFICIENTS else ""

    @property
    def is_volatility(self) -> bool:
        """Say whether it is the size of a shock, which does nothing on the path without shocks."""
        return self.coefficient.endswith(_VOLATILITY)


def numbers_of(scenario: Scenario) -> dict[str, Number]:
    """Return every number that may be varied, by key.

    Numbers of disabled strategies and events, and mechanisms switched off, are left out: they do
    nothing.
    """
    found = [
        *_of_actors(scenario),
        *_of_dyads(scenario),
        *_of_strategies(scenario),
        *_of_events(scenario),
        *_of_the_law(scenario),
    ]
    return {number.key: number for number in found}


def number_named(numbers: Mapping[str, Number], key: str) -> Number:
    """Return the number at a key.

    Raises:
        InputError: if there is none that may be varied.
    """
    if key not in numbers:
        # A coefficient's bare name is not much like its key in letters, but plainly meant.
        hint = f"{COEFFICIENTS}.{key}" if key in NAMES else nearest(key, numbers)
        expected = f"the key of a number {_NUMBERS}"
        raise InputError([Problem("--vary", "", shown(key), expected, hint)])
    return numbers[key]


def _number(path: KeyPath, found: Quantity) -> Number:
    """Return a quantity of the scenario as a number that may take all values of its kind."""
    return Number(".".join(path), (path,), found.value, found.lowest, found.highest)


def _fields(path: KeyPath, table: Actor | Dyad | Strategy) -> Iterator[Number]:
    """Yield the quantities of a table."""
    for name in type(table).model_fields:
        found = getattr(table, name)
        if isinstance(found, Quantity):
            yield _number((*path, name), found)


def _of_actors(scenario: Scenario) -> Iterator[Number]:
    for code, actor in scenario.actors.items():
        yield from _fields(("actors", code), actor)


def _of_dyads(scenario: Scenario) -> Iterator[Number]:
    """Yield the numbers of all ordered pairs, those that hold defaults of the program included."""
    order = list(scenario.actors)
    for of, toward in permutations(order, 2):
        pair, dyad = f"{of}-{toward}", scenario.dyads.get(f"{of}-{toward}", Dyad())
        for number in _fields(("dyads", pair), dyad.model_copy(update={"cohesion": None})):
            if number.paths[0][-1] == "dependence":
                yield _share_of_trade(scenario, of, number)
            else:
                yield number
        if order.index(of) < order.index(toward):
            yield _cohesion(scenario, of, toward)


def _share_of_trade(scenario: Scenario, of: str, number: Number) -> Number:
    """Return a dependence that leaves the shares of its actor's trade within the whole."""
    total = sum(
        dyad.dependence.value for name, dyad in scenario.dyads.items() if name.startswith(f"{of}-")
    )
    return replace(number, high=min(number.value + max(0.0, 1.0 - total), number.high))


def _cohesion(scenario: Scenario, of: str, toward: str) -> Number:
    """Return the cohesion of a dyad, the same in both directions."""
    pairs = (f"{of}-{toward}", f"{toward}-{of}")
    dyads = [scenario.dyads.get(pair, Dyad()) for pair in pairs]
    given = [p for p, dyad in zip(pairs, dyads, strict=True) if dyad.cohesion is not None]
    levels = [dyad.cohesion.value for dyad in dyads if dyad.cohesion is not None]
    there, back = (dyad.cooperation.value for dyad in dyads)
    paths = tuple(("dyads", pair, "cohesion") for pair in given or pairs[:1])
    value = levels[0] if levels else (there * back) ** 0.5
    return Number(".".join(paths[0]), paths, value, 0.0, 1.0)


def _of_strategies(scenario: Scenario) -> Iterator[Number]:
    for label, strategy in scenario.strategies.items():
        if not strategy.enabled:
            continue
        path = ("strategies", label)
        for leg, targets in (("press", strategy.press), ("court", strategy.court)):
            for target, level in targets.items():
                yield _number((*path, leg, target), level)
        yield from _fields(path, strategy)


def _of_events(scenario: Scenario) -> Iterator[Number]:
    for label, event in scenario.events.items():
        part = event.part_of is None or scenario.strategies[event.part_of].enabled
        for name in ("push", "to"):
            size = getattr(event, name)
            if event.enabled and part and size is not None:
                yield _kept_sign(_number(("events", label, name), size))


def _kept_sign(number: Number) -> Number:
    """Return the size of an act that may become nothing, but not its opposite: another act."""
    low = 0.0 if number.value > 0.0 else number.low
    high = 0.0 if number.value < 0.0 else number.high
    return replace(number, low=low, high=high)


def _of_the_law(scenario: Scenario) -> Iterator[Number]:
    values = with_values(scenario.coefficients, scenario.without)
    for entry in REGISTER:
        if entry.name in scenario.without:
            continue
        yield Number(
            f"{COEFFICIENTS}.{entry.name}",
            ((COEFFICIENTS, entry.name),),
            getattr(values, entry.name),
            entry.low,
            entry.high,
            "" if entry.unit == "dimensionless" else entry.unit,
            entry.prior_spread,
        )
