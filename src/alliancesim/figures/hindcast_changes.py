"""Coded changes beside what a model foretold of them without having seen them.

Levels are not drawn here, but in hindcast_paths.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from alliancesim.figures.hindcast_paths import NINETY, Quantity, of_quantity, quantities
from alliancesim.figures.style import (
    ACCENT,
    DIVIDES,
    INK,
    MUTED,
    NULL_ZONE,
    WIDE,
    Size,
    new_figure,
    styled,
)
from alliancesim.figures.words import plain
from alliancesim.language import text

_LANES = (ACCENT, DIVIDES)
"""Colours of the ways of holding out; the lane tells them apart as well."""

_HIT, _MISS = "o", "X"


def changes_chart(
    changes: pd.DataFrame, ways: Sequence[str], names: Mapping[str, str], size: Size = WIDE
) -> Figure:
    """Draw coded changes and what was foretold of them, episode by episode.

    Args:
        changes: one row per coded change and way of holding it out: columns ``variable``, ``of``,
            ``toward``, ``episode``, ``way``, ``observed``, ``error``, ``mean``, ``low90``,
            ``low50``, ``high50``, ``high90`` and ``hit``.
        ways: at most two ways of holding out, in their order.
        names: full names of actors.
        size: how large to draw.

    Returns:
        One panel per quantity, one row per episode: the coded change with 90 % of its error as a
        diamond, below it one lane per way with the 50 and the 90 % interval; discs where the sign
        is right, crosses where it is wrong. Changes are in the units of the variable.
    """
    shown = quantities(changes)
    rows = {quantity: _episodes(changes, quantity) for quantity in shown}
    lane = 0.135
    with styled(size):
        heights = [lane * (len(ways) + 1.6) * len(rows[quantity]) for quantity in shown]
        figure = new_figure(size, sum(heights) + 0.75 * len(shown) + (0.75 if size.narrow else 0.4))
        grid = figure.add_gridspec(len(shown), 1, height_ratios=heights)
        for place, quantity in enumerate(shown):
            axes = figure.add_subplot(grid[place])
            found = of_quantity(changes, quantity)
            _panel(axes, found, rows[quantity], ways)
            axes.set_title(quantity.titled(names, 44 if size.narrow else 80))
            axes.set_xlabel(
                text("change of {variable} over the episode").format(
                    variable=text(quantity.variable)
                )
            )
        figure.legend(
            handles=_handles(ways),
            loc="outside lower left",
            ncols=2 if size.narrow else 5,
            frameon=False,
            columnspacing=1.2,
            handletextpad=0.3,
        )
    return figure


def _episodes(changes: pd.DataFrame, quantity: Quantity) -> list[str]:
    """Return the episodes over which changes of a quantity were coded."""
    return [str(label) for label in of_quantity(changes, quantity)["episode"].unique()]


def _panel(axes: Axes, changes: pd.DataFrame, episodes: Sequence[str], ways: Sequence[str]) -> None:
    """Draw the changes of one quantity."""
    step = len(ways) + 1.6
    for place, episode in enumerate(episodes):
        found = changes[changes["episode"] == episode]
        top = place * step
        if place % 2 == 0:
            axes.axhspan(top - 0.8, top + step - 0.8, color=NULL_ZONE, zorder=0, linewidth=0)
        coded = found.iloc[0]
        axes.errorbar(
            coded["observed"], top, xerr=NINETY * coded["error"], fmt="D", ms=5, color=INK, zorder=5
        )
        for lane, (way, color) in enumerate(zip(ways, _LANES, strict=False), start=1):
            for row in found[found["way"] == way].to_dict("records"):
                _foretold(axes, row, top + lane, color)
    axes.axvline(0, color=MUTED, linewidth=0.9, zorder=2)
    axes.set_yticks(
        [place * step + len(ways) / 2 for place in range(len(episodes))],
        [plain(episode, 8) for episode in episodes],
    )
    axes.set_ylim(len(episodes) * step - 0.8, -0.8)
    axes.tick_params(axis="y", length=0)
    axes.locator_params(axis="x", nbins=7)


def _foretold(axes: Axes, row: Mapping[Any, Any], y: float, color: str) -> None:
    """Draw one prediction: intervals, and whether its sign is right by the shape of its mark."""
    axes.plot([row["low90"], row["high90"]], [y, y], color=color, linewidth=1.1, zorder=4)
    ends = [row["low50"], row["high50"]]
    axes.plot(ends, [y, y], color=color, linewidth=3.4, solid_capstyle="butt", alpha=0.6, zorder=4)
    marker = _HIT if row["hit"] else _MISS
    axes.plot(row["mean"], y, marker, ms=6, mfc=color, mec="white", mew=0.7, zorder=6)


def _handles(ways: Sequence[str]) -> list[Line2D]:
    """Return what the legend says: what was coded, the lanes, and hit and miss."""
    bare = {"linestyle": "none", "mec": "white", "mew": 0.7, "ms": 6.5}
    lanes = [
        Line2D([], [], color=color, linewidth=3, alpha=0.8, label=text(way))
        for way, color in zip(ways, _LANES, strict=False)
    ]
    return [
        Line2D([], [], color=INK, marker="D", ms=5, label=text("coded, with error")),
        *lanes,
        Line2D([], [], marker=_HIT, mfc=MUTED, label=text("sign right"), **bare),  # type: ignore[arg-type]
        Line2D([], [], marker=_MISS, mfc=MUTED, label=text("sign wrong"), **bare),  # type: ignore[arg-type]
    ]
