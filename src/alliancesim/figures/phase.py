"""Phase diagrams: where in the plane of two factors the wedge splits, does nothing, backfires.

No cell without runs is coloured; lines alone may cross such a gap.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.cm import ScalarMappable
from matplotlib.colors import BoundaryNorm, Colormap, LinearSegmentedColormap, ListedColormap
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Patch, PathPatch
from matplotlib.path import Path as Outline
from matplotlib.ticker import MaxNLocator
from numpy.typing import NDArray
from scipy.interpolate import griddata
from scipy.ndimage import distance_transform_edt

from alliancesim.arrays import Array
from alliancesim.figures.axes import Side, legend_below, mark_side, wrapped
from alliancesim.figures.style import INK, MUTED, WIDE, Size, new_figure, styled
from alliancesim.language import message, number, text
from alliancesim.measures.verdict import WORDS

DIVERGING = LinearSegmentedColormap.from_list(
    "odds",
    [
        "#7f2f05",
        "#c4500a",
        "#ea9c66",
        "#f8d9c3",
        "#f6f6f6",
        "#cbe1f0",
        "#7db6dc",
        "#0072b2",
        "#004166",
    ],
)
"""From orange (the wedge divides) over near white to blue (it binds); both ends tell apart for the
colour-blind (Okabe and Ito, 2008)."""

DARK = 0.7
"""Share of the way to either end of these colours beyond which white is easier to read than ink."""

MISSING = "#dfe2e6"
"""Where nothing has run."""

_STEPS = 20
_LEAST_LENGTH = 0.1
_PLACES = (
    (message("left: {line}"), message("right: {line}")),
    (message("top: {line}"), message("bottom: {line}")),
)


class Line(NamedTuple):
    """A contour of a phase diagram.

    Attributes:
        column: the column of cells whose contour it is.
        level: the value that it follows.
        label: what it marks.
        style: its dashes.
    """

    column: str
    level: float
    label: str
    style: Any


class Phase(NamedTuple):
    """What a phase diagram shows.

    Attributes:
        table: one row per cell, as from :func:`alliancesim.experiment.phases.phase_table`.
        x: the factor on the horizontal axis.
        y: the factor on the vertical axis.
        outcome: column of the outcome.
        what: the outcome in words.
        margin: effects within plus or minus this count as nothing.
        base: levels of both factors in the scenario that is varied, if they lie within the axes.
    """

    table: pd.DataFrame
    x: Side
    y: Side
    outcome: str
    what: str
    margin: float
    base: tuple[Any, Any] | None


def grid_of(phase: Phase, column: str) -> Array:
    """Return a column of cells as a matrix, shape (levels of y, levels of x), NaN where missing."""
    wide = phase.table.pivot(index=phase.y.name, columns=phase.x.name, values=column)
    wide = wide.reindex(index=list(phase.y.levels), columns=list(phase.x.levels))
    return wide.to_numpy(dtype=np.float64, na_value=np.nan)


def lines_of(phase: Phase) -> tuple[list[Line], list[Line]]:
    """Return the contours to be followed: of the mean outcome, and of the odds."""
    mean = [Line(phase.outcome, 0.0, text("mean of 0"), (0, (1, 1.6)))]
    if phase.outcome == "effect" and phase.margin:
        edge_label = text("mean at the margin, ±{margin}")
        label = edge_label.format(margin=number(f"{phase.margin:g}"))
        mean += [Line("effect", edge, label, "-") for edge in (-phase.margin, phase.margin)]
    odds = [
        Line("split", 0.5, text("split in half the runs"), "-"),
        Line("backfire", 0.5, text("backfire in half the runs"), (0, (4, 1.5))),
    ]
    return mean, odds


def contours(phase: Phase, line: Line) -> list[Array]:
    """Return the places at which a column of cells takes a value, interpolated between cells.

    Args:
        phase: the diagram.
        line: which column and which value.

    Returns:
        One array per connected piece, shape (places, 2): x and y as they stand on the axes. None
        where no cell's interval lies wholly below the value and none wholly above it, since chance
        alone would draw such a line; none across values to choose from, which have no between; and
        no piece that is shorter than a tenth of both axes.
    """
    low, high = (grid_of(phase, f"{line.column}_{end}") for end in ("low", "high"))
    turned = (high < line.level).any() and (low > line.level).any()
    if not turned or "choice" in (phase.x.kind, phase.y.kind) or min(low.shape) < 2:
        return []
    values = _filled(grid_of(phase, line.column))
    inside = np.ma.masked_invalid(values)
    found = Figure().add_subplot().contour(phase.x.places, phase.y.places, inside, [line.level])
    reach = [_LEAST_LENGTH * np.ptp(side.places) for side in (phase.x, phase.y)]
    return [
        np.asarray(piece) for piece in found.allsegs[0] if (np.ptp(piece, axis=0) > reach).any()
    ]


def contour_table(phase: Phase) -> pd.DataFrame:
    """Return all contours drawn: columns ``line``, ``level``, ``piece``, and one per factor."""
    rows = [
        (line.column, line.level, place, float(x), float(y))
        for line in [line for lines in lines_of(phase) for line in lines]
        for place, piece in enumerate(contours(phase, line))
        for x, y in piece
    ]
    return pd.DataFrame(rows, columns=["line", "level", "piece", phase.x.name, phase.y.name])


def _filled(values: Array) -> Array:
    """Return a matrix with gaps between cells filled linearly, so that contours cross them."""
    known = np.isfinite(values)
    if known.all() or known.sum() < 4 or min(np.ptp(np.argwhere(known), axis=0)) == 0:
        return values
    places = np.argwhere(known)
    everywhere = np.indices(values.shape).reshape(2, -1).T
    guessed = griddata(places, values[known], everywhere, method="linear")
    return np.where(known, values, guessed.reshape(values.shape))


def phase_chart(phase: Phase, size: Size = WIDE) -> Figure:
    """Draw the mean outcome and the odds over the plane of two factors.

    Args:
        phase: what to show.
        size: how large to draw.

    Returns:
        Two panels. First the mean outcome (dimensionless), cells hatched where its interval does
        not decide on which side of a margin it lies; then the share of runs that backfire less the
        share that split, cells hatched where no verdict is surely more likely than not. Contours
        as of :func:`lines_of`, and a cross where the scenario itself stands.
    """
    mean, odds = lines_of(phase)
    difference = grid_of(phase, "backfire") - grid_of(phase, "split")
    with styled(size):
        figure = new_figure(size, 7.9 if size.narrow else 4.7)
        panels = figure.subplots(2, 1) if size.narrow else figure.subplots(1, 2, sharey=True)
        figure.get_layout_engine().set(wspace=0.04)  # type: ignore[union-attr, call-arg]
        settled = grid_of(phase, "settled") == 1.0
        likely = phase.table.assign(sure=(phase.table["likely"] != "").astype(float))
        sure = grid_of(phase._replace(table=likely), "sure") == 1.0
        values = grid_of(phase, phase.outcome)
        steps = _steps(values, phase.margin if phase.outcome == "effect" else 0.0)
        shares = np.linspace(-1.0, 1.0, 11)
        _panel(figure, panels[0], phase, (values, settled), steps, mean, size)
        _panel(figure, panels[1], phase, (difference, sure), shares, odds, size)
        panels[0].set_title(wrapped(text("Mean {what}").format(what=phase.what), 40))
        panels[1].set_title(text("Odds: share backfire − share split"))
        for axes in panels:
            axes.set_xlabel(phase.x.titled(44))
        for axes in panels if size.narrow else panels[:1]:
            axes.set_ylabel(phase.y.titled(42))
        _name_regions(panels[1], phase, size)
        _legend(figure, phase, size, missing=bool(np.isnan(values).any()))
    return figure


def _steps(values: Array, least: float) -> Array:
    """Return the middles of the steps of colour: multiples of a round number, zero among them.

    Args:
        values: what is to be held.
        least: to be held on both sides of zero as well.
    """
    known = values[np.isfinite(values)]
    low = min(float(known.min(initial=0.0)), -least, -1e-6)
    high = max(float(known.max(initial=0.0)), least, 1e-6)
    ends = MaxNLocator(_STEPS, steps=[1, 2, 2.5, 5, 10]).tick_values(low, high)
    step = float(ends[1] - ends[0])
    return step * np.arange(np.floor(low / step + 0.5), np.ceil(high / step - 0.5) + 1)


def _colors(middles: Array) -> tuple[Colormap, BoundaryNorm]:
    """Return one colour per step, as strong on one side of zero as on the other."""
    half = (middles[1] - middles[0]) / 2
    edges = [middles[0] - half, *(middles + half)]
    reach = float(np.abs(middles).max())
    return ListedColormap(DIVERGING(0.5 + 0.5 * middles / reach)), BoundaryNorm(edges, len(middles))


def _panel(
    figure: Figure,
    axes: Axes,
    phase: Phase,
    cells: tuple[Array, NDArray[np.bool_]],
    middles: Array,
    lines: Sequence[Line],
    size: Size,
) -> None:
    """Draw one panel: cells in steps of colour, hatching, contours, and the scenario's place."""
    values, decided = cells
    colors, norm = _colors(middles)
    step = np.clip(np.digitize(values, norm.boundaries) - 1, 0, len(middles) - 1)
    axes.set_facecolor(MISSING)
    for place in range(len(middles)):
        _fill(axes, phase, np.isfinite(values) & (step == place), color=colors(place))
    dark = np.abs(values) > DARK * np.abs(middles).max()
    for color, shade in ((INK, ~dark), ("white", dark)):
        hatched = {"facecolor": "none", "edgecolor": color, "linewidth": 0.0, "hatch": "/////"}
        _fill(axes, phase, np.isfinite(values) & ~decided & shade, **hatched)
    for line in lines:
        for piece in contours(phase, line):
            axes.plot(*piece.T, color="white", linewidth=2.8, alpha=0.75, zorder=4)
            axes.plot(*piece.T, color=INK, linestyle=line.style, linewidth=1.4, zorder=5)
    if phase.base is not None:
        stands = phase.x.place(phase.base[0]), phase.y.place(phase.base[1])
        axes.plot(*stands, "X", ms=10, mfc="white", mec=INK, mew=1.3, zorder=7, clip_on=False)
    mark_side(axes, phase.x, "x", 5)
    mark_side(axes, phase.y, "y", 6)
    axes.set_xlim(*phase.x.edges[[0, -1]])
    axes.set_ylim(*phase.y.edges[[0, -1]])
    bar = figure.colorbar(
        ScalarMappable(norm, colors),
        ax=axes,
        location="bottom",
        aspect=28,
        pad=0.03,
        shrink=0.96,
        drawedges=False,
    )
    few = _about_zero(middles)
    bar.set_ticks(few.tolist(), labels=[_short(value) for value in few])
    bar.ax.tick_params(labelsize=size.font - 1)
    bar.outline.set_linewidth(0.5)


