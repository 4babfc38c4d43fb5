"""How fast the dashboard answers: its parts, one browser, and fifty scripted clients at once.

    python benchmarks/dashboard.py                 all tables, about a minute
    python benchmarks/dashboard.py --json FILE     the tables as JSON, too
    python benchmarks/dashboard.py --clients 100   more clients

500 runs of 36 months with their twins, four actors. Nothing else should run on the machine
meanwhile; the load that it carried is told at the end. Needs Chromium and the extra "dashboard".
"""

from __future__ import annotations

import argparse
import contextlib
import json
import os
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
import threading
import time
import urllib.request
import uuid
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

from machine import machine
from playwright.sync_api import sync_playwright
from tables import Table, as_data, as_text
from websockets.sync.client import connect

from alliancesim.dashboard.charts.actions import actions_chart
from alliancesim.dashboard.charts.fan import fan_chart
from alliancesim.dashboard.charts.frame import frame_of
from alliancesim.dashboard.charts.gauge import gauge
from alliancesim.dashboard.charts.network import network_data
from alliancesim.dashboard.computing import view_of
from alliancesim.dashboard.hall import Hall
from alliancesim.dashboard.later import causes_of, map_of
from alliancesim.dashboard.setting import Setting, with_values

SCENARIO = 'extends = "observed-backfire"\ntime.months = 36\n'
PRESSURE = "strategies.squeeze-and-court.press_intensity"
POSITIONS = [0.95 - 0.05 * k for k in range(19)]
"""Where the slider is moved, each far enough from the last to change the numbers shown."""

ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
_COLUMNS = ("what", "median, ms", "95th percentile, ms", "most, ms", "number")


def row(what: str, seconds: Sequence[float]) -> tuple[str, float, float, float, int]:
    """Return a row of a table of times."""
    ordered = sorted(1000 * value for value in seconds)
    high = ordered[min(len(ordered) - 1, int(0.95 * len(ordered)))]
    middle = statistics.median(ordered)
    return what, round(middle, 1), round(high, 1), round(ordered[-1], 1), len(ordered)


def times(work: Callable[[float], object], positions: Sequence[float] = POSITIONS) -> list[float]:
    """Return how long work takes at each position of a slider."""
    found = []
    for position in positions:
        begun = time.perf_counter()
        work(position)
        found.append(time.perf_counter() - begun)
    return found


def parts(file: Path) -> Table:
    """Return what the parts of an answer take, without server and browser."""
    hall = Hall(str(file))
    name = hall.catalogue.first
    choice = hall.catalogue.choice(name)

    def at(position: float, *, posterior: bool = False) -> Setting:
        given = Setting(scenario=name, posterior=posterior)
        return with_values(given, choice, {PRESSURE: position})

    view_of(at(1.0, posterior=True), choice)
    view = view_of(at(1.0), choice)
    frame = frame_of([view])
    drawn = (gauge, fan_chart, actions_chart, network_data)
    rows = [
        row("ensemble, verdict, medians", times(lambda p: view_of(at(p), choice))),
        row(
            "the same, coefficients drawn", times(lambda p: view_of(at(p, posterior=True), choice))
        ),
        row("charts", times(lambda _: [draw(view, frame) for draw in drawn])),
        row("map", times(lambda p: map_of(at(p), choice, lambda: True), POSITIONS[:5])),
        row("causes", times(lambda p: causes_of(at(p), choice, lambda: True), POSITIONS[:5])),
    ]
    return Table("parts", "Parts of an answer", _COLUMNS, rows)


@contextlib.contextmanager
def serving(file: Path) -> Iterator[str]:
    """Serve the dashboard in a process of its own; yields its address."""
    command = [sys.executable, "-m", "alliancesim.cli.main", "dashboard", str(file)]
    process = subprocess.Popen(
        [*command, "--port", "0", "--no-open"], stdout=subprocess.PIPE, text=True
    )
    assert process.stdout is not None
    try:
        found = re.search(r"http://[^ ]+/", process.stdout.readline())
        assert found is not None
        yield found[0]
    finally:
        process.terminate()
        process.wait(timeout=20)


_WATCH = """() => {
    const shown = () => document.querySelector('.card').textContent;
    const ended = () => { window.took.push(performance.now() - window.begun); window.begun = 0; };
    let was = shown();
    new MutationObserver(() => {
        if (window.begun && shown() !== was) { requestAnimationFrame(ended); }
        was = shown();
    }).observe(document.body, {subtree: true, childList: true, characterData: true});
    window.took = [];
}"""
"""Script that notes when the first card, which says what was moved, is drawn anew."""

_SLIDE = """([key, position]) => {
    const slider = document.getElementById(key);
    window.begun = performance.now();
    slider.value = position;
    slider.dispatchEvent(new Event('input'));
}"""


def browser(address: str) -> Table:
    """Return how long a browser takes from a slider's movement to the next picture."""
    with sync_playwright() as driver:
        path = shutil.which("chromium") or shutil.which("chromium-browser")
        opened = driver.chromium.launch(executable_path=path, args=ARGUMENTS)
        page = opened.new_page()
        begun = time.perf_counter()
        page.goto(address)
        page.wait_for_selector(".sentence")
        loaded = time.perf_counter() - begun
        page.wait_for_selector("#map-desc", state="attached")
        page.evaluate(_WATCH)
        for position in POSITIONS:
            page.evaluate(_SLIDE, [PRESSURE, position])
            page.wait_for_function("window.begun === 0")
            page.wait_for_timeout(500)
            page.wait_for_function("!document.querySelector('.stale')")
        took = [value / 1000 for value in page.evaluate("window.took")]
        opened.close()
    rows = [row("page loaded", [loaded]), row("slider to redraw", took)]
    return Table("browser", "In one browser, all at rest before each movement", _COLUMNS, rows)


