"""Reports on calibrations: what the record identifies, and whether the chains can be trusted."""

from __future__ import annotations

import json
import math
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from markupsafe import Markup

from alliancesim.calibration.chains import LOG_DENSITY
from alliancesim.report import pictures
from alliancesim.report.calibrations import calibration_page, read_calibrated
from alliancesim.report.calibrations import pictures as pictures_of
from alliancesim.report.captions import Caption
from alliancesim.report.page import write_report
from alliancesim.results.result import read_manifest
from alliancesim.scenario.library import CALIBRATIONS
from alliancesim.scenario.problems import InputError
from test_report import HOSTILE, Reader

NAMES = ("balancing", "warm", "discrepancy_opinion")


def write_calibrated(
    folder: Path, r_hat: float = 1.01, title: str = "A made one", name: str = "made"
) -> Path:
    """Write the folder of a small calibration: one number of each kind."""
    folder.mkdir(parents=True)
    before = {"prior_low90": 0.3, "prior_median": 1.0, "prior_high90": 3.0}
    after = {"low90": 0.8, "median": 1.1, "high90": 1.5}
    words = (("identified", 0.7), ("partly", 0.3), ("not", 0.0))
    shrunk = [
        {"name": name, **before, **after, "shrinkage": value, "shift": 0.1, "word": word}
        for name, (word, value) in zip(NAMES, words, strict=True)
    ]
    pd.DataFrame(shrunk).to_csv(folder / "shrinkage.csv", index=False)
    # Short chains have no autocorrelation time, which no page asks for.
    behaved = {"ess_bulk": 900.0, "ess_tail": 800.0, "autocorrelation": math.nan}
    hats = (1.0, r_hat, 1.005)
    told = [{"name": name, "r_hat": hat, **behaved} for name, hat in zip(NAMES, hats, strict=True)]
    pd.DataFrame(told).to_csv(folder / "diagnostics.csv", index=False)
    silent = {"group": "change_cohesion", "of": "ALFA", "toward": "BRAVO", "observations": 3}
    silent |= {"mean": 0.01, "rms": 0.02, "largest": 0.03, "noise": 0.001, "error": 0.15}
    pd.DataFrame([silent]).to_csv(folder / "silence.csv", index=False)
    traces = [
        {"ensemble": ensemble, "step": 10 * step, "name": name}
        | {"low": 0.0, "middle": 0.5 + 0.1 * ensemble, "high": 1.0}
        for ensemble in range(2)
        for step in range(1, 9)
        for name in (LOG_DENSITY, *NAMES)
    ]
    pd.DataFrame(traces).to_parquet(folder / "trace.parquet", index=False)
    sampler = {"ensembles": 2, "walkers": 10, "steps": 80, "burn": 40}
    manifest: dict[str, Any] = {"format": 1, "kind": "calibration", "name": name}
    manifest |= {"program": {"alliancesim": "0"}, "created": "2030-01-01"}
    manifest |= {"calibration": {"title": title, "question": title, "sampler": sampler}}
    (folder / "manifest.json").write_text(json.dumps(manifest), "utf-8")
    return folder


def text_of(folder: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """Return the page on a folder, its figures undrawn."""

    def blank(number: int, name: str, caption: Caption, draw: object) -> pictures.Picture:
        return pictures.Picture(number, caption, Markup(name), Markup(name))

    monkeypatch.setattr(pictures, "_picture", blank)
    found = read_calibrated(folder, read_manifest(folder))
    return calibration_page(found, pictures_of(found))


def test_the_page_says_what_is_identified_and_that_chains_agree(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Every number is told by what the record says of it; the page calls itself in sample."""
    text = text_of(write_calibrated(tmp_path / "made"), monkeypatch)
    assert "the record identifies 1 and partly 1; of 1 it says little" in text
    for words in (
        "Identified: balancing.",
        "Partly identified: warm.",
        "Not identified: discrepancy opinion.",
        "1.010 (warm), below 1.05: they agree.",
        "in sample by its nature",
        "change of cohesion ALFA-BRAVO",
    ):
        assert words in text, words


def test_chains_that_disagree_are_said_to(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """So are the settings in which a shipped calibration was cut short, which repeat it too."""
    shipped = CALIBRATIONS.names()[0]
    text = text_of(write_calibrated(tmp_path / "made", r_hat=1.2, name=shipped), monkeypatch)
    assert "not below 1.05: they do not agree yet" in text
    assert "Changed from the file that was run: sampler." in text
    assert text.count("sampler.steps=80") == 2


def test_a_page_with_hostile_texts_has_no_markup_but_its_own(tmp_path: Path) -> None:
    """Figures are drawn and stand beside the page as files; what a file says is escaped."""
    page = write_report(write_calibrated(tmp_path / "made", title=HOSTILE))
    found = Reader(page.read_text("utf-8"))
    assert not {"script", "img", "link"} & set(found.tags)
    assert found.tags.count("figure") == 2
    assert len(list((tmp_path / "made" / "report-figures").iterdir())) == 5


def test_every_fault_of_a_calibration_is_told_at_once(tmp_path: Path) -> None:
    """What is missing or wrong, an unfinished calibration's files too, is told with its file."""
    folder = write_calibrated(tmp_path / "made")
    (folder / "trace.parquet").unlink()
    table = pd.read_csv(folder / "shrinkage.csv")
    table.assign(word="surely").to_csv(folder / "shrinkage.csv", index=False)
    (folder / "silence.csv").write_text("group,of\nopinion,ALFA\n", "utf-8")
    with pytest.raises(InputError) as caught:
        write_report(folder)
    files = {Path(problem.file).name for problem in caught.value.problems}
    assert files == {"trace.parquet", "shrinkage.csv", "silence.csv"}
    assert not (folder / "report.html").exists()
