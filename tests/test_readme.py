"""What the README tells people to type does what it says."""

from __future__ import annotations

import re
import shlex
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from alliancesim.scenario.reading import load
from alliancesim.study import Options, run_scenario
from commands import answer, call
from drawings import compose_only

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "docs"))

import generate  # noqa: E402
import scenario_results  # noqa: E402

README = (ROOT / "README.md").read_text("utf-8")


def console_commands(text: str) -> list[str]:
    """Return the commands, lines after ``$``, of all console blocks."""
    blocks = re.findall(r"```console\n(.*?)```", text, flags=re.DOTALL)
    return [line[2:] for block in blocks for line in block.splitlines() if line.startswith("$ ")]


def test_readme_sets_everything_up_with_two_commands() -> None:
    """The README names ``make demo`` and ``make test``, both targets of the Makefile."""
    makefile = (ROOT / "Makefile").read_text("utf-8")
    assert "make demo" in README
    assert "make test" in README
    assert re.search(r"^demo:", makefile, flags=re.MULTILINE)
    assert re.search(r"^test:", makefile, flags=re.MULTILINE)


def test_readme_commands_run_as_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Every ``alliancesim`` command of the README runs, in order, in an empty folder.

    The first of each kind is a real process; its likes, which take longer to start than to run, are
    answered in this one.
    """
    commands = [words for words in console_commands(README) if words.startswith("alliancesim ")]
    assert len(commands) >= 8
    compose_only(monkeypatch)
    started: set[str] = set()
    for line in commands:
        words = shlex.split(line)[1:]
        run = answer if words[0] in started else call
        started.add(words[0])
        done = run(*words, cwd=tmp_path)
        assert done.returncode == 0, f"{line}\n{done.stdout}\n{done.stderr}"
    assert len(started) >= 8


def test_readme_links_lead_somewhere() -> None:
    """Every relative link of the README is a file of the repository."""
    links = re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)", README)
    assert links
    missing = [link for link in links if not (ROOT / link).exists()]
    assert not missing


def test_readme_quotes_the_results_of_the_scenarios_page() -> None:
    """Its numbers are those of ``docs/scenarios.md``; no line of them is written by hand."""
    assert generate.with_tables(README) == README
    assert README.count("| `observed-backfire` |") == 1


def test_readme_and_scenarios_page_say_what_the_model_says() -> None:
    """Run as the page says it was run, the first case gives the very rows that the pages show."""
    options = Options(runs=scenario_results.RUNS, keep="outcomes")
    result = run_scenario(load("observed-backfire"), options)
    page = scenario_results.PAGE.read_text("utf-8")
    assert scenario_results.verdict_row(result) in page.splitlines()
    assert scenario_results.carriers_row(result) in page.splitlines()
    # What the README's prose says of it.
    table = result.robustness
    assert result.verdict.word == "null"
    assert "backfire" not in set(table["verdict"])
    hypothesis = run_scenario(load("wedge-hypothesis"), replace(options, robustness=False))
    assert hypothesis.verdict.word == "split"


def test_readme_quotes_the_claim_page_and_the_validation_page() -> None:
    """Every share and interval of causes stands on the page of the claim; so do the scores."""
    claim = (ROOT / "docs" / "claim.md").read_text("utf-8")
    first, last = README.index("- **The wedge.**"), README.index("Held against 2010–26")
    quoted = set(re.findall(r"[−+]?0\.\d{3}", README[first:last]))
    assert len(quoted) >= 12
    assert not {number for number in quoted if number.lstrip("−+") not in claim}
    validation = (ROOT / "docs" / "validation.md").read_text("utf-8")
    rows = [line for line in validation.splitlines() if line.startswith("| cohesion JPN-KOR |")]
    forecasts = [row.split("|")[5] for row in rows if row.split("|")[5].strip()]
    assert len(forecasts) == 4
    assert all("right" in found for found in forecasts)
    assert "next to nothing" in forecasts[-1]
    assert "each episode left out, to nobody" in validation
    assert "It loses to opinion alone (0.132) and no change" in validation
