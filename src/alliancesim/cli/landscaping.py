"""The command that draws the landscape of alignments beside a run.

No verdict is printed here, since a landscape gives none.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from alliancesim.cli.options import (
    WITH_DRAWS,
    DrawnFrom,
    Json,
    Out,
    Settings,
    Without,
    count,
    seed_of,
    share,
)
from alliancesim.cli.options import month as month_of
from alliancesim.cli.printing import (
    announce_compilation,
    given,
    print_folder,
    print_json,
    print_paragraphs,
    repeated,
)

if TYPE_CHECKING:
    import pandas as pd

    from alliancesim.landscape.survey import Survey

MOST_PRINTED = 8
"""Alignments printed; the folder's table has all."""


What = Annotated[
    str,
    typer.Argument(
        metavar="RUN_FOLDER_OR_SCENARIO",
        help="Folder with the results of 'run', name of a shipped scenario, or a path.",
    ),
]
Month = Annotated[str | None, month_of("--month", "Month to look at", "the run's last")]
Runs = Annotated[
    int | None,
    count("--runs", 1, "Runs of the world and of its twin.", f"the folder's, else {WITH_DRAWS}"),
]
Seed = Annotated[int | None, seed_of("the folder's, else 1")]
Opinion = Annotated[
    float,
    typer.Option(
        parser=share("--opinion"),
        metavar="SHARE",
        help="Weight of opinion against conduct, 0 to 1.",
    ),
]
Sizes = Annotated[
    list[str] | None,
    typer.Option(
        "--size",
        metavar="ACTOR=NUMBER",
        help="Size of an actor; may be repeated.",
        show_default="1",
    ),
]


def landscape(
    target: What,
    month: Month = None,
    runs: Runs = None,
    seed: Seed = None,
    posterior: DrawnFrom = None,
    opinion: Opinion = 0.5,
    sizes: Sizes = None,
    settings: Settings = None,
    without: Without = None,
    out: Out = None,
    as_json: Json = False,
) -> None:
    """Say which alignment lies lowest, and what bars the way to it."""
    from alliancesim.landscape.target import Asked, target_of
    from alliancesim.results.folder import new_folder

    asked = Asked(runs, seed, posterior, settings or (), without or ())
    found = target_of(target, asked)
    folder = new_folder(out, f"landscape-{found.name}")

    from alliancesim.cli.console import progress_bar
    from alliancesim.landscape.survey import Question, pose, survey

    posed = pose(found, Question(month, opinion, tuple(sizes or ())))
    announce_compilation(quiet=as_json)
    with progress_bar(found.name, found.runs, quiet=as_json) as progress:
        surveyed = survey(posed, lambda done: progress(found.name, done))

    from alliancesim.report.landscapes import write_landscape

    tables = write_landscape(
        surveyed, folder, _words(target, surveyed, asked.posterior, settings, without)
    )
    if as_json:
        print_json({**_data(surveyed, tables), "folder": str(folder)})
    else:
        _print(surveyed, tables, folder)


def _words(
    target: str,
    found: Survey,
    posterior: str | None,
    settings: list[str] | None,
    without: list[str] | None,
) -> list[str]:
    """Return the words of the command that asks for a landscape."""
    posed = found.posed
    words = ["alliancesim", "landscape", target, "--month", posed.world.date(posed.month)]
    words += ["--runs", str(posed.target.runs), "--seed", str(posed.target.seed)]
    words += given("--posterior", posterior)
    words += ["--opinion", f"{posed.question.opinion:g}"]
    words += repeated("--size", posed.question.sizes)
    words += repeated("--set", settings or ())
    return words + repeated("--without", without or ())


def _data(found: Survey, tables: dict[str, pd.DataFrame]) -> dict[str, Any]:
    """Return a landscape as plain data; paths over months stand in the folder alone."""
    from alliancesim.report.landscape_wording import basis, made_of, sentences

    posed = found.posed
    return {
        "name": posed.target.name,
        "month": posed.world.date(posed.month),
        "posterior": None if posed.target.posterior is None else posed.target.posterior.name,
        "runs": posed.target.runs,
        **{
            name: tables[name].to_dict("records")
            for name in ("alignments", "basins", "moves", "weights")
        },
        "sentences": [*sentences(found, tables), basis(found), *made_of(found)],
    }


def _print(found: Survey, tables: dict[str, pd.DataFrame], folder: Path) -> None:
    """Print the lowest alignments, what the landscape says, and where it lies."""
    from alliancesim.cli.console import table
    from alliancesim.landscape.tables import WORLD
    from alliancesim.report import landscape_wording as wording
    from alliancesim.report.numbers import percent
    from alliancesim.report.phrases import plain_spaces
    from alliancesim.report.wording import LENS

    rows = wording.of_side(tables["alignments"], WORLD).head(MOST_PRINTED)
    table(
        ("alignment", "energy [90 %]", "lowest", "present", "basin"),
        [
            (
                row["camps"],
                wording.with_range(row),
                *(plain_spaces(percent(row[share])) for share in ("lowest", "present", "basin")),
            )
            for row in rows.to_dict("records")
        ],
        title=found.posed.world.date(found.posed.month),
    )
    notes = [*wording.sentences(found, tables), wording.basis(found), *wording.made_of(found)]
    print_paragraphs([plain_spaces(text) for text in (*notes, LENS)])
    print_folder(folder)
