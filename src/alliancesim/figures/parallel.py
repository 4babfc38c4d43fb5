"""Parallel coordinates: every point of an experiment as a line through its values and outcomes.

Nothing is concluded from the lines: which factor matters is for effects.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.collections import LineCollection
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from alliancesim.arrays import Array
from alliancesim.figures.axes import wrapped
from alliancesim.figures.style import (
    BINDS,
    DIVIDES,
    INK,
    MUTED,
    NEITHER,
    WIDE,
    Size,
    new_figure,
    styled,
)
from alliancesim.figures.words import grouped
from alliancesim.language import plural, text
from alliancesim.measures.verdict import WORDS

MOST_LINES = 240
"""Lines drawn, at most; of more points a sample, evenly spread over their order."""

LOOKS = {"split": (DIVIDES, "v"), "null": (NEITHER, "s"), "backfire": (BINDS, "^")}
"""Colour and marker of each verdict."""


class Upright(NamedTuple):
    """One of the parallel axes.

    Attributes:
        column: its column in the table of points.
        label: what it is.
        low: text at its lower end.
        high: text at its upper end.
    """

    column: str
    label: str
    low: str
    high: str


def sample(table: pd.DataFrame, most: int = MOST_LINES) -> pd.DataFrame:
    """Return at most so many points, each verdict in its share but none left out.

    Args:
        table: one row per point, with columns ``point`` and ``verdict``.
        most: largest number of rows, more or less.

    Returns:
        Rows evenly spread over the order in which points are run, which is balanced.
    """
    if len(table) <= most:
        return table
    kept = []
    for _, rows in table.groupby("verdict", sort=False):
        count = max(min(len(rows), 8), round(most * len(rows) / len(table)))
        kept.append(rows.iloc[np.linspace(0, len(rows) - 1, count).round().astype(int)])
    return pd.concat(kept).sort_values("point")


def parallel_chart(
    table: pd.DataFrame, uprights: Sequence[Upright], drawn: int, size: Size = WIDE
) -> Figure:
    """Draw points as lines through upright axes, coloured by their verdict.

    Args:
        table: one row per point: ``point``, ``verdict``, and a column per upright with where its
            value stands between the lower (0) and the upper end (1).
        uprights: the axes, in order.
        drawn: how many points to draw as lines, more or less.
        size: how large to draw.

    Returns:
        Thin lines for points, a thick one with markers through the medians of each verdict.
    """
    columns = [upright.column for upright in uprights]
    with styled(size):
        return (
            _narrow(table, uprights, columns, drawn, size)
            if size.narrow
            else _wide(table, uprights, columns, drawn, size)
        )


def _wide(
    table: pd.DataFrame, uprights: Sequence[Upright], columns: list[str], drawn: int, size: Size
) -> Figure:
    """Draw with upright axes side by side."""
    figure = new_figure(size, 3.9)
    axes = figure.add_subplot()
    _lines(axes, table, columns, drawn, flat=False)
    width = max(9, 92 // len(uprights))
    for place, upright in enumerate(uprights):
        axes.plot([place, place], [0, 1], color=MUTED, linewidth=0.8, zorder=5)
        axes.text(place, 1.03, upright.high, ha="center", va="bottom", fontsize=size.font - 0.5)
        axes.text(place, -0.03, upright.low, ha="center", va="top", fontsize=size.font - 0.5)
        name = wrapped(upright.label, width, 4)
        axes.text(place, -0.11, name, ha="center", va="top", fontsize=size.font - 0.5)
    axes.set_xlim(-0.35, len(uprights) - 0.65)
    axes.set_ylim(-0.36, 1.1)
    axes.set_axis_off()
    _legend(figure, table)
    return figure


def _narrow(
    table: pd.DataFrame, uprights: Sequence[Upright], columns: list[str], drawn: int, size: Size
) -> Figure:
    """Draw the axes level, one above the other, where there is no width for names beside."""
    figure = new_figure(size, 0.72 * len(uprights) + 0.7)
    axes = figure.add_subplot()
    _lines(axes, table, columns, drawn, flat=True)
    look = {"fontsize": size.font - 0.5, "zorder": 9}
    backing = {"facecolor": "white", "edgecolor": "none", "alpha": 0.85, "pad": 0.8}
    for place, upright in enumerate(uprights):
        axes.plot([0, 1], [place, place], color=MUTED, linewidth=0.8, zorder=5)
        name = wrapped(upright.label, 46, 1)
        axes.text(0.5, place - 0.13, name, ha="center", va="bottom", bbox=backing, **look)  # type: ignore[arg-type]
        for x, side, end in ((-0.02, "right", upright.low), (1.02, "left", upright.high)):
            axes.text(x, place, end, ha=side, va="center", **look)  # type: ignore[arg-type]
    axes.set_xlim(-0.2, 1.2)
    axes.set_ylim(len(uprights) - 0.8, -0.45)
    axes.set_axis_off()
    _legend(figure, table)
    return figure


def _lines(axes: Axes, table: pd.DataFrame, columns: list[str], drawn: int, *, flat: bool) -> None:
    """Draw points and the medians of each verdict."""
    along = np.arange(len(columns), dtype=np.float64)
    few = sample(table, drawn)
    for word in WORDS:
        color, marker = LOOKS[word]
        rows = few.loc[few["verdict"] == word, columns].to_numpy(np.float64)
        everyone = table.loc[table["verdict"] == word, columns].to_numpy(np.float64)
        if not len(everyone):
            continue
        segments = [_turned(along, values, flat=flat) for values in rows]
        axes.add_collection(
            LineCollection(segments, colors=color, linewidths=0.6, alpha=0.4, zorder=3)
        )
        middle = _turned(along, np.median(everyone, axis=0), flat=flat)
        axes.plot(*middle.T, color="white", linewidth=4.2, zorder=6)
        axes.plot(*middle.T, color=color, linewidth=2.2, zorder=7)
        axes.plot(*middle.T, marker, color=color, ms=7, mec="white", mew=0.8, zorder=8)


def _turned(along: Array, values: Array, *, flat: bool) -> Array:
    """Return the corners of one line."""
    return np.column_stack([values, along] if flat else [along, values])


def _legend(figure: Figure, table: pd.DataFrame) -> None:
    """Name the verdicts and how many points have each."""
    counts = table["verdict"].value_counts()
    words = [word for word in WORDS if counts.get(word, 0)]
    handles = [
        Line2D([], [], color=LOOKS[word][0], marker=LOOKS[word][1], ms=6, mec="white", linewidth=2)
        for word in words
    ]
    labels = [
        plural("{verdict}: {count} point", "{verdict}: {count} points", int(counts[word])).format(
            verdict=text(word), count=grouped(int(counts[word]))
        )
        for word in words
    ]
    legend = figure.legend(
        handles, labels, loc="outside lower center", ncols=len(words), frameon=False
    )
    for entry in legend.get_texts():
        entry.set_color(INK)
