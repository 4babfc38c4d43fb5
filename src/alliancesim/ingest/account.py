"""The account of what was read: every line is used, malformed or set aside, and counted as such.

Lines are counted here and not judged, which reading does.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from alliancesim.ingest.formats import LONGEST_LINE
from alliancesim.scenario.problems import Problem

MALFORMED = {
    "columns": "the format's number of columns",
    "overlong": f"at most {LONGEST_LINE} bytes",
    "nul": "text without NUL bytes",
    "event-id": "an event's number, of at most 18 digits",
    "date": "a day of the calendar, written as the format has it",
    "kind": "QuadClass 1 to 4, or a CAMEO code with root 01 to 20 and its leading zero",
    "goldstein": "a number from -10 to 10 on Goldstein's scale",
}
"""Ways in which a line can be wrong, and what was expected."""

SET_ASIDE = {
    "blank": "empty lines",
    "header": "names of columns",
    "no-country": "events without a country on one side",
    "unmapped": "events with a code or name that stands for no country",
    "same-country": "events within one country",
    "other-actors": "events with other countries than those asked for",
    "outside-months": "events outside the months asked for",
    "not-root": "events beyond a report's first paragraph (--root-events)",
    "not-states": "events of which one side is no state or organ of one (--states)",
    "duplicate": "events already read, by their number",
}
"""Reasons why a sound line is not used."""

MOST_EXAMPLES = 5
"""Malformed lines, and repeated ones, shown for each kind."""

_MOST_CODES = 1000
_LONGEST_SHOWN = 60
_OTHERS = "(others)"


@dataclass(frozen=True, order=True)
class Example:
    """A line of a certain kind: its file, its number, counted from 1, and what stood there."""

    file: str
    line: int
    found: str


@dataclass
class Account:
    """What became of every line.

    Attributes:
        files: for each text read its name, lines, and malformed lines.
        used: number of events that entered the sums.
        counts: number of lines by kind of ``MALFORMED`` and ``SET_ASIDE``.
        examples: the first lines of kinds that are worth looking at.
        unmapped: how often each code that stands for no country was met on either side.
    """

    files: list[dict[str, Any]] = field(default_factory=list)
    used: int = 0
    counts: dict[str, int] = field(
        default_factory=lambda: dict.fromkeys((*MALFORMED, *SET_ASIDE), 0)
    )
    examples: dict[str, list[Example]] = field(default_factory=dict)
    unmapped: dict[str, int] = field(default_factory=dict)

    @property
    def lines(self) -> int:
        """Return the number of lines read."""
        return sum(int(file["lines"]) for file in self.files)

    @property
    def malformed(self) -> int:
        """Return the number of malformed lines."""
        return sum(self.counts[kind] for kind in MALFORMED)

    @property
    def malformed_share(self) -> float:
        """Return the malformed share of the lines that are neither empty nor names of columns."""
        told = self.lines - self.counts["blank"] - self.counts["header"]
        return self.malformed / told if told else 0.0

    def refuse(self, kind: str, line: int, found: bytes) -> None:
        """Count a malformed line of the latest file, and keep it if it is among the first."""
        self.counts[kind] += 1
        self.files[-1]["malformed"] += 1
        kept = self.examples.setdefault(kind, [])
        if len(kept) < MOST_EXAMPLES:
            kept.append(Example(self.files[-1]["name"], line, shown(found)))

    def meet_unmapped(self, code: bytes) -> None:
        """Count a code that stands for no country; the first thousand are told apart."""
        name = shown(code)
        if name not in self.unmapped and len(self.unmapped) >= _MOST_CODES:
            name = _OTHERS
        self.unmapped[name] = self.unmapped.get(name, 0) + 1

    def problems(self) -> list[Problem]:
        """Return the malformed lines as problems: one for each kind, with its first lines."""
        told: list[Problem] = []
        for kind, kept in self.examples.items():
            count = self.counts[kind]
            if kind in MALFORMED and count:
                lines = ", ".join(
                    str(example.line) for example in kept if example.file == kept[0].file
                )
                more = f" ({count:,} such lines)" if count > 1 else ""
                expected = MALFORMED[kind] + more
                told.append(Problem(kept[0].file, f"line {lines}", repr(kept[0].found), expected))
        return told

    def as_dict(self) -> dict[str, Any]:
        """Return the account for machine-readable output."""
        return {
            "lines": self.lines,
            "used": self.used,
            "malformed": {kind: self.counts[kind] for kind in MALFORMED},
            "malformed_share": self.malformed_share,
            "set_aside": {kind: self.counts[kind] for kind in SET_ASIDE},
            "examples": {
                kind: [vars(example) for example in kept] for kind, kept in self.examples.items()
            },
            "unmapped": dict(sorted(self.unmapped.items(), key=lambda item: (-item[1], item[0]))),
            "files": self.files,
        }


def shown(found: bytes) -> str:
    """Return bytes as text of readable length; what is no UTF-8 or not printable is escaped."""
    text = found[: 2 * _LONGEST_SHOWN].decode("utf-8", "backslashreplace")
    text = "".join(c if c.isprintable() else c.encode("unicode_escape").decode() for c in text)
    return text if len(text) <= _LONGEST_SHOWN else text[: _LONGEST_SHOWN - 1] + "…"
