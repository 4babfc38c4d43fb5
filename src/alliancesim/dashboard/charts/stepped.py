"""One run of the Mesa model while it is stepped: cohesion so far, and every dyad this month.

One run has neither bands nor a verdict, and none may be drawn here.
"""

from __future__ import annotations

from collections.abc import Sequence

from markupsafe import Markup

from alliancesim.arrays import State
from alliancesim.dashboard.charts.drawing import Place, chart, date_axis, level_axis, tag
from alliancesim.figures.style import ACCENT, INK
from alliancesim.language import text
from alliancesim.report.numbers import level
from alliancesim.world import World

_HEIGHT = 260
_MOST_ROWS = 90


def cohesion_so_far(world: World, values: Sequence[float], month: int) -> Markup:
    """Draw the alliance's cohesion up to a month of one run.

    Args:
        world: the world.
        values: cohesion by month, the baseline first.
        month: months stepped so far.
    """
    place = Place(44, 460, 14, 220, 0, world.months, 0.0, 1.0)
    dates = [world.date(k) for k in range(world.months + 1)]
    told = text("Cohesion in {date}: {value}.").format(date=dates[month], value=level(values[-1]))
    end = place.x(len(values) - 1), place.y(values[-1])
    happened = [h.what for h in world.happenings if h.month == month]
    events = tag("ul", *(tag("li", what) for what in happened)) if happened else ""
    drawn = chart(
        "stepped",
        _HEIGHT,
        text("Cohesion of the alliance in one run"),
        told,
        *level_axis(place, (0.0, 0.5, 1.0)),
        *date_axis(place, dates),
        tag("path", d=place.path(values), fill="none", stroke=ACCENT, stroke_width=2.5),
        tag("circle", cx=end[0], cy=end[1], r=5, fill=ACCENT, stroke=INK),
    )
    return Markup("").join(
        [tag("h2", text("Cohesion of the alliance in one run")), drawn, tag("p", told), events]
    )


def dyads_table(world: World, state: State, month: int) -> Markup:
    """Return every variable of every ordered dyad as a table.

    Args:
        world: the world.
        state: at the end of the month.
        month: months stepped so far.
    """
    heads = [tag("th", name, scope="col") for name in ("", *map(text, State._fields))]
    rows: list[Markup] = []
    for i, of in enumerate(world.actors):
        for j, toward in enumerate(world.actors):
            if i != j and len(rows) < _MOST_ROWS:
                cells = [tag("td", level(float(array[i, j]))) for array in state]
                rows.append(tag("tr", tag("th", f"{of}→{toward}", scope="row"), *cells))
    caption = text("States and actions at the end of {date}").format(date=world.date(month))
    table = tag("table", tag("caption", caption), tag("tr", *heads), *rows, class_="dyads")
    # Wider than its column, it is scrolled, by keyboard too.
    return tag("div", table, class_="wide", tabindex=0, role="region", aria_label=caption)
