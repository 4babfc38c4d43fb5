"""Pages on results that are run again, since their tables alone do not make the page.

The same version of the program gives the same numbers, so the folder's manifest is enough: what it
says was asked is asked again, and only where every table comes out as it was is a page made of it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, TypeVar

import pandas as pd

from alliancesim.results.manifest import check_whole, nothing_missing
from alliancesim.results.result import table_digest
from alliancesim.scenario.problems import InputError, Problem

Progress = Callable[[str, int], None]

Found = TypeVar("Found")


def made_again(
    folder: Path,
    manifest: dict[str, Any],
    again: Callable[[Path, dict[str, Any], Progress], Found],
    tables: Callable[[Found], dict[str, pd.DataFrame]],
    progress: Progress,
) -> tuple[Found, dict[str, pd.DataFrame]]:
    """Return results run again and their tables, which are those that the folder keeps.

    Args:
        folder: the results.
        manifest: theirs.
        again: asks again what the manifest says was asked.
        tables: makes their tables.
        progress: told what is run, and how far it is.

    Raises:
        InputError: if the manifest is damaged, or the tables come out otherwise now.
    """
    check_whole(folder, manifest)
    with nothing_missing(folder):
        found = again(folder, manifest, progress)
    made = tables(found)
    check_same(folder, manifest, made)
    return found, made


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
