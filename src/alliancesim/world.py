"""From a validated scenario to the arrays of a world, and of its twin without the wedge.

The twin is the same scenario with its wedge strategies, their events and their visibility left out;
everything else, shocks included, is the same. Nothing here moves from month to month by the law;
what one table of a file may say beside another is for scenario.rules.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from alliancesim.arrays import EVENT_STATES, Array, Drivers, Pushes, State, Strategists
from alliancesim.bounded import pushed
from alliancesim.coefficients import Coefficients, with_values
from alliancesim.elementary import exponential
from alliancesim.scenario.problems import InputError, Problem
from alliancesim.scenario.quantities import month_count, month_text
from alliancesim.scenario.schema import Dyad, Event, Scenario, Strategy
from alliancesim.shocks import actor_key

ACTION_HALF_LIFE = 3.0
"""Months in which a pushed action halves unless the event says otherwise; judgement: the length of
a quarter, after which the follow-up of most diplomatic incidents in the record had ended."""

_LN2 = 0.6931471805599453
_ACTIONS = ("cooperation", "pressure")
_DYADIC = tuple(name for name in Dyad.model_fields if name != "cohesion")
_DEFAULT_DYAD = Dyad()


class Happening(NamedTuple):
    """An event as it enters a run: month of the run (1 is the first), and what it is."""

    month: int
    label: str
    what: str
    part_of: str | None


@dataclass(frozen=True)
class World:
    """All that a run needs: where it rests, what drives it, what is pushed into it.

    Attributes:
        actors: identifiers, in the scenario's order, which is the order of all arrays.
        names: full names.
        start: month before the first simulated one, written ``YYYY-MM``.
        months: number of simulated months; month 0 is the baseline.
        baseline: state at rest.
        drivers: drivers, with a leading axis of months 0 to ``months``.
        pushes: pushes, with the same leading axis; month 0 holds none.
        strategists: who runs each strategy.
        coefficients: of the law.
        fixed: names of those that the scenario lays down or switches off; they are never drawn.
        keys: keys of the actors in the stream of shocks, shape (actors,).
        window: last months over which the outcome is averaged.
        margin: effects within plus or minus this count as nothing.
        happenings: events in the order of their dates.
    """

    actors: tuple[str, ...]
    names: tuple[str, ...]
    start: str
    months: int
    baseline: State
    drivers: Drivers
    pushes: Pushes
    strategists: Strategists
    coefficients: Coefficients
    fixed: frozenset[str]
    keys: NDArray[np.uint64]
    window: int
    margin: float
    happenings: tuple[Happening, ...]

    def drivers_in(self, month: int) -> Drivers:
        """Return the drivers of one month."""
        return Drivers(*(array[month] for array in self.drivers))

    def pushes_in(self, month: int) -> Pushes:
        """Return the pushes of one month."""
        return Pushes(*(array[month] for array in self.pushes))

    def date(self, month: int) -> str:
        """Return a month of the run, 0 being the baseline, as ``YYYY-MM``."""
        return month_text(month_count(self.start) + month)


def build_world(scenario: Scenario, *, wedge: bool = True, months: int | None = None) -> World:
    """Return the world of a scenario, or with ``wedge=False`` its twin.

    Args:
        scenario: a validated scenario.
        wedge: whether wedge strategies are played.
        months: number of months, if not the scenario's own; later events then do not happen.

    Returns:
        The world.

    Raises:
        InputError: if two actors' names give the same key, or the window is longer than the run.
    """
    length = scenario.time.months if months is None else months
    if scenario.outcome.window > length:
        expected = f"at least the {scenario.outcome.window} months of outcome.window"
        raise InputError([Problem("--months", "", str(length), expected)])
    actors = tuple(scenario.actors)
    first = month_count(scenario.time.start)
    strategies = {
        label: strategy
        for label, strategy in scenario.strategies.items()
        if strategy.enabled and (wedge or not strategy.wedge)
    }
    timetable = _Timetable(scenario, actors, first, length, strategies)
    squares = _squares(scenario, actors)
    return World(
        actors=actors,
        names=tuple(actor.name or code for code, actor in scenario.actors.items()),
        start=month_text(first - 1),
        months=length,
        baseline=_baseline(scenario, actors, squares),
        drivers=_drivers(scenario, timetable, squares),
        pushes=_pushes(scenario, timetable),
        strategists=_strategists(scenario, actors, strategies),
        coefficients=with_values(scenario.coefficients, scenario.without),
        fixed=frozenset((*scenario.coefficients, *scenario.without)),
        keys=_keys(actors),
        window=scenario.outcome.window,
        margin=scenario.outcome.margin.value,
        happenings=tuple(
            Happening(timetable.month(event.date), label, event.what, event.part_of)
            for label, event in timetable.events
        ),
    )


def wedge_levels(scenario: Scenario, months: int | None = None) -> Array:
    """Return what wedge strategies alone lay on each actor, month by month.

    Args:
        scenario: a validated scenario.
        months: number of months, if not the scenario's own.

    Returns:
        Shape (2, months + 1, actors): courtship, then pressure, the strongest over dividers, with
        standing levels and events of the strategies merged; 0 to 1.
    """
    length = scenario.time.months if months is None else months
    actors = tuple(scenario.actors)
    strategies = {
        label: strategy
        for label, strategy in scenario.strategies.items()
        if strategy.enabled and strategy.wedge
    }
    first = month_count(scenario.time.start)
    timetable = _Timetable(scenario, actors, first, length, strategies)
    timetable.events = [item for item in timetable.events if item[1].part_of in strategies]
    pushes = _pushes(scenario, timetable)
    missing = 1.0 - pushes.raised  # (months + 1, 2, actors, actors)
    for s, strategy in enumerate(strategies.values()):
        of = actors.index(strategy.actor)
        missing[:, 0, of] *= 1.0 - pushes.courted[:, s]
        missing[:, 1, of] *= 1.0 - pushes.pressed[:, s]
    return np.moveaxis(1.0 - missing.min(axis=2), 1, 0)


class _Timetable:
    """The events and strategies that happen, on the months of the run."""

    def __init__(
        self,
        scenario: Scenario,
        actors: tuple[str, ...],
        first: int,
        length: int,
        strategies: dict[str, Strategy],
    ) -> None:
        self.index = {actor: i for i, actor in enumerate(actors)}
        self.first = first
        self.length = length
        self.strategies = strategies
        happens = [
            (label, event)
            for label, event in scenario.events.items()
            if event.enabled
            and (event.part_of is None or event.part_of in strategies)
            and self.month(event.date) <= length
        ]
        self.events: list[tuple[str, Event]] = sorted(happens, key=lambda item: item[1].date)

    def month(self, date: str) -> int:
        """Return the month of the run, 1 being the first."""
        return month_count(date) - self.first + 1

    def span(self, start: str | None, end: str | None) -> range:
        """Return the months of the run from one date to another, both included."""
        begin = 1 if start is None else self.month(start)
        last = self.length if end is None else min(self.month(end), self.length)
        return range(begin, last + 1)

    def sizes(self, event: Event, half_life: float | None) -> tuple[range, Array]:
        """Return the months of a push, and its size in each."""
        size = 0.0 if event.push is None else event.push.value
        span = self.span(event.date, event.until)
        if half_life is None:
            return span, np.full(len(span), size)
        return span, size * np.array([_faded(half_life, age) for age in range(len(span))])


@lru_cache(maxsize=65_536)
def _faded(half_life: float, age: int) -> float:
    """Return the share of a push that is left after so many months."""
    return exponential(-_LN2 * age / half_life)


def _keys(actors: Sequence[str]) -> NDArray[np.uint64]:
    """Return the actors' keys in the stream of shocks."""
    keys = [actor_key(actor) for actor in actors]
    if len(set(keys)) < len(keys):
        expected = "names whose keys differ in the stream of shocks (rename one actor)"
        raise InputError([Problem("actors", "", ", ".join(actors), expected)])
    return np.array(keys, dtype=np.uint64)


