"""Figures composed but not rendered, for tests of everything but what there is to see in them.

Laying out texts and writing shapes takes most of a report's time. What is drawn from which data,
and where that fails, is found in composing alone.
"""

from __future__ import annotations

import io
from xml.sax.saxutils import escape

import pytest
from PIL import Image

from alliancesim.figures.export import Drawn
from alliancesim.figures.style import WIDE
from alliancesim.figures.svg import Drawing
from alliancesim.report import pictures


def compose_only(patch: pytest.MonkeyPatch) -> None:
    """Has reports compose their figures and show their titles in place of them."""
    patch.setattr(pictures, "drawn", _composed)


def _composed(draw: Drawing, name: str, title: str, description: str) -> Drawn:
    """Compose a figure for a page; return its words as SVG, and one point as PNG."""
    assert draw(WIDE).axes, f"nothing is drawn in {name}"
    words = f"<title>{escape(title)}</title><desc>{escape(description)}</desc>"
    wide, narrow = (f'<svg id="{name}-{size}">{words}</svg>' for size in ("wide", "narrow"))
    return Drawn(wide, narrow, _point)


def _point() -> bytes:
    """Return a PNG file of one point."""
    stream = io.BytesIO()
    Image.new("RGB", (1, 1)).save(stream, "png")
    return stream.getvalue()
