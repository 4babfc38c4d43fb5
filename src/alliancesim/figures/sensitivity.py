"""Sensitivity: indices as bars, the screening as a cloud, and each factor alone as a tornado.

The analysis itself is not known here, only its tables, so that a figure can be drawn from a folder.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Patch

from alliancesim.arrays import Array
from alliancesim.figures.axes import legend_below, level_text, wrapped
from alliancesim.figures.distribution import zones
from alliancesim.figures.style import (
    ACCENT,
    FAINT,
    INK,
    MUTED,
    NEITHER,
    WIDE,
    Size,
    apart,
    new_figure,
    styled,
)
from alliancesim.language import message, text

MOST_NAMED = 14
"""Factors named in the cloud; a phone names fewer."""

MOST_BARS = 24
"""Factors with bars of indices, and of the tornado half as many; the tables have every one."""

_PALE = "#b9d3e6"
_NAMED_NARROW = 6
_LETTERS = 42
_LETTERS_NARROW = 20
_SWITCHED = {"True": message("True"), "False": message("False")}


def indices_chart(table: pd.DataFrame, labels: Mapping[str, str], size: Size = WIDE) -> Figure:
    """Draw first-order and total indices of factors.

    Args:
        table: as from :func:`alliancesim.sensitivity.indices.indices`.
        labels: what each factor is, by its name.
        size: how large to draw.

    Returns:
        Two bars per factor, the share of the outcome's variance that it accounts for by itself and
        with all that it takes part in, 0 to 1, each with its 95 % interval.
    """
    rows = table.head(MOST_BARS)
    place = np.arange(len(rows), dtype=float)
    with styled(size):
        figure = new_figure(size, (0.40 if size.narrow else 0.34) * len(rows) + 1.1)
        axes = figure.subplots()
        _bars(axes, rows, "total", place - 0.18, _PALE)
        _bars(axes, rows, "first", place + 0.18, ACCENT)
        axes.axvline(0.0, color=INK, linewidth=0.8)
        _name_rows(axes, [labels[name] for name in rows["factor"]], size)
        axes.set_xlabel(
            wrapped(text("share of the variance between points"), 34 if size.narrow else 60)
        )
        axes.locator_params(axis="x", nbins=5 if size.narrow else 8)
        entries = {
            text("total: with all it takes part in"): Patch(facecolor=_PALE),
            text("first order: by itself"): Patch(facecolor=ACCENT),
            text("95 % interval"): Line2D([], [], color=INK, linewidth=1.1),
        }
        legend_below(figure, entries, 1 if size.narrow else 3, columnspacing=1.2)
    return figure


def _bars(axes: Axes, rows: pd.DataFrame, name: str, places: Array, color: str) -> None:
    """Draw one index of each factor, with its interval."""
    axes.barh(places, rows[name], 0.34, color=color, linewidth=0)
    axes.hlines(places, rows[f"{name}_low"], rows[f"{name}_high"], color=INK, linewidth=1.1)


def _name_rows(axes: Axes, names: list[str], size: Size) -> None:
    """Name the rows of a chart of bars, the first on top."""
    width = _LETTERS_NARROW if size.narrow else _LETTERS
    labels = [wrapped(name, width) for name in names]
    axes.set_yticks(range(len(names)), labels, multialignment="right")
    axes.set_ylim(len(names) - 0.4, -0.6)
    axes.tick_params(axis="y", length=0)
    axes.spines["left"].set_visible(False)
    axes.grid(axis="x", color=FAINT, linewidth=0.6)
    axes.set_axisbelow(True)


def screening_chart(
    table: pd.DataFrame,
    labels: Mapping[str, str],
    singled: Collection[str],
    what: str,
    size: Size = WIDE,
) -> Figure:
    """Draw how far each factor moves the outcome, and how unevenly.

    Args:
        table: as from :func:`alliancesim.sensitivity.screening.screened`.
        labels: what each factor is, by its name.
        singled: factors with an index of their own.
        what: the outcome, in words.
        size: how large to draw.

    Returns:
        One point per factor: mu* with its 95 % interval along x, sigma along y, both per whole
        range, in the unit of the outcome; the strongest are named in the margin.
    """
    with styled(size):
        figure = new_figure(size, 4.4 if size.narrow else 4.6)
        axes = figure.subplots()
        own = table["factor"].isin(list(singled)).to_numpy()
        axes.hlines(
            table["sigma"], table["mu_star_low"], table["mu_star_high"], color=FAINT, linewidth=1.0
        )
        looks = ((~own, NEITHER, "white"), (own, ACCENT, ACCENT))
        for chosen, edge, face in looks:
            rows = table[chosen]
            axes.plot(
                rows["mu_star"], rows["sigma"], "o", ms=4.6, mec=edge, mfc=face, linestyle="none"
            )
        reach = float(table["mu_star_high"].max()) or 1.0
        top = 1.08 * max(float(table["sigma"].max()), 1e-9)
        axes.set_xlim(0.0, reach * 1.02)
        axes.set_ylim(-0.02 * top, top)
        _name_points(axes, table.head(_NAMED_NARROW if size.narrow else MOST_NAMED), labels, size)
        change = text("mu*: mean change of the {what}, whichever way").format(what=what)
        axes.set_xlabel(wrapped(change, 30 if size.narrow else 80))
        axes.set_ylabel(text("sigma: how uneven that change is"))
        axes.locator_params(nbins=4 if size.narrow else 6)
        entries = {
            text("index of its own"): Line2D([], [], linestyle="none", marker="o", color=ACCENT),
            text("none of its own"): Line2D(
                [], [], linestyle="none", marker="o", mec=NEITHER, mfc="white"
            ),
        }
        legend_below(figure, entries, 2, columnspacing=1.2)
    return figure


def _name_points(axes: Axes, rows: pd.DataFrame, labels: Mapping[str, str], size: Size) -> None:
    """Name points in the right margin, each joined to its name, no name above another."""
    low, high = axes.get_ylim()
    gap = (high - low) * (0.13 if size.narrow else 0.062)
    heights = apart(rows["sigma"].tolist(), gap, low + gap / 2, high - gap / 2)
    right = axes.get_xlim()[1]
    width = 15 if size.narrow else 34
    for row, height in zip(rows.to_dict("records"), heights, strict=True):
        axes.annotate(
            wrapped(labels[row["factor"]], width),
            (row["mu_star"], row["sigma"]),
            xytext=(1.03 * right, height),
            textcoords="data",
            va="center",
            fontsize=size.font - (2.0 if size.narrow else 1.5),
            linespacing=0.95,
            annotation_clip=False,
            # To the middle of the name's left edge, or steep lines would run through other names.
            arrowprops={
                "arrowstyle": "-",
                "color": MUTED,
                "linewidth": 0.5,
                "shrinkB": 3,
                "relpos": (0.0, 0.5),
            },
        )


def alone_chart(
    table: pd.DataFrame,
    labels: Mapping[str, str],
    given: float,
    margin: float | None,
    what: str,
    size: Size = WIDE,
) -> Figure:
    """Draw the outcome at both ends of each factor alone, the widest span on top.

    Args:
        table: as from :func:`alliancesim.sensitivity.alone.alone`.
        labels: what each factor is, by its name.
        given: the outcome as given.
        margin: effects within plus or minus this count as nothing; None where there is no verdict.
        what: the outcome, in words.
        size: how large to draw.

    Returns:
        One row per factor: a line from the lowest to the highest mean outcome, with the value of
        the factor beside each end and the 95 % interval of the mean; a dashed line as given.
    """
    names = widest(table)
    with styled(size):
        figure = new_figure(size, (0.44 if size.narrow else 0.34) * len(names) + 1.2)
        axes = figure.subplots()
        shown = table[table["factor"].isin(names)]
        low = min(float(shown["mean_low"].min()), given)
        high = max(float(shown["mean_high"].max()), given)
        if margin is not None:
            edge = 1.1 * (margin if given > 0.0 else -margin)
            low, high = min(low, edge), max(high, edge)
        room = (0.3 if size.narrow else 0.14) * max(high - low, 1e-9)
        axes.set_xlim(low - room, high + room)
        _name_rows(axes, [labels[name] for name in names], size)
        if margin is not None:
            _name_zones(axes, margin, len(names))
        axes.axvline(given, color=INK, linewidth=1.1, linestyle="--", zorder=4)
        for place, name in enumerate(names):
            _span(axes, place, table[table["factor"] == name], size)
        axes.set_xlabel(wrapped(text("mean {what}").format(what=what), 34 if size.narrow else 70))
        axes.locator_params(axis="x", nbins=4 if size.narrow else 8)
    return figure


def _name_zones(axes: Axes, margin: float, rows: int) -> None:
    """Shade the zones of verdicts and name those that are in sight, above the first row."""
    axes.set_ylim(rows - 0.4, -1.3)
    zones(axes, margin, labels=False)
    low, high = axes.get_xlim()
    for name, start, end in (
        ("split", low, -margin),
        ("null", -margin, margin),
        ("backfire", margin, high),
    ):
        begin, stop = max(start, low), min(end, high)
        if begin < stop:
            axes.text((begin + stop) / 2, -0.95, text(name), ha="center", va="center", color=INK)


def widest(table: pd.DataFrame) -> list[str]:
    """Return the factors whose ends move the outcome the farthest, the farthest first."""
    reach = table["change"].abs().groupby(table["factor"], sort=False).max()
    return list(reach.sort_values(ascending=False, kind="stable").index[: MOST_BARS // 2])


def _span(axes: Axes, place: int, rows: pd.DataFrame, size: Size) -> None:
    """Draw what one factor does: from its lowest to its highest mean outcome."""
    order = rows.sort_values("mean", kind="stable")
    ends = [order.iloc[0], order.iloc[-1]]
    axes.plot([end["mean"] for end in ends], [place] * 2, color=ACCENT, linewidth=5, alpha=0.45)
    for end, side in zip(ends, ("right", "left"), strict=True):
        axes.plot([end["mean_low"], end["mean_high"]], [place] * 2, color=INK, linewidth=1.4)
        axes.plot(end["mean"], place, "|", color=INK, ms=7)
        axes.annotate(
            _value_text(end["value"]),
            (end["mean_low" if side == "right" else "mean_high"], place),
            xytext=(-4 if side == "right" else 4, 0),
            textcoords="offset points",
            ha=side,
            va="center_baseline",
            fontsize=size.font - 1.5,
            color=INK,
        )


def _value_text(value: Any) -> str:
    """Return a factor's value, read from a table, as text."""
    try:
        return level_text(float(value))
    except ValueError:
        return text(_SWITCHED[value]) if value in _SWITCHED else level_text(value)
