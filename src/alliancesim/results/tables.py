"""Tables as CSV: every bit of their numbers, and no text that a spreadsheet takes for a formula.

Nothing of a folder is known here; which tables it holds is the business of its kind of results.
"""

from __future__ import annotations

import re
from collections.abc import Callable

import pandas as pd
from pandas.api.types import is_numeric_dtype

_FORMULA = re.compile(r"'*[=+\-@\t\r]")
_NUMBER = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?|[+-]?inf", re.I)


def table_text(table: pd.DataFrame, float_format: str | None = None) -> str:
    """Return a table as CSV.

    A text that a spreadsheet would take for a formula gets an apostrophe in front, as has one that
    begins with apostrophes before such a sign, so that reading can take it off again. Titles and
    names in files can be such texts, and a formula may call programs and addresses.

    Args:
        table: numbers and texts; names of columns are taken as they are.
        float_format: how numbers are written, if not to the last bit.
    """
    return _on_texts(table, _guarded).to_csv(
        index=False, lineterminator="\n", float_format=float_format
    )


def without_guards(table: pd.DataFrame) -> pd.DataFrame:
    """Return a table that was read from CSV with its texts as they were before."""
    return _on_texts(table, _unguarded)


def _on_texts(table: pd.DataFrame, change: Callable[[object], object]) -> pd.DataFrame:
    """Return a table with a change made to its texts; columns without any to change are kept."""
    changed = {}
    for name, column in table.items():
        if is_numeric_dtype(column):
            continue
        values = list(column)
        told = [change(value) for value in values]
        if any(now is not before for now, before in zip(told, values, strict=True)):
            changed[str(name)] = pd.Series(told, table.index)
    return table.assign(**changed)


def _guarded(value: object) -> object:
    """Return a value that no spreadsheet takes for a formula."""
    risky = isinstance(value, str) and _FORMULA.match(value) and not _NUMBER.fullmatch(value)
    return f"'{value}" if risky else value


def _unguarded(value: object) -> object:
    """Return what a guarded value was."""
    if isinstance(value, str) and value.startswith("'") and _FORMULA.match(value):
        return value[1:]
    return value
