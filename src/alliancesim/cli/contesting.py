"""The command that sets rival theories against one another.

Theories can be named and not composed on the command line: they stand in validation.theories.
"""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import nullcontext
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from alliancesim.cli.options import (
    WITH_DRAWS,
    DrawnFrom,
    Json,
    Out,
    Seed,
    Settings,
    Without,
    count,
    shipped,
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
from alliancesim.cli.running import check_size

if TYPE_CHECKING:
    import pandas as pd

    from alliancesim.calibration.reading import LoadedCalibration
    from alliancesim.scenario.reading import Loaded
    from alliancesim.tournament.playing import Asked, Tournament
    from alliancesim.validation.keeping import Kept
    from alliancesim.validation.theories import Theory

Scenario = Annotated[str, shipped("scenario", optional=True)]
Hindcast = Annotated[
    str,
    typer.Option(
        metavar="CALIBRATION",
        help="Whose observations the theories foretell: name of a shipped calibration, or a path.",
    ),
]
NoHindcast = Annotated[bool, typer.Option("--no-hindcast", help="Run the scenario alone.")]
Theories = Annotated[
    list[str] | None,
    typer.Option("--theory", metavar="NAME", help="Only this theory; may be repeated."),
]
Runs = Annotated[
    int | None, count("--runs", 1, "Runs of the scenario for each theory.", WITH_DRAWS)
]
Steps = Annotated[
    int | None,
    count(
        "--steps",
        8,
        "Steps of a fit of the whole law, theories half as many; more take longer.",
        "1000, or the calibration's where fewer",
        most=10_000_000,
    ),
]


def tournament(
    scenario: Scenario = "observed-backfire",
    hindcast: Hindcast = "northeast-asia-2010-2026",
    no_hindcast: NoHindcast = False,
    theories: Theories = None,
    posterior: DrawnFrom = None,
    runs: Runs = None,
    steps: Steps = None,
    seed: Seed = 1,
    out: Out = None,
    settings: Settings = None,
    without: Without = None,
    as_json: Json = False,
) -> None:
    """Set rival theories against a scenario and the record."""
    from alliancesim.results.folder import new_folder
    from alliancesim.scenario.reading import load
    from alliancesim.tournament.entries import entered

    chosen = entered(theories or [])
    loaded = load(scenario, settings or [], without or [])
    folder = new_folder(out, f"tournament-{loaded.name}")
    check_size(loaded, runs or 1, None, "quantiles", "batch")

    from alliancesim.calibration.reading import load_calibration
    from alliancesim.cli.interrupting import keeping_fits
    from alliancesim.posterior.draws import load_posterior
    from alliancesim.report.tournament import write_tournament
    from alliancesim.tournament.playing import Asked

    draws = None if posterior is None else load_posterior(posterior)
    record = None if no_hindcast else load_calibration(hindcast)
    asked = Asked(runs=runs, seed=seed, posterior=draws, steps=steps)
    words = [
        *("alliancesim", "tournament", scenario, "--seed", str(seed)),
        *(["--no-hindcast"] if no_hindcast else ["--hindcast", hindcast]),
        *repeated("--theory", theories),
        *given("--posterior", posterior),
        *given("--runs", runs),
        *given("--steps", steps),
        *repeated("--set", settings),
        *repeated("--without", without),
    ]
    with nullcontext() if record is None else keeping_fits(folder, record) as kept:
        found = _played(chosen, asked, loaded, record, kept, quiet=as_json)
        about, made = write_tournament(found, folder, words)
    if as_json:
        print_json({**_data(about, made), "folder": str(folder)})
    else:
        _print(about, made, folder)


def _played(
    theories: tuple[Theory, ...],
    asked: Asked,
    loaded: Loaded,
    record: LoadedCalibration | None,
    kept: Kept | None,
    *,
    quiet: bool,
) -> Tournament:
    """Play a tournament, with fits kept as they are done."""
    from alliancesim.cli.console import progress_bar
    from alliancesim.tournament.playing import planned, play

    fits = [] if record is None else planned(record, theories, asked)
    announce_compilation(quiet=quiet)
    with progress_bar(loaded.name, max(1, len(fits)), quiet=quiet) as progress:

        def running(doing: str) -> None:
            progress(doing, len(fits))

        return play(
            theories,
            asked,
            scenario=loaded,
            record=record,
            fits=fits,
            posteriors=() if kept is None else kept.posteriors(fits, progress),
            progress=running,
        )


def _data(about: Mapping[str, Any], made: Mapping[str, pd.DataFrame]) -> dict[str, Any]:
    """Return the answer as plain data; single predictions stand in the folder alone."""
    from alliancesim.report.tournament_wording import sentences

    kept = {
        name: plain_rows(made[name])
        for name in ("theories", "scenario", "episodes", "scoreboard")
        if name in made
    }
    return {"name": about["name"], **kept, "sentences": sentences(about, made)}


def _print(about: Mapping[str, Any], made: Mapping[str, pd.DataFrame], folder: Path) -> None:
    """Print what each theory foresees, which explains which episode, and where it lies."""
    from alliancesim.cli.console import table
    from alliancesim.figures.words import signed
    from alliancesim.report import tournament_wording as wording
    from alliancesim.report.wording import LENS

    called = wording.titles(made)
    table(
        ("theory", "coefficients", "verdict", "mean effect", "95 % interval"),
        [
            (
                called[row["theory"]],
                row["basis"],
                row["verdict"],
                signed(row["effect"]),
                f"{signed(row['effect_low'])} to {signed(row['effect_high'])}",
            )
            for row in made["scenario"].to_dict("records")
        ],
    )
    for title, rows in wording.winners(about, made):
        table(
            ("episode", "months", *(f"on {kind}" for kind in wording.KINDS.values())),
            [(row["episode"], row["months"], *row["cells"]) for row in rows],
            title=title,
        )
    print_paragraphs([*wording.sentences(about, made), LENS])
    print_folder(folder)
