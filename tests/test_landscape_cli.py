"""``alliancesim landscape``: its folder and its page; a real process refuses what is no scenario.

Other wrong input and its messages are tested on the page docs/how-to/landscape.md.
"""

from __future__ import annotations

import json
import xml.etree.ElementTree as ET
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from markupsafe import Markup

from alliancesim.figures.landscape import energies_chart, gap_chart
from alliancesim.figures.style import NARROW, WIDE
from alliancesim.landscape.target import Asked, target_of
from alliancesim.posterior.draws import load_posterior
from alliancesim.report import landscape_section, pictures
from alliancesim.report.captions import Caption
from alliancesim.report.page import run_page
from alliancesim.report.phrases import plain_spaces
from alliancesim.results.result import read, write
from alliancesim.scenario.problems import InputError
from alliancesim.scenario.reading import Loaded, load
from alliancesim.study import Options, run_scenario
from commands import answer, call, typed
from rewriting import rewritten
from worlds import FULL, bare, scenario_of

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
    done = answer("landscape", "full.toml", *words, "--size", "DELTA=2", cwd=folder)
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
    files = (
        {f"{name}.csv" for name in TABLES}
        | pictures
        | {"manifest.json", "posterior.csv", "report.html"}
    )
    assert {path.name for path in folder.iterdir()} == files
    for name in ("energies.svg", "gap.svg"):
        assert ET.fromstring((folder / name).read_text("utf-8")).tag.endswith("svg")


def test_the_page_says_what_was_printed(made: tuple[Path, str]) -> None:
    """The page carries the sentences, both figures, how to make it again, and no unfilled hole."""
    page = (made[0] / "out" / "report.html").read_text("utf-8").replace("\u00a0", " ")
    sentence = next(line for line in made[1].splitlines() if "lies lowest of the 8" in line)
    assert sentence in page
    assert page.count("<figure") == 2
    assert "alliancesim landscape full.toml --month 2031-06 --runs 8 --seed 3" in typed(page)
    assert "nan" not in page.lower().replace("nano", "")


def test_a_folder_of_results_gives_the_same_numbers(
    made: tuple[Path, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A run's folder stands for its scenario, runs, seed and draws."""
    monkeypatch.setattr(pictures, "_picture", undrawn)
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
    done = call("landscape", "ful.toml", cwd=folder)
    assert (done.returncode, done.stdout) == (2, "")
    assert "expected a path to a scenario file" in done.stderr
    assert "Traceback" not in done.stderr


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


def undrawn(number: int, name: str, caption: Caption, draw: object) -> pictures.Picture:
    """Return a figure that is not drawn, for pages of which only the rest matters."""
    return pictures.Picture(number, caption, Markup(name), Markup(name))


def test_the_report_on_a_run_shows_the_landscape_of_its_own_runs(
    made: tuple[Path, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Present alignment, basin, next best, barrier and balance stand there as the command has them.

    Sides, numbers and their ranges are those of the tables that the command leaves.
    """
    monkeypatch.setattr(pictures, "_picture", undrawn)
    result = read(made[0] / "kept")
    land = landscape_section.beside(result)
    done = answer("landscape", "kept", "--out", "beside", cwd=made[0])
    assert done.returncode == 0, done.stderr
    for name, table in land.made.items():
        kept = pd.read_csv(made[0] / "beside" / f"{name}.csv")
        pd.testing.assert_frame_equal(table.reset_index(drop=True), kept, rtol=1e-12)
    page = run_page(result, made[0] / "kept", land=land).replace("\u00a0", " ")
    rows = dict(landscape_section.section(land, made[0] / "kept")["rows"])
    barrier = land.made["basins"].set_index(["quantity", "side"])["mean"]["barrier"]
    assert [float(text.split()[0]) for text in rows["barrier before it"]] == pytest.approx(
        [barrier["world"], barrier["twin"]], abs=0.005
    )
    for texts in rows.values():
        for text in texts:
            assert f"<td>{plain_spaces(text)}</td>" in page
    assert "Balanced triads:" in page
    assert "alliancesim landscape kept" in page


def test_a_report_makes_no_more_runs_than_it_must(monkeypatch: pytest.MonkeyPatch) -> None:
    """Of many runs the first are made again, the same ones, and the page says how many."""
    scenario = scenario_of(bare("ALFA", "BRAVO", "CHARLIE", months=2))
    result = run_scenario(Loaded("bare", scenario, (), {}), Options(runs=12, robustness=False))
    everything = landscape_section.beside(result).survey
    monkeypatch.setattr(landscape_section, "MOST_RUNS", 9)
    land = landscape_section.beside(result)
    assert everything is not None
    assert land.survey is not None
    assert np.array_equal(land.survey.propensities, everything.propensities[:, :9])
    assert landscape_section.section(land, Path("bare"))["runs"] == 9


@pytest.mark.parametrize(("actors", "told"), [(2, "nobody else to stand with"), (13, "here 13")])
def test_a_report_says_why_there_is_no_landscape(
    actors: int, told: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Two actors have no choice of camps, and thirteen too many; the page says so."""
    monkeypatch.setattr(pictures, "_picture", undrawn)
    scenario = scenario_of(bare(*(f"A{number}" for number in range(actors)), months=1))
    options = Options(runs=1, robustness=False, keep="outcomes")
    page = run_page(run_scenario(Loaded("many", scenario, (), {}), options), Path("many"))
    assert told in page
    assert 'id="landscape"' in page
    assert "alliancesim landscape" not in page


def test_runs_that_are_not_those_kept_are_not_shown(made: tuple[Path, str]) -> None:
    """Where the law has changed since, a report mixes no new landscape with old results."""
    result = read(made[0] / "kept")
    result.outcomes["cohesion_twin"] += 1e-6
    land = landscape_section.beside(result)
    assert land.survey is None
    assert "not those kept" in land.missing


def test_its_report_can_be_written_again(made: tuple[Path, str], tmp_path: Path) -> None:
    """From the folder alone comes the page that was first written, word for word."""
    before, after = rewritten(made[0] / "out", tmp_path / "again.html")
    assert before == after
    assert len(list((tmp_path / "again-figures").glob("*.png"))) == 2
