"""Tipping points: odds over one number, the frontier over two, and all numbers ranked.

No threshold is sought here, and none rounded to where it looks well.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Patch
from matplotlib.ticker import MaxNLocator

from alliancesim.arrays import Array
from alliancesim.figures.axes import legend_below, level_text, wrapped
from alliancesim.figures.phase import DIVERGING
from alliancesim.figures.style import (
    ACCENT,
    BACKFIRE_ZONE,
    BINDS,
    DIVIDES,
    FAINT,
    INK,
    MUTED,
    NEITHER,
    NULL_ZONE,
    SPLIT_ZONE,
    WIDE,
    Size,
    new_figure,
    styled,
)
from alliancesim.figures.words import input_label
from alliancesim.language import message, text
from alliancesim.measures.verdict import WORDS
from alliancesim.tipping.frontier import Frontier
from alliancesim.tipping.thresholds import Thresholds, curve_table, draws_table, over_draws

MOST_BARS = 20
"""Numbers shown in the chart of all; the table has every one."""

_STEPS = 24
_UNITS = {"per month": message("per month")}

_ZONES: dict[str, str] = dict(zip(WORDS, (SPLIT_ZONE, NULL_ZONE, BACKFIRE_ZONE), strict=True))
_COLORS: dict[str, str] = dict(zip(WORDS, (DIVIDES, NEITHER, BINDS), strict=True))
_HATCHES: dict[str, str | None] = dict(zip(WORDS, ("////", None, None), strict=True))


def titled(key: str, unit: str) -> str:
    """Return a number's key in fewer words, with its unit."""
    return f"{input_label(key)} ({text(_UNITS.get(unit, unit))})" if unit else input_label(key)


def threshold_chart(found: Thresholds, size: Size = WIDE) -> Figure:
    """Draw the odds and the effect over the range of one number.

    Args:
        found: the number varied.
        size: how large to draw.

    Returns:
        Two panels over the same axis, in the number's unit: shares of runs by verdict, stacked,
        0 to 1; and the mean effect (dimensionless) with the middle 90 % of runs and the margin.
        Vertical lines mark thresholds, with their 95 % intervals shaded; a triangle marks the
        present value; under a posterior a bar spans the middle 90 % of the draws' own thresholds.
    """
    table = curve_table(found)
    with styled(size):
        figure = new_figure(size, 5.4 if size.narrow else 4.9)
        shares, effect = figure.subplots(2, 1, sharex=True, height_ratios=(1.0, 1.25))
        _stacked(shares, table)
        _effects(effect, table, found.margin)
        for axes in (shares, effect):
            _mark_turns(axes, found)
            axes.plot(
                [found.present],
                [0.0],
                "^",
                transform=axes.get_xaxis_transform(),
                color=INK,
                ms=7,
                clip_on=False,
                zorder=6,
            )
        _mark_draws(effect, found)
        shares.set_xlim(found.span.low, found.span.high)
        number = found.span.number
        effect.set_xlabel(wrapped(titled(number.key, number.unit), 44 if size.narrow else 80))
        _explain(figure, found, size)
    return figure


def _stacked(axes: Axes, table: pd.DataFrame) -> None:
    """Fill the shares of runs by verdict."""
    floor = np.zeros(len(table))
    for word in WORDS:
        if not table[word].any():
            continue
        ceiling = floor + table[word].to_numpy(dtype=np.float64)
        axes.fill_between(
            table["value"],
            floor,
            ceiling,
            facecolor=_ZONES[word],
            edgecolor=_COLORS[word],
            hatch=_HATCHES[word],
            linewidth=0.6,
        )
        floor = ceiling
    axes.axhline(0.5, color=MUTED, linewidth=0.7, linestyle=(0, (2, 2)))
    axes.set_ylim(0.0, 1.0)
    axes.set_ylabel(text("share of runs"))


def _effects(axes: Axes, table: pd.DataFrame, margin: float) -> None:
    """Draw the mean effect with the spread of runs and the margin."""
    for edge in (-margin, margin):
        axes.axhline(edge, color=MUTED, linewidth=0.8, linestyle=(0, (1, 1.6)))
    axes.axhline(0.0, color=FAINT, linewidth=0.8)
    axes.fill_between(
        table["value"], table["q05"], table["q95"], color=ACCENT, alpha=0.16, linewidth=0
    )
    axes.plot(table["value"], table["effect"], color=ACCENT, linewidth=1.6)
    axes.set_ylabel(text("effect on cohesion"))


