"""Paths of the model beside the record: bands, observations, episodes, the forecast's beginning.

Nothing of the rivals is drawn here: how forecasters compare is for hindcast_scoreboard.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from alliancesim.figures.calendar import ticks
from alliancesim.figures.style import (
    ACCENT,
    INK,
    MARKERS,
    MUTED,
    NULL_ZONE,
    PARTNERS,
    WIDE,
    Size,
    hide_frame,
    new_figure,
    styled,
)
from alliancesim.figures.words import plain
from alliancesim.language import text
from alliancesim.scenario.quantities import month_count

NINETY = 1.6449
"""Standard errors to either side within which 90 % of normal errors lie."""

MOST_PANELS = 12
LEAST_SPAN = 0.3

_LINE = 0.17
"""Height of a line of a legend, in inches."""

_SEEN, _FORETOLD = (0.16, 0.34), (0.08, 0.17)
"""Opacity of the outer and the inner band: where the fit saw the record, and where it did not."""


class Episode(NamedTuple):
    """A stretch over which changes were coded.

    Attributes:
        label: its short name.
        since: the month from which changes count, as of ``month_count``.
        until: its last month, likewise.
    """

    label: str
    since: int
    until: int


class Quantity(NamedTuple):
    """A variable of an ordered pair."""

    variable: str
    of: str
    toward: str

    def titled(self, names: Mapping[str, str], longest: int = 60) -> str:
        """Return it in words, with the actors' names where they have one."""
        of, toward = (plain(names.get(code, code), 30) for code in (self.of, self.toward))
        said = text(self.variable)
        if self.variable == "cohesion":
            told = text("{variable}: {of} and {toward}")
        else:
            told = text("{variable}: {of} of {toward}")
        variable = said[:1].upper() + said[1:]
        return plain(told.format(variable=variable, of=of, toward=toward), longest)


class Charted(NamedTuple):
    """What a chart of paths shows.

    Attributes:
        paths: bands by quantity and month, of one split.
        seen: observations with ``held_out``, of the same split.
        episodes: the stretches to shade.
        names: full names of actors.
    """

    paths: pd.DataFrame
    seen: pd.DataFrame
    episodes: Sequence[Episode]
    names: Mapping[str, str]

    @property
    def ends(self) -> tuple[int, int]:
        """Return the first and the last month, as of ``month_count``."""
        return month_count(self.paths["date"].min()), month_count(self.paths["date"].max())

    @property
    def last_fitted(self) -> int | None:
        """Return the last month that the fit saw; None where it saw all or nothing."""
        held = self.seen["held_out"]
        if not held.any() or held.all():
            return None
        return month_count(self.seen.loc[~held, "date"].max())


class Panel(NamedTuple):
    """What one panel shows.

    Attributes:
        quantity: the variable and the pair.
        rows: its bands, with ``month`` counted from the chart's first.
        levels: its observed levels.
        changes: its coded changes.
    """

    quantity: Quantity
    rows: pd.DataFrame
    levels: pd.DataFrame
    changes: pd.DataFrame

    @classmethod
    def of(cls, charted: Charted, quantity: Quantity) -> Panel:
        """Return what a chart shows of one quantity."""
        rows = of_quantity(charted.paths, quantity)
        seen = of_quantity(charted.seen, quantity)
        is_level = seen["since"] == ""
        by_month = rows.assign(month=months_from(charted.ends[0], rows["date"]))
        return cls(quantity, by_month, seen[is_level], seen[~is_level])

    @property
    def series(self) -> list[str]:
        """Return the series of observed levels: one source and one method each."""
        return [str(name) for name in self.levels["series"].unique()]

    def looks(self) -> Iterator[tuple[str, dict[str, Any]]]:
        """Yield each series with the marker and the colour of its levels."""
        for place, name in enumerate(self.series):
            color = (INK, *PARTNERS[1:])[place % len(PARTNERS)]
            marker = {"marker": MARKERS[place % len(MARKERS)], "ms": 4.5, "linestyle": "none"}
            yield name, {**marker, "mfc": color, "mec": color, "mew": 1.0}


def months_from(first: int, dates: Iterable[str]) -> list[int]:
    """Return how many months after a first one, as of ``month_count``, dates lie."""
    return [month_count(date) - first for date in dates]


