"""Commands that run scenarios, compare them and verify them.

The causes of a run are asked for here but found and told in explaining_runs; sentences on a verdict
are not made here but in report.wording.
"""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Annotated, cast

import typer

from alliancesim.cli.explaining_runs import (
    causes_data,
    causes_of_run,
    worlds_to_explain,
    write_run,
)
from alliancesim.cli.options import (
    DrawnFrom,
    Folder,
    Json,
    Out,
    Scenario,
    Seed,
    Settings,
    Without,
    choice,
    count,
)
from alliancesim.cli.printing import (
    announce_compilation,
    print_folder,
    print_folder_alone,
    print_json,
    print_line,
    print_paragraphs,
    shown,
)

if TYPE_CHECKING:
    from alliancesim.attribution.account import Account
    from alliancesim.comparison import Comparison
    from alliancesim.ensemble import Engine
    from alliancesim.measures.intervals import Interval
    from alliancesim.results.result import Result
    from alliancesim.scenario.reading import Loaded
    from alliancesim.study import Keep, Options


KEEPS = ("runs", "quantiles", "outcomes")
ENGINES = ("batch", "mesa")

_STATES = 9
_EIGHT = 8

Scenarios = Annotated[list[str], typer.Argument(metavar="SCENARIO", help="Two or more scenarios.")]
Runs = Annotated[int, count("--runs", 1, "Runs of the world and of its twin.")]
Months = Annotated[int | None, count("--months", 1, "Months to run.", "the scenario's own")]
Held = Annotated[
    str,
    typer.Option(
        parser=choice("--keep", KEEPS),
        metavar="HOW",
        help="Keep trajectories as 'quantiles', run by run: 'runs', or not at all: 'outcomes'.",
    ),
]
EngineName = Annotated[
    str,
    typer.Option(
        "--engine",
        parser=choice("--engine", ENGINES),
        metavar="NAME",
        help="'batch', many runs at once, or 'mesa', one by one; the numbers are the same.",
    ),
]
Robust = Annotated[
    bool, typer.Option("--robustness/--no-robustness", help="Also vary coefficients and inputs.")
]
Explained = Annotated[
    bool, typer.Option("--explain", help="Also share the change of cohesion out among its causes.")
]


def run(
    scenario: Scenario,
    runs: Runs = 200,
    months: Months = None,
    seed: Seed = 1,
    out: Out = None,
    settings: Settings = None,
    without: Without = None,
    keep: Held = "quantiles",
    robust: Robust = True,
    engine: EngineName = "batch",
    posterior: DrawnFrom = None,
    explain: Explained = False,
    as_json: Json = False,
) -> None:
    """Run a scenario beside its twin without the wedge. Say what the wedge did."""
    from alliancesim.results.folder import new_folder
    from alliancesim.scenario.reading import load

    loaded = load(scenario, settings or [], without or [])
    folder = new_folder(out, loaded.name)
    options = _options([loaded], runs, seed, months, keep, robust, engine)
    options = _recorded(options, settings, without, posterior)
    worlds = worlds_to_explain(loaded, options) if explain else 0

    from alliancesim.cli.console import progress_bar
    from alliancesim.study import run_scenario

    announce_compilation(quiet=as_json)
    with progress_bar(loaded.name, runs, quiet=as_json) as progress:
        found = run_scenario(loaded, options, lambda done: progress(loaded.name, done))
    account = causes_of_run(loaded, options, worlds, quiet=as_json) if explain else None
    write_run(found, account, folder)
    if as_json:
        print_json({**found.summary(), **causes_data(account), "folder": str(folder)})
        return
    _print_result(found, account)
    print_folder_alone(folder)


def compare(
    scenarios: Scenarios,
    runs: Runs = 200,
    months: Months = None,
    seed: Seed = 1,
    out: Out = None,
    settings: Settings = None,
    without: Without = None,
    keep: Held = "quantiles",
    robust: Robust = True,
    engine: EngineName = "batch",
    posterior: DrawnFrom = None,
    as_json: Json = False,
) -> None:
    """Run scenarios side by side: one table and one figure."""
    from alliancesim.results.folder import new_folder
    from alliancesim.scenario.reading import load

    loaded = [load(name, settings or [], without or []) for name in scenarios]
    folder = new_folder(out, "compare-" + "-".join(item.name for item in loaded[:3]))
    options = _options(loaded, runs, seed, months, keep, robust, engine)
    options = _recorded(options, settings, without, posterior)

    from alliancesim import comparison
    from alliancesim.cli.console import progress_bar

    announce_compilation(quiet=as_json)
    with progress_bar("compare", runs, quiet=as_json) as progress:
        found = comparison.compare(loaded, options, progress)
    comparison.write(found, folder)
    from alliancesim.report.page import write_report

    write_report(folder)
    if as_json:
        print_json({"scenarios": found.summary(), "folder": str(folder)})
        return
    _print_comparison(found)
    print_folder(folder)


