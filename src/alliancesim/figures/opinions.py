"""Opinion inside the alliance and toward the divider, with what polls measured.

No other state is drawn here, since polls measure none.
"""

from __future__ import annotations

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from alliancesim.figures.axes import TITLE, wrapped
from alliancesim.figures.calendar import date_axis
from alliancesim.figures.cast import allied_pairs, dividers, names
from alliancesim.figures.marks import observation_marks, observed
from alliancesim.figures.style import ACCENT, INK, MUTED, TWIN, WIDE, Size, new_figure, styled
from alliancesim.figures.timeline import bands
from alliancesim.language import text
from alliancesim.results.result import Result

MOST_PANELS = 8
LEAST_SPAN = 0.3


def opinion_pairs(result: Result) -> list[tuple[str, str]]:
    """Return the ordered pairs whose opinion is drawn: inside the alliance, then of dividers."""
    alliance = result.manifest["scenario"]["outcome"]["alliance"]
    outward = [(of, divider) for divider in dividers(result) for of in alliance]
    return [*allied_pairs(result), *outward][:MOST_PANELS]


def opinion_chart(result: Result, size: Size = WIDE) -> Figure:
    """Draw the allies' opinion of one another and of the divider.

    Args:
        result: results of one scenario.
        size: how large to draw.

    Returns:
        One panel per ordered pair: medians and 90 % bands of world and twin, polls as diamonds; net
        favourability, -1 to 1.
    """
    pairs = opinion_pairs(result)
    called = names(result)
    table = result.quantiles()
    table = table[table["variable"] == "opinion"]
    seen = observation_marks(result)
    columns = 1 if size.narrow else 2
    lines = -(-len(pairs) // columns)
    with styled(size):
        figure = new_figure(size, (1.5 if size.narrow else 1.75) * lines + 0.3)
        grid = figure.subplots(lines, columns, squeeze=False)
        for axes in grid.ravel()[len(pairs) :]:
            axes.set_axis_off()
        for place, (axes, (of, toward)) in enumerate(zip(grid.ravel(), pairs, strict=False)):
            rows = table[(table["of"] == of) & (table["toward"] == toward)]
            points = observed(seen, "opinion", [(of, toward)])
            _panel(axes, rows, points)
            titled = text("{of} of {toward}").format(of=called[of], toward=called[toward])
            axes.set_title(wrapped(titled, TITLE))
            date_axis(axes, result, size, most=5 if size.narrow else 6)
            if place % columns == 0:
                axes.set_ylabel(text("net favourability"))
    return figure


def _panel(axes: Axes, rows: pd.DataFrame, points: list[tuple[int, float, str]]) -> None:
    """Draw one pair."""
    bands(axes, rows[rows["world"] == "twin"], TWIN, (0, (4, 2)), inner=False)  # type: ignore[arg-type]
    bands(axes, rows[rows["world"] == "world"], ACCENT, "-", inner=False)
    values = [*rows["q05"], *rows["q95"], *(value for _, value, _ in points)]
    low, high = float(min(values)), float(max(values))
    middle, half = (low + high) / 2, max(0.56 * (high - low), LEAST_SPAN / 2)
    middle = min(max(middle, -1 + half), 1 - half)
    axes.set_ylim(middle - half, middle + half)
    if low < 0 < high:
        axes.axhline(0, color=MUTED, linewidth=0.6, zorder=1)
    for month, value, sign in points:
        axes.plot(month, value, "D", ms=6, mfc="white", mec=INK, mew=1.2, zorder=6, clip_on=False)
        axes.annotate(
            sign, (month, value), xytext=(7, 0), textcoords="offset points", va="center", zorder=6
        )
