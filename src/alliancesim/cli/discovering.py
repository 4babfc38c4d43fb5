"""The command that finds conditions under which a wedge splits, does nothing, or backfires.

No point is computed here but as an experiment, and no rule is searched for but by discovery.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, cast

import typer

from alliancesim.cli.options import DrawnFrom, Json, Out, Settings, choice
from alliancesim.cli.printing import (
    announce_compilation,
    command_line,
    given,
    plain_rows,
    print_json,
    print_paragraphs,
    print_places,
    repeated,
    tell_command,
)

if TYPE_CHECKING:
    from alliancesim.discovery.dataset import Among
    from alliancesim.discovery.discovering import Discovered

AMONG = ("all", "inputs", "coefficients")

Reference = Annotated[
    str,
    typer.Argument(
        metavar="EXPERIMENT",
        help="Results folder of a finished experiment; or an experiment's name or path, which is"
        " then run first.",
    ),
]


Kinds = Annotated[
    str,
    typer.Option(
        "--among",
        parser=choice("--among", AMONG),
        metavar="WHICH",
        help="Which factors rules may bound: all, inputs or coefficients.",
    ),
]


def discover(
    experiment: Reference,
    kinds: Kinds = "all",
    settings: Settings = None,
    posterior: DrawnFrom = None,
    out: Out = None,
    as_json: Json = False,
) -> None:
    """Find the conditions under which a wedge splits or backfires."""
    from alliancesim.results.folder import new_folder

    there = Path(experiment)
    folder = new_folder(out, f"discover-{there.resolve().stem}")
    if there.is_dir():
        _check_alone(settings, posterior)
        source = there
    else:
        source = _run(experiment, settings or [], posterior, as_json)

    from alliancesim.discovery.dataset import read_dataset

    dataset = read_dataset(source, cast("Among", kinds))

    from alliancesim.cli.console import progress_bar
    from alliancesim.discovery.discovering import STEPS
    from alliancesim.discovery.discovering import discover as discovered
    from alliancesim.measures.verdict import WORDS
    from alliancesim.report.discoveries import write_discovered

    with progress_bar(dataset.name, STEPS * len(WORDS), quiet=as_json) as progress:
        found = discovered(dataset, progress)
    words = ["alliancesim", "discover", experiment]
    words += [] if kinds == "all" else ["--among", kinds]
    words += repeated("--set", settings)
    words += given("--posterior", posterior)
    write_discovered(found, folder, words)
    if as_json:
        print_json({**_data(found), "experiment": str(source), "folder": str(folder)})
    else:
        _print(found, source, folder)


def _check_alone(settings: list[str] | None, posterior: str | None) -> None:
    """Refuse to change an experiment that has been run."""
    from alliancesim.scenario.problems import InputError, Problem

    expected = "the name or path of an experiment that is yet to be run, not a folder of results"
    told = [*(("--set", text) for text in settings or []), ("--posterior", posterior)]
    wrong = [Problem(option, "", text, expected) for option, text in told if text is not None]
    if wrong:
        raise InputError(wrong)


def _run(reference: str, settings: list[str], posterior: str | None, as_json: bool) -> Path:
    """Run an experiment into a new folder and return it."""
    from alliancesim.cli.console import pace_bar
    from alliancesim.discovery.boxes import check_installed
    from alliancesim.experiment.execution import Stopped, in_process, sweep
    from alliancesim.experiment.parts import plan_of
    from alliancesim.experiment.reading import load_experiment
    from alliancesim.results.folder import free_folder

    loaded = load_experiment(reference, settings, posterior)
    check_installed()
    folder = free_folder(loaded.name)
    plan = plan_of(loaded)
    announce_compilation(quiet=as_json)
    try:
        with pace_bar(loaded.name, plan.runs, "runs", quiet=as_json) as progress:
            sweep(plan, folder, in_process(), progress=progress)
    except Stopped:
        words = ["alliancesim", "experiment", reference, "--resume", "--out", str(folder)]
        words += repeated("--set", settings)
        words += given("--posterior", posterior)
        then = command_line("alliancesim", "discover", str(folder))
        tell_command("To go on", command_line(*words))
        tell_command("Then", then)
        raise
    return folder


def _data(found: Discovered) -> dict[str, Any]:
    """Return what is discovered as plain data; trajectories stand in the folder alone."""
    from alliancesim.discovery.tables import tables
    from alliancesim.report.discovery_wording import basis, headline, sentences

    kept = {
        name: plain_rows(table)
        for name, table in tables(found).items()
        if name in ("verdicts", "boxes", "folds")
    }
    return {
        "name": found.dataset.name,
        "points": found.dataset.points,
        "among": found.dataset.among,
        **kept,
        "sentences": {
            one.target.word: [headline(found, one), *sentences(found, one)]
            for one in found.discoveries
        },
        "basis": basis(found),
    }


def _print(found: Discovered, source: Path, folder: Path) -> None:
    """Print what was found, and where it lies."""
    from alliancesim.cli.console import table
    from alliancesim.report.discovery_wording import basis, row, sentences
    from alliancesim.report.wording import LENS

    table(
        ("verdict", "points", "coverage", "density", "of all points"),
        [row(one) for one in found.discoveries],
    )
    told = [text for one in found.discoveries for text in sentences(found, one)]
    print_paragraphs([*told, basis(found), LENS])
    print_places(experiment=source, results=folder, report=folder / "report.html")
