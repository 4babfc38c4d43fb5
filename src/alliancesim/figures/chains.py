"""How a calibration's chains moved, and what each number was before it and is after it.

Whether chains have arrived is not judged here: calibration.diagnostics has said it.
"""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from alliancesim.calibration.chains import LOG_DENSITY
from alliancesim.calibration.priors import AMPLITUDE
from alliancesim.figures.effects import row_labels
from alliancesim.figures.export import png_bytes
from alliancesim.figures.style import (
    ACCENT,
    FAINT,
    INK,
    MUTED,
    NULL_ZONE,
    PARTNERS,
    WIDE,
    Size,
    new_figure,
    styled,
)
from alliancesim.figures.svg import svg_text
from alliancesim.figures.words import grouped
from alliancesim.language import message, number, text

MOST_TRACES = 11
"""Numbers whose traces are drawn, those with the largest r-hat, after that of the density."""

LOOKS = {
    "identified": (ACCENT, "o", ACCENT),
    "partly": (ACCENT, "o", "white"),
    "not": (MUTED, "D", "white"),
}
"""Colour, marker and filling by what the record says of a number."""

CALLED = {
    "identified": message("identified"),
    "partly": message("partly identified"),
    "not": message("not identified"),
}
"""What the record says of a number, in words."""

WHETHER = {"identified": message("yes"), "partly": message("partly"), "not": message("no")}
"""Whether the record identifies a number."""


def readable(name: str) -> str:
    """Return the name of a number as people read it."""
    if name.startswith(AMPLITUDE):
        parts = name.removeprefix(AMPLITUDE).split("_")
        return text("discrepancy {of}").format(of=" ".join(map(text, parts)))
    return text(name) if name == LOG_DENSITY else name.replace("_", " ")


