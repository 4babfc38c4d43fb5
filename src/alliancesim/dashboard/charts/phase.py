"""The effect of the wedge over two sliders, with a cross-hair where the setting stands.

Cells are not computed here, but in dashboard.later.
"""

from __future__ import annotations

import textwrap

from markupsafe import Markup

from alliancesim.dashboard.charts.drawing import Place, chart, label, tag
from alliancesim.dashboard.charts.frame import identifier
from alliancesim.dashboard.charts.gauge import words
from alliancesim.dashboard.later import PhaseMap
from alliancesim.figures.style import BINDS, DIVIDES, INK, MUTED
from alliancesim.figures.words import signed
from alliancesim.language import text
from alliancesim.measures.verdict import WORDS, Word, word_for
from alliancesim.report.numbers import level

_SIDE = 300.0
_LEFT, _TOP = 62.0, 14.0
_HEIGHT = 388
_FULL = 2.0
"""Margins of effect at which a colour is as strong as it gets."""

_LEGEND = _LEFT + _SIDE + 14


def phase_map(found: PhaseMap, place_on_page: int = 0) -> Markup:
    """Draw the map.

    Args:
        found: effects over both sliders.
        place_on_page: 0, or 1 for the setting beside.
    """
    place = Place(
        _LEFT,
        _LEFT + _SIDE,
        _TOP,
        _TOP + _SIDE,
        float(found.columns[0]),
        float(found.columns[-1]),
        float(found.rows[0]),
        float(found.rows[-1]),
    )
    return chart(
        identifier("map", place_on_page),
        _HEIGHT,
        text("Map of the effect"),
        _told(found),
        *_cells(found),
        *_signs(found),
        *_edges(found),
        *_hair(found, place),
        *_axes(found, place),
        *_legend(found),
    )


def _told(found: PhaseMap) -> str:
    """Return the map in words."""
    counted = [kind for row in _kinds(found) for kind in row]
    shares = ", ".join(f"{words(word)} {counted.count(word)}" for word in WORDS)
    return text(
        "Mean effect of the wedge over {across} and {up}. Cells by verdict, of {cells}: {shares}."
        " The setting stands at {x} and {y}."
    ).format(
        across=found.across.label,
        up=found.up.label,
        cells=len(counted),
        shares=shares,
        x=level(found.here[0]),
        y=level(found.here[1]),
    )


def _kinds(found: PhaseMap) -> list[list[Word]]:
    """Return the verdict on each cell, row by row."""
    return [[word_for(float(effect), found.margin) for effect in row] for row in found.effects]


def _cells(found: PhaseMap) -> list[Markup]:
    """Return a square for each cell: orange where the wedge divides, blue where it binds."""
    rows, columns = found.effects.shape
    side = _SIDE / columns
    # Edges on whole pixels leave no pale seams between neighbours.
    cells = []
    for row in range(rows):
        for column in range(columns):
            effect = float(found.effects[row, column])
            strength = min(abs(effect) / (_FULL * found.margin or 1.0), 1.0)
            cells.append(
                tag(
                    "rect",
                    x=_LEFT + column * side,
                    y=_TOP + (rows - 1 - row) * side,
                    width=side,
                    height=side,
                    fill=BINDS if effect > 0 else DIVIDES,
                    fill_opacity=f"{strength:.2f}",
                    shape_rendering="crispEdges",
                )
            )
    frame = tag("rect", x=_LEFT, y=_TOP, width=_SIDE, height=_SIDE, fill="none", stroke=MUTED)
    return [*cells, frame]


def _signs(found: PhaseMap) -> list[Markup]:
    """Return a sign in each cell beyond the margin, so that colour alone tells nothing."""
    rows, columns = found.effects.shape
    side = _SIDE / columns
    kinds = _kinds(found)
    path = []
    for row in range(rows):
        for column in range(columns):
            kind = kinds[row][column]
            x, y = _LEFT + (column + 0.5) * side, _TOP + (rows - 0.5 - row) * side
            path += [] if kind == "null" else [f"M{x - 3:.1f},{y:.1f}h6"]
            path += [f"M{x:.1f},{y - 3:.1f}v6"] if kind == "backfire" else []
    drawn = tag("path", d="".join(path), stroke=INK, stroke_opacity="0.55", class_="signs")
    return [drawn] if path else []


