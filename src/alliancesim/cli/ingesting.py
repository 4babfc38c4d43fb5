"""The command that turns event files into monthly drivers.

What is read goes into files and never straight into a run, so that somebody looks at it first.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, cast

import typer

from alliancesim.cli.options import Json, Out, choice, month, share
from alliancesim.cli.printing import print_json, print_paragraphs, print_places, shown

if TYPE_CHECKING:
    from alliancesim.ingest.formats import FormatName
    from alliancesim.ingest.ingesting import Request

FORMATS = ("gdelt1", "gdelt2", "icews")


Files = Annotated[
    list[str],
    typer.Argument(
        metavar="FILE",
        help="Event files, plain, .gz or .zip; folders of such; '-' for standard input.",
    ),
]
Actors = Annotated[
    str | None,
    typer.Option(metavar="CODES", help="ISO 3166 codes of the actors, with commas between."),
]
ScenarioName = Annotated[
    str | None,
    typer.Option(metavar="SCENARIO", help="Write drivers for this scenario; it gives the actors."),
]
Format = Annotated[
    str | None,
    typer.Option(
        "--format",
        parser=choice("--format", FORMATS),
        metavar="NAME",
        help="'gdelt1', 'gdelt2' or 'icews'.",
        show_default="told by the columns",
    ),
]
From = Annotated[str | None, month("--from", "First month", "that of the first event")]
To = Annotated[str | None, month("--to", "Last month", "that of the last event")]
States = Annotated[
    bool, typer.Option("--states", help="Only events between states and organs of states.")
]
RootEvents = Annotated[
    bool, typer.Option("--root-events", help="Only events of a report's first paragraph (GDELT).")
]
PartOf = Annotated[
    str | None,
    typer.Option(
        metavar="STRATEGY",
        help="Acts of this strategy's actor belong to it, so the twin lacks them.",
    ),
]
Constants = Annotated[
    list[str] | None,
    typer.Option(
        "--set", metavar="NAME=VALUE", help="Set a constant of the rule; may be repeated."
    ),
]
Tolerate = Annotated[
    float,
    typer.Option(
        parser=share("--tolerate"),
        metavar="SHARE",
        help="Malformed share of lines that is put up with.",
    ),
]
Csv = Annotated[bool, typer.Option("--csv", help="Write the table as CSV too.")]


def ingest(
    files: Files,
    actors: Actors = None,
    scenario: ScenarioName = None,
    form: Format = None,
    first: From = None,
    last: To = None,
    states: States = False,
    root_events: RootEvents = False,
    part_of: PartOf = None,
    constants: Constants = None,
    tolerate: Tolerate = 0.01,
    out: Out = None,
    csv: Csv = False,
    as_json: Json = False,
) -> None:
    """Turn GDELT or ICEWS event files into monthly levels."""
    from alliancesim.ingest.constants import parse_rule
    from alliancesim.ingest.ingesting import Request, write
    from alliancesim.ingest.ingesting import ingest as ingested
    from alliancesim.ingest.streams import total_size
    from alliancesim.results.folder import appearing, new_folder, write_json
    from alliancesim.scenario.reading import load

    folder = new_folder(out, "ingest")
    request = Request(
        names=files,
        rule=parse_rule(constants or []),
        actors=actors.split(",") if actors else (),
        loaded=load(scenario) if scenario else None,
        format=cast("FormatName | None", form),
        first=first,
        last=last,
        states=states,
        root_events=root_events,
        part_of=part_of,
        tolerated=tolerate,
    )
    with appearing(folder) as made:
        with _bytes_bar("Reading", total_size(files), quiet=as_json) as progress:
            found = ingested(request, made, progress)
        write(found, made, with_csv=csv)
        write_json(made / "report.json", found.report)
    if as_json:
        print_json({**found.report, "folder": str(folder)})
    else:
        _print_report(found.report, request, folder)


@contextmanager
def _bytes_bar(what: str, size: int | None, *, quiet: bool) -> Iterator[Callable[[int], None]]:
    """Show bytes read, rate and time left on standard error; of a pipe, bytes and rate."""
    from rich.console import Console
    from rich.progress import (
        BarColumn,
        DownloadColumn,
        Progress,
        TextColumn,
        TimeRemainingColumn,
        TransferSpeedColumn,
    )

    console = Console(stderr=True)
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        DownloadColumn(),
        TransferSpeedColumn(),
        TimeRemainingColumn(),
    )
    disable = quiet or not console.is_terminal
    with Progress(*columns, console=console, transient=True, disable=disable) as bars:
        task = bars.add_task(what, total=size)
        yield lambda done: bars.update(task, completed=done)


def _print_report(report: dict[str, Any], request: Request, folder: Path) -> None:
    """Print what was read, what became of it, how well months are covered, and the caution."""
    from alliancesim.cli.console import table
    from alliancesim.ingest.account import MALFORMED, SET_ASIDE

    account, asked = report["account"], report["asked"]
    span = f"{asked['first']} to {asked['last']}, {', '.join(asked['actors'])}"
    lines = f"{account['lines']:,} lines, {account['used']:,} events used"
    print_paragraphs([f"{report['format']['title']}: {lines} ({span})."])
    told = [
        (f"malformed: {kind}", f"{count:,}", f"expected {MALFORMED[kind]}; {_where(account, kind)}")
        for kind, count in account["malformed"].items()
        if count
    ]
    told += [
        (kind, f"{count:,}", SET_ASIDE[kind] + _codes(account, kind))
        for kind, count in account["set_aside"].items()
        if count
    ]
    if told:
        table(("lines not used", "number", "what they are"), told)
    rows = [
        (
            f"{row['of']} → {row['toward']}",
            f"{row['events']:,}",
            f"{row['median_events']:g}",
            f"{row['months_without']} of {row['months']}",
            *(
                "none" if row[name] is None else f"{row[name]:.3f}"
                for name in ("cooperation", "pressure")
            ),
        )
        for row in report["dyads"]
    ]
    table(("dyad", "events", "median month", "months without", "cooperation", "pressure"), rows)
    written = report["written"]
    drivers = (
        f"{written['events']:,} events and {written['observations']:,} observations in"
        f" {shown(folder / 'drivers.toml')}."
        if request.loaded is not None
        else "No drivers: name the scenario they are for (--scenario)."
    )
    print_paragraphs([drivers, report["caution"]])
    print_places(table=folder / "months.parquet", report=folder / "report.json")


def _where(account: dict[str, Any], kind: str) -> str:
    """Return where the first malformed lines of a kind stand."""
    kept = account["examples"].get(kind, [])
    return "first: " + ", ".join(f"{Path(item['file']).name} line {item['line']}" for item in kept)


def _codes(account: dict[str, Any], kind: str) -> str:
    """Return the commonest codes that stand for no country."""
    if kind != "unmapped":
        return ""
    codes = list(account["unmapped"].items())[:8]
    return ": " + ", ".join(f"{code} {count:,}" for code, count in codes)
