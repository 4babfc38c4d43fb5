"""``alliancesim discover``: its files, pictures and pages, and what it refuses."""

from __future__ import annotations

import json
import shutil
import sys
import xml.etree.ElementTree as ET
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import pytest

from alliancesim.discovery.dataset import read_dataset
from alliancesim.discovery.discovering import Discovered, of_target
from alliancesim.discovery.tables import tables
from alliancesim.discovery.targets import targets
from alliancesim.figures.discovery import limits_chart, tradeoff_chart
from alliancesim.figures.parallel import LOOKS
from alliancesim.figures.style import NARROW, WIDE
from alliancesim.report.discovery_pictures import bars_of, panel
from alliancesim.verification import differences
from browsing import assert_fits, unfolded
from commands import answer, call
from discoveries import load_prim
from experiments import written
from rewriting import rewritten
from spoiling import spoilt
from test_report_browser import browser
from worlds import FULL

if TYPE_CHECKING:
    from playwright.sync_api import Browser

__all__ = ["browser"]

GRID = """\
title = "How hard, and how much fear"
question = "When does it split?"
scenario = "full"
[design]
kind = "grid"
replicates = 1
months = 6
[factors.press]
key = "strategies.wedge.press_intensity"
low = 0.0
high = 1.0
steps = 10
[factors.fear]
key = "dyads.BRAVO-CHARLIE.threat"
low = 0.0
high = 1.0
steps = 10
"""


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, Any]]:
    """A folder with an experiment and what is discovered in it, and the JSON printed for that."""
    load_prim()
    folder = tmp_path_factory.mktemp("discover")
    written(folder, GRID)
    # With a margin this narrow, some points of the short runs are splits.
    (folder / "full.toml").write_text(FULL.replace("margin = 0.02", "margin = 0.004"), "utf-8")
    done = answer("discover", "trial.toml", "--json", "--out", "found", cwd=folder)
    assert done.returncode == 0, done.stderr
    return folder, json.loads(done.stdout)


def test_an_experiment_by_name_is_run_first_and_leaves_whole_folders(
    made: tuple[Path, dict[str, Any]],
) -> None:
    """The experiment's results lie where they are said to, and every table and picture is there."""
    folder, data = made
    experiment = folder / data["experiment"]
    assert json.loads((experiment / "summary.json").read_text("utf-8"))["complete"]
    found = folder / "found"
    manifest = json.loads((found / "manifest.json").read_text("utf-8"))
    assert manifest["kind"] == "discovery"
    tables = {"verdicts", "boxes", "trajectory", "folds", "rules"}
    assert set(manifest["digest"]) == tables
    files = {f"{name}.csv" for name in tables} | {"manifest.json", "report.html", "experiment"}
    files |= {f"{name}.{ending}" for name in ("tradeoff", "limits") for ending in ("png", "svg")}
    assert files <= {path.name for path in found.iterdir()}
    assert ET.parse(found / "tradeoff.svg").getroot().tag.endswith("svg")
    points = pd.read_parquet(experiment / "points.parquet")
    counted = points["verdict"].value_counts()
    for row in data["verdicts"]:
        assert row["having"] == counted.get(row["verdict"], 0)


def test_tables_add_up(made: tuple[Path, dict[str, Any]]) -> None:
    """Over the parts held out the points are all points, and so are those of a tree's rules."""
    found = made[0] / "found"
    folds = pd.read_csv(found / "folds.csv", keep_default_na=False)
    for _, parts in folds.groupby("verdict"):
        assert len(parts) == 5
        assert parts["points"].sum() == 100
    verdicts = pd.read_csv(found / "verdicts.csv", keep_default_na=False).set_index("verdict")
    for word, parts in folds.groupby("verdict"):
        assert parts["hits"].sum() == verdicts.loc[word, "held_out_hits"]
        assert parts["inside"].sum() == verdicts.loc[word, "held_out_inside"]
    steps = pd.read_csv(found / "trajectory.csv", keep_default_na=False)
    assert np.allclose(steps["coverage"] * steps["kind"], steps["hits"])
    assert np.allclose(steps["density"] * steps["inside"], steps["hits"])
    assert (steps.groupby("verdict")["chosen"].sum() == 1).all()
    rules = pd.read_csv(found / "rules.csv", keep_default_na=False)
    for _, leaves in rules.drop_duplicates(["verdict", "rule"]).groupby("verdict"):
        assert leaves["inside"].sum() == 100


