"""What a question would cost in time, memory and disk, and refusal of what nobody would wait for.

The costs are estimates, good to a factor of two or so on a machine like the one of
docs/performance.md: enough to tell a minute from a year. Nothing is measured while a program runs:
who shows a remaining time asks cli.console.
"""

from __future__ import annotations

from typing import NamedTuple

from alliancesim.scenario.problems import InputError, Problem

LONGEST = 30 * 86_400.0
"""Most seconds of one processor core that a question may cost; on many cores it takes less."""

MOST_MEMORY = 4 * 2**30
"""Most bytes that may have to be held in memory at once."""

MOST_DISK = 10**12
"""Most bytes of results."""

DYAD, THIRD = 8e-9, 4e-9
"""Seconds of one core per world-month for each ordered dyad, and for each third actor that it looks
at, fitted by eye to the table of docs/performance.md: 0.2 microseconds with four actors."""

MESA = 719.0
"""How many times longer one run after the other takes, by the same page."""

_UNITS = ((31_557_600.0, "year"), (86_400.0, "day"), (3600.0, "hour"), (60.0, "minute"))


class Cost(NamedTuple):
    """What something would cost.

    Attributes:
        seconds: of one processor core.
        memory: bytes held at once.
        disk: bytes of results.
    """

    seconds: float = 0.0
    memory: float = 0.0
    disk: float = 0.0

    @property
    def absurd(self) -> bool:
        """Say whether it is beyond all limits."""
        return self.seconds > LONGEST or self.memory > MOST_MEMORY or self.disk > MOST_DISK

    def __str__(self) -> str:
        """Return it in words, what costs little left out."""
        told = [
            (self.seconds >= 60.0, f"{duration(self.seconds)} of one processor core"),
            (self.memory >= 1e9, f"{size(self.memory)} of memory"),
            (self.disk >= 1e9, f"{size(self.disk)} of disk"),
        ]
        words = [text for worth, text in told if worth] or [told[0][1]]
        return ", ".join(words[:-1]) + (" and " if words[1:] else "") + words[-1]


LIMIT = Cost(LONGEST, MOST_MEMORY, MOST_DISK)


def seconds(world_months: float, actors: int) -> float:
    """Return the seconds of one core that world-months take.

    Args:
        world_months: months of worlds; a run is two worlds, with and without the wedge.
        actors: of the scenario.
    """
    dyads = actors * (actors - 1)
    return world_months * dyads * (DYAD + THIRD * (actors - 2))


def duration(found: float) -> str:
    """Return seconds in words, of two digits."""
    for length, unit in _UNITS:
        if found >= length:
            count = _two_digits(found / length)
            return f"{count} {unit}{'' if count == '1' else 's'}"
    return "less than a minute"


def size(found: float) -> str:
    """Return bytes in words, of two digits."""
    for power, unit in ((18, "EB"), (15, "PB"), (12, "TB"), (9, "GB")):
        if found >= 10**power:
            return f"{_two_digits(found / 10**power)} {unit}"
    return f"{_two_digits(found / 1e6)} MB"


def refuse_absurd(file: str, key: str, value: str, cost: Cost, remedy: str) -> None:
    """Refuse what would cost more than anybody would wait for.

    Args:
        file: the file or option that asks for it.
        key: the key within a file.
        value: how much is asked for.
        cost: what it would cost.
        remedy: what to lower.

    Raises:
        InputError: if it is beyond the limits.
    """
    if cost.absurd:
        raise InputError([Problem(file, key, value, too_much(cost, remedy))])


def too_much(cost: Cost, remedy: str) -> str:
    """Return what is expected in place of what costs too much."""
    return f"{remedy}: it would take about {cost}, and at most {LIMIT} are allowed"


def _two_digits(number: float) -> str:
    """Return a number of two digits or, where it is larger, as many as it has before the point."""
    if number < 9.5:
        return f"{number:.2g}"
    digits = max(0, len(f"{number:.0f}") - 2)
    return f"{round(number / 10**digits) * 10**digits:,}"
