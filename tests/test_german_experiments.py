"""Pages on experiments and discoveries in German; their figures are texts, and are not drawn."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from alliancesim.discovery.boxes import Tally
from alliancesim.discovery.dataset import read_dataset
from alliancesim.discovery.discovering import Discovered, Discovery, of_target
from alliancesim.discovery.targets import targets
from alliancesim.experiment.execution import in_process, sweep
from alliancesim.experiment.parts import plan_of
from alliancesim.language import speaking
from alliancesim.report import pictures
from alliancesim.report.discoveries import write_discovered
from alliancesim.report.page import write_report
from discoveries import swept
from experiments import GRID, MIXED, experiment_of
from test_german_alignment import _NUMBER as NUMBER
from test_german_alignment import ENGLISH, said, spelled

TEXTS = {
    'title = "CHARLIE presses harder"': 'title = "CHARLIE drückt stärker"',
    "Does it matter how hard?": "Kommt es darauf an?",
    'label = "Pressure"': 'label = "American commitment to both allies"',
    'unit = "share"': 'unit = "share of its trade"',
}
GIVEN = ("CHARLIE presses ALFA and courts BRAVO", "CHARLIE stops buying from ALFA")
"""What the scenario says in its own words."""

GLOBAL = MIXED + '\n[analysis]\nkind = "global"\n'


def told_alike(pages: dict[str, str]) -> None:
    """Check that a German page has the numbers of the English one, and no English word."""
    english, german = (NUMBER.findall(pages[code]) for code in ("en", "de"))
    assert Counter(german) == Counter(number.replace(".", ",") for number in english)
    told = pages["de"]
    for words in GIVEN:
        told = told.replace(words, "")
    assert ENGLISH.findall(told) == []


@pytest.mark.parametrize("document", [GRID, GLOBAL], ids=["grid", "global"])
def test_a_german_page_on_an_experiment_says_the_same(
    document: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """No number is lost, added or left with a decimal point, and no common English word stays."""
    monkeypatch.setattr(pictures, "_picture", spelled)
    for english, german in TEXTS.items():
        document = document.replace(english, german)
    results = tmp_path / "results"
    sweep(plan_of(experiment_of(tmp_path, document)), results, in_process())
    pages = {}
    for code in ("en", "de"):
        pages[code] = said(write_report(results, target=tmp_path / code, language=code))
    told_alike(pages)


def test_a_german_page_on_a_discovery_says_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A rule, a stand-in without one, and a verdict that is nearly everywhere are all told."""
    monkeypatch.setattr(pictures, "_picture", spelled)
    dataset = read_dataset(swept(tmp_path))
    dataset = replace(dataset, table=dataset.table[["fear", "leader = DELTA"]])
    low, led = dataset.table["fear"] < 0.5, dataset.table["leader = DELTA"] < 0.5
    there = (low & led).to_numpy()
    effects = np.random.default_rng(1).normal(0.0, 0.001, len(there)) - 0.1 * there
    words = np.where(there, "split", "null").astype(object)
    made = replace(dataset, verdicts=words, effects=effects)
    split, _, backfire = targets(words, effects)
    rule = of_target(made, split, lambda: None)
    _, nearly, _ = targets(np.full(len(there), "null", dtype=object), effects)
    nothing = tuple(fold._replace(held_out=Tally(0, 5, 10, 25)) for fold in rule.folds)
    found = (rule, Discovery(nearly), replace(rule, target=backfire, folds=nothing))
    pages = {}
    for code in ("en", "de"):
        with speaking(code):
            write_discovered(Discovered(made, found), tmp_path / code, ["alliancesim"])
        pages[code] = said(tmp_path / code / "report.html")
    assert [one.standing for one in found] == ["rule", "always", "none"]
    told_alike(pages)
