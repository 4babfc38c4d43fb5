"""The documentation as a site: it builds strictly, leads nowhere dead, and fetches nothing."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from functools import cached_property
from html.parser import HTMLParser
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent

FETCHED = {"script": "src", "img": "src", "link": "href", "iframe": "src", "source": "src"}
"""Attributes whose target a browser loads by itself, by tag."""


class Page(HTMLParser):
    """A page's links, what its browser would load, and the places that can be linked to."""

    def __init__(self, path: Path) -> None:
        super().__init__()
        self.path = path
        self.links: set[str] = set()
        self.fetched: set[str] = set()
        self.places: set[str] = set()
        self.feed(path.read_text("utf-8"))

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note where a tag leads, what it loads, and whether it is a place."""
        given = {name: value for name, value in attrs if value}
        self.places |= {given[name] for name in ("id", "name") if name in given}
        if tag == "a" and "href" in given:
            self.links.add(given["href"])
        if tag in FETCHED and FETCHED[tag] in given and given.get("rel") != "canonical":
            self.fetched.add(given[FETCHED[tag]])


class Site:
    """A built site."""

    def __init__(self, folder: Path, said: str) -> None:
        self.folder, self.said = folder, said

    @cached_property
    def pages(self) -> dict[Path, Page]:
        """The pages by path; that of dead links is reached from anywhere and left out."""
        found = (path for path in self.folder.rglob("*.html") if path.name != "404.html")
        return {path.resolve(): Page(path) for path in found}


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Site:
    """The site, built strictly."""
    folder = tmp_path_factory.mktemp("site")
    command = [sys.executable, "-m", "mkdocs", "build", "--site-dir", str(folder)]
    settings = {**os.environ, "NO_MKDOCS_2_WARNING": "1"}
    done = subprocess.run(
        command, cwd=ROOT, env=settings, capture_output=True, text=True, timeout=120, check=False
    )
    assert done.returncode == 0, done.stderr
    return Site(folder, done.stderr)


def test_every_link_leads_somewhere(site: Site) -> None:
    """Links within the site, those to a place on a page included, have a target."""
    dead = set()
    for path, page in site.pages.items():
        for link in page.links | page.fetched:
            if re.match(r"[a-z]+:", link):
                continue
            name, _, place = link.partition("#")
            target = (path.parent / name).resolve() if name else path
            places = site.pages[target].places if target in site.pages else {place}
            if not target.exists() or (place and place not in places):
                dead.add((path.name, link))
    assert not dead


def test_nothing_is_fetched_from_elsewhere(site: Site) -> None:
    """No page loads a script, a style, a font or a picture from another host."""
    loaded = {
        (path.name, link)
        for path, page in site.pages.items()
        for link in page.fetched
        if re.match(r"(https?:)?//", link)
    }
    assert not loaded
    styles = "".join(path.read_text("utf-8") for path in site.folder.rglob("*.css"))
    assert not re.findall(r"url\((?:https?:)?//[^)]*\)", styles)


def test_every_page_is_reached_from_the_menu(site: Site) -> None:
    """No page is left out of the navigation."""
    assert 'not included in the "nav"' not in site.said
    start = site.pages[(site.folder / "index.html").resolve()]
    reached = {(site.folder / link.partition("#")[0]).resolve() for link in start.links}
    assert set(site.pages) <= reached


def test_the_interface_is_described_in_full(site: Site) -> None:
    """The page of the Python interface holds every public function and its arguments."""
    import alliancesim

    text = (site.folder / "api.html").read_text("utf-8")
    for name in alliancesim.__all__:
        assert name == "__version__" or f">{name}<" in text, name
    assert "values that replace those of the file" in text


def test_what_is_written_for_files_reads_as_pages(site: Site) -> None:
    """Links do not show paths of pages, the notebook is a page, and roles of Sphinx are dropped."""
    texts = {path: path.read_text("utf-8") for path in site.pages}
    shown = {
        (path.name, link)
        for path in texts
        for link in re.findall(r">([^<> ]+\.md)</a>", texts[path])
    }
    assert not shown
    tour = texts[(site.folder / "tour.html").resolve()]
    assert "The model is a lens" in tour
    assert 'src="data:image/png;base64,' in tour
    assert ":func:" not in texts[(site.folder / "api.html").resolve()]
