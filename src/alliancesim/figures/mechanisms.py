"""Why: the mechanisms by which the wedge moved each ally's decision toward its partner.

Only decisions of the last months enter; how terms moved cohesion month by month is drawn in ledger.
"""

from __future__ import annotations

import math

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from alliancesim.figures.axes import TITLE, wrapped
from alliancesim.figures.cast import allied_pairs, names
from alliancesim.figures.style import BINDS, DIVIDES, FAINT, INK, WIDE, Size, new_figure, styled
from alliancesim.figures.words import signed
from alliancesim.language import message, text
from alliancesim.results.result import Result

SMALL = 0.05
"""Mechanisms below this share of the largest, in every direction, are folded into ``OTHER``."""

OTHER = message("other")
NET = message("net")
MOST_PANELS = 6


def reasons_chart(result: Result, size: Size = WIDE) -> Figure:
    """Draw what each mechanism added to the log-odds of cooperating with the ally.

    Args:
        result: results of one scenario.
        size: how large to draw.

    Returns:
        One panel per direction inside the alliance: bars to the right bind, bars to the left
        (hatched) divide, with 95 % intervals over runs; log-odds, world minus twin, mean of the
        last months; the sum of all mechanisms at the foot.
    """
    pairs = allied_pairs(result)[:MOST_PANELS]
    order = folded_order(result)
    called = names(result)
    columns = 1 if size.narrow or len(pairs) == 1 else 2
    lines = -(-len(pairs) // columns)
    with styled(size):
        height = lines * (0.215 * (len(order) + 1) + 0.55) + 0.35
        figure = new_figure(size, height)
        grid = figure.subplots(lines, columns, sharex=True, squeeze=False)
        for axes in grid.ravel()[len(pairs) :]:
            axes.set_axis_off()
        for axes, (of, toward) in zip(grid.ravel(), pairs, strict=False):
            _panel(axes, folded(result, of, toward, order), size)
            titled = text("{of} toward {toward}").format(of=called[of], toward=called[toward])
            axes.set_title(wrapped(titled, TITLE))
        _symmetric(grid[0, 0])
        for axes in grid[-1]:
            named = text("divides  ←   log-odds, world − twin   →  binds")
            axes.set_xlabel(named, fontsize=size.font - 1.5)
    return figure


def folded_order(result: Result) -> list[str]:
    """Return the mechanisms to show, largest first, with ``OTHER`` last where some are folded."""
    size = result.reasons.groupby("mechanism", sort=False)["estimate"].agg(_largest)
    large = size[size > SMALL * size.max()] if size.max() > 0 else size[:0]
    order = [str(name) for name in large.sort_values(ascending=False, kind="stable").index]
    return [*order, OTHER] if len(order) < len(size) else order


def folded(result: Result, of: str, toward: str, order: list[str]) -> pd.DataFrame:
    """Return one direction's reasons in a given order, the rest added up, the sum of all last.

    Args:
        result: results of one scenario.
        of: the ally that decides.
        toward: the ally it decides about.
        order: mechanisms, as from :func:`folded_order`.

    Returns:
        Columns ``mechanism``, ``estimate``, ``low``, ``high``, in log-odds; sums have no interval.
    """
    table = result.reasons
    table = table[(table["of"] == of) & (table["toward"] == toward)].set_index("mechanism")
    rows = [
        (name, *(float(table[key][name]) for key in ("estimate", "low", "high")))
        for name in order
        if name != OTHER
    ]
    if OTHER in order:
        rest = float(table.loc[~table.index.isin(order), "estimate"].sum())
        rows.append((OTHER, rest, math.nan, math.nan))
    rows.append((NET, float(table["estimate"].sum()), math.nan, math.nan))
    return pd.DataFrame(rows, columns=["mechanism", "estimate", "low", "high"])


def bar_name(name: str) -> str:
    """Return what a bar is called: a mechanism by its name, a sum of several in words."""
    return text(name) if name in (OTHER, NET) else name


def _largest(values: pd.Series[float]) -> float:
    return float(np.abs(values.to_numpy()).max())


def _panel(axes: Axes, table: pd.DataFrame, size: Size) -> None:
    """Draw one direction."""
    for place, row in enumerate(table.to_dict("records")):
        value = float(row["estimate"])
        net = row["mechanism"] == NET
        color = INK if net else BINDS if value >= 0 else DIVIDES
        axes.barh(
            place,
            value,
            0.62,
            facecolor=color,
            edgecolor="white",
            hatch="////" if value < 0 and not net else None,
            linewidth=0,
        )
        end = value
        if math.isfinite(row["low"]) and math.isfinite(row["high"]):
            axes.plot([row["low"], row["high"]], [place, place], color=INK, linewidth=1.0)
            end = max(row["high"], 0.0) if value >= 0 else min(row["low"], 0.0)
        axes.annotate(
            signed(value, 2),
            (end, place),
            xytext=(3 if value >= 0 else -3, 0),
            textcoords="offset points",
            ha="left" if value >= 0 else "right",
            va="center_baseline",
            fontsize=size.font - 1.5,
            fontweight="bold" if net else "normal",
        )
    axes.set_yticks(range(len(table)), [bar_name(str(name)) for name in table["mechanism"]])
    axes.get_yticklabels()[-1].set_fontweight("bold")
    axes.set_ylim(len(table) - 0.4, -0.6)
    axes.axhline(len(table) - 1.5, color=FAINT, linewidth=0.8)
    axes.axvline(0, color=INK, linewidth=0.8)
    axes.tick_params(axis="y", length=0)
    axes.spines["left"].set_visible(False)


def _symmetric(axes: Axes) -> None:
    """Give both sides of zero the same length, with room for the numbers."""
    most = max(abs(end) for end in axes.get_xlim())
    most = most if most > 1e-9 else 0.1
    axes.set_xlim(-1.5 * most, 1.5 * most)
    axes.locator_params(axis="x", nbins=5)
