"""Reports on experiments in a browser: nothing breaks, sticks out or is cut off, however long."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from alliancesim.report.page import write_report
from browsing import assert_fits, unfolded
from experiments import GRID
from test_report_browser import browser
from test_report_experiment import GLOBAL, swept

if TYPE_CHECKING:
    from playwright.sync_api import Browser

__all__ = ["browser"]

LONG = "How hard the Federative Republic presses whoever stands between it and the Delta Isles"


@pytest.fixture(scope="module")
def pages(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    """A phase diagram with long labels, and a global design over all kinds of factors."""
    folders = [tmp_path_factory.mktemp(name) for name in ("grid", "global")]
    texts = [GRID.replace('"Pressure"', f'"{LONG}"').replace('"share"', f'"{LONG}"'), GLOBAL]
    return [write_report(swept(*pair)) for pair in zip(folders, texts, strict=True)]


def test_a_report_on_an_experiment_fits(browser: Browser, pages: list[Path]) -> None:
    """No complaint, no request, no sideways scroll, and no text of a figure beyond its edge."""
    for path in pages:
        with unfolded(browser, path) as page:
            assert_fits(page, 360, 1280)
