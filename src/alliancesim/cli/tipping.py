"""The command that finds how much would have to change for the verdict to be another.

How finely is searched is no option, so that two answers can be compared.
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
    Scenario,
    Seed,
    Settings,
    Without,
    count,
    number,
)
from alliancesim.cli.printing import (
    announce_compilation,
    given,
    plain_rows,
    print_folder,
    print_json,
    print_paragraphs,
    repeated,
)

if TYPE_CHECKING:
    from alliancesim.tipping.question import Tipped


Vary = Annotated[
    list[str] | None,
    typer.Option(
        metavar="KEY",
        help="Number to vary, as --set has it; given twice, the frontier over both.",
        show_default="every number in turn",
    ),
]
From = Annotated[
    list[float] | None,
    typer.Option(
        "--from",
        parser=number("--from"),
        metavar="VALUE",
        help="Lowest value of the number; once for each --vary.",
        show_default="the lowest allowed",
    ),
]
To = Annotated[
    list[float] | None,
    typer.Option(
        "--to",
        parser=number("--to"),
        metavar="VALUE",
        help="Highest value, in the same way.",
        show_default="the highest allowed",
    ),
]
Runs = Annotated[int | None, count("--runs", 1, "Runs of each value.", WITH_DRAWS)]


def tip(
    scenario: Scenario,
    vary: Vary = None,
    first: From = None,
    last: To = None,
    posterior: DrawnFrom = None,
    runs: Runs = None,
    seed: Seed = 1,
    out: Out = None,
    settings: Settings = None,
    without: Without = None,
    as_json: Json = False,
) -> None:
    """Find where the verdict turns. That is a threshold, a frontier, or the least change."""
    from alliancesim.results.folder import new_folder
    from alliancesim.scenario.reading import load

    loaded = load(scenario, settings or [], without or [])
    folder = new_folder(out, f"tip-{loaded.name}")

    from alliancesim.posterior.draws import load_posterior
    from alliancesim.tipping.question import Question, expected_points, pose
    from alliancesim.tipping.question import tip as tipped

    draws = None if posterior is None else load_posterior(posterior)
    question = Question(
        vary or (), first or (), last or (), runs, seed, settings or (), without or ()
    )
    pose(loaded.scenario, question)
    points = expected_points(loaded.scenario, question)

    from alliancesim.cli.console import progress_bar
    from alliancesim.report.tipping import write_tipped

    announce_compilation(quiet=as_json)
    with progress_bar(loaded.name, points, quiet=as_json) as progress:
        # How many worlds bisection takes is not known beforehand; the bar is then full.
        found = tipped(
            loaded, question, draws, lambda doing, done: progress(doing, min(done, points))
        )
    write_tipped(found, folder, _words(scenario, found, posterior))
    if as_json:
        print_json({**_data(found), "folder": str(folder)})
    else:
        _print(found, folder)


def _words(scenario: str, found: Tipped, posterior: str | None) -> list[str]:
    """Return the words of the command that asks for it."""
    question = found.question
    words = ["alliancesim", "tip", scenario]
    words += repeated("--vary", question.vary)
    words += repeated("--from", [f"{value!r}" for value in question.first])
    words += repeated("--to", [f"{value!r}" for value in question.last])
    words += given("--posterior", posterior)
    words += ["--runs", str(found.runs), "--seed", str(question.seed)]
    words += repeated("--set", question.settings)
    return words + repeated("--without", question.without)


def _data(found: Tipped) -> dict[str, Any]:
    """Return the answer as plain data; curves and cells stand in the folder alone."""
    from alliancesim.report.tipping_wording import basis, sentences
    from alliancesim.tipping.tables import tables

    kept = {
        name: plain_rows(table)
        for name, table in tables(found).items()
        if name in ("thresholds", "frontier", "ranking")
    }
    return {
        "name": found.name,
        "vary": list(found.question.vary),
        "posterior": None if found.posterior is None else found.posterior.name,
        "runs": found.runs,
        **kept,
        "sentences": [*sentences(found), basis(found)],
    }


_MOST_ROWS = 15

_GLOSSED = (
    "Flips at: the value from which the verdict is another, all else as given. Of its range: how"
    " far that is from the present value, of all values allowed. Prior sd: the same in standard"
    " deviations of what was thought of a coefficient before it was calibrated."
)


def _print(found: Tipped, folder: Path) -> None:
    """Print what was found, and where it lies."""
    from alliancesim.cli.console import table
    from alliancesim.report.numbers import percent
    from alliancesim.report.phrases import plain_spaces
    from alliancesim.report.tipping_wording import basis, sentences, value
    from alliancesim.report.wording import LENS
    from alliancesim.tipping.ranking import Ranking

    glossed = []
    if isinstance(found.answer, Ranking):
        flips = found.answer.table[found.answer.table["threshold"].notna()]
        rows = [
            (
                row["key"],
                value(row["present"]),
                value(row["threshold"]),
                row["verdict"],
                plain_spaces(percent(row["share"])),
            )
            for row in flips.head(_MOST_ROWS).to_dict("records")
        ]
        table(("number", "present", "flips at", "to", "of its range"), rows)
        more = len(flips) - len(rows)
        glossed = [f"{more} more flip it: ranking.csv in the folder."] * (more > 0) + [_GLOSSED]
    print_paragraphs([*glossed, *sentences(found), plain_spaces(basis(found)), LENS])
    print_folder(folder)
