"""What commands print: machine-readable data, and paragraphs."""

from __future__ import annotations

import json
import shutil
import sys
import textwrap
from collections.abc import Sequence
from typing import Any

from alliancesim.scenario.printable import printable


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
