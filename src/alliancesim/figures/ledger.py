"""Mechanisms over time: the terms that moved cohesion, month upon month, as stacked areas.

Only cohesion is drawn: of the ledger's other quantities a page has tables.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Patch

from alliancesim.arrays import Array
from alliancesim.attribution.ledger_tables import (
    CHANGE,
    EFFECT,
    PAST,
    SMALLER,
    START,
    TITLES,
    WORLD,
)
from alliancesim.attribution.ledger_terms import REST
from alliancesim.figures.calendar import ticks
from alliancesim.figures.style import (
    FAINT,
    INK,
    NEITHER,
    PARTNERS,
    WIDE,
    Size,
    new_figure,
    styled,
)
from alliancesim.language import message, text
from alliancesim.scenario.quantities import month_count

MOST_AREAS = 8
"""Terms with an area of their own; the others are added up."""

PANELS = {WORLD: message("the world"), EFFECT: message("world − twin: the wedge's doing")}
"""Series that are drawn, with what stands above them."""

_HATCHES = ("", "////", "", "....", "", "\\\\\\\\", "", "xxxx")
_FALLEN = 1e-9
"""Areas that never get thicker than this are not drawn."""

_MOST_DOTS = 40
"""Months up to which each has a dot on the line."""

_LEAST = 1e-3
"""Change of cohesion below which a panel's terms are not weighed as if they were large."""


def areas(table: pd.DataFrame) -> pd.DataFrame:
    """Return the terms of cohesion, of all months so far, that have an area of their own.

    Args:
        table: rows of one dyad's cohesion, as from
            :func:`alliancesim.attribution.ledger_tables.ledger_table`.

    Returns:
        Columns ``series``, ``month``, one per term, the largest first, with what is left added up
        under ``smaller``, and ``change``, ``change_low`` and ``change_high``, to which terms add
        up; the first month of each series is the one before the span, all zero.
    """
    rows = table[table["series"].isin(PANELS)]
    since = rows.loc[rows["term"] == START, ["series", "month"]]
    moved = rows[rows["term"] != START]
    wide = moved.pivot(index=["series", "month"], columns="term", values="cumulated")
    wide = wide.rename(columns={REST: PAST})
    change = moved[moved["term"] == CHANGE].set_index(["series", "month"])
    wide["change_low"], wide["change_high"] = change["cumulated_low"], change["cumulated_high"]
    begins = pd.MultiIndex.from_frame(since)
    wide = pd.concat([wide, pd.DataFrame(0.0, begins, wide.columns)]).sort_index()
    whole = [CHANGE, "change_low", "change_high"]
    terms = wide.drop(columns=whole)
    largest = terms.abs().groupby(level="series").max()
    # Each series has a scale of its own, and its largest terms count alike, if it moves at all.
    size = largest.div(largest.max(axis=1).clip(lower=_LEAST), axis=0).max()
    order = size[size > _FALLEN].sort_values(ascending=False, kind="stable").index
    kept = [name for name in order if name != PAST][: MOST_AREAS - 1]
    kept += [PAST] if PAST in order else []
    parts = [terms[kept], wide[whole]]
    if len(order) > len(kept):
        parts.insert(1, terms.drop(columns=kept).sum(axis=1).to_frame(SMALLER))
    return pd.concat(parts, axis=1).reset_index()


