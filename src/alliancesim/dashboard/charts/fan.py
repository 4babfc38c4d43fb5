"""Cohesion of the alliance with and without the wedge: medians and where 90 % of runs lie.

No verdict is drawn here, which gauge does, and no run alone.
"""

from __future__ import annotations

from markupsafe import Markup

from alliancesim.dashboard.charts.drawing import (
    Place,
    chart,
    date_axis,
    label,
    level_axis,
    tag,
    ticks,
)
from alliancesim.dashboard.charts.frame import Frame, identifier
from alliancesim.dashboard.computing import View
from alliancesim.figures.style import ACCENT, TWIN, apart
from alliancesim.language import text
from alliancesim.report.numbers import level

_HEIGHT = 280


def fan_chart(view: View, frame: Frame, place_on_page: int = 0) -> Markup:
    """Draw the alliance's cohesion in world and twin, month by month.

    Args:
        view: what was computed.
        frame: what it shares with the view beside it.
        place_on_page: 0, or 1 for the setting beside.
    """
    sides = {side: view.alliance[view.alliance["series"] == side] for side in ("world", "twin")}
    months = len(view.dates)
    place = Place(44, 380, 14, 240, 0, months - 1, frame.low, frame.high)
    drawn = [*level_axis(place, ticks(place.low, place.high)), *date_axis(place, view.dates)]
    window = view.ensemble.world.window
    begin = place.x(months - window - 0.5)
    drawn.append(
        tag("rect", x=begin, y=place.top, width=place.right - begin, height=226, class_="window")
    )
    ends = {side: float(rows["q50"].iloc[-1]) for side, rows in sides.items()}
    looks = {"twin": (TWIN, "6 4", "none"), "world": (ACCENT, None, ACCENT)}
    for side in ("twin", "world"):
        rows, (colour, dashes, _) = sides[side], looks[side]
        area = place.band(rows["q05"].tolist(), rows["q95"].tolist())
        drawn.append(tag("path", d=area, fill=colour, fill_opacity=0.18, stroke="none"))
        drawn.append(
            tag(
                "path",
                d=place.path(rows["q50"].tolist()),
                fill="none",
                stroke=colour,
                stroke_width=2.5,
                stroke_dasharray=dashes,
            )
        )
    heights = apart([place.y(ends[side]) for side in looks], 17, place.top + 6, place.bottom - 4)
    words = {"twin": text("twin"), "world": text("with wedge")}
    for side, y in zip(looks, heights, strict=True):
        drawn.append(label(place.right + 6, y + 5, words[side], fill=looks[side][0]))
    told = text(
        "Median cohesion at the end, in {date}: {world} with the wedge, {twin} in the twin without"
        " it. 90 % of runs lie between {low} and {high}, and between {twin_low} and {twin_high}."
    ).format(
        date=view.dates[-1],
        world=level(ends["world"]),
        twin=level(ends["twin"]),
        low=level(float(sides["world"]["q05"].iloc[-1])),
        high=level(float(sides["world"]["q95"].iloc[-1])),
        twin_low=level(float(sides["twin"]["q05"].iloc[-1])),
        twin_high=level(float(sides["twin"]["q95"].iloc[-1])),
    )
    name = identifier("fan", place_on_page)
    return chart(name, _HEIGHT, text("Cohesion of the alliance"), told, *drawn)
