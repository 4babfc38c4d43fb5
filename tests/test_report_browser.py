"""Reports in a browser: nothing breaks, nothing sticks out, everything can be seen."""

from __future__ import annotations

import itertools
import shutil
from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

from browsing import TEXTS_OUTSIDE
from test_report import full_page

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Chromium of this machine, or a reason to skip."""
    playwright = pytest.importorskip("playwright.sync_api", reason="Playwright is not installed")
    found = shutil.which("chromium") or shutil.which("chromium-browser")
    if found is None:
        pytest.skip("no Chromium on this machine")
    with playwright.sync_playwright() as driver:
        opened = driver.chromium.launch(executable_path=found, args=ARGUMENTS)
        yield opened
        opened.close()


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> str:
    """A report on a scenario that uses every table, with long names and addresses."""
    path = tmp_path_factory.mktemp("report") / "report.html"
    path.write_text(full_page(), "utf-8")
    return path.as_uri()


@pytest.fixture(params=[360, 390, 1280])
def width(request: pytest.FixtureRequest) -> int:
    """Width of the window in pixels."""
    return int(request.param)


@pytest.fixture
def opened(browser: Browser, address: str, width: int) -> Iterator[tuple[Page, list[str]]]:
    """The report in a window, and what the console complains of or the page asks for."""
    page = browser.new_page(viewport={"width": width, "height": 900})
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(message.text))
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("request", lambda asked: None if asked.url == address else complaints.append(asked.url))
    page.goto(address)
    yield page, complaints
    page.close()


def test_a_report_opens_cleanly_and_fits(opened: tuple[Page, list[str]], width: int) -> None:
    """No complaint, no request, no sideways scroll, every figure in view and headings in order."""
    page, complaints = opened
    assert not complaints
    page.evaluate("document.querySelectorAll('details').forEach(d => { d.open = true })")
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    figures = page.locator("figure")
    assert figures.count() >= 5
    for place in range(figures.count()):
        shown = figures.nth(place).locator("svg:visible")
        assert shown.count() == 1
        box = shown.bounding_box()
        assert box is not None
        assert box["width"] > 0.6 * min(width, 640)
        assert box["height"] > 80
        assert box["x"] >= 0
        assert box["x"] + box["width"] <= width
    levels = page.eval_on_selector_all("h1, h2, h3", "all => all.map(h => +h.tagName[1])")
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(after - before <= 1 for before, after in itertools.pairwise(levels))


def test_texts_of_figures_stay_inside(opened: tuple[Page, list[str]]) -> None:
    """No text of a figure is cut off at its edge."""
    page, _ = opened
    assert page.evaluate(TEXTS_OUTSIDE) == []


def test_letters_on_figures_are_large_enough(opened: tuple[Page, list[str]]) -> None:
    """The letters of figures are at least eight pixels high on every screen."""
    page, _ = opened
    smallest = page.evaluate(
        """() => Math.min(...[...document.querySelectorAll('figure svg text')]
        .filter(text => text.getBoundingClientRect().width > 0)
        .map(text => text.getScreenCTM().a * parseFloat(getComputedStyle(text).fontSize))
        .filter(size => size > 0))"""
    )
    assert smallest >= 8.0
