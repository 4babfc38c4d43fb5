"""Figures as files beside a report: PNG that shows something, CSV that holds what is drawn."""

from __future__ import annotations

import copy
import math
import re
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from matplotlib.figure import Figure
from matplotlib.image import imread

from alliancesim import comparison
from alliancesim.figures.export import DPI
from alliancesim.figures.style import WIDE, styled
from alliancesim.figures.svg import svg_text
from alliancesim.report import files, pictures
from alliancesim.report.page import write_report
from alliancesim.results import result as results
from alliancesim.scenario.problems import InputError
from alliancesim.scenario.reading import Loaded
from alliancesim.study import Options
from drawings import compose_only
from test_report import Reader, full_result, hostile_document, made
from worlds import bare, scenario_of


@pytest.fixture(scope="module")
def report(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A report on the scenario that uses every table."""
    folder = tmp_path_factory.mktemp("report") / "run"
    results.write(full_result(), folder)
    return write_report(folder)


@pytest.fixture
def composed(monkeypatch: pytest.MonkeyPatch) -> None:
    """Leaves figures composed where only their files matter."""
    compose_only(monkeypatch)


def test_every_figure_has_its_files(report: Path) -> None:
    """One PNG and one CSV for each figure, each linked once, and nothing else in the folder."""
    beside = report.with_name("report-figures")
    names = sorted(path.name for path in beside.iterdir())
    page = report.read_text("utf-8")
    linked = [address for address in Reader(page).loads if not address.startswith("#")]
    assert sorted(linked) == [f"report-figures/{name}" for name in names]
    assert len(names) == 2 * page.count("<figure") >= 12
    assert {path.suffix for path in beside.iterdir()} == {".png", ".csv"}


def test_images_are_whole_and_not_blank(report: Path) -> None:
    """Each PNG is as wide as promised and shows ink on white."""
    for path in sorted(report.with_name("report-figures").glob("*.png")):
        image = imread(path)
        assert image.shape[1] == math.floor(WIDE.width * DPI), path.name
        grey = image[..., :3].mean(axis=2)
        assert np.mean(grey > 0.98) > 0.2, path.name
        assert np.mean(grey < 0.6) > 0.002, path.name


@pytest.mark.usefixtures("composed")
def test_tables_hold_the_numbers_of_the_results(report: Path) -> None:
    """What the CSV files say is what the result holds, to the last bit."""
    result = full_result()
    beside = report.with_name("report-figures")
    effects = pd.read_csv(beside / "02-distribution.csv", dtype=str)
    assert effects["effect"].map(float).tolist() == result.outcomes["effect"].tolist()
    cohesion = pd.read_csv(beside / "01-cohesion.csv", dtype=str)
    assert cohesion["q50"].map(float).tolist() == result.alliance["q50"].tolist()
    drawn = pictures.pictures(result)
    for picture in drawn.values():
        assert all(len(table) for table in picture.tables.values())


@pytest.mark.parametrize(("held", "anchor"), [("right", "end"), ("center", "middle")])
@pytest.mark.parametrize("turned", [0, 90])
def test_lines_of_a_text_are_held_where_they_meet(held: str, anchor: str, turned: int) -> None:
    """In fonts of other widths than those measured, two lines still end, or centre, alike."""
    with styled(WIDE):
        figure = Figure()
        figure.text(0.5, 0.5, "short\nmuch longer", multialignment=held, rotation=turned)
    drawn = svg_text(figure, WIDE, "two", "", "")
    held_at = re.findall(rf'{anchor}" transform="translate\((\S+) (\S+)\)', drawn)
    first, second = (float(spot[1 if turned else 0]) for spot in held_at)
    assert first == pytest.approx(second, abs=0.1)


@pytest.mark.usefixtures("composed")
def test_a_comparison_has_files_too(tmp_path: Path) -> None:
    """Its one figure as PNG, and its table as CSV; titles cannot be taken for formulas."""
    data = hostile_document() | {"title": "=HYPERLINK(1)"}
    loaded = [
        Loaded(name, scenario_of(copy.deepcopy(found)), (), {})
        for name, found in (("one", data), ("two", bare("ALFA", "BRAVO", months=6)))
    ]
    comparison.write(comparison.compare(loaded, Options(runs=3, robustness=False)), tmp_path / "c")
    write_report(tmp_path / "c")
    beside = tmp_path / "c" / "report-figures"
    assert sorted(path.name for path in beside.iterdir()) == [
        "01-comparison.csv",
        "01-comparison.png",
    ]
    assert pd.read_csv(beside / "01-comparison.csv")["title"].iloc[0] == "'=HYPERLINK(1)"


def _one(folder: Path) -> tuple[Path, dict[str, pictures.Picture]]:
    """Return a folder for figures and one figure to put there."""
    drawn = pictures.pictures(made(bare("ALFA", "BRAVO", months=3), runs=2))
    return folder / "report-figures", {"cohesion": drawn["cohesion"]}


@pytest.mark.usefixtures("composed")
def test_figures_are_written_whole_or_not_at_all(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A full disk leaves the earlier figures as they were, and nothing half-written."""
    beside, drawn = _one(tmp_path)
    files.write_figures(beside, drawn)
    before = {path.name: path.read_bytes() for path in beside.iterdir()}

    def full(path: Path, content: bytes) -> int:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "write_bytes", full)
    with pytest.raises(InputError, match="No space left"):
        files.write_figures(beside, drawn)
    assert {path.name: path.read_bytes() for path in beside.iterdir()} == before
    assert list(tmp_path.iterdir()) == [beside]


@pytest.mark.usefixtures("composed")
def test_figures_make_way_for_figures_alone(tmp_path: Path) -> None:
    """A second report replaces the first one's figures; anything else is left alone."""
    beside, drawn = _one(tmp_path)
    files.write_figures(beside, drawn)
    (beside / "09-gone.png").write_bytes(b"")
    files.write_figures(beside, drawn)
    assert sorted(path.name for path in beside.iterdir()) == ["01-cohesion.csv", "01-cohesion.png"]
    (beside / "notes.txt").write_text("mine", "utf-8")
    with pytest.raises(InputError, match="holds nothing else"):
        files.write_figures(beside, drawn)
    assert (beside / "notes.txt").read_text("utf-8") == "mine"
    assert list(tmp_path.iterdir()) == [beside]


@pytest.mark.usefixtures("composed")
def test_links_survive_odd_names_of_reports(tmp_path: Path) -> None:
    """A report's name may hold spaces, percent signs and quotation marks."""
    folder = tmp_path / "found"
    results.write(made(bare("ALFA", "BRAVO", months=3), runs=2), folder)
    page = write_report(folder, target=tmp_path / 'my 5% "page".html').read_text("utf-8")
    assert (tmp_path / 'my 5% "page"-figures' / "01-cohesion.png").is_file()
    assert "my%205%25%20%22page%22-figures/01-cohesion.png" in page
