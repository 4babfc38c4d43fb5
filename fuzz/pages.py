"""Make every kind of page of a scenario full of hostile texts, and open each in a browser.

    python fuzz/pages.py
    python fuzz/pages.py run discover

Needs playwright and Chromium. Every text that a file may hold is markup, script, template, format,
Markdown, spreadsheet formula or the terminal's own markup. A page is at fault where a script runs,
anything is requested, an element or attribute is there that no template has, or a text is not told
as it stands in the file; a command, where it fails or prints anything that steers a terminal.
"""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
import tempfile
import tomllib
from pathlib import Path

from bs4 import BeautifulSoup
from targets import ROOT

from alliancesim.scenario.printable import steers

HOSTILE = (
    "<script>window.struck=1</script><img src=x onerror='window.struck=1'>"
    '"\' onmouseover="window.struck=1" ]]>--><svg onload=window.struck=1> {{7*7}} {0} {text} %s'
    " ${7*7} [red]red[/red] [/] | **bold** [link](javascript:window.struck=1) `code` &amp; =1+1"
    " \u05d0\u200f \\u001b[31m \\\\ </title></style></textarea>"
)
"""A text that nothing may take for more than a text."""

FORMULA = "=HYPERLINK(1)" + HOSTILE
LANGUAGES = ("en", "de")

TEXTS = (
    "title", "question", "story", "learn", "name", "what", "source", "label", "unit", "finding",
)  # fmt: skip


def main() -> int:
    """Make the pages, look at each and say what is at fault."""
    from playwright.sync_api import sync_playwright

    folder = Path(tempfile.mkdtemp(prefix="pages-"))
    faults: list[str] = []
    try:
        commands(folder, faults)
        found = sorted(folder.rglob("*.html"))
        chromium = shutil.which("chromium") or shutil.which("chromium-browser")
        with sync_playwright() as driver:
            browser = driver.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
            for page in found:
                where = page.relative_to(folder)
                faults += [f"{where}: {fault}" for fault in looked_at(browser, page)]
            browser.close()
        others = [path for form in ("md", "pdf") for path in folder.rglob(f"*.{form}")]
        for page in folder.rglob("*.md"):
            said = page.read_text("utf-8")
            if re.search(r"<script|<img|<svg|\]\(javascript", said):
                faults.append(f"{page.relative_to(folder)}: markup")
        tables = list(folder.rglob("*.csv"))
        sys.stdout.write(
            f"{len(found)} HTML pages, {len(others)} of other formats, {len(tables)} tables; "
            f"{len(faults)} faults\n" + "".join(f"{fault}\n" for fault in faults)
        )
    finally:
        shutil.rmtree(folder)
    return 1 if faults else 0


def hostile(text: str) -> str:
    """Return a file every free text of which is hostile."""
    quoted = '"' + FORMULA.replace("\\", "\\\\").replace('"', '\\"') + '"'
    made = re.sub(
        rf"(?m)^({'|'.join(TEXTS)}) = \".*\"$", lambda found: f"{found[1]} = {quoted}", text
    )
    made = re.sub(r'source = "[^"]*"', lambda _: f"source = {quoted}", made)
    made = re.sub(r'(?m)^sources = \["[^"]*"\]$', lambda _: f"sources = [{quoted}]", made)
    tomllib.loads(made)
    return made


