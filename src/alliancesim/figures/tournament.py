"""Rival theories side by side: which explains which episode, and how all score together.

Who is ahead is not decided here, but in tournament.contest.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Patch, Rectangle

from alliancesim.arrays import Array
from alliancesim.figures.axes import wrapped
from alliancesim.figures.phase import DARK, DIVERGING, MISSING
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
from alliancesim.language import number, text
from alliancesim.tournament.contest import AHEAD, APART, BEST, LEVEL

_LIMIT = 0.7
"""Skill at which the colours end."""

_FRAMES: Mapping[str, Any] = {AHEAD: "-", BEST: (0, (2, 1.4))}


def episodes_chart(
    table: pd.DataFrame,
    kinds: Mapping[str, str],
    base: str,
    called: Mapping[str, str],
    size: Size = WIDE,
) -> Figure:
    """Draw how well each theory explains each episode, on one basis of coefficients.

    Args:
        table: rows of one basis, as from :func:`alliancesim.tournament.contest.episodes_table`.
        kinds: what is scored, with its name in words; a panel each.
        base: the theory that skill is measured from.
        called: names of theories in words, in the order of the rows.
        size: how large to draw.

    Returns:
        A heat map for each kind: theories down, episodes across; the number is mean CRPS, the
        colour 1 less its ratio to that of ``base``. A solid frame: ahead of every rival beyond
        noise; dashed: best, but others are level; a dot: level with the best.
    """
    shown = [what for what in kinds if (table["what"] == what).any()]
    names = [name for name in called if (table["theory"] == name).any()]
    labels = [wrapped(called[name], 15 if size.narrow else 20, 2) for name in names]
    row = 0.27 if size.narrow else 0.25
    with styled(size):
        figure = new_figure(size, (row * len(names) + 0.75) * len(shown) + 0.55)
        grid = figure.subplots(len(shown), 1, squeeze=False)[:, 0]
        for axes, what in zip(grid, shown, strict=True):
            rows = table[table["what"] == what]
            _panel(axes, rows, names, base, size)
            axes.set_yticks(np.arange(len(names)) + 0.5, labels, multialignment="right")
            axes.set_title(kinds[what])
        figure.legend(
            handles=_frames(),
            loc="outside lower left",
            ncols=1 if size.narrow else 3,
            frameon=False,
        )
    return figure


def _panel(axes: Axes, rows: pd.DataFrame, names: Sequence[str], base: str, size: Size) -> None:
    """Draw the scores of one kind."""
    first = rows.drop_duplicates("episode").set_index("episode")["first"].sort_values()
    episodes = list(first.index)
    scores = rows.pivot(index="theory", columns="episode", values="crps")
    scores = scores.reindex(index=list(names), columns=episodes)
    skill: Array = 1.0 - scores.to_numpy() / scores.loc[base].to_numpy()
    axes.set_facecolor(MISSING)
    axes.pcolormesh(
        np.clip(skill, -_LIMIT, _LIMIT),
        cmap=DIVERGING,
        vmin=-_LIMIT,
        vmax=_LIMIT,
        edgecolors="white",
        linewidth=0.8,
    )
    standing = rows.pivot(index="theory", columns="episode", values="standing")
    standing = standing.reindex(index=list(names), columns=episodes)
    for place, value in np.ndenumerate(scores.to_numpy()):
        _number(axes, place, float(value), float(skill[place]), size)
        _mark(axes, place, str(standing.iat[place]))
    ranked = sum(bool((standing.loc[name] != APART).any()) for name in names)
    axes.axhline(ranked, color=INK, linewidth=1.0, zorder=6)
    axes.set_ylim(len(names), 0)
    dates = [f"{name}\n{str(date)[2:4] if size.narrow else date}" for name, date in first.items()]
    axes.set_xticks(np.arange(len(episodes)) + 0.5, dates)
    axes.tick_params(length=0)
    for spine in axes.spines.values():
        spine.set_visible(False)


def _number(axes: Axes, place: tuple[int, ...], value: float, skill: float, size: Size) -> None:
    """Write a score into its cell."""
    row, column = place
    axes.text(
        column + 0.5,
        row + 0.52,
        number(f"{value:.2f}".removeprefix("0") if size.narrow else f"{value:.3f}"),
        ha="center",
        va="center_baseline",
        fontsize=size.font - 1.5,
        color="white" if abs(skill) > DARK * _LIMIT else INK,
        zorder=3,
    )


def _mark(axes: Axes, place: tuple[int, ...], standing: str) -> None:
    """Mark where a theory stands."""
    row, column = place
    if standing == LEVEL:
        axes.plot(column + 0.9, row + 0.2, "o", ms=2.6, color=INK, zorder=4)
    elif standing in _FRAMES:
        frame = Rectangle(
            (column + 0.03, row + 0.05),
            0.94,
            0.9,
            fill=False,
            ec=INK,
            lw=1.7,
            ls=_FRAMES[standing],
            zorder=5,
        )
        frame.set_clip_on(False)
        axes.add_patch(frame)


def _frames() -> list[Any]:
    """Return what the legend says of frames and dots."""
    solid, dashed = (
        Patch(facecolor="white", edgecolor=INK, linewidth=1.5, linestyle=style, label=label)
        for style, label in (
            (_FRAMES[AHEAD], text("ahead of every rival")),
            (_FRAMES[BEST], text("best, others level")),
        )
    )
    dot = Line2D(
        [], [], linestyle="none", marker="o", ms=3, color=INK, label=text("level with the best")
    )
    return [solid, dashed, dot]


def scoreboard_chart(
    table: pd.DataFrame,
    kinds: Mapping[str, str],
    sceptic: str,
    called: Mapping[str, str],
    size: Size = WIDE,
) -> Figure:
    """Draw mean scores over all episodes, the best on top.

    Args:
        table: rows of one basis, as from
            :func:`alliancesim.tournament.scoreboard.scoreboard_table`.
        kinds: what is scored, with its name in words; a panel each.
        sceptic: the forecaster that is drawn as a line through its panel.
        called: names of theories in words.
        size: how large to draw.

    Returns:
        Per kind a dot for each theory's mean CRPS with its 95 % interval over calendar years;
        hollow where it is not ranked; a dashed line at the sceptic's. Less is better.
    """
    shown = [what for what in kinds if (table["what"] == what).any()]
    count = table["theory"].nunique() - 1
    shape = (len(shown), 1) if size.narrow else (1, len(shown))
    panel = 0.25 * count + 0.9
    with styled(size):
        figure = new_figure(size, panel * shape[0])
        for axes, what in zip(figure.subplots(*shape, squeeze=False).flat, shown, strict=True):
            rows = table[table["what"] == what].sort_values("crps", kind="stable")
            base = float(rows.loc[rows["theory"] == sceptic, "crps"].iloc[0])
            axes.axvline(base, color=MUTED, linewidth=1.0, linestyle=(0, (4, 2)), zorder=1)
            rows = rows[rows["theory"] != sceptic]
            for place, row in enumerate(rows.to_dict("records")):
                _score(axes, place, row)
            names = [wrapped(called[name], 18, 2) for name in rows["theory"]]
            axes.set_yticks(range(len(names)), names, multialignment="right")
            axes.set_ylim(len(names) - 0.4, -0.6)
            axes.tick_params(axis="y", length=0)
            axes.grid(axis="x", color=FAINT, linewidth=0.6)
            axes.set_axisbelow(True)
            axes.set_title(kinds[what])
            scored = text("mean CRPS (dashed: {forecaster})").format(forecaster=called[sceptic])
            axes.set_xlabel(wrapped(scored, 34))
            axes.locator_params(axis="x", nbins=5)
    return figure


def _score(axes: Axes, place: int, row: Mapping[Any, Any]) -> None:
    """Draw one theory's score with its interval."""
    ranked = bool(np.isfinite(row["rank"]))
    color = ACCENT if ranked else NEITHER
    if np.isfinite(row["crps_low"]):
        axes.plot([row["crps_low"], row["crps_high"]], [place, place], color=color, lw=1.4)
    face = color if ranked else "white"
    axes.plot([row["crps"]], [place], "o", ms=5.5, mfc=face, mec=color, mew=1.3, zorder=4)
