"""The causes of a change, found in a scenario, and the scenario with some of them left out.

Causes are what comes into a world from outside within a span of months: dated events and the
strategies that begin in it, sorted by what they move. What was dated before is the common past of
all coalitions, and the starting levels are their common start. Mechanisms are no causes, since they
only pass on what comes in; and nothing is run here, which coalitions does.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from alliancesim.attribution.period import Period
from alliancesim.language import message
from alliancesim.scenario.quantities import Unit, month_count
from alliancesim.scenario.rules import ACTIONS
from alliancesim.scenario.schema import Event, Scenario, Strategy

PRESSURE, COURTSHIP = "wedge-pressure", "wedge-courtship"

TITLES = {
    PRESSURE: message("pressure of the wedge"),
    COURTSHIP: message("courtship of the wedge"),
    "commitment": message("the patron's commitment"),
    "brokerage": message("brokerage"),
    "hazard": message("danger from outside"),
    "leaders": message("leaders"),
    "grievance": message("flares of grievance"),
    "other-acts": message("other pressure and cooperation"),
    "other-events": message("other events"),
}
"""All causes there can be, in the order of tables, in plain words."""

_BY_VARIABLE = {
    "commitment": "commitment",
    "confidence": "commitment",
    "brokerage": "brokerage",
    "hazard": "hazard",
    "pragmatism": "leaders",
    "grievance": "grievance",
    "cooperation": "other-acts",
    "pressure": "other-acts",
}

_LEGS = {"press": PRESSURE, "court": COURTSHIP}


@dataclass(frozen=True)
class Cause:
    """What is left out of the world together.

    Attributes:
        name: one of ``TITLES``.
        events: labels of its events.
        levels: strategies whose standing levels belong to it: label, and ``press`` or ``court``.
    """

    name: str
    events: frozenset[str]
    levels: frozenset[tuple[str, str]]

    @property
    def title(self) -> str:
        """Return the cause in plain words."""
        return TITLES[self.name]


def within(scenario: Scenario, period: Period) -> Scenario:
    """Return a scenario as it is played up to the end of a span, read in the span's window.

    Args:
        scenario: a validated scenario.
        period: the span.

    Returns:
        The scenario without what is disabled or comes later.
    """
    last = month_count(period.last)
    strategies = {
        label: strategy
        for label, strategy in scenario.strategies.items()
        if strategy.enabled and _start(scenario, strategy) <= last
    }
    events = {
        label: event
        for label, event in scenario.events.items()
        if event.enabled
        and (event.part_of is None or event.part_of in strategies)
        and month_count(event.date) <= last
    }
    return scenario.model_copy(
        update={
            "strategies": strategies,
            "events": events,
            "time": scenario.time.model_copy(update={"months": period.months}),
            "outcome": scenario.outcome.model_copy(update={"window": period.window}),
        }
    )


def causes_of(scenario: Scenario, period: Period) -> tuple[Cause, ...]:
    """Return the causes dated within a span, in the order of ``TITLES``.

    The acts of a wedge strategy are its pressure where they raise pressure or withdraw cooperation,
    and its courtship where they do the opposite: to take a favour away is to coerce (Baldwin 1971).

    Args:
        scenario: a scenario as from :func:`within`.
        period: the span.

    Returns:
        Those of which there is anything.
    """
    events: dict[str, set[str]] = {name: set() for name in TITLES}
    levels: dict[str, set[tuple[str, str]]] = {name: set() for name in TITLES}
    for label, event in scenario.events.items():
        if month_count(event.date) >= month_count(period.first):
            events[_cause_of(scenario, event)].add(label)
    for label, strategy in scenario.strategies.items():
        if _start(scenario, strategy) < month_count(period.first):
            continue
        for leg, cause in _LEGS.items():
            if _stands(strategy, leg):
                levels[cause if strategy.wedge else "other-acts"].add((label, leg))
    return tuple(
        Cause(name, frozenset(events[name]), frozenset(levels[name]))
        for name in TITLES
        if events[name] or levels[name]
    )


def left_out(scenario: Scenario, period: Period, causes: Collection[Cause]) -> Scenario:
    """Return a scenario without some of its causes.

    A strategy that begins in the span and of which nothing is left goes altogether, and its
    visibility with it.

    Args:
        scenario: a scenario as from :func:`within`.
        period: the span.
        causes: what to leave out.

    Returns:
        The scenario without their events and standing levels.
    """
    gone = frozenset[str]().union(*(cause.events for cause in causes))
    emptied = frozenset[tuple[str, str]]().union(*(cause.levels for cause in causes))
    events = {label: event for label, event in scenario.events.items() if label not in gone}
    touched = {scenario.events[label].part_of for label in gone} | {label for label, _ in emptied}
    held = {event.part_of for event in events.values()}
    strategies = {}
    for label, strategy in scenario.strategies.items():
        none: dict[str, Unit] = {}
        rest = strategy.model_copy(update={leg: none for leg in _LEGS if (label, leg) in emptied})
        begins = _start(scenario, strategy) >= month_count(period.first)
        remains = label in held or any(_stands(rest, leg) for leg in _LEGS)
        if remains or label not in touched or not begins:
            strategies[label] = rest
    return scenario.model_copy(update={"events": events, "strategies": strategies})


def _stands(strategy: Strategy, leg: str) -> bool:
    """Say whether a strategy has standing levels of pressure (press) or courtship (court)."""
    return any(level.value > 0.0 for level in getattr(strategy, leg).values())


def _start(scenario: Scenario, strategy: Strategy) -> int:
    """Return the count of the month in which a strategy begins."""
    return month_count(strategy.start or scenario.time.start)


def _cause_of(scenario: Scenario, event: Event) -> str:
    """Return the cause that an event belongs to."""
    if event.part_of is not None and scenario.strategies[event.part_of].wedge:
        size = 0.0 if event.push is None else event.push.value
        return PRESSURE if (event.variable == ACTIONS[1]) == (size > 0.0) else COURTSHIP
    return _BY_VARIABLE.get(event.variable, "other-events")
