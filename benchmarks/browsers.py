"""Fifty real browsers on one dashboard: do all get right answers, and how long do they wait?

    python benchmarks/browsers.py                  one to three minutes
    python benchmarks/browsers.py --browsers 10    fewer

Each is a context of one Chromium, with storage and connections of its own. All load the page at
once; all then move a slider at once, each to a place of its own, and an answer counts when the page
shows the very sentence that the engine gives for that place. Browsers and server share the
machine, so that much of the wait is the browsers' own. Needs Chromium and the extra "dashboard".
"""

from __future__ import annotations

import argparse
import asyncio
import os
import shutil
import sys
import tempfile
import time
from pathlib import Path

from dashboard import ARGUMENTS, PRESSURE, SCENARIO, row, serving
from machine import machine
from playwright.async_api import Browser, Page, async_playwright
from tables import Table, as_text

from alliancesim.dashboard.computing import view_of
from alliancesim.dashboard.hall import Hall
from alliancesim.dashboard.setting import Setting, with_values
from alliancesim.report.wording import verdict_sentence

_PATIENCE = 300_000
"""Milliseconds after which a browser counts as failed."""

_SHOWN = "said => (document.querySelector('.sentence') || {}).textContent === said"
_SLIDE = """([key, position]) => {
    const slider = document.getElementById(key);
    slider.value = position;
    slider.dispatchEvent(new Event('input'));
}"""


class Visitor:
    """One browser context and what it met."""

    def __init__(self, position: float, said: str) -> None:
        self.position = position
        self.said = said
        self.loaded = self.answered = 0.0
        self.complaints: list[str] = []
        self.page: Page | None = None

    async def load(self, browser: Browser, address: str) -> None:
        """Open the page and wait for its verdict."""
        context = await browser.new_context()
        page = await context.new_page()
        page.on("console", lambda m: self.complaints.append(m.text) if m.type == "error" else None)
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        begun = time.perf_counter()
        await page.goto(address, timeout=_PATIENCE)
        await page.wait_for_selector(".sentence", timeout=_PATIENCE)
        self.loaded, self.page = time.perf_counter() - begun, page

    async def slide(self) -> None:
        """Move the slider and wait for the right sentence."""
        assert self.page is not None
        begun = time.perf_counter()
        await self.page.evaluate(_SLIDE, [PRESSURE, self.position])
        await self.page.wait_for_function(_SHOWN, arg=self.said, timeout=_PATIENCE)
        self.answered = time.perf_counter() - begun


def visitors(file: Path, count: int) -> list[Visitor]:
    """Return browsers to be, each with a place for the slider and what the engine says there."""
    hall = Hall(str(file))
    choice = hall.catalogue.choice(hall.catalogue.first)
    found = []
    for number in range(count):
        position = round(0.95 - 0.9 * number / max(count, 2), 2)
        setting = with_values(Setting(scenario=hall.catalogue.first), choice, {PRESSURE: position})
        view = view_of(setting, choice)
        said = verdict_sentence(view.verdict, played=view.played)
        found.append(Visitor(position, said))
    return found


async def crowd(address: str, found: list[Visitor]) -> list[str]:
    """Let all load, then slide, at once; return what went wrong."""
    async with async_playwright() as driver:
        path = shutil.which("chromium") or shutil.which("chromium-browser")
        browser = await driver.chromium.launch(executable_path=path, args=ARGUMENTS)
        loads = (visitor.load(browser, address) for visitor in found)
        troubles = [t for t in await asyncio.gather(*loads, return_exceptions=True) if t]
        ready = [visitor.slide() for visitor in found if visitor.page is not None]
        troubles += [t for t in await asyncio.gather(*ready, return_exceptions=True) if t]
        await browser.close()
    return [*map(str, troubles), *(text for visitor in found for text in visitor.complaints)]


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--browsers", type=int, default=50)
    given = parser.parse_args()
    load = [round(value, 1) for value in os.getloadavg()]
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "thirty-six-months.toml"
        file.write_text(SCENARIO, "utf-8")
        found = visitors(file, given.browsers)
        with serving(file) as address:
            troubles = asyncio.run(crowd(address, found))
    rows = [
        row("page loaded", [v.loaded for v in found if v.loaded] or [0.0]),
        row("slider to right answer", [v.answered for v in found if v.answered] or [0.0]),
    ]
    right = sum(v.answered > 0.0 for v in found)
    title = f"{given.browsers} browsers at once; {right} with the right answer"
    columns = ("what", "median, ms", "95th percentile, ms", "most, ms", "number")
    for table in (machine(), Table("browsers", title, columns, rows)):
        sys.stdout.write(as_text(table) + "\n")
    sys.stdout.write(f"load of the machine before (1, 5, 15 minutes): {load}\n")
    for trouble in troubles[:10]:
        sys.stdout.write(f"trouble: {trouble[:300]}\n")


if __name__ == "__main__":
    main()
