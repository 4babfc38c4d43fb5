"""What each actor does toward every other: cooperation and pressure, world against twin.

Who is shown is not settled here but in cast; why actors do it is drawn in mechanisms.
"""

from __future__ import annotations

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from alliancesim.figures.calendar import date_axis, span
from alliancesim.figures.cast import looks, names, shown
from alliancesim.figures.style import INK, MUTED, WIDE, Size, apart, new_figure, styled
from alliancesim.figures.words import plain
from alliancesim.language import text
from alliancesim.results.result import Result

ACTIONS = ("cooperation", "pressure")

_LONGEST = 10
"""Characters of a label beside a line, at most."""


def actions_chart(result: Result, size: Size = WIDE) -> Figure:
    """Draw every shown actor's cooperation and pressure toward the others.

    Args:
        result: results of one scenario.
        size: how large to draw.

    Returns:
        One row per actor, cooperation left and pressure right; a colour and marker per partner;
        medians of the world as solid and of the twin as dashed lines; dimensionless, 0 to 1.
    """
    actors = shown(result)
    table = result.quantiles()
    table = table[table["variable"].isin(ACTIONS) & table["of"].isin(actors)]
    table = table[table["toward"].isin(actors)]
    tops = {name: _top(table[table["variable"] == name]) for name in ACTIONS}
    called = names(result)
    with styled(size):
        row = 1.1 if size.narrow else 1.25
        entries = _entries(result, size)
        columns = _columns(entries, size)
        legend = 0.2 * -(-len(entries) // columns) + 0.1
        figure = new_figure(size, row * len(actors) + 0.5 + legend)
        grid = figure.subplots(len(actors), 2, sharex=True, squeeze=False)
        for k, of in enumerate(actors):
            for c, action in enumerate(ACTIONS):
                axes = grid[k, c]
                rows = table[(table["of"] == of) & (table["variable"] == action)]
                _panel(axes, rows, result, size)
                axes.set_ylim(0, tops[action])
                date_axis(axes, result, size, most=3 if size.narrow else 6)
                named = text(action)
                axes.set_title(named if size.narrow else f"{plain(called[of], 26)}: {named}")
                if size.narrow and c == 0:
                    axes.set_title(f"{called[of]}\n{named}")
                if not size.narrow:
                    _codes(axes, rows, size)
        _legend(figure, result, entries, columns)
    return figure


def _top(rows: pd.DataFrame) -> float:
    """Return the upper end of an axis that holds all values, in steps of 0.2."""
    return float(min(1.0, max(0.2, -(-(rows["q50"].max() + 0.02) // 0.2) * 0.2)))


def _panel(axes: Axes, rows: pd.DataFrame, result: Result, size: Size) -> None:
    """Draw one actor's action toward each of the others."""
    _, months = span(result)
    every = max(1, months // (3 if size.narrow else 5))
    for place, (toward, (color, marker)) in enumerate(looks(result).items()):
        for world, line, width in (("twin", (0, (3, 2)), 1.0), ("world", "-", 1.5)):
            path = rows[(rows["toward"] == toward) & (rows["world"] == world)]
            axes.plot(
                path["month"],
                path["q50"],
                color=color,
                linestyle=line,
                linewidth=width,
                marker=marker if world == "world" else None,
                markevery=(place * every // 4 % every, every),
                markersize=3.2,
            )
    axes.locator_params(axis="y", nbins=3)
    axes.grid(axis="y", color="#eceef0", linewidth=0.6)
    axes.set_axisbelow(True)


def _codes(axes: Axes, rows: pd.DataFrame, size: Size) -> None:
    """Write the partners' identifiers at the right end of their lines."""
    low, high = axes.get_ylim()
    last = rows[(rows["world"] == "world") & (rows["month"] == rows["month"].max())]
    ends = sorted(zip(last["q50"].astype(float), last["toward"].astype(str), strict=True))
    gap = 0.13 * (high - low)
    labels = _joined(ends, gap)
    places = apart([place for place, _ in labels], gap, low, high)
    for (_, label), place in zip(labels, places, strict=True):
        axes.annotate(
            label,
            (1, place),
            xycoords=("axes fraction", "data"),
            xytext=(5, 0),
            textcoords="offset points",
            va="center",
            color=INK,
            fontsize=size.font - 2,
        )


def _joined(ends: list[tuple[float, str]], gap: float) -> list[tuple[float, str]]:
    """Return place and label of lines, given rising; lines too close for labels share one.

    Where more than two lines run together a label could not say which is which, and the legend has
    to do.
    """
    clusters: list[list[tuple[float, str]]] = []
    for end in ends:
        if clusters and end[0] - clusters[-1][-1][0] < gap / 2:
            clusters[-1].append(end)
        else:
            clusters.append([end])
    labels = [
        (sum(place for place, _ in found) / len(found), ", ".join(code for _, code in found))
        for found in clusters
        if len(found) <= 2
    ]
    return [(place, text) for place, text in labels if len(text) <= _LONGEST]


def _entries(result: Result, size: Size) -> list[str]:
    """Return the legend's texts: partners, with identifiers where panels use them, and lines."""
    called = names(result)
    partners = [
        f"{plain(called[code], 28)} ({code})"
        if called[code] != code and not size.narrow
        else plain(called[code], 28)
        for code in looks(result)
    ]
    return [*partners, text("with the wedge"), text("without (twin)")]


def _columns(entries: list[str], size: Size) -> int:
    """Return how many columns of the legend fit, at some four points a letter."""
    room, most = (56, 2) if size.narrow else (116, 4)
    return max(1, min(most, room // (max(map(len, entries)) + 8)))


def _legend(figure: Figure, result: Result, entries: list[str], columns: int) -> None:
    """Explain colours, markers and lines below the panels."""
    handles = [
        Line2D([], [], color=color, marker=marker, markersize=4, linewidth=1.5)
        for color, marker in looks(result).values()
    ]
    handles += [
        Line2D([], [], color=MUTED, linewidth=1.5),
        Line2D([], [], color=MUTED, linewidth=1.0, linestyle=(0, (3, 2))),
    ]
    labels = [f" {entry}" for entry in entries]  # a leading underscore would hide an entry
    figure.legend(
        handles, labels, loc="outside lower center", ncols=columns, frameon=False, handlelength=2.4
    )
