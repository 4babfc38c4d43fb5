"""What commands print: machine-readable data, paragraphs, places, and their own words."""

from __future__ import annotations

import json
import math
import shutil
import sys
import textwrap
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from alliancesim.scenario.printable import printable

if TYPE_CHECKING:
    import pandas as pd


def print_json(data: Any) -> None:
    """Print data as JSON on standard output."""
    sys.stdout.write(json.dumps(data, indent=2, ensure_ascii=False, allow_nan=False) + "\n")


def print_paragraphs(paragraphs: Sequence[str]) -> None:
    """Print paragraphs on standard output, without those that are empty.

    On a terminal they are wrapped to its width and kept apart; elsewhere each is a line.
    """
    told, apart = [printable(text) for text in paragraphs if text], "\n"
    if sys.stdout.isatty():
        width = min(shutil.get_terminal_size().columns, 100)
        told = [textwrap.fill(text, width, break_on_hyphens=False) for text in told]
        apart = "\n\n"
    sys.stdout.write(apart.join(told) + "\n")


def print_places(folder: Path) -> None:
    """Print where results lie, and the page on them."""
    sys.stdout.write(f"\nResults: {folder}\nReport:  {folder / 'report.html'}\n")


def plain_rows(table: pd.DataFrame) -> list[dict[Any, Any]]:
    """Return rows as plain data; what is unknown or infinite is null."""
    rows = table.astype(object)
    known = rows.notna() & ~rows.isin([math.inf, -math.inf])
    return rows.where(known, None).to_dict("records")


def repeated(option: str, texts: Iterable[str]) -> list[str]:
    """Return the words that give an option once for each of some texts."""
    return [word for text in texts for word in (option, text)]
