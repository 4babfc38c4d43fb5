"""The documentation cites what it lists, and says of the evidence what the program found."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from alliancesim.coefficients import IDENTIFIED, NAMES, REGISTER
from alliancesim.ensemble import simulate
from alliancesim.scenario.reading import load
from alliancesim.world import build_world

ROOT = Path(__file__).resolve().parent.parent
DOCS = ROOT / "docs"
sys.path.insert(0, str(DOCS))

import generate  # noqa: E402
import pages  # noqa: E402

MODEL = (DOCS / "model.md").read_text("utf-8")

# Works.


def _cited(text: str) -> Iterator[tuple[str, str]]:
    """Yield the first author and the year of each work that a text cites."""
    one = r"[A-Z][a-zé]+(?:-[A-Z][a-z]+)?"
    also = rf"(?:,? (?:and {one}|et al\.)|(?:, {one})+,? and {one})?"
    for found in re.finditer(rf"\b({one}){also},? \(?((?:19|20)\d\d)\b", text):
        yield found[1], found[2]


NOT_WORKS = {"January", "February", "March", "April", "June", "August", "September", "October"}
NOT_WORKS |= {"November", "December", "In", "For"}
"""Words before a year that are no author."""

SURVEYS = ("scenarios.md", "hindcast-inputs.md")
"""Pages that name surveys and trade statistics, which stand with each number in the record."""

PAGES = [
    path.relative_to(DOCS).as_posix()
    for path in pages.own_pages()
    if path.name not in (*SURVEYS, "references.md")
]


def _text_of(name: str) -> str:
    """Return the text in which works may be cited: a page, the register, or all source code."""
    if name == "register":
        return "\n".join(entry.source for entry in REGISTER)
    if name == "source":
        folder = ROOT / "src"
        files = [*sorted(folder.rglob("*.py")), *sorted(folder.rglob("*.j2"))]
        joined = "\n".join(path.read_text("utf-8") for path in files)
        return re.sub(r'"\s*\n\s*f?"', "", joined)
    return generate._MARKED.sub("", (DOCS / name).read_text("utf-8"))


@pytest.mark.parametrize("name", ["register", "source", *PAGES])
def test_every_work_cited_is_in_the_references(name: str) -> None:
    """Author and year in pages, register and source code lead to a full reference."""
    references = (DOCS / "references.md").read_text("utf-8")
    cited = {work for work in _cited(_text_of(name)) if work[0] not in NOT_WORKS}
    assert cited or name not in ("register", "source", "model.md", "glossary.md")
    entries = re.split(r"^- ", references, flags=re.MULTILINE)[1:]
    missing = {
        work
        for work in cited
        if not any(work[0] in entry and work[1] in entry for entry in entries)
    }
    assert not missing


# What the page about the model says of the evidence.


def _named(text: str) -> list[str]:
    """Return the coefficients that a text names."""
    return [name for name in re.findall(r"`([a-z_]+)`", text) if name in NAMES]


def test_the_page_says_what_the_record_taught() -> None:
    """Coefficients called identified, narrowed by half, or left at their priors are just these."""
    state = MODEL[MODEL.index("**State of the evidence.**") :].split("\n\n")[0]
    learned = {entry.name: entry.fitted.learned for entry in REGISTER if entry.fitted}
    identified, rest = state.split("and narrows")
    narrowed, rest = rest.split("by nearly half")
    silent = rest.split("says next to nothing")[0]
    assert _named(identified) == [name for name in learned if learned[name] >= IDENTIFIED]
    assert set(_named(narrowed)) == {
        name for name, share in learned.items() if 0.4 <= share < IDENTIFIED
    }
    assert _named(silent)
    assert all(learned[name] < 0.2 for name in _named(silent))


def test_priors_that_have_seen_later_years_are_named() -> None:
    """Every rate whose prior cites figures after 2019 is named where out of sample is explained."""
    words = MODEL[MODEL.index('What "out of sample" means here') :].split("\n- ")[1]
    later = {
        entry.name
        for entry in REGISTER
        if re.search(r"\b202\d\b", entry.source)
        and not re.search("Koelling|Crawford 2021", entry.source)
    }
    assert set(_named(words)) == later


def test_the_drift_of_cohesion_is_what_the_page_says() -> None:
    """The rise of cohesion by shocks alone, which the page admits, is what the program shows."""
    sentence = re.search(r"with shocks alone,\s.*?190\.", MODEL.replace("\n", " "))
    assert sentence is not None
    start, *levels = (float(level) for level in re.findall(r"0\.\d\d", sentence[0]))
    months = [int(month) for month in re.findall(r"after (\d+)", sentence[0])]
    scenario = load("northeast-asia-2010").scenario
    longer = scenario.model_copy(
        update={"time": scenario.time.model_copy(update={"months": months[-1]})}
    )
    world = build_world(longer)
    paths = simulate(world, world, runs=1000, seed=1).alliance[0]
    assert paths[:, 0].mean() == pytest.approx(start)
    for month, level in zip(months, levels, strict=True):
        assert paths[:, month].mean() == pytest.approx(level, abs=0.006)
