"""The network of pressure and cooperation, month by month, for the page to play.

No picture leaves here but data: the browser draws them and keeps the time.
"""

from __future__ import annotations

import math
from typing import Any

from alliancesim.dashboard.charts.frame import Frame
from alliancesim.dashboard.computing import ACTIONS, View
from alliancesim.figures.network import LEAST
from alliancesim.figures.style import BINDS, DIVIDES
from alliancesim.figures.words import plain
from alliancesim.language import text
from alliancesim.report.numbers import level

SIDE = 480
_MIDDLE, _RADIUS, _GAP = 200.0, 130.0, 24.0
_BENDS = {"cooperation": 0.10, "pressure": 0.30}
_COLOURS = {"cooperation": BINDS, "pressure": DIVIDES}
_WIDEST = 9.0
_LETTER = 7.6
"""Width of a letter of a name."""


def network_data(view: View, frame: Frame) -> dict[str, Any]:
    """Return actors on a circle, an arrow for each action of each dyad, and their widths by month.

    Levels below the thresholds of the reports' network are not drawn, so that ordinary dealings do
    not hide the rest.

    Args:
        view: what was computed.
        frame: what it shares with the view beside it.
    """
    seats, ranks = _places(len(view.actors)), frame.ranks(view)
    places = [seats[ranks[code]] for code in view.actors]
    names = [view.names[code] for code in view.actors]
    arrows = []
    for action, variable in enumerate(ACTIONS):
        for of in range(len(names)):
            for toward in range(len(names)):
                path = view.actions[action, of, toward]
                if of != toward and float(path.max()) >= LEAST[variable]:
                    arrows.append(
                        {
                            "key": f"{variable}-{of}-{toward}",
                            "kind": variable,
                            "d": _bow(places[of], places[toward], _BENDS[variable]),
                            "widths": [_width(float(v), LEAST[variable]) for v in path],
                            "told": [
                                _told(variable, names[of], names[toward], float(v)) for v in path
                            ],
                        }
                    )
    return {
        "dates": view.dates,
        "actors": [
            {"x": round(x, 1), "y": round(y, 1), **_label(name, x, y)}
            for name, (x, y) in zip(names, places, strict=True)
        ],
        "arrows": arrows,
        "colours": _COLOURS,
    }


def _places(actors: int) -> list[tuple[float, float]]:
    """Return where actors stand, clockwise, the first at the top or left of it."""
    turn = math.pi / actors if actors % 2 == 0 else 0.0
    angles = [math.pi / 2 - 2 * math.pi * k / actors + turn for k in range(actors)]
    return [
        (SIDE / 2 + _RADIUS * math.cos(angle), _MIDDLE - _RADIUS * math.sin(angle))
        for angle in angles
    ]


def _label(name: str, x: float, y: float) -> dict[str, Any]:
    """Return an actor's name and its place: above or below, and outwards, where few arrows run."""
    aside = x - SIDE / 2
    anchor = "middle" if abs(aside) < _RADIUS / 4 else "start" if aside > 0 else "end"
    inwards = {"middle": 0.0, "start": -15.0, "end": 15.0}[anchor]
    room = SIDE / 2 - abs(aside) + abs(inwards)
    return {
        "name": plain(name, int(room / _LETTER * (2 if anchor == "middle" else 1))),
        "label_x": round(x + inwards, 1),
        "label_y": round(y - 28 if y < _MIDDLE else y + 40, 1),
        "anchor": anchor,
    }


def _bow(start: tuple[float, float], end: tuple[float, float], bend: float) -> str:
    """Return an arrow's path, bent to its left so that directions and kinds stay apart."""
    (x0, y0), (x1, y1) = start, end
    dx, dy = x1 - x0, y1 - y0
    length = math.hypot(dx, dy)
    cx, cy = (x0 + x1) / 2 + bend * dy, (y0 + y1) / 2 - bend * dx

    def short(x: float, y: float, by: float) -> tuple[float, float]:
        away = math.hypot(cx - x, cy - y) or 1.0
        return x + by * (cx - x) / away, y + by * (cy - y) / away

    gap = min(_GAP, length / 3)
    (ax, ay), (bx, by) = short(x0, y0, gap), short(x1, y1, gap + 6)
    return f"M{ax:.1f},{ay:.1f}Q{cx:.1f},{cy:.1f} {bx:.1f},{by:.1f}"


def _width(value: float, least: float) -> float:
    """Return how wide an arrow is, nothing below the threshold."""
    return round(_WIDEST * value, 1) if value >= least else 0.0


def _told(variable: str, of: str, toward: str, value: float) -> str:
    """Return an arrow in words, nothing below the threshold."""
    if value < LEAST[variable]:
        return ""
    said = (
        text("{of} presses {toward}: {level}")
        if variable == "pressure"
        else text("{of} cooperates with {toward}: {level}")
    )
    return said.format(of=of, toward=toward, level=level(value))
