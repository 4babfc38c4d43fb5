"""``alliancesim explain``: a real process, its files, its picture and its sentences."""

from __future__ import annotations

import json
import re
import shutil
import xml.etree.ElementTree as ET
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from alliancesim.attribution.account import account_of
from alliancesim.attribution.explanation import Explanation, Question, explain
from alliancesim.attribution.tables import shares_table
from alliancesim.figures.style import NARROW, WIDE
from alliancesim.figures.waterfall import waterfall_chart
from alliancesim.posterior.draws import Posterior
from alliancesim.report.explanation_wording import basis, sentences, verdicts
from alliancesim.report.page import write_report
from alliancesim.scenario.reading import Loaded
from alliancesim.verification import differences
from commands import answer, call, typed
from worlds import FULL, document, scenario_of


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    """A folder with an explanation of ``FULL`` under two draws, and what was printed."""
    folder = tmp_path_factory.mktemp("explain")
    (folder / "full.toml").write_text(FULL, "utf-8")
    (folder / "draws.csv").write_text("build,erode\n0.2,0.1\n0.3,0.2\n", "utf-8")
    words = ("full.toml", "--from", "2030-03", "--until", "2030-09", "--posterior", "draws.csv")
    done = call("explain", *words, "--runs", "8", "--mechanisms", "--out", "out", cwd=folder)
    assert done.returncode == 0, done.stderr
    return folder, done.stdout


def test_the_table_and_sentences_are_printed(made: tuple[Path, str]) -> None:
    for text in (
        "pressure of the wedge",
        "whole change",
        "split / null / backfire",
        "works ",
        "2 draws",
    ):
        assert text in made[1]


def test_the_folder_holds_every_coalition_and_says_how_it_was_made(made: tuple[Path, str]) -> None:
    folder = made[0] / "out"
    manifest = json.loads((folder / "manifest.json").read_text("utf-8"))
    shares, values = (pd.read_csv(folder / f"{name}.csv") for name in ("shares", "values"))
    assert manifest["kind"] == "explanation"
    assert manifest["options"]["from"] == "2030-03"
    assert manifest["posterior"]["draws"] == 2
    assert set(manifest["digest"]) == {"shares", "values", "draws", "mechanisms"}
    causes = shares[shares["kind"] == "cause"]["name"].tolist()
    assert list(manifest["causes"]) == causes
    assert len(values) == 2 ** len(causes)
    assert {path.name for path in folder.iterdir()} == {
        "manifest.json",
        "shares.csv",
        "values.csv",
        "draws.csv",
        "mechanisms.csv",
        "posterior.csv",
        "waterfall.png",
        "waterfall.svg",
        "report.html",
    }


def test_the_page_is_self_contained_and_says_how_to_make_it_again(made: tuple[Path, str]) -> None:
    page = (made[0] / "out" / "report.html").read_text("utf-8")
    command = "explain full.toml --from 2030-03 --until 2030-09 --outcome cohesion"
    assert f"{command} --posterior draws.csv --runs 8 --seed 1 --mechanisms" in typed(page)
    assert "CHARLIE stops buying from ALFA" in page
    assert "http-equiv" in page
    assert "src=" not in page
    assert ET.parse(made[0] / "out" / "waterfall.svg").getroot().tag.endswith("svg")
    assert (made[0] / "out" / "waterfall.png").read_bytes().startswith(b"\x89PNG")


def test_an_explanation_is_verified_from_its_own_folder(
    made: tuple[Path, str], tmp_path: Path
) -> None:
    """The draws lie in it, so that scenario file and draws may be gone."""
    shutil.copytree(made[0] / "out", tmp_path / "out")
    done = answer("verify", "out", cwd=tmp_path)
    assert (done.returncode, done.stderr) == (0, "")
    assert "identical bit for bit" in done.stdout
    draws = tmp_path / "out" / "draws.csv"
    draws.write_text(draws.read_text("utf-8").replace("0.0", "0.1", 1), "utf-8")
    assert differences(tmp_path / "out") == ["table draws was changed after it was written"]


