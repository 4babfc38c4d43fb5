"""Arguments and options, each declared once: a word that means the same reads the same everywhere.

An option whose default the command works out names that default as the others do. What only one
command has stands in that command's module.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from pathlib import Path
from typing import Annotated, Any

import typer


def whole(option: str, low: int, high: int | None = None) -> Callable[[str | int], int]:
    """Return what reads an option's whole number; anything else is an InputError.

    Args:
        option: the option, as it is typed.
        low: smallest number allowed.
        high: largest number allowed, if there is one.
    """

    def parse(text: str | int) -> int:
        # An option's default comes through here as well, as a number.
        span = f"of at least {low}" if high is None else f"from {low} to {high}"
        try:
            number = int(text)
        except ValueError:
            number = low - 1
        if number < low or (high is not None and number > high):
            raise _wrong(option, text, f"a whole number {span}")
        return number

    return parse


def number(
    option: str, low: float = -math.inf, high: float = math.inf, what: str = "a finite number"
) -> Callable[[str | float], float]:
    """Return what reads an option's finite number; anything else is an InputError.

    Args:
        option: the option, as it is typed.
        low: smallest number allowed.
        high: largest number allowed.
        what: what is expected, in words.
    """

    def parse(text: str | float) -> float:
        try:
            found = float(text)
        except ValueError:
            found = math.nan
        if not (math.isfinite(found) and low <= found <= high):
            raise _wrong(option, text, what)
        return found

    return parse


def share(option: str) -> Callable[[str | float], float]:
    """Return what reads an option's share; anything else is an InputError.

    Args:
        option: the option, as it is typed.
    """
    return number(option, 0.0, 1.0, "a share from 0 to 1")


def choice(option: str, choices: tuple[str, ...]) -> Callable[[str], str]:
    """Return what reads one of an option's words; anything else is an InputError.

    Args:
        option: the option, as it is typed.
        choices: the words, two or more.
    """

    def parse(text: str) -> str:
        from alliancesim.scenario.problems import nearest

        if text not in choices:
            expected = f"{', '.join(choices[:-1])} or {choices[-1]}"
            raise _wrong(option, text, expected, nearest(text, choices))
        return text

    return parse


def shipped(what: str, *, optional: bool = False) -> Any:
    """Return the argument that names a file of a kind, shipped or one's own.

    Args:
        what: the kind, such as a scenario.
        optional: whether it may be left out.
    """
    metavar = f"[{what.upper()}]" if optional else what.upper()
    return typer.Argument(metavar=metavar, help=f"Name of a shipped {what}, or a path.")


def count(option: str, least: int, what: str, usual: str = "", *, most: int | None = None) -> Any:
    """Return an option that takes a whole number.

    Args:
        option: the option, as it is typed.
        least: smallest number allowed.
        what: what is counted, in words.
        usual: the default in words, where the command works it out.
        most: largest number allowed, if there is one.
    """
    return typer.Option(
        option,
        parser=whole(option, least, most),
        metavar="N",
        help=what,
        show_default=usual or True,
    )


def seed_of(usual: str = "") -> Any:
    """Return the option that takes the seed of the shocks.

    Args:
        usual: the default in words, where the command works it out.
    """
    return typer.Option(
        "--seed",
        parser=whole("--seed", 0, 2**64 - 1),
        metavar="N",
        help="Seed of the shocks.",
        show_default=usual or True,
    )


def month(option: str, what: str, usual: str = "") -> Any:
    """Return an option that takes a month.

    Args:
        option: the option, as it is typed.
        what: which month, in words.
        usual: the default in words, if there is one.
    """
    help_text = f"{what}, YYYY-MM."
    return typer.Option(option, metavar="MONTH", help=help_text, show_default=usual or True)


WITH_DRAWS = "200, or 800 with --posterior"
"""Runs of most commands that give each answer an interval."""

Scenario = Annotated[str, shipped("scenario")]
Experiment = Annotated[str, shipped("experiment")]
Game = Annotated[str, shipped("game")]
Calibration = Annotated[str, shipped("calibration")]
Folder = Annotated[Path, typer.Argument(metavar="FOLDER", help="Results folder.")]

Seed = Annotated[int, seed_of()]
Out = Annotated[
    Path | None,
    typer.Option(
        metavar="FOLDER",
        help="New folder for the results.",
        show_default="a free one in alliancesim-results",
    ),
]
Settings = Annotated[
    list[str] | None,
    typer.Option("--set", metavar="KEY=VALUE", help="Override a number; may be repeated."),
]
Without = Annotated[
    list[str] | None,
    typer.Option(metavar="MECHANISM", help="Switch a mechanism off; may be repeated."),
]
DrawnFrom = Annotated[
    str | None,
    typer.Option(
        "--posterior",
        metavar="WHICH",
        help="Draw coefficients: 'default', a CSV file of draws, or a calibration's folder.",
    ),
]
Json = Annotated[bool, typer.Option("--json", help="Print machine-readable JSON.")]

Resume = Annotated[bool, typer.Option("--resume", help="Go on with what was stopped.")]
Resumed = Annotated[
    Path | None,
    typer.Option(
        "--out",
        metavar="FOLDER",
        help="Folder for the results.",
        show_default="a free one in alliancesim-results; with --resume the latest",
    ),
]
Workers = Annotated[
    int | None, count("--workers", 1, "Processes on this machine.", "this process alone")
]
Scheduler = Annotated[
    str | None,
    typer.Option(metavar="ADDRESS", help="Run on a Dask cluster: address of its scheduler."),
]
Threads = Annotated[
    int | None, count("--threads", 1, "Threads per process.", "all cores here, 1 in each worker")
]


def _wrong(option: str, text: object, expected: str, suggestion: str = "") -> Exception:
    """Return the error that says what an option should have been."""
    from alliancesim.scenario.problems import InputError, Problem

    return InputError([Problem(option, "", str(text), expected, suggestion)])
