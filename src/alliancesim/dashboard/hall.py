"""Where all sessions of one server meet: the scenarios on offer, the queues, what is computed.

Neither charts nor numbers are made here: this is where they are asked for and remembered.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from functools import lru_cache
from typing import Any, NamedTuple

from alliancesim.dashboard.catalogue import Catalogue
from alliancesim.dashboard.charts.actions import actions_chart
from alliancesim.dashboard.charts.causes import causes_chart, reach_of
from alliancesim.dashboard.charts.fan import fan_chart
from alliancesim.dashboard.charts.frame import Frame, frame_of
from alliancesim.dashboard.charts.gauge import at_a_glance, gauge
from alliancesim.dashboard.charts.network import network_data
from alliancesim.dashboard.charts.phase import phase_map
from alliancesim.dashboard.computing import View, view_of
from alliancesim.dashboard.later import Around, around
from alliancesim.dashboard.office import Lane
from alliancesim.dashboard.setting import FEWEST_RUNS, Setting
from alliancesim.language import LANGUAGES, speaking, text
from alliancesim.report.wording import verdict_sentence

_KEPT = 128
"""Settings whose pages are kept; a page takes some tens of kilobytes."""

_KEPT_VIEWS = 16
"""Settings whose runs are kept to be drawn beside others; a view takes up to some megabytes."""

_QUICK_CLERKS, _SLOW_CLERKS = 2, 1
_MOST_WAITING = 100

_PAUSE = 0.3
"""Seconds that a session's sliders must rest before slow work on their setting begins."""

_GIVES_WAY = 0.5
"""Seconds that a step of slow work waits for quick work to be done."""


class Shown(NamedTuple):
    """What a page shows of a setting at once.

    Attributes:
        setting: the setting.
        sentence: the verdict in words.
        glance: the same in a few words, which a phone shows below the sliders.
        gauge: chart of the verdict; ``fan`` and ``actions`` are charts as well.
        fan: cohesion over time.
        actions: actions over time.
        network: what the page plays, as plain data.
        names: of the actors shown, by their codes.
    """

    setting: Setting
    sentence: str
    glance: str
    gauge: str
    fan: str
    actions: str
    network: dict[str, Any]
    names: dict[str, str]


class Later(NamedTuple):
    """What a page shows of a setting somewhat later.

    Attributes:
        setting: the setting.
        phase: chart of the map, or an empty text where there is none.
        causes: chart of the causes, or an empty text.
    """

    setting: Setting
    phase: str
    causes: str


class Asked(NamedTuple):
    """What a session wants to see.

    Attributes:
        now: where its sliders stand.
        beside: the setting beside it, if any.
    """

    now: Setting
    beside: Setting | None

    def all(self) -> tuple[Setting, ...]:
        """Return the settings in the order in which they are shown, prefixed by their places."""
        return (self.now,) if self.beside is None else (self.now, self.beside)


Answer = Callable[[tuple[Any, ...] | None, Exception | None], None]
"""Takes one thing for each setting asked for, or what went wrong."""


