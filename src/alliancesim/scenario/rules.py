"""Rules that compare one part of a scenario with another.

Nothing that can be said of one value alone, which is the schema's; and nothing that would need a
world to be run.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain, islice

from alliancesim.arrays import EVENT_STATES, VARIABLES
from alliancesim.coefficients import NAMES, REGISTER
from alliancesim.scenario.problems import MOST_PROBLEMS, nearest, shown
from alliancesim.scenario.quantities import month_count, month_text
from alliancesim.scenario.schema import Event, Scenario, Strategy

ACTIONS = ("cooperation", "pressure")
DYADIC = frozenset(variable.name for variable in VARIABLES if variable.per == "dyad")
DRIVERS = frozenset(variable.name for variable in VARIABLES if variable.kind == "driver")


@dataclass(frozen=True)
class Broken:
    """A broken rule: the key, and value, expectation and suggestion in words."""

    keys: tuple[str, ...]
    value: str
    expected: str
    suggestion: str = ""

    @property
    def words(self) -> tuple[str, str, str]:
        """Return value, expectation and suggestion."""
        return self.value, self.expected, self.suggestion


def broken_rules(scenario: Scenario) -> list[Broken]:
    """Return the rules across tables that a scenario breaks, in their order: the first hundred."""
    found = chain(
        _dyads(scenario),
        _strategies(scenario),
        _events(scenario),
        _observations(scenario),
        _outcome(scenario),
        _coefficients(scenario),
    )
    return list(islice(found, MOST_PROBLEMS))


def _known(scenario: Scenario, keys: tuple[str, ...], name: str) -> Iterator[Broken]:
    """Complain about an actor that the scenario does not have."""
    if name not in scenario.actors:
        actors = list(scenario.actors)
        expected = "one of the actors " + ", ".join(actors)
        yield Broken(keys, shown(name), expected, nearest(name, actors))


def _in_run(
    scenario: Scenario, keys: tuple[str, ...], month: str, *, earliest: int = 0
) -> Iterator[Broken]:
    """Complain about a month outside the run."""
    start = month_count(scenario.time.start)
    first, last = start + earliest, start + scenario.time.months - 1
    if not first <= month_count(month) <= last:
        span = f"a month of the run, {month_text(first)} to {month_text(last)}"
        yield Broken(keys, shown(month), span)


def _dyads(scenario: Scenario) -> Iterator[Broken]:
    traded = dict.fromkeys(scenario.actors, 0.0)
    for name, dyad in scenario.dyads.items():
        keys = ("dyads", name)
        of, toward = name.split("-")
        yield from _known(scenario, keys, of)
        yield from _known(scenario, keys, toward)
        if of == toward:
            yield Broken(keys, shown(name), "two different actors")
        if of in traded:
            traded[of] += dyad.dependence.value
        mirror = scenario.dyads.get(f"{toward}-{of}")
        if dyad.cohesion is None or mirror is None or mirror.cohesion is None or of > toward:
            continue
        if mirror.cohesion.value != dyad.cohesion.value:
            value = f"{dyad.cohesion.value:g}, but {mirror.cohesion.value:g} in {toward}-{of}"
            yield Broken((*keys, "cohesion"), value, "the same cohesion in both directions")
    for actor, total in traded.items():
        if total > 1.0 + 1e-9:
            yield Broken(
                ("dyads",),
                f"{total:.3f} in sum",
                f"dependence of {actor} on all others, being shares of its trade, to sum to at"
                " most 1",
            )


def _strategies(scenario: Scenario) -> Iterator[Broken]:
    for label, strategy in scenario.strategies.items():
        keys = ("strategies", label)
        yield from _known(scenario, (*keys, "actor"), strategy.actor)
        for leg, targets in (("press", strategy.press), ("court", strategy.court)):
            for target in targets:
                yield from _known(scenario, (*keys, leg, target), target)
                if target == strategy.actor:
                    yield Broken((*keys, leg, target), shown(target), "an actor other than itself")
        yield from _span(scenario, keys, strategy)


def _span(scenario: Scenario, keys: tuple[str, ...], strategy: Strategy) -> Iterator[Broken]:
    """Complain about a strategy's start and end."""
    if strategy.start is not None:
        yield from _in_run(scenario, (*keys, "start"), strategy.start)
    if strategy.end is not None:
        yield from _in_run(scenario, (*keys, "end"), strategy.end)
        if strategy.start is not None and month_count(strategy.end) < month_count(strategy.start):
            yield Broken((*keys, "end"), shown(strategy.end), f"no month before {strategy.start}")


def _events(scenario: Scenario) -> Iterator[Broken]:
    for label, event in scenario.events.items():
        keys = ("events", label)
        yield from _known(scenario, (*keys, "of"), event.of)
        if event.toward is not None:
            yield from _known(scenario, (*keys, "toward"), event.toward)
        if event.of == event.toward:
            yield Broken((*keys, "toward"), shown(event.toward), "an actor other than itself")
        yield from _in_run(scenario, (*keys, "date"), event.date)
        if event.until is not None:
            yield from _in_run(scenario, (*keys, "until"), event.until)
            if month_count(event.until) < month_count(event.date):
                yield Broken((*keys, "until"), shown(event.until), f"no month before {event.date}")
        yield from _shape(keys, event)
        yield from _membership(scenario, keys, event)


