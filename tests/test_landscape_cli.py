"""``alliancesim landscape``: a real process, its folder and its page.

Wrong input, its messages and exit code are tested on the page docs/how-to/landscape.md.
"""

from __future__ import annotations

import json
import xml.etree.ElementTree as ET
from pathlib import Path

import pandas as pd
import pytest

from alliancesim.figures.landscape import energies_chart, gap_chart
from alliancesim.figures.style import NARROW, WIDE
from alliancesim.landscape.target import Asked, target_of
from alliancesim.posterior.draws import load_posterior
from alliancesim.results.result import write
from alliancesim.scenario.problems import InputError
from alliancesim.scenario.reading import load
from alliancesim.study import Options, run_scenario
from commands import answer, call
from worlds import FULL

TABLES = {"alignments", "basins", "moves", "paths", "lowest", "weights"}


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    """A folder with a run of ``FULL`` under two draws and its landscape, and what was printed."""
    folder = tmp_path_factory.mktemp("landscape")
    (folder / "full.toml").write_text(FULL, "utf-8")
    (folder / "draws.csv").write_text("build,erode\n0.2,0.1\n0.3,0.2\n", "utf-8")
    draws = load_posterior(str(folder / "draws.csv"))
    options = Options(runs=8, seed=3, robustness=False, posterior=draws)
    write(run_scenario(load(str(folder / "full.toml")), options), folder / "kept")
    words = ("--posterior", "draws.csv", "--runs", "8", "--seed", "3", "--out", "out")
    done = call("landscape", "full.toml", *words, "--size", "DELTA=2", cwd=folder)
    assert done.returncode == 0, done.stderr
    return folder, done.stdout


def test_the_landscape_is_printed_and_kept(made: tuple[Path, str]) -> None:
    """Table and sentences are printed; the folder holds tables, pictures, page and manifest."""
    for text in ("2031-06", "lies lowest", "descends", "barrier", "Balanced triads", "DELTA 2"):
        assert text in made[1]
    folder = made[0] / "out"
    manifest = json.loads((folder / "manifest.json").read_text("utf-8"))
    assert manifest["kind"] == "landscape"
    assert manifest["options"]["sizes"] == {"ALFA": 1, "BRAVO": 1, "CHARLIE": 1, "DELTA": 2}
    assert manifest["posterior"]["draws"] == 2
    assert set(manifest["digest"]) == TABLES
    pictures = {f"{name}.{kind}" for name in ("energies", "gap") for kind in ("svg", "png")}
    files = {f"{name}.csv" for name in TABLES} | pictures | {"manifest.json", "report.html"}
    assert {path.name for path in folder.iterdir()} == files
    for name in ("energies.svg", "gap.svg"):
        assert ET.fromstring((folder / name).read_text("utf-8")).tag.endswith("svg")


def test_the_page_says_what_was_printed(made: tuple[Path, str]) -> None:
    """The page carries the sentences, both figures, how to make it again, and no unfilled hole."""
    page = (made[0] / "out" / "report.html").read_text("utf-8").replace("\u00a0", " ")
    sentence = next(line for line in made[1].splitlines() if "lies lowest of the 8" in line)
    assert sentence in page
    assert page.count("<figure") == 2
    assert "alliancesim landscape full.toml --month 2031-06 --runs 8 --seed 3" in page
    assert "nan" not in page.lower().replace("nano", "")


def test_a_folder_of_results_gives_the_same_numbers(made: tuple[Path, str]) -> None:
    """A run's folder stands for its scenario, runs, seed and draws."""
    done = answer("landscape", "kept", "--size", "DELTA=2", "--json", "--out", "again", cwd=made[0])
    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout)
    assert told["runs"] == 8
    assert told["month"] == "2031-06"
    digests = [
        json.loads((made[0] / name / "manifest.json").read_text("utf-8"))["digest"]
        for name in ("out", "again")
    ]
    assert digests[0] == digests[1]


def test_what_is_no_run_is_refused(made: tuple[Path, str]) -> None:
    """Another kind of results, and settings put to results that have theirs, are refused."""
    folder = made[0]
    with pytest.raises(InputError, match="expected results of one scenario") as caught:
        target_of(str(folder / "out"), Asked(settings=("a=1",), without=("balance",)))
    assert [problem.file for problem in caught.value.problems][1:] == ["--set", "--without"]
    with pytest.raises(InputError):
        target_of(str(folder), Asked())


def test_charts_show_both_sides_or_one(made: tuple[Path, str]) -> None:
    """Both charts draw the twin where there is one, in both sizes, and leave it out where not."""
    energies, paths = (pd.read_csv(made[0] / "out" / f"{n}.csv") for n in ("alignments", "paths"))
    for size in (WIDE, NARROW):
        for draw, table in ((energies_chart, energies), (gap_chart, paths)):
            both, one = draw(table, size), draw(table, size, twin=False)
            assert len(both.axes[0].lines) > len(one.axes[0].lines)
    rows = energies[energies["side"] == "world"]
    marked = [
        float(line.get_xdata()[0])
        for line in energies_chart(energies, twin=False).axes[0].lines
        if line.get_marker() == "o"
    ]
    assert marked == pytest.approx(rows["mean"].tolist())
    assert marked == sorted(marked)
