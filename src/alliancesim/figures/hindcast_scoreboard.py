"""Scores of forecasters against one that foretells no change, and how well intervals keep.

No score is worked out here; rival theories have a scoreboard of their own, in tournament.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from alliancesim.figures.axes import wrapped
from alliancesim.figures.hindcast_names import forecaster_name, quantity_name
from alliancesim.figures.style import (
    ACCENT,
    BACKFIRE_ZONE,
    INK,
    MARKERS,
    MUTED,
    NEITHER,
    NULL_ZONE,
    PARTNERS,
    SPLIT_ZONE,
    WIDE,
    Size,
    new_figure,
    styled,
)
from alliancesim.language import message, number, text

_HYPHEN = "\u2011"
_LEAST_RATIO, _MOST_RATIO = 0.2, 5.0
_TICKS = (0.1, 0.2, 0.3, 0.5, 0.7, 1.0, 1.5, 2.0, 3.0, 5.0, 10.0)

BINS = (
    message("below 90 %"),
    message("lower tail"),
    message("middle 50 %"),
    message("upper tail"),
    message("above 90 %"),
)
"""Where an observation can lie among the ends of a forecast's intervals."""

EXPECTED = (0.05, 0.20, 0.50, 0.20, 0.05)
"""Shares that a calibrated forecast puts there."""


class Look(NamedTuple):
    """How a forecaster is drawn."""

    color: str
    marker: str


def looks(forecasters: Sequence[str]) -> dict[str, Look]:
    """Return how each forecaster is drawn, the first of them, the model, in the page's colour."""
    others = [color for color in PARTNERS if color != ACCENT][1:]
    colors = [ACCENT, *(others[k % len(others)] for k in range(len(forecasters)))]
    return {
        name: Look(color, MARKERS[place % len(MARKERS)])
        for place, (name, color) in enumerate(zip(forecasters, colors, strict=False))
    }


def scoreboard_chart(ratios: pd.DataFrame, drawn: dict[str, Look], size: Size = WIDE) -> Figure:
    """Draw each forecaster's mean CRPS over that of no change, quantity by quantity.

    Args:
        ratios: columns ``what``, ``n``, ``forecaster``, ``ratio``, and ``low`` and ``high``, the
            95 % interval, infinite where there is too little to tell.
        drawn: how each forecaster is drawn, in the order of lanes.
        size: how large to draw.

    Returns:
        One row per quantity on a logarithmic axis: left of 1 is better than no change.
    """
    whats = list(ratios.groupby("what", sort=False)["n"].max().items())
    step = len(drawn) + 1.2
    with styled(size):
        head = 0.75 if size.narrow else 0.5
        figure = new_figure(size, 0.125 * step * len(whats) + head + 0.5)
        axes = figure.add_subplot()
        axes.set_xscale("log")
        axes.set_xlim(*_reach(ratios))
        low, high = axes.get_xlim()
        axes.axvspan(low, 1, color=BACKFIRE_ZONE, zorder=0, linewidth=0)
        axes.axvspan(1, high, color=SPLIT_ZONE, zorder=0, linewidth=0)
        for place, (what, _) in enumerate(whats):
            rows = ratios[ratios["what"] == what]
            for lane, (name, look) in enumerate(drawn.items()):
                _ratio(axes, rows[rows["forecaster"] == name], place * step + lane, look)
            if place:
                axes.axhline(place * step - 1.1, color="white", linewidth=1.5, zorder=1)
        _name_rows(axes, whats, step, len(drawn), size)
        axes.axvline(1, color=INK, linewidth=1.1, zorder=3)
        shown = [tick for tick in _TICKS if low <= tick <= high]
        axes.set_xticks(shown, [number(f"{tick:g}") for tick in shown])
        axes.set_xticks([], minor=True)
        axes.set_xlabel(
            text("CRPS over that of no change")
            if size.narrow
            else text("CRPS over that of no change (1: as good; less is better)")
        )
        _zone_names(axes)
        figure.legend(
            handles=_handles(drawn),
            loc="outside lower left",
            ncols=2 if size.narrow else 5,
            frameon=False,
            columnspacing=1.2,
            handletextpad=0.2,
        )
    return figure


def _reach(ratios: pd.DataFrame) -> tuple[float, float]:
    """Return an axis that holds every ratio, and of their intervals what does not flatten them."""
    low = min(0.5, 0.8 * float(ratios["ratio"].min()))
    high = max(2.0, 1.25 * float(ratios["ratio"].max()))
    ends = ratios[["low", "high"]].to_numpy(np.float64)
    finite = ends[np.isfinite(ends) & (ends > 0)]
    if finite.size:
        low = min(low, max(float(finite.min()), _LEAST_RATIO))
        high = max(high, min(float(finite.max()), _MOST_RATIO))
    return 0.95 * low, 1.05 * high


def _ratio(axes: Axes, rows: pd.DataFrame, y: float, look: Look) -> None:
    """Draw one forecaster's ratio with its interval."""
    for row in rows.to_dict("records"):
        if np.isfinite(row["low"]) and np.isfinite(row["high"]):
            axes.plot([row["low"], row["high"]], [y, y], color=look.color, linewidth=1.2, zorder=4)
        axes.plot(row["ratio"], y, look.marker, ms=5.5, mfc=look.color, mec="white", zorder=5)


