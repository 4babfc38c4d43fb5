"""The scenarios that the page offers: those shipped, and the one it was started with.

Names alone are taken here, never paths, so that no link can make the program read another file.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from alliancesim.dashboard.levers import Lever, levers_of
from alliancesim.figures.cast import MOST_SHOWN
from alliancesim.scenario.library import SCENARIOS
from alliancesim.scenario.problems import InputError, Problem
from alliancesim.scenario.reading import Loaded, load

USUAL = "observed-backfire"
"""Scenario that the page opens with unless told otherwise: the first case."""

_MOST_STEPS = 2**31
"""Third actors met by world and twin in one setting's runs: about two seconds of two cores."""

_MOST_NUMBERS = 2**25
"""Numbers of trajectories held at once: a quarter of a gibibyte."""


@dataclass(frozen=True)
class Choice:
    """A scenario on offer.

    Attributes:
        loaded: the scenario.
        levers: its sliders by key.
    """

    loaded: Loaded
    levers: dict[str, Lever]

    @property
    def most_runs(self) -> int:
        """Return the most runs that a setting of it may ask for, so that all are served."""
        actors, months = len(self.loaded.scenario.actors), self.loaded.scenario.time.months
        shown = min(actors, MOST_SHOWN)
        steps = _MOST_STEPS // (2 * months * actors**3)
        numbers = _MOST_NUMBERS // (2 * (months + 1) * 2 * shown**2)
        return min(steps, numbers)


class Catalogue:
    """Scenarios by name.

    Attributes:
        first: name of the scenario that the page opens with.
        names: all names, the first one first.
    """

    def __init__(self, reference: str | None = None, fewest_runs: int = 20) -> None:
        """Look through the shelf.

        Args:
            reference: name or path of the scenario to open with.
            fewest_runs: runs that it must be able to make in time.

        Raises:
            InputError: if there is no such scenario, it is not valid, or too large for the page.
        """
        self._given: Loaded | None = None
        shelf = SCENARIOS.names()
        self.first = USUAL if USUAL in shelf else shelf[0]
        if reference is not None:
            loaded = load(reference)
            if Choice(loaded, {}).most_runs < fewest_runs:
                expected = "a scenario that a page can run at once (alliancesim run takes longer)"
                raise InputError([Problem(reference, "", "larger", expected)])
            self.first = loaded.name
            if reference not in shelf:
                self._given = loaded
        self.names: Sequence[str] = (self.first, *(name for name in shelf if name != self.first))
        self._choice = lru_cache(maxsize=64)(self._made)

    def choice(self, name: str) -> Choice:
        """Return a scenario of the catalogue, read once."""
        return self._choice(name)

    def _made(self, name: str) -> Choice:
        if self._given is not None and name == self._given.name:
            loaded = self._given
        else:
            # Names alone, never paths: a link must not make the program read files.
            loaded = load(name if name in SCENARIOS.names() else self.first)
        return Choice(loaded, levers_of(loaded.scenario))