class Client:
    """A scripted client, which speaks to the server as the page in a browser does."""

    def __init__(self, address: str, number: int) -> None:
        self.number = number
        self.address = address
        self.took: list[float] = []
        self.trouble = ""
        self._session = uuid.uuid4().hex

    def visit(self, movements: int) -> None:
        """Open the page and move a slider some times, always after the answer to the last."""
        try:
            with urllib.request.urlopen(self.address, timeout=120) as answer:
                cookie = answer.headers["Set-Cookie"].split(";")[0]
            host = self.address.removeprefix("http://").rstrip("/")
            place = f"ws://{host}/jupyter/api/kernels/{uuid.uuid4()}/channels"
            with connect(
                f"{place}?session_id={self._session}",
                additional_headers={"Cookie": cookie},
                origin=self.address.rstrip("/"),  # type: ignore[arg-type]
                max_size=None,
                open_timeout=120,
            ) as line:
                self._converse(line, movements)
        except Exception as error:
            self.trouble = f"{type(error).__name__}: {error}"

    def _converse(self, line: Any, movements: int) -> None:
        comm = uuid.uuid4().hex
        self._send(
            line, "comm_open", {"comm_id": comm, "target_name": "solara.control", "data": {}}
        )
        run = {"method": "run", "args": {"path": "/", "appName": None, "themes": {}, "dark": False}}
        self._send(line, "comm_msg", {"comm_id": comm, "data": run})
        controls = ""
        while True:
            content = self._receive(line)
            state = content.get("data", {}).get("state", {})
            if "revision" in state and "groups" in state and content.get("target_name"):
                controls = content["comm_id"]
            if controls and "sentence" in str(state.get("unsafe_innerHTML", "")):
                break
        for movement in range(movements):
            position = round(0.98 - 0.001 * self.number - 0.06 * movement, 3)
            told = {"what": "slide", "key": "", "value": {PRESSURE: position}}
            content = {"event": "acted", "data": told}
            begun = time.perf_counter()
            self._send(
                line,
                "comm_msg",
                {"comm_id": controls, "data": {"method": "custom", "content": content}},
            )
            while f"{position:.2f}" not in self._sentence(line):
                pass
            self.took.append(time.perf_counter() - begun)

    def _sentence(self, line: Any) -> str:
        """Return what is next said of the verdict, with what was moved."""
        while True:
            state = self._receive(line).get("data", {}).get("state", {})
            said = str(state.get("unsafe_innerHTML", ""))
            if 'class="sentence"' in said:
                return said

    def _receive(self, line: Any) -> dict[str, Any]:
        message = line.recv(timeout=120)
        text = (
            message
            if isinstance(message, str)
            else message[message.index(b"{") :].decode("utf-8", "replace")
        )
        try:
            return dict(json.loads(text).get("content", {}))
        except ValueError:
            return {}

    def _send(self, line: Any, kind: str, content: dict[str, Any]) -> None:
        header = {
            "msg_id": uuid.uuid4().hex,
            "username": "",
            "session": self._session,
            "msg_type": kind,
            "version": "5.2",
            "date": "",
        }
        message = {
            "header": header,
            "parent_header": {},
            "metadata": {},
            "content": content,
            "channel": "shell",
            "buffers": [],
        }
        line.send(json.dumps(message))


def crowd(address: str, clients: int, movements: int) -> Table:
    """Return how long clients wait that all move their sliders at the same time."""
    visitors = [Client(address, number) for number in range(clients)]
    threads = [threading.Thread(target=v.visit, args=(movements,)) for v in visitors]
    begun = time.perf_counter()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    whole = time.perf_counter() - begun
    took = [value for visitor in visitors for value in visitor.took]
    failed = [visitor.trouble for visitor in visitors if visitor.trouble]
    for trouble in failed[:5]:
        sys.stderr.write(trouble + "\n")
    rows: list[tuple[Any, ...]] = [row("slider to answer", took)] if took else []
    rows.append(
        (f"all done; {len(failed)} of {clients} clients failed", 1000 * whole, None, None, clients)
    )
    with urllib.request.urlopen(address, timeout=20) as answer:
        assert answer.status == 200
    title = f"{clients} scripted clients at once, {movements} movements each"
    return Table("crowd", title, _COLUMNS, rows)


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--clients", type=int, default=50)
    parser.add_argument("--movements", type=int, default=5)
    parser.add_argument("--json", type=Path)
    given = parser.parse_args()
    load = [round(value, 1) for value in os.getloadavg()]
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "thirty-six-months.toml"
        file.write_text(SCENARIO, "utf-8")
        found = [machine(), parts(file)]
        with serving(file) as address:
            found += [browser(address), crowd(address, given.clients, given.movements)]
    for table in found:
        sys.stdout.write(as_text(table) + "\n")
    sys.stdout.write(f"load of the machine before (1, 5, 15 minutes): {load}\n")
    if given.json:
        given.json.write_text(json.dumps(as_data(found), indent=2) + "\n", "utf-8")


if __name__ == "__main__":
    main()
