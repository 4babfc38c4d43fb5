"""The numbers a scenario rests on, each with its basis and source, as rows of tables.

Which of them matter is not said here, but in the page on a sensitivity analysis.
"""

from __future__ import annotations

import itertools
from collections import Counter
from collections.abc import Iterator
from typing import NamedTuple, get_args

from pydantic import BaseModel

from alliancesim.coefficients import REGISTER
from alliancesim.language import message, plural, text
from alliancesim.report.basis_wording import fixed_in
from alliancesim.report.numbers import brief, span
from alliancesim.report.phrases import counted
from alliancesim.results.result import Result
from alliancesim.scenario.quantities import Basis, Quantity
from alliancesim.scenario.schema import Actor, Dyad, Event, Scenario

BASES: tuple[str, ...] = get_args(Basis)
SETTING = message("setting")

NAMES = (
    message("measured"),
    message("derived"),
    message("coded"),
    message("judgement"),
    message("unstated"),
    message("pragmatism"),
    message("hazard"),
    message("opinion"),
    message("threat"),
    message("dependence"),
    message("grievance"),
    message("confidence"),
    message("suspicion"),
    message("cohesion"),
    message("commitment"),
    message("mediation"),
    message("likeness"),
    message("visibility"),
    message("legibility"),
    message("escalate"),
    message("brokerage"),
    message("cooperation"),
    message("pressure"),
    message("actor"),
    message("pair"),
    message("press intensity"),
    message("court intensity"),
)
"""What bases and numbers of a scenario are called, to be looked up where they are said."""


class Row(NamedTuple):
    """One number: of whom, what it is, its value as text, its basis and its source."""

    subject: str
    what: str
    value: str
    basis: str
    source: str


class Group(NamedTuple):
    """Rows that belong together."""

    title: str
    rows: list[Row]

    def parts(self) -> list[tuple[str, list[Row]]]:
        """Return the rows by subject, in their order."""
        grouped = itertools.groupby(self.rows, key=lambda row: row.subject)
        return [(subject, list(rows)) for subject, rows in grouped]


class Default(NamedTuple):
    """A default of the program: where it belongs, its value, and how often it is used."""

    table: str
    what: str
    value: str
    used: int
    places: int
    source: str


class Weight(NamedTuple):
    """One coefficient of the law, as used: its value, or the median of those drawn."""

    equation: str
    name: str
    value: str
    default: str
    changed: bool
    drawn: bool
    span: str
    unit: str
    meaning: str
    source: str


def groups(result: Result, names: dict[str, str]) -> list[Group]:
    """Return every number that the scenario gives, group by group, without empty groups."""
    return groups_of(result.scenario(), names)


def groups_of(scenario: Scenario, names: dict[str, str]) -> list[Group]:
    """Return every number that a scenario gives, group by group, without empty groups."""
    found = [
        Group(text("Actors"), list(_actors(scenario, names))),
        Group(text("Pairs"), list(_dyads(scenario, names))),
        Group(text("Strategies"), list(_strategies(scenario, names))),
        Group(text("Events"), list(_events(scenario, names))),
        Group(text("Outcome and time"), list(_outcome(scenario))),
    ]
    return [group for group in found if group.rows]


def counts(found: list[Group]) -> dict[str, int]:
    """Return how many numbers rest on each basis."""
    counted = Counter(row.basis for group in found for row in group.rows)
    return {basis: counted[basis] for basis in BASES}


def defaults(result: Result) -> list[Default]:
    """Return the program's defaults in use, with the number of places that hold them."""
    scenario = result.scenario()
    rows: list[Default] = []
    n = len(scenario.actors)
    tables: tuple[tuple[str, type[BaseModel], list[BaseModel], int], ...] = (
        ("actor", Actor, list(scenario.actors.values()), n),
        ("pair", Dyad, list(scenario.dyads.values()), n * (n - 1)),
    )
    for table, model, written, places in tables:
        for key, field in model.model_fields.items():
            usual = field.get_default(call_default_factory=True)
            if not isinstance(usual, Quantity):
                continue
            given = sum(getattr(item, key) != usual for item in written)
            if given < places:
                value = brief(usual.value)
                rows.append(Default(table, key, value, places - given, places, usual.source))
    return rows


def weights(result: Result) -> list[Weight]:
    """Return every coefficient of the law as it was used."""
    used = result.manifest["coefficients"]
    posterior = result.manifest.get("posterior", {"names": ()})
    drawn = {*posterior["names"]} - fixed_in(result.manifest["scenario"])
    return [
        Weight(
            entry.equation,
            entry.name,
            _value(used[entry.name], drawn=entry.name in drawn),
            brief(entry.default),
            used[entry.name] != entry.default and entry.name not in drawn,
            entry.name in drawn,
            span(brief(entry.low), brief(entry.high)),
            entry.unit,
            entry.meaning,
            entry.source,
        )
        for entry in REGISTER
    ]


