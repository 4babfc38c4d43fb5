"""Several scenarios side by side.

Nothing is worked out from the rows: how scenarios differ comes with the comparison's table.
"""

from __future__ import annotations

import math
import textwrap
from collections.abc import Hashable, Mapping
from typing import Any

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Patch

from alliancesim.figures.distribution import zone_limits, zones
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
from alliancesim.figures.words import plain
from alliancesim.language import text

_BACKING = {"facecolor": "white", "edgecolor": "none", "alpha": 0.85, "pad": 1.0}
_SHARES = (("split", DIVIDES, "////"), ("null", "#c3c7cc", ""), ("backfire", BINDS, ""))


def comparison_chart(table: pd.DataFrame, margin: float, size: Size = WIDE) -> Figure:
    """Draw the effect of the wedge and the shares of verdicts in several scenarios.

    Args:
        table: one row per scenario with columns ``name``, ``title``, ``verdict``, ``effect``,
            ``effect_low``, ``effect_high``, ``q05``, ``q95``, ``split``, ``null``, ``backfire``.
        margin: effects within plus or minus this count as nothing.
        size: how large to draw.

    Returns:
        One row per scenario: mean effect with its 95 % interval, the range of 90 % of the runs, and
        the shares of verdicts as a bar. Effects are dimensionless.
    """
    rows = table.to_dict("records")
    labels = [
        textwrap.fill(plain(text(str(row["title"])), 90), 38 if size.narrow else 26) for row in rows
    ]
    lines = [label.count("\n") + 1 for label in labels]
    step = max(0.42, 0.155 * max(lines) + (0.3 if size.narrow else 0.14))
    ends = zone_limits(float(table["q05"].min()), float(table["q95"].max()), margin)
    with styled(size):
        figure = new_figure(size, step * (len(rows) + 0.5) + 1.0)
        left, right = figure.subplots(1, 2, sharey=True, width_ratios=[3.2, 1.2])
        left.set_xlim(*ends)
        left.set_ylim(len(rows) - 0.4, -1.15 if size.narrow else -0.75)
        zones(left, margin, y=0.995)
        for place, row in enumerate(rows):
            _effect(left, place, row)
            _shares(right, place, row)
        _labels(left, labels, size)
        left.set_xlabel(text("effect of the wedge on cohesion"))
        left.locator_params(axis="x", nbins=4 if size.narrow else 8)
        right.set_xlim(0, 1)
        right.set_xticks([0, 0.5, 1], ["0", "50", "100 %"])
        right.set_xlabel(text("runs"))
        for axes in (left, right):
            axes.tick_params(axis="y", length=0)
            axes.spines["left"].set_visible(False)
        handles = [
            Patch(facecolor=color, hatch=hatch, edgecolor="white", label=text(word))
            for word, color, hatch in _SHARES
        ]
        figure.legend(handles=handles, loc="outside lower right", ncols=3, frameon=False)
    return figure


def _labels(axes: Axes, labels: list[str], size: Size) -> None:
    """Name the rows: to the left where there is room, above each row on a phone."""
    axes.set_yticks([])
    height = 1.25 * (size.font - 0.5)
    for place, label in enumerate(labels):
        lines = label.split("\n")
        for k, line in enumerate(lines):
            above = 0.16 * 72 + height * (len(lines) - 1 - k)
            beside = height * ((len(lines) - 1) / 2 - k)
            axes.annotate(
                line,
                (0, place),
                xycoords=("axes fraction", "data"),
                xytext=(2, above) if size.narrow else (-6, beside),
                textcoords="offset points",
                ha="left" if size.narrow else "right",
                va="bottom" if size.narrow else "center",
                fontsize=size.font - 0.5,
                annotation_clip=False,
                zorder=7,
                # On a phone the lines of the zones would run through the letters.
                bbox=_BACKING if size.narrow else None,
            )


def _effect(axes: Axes, place: int, row: Mapping[Hashable, Any]) -> None:
    """Draw mean, interval and range of one scenario."""
    number = {key: float(row[key]) for key in ("effect", "effect_low", "effect_high", "q05", "q95")}
    axes.plot(
        [number["q05"], number["q95"]],
        [place, place],
        color=NEITHER,
        linewidth=5,
        alpha=0.55,
        solid_capstyle="butt",
        zorder=4,
    )
    if math.isfinite(number["effect_low"]) and math.isfinite(number["effect_high"]):
        ends = [number["effect_low"], number["effect_high"]]
        axes.plot(ends, [place, place], color=INK, linewidth=1.6, zorder=5)
        axes.plot(ends, [place, place], "|", color=INK, ms=7, zorder=5)
    axes.plot(number["effect"], place, "o", ms=5, color=INK, zorder=6)
    axes.axhline(place + 0.5, color="white", linewidth=1.0, zorder=1)


def _shares(axes: Axes, place: int, row: Mapping[Hashable, Any]) -> None:
    """Draw the shares of one scenario as a stacked bar; one that is no wedge has none."""
    if row["verdict"] == "not a wedge":
        axes.text(0.02, place, text("not a wedge"), va="center", color=MUTED)
        return
    start = 0.0
    for word, color, hatch in _SHARES:
        share = float(row[word])
        axes.barh(
            place,
            share,
            0.4,
            left=start,
            facecolor=color,
            edgecolor="white",
            hatch=hatch,
            linewidth=0,
        )
        start += share