def commands(folder: Path, faults: list[str]) -> None:
    """Run every command that makes a page."""
    from targets import EXPERIMENT, GAME

    from worlds import FULL

    names = sys.argv[1:]
    (folder / "hostile.toml").write_text(hostile(FULL), "utf-8")
    game = GAME.replace('"small"', '"hostile"').replace('settings = ["time.months=6"]\n', "")
    (folder / "game.toml").write_text(hostile(game), "utf-8")
    sweep = EXPERIMENT.replace('"small"', '"hostile"').replace('settings = ["time.months=6"]\n', "")
    sweep = sweep.replace("months = 4\n", "").replace("steps = 3", "steps = 11")
    (folder / "sweep.toml").write_text(hostile(sweep), "utf-8")
    runs = ("--runs", "20")
    for name, words in {
        "run": ("run", "hostile.toml", *runs, "--explain"),
        "compare": ("compare", "hostile.toml", "hostile.toml", *runs),
        "explain": ("explain", "hostile.toml", *runs, "--mechanisms", "--ledger", "ALFA-BRAVO"),
        "tip": ("tip", "hostile.toml", "--vary", "coefficients.balancing", *runs),
        "landscape": ("landscape", "hostile.toml", *runs),
        "game": ("game", "game.toml"),
        "experiment": ("experiment", "sweep.toml"),
        "sensitivity": ("sensitivity", "sweep.toml", "--samples", "8", "--trajectories", "4"),
        "discover": ("discover", "sweep.toml"),
        "recode": ("recode", "hostile.toml", "--recodings", "40", *runs),
        "tournament": ("tournament", "hostile.toml", "--no-hindcast", *runs),
    }.items():
        if names and name not in names:
            continue
        told(folder, faults, *words, "--out", name)
        for language in LANGUAGES:
            told(folder, faults, "report", name, "--language", language)
        told(folder, faults, "report", name, "--format", "md")
        if name in ("run", "experiment"):
            told(folder, faults, "report", name, "--format", "pdf")
            told(folder, faults, "brief", name, "--format", "html")
    told(folder, faults, "check", "hostile.toml", "game.toml", "sweep.toml")
    (folder / "wrong.toml").write_text(hostile(FULL).replace("threat = 0.5", "threat = 5"), "utf-8")
    told(folder, faults, "check", "wrong.toml", codes=(2,))


def told(folder: Path, faults: list[str], *words: str, codes: tuple[int, ...] = (0,)) -> None:
    """Run a command and look at what it prints."""
    ran = subprocess.run(
        [sys.executable, "-m", "alliancesim.cli.main", *words],
        cwd=folder, capture_output=True, text=True, check=False,
    )  # fmt: skip
    said = ran.stdout + ran.stderr
    if ran.returncode not in codes:
        faults.append(f"{' '.join(words)}: exit code {ran.returncode}: {said[-300:]}")
    if steers(said.replace("\r", "")):
        faults.append(f"{' '.join(words)}: prints what steers a terminal")


def looked_at(browser: object, path: Path) -> list[str]:
    """Return what is wrong with a page."""
    faults: list[str] = []
    page = browser.new_page()  # type: ignore[attr-defined]
    address = path.as_uri()
    page.on("request", lambda asked: None if asked.url == address else faults.append(asked.url))
    page.on("dialog", lambda dialog: faults.append(f"dialog {dialog.message}"))
    page.on("pageerror", lambda error: faults.append(f"error {error}"))
    page.goto(address)
    page.mouse.move(200, 200)
    if page.evaluate("window.struck"):
        faults.append("a script ran")
    page.close()
    soup = BeautifulSoup(path.read_text("utf-8"), "html.parser")
    faults += [f"<{tag.name}>" for tag in soup.select("iframe, object, embed, form, link, base")]
    for tag in soup.find_all(True):
        if tag.name in ("script", "img") and "struck" in str(tag):
            faults.append(f"<{tag.name}> of a file")
        faults += [f"{name} on <{tag.name}>" for name in tag.attrs if name.startswith("on")]
        for name in ("href", "src"):
            if str(tag.get(name, "")).lower().startswith(("javascript:", "http:", "//")):
                faults.append(f"{name} {tag[name]}")
    if "{{7*7}}" not in soup.get_text() or "=HYPERLINK(1)49" in soup.get_text():
        faults.append("a text is not told as it stands in the file")
    return sorted(set(faults))


if __name__ == "__main__":
    sys.path.insert(0, str(ROOT / "fuzz"))
    sys.exit(main())
