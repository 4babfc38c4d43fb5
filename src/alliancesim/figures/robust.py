"""How far the verdict hangs on the weights of mechanisms and on single inputs.

No shock enters here: the spread over runs is drawn in distribution.
"""

from __future__ import annotations

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from alliancesim.figures.distribution import zone_limits, zones
from alliancesim.figures.style import ACCENT, INK, MUTED, WIDE, Size, new_figure, styled
from alliancesim.figures.words import input_label
from alliancesim.language import text
from alliancesim.results.result import Result

MOST_SHOWN = 7
"""Mechanisms, and inputs, shown one by one: those that move the effect the most."""


def varied(result: Result) -> bool:
    """Say whether coefficients and inputs were varied at all."""
    return bool((result.robustness["variant"] != "as given").any())


def as_given(result: Result) -> float:
    """Return the effect without shocks and with everything as given, dimensionless."""
    table = result.robustness
    return float(table.loc[table["variant"] == "as given", "effect"].iloc[0])


def strongest(result: Result, variant: str, most: int = MOST_SHOWN) -> pd.DataFrame:
    """Return the rows of one kind of variant that move the effect the most, the largest first."""
    rows = result.robustness[result.robustness["variant"] == variant]
    moved = (rows["effect"] - as_given(result)).abs()
    return rows.loc[moved.sort_values(ascending=False, kind="stable").index[:most]]


def robustness_chart(result: Result, size: Size = WIDE) -> Figure:
    """Draw the effect, without shocks, under other weights and inputs.

    Args:
        result: results of one scenario in which they were varied.
        size: how large to draw.

    Returns:
        Above, a histogram of draws of all coefficients at once; below, the mechanisms whose absence
        and the inputs whose change by a step move the effect the most. Effect on cohesion, world
        minus twin, dimensionless.
    """
    table = result.robustness
    groups = [
        (text("without the mechanism"), strongest(result, "without")),
        (text("with the number moved by 0.1"), strongest(result, "input")),
    ]
    shown = table.loc[table["variant"] == "drawn", "effect"]
    everything = pd.concat([shown, *(rows["effect"] for _, rows in groups)])
    ends = zone_limits(float(everything.min()), float(everything.max()), result.verdict.margin)
    with styled(size):
        heights = [1.2, *(0.2 * max(1, len(rows)) + 0.1 for _, rows in groups)]
        figure = new_figure(size, sum(heights) + 1.35)
        grid = figure.subplots(3, 1, sharex=True, height_ratios=heights)
        grid[0].set_xlim(*ends)
        _draws(grid[0], shown, result, size)
        for axes, (title, rows) in zip(grid[1:], groups, strict=True):
            _dots(axes, rows, title, result, size)
        grid[-1].set_xlabel(text("effect of the wedge on cohesion, without shocks"))
        grid[-1].locator_params(axis="x", nbins=5 if size.narrow else 9)
    return figure


def _draws(axes: Axes, effects: pd.Series[float], result: Result, size: Size) -> None:
    """Draw the histogram of draws."""
    zones(axes, result.verdict.margin)
    bins = np.linspace(*axes.get_xlim(), 33 if size.narrow else 57).tolist()
    counts, _, _ = axes.hist(
        effects, bins, color=ACCENT, edgecolor="white", linewidth=0.4, zorder=4
    )
    axes.set_ylim(0, 1.3 * max(1.0, float(np.max(counts))))
    axes.axvline(as_given(result), ymax=0.86, color=INK, linewidth=1.2, linestyle="--", zorder=5)
    axes.set_ylabel(text("draws"))
    axes.locator_params(axis="y", nbins=4)
    axes.set_title(
        text("all weights drawn at once from the posterior")
        if "posterior" in result.manifest
        else text("all weights drawn at once")
    )


def _dots(axes: Axes, rows: pd.DataFrame, title: str, result: Result, size: Size) -> None:
    """Draw one dot per variant, joined to the effect as given."""
    base = as_given(result)
    zones(axes, result.verdict.margin, labels=False)
    axes.axvline(base, color=INK, linewidth=1.2, linestyle="--", zorder=4)
    for place, effect in enumerate(rows["effect"]):
        axes.plot([base, effect], [place, place], color=MUTED, linewidth=0.8, zorder=4)
        axes.plot(effect, place, "o", ms=5, color=ACCENT, zorder=5)
    labels = [input_label(str(what)) for what in rows["what"]]
    axes.set_yticks(range(len(rows)), labels, fontsize=size.font - (1.5 if size.narrow else 0.5))
    axes.set_ylim(len(rows) - 0.4, -0.6)
    axes.tick_params(axis="y", length=0)
    axes.set_title(title)
