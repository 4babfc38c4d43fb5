"""``alliancesim sensitivity``: its folder, pictures and page, and a real process that fails."""

from __future__ import annotations

import json
import re
import sys
from collections import Counter
from collections.abc import Generator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pytest

from alliancesim.experiment.execution import in_process
from alliancesim.experiment.parts import Part, Plan, compute
from alliancesim.figures.sensitivity import alone_chart, indices_chart, screening_chart
from alliancesim.figures.style import NARROW, WIDE
from alliancesim.report import pictures
from alliancesim.report.page import write_report
from alliancesim.report.sensitivity import read_sensitivity
from alliancesim.report.sensitivity_wording import WHAT
from alliancesim.scenario.problems import InputError
from alliancesim.sensitivity.indices import OTHERS
from alliancesim.sensitivity.question import Question, Sensitivity, sensitivity
from alliancesim.sensitivity.tables import TABLES, read_tables, tables
from browsing import assert_fits, unfolded
from commands import answer, call
from experiments import HEAD, experiment_of, written
from test_german_alignment import ENGLISH, said, spelled
from test_report_browser import browser

if TYPE_CHECKING:
    from playwright.sync_api import Browser

__all__ = ["browser"]

SMALL = (
    HEAD
    + """
[design]
kind = "latin-hypercube"
points = 2
seed = 5
part_points = 24
[factors.pressure]
key = "strategies.wedge.press_intensity"
label = "Pressure"
low = 0.0
high = 1.0
[factors.fear]
key = "dyads.BRAVO-CHARLIE.threat"
low = 0.1
high = 0.9
[factors.idle]
key = "coefficients.soothe"
low = 0.0548
high = 0.0549
[factors.idler]
key = "coefficients.rewire"
low = 0.01
high = 0.0101
[factors.start]
key = "strategies.wedge.start"
low = "2030-01"
high = "2030-08"
"""
)
QUESTION = Question(factors=3, trajectories=3, samples=8, runs=3, runs_alone=3)
WORDS = ("sensitivity", "trial.toml", "--factors", "3", "--trajectories", "3")
WORDS += ("--samples", "8", "--runs", "3", "--json")
CSV = [f"{name}.csv" for name in TABLES]


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    """A folder with an analysis in ``done``, and the JSON that was printed for it."""
    folder = tmp_path_factory.mktemp("sensitivity")
    written(folder, SMALL)
    done = answer(*WORDS, "--out", "done", cwd=folder)
    assert done.returncode == 0, done.stderr
    return folder, done.stdout


def test_an_analysis_leaves_tables_figures_and_what_was_asked(made: tuple[Path, str]) -> None:
    """The folder is whole, what is printed is what is kept, and shares add up."""
    folder, printed = made[0] / "done", json.loads(made[1])
    names = {path.name for path in folder.iterdir()}
    assert names == {*CSV, "manifest.json", "report.html", "report-figures", "stages"}
    assert {path.suffix for path in (folder / "report-figures").iterdir()} == {".png", ".csv"}
    manifest = json.loads((folder / "manifest.json").read_text("utf-8"))
    assert manifest["kind"] == "sensitivity"
    assert "SALib" in manifest["program"]
    assert manifest["answer"] == printed["answer"]
    kept = read_tables(folder)
    assert len(printed["assumptions"]) == len(kept["assumptions"])
    sobol = kept["sobol"].set_index("factor")
    assert sobol.index[-1] == OTHERS
    assert len(sobol) == 4
    assert sobol["first"].sum() == pytest.approx(manifest["answer"]["alone"]["estimate"])
    assert manifest["answer"]["alone"]["low"] <= 1.0
    assert (sobol["total"] >= 0).all()
    assert set(kept["morris"]["factor"]) == {"pressure", "fear", "idle", "idler", "start"}
    assert kept["flips"].groupby("factor").size().tolist() == [2] * 5
    shares = kept["flips"][["split", "null", "backfire"]].sum(axis=1)
    assert np.allclose(shares, 1.0)


def test_what_hardly_varies_does_nothing_and_what_presses_does(made: tuple[Path, str]) -> None:
    """The wedge's own pressure moves its effect; a coefficient moved by a hundredth does not."""
    morris = read_tables(made[0] / "done")["morris"].set_index("factor")
    assert morris.index[0] == "pressure"
    assert morris.loc["idle", "mu_star"] < 0.01 * morris.loc["pressure", "mu_star"]
    flips = read_tables(made[0] / "done")["flips"].set_index(["factor", "end"])
    assert flips.loc[("pressure", "high"), "change"] == 0.0
    assert abs(flips.loc[("pressure", "low"), "change"]) > 0.001


def stopped(plan: Plan, numbers: Sequence[int]) -> Generator[Part, None, None]:
    """Compute parts last to first, on one thread, and be stopped in the second stage."""
    for number in reversed(numbers):
        yield compute(plan, number, 1)
        if plan.design.points == 8 * (3 + 3):
            raise KeyboardInterrupt


def test_neither_order_nor_ctrl_c_changes_a_bit(made: tuple[Path, str]) -> None:
    """Parts that came in another order, and others after a stop, make the same bytes."""
    loaded = experiment_of(made[0], SMALL)
    folder = made[0] / "stopped"
    with pytest.raises(KeyboardInterrupt):
        sensitivity(loaded, QUESTION, folder, stopped)
    done = [path.name for path in sorted(folder.glob("stages/*/parts/*"))]
    assert done == ["00001.json", "00000.json"]
    found = tables(sensitivity(loaded, QUESTION, folder, in_process(1), resume=True))
    for name, table in found.items():
        csv = table.to_csv(index=False, lineterminator="\n").encode()
        assert csv == (made[0] / "done" / f"{name}.csv").read_bytes(), name


