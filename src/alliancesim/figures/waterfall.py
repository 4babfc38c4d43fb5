"""What caused a change: one step per cause, from nothing to the whole.

Months between start and end are not drawn here, but in ledger.
"""

from __future__ import annotations

import math
from typing import Any

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from alliancesim.attribution.tables import CAUSE, CHANGE, PAST
from alliancesim.figures.axes import wrapped
from alliancesim.figures.style import (
    BINDS,
    DIVIDES,
    FAINT,
    INK,
    MUTED,
    WIDE,
    Size,
    new_figure,
    styled,
)
from alliancesim.figures.words import signed

_THICK = 0.62
_WIDE_WIDTH, _NARROW_WIDTH = 40, 18
_JOINT: dict[str, Any] = {
    "color": MUTED,
    "linewidth": 0.6,
    "linestyle": (0, (2, 2)),
    "zorder": 1,
}


def waterfall_chart(table: pd.DataFrame, what: str, size: Size = WIDE) -> Figure:
    """Draw a change step by step, one per cause.

    Args:
        table: as from :func:`alliancesim.attribution.tables.shares_table`.
        what: what changes, for the axis.
        size: how large to draw.

    Returns:
        One bar per step, in the table's order: to the right a rise, to the left (hatched) a fall,
        each beginning where the one before ends; a thin line at its end spans the middle 90 % of
        the share. A diamond marks the whole change.
    """
    rows = table[table["kind"].isin((PAST, CAUSE, CHANGE))].to_dict("records")
    with styled(size):
        figure = new_figure(size, (0.32 if size.narrow else 0.27) * len(rows) + 0.75)
        axes = figure.subplots()
        level = 0.0
        for place, row in enumerate(rows):
            if row["kind"] == CHANGE:
                _mark(axes, place, row, size)
                continue
            _step(axes, place, level, row, size)
            level += float(row["estimate"])
            axes.plot([level, level], [place, place + 1], **_JOINT)
        _frame(axes, rows, what, size)
    return figure


def _step(axes: Axes, place: int, level: float, row: dict[Any, Any], size: Size) -> None:
    """Draw the share of one cause."""
    share, low, high = (float(row[key]) for key in ("estimate", "low", "high"))
    axes.barh(
        place,
        share,
        _THICK,
        left=level,
        facecolor=BINDS if share >= 0 else DIVIDES,
        edgecolor="white",
        hatch="////" if share < 0 else None,
        linewidth=0,
        zorder=2,
    )
    _span(axes, place, level + low, level + high)
    end = max(level, level + share, level + high)
    _write(axes, place, end, signed(share, 3), size)


def _mark(axes: Axes, place: int, row: dict[Any, Any], size: Size) -> None:
    """Draw the whole change."""
    value, low, high = (float(row[key]) for key in ("estimate", "low", "high"))
    _span(axes, place, low, high)
    axes.plot([value], [place], marker="D", markersize=5, color=INK, zorder=4)
    _write(axes, place, max(value, high), signed(value, 3), size, bold=True)


def _span(axes: Axes, place: int, low: float, high: float) -> None:
    """Draw an interval."""
    if math.isfinite(low) and math.isfinite(high):
        axes.plot([low, high], [place, place], color=INK, linewidth=1.0, zorder=3)


def _write(
    axes: Axes, place: int, end: float, said: str, size: Size, *, bold: bool = False
) -> None:
    """Write a number to the right of what is drawn."""
    axes.annotate(
        said,
        (end, place),
        xytext=(4, 0),
        textcoords="offset points",
        va="center_baseline",
        fontsize=size.font - 1.5,
        fontweight="bold" if bold else "normal",
        # Keeps the number legible where the line of zero runs behind it.
        bbox={"facecolor": "white", "edgecolor": "none", "pad": 0.4},
    )


def _frame(axes: Axes, rows: list[dict[Any, Any]], what: str, size: Size) -> None:
    """Name the steps and leave room for the numbers."""
    width = _NARROW_WIDTH if size.narrow else _WIDE_WIDTH
    axes.set_yticks(range(len(rows)), [wrapped(str(row["title"]), width) for row in rows])
    for label, row in zip(axes.get_yticklabels(), rows, strict=True):
        label.set_multialignment("right")
        if row["kind"] == CHANGE:
            label.set_fontweight("bold")
    axes.set_ylim(len(rows) - 0.4, -0.6)
    axes.tick_params(axis="y", length=0)
    axes.spines["left"].set_visible(False)
    axes.axvline(0, color=INK, linewidth=0.8, zorder=1)
    axes.grid(axis="x", color=FAINT, linewidth=0.6)
    axes.set_axisbelow(True)
    left, right = axes.get_xlim()
    axes.set_xlim(left, right + 0.12 * (right - left))
    axes.locator_params(axis="x", nbins=6)
    axes.set_xlabel(wrapped(what, 32 if size.narrow else 70))
