"""``alliancesim explain --ledger``: table, file, figure and page, and the story in sentences."""

from __future__ import annotations

import json
import shutil
import xml.etree.ElementTree as ET
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from alliancesim.attribution.account import Account, account_of, read_account
from alliancesim.attribution.explanation import Question, explain
from alliancesim.attribution.ledger import asked_of, kept_ledger
from alliancesim.attribution.ledger_tables import CHANGE, START
from alliancesim.attribution.mechanisms import mechanism_shares
from alliancesim.figures.words import signed
from alliancesim.report import pictures
from alliancesim.report.explanation_wording import FEWEST, MOST, sentences
from alliancesim.report.explanations import write_explanation
from alliancesim.scenario.reading import Loaded
from alliancesim.verification import differences
from commands import answer, typed
from test_landscape_cli import undrawn
from worlds import FULL, bare, document, scenario_of, undisturbed


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    """A folder with an explanation of ``FULL`` and the ledger of its allies, and what was told."""
    folder = tmp_path_factory.mktemp("ledger")
    (folder / "full.toml").write_text(FULL, "utf-8")
    words = ("full.toml", "--until", "2030-08", "--runs", "4", "--ledger", "BRAVO-ALFA")
    done = answer("explain", *words, "--month", "2030-06", "--out", "out", cwd=folder)
    assert done.returncode == 0, done.stderr
    return folder, done.stdout


def test_the_month_is_printed_term_by_term_with_what_is_dated_in_it(made: tuple[Path, str]) -> None:
    printed = made[1]
    assert "Ledger of Bravoland and Alfaland, 2030-06" in printed
    for text in ("COOPERATION", "GRIEVANCE", "fear of being drawn in", "wedge's doing"):
        assert text in printed
    assert "Dated 2030-06: A verdict in BRAVO." in printed
    table = pd.read_csv(made[0] / "out" / "ledger.csv")
    row = table[
        (table["month"] == "2030-06")
        & (table["dyad"] == "BRAVO-ALFA")
        & (table["series"] == "world")
        & (table["quantity"] == "grievance")
        & (table["term"] == "events")
    ].iloc[0]
    (line,) = (text for text in printed.splitlines() if text.startswith("│   events "))
    assert signed(row["mean"], 4) in line
    assert row["mean"] > 0.1


def test_the_folder_holds_all_months_and_the_figure(made: tuple[Path, str]) -> None:
    folder = made[0] / "out"
    table = pd.read_csv(folder / "ledger.csv")
    assert sorted(table["month"].unique()) == ["2029-12", *(f"2030-{k:02d}" for k in range(1, 9))]
    moved = table[~table["term"].isin([START, CHANGE])]
    whole = table[table["term"] == CHANGE]
    keys = ["month", "dyad", "series", "quantity"]
    gap = moved.groupby(keys)["mean"].sum() - whole.set_index(keys)["mean"]
    assert gap.abs().max() < 1e-14
    assert ET.parse(folder / "ledger.svg").getroot().tag.endswith("svg")
    assert (folder / "ledger.png").read_bytes().startswith(b"\x89PNG")


def test_the_page_has_figure_table_and_the_command(made: tuple[Path, str]) -> None:
    page = (made[0] / "out" / "report.html").read_text("utf-8")
    for text in (
        "Mechanisms over time: what moved the cohesion of Bravoland and Alfaland",
        "Ledger of Bravoland and Alfaland, 2030-06",
        "cooperation, Bravoland toward Alfaland",
        "cohesion, Bravoland and Alfaland",
        "--ledger BRAVO-ALFA --month 2030-06",
    ):
        assert text in typed(page)
    assert "src=" not in page


def test_a_ledger_is_read_back_and_verified_bit_by_bit(
    made: tuple[Path, str], tmp_path: Path
) -> None:
    kept = shutil.copytree(made[0] / "out", tmp_path / "out")
    assert differences(kept) == []
    assert read_account(kept).asked_of_ledger == ("BRAVO", "ALFA", "2030-06")
    path = kept / "ledger.csv"
    table = pd.read_csv(path, dtype=str)
    table.loc[40, "mean"] = str(np.nextafter(float(table["mean"][40]), 1.0))
    table.to_csv(path, index=False)
    assert differences(kept) == ["table ledger was changed after it was written"]


