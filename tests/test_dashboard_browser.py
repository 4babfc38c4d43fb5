"""The dashboard in a real browser, served by a real process: what people see and do there."""

from __future__ import annotations

import contextlib
import http.client
import os
import re
import signal
import subprocess
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import pytest

import test_report_browser
from alliancesim.scenario.reading import load
from alliancesim.study import Options, run_scenario
from browsing import TEXTS_OUTSIDE
from commands import COMMAND, SETTINGS

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

PRESSURE = "strategies.squeeze-and-court.press_intensity"
RUNS = 40

browser = test_report_browser.browser


SMALLEST_LETTERS = """() => Math.min(...[...document.querySelectorAll('.dashboard svg text')]
    .map(text => text.getScreenCTM().a * parseFloat(getComputedStyle(text).fontSize))
    .filter(size => size > 0))"""

UNNAMED_FIELDS = """() => [...document.querySelectorAll('input, select')]
    .filter(field => !field.labels.length).map(field => field.id)"""


class Served(NamedTuple):
    """A server of the dashboard."""

    process: subprocess.Popen[str]
    address: str
    port: int


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """One dashboard for all tests, as its command starts it; Ctrl-C ends it with exit code 130."""
    pytest.importorskip("solara", reason="the dashboard's libraries are not installed")
    process = subprocess.Popen(
        [*COMMAND, "dashboard", "wedge-hypothesis", "--port", "0", "--no-open"],
        cwd=tmp_path_factory.mktemp("dashboard"),
        env={**os.environ, **SETTINGS},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    try:
        line = process.stdout.readline()
        found = re.search(r"http://127\.0\.0\.1:(\d+)/", line)
        assert found is not None, process.communicate(timeout=10)
        yield Served(process, found[0], int(found[1]))
        process.send_signal(signal.SIGINT)
        _, errors = process.communicate(timeout=20)
        assert process.returncode == 130, errors
        assert "Traceback" not in errors
    finally:
        process.kill()


@contextlib.contextmanager
def visiting(
    browser: Browser, served: Served, query: str = "", width: int = 1280
) -> Iterator[Page]:
    """A page of the dashboard that complains of nothing and asks for nothing from elsewhere."""
    page = browser.new_page(viewport={"width": width, "height": 900})
    complaints: list[str] = []
    page.on("console", lambda said: said.type == "error" and complaints.append(said.text))
    page.on("pageerror", lambda error: complaints.append(str(error)))
    own = (served.address, served.address.replace("http", "ws"), "data:", "blob:")
    page.on("request", lambda asked: asked.url.startswith(own) or complaints.append(asked.url))
    page.on("response", lambda got: got.status >= 400 and complaints.append(got.url))
    try:
        page.goto(served.address + query)
        page.wait_for_selector(".sentence", timeout=20_000)
        yield page
        assert complaints == []
    finally:
        page.close()


def told_effect(*settings: str) -> str:
    """The effect that the engine finds for the scenario with such settings, as pages write it."""
    options = Options(runs=RUNS, seed=1, robustness=False, keep="outcomes")
    found = run_scenario(load("wedge-hypothesis", settings), options).verdict.effect.estimate
    return f"{found:+.3f}".replace("-", "−")


def test_a_slider_changes_the_verdict_as_the_engine_says(browser: Browser, served: Served) -> None:
    """By keyboard: load, slide, see another verdict, with the numbers that the engine has."""
    with visiting(browser, served, f"?scenario=wedge-hypothesis&runs={RUNS}") as page:
        assert "split the alliance" in page.inner_text(".sentence")
        assert told_effect() in page.inner_text(".sentence")
        slider = page.locator(f"[id='{PRESSURE}']")
        slider.focus()
        for _ in range(5):
            page.keyboard.press("PageDown")
        standing = float(slider.input_value())
        assert 0.3 < standing < 0.7
        effect = told_effect(f"{PRESSURE}={standing}")
        page.wait_for_function(
            "effect => document.querySelector('.sentence').textContent.includes(effect)", arg=effect
        )
        assert "did nothing" in page.inner_text(".sentence")
        # The address holds the setting, so that reloading brings it back.
        assert f"{PRESSURE}={standing}" in page.url
        page.reload()
        page.wait_for_selector(".sentence")
        assert effect in page.inner_text(".sentence")
        # Map and causes come a moment later.
        page.wait_for_selector("#map-desc", state="attached", timeout=20_000)
        page.wait_for_selector("#causes-desc", state="attached")


def test_picking_comparing_and_playing(browser: Browser, served: Served) -> None:
    """Keep one setting, pick another scenario beside it, and play the network by keyboard."""
    with visiting(browser, served, f"?scenario=wedge-hypothesis&runs={RUNS}") as page:
        page.get_by_role("button", name="Keep this one beside").press("Enter")
        page.wait_for_selector(".cards.two")
        page.select_option("#scenario", "press-only")
        page.wait_for_function(
            "document.querySelector('.sentence').textContent.includes('did nothing')"
        )
        sentences = page.locator(".sentence").all_inner_texts()
        assert len(sentences) == 2
        assert "split the alliance" in sentences[1]
        assert "beside=" in page.url
        month = page.locator(".player output").first
        last = month.inner_text()
        page.get_by_role("button", name="Play").first.press("Enter")
        page.wait_for_function(
            "last => document.querySelector('.player output').textContent !== last", arg=last
        )
        page.get_by_role("button", name="Pause").press("Enter")
        month = page.locator("#network-0-month")
        month.focus()
        page.keyboard.press("Home")
        assert month.get_attribute("aria-valuetext") == "2025-09"
        page.keyboard.press("ArrowRight")
        assert month.get_attribute("aria-valuetext") == "2025-10"
        page.select_option("#language", "de")
        page.wait_for_function("document.documentElement.lang === 'de'")


def test_what_is_downloaded_is_the_setting(
    browser: Browser, served: Served, tmp_path: Path
) -> None:
    """The scenario file has what the sliders say."""
    with visiting(browser, served, f"?scenario=press-only&runs={RUNS}&{PRESSURE}=0.5") as page:
        with page.expect_download() as waiting:
            page.get_by_role("link", name="Scenario file").click()
        file = tmp_path / waiting.value.suggested_filename
        waiting.value.save_as(file)
    document = tomllib.loads(file.read_text("utf-8"))
    assert file.name == "press-only-dashboard.toml"
    assert document["extends"] == "press-only"
    assert document["strategies"]["squeeze-and-court"]["press_intensity"] == 0.5


def test_a_bad_link_is_answered_kindly(browser: Browser, served: Served) -> None:
    """What cannot be read is told in words, nothing of it becomes markup, and the rest is shown."""
    query = "?scenario=press-only&runs=20&seed=%3Cimg%20src%3Dx%20onerror%3Dalert(1)%3E&nonsense=1"
    with visiting(browser, served, query) as page:
        notice = page.inner_text(".notice")
        assert "<img src=x" in notice
        assert "nonsense" in notice
        assert page.locator(".notice img").count() == 0
        assert page.input_value("#scenario") == "press-only"


def test_the_page_fits_and_speaks_german(browser: Browser, served: Served) -> None:
    """At three widths no sideways scroll, no text cut off, letters large enough; all labelled."""
    with visiting(browser, served, f"?scenario=wedge-hypothesis&runs={RUNS}&language=de") as page:
        page.wait_for_selector("#map-desc", state="attached", timeout=20_000)
        assert page.evaluate("document.documentElement.lang") == "de"
        assert "Zusammenhalt des Bündnisses" in page.inner_text(".main")
        outside = TEXTS_OUTSIDE.replace("figure svg", ".dashboard svg")
        for width in (360, 768, 1280):
            page.set_viewport_size({"width": width, "height": 900})
            assert page.evaluate("document.documentElement.scrollWidth") <= width
            assert page.evaluate(outside) == []
            assert page.evaluate(SMALLEST_LETTERS) >= 8.0
        assert page.evaluate(UNNAMED_FIELDS) == []


def test_the_mesa_model_is_stepped(browser: Browser, served: Served) -> None:
    """Mesa's own page steps the model of the setting, month by month, on a phone and in German."""
    page = browser.new_page(viewport={"width": 390, "height": 844})
    try:
        page.goto(f"{served.address}steps?scenario=wedge-hypothesis&language=de")
        page.get_by_role("button", name="Schritt").click(timeout=20_000)
        page.wait_for_selector("p:has-text('Zusammenhalt im Monat 2025-10')", timeout=20_000)
        assert page.evaluate("document.documentElement.scrollWidth") <= 390
        assert page.evaluate("document.documentElement.lang") == "de"
        assert "Worauf Peking setzt" in page.title()
    finally:
        page.close()


@pytest.mark.parametrize(
    ("headers", "path", "status"),
    [
        ({}, "/", 200),
        ({"Origin": "http://evil.example"}, "/", 403),
        ({"Host": "evil.example"}, "/", 403),
        ({"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "no-cors"}, "/", 403),
        ({"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "navigate"}, "/", 200),
        ({"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "navigate"}, "/download/data.zip", 403),
        ({"Origin": "http://evil.example", "Upgrade": "websocket", "Connection": "Upgrade",
          "Sec-WebSocket-Version": "13", "Sec-WebSocket-Key": "AAAAAAAAAAAAAAAAAAAAAA=="},
         "/jupyter/api/kernels/00000000-0000-4000-8000-000000000000/channels?session_id=x", 403),
        ({}, "/_solara/cdn/nothing@1.0.0/x.js", 404),
        ({}, "/_solara/cdn/../../../../etc/passwd", 404),
        ({}, "/resourcez", 404),
        ({}, "/download/scenario.toml?runs=1", 400),
        ({}, "/download/other", 404),
        ({}, "/?scenario=" + "x" * 9000, 414),
    ],
)  # fmt: skip
def test_what_may_reach_the_server(
    served: Served, headers: dict[str, str], path: str, status: int
) -> None:
    """Its own pages may; other origins, other names and files from elsewhere may not."""
    line = http.client.HTTPConnection("127.0.0.1", served.port, timeout=20)
    try:
        line.request("GET", path, headers=headers)
        answered = line.getresponse()
        assert answered.status == status
        if status == 200:
            assert "frame-ancestors 'none'" in answered.headers["Content-Security-Policy"]
    finally:
        line.close()