def _shape(keys: tuple[str, ...], event: Event) -> Iterator[Broken]:
    """Complain about keys of an event that do not go together."""
    variable = event.variable
    if variable in DYADIC and event.toward is None:
        yield Broken((*keys, "toward"), "missing", f"the actor toward whom {variable} moves")
    if variable not in DYADIC and event.toward is not None:
        yield Broken(
            (*keys, "toward"), shown(event.toward), f"no such key: {variable} has one actor"
        )
    if (event.push is None) == (event.to is None):
        yield Broken(keys, "neither" if event.push is None else "both", 'either "push" or "to"')
    if event.to is not None and variable not in DRIVERS:
        yield Broken((*keys, "to"), f"{event.to.value:g}", f'"push", since {variable} is no driver')
    if event.half_life is not None and (event.to is not None or variable in EVENT_STATES):
        decay = "no half-life: a level lasts, and a stirred state decays by the law"
        yield Broken((*keys, "half_life"), f"{event.half_life:g}", decay)
    if event.until is not None and variable in EVENT_STATES:
        yield Broken(
            (*keys, "until"), shown(event.until), "no end: a stirred state decays by the law"
        )


def _membership(scenario: Scenario, keys: tuple[str, ...], event: Event) -> Iterator[Broken]:
    """Complain about an event that is an outcome, or no act of the strategy it belongs to."""
    allied = {event.of, event.toward} <= set(scenario.outcome.alliance)
    if event.variable == "cooperation" and allied:
        yield Broken(
            keys,
            f"cooperation of {event.of} toward {event.toward}",
            "no push to cooperation inside the alliance whose cohesion is the outcome: that would"
            " put the answer into the question (use [observations])",
        )
    if event.part_of is None:
        return
    strategy = scenario.strategies.get(event.part_of)
    if strategy is None:
        labels = list(scenario.strategies)
        expected = "one of the strategies " + ", ".join(labels) if labels else "a strategy"
        yield Broken(
            (*keys, "part_of"), shown(event.part_of), expected, nearest(event.part_of, labels)
        )
        return
    if strategy.actor != event.of:
        yield Broken((*keys, "of"), shown(event.of), f"the strategy's actor, {strategy.actor}")
    if event.variable not in ACTIONS:
        yield Broken(
            (*keys, "variable"),
            shown(event.variable),
            "cooperation or pressure, as part of a strategy",
        )


def _observations(scenario: Scenario) -> Iterator[Broken]:
    for label, observation in scenario.observations.items():
        keys = ("observations", label)
        yield from _in_run(scenario, (*keys, "date"), observation.date, earliest=-1)
        for key in ("of", "toward"):
            name = getattr(observation, key)
            if name is not None:
                yield from _known(scenario, (*keys, key), name)
        if observation.value is not None and (
            observation.variable is None or observation.of is None or observation.toward is None
        ):
            yield Broken(keys, "a value alone", "variable, of and toward beside a value")
        for key in ("error", "since"):
            if getattr(observation, key) is not None and observation.value is None:
                yield Broken((*keys, key), "given", "no such key without a value")
        if observation.since is not None:
            yield from _in_run(scenario, (*keys, "since"), observation.since, earliest=-1)
            if month_count(observation.since) >= month_count(observation.date):
                expected = f"a month before {observation.date}"
                yield Broken((*keys, "since"), shown(observation.since), expected)


def _outcome(scenario: Scenario) -> Iterator[Broken]:
    alliance = scenario.outcome.alliance
    for member in alliance:
        yield from _known(scenario, ("outcome", "alliance"), member)
    if len(set(alliance)) < len(alliance):
        yield Broken(("outcome", "alliance"), shown(alliance), "each member once")
    if scenario.outcome.window > scenario.time.months:
        yield Broken(
            ("outcome", "window"),
            str(scenario.outcome.window),
            f"at most the {scenario.time.months} months of the run",
        )


def _coefficients(scenario: Scenario) -> Iterator[Broken]:
    ranges = {entry.name: (entry.low, entry.high) for entry in REGISTER}
    expected = "the name of a mechanism (alliancesim parameters)"
    for name, value in scenario.coefficients.items():
        keys = ("coefficients", name)
        if name not in ranges:
            yield Broken(keys, "unknown", expected, nearest(name, NAMES))
        elif not ranges[name][0] <= value <= ranges[name][1]:
            low, high = ranges[name]
            yield Broken(keys, f"{value:g}", f"a number from {low:g} to {high:g}")
    for name in scenario.without:
        if name not in ranges:
            yield Broken(("without",), shown(name), expected, nearest(name, NAMES))
