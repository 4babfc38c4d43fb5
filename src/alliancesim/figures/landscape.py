"""The landscape of alignments: which lie low, and how the land moves from month to month.

No alignment is found here, and only the lowest are drawn: the table has them all.
"""

from __future__ import annotations

from typing import Any

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from alliancesim.figures.axes import wrapped
from alliancesim.figures.calendar import ticks
from alliancesim.figures.style import (
    ACCENT,
    FAINT,
    INK,
    MUTED,
    TWIN,
    WIDE,
    Size,
    apart,
    new_figure,
    styled,
)
from alliancesim.figures.words import plain
from alliancesim.landscape import tables
from alliancesim.language import message, text
from alliancesim.scenario.quantities import month_count

MOST_SHOWN = 8
"""Alignments a figure shows, the lowest of the world."""

_OFFSETS = {tables.WORLD: -0.16, tables.TWIN: 0.16}
_COLORS = {tables.WORLD: ACCENT, tables.TWIN: TWIN}
_LINES: dict[str, Any] = {tables.WORLD: "-", tables.TWIN: (0, (4, 2))}
_NAMES = {tables.WORLD: message("with the wedge"), tables.TWIN: message("without (twin)")}
_BRIEF = {tables.WORLD: message("wedge"), tables.TWIN: message("twin")}
_SIGNS = {tables.WORLD: "●", tables.TWIN: "○"}
_PANELS = {
    tables.GAP: (message("gap (energy)"), 1.7),
    tables.STRENGTH: (message("balance (0 to 1)"), 1.4),
}


def energies_chart(table: pd.DataFrame, size: Size = WIDE, *, twin: bool = True) -> Figure:
    """Draw the alignments of least energy, the lowest on top.

    Args:
        table: as from :func:`alliancesim.landscape.tables.alignments_table`.
        size: how large to draw.
        twin: whether to draw the twin as well.

    Returns:
        A mean per alignment with the middle 90 % of runs, filled for the world and hollow for the
        twin, with the share of the world's runs in which it lies lowest; a grey line at energy 0,
        that of all in one camp.
    """
    sides = (tables.WORLD, tables.TWIN) if twin else (tables.WORLD,)
    parts = {side: table[table["side"] == side].head(MOST_SHOWN) for side in sides}
    labels = [plain(str(camps), 60) for camps in parts[tables.WORLD]["camps"]]
    with styled(size):
        figure = new_figure(size, (0.5 if size.narrow else 0.36) * len(labels) + 0.8)
        axes = figure.subplots()
        for side, rows in parts.items():
            for place, row in enumerate(rows.to_dict("records")):
                _dot(axes, place + (_OFFSETS[side] if twin else 0.0), row, side)
        _shares(axes, parts[tables.WORLD], size)
        axes.axvline(0, color=MUTED, linewidth=0.8, zorder=1)
        axes.grid(axis="x", color=FAINT, linewidth=0.6)
        axes.set_axisbelow(True)
        camps = [_camps(label, size) for label in labels]
        axes.set_yticks(range(len(labels)), camps, multialignment="right")
        axes.set_ylim(len(labels) - 0.4, -0.6)
        axes.tick_params(axis="y", length=0)
        axes.spines["left"].set_visible(False)
        axes.locator_params(axis="x", nbins=5 if size.narrow else 8)
        what = text("energy: the lower, the fewer friends apart and foes together")
        axes.set_xlabel(wrapped(what, 34 if size.narrow else 70))
        if twin:
            _key(axes, size)
    return figure


def _camps(label: str, size: Size) -> str:
    """Return an alignment's name for the margin, on a phone one camp per line."""
    return label.replace(" | ", "\n| ") if size.narrow else label


def _dot(axes: Axes, place: float, row: dict[Any, Any], side: str) -> None:
    """Draw the energy of one alignment with its interval."""
    color = _COLORS[side]
    axes.plot([row["low"], row["high"]], [place, place], color=color, linewidth=1.4, zorder=3)
    filled = color if side == tables.WORLD else "white"
    axes.plot([row["mean"]], [place], "o", ms=5.5, mfc=filled, mec=color, mew=1.3, zorder=4)


