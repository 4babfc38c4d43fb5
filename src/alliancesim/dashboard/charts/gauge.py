"""The verdict as a gauge: the mean effect with its interval, and the share of runs of each kind.

Nothing is judged here: words and margin come with what dashboard.computing has measured.
"""

from __future__ import annotations

from collections.abc import Mapping

from markupsafe import Markup

from alliancesim.dashboard.charts.drawing import WIDTH, Place, chart, label, tag
from alliancesim.dashboard.charts.frame import Frame, identifier
from alliancesim.dashboard.computing import View
from alliancesim.figures.style import (
    BACKFIRE_ZONE,
    BINDS,
    DIVIDES,
    INK,
    MUTED,
    NEITHER,
    NULL_ZONE,
    SPLIT_ZONE,
)
from alliancesim.figures.words import signed
from alliancesim.language import message, text
from alliancesim.measures.verdict import WORDS, Word
from alliancesim.report.numbers import is_known, percent, with_interval

_HEIGHT = 186
_COLOURS = {"split": DIVIDES, "null": NEITHER, "backfire": BINDS}
_ZONES = {"split": SPLIT_ZONE, "null": NULL_ZONE, "backfire": BACKFIRE_ZONE}
_SAID: Mapping[Word, str] = {
    "split": message("split"),
    "null": message("null"),
    "backfire": message("backfire"),
}
_NARROWEST = 0.13
"""Least share of the bar that has room for its percentage."""


def gauge(view: View, frame: Frame, place_on_page: int = 0) -> Markup:
    """Draw the effect of the wedge against the margin, and how runs fall.

    Args:
        view: what was computed.
        frame: what it shares with the view beside it.
        place_on_page: 0, or 1 for the setting beside.
    """
    verdict = view.verdict
    place = Place(10, WIDTH - 10, 26, 84, -frame.reach, frame.reach, 0, 1)
    return chart(
        identifier("gauge", place_on_page),
        _HEIGHT,
        text("Verdict"),
        " ".join(
            [_told(view), *(f"{words(w)}: {percent(verdict.shares[w].estimate)}." for w in WORDS)]
        ),
        *_zones(place, verdict.margin),
        *_needle(place, view),
        *_shares(view),
    )


def words(word: Word) -> str:
    """Return a verdict in the present language."""
    return text(_SAID[word])


def at_a_glance(view: View) -> str:
    """Return the mean effect and the share of each verdict in a few words."""
    effect = text("effect\u00a0{effect}").format(effect=signed(view.verdict.effect.estimate))
    shares = [f"{words(w)}\u00a0{percent(view.verdict.shares[w].estimate)}" for w in WORDS]
    return " · ".join([effect, *shares])


def _told(view: View) -> str:
    """Return the effect in words."""
    return text("Mean effect of the wedge on cohesion: {effect}.").format(
        effect=with_interval(view.verdict.effect)
    )


def _zones(place: Place, margin: float) -> list[Markup]:
    """Return the three zones with their names and edges."""
    edges = (place.first, -margin, margin, place.last)
    found = []
    for word, low, high in zip(WORDS, edges, edges[1:], strict=False):
        x, width = place.x(low), place.x(high) - place.x(low)
        found.append(tag("rect", x=x, y=place.top, width=width, height=58, fill=_ZONES[word]))
        found.append(
            tag(
                "text",
                words(word),
                x=x + width / 2,
                y=place.top - 8,
                text_anchor="middle",
                fill=INK if word == "null" else _COLOURS[word],
                font_weight="bold",
            )
        )
    for value in (-margin, 0.0, margin):
        x = place.x(value)
        found.append(
            tag(
                "path",
                d=f"M{x:.1f},{place.top}V{place.bottom + 4}",
                stroke=MUTED,
                stroke_dasharray=None if value == 0 else "3 3",
            )
        )
        found.append(
            tag(
                "text", signed(value, 2), x=x, y=place.bottom + 19, text_anchor="middle", fill=MUTED
            )
        )
    return found


def _needle(place: Place, view: View) -> list[Markup]:
    """Return the mean effect as a diamond, with its interval and its number."""
    effect, y = view.verdict.effect, 64
    x = place.x(effect.estimate)
    found = []
    if is_known(effect):
        low, high = place.x(effect.low), place.x(effect.high)
        found.append(
            tag("path", d=f"M{low:.1f},{y}H{high:.1f}", stroke=INK, stroke_width=3, class_="needle")
        )
        caps = f"M{low:.1f},{y - 7}V{y + 7}M{high:.1f},{y - 7}V{y + 7}"
        found.append(tag("path", d=caps, stroke=INK, stroke_width=1.5))
    found.append(tag("path", d=f"M{x:.1f},{y - 9}l8,9l-8,9l-8,-9Z", fill=INK))
    anchor, at = "middle", x
    if not 60 < x < WIDTH - 60:
        anchor, at = ("start", 14.0) if x <= 60 else ("end", WIDTH - 14.0)
    found.append(label(at, y - 18, signed(effect.estimate), text_anchor=anchor, font_weight="bold"))
    return found


def _shares(view: View) -> list[Markup]:
    """Return the share of runs of each verdict as one bar."""
    found = [tag("text", _of_what(view), x=10, y=132)]
    x, whole = 10.0, WIDTH - 20.0
    for word in WORDS:
        share = view.verdict.shares[word].estimate
        width = share * whole
        if share <= 0.0:
            continue
        found.append(
            tag(
                "rect",
                x=x,
                y=140,
                width=width,
                height=24,
                fill=_COLOURS[word],
                class_=f"share-{word}",
            )
        )
        if share >= _NARROWEST:
            said = f"{words(word)} {percent(share)}" if share > 0.3 else percent(share)
            found.append(
                tag(
                    "text",
                    said,
                    x=x + width / 2,
                    y=157,
                    text_anchor="middle",
                    fill="#fff",
                    font_weight="bold",
                )
            )
        x += width
    small = [
        f"{words(word)} {percent(view.verdict.shares[word].estimate)}"
        for word in WORDS
        if view.verdict.shares[word].estimate < _NARROWEST
    ]
    found.append(tag("text", " · ".join(small), x=10, y=181, fill=MUTED))
    return found


def _of_what(view: View) -> str:
    """Return what the bar shares out."""
    if view.verdict.under is None:
        return text("Share of {runs} runs").format(runs=view.verdict.runs)
    return text("Share of {runs} runs, {draws} draws of coefficients").format(
        runs=view.verdict.runs, draws=view.verdict.under.draws
    )
