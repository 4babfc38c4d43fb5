"""From a figure to SVG that can stand inside a page: small, deterministic and described.

No chart is drawn here, and PNG is made in export.
"""

from __future__ import annotations

import io
import math
import re
import warnings
from collections.abc import Callable
from xml.etree import ElementTree

from matplotlib.backends.backend_svg import FigureCanvasSVG
from matplotlib.figure import Figure
from matplotlib.font_manager import FontProperties
from matplotlib.textpath import text_to_path

from alliancesim.figures.style import Size, styled
from alliancesim.results.result import Result

Drawing = Callable[[Size], Figure]
"""What draws one figure, in the size asked for."""

Chart = Callable[[Result, Size], Figure]
"""What draws one figure of a scenario's results, in the size asked for."""

FONTS = "'Segoe UI', 'Helvetica Neue', Arial, sans-serif"
"""Fonts of the pages that figures stand in; all narrower than the one text is measured with."""

_SVG = "http://www.w3.org/2000/svg"
_XLINK = "http://www.w3.org/1999/xlink"
_LONG = re.compile(r"-?\d+\.\d{3,}")
_REFERENCE = re.compile(r"url\(#([^)]+)\)")
_PLACED = re.compile(r"translate\((\S+) (\S+)\)(?: rotate\((\S+)\))?")
_STYLE = re.compile(r"(font-size|font-weight|font-style): ([^;]+?)(?:px)?(?:;|$)")

_ANCHORS = {"start": 0.0, "end": 1.0, "middle": 0.5}
_NEAR = 0.1
"""Points within which lines end, or have their middles, at one place."""


def svg_text(figure: Figure, size: Size, name: str, title: str, description: str) -> str:
    """Return a figure as an ``<svg>`` element.

    Args:
        figure: what to draw.
        size: the size it was made in.
        name: prefix of all identifiers inside, different for every figure of a page.
        title: short name, as ``<title>``.
        description: what is to be seen, with the numbers, for those who cannot see it.

    Returns:
        The element, the same text for the same figure, without document head or metadata.
    """
    stream = io.StringIO()
    with styled(size), warnings.catch_warnings():
        # Names in other scripts are drawn by the browser's fonts, not by those measured with.
        warnings.filterwarnings("ignore", message="Glyph .* missing from", category=UserWarning)
        # Not savefig, which would draw twice.
        canvas = FigureCanvasSVG(figure)
        canvas.print_svg(stream, metadata=dict.fromkeys(_METADATA))  # type: ignore[no-untyped-call]
    ElementTree.register_namespace("", _SVG)
    ElementTree.register_namespace("xlink", _XLINK)
    root = ElementTree.fromstring(stream.getvalue())
    for found in root.findall(f"{{{_SVG}}}metadata"):
        root.remove(found)
    _anchor_lines(root)
    for element in root.iter():
        _rename(element, name)
    _describe(root, name, title, description)
    return ElementTree.tostring(root, encoding="unicode")


_GEOMETRY = ("d", "x", "y", "points", "transform")
_METADATA = ("Date", "Creator", "Format", "Type")


def _anchor_lines(root: ElementTree.Element) -> None:
    """Hold lines of one text by the end or the middle that they share, whatever the font's widths.

    Matplotlib starts each line where the font it measures with has it start, so that lines of a
    narrower font would be ragged on the right, and off the middle.
    """
    tag = f"{{{_SVG}}}text"
    for parent in root.iter(f"{{{_SVG}}}g"):
        lines = [child for child in parent if child.tag == tag and child.text]
        placed = [_PLACED.fullmatch(line.get("transform", "")) for line in lines]
        if len(lines) < 2 or not all(placed):
            continue
        widths = [_measured(line) for line in lines]
        spots = [(float(at[1]), float(at[2]), float(at[3] or 0)) for at in placed if at]
        starts = [_along(*spot) for spot in spots]
        for anchor, share in _ANCHORS.items():
            held = [start + share * wide for start, wide in zip(starts, widths, strict=True)]
            if max(held) - min(held) < _NEAR:
                if share:
                    for line, spot, wide in zip(lines, spots, widths, strict=True):
                        _hold(line, spot, share * wide, anchor)
                break


def _along(x: float, y: float, angle: float) -> float:
    """Return how far along the direction of reading a place is."""
    turn = math.radians(angle)
    return x * math.cos(turn) + y * math.sin(turn)


def _hold(
    line: ElementTree.Element, spot: tuple[float, float, float], further: float, anchor: str
) -> None:
    """Move the place of a line along it, to where it is held."""
    x, y, angle = spot
    turn = math.radians(angle)
    placed = f"translate({x + further * math.cos(turn):.6f} {y + further * math.sin(turn):.6f})"
    line.set("transform", f"{placed} rotate({angle:g})" if angle else placed)
    line.set("style", f"{line.get('style', '')}; text-anchor: {anchor}")


def _measured(line: ElementTree.Element) -> float:
    """Return how wide a line is in the font that figures are laid out with, in points."""
    style = dict(_STYLE.findall(line.get("style", "")))
    font = FontProperties(
        family="DejaVu Sans",
        size=float(style["font-size"]),
        weight=int(style.get("font-weight", 400)),
        style=style.get("font-style", "normal"),
    )
    wide, _, _ = text_to_path.get_text_width_height_descent(line.text or "", font, False)
    return float(wide)


def _rename(element: ElementTree.Element, name: str) -> None:
    """Prefix identifiers and references, and set the fonts of the page."""
    for key, value in list(element.attrib.items()):
        if key == "id":
            element.set(key, f"{name}-{value}")
        elif key.endswith("href") and value.startswith("#"):
            element.set(key, f"#{name}-{value[1:]}")
        else:
            renamed = _REFERENCE.sub(rf"url(#{name}-\1)", value)
            short = _LONG.sub(_shortened, renamed) if key in _GEOMETRY else renamed
            element.set(key, short.replace("'DejaVu Sans'", FONTS))


def _shortened(found: re.Match[str]) -> str:
    """Return a coordinate to a hundredth of a point, which no screen shows."""
    return f"{float(found[0]):.2f}".rstrip("0").rstrip(".")


def _describe(root: ElementTree.Element, name: str, title: str, description: str) -> None:
    """Give the element its role, name and description."""
    for key in ("version", "id"):
        root.attrib.pop(key, None)
    root.set("role", "img")
    root.set("aria-labelledby", f"{name}-title {name}-desc")
    root.set("preserveAspectRatio", "xMidYMid meet")
    for place, (tag, text) in enumerate((("title", title), ("desc", description))):
        element = ElementTree.Element(f"{{{_SVG}}}{tag}", {"id": f"{name}-{tag}"})
        element.text = text
        root.insert(place, element)
