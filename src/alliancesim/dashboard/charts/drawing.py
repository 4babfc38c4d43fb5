"""Elements of SVG, escaped, and what all charts share: size, scales, axes and labels.

No chart of its own is here, and what a chart shows is not known.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from markupsafe import Markup, escape

from alliancesim.figures.style import FAINT, INK, MUTED
from alliancesim.language import number

WIDTH = 480
"""Width of every chart in its own units; on a phone a unit is three quarters of a pixel."""

FONT = 14
"""Size of letters in the same units, so that a phone shows more than ten pixels."""

MOST_TICKS = 5


def tag(name: str, *children: str, **attributes: object) -> Markup:
    """Return an element; children that are not markup and all attributes are escaped.

    Args:
        name: of the element.
        children: texts and elements.
        attributes: underscores stand for hyphens, a trailing one for nothing; None leaves out.
    """
    written = "".join(
        f' {key.rstrip("_").replace("_", "-")}="{escape(_short(value))}"'
        for key, value in attributes.items()
        if value is not None
    )
    return Markup(f"<{name}{written}>{''.join(escape(child) for child in children)}</{name}>")


def _short(value: object) -> object:
    """Return a coordinate to a tenth of a unit, which no screen shows more exactly."""
    return f"{value:.1f}".removesuffix(".0") if isinstance(value, float) else value


class Place(NamedTuple):
    """The part of a chart that data are drawn in, and what its edges mean.

    Attributes:
        left: edge, in units of the chart; so are ``right``, ``top`` and ``bottom``.
        right: edge.
        top: edge.
        bottom: edge.
        first: value at the left edge; ``last`` is that at the right.
        last: value at the right edge.
        low: value at the bottom; ``high`` is that at the top.
        high: value at the top.
    """

    left: float
    right: float
    top: float
    bottom: float
    first: float
    last: float
    low: float
    high: float

    def x(self, value: float) -> float:
        """Return where a value lies across."""
        share = (value - self.first) / ((self.last - self.first) or 1.0)
        return self.left + share * (self.right - self.left)

    def y(self, value: float) -> float:
        """Return where a value lies up."""
        share = (value - self.low) / ((self.high - self.low) or 1.0)
        return self.bottom - share * (self.bottom - self.top)

    def path(self, values: Iterable[float], first: float = 0.0) -> str:
        """Return a line through values one unit apart across."""
        points = [f"{self.x(first + k):.1f},{self.y(v):.1f}" for k, v in enumerate(values)]
        return "M" + "L".join(points)

    def band(self, low: Sequence[float], high: Sequence[float]) -> str:
        """Return the area between two lines."""
        there = [f"{self.x(k):.1f},{self.y(v):.1f}" for k, v in enumerate(high)]
        back = [f"{self.x(k):.1f},{self.y(v):.1f}" for k, v in reversed(list(enumerate(low)))]
        return "M" + "L".join(there + back) + "Z"


def chart(name: str, height: float, title: str, description: str, *children: str) -> Markup:
    """Return a whole chart.

    Args:
        name: prefix of its identifiers, one of its kind on a page.
        height: in its own units.
        title: short name.
        description: what is to be seen, with the numbers, for those who cannot see it.
        children: what it consists of.
    """
    return tag(
        "svg",
        tag("title", title, id=f"{name}-title"),
        tag("desc", description, id=f"{name}-desc"),
        *children,
        xmlns="http://www.w3.org/2000/svg",
        viewBox=f"0 0 {WIDTH} {height:g}",
        role="img",
        aria_labelledby=f"{name}-title {name}-desc",
        font_size=FONT,
        fill=INK,
        class_="chart",
    )


def label(x: float, y: float, words: str, **attributes: object) -> Markup:
    """Return a text with a white edge, which is readable over lines."""
    return tag("text", words, x=x, y=y, **{"class_": "edged", **attributes})


def ticks(low: float, high: float, most: int = MOST_TICKS) -> list[float]:
    """Return round values between two, at most so many."""
    for step in (0.01, 0.02, 0.05, 0.1, 0.2, 0.25, 0.5, 1.0):
        first, last = -int(-low // step), int(high / step + 1e-9)
        if last - first + 1 <= most:
            return [k * step for k in range(first, last + 1)]
    return [low, high]


def level_axis(place: Place, values: Sequence[float], digits: int = 1) -> list[Markup]:
    """Return lines across at values, with their numbers at the left."""
    found = []
    for value in values:
        y = place.y(value)
        found.append(tag("path", d=f"M{place.left:.1f},{y:.1f}H{place.right:.1f}", stroke=FAINT))
        words = number(f"{value:.{digits}f}".replace("-", "−"))
        found.append(tag("text", words, x=place.left - 6, y=y + 5, text_anchor="end", fill=MUTED))
    return found


def date_axis(place: Place, dates: Sequence[str]) -> list[Markup]:
    """Return a few of the months below, the first and the last among them."""
    last = len(dates) - 1
    places = sorted({0, last // 2, last}) if last > 1 else list(range(len(dates)))
    anchors = {0: "start", last: "end"}
    return [
        tag(
            "text",
            dates[k],
            x=place.x(k),
            y=place.bottom + 20,
            text_anchor=anchors.get(k, "middle"),
            fill=MUTED,
        )
        for k in places
    ]
