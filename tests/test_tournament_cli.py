"""``alliancesim tournament``: its files, pictures and pages; a real process refuses a theory."""

from __future__ import annotations

import json
import re
import xml.etree.ElementTree as ET
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import pytest

from alliancesim.figures.style import NARROW, WIDE
from alliancesim.figures.tournament import episodes_chart, scoreboard_chart
from alliancesim.report import pictures
from alliancesim.report import tournament_wording as wording
from alliancesim.report.page import write_report
from alliancesim.results.result import table_digest
from alliancesim.tournament.tables import read_tables
from alliancesim.validation import fits
from alliancesim.validation.tables import LEVELS, NO_CHANGE
from browsing import assert_fits, unfolded
from commands import answer, call, typed
from hindcasts import small_files
from test_german_alignment import ENGLISH, said, spelled
from test_report_browser import browser

if TYPE_CHECKING:
    from playwright.sync_api import Browser

__all__ = ["browser"]

TABLES = {"theories", "scenario", "episodes", "scoreboard", "predictions", "coefficients"}


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, Any]]:
    """A folder with a tournament, and the JSON printed for it."""
    folder = tmp_path_factory.mktemp("tournament")
    small_files(folder)
    words = ("--theory", "bandwagoning", "--theory", "balance-of-threat", "--runs", "2")
    with pytest.MonkeyPatch.context() as patch:
        # Processes of their own would take longer to start than these fits take.
        patch.setattr(fits.os, "cpu_count", lambda: 1)
        done = answer(
            *("tournament", "observed-backfire", "--hindcast", "small.toml", *words),
            *("--steps", "8", "--json", "--out", "found"),
            cwd=folder,
        )
    assert (done.returncode, done.stderr) == (0, "")
    return folder / "found", json.loads(done.stdout)


def test_a_tournament_leaves_tables_pictures_and_what_was_asked(
    made: tuple[Path, dict[str, Any]],
) -> None:
    """The folder is whole, the kept fits are gone, and the manifest says how to make it again."""
    folder, printed = made
    manifest = json.loads((folder / "manifest.json").read_text("utf-8"))
    assert manifest["kind"] == "tournament"
    assert manifest["rivals"] == ["balance-of-threat", "bandwagoning", "none"]
    assert set(manifest["digest"]) == TABLES
    drawn = ("scenario", "scenario-fitted", "left-out", "forecast", "in-sample", "scoreboard")
    files = {f"{name}.csv" for name in TABLES} | {"manifest.json", "report.html"}
    files |= {f"{name}.{form}" for name in drawn for form in ("png", "svg")}
    assert {path.name for path in folder.iterdir()} == files
    assert not (folder.parent / ".found-fits").exists()
    for name in drawn:
        assert ET.parse(folder / f"{name}.svg").getroot().tag.endswith("svg")
    assert len(printed["episodes"]) == len(pd.read_csv(folder / "episodes.csv"))
    assert "--theory bandwagoning --theory balance-of-threat --runs 2 --steps 8" in typed(
        (folder / "report.html").read_text("utf-8")
    )


def test_kept_tables_say_the_same(made: tuple[Path, dict[str, Any]]) -> None:
    """What is read back is what was computed, to the last bit, and says the same."""
    folder, printed = made
    manifest = json.loads((folder / "manifest.json").read_text("utf-8"))
    tables = read_tables(folder, manifest)
    for name, digest in manifest["digest"].items():
        assert table_digest(tables[name]) == digest, name
    assert wording.sentences(manifest, tables) == printed["sentences"]
    text = (folder / "report.html").read_text("utf-8")
    assert all(sentence.split(",")[0] in text for sentence in printed["sentences"])


