"""How large a brief's figure is printed, by an estimate of what the words take on A4.

Lays nothing out itself: the style of ``brief.html.j2`` does, whose sizes are written here too.
"""

from __future__ import annotations

import math
import re
from collections.abc import Sequence

from alliancesim.report.brief_parts import Brief
from alliancesim.report.pictures import Picture

WIDTH, HEIGHT = 180.0, 269.0
"""Room for print on a page of A4, in mm."""

LEAST, MOST = 70.0, 150.0
"""Height of a figure in mm: for less its letters are too small, for more nothing else has room."""

_POINT = 25.4 / 72
_LEADING = 1.38
_LETTER = 0.5
"""Width of a letter on average, in sizes of type, in the fonts of the page."""

_SMALL, _LARGE, _TITLE = 0.85, 1.12, 1.6
_HEAD, _HEADING, _AROUND_FIGURE, _FOOT = 16.0, 9.5, 10.0, 16.0
"""In mm: the top, a heading with what is around it, a figure's margins, the sources."""

_SPARE = 15.0
"""In mm: what the end of the first page may leave empty, and what the estimate may be wrong by."""

_ENOUGH = 0.8
"""Share of its full height down to which a figure is made smaller to stand on the first page."""

_VIEW = re.compile(r'viewBox="0 0 ([\d.]+) ([\d.]+)"')


def picture_height(brief: Brief, picture: Picture | None) -> float:
    """Return the largest height in mm that a figure may have, so that two pages hold the brief.

    It has its full height where the first page has room for it below the key judgements, and is
    made somewhat smaller where that will do; elsewhere it stands on the second page.

    Args:
        brief: what is said, shortened already.
        picture: its figure, if there is one.
    """
    if picture is None:
        return LEAST
    full = min(_full_height(picture), MOST)
    first = HEIGHT - _above(brief) - _caption(brief, picture)
    second = HEIGHT - _below(brief)
    if second < 0:
        first += second
    elif first < _ENOUGH * full:
        first = max(first, second - _caption(brief, picture))
    return round(max(LEAST, min(full, first)), 1)


def terms_fit(brief: Brief, picture: Picture | None, height: float) -> bool:
    """Say whether the second page has room for what the terms mean.

    Args:
        brief: what is said, shortened already.
        picture: its figure, if there is one.
        height: of the figure, in mm.
    """
    drawn = 0.0 if picture is None else height + _caption(brief, picture)
    left = 2 * HEIGHT - _above(brief) - drawn - _below(brief)
    return bool(brief.terms) and left - _height(brief, brief.terms) - _HEADING > _SPARE


def _full_height(picture: Picture) -> float:
    """Return the height in mm of a figure as wide as the page."""
    found = _VIEW.search(picture.wide)
    return LEAST if found is None else WIDTH * float(found[2]) / float(found[1])


def _above(brief: Brief) -> float:
    """Return the height in mm of everything above the figure."""
    said = [f"{one.words} ({one.numbers}): {one.event}" for one in brief.judgements]
    return (
        _HEAD
        + _height(brief, [brief.title], _TITLE)
        + _height(brief, [brief.question, brief.changed, brief.headline], _LARGE)
        + _HEADING
        + _height(brief, said)
        + _height(brief, [brief.basis], _SMALL)
    )


def _below(brief: Brief) -> float:
    """Return the height in mm of everything below the figure."""
    parts = [part for part in (brief.drivers, brief.changers, brief.limits) if part]
    grounds = [brief.confidence(), *(ground.told for ground in brief.grounds)]
    told = sum(_height(brief, part) for part in (*parts, grounds))
    return told + _HEADING * (len(parts) + 1) + _height(brief, [" " * 100]) + _FOOT


def _caption(brief: Brief, picture: Picture) -> float:
    """Return the height in mm of a figure's caption and margins."""
    caption = picture.caption
    said = f"{caption.title} {caption.finding} {caption.text}"
    return _AROUND_FIGURE + _height(brief, [said], _SMALL)


def _height(brief: Brief, paragraphs: Sequence[str], scale: float = 1.0) -> float:
    """Return the height in mm of paragraphs, in so many times the brief's size of type."""
    size = scale * brief.type_size() * _POINT
    letters = WIDTH / (size * _LETTER)
    lines = sum(math.ceil(len(said) / letters) for said in paragraphs if said)
    return lines * size * _LEADING + len(paragraphs) * 2.5 * _POINT
