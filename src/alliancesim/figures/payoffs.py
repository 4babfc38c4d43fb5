"""A solved game: payoffs of every player in every cell, and how sure each move is.

No equilibrium is sought here, and no move is recommended by its colour.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby, product
from typing import Any, NamedTuple

import numpy as np
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Patch, Rectangle

from alliancesim.arrays import Array
from alliancesim.figures.axes import wrapped
from alliancesim.figures.phase import DARK, DIVERGING
from alliancesim.figures.style import (
    ACCENT,
    FAINT,
    INK,
    MUTED,
    NEITHER,
    WIDE,
    Size,
    new_figure,
    styled,
)
from alliancesim.figures.words import plain, signed
from alliancesim.game.equilibria import Profile, best_responses
from alliancesim.game.solution import BOTH, DRAWS, WEIGHTS, Solution
from alliancesim.language import text

_MOST_NUMBERS = 200
_LARGEST_DOT = 42.0
_SMALLEST_SHARE = 0.01
_PLANE = 0.76
"""Share of a figure's width that its cells take up."""

_NUMBER_WIDTH = 3.7
"""Width of a cell with its number, in heights of its letters."""

_LABEL_WIDTH = 11
_MOST_LETTERS = 100


class _Plane(NamedTuple):
    """How the cells of a game lie in a plane: some players' moves down, the others' across."""

    down: tuple[int, ...]
    across: tuple[int, ...]
    rows: tuple[Profile, ...]
    columns: tuple[Profile, ...]

    def place(self, cell: Profile) -> tuple[int, int]:
        """Return row and column of a cell."""
        row = self.rows.index(tuple(cell[p] for p in self.down))
        return row, self.columns.index(tuple(cell[p] for p in self.across))

    def flat(self, values: Array) -> Array:
        """Return values of cells, shape (moves of the first player, ...), as a matrix."""
        return values.reshape(len(self.rows), len(self.columns))


