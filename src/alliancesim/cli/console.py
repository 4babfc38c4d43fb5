"""Tables and progress bars in the terminal."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager

from rich.console import Console
from rich.markup import escape
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    TextColumn,
    TimeRemainingColumn,
)
from rich.table import Table


def table(columns: Sequence[str], rows: Sequence[Sequence[str]], *, title: str = "") -> None:
    """Print a table on standard output, wrapped to the terminal's width."""
    console = Console(file=sys.stdout)
    grid = Table(title=title or None, title_justify="left", show_lines=len(columns) > 4)
    for place, column in enumerate(columns):
        # The first column holds names that people copy, so it is never broken.
        grid.add_column(column, no_wrap=place == 0, overflow="fold")
    for row in rows:
        grid.add_row(*(escape(cell) for cell in row))
    console.print(grid)


@contextmanager
def progress_bar(what: str, total: int, *, quiet: bool) -> Iterator[Callable[[str, int], None]]:
    """Show progress on standard error while the block runs.

    Args:
        what: what is being done.
        total: number of steps.
        quiet: whether to show nothing.

    Yields:
        A function that takes what is being done and the number of steps done.
    """
    console = Console(stderr=True)
    with Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeRemainingColumn(),
        console=console,
        transient=True,
        disable=quiet or not console.is_terminal,
    ) as bars:
        task = bars.add_task(escape(what), total=total)

        def report(doing: str, done: int) -> None:
            bars.update(task, description=escape(doing), completed=done)

        yield report
