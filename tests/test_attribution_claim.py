"""The page on the article's claim: made from runs, in words that its numbers bear."""

from __future__ import annotations

import re
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from alliancesim.attribution.causes import TITLES
from alliancesim.attribution.explanation import Explanation
from alliancesim.posterior.draws import Posterior
from alliancesim.scenario.library import SCENARIOS
from worlds import FULL

DOCS = Path(__file__).resolve().parent.parent / "docs"
sys.path.insert(0, str(DOCS))

import claim  # noqa: E402

DRAWS = Posterior("test", ("build",), np.array([[0.1], [0.3]]), {})


@pytest.fixture(scope="module")
def case(tmp_path_factory: pytest.TempPathFactory) -> claim.Case:
    """A case of the scenario ``FULL``."""
    path = tmp_path_factory.mktemp("claim") / "full.toml"
    path.write_text(FULL, "utf-8")
    return claim.Case(str(path), "2030-03", "2030-09", "Made", True)


@pytest.fixture(scope="module")
def found(case: claim.Case) -> Explanation:
    """Its explanation under two draws."""
    return claim.explained(case, DRAWS, 8)


def test_the_page_holds_verdicts_shares_and_the_record(case: claim.Case) -> None:
    text = " ".join(claim.page(DRAWS, [case], 8).split())
    for words in (
        "| backfires (backfire) |",
        "| **whole change** |",
        "that the wedge backfired (",
        "2 draws of the coefficients, 8 runs of each world",
        "The record has a rise of +0.25 since 2025-10",
        "This is in-sample",
    ):
        assert words in text


def test_in_sample_and_out_of_sample_stand_apart(case: claim.Case) -> None:
    """The claim under a posterior of earlier years is told apart from that of the whole record."""
    text = " ".join(claim.page(DRAWS, [case], 8, before=DRAWS).split())
    assert text.index("This is in sample") < text.index("Fitted to 2010–2019 alone, out of sample")
    assert "## Out of sample: fitted to 2010–2019 alone" in text
    assert "out of sample" not in claim.page(DRAWS, [case], 8).lower()


def test_a_model_that_moves_the_wrong_way_is_said_to_be_wrong(found: Explanation) -> None:
    """No part of a recorded rise is read from a fall, nor is the claim called refuted."""
    falling = replace(found, values=found.start - np.ones(found.values.shape))
    rising = replace(found, values=found.start + np.ones(found.values.shape))
    assert "no part of a rise can be taken from a fall" in claim._disagreement(falling)
    assert "no refutation" in claim._disagreement(falling)
    assert "wrong" not in claim._disagreement(rising)


def test_probabilities_of_the_verdicts_add_up(found: Explanation) -> None:
    rows = claim.verdict_table(found).splitlines()[2:]
    over_draws = [int(re.search(r"\| (\d+)\D+%", row)[1]) for row in rows]  # type: ignore[index]
    assert sum(over_draws) == 100


def test_shares_of_a_rise_are_told_only_where_there_is_one(found: Explanation) -> None:
    """In falling draws nothing is said of what a rise is made of; in rising ones all of it is."""
    each = 0.1 * np.array([number.bit_count() for number in range(len(found.values))])
    falling = replace(found, values=found.start - each[:, None])
    rising = replace(found, values=found.start + each[:, None])
    assert "too few to say" in claim._made_of(falling)
    told = claim._made_of(rising)
    share = f"+{100 / len(found.causes):.0f} % ["
    assert told.count(share) == len(found.causes)


def test_every_cause_has_a_name_and_every_case_a_scenario() -> None:
    assert set(claim.CALLED) == set(TITLES)
    assert {case.scenario for case in claim.CASES} <= set(SCENARIOS.names())
