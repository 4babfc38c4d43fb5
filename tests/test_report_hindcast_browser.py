"""Reports on hindcasts and calibrations in a browser: nothing breaks or sticks out."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from alliancesim.report import calibrations, hindcast
from alliancesim.report.calibrations import read_calibrated
from alliancesim.results.result import read_manifest
from browsing import assert_fits, unfolded
from test_report_browser import browser
from test_report_hindcast import manifest, read, write_folder
from test_report_hindcast_calibration import write_calibrated

if TYPE_CHECKING:
    from playwright.sync_api import Browser

__all__ = ["browser"]

LONG = "The Federative Republic of the Delta Isles and Territories"

SMALLEST = """() => Math.min(...[...document.querySelectorAll('figure svg text')]
    .filter(text => text.getBoundingClientRect().width > 0)
    .map(text => text.getScreenCTM().a * parseFloat(getComputedStyle(text).fontSize))
    .filter(size => size > 0))"""
"""Script that returns the height of the smallest letters of figures, in pixels."""


@pytest.fixture(scope="module")
def pages(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    """A hindcast among actors with long names, and a calibration."""
    told = manifest()
    told["scenario"]["actors"] = {code: {"name": LONG} for code in ("ALFA", "BRAVO")}
    parent = tmp_path_factory.mktemp("pages")
    made = read(write_folder(parent / "hindcast", manifest=told))
    folder = write_calibrated(parent / "calibration")
    fitted = read_calibrated(folder, read_manifest(folder))
    texts = {
        "hindcast.html": hindcast.hindcast_page(made, hindcast.pictures(made)),
        "calibration.html": calibrations.calibration_page(fitted, calibrations.pictures(fitted)),
    }
    for name, text in texts.items():
        (parent / name).write_text(text, "utf-8")
    return [parent / name for name in texts]


def test_a_report_on_a_hindcast_fits(browser: Browser, pages: list[Path]) -> None:
    """No complaint, no sideways scroll, no text of a figure beyond its edge or below 8 pixels."""
    for path in pages:
        with unfolded(browser, path) as page:
            for width in (360, 390, 1280):
                assert_fits(page, width)
                assert page.evaluate(SMALLEST) >= 8.0