def _squares(scenario: Scenario, actors: Sequence[str]) -> dict[str, Array]:
    """Return one number per ordered dyad, zero on the diagonal, for each variable of dyads."""
    index = {actor: i for i, actor in enumerate(actors)}
    table = np.empty((len(_DYADIC), len(actors), len(actors)))
    table[:] = _values(_DEFAULT_DYAD)[:, None, None]
    for name, dyad in scenario.dyads.items():
        of, toward = name.split("-")
        table[:, index[of], index[toward]] = _values(dyad)
    table[:, np.arange(len(actors)), np.arange(len(actors))] = 0.0
    return dict(zip(_DYADIC, table, strict=True))


def _values(dyad: Dyad) -> Array:
    """Return the numbers of a dyad, in the order of ``_DYADIC``."""
    return np.array([getattr(dyad, name).value for name in _DYADIC])


def _baseline(scenario: Scenario, actors: tuple[str, ...], squares: dict[str, Array]) -> State:
    """Return the state at rest."""
    cooperation = squares["cooperation"]
    cohesion = np.sqrt(cooperation * cooperation.T)
    for name, dyad in scenario.dyads.items():
        if dyad.cohesion is not None:
            i, j = (actors.index(code) for code in name.split("-"))
            cohesion[i, j] = cohesion[j, i] = dyad.cohesion.value
    given = {name: squares[name].copy() for name in State._fields if name in squares}
    return State(**given, confidence=squares["commitment"].T.copy(), cohesion=cohesion)


