"""Times of functions side by side: in turn, several times over, wall clock and processor."""

from __future__ import annotations

import resource
import time
from collections.abc import Callable, Mapping
from statistics import median
from typing import NamedTuple


class Spent(NamedTuple):
    """Median time of one call in seconds: by the clock on the wall, and of all processors."""

    wall: float
    processor: float


def side_by_side(
    functions: Mapping[str, Callable[[], object]], repetitions: int
) -> dict[str, Spent]:
    """Time functions in turn, so that what else the machine does falls on all alike.

    Args:
        functions: what to time, by name; each is called once before, uncounted.
        repetitions: number of counted calls of each.

    Returns:
        Medians by name.
    """
    taken: dict[str, list[Spent]] = {name: [] for name in functions}
    for function in functions.values():
        function()
    for _ in range(repetitions):
        for name, function in functions.items():
            taken[name].append(spent(function))
    return {name: middle(times) for name, times in taken.items()}


def spent(function: Callable[[], object]) -> Spent:
    """Time one call."""
    wall, processor = time.perf_counter(), time.process_time()
    function()
    return Spent(time.perf_counter() - wall, time.process_time() - processor)


def spent_by_child(function: Callable[[], object]) -> Spent:
    """Time one call that starts a process and waits for it; processor time is that of the child."""
    wall, before = time.perf_counter(), resource.getrusage(resource.RUSAGE_CHILDREN)
    function()
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    used = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return Spent(time.perf_counter() - wall, used)


def middle(times: list[Spent]) -> Spent:
    """Return the medians of several times."""
    return Spent(median(t.wall for t in times), median(t.processor for t in times))
