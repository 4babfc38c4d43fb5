"""The sliders of a scenario: which of its numbers people most want to move, and what they mean.

They are found in the scenario itself: what its wedge strategies do, who guards, leads, fears and
trades with whom. Where an event puts another level in the place of a starting one, it is the last
such level that is moved, because it is the one in force where the outcome is read. Where a slider
stands is not kept here, but in setting.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from alliancesim.figures.words import plain
from alliancesim.language import message, text
from alliancesim.scenario.quantities import month_count
from alliancesim.scenario.reading import KeyPath
from alliancesim.scenario.schema import Dyad, Scenario, Strategy
from alliancesim.tipping.inputs import Number, numbers_of

STEP = 0.01
"""Width of a slider's step; all its numbers run from 0 to 1 or less."""

WEDGE, PATRON, LEADERS, DANGER, TRADE = "wedge", "patron", "leaders", "danger", "trade"
GROUPS: Mapping[str, str] = {
    WEDGE: message("The wedge"),
    PATRON: message("The patron's commitment"),
    LEADERS: message("Leaders"),
    DANGER: message("Threat and danger"),
    TRADE: message("Dependence"),
}
"""What sliders are sorted by, in their order."""

_LEGS: Mapping[str, tuple[str, str, str]] = {
    "press": (
        "pressure",
        message("Pressure by {of}, part of its full strength"),
        message("Pressure by {of} on {toward}"),
    ),
    "court": (
        "cooperation",
        message("Courtship by {of}, part of its full strength"),
        message("Courtship of {toward} by {of}"),
    ),
}
"""Legs of a wedge: the action, and what scaling its acts and setting its level mean."""

_MOST = 40
"""Most sliders of a scenario; more than a page can hold helps nobody."""


@dataclass(frozen=True)
class Lever:
    """A number that a slider moves.

    Attributes:
        number: the number, its range and its value in the scenario.
        group: one of ``GROUPS``.
        words: what it means, with the fields ``of`` and ``toward``.
        of: name of the first actor, as the scenario has it.
        toward: name of the second, or an empty text.
        since: month from which the number is in force, or an empty text.
    """

    number: Number
    group: str
    words: str
    of: str
    toward: str = ""
    since: str = ""

    @property
    def key(self) -> str:
        """Return where the number stands, as ``--set`` has it."""
        return self.number.key

    @property
    def label(self) -> str:
        """Return what the number means, in the present language."""
        said = text(self.words).format(of=text(self.of), toward=text(self.toward))
        if not self.since:
            return said
        # A hyphen that does not break keeps a month on one line.
        month = self.since.replace("-", "\N{NON-BREAKING HYPHEN}")
        return text("{what}, from {month}").format(what=said, month=month)

    def paths(self) -> tuple[KeyPath, ...]:
        """Return the key paths that move together."""
        return self.number.paths


def levers_of(scenario: Scenario) -> dict[str, Lever]:
    """Return the sliders of a scenario by key, in the order in which they are shown."""
    finder = _Finder(scenario)
    found = [
        *finder.of_wedges(),
        *finder.of_patrons(),
        *finder.of_leaders(),
        *finder.of_dangers(),
        *finder.of_trade(),
    ]
    return {lever.key: lever for lever in found[:_MOST]}


def wedge_actors(scenario: Scenario) -> list[str]:
    """Return who runs each enabled wedge strategy, in their order."""
    return [item.actor for item in scenario.strategies.values() if item.enabled and item.wedge]


