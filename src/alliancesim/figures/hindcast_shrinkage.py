"""What the record taught: each coefficient's prior beside its posterior."""

from __future__ import annotations

import numpy as np
import pandas as pd
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Patch

from alliancesim.figures.style import (
    ACCENT,
    FAINT,
    INK,
    MUTED,
    WIDE,
    Size,
    new_figure,
    styled,
)
from alliancesim.figures.words import plain

_TICKS = (0.05, 0.1, 0.2, 0.5, 1.0, 2.0, 5.0, 10.0, 20.0)
_WIDEST = 20.0


def shrinkage_chart(learned: pd.DataFrame, told: float, size: Size = WIDE) -> Figure:
    """Draw the 90 % interval of each coefficient before and after the fit.

    Args:
        learned: one row per coefficient, from the top: columns ``name``, ``prior_median``,
            ``prior_low``, ``prior_high``, ``median``, ``low90``, ``high90`` and ``shrinkage``.
        told: shrinkage from which the record says something of a coefficient.
        size: how large to draw.

    Returns:
        Values over the prior's median on a logarithmic axis: a wide grey bar for the prior, a line
        with a mark for the posterior, filled where the record says something and hollow where the
        posterior is little else than the prior.
    """
    with styled(size):
        figure = new_figure(size, 0.17 * len(learned) + 1.0)
        axes = figure.add_subplot()
        axes.set_xscale("log")
        for place, row in enumerate(learned.to_dict("records")):
            scale = float(row["prior_median"])
            before = [row["prior_low"] / scale, row["prior_high"] / scale]
            after = [row["low90"] / scale, row["high90"] / scale]
            axes.plot(before, [place] * 2, color=FAINT, linewidth=7, solid_capstyle="butt")
            says = row["shrinkage"] >= told
            color = ACCENT if says else MUTED
            axes.plot(after, [place] * 2, color=color, linewidth=1.5, zorder=4)
            face = color if says else "white"
            axes.plot(row["median"] / scale, place, "o", ms=4.8, mfc=face, mec=color, zorder=5)
        columns = ["prior_low", "prior_high", "low90", "high90"]
        reached = learned[columns].div(learned["prior_median"], axis=0).to_numpy(np.float64)
        low = max(float(np.min(reached[reached > 0])), 1 / _WIDEST)
        high = min(float(np.max(reached)), _WIDEST)
        axes.set_xlim(0.9 * low, 1.1 * high)
        axes.axvline(1, color=INK, linewidth=0.9, zorder=2)
        shown = [tick for tick in _TICKS if 0.9 * low <= tick <= 1.1 * high]
        axes.set_xticks(shown, [f"{tick:g}" for tick in shown])
        axes.set_xticks([], minor=True)
        names = [plain(str(name), 26).replace("_", " ") for name in learned["name"]]
        axes.set_yticks(range(len(names)), names, fontsize=size.font - 1)
        axes.set_ylim(len(names) - 0.4, -0.6)
        axes.tick_params(axis="y", length=0)
        axes.set_xlabel("value over the prior's median")
        handles = [
            Patch(color=FAINT, label="prior"),
            Line2D([], [], color=ACCENT, marker="o", ms=5, label="posterior: the record speaks"),
            Line2D(
                [], [], color=MUTED, marker="o", mfc="white", ms=5, label="posterior: hardly moved"
            ),
        ]
        figure.legend(
            handles=handles,
            loc="outside lower left",
            ncols=1 if size.narrow else 3,
            frameon=False,
        )
    return figure
