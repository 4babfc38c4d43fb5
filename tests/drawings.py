"""Figures composed but not rendered, for tests of everything but what there is to see in them.

Laying out texts and writing shapes takes most of a report's time. What is drawn from which data,
and where that fails, is found in composing alone.
"""

from __future__ import annotations

import io
from xml.sax.saxutils import escape

import pytest
from PIL import Image

from alliancesim.figures import chains
from alliancesim.figures.export import Drawn
from alliancesim.figures.style import WIDE
from alliancesim.figures.svg import Drawing
from alliancesim.report import pictures


def compose_only(patch: pytest.MonkeyPatch) -> None:
    """Has reports and calibrations compose their figures and put their words in place of them."""
    patch.setattr(pictures, "drawn", _composed)
    patch.setattr(chains, "svg_text", lambda *given: _words(*given[2:]))
    patch.setattr(chains, "png_bytes", lambda *_: _point())


def _composed(draw: Drawing, name: str, title: str, description: str) -> Drawn:
    """Compose a figure for a page; return its words as SVG, and one point as PNG."""
    assert draw(WIDE).axes, f"nothing is drawn in {name}"
    wide, narrow = (_words(f"{name}-{size}", title, description) for size in ("wide", "narrow"))
    return Drawn(wide, narrow, _point)


def _words(name: str, title: str, description: str) -> str:
    """Return an empty drawing that is described."""
    words = f"<title>{escape(title)}</title><desc>{escape(description)}</desc>"
    return f'<svg xmlns="http://www.w3.org/2000/svg" id="{name}">{words}</svg>'


def _point() -> bytes:
    """Return a PNG file of one point."""
    stream = io.BytesIO()
    Image.new("RGB", (1, 1)).save(stream, "png")
    return stream.getvalue()
