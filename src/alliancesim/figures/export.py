"""Figures as files: SVG for pages, PNG for slides, and the data behind them as CSV.

Where files go is not known here; report.files puts them there.
"""

from __future__ import annotations

import functools
import io
import warnings
from collections.abc import Callable
from typing import NamedTuple

from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

from alliancesim.figures.axes import speak_numbers
from alliancesim.figures.style import NARROW, WIDE, Size, styled
from alliancesim.figures.svg import Drawing, svg_text

DPI = 200
"""Dots per inch of PNG files: sharp in print over two columns."""


class Drawn(NamedTuple):
    """One figure in all its forms.

    Attributes:
        wide: SVG for a page.
        narrow: SVG for a phone.
        png: makes the bytes of a PNG file.
    """

    wide: str
    narrow: str
    png: Callable[[], bytes]


def drawn(draw: Drawing, name: str, title: str, description: str) -> Drawn:
    """Draw a figure for a page and for a phone; as PNG only when it is asked for.

    Args:
        draw: draws the figure.
        name: prefix of all identifiers inside, different for every figure of a page.
        title: short name.
        description: what is to be seen, with the numbers, for those who cannot see it.
    """
    figure, small = draw(WIDE), draw(NARROW)
    for found in (figure, small):
        speak_numbers(found)
    wide = svg_text(figure, WIDE, f"{name}-wide", title, description)
    narrow = svg_text(small, NARROW, f"{name}-narrow", title, description)
    return Drawn(wide, narrow, functools.partial(png_bytes, figure, WIDE, title, description))


def png_bytes(figure: Figure, size: Size, title: str, description: str) -> bytes:
    """Return a figure as the bytes of a PNG file that carries its title and description.

    Args:
        figure: what to draw.
        size: the size it was made in.
        title: short name.
        description: what is to be seen, with the numbers.

    Returns:
        The same bytes for the same figure.
    """
    stream = io.BytesIO()
    words = {"Title": title, "Description": description, "Software": None}
    with styled(size), warnings.catch_warnings():
        # Names in scripts that the font lacks are drawn as boxes, which is all that can be done.
        warnings.filterwarnings("ignore", message="Glyph .* missing from", category=UserWarning)
        figure.set_dpi(DPI)
        FigureCanvasAgg(figure).print_png(stream, metadata=words)  # type: ignore[no-untyped-call]
    return stream.getvalue()
