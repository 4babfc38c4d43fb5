"""Scenario discovery: coverage against density of boxes peeled, and the limits of those chosen.

No box is chosen here, and no limit put into words: both come with what is drawn.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any, NamedTuple

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Patch

from alliancesim.figures.axes import wrapped
from alliancesim.figures.parallel import LOOKS
from alliancesim.figures.style import FAINT, INK, MUTED, WIDE, Size, new_figure, styled
from alliancesim.language import text
from alliancesim.measures.intervals import Interval

_BAR = 0.56


class Tradeoff(NamedTuple):
    """One verdict's panel.

    Attributes:
        word: the verdict.
        title: above the panel.
        steps: boxes peeled, with columns ``coverage``, ``density``, ``held_out_coverage``,
            ``held_out_density``; all shares, 0 to 1.
        chosen: coverage and density of the box chosen, on the points it was found on.
        held_out: the same on points held out, each with its 95 % interval; None where no point held
            out lies in a box.
        base: share of all points.
        holds: whether a rule was found.
    """

    word: str
    title: str
    steps: pd.DataFrame
    chosen: tuple[float, float]
    held_out: tuple[Interval, Interval] | None
    base: float
    holds: bool


class Bar(NamedTuple):
    """One limit of a box along its factor's range.

    Attributes:
        word: the verdict that it is a condition of.
        title: that verdict, and whether others stand in for it.
        label: what the factor is.
        inside: the part of the range inside, as shares of it, 0 to 1.
        ends: texts at both ends of the range.
        text: the limit in words.
        present: where the scenario itself stands, as a share of the range; None if outside.
    """

    word: str
    title: str
    label: str
    inside: tuple[float, float]
    ends: tuple[str, str]
    text: str
    present: float | None


def tradeoff_chart(panels: Sequence[Tradeoff], size: Size = WIDE) -> Figure:
    """Draw coverage against density of the boxes peeled for each verdict.

    Args:
        panels: one for each verdict that a rule was sought for, at least one.
        size: how large to draw.

    Returns:
        One panel each, coverage on the horizontal and density on the vertical axis, both 0 to 1:
        full line on the points that boxes were found on, broken line on points held out; the box
        chosen, and what rules found in the same way hold on points held out, with 95 % intervals;
        dotted the share of all points.
    """
    rows, columns = (len(panels), 1) if size.narrow else (1, len(panels))
    with styled(size):
        figure = new_figure(size, 2.5 * rows + 0.9 if size.narrow else 3.3)
        grid = figure.subplots(rows, columns, sharex=True, sharey=True, squeeze=False)
        for axes, panel in zip(grid.flat, panels, strict=True):
            _curves(axes, panel)
            axes.set_title(wrapped(panel.title, 44 if size.narrow else 84 // len(panels)))
        for axes in grid[-1]:
            axes.set_xlabel(text("coverage"))
        for axes in grid[:, 0]:
            axes.set_ylabel(text("density"))
        figure.legend(
            *_explained(panels),
            loc="outside lower center",
            ncols=1 if size.narrow else 3,
            frameon=False,
            columnspacing=1.2,
        )
    return figure


def _curves(axes: Axes, panel: Tradeoff) -> None:
    """Draw one verdict's boxes."""
    color, marker = LOOKS[panel.word]
    axes.axhline(panel.base, color=MUTED, linewidth=0.9, linestyle=(0, (1, 1.6)))
    steps = panel.steps
    axes.plot(steps["coverage"], steps["density"], color=color, linewidth=1.6)
    axes.plot(
        steps["held_out_coverage"],
        steps["held_out_density"],
        color=color,
        linewidth=1.1,
        linestyle=(0, (4, 2)),
    )
    look: dict[str, Any] = {"marker": marker, "ms": 9.5, "zorder": 6, "clip_on": False}
    axes.plot(*([at] for at in panel.chosen), color=color, mec="white", **look)
    if panel.held_out is not None:
        across, up = panel.held_out
        axes.errorbar(
            [across.estimate],
            [up.estimate],
            xerr=[[across.estimate - across.low], [across.high - across.estimate]],
            yerr=[[up.estimate - up.low], [up.high - up.estimate]],
            color=INK,
            mfc="white",
            linewidth=1.0,
            capsize=2,
            marker=marker,
            ms=5.5,
            zorder=7,
        )
    axes.set_xticks([0.0, 0.5, 1.0])
    axes.set_xlim(0.0, 1.02)
    axes.set_ylim(0.0, 1.02)
    axes.grid(color=FAINT, linewidth=0.6)
    axes.set_axisbelow(True)