def _name_rows(
    axes: Axes, whats: Sequence[tuple[Any, Any]], step: float, lanes: int, size: Size
) -> None:
    """Name the quantities, with the number of observations judged."""
    width = 13 if size.narrow else 22
    # Hyphens that do not break keep pairs in one line.
    labels = [
        f"{wrapped(quantity_name(what).replace('-', _HYPHEN), width)}\n({n:.0f})"
        for what, n in whats
    ]
    places = [place * step + (lanes - 1) / 2 for place in range(len(whats))]
    axes.set_yticks(places, labels, multialignment="right")
    axes.set_ylim(len(whats) * step - 1.1, -2.2)
    axes.tick_params(axis="y", length=0)


def _zone_names(axes: Axes) -> None:
    """Say on which side of 1 a forecaster beats no change."""
    for offset, side, name in (
        (-4, "right", text("better")),
        (4, "left", text("worse")),
    ):
        axes.annotate(
            name,
            (1, 1),
            xycoords=("data", "axes fraction"),
            xytext=(offset, -2),
            textcoords="offset points",
            ha=side,
            va="top",
            color=MUTED,
        )


def _handles(drawn: dict[str, Look]) -> list[Line2D]:
    """Return what the legend says of forecasters."""
    return [
        Line2D([], [], linestyle="none", marker=look.marker, ms=6, color=look.color, label=called)
        for name, look in drawn.items()
        for called in [forecaster_name(name)]
    ]


def calibration_chart(
    coverage: pd.DataFrame, places: pd.DataFrame, drawn: dict[str, Look], size: Size = WIDE
) -> Figure:
    """Draw how much the intervals hold of what was held out, and where it lies among their ends.

    Args:
        coverage: columns ``forecaster``, ``nominal`` (0.5 and 0.9), ``share``, ``low`` and
            ``high``, the 95 % interval.
        places: columns ``what`` (in or out of sample), ``bin`` (of :data:`BINS`), ``share``.
        drawn: how each forecaster is drawn.
        size: how large to draw.

    Returns:
        First the share held by 50 and 90 % intervals, one row per forecaster, on axes of shares;
        then the model's histogram over five bins, beside what a calibrated forecast would have.
    """
    with styled(size):
        height = 0.3 * len(drawn) + 0.9
        figure = new_figure(size, height + 2.6 if size.narrow else max(height, 2.6))
        shape = (2, 1) if size.narrow else (1, 2)
        left, right = figure.subplots(*shape).ravel()
        _coverage(left, coverage, drawn, size)
        _places(right, places, size)
    return figure


def _coverage(axes: Axes, coverage: pd.DataFrame, drawn: dict[str, Look], size: Size) -> None:
    """Draw the shares that intervals hold, with what they promise."""
    for nominal in (0.5, 0.9):
        axes.axvline(nominal, color=INK, linewidth=1.0, linestyle=(0, (4, 2)), zorder=2)
    for place, (name, look) in enumerate(drawn.items()):
        rows = coverage[coverage["forecaster"] == name]
        for nominal, offset, face in ((0.5, -0.14, "white"), (0.9, 0.14, look.color)):
            y = place + offset
            for row in rows[rows["nominal"] == nominal].to_dict("records"):
                ends = [row["low"], row["high"]]
                axes.plot(ends, [y, y], color=look.color, linewidth=1.2, zorder=3)
                axes.plot(
                    row["share"],
                    y,
                    look.marker,
                    ms=5.5,
                    mfc=face,
                    mec=look.color,
                    mew=1.1,
                    zorder=5,
                )
    names = [wrapped(forecaster_name(name), 15) for name in drawn]
    axes.set_yticks(range(len(drawn)), names, multialignment="right")
    axes.set_ylim(len(drawn) - 0.5, -0.5)
    axes.tick_params(axis="y", length=0)
    axes.set_xlim(0, 1.03)
    axes.set_xticks([0, 0.25, 0.5, 0.9], ["0", "25", "50", "90 %"])
    axes.set_title(text("held by the intervals"))
    axes.set_xlabel(text("share of what was held out"))


def _places(axes: Axes, places: pd.DataFrame, size: Size) -> None:
    """Draw the histogram of where observations lie among the ends of the model's intervals."""
    groups = list(dict.fromkeys(places["what"]))
    width = 0.8 / max(1, len(groups))
    looks_of = ((ACCENT, ""), (NEITHER, "////"))
    for place, (what, (color, hatch)) in enumerate(zip(groups, looks_of, strict=False)):
        rows = places[places["what"] == what].set_index("bin")["share"]
        x = np.arange(len(BINS)) + width * (place - (len(groups) - 1) / 2)
        shares = [float(rows.get(name, 0.0)) for name in BINS]
        axes.bar(x, shares, width, color=color, hatch=hatch, edgecolor="white", label=text(what))
    for place, share in enumerate(EXPECTED):
        label = text("calibrated") if place == 0 else None
        axes.plot([place - 0.45, place + 0.45], [share, share], color=INK, linewidth=2, label=label)
    axes.set_xticks(range(len(BINS)), [text(name).replace(" ", "\n", 1) for name in BINS])
    axes.tick_params(axis="x", length=0)
    axes.set_facecolor(NULL_ZONE)
    axes.set_title(text("where it lies"))
    axes.set_ylabel(text("share"))
    axes.set_ylim(0, 1.35 * max(0.5, float(places["share"].max())))
    axes.legend(frameon=False, ncols=1, loc="upper left" if size.narrow else "upper right")
