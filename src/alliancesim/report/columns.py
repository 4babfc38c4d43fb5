"""Tables in CSV files that anyone may have written: read with their columns checked.

Whether the numbers are right is not asked here.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from alliancesim.figures.words import plain
from alliancesim.results.tables import without_guards
from alliancesim.scenario.problems import InputError, Problem

TEXT, NUMBER, FLAG, MONTH, MAYBE_MONTH = "text", "number", "true or false", "month", "since"
"""Kinds of columns; the last is a month or nothing."""

_WRITTEN = re.compile(r"\d{4}-(0[1-9]|1[0-2])")


def lacking(folder: Path, manifest: Mapping[str, Any]) -> Iterator[Problem]:
    """Yield what every page needs of a manifest, and this one lacks.

    Args:
        folder: where it lies.
        manifest: of results.
    """
    for key, kind, word in (("name", str, "text"), ("program", dict, "a table")):
        if not isinstance(manifest.get(key), kind):
            yield Problem(str(folder / "manifest.json"), key, "", word)
    program = manifest.get("program")
    if isinstance(program, dict) and "alliancesim" not in program:
        yield Problem(str(folder / "manifest.json"), "program.alliancesim", "", "a version")


def read_columns(path: Path, columns: Mapping[str, str]) -> pd.DataFrame:
    """Return one table with the columns it must have, each of its type.

    Args:
        path: of a CSV file.
        columns: what it must have, and of which kind; more columns are let be.

    Raises:
        InputError: if it cannot be read, is empty, or a column is missing or of another type.
    """
    try:
        table = without_guards(pd.read_csv(path, dtype=str, keep_default_na=False))
    except (OSError, ValueError) as error:
        raise InputError([Problem(str(path), "", "", f"a readable table ({error})")]) from None
    missing = [name for name in columns if name not in table]
    if missing or not len(table):
        expected = f"columns {', '.join(missing)}" if missing else "at least one row"
        raise InputError([Problem(str(path), "", "", expected)])
    problems: list[Problem] = []
    typed = {
        name: _typed(table[name], kind, Problem(str(path), name, "", ""), problems)
        for name, kind in columns.items()
    }
    if problems:
        raise InputError(problems)
    return table.assign(**typed)


def _typed(
    column: pd.Series[Any], kind: str, where: Problem, problems: list[Problem]
) -> pd.Series[Any]:
    """Return a column in its type, and add to the problems the first cell that has another."""
    if kind == NUMBER:
        found = pd.to_numeric(column, errors="coerce")
        wrong = ~np.isfinite(found)
    elif kind == FLAG:
        found = column.str.lower().map({"true": True, "false": False})
        wrong = found.isna()
    elif kind in (MONTH, MAYBE_MONTH):
        found = column
        wrong = ~column.map(lambda text: bool(_WRITTEN.fullmatch(text)))
        wrong &= (column != "") | (kind == MONTH)
    else:
        # Texts of files go into figures and identifiers, where nothing but a line of print may.
        return column.map(plain)
    if wrong.any():
        row = int(wrong.to_numpy().argmax())
        expected = "a month written YYYY-MM" if kind in (MONTH, MAYBE_MONTH) else f"a {kind}"
        line = f"{column.iloc[row]!r} in line {row + 2}"
        problems.append(Problem(where.file, where.key, line, expected))
    return found.astype(bool) if kind == FLAG and not wrong.any() else found
