"""``alliancesim tip``: its files, pictures and pages."""

from __future__ import annotations

import json
import xml.etree.ElementTree as ET
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import pytest

from alliancesim.cli.options import number
from alliancesim.coefficients import REGISTER
from alliancesim.figures.style import NARROW, WIDE
from alliancesim.figures.tipping import frontier_chart, ranking_chart, threshold_chart
from alliancesim.posterior.draws import Posterior
from alliancesim.report.tipping import write_tipped
from alliancesim.scenario.problems import InputError
from alliancesim.scenario.reading import load
from alliancesim.tipping.frontier import frontier
from alliancesim.tipping.question import Question, tip
from alliancesim.tipping.ranking import ranking
from alliancesim.tipping.thresholds import Span, thresholds
from browsing import assert_fits, unfolded
from commands import answer, typed
from rewriting import rewritten
from test_report_browser import browser
from test_tipping import ALL, RUNS, Y, made_bench

if TYPE_CHECKING:
    from playwright.sync_api import Browser

__all__ = ["browser"]

SMALL = """\
title = "CHARLIE presses ALFA and courts BRAVO"
[time]
start = "2030-01"
months = 8
[actors.ALFA]
[actors.BRAVO]
[actors.CHARLIE]
[dyads.ALFA-BRAVO]
cohesion = 0.5
[strategies.wedge]
actor = "CHARLIE"
press = { ALFA = 0.6 }
court = { BRAVO = 0.4 }
[outcome]
alliance = ["ALFA", "BRAVO"]
window = 3
margin = 0.006
"""
PRESS = "strategies.wedge.press.ALFA"
COURT = "strategies.wedge.court.BRAVO"


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    """A folder with all three kinds of answers, and the JSON printed for that on all numbers."""
    folder = tmp_path_factory.mktemp("tip")
    file = folder / "small.toml"
    file.write_text(SMALL, "utf-8")
    drawn = Posterior("made", ("build", "erode"), np.array([[0.2, 0.1], [0.3, 0.2]]), {})
    one, two = Question((PRESS,), runs=8), Question((PRESS, COURT), (0.0, 0.1), (1.0, 0.9), 4)
    for name, question, posterior in (("one", one, drawn), ("two", two, None)):
        found = tip(load(str(file)), question, posterior)
        write_tipped(found, folder / name, ["alliancesim", "tip", name])
    done = answer("tip", "small.toml", "--runs", "4", "--json", "--out", "all", cwd=folder)
    assert done.returncode == 0, done.stderr
    return folder, done.stdout


def test_a_threshold_leaves_tables_a_picture_and_what_was_asked(made: tuple[Path, str]) -> None:
    """The folder is whole, and the manifest says how to make it again."""
    folder = made[0] / "one"
    manifest = json.loads((folder / "manifest.json").read_text("utf-8"))
    assert manifest["kind"] == "tip"
    assert manifest["options"]["vary"] == [PRESS]
    assert manifest["posterior"]["draws"] == 2
    tables = {"thresholds", "curve", "draws"}
    assert set(manifest["digest"]) == tables
    files = {f"{name}.csv" for name in tables}
    files |= {"manifest.json", "posterior.csv", "report.html", "tipping.png", "tipping.svg"}
    assert {path.name for path in folder.iterdir()} == files
    curve = pd.read_csv(folder / "curve.csv")
    assert np.allclose(curve[["split", "null", "backfire"]].sum(axis=1), 1.0)
    assert ET.parse(folder / "tipping.svg").getroot().tag.endswith("svg")
    assert (folder / "tipping.png").read_bytes().startswith(b"\x89PNG")
    page = (folder / "report.html").read_text("utf-8")
    assert "alliancesim tip one" in typed(page)
    assert "2 draws" in page


