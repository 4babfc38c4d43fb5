"""From files to sums over events: one format a call, any number of files.

Which columns a format has is not known here, and no level is computed from the sums.
"""

from __future__ import annotations

import contextlib
import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import chain
from pathlib import Path

from alliancesim.ingest.account import MALFORMED, Account
from alliancesim.ingest.countries import Countries
from alliancesim.ingest.formats import TITLES, WIDTHS, FormatName, detect
from alliancesim.ingest.gathering import BUFFERED, Gathering, Sums
from alliancesim.ingest.reading import Asked, Reader
from alliancesim.ingest.streams import STANDARD_INPUT, parts
from alliancesim.scenario.problems import InputError, Problem

_FIRST_LINES = 1000


@dataclass(frozen=True)
class Read:
    """What was read.

    Attributes:
        format: format of all files.
        asked: which events were asked for.
        account: what became of every line.
        sums: sums over the events used.
    """

    format: FormatName
    asked: Asked
    account: Account
    sums: Sums


def read_events(
    names: Sequence[str],
    given: FormatName | None,
    asked: Asked,
    countries: Countries,
    folder: Path,
    progress: Callable[[int], None] = lambda _: None,
    *,
    buffered: int = BUFFERED,
) -> Read:
    """Read event files and sum the events asked for by month, ordered dyad and kind.

    Memory does not grow with the number of lines; events beyond ``buffered`` wait on disk.

    Args:
        names: files, as :func:`alliancesim.ingest.streams.find_inputs` returns them.
        given: their format, or None to tell it from their columns.
        asked: which events are asked for.
        countries: maps codes and names of countries.
        folder: where temporary files may lie.
        progress: is told how many bytes have been read, as the files lie on disk.
        buffered: events held in memory.

    Returns:
        Format, account and sums.

    Raises:
        InputError: if a file cannot be read, or files are of an unknown or of different formats.
    """
    name = given or _common_format([name for name in names if name != STANDARD_INPUT])
    reader: Reader | None = None
    gathering: Gathering | None = None
    before = 0

    def report(start: int, done: int) -> None:
        progress(start + done)

    for file in names:
        for part, batches in parts(file, partial(report, before)):
            first = next(batches, None)
            name = given or _agreed(part, first, name)
            if name is not None and (reader is None or gathering is None):
                gathering = Gathering(
                    folder, len(asked.actors) ** 2, dated_ids=name == "icews", buffered=buffered
                )
                reader = Reader(name, asked, countries, gathering)
            if reader is not None:
                reader.read(part, batches if first is None else chain([first], batches))
        before += os.path.getsize(file) if os.path.isfile(file) else 0
        progress(before)
    if reader is None or gathering is None or name is None:
        raise InputError([Problem(names[0], "", "", "a line at least, but there is none")])
    return Read(name, asked, reader.account, gathering.close(reader.account))


def refuse_useless(read: Read, tolerated: float) -> None:
    """Refuse what holds too many malformed lines, or no event that was asked for.

    Args:
        read: what was read.
        tolerated: malformed share of lines up to which the rest is used.

    Raises:
        InputError: with the first malformed lines of each kind.
    """
    account = read.account
    share = account.malformed_share
    if share > tolerated:
        value = f"{account.malformed:,} of {account.lines:,} lines ({share:.2%})"
        expected = f"at most {tolerated:.2%} of lines malformed (--tolerate allows more)"
        told = Problem("malformed", "", value, expected)
        raise InputError([*account.problems(), told])
    if account.used == 0:
        reasons = {kind: n for kind, n in account.counts.items() if n and kind not in MALFORMED}
        why = ", ".join(f"{kind} {count:,}" for kind, count in reasons.items()) or "no lines"
        between = ", ".join(read.asked.actors)
        expected = f"at least one event between {between} in the months asked for ({why})"
        raise InputError([*account.problems(), Problem("events", "", "none", expected)])


def _common_format(names: Sequence[str]) -> FormatName | None:
    """Return the one format of files, before hours go into reading them; None where there are none.

    Raises:
        InputError: if one is of no known format, or not all are of the same.
    """
    common: FormatName | None = None
    problems: list[Problem] = []
    for name in names:
        try:
            common = _agreed(name, _first_lines(name), common)
        except InputError as error:
            problems += error.problems
    if problems:
        raise InputError(problems)
    return common


def _first_lines(name: str) -> list[bytes] | None:
    """Return the first lines of a file, or None if there are none."""
    with contextlib.closing(parts(name, lambda _: None)) as texts:
        for _, batches in texts:
            return next(batches, None)
    return None


def _agreed(
    part: str, lines: Sequence[bytes] | None, before: FormatName | None
) -> FormatName | None:
    """Return the format of a text, or of those before it where it has no lines.

    Args:
        part: name of the text.
        lines: its first lines, or None if there are none.
        before: format of the texts before it, or None if there are none.

    Raises:
        InputError: if it is of no known format, or of another than those before it.
    """
    if not lines or not any(line.strip() for line in lines):
        return before
    found = detect(lines[:_FIRST_LINES])
    if found is None:
        columns = next(line.count(b"\t") + 1 for line in lines if line.strip())
        shapes = " or ".join(
            f"{TITLES[name]} ({' or '.join(str(width) for width in widths)} columns)"
            for name, widths in WIDTHS.items()
        )
        value = f"of {columns} column" + "s" * (columns != 1)
        expected = f"tab-separated lines of {shapes}, or ICEWS with its header; or --format"
        raise InputError([Problem(part, "", value, expected)])
    if before is not None and before != found:
        expected = (
            f"{TITLES[before]}, like the files before it, as series of two coders or versions are"
            " not one series"
        )
        raise InputError([Problem(part, "", TITLES[found], expected)])
    return found