class Hall:
    """The scenarios, the queues and what has been computed lately.

    Attributes:
        catalogue: scenarios on offer.
    """

    def __init__(self, reference: str | None = None) -> None:
        """Open it.

        Args:
            reference: name or path of the scenario to open with.

        Raises:
            InputError: if that scenario cannot be shown.
        """
        self.catalogue = Catalogue(reference, FEWEST_RUNS)
        self._quick = Lane("quick", _QUICK_CLERKS, _MOST_WAITING)
        self._slow = Lane("slow", _SLOW_CLERKS, _MOST_WAITING)
        self._view = lru_cache(maxsize=_KEPT_VIEWS)(self._viewed)
        self._drawn = lru_cache(maxsize=_KEPT)(self._drawn_of)
        self._around: dict[Setting, Around] = {}
        self._latest: dict[str, Asked] = {}

    def ask(self, session: str, asked: Asked, quick: Answer, slow: Answer) -> bool:
        """Have a page computed: first what is seen at once, then the rest.

        Args:
            session: who asks; an older question of the same session is dropped.
            asked: the settings.
            quick: takes what is shown at once.
            slow: takes the rest.

        Returns:
            Whether there was room in the queue.
        """

        def first(_wanted: Callable[[], bool]) -> tuple[Shown, ...]:
            return self.shown(asked)

        def rest(wanted: Callable[[], bool]) -> tuple[Later, ...]:
            def go_on() -> bool:
                self._quick.wait_until_idle(_GIVES_WAY)
                return wanted()

            return self.later(asked, go_on)

        def deliver(found: Any, error: Exception | None) -> None:
            quick(found, error)
            if error is None:
                later = threading.Timer(_PAUSE, go_slowly)
                later.daemon = True
                later.start()

        def go_slowly() -> None:
            if self._latest.get(session) is asked:
                self._slow.ask(session, rest, slow)

        self._latest[session] = asked
        return self._quick.ask(session, first, deliver)

    def run_slowly(self, session: str, work: Callable[[], Any], answer: Answer) -> bool:
        """Have something done in the slow lane, one thing at a time for each session.

        Args:
            session: who asks.
            work: what is to be done.
            answer: takes the result in a tuple.

        Returns:
            Whether there was room in the queue.
        """
        return self._slow.ask(session, lambda _wanted: (work(),), answer)

    def leave(self, session: str) -> None:
        """Drop what a session has asked: it has gone."""
        self._latest.pop(session, None)
        self._quick.forget(session)
        self._slow.forget(session)

    def shown(self, asked: Asked) -> tuple[Shown, ...]:
        """Return what a page shows at once of each setting asked for.

        Raises:
            InputError: if the numbers do not go together.
        """
        frame = frame_of([self._view(setting) for setting in asked.all()])
        return tuple(self._drawn(setting, frame, n) for n, setting in enumerate(asked.all()))

    def _viewed(self, setting: Setting) -> View:
        return view_of(setting, self.catalogue.choice(setting.scenario))

    def _drawn_of(self, setting: Setting, frame: Frame, place: int) -> Shown:
        view = self._view(setting)
        with speaking(setting.language):
            return Shown(
                setting,
                verdict_sentence(view.verdict, played=view.played),
                at_a_glance(view),
                gauge(view, frame, place),
                fan_chart(view, frame, place),
                actions_chart(view, frame, place),
                network_data(view, frame),
                {code: view.names[code] for code in view.actors},
            )

    def later(self, asked: Asked, wanted: Callable[[], bool]) -> tuple[Later, ...]:
        """Return what is shown somewhat later of each setting asked for.

        Args:
            asked: the settings.
            wanted: says whether anybody waits for it.

        Raises:
            GivenUp: if nobody does.
            InputError: if the numbers do not go together.
        """
        found = [self._kept_around(setting, wanted) for setting in asked.all()]
        accounts = [each.account for each in found if each.account is not None]
        reach = reach_of(accounts) if accounts else 0.0
        drawn = []
        for place, (setting, each) in enumerate(zip(asked.all(), found, strict=True)):
            with speaking(setting.language):
                phase = "" if each.phase is None else phase_map(each.phase, place)
                bars = "" if each.account is None else causes_chart(each.account, reach, place)
            drawn.append(Later(setting, phase, bars))
        return tuple(drawn)

    def _kept_around(self, setting: Setting, wanted: Callable[[], bool]) -> Around:
        """Return map and causes of a setting, from those found lately if they are among them."""
        # In every language they are the same.
        asked = setting.model_copy(update={"language": LANGUAGES[0]})
        if asked not in self._around:
            found = around(asked, self.catalogue.choice(asked.scenario), wanted)
            # Only the one clerk of the slow lane writes here.
            if len(self._around) >= _KEPT:
                del self._around[next(iter(self._around))]
            self._around[asked] = found
        return self._around[asked]


_hall: Hall | None = None


def open_hall(hall: Hall) -> None:
    """Make a hall the one that pages are shown from."""
    global _hall  # noqa: PLW0603 - pages are made by the server, which hands them nothing
    _hall = hall


def the_hall() -> Hall:
    """Return the hall that pages are shown from; a usual one if none was opened."""
    if _hall is None:
        open_hall(Hall())
    assert _hall is not None
    return _hall


def busy_words() -> str:
    """Return what is said to a session for which there is no room in the queue."""
    return text("Too many people are asking at once. Please try again in a moment.")