def _shares(axes: Axes, rows: pd.DataFrame, size: Size) -> None:
    """Write at the right in how many of the world's runs each alignment lies lowest."""
    for place, share in enumerate(rows["lowest"]):
        written = "<1 %" if 0 < share < 0.01 else f"{100 * share:.0f} %"
        axes.annotate(
            written if share else "–",
            (1, place),
            xycoords=("axes fraction", "data"),
            xytext=(28, 0),
            textcoords="offset points",
            ha="right",
            va="center",
            fontsize=size.font - 0.5,
            color=INK if share else MUTED,
        )
    axes.annotate(
        text("lowest"),
        (1, 1),
        xycoords="axes fraction",
        xytext=(28, 2),
        textcoords="offset points",
        ha="right",
        va="bottom",
        fontsize=size.font - 1,
        color=MUTED,
    )


def _key(axes: Axes, size: Size) -> None:
    """Say which side is which, above the rows."""
    for place, (side, name) in enumerate(_NAMES.items()):
        axes.annotate(
            f"{_SIGNS[side]} {text(_BRIEF[side] if size.narrow else name)}",
            (0, 1),
            xycoords="axes fraction",
            xytext=(place * (48 if size.narrow else 110), 2),
            textcoords="offset points",
            va="bottom",
            color=_COLORS[side],
            fontweight="bold",
            fontsize=size.font - 1,
        )


def gap_chart(table: pd.DataFrame, size: Size = WIDE, *, twin: bool = True) -> Figure:
    """Draw gap and balance of triads month by month.

    Args:
        table: as from :func:`alliancesim.landscape.tables.paths_table`.
        size: how large to draw.
        twin: whether to draw the twin as well.

    Returns:
        Means over runs with the band that holds the middle 90 % of them: above the gap, by how much
        the best alignment that parts the allies lies above the best that holds them together; below
        the share of balanced triads by strength, where there are triads.
    """
    shown = [name for name in _PANELS if name in set(table["quantity"])]
    sides = (tables.TWIN, tables.WORLD) if twin else (tables.WORLD,)
    heights = [_PANELS[name][1] * (1.0 if size.narrow else 1.15) for name in shown]
    with styled(size):
        figure = new_figure(size, sum(heights) + 0.75)
        panels = figure.subplots(len(shown), sharex=True, height_ratios=heights, squeeze=False)
        for axes, name in zip(panels[:, 0], shown, strict=True):
            rows = table[table["quantity"] == name]
            for side in sides:
                _band(axes, rows[rows["side"] == side], side)
            axes.set_ylabel(text(_PANELS[name][0]))
            if name == tables.GAP:
                _zero(axes, size)
            else:
                axes.set_ylim(-0.02, 1.02)
            if twin:
                _name_ends(axes, rows, size)
        months = int(table["month"].max())
        first = month_count(str(table["date"].iloc[0]))
        marks = ticks(first, months, 5 if size.narrow else 10)
        panels[-1, 0].set_xticks([month for month, _ in marks], [label for _, label in marks])
        panels[-1, 0].set_xlim(0, months)
    return figure


def _band(axes: Axes, rows: pd.DataFrame, side: str) -> None:
    """Draw the mean of one side with the middle 90 % of its runs."""
    color = _COLORS[side]
    axes.fill_between(rows["month"], rows["low"], rows["high"], color=color, alpha=0.16, lw=0)
    axes.plot(rows["month"], rows["mean"], color=color, linestyle=_LINES[side], linewidth=1.8)


def _zero(axes: Axes, size: Size) -> None:
    """Mark where parting the allies and holding them together lie level."""
    low, high = axes.get_ylim()
    axes.set_ylim(min(low, (-0.3 if size.narrow else -0.2) * high), high)
    axes.axhline(0, color=INK, linewidth=0.8, zorder=3)
    axes.annotate(
        text("below: parting the allies lies lower"),
        (0, 0),
        xytext=(4, -3),
        textcoords="offset points",
        va="top",
        color=MUTED,
        fontsize=size.font - 1,
    )


def _name_ends(axes: Axes, rows: pd.DataFrame, size: Size) -> None:
    """Name world and twin at the right end of their lines."""
    low, high = axes.get_ylim()
    last = {side: float(rows[rows["side"] == side]["mean"].iloc[-1]) for side in _NAMES}
    space = (high - low) * (0.3 if size.narrow else 0.14)
    places = apart(list(last.values()), space, low, high)
    for place, (side, name) in zip(places, _NAMES.items(), strict=True):
        axes.annotate(
            text(name).replace(" ", "\n", 1) if size.narrow else text(name),
            (1, place),
            xycoords=("axes fraction", "data"),
            xytext=(4, 0),
            textcoords="offset points",
            color=_COLORS[side],
            va="center",
            fontweight="bold",
            fontsize=size.font - 0.5,
        )
