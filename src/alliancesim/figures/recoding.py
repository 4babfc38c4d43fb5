"""Recodings: how the effect is spread over them, and whose codes make the verdict fall.

Single codes are not drawn, only what they make of effect and verdict.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.legend_handler import HandlerTuple
from matplotlib.lines import Line2D
from matplotlib.patches import Patch

from alliancesim.figures.axes import legend_below, wrapped
from alliancesim.figures.distribution import zone_limits, zones
from alliancesim.figures.style import ACCENT, FAINT, INK, WIDE, Size, new_figure, styled
from alliancesim.figures.words import scale_name
from alliancesim.language import text
from alliancesim.recoding.codes import HALF, ORDER, WIDTHS
from alliancesim.recoding.question import ALL

MOST_SCALES = 16
"""Scales shown, those that make the verdict fall most often; the table has all."""

_BINS = 48
_OFFSETS = {ORDER: -0.16, HALF: 0.16}
_COLORS = {ORDER: ACCENT, HALF: INK}


def recoding_chart(
    recodings: pd.DataFrame,
    shares: pd.DataFrame,
    given: float,
    margin: float,
    size: Size = WIDE,
    most: int | None = None,
) -> Figure:
    """Draw the effect over recodings, and how often each scale makes the verdict fall.

    Args:
        recodings: as from :func:`alliancesim.recoding.tables.recodings_table`.
        shares: as from :func:`alliancesim.recoding.tables.shares_table`.
        given: mean effect as the scenario is given.
        margin: effects within plus or minus this count as nothing.
        size: how large to draw.
        most: scales shown, those that make the verdict fall most often; else :data:`MOST_SCALES`.

    Returns:
        Above, histograms of the mean effect (world minus twin, dimensionless) of all scales recoded
        at once, for both widths, over the zones of the verdict. Below, a row for all scales and one
        for each: share of recodings in which the verdict is another, 0 to 1, with its interval.
    """
    names = _order(shares, MOST_SCALES if most is None else most)
    with styled(size):
        rows = (0.36 if size.narrow else 0.27) * len(names) + 0.6
        figure = new_figure(size, 2.5 + rows + 0.5)
        above, below = figure.subplots(2, 1, height_ratios=(2.5, rows))
        _effects(above, recodings, given, margin, size)
        _falls(below, shares, names, size)
        _legend(figure, size)
    return figure


def _order(shares: pd.DataFrame, most: int) -> list[str]:
    """Return all scales at once, then those that make the verdict fall most often."""
    alone = shares[shares["scale"] != ALL]
    stands = alone.groupby("scale", sort=False)["stands"].min().sort_values(kind="stable")
    return [ALL, *(str(name) for name in stands.index[:most])]


def _effects(axes: Axes, recodings: pd.DataFrame, given: float, margin: float, size: Size) -> None:
    """Draw the histograms of both widths."""
    whole = recodings[recodings["scale"] == ALL]
    low = min(float(whole["effect"].min()), given)
    high = max(float(whole["effect"].max()), given)
    ends = zone_limits(low, high, margin)
    axes.set_xlim(*ends)
    zones(axes, margin)
    edges = np.linspace(*ends, _BINS + 1)
    tallest = 0
    for width in WIDTHS:
        counts, _ = np.histogram(whole.loc[whole["width"] == width, "effect"], edges)
        tallest = max(tallest, int(counts.max()))
        filled = width == ORDER
        axes.stairs(
            counts,
            edges,
            fill=filled,
            color=_COLORS[width],
            alpha=0.55 if filled else 1.0,
            linewidth=1.3,
            zorder=4 if filled else 5,
        )
    axes.set_ylim(0, max(1, tallest) * 1.3)
    across = axes.get_xaxis_transform()
    axes.plot([given], [0.0], "^", transform=across, color=INK, ms=7, clip_on=False, zorder=6)
    axes.locator_params(axis="x", nbins=5 if size.narrow else 9)
    axes.set_xlabel(
        wrapped(text("mean effect of the wedge on cohesion"), 34 if size.narrow else 80)
    )
    axes.set_ylabel(text("recodings"))


def _falls(axes: Axes, shares: pd.DataFrame, names: list[str], size: Size) -> None:
    """Draw in which share of recodings the verdict is another."""
    for width in WIDTHS:
        rows = shares[shares["width"] == width].set_index("scale")
        for place, name in enumerate(names):
            row = rows.loc[name]
            at = place + _OFFSETS[width]
            look: dict[str, Any] = {"color": _COLORS[width], "zorder": 4}
            axes.plot([1 - row["stands high"], 1 - row["stands low"]], [at] * 2, lw=1.3, **look)
            filled = _COLORS[width] if width == ORDER else "white"
            axes.plot(1 - row["stands"], at, "o", ms=4.8, mfc=filled, **look)
    letters = 16 if size.narrow else 24
    labels = [wrapped(_named(name), letters) for name in names]
    axes.set_yticks(range(len(names)), labels, multialignment="right")
    axes.get_yticklabels()[0].set_fontweight("bold")
    axes.axhline(0.5, color=FAINT, linewidth=0.8)
    axes.set_ylim(len(names) - 0.4, -0.6)
    axes.tick_params(axis="y", length=0)
    axes.spines["left"].set_visible(False)
    axes.grid(axis="x", color=FAINT, linewidth=0.6)
    axes.set_axisbelow(True)
    axes.set_xlim(-0.02, 1.02)
    axes.set_xlabel(
        wrapped(text("share of recodings in which the verdict falls"), 34 if size.narrow else 80)
    )


def _named(scale: str) -> str:
    """Return a scale's name in the present language, or that it is all of them."""
    return text("all at once") if scale == ALL else scale_name(scale)


def _legend(figure: Figure, size: Size) -> None:
    """Explain both widths and the triangle, below everything."""
    entries: dict[str, Any] = {
        text("order alone kept"): (
            Patch(facecolor=ACCENT, alpha=0.55),
            Line2D([], [], color=ACCENT, marker="o", ms=4.8),
        ),
        text("within half a grade"): Line2D([], [], color=INK, marker="o", ms=4.8, mfc="white"),
        text("as given"): Line2D([], [], linestyle="none", marker="^", ms=7, color=INK),
    }
    legend_below(
        figure,
        entries,
        2 if size.narrow else 3,
        columnspacing=1.2,
        handlelength=2.4,
        handler_map={tuple: HandlerTuple(ndivide=None)},
    )