def verify(
    folder: Folder,
    as_json: Json = False,
) -> None:
    """Run results again and compare them bit for bit."""
    from alliancesim.cli.console import progress_bar
    from alliancesim.results.result import read_manifest
    from alliancesim.verification import RUNS, differences

    manifest = read_manifest(folder)
    announce_compilation(quiet=as_json)
    options = manifest.get("options", {})
    runs = None
    if manifest.get("kind") in RUNS:
        runs = int(options.get("runs", manifest.get("points", 1) * manifest.get("replicates", 1)))
    with progress_bar("verify", runs, quiet=as_json) as progress:
        found = differences(folder, progress)
    if as_json:
        print_json({"folder": str(folder), "identical": not found, "differences": found})
    elif not found:
        print_line(f"{shown(folder)}: identical bit for bit.")
    for difference in [] if as_json else found:
        print_line(f"{shown(folder)}: {difference}")
    if found:
        sys.exit(1)


def _options(
    scenarios: list[Loaded],
    runs: int,
    seed: int,
    months: int | None,
    keep: str,
    robust: bool,
    engine: str,
) -> Options:
    """Return checked options, before anything slow is imported or done."""
    for loaded in scenarios:
        check_size(loaded, runs, months, keep, engine)
    from alliancesim.study import Options

    return Options(
        runs=runs,
        seed=seed,
        months=months,
        keep=cast("Keep", keep),
        robustness=robust,
        engine=cast("Engine", engine),
    )


def _recorded(
    options: Options,
    settings: list[str] | None,
    without: list[str] | None,
    posterior: str | None,
) -> Options:
    """Return options with what was changed in the scenario, and with draws of coefficients.

    Raises:
        InputError: if there is no such posterior.
    """
    from dataclasses import replace

    from alliancesim.posterior.draws import load_posterior

    drawn = None if posterior is None else load_posterior(posterior)
    return replace(options, settings=settings or (), without=without or (), posterior=drawn)


def check_size(loaded: Loaded, runs: int, months: int | None, keep: str, engine: str) -> None:
    """Refuse longer runs than scenarios may have, and more than memory and patience allow.

    Raises:
        InputError: if they are too long or too many.
    """
    from alliancesim.scenario.costs import LONGEST, MESA, MOST_MEMORY, Cost, refuse_absurd, seconds
    from alliancesim.scenario.problems import InputError, Problem
    from alliancesim.scenario.schema import MOST_MONTHS

    length, actors = months or loaded.scenario.time.months, len(loaded.scenario.actors)
    if length > MOST_MONTHS:
        expected = f"at most {MOST_MONTHS} months"
        raise InputError([Problem("--months", "", str(length), expected)])
    whole = keep == "runs" or engine == "mesa"
    series = _STATES * actors**2 if whole else 1
    cost = Cost(
        seconds(2 * runs * length, actors) * (MESA if engine == "mesa" else 1.0),
        2 * runs * (length + 1) * series * _EIGHT,
    )
    most = int(min(runs * LONGEST / cost.seconds, runs * MOST_MEMORY / cost.memory))
    remedy = f"at most {most:,} runs of {length} months"
    if whole:
        remedy += ", or --engine batch and --keep quantiles or outcomes"
    refuse_absurd("--runs", "", str(runs), cost, remedy)


def _print_result(found: Result, account: Account | None) -> None:
    """Print question, verdict, reasons, causes, how the record agrees, and a word of caution."""
    from alliancesim.report import wording
    from alliancesim.report.explanation_wording import sentences
    from alliancesim.report.observations import fit_sentence, observations
    from alliancesim.report.record import changes

    scenario = found.manifest["scenario"]
    *said, lens = wording.terminal(found)
    causes = [] if account is None else sentences(account)
    fit = fit_sentence(observations(found))
    heading = [scenario["title"], scenario["question"], changes(found.manifest)]
    print_paragraphs([*filter(None, heading), *said, *causes, fit, lens])


def _print_comparison(found: Comparison) -> None:
    """Print one row per scenario."""
    from alliancesim.cli.console import table
    from alliancesim.measures.verdict import WORDS

    rows = [
        (
            result.name,
            result.verdict.word,
            _with_ends(result.verdict.effect),
            _with_ends(difference) if place else "",
            " / ".join(f"{100 * result.verdict.shares[word].estimate:.0f}" for word in WORDS),
        )
        for place, (result, difference) in enumerate(
            zip(found.results, found.differences(), strict=True)
        )
    ]
    columns = ("scenario", "verdict", "effect", "difference", f"% {' / '.join(WORDS)}")
    table(columns, rows)
    print_paragraphs(
        [
            "effect: of the wedge on cohesion, mean and 95 % interval; difference: of the effect"
            f" from that in {found.results[0].name}, run by run on common shocks; %: of runs"
        ]
    )


def _with_ends(found: Interval) -> str:
    """Return an estimate above its 95 % interval."""
    from alliancesim.figures.words import signed
    from alliancesim.report.numbers import ends

    return f"{signed(found.estimate, 3)}\n{ends(found)}"
