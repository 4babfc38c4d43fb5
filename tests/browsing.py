"""Pages in a browser, for the tests: opened without a request, and no wider than the window."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

PHONE, DESK = 390, 1280
"""Widths of windows, in pixels."""

TEXTS_OUTSIDE = """() => [...document.querySelectorAll('figure svg')]
    .filter(svg => svg.getBoundingClientRect().width > 0)
    .flatMap(svg => {
        const frame = svg.getBoundingClientRect();
        return [...svg.querySelectorAll('text')].filter(text => {
            const box = text.getBoundingClientRect();
            return box.left < frame.left - 2 || box.right > frame.right + 2
                || box.top < frame.top - 2 || box.bottom > frame.bottom + 2;
        }).map(text => text.textContent);
    })"""
"""Script that returns the texts of figures that reach beyond a figure's edge."""


@contextmanager
def unfolded(browser: Browser, path: Path) -> Iterator[Page]:
    """Open a page, which complains of nothing and asks for nothing but itself, and unfold it."""
    page = browser.new_page(viewport={"width": DESK, "height": 900})
    told: list[str] = []
    page.on("console", lambda message: told.append(message.text))
    page.on("pageerror", lambda error: told.append(str(error)))
    page.on("request", lambda request: told.append(request.url))
    page.goto(path.as_uri())
    assert told == [path.as_uri()]
    page.evaluate("document.querySelectorAll('details').forEach(d => { d.open = true })")
    yield page
    page.close()


def assert_fits(page: Page, *widths: int) -> None:
    """See that nothing scrolls sideways and no text of a figure is beyond its edge."""
    for width in widths or (PHONE, DESK):
        page.set_viewport_size({"width": width, "height": 900})
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        assert page.evaluate(TEXTS_OUTSIDE) == []
