"""Tables of results: for the terminal, for JSON and for the page of the documentation."""

from __future__ import annotations

import os
import re
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

Cell = str | int | float | None

_MARKED = re.compile(r"(<!-- generated:([a-z]+) -->\n)(.*?)(<!-- end -->)", flags=re.DOTALL)
_ABSENT = "not measured"


class Table(NamedTuple):
    """A table: ``name`` is its place in the page, ``title`` says what it shows."""

    name: str
    title: str
    columns: tuple[str, ...]
    rows: list[tuple[Cell, ...]]


def shown(cell: Cell) -> str:
    """Return a cell as text: three digits, thousands apart, nothing in powers of ten."""
    if cell is None:
        return _ABSENT
    if isinstance(cell, str):
        return cell
    if isinstance(cell, int) or abs(cell) >= 100:
        return f"{cell:,.0f}"
    return f"{cell:.3g}"


def as_text(table: Table) -> str:
    """Return a table for the terminal, under its title."""
    texts = [table.columns, *([shown(cell) for cell in row] for row in table.rows)]
    widths = [max(len(row[place]) for row in texts) for place in range(len(table.columns))]
    numeric = [
        all(not isinstance(row[place], str) for row in table.rows) for place in range(len(widths))
    ]
    lines = [
        "  ".join(
            cell.rjust(width) if right else cell.ljust(width)
            for cell, width, right in zip(row, widths, numeric, strict=True)
        ).rstrip()
        for row in texts
    ]
    return "\n".join([table.title, "-" * len(table.title), *lines])


def as_markdown(table: Table) -> str:
    """Return a table in Markdown."""
    rows: list[Sequence[str]] = [table.columns, ["---"] * len(table.columns)]
    rows += [[shown(cell).replace("|", "/") for cell in row] for row in table.rows]
    return "\n".join(f"| {' | '.join(row)} |" for row in rows)


def as_data(tables: Sequence[Table]) -> dict[str, object]:
    """Return tables as plain data for JSON, by name."""
    return {
        table.name: {
            "title": table.title,
            "columns": list(table.columns),
            "rows": [list(row) for row in table.rows],
        }
        for table in tables
    }


def write_into(page: Path, tables: Sequence[Table]) -> list[str]:
    """Write tables into a page, between ``<!-- generated:NAME -->`` and ``<!-- end -->``.

    Args:
        page: a Markdown file.
        tables: what was measured; places of other tables are left as they are.

    Returns:
        Names of tables for which the page has no place.
    """
    by_name = {table.name: table for table in tables}
    text = page.read_text("utf-8")
    places = {found[2] for found in _MARKED.finditer(text)}

    def made(found: re.Match[str]) -> str:
        table = by_name.get(found[2])
        return found[0] if table is None else f"{found[1]}{as_markdown(table)}\n{found[4]}"

    temporary = page.with_name(f".{page.name}.new")
    temporary.write_text(_MARKED.sub(made, text), "utf-8")
    os.replace(temporary, page)
    return sorted(set(by_name) - places)