def trace_chart(
    traces: pd.DataFrame, diagnostics: pd.DataFrame, burn: int, size: Size = WIDE
) -> Figure:
    """Draw how the ensembles moved.

    Args:
        traces: as from :func:`alliancesim.calibration.chains.traces`.
        diagnostics: columns ``name`` and ``r_hat``.
        burn: steps that are not used.
        size: how large to draw.

    Returns:
        A panel for the density and for each of the numbers with the largest r-hat: median over
        walkers of every ensemble, with a band from the 5 % to the 95 % quantile of the first.
    """
    worst = diagnostics.sort_values("r_hat", ascending=False, kind="stable").head(MOST_TRACES)
    panels = {
        LOG_DENSITY: "",
        **dict(zip(worst["name"], worst["r_hat"].map(_told), strict=True)),
    }
    columns = 1 if size.narrow else 3
    lines = -(-len(panels) // columns)
    with styled(size):
        figure = new_figure(size, 1.25 * lines + 0.3)
        grid = figure.subplots(lines, columns, sharex=True, squeeze=False)
        for axes in grid.ravel()[len(panels) :]:
            axes.set_axis_off()
        for axes, (name, told) in zip(grid.ravel(), panels.items(), strict=False):
            _trace(axes, traces[traces["name"] == name], burn)
            axes.set_title(readable(name), fontsize=size.font - 0.5)
            look = {"ha": "right", "va": "top", "fontsize": size.font - 1.5, "color": MUTED}
            axes.text(0.985, 0.97, told, transform=axes.transAxes, zorder=5, **look)
        for axes in grid[-1]:
            axes.set_xlabel(text("step"))
        said = (
            text("grey: the first {burn} steps, not used").format(burn=grouped(burn)),
            text("lines: medians over walkers, one line per ensemble"),
            text("band: 90 % of the walkers"),
        )
        figure.supxlabel(
            ("\n" if size.narrow else " · ").join(said), fontsize=size.font - 1, color=INK
        )
    return figure


def _told(r_hat: float) -> str:
    return number(f"r-hat {r_hat:.3f}")


def _trace(axes: Axes, rows: pd.DataFrame, burn: int) -> None:
    """Draw one number: a line per ensemble, a band for the first."""
    axes.axvspan(0, burn, color=NULL_ZONE, linewidth=0, zorder=0)
    for place, (_, ensemble) in enumerate(rows.groupby("ensemble")):
        color = PARTNERS[place % len(PARTNERS)]
        step = ensemble["step"].to_numpy()
        if place == 0:
            low, high = ensemble["low"], ensemble["high"]
            axes.fill_between(step, low, high, color=color, alpha=0.15, linewidth=0, zorder=1)
        axes.plot(step, ensemble["middle"], color=color, linewidth=0.9, zorder=2)
    used = rows[rows["step"] > burn]
    lowest, highest = float(used["low"].min()), float(used["high"].max())
    room = 0.15 * (highest - lowest)
    axes.set_ylim(lowest - room, highest + room)
    axes.set_xlim(0, float(rows["step"].max()))
    axes.locator_params(axis="y", nbins=4)


def shrinkage_chart(table: pd.DataFrame, size: Size = WIDE) -> Figure:
    """Draw every number before and after calibration.

    Args:
        table: as from :func:`alliancesim.calibration.shrinkage.shrinkage`.
        size: how large to draw.

    Returns:
        A row per number, the most shrunk first: the prior's 90 % interval as a pale bar with a tick
        at its median, the posterior's as a line with its median, on a logarithmic scale, as
        multiples of the prior's median.
    """
    rows = table.sort_values("shrinkage", ascending=False, kind="stable").reset_index(drop=True)
    scale = rows["prior_median"].to_numpy(np.float64)
    with styled(size):
        step = 0.34 if size.narrow else 0.205
        figure = new_figure(size, step * len(rows) + 1.0)
        axes = figure.add_subplot()
        axes.set_xscale("log")
        for place, row in enumerate(rows.to_dict("records")):
            _before_and_after(axes, place, row, float(scale[place]))
        axes.axvline(1.0, color=MUTED, linewidth=0.8, linestyle=(0, (1, 2)), zorder=2)
        ticks = [0.1, 0.25, 0.5, 1.0, 2.0, 4.0]
        axes.set_xticks(ticks, [number(f"{tick:g}") for tick in ticks])
        axes.minorticks_off()
        axes.set_ylim(len(rows) - 0.4, -0.9 if size.narrow else -0.7)
        row_labels(axes, [readable(str(name)) for name in rows["name"]], size, lift=0.18)
        axes.set_xlabel(text("multiple of the prior's median"))
        for word, (color, marker, filling) in LOOKS.items():
            look: dict[str, Any] = {"marker": marker, "color": color, "mfc": filling}
            axes.plot([], [], linewidth=1.6, ms=4, label=text(CALLED[word]), **look)
        axes.plot([], [], color=FAINT, linewidth=6, label=text("before"))
        figure.legend(
            loc="outside upper left", ncols=2 if size.narrow else 4, frameon=False, handlelength=1.5
        )
    return figure


def _before_and_after(axes: Axes, place: int, row: Mapping[Hashable, Any], scale: float) -> None:
    """Draw one number's intervals."""
    low, middle, high = (
        float(row[name]) / scale for name in ("prior_low90", "prior_median", "prior_high90")
    )
    axes.plot(
        [low, high], [place, place], color=FAINT, linewidth=6, solid_capstyle="butt", zorder=1
    )
    low, middle, high = (float(row[name]) / scale for name in ("low90", "median", "high90"))
    color, marker, filling = LOOKS[str(row["word"])]
    axes.plot([low, high], [place, place], color=color, linewidth=1.6, zorder=4)
    axes.plot(middle, place, marker=marker, ms=4, color=color, mfc=filling, zorder=5)


def write_pictures(
    traces: pd.DataFrame, diagnostics: pd.DataFrame, shrinkage: pd.DataFrame, burn: int, place: Path
) -> None:
    """Write both pictures as PNG and SVG.

    Args:
        traces: as for :func:`trace_chart`.
        diagnostics: as for :func:`trace_chart`.
        shrinkage: as for :func:`shrinkage_chart`.
        burn: steps that are not used.
        place: an existing folder.
    """
    words = shrinkage["word"].value_counts()
    said = ", ".join(f"{words.get(word, 0)} {word}" for word in LOOKS)
    worst = diagnostics["r_hat"].max()
    drawings: Sequence[tuple[str, Figure, str, str]] = (
        (
            "trace",
            trace_chart(traces, diagnostics, burn),
            "How the ensembles moved",
            f"Medians over walkers by step, one line per ensemble; largest r-hat {worst:.3f}.",
        ),
        (
            "shrinkage",
            shrinkage_chart(shrinkage),
            "Each number before and after calibration",
            f"90 % intervals before and after; identified by the record: {said}.",
        ),
    )
    for name, figure, title, description in drawings:
        svg = svg_text(figure, WIDE, name, title, description)
        (place / f"{name}.svg").write_text(svg, "utf-8")
        (place / f"{name}.png").write_bytes(png_bytes(figure, WIDE, title, description))
