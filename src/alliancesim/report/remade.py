"""Pages on results that are run again, since their tables alone do not make the page.

The same version of the program gives the same numbers, so the folder's manifest is enough: what it
says was asked is asked again, and only where every table comes out as it was is a page made of it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, NamedTuple

import pandas as pd

from alliancesim.report.pictures import Picture
from alliancesim.results.result import table_digest
from alliancesim.scenario.problems import InputError, Problem

Progress = Callable[[str, int], None]


class Remade(NamedTuple):
    """Results run again.

    Attributes:
        tables: made of them.
        pictures: draws the figures.
        page: makes the page, given the manifest that was kept and the figures with their links.
    """

    tables: Mapping[str, pd.DataFrame]
    pictures: Callable[[], dict[str, Picture]]
    page: Callable[[dict[str, Any], Mapping[str, Picture]], str]


def check_same(
    folder: Path, manifest: Mapping[str, Any], tables: Mapping[str, pd.DataFrame]
) -> None:
    """Refuse results that the program does not come to any more.

    Args:
        folder: where they are kept.
        manifest: theirs.
        tables: made again.

    Raises:
        InputError: with every table that differs.
    """
    kept, now = manifest["digest"], {name: table_digest(table) for name, table in tables.items()}
    expected = (
        f"the same as when made by version {manifest['program']['alliancesim']}; a page would tell"
        " of other numbers than lie in the folder. Run the command anew"
    )
    problems = [
        Problem(str(folder / "manifest.json"), f"digest.{name}", str(kept.get(name)), expected)
        for name in {**kept, **now}
        if kept.get(name) != now.get(name)
    ]
    if problems:
        raise InputError(problems)