def ledger_chart(table: pd.DataFrame, size: Size = WIDE) -> Figure:
    """Draw what each term has made of cohesion so far, and their sum, month by month.

    Args:
        table: as from :func:`areas`.
        size: how large to draw.

    Returns:
        A panel for the world and, where a wedge acts, one for world minus twin. Terms that have
        raised cohesion so far are stacked upward from zero, those that have lowered it downward;
        the line is their sum, the change of cohesion since the month before the span, between thin
        lines that hold 90 % of it. Cohesion is dimensionless, 0 to 1.
    """
    terms = [str(name) for name in table.columns[2:-3]]
    panels = [name for name in PANELS if (table["series"] == name).any()]
    looks = {name: _look(place, name) for place, name in enumerate(terms)}
    columns = 1 if size.narrow or len(panels) == 1 else 2
    lines = -(-len(panels) // columns)
    entries = _entries(terms, looks)
    wide = 1 if size.narrow else 3
    legend = (0.2 if size.narrow else 0.22) * -(-len(entries) // wide) + 0.15
    with styled(size):
        figure = new_figure(size, (2.3 if size.narrow else 2.9) * lines + legend + 0.2)
        grid = figure.subplots(lines, columns, squeeze=False)
        for axes, series in zip(grid.ravel(), panels, strict=True):
            rows = table[table["series"] == series].sort_values("month")
            _panel(axes, rows, terms, looks)
            _dates(axes, rows["month"].tolist(), size, columns)
            axes.set_title(text(PANELS[series]))
        for axes in grid[:, 0]:
            axes.set_ylabel(text("change of cohesion so far"))
        figure.legend(
            handles=list(entries.values()),
            labels=list(entries),
            loc="outside lower left",
            ncols=wide,
            frameon=False,
            handlelength=1.6,
            columnspacing=1.4,
        )
    return figure


def _look(place: int, name: str) -> dict[str, Any]:
    """Return colour and hatch of a term's area."""
    if name in (PAST, SMALLER):
        return {"facecolor": NEITHER if name == PAST else FAINT, "hatch": None}
    return {"facecolor": PARTNERS[place], "hatch": _HATCHES[place] or None}


def _entries(terms: list[str], looks: dict[str, dict[str, Any]]) -> dict[str, Any]:
    """Return what explains areas and line, by its name."""
    style: dict[str, Any] = {"edgecolor": "white", "linewidth": 0}
    found: dict[str, Any] = {text(TITLES[name]): Patch(**looks[name], **style) for name in terms}
    found[text("whole change, 90 %")] = Line2D([], [], color=INK, linewidth=1.8)
    return found


def _panel(
    axes: Axes, rows: pd.DataFrame, terms: list[str], looks: dict[str, dict[str, Any]]
) -> None:
    """Draw one series."""
    x, values = with_crossings(rows[terms].to_numpy())
    for side in (np.maximum(values, 0.0), np.minimum(values, 0.0)):
        tops = np.cumsum(side, axis=1)
        for place, name in enumerate(terms):
            if np.abs(side[:, place]).max() > _FALLEN:
                axes.fill_between(
                    x,
                    tops[:, place] - side[:, place],
                    tops[:, place],
                    edgecolor="white",
                    linewidth=0.3,
                    zorder=2,
                    **looks[name],
                )
    months = np.arange(len(rows))
    for end in ("change_low", "change_high"):
        axes.plot(months, rows[end], color=INK, linewidth=0.7, linestyle=(0, (3, 2)), zorder=4)
    axes.plot(months, rows[CHANGE], color="white", linewidth=3.6, zorder=4)
    dots = "o" if len(rows) <= _MOST_DOTS else None
    axes.plot(months, rows[CHANGE], color=INK, linewidth=1.8, marker=dots, ms=3, zorder=5)
    axes.axhline(0, color=INK, linewidth=0.8, zorder=3)
    axes.grid(axis="y", color=FAINT, linewidth=0.6)
    axes.set_axisbelow(True)
    axes.locator_params(axis="y", nbins=7)


def with_crossings(values: Array) -> tuple[Array, Array]:
    """Return values with the points added at which one of them crosses zero.

    Between two months every term runs straight; cut at its crossing, what is stacked above zero
    and what below add up to the whole everywhere.

    Args:
        values: shape (months, terms).

    Returns:
        Places among the months, shape (points,), and values there, (points, terms).
    """
    months = np.arange(float(len(values)))
    before, after = values[:-1], values[1:]
    month, term = np.nonzero(before * after < 0.0)
    left, right = before[month, term], after[month, term]
    points = np.unique(np.concatenate([months, month + left / (left - right)]))
    found = np.empty((points.size, values.shape[1]))
    for place, column in enumerate(values.T):
        found[:, place] = np.interp(points, months, column)
    return points, found


def _dates(axes: Axes, months: list[str], size: Size, columns: int) -> None:
    """Mark calendar months."""
    most = 6 if size.narrow or columns == 2 else 10
    marks = ticks(month_count(months[0]), len(months) - 1, most)
    axes.set_xticks([place for place, _ in marks], [label for _, label in marks])
    axes.set_xlim(0, max(len(months) - 1, 1))
