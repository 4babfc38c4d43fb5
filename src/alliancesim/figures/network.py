"""Who cooperates with whom and who presses whom, at the start and at the end.

The months between are not drawn here: the dashboard plays them.
"""

from __future__ import annotations

import textwrap
from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import FancyArrowPatch

from alliancesim.arrays import Array
from alliancesim.figures.cast import names, shown
from alliancesim.figures.style import (
    BINDS,
    DIVIDES,
    INK,
    MUTED,
    WIDE,
    Size,
    hide_frame,
    new_figure,
    styled,
)
from alliancesim.language import number, text
from alliancesim.results.result import Result

LEAST = {"cooperation": 0.35, "pressure": 0.15}
"""Levels below these are not drawn: ordinary dealings would hide the rest."""

_BEND = {"cooperation": 0.10, "pressure": 0.30}
_COLORS = {"cooperation": BINDS, "pressure": DIVIDES}
_LINES: Mapping[str, Any] = {"cooperation": "-", "pressure": (0, (2.2, 1.2))}
_WIDEST = 4.5
_SIDE = 1.75


def network_chart(result: Result, size: Size = WIDE) -> Figure:
    """Draw cooperation and pressure among the shown actors, before the run and at its end.

    Args:
        result: results of one scenario.
        size: how large to draw.

    Returns:
        Two panels with actors on a circle; arrows as wide as the median level in the world, solid
        for cooperation and dashed for pressure, where it exceeds ``LEAST``.
    """
    table = result.quantiles()
    table = table[(table["world"] == "world") & table["variable"].isin(list(LEAST))]
    last = int(table["month"].max())
    dates = {month: table.loc[table["month"] == month, "date"].iloc[0] for month in (0, last)}
    with styled(size):
        reach = _reach(len(shown(result)))
        panels = (2, 1) if size.narrow else (1, 2)
        panel = size.width / panels[1] * reach / _SIDE + 0.3
        figure = new_figure(size, panels[0] * panel + (0.65 if size.narrow else 0.5))
        grid = figure.subplots(*panels)
        for axes, month, when in zip(grid, (0, last), (text("Start"), text("End")), strict=True):
            _panel(axes, table[table["month"] == month], result, size)
            axes.set_title(f"{when}, {dates[month]}", loc="center")
        _legend(figure, size)
    return figure


def _angles(actors: int) -> Array:
    """Return where actors stand on the circle, clockwise, in radians."""
    angles = np.pi / 2 - 2 * np.pi * np.arange(actors) / actors
    return angles + np.pi / actors if actors % 2 == 0 else angles


def _reach(actors: int) -> float:
    """Return how far a panel reaches above and below its middle, names included."""
    return max(0.8, float(np.abs(np.sin(_angles(actors))).max()) + 0.5)


def _panel(axes: Axes, rows: pd.DataFrame, result: Result, size: Size) -> None:
    """Draw one month."""
    actors, called = shown(result), names(result)
    angles = _angles(len(actors))
    places = {
        code: (float(np.cos(a)), float(np.sin(a))) for code, a in zip(actors, angles, strict=True)
    }
    hide_frame(axes)
    axes.set_aspect("equal")
    axes.set_xlim(-_SIDE, _SIDE)
    axes.set_ylim(-_reach(len(actors)), _reach(len(actors)))
    if not (rows["q50"] >= rows["variable"].map(LEAST)).any():
        axes.text(0, 0.3, "no level above\nthe thresholds", ha="center", color=MUTED)
    for row in rows.to_dict("records"):
        of, toward, level = row["of"], row["toward"], float(row["q50"])
        if of in places and toward in places and level >= LEAST[row["variable"]]:
            axes.add_patch(_arrow(places[of], places[toward], row["variable"], level))
    for code, (x, y) in places.items():
        axes.plot(x, y, "o", ms=13, mfc="white", mec=INK, mew=1.0, zorder=5)
        _name(axes, x, y, textwrap.fill(called[code], 16), size)


def _name(axes: Axes, x: float, y: float, name: str, size: Size) -> None:
    """Write an actor's name outside the circle, where no arrow runs."""
    upright = abs(y) > 0.45
    side = 0.0 if upright else 0.17 * np.sign(x)
    axes.text(
        x + side,
        y + (0.17 * np.sign(y) if upright else 0.0),
        name,
        ha="center" if upright else "left" if x > 0 else "right",
        va="center" if not upright else "bottom" if y > 0 else "top",
        fontweight="bold",
        fontsize=size.font - 0.5,
        zorder=6,
    )


def _arrow(
    start: tuple[float, float], end: tuple[float, float], variable: str, level: float
) -> FancyArrowPatch:
    """Return one arrow, bent to its left so that both directions and both kinds stay apart."""
    width = _WIDEST * level
    length = 0.28 + 0.05 * width
    return FancyArrowPatch(
        start,
        end,
        connectionstyle=f"arc3,rad={_BEND[variable]}",
        arrowstyle=f"-|>,head_length={length:.3f},head_width={length / 2 + 0.015 * width:.3f}",
        mutation_scale=12,
        shrinkA=9,
        shrinkB=9,
        linewidth=width,
        linestyle=_LINES[variable],
        color=_COLORS[variable],
        alpha=0.85,
        capstyle="butt",
        joinstyle="miter",
        zorder=3 if variable == "cooperation" else 4,
    )


def _legend(figure: Figure, size: Size) -> None:
    """Explain kinds and widths of arrows."""
    handles = [
        Line2D([], [], color=_COLORS[kind], linestyle=_LINES[kind], linewidth=_WIDEST * level)
        for kind in LEAST
        for level in (0.3, 0.6, 0.9)
    ]
    labels = [f"{text(kind)} {number(str(level))}" for kind in LEAST for level in (0.3, 0.6, 0.9)]
    order = [0, 3, 1, 4, 2, 5] if not size.narrow else range(6)
    figure.legend(
        [handles[k] for k in order],
        [labels[k] for k in order],
        loc="outside lower center",
        ncols=3 if not size.narrow else 2,
        frameon=False,
        handlelength=3.0,
    )
