"""Residuals over time, in units of what the model itself said they would be.

Only the model has residuals here: whether it knew its own errors is not a question to its rivals.
"""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from alliancesim.figures.calendar import ticks
from alliancesim.figures.hindcast_paths import NINETY, months_from, of_quantity, quantities
from alliancesim.figures.style import (
    BACKFIRE_ZONE,
    INK,
    MARKERS,
    MUTED,
    PARTNERS,
    WIDE,
    Size,
    new_figure,
    styled,
)
from alliancesim.language import text

_FURTHEST = 5.0
"""Standardised residuals beyond this are drawn at the edge."""


def residuals_chart(
    residuals: pd.DataFrame,
    ends: tuple[int, int],
    last_fitted: int | None,
    names: Mapping[str, str],
    size: Size = WIDE,
) -> Figure:
    """Draw observed minus predicted, over the spread that was predicted, by date.

    Args:
        residuals: columns ``variable``, ``of``, ``toward``, ``since``, ``date``, ``held_out``,
            ``standardised``.
        ends: first and last month, as of ``month_count``.
        last_fitted: the last month that the fit saw, likewise; None where there is none.
        names: full names of actors.
        size: how large to draw.

    Returns:
        One mark per observation: hollow where it was held out, larger for a coded change. Nine in
        ten should lie in the shaded band, and without a drift.
    """
    first, last = ends
    with styled(size):
        shown = quantities(residuals)
        lines = -(-(len(shown) + 1) // (1 if size.narrow else 2))
        figure = new_figure(size, 2.5 + 0.19 * lines)
        axes = figure.add_subplot()
        axes.axhspan(-NINETY, NINETY, color=BACKFIRE_ZONE, zorder=0, linewidth=0)
        axes.axhline(0, color=MUTED, linewidth=0.8, zorder=1)
        handles = []
        for place, quantity in enumerate(shown):
            color = (INK, *PARTNERS[1:])[place % len(PARTNERS)]
            marker = MARKERS[place % len(MARKERS)]
            for row in of_quantity(residuals, quantity).to_dict("records"):
                y = min(max(float(row["standardised"]), -_FURTHEST), _FURTHEST)
                face = "white" if row["held_out"] else color
                width = 6.5 if row["since"] else 4.5
                x = months_from(first, [str(row["date"])])
                axes.plot(x, [y], marker, ms=width, mfc=face, mec=color, mew=1.0, zorder=5)
            label = quantity.titled(names, 50)
            look = {"marker": marker, "linestyle": "none", "color": color, "ms": 5}
            handles.append(Line2D([], [], label=label, **look))  # type: ignore[arg-type]
        hollow = {"marker": "o", "linestyle": "none", "mfc": "white", "mec": MUTED, "ms": 5}
        handles.append(Line2D([], [], label=text("hollow: held out of the fit"), **hollow))  # type: ignore[arg-type]
        if last_fitted is not None:
            border = last_fitted - first
            axes.axvline(border, color=INK, linewidth=1.1, linestyle=(0, (5, 2)), zorder=3)
        marks = ticks(first, last - first, 6 if size.narrow else 12)
        axes.set_xticks([month for month, _ in marks], [label for _, label in marks])
        axes.set_xlim(-4, last - first + 4)
        reach = max(3.0, min(_FURTHEST, float(residuals["standardised"].abs().max())) + 0.4)
        axes.set_ylim(-reach, reach)
        axes.set_ylabel(text("standardised residual"))
        figure.legend(
            handles=handles,
            loc="outside lower left",
            ncols=1 if size.narrow else 2,
            frameon=False,
            handletextpad=0.3,
        )
    return figure