def _short(value: float) -> str:
    """Return a number with its sign, as short as can be."""
    return "0" if abs(value) < 1e-9 else number(f"{value:+.3g}".replace("-", "−"))


def _about_zero(middles: Array) -> Array:
    """Return some of the middles of steps, zero among them."""
    zero = int(np.argmin(np.abs(middles)))
    every = max(1, -(-len(middles) // 7))
    return middles[zero % every :: every]


def _fill(axes: Axes, phase: Phase, chosen: NDArray[np.bool_], **look: Any) -> None:
    """Fill cells as one shape; neighbours in a row are one rectangle."""
    x, y = phase.x.edges, phase.y.edges
    corners: list[tuple[float, float]] = []
    for row in np.flatnonzero(chosen.any(axis=1)):
        border = np.flatnonzero(np.diff(np.concatenate([[0], chosen[row].astype(int), [0]])))
        for start, end in zip(border[::2], border[1::2], strict=True):
            left, right, low, high = x[start], x[end], y[row], y[row + 1]
            corners += [(left, low), (right, low), (right, high), (left, high), (left, low)]
    if corners:
        codes = [Outline.MOVETO, *[Outline.LINETO] * 3, Outline.CLOSEPOLY] * (len(corners) // 5)
        # A thin line of the same colour closes the seams that screens show between shapes.
        usual = {"linewidth": 0.4, "zorder": 2}
        axes.add_patch(PathPatch(Outline(corners, codes), **(usual | look)))


def _name_regions(axes: Axes, phase: Phase, size: Size) -> None:
    """Write each verdict where it is the commonest, farthest from its border."""
    numbers = phase.table["verdict"].map({word: k for k, word in enumerate(WORDS)})
    verdicts = grid_of(phase._replace(table=phase.table.assign(verdict=numbers)), "verdict")
    for place, word in enumerate(WORDS):
        region = verdicts == place
        if region.sum() < 0.04 * region.size:
            continue
        depth = distance_transform_edt(np.pad(region, 1))[1:-1, 1:-1]
        row, column = np.unravel_index(int(np.argmax(depth)), depth.shape)
        axes.text(
            phase.x.places[column],
            phase.y.places[row],
            text(word),
            ha="center",
            va="center",
            fontweight="bold",
            fontsize=size.font,
            zorder=6,
            bbox={"facecolor": "white", "edgecolor": "none", "alpha": 0.8, "pad": 1.6},
        )


def _legend(figure: Figure, phase: Phase, size: Size, *, missing: bool) -> None:
    """Explain contours, hatching, gaps and the cross."""
    entries: dict[str, Any] = {}
    for where, lines in zip(_PLACES[size.narrow], lines_of(phase), strict=True):
        for line in lines:
            if contours(phase, line):
                look = Line2D([], [], color=INK, linestyle=line.style, linewidth=1.4)
                entries[text(where).format(line=line.label)] = look
    uncertain = (~phase.table["settled"]).any() or (phase.table["likely"] == "").any()
    if uncertain:
        entries[text("undecided")] = Patch(facecolor="white", edgecolor=INK, hatch="/////", lw=0)
    if missing:
        entries[text("not run, or failed")] = Patch(
            facecolor=MISSING, edgecolor=MUTED, linewidth=0.4
        )
    if phase.base is not None:
        entries[text("the scenario itself")] = Line2D(
            [], [], linestyle="none", marker="X", ms=9, mfc="white", mec=INK, mew=1.3
        )
    if entries:
        legend_below(figure, entries, 2 if size.narrow else 3, handlelength=2.2)
