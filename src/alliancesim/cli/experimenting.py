"""The command that runs experiments: here, in several processes, or on a cluster.

No part is computed and no folder locked here, which experiment does; only the words for going on
with what was stopped are made here.
"""

from __future__ import annotations

import contextlib
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

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
)
from alliancesim.cli.printing import (
    announce_compilation,
    command_line,
    print_folder_alone,
    print_json,
    print_paragraphs,
    shown,
    tell,
    tell_command,
)

if TYPE_CHECKING:
    from alliancesim.experiment.execution import Produce
    from alliancesim.experiment.schema import Experiment as Asked
    from alliancesim.measures.intervals import Interval

POINTS_FAILED = 3
"""Exit code of a sweep that went through, but in which some points failed."""


def experiment(
    file: Experiment,
    resume: Resume = False,
    workers: Workers = None,
    scheduler: Scheduler = None,
    out: Resumed = None,
    threads: Threads = None,
    settings: Settings = None,
    posterior: DrawnFrom = None,
    as_json: Json = False,
) -> None:
    """Run a scenario at many points and say what each factor does."""
    from alliancesim.experiment.reading import load_experiment

    loaded = load_experiment(file, settings or [], posterior)
    folder = out or default_folder(loaded.name, resume=resume)

    from alliancesim.cli.console import pace_bar
    from alliancesim.experiment.execution import Stopped, sweep
    from alliancesim.experiment.parts import plan_of
    from alliancesim.experiment.store import holds_sweep

    if resume and not holds_sweep(folder):
        tell(f"Nothing to go on with in {shown(folder)}: beginning.")
    plan = plan_of(loaded)
    announce_compilation(quiet=as_json)
    try:
        with (
            producing(workers, scheduler, threads) as produce,
            pace_bar(loaded.name, plan.runs, "runs", quiet=as_json) as progress,
        ):
            summary = sweep(plan, folder, produce, resume=resume, progress=progress)
    except Stopped as stopped:
        if as_json:
            print_json({**stopped.summary, "folder": str(folder)})
        _tell_how_to_go_on(stopped.summary, folder)
        raise
    if as_json:
        print_json({**summary, "folder": str(folder)})
    else:
        _print_summary(summary, loaded.experiment, folder)
    if summary["failed"]:
        what = f"{summary['failed']:,} of {plan.design.points:,} points failed"
        tell(f"{what}: {shown(folder / 'failures')}.")
        sys.exit(POINTS_FAILED)


def default_folder(name: str, *, resume: bool) -> Path:
    """Return a free folder of that name, or the latest one that is taken."""
    from alliancesim.results.folder import DEFAULT_PARENT, free_folder

    taken, free = DEFAULT_PARENT / name, free_folder(name)
    number = 2
    while resume and (latest := DEFAULT_PARENT / f"{name}-{number}").exists():
        taken, number = latest, number + 1
    return taken if resume else free


@contextlib.contextmanager
def producing(workers: int | None, scheduler: str | None, threads: int | None) -> Iterator[Produce]:
    """Yield what computes parts where the user wants them computed."""
    from alliancesim.scenario.problems import InputError, Problem

    if workers is not None and scheduler is not None:
        expected = "either --scheduler or --workers, which starts a cluster of its own"
        raise InputError([Problem("--scheduler", "", scheduler, expected)])
    if scheduler is not None:
        from alliancesim.experiment.cluster import remotely

        with remotely(scheduler, threads, tell) as produce:
            yield produce
    elif workers is not None:
        from alliancesim.experiment.cluster import locally

        yield locally(workers, threads)
    else:
        from alliancesim.experiment.execution import in_process

        yield in_process(threads)


def resuming(folder: Path) -> str:
    """Return the command that goes on with what this one was doing in a folder."""
    words = [word for word in sys.argv[1:] if word != "--resume"]
    if not any(word.startswith("--out") for word in words):
        words += ["--out", str(folder)]
    return command_line("alliancesim", *words, "--resume")


def _tell_how_to_go_on(done: dict[str, Any], folder: Path) -> None:
    """Print how much of a sweep is done, and the command that does the rest."""
    parts = done["parts"]
    count = f"{parts['done']} of {parts['all']} parts are done: {done['runs']:,} runs"
    tell(f"{count} in {shown(folder)}.")
    tell_command("To go on", resuming(folder))


def _print_summary(summary: dict[str, Any], experiment: Asked, folder: Path) -> None:
    """Print the question, what was found, and where it lies."""
    from alliancesim.report.wording import LENS

    found = summary["findings"]
    counts = ", ".join(f"{word} at {number:,}" for word, number in found["points"].items())
    lines = [
        summary["title"],
        summary["question"],
        f"{summary['runs']:,} runs of world and twin. Commonest verdict of a point: {counts}.",
    ]
    print_paragraphs(lines)
    if found["factors"]:
        _print_factors(found)
    print_paragraphs([experiment.finding, LENS])
    print_folder_alone(folder)


def _print_factors(found: dict[str, Any]) -> None:
    """Print what each factor does, the strongest first."""
    from alliancesim.cli.console import table

    what, rows = found["outcome"], found["factors"]
    if "coefficient" in rows[0]:
        columns = ["factor", f"weight for {what} (rank regression, −1 to +1)"]
        cells = [[row["factor"], _weight(row["coefficient"])] for row in rows]
    else:
        columns = ["factor", f"lowest mean {what} [95 % CI]", f"highest mean {what} [95 % CI]"]
        cells = [[row["factor"], _at(row["lowest"]), _at(row["highest"])] for row in rows]
    table(columns, cells)


def _at(end: dict[str, Any]) -> str:
    """Return a mean and the level at which it was found, above its interval."""
    from alliancesim.figures.words import signed
    from alliancesim.report.numbers import brief, ends

    level, mean = end["level"], _mean(end)
    at = brief(level) if isinstance(level, float) else level
    return "too few points" if mean is None else f"{signed(mean.estimate)} at {at}\n[{ends(mean)}]"


def _weight(found: dict[str, Any]) -> str:
    """Return a weight with its interval."""
    from alliancesim.report.numbers import with_interval
    from alliancesim.report.phrases import plain_spaces

    mean = _mean(found)
    return "too few points" if mean is None else plain_spaces(with_interval(mean))


def _mean(found: dict[str, Any]) -> Interval | None:
    """Return a mean with its interval, infinitely wide where it is not known, if there is one."""
    from alliancesim.measures.intervals import Interval

    nothing = float("inf")
    low, high = (nothing if found[end] is None else found[end] for end in ("low", "high"))
    return None if found["mean"] is None else Interval(found["mean"], low, high)
