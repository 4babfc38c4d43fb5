"""Who computes when: one computation at a time for each session, the newest question first.

A lane has a few clerks and a queue with one place for each session. Who asks again while waiting
keeps the place and changes the question, so that a slider dragged across the screen costs two
computations and not two hundred, and no session delays another by more than one of its own. When
the queue is full, further sessions are turned away at once and told so.

What is computed is not known here.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

Work = Callable[[Callable[[], bool]], Any]
"""What is to be done; it may ask now and then whether its result is still wanted."""

Deliver = Callable[[Any, Exception | None], None]
"""Takes what was found, or what went wrong."""


@dataclass(frozen=True)
class _Job:
    """A question of one session."""

    work: Work
    deliver: Deliver


class Lane:
    """A queue, and the clerks that serve it."""

    def __init__(self, name: str, clerks: int, most_waiting: int) -> None:
        """Open the lane; its clerks come with the first question.

        Args:
            name: of its threads.
            clerks: number of computations at the same time.
            most_waiting: number of sessions that may wait.
        """
        self._name = name
        self._clerks = clerks
        self._most = most_waiting
        self._waiting: dict[str, _Job] = {}
        self._served: dict[str, _Job] = {}
        self._changed = threading.Condition()
        self._threads: list[threading.Thread] = []
        self._letters: dict[str, Callable[[], None]] = {}
        self._couriers: set[str] = set()

    def ask(self, session: str, work: Work, deliver: Deliver) -> bool:
        """Take a question, which replaces the one the session is waiting with.

        Args:
            session: who asks.
            work: what is to be done, in a clerk's thread.
            deliver: takes the result there, unless a newer question has made it useless.

        Returns:
            Whether it was taken; it is not where too many sessions wait.
        """
        with self._changed:
            if session not in self._waiting and len(self._waiting) >= self._most:
                return False
            self._waiting[session] = _Job(work, deliver)
            while len(self._threads) < self._clerks:
                name = f"{self._name}-{len(self._threads) + 1}"
                clerk = threading.Thread(target=self._serve, name=name, daemon=True)
                self._threads.append(clerk)
                clerk.start()
            self._changed.notify_all()
            return True

    def wait_until_idle(self, most: float) -> None:
        """Wait until nobody is served or waits, so that slower work gives way.

        Args:
            most: seconds after which the wait ends in any case.
        """
        with self._changed:
            self._changed.wait_for(lambda: not self._waiting and not self._served, most)

    def forget(self, session: str) -> None:
        """Drop what a session has asked: it has gone."""
        with self._changed:
            self._waiting.pop(session, None)
            self._served.pop(session, None)

    def _serve(self) -> None:
        """Answer questions for as long as the program runs."""
        while True:
            with self._changed:
                session = self._changed.wait_for(self._next)
                assert session is not None
                job = self._waiting.pop(session)
                self._served[session] = job
            self._answer(session, job)
            with self._changed:
                if self._served.get(session) is job:
                    del self._served[session]
                self._changed.notify_all()

    def _next(self) -> str | None:
        """Return the session that has waited longest and is not being served."""
        return next((name for name in self._waiting if name not in self._served), None)

    def _answer(self, session: str, job: _Job) -> None:
        """Do what is asked and send it."""

        def wanted() -> bool:
            return self._served.get(session) is job and session not in self._waiting

        found: Any = None
        error: Exception | None = None
        try:
            found = job.work(wanted)
        except Exception as raised:
            error = raised
        if wanted():
            self._send(session, lambda: job.deliver(found, error))

    def _send(self, session: str, letter: Callable[[], None]) -> None:
        """Have a letter delivered by the session's own courier, in place of one not yet on its way.

        A browser that does not read what it is sent then holds up nobody but itself.
        """
        with self._changed:
            self._letters[session] = letter
            if session in self._couriers:
                return
            self._couriers.add(session)
        name = f"{self._name}-courier"
        threading.Thread(target=self._deliver, args=(session,), name=name, daemon=True).start()

    def _deliver(self, session: str) -> None:
        """Deliver a session's letters until there is none."""
        while True:
            with self._changed:
                letter = self._letters.pop(session, None)
                if letter is None:
                    self._couriers.discard(session)
                    return
            try:
                letter()
            except Exception:  # whoever asked may have left by now
                logging.getLogger("alliancesim").debug("not delivered", exc_info=True)
