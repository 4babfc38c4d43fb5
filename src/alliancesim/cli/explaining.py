"""The command that shares a change of the outcome out among its causes."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from alliancesim.cli.printing import print_json, print_paragraphs
from alliancesim.cli.running import Json, Seed, Settings, Without, announce_compilation, whole

if TYPE_CHECKING:
    from alliancesim.attribution.explanation import Explanation

Scenario = Annotated[
    str, typer.Argument(metavar="SCENARIO", help="Name of a shipped scenario, or a path.")
]
From = Annotated[
    str | None,
    typer.Option("--from", metavar="MONTH", help="First month whose events count, YYYY-MM."),
]
Until = Annotated[
    str | None, typer.Option(metavar="MONTH", help="Last month, in which the outcome is read.")
]
OutcomeText = Annotated[
    str,
    typer.Option(
        metavar="WHAT",
        help="'cohesion' of the alliance, 'effect' of the wedge on it, or a variable of a dyad,"
        " such as opinion:A-B.",
    ),
]
Which = Annotated[
    str | None,
    typer.Option(
        "--posterior",
        metavar="WHICH",
        help="Draw coefficients: 'default', a CSV file, or the folder of a calibration.",
    ),
]
Runs = Annotated[
    int | None,
    typer.Option(
        parser=whole("--runs", 1),
        metavar="N",
        help="Runs of each world; by default 200, or 800 with --posterior.",
    ),
]
Out = Annotated[
    Path | None,
    typer.Option(
        metavar="FOLDER", help="New folder for the results; by default a free one is chosen."
    ),
]


def explain(
    scenario: Scenario,
    first: From = None,
    until: Until = None,
    outcome: OutcomeText = "cohesion",
    posterior: Which = None,
    runs: Runs = None,
    seed: Seed = 1,
    out: Out = None,
    settings: Settings = None,
    without: Without = None,
    as_json: Json = False,
) -> None:
    """Say what caused a change: the share of each cause, with its interval."""
    from alliancesim.results.folder import check_free, free_folder
    from alliancesim.scenario.reading import load

    loaded = load(scenario, settings or [], without or [])
    folder = out or free_folder(f"explain-{loaded.name}")
    check_free(folder)

    from alliancesim.attribution.explanation import Question, pose
    from alliancesim.attribution.explanation import explain as explained
    from alliancesim.posterior.draws import load_posterior

    draws = None if posterior is None else load_posterior(posterior)
    question = Question(outcome, first, until, runs, seed, settings or (), without or ())
    total = pose(loaded.scenario, question, draws).values

    from alliancesim.cli.console import progress_bar
    from alliancesim.report.explanations import write_explanation

    announce_compilation(quiet=as_json)
    with progress_bar(loaded.name, total, quiet=as_json) as progress:
        found = explained(loaded, question, draws, lambda done: progress(loaded.name, done))
    write_explanation(found, folder, _words(scenario, found, posterior))
    if as_json:
        print_json({**_data(found), "folder": str(folder)})
    else:
        _print(found, folder)


def _words(scenario: str, found: Explanation, posterior: str | None) -> list[str]:
    """Return the words of the command that asks for an explanation."""
    question = found.question
    words = ["alliancesim", "explain", scenario]
    words += [] if question.first is None else ["--from", question.first]
    words += [] if question.last is None else ["--until", question.last]
    words += ["--outcome", question.outcome]
    words += [] if posterior is None else ["--posterior", posterior]
    words += ["--runs", str(found.runs), "--seed", str(question.seed)]
    for option, texts in (("--set", question.settings), ("--without", question.without)):
        words += [word for text in texts for word in (option, text)]
    return words


def _data(found: Explanation) -> dict[str, Any]:
    """Return an explanation as plain data."""
    from alliancesim.attribution.tables import shares_table
    from alliancesim.report.explanation_wording import basis, sentences

    rows = shares_table(found).astype(object)
    return {
        "name": found.name,
        "outcome": found.asked.text,
        "from": found.period.first,
        "until": found.period.last,
        "posterior": None if found.posterior is None else found.posterior.name,
        "runs": found.runs,
        "steps": rows.where(rows.notna(), None).to_dict("records"),
        "sentences": [*sentences(found), basis(found)],
    }


def _print(found: Explanation, folder: Path) -> None:
    """Print the shares, what they say, and where they lie."""
    from alliancesim.attribution.tables import CAUSE, END, START, shares_table
    from alliancesim.cli.console import table
    from alliancesim.report.explanation_wording import basis, sentences
    from alliancesim.report.numbers import level, percent, signed
    from alliancesim.report.wording import LENS, plain_spaces

    rows = []
    for row in shares_table(found).to_dict("records"):
        show = level if row["kind"] in (START, END) else signed
        span = f"{show(row['low'], 3)} to {show(row['high'], 3)}"
        above = percent(row["positive"]) if row["kind"] == CAUSE else ""
        rows.append((row["title"], show(row["estimate"], 3), span, plain_spaces(above)))
    table(("step", found.asked.text, "90 % interval", "above zero"), rows)
    print_paragraphs([*sentences(found), plain_spaces(basis(found)), LENS])
    sys.stdout.write(f"\nResults: {folder}\nReport:  {folder / 'report.html'}\n")