def payoffs_chart(found: Solution, size: Size = WIDE) -> Figure:
    """Draw what every cell is worth to every player.

    Args:
        found: the solved game.
        size: how large to draw.

    Returns:
        A heat map per player on one plane of moves: the first players' down, the others' across;
        blue is a gain since the baseline, orange a loss, in bold what the player answers best with.
        A frame marks the equilibria of mean payoffs, a dashed one what was really done; the area of
        a dot is the share of draws of coefficients and weights in which a cell is an equilibrium.
    """
    loaded = found.played.loaded
    plane = _plane(loaded.shape)
    best = best_responses(found.payoffs)
    columns = 1 if size.narrow else 2
    rows = -(-len(loaded.players) // columns)
    height = rows * ((0.185 if size.narrow else 0.2) * len(plane.rows) + 0.35) + 1.5
    with styled(size):
        figure = new_figure(size, height)
        grid = figure.subplots(rows, columns, sharex=True, sharey=True, squeeze=False)
        for place, axes in enumerate(grid.flat):
            if place >= len(loaded.players):
                axes.set_axis_off()
                continue
            own = plane.flat(found.payoffs[place])
            _cells(axes, own, plane.flat(best[place]), size)
            _marks(axes, found, plane)
            axes.set_title(plain(text(loaded.named(loaded.players[place])), 30))
            last_row = place + columns >= len(loaded.players)
            _label(axes, found, plane, size, left=place % columns == 0, below=last_row)
        _legend(figure, found, size)
    return figure


def _plane(shape: Sequence[int]) -> _Plane:
    """Return how cells lie: the first half of the players down, the others across."""
    half = (len(shape) + 1) // 2
    down, across = tuple(range(half)), tuple(range(half, len(shape)))
    rows = tuple(product(*(range(shape[p]) for p in down)))
    columns = tuple(product(*(range(shape[p]) for p in across)))
    return _Plane(down, across, rows, columns)


def _cells(axes: Axes, own: Array, best: Array, size: Size) -> None:
    """Colour the cells by payoff and write it into them."""
    limit = float(np.abs(own).max()) or 1.0
    axes.pcolormesh(own, cmap=DIVERGING, vmin=-limit, vmax=limit, edgecolors="white", linewidth=0.5)
    if own.size > _MOST_NUMBERS:
        return
    room = _PLANE * 72 * size.width / (own.shape[1] * (1 if size.narrow else 2))
    font = min(size.font - 1.4, room / _NUMBER_WIDTH)
    for (row, column), value in np.ndenumerate(own):
        axes.text(
            column + 0.5,
            row + 0.52,
            signed(float(value), 2),
            ha="center",
            va="center_baseline",
            fontsize=font,
            fontweight="bold" if best[row, column] else "normal",
            color="white" if abs(value) > DARK * limit else INK,
            zorder=3,
        )


def _marks(axes: Axes, found: Solution, plane: _Plane) -> None:
    """Mark equilibria, how often each cell is one, and what was really done."""
    shares = plane.flat(found.robustness[BOTH].cells)
    for (row, column), share in np.ndenumerate(shares):
        if share >= _SMALLEST_SHARE:
            at = [column + 0.88], [row + 0.2]
            axes.scatter(*at, s=_LARGEST_DOT * share, color=INK, linewidths=0, zorder=4)
    framed: list[tuple[Profile, Any]] = [(cell, "-") for cell in found.equilibria]
    if found.observed is not None:
        framed.append((found.observed, (0, (2, 1.2))))
    for cell, style in framed:
        row, column = plane.place(cell)
        corner = (column + 0.03, row + 0.03)
        frame = Rectangle(
            corner, 0.94, 0.94, fill=False, edgecolor=INK, linewidth=1.8, linestyle=style, zorder=5
        )
        frame.set_clip_on(False)
        axes.add_patch(frame)


def _label(
    axes: Axes, found: Solution, plane: _Plane, size: Size, *, left: bool, below: bool
) -> None:
    """Name the moves: those of the last player of each side cell by cell, the others' by group."""
    axes.set_ylim(len(plane.rows), 0)
    axes.set_xlim(0, len(plane.columns))
    axes.tick_params(length=0, labelsize=size.font - 2, labelleft=left, labelbottom=below)
    for spine in axes.spines.values():
        spine.set_visible(False)
    for players, lines, axis in (
        (plane.down, plane.rows, axes.yaxis),
        (plane.across, plane.columns, axes.xaxis),
    ):
        names = [found.played.loaded.moves(found.played.loaded.players[p]) for p in players]
        ticks = np.arange(len(lines)) + 0.5
        axis.set_ticks(ticks, [names[-1][line[-1]].replace("-", " ") for line in lines])
    axes.tick_params(axis="x", labelrotation=90)
    for start, stop, named in _groups(found, plane.down, plane.rows):
        axes.axhline(start, color=MUTED, linewidth=0.6, zorder=2)
        if left:
            middle = (start + stop) / 2
            _group(axes, named, (-0.05, middle), ("data", "y"), size)
    for start, stop, named in _groups(found, plane.across, plane.columns):
        axes.axvline(start, color=MUTED, linewidth=0.6, zorder=2)
        if below:
            middle = (start + stop) / 2
            _group(axes, named, (middle, -0.05), ("data", "x"), size)


def _groups(
    found: Solution, players: Sequence[int], lines: Sequence[Profile]
) -> list[tuple[int, int, str]]:
    """Return start, end and name of each stretch of lines that differ in the last player's move."""
    loaded = found.played.loaded
    groups: list[tuple[int, int, str]] = []
    if len(players) < 2:
        return groups
    for outer, members in groupby(lines, key=lambda line: line[:-1]):
        names = [loaded.moves(loaded.players[p])[m] for p, m in zip(players, outer, strict=False)]
        named = ", ".join(name.replace("-", " ") for name in names)
        start = groups[-1][1] if groups else 0
        groups.append((start, start + len(list(members)), named))
    return groups


def _group(
    axes: Axes, named: str, at: tuple[float, float], which: tuple[str, str], size: Size
) -> None:
    """Write the name of a group of lines outside the names of the lines."""
    upright = which[1] == "y"
    apart = 7.0 * (size.font - 2) * 0.62 + 16
    axes.annotate(
        wrapped(named, _LABEL_WIDTH, 3),
        (0, at[1]) if upright else (at[0], 0),
        xytext=(-apart, 0) if upright else (0, -apart),
        xycoords=("axes fraction", "data") if upright else ("data", "axes fraction"),
        textcoords="offset points",
        rotation=90 if upright else 0,
        ha="right" if upright else "center",
        va="center" if upright else "top",
        fontsize=size.font - 2,
        fontweight="bold",
        annotation_clip=False,
    )


def _legend(figure: Figure, found: Solution, size: Size) -> None:
    """Say what the marks mean."""
    frame: dict[str, Any] = {"facecolor": "none", "edgecolor": INK, "linewidth": 1.6}
    dot: dict[str, Any] = {"color": INK, "marker": "o", "linestyle": "none"}
    handles: list[Patch | Line2D] = []
    if found.equilibria:
        handles.append(Patch(label=text("equilibrium of mean payoffs"), **frame))
    if found.observed is not None:
        handles.append(Patch(label=text("what was done"), linestyle=(0, (2, 1.2)), **frame))
    for share in (1.0, 0.25):
        label = text("equilibrium in {share} % of draws").format(share=f"{100 * share:.0f}")
        size_of = (_LARGEST_DOT * share) ** 0.5
        handles.append(Line2D([], [], label=label, markersize=size_of, **dot))
    figure.legend(
        handles=handles,
        loc="outside lower center",
        ncols=_columns(handles, size),
        frameon=False,
        fontsize=size.font - 1.5,
    )


def _columns(handles: Sequence[Artist], size: Size) -> int:
    """Return in how many columns a legend fits: on a page one line, or two where it is long."""
    if size.narrow:
        return 1
    letters = sum(len(str(handle.get_label())) for handle in handles)
    return len(handles) if letters <= _MOST_LETTERS else -(-len(handles) // 2)


def choices_chart(found: Solution, size: Size = WIDE) -> Figure:
    """Draw how sure each move is.

    Args:
        found: the solved game.
        size: how large to draw.

    Returns:
        One row per move: the bar is the share of draws of coefficients and weights in which it is
        played in a pure equilibrium, a circle and a square the same with only coefficients or only
        weights drawn, a diamond the share in which it is the least regretted.
    """
    loaded = found.played.loaded
    rows = [(p, m) for p, moves in enumerate(loaded.shape) for m in range(moves)]
    places = [place + 0.5 * p for place, (p, _) in enumerate(rows)]
    with styled(size):
        figure = new_figure(size, 0.24 * places[-1] + 1.6)
        axes = figure.subplots()
        for place, (p, m) in zip(places, rows, strict=True):
            by = {basis: found.robustness[basis].moves[p][m] for basis in (DRAWS, WEIGHTS, BOTH)}
            axes.barh(place, by[BOTH].played, 0.7, color=ACCENT, zorder=2)
            points: tuple[tuple[float, dict[str, Any]], ...] = (
                (by[DRAWS].played, _DRAWS_MARK),
                (by[WEIGHTS].played, _WEIGHTS_MARK),
                (by[BOTH].least_regretted, _REGRET_MARK),
            )
            for share, mark in points:
                axes.plot([share], [place], zorder=4, clip_on=False, **mark)
        _name_moves(axes, found, rows, places, size)
        drawn = text("played, {what} drawn").format(what=text(loaded.drawn))
        handles = [
            Patch(color=ACCENT, label=text("played, both drawn")),
            Line2D([], [], label=drawn, **_DRAWS_MARK),
            Line2D([], [], label=text("played, weights drawn"), **_WEIGHTS_MARK),
            Line2D([], [], label=text("least regretted, both drawn"), **_REGRET_MARK),
        ]
        figure.legend(
            handles=handles,
            loc="outside lower center",
            ncols=_columns(handles, size),
            frameon=False,
            fontsize=size.font - 1.5,
        )
    return figure


_POINT: dict[str, Any] = {"linestyle": "none", "markeredgecolor": INK, "markeredgewidth": 0.9}
_DRAWS_MARK = {**_POINT, "marker": "o", "markersize": 5.0, "markerfacecolor": "white"}
_WEIGHTS_MARK = {**_POINT, "marker": "s", "markersize": 4.2, "markerfacecolor": NEITHER}
_REGRET_MARK = {**_POINT, "marker": "D", "markersize": 4.2, "markerfacecolor": "#d55e00"}


def _name_moves(
    axes: Axes,
    found: Solution,
    rows: Sequence[tuple[int, int]],
    places: Sequence[float],
    size: Size,
) -> None:
    """Name players and moves, and scale the shares."""
    loaded = found.played.loaded
    titles = []
    for p, m in rows:
        player = loaded.players[p]
        deed = f"{text(loaded.named(player))} {text(loaded.title(player, loaded.moves(player)[m]))}"
        titles.append(wrapped(plain(deed, 70), 22 if size.narrow else 44, 2))
    axes.set_yticks(list(places), titles, fontsize=size.font - (2 if size.narrow else 0.5))
    axes.set_ylim(places[-1] + 0.6, -0.6)
    axes.set_xlim(0, 1)
    axes.set_xticks([0, 0.25, 0.5, 0.75, 1], ["0 %", "25 %", "50 %", "75 %", "100 %"])
    axes.tick_params(axis="y", length=0, pad=7)
    axes.grid(axis="x", color=FAINT, linewidth=0.6)
    axes.set_axisbelow(True)
    axes.set_xlabel(text("share of draws"))