def test_its_page_is_made_again(made: tuple[Path, str], tmp_path: Path) -> None:
    """The same page from the tables alone, now with its figure as files beside it."""
    shutil.copytree(made[0] / "out", tmp_path / "out")
    before = (tmp_path / "out" / "report.html").read_text("utf-8")
    page = write_report(tmp_path / "out").read_text("utf-8")
    links = re.compile(r"\s*<span class=\"files\">.*?</span>", re.DOTALL)
    assert "report-figures/01-waterfall.png" in page
    assert links.sub("", page).split() == before.split()
    assert (tmp_path / "out" / "report-figures" / "01-waterfall.png").is_file()


def test_json_holds_every_step(made: tuple[Path, str]) -> None:
    words = ("full.toml", "--outcome", "effect", "--runs", "3", "--json")
    done = answer("explain", *words, cwd=made[0])
    data = json.loads(done.stdout)
    kinds = [step["kind"] for step in data["steps"]]
    assert kinds[:3] == ["start", "past", "cause"]
    steps = {step["name"]: step["estimate"] for step in data["steps"]}
    shares = [step["estimate"] for step in data["steps"] if step["kind"] == "cause"]
    assert sum(shares) == pytest.approx(steps["change"], abs=1e-12)
    assert (made[0] / data["folder"]).is_dir()


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("--from", "2040-01", "--outcome", "cohesoin"), "--from is 2040-01"),
        (("--posterior", "nothing.csv"), "nothing.csv"),
        (("--from", "2030-06", "--until", "2030-08", "--mechanisms"), "a wedge that acts from"),
        (("--runs", "0"), "--runs"),
        (("--out", "out"), "--out"),
    ],
)
def test_what_is_wrong_is_the_users_error_and_leaves_nothing(
    made: tuple[Path, str], words: tuple[str, ...], told: str
) -> None:
    before = set(made[0].iterdir())
    done = answer("explain", "full.toml", *words, cwd=made[0])
    assert done.returncode == 2
    assert told in done.stderr
    assert "Traceback" not in done.stderr
    assert set(made[0].iterdir()) == before


def _explained(posterior: Posterior | None = None) -> Explanation:
    loaded = Loaded("made", scenario_of(document()), (), {})
    return explain(loaded, Question(runs=8), posterior)


def test_steps_of_the_waterfall_lead_from_nothing_to_the_whole() -> None:
    """Each bar begins where the one before ends, and the last ends at the diamond."""
    table = shares_table(_explained())
    for size in (WIDE, NARROW):
        (axes,) = waterfall_chart(table, "change", size).axes
        bars = [patch for patch in axes.patches if hasattr(patch, "get_width")]
        level = 0.0
        for bar in bars:
            assert bar.get_x() == pytest.approx(level)
            level += bar.get_width()
        (diamond,) = (line for line in axes.lines if line.get_marker() == "D")
        assert diamond.get_xdata()[0] == pytest.approx(level)
        labels = [label.get_text().replace("\n", " ") for label in axes.get_yticklabels()]
        assert labels == [*table["title"][1:-1]]


def test_sentences_carry_their_numbers_and_say_what_intervals_mean() -> None:
    found = account_of(_explained())
    told = sentences(found)
    assert 3 <= len(told) <= 6
    assert told[0].startswith("Cohesion of Alfaland and Bravoland changes by ")
    assert all(any(letter.isdigit() for letter in text) for text in told)
    assert "random shocks alone" in basis(found)
    drawn = account_of(_explained(Posterior("test", ("build",), np.array([[0.1], [0.2]]), {})))
    assert "2 draws of the coefficients" in basis(drawn)


def test_verdicts_are_counted_at_the_margin() -> None:
    effects = np.array([-0.06, -0.05, 0.0, 0.05, 0.051])
    assert verdicts(effects, 0.05) == {"split": 0.2, "null": 0.6, "backfire": 0.2}