def _value(value: float, *, drawn: bool) -> str:
    """Return a coefficient as it was written or, where it is a median of draws, in short."""
    return brief(float(f"{value:.3g}") if drawn else value)


def switched_off(result: Result) -> list[str]:
    """Return the labels of strategies and events that the scenario leaves out."""
    scenario = result.scenario()
    off = [label for label, item in scenario.strategies.items() if not item.enabled]
    return off + [label for label, item in scenario.events.items() if not item.enabled]


def _given(table: BaseModel, lead: str) -> Iterator[Row]:
    """Yield the quantities of a table that differ from its defaults."""
    for key, field in type(table).model_fields.items():
        value = getattr(table, key)
        if not isinstance(value, Quantity):
            continue
        if field.is_required() or value != field.get_default(call_default_factory=True):
            name = key.replace("_", " ")
            yield _row(lead, text(name), value)


def _row(subject: str, what: str, number: Quantity, source: str = "", *, sign: bool = False) -> Row:
    """Return the row of one quantity; a source of its own comes before that of its table."""
    value = f"+{brief(number.value)}" if sign and number.value > 0 else brief(number.value)
    return Row(subject, what, value, number.basis, number.source or source)


def _actors(scenario: Scenario, names: dict[str, str]) -> Iterator[Row]:
    for code, actor in scenario.actors.items():
        name = names[code]
        yield from _given(actor, name if name == code else f"{name} ({code})")


def _dyads(scenario: Scenario, names: dict[str, str]) -> Iterator[Row]:
    for key, dyad in scenario.dyads.items():
        of, toward = key.split("-")
        yield from _given(dyad, f"{names[of]} → {names[toward]}")


def _strategies(scenario: Scenario, names: dict[str, str]) -> Iterator[Row]:
    for label, strategy in scenario.strategies.items():
        if not strategy.enabled:
            continue
        kind = (
            text("{label}: wedge strategy of {actor}")
            if strategy.wedge
            else text("{label}: strategy, played in the twin too of {actor}")
        )
        lead = kind.format(label=label, actor=names[strategy.actor])
        for does, levels in (
            (text("presses {target}"), strategy.press),
            (text("courts {target}"), strategy.court),
        ):
            for target, value in levels.items():
                yield _row(lead, does.format(target=names[target]), value, strategy.source)
        yield from _given(strategy, lead)
        length = span(strategy.start or text("start of the run"), strategy.end or text("its end"))
        if strategy.ramp:
            length = text("{span}, {months} to full level").format(
                span=length, months=counted(strategy.ramp, "month")
            )
        yield Row(lead, text("duration"), length, SETTING, strategy.source)


def _events(scenario: Scenario, names: dict[str, str]) -> Iterator[Row]:
    for event in sorted(scenario.events.values(), key=lambda item: item.date):
        if not event.enabled:
            continue
        number = event.push if event.push is not None else event.to
        if number is not None:
            lead = f"{event.date} {event.what}"
            yield _row(
                lead, _moved(event, names), number, event.source, sign=event.push is not None
            )


def _moved(event: Event, names: dict[str, str]) -> str:
    """Return what an event moves, how and for how long."""
    toward = f" → {names[event.toward]}" if event.toward else ""
    how = text("push") if event.push is not None else text("new level")
    parts = [f"{text(event.variable)}, {names[event.of]}{toward}", how]
    if event.half_life is not None:
        parts.append(_halves(event.half_life))
    if event.until is not None:
        parts.append(text("until {month}").format(month=event.until))
    if event.part_of is not None:
        parts.append(text("part of {strategy}").format(strategy=event.part_of))
    return "; ".join(parts)


def _halves(months: float) -> str:
    """Return how fast a push dies down."""
    told = plural("halves in {months} month", "halves in {months} months", 1 if months == 1 else 2)
    return told.format(months=brief(months))


def _outcome(scenario: Scenario) -> Iterator[Row]:
    outcome, time = scenario.outcome, scenario.time
    yield _row("", text("margin: effects within it count as nothing"), outcome.margin)
    last = text("last {months}").format(months=counted(outcome.window, "month"))
    yield Row("", text("window over which the outcome is averaged"), last, SETTING, "")
    length = text("{months} from {start}").format(
        months=counted(time.months, "month"), start=time.start
    )
    yield Row("", text("simulated time"), length, SETTING, "")
