"""Lines to events: each line is checked, and either used or counted with the reason why not.

An event that comes twice is not noticed here but in gathering.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from alliancesim.ingest import formats
from alliancesim.ingest.account import Account
from alliancesim.ingest.countries import Countries
from alliancesim.ingest.formats import BAD, LONGEST_LINE, NO_VALUE, FormatName, Layout
from alliancesim.ingest.gathering import MONTH_SHIFT, Gathering
from alliancesim.scenario.problems import InputError, Problem

_NONE = -1
_UNMAPPED = -2
_BOM = b"\xef\xbb\xbf"
_REMEMBERED = 100_000
_LONGEST_KEY = 64
_NO_COUNTRY = frozenset((b"", b"null", b"none", b"na"))


@dataclass(frozen=True)
class Asked:
    """Which events are asked for.

    Attributes:
        actors: ISO codes of the actors; events between two of them are used.
        first: first month, in months since year 0, or None for no limit.
        last: last month, likewise.
        root_events: whether only events of a report's first paragraph are used (GDELT).
        states: whether both sides must be states or organs of states.
    """

    actors: tuple[str, ...]
    first: int | None = None
    last: int | None = None
    root_events: bool = False
    states: bool = False


class _Remembered(dict[bytes, int]):
    """What a slow reader makes of a field, remembered while there are few and short ones."""

    def __init__(self, read: Callable[[bytes], int]) -> None:
        super().__init__()
        self._read = read

    def __missing__(self, field: bytes) -> int:
        found = self._read(field)
        if len(self) < _REMEMBERED and len(field) <= _LONGEST_KEY:
            self[field] = found
        return found


class Reader:
    """Reads the texts of one format, one after the other.

    Attributes:
        account: what became of every line.
    """

    def __init__(
        self, name: FormatName, asked: Asked, countries: Countries, gathering: Gathering
    ) -> None:
        """Begin; every text must be of the format named."""
        self.account = Account()
        self._name, self._asked, self._gathering = name, asked, gathering
        self._countries = countries
        self._places = {code: place for place, code in enumerate(asked.actors)}
        self._days = _Remembered(formats.day_reader(name))
        self._kinds = _Remembered(formats.kind_reader(name))
        self._values = _Remembered(formats.read_value)
        self._actors = _Remembered(self._place_of)

    def read(self, name: str, batches: Iterator[list[bytes]]) -> None:
        """Read one text.

        Args:
            name: what to call it.
            batches: its lines in batches, without line feeds.

        Raises:
            InputError: if an ICEWS text has no header, or it is damaged.
        """
        self.account.files.append({"name": name, "lines": 0, "malformed": 0})
        layout: Layout | None = None
        read = 0
        for lines in batches:
            if layout is None:
                if lines and lines[0].startswith(_BOM):
                    lines[0] = lines[0].removeprefix(_BOM)
                layout = self._layout(name, lines)
            self._take(layout, lines, read)
            read += len(lines)
            self.account.files[-1]["lines"] = read

    def _layout(self, name: str, lines: Sequence[bytes]) -> Layout:
        """Return where a text's columns stand."""
        found = formats.layout(self._name, lines)
        if found is None:
            expected = "a first line with the names of ICEWS's columns, tab-separated"
            raise InputError([Problem(name, "line 1", "", expected)])
        return found

    def _take(self, layout: Layout, lines: Sequence[bytes], before: int) -> None:
        """Take a batch of lines; ``before`` were read in earlier ones."""
        cut, days, kinds, values = layout.cutter(), self._days, self._kinds, self._values
        actors, n = self._actors, len(self._asked.actors)
        counts, file = self.account.counts, len(self.account.files) - 1
        first = (self._asked.first or 0) << MONTH_SHIFT
        last = (self._asked.last + 1) << MONTH_SHIFT if self._asked.last is not None else 1 << 30
        events: list[tuple[int, ...]] = []
        for number, raw in enumerate(lines, before + 1):
            line = raw.removesuffix(b"\r")
            fields = cut(line)
            if fields is None or b"\0" in line or len(line) > LONGEST_LINE:
                self._refuse(layout, line, fields, number)
                continue
            event, day = fields[layout.event_id], days[fields[layout.date]]
            kind, value = kinds[fields[layout.kind]], values[fields[layout.goldstein]]
            if BAD in (day, kind) or value == NO_VALUE or not formats.is_event_id(event):
                self._refuse(layout, line, fields, number)
                continue
            of, toward = actors[fields[layout.source]], actors[fields[layout.target]]
            if of < 0 or toward < 0:
                self._set_aside(layout, fields, of, toward)
            elif of == toward:
                counts["same-country"] += 1
            elif of >= n or toward >= n:
                counts["other-actors"] += 1
            elif not first <= day < last:
                counts["outside-months"] += 1
            elif self._asked.root_events and layout.root and fields[layout.root] != b"1":
                counts["not-root"] += 1
            elif self._asked.states and not layout.by_states(fields):
                counts["not-states"] += 1
            else:
                events.append((int(event), day, of * n + toward, kind, value, file, number))
        self._gathering.add(events)

    def _refuse(
        self, layout: Layout, line: bytes, fields: Sequence[bytes] | None, number: int
    ) -> None:
        """Count a line that is no event, by the first thing that is wrong with it."""
        refuse = self.account.refuse
        if not line.strip():
            self.account.counts["blank"] += 1
        elif formats.is_header(line):
            self.account.counts["header"] += 1
        elif len(line) > LONGEST_LINE:
            refuse("overlong", number, line)
        elif b"\0" in line:
            refuse("nul", number, line)
        elif fields is None:
            refuse("columns", number, b"%d columns: %s" % (line.count(b"\t") + 1, line))
        elif not formats.is_event_id(fields[layout.event_id]):
            refuse("event-id", number, fields[layout.event_id])
        elif self._days[fields[layout.date]] == BAD:
            refuse("date", number, fields[layout.date])
        elif self._kinds[fields[layout.kind]] == BAD:
            refuse("kind", number, fields[layout.kind])
        else:
            refuse("goldstein", number, fields[layout.goldstein])

    def _set_aside(self, layout: Layout, fields: Sequence[bytes], of: int, toward: int) -> None:
        """Count an event one side of which is no country, and its codes that are not known."""
        sides = (of, fields[layout.source]), (toward, fields[layout.target])
        for place, code in sides:
            if place == _UNMAPPED:
                self.account.meet_unmapped(code)
        self.account.counts["no-country" if _NONE in (of, toward) else "unmapped"] += 1

    def _place_of(self, field: bytes) -> int:
        """Return the place of a country among the actors, a higher number for another country."""
        if field.strip().lower() in _NO_COUNTRY:
            return _NONE
        text = field.decode("utf-8", "replace").strip()
        mapped = self._countries.of_name if self._name == "icews" else self._countries.of_cameo
        code = mapped(text)
        # Countries met later come after the actors asked for.
        return self._places.setdefault(code, len(self._places)) if code else _UNMAPPED