def quantities(paths: pd.DataFrame) -> list[Quantity]:
    """Return the quantities of a table, cohesion first, then in its order."""
    rows = paths[list(Quantity._fields)].drop_duplicates().itertuples(index=False)
    found = [Quantity(*map(str, row)) for row in rows]
    return sorted(found, key=lambda one: one.variable != "cohesion")


def of_quantity(table: pd.DataFrame, quantity: Quantity) -> pd.DataFrame:
    """Return the rows of one quantity."""
    mask = pd.Series(True, index=table.index)
    for column, value in quantity._asdict().items():
        mask &= table[column] == value
    return table[mask]


def paths_chart(charted: Charted, size: Size = WIDE) -> Figure:
    """Draw the model's paths and what was observed, quantity by quantity.

    Args:
        charted: paths of one split and what was observed.
        size: how large to draw.

    Returns:
        One panel per quantity: median, 50 and 90 % bands, paler where the fit did not see the
        record; dotted, the part of the band that parameters alone make; observations with 90 % of
        their error, hollow where they were held out. Levels of opinion are net favourability, -1 to
        1; cohesion lies between 0 and 1.
    """
    shown = quantities(charted.paths)[:MOST_PANELS]
    panels = [Panel.of(charted, quantity) for quantity in shown]
    columns = 2 if size.narrow else 5
    first, last = charted.ends
    with styled(size):
        high = 1.5 if size.narrow else 1.4
        below = [0.05 + _LINE * -(-len(panel.series) // columns) for panel in panels]
        figure = new_figure(size, (high + 0.42) * len(panels) + sum(below) + 0.4)
        heights = [height for strip in below for height in (high, strip)]
        grid = figure.add_gridspec(2 * len(panels), 1, height_ratios=heights)
        for place, panel in enumerate(panels):
            axes = figure.add_subplot(grid[2 * place])
            _bands(axes, panel.rows, charted.last_fitted, first)
            _levels(axes, panel, first)
            hung = _changes(axes, panel, first)
            _limit(axes, panel, hung)
            _episodes(axes, charted.episodes, first, last, size)
            _forecast(axes, charted.last_fitted, first, size, named=place == 0)
            axes.set_title(panel.quantity.titled(charted.names, 44 if size.narrow else 80), pad=13)
            marks = ticks(first, last - first, 6 if size.narrow else 12)
            axes.set_xticks([month for month, _ in marks], [label for _, label in marks])
            axes.set_xlim(0, last - first)
            _legend(figure.add_subplot(grid[2 * place + 1]), panel, columns)
    return figure


def _bands(axes: Axes, rows: pd.DataFrame, last_fitted: int | None, first: int) -> None:
    """Draw median and bands, and what parameters alone make of the outer one."""
    border = None if last_fitted is None else last_fitted - first
    for part, (outer, inner) in _parts(rows, border):
        x = part["month"]
        for low, high, alpha in (("low90", "high90", outer), ("low50", "high50", inner)):
            axes.fill_between(x, part[low], part[high], color=ACCENT, alpha=alpha, linewidth=0)
    axes.plot(rows["month"], rows["middle"], color=ACCENT, linewidth=1.6, zorder=4)
    for end in ("parameters_low90", "parameters_high90"):
        axes.plot(
            rows["month"], rows[end], color=ACCENT, linewidth=0.9, linestyle=(0, (1, 1.6)), zorder=4
        )


def _parts(
    rows: pd.DataFrame, border: int | None
) -> Iterator[tuple[pd.DataFrame, tuple[float, float]]]:
    """Yield the months that the fit saw and those after, with the opacity of their bands."""
    if border is None:
        yield rows, _SEEN
    else:
        yield rows[rows["month"] <= border], _SEEN
        yield rows[rows["month"] >= border], _FORETOLD


def _levels(axes: Axes, panel: Panel, first: int) -> None:
    """Draw observed levels with 90 % of their error, hollow where they were held out."""
    for name, look in panel.looks():
        rows = panel.levels[panel.levels["series"] == name]
        axes.errorbar(
            months_from(first, rows["date"]),
            rows["observed"],
            NINETY * rows["error"],
            fmt="none",
            ecolor=look["mec"],
            elinewidth=0.7,
        )
        for held in (False, True):
            some = rows[rows["held_out"] == held]
            if not len(some):
                continue
            filled = {"mfc": "white"} if held else {}
            x = months_from(first, some["date"])
            axes.plot(x, some["observed"], zorder=6, clip_on=False, **(look | filled))


def _legend(axes: Axes, panel: Panel, columns: int) -> None:
    """Name the series of a panel, in a strip of its own."""
    hide_frame(axes)
    ending = f"-{panel.quantity.of}-{panel.quantity.toward}".lower()
    handles = [
        Line2D([], [], label=plain(name.replace(ending, "") or text("observed"), 26), **look)
        for name, look in panel.looks()
    ]
    if handles:
        axes.legend(
            handles=handles,
            loc="upper left",
            bbox_to_anchor=(0, 1),
            ncols=columns,
            frameon=False,
            handletextpad=0.2,
            columnspacing=1.2,
            borderaxespad=0.0,
            borderpad=0.0,
        ).set_in_layout(False)


def _changes(axes: Axes, panel: Panel, first: int) -> list[float]:
    """Draw coded changes, each hung on the model's median in the month from which it counts.

    Returns:
        Where their ends hang.
    """
    middle = panel.rows.set_index("date")["middle"]
    hung = []
    for row in panel.changes.to_dict("records"):
        if row["since"] not in middle.index:
            continue
        start = float(middle[row["since"]])
        ends = months_from(first, (row["since"], row["date"]))
        y = start + float(row["observed"])
        axes.plot(ends, [start, y], color=INK, linewidth=0.9, linestyle=(0, (3, 2)), zorder=5)
        axes.errorbar(
            ends[1], y, NINETY * float(row["error"]), fmt="none", ecolor=INK, elinewidth=0.7
        )
        face = "white" if row["held_out"] else INK
        axes.plot(ends[1], y, "D", ms=4.5, mfc=face, mec=INK, mew=1.0, zorder=6, clip_on=False)
        hung.append(y)
    return hung


def _limit(axes: Axes, panel: Panel, hung: Sequence[float]) -> None:
    """Show the bands and what was observed, and no less than a part of the scale."""
    values = [*panel.levels["observed"], *hung]
    low = float(min([panel.rows["low90"].min(), *values]))
    high = float(max([panel.rows["high90"].max(), *values]))
    middle, half = (low + high) / 2, max(0.54 * (high - low), LEAST_SPAN / 2)
    axes.set_ylim(middle - half, middle + half)
    axes.locator_params(axis="y", nbins=5)
    if middle - half < 0 < middle + half:
        axes.axhline(0, color=MUTED, linewidth=0.6, zorder=1)


def _episodes(axes: Axes, episodes: Sequence[Episode], first: int, last: int, size: Size) -> None:
    """Shade every second episode and name all of them along the upper edge."""
    for place, episode in enumerate(episodes):
        start, end = (month - first for month in (episode.since, episode.until))
        start, end = max(start, 0), min(end, last - first)
        if start >= end:
            continue
        if place % 2 == 0:
            axes.axvspan(start, end, color=NULL_ZONE, zorder=0, linewidth=0)
        axes.annotate(
            plain(episode.label, 8),
            ((start + end) / 2, 1),
            xycoords=("data", "axes fraction"),
            xytext=(0, 2),
            textcoords="offset points",
            ha="center",
            color=MUTED,
            fontsize=size.font - 1.5,
            annotation_clip=False,
        )


def _forecast(axes: Axes, last_fitted: int | None, first: int, size: Size, *, named: bool) -> None:
    """Mark where the fit ends and the forecast begins."""
    if last_fitted is None:
        return
    axes.axvline(last_fitted - first, color=INK, linewidth=1.1, linestyle=(0, (5, 2)), zorder=5)
    if named:
        axes.annotate(
            text("forecast from here"),
            (last_fitted - first, 1),
            xycoords=("data", "axes fraction"),
            xytext=(3, -3),
            textcoords="offset points",
            va="top",
            bbox={"facecolor": "white", "edgecolor": "none", "alpha": 0.85, "pad": 0.6},
            color=INK,
            fontweight="bold",
            fontsize=size.font - 0.5,
            zorder=7,
        )