def test_json_holds_what_is_shown_of_the_ledger(
    made: tuple[Path, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pictures, "_picture", undrawn)
    words = ("full.toml", "--runs", "2", "--until", "2030-05", "--ledger", "alliance", "--json")
    done = answer("explain", *words, cwd=made[0])
    ledger = json.loads(done.stdout)["ledger"]
    assert (ledger["dyad"], ledger["month"]) == ("ALFA-BRAVO", None)
    cohesion = [row for row in ledger["terms"] if row["quantity"] == "cohesion"]
    *terms, change = cohesion
    assert change["term"] == CHANGE
    assert sum(row["mean"] for row in terms) == pytest.approx(change["mean"], abs=1e-14)


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("--ledger", "ALFA-BRAVA"), "BRAVO"),
        (("--ledger", "ALFA"), "a dyad such as"),
        (("--ledger", "alliance", "--month", "2040-01"), "2030-01 to 2031-06"),
        (("--ledger", "alliance", "--until", "2030-06", "--month", "2030-07"), "to 2030-06"),
        (("--month", "2030-05"), "--ledger"),
    ],
)
def test_a_wrong_dyad_or_month_is_the_users_error_and_leaves_nothing(
    made: tuple[Path, str], words: tuple[str, ...], told: str
) -> None:
    before = set(made[0].iterdir())
    done = answer("explain", "full.toml", *words, "--runs", "1", cwd=made[0])
    assert done.returncode == 2
    assert told in done.stderr
    assert "Traceback" not in done.stderr
    assert set(made[0].iterdir()) == before


# The story.


def account(data: dict[str, Any], *, asked: bool = False, **question: Any) -> Account:
    """Return an explanation of a document, with mechanisms and ledger if asked for."""
    loaded = Loaded("made", scenario_of(data), (), {})
    found = explain(loaded, Question(**({"runs": 2} | question)))
    if not asked:
        return account_of(found)
    dyad = asked_of(found.scenario, "alliance", None, (found.period.first, found.period.last))
    shares = mechanism_shares(found, orders=2)
    return account_of(found, (), shares, kept_ledger(found, dyad))


def quiet() -> dict[str, Any]:
    """Return a document in which nothing is dated and nothing moves."""
    return undisturbed(bare("A", "B", months=3))


def seen() -> dict[str, Any]:
    """Return ``FULL`` with a record of its cohesion."""
    data = document()
    data["observations"]["talks"] = {
        "date": "2030-09",
        "what": "x",
        "variable": "cohesion",
        "of": "ALFA",
        "toward": "BRAVO",
        "value": {"value": 0.9, "basis": "coded", "source": "x"},
    }
    return data


@pytest.mark.parametrize(
    ("data", "asked", "question"),
    [
        (quiet(), False, {}),
        (document(), False, {}),
        (seen(), False, {}),
        (seen(), True, {}),
        (document(), True, {"outcome": "effect"}),
        (document(), False, {"outcome": "effect", "first": "2030-03", "last": "2030-03"}),
        (document(), True, {"outcome": "opinion:BRAVO-ALFA", "first": "2030-02"}),
        (document(), False, {"first": "2030-01", "last": "2030-01"}),
    ],
)
def test_a_story_has_three_to_six_sentences_each_with_a_figure(
    data: dict[str, Any], asked: bool, question: dict[str, Any]
) -> None:
    """Whatever is asked, and each is one sentence: it ends with the only full stop it has."""
    told = sentences(account(data, asked=asked, **question))
    assert FEWEST <= len(told) <= MOST
    for text in told:
        assert any(letter.isdigit() for letter in text), text
        assert text.endswith(".")
        assert ". " not in text, text


def test_the_story_tells_of_mechanisms_and_ledger_where_they_were_asked_for() -> None:
    found = account(seen(), asked=True)
    told = sentences(found)
    assert sum(text.startswith("The wedge works ") for text in told) == 1
    (booked,) = (text for text in told if text.startswith("Booked month by month"))
    table = found.tables["ledger"]
    last = table[
        (table["month"] == table["month"].max())
        & (table["dyad"] == "ALFA-BRAVO")
        & (table["quantity"] == "cohesion")
        & (table["term"] != CHANGE)
    ]
    world = last[last["series"] == "world"]
    largest = world.loc[world["cumulated"].abs().idxmax()]
    assert signed(largest["cumulated"]) in booked
    assert signed(largest["cumulated_high"]) in booked
    assert not any(text.startswith("Booked") for text in sentences(account(seen())))


def test_a_ledger_in_which_nothing_moves_is_told_as_such(tmp_path: Path) -> None:
    """Where there is nothing to draw and to list, there is a page all the same."""
    loaded = Loaded("made", scenario_of(quiet()), (), {})
    found = explain(loaded, Question(runs=2))
    asked = asked_of(found.scenario, "A-B", None, ("2030-01", "2030-03"))
    still = account_of(found, ledger=kept_ledger(found, asked))
    told = sentences(still)
    assert "In the ledger, nothing moves the cohesion of A and B by 2030-03." in told
    write_explanation(still, tmp_path / "still")
    assert "nothing moved" in (tmp_path / "still" / "report.html").read_text("utf-8")
