"""How the effect of the wedge is spread over runs.

Where a zone begins is not settled here: the margin comes with the verdict.
"""

from __future__ import annotations

import math

import matplotlib as mpl
import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import ConnectionPatch

from alliancesim.arrays import Array
from alliancesim.figures.style import (
    ACCENT,
    BACKFIRE_ZONE,
    INK,
    MUTED,
    NULL_ZONE,
    SPLIT_ZONE,
    WIDE,
    Size,
    new_figure,
    styled,
)
from alliancesim.language import text
from alliancesim.results.result import Result

NARROW_SHARE = 0.3
"""Where the runs take up less than this share of the axis, they are shown magnified as well."""

_ROOM = 1.2
"""Letters times their size, in a zone's share of the figure's width, that fit in one line."""

MOST_TICKS = 400
"""Runs drawn one by one, at most; more would be a solid bar."""


def effect_distribution(result: Result, size: Size = WIDE) -> Figure:
    """Draw the effect of every run, the mean with its interval, and the zones of the verdict.

    Args:
        result: results of one scenario.
        size: how large to draw.

    Returns:
        A histogram of runs over the effect (world minus twin, mean cohesion of the last months,
        dimensionless), on an axis that holds zero and the margin; and the same magnified where
        the runs lie close together.
    """
    effects = result.outcomes["effect"].to_numpy(dtype=np.float64)
    magnified = is_magnified(result)
    low, high = zone_limits(float(effects.min()), float(effects.max()), result.verdict.margin)
    with styled(size):
        figure = new_figure(size, 3.5 if magnified else 2.5)
        if not magnified:
            axes = figure.add_subplot()
            _whole(axes, effects, result, (low, high), size)
            return figure
        grid = figure.add_gridspec(2, 1, height_ratios=[1.0, 1.05])
        upper, lower = figure.add_subplot(grid[0]), figure.add_subplot(grid[1])
        _whole(upper, effects, result, (low, high), size)
        upper.set_xlabel("")
        _magnified(lower, effects, result)
        for edge, end in zip(lower.get_xlim(), (0.0, 1.0), strict=True):
            figure.add_artist(
                ConnectionPatch(
                    (edge, 0),
                    (end, 1),
                    coordsA=upper.get_xaxis_transform(),
                    coordsB=lower.transAxes,
                    color=MUTED,
                    linewidth=0.6,
                    linestyle=(0, (1, 2)),
                )
            )
    return figure


def is_magnified(result: Result) -> bool:
    """Say whether the runs lie so close together that they are shown magnified as well."""
    effects = result.outcomes["effect"].to_numpy(dtype=np.float64)
    low, high = zone_limits(float(effects.min()), float(effects.max()), result.verdict.margin)
    return 1e-6 < float(np.ptp(effects)) < NARROW_SHARE * (high - low)


def zone_limits(low: float, high: float, margin: float) -> tuple[float, float]:
    """Return an axis that holds all values, zero and both margins, with some room."""
    least = 2.0 * margin if margin else 0.02
    low, high = min(low, -least), max(high, least)
    room = 0.04 * (high - low)
    return low - room, high + room


def zones(axes: Axes, margin: float, *, labels: bool = True, y: float = 0.98) -> None:
    """Shade where an effect counts as split, nothing and backfire.

    Args:
        axes: with the effect along x, and its limits already set.
        margin: effects within plus or minus this count as nothing.
        labels: whether to name the zones along the upper edge.
        y: height of the names, as a share of the axes.
    """
    low, high = axes.get_xlim()
    parts = (
        (low, -margin, SPLIT_ZONE, "split"),
        (-margin, margin, NULL_ZONE, "null"),
        (margin, high, BACKFIRE_ZONE, "backfire"),
    )
    for start, end, color, name in parts:
        if start >= end:
            continue
        axes.axvspan(start, end, color=color, zorder=0, linewidth=0)
        if labels:
            _name_zone(axes, (start, end), text(name), y)
    axes.axvline(0, ymax=0.86 if labels else 1.0, color=INK, linewidth=0.8, zorder=3)
    for edge in (-margin, margin) if margin else ():
        axes.axvline(edge, color=MUTED, linewidth=0.8, linestyle=(0, (1, 2)), zorder=3)
    axes.set_xlim(low, high)


