"""The three formats: which columns are used, how each is read, and how a format is told apart.

Sources. GDELT 1.0: "GDELT Data Format Codebook V 1.03" (2013); 57 columns in the historical files,
which end with DATEADDED, and 58 in the daily files since April 2013, which add SOURCEURL. GDELT
2.0: "The GDELT Event Database Data Format Codebook V2.0" (2015); 61 columns. In both the first 35
columns are the same, tab-separated without header. ICEWS: Boschee et al. 2015, "ICEWS Coded
Event Data", Harvard Dataverse, doi:10.7910/DVN/28075; tab-separated, with header.

Fields are compared as bytes: what is used is ASCII, and the rest may be in any encoding.

Only what codebooks say: which events are wanted is for reading.
"""

from __future__ import annotations

import csv
import datetime
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Literal

FormatName = Literal["gdelt1", "gdelt2", "icews"]
FORMATS: tuple[FormatName, ...] = ("gdelt1", "gdelt2", "icews")
TITLES = {"gdelt1": "GDELT 1.0", "gdelt2": "GDELT 2.0", "icews": "ICEWS"}

WIDTHS: dict[FormatName, tuple[int, ...]] = {"gdelt1": (57, 58), "gdelt2": (61,)}
"""Numbers of columns."""

LONGEST_LINE = 1 << 18
"""Longest line read, in bytes; real ones have some hundreds."""

KINDS = ("verbal_cooperation", "material_cooperation", "verbal_conflict", "material_conflict")
"""Kinds of events, in the order of GDELT's QuadClass 1 to 4."""

VALUE_UNIT = 1e-4
"""Goldstein values are kept as whole multiples of this, so that sums are exact in any order."""

BAD = -1
"""What a reader of fields returns for a field that is not what it should be."""

NO_VALUE = 1 << 30
"""What the reader of Goldstein values returns for one that is none."""

_COLUMNS_OF_ICEWS = {
    "event_id": b"event id",
    "date": b"event date",
    "source": b"source country",
    "target": b"target country",
    "kind": b"cameo code",
    "goldstein": b"intensity",
    "source_name": b"source name",
    "source_role": b"source sectors",
    "target_name": b"target name",
    "target_role": b"target sectors",
}
_GDELT_HEADER = b"globaleventid"
_BOM = b"\xef\xbb\xbf"
_STATE_ROLES = frozenset((b"", b"GOV", b"MIL", b"SPY", b"COP", b"LEG", b"JUD"))
_STATE_SECTORS = frozenset((b"government", b"military"))
_VALUE = re.compile(rb"[+-]?[0-9]{1,2}(\.[0-9]{1,12})?")
_CAMEO = re.compile(rb"0[1-9][0-9]{0,2}|(1[0-9]|20)[0-9]{1,2}")
_MOST_DIGITS = 18


@dataclass(frozen=True)
class Layout:
    """Where the columns of a file stand, and how its lines are cut.

    Attributes:
        format: its format.
        widths: numbers of columns allowed.
        event_id: place of the event's number, counted from 0, as are all places.
        date: place of the day of the event.
        source: place of the country that acts.
        target: place of the country acted upon.
        kind: place of QuadClass or of the CAMEO code.
        goldstein: place of the value on Goldstein's scale.
        roles: places that say whether source and target are states themselves.
        root: place of the flag of events in a report's first paragraph, or None.
        quoted: whether fields may stand in quotation marks.
    """

    format: FormatName
    widths: tuple[int, ...]
    event_id: int
    date: int
    source: int
    target: int
    kind: int
    goldstein: int
    roles: tuple[tuple[int, ...], tuple[int, ...]]
    root: int | None
    quoted: bool

    def cutter(self) -> Callable[[bytes], list[bytes] | None]:
        """Return what cuts a line into fields, or returns None where their number is wrong."""
        tabs = frozenset(width - 1 for width in self.widths)
        last = 1 + max(
            self.event_id, self.date, self.source, self.target, self.kind, self.goldstein,
            *self.roles[0], *self.roles[1], self.root or 0,
        )  # fmt: skip

        def cut(line: bytes) -> list[bytes] | None:
            return line.split(b"\t", last) if line.count(b"\t") in tabs else None

        def cut_quoted(line: bytes) -> list[bytes] | None:
            if b'"' not in line:
                return cut(line)
            fields = line.split(b"\t")
            if len(fields) - 1 in tabs:
                return [_unquoted(field) for field in fields]
            # A tab within quotation marks: rare, so the slow way is good enough.
            text = line.decode("latin-1")
            try:
                found = next(csv.reader([text], delimiter="\t", strict=True), [])
            except csv.Error:
                return None
            fields = [field.encode("latin-1") for field in found]
            return fields if len(fields) - 1 in tabs else None

        return cut_quoted if self.quoted else cut

    def by_states(self, fields: Sequence[bytes]) -> bool:
        """Say whether both sides of an event are states, or organs of one.

        GDELT: the actor's code has no role behind the country's three letters, or that of
        government, armed forces, intelligence, police, parliament or courts. ICEWS: the actor's
        sectors hold Government or Military, or the actor is the country itself.
        """
        return all(_is_state(self.format, [fields[place] for place in role]) for role in self.roles)