def _explained(panels: Sequence[Tradeoff]) -> tuple[list[Any], list[str]]:
    """Return what explains lines and marks."""
    look: dict[str, Any] = {"linestyle": "none", "marker": "o"}
    entries: dict[str, Any] = {
        text("boxes, on the points they were found on"): Line2D([], [], color=MUTED, linewidth=1.6),
        text("after as many peels, on points held out"): Line2D(
            [], [], color=MUTED, linewidth=1.1, linestyle=(0, (4, 2))
        ),
        text("share of all points"): Line2D([], [], color=MUTED, linestyle=(0, (1, 1.6))),
        text("box chosen"): Line2D([], [], color=MUTED, ms=9.5, mec="white", **look),
    }
    if any(panel.held_out is not None for panel in panels):
        entries[text("boxes chosen in the same way, held out")] = Line2D(
            [], [], color=INK, mfc="white", ms=5.5, **look
        )
    return list(entries.values()), list(entries)


def limits_chart(bars: Sequence[Bar], size: Size = WIDE) -> Figure:
    """Draw the limits of the boxes chosen along the ranges of their factors.

    Args:
        bars: one for each factor that a rule bounds, at least one, by verdict.
        size: how large to draw.

    Returns:
        One row each, named with its limit: the range that the experiment varies, from left to
        right, with the part inside the box filled, and a mark where the scenario itself stands.
    """
    with styled(size):
        gap = 0.62 if size.narrow else 0.46
        figure = new_figure(size, gap * len(bars) + 0.8)
        axes = figure.subplots()
        for place, bar in enumerate(bars):
            _range(axes, place, bar, size)
        width = 22 if size.narrow else 46
        named = [wrapped(f"{bar.label} {bar.text}", width) for bar in bars]
        axes.set_yticks(range(len(bars)), named, multialignment="right")
        axes.set_ylim(len(bars) - 0.3, -0.6)
        axes.set_xlim(-0.02, 1.02)
        axes.set_xticks([])
        axes.tick_params(axis="y", length=0)
        for side in ("left", "bottom"):
            axes.spines[side].set_visible(False)
        entries: dict[str, Any] = {
            text("inside: {verdict}").format(verdict=bar.title): Patch(facecolor=LOOKS[bar.word][0])
            for bar in bars
        }
        if any(bar.present is not None for bar in bars):
            entries[text("the scenario itself")] = Line2D(
                [], [], linestyle="none", marker="D", ms=5.5, color=INK, mec="white"
            )
        figure.legend(
            list(entries.values()),
            list(entries),
            loc="outside lower center",
            ncols=1 if size.narrow else 4,
            frameon=False,
        )
    return figure


def _range(axes: Axes, place: int, bar: Bar, size: Size) -> None:
    """Draw one factor's range, the part inside, and where the scenario stands."""
    low, high = bar.inside
    axes.barh(place, 1.0, _BAR, facecolor=FAINT, linewidth=0)
    axes.barh(place, high - low, _BAR, low, facecolor=LOOKS[bar.word][0], linewidth=0)
    if bar.present is not None and math.isfinite(bar.present):
        axes.plot([bar.present], [place], "D", ms=5.5, color=INK, mec="white", mew=0.8, zorder=6)
    # Below the bar, where a mark at an end of the range covers neither.
    below = place + _BAR / 2 + 0.05
    for at, end, side in ((0.0, bar.ends[0], "left"), (1.0, bar.ends[1], "right")):
        axes.text(at, below, end, ha=side, va="top", color=INK, fontsize=size.font - 1.5)