def _mark_turns(axes: Axes, found: Thresholds) -> None:
    """Mark where the odds turn, with the interval."""
    for turn in found.turns:
        low = max(turn.odds.low, found.span.low)
        high = min(turn.odds.high, found.span.high)
        axes.axvspan(low, high, color=INK, alpha=0.13, linewidth=0, zorder=1)
        axes.axvline(turn.odds.estimate, color=INK, linewidth=1.2, zorder=4)


def _mark_draws(axes: Axes, found: Thresholds) -> None:
    """Draw the spread of the draws' own thresholds as a bar near the top of the panel."""
    table = draws_table(found)
    for number, edge in enumerate(dict.fromkeys(table["edge"])):
        over = over_draws(table, edge)
        if not math.isfinite(over.middle):
            continue
        height = 0.93 - 0.09 * number
        across = axes.get_xaxis_transform()
        look: dict[str, Any] = {"color": _COLORS[edge], "transform": across, "zorder": 5}
        axes.plot([over.low, over.high], [height] * 2, linewidth=3.2, solid_capstyle="butt", **look)
        axes.plot([over.middle], [height], "o", ms=6, markeredgecolor="white", **look)


def _explain(figure: Figure, found: Thresholds, size: Size) -> None:
    """Explain colours and marks that are there."""
    table = curve_table(found)
    entries: dict[str, Any] = {
        text(word): Patch(facecolor=_ZONES[word], edgecolor=_COLORS[word], hatch=_HATCHES[word])
        for word in WORDS
        if table[word].any()
    }
    entries[text("present value")] = Line2D([], [], linestyle="none", marker="^", ms=7, color=INK)
    if found.turns:
        entries[text("threshold, 95 % interval")] = Patch(facecolor="#dcdddf", edgecolor=INK)
    if found.draws is not None:
        entries[text("thresholds of draws, middle 90 %")] = Line2D(
            [], [], color=MUTED, linewidth=3.2, marker="o", markeredgecolor="white"
        )
    legend_below(figure, entries, 2 if size.narrow else 3, columnspacing=1.2)


def frontier_chart(found: Frontier, size: Size = WIDE) -> Figure:
    """Draw the mean effect in the plane of two numbers, and the curve on which the odds turn.

    Args:
        found: the plane.
        size: how large to draw.

    Returns:
        One panel: colours for the mean effect; dots where the odds turn, with their 95 % intervals
        along the axis on which each was sought; a cross where the scenario itself stands.
    """
    wide = found.cells.pivot(index="y", columns="x", values="effect")
    values = wide.to_numpy(dtype=np.float64)
    with styled(size):
        figure = new_figure(size, 4.6 if size.narrow else 5.0)
        axes = figure.subplots()
        reach = max(float(np.abs(values).max()), found.margin, 1e-6)
        steps = MaxNLocator(_STEPS, symmetric=True).tick_values(-reach, reach)
        x, y = wide.columns.to_numpy(dtype=np.float64), wide.index.to_numpy(dtype=np.float64)
        shades = axes.contourf(x, y, values, steps, cmap=DIVERGING)
        entries = _frontier_marks(axes, found)
        _place_frontier(axes, found, size)
        bar = figure.colorbar(shades, ax=axes, aspect=28, pad=0.02)
        bar.set_label(text("mean effect on cohesion"))
        bar.outline.set_linewidth(0.5)
        legend_below(figure, entries, 1 if size.narrow else 2, columnspacing=1.2)
    return figure


def _frontier_marks(axes: Axes, found: Frontier) -> dict[str, Any]:
    """Draw the curve and the scenario's place; return what explains them."""
    entries: dict[str, Any] = {}
    for row in found.curve.to_dict("records"):
        along = 0 if row["along"] == "x" else 1
        span = found.spans[along]
        low, high = max(row["low"], span.low), min(row["high"], span.high)
        fixed = [row["y" if along == 0 else "x"]] * 2
        line = ([low, high], fixed) if along == 0 else (fixed, [low, high])
        axes.plot(*line, color=INK, linewidth=1.1, zorder=4)
    for edge, rows in found.curve.groupby("edge", sort=False):
        look: dict[str, Any] = {"color": INK, "marker": "o" if edge == "split" else "s"}
        axes.plot(rows["x"], rows["y"], linestyle="none", ms=3.4, mec="white", zorder=5, **look)
        label = text("{edge} in half the runs, 95 % interval").format(edge=text(str(edge)))
        entries[label] = Line2D([], [], linewidth=1.1, **look)
    if all(s.low <= at <= s.high for s, at in zip(found.spans, found.present, strict=True)):
        cross: dict[str, Any] = {"marker": "X", "ms": 10, "mfc": "white", "mec": INK, "mew": 1.3}
        axes.plot(*([at] for at in found.present), zorder=7, clip_on=False, **cross)
        entries[text("the scenario itself")] = Line2D([], [], linestyle="none", **cross)
    return entries