def test_a_frontier_stays_within_the_ranges_asked_for(made: tuple[Path, str]) -> None:
    """Each ``--from`` and ``--to`` belongs to the key in the same place."""
    cells = pd.read_csv(made[0] / "two" / "cells.csv")
    assert (cells["x"].min(), cells["x"].max()) == (0.0, 1.0)
    assert (cells["y"].min(), cells["y"].max()) == (0.1, 0.9)


def test_every_number_of_scenario_and_law_is_ranked(made: tuple[Path, str]) -> None:
    """Those that never flip the verdict are named as well, and nothing is infinite in JSON."""
    data = json.loads(made[1])
    keys = [row["key"] for row in data["ranking"]]
    calm = {f"coefficients.{e.name}" for e in REGISTER if not e.name.endswith("_volatility")}
    assert calm | {PRESS, COURT, "dyads.CHARLIE-BRAVO.suspicion"} <= set(keys)
    shares = [row["share"] for row in data["ranking"] if row["share"] is not None]
    assert shares == sorted(shares)
    assert len(shares) < len(keys)
    page = (made[0] / "all" / "report.html").read_text("utf-8")
    assert "dyads.CHARLIE-BRAVO.suspicion" in page
    assert "alliancesim tip small.toml --runs 4 --seed 1" in typed(page)


def test_what_is_wrong_is_the_users_error_and_leaves_nothing(made: tuple[Path, str]) -> None:
    """Every problem at once, exit code 2, no traceback and no file."""
    before = set(made[0].iterdir())
    words = ("--vary", "press", "--vary", COURT, "--from", "0.5", "--to", "0.2", "--to", "0.1")
    done = answer("tip", "small.toml", *words, cwd=made[0])
    assert done.returncode == 2
    for told in ("press", "--from", "as many as keys"):
        assert told in done.stderr
    assert "Traceback" not in done.stderr
    assert set(made[0].iterdir()) == before
    for text in ("much", "inf"):
        with pytest.raises(InputError, match=f"--from is {text}: expected a finite number"):
            number("--from")(text)


def test_charts_mark_thresholds_where_they_are() -> None:
    """In both sizes the lines, dots and bars stand at the values of the tables."""
    noise = 0.01 * np.random.default_rng(7).normal(size=RUNS)
    noise -= np.median(noise)
    (found,) = thresholds(made_bench(lambda at: -0.2 * at[ALL.number.key], noise), [ALL])
    plane = frontier(
        made_bench(lambda at: 0.5 - sum(at.values()), noise), ALL, Span(Y, 0.0, 1.0), 5
    )
    flips = ranking(made_bench(lambda at: 0.2 * at.get(Y.key, 0.5) - 0.1)).table
    for size in (WIDE, NARROW):
        upper, lower = threshold_chart(found, size).axes
        for axes in (upper, lower):
            lines = [line.get_xdata()[0] for line in axes.lines if len(line.get_xdata()) == 2]
            assert any(abs(x - 0.25) < 1e-3 for x in lines)
        dots = [
            line for line in frontier_chart(plane, size).axes[0].lines if line.get_marker() in "os"
        ]
        places = np.concatenate([line.get_xydata() for line in dots])
        assert np.allclose(np.sort(places.sum(axis=1))[[0, -1]], [0.45, 0.55])
        (bars,) = ranking_chart(flips, size).axes
        assert [bar.get_width() for bar in bars.patches] == pytest.approx([0.25], abs=1e-3)


def test_a_page_fits(browser: Browser, made: tuple[Path, str]) -> None:
    """No request, no sideways scroll, and no text of a figure beyond its edge."""
    for name in ("one", "two", "all"):
        with unfolded(browser, made[0] / name / "report.html") as page:
            assert_fits(page)


def test_its_report_can_be_written_again(made: tuple[Path, str], tmp_path: Path) -> None:
    """From the folder alone comes the page that was first written, word for word."""
    before, after = rewritten(made[0] / "one", tmp_path / "again.html")
    assert before == after
    assert len(list((tmp_path / "again-figures").glob("*.png"))) == 1
