"""The command that says how far an outcome hangs on each assumption.

What is varied, and over which range, is not said here but in the experiment's file.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from alliancesim.cli.experimenting import default_folder, producing, resuming
from alliancesim.cli.options import (
    DrawnFrom,
    Experiment,
    Json,
    Resume,
    Resumed,
    Scheduler,
    Settings,
    Threads,
    Workers,
    count,
)
from alliancesim.cli.printing import (
    announce_compilation,
    given,
    plain_rows,
    print_folder,
    print_json,
    print_paragraphs,
    repeated,
    shown,
    tell,
    tell_command,
)

if TYPE_CHECKING:
    from alliancesim.experiment.execution import Produce
    from alliancesim.experiment.reading import LoadedExperiment
    from alliancesim.report.sensitivity import Told
    from alliancesim.sensitivity.question import Question, Sensitivity

Factors = Annotated[
    int | None,
    count(
        "--factors",
        1,
        "Factors with indices of their own, the strongest in the screening.",
        "16",
    ),
]
Every = Annotated[bool, typer.Option("--all", help="Give every factor indices of its own.")]
Trajectories = Annotated[int, count("--trajectories", 2, "Trajectories of the screening.")]
Samples = Annotated[
    int, count("--samples", 2, "Blocks of points behind the indices, a power of two.")
]
Runs = Annotated[
    int | None,
    count("--runs", 2, "Runs of each point.", "32, or 200 where one factor moves alone"),
]

_MOST_ROWS = 12
_LETTERS = 34


def sensitivity(
    file: Experiment,
    factors: Factors = None,
    every: Every = False,
    trajectories: Trajectories = 20,
    samples: Samples = 1024,
    runs: Runs = None,
    resume: Resume = False,
    workers: Workers = None,
    scheduler: Scheduler = None,
    out: Resumed = None,
    threads: Threads = None,
    settings: Settings = None,
    posterior: DrawnFrom = None,
    as_json: Json = False,
) -> None:
    """Say how far an outcome hangs on each factor of an experiment."""
    from alliancesim.experiment.reading import load_experiment

    loaded = load_experiment(file, settings or [], posterior)
    folder = out or default_folder(f"sensitivity-{loaded.name}", resume=resume)
    question = _question(factors, every, trajectories, samples, runs)

    from alliancesim.sensitivity.question import pose

    pose(loaded, question)

    from alliancesim.report.page import write_report
    from alliancesim.report.sensitivity import read_sensitivity
    from alliancesim.sensitivity.tables import manifest, tables, write_into

    announce_compilation(quiet=as_json)
    with producing(workers, scheduler, threads) as produce:
        found = _analysed(loaded, question, folder, produce, resume=resume, quiet=as_json)
    made = tables(found)
    about = manifest(found, made, _words(file, question, settings or [], posterior))
    write_into(made, about, folder)
    write_report(folder)
    told = read_sensitivity(folder, about)
    if as_json:
        print_json({**_data(told), "folder": str(folder)})
    else:
        _print(told, folder)


def _analysed(
    loaded: LoadedExperiment,
    question: Question,
    folder: Path,
    produce: Produce,
    *,
    resume: bool,
    quiet: bool,
) -> Sensitivity:
    """Return the answer; where it is stopped, say how to go on."""
    from alliancesim.cli.console import progress_bar
    from alliancesim.sensitivity.question import begun, expected_runs
    from alliancesim.sensitivity.question import sensitivity as analysed

    total = sum(expected_runs(loaded, question))
    try:
        with progress_bar(loaded.name, total, quiet=quiet) as progress:
            return analysed(loaded, question, folder, produce, resume=resume, progress=progress)
    except KeyboardInterrupt:
        if begun(folder):
            tell(f"What was run is kept in {shown(folder)}.")
            tell_command("To go on", resuming(folder))
        raise


def _question(
    factors: int | None, every: bool, trajectories: int, samples: int, runs: int | None
) -> Question:
    """Return what is asked.

    Raises:
        InputError: if all factors and a number of them are asked for.
    """
    from alliancesim.scenario.problems import InputError, Problem
    from alliancesim.sensitivity.question import Question

    if every and factors is not None:
        expected = "either --factors or --all"
        raise InputError([Problem("--factors", "", str(factors), expected)])
    usual = Question(trajectories=trajectories, samples=samples)
    most = None if every else factors or usual.factors
    of_each = (usual.runs, usual.runs_alone) if runs is None else (runs, runs)
    return Question(most, trajectories, samples, *of_each)


def _words(file: str, question: Question, settings: list[str], posterior: str | None) -> list[str]:
    """Return the words of the command that asks for it."""
    words = ["alliancesim", "sensitivity", file]
    words += ["--all"] if question.factors is None else ["--factors", str(question.factors)]
    words += ["--trajectories", str(question.trajectories), "--samples", str(question.samples)]
    words += [] if question.runs != question.runs_alone else ["--runs", str(question.runs)]
    words += repeated("--set", settings)
    return words + given("--posterior", posterior)


def _data(told: Told) -> dict[str, Any]:
    """Return the answer as plain data; numbers that are not known are null."""
    from alliancesim.report.sensitivity_wording import cautions, sentences

    return {
        "name": told.manifest["name"],
        "options": told.manifest["options"],
        "answer": told.manifest["answer"],
        **{name: plain_rows(table) for name, table in told.tables.items()},
        "sentences": [
            *sentences(told.manifest, told.tables, told.labels),
            *cautions(told.manifest),
        ],
    }


def _print(told: Told, folder: Path) -> None:
    """Print the strongest factors, what was found, and where it lies."""
    from alliancesim.cli.console import table
    from alliancesim.figures.words import plain
    from alliancesim.report.phrases import plain_spaces
    from alliancesim.report.sensitivity_wording import cautions, sentences, short
    from alliancesim.report.wording import LENS
    from alliancesim.sensitivity.tables import SOBOL

    rows = [
        (plain(told.labels[row["factor"]], _LETTERS), short(row, "first"), short(row, "total"))
        for row in told.tables[SOBOL].head(_MOST_ROWS).to_dict("records")
    ]
    table(("factor", "first order [95 %]", "total [95 %]"), rows)
    first, *_ = cautions(told.manifest)
    said = sentences(told.manifest, told.tables, told.labels)
    print_paragraphs([*said, plain_spaces(first), LENS])
    print_folder(folder)
