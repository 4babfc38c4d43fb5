"""Every shipped scenario: complete, sourced, honest about its outcome, the same bits as kept."""

from __future__ import annotations

import json
import sys
import tomllib
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from alliancesim.arrays import OUTCOMES
from alliancesim.coefficients import defaults
from alliancesim.posterior.draws import load_posterior
from alliancesim.scenario.library import SCENARIOS
from alliancesim.scenario.quantities import Quantity
from alliancesim.scenario.reading import Loaded, load
from alliancesim.study import Options, run_scenario
from alliancesim.world import build_world, wedge_levels
from kept.renew import KEPT, digest_of

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "docs"))

import scenario_results

NAMES = SCENARIOS.names()
ALLIES = {"JPN", "KOR"}


@pytest.fixture(params=NAMES)
def shipped(request: pytest.FixtureRequest) -> Loaded:
    """One shipped scenario after another."""
    return _shipped(request.param)


@cache
def _shipped(name: str) -> Loaded:
    """Return a shipped scenario, which no test changes."""
    return load(name)


def _quantities(value: Any, path: tuple[str, ...] = ()) -> Iterator[tuple[str, Quantity]]:
    """Yield key path and quantity of every number in a scenario."""
    if isinstance(value, Quantity):
        yield ".".join(path), value
    elif isinstance(value, dict):
        for key, inner in value.items():
            yield from _quantities(inner, (*path, str(key)))
    elif hasattr(value, "model_fields_set"):
        for key in value.model_fields_set:
            yield from _quantities(getattr(value, key), (*path, key))


def test_the_folder_of_shipped_scenarios_is_found() -> None:
    assert SCENARIOS.folder().is_dir()
    assert sorted(path.stem for path in SCENARIOS.folder().glob("*.toml")) == NAMES


def test_a_shipped_scenario_loads_by_name_and_by_path(shipped: Loaded) -> None:
    assert load(str(SCENARIOS.find(shipped.name))).scenario == shipped.scenario


def test_a_shipped_scenario_says_what_it_is_asks_and_teaches(shipped: Loaded) -> None:
    """Title, story, question and what one would learn: each its own, the question one line."""
    scenario = shipped.scenario
    for text in (scenario.title, scenario.story, scenario.question, scenario.learn):
        assert len(text) > 10
    assert "\n" not in scenario.question
    assert scenario.question.endswith("?")


@pytest.mark.skipif(not NAMES, reason="no shipped scenarios yet")
@pytest.mark.parametrize("key", ["title", "story", "question"])
def test_no_two_shipped_scenarios_tell_the_same(key: str) -> None:
    """A variant that keeps its parent's story would mislead whoever lists them."""
    told = [getattr(_shipped(name).scenario, key) for name in NAMES]
    assert len(set(told)) == len(told)


def test_every_number_of_a_shipped_scenario_has_a_basis_and_a_source(shipped: Loaded) -> None:
    """But for the program's own defaults; a number in a strategy may stand under its source.

    An intensity of 0 or 1 is a switch that makes the scenario what it is, not an estimate.
    """
    scenario = shipped.scenario
    numbers = [
        (path, found, "")
        for table in ("actors", "dyads", "outcome")
        for path, found in _quantities(getattr(scenario, table), (table,))
    ]
    for table in ("strategies", "events", "observations"):
        for label, item in getattr(scenario, table).items():
            numbers += [
                (path, found, item.source) for path, found in _quantities(item, (table, label))
            ]
    assert len(numbers) > 20
    unsourced = [
        path
        for path, found, source in numbers
        if (found.basis == "unstated" or not (found.source.strip() or source.strip()))
        and not (path.endswith("_intensity") and found.value in (0.0, 1.0))
    ]
    assert unsourced == []


def test_every_dated_thing_of_a_shipped_scenario_has_a_source(shipped: Loaded) -> None:
    scenario = shipped.scenario
    for table in (scenario.strategies, scenario.events, scenario.observations):
        for label, item in table.items():
            own = item.source.strip() or any(q.source for _, q in _quantities(item))
            assert own, label


def test_a_shipped_scenario_changes_no_coefficient(shipped: Loaded) -> None:
    """One law for all: scenarios differ in the world they describe, never in the law."""
    assert shipped.scenario.coefficients == {}
    assert shipped.scenario.without == []
    assert build_world(shipped.scenario).coefficients == defaults()
    for file in shipped.files:
        document = tomllib.loads(file.read_text("utf-8"))
        assert not {"coefficients", "without"} & document.keys(), file


