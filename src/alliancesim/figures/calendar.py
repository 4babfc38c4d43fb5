"""Calendar months on a figure's horizontal axis; terminals want them too, without matplotlib.

What happened in these months is not known here, but in marks.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from alliancesim.language import message, text
from alliancesim.results.result import Result
from alliancesim.scenario.quantities import month_count

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from alliancesim.figures.style import Size

_STEPS = (1, 2, 3, 6, 12, 24, 60, 120, 240, 600)
_NAMES = (
    message("Jan"),
    message("Feb"),
    message("Mar"),
    message("Apr"),
    message("May"),
    message("Jun"),
    message("Jul"),
    message("Aug"),
    message("Sep"),
    message("Oct"),
    message("Nov"),
    message("Dec"),
)


def span(result: Result) -> tuple[int, int]:
    """Return the count of the baseline's month, as of ``month_count``, and the last run month."""
    first = month_count(result.manifest["scenario"]["time"]["start"])
    return first - 1, int(result.manifest["options"]["months"])


def ticks(baseline: int, months: int, most: int) -> list[tuple[int, str]]:
    """Return where to mark a run's months, and how.

    Args:
        baseline: count of the baseline's month, as of ``month_count``.
        months: last month of the run; the baseline is month 0.
        most: largest number of marks.

    Returns:
        Month of the run and label; January carries the year below it, as does the first mark.
    """
    step = next((s for s in _STEPS if months // s + 1 <= most), _STEPS[-1])
    found: list[tuple[int, str]] = []
    for month in range(months + 1):
        count = baseline + month
        if count % step:
            continue
        year, name = f"{count // 12:04d}", text(_NAMES[count % 12])
        if step >= 12:
            found.append((month, year))
        else:
            new = not found or count % 12 == 0
            found.append((month, f"{name}\n{year}" if new else name))
    return found


def date_axis(axes: Axes, result: Result, size: Size, *, most: int | None = None) -> None:
    """Mark calendar months on the horizontal axis."""
    baseline, months = span(result)
    marks = ticks(baseline, months, most or (6 if size.narrow else 10))
    axes.set_xticks([month for month, _ in marks], [label for _, label in marks])
    axes.set_xlim(0, months)
