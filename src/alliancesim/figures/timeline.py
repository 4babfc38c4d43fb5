"""Cohesion of the alliance over time, with the wedge and in the twin without it.

Only the alliance's cohesion: single dyads are not drawn here.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from alliancesim.figures.calendar import date_axis, span
from alliancesim.figures.marks import Mark, Strip, observation_marks, observed, strip_of
from alliancesim.figures.style import (
    ACCENT,
    DIVIDES,
    FAINT,
    INK,
    MUTED,
    NULL_ZONE,
    TWIN,
    WIDE,
    Size,
    apart,
    hide_frame,
    new_figure,
    styled,
)
from alliancesim.language import number, text
from alliancesim.measures.outcomes import PARAMETERS
from alliancesim.results.result import Result

LEAST_SPAN = 0.3
"""Least part of the scale shown, so that a tremor does not look like an earthquake."""

_ROW = 0.19
"""Height of a row of signs, in inches."""


def cohesion_chart(result: Result, size: Size = WIDE) -> Figure:
    """Draw the alliance's cohesion with and without the wedge, and below it the effect.

    Args:
        result: results of one scenario.
        size: how large to draw.

    Returns:
        Medians over runs with the bands that hold 50 % and 90 % of the runs, by calendar month;
        numbered events and lettered observations; the window of the outcome, shaded; below, world
        minus twin with the margin. Cohesion and effect are dimensionless.
    """
    signs = strip_of(result, narrow=size.narrow)
    heights = [number * _ROW for number in signs.heights]
    strip = max(sum(heights) + 0.06, 0.08)
    with styled(size):
        main, below = (2.1, 1.15) if size.narrow else (2.8, 1.3)
        figure = new_figure(size, strip + main + below + 0.75)
        grid = figure.add_gridspec(3, 1, height_ratios=[strip, main, below])
        upper, lower = figure.add_subplot(grid[1]), figure.add_subplot(grid[2])
        above = figure.add_subplot(grid[0], sharex=upper)
        _sides(upper, result, size)
        _values_seen(upper, result, observation_marks(result))
        _effect(lower, result, size)
        for axes in (upper, lower):
            window(axes, result)
            date_axis(axes, result, size)
        upper.tick_params(labelbottom=False)
        _signs(above, signs, heights, upper)
    return figure


def window(axes: Axes, result: Result) -> None:
    """Shade the last months, over which the outcome is averaged."""
    _, months = span(result)
    length = int(result.manifest["scenario"]["outcome"]["window"])
    axes.axvspan(months - length + 0.5, months, color=NULL_ZONE, zorder=0, linewidth=0)


def bands(axes: Axes, table: pd.DataFrame, color: str, line: str, *, inner: bool = True) -> None:
    """Draw a median with the bands that hold 50 % and 90 % of the runs.

    Where coefficients were drawn, the middle 50 % give way to a pair of lines that hold 90 % of
    what the coefficients alone, without shocks, make of it.

    Args:
        axes: where to draw.
        table: columns ``month`` and ``q05`` to ``q95``.
        color: of line and bands.
        line: style of the line.
        inner: whether to draw the 50 % band as well.
    """
    x = table["month"]
    axes.fill_between(x, table["q05"], table["q95"], color=color, alpha=0.14, linewidth=0)
    if has_parameters(table):
        for end in PARAMETERS:
            axes.plot(x, table[end], color=color, linestyle=line, linewidth=0.8, zorder=3)
    elif inner:
        axes.fill_between(x, table["q25"], table["q75"], color=color, alpha=0.26, linewidth=0)
    axes.plot(x, table["q50"], color=color, linestyle=line, linewidth=1.8, zorder=4)


def has_parameters(table: pd.DataFrame) -> bool:
    """Say whether quantiles over runs come with what the coefficients alone make of them."""
    return set(PARAMETERS) <= set(table.columns)


def _series(result: Result, name: str) -> pd.DataFrame:
    return result.alliance[result.alliance["series"] == name]


def _sides(axes: Axes, result: Result, size: Size) -> None:
    """Draw world and twin."""
    world, twin = _series(result, "world"), _series(result, "twin")
    bands(axes, twin, TWIN, (0, (4, 2)))  # type: ignore[arg-type]
    bands(axes, world, ACCENT, "-")
    seen = [value for _, value, _ in _cohesion_seen(result, observation_marks(result))]
    low = min(world["q05"].min(), twin["q05"].min(), *seen)
    high = max(world["q95"].max(), twin["q95"].max(), *seen)
    low, high = limits(float(low), float(high))
    axes.set_ylim(low, high)
    axes.set_ylabel(text("cohesion (0 to 1)"))
    _, months = span(result)
    length = int(result.manifest["scenario"]["outcome"]["window"])
    if length / months > 0.15:
        middle = months - (length - 0.5) / 2
        name = text("outcome") if size.narrow else text("outcome window")
        place = low + 0.015 * (high - low)
        axes.text(
            middle, place, name, ha="center", va="bottom", color=MUTED, fontsize=size.font - 1
        )
    _name_sides(axes, (world, twin), size)


def _name_sides(axes: Axes, sides: tuple[pd.DataFrame, pd.DataFrame], size: Size) -> None:
    """Name world and twin at the right end of their lines."""
    low, high = axes.get_ylim()
    ends = [float(side["q50"].iloc[-1]) for side in sides]
    places = apart(ends, (high - low) * (0.16 if size.narrow else 0.065), low, high)
    names = [text("with the wedge"), text("without (twin)")]
    if sides[0]["mean"].to_numpy().tolist() == sides[1]["mean"].to_numpy().tolist():
        places, names = places[:1], [text("world and twin")]
    for place, name, color in zip(places, names, (ACCENT, TWIN), strict=False):
        axes.annotate(
            name.replace(" ", "\n", 1) if size.narrow else name,
            (1, place),
            xycoords=("axes fraction", "data"),
            xytext=(4, 0),
            textcoords="offset points",
            color=color,
            va="center",
            fontweight="bold",
            fontsize=size.font - 0.5,
        )


def limits(low: float, high: float) -> tuple[float, float]:
    """Return the part of the scale from 0 to 1 to show, in steps of 0.05."""
    middle = (low + high) / 2
    half = max((high - low) * 0.54, LEAST_SPAN / 2)
    bottom, top = middle - half, middle + half
    if bottom < 0:
        bottom, top = 0.0, max(top - bottom, 2 * half)
    if top > 1:
        bottom, top = bottom - (top - 1), 1.0
    return max(0.0, math.floor(20 * bottom + 1e-9) / 20), min(1.0, math.ceil(20 * top - 1e-9) / 20)


def _cohesion_seen(result: Result, seen: Sequence[Mark]) -> list[tuple[int, float, str]]:
    """Return observed cohesion, where the alliance is the one dyad it was observed on."""
    alliance = result.manifest["scenario"]["outcome"]["alliance"]
    if len(alliance) != 2:
        return []
    first, second = alliance
    return observed(seen, "cohesion", [(first, second), (second, first)])


def _values_seen(axes: Axes, result: Result, seen: Sequence[Mark]) -> None:
    """Draw observed cohesion at its value."""
    for month, value, sign in _cohesion_seen(result, seen):
        axes.plot(month, value, "D", ms=7, mfc="white", mec=INK, mew=1.2, zorder=6, clip_on=False)
        axes.annotate(
            sign, (month, value), xytext=(8, 0), textcoords="offset points", va="center", zorder=6
        )


def _effect(axes: Axes, result: Result, size: Size) -> None:
    """Draw the effect of the wedge with zero and the margin."""
    table = _series(result, "effect")
    margin = result.verdict.margin
    bands(axes, table, ACCENT, "-")
    low = min(float(table["q05"].min()), -1.9 * margin, -0.01)
    high = max(float(table["q95"].max()), 1.9 * margin, 0.01)
    axes.set_ylim(low - 0.04 * (high - low), high + 0.04 * (high - low))
    axes.axhline(0, color=INK, linewidth=0.8, zorder=3)
    for edge in (-margin, margin) if margin else ():
        axes.axhline(edge, color=MUTED, linewidth=0.8, linestyle=(0, (1, 2)), zorder=3)
    for y, name, va in (
        (high, text("backfire above the margin"), "top"),
        (low, text("split below it"), "bottom"),
    ):
        axes.annotate(
            name,
            (0, y),
            xytext=(4, 0),
            textcoords="offset points",
            va=va,
            color=MUTED,
            fontsize=size.font - 1,
        )
    axes.set_ylabel(text("effect"))
    if margin:
        axes.annotate(
            text("margin\n±{margin}").format(margin=number(f"{margin:g}")),
            (1, 0),
            xycoords=("axes fraction", "data"),
            xytext=(4, 0),
            textcoords="offset points",
            va="center",
            color=MUTED,
            fontsize=size.font - 0.5,
        )


def _signs(
    axes: Axes,
    signs: Strip,
    heights: list[float],
    upper: Axes,
) -> None:
    """Draw the signs of events above those of observations, in a strip over the chart."""
    hide_frame(axes)
    axes.set_ylim(0, max(sum(heights), _ROW) / _ROW)
    for kind, marks in enumerate((signs.events, signs.seen)):
        floor = heights[1] / _ROW if kind == 0 else 0.0
        for mark, row in zip(marks, signs.rows[kind], strict=True):
            y = floor + row + 0.5
            _sign(axes, mark, y, observation=kind == 1)
            color = DIVIDES if mark.wedge else FAINT
            upper.axvline(
                mark.month, color=color, linewidth=0.6, alpha=0.5 if mark.wedge else 1.0, zorder=1
            )


def _sign(axes: Axes, mark: Mark, y: float, *, observation: bool) -> None:
    """Draw one sign: a filled disc with a number, or a hollow diamond with a letter."""
    disc = 11 if len(mark.sign) < 3 else 14
    look = (
        {"marker": "D", "mfc": "white", "mec": INK, "ms": 8.5 if len(mark.sign) < 2 else 10.5}
        if observation
        else {"marker": "o", "mfc": DIVIDES if mark.wedge else MUTED, "mec": "none", "ms": disc}
    )
    axes.plot(mark.month, y, clip_on=False, zorder=5, **look)  # type: ignore[arg-type]
    axes.text(
        mark.month,
        y,
        mark.sign,
        ha="center",
        va="center_baseline",
        color=INK if observation else "white",
        fontsize=6.5,
        fontweight="bold",
        zorder=6,
        clip_on=False,
    )
