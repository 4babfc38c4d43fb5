"""Pages on explanations, hindcasts and calibrations in German.

Figures are there with every text that they hold, but are not drawn, which would take most of the
time.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest

from alliancesim.attribution.account import account_of
from alliancesim.attribution.explanation import Question, explain
from alliancesim.attribution.ledger import Asked, kept_ledger
from alliancesim.attribution.mechanisms import mechanism_shares
from alliancesim.calibration.chains import LOG_DENSITY
from alliancesim.language import speaking
from alliancesim.report import calibrations, explanations, hindcast, pictures
from test_german_alignment import DRAWS, ENGLISH, said, small, spelled
from test_report_hindcast import manifest, paths, predictions, read, write_folder

_NUMBER = re.compile(r"\d+(?:[.,]\d+)*")

Page = Callable[[], str]


def explanation(folder: Path) -> Page:
    """Return what makes the page on an explanation with everything that can be asked for."""
    found = explain(small(folder), Question(runs=4), DRAWS)
    ledger = kept_ledger(found, Asked("ALFA", "BRAVO", "2030-03"))
    account = account_of(found, ["alliancesim"], mechanism_shares(found, orders=2), ledger)
    return lambda: explanations.explanation_page(account, folder, explanations.pictures(account))


def effect(folder: Path) -> Page:
    """Return what makes the page on the causes of the effect, without a posterior."""
    account = account_of(explain(small(folder), Question("effect", runs=4)))
    return lambda: explanations.explanation_page(account, folder, explanations.pictures(account))


def looking_back(folder: Path) -> Page:
    """Return what makes the page on a hindcast."""
    about = {**manifest(), "forecasters": {}}
    about["calibration"] = {"title": "Eine kleine"}
    about["scenario"] = {"title": "Klein", "actors": {"ALFA": {"name": "Alfa"}}}
    bands, foretold = (table[table["of"] == "ALFA"] for table in (paths(), predictions()))
    bands = bands[(bands["split"] == "forecast") | (bands["variable"] == "cohesion")]
    foretold = foretold[~foretold["split"].isin(("without-E2", "without-E3"))]
    found = read(write_folder(folder / "made", manifest=about, paths=bands, predictions=foretold))
    return lambda: hindcast.hindcast_page(found, hindcast.pictures(found))


def calibration(folder: Path) -> Page:
    """Return what makes the page on a calibration of three numbers, two of them far apart."""
    names, words = ["warm", "sour", "discrepancy_opinion"], ["identified", "partly", "not"]
    ends = {"low90": 0.5, "median": 1.25, "high90": 2.0}
    priors = {f"prior_{end}": value * 1.5 for end, value in ends.items()}
    behaved = {"r_hat": [1.01, 1.02, 1.2], "ess_bulk": 300.0, "ess_tail": 250.0}
    moved = {"low": -1.0, "middle": 0.0, "high": 1.0}
    steps = [
        {"ensemble": 0, "step": 20 * step, "name": name} | moved
        for name in (LOG_DENSITY, *names)
        for step in range(6)
    ]
    apart = {"group": ["opinion", "change_cohesion"], "of": "A", "toward": "B", "observations": 8}
    about = {
        "name": "klein",
        "program": {"alliancesim": "0"},
        "calibration": {
            "title": "Eine kleine",
            "sampler": {"ensembles": 2, "walkers": 16, "steps": 100, "burn": 40},
        },
    }
    found = calibrations.Calibrated(
        folder,
        about,
        pd.DataFrame(
            {"name": names, **priors, **ends, "shrinkage": 0.4, "shift": 0.1, "word": words}
        ),
        pd.DataFrame({"name": names, **behaved, "autocorrelation": 3.0}),
        pd.DataFrame({**apart, "mean": 0.01, "rms": 0.02, "largest": 0.03, "error": 0.06}),
        pd.DataFrame(steps),
    )
    return lambda: calibrations.calibration_page(found, calibrations.pictures(found))


@pytest.mark.parametrize("make", [explanation, effect, looking_back, calibration])
def test_a_german_page_has_the_same_numbers_and_no_english(
    make: Callable[[Path], Page], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """No number is lost, added or left with a decimal point, and no common English word stays."""
    monkeypatch.setattr(pictures, "_picture", spelled)
    page, pages = make(tmp_path), {}
    for code in ("en", "de"):
        with speaking(code):
            written = page()
        (tmp_path / f"{code}.html").write_text(written, "utf-8")
        pages[code] = said(tmp_path / f"{code}.html")
    english, german = (_NUMBER.findall(pages[code]) for code in ("en", "de"))
    assert Counter(german) == Counter(number.replace(".", ",") for number in english)
    assert ENGLISH.findall(pages["de"]) == []
