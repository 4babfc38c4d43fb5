"""What commands print: machine-readable data, paragraphs, places, and their own words.

All of it passes through here or :mod:`alliancesim.cli.console`, so no name of a file or a folder
steers the terminal. No result is put into sentences here, which is for the report and the single
commands.
"""

from __future__ import annotations

import json
import math
import shlex
import shutil
import sys
import textwrap
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from alliancesim.scenario.printable import printable, printable_json, printable_path

if TYPE_CHECKING:
    import pandas as pd


def print_json(data: Any) -> None:
    """Print data as JSON on standard output."""
    written = json.dumps(data, indent=2, ensure_ascii=False, allow_nan=False)
    sys.stdout.write(printable_json(written) + "\n")


def print_line(words: str) -> None:
    """Print a line on standard output."""
    sys.stdout.write(printable(words) + "\n")


def tell(words: str) -> None:
    """Print lines that are no result on standard error, at once, wrapped on a terminal."""
    lines = printable(words).split("\n")
    if sys.stderr.isatty():
        lines = [_wrapped(line) for line in lines]
    sys.stderr.write("\n".join(lines) + "\n")
    sys.stderr.flush()


def tell_command(what: str, command: str) -> None:
    """Print on standard error what a command does and the command, on one line to be copied."""
    sys.stderr.write(f"{what}: {printable(command)}\n")
    sys.stderr.flush()


def print_paragraphs(paragraphs: Sequence[str]) -> None:
    """Print paragraphs on standard output, without those that are empty.

    On a terminal they are wrapped to its width and kept apart; elsewhere each is a line.
    """
    told, apart = [printable(text) for text in paragraphs if text], "\n"
    if sys.stdout.isatty():
        told, apart = [_wrapped(text) for text in told], "\n\n"
    sys.stdout.write(apart.join(told) + "\n")


def _wrapped(text: str) -> str:
    """Return a text wrapped at its words to the terminal's width; no path or option is broken."""
    width = min(shutil.get_terminal_size().columns, 100)
    return textwrap.fill(text, width, break_on_hyphens=False, break_long_words=False)


def print_places(**places: Path | str) -> None:
    """Print a blank line and where things lie.

    Args:
        places: paths, or commands that make what is not there yet, by what they are.
    """
    wide = max(len("results"), *map(len, places)) + 1
    lines = (f"{f'{what.capitalize()}:':{wide}} {shown(at)}\n" for what, at in places.items())
    sys.stdout.write("\n" + "".join(lines))


def print_folder(folder: Path) -> None:
    """Print where results lie, and the page on them that was written with them."""
    print_places(results=folder, report=folder / "report.html")


def print_folder_alone(folder: Path) -> None:
    """Print where results lie, and the command that writes a page on them."""
    print_places(results=folder, report=command_line("alliancesim", "report", str(folder)))


def shown(path: Path | str) -> str:
    """Return a path as it is printed: on one line, and with nothing that steers the terminal."""
    return printable_path(path)


def command_line(*words: str) -> str:
    """Return words of a command as they are typed into a shell."""
    return shlex.join(words)


def announce_compilation(*, quiet: bool) -> None:
    """Say that a first run compiles, so that nobody takes it for hanging."""
    from alliancesim.compilation import is_compiled

    if not quiet and not is_compiled():
        tell("First run of this version: compiling the law, half a minute.")


def plain_rows(table: pd.DataFrame) -> list[dict[Any, Any]]:
    """Return rows as plain data; what is unknown or infinite is null."""
    rows = table.astype(object)
    known = rows.notna() & ~rows.isin([math.inf, -math.inf])
    return rows.where(known, None).to_dict("records")


def given(option: str, value: object) -> list[str]:
    """Return the words that give an option, none if it was left out."""
    return [] if value is None else [option, str(value)]


def repeated(option: str, texts: Iterable[str] | None) -> list[str]:
    """Return the words that give an option once for each of some texts."""
    return [word for text in texts or () for word in (option, text)]
