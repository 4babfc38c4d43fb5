"""Event files to a table, a scenario file and a report: what ``alliancesim ingest`` does.

Only the order of the steps: neither a format nor the rule stands here.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from alliancesim.ingest.constants import Rule, described
from alliancesim.ingest.countries import Countries
from alliancesim.ingest.drivers import CAUTION, FILE, baseline_span, fragment
from alliancesim.ingest.events import Read, read_events, refuse_useless
from alliancesim.ingest.formats import TITLES, FormatName
from alliancesim.ingest.levels import ACTIONS, Levels, levels
from alliancesim.ingest.reading import Asked
from alliancesim.ingest.streams import find_inputs
from alliancesim.results.tables import table_text
from alliancesim.scenario.problems import InputError, Problem
from alliancesim.scenario.quantities import month_count, month_text, parse_month
from alliancesim.scenario.reading import Loaded
from alliancesim.version import __version__

TOLERATED = 0.01
"""Malformed share of lines up to which the rest is used: a guess that spares a truncated line."""


@dataclass(frozen=True)
class Request:
    """What to read, and what to make of it.

    Attributes:
        names: files and folders, ``-`` for standard input.
        rule: the rule's constants.
        actors: ISO codes of the actors, or empty for those of the scenario.
        loaded: the scenario that drivers are written for, or None.
        format: format of the files, or None to tell it from their columns.
        first: first month, ``YYYY-MM``, or None.
        last: last month, likewise.
        states: whether both sides must be states or organs of states.
        root_events: whether only events of a report's first paragraph are used.
        part_of: strategy that the acts of its actor belong to, or None.
        tolerated: malformed share of lines up to which the rest is used.
    """

    names: Sequence[str]
    rule: Rule
    actors: Sequence[str] = ()
    loaded: Loaded | None = None
    format: FormatName | None = None
    first: str | None = None
    last: str | None = None
    states: bool = False
    root_events: bool = False
    part_of: str | None = None
    tolerated: float = TOLERATED


@dataclass(frozen=True)
class Ingested:
    """What came of it.

    Attributes:
        read: format, account and sums.
        levels: monthly levels.
        drivers: text of the scenario file, empty without a scenario.
        report: everything about the reading, for machine-readable output.
    """

    read: Read
    levels: Levels
    drivers: str
    report: dict[str, Any]


def ingest(
    request: Request, folder: Path, progress: Callable[[int], None] = lambda _: None
) -> Ingested:
    """Read event files and return monthly levels, drivers and a report.

    Args:
        request: what to read, and what to make of it.
        folder: where temporary files may lie.
        progress: is told how many bytes have been read, as the files lie on disk.

    Raises:
        InputError: with every problem found in the request, or with what is wrong in the files.
    """
    files = find_inputs(request.names)
    countries = Countries()
    asked = _asked(request, countries)
    read = read_events(files, request.format, asked, countries, folder, progress)
    refuse_useless(read, request.tolerated)
    found = levels(read.sums, asked.actors, (asked.first, asked.last), request.rule)
    text, events, observations = "", 0, 0
    if request.loaded is not None:
        text, events, observations = fragment(
            found, request.loaded, request.rule, read.format, request.part_of
        )
    written = {"events": events, "observations": observations}
    return Ingested(read, found, text, _report(request, read, found, written))


def write(ingested: Ingested, folder: Path, *, with_csv: bool = False) -> None:
    """Write the table and, where there is one, the scenario file into a folder.

    Args:
        ingested: what came of the reading.
        folder: an existing folder.
        with_csv: whether the table is written as CSV too.
    """
    table = ingested.levels.table()
    table.to_parquet(folder / "months.parquet", index=False)
    if with_csv:
        (folder / "months.csv").write_text(table_text(table), "utf-8")
    if ingested.drivers:
        (folder / FILE).write_text(ingested.drivers, "utf-8")


def coverage(found: Levels, baseline: range | None) -> list[dict[str, Any]]:
    """Return for each ordered dyad how well its months are covered, and its usual levels.

    Args:
        found: monthly levels.
        baseline: months of the baseline level, where drivers are asked for: where they have no
            events, the long-run mean stands in.
    """
    in_baseline = [month in baseline for month in found.months] if baseline is not None else None
    events = found.counts.sum(axis=-1)
    rows = []
    for i, j in np.argwhere(~np.eye(len(found.actors), dtype=np.bool_)):
        months = events[:, i, j]
        rows.append(
            {
                "of": found.actors[i],
                "toward": found.actors[j],
                "events": int(months.sum()),
                "months": len(months),
                "months_without": int((months == 0).sum()),
                "median_events": float(np.median(months)),
                "baseline_events": None if in_baseline is None else int(months[in_baseline].sum()),
                **{
                    action: _number(found.usual[place, i, j])
                    for place, action in enumerate(ACTIONS)
                },
            }
        )
    return rows


def _asked(request: Request, countries: Countries) -> Asked:
    """Return which events are asked for.

    Raises:
        InputError: with every problem in the request.
    """
    problems: list[Problem] = []
    months: list[int | None] = []
    for option, text in (("--from", request.first), ("--to", request.last)):
        try:
            months.append(None if text is None else month_count(parse_month(text)))
        except ValueError as error:
            problems.append(Problem(option, "", str(text), str(error)))
            months.append(None)
    actors, found = _actors(request, countries)
    problems += found
    first, last = months
    loaded = request.loaded
    if loaded is not None:
        end = month_count(loaded.scenario.time.start) + loaded.scenario.time.months - 1
        first = baseline_span(loaded.scenario, request.rule).start if first is None else first
        last = end if last is None else last
    if first is not None and last is not None and last < first:
        expected = f"no month before {month_text(first)}"
        problems.append(Problem("--to", "", month_text(last), expected))
    if request.root_events and request.format == "icews":
        problems.append(Problem("--root-events", "", "given", "GDELT, as ICEWS has no such column"))
    if request.part_of is not None and loaded is None:
        problems.append(Problem("--part-of", "", request.part_of, "--scenario beside it"))
    if problems:
        raise InputError(problems)
    return Asked(actors, first, last, request.root_events, request.states)


def _actors(request: Request, countries: Countries) -> tuple[tuple[str, ...], list[Problem]]:
    """Return the actors asked for, and what is wrong with them."""
    known = tuple(request.loaded.scenario.actors) if request.loaded is not None else ()
    actors = tuple(actor.strip() for actor in request.actors) or known
    where = "--actors" if request.actors else "--scenario"
    problems = [
        Problem(where, "", actor, "an ISO 3166 code of three letters", countries.suggestion(actor))
        for actor in actors
        if not countries.is_code(actor)
    ]
    problems += [
        Problem("--actors", "", actor, "one of the scenario's actors " + ", ".join(known))
        for actor in actors
        if known and actor not in known
    ]
    if len(set(actors)) < len(actors):
        problems.append(Problem("--actors", "", ", ".join(actors), "each actor once"))
    if len(actors) < 2:
        expected = "two or more ISO 3166 codes, or --scenario for the actors of a scenario"
        problems.append(Problem("--actors", "", ", ".join(actors) or "missing", expected))
    return actors, problems


def _report(request: Request, read: Read, found: Levels, written: dict[str, int]) -> dict[str, Any]:
    """Return everything about the reading as plain data."""
    events = found.counts.sum(axis=(1, 2, 3))
    loaded = request.loaded
    baseline = None if loaded is None else baseline_span(loaded.scenario, request.rule)
    return {
        "kind": "ingest",
        "program": {"name": "alliancesim", "version": __version__},
        "caution": CAUTION,
        "format": {"name": read.format, "title": TITLES[read.format]},
        "asked": {
            "actors": list(read.asked.actors),
            "first": month_text(found.months[0]),
            "last": month_text(found.months[-1]),
            "states": request.states,
            "root_events": request.root_events,
            "tolerated": request.tolerated,
            "scenario": None if loaded is None else loaded.name,
            "part_of": request.part_of,
        },
        "constants": described(request.rule),
        "account": read.account.as_dict(),
        "months": {
            month_text(month): int(count) for month, count in zip(found.months, events, strict=True)
        },
        "dyads": coverage(found, baseline),
        "written": written,
    }


def _number(value: float) -> float | None:
    """Return a number as JSON has it."""
    return float(value) if np.isfinite(value) else None