def _drivers(scenario: Scenario, timetable: _Timetable, squares: dict[str, Array]) -> Drivers:
    """Return the drivers of every month."""
    months = timetable.length + 1

    def by_actor(name: str) -> Array:
        row = np.array([getattr(actor, name).value for actor in scenario.actors.values()])
        return np.repeat(row[None], months, axis=0)

    def by_dyad(name: str) -> Array:
        return np.repeat(squares[name][None], months, axis=0)

    drivers = Drivers(
        pragmatism=by_actor("pragmatism"),
        hazard=by_actor("hazard"),
        brokerage=by_actor("brokerage"),
        visibility=by_actor("visibility"),
        commitment=by_dyad("commitment"),
        mediation=by_dyad("mediation"),
        likeness=by_dyad("likeness"),
    )
    _show_strategies(drivers.visibility, timetable)
    moved = [event for _, event in timetable.events if event.variable in Drivers._fields]
    # New levels come first, so that a push adds to the level of its own month.
    for event in (event for event in moved if event.to is not None):
        span = timetable.span(event.date, event.until)
        _path(drivers, event, timetable)[span.start : span.stop] = event.to.value  # type: ignore[union-attr]
    for event in (event for event in moved if event.push is not None):
        path = _path(drivers, event, timetable)
        span, sizes = timetable.sizes(event, event.half_life)
        for month, size in zip(span, sizes, strict=True):
            path[month] = pushed(path[month], size)
    return drivers


def _path(drivers: Drivers, event: Event, timetable: _Timetable) -> Array:
    """Return the view, over months, of the driver that an event moves."""
    series: Array = getattr(drivers, event.variable)
    of = timetable.index[event.of]
    return series[:, of] if event.toward is None else series[:, of, timetable.index[event.toward]]


def _show_strategies(visibility: Array, timetable: _Timetable) -> None:
    """Write the visibility of strategies over that of their actors, the most visible one."""
    shown: dict[tuple[int, int], float] = {}
    for strategy in timetable.strategies.values():
        if strategy.visibility is not None:
            for month in timetable.span(strategy.start, strategy.end):
                place = (month, timetable.index[strategy.actor])
                shown[place] = max(shown.get(place, 0.0), strategy.visibility.value)
    for place, value in shown.items():
        visibility[place] = value


def _pushes(scenario: Scenario, timetable: _Timetable) -> Pushes:
    """Return the pushes of every month; pushes of one sign merge as 1 - product(1 - size)."""
    n, months = len(timetable.index), timetable.length + 1
    unraised = np.ones((months, 2, n, n))
    unlowered = np.ones((months, 2, n, n))
    stirred = np.zeros((months, 4, n, n))
    for _, event in timetable.events:
        if event.toward is None or event.push is None:
            continue
        i, j = timetable.index[event.of], timetable.index[event.toward]
        if event.variable in EVENT_STATES:
            cell = (timetable.month(event.date), EVENT_STATES.index(event.variable), i, j)
            stirred[cell] = _merged(float(stirred[cell]), event.push.value)
        elif event.variable in _ACTIONS:
            intensity = _intensity(timetable, event)
            action = _ACTIONS.index(event.variable)
            span, sizes = timetable.sizes(event, event.half_life or ACTION_HALF_LIFE)
            side = unraised if event.push.value > 0 else unlowered
            side[span.start : span.stop, action, i, j] *= 1.0 - np.abs(sizes) * intensity
    courted, pressed = _standing_levels(timetable)
    return Pushes(1.0 - unraised, 1.0 - unlowered, courted, pressed, stirred)


def _merged(before: float, added: float) -> float:
    """Return two pushes to a state in the same month as one."""
    if before * added > 0:
        sign = 1.0 if added > 0 else -1.0
        return sign * pushed(abs(before), abs(added))
    return min(max(before + added, -1.0), 1.0)


def _intensity(timetable: _Timetable, event: Event) -> float:
    """Return the factor by which an act of a strategy is scaled."""
    if event.part_of is None:
        return 1.0
    strategy = timetable.strategies[event.part_of]
    leg = strategy.press_intensity if event.variable == "pressure" else strategy.court_intensity
    return leg.value


def _standing_levels(timetable: _Timetable) -> tuple[Array, Array]:
    """Return each strategy's courtship and pressure by month and target."""
    n, months = len(timetable.index), timetable.length + 1
    courted = np.zeros((months, len(timetable.strategies), n))
    pressed = np.zeros((months, len(timetable.strategies), n))
    for s, strategy in enumerate(timetable.strategies.values()):
        span = timetable.span(strategy.start, strategy.end)
        for month in span:
            share = min(1.0, (month - span.start + 1) / (strategy.ramp + 1))
            for target, level in strategy.court.items():
                size = share * level.value * strategy.court_intensity.value
                courted[month, s, timetable.index[target]] = size
            for target, level in strategy.press.items():
                size = share * level.value * strategy.press_intensity.value
                pressed[month, s, timetable.index[target]] = size
    return courted, pressed


def _strategists(
    scenario: Scenario, actors: tuple[str, ...], strategies: dict[str, Strategy]
) -> Strategists:
    """Return who runs each strategy, and the alliance that strategies react to."""
    members = np.array([actor in scenario.outcome.alliance for actor in actors])
    alliance = np.outer(members, members)
    np.fill_diagonal(alliance, False)
    return Strategists(
        actor=np.array([actors.index(s.actor) for s in strategies.values()], dtype=np.int64),
        escalate=np.array([s.escalate.value for s in strategies.values()], dtype=np.float64),
        alliance=alliance,
    )