def test_no_event_of_a_shipped_scenario_puts_the_answer_into_the_question(shipped: Loaded) -> None:
    """None on cooperation between the allies, and none on opinion, cohesion or suspicion."""
    scenario = shipped.scenario
    for label, event in scenario.events.items():
        dyad = {event.of, event.toward}
        assert event.variable not in OUTCOMES, label
        assert not (event.variable == "cooperation" and dyad <= ALLIES), label
        assert not (event.variable == "cooperation" and dyad <= set(scenario.outcome.alliance))
    for label, strategy in scenario.strategies.items():
        members = set(scenario.outcome.alliance)
        assert not (strategy.actor in members and members & strategy.court.keys()), label


def test_a_shipped_scenario_fits_its_own_run(shipped: Loaded) -> None:
    """World, twin and wedge levels can be built, and the window leaves months before it."""
    scenario = shipped.scenario
    world = build_world(scenario)
    assert build_world(scenario, wedge=False).months == world.months
    assert wedge_levels(scenario).shape == (2, world.months + 1, len(world.actors))
    assert world.window < world.months


def test_every_shipped_scenario_has_a_kept_digest_and_no_other_has() -> None:
    """After adding or renaming a scenario: ``python tests/kept/renew.py``."""
    assert sorted(json.loads(KEPT.read_text("utf-8"))) == NAMES


@pytest.mark.parametrize("name", NAMES)
def test_a_shipped_scenario_gives_the_kept_bits(name: str) -> None:
    """Four runs, seed 1; after a change meant to move results: ``python tests/kept/renew.py``."""
    assert digest_of(name) == json.loads(KEPT.read_text("utf-8")).get(name)


def test_files_of_shipped_scenarios_have_plain_names_and_unix_lines() -> None:
    for path in SCENARIOS.folder().glob("*"):
        assert path.suffix in (".toml", ".md"), path.name
        data = Path(path).read_bytes()
        assert b"\r" not in data
        assert data.endswith(b"\n")


# Cases beyond the region.


def _beyond_cells(name: str) -> list[str]:
    """Return the cells of a case's row where the page holds it against its historians."""
    page = scenario_results.PAGE.read_text("utf-8")
    body = page.split("<!-- generated:beyond -->")[1].split("<!-- end -->")[0]
    row = next(line for line in body.splitlines() if line.startswith(f"| `{name}` |"))
    return [cell.strip() for cell in row.strip("|").split("|")]


@pytest.mark.parametrize(
    ("name", "actors"), [("sino-soviet-1954", 3), ("spain-1940", 5), ("qatar-2017", 6)]
)
def test_the_format_holds_other_worlds_than_the_one_it_was_made_for(name: str, actors: int) -> None:
    """Three, five and six actors, as the page says, none of Japan and South Korea among them; each
    names its historians' outcome as an observation, so that no run can read it."""
    scenario = load(name).scenario
    assert len(scenario.actors) == actors
    assert not ALLIES & scenario.actors.keys()
    coded = scenario.observations["coded-cohesion"]
    assert coded.value is not None
    assert coded.since is not None
    assert {coded.of, coded.toward} == set(scenario.outcome.alliance)


@pytest.mark.parametrize("name", ["sino-soviet-1954", "spain-1940"])
def test_the_page_holds_a_case_against_its_historians_as_it_runs(name: str) -> None:
    """All cells but the one under the posterior, which takes too long, come out of 200 runs."""
    result = run_scenario(
        load(name), Options(runs=scenario_results.RUNS, robustness=False, keep="outcomes")
    )
    posterior = load_posterior("default")
    few = Options(runs=8, robustness=False, keep="outcomes", posterior=posterior)
    row = scenario_results.beyond_row(result, run_scenario(load(name), few))
    cells = [cell.strip() for cell in row.strip("|").split("|")]
    page = _beyond_cells(name)
    assert cells[:4] + cells[5:] == page[:4] + page[5:]


def test_the_page_counts_the_cases_that_agree_with_their_historians() -> None:
    """Three signs, two verdicts; a split that the model has as nothing stands as a disagreement."""
    rows = {name: _beyond_cells(name) for name in scenario_results.HISTORIANS}
    assert [cells[6] for cells in rows.values()] == ["right"] * 3
    assert {name for name, cells in rows.items() if cells[7] == "disagrees"} == {"spain-1940"}
    for cells in rows.values():
        assert abs(sum(int(share) for share in cells[4].split(" / ")) - 100) <= 1


@pytest.mark.parametrize(
    ("name", "setting", "verdict", "effect"),
    [
        ("sino-soviet-1954", "events.controls-eased.part_of=closed-fist", "null", "-0.01"),
        ("spain-1940", "time.months=24", "split", "-0.07"),
    ],
)
def test_a_case_turns_on_what_the_page_says_it_turns_on(
    name: str, setting: str, verdict: str, effect: str
) -> None:
    """What is counted as the wedge, and when the clock is stopped; at the default coefficients."""
    loaded = load(name, [setting])
    found = run_scenario(loaded, Options(runs=40, robustness=False, keep="outcomes")).verdict
    assert found.word == verdict
    assert f"{found.effect.estimate:+.2f}" == effect
