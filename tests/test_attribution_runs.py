"""Causes kept with results: what a run and an explanation leave, checked and told again."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from alliancesim.attribution.account import account_of, read_account, write_into
from alliancesim.attribution.explanation import Question, explain
from alliancesim.attribution.tables import CHANGE
from alliancesim.measures.verdict import WORDS
from alliancesim.posterior.draws import Posterior
from alliancesim.report.explanation_wording import sentences, verdicts
from alliancesim.report.page import write_report
from alliancesim.scenario.problems import InputError
from alliancesim.scenario.reading import Loaded
from alliancesim.verification import differences
from commands import answer
from drawings import compose_only
from worlds import FULL, document, scenario_of


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the scenario ``FULL``, two draws, and a run under them with its causes."""
    folder = tmp_path_factory.mktemp("causes")
    (folder / "full.toml").write_text(FULL, "utf-8")
    (folder / "draws.csv").write_text("build,erode\n0.2,0.1\n0.3,0.2\n", "utf-8")
    words = "run full.toml --posterior draws.csv --runs 8 --no-robustness --explain --months 9"
    done = answer(*words.split(), "--json", "--out", "out", cwd=folder)
    assert done.returncode == 0, done.stderr
    (folder / "told.json").write_text(done.stdout, "utf-8")
    return folder


@pytest.fixture
def kept(place: Path, tmp_path: Path) -> Path:
    """A copy of the run's results that may be spoilt."""
    return shutil.copytree(place / "out", tmp_path / "kept")


def test_the_causes_of_a_run_end_where_it_ends_and_tell_its_effect(place: Path) -> None:
    """Same runs, same draws: change and effect in ``causes`` are those of the outcomes' table."""
    shares = pd.read_csv(place / "out" / "causes" / "shares.csv").set_index("kind")
    drawn = pd.read_csv(place / "out" / "causes" / "draws.csv")
    outcomes = pd.read_parquet(place / "out" / "outcomes.parquet")
    by_draw = outcomes["effect"].to_numpy().reshape(2, 4).mean(axis=1)
    assert drawn["effect"].to_numpy() == pytest.approx(by_draw, abs=1e-15)
    assert shares["estimate"]["end"] == pytest.approx(outcomes["cohesion_world"].mean(), abs=1e-15)


def test_json_of_a_run_holds_steps_and_sentences(place: Path) -> None:
    causes = json.loads((place / "told.json").read_text("utf-8"))["causes"]
    steps = [step for step in causes["steps"] if step["kind"] in ("past", "cause")]
    whole = next(step for step in causes["steps"] if step["kind"] == "change")
    assert sum(step["estimate"] for step in steps) == pytest.approx(whole["estimate"], abs=1e-12)
    assert any("split / null / backfire" in text for text in causes["sentences"])


def test_the_report_of_a_run_tells_its_causes_and_how_to_ask_for_them(
    place: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    compose_only(monkeypatch)
    page = write_report(place / "out").read_text("utf-8")
    told = json.loads((place / "told.json").read_text("utf-8"))["causes"]["sentences"]
    assert "What caused the change" in page
    assert told[0].replace(" %", "\u00a0%") in page
    assert "--explain" in page
    names = sorted(path.name for path in (place / "out" / "report-figures").glob("*.png"))
    assert names[:4] == [
        "01-cohesion.png",
        "02-distribution.png",
        "03-waterfall.png",
        "04-reasons.png",
    ]


def test_verify_makes_the_causes_again(kept: Path) -> None:
    assert differences(kept) == []


def test_verify_finds_a_share_that_was_changed(kept: Path) -> None:
    path = kept / "causes" / "shares.csv"
    table = pd.read_csv(path, dtype=str, keep_default_na=False)
    table.loc[2, "estimate"] = str(np.nextafter(float(table["estimate"][2]), 1.0))
    table.to_csv(path, index=False)
    assert differences(kept) == ["causes: table shares was changed after it was written"]


def test_verify_finds_other_numbers_even_where_both_manifests_agree(kept: Path) -> None:
    """Digests that were forged along with a table do not hide that it is not computed so."""
    manifest = json.loads((kept / "causes" / "manifest.json").read_text("utf-8"))
    manifest["options"]["seed"] += 1
    (kept / "causes" / "manifest.json").write_text(json.dumps(manifest), "utf-8")
    found = differences(kept)
    assert "causes: table draws differs from what the program computes" in found


@pytest.mark.parametrize("name", ["shares.csv", "draws.csv", "manifest.json"])
def test_a_part_that_is_missing_is_the_users_error(kept: Path, name: str) -> None:
    (kept / "causes" / name).unlink()
    with pytest.raises(InputError, match="causes"):
        differences(kept)


def test_a_table_without_its_columns_is_the_users_error(kept: Path) -> None:
    (kept / "causes" / "draws.csv").write_text("draw,change,effect\n1,2,x\n", "utf-8")
    with pytest.raises(InputError) as caught:
        read_account(kept / "causes")
    assert "effect" in str(caught.value)
    assert "past" in str(caught.value)


@settings(max_examples=5)
@given(st.floats(0.01, 0.9), st.floats(0.01, 0.9))
def test_a_folder_gives_every_bit_back(
    tmp_path_factory: pytest.TempPathFactory, one: float, two: float
) -> None:
    posterior = Posterior("test", ("build",), np.array([[one], [two]]), {})
    loaded = Loaded("made", scenario_of(document()), (), {})
    made = account_of(explain(loaded, Question(runs=8), posterior))
    folder = tmp_path_factory.mktemp("account")
    write_into(made, folder)
    read = read_account(folder)
    for name, table in made.tables.items():
        pd.testing.assert_frame_equal(read.tables[name], table, check_dtype=False, check_exact=True)
    assert sentences(read) == sentences(made)
    assert (read.period, read.asked) == (made.period, made.asked)


@pytest.mark.parametrize("same", [True, False])
def test_it_is_said_where_the_record_has_cohesion_move_the_other_way(same: bool) -> None:
    """A model that moves the wrong way cannot tell what moved the two, and says so."""
    data = document()
    quiet = explain(Loaded("made", scenario_of(data), (), {}), Question(runs=4))
    seen = 0.9 if (quiet.change.mean() > 0) == same else 0.1
    data["observations"] = {
        "seen": {"date": "2030-09", "what": "x", "variable": "cohesion", "of": "ALFA"}
        | {"toward": "BRAVO", "value": {"value": seen, "basis": "coded", "source": "x"}}
    }
    found = explain(Loaded("made", scenario_of(data), (), {}), Question(runs=4))
    assert not any(text.startswith("The record") for text in sentences(account_of(quiet)))
    said = " ".join(sentences(account_of(found)))
    assert ("in the same direction" in said, "the opposite direction" in said) == (same, not same)


def test_probabilities_of_a_run_and_of_its_causes_agree(place: Path) -> None:
    summary = json.loads((place / "out" / "summary.json").read_text("utf-8"))
    account = read_account(place / "out" / "causes")
    shares = verdicts(account.effects, account.scenario.outcome.margin.value)
    kept = summary["draws"]["shares"]
    assert [shares[word] for word in WORDS] == [kept[word]["estimate"] for word in WORDS]
    assert account.step(CHANGE).estimate == pytest.approx(
        summary["change_world"]["estimate"], abs=1e-12
    )
