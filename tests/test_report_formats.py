"""Reports as HTML, PDF and Markdown, in English and German: one content, whatever the form."""

from __future__ import annotations

import re
import sys
from pathlib import Path

import pandas as pd
import pytest
import weasyprint

from alliancesim.language import spoken
from alliancesim.report.formats import FORMATS, file_name, formatted
from alliancesim.report.markdown import markdown
from alliancesim.report.page import write_report
from alliancesim.report.remade import check_same
from alliancesim.results import result as results
from alliancesim.results.manifest import check_whole
from alliancesim.results.result import table_digest
from alliancesim.scenario.problems import InputError
from commands import answer
from test_report import made
from worlds import document

A4 = (210 / 25.4 * 96, 297 / 25.4 * 96)
PAGE = """<html><body><h1>A | B</h1><p>x_1 <b>y</b> &lt;script&gt; [a](javascript:b) *c*</p>
<table><thead><tr><th>p</th></tr></thead><tbody><tr><td>1 | 2</td></tr></tbody></table>
<dl class="facts"><dt>seed</dt><dd>1</dd></dl><details><summary>More</summary><p>z</p></details>
</body></html>"""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Results of a small run."""
    place = tmp_path_factory.mktemp("formats") / "small"
    results.write(made(document(), runs=4, keep="outcomes"), place)
    return place


@pytest.fixture(scope="module")
def german(folder: Path) -> str:
    """The page on it in German."""
    return write_report(folder, language="de").read_text("utf-8")


def test_a_german_page_is_german(folder: Path, german: str) -> None:
    """Its language is declared, its figures are Abbildungen, its numbers have a decimal comma."""
    assert '<html lang="de">' in german
    assert not re.search(r"<h2[^>]*>(What|How|Read|Why|Verdict)\b", german)
    assert "Mit Vorsicht zu lesen" in german
    assert re.search(r'<p class="verdict">[^<]*\d,\d{3}', german)
    assert (folder / "report-de.html").exists()
    assert (folder / "report-de-figures").is_dir()
    assert spoken() == "en"


def test_figures_are_numbered_in_their_order(german: str) -> None:
    """From 1, none left out, and each caption says first what to see or how to read it."""
    numbers = re.findall(r"<strong>Abbildung (\d+)\. ", german)
    assert numbers == [str(place) for place in range(1, len(numbers) + 1)]
    assert len(numbers) == german.count("<figure")
    findings = re.findall(r'<span class="finding">(.*?)</span>', german)
    assert findings
    assert all(re.search(r"\d,\d", finding) for finding in findings)


def test_markdown_shows_every_figure_and_table(folder: Path, german: str) -> None:
    """Its figures are the files beside the page, described in words; nothing of its style is in."""
    told = markdown(german)
    shown = re.findall(r"!\[(.+)\]\((report-de-figures/[0-9]{2}-[a-z-]+\.png)\)", told)
    assert len(shown) == told.count("**Abbildung ")
    assert all((folder / file).exists() for _, file in shown)
    assert all(len(said) > 40 for said, _ in shown)
    assert "| Urteil | Anteil der Läufe | 95\u2011%\u2011KI |" in told.replace("\u00a0", " ")
    assert "<" not in told
    assert "font-family" not in told


def test_markdown_takes_nothing_of_a_text_for_markup() -> None:
    """Neither tags, links nor bars that would make another cell."""
    told = markdown(PAGE)
    assert told.startswith("# A \\| B\n")
    assert "x\\_1 **y** &lt;script> [a]\\(javascript:b) \\*c\\*" in told
    assert "| 1 \\| 2 |" in told
    assert "- seed: 1" in told
    assert "**More**" in told


def test_a_pdf_is_a4_and_the_same_every_time() -> None:
    """Its pages have the size of the style for print, and nothing in it tells the time."""
    style = "<style>@page { size: A4 }</style>"
    page = PAGE.replace("<body>", f"<head>{style}</head><body>")
    assert formatted(page, "pdf") == formatted(page, "pdf")
    (first,) = weasyprint.HTML(string=page).render().pages
    assert (first.width, first.height) == pytest.approx(A4)


def test_without_weasyprint_the_way_to_get_it_is_named(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """No traceback, no file, exit code 2, and the other formats work."""
    monkeypatch.setitem(sys.modules, "weasyprint", None)
    done = answer("report", str(folder), "--out", "x.pdf", cwd=folder.parent)
    assert done.returncode == 2
    assert "'.[pdf]'" in done.stderr
    assert not (folder.parent / "x.pdf").exists()
    assert formatted("<html><body></body></html>", "md") == b"\n"


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        (["--format", "docx"], "html, pdf or md"),
        (["--language", "fr"], "en or de"),
    ],
)
def test_what_there_is_not_is_refused(folder: Path, words: list[str], expected: str) -> None:
    done = answer("report", str(folder), *words, cwd=folder.parent)
    assert (done.returncode, done.stdout) == (2, "")
    assert expected in done.stderr


def test_files_of_formats_and_languages_lie_side_by_side() -> None:
    names = {file_name("report", form, code) for form in FORMATS for code in ("en", "de")}
    assert {"report.html", "report-de.pdf", "report.md"} < names
    assert len(names) == 2 * len(FORMATS)


def test_results_that_come_out_otherwise_now_get_no_page(tmp_path: Path) -> None:
    """A page of other numbers than those in the folder would deceive; each table is named."""
    table = pd.DataFrame({"x": [1.0]})
    kept = {"digest": {"a": table_digest(table)}, "program": {"alliancesim": "0.0.1"}}
    check_same(tmp_path, kept, {"a": table})
    with pytest.raises(InputError, match=r"digest\.a.*version 0\.0\.1"):
        check_same(tmp_path, kept, {"a": table + 1e-15})


def test_a_manifest_that_does_not_say_what_was_asked_is_refused(tmp_path: Path) -> None:
    """Everything that is missing is named at once."""
    with pytest.raises(InputError) as refused:
        check_whole(tmp_path, {"kind": "tip", "digest": {}})
    assert [problem.key for problem in refused.value.problems] == ["command", "options", "program"]
