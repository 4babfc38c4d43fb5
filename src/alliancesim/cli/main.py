"""The ``alliancesim`` command. Heavy libraries are imported inside the commands that need them.

Nothing is computed here, and the options of a single command stand with it.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from errno import EDQUOT, EFBIG, ENOSPC, EROFS
from typing import Annotated, NoReturn

import typer

from alliancesim.cli import (
    calibrating,
    contesting,
    dashboarding,
    discovering,
    experimenting,
    explaining,
    gaming,
    ingesting,
    inspecting,
    landscaping,
    patterning,
    recoding,
    reporting,
    running,
    sensing,
    tipping,
    validating,
)
from alliancesim.cli.interrupting import is_interruption
from alliancesim.cli.printing import shown, tell

app = typer.Typer(
    name="alliancesim",
    help="When does a wedge strategy split an alliance, do nothing, or backfire?",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)

INTERRUPTED = 130


@contextmanager
def answering() -> Iterator[None]:
    """Turn what goes wrong into words and an exit code, before typer sees it.

    What typer makes of Ctrl-C and of a closed pipe differs from version to version.
    """
    try:
        yield
        sys.stdout.flush()
    except typer.Exit:
        raise
    except SystemExit as left:
        # What typer makes of a Ctrl-C that falls before a command begins.
        if left.code != INTERRUPTED and is_interruption(left):
            _stop()
        raise
    except KeyboardInterrupt:
        _stop()
    except BrokenPipeError:
        # The reader of our output has left, as with "| head"; that is no failure.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(0)
    except Exception as error:
        if is_interruption(error):
            _stop()
        sys.exit(_report(error))


def _stop() -> NoReturn:
    """Leave as Ctrl-C asks."""
    tell("Stopped. Nothing half-written was left behind.")
    sys.exit(INTERRUPTED)


for command in (
    running.run,
    running.compare,
    experimenting.experiment,
    discovering.discover,
    explaining.explain,
    gaming.game,
    landscaping.landscape,
    calibrating.calibrate,
    validating.validate,
    contesting.tournament,
    tipping.tip,
    sensing.sensitivity,
    recoding.recode,
    patterning.patterns,
    dashboarding.dashboard,
    reporting.report,
    reporting.brief,
    running.verify,
    ingesting.ingest,
    inspecting.list_scenarios,
    inspecting.new,
    inspecting.check,
    inspecting.parameters,
    inspecting.schema,
    inspecting.version,
):
    app.command(command.__name__.removesuffix("_scenarios"))(answering()(command))


def _print_version(wanted: bool) -> None:
    """Print the version and leave."""
    if wanted:
        inspecting.version()
        raise typer.Exit


@app.callback()
def options(
    _version: Annotated[
        bool,
        typer.Option("--version", callback=_print_version, is_eager=True, help="Print version."),
    ] = False,
) -> None:
    """When does a wedge strategy split an alliance, do nothing, or backfire?"""


def main() -> None:
    """Run the command line and leave with 0, 2 for the user's error or 1 for the program's."""
    with answering():
        app()


def _report(error: Exception) -> int:
    """Print what went wrong and return the exit code."""
    from alliancesim.scenario.problems import InputError

    if isinstance(error, InputError):
        for problem in error.problems:
            tell(str(problem))
        return 2
    if isinstance(error, OSError) and error.errno in (ENOSPC, EDQUOT, EFBIG, EROFS):
        where = shown(error.filename or "output")
        tell(f"{where}: expected a place that can be written to ({error.strerror}).")
        return 2
    if os.environ.get("ALLIANCESIM_DEBUG"):
        raise error
    tell(
        f"Internal error: {type(error).__name__}: {error}\n"
        "This is a fault of the program. Set ALLIANCESIM_DEBUG=1 to see where it arose."
    )
    return 1


if __name__ == "__main__":
    main()
