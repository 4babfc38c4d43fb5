"""One look for all figures: sizes, colours that survive colour blindness and grey print, text.

Figures are plain :class:`matplotlib.figure.Figure` objects without pyplot's hidden state. Settings
of matplotlib are global, so they are changed under a lock and put back.

Only the look: what a figure shows is not known here.
"""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Iterator, Sequence
from typing import NamedTuple

import matplotlib as mpl
import numpy as np
import seaborn as sns
from matplotlib.axes import Axes
from matplotlib.figure import Figure

INK = "#1f2328"
MUTED = "#5b6169"
FAINT = "#d5d8dc"
ACCENT = "#005a9c"
TWIN = "#6b6f76"
BINDS = "#0072b2"
DIVIDES = "#c4500a"
NEITHER = "#8a8f96"
SPLIT_ZONE = "#fbe9dd"
NULL_ZONE = "#f2f3f5"
BACKFIRE_ZONE = "#e3eff8"

PARTNERS = ("#0072b2", "#d55e00", "#009e73", "#9b4f96", "#a6761d", "#3d3d3d", "#56b4e9", "#cc79a7")
"""Colours of actors: Okabe and Ito (2008), with yellow and black replaced for thin lines."""

MARKERS = ("o", "s", "^", "D", "v", "P", "X", "*")
"""Markers of actors, so that lines can be told apart without colour."""

_LOCK = threading.RLock()


class Size(NamedTuple):
    """A figure's width in inches, its font size in points, and whether it is for a phone."""

    width: float
    font: float
    narrow: bool


WIDE = Size(7.2, 9.0, False)
NARROW = Size(3.5, 8.0, True)


@contextlib.contextmanager
def styled(size: Size) -> Iterator[None]:
    """Apply the look to everything drawn inside the block, and put the old settings back."""
    # DejaVu comes with matplotlib, so text is measured alike everywhere; it is also wider than the
    # fonts that pages show it in, so nothing measured with it is cut off there.
    settings = {
        **sns.axes_style("ticks"),
        "font.family": "DejaVu Sans",
        "font.size": size.font,
        "axes.titlesize": size.font + 0.5,
        "axes.titleweight": "bold",
        "axes.titlelocation": "left",
        "axes.labelsize": size.font,
        "xtick.labelsize": size.font - 0.5,
        "ytick.labelsize": size.font - 0.5,
        "legend.fontsize": size.font - 0.5,
        "axes.edgecolor": MUTED,
        "axes.linewidth": 0.7,
        "axes.labelcolor": INK,
        "xtick.color": MUTED,
        "ytick.color": MUTED,
        "xtick.labelcolor": INK,
        "ytick.labelcolor": INK,
        "xtick.major.width": 0.7,
        "ytick.major.width": 0.7,
        "xtick.major.size": 3,
        "ytick.major.size": 3,
        "text.color": INK,
        "axes.spines.top": False,
        "axes.spines.right": False,
        "hatch.linewidth": 0.6,
        "text.parse_math": False,
        "axes.unicode_minus": True,
        "svg.fonttype": "none",
        "svg.hashsalt": "alliancesim",
        "figure.facecolor": "white",
        "savefig.facecolor": "white",
    }
    with _LOCK, mpl.rc_context(settings):
        yield


def new_figure(size: Size, height: float) -> Figure:
    """Return an empty figure of a size's width and a height in inches."""
    figure = Figure(figsize=(size.width, height), layout="constrained")
    figure.get_layout_engine().set(w_pad=0.04, h_pad=0.04)  # type: ignore[union-attr, call-arg]
    return figure


def hide_frame(axes: Axes) -> None:
    """Leave of a set of axes only what is drawn in it."""
    axes.set_axis_off()


def apart(wanted: Sequence[float], gap: float, low: float, high: float) -> list[float]:
    """Return positions for labels near those wanted, at least ``gap`` apart, in the same order.

    Args:
        wanted: positions at which the labels would stand if there were room.
        gap: least distance.
        low: lowest position allowed.
        high: highest position allowed, which gives way where there is no room at all.

    Returns:
        Positions, in the order of ``wanted``.
    """
    order = np.argsort(wanted, kind="stable")
    placed = np.clip(np.asarray(wanted, dtype=float)[order], low, high)
    for k in range(1, placed.size):
        placed[k] = max(placed[k], placed[k - 1] + gap)
    if placed.size and placed[-1] > high:
        placed[-1] = max(high, low + gap * (placed.size - 1))
        for k in range(placed.size - 2, -1, -1):
            placed[k] = min(placed[k], placed[k + 1] - gap)
    out = np.empty(placed.size)
    out[order] = placed
    return [float(value) for value in out]
