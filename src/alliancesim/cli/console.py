"""Tables and progress bars in the terminal.

Sentences and JSON are not printed here but in printing.
"""

from __future__ import annotations

import datetime
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager

from rich.cells import cell_len
from rich.console import Console
from rich.markup import escape as without_markup
from rich.padding import Padding
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    ProgressColumn,
    SpinnerColumn,
    Task,
    TextColumn,
    TimeRemainingColumn,
)
from rich.table import Column, Table
from rich.text import Text

from alliancesim.scenario.printable import printable


def table(
    columns: Sequence[str],
    rows: Sequence[Sequence[str]],
    *,
    title: str = "",
    unbroken: Sequence[int] = (),
) -> None:
    """Print a table on standard output, wrapped to the terminal's width.

    Args:
        columns: their headings.
        rows: their cells.
        title: what stands above.
        unbroken: places of columns whose cells are not wrapped either, where there is room.
    """
    console = Console(file=sys.stdout)
    grid = Table(title=escape(title) or None, title_justify="left", show_lines=len(columns) > 4)
    whole = {0, *unbroken}
    if _least_width(len(columns), rows, whole) > console.width:
        whole = {0}
    for place, column in enumerate(columns):
        # The first column holds names that people copy, so it is never broken.
        grid.add_column(column, no_wrap=place in whole, overflow="fold")
    for row in rows:
        grid.add_row(*(escape(cell) for cell in row))
    console.print(grid)


def _least_width(columns: int, rows: Sequence[Sequence[str]], whole: set[int]) -> int:
    """Return how wide a table is at least if whole columns are not broken, others' headings are."""
    width = 3 * columns + 1
    for place in range(columns):
        cells = [row[place] for row in rows if len(row) > place]
        if place in whole:
            width += max((cell_len(line) for cell in cells for line in cell.split("\n")), default=0)
        else:
            words = (cell_len(word) for cell in cells for word in cell.split())
            width += max([_HEADING, *words])
    return width


_HEADING = 8
"""Room in which a heading can be read, broken into lines."""


def entries(title: str, rows: Sequence[tuple[str, str, str]]) -> None:
    """Print a title and, of each entry, its name, a line of figures and a text indented below."""
    console = Console(file=sys.stdout, highlight=False)
    console.print(f"[bold underline]{escape(title)}[/]\n")
    for name, figures, text in rows:
        console.print(f"[bold]{escape(name)}[/]  {escape(figures)}")
        console.print(Padding(escape(text), (0, 0, 1, 4)))


def escape(text: str) -> str:
    """Return a text that is neither markup nor steers the terminal."""
    return without_markup(printable(text))


@contextmanager
def progress_bar(
    what: str, total: int | None, *, quiet: bool
) -> Iterator[Callable[[str, int], None]]:
    """Show progress on standard error while the block runs.

    Args:
        what: what is being done.
        total: number of steps, if it is known.
        quiet: whether to show nothing.

    Yields:
        A function that takes what is being done and the number of steps done.
    """
    with _bars(TimeRemainingColumn(table_column=Column(no_wrap=True)), quiet=quiet) as bars:
        task = bars.add_task(escape(what), total=total)

        def report(doing: str, done: int) -> None:
            bars.update(task, description=escape(doing), completed=done)

        yield report


@contextmanager
def activity(what: str, again: str, *, quiet: bool) -> Iterator[Callable[[str, int], None]]:
    """Show on standard error what is being done while the block runs, for how long is not known.

    Args:
        what: what is being done.
        again: what is done where anything has to be counted.
        quiet: whether to show nothing.

    Yields:
        A function that takes of what steps are counted and the number of steps done.
    """
    with _shown(SpinnerColumn(), TextColumn("{task.description}"), quiet=quiet) as lines:
        task = lines.add_task(escape(what), total=None)

        def report(doing: str, done: int) -> None:
            lines.update(task, description=escape(f"{again}: {doing}, {done:,} done"))

        yield report


@contextmanager
def pace_bar(what: str, total: int, unit: str, *, quiet: bool) -> Iterator[Callable[[int], None]]:
    """Show progress, rate and time left on standard error while the block runs.

    Args:
        what: what is being done.
        total: number of steps.
        unit: what a step is, in the plural.
        quiet: whether to show nothing.

    Yields:
        A function that takes the number of steps done; its first call says what was done before,
        which the rate leaves out.
    """
    with _bars(_Pace(unit), quiet=quiet) as bars:
        task = bars.add_task(escape(what), total=total, start=False, before=None)

        def report(done: int) -> None:
            if bars.tasks[task].fields["before"] is None:
                bars.update(task, completed=done, before=done)
                bars.start_task(task)
            bars.update(task, completed=done)

        yield report


def _bars(last: ProgressColumn, *, quiet: bool) -> Progress:
    """Return progress bars on standard error."""
    # The bar alone gives way, so that all of it stands on one line of a narrow terminal.
    bar = BarColumn(None, table_column=Column(min_width=4, max_width=40))
    count = MofNCompleteColumn(table_column=Column(no_wrap=True))
    return _shown(TextColumn("{task.description}"), bar, count, last, quiet=quiet)


def _shown(*columns: ProgressColumn, quiet: bool) -> Progress:
    """Return lines on standard error, where that is a terminal, that go when the block ends."""
    console = Console(stderr=True)
    hidden = quiet or not console.is_terminal
    return Progress(*columns, console=console, transient=True, disable=hidden)


class _Pace(ProgressColumn):
    """Rate since the start, which does not jump where steps come in bursts, and time left."""

    def __init__(self, unit: str) -> None:
        self._unit = unit
        super().__init__(Column(no_wrap=True))

    def render(self, task: Task) -> Text:
        """Return rate and time left, once there are any."""
        done = task.completed - (task.fields["before"] or 0)
        if not done or not task.elapsed:
            return Text("")
        rate = done / task.elapsed
        left = datetime.timedelta(seconds=round((task.remaining or 0) / rate))
        return Text(f"{rate:,.0f} {self._unit}/s, {left} left")
