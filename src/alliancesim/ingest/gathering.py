"""Sums over events, each event once, in memory that does not grow with the number of lines.

Events that are used wait in a buffer. When it is full they go to temporary files, by their number,
so that an event and its duplicates meet in the same file; at the end one file after the other is
sorted, freed of duplicates and summed. All sums are of whole numbers: no order changes them. Means,
which would not be whole, are for levels.
"""

from __future__ import annotations

import heapq
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from alliancesim.ingest.account import MOST_EXAMPLES, Account, Example
from alliancesim.ingest.formats import KINDS

RECORD = np.dtype(
    [
        ("event", "<i8"),
        ("day", "<i4"),
        ("dyad", "<i4"),
        ("kind", "<i1"),
        ("value", "<i4"),
        ("file", "<i4"),
        ("line", "<i8"),
    ]
)
"""One event: its number, its day (0 where the number alone tells it apart), place of the ordered
dyad, place in ``KINDS``, value on Goldstein's scale in units of ``VALUE_UNIT``, file and line."""

MONTH_SHIFT = 5
"""Days are ``32 * months + day of the month``."""

BUFFERED = 1 << 18
"""Events held before they go to files."""

FILES = 128
_SPREAD = np.uint64(0x9E3779B97F4A7C15)  # 2**64 / golden ratio: neighbours end far apart
_TOP_BITS = np.uint64(64 - 7)


class Sums(NamedTuple):
    """Sums over the events of each month, ordered dyad and kind that has any.

    Attributes:
        cells: ``(months since year 0 * dyads + dyad) * kinds + kind``, ascending, shape (cells,).
        counts: number of events, and over them sums of the value's positive part, of its negative
            part, and of the square of either, in units of ``VALUE_UNIT``, shape (cells, 5).
        dyads: number of ordered dyads.
    """

    cells: NDArray[np.int64]
    counts: NDArray[np.int64]
    dyads: int


class Gathering:
    """Takes events in any number, and yields their sums.

    Attributes:
        dated_ids: whether an event is told apart by number and day, rather than by number alone.
    """

    def __init__(
        self, folder: Path, dyads: int, *, dated_ids: bool, buffered: int = BUFFERED
    ) -> None:
        """Begin.

        Args:
            folder: where temporary files may lie; ``close`` removes them.
            dyads: number of ordered dyads.
            dated_ids: whether number and day tell an event apart.
            buffered: events held in memory.
        """
        self.dated_ids = dated_ids
        self._folder, self._dyads, self._buffered = folder, dyads, buffered
        self._waiting: list[NDArray[np.void]] = []
        self._held = 0
        self._files: list[Path] = []

    def add(self, events: Sequence[tuple[int, ...]]) -> None:
        """Take events, as tuples in the order of ``RECORD``."""
        if events:
            self._waiting.append(np.array(events, RECORD))
            self._held += len(events)
        if self._held >= self._buffered:
            self._spill()

    def close(self, account: Account) -> Sums:
        """Return the sums, and enter events used and duplicates into the account."""
        if self._files:
            self._spill()
        total = Sums(np.empty(0, np.int64), np.empty((0, 5), np.int64), self._dyads)
        seen: list[tuple[int, int, int]] = []
        for events in self._parts():
            first, repeated = self._apart(events)
            account.used += int(first.sum())
            account.counts["duplicate"] += int(repeated.size)
            again = repeated[["file", "line", "event"]].tolist()
            seen = heapq.nsmallest(MOST_EXAMPLES, [*seen, *again])
            total = _merged(total, self._sums(events[first]))
        if seen:
            account.examples["duplicate"] = [
                Example(account.files[file]["name"], line, str(event)) for file, line, event in seen
            ]
        return total

    def _spill(self) -> None:
        """Move the waiting events to the files."""
        if not self._files:
            made = Path(tempfile.mkdtemp(dir=self._folder))
            self._files = [made / str(place) for place in range(FILES)]
        events = self._take()
        places = (events["event"].astype(np.uint64) * _SPREAD) >> _TOP_BITS
        order = np.argsort(places, kind="stable")
        ends = np.searchsorted(places[order], np.arange(FILES + 1, dtype=np.uint64))
        for path, start, end in zip(self._files, ends[:-1], ends[1:], strict=True):
            with path.open("ab") as file:
                file.write(events[order[start:end]].tobytes())

    def _take(self) -> NDArray[np.void]:
        """Return the waiting events, which then wait no more."""
        events = np.concatenate([np.empty(0, RECORD), *self._waiting])
        self._waiting, self._held = [], 0
        return events

    def _parts(self) -> Iterator[NDArray[np.void]]:
        """Yield the events in parts, duplicates in the same one, each held alone."""
        if not self._files:
            yield self._take()
        for path in self._files:
            yield np.frombuffer(path.read_bytes(), RECORD)
            path.unlink()
        if self._files:
            self._files[0].parent.rmdir()

    def _apart(self, events: NDArray[np.void]) -> tuple[NDArray[np.bool_], NDArray[np.void]]:
        """Return which events are the first of their number, and those that are not."""
        day = events["day"] if self.dated_ids else np.zeros_like(events["day"])
        order = np.lexsort((events["line"], events["file"], day, events["event"]))
        event, day = events["event"][order], day[order]
        again = np.zeros(len(events), np.bool_)
        again[1:] = (event[1:] == event[:-1]) & (day[1:] == day[:-1])
        first = np.ones(len(events), np.bool_)
        first[order[again]] = False
        return first, events[~first]

    def _sums(self, events: NDArray[np.void]) -> Sums:
        """Return the sums over some events."""
        month = (events["day"] >> MONTH_SHIFT).astype(np.int64)
        cells = (month * self._dyads + events["dyad"]) * len(KINDS) + events["kind"]
        value = events["value"].astype(np.int64)
        good, ill = np.maximum(value, 0), np.maximum(-value, 0)
        counts = np.stack([np.ones_like(value), good, ill, good**2, ill**2], axis=1)
        return _merged(Sums(cells[:0], counts[:0], self._dyads), Sums(cells, counts, self._dyads))


def _merged(one: Sums, other: Sums) -> Sums:
    """Return sums of both, each cell once."""
    cells = np.concatenate([one.cells, other.cells])
    if not cells.size:
        return one
    order = np.argsort(cells, kind="stable")
    cells = cells[order]
    starts = np.flatnonzero(np.r_[True, cells[1:] != cells[:-1]])
    counts = np.concatenate([one.counts, other.counts])[order]
    return Sums(cells[starts], np.add.reduceat(counts, starts, axis=0), one.dyads)