def test_words_follow_the_standings(made: tuple[Path, dict[str, Any]]) -> None:
    """A theory is said to be ahead where the table has it ahead, and nowhere else."""
    manifest = json.loads((made[0] / "manifest.json").read_text("utf-8"))
    tables = read_tables(made[0], manifest)
    episodes = tables["episodes"]
    ranked = episodes["standing"] != "not ranked"
    mine = ranked & (episodes["theory"] == "bandwagoning")
    lead = episodes["standing"].where(~ranked, "behind").mask(mine, "ahead")
    ahead = {**tables, "episodes": episodes.assign(standing=lead)}
    count = len(episodes[mine & (episodes["basis"] == "left out")])
    assert f"bandwagoning is ahead of every rival in {count} and" in wording.headline(ahead)
    assert "in 0 no theory is" in wording.headline(ahead)
    level = episodes["standing"].where(~ranked, "level").mask(mine, "best")
    nobody = {**tables, "episodes": episodes.assign(standing=level)}
    assert f"in {count} no theory is" in wording.headline(nobody)
    assert "ahead of every rival" not in wording.headline(nobody)
    assert "Without any theory one does as well" in " ".join(wording.by_episode(nobody, "left out"))


def test_charts_show_the_scores_where_they_are(made: tuple[Path, dict[str, Any]]) -> None:
    """Cells of the heat map hold the table's numbers; the best of an episode alone is framed."""
    manifest = json.loads((made[0] / "manifest.json").read_text("utf-8"))
    tables = read_tables(made[0], manifest)
    called = wording.titles(tables)
    rows = tables["episodes"][tables["episodes"]["basis"] == "left out"]
    board = tables["scoreboard"][tables["scoreboard"]["basis"] == "left out"]
    for size in (WIDE, NARROW):
        axes = episodes_chart(rows, wording.KINDS, "none", called, size).axes[1]
        levels = rows[rows["what"] == LEVELS]
        form = "{:.2f}" if size.narrow else "{:.3f}"
        shown = sorted(text.get_text() for text in axes.texts)
        told = sorted(form.format(value) for value in levels["crps"])
        assert shown == [text.removeprefix("0") if size.narrow else text for text in told]
        assert len(axes.patches) == levels["episode"].nunique()
        below = scoreboard_chart(board, wording.KINDS, NO_CHANGE, called, size).axes[1]
        dots = [
            float(np.asarray(line.get_xdata())[0])
            for line in below.lines
            if line.get_marker() == "o"
        ]
        kept = board[(board["what"] == LEVELS) & (board["theory"] != NO_CHANGE)]["crps"]
        assert dots == sorted(kept)


def test_what_is_wrong_is_the_users_error_and_leaves_nothing(tmp_path: Path) -> None:
    """Exit code 2, the nearest name, no traceback and no file, for every kind of mistake."""
    for ask, words, told in (
        (call, ("--theory", "balance-of-thraet"), "Did you mean 'balance-of-threat'?"),
        (answer, ("--hindcast", "northeast-asia"), "northeast-asia-2010-2026"),
        (answer, ("--posterior", "defualt"), "Did you mean 'default'?"),
        (answer, ("--runs", "0"), "--runs is 0"),
    ):
        done = ask("tournament", "observed-backfire", *words, cwd=tmp_path)
        assert done.returncode == 2
        assert told in done.stderr
        assert "Traceback" not in done.stderr
    assert list(tmp_path.iterdir()) == []


def test_a_german_page_has_the_same_numbers_and_no_english(
    made: tuple[Path, dict[str, Any]], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """No number is lost, added or left with a decimal point, in sentences, tables and figures."""
    monkeypatch.setattr(pictures, "_picture", spelled)
    title = json.loads((made[0] / "manifest.json").read_text("utf-8"))["scenario"]["title"]
    told = {}
    for code in ("en", "de"):
        page = write_report(made[0], target=tmp_path / f"{code}.html", language=code)
        page.write_text(page.read_text("utf-8").replace(title, ""), "utf-8")
        told[code] = said(page)
    english, german = (re.findall(r"\d+(?:[.,]\d+)?", told[code]) for code in ("en", "de"))
    assert Counter(german) == Counter(number.replace(".", ",") for number in english)
    assert ENGLISH.findall(told["de"]) == []


def test_the_page_fits(browser: Browser, made: tuple[Path, dict[str, Any]]) -> None:
    """No request, no sideways scroll, and no text of a figure beyond its edge."""
    with unfolded(browser, made[0] / "report.html") as page:
        assert_fits(page)