def _name_zone(axes: Axes, ends: tuple[float, float], name: str, y: float) -> None:
    """Write a zone's name in its middle, or along the edge where it is a narrow outer one."""
    low, high = axes.get_xlim()
    start, end = ends
    place, side = (start + end) / 2, "center"
    if end - start < 0.2 * (high - low):
        if end == high:
            place, side = end - 0.01 * (high - low), "right"
        elif start == low:
            place, side = start + 0.01 * (high - low), "left"
    where = axes.get_xaxis_transform()
    room = (end - start) / (high - low) * axes.figure.bbox.width * 72 / axes.figure.dpi
    if len(name) * mpl.rcParams["font.size"] > _ROOM * room:
        name = name.replace(" ", "\n")
    axes.text(place, y, name, transform=where, ha=side, va="top", color=INK)


def _whole(
    axes: Axes, effects: Array, result: Result, ends: tuple[float, float], size: Size
) -> None:
    """Draw all runs on an axis that holds zero and the margin."""
    axes.set_xlim(*ends)
    zones(axes, result.verdict.margin)
    width = (ends[1] - ends[0]) / (40 if size.narrow else 72)
    middles = width * np.arange(math.floor(ends[0] / width), math.ceil(ends[1] / width) + 1)
    counts, _ = np.histogram(effects, np.append(middles - width / 2, middles[-1] + width / 2))
    axes.bar(middles, counts, width, color=ACCENT, edgecolor="white", linewidth=0.4, zorder=4)
    axes.set_xlim(*ends)
    axes.locator_params(axis="x", nbins=5 if size.narrow else 9)
    top = max(1, int(counts.max()))
    axes.set_ylim(0, top * 1.55)
    _mean(axes, result, top * 1.2)
    _runs_axis(axes, top)
    axes.set_xlabel(text("effect of the wedge on cohesion (world − twin)"))


def _magnified(axes: Axes, effects: Array, result: Result) -> None:
    """Draw the runs on an axis of their own."""
    low, high = float(effects.min()), float(effects.max())
    room = 0.08 * (high - low)
    axes.set_xlim(low - room, high + room)
    counts, edges = np.histogram(effects, bins=min(40, max(8, math.isqrt(effects.size) * 2)))
    axes.hist(effects, edges.tolist(), color=ACCENT, edgecolor="white", linewidth=0.4, zorder=4)
    top = max(1, int(counts.max()))
    axes.set_ylim(-0.09 * top if effects.size <= MOST_TICKS else 0, top * 1.4)
    if effects.size <= MOST_TICKS:
        axes.vlines(effects, -0.08 * top, -0.015 * top, color=ACCENT, linewidth=0.5)
    _mean(axes, result, top * 1.18)
    _runs_axis(axes, top)
    axes.locator_params(axis="x", nbins=6)
    axes.set_xlabel(text("the same, magnified"))


def _mean(axes: Axes, result: Result, y: float) -> None:
    """Draw the mean effect with its 95 % interval."""
    effect = result.verdict.effect
    if math.isfinite(effect.low) and math.isfinite(effect.high):
        axes.plot([effect.low, effect.high], [y, y], color=INK, linewidth=1.6, zorder=6)
        for end in (effect.low, effect.high):
            axes.plot([end, end], [0.97 * y, 1.03 * y], color=INK, linewidth=1.2, zorder=6)
    axes.plot(effect.estimate, y, "o", color=INK, ms=5, zorder=7)


def _runs_axis(axes: Axes, top: int) -> None:
    """Mark whole numbers of runs."""
    step = max(1, 10 ** int(math.log10(top)))
    step = step if top / step >= 2 else max(1, step // 2)
    if top / step > 5:
        step *= 2
    axes.set_yticks(list(range(0, top + 1, step)))
    axes.set_ylabel(text("runs"))