_GDELT = Layout(
    format="gdelt1",
    widths=WIDTHS["gdelt1"],
    event_id=0,  # GLOBALEVENTID
    date=1,  # SQLDATE
    source=7,  # Actor1CountryCode
    target=17,  # Actor2CountryCode
    kind=29,  # QuadClass
    goldstein=30,  # GoldsteinScale
    roles=((5, 7), (15, 17)),  # Actor1Code, Actor2Code, and their countries
    root=25,  # IsRootEvent
    quoted=False,
)


def detect(lines: Sequence[bytes]) -> FormatName | None:
    """Return the format of the first line that has the columns of one, or None.

    Args:
        lines: first lines of a file.
    """
    for line in lines:
        width = line.count(b"\t") + 1
        if header_places(line) is not None:
            return "icews"
        first = line.split(b"\t", 1)[0].removeprefix(_BOM)
        if first.isdigit() or first.lower() == _GDELT_HEADER:
            for name, widths in WIDTHS.items():
                if width in widths:
                    return name
    return None


def layout(name: FormatName, lines: Sequence[bytes]) -> Layout | None:
    """Return where the columns of a file stand, or None where an ICEWS file has no header.

    Args:
        name: the file's format.
        lines: its first lines.
    """
    if name == "gdelt1":
        return _GDELT
    if name == "gdelt2":
        return replace(_GDELT, format="gdelt2", widths=WIDTHS["gdelt2"])
    header = next((line for line in lines if line.strip()), b"")
    places = header_places(header)
    if places is None:
        return None
    names = ("source_name", "source_role"), ("target_name", "target_role")
    roles = [tuple(places[key] for key in keys if key in places) for keys in names]
    return Layout(
        format="icews",
        widths=(header.count(b"\t") + 1,),
        **{key: places[key] for key in ("event_id", "date", "source", "target", "kind")},
        goldstein=places["goldstein"],
        roles=((*roles[0], places["source"]), (*roles[1], places["target"])),
        root=None,
        quoted=True,
    )


def header_places(line: bytes) -> dict[str, int] | None:
    """Return the places of the columns that an ICEWS header names, or None if it is no header."""
    line = line.removeprefix(_BOM).rstrip(b"\r")
    found = [_unquoted(name).strip().lower() for name in line.split(b"\t")]
    places = {key: found.index(name) for key, name in _COLUMNS_OF_ICEWS.items() if name in found}
    needed = ("event_id", "date", "source", "target", "kind", "goldstein")
    return places if all(key in places for key in needed) else None


def is_header(line: bytes) -> bool:
    """Say whether a line names columns, as the first one may, and any one of joined files."""
    first = line.removeprefix(_BOM).split(b"\t", 1)[0]
    return first.lower() == _GDELT_HEADER or header_places(line) is not None


def day_reader(name: FormatName) -> Callable[[bytes], int]:
    """Return what reads a day: ``32 * months since year 0 + day of the month``, or BAD.

    GDELT writes ``YYYYMMDD``, ICEWS ``YYYY-MM-DD``.
    """
    shape = re.compile(rb"(\d{4})-(\d\d)-(\d\d)" if name == "icews" else rb"(\d{4})(\d\d)(\d\d)")

    def read(field: bytes) -> int:
        match = shape.fullmatch(field)
        if match is None:
            return BAD
        year, month, day = (int(part) for part in match.groups())
        try:
            datetime.date(year, month, day)
        except ValueError:
            return BAD
        return 32 * (12 * year + month - 1) + day

    return read


def kind_reader(name: FormatName) -> Callable[[bytes], int]:
    """Return what reads the kind of an event: its place in ``KINDS``, or BAD.

    GDELT gives it as QuadClass, which is taken as it is. For ICEWS it follows from the root of the
    CAMEO code, in the usual grouping: 01 to 05 verbal and 06 to 08 material cooperation, 09 to 13
    verbal and 14 to 20 material conflict. A code that has lost its leading zero, as spreadsheets
    make it, is bad: 14 may be a protest, or 014, which is none.
    """

    def of_class(field: bytes) -> int:
        return int(field) - 1 if field in (b"1", b"2", b"3", b"4") else BAD

    def of_code(field: bytes) -> int:
        if _CAMEO.fullmatch(field) is None:
            return BAD
        return sum(int(field[:2]) > last for last in (5, 8, 13))

    return of_code if name == "icews" else of_class


def read_value(field: bytes) -> int:
    """Return a value on Goldstein's scale in units of ``VALUE_UNIT``, or NO_VALUE."""
    if _VALUE.fullmatch(field) is None:
        return NO_VALUE
    value = round(float(field) / VALUE_UNIT)
    return value if abs(value) <= round(10 / VALUE_UNIT) else NO_VALUE


def is_event_id(field: bytes) -> bool:
    """Say whether a field is the number of an event."""
    return field.isdigit() and len(field) <= _MOST_DIGITS


def _unquoted(field: bytes) -> bytes:
    """Return a field without the quotation marks around it."""
    if len(field) >= 2 and field[:1] == field[-1:] == b'"':
        return field[1:-1].replace(b'""', b'"')
    return field


def _is_state(name: FormatName, fields: Sequence[bytes]) -> bool:
    """Say whether an actor is a state or an organ of one."""
    if name != "icews":
        code, country = fields
        return code.startswith(country) and code[3:6] in _STATE_ROLES
    *described, country = (field.strip().lower() for field in fields)
    sectors = {part.strip() for field in described[1:] for part in field.split(b",")}
    return bool(sectors & _STATE_SECTORS) or (bool(described) and described[0] == country)