class _Finder:
    """Finds the sliders of one scenario."""

    def __init__(self, scenario: Scenario) -> None:
        self.scenario = scenario
        self.numbers = numbers_of(scenario)
        self.names = {
            code: plain(actor.name, 40) or code for code, actor in scenario.actors.items()
        }
        self.allies = [code for code in scenario.actors if code in scenario.outcome.alliance]
        self._wedges = wedge_actors(scenario)
        self.dividers = list(dict.fromkeys(self._wedges))

    def of_wedges(self) -> Iterator[Lever]:
        """Yield what wedge strategies do, leg by leg, and how openly."""
        for label, strategy in self.scenario.strategies.items():
            if strategy.enabled and strategy.wedge:
                yield from self._of_wedge(label, strategy)

    def _of_wedge(self, label: str, strategy: Strategy) -> Iterator[Lever]:
        key, divider, since = f"strategies.{label}", self.names[strategy.actor], ""
        if self._wedges.count(strategy.actor) > 1:
            # One actor's strategies are told apart by the months in which they begin.
            since = strategy.start or self.scenario.time.start
        acts = [event for event in self.scenario.events.values() if event.part_of == label]
        acted = {event.variable for event in acts if event.enabled}
        for leg, (action, scale, level) in _LEGS.items():
            if action in acted:
                number = self.numbers[f"{key}.{leg}_intensity"]
                yield Lever(number, WEDGE, scale, divider, since=since)
            for target in getattr(strategy, leg):
                number = self.numbers[f"{key}.{leg}.{target}"]
                yield Lever(number, WEDGE, level, divider, self.names[target], since)
        if strategy.visibility is not None:
            number = self.numbers[f"{key}.visibility"]
            yield Lever(number, WEDGE, message("How openly {of} acts"), divider, since=since)

    def of_patrons(self) -> Iterator[Lever]:
        """Yield every guarantee that a member of the alliance has."""
        for ally in self.allies:
            for patron in self.names:
                dyad = self.scenario.dyads.get(f"{patron}-{ally}", Dyad())
                if patron != ally and dyad.commitment.value > 0.0:
                    words = message("Commitment of {of} to {toward}")
                    yield self._driver("commitment", PATRON, words, patron, ally)

    def of_leaders(self) -> Iterator[Lever]:
        """Yield how strategically the leaders of each ally think."""
        for ally in self.allies:
            words = message("Pragmatism of leaders, {of}")
            yield self._driver("pragmatism", LEADERS, words, ally)

    def of_dangers(self) -> Iterator[Lever]:
        """Yield what each ally fears from dividers, and from outside."""
        for ally in self.allies:
            for divider in self.dividers:
                if divider != ally:
                    number = self.numbers[f"dyads.{ally}-{divider}.threat"]
                    words = message("Threat that {of} sees in {toward}")
                    yield Lever(number, DANGER, words, self.names[ally], self.names[divider])
        for ally in self.allies:
            words = message("Danger to {of} from outside")
            yield self._driver("hazard", DANGER, words, ally)

    def of_trade(self) -> Iterator[Lever]:
        """Yield how much each ally trades with dividers."""
        for ally in self.allies:
            for divider in self.dividers:
                if divider != ally:
                    number = self.numbers[f"dyads.{ally}-{divider}.dependence"]
                    words = message("Share of trade of {of} with {toward}")
                    yield Lever(number, TRADE, words, self.names[ally], self.names[divider])

    def _driver(
        self, variable: str, group: str, words: str, of: str, toward: str | None = None
    ) -> Lever:
        """Return the slider of a driver: its last dated level, or else its starting one."""
        table = f"actors.{of}" if toward is None else f"dyads.{of}-{toward}"
        names = self.names[of], "" if toward is None else self.names[toward]
        end = month_count(self.scenario.time.start) + self.scenario.time.months
        levels = [
            (event.date, f"events.{label}.to")
            for label, event in self.scenario.events.items()
            if (event.variable, event.of, event.toward) == (variable, of, toward)
            and event.to is not None
            and event.until is None
            and month_count(event.date) < end
            and f"events.{label}.to" in self.numbers
        ]
        if not levels:
            return Lever(self.numbers[f"{table}.{variable}"], group, words, *names)
        since, key = max(levels)
        return Lever(self.numbers[key], group, words, *names, since)