def _place_frontier(axes: Axes, found: Frontier, size: Size) -> None:
    """Scale and name both axes."""
    first, second = found.spans
    axes.set_xlim(first.low, first.high)
    axes.set_ylim(second.low, second.high)
    axes.locator_params(nbins=5 if size.narrow else 7)
    width = 34 if size.narrow else 60
    axes.set_xlabel(wrapped(titled(first.number.key, first.number.unit), width))
    axes.set_ylabel(wrapped(titled(second.number.key, second.number.unit), width))


def ranking_chart(table: pd.DataFrame, size: Size = WIDE) -> Figure:
    """Draw the numbers whose change alone flips the verdict, the smallest change first.

    Args:
        table: as from :func:`alliancesim.tipping.ranking.ranking`, with a row that flips at least.
        size: how large to draw.

    Returns:
        One bar per number: the change as a share of the number's range, 0 to 1, in the colour of
        the verdict beyond it; a diamond with its 95 % interval where the runs put the threshold.
    """
    rows = table[table["threshold"].notna()].head(MOST_BARS).to_dict("records")
    with styled(size):
        figure = new_figure(size, (0.34 if size.narrow else 0.27) * len(rows) + 1.1)
        axes = figure.subplots()
        for place, row in enumerate(rows):
            _bar(axes, place, row, size)
        width = 20 if size.narrow else 44
        labels = [wrapped(input_label(row["key"]), width) for row in rows]
        axes.set_yticks(range(len(rows)), labels, multialignment="right")
        axes.set_ylim(len(rows) - 0.4, -0.6)
        axes.tick_params(axis="y", length=0)
        axes.spines["left"].set_visible(False)
        axes.grid(axis="x", color=FAINT, linewidth=0.6)
        axes.set_axisbelow(True)
        longest = max(row["share"] for row in rows)
        axes.set_xlim(0.0, longest * (1.75 if size.narrow else 1.3))
        axes.set_xlabel(
            wrapped(text("smallest change that flips, share of range"), 28 if size.narrow else 60)
        )
        axes.locator_params(axis="x", nbins=5)
        words = [word for word in WORDS if word in {row["verdict"] for row in rows}]
        entries: dict[str, Any] = {
            text("to {word}").format(word=text(word)): _patch(word) for word in words
        }
        entries[text("with runs, 95 % interval")] = Line2D([], [], color=INK, marker="D", ms=4.5)
        legend_below(figure, entries, 1 if size.narrow else 4, columnspacing=1.2)
    return figure


def _patch(word: str) -> Patch:
    """Return the look of a bar."""
    return Patch(facecolor=_COLORS[word], edgecolor="white", hatch=_HATCHES[word], linewidth=0)


def _bar(axes: Axes, place: int, row: dict[Any, Any], size: Size) -> None:
    """Draw the change of one number, what runs say of it, and both values."""
    axes.barh(
        place,
        row["share"],
        0.62,
        facecolor=_COLORS[row["verdict"]],
        edgecolor="white",
        hatch=_HATCHES[row["verdict"]],
        linewidth=0,
    )
    end = row["share"]
    if not math.isnan(row["with_runs"]):
        ends = [row[f"with_runs{side}"] for side in ("_low", "", "_high")]
        within = np.clip(ends, row["low"], row["high"])
        shares: Array = np.abs(within - row["present"]) / (row["high"] - row["low"])
        axes.plot(shares[[0, 2]], [place] * 2, color=INK, linewidth=1.2, zorder=4)
        axes.plot(shares[1], place, "D", color=INK, ms=4.5, mec="white", mew=0.6, zorder=5)
        end = max(end, float(shares.max()))
    axes.annotate(
        f"{level_text(row['present'])} → {level_text(row['threshold'])}",
        (end, place),
        xytext=(4, 0),
        textcoords="offset points",
        va="center_baseline",
        fontsize=size.font - 1.5,
        bbox={"facecolor": "white", "edgecolor": "none", "pad": 0.4},
    )