def _edges(found: PhaseMap) -> list[Markup]:
    """Return the lines between cells of different verdicts."""
    rows, columns = found.effects.shape
    side = _SIDE / columns
    kinds = _kinds(found)
    path = []
    for row in range(rows):
        for column in range(columns):
            x, y = _LEFT + column * side, _TOP + (rows - 1 - row) * side
            if column + 1 < columns and kinds[row][column] != kinds[row][column + 1]:
                path.append(f"M{x + side:.1f},{y:.1f}v{side:.1f}")
            if row + 1 < rows and kinds[row][column] != kinds[row + 1][column]:
                path.append(f"M{x:.1f},{y:.1f}h{side:.1f}")
    return [tag("path", d="".join(path), fill="none", stroke=INK, stroke_width=2)] if path else []


def _hair(found: PhaseMap, place: Place) -> list[Markup]:
    """Return the cross-hair."""
    # Cells stand for their middles, so that the outermost values lie half a cell within.
    inset = _SIDE / found.columns.size / 2
    within = place._replace(
        left=place.left + inset,
        right=place.right - inset,
        top=place.top + inset,
        bottom=place.bottom - inset,
    )
    x, y = within.x(found.here[0]), within.y(found.here[1])
    across = f"M{place.left},{y:.1f}H{place.right}M{x:.1f},{place.top}V{place.bottom}"
    return [
        tag("path", d=across, stroke="#fff", stroke_width=3, fill="none"),
        tag("path", d=across, stroke=INK, stroke_width=1, stroke_dasharray="4 3", fill="none"),
        tag("circle", cx=x, cy=y, r=7, fill="none", stroke="#fff", stroke_width=5),
        tag("circle", cx=x, cy=y, r=7, fill="none", stroke=INK, stroke_width=2, class_="hair"),
    ]


def _axes(found: PhaseMap, place: Place) -> list[Markup]:
    """Return ends and names of both axes."""
    ends = []
    for value, anchor in ((place.first, "start"), (place.last, "end")):
        at = place.x(value)
        ends.append(
            tag("text", level(value), x=at, y=place.bottom + 18, text_anchor=anchor, fill=MUTED)
        )
    for value, drop in ((place.low, 0), (place.high, 11)):
        y = place.y(value) + drop
        ends.append(tag("text", level(value), x=place.left - 6, y=y, text_anchor="end", fill=MUTED))
    for line, said in enumerate(textwrap.wrap(found.across.label, 44)[:2]):
        ends.append(
            tag(
                "text",
                said,
                x=place.left + _SIDE / 2,
                y=place.bottom + 40 + 16 * line,
                text_anchor="middle",
            )
        )
    for line, said in enumerate(textwrap.wrap(found.up.label, 40)[:2]):
        x, y = 16 + 16 * line, place.top + _SIDE / 2
        ends.append(
            tag("text", said, x=x, y=y, text_anchor="middle", transform=f"rotate(-90 {x} {y})")
        )
    return ends


def _legend(found: PhaseMap) -> list[Markup]:
    """Return what colours mean."""
    rows = (
        (BINDS, 1.0, f"≥ {signed(_FULL * found.margin, 2)}"),
        (BINDS, 0.5, signed(found.margin, 2)),
        (DIVIDES, 0.0, "0"),
        (DIVIDES, 0.5, signed(-found.margin, 2)),
        (DIVIDES, 1.0, f"≤ {signed(-_FULL * found.margin, 2)}"),
    )
    drawn = [tag("text", words("backfire"), x=_LEGEND, y=_TOP + 12, fill=BINDS, font_weight="bold")]
    for place, (colour, strength, said) in enumerate(rows):
        y = _TOP + 24 + 24 * place
        drawn.append(
            tag(
                "rect",
                x=_LEGEND,
                y=y,
                width=20,
                height=18,
                fill=colour,
                fill_opacity=strength,
                stroke=MUTED,
            )
        )
        drawn.append(label(_LEGEND + 26, y + 14, said))
    y = _TOP + 24 + 24 * len(rows)
    drawn.append(tag("text", words("split"), x=_LEGEND, y=y + 12, fill=DIVIDES, font_weight="bold"))
    return drawn
