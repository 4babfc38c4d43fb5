"""Factors of an experiment along the axes of figures: where levels stand and are marked.

Only what lies along and around a chart: no data are drawn here.
"""

from __future__ import annotations

import textwrap
from collections.abc import Mapping, Sequence
from typing import Any, Literal, NamedTuple

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import ScalarFormatter

from alliancesim.arrays import Array
from alliancesim.experiment.factors import Axis
from alliancesim.figures.words import plain
from alliancesim.language import number, text
from alliancesim.scenario.quantities import month_count, month_text

TITLE = 32
"""Letters in a line of a panel's title, where two panels stand side by side."""

_MONTHS_APART = (1, 2, 3, 6, 12, 24, 60, 120, 240, 600)


class Side(NamedTuple):
    """A factor along an axis.

    Attributes:
        name: its column in tables.
        label: what it is.
        unit: its unit, or an empty text.
        kind: numbers, months, or values to choose from.
        log: whether the axis is logarithmic.
        levels: the values that stand on it, in its order.
        places: where they stand.
    """

    name: str
    label: str
    unit: str
    kind: Literal["number", "month", "choice"]
    log: bool
    levels: tuple[Any, ...]
    places: Array

    def place(self, level: Any) -> float:
        """Return where a level stands, between others where it is a number or a month."""
        if self.kind == "choice":
            return float(self.levels.index(level))
        return float(month_count(level) if self.kind == "month" else level)

    def titled(self, width: int) -> str:
        """Return label and unit in lines of at most so many letters."""
        if not self.unit:
            return wrapped(self.label, width)
        unit = f"({self.unit})"
        if len(self.label) + 1 + len(unit) <= width:
            return f"{self.label} {unit}"
        return f"{wrapped(self.label, width, 2)}\n{wrapped(unit, width, 2)}"

    @property
    def edges(self) -> Array:
        """Return the borders between levels, and both ends, half a step out."""
        places = np.log(self.places) if self.log else self.places
        if len(places) == 1:
            found = np.array([places[0] - 0.5, places[0] + 0.5])
        else:
            middles = (places[1:] + places[:-1]) / 2
            ends = (1.5 * places[[0, -1]] - 0.5 * places[[1, -2]]).tolist()
            found = np.array([ends[0], *middles, ends[1]])
        return np.exp(found) if self.log else found


def side_of(axis: Axis, levels: Sequence[Any], label: str) -> Side:
    """Return a factor along an axis.

    Args:
        axis: the factor.
        levels: the values that stand on the axis, in its order.
        label: what the factor is.
    """
    words = plain(label, 70), plain(text(axis.unit), 50)
    side = Side(axis.name, *words, axis.kind, axis.scale == "log", tuple(levels), np.zeros(0))
    return side._replace(places=np.array([side.place(level) for level in levels], dtype=float))


def level_text(level: Any) -> str:
    """Return a level as text: numbers to three digits, switches as yes and no."""
    if isinstance(level, bool | np.bool_):
        return text("yes") if level else text("no")
    if isinstance(level, int | float | np.number):
        return number(f"{float(level):.3g}".replace("-", "−"))
    return plain(str(level), 16)


def mark_side(axes: Axes, side: Side, which: Literal["x", "y"], most: int) -> None:
    """Scale one axis of a figure and mark levels on it.

    Args:
        axes: where.
        side: the factor.
        which: the horizontal or the vertical axis.
        most: largest number of marks.
    """
    axis = axes.xaxis if which == "x" else axes.yaxis
    if side.kind == "number":
        if side.log:
            axes.set(**{f"{which}scale": "log"})
            few = side.places[
                np.linspace(0, len(side.places) - 1, min(4, most)).round().astype(int)
            ]
            axis.set_ticks(few, [number(f"{place:.2g}") for place in few])
            axis.set_ticks([], minor=True)
        else:
            axes.locator_params(axis=which, nbins=most)
    elif side.kind == "month":
        low, high = int(side.places.min()), int(side.places.max())
        step = next((s for s in _MONTHS_APART if (high - low) // s < most), _MONTHS_APART[-1])
        marks = range(low, high + 1, step)
        axis.set_ticks(list(marks), [month_text(mark) for mark in marks])
    else:
        chosen = range(0, len(side.levels), -(-len(side.levels) // (2 * most)))
        axis.set_ticks(list(chosen), [level_text(side.levels[k]) for k in chosen])


class _Spoken(ScalarFormatter):
    """Writes numbers beside an axis with the decimal sign of the language spoken."""

    @staticmethod
    def fix_minus(s: str) -> str:
        """Return a number as written, with a true minus and that decimal sign."""
        return number(ScalarFormatter.fix_minus(s))


def speak_numbers(figure: Figure) -> None:
    """Have a figure write the numbers beside its axes in the language spoken when it is drawn.

    Args:
        figure: whose axes; those with labels of their own keep them.
    """
    for axes in figure.axes:
        for axis in (axes.xaxis, axes.yaxis):
            if type(axis.get_major_formatter()) is ScalarFormatter:
                axis.set_major_formatter(_Spoken())


def wrapped(said: str, width: int, most: int = 3) -> str:
    """Return a text in lines of at most so many letters, cut off after so many lines."""
    lines = textwrap.wrap(said, width) or [""]
    kept = lines[:most]
    return "\n".join(kept) + ("…" if len(lines) > most else "")


def legend_below(figure: Figure, entries: Mapping[str, Any], columns: int, **more: Any) -> None:
    """Put a legend below everything.

    Args:
        figure: the figure.
        entries: what explains each look, by its text.
        columns: number of columns.
        more: what else the legend is to be given.
    """
    figure.legend(
        list(entries.values()),
        list(entries),
        loc="outside lower center",
        ncols=columns,
        frameon=False,
        **more,
    )
