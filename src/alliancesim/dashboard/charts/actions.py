"""What actors do to one another over time: the pressure and the cooperation that move most.

States are not drawn here, only what actors do.
"""

from __future__ import annotations

import numpy as np
from markupsafe import Markup

from alliancesim.arrays import Array
from alliancesim.dashboard.charts.drawing import (
    Place,
    chart,
    date_axis,
    label,
    level_axis,
    tag,
)
from alliancesim.dashboard.charts.frame import Frame, identifier
from alliancesim.dashboard.computing import ACTIONS, View
from alliancesim.figures.style import INK, PARTNERS, apart
from alliancesim.language import message, text
from alliancesim.report.numbers import level

_HEIGHT = 430
_PANEL = 164
_MOST = 5
"""Most lines in a panel."""

_DASHES = (None, "7 3", "2 3", "9 3 2 3", "4 4", "1 4", "12 4", "6 2 1 2")
"""Lines of different targets, so that they can be told apart without colour."""

TITLES = {"pressure": message("Pressure"), "cooperation": message("Cooperation")}


def actions_chart(view: View, frame: Frame, place_on_page: int = 0) -> Markup:
    """Draw the actions that move most, medians over runs, in two panels.

    Args:
        view: what was computed.
        frame: what it shares with the view beside it.
        place_on_page: 0, or 1 for the setting beside.
    """
    drawn: list[Markup] = []
    told: list[str] = []
    for panel, action in enumerate(("pressure", "cooperation")):
        top = 30.0 + panel * (_PANEL + 40)
        levels = view.actions[ACTIONS.index(action)]
        place = Place(44, 380, top, top + _PANEL - 24, 0, levels.shape[-1] - 1, 0.0, 1.0)
        drawn.append(tag("text", text(TITLES[action]), x=10, y=top - 12, font_weight="bold"))
        drawn += level_axis(place, (0.0, 0.5, 1.0))
        drawn += _lines(view, frame, place, levels, told)
        drawn += date_axis(place, view.dates)
    title = text("What actors do")
    name = identifier("actions", place_on_page)
    return chart(name, _HEIGHT, title, " ".join(told), *drawn)


def _lines(view: View, frame: Frame, place: Place, levels: Array, told: list[str]) -> list[Markup]:
    """Return the lines of one panel with their labels, and tell of them."""
    dyads = moving(levels)
    ends = [place.y(float(levels[dyad][-1])) for dyad in dyads]
    heights = apart(ends, 17, place.top + 4, place.bottom)
    found, ranks = [], frame.ranks(view)
    for (of, toward), y in zip(dyads, heights, strict=True):
        path, codes = levels[of, toward], (view.actors[of], view.actors[toward])
        actor, target = (ranks[code] for code in codes)
        colour = PARTNERS[actor % len(PARTNERS)]
        found.append(
            tag(
                "path",
                d=place.path(path.tolist()),
                fill="none",
                stroke=colour,
                stroke_width=2.5,
                stroke_dasharray=_DASHES[target % len(_DASHES)],
            )
        )
        said = "→".join(code[:6] for code in codes)
        found.append(label(place.right + 6, y + 5, said, fill=colour))
        told.append(
            text("{of} to {toward}: {first}, at the end {last}.").format(
                of=view.names[codes[0]],
                toward=view.names[codes[1]],
                first=level(float(path[0])),
                last=level(float(path[-1])),
            )
        )
    if not dyads:
        words = text("nothing moves")
        found.append(
            tag("text", words, x=place.left + 20, y=(place.top + place.bottom) / 2, fill=INK)
        )
    return found


def moving(levels: Array) -> list[tuple[int, int]]:
    """Return the ordered pairs whose level moves most, at least visibly, in the actors' order.

    Args:
        levels: shape (actors, actors, months + 1).
    """
    spans = np.ptp(levels, axis=-1)
    order = np.argsort(-spans, axis=None, kind="stable")[:_MOST]
    places = [divmod(int(place), len(levels)) for place in order]
    return sorted(place for place in places if spans[place] >= 0.005)