def test_its_report_can_be_written_again(made: tuple[Path, dict[str, Any]], tmp_path: Path) -> None:
    """From the folder alone comes the page that was first written, word for word."""
    before, after = rewritten(made[0] / "found", tmp_path / "again.html")
    assert before == after


def test_one_changed_byte_in_a_table_is_noticed(
    made: tuple[Path, dict[str, Any]], tmp_path: Path
) -> None:
    """What is discovered again in the folder's points names the table that was changed."""
    shutil.copytree(made[0] / "found", tmp_path / "found")
    expected = spoilt(tmp_path / "found")
    assert differences(tmp_path / "found") == expected


def test_no_brief_tells_of_other_numbers_than_lie_in_the_folder(
    made: tuple[Path, dict[str, Any]], tmp_path: Path
) -> None:
    """A brief on points that no longer give the folder's tables is refused, and none is left."""
    shutil.copytree(made[0] / "found", tmp_path / "found")
    spoilt(tmp_path / "found")
    done = answer("brief", "found", "--format", "html", cwd=tmp_path)
    assert done.returncode == 2
    assert "a page would tell of other numbers than lie in the folder" in done.stderr
    assert not (tmp_path / "found" / "brief.html").exists()


def test_what_is_wrong_is_the_users_error_and_leaves_nothing(
    made: tuple[Path, dict[str, Any]], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Wrong folders, names and options, and a missing library, exit with 2 and leave no file."""
    folder = made[0]
    (folder / "empty").mkdir()
    before = set(folder.iterdir())
    done = call("discover", "empty", "--out", "x", cwd=folder)
    assert done.returncode == 2
    assert "a results folder, with manifest.json in it" in done.stderr
    assert "Traceback" not in done.stderr
    source = made[1]["experiment"]
    for words, told in (
        (("found",), "results of an experiment"),
        (("no-such-experiment",), "no-such-experiment"),
        ((source, "--among", "inputz"), "Did you mean 'inputs'?"),
        ((source, "--among", "coefficients"), "coefficients of the law"),
        ((source, "--set", "design.seed=2"), "not a folder of results"),
        ((source, "--out", "found"), "does not exist yet"),
    ):
        done = answer("discover", *words, *(() if "--out" in words else ("--out", "x")), cwd=folder)
        assert (done.returncode, told in done.stderr) == (2, True), done.stderr
    monkeypatch.setitem(sys.modules, "ema_workbench.analysis.prim", None)
    done = answer("discover", "trial.toml", "--out", "x", cwd=folder)
    assert done.returncode == 2
    assert "pip install '.[workbench]'" in done.stderr
    assert set(folder.iterdir()) == before


@pytest.fixture(scope="module")
def split(made: tuple[Path, dict[str, Any]]) -> Discovered:
    """What is found for splits alone."""
    dataset = read_dataset(made[0] / "found" / "experiment")
    target = targets(dataset.verdicts, dataset.effects)[0]
    return Discovered(dataset, (of_target(dataset, target, lambda: None),))


def test_charts_mark_boxes_where_they_are(split: Discovered) -> None:
    """In both sizes the chosen box stands at its coverage and density, and bars at its limits."""
    (one,) = split.discoveries
    panels = [panel(one, tables(split)["trajectory"])]
    bars = list(bars_of(split, one))
    found = one.found
    assert found is not None
    assert one.standing == "rule"
    for size in (WIDE, NARROW):
        (axes,) = tradeoff_chart(panels, size).axes
        marker = LOOKS["split"][1]
        marks = [
            line.get_xydata()[0].tolist() for line in axes.lines if line.get_marker() == marker
        ]
        assert [found.tally.coverage, found.tally.density] in marks
        (axes,) = limits_chart(bars, size).axes
        filled = [bar for bar in axes.patches if bar.get_width() < 1.0]
        assert len(filled) == len(found.box)
        fear = next(bar for bar in bars if "Bravoland" in bar.label)
        assert fear.inside == pytest.approx((0.0, found.box["fear"].high), abs=0.01)


def test_a_page_fits(browser: Browser, made: tuple[Path, dict[str, Any]]) -> None:
    """No request, no sideways scroll, and no text of a figure beyond its edge."""
    path = made[0] / "found" / "report.html"
    assert path.with_name("limits.png").read_bytes().startswith(b"\x89PNG")
    with unfolded(browser, path) as page:
        assert_fits(page)