def test_a_folder_is_not_taken_over(made: tuple[Path, str]) -> None:
    """Without --resume nothing is overwritten; with it, another question is refused by name."""
    refused = answer(*WORDS, "--out", "done", cwd=made[0])
    assert refused.returncode == 2
    other = answer(*WORDS[:-2], "4", "--out", "done", "--resume", cwd=made[0])
    assert other.returncode == 2
    assert "replicates" in other.stderr


def test_a_damaged_folder_is_named(made: tuple[Path, str], tmp_path: Path) -> None:
    """A manifest without its answer, or a table that is gone, is told in words."""
    manifest = json.loads((made[0] / "done" / "manifest.json").read_text("utf-8"))
    with pytest.raises(InputError, match=r"morris\.csv"):
        read_sensitivity(tmp_path, manifest)
    del manifest["answer"]["chance"]
    with pytest.raises(InputError, match=r"answer\.chance is missing"):
        read_sensitivity(tmp_path, manifest)


def test_without_a_wedge_cohesion_is_the_outcome(made: tuple[Path, str]) -> None:
    """There is no verdict to flip, and the strength of the wedge that is off moves nothing."""
    loaded = experiment_of(made[0], SMALL, "strategies.wedge.enabled=false")
    found: Sensitivity = sensitivity(loaded, QUESTION, made[0] / "calm", in_process(1))
    assert (found.outcome, found.margin, found.alone.word) == ("cohesion", None, "")
    assert "flips" not in found.alone.table
    assert found.alone.given.estimate > 0.2
    strength = found.screening.set_index("factor")["mu_star"]
    assert strength["pressure"] == 0.0
    assert strength["fear"] > 0.0
    assert not found.assumptions["flips"].any()


def test_what_is_wrong_is_the_users_error_and_leaves_nothing(
    made: tuple[Path, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Every problem, exit code 2, no traceback and no file; a missing library has its pip line."""
    before = set(made[0].iterdir())
    for run, words, told in (
        (answer, ("--samples", "100"), "a power of two, such as 64 or 128"),
        (answer, ("--factors", "2", "--all"), "either --factors or --all"),
        (call, ("--runs", "1"), "a whole number of at least 2"),
        (answer, ("--set", "factors.fear.high=3.0"), "factors.fear"),
    ):
        done = run("sensitivity", "trial.toml", *words, cwd=made[0])
        assert done.returncode == 2, words
        assert told in done.stderr
        assert "Traceback" not in done.stderr
    for name in [name for name in sys.modules if name.partition(".")[0] == "SALib"]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, "SALib", None)
    done = answer("sensitivity", "trial.toml", cwd=made[0])
    assert done.returncode == 2
    assert "pip install '.[workbench]'" in done.stderr
    assert set(made[0].iterdir()) == before


def test_charts_show_the_tables(made: tuple[Path, str]) -> None:
    """In both sizes bars, points and spans stand at the tables' values, and names lie apart."""
    folder = made[0] / "done"
    told = read_sensitivity(folder, json.loads((folder / "manifest.json").read_text("utf-8")))
    sobol, morris, flips = (told.tables[name] for name in ("sobol", "morris", "flips"))
    what, labels = WHAT["effect"], told.labels
    for size in (WIDE, NARROW):
        (bars,) = indices_chart(sobol, labels, size).axes
        widths = [bar.get_width() for bar in bars.patches]
        assert widths == pytest.approx([*sobol["total"], *sobol["first"]])
        (cloud,) = screening_chart(morris, labels, set(sobol["factor"]), what, size).axes
        points = np.concatenate([line.get_xydata() for line in cloud.lines])
        assert sorted(points[:, 0]) == pytest.approx(sorted(morris["mu_star"]))
        heights = sorted(text.xyann[1] for text in cloud.texts)
        assert np.diff(heights).min() > 0.05 * np.ptp(cloud.get_ylim())
        chart = alone_chart(flips, labels, told.manifest["answer"]["given"]["estimate"], 0.02, what)
        ends = {text.get_text() for text in chart.axes[0].texts}
        assert {"2030-01", "2030-08", "0.1", "0.9"} <= ends


_DATA = re.compile(r"(<strong>[a-zA-Z._-]+</strong>|<small>.*?</small>|<(title|h1)>.*?</\2>)")
"""Keys, sources and titles, which are as somebody wrote them."""


def test_a_german_page_has_the_same_numbers_and_no_english(
    made: tuple[Path, str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """No number is lost, added or left with a decimal point, in sentences, tables and figures."""
    monkeypatch.setattr(pictures, "_picture", spelled)
    told = {}
    for code in ("en", "de"):
        page = write_report(made[0] / "done", target=tmp_path / f"{code}.html", language=code)
        whole = page.read_text("utf-8").replace("CHARLIE presses ALFA and courts BRAVO", "")
        page.write_text(_DATA.sub("", whole), "utf-8")
        told[code] = said(page)
    english, german = (re.findall(r"\d+(?:[.,]\d+)?", told[code]) for code in ("en", "de"))
    assert Counter(german) == Counter(number.replace(".", ",") for number in english)
    assert ENGLISH.findall(told["de"]) == []


def test_a_page_fits(browser: Browser, made: tuple[Path, str]) -> None:
    """On phone and desk: no request, no sideways scroll, no text of a figure beyond its edge."""
    with unfolded(browser, made[0] / "done" / "report.html") as page:
        assert_fits(page)
