"""What each factor of an experiment does alone, and what two do together.

No mean is taken here, only means from tables are drawn; the plane of two factors as a whole is in
phase.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from alliancesim.figures.axes import Side, level_text, mark_side, wrapped
from alliancesim.figures.style import (
    ACCENT,
    BACKFIRE_ZONE,
    BINDS,
    DIVIDES,
    INK,
    MUTED,
    NULL_ZONE,
    SPLIT_ZONE,
    WIDE,
    Size,
    apart,
    new_figure,
    styled,
)
from alliancesim.language import text

SLICE_LOOKS = (("#004a75", "o", "-"), ("#3c8fc0", "s", (0, (5, 1.5))), ("#c4500a", "^", "-."))
"""Colour, marker and dashes of the lowest, middle and highest level of the other factor."""

MOST_PAIRS = 12

_LEAST_ZONE = 0.07


class Shown(NamedTuple):
    """The outcome that figures of effects show.

    Attributes:
        what: the outcome in words.
        margin: effects within plus or minus this count as nothing; None for other outcomes.
    """

    what: str
    margin: float | None


def main_effects_chart(
    table: pd.DataFrame, sides: Sequence[Side], shown: Shown, size: Size = WIDE
) -> Figure:
    """Draw the mean outcome at each level of each factor, over all values of the others.

    Args:
        table: columns ``factor``, ``level``, ``mean``, ``mean_low``, ``mean_high``.
        sides: the factors to draw, with their levels in order.
        shown: the outcome.
        size: how large to draw.

    Returns:
        One panel per factor on one common scale: means with their 95 % intervals, dimensionless.
    """
    columns = min(len(sides), 2 if size.narrow else 3)
    lines = -(-len(sides) // columns)
    with styled(size):
        each = 2.2 if size.narrow else 2.5
        figure = new_figure(size, each * lines + 0.2)
        grid = figure.subplots(lines, columns, sharey=True, squeeze=False)
        for axes in grid.ravel()[len(sides) :]:
            axes.set_axis_off()
        for place, (axes, side) in enumerate(zip(grid.ravel(), sides, strict=False)):
            rows = table[table["factor"] == side.name]
            _level_means(axes, rows, side)
            mark_side(axes, side, "x", 4 if columns > 1 else 7)
            axes.set_xlabel(side.titled((46 if size.narrow else 84) // columns))
            if place % columns == 0:
                axes.set_ylabel(wrapped(text("mean {what}").format(what=shown.what), 34))
        _limit(grid[0, 0], table["mean"].tolist(), shown)
        _zones(grid[0, 0], grid.ravel()[: len(sides)], shown)
    return figure


def _level_means(axes: Axes, rows: pd.DataFrame, side: Side) -> None:
    """Draw one factor: a line with a band, or dots with whiskers for values to choose from."""
    x = np.array([side.place(level) for level in rows["level"]])
    mean, low, high = (
        rows[name].to_numpy(np.float64) for name in ("mean", "mean_low", "mean_high")
    )
    known = np.isfinite(low) & np.isfinite(high)
    if side.kind == "choice" or len(x) <= 3:
        for place, start, end in zip(x[known], low[known], high[known], strict=True):
            axes.plot([place, place], [start, end], color=INK, linewidth=1.4, zorder=4)
        line = "none" if side.kind == "choice" else "-"
        axes.plot(x, mean, marker="o", ms=5, color=ACCENT, linestyle=line, linewidth=1.2, zorder=5)
        if side.kind == "choice":
            axes.set_xlim(-0.5, len(side.levels) - 0.5)
        return
    axes.fill_between(x, low, high, where=known.tolist(), color=ACCENT, alpha=0.25, linewidth=0)
    axes.plot(x, mean, color=ACCENT, linewidth=1.6, zorder=4)
    if len(x) <= 21:
        axes.plot(x, mean, "o", ms=3, color=ACCENT, zorder=5)


def _zones(first: Axes, panels: Iterable[Axes], shown: Shown) -> None:
    """Shade where an effect counts as split, nothing and backfire, and draw zero."""
    least = 1.4 * shown.margin if shown.margin else 0.0
    low, high = min(first.get_ylim()[0], -least), max(first.get_ylim()[1], least)
    first.set_ylim(low, high)
    for place, axes in enumerate(panels):
        axes.axhline(0, color=INK, linewidth=0.8, zorder=3)
        if not shown.margin:
            continue
        parts = (
            (low, -shown.margin, SPLIT_ZONE, "split", "bottom"),
            (-shown.margin, shown.margin, NULL_ZONE, "null", "bottom"),
            (shown.margin, high, BACKFIRE_ZONE, "backfire", "top"),
        )
        for start, end, color, name, side in parts:
            axes.axhspan(start, end, color=color, zorder=0, linewidth=0)
            if place == 0 and end - start > _LEAST_ZONE * (high - low):
                where = axes.get_yaxis_transform()
                y = end if side == "top" else start
                at_left = _is_freer_at_left(axes, y)
                axes.text(
                    0.015 if at_left else 0.985,
                    y,
                    text(name),
                    transform=where,
                    ha="left" if at_left else "right",
                    va=side,
                    color=MUTED,
                    zorder=3,
                )
        for edge in (-shown.margin, shown.margin):
            axes.axhline(edge, color=MUTED, linewidth=0.8, linestyle=(0, (1, 2)), zorder=3)


def _is_freer_at_left(axes: Axes, y: float) -> bool:
    """Say whether the lines of a panel begin further from a height than they end."""
    drawn = [np.asarray(line.get_ydata(), dtype=np.float64) for line in axes.lines]
    ends = [(abs(line[0] - y), abs(line[-1] - y)) for line in drawn if line.size]
    left, right = np.min(ends, axis=0)
    return bool(left > right)


def _limit(axes: Axes, means: Sequence[float], shown: Shown) -> None:
    """Keep intervals that are far wider than what the means span from flattening everything."""
    reach = 2 * max(float(np.ptp(means)), shown.margin or 0.0, 1e-6)
    low, high = axes.get_ylim()
    axes.set_ylim(max(low, min(means) - reach), min(high, max(means) + reach))


def slice_table(phases: pd.DataFrame, along: Side, other: Side) -> pd.DataFrame:
    """Return the cells of a plane at the lowest, the middle and the highest level of a factor.

    Args:
        phases: one row per cell.
        along: the factor that each line runs along.
        other: the factor that is held.
    """
    held = list(dict.fromkeys(other.levels[k] for k in (0, len(other.levels) // 2, -1)))
    rows = phases[phases[other.name].isin(held)]
    return rows.iloc[
        np.lexsort([rows[along.name].map(along.place), rows[other.name].map(other.place)])
    ]


def slices_chart(
    rows: pd.DataFrame, along: Side, other: Side, outcome: str, shown: Shown, size: Size = WIDE
) -> Figure:
    """Draw the mean outcome along one factor at three levels of another.

    Args:
        rows: as from :func:`slice_table`.
        along: the factor that each line runs along.
        other: the factor that is held.
        outcome: column of the outcome.
        shown: the outcome in words.
        size: how large to draw.

    Returns:
        One line with its 95 % interval per level; parallel lines mean that each acts for itself.
    """
    with styled(size):
        figure = new_figure(size, 3.0)
        axes = figure.add_subplot()
        ends: list[tuple[float, str, str]] = []
        for level, (color, marker, dashes) in zip(
            list(dict.fromkeys(rows[other.name])), SLICE_LOOKS, strict=False
        ):
            line = rows[rows[other.name] == level]
            x = np.array([along.place(found) for found in line[along.name]])
            low, high = (line[f"{outcome}_{end}"].to_numpy(np.float64) for end in ("low", "high"))
            known = np.isfinite(low)
            axes.fill_between(
                x, low, high, where=known.tolist(), color=color, alpha=0.2, linewidth=0
            )
            look: dict[str, Any] = {"color": color, "linestyle": dashes, "marker": marker, "ms": 4}
            axes.plot(x, line[outcome], markevery=max(1, len(x) // 8), **look)
            ends.append(
                (
                    float(line[outcome].iloc[-1]),
                    text("at {level}").format(level=level_text(level)),
                    color,
                )
            )
        mark_side(axes, along, "x", 5 if size.narrow else 9)
        axes.set_xlabel(along.titled(44 if size.narrow else 80))
        axes.set_ylabel(wrapped(text("mean {what}").format(what=shown.what), 34))
        axes.margins(x=0.01)
        _limit(axes, rows[outcome].tolist(), shown)
        _zones(axes, [axes], shown)
        _name_slices(axes, ends, other, size)
    return figure


def _name_slices(
    axes: Axes, ends: Sequence[tuple[float, str, str]], other: Side, size: Size
) -> None:
    """Write the level that each line is held at beside its end."""
    low, high = axes.get_ylim()
    order = sorted(ends)
    places = apart([end[0] for end in order], 0.075 * (high - low), low, high)
    for place, (_, written, color) in zip(places, order, strict=True):
        axes.annotate(
            written,
            (1, place),
            xycoords=("axes fraction", "data"),
            xytext=(5, 0),
            textcoords="offset points",
            va="center",
            color=color,
            fontweight="bold",
            fontsize=size.font - 0.5,
        )
    axes.set_title(
        wrapped(
            text("Lines: {factor}").format(factor=other.titled(200)), 36 if size.narrow else 84, 2
        )
    )


def interactions_chart(table: pd.DataFrame, labels: Mapping[str, str], size: Size = WIDE) -> Figure:
    """Draw how far pairs of factors act other than by the sum of what each does alone.

    Args:
        table: columns ``first``, ``second``, ``share``, ``share_low``, ``share_high``, ``noise``
            and ``variance``, the strongest pair first.
        labels: what each factor is.
        size: how large to draw.

    Returns:
        One bar per pair: the share of the variance of cell means that no sum fits, with its 95 %
        interval; a tick where mere scatter within cells would put it.
    """
    rows = table.head(MOST_PAIRS)
    names = [
        f"{wrapped(labels[first], 40, 1)}\n× {wrapped(labels[second], 38, 1)}"
        for first, second in zip(rows["first"], rows["second"], strict=True)
    ]
    with styled(size):
        step = 0.52 if size.narrow else 0.36
        figure = new_figure(size, step * len(rows) + 0.6)
        axes = figure.add_subplot()
        share = 100 * rows["share"].to_numpy(np.float64)
        spots = np.arange(len(rows))
        axes.barh(spots, share, 0.36 if size.narrow else 0.5, color=ACCENT, zorder=3)
        _whiskers(axes, spots, 100 * rows["share_low"], 100 * rows["share_high"])
        variance = rows["variance"].to_numpy(np.float64)
        noise = 100 * rows["noise"].to_numpy(np.float64) / np.where(variance > 0, variance, 1.0)
        for spot, place in zip(spots[noise > 0], noise[noise > 0], strict=True):
            axes.plot([place, place], [spot - 0.2, spot + 0.3], color=INK, linestyle=":", zorder=5)
        axes.set_ylim(len(rows) - 0.4, -0.8 if size.narrow else -0.6)
        axes.set_xlim(left=0)
        row_labels(axes, names, size)
        axes.set_xlabel(text("variance of cell means that no sum fits, %"))
    return figure


def _whiskers(axes: Axes, spots: Any, lows: pd.Series[float], highs: pd.Series[float]) -> None:
    """Draw intervals along x, where they are known."""
    for spot, low, high in zip(spots, lows, highs, strict=True):
        if np.isfinite(low) and np.isfinite(high):
            axes.plot([low, high], [spot, spot], color=INK, linewidth=1.2, zorder=6)


def row_labels(axes: Axes, names: Sequence[str], size: Size, *, lift: float = 0.24) -> None:
    """Name the rows of a figure: to the left where there is room, above each row on a phone.

    Args:
        axes: with row k at y = k, downward.
        names: one per row.
        size: of the figure.
        lift: how far above its row a name stands on a phone, in rows.
    """
    axes.tick_params(axis="y", length=0)
    axes.set_yticks([])
    if not size.narrow:
        for place, name in enumerate(names):
            _beside(axes, place, name.split("\n"), size)
        return
    for place, name in enumerate(names):
        axes.annotate(
            name.replace("\n", " "),
            (0, place - lift),
            xycoords=("axes fraction", "data"),
            xytext=(2, 0),
            textcoords="offset points",
            va="bottom",
            fontsize=size.font - 0.5,
            annotation_clip=False,
            zorder=7,
        )


def _beside(axes: Axes, place: int, lines: Sequence[str], size: Size) -> None:
    """Write lines to the left of a row; each for itself, so that any font ends them alike."""
    height = 1.25 * (size.font - 1)
    for k, line in enumerate(lines):
        axes.annotate(
            line,
            (0, place),
            xycoords=("axes fraction", "data"),
            xytext=(-5, height * ((len(lines) - 1) / 2 - k)),
            textcoords="offset points",
            ha="right",
            va="center",
            fontsize=size.font - 1,
            annotation_clip=False,
        )


def importance_chart(
    table: pd.DataFrame, labels: Mapping[str, str], sourced: Mapping[str, bool], size: Size = WIDE
) -> Figure:
    """Draw how strongly the outcome hangs on each factor.

    Args:
        table: columns ``factor``, ``coefficient``, ``low``, ``high``, the strongest first.
        labels: what each factor is.
        sourced: whether its number in the scenario is measured, derived or coded.
        size: how large to draw.

    Returns:
        One bar per factor: its standardised rank regression coefficient with its 95 % interval,
        blue to the right where more of it raises the outcome, orange and hatched to the left where
        it lowers it; a filled square where its number has a source, a hollow one where not.
    """
    with styled(size):
        figure = new_figure(size, (0.4 if size.narrow else 0.27) * len(table) + 0.95)
        axes = figure.add_subplot()
        for place, row in enumerate(table.to_dict("records")):
            value = float(row["coefficient"])
            axes.barh(
                place,
                value,
                0.3 if size.narrow else 0.6,
                facecolor=BINDS if value >= 0 else DIVIDES,
                edgecolor="white",
                hatch=None if value >= 0 else "////",
                linewidth=0,
                zorder=3,
            )
        _whiskers(axes, range(len(table)), table["low"], table["high"])
        axes.axvline(0, color=INK, linewidth=0.8, zorder=4)
        axes.set_ylim(len(table) - 0.5, -0.85 if size.narrow else -0.6)
        names = [f"{labels[name]}  {'■' if sourced[name] else '□'}" for name in table["factor"]]
        row_labels(axes, names, size, lift=0.2)
        axes.set_xlabel(text("lowers  ←   weight   →  raises"))
        axes.locator_params(axis="x", nbins=5 if size.narrow else 9)
        figure.supxlabel(
            text("■ has a source    □ judgement, default or unstated"),
            fontsize=size.font - 0.5,
            color=INK,
        )
    return figure
