"""The documentation says what the program does: equations, tables, code and links."""

from __future__ import annotations

import re
import sys
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import pytest

from alliancesim import bounded, law, step
from alliancesim.arrays import VARIABLES, Drivers, Pushes, State, Strategists
from alliancesim.coefficients import NAMES, REGISTER, Coefficients
from alliancesim.ensemble import simulate
from alliancesim.measures.outcomes import outcomes
from alliancesim.world import World, build_world
from worlds import bare, document, scenario_of

ROOT = Path(__file__).resolve().parent.parent
DOCS = ROOT / "docs"
sys.path.insert(0, str(DOCS))

import equations  # noqa: E402
import generate  # noqa: E402
import pages  # noqa: E402

SAMPLES = 200
NEAR = 1e-12
PAGES = pages.own_pages()
MODEL = (DOCS / "model.md").read_text("utf-8")
EQUATIONS = {
    name: equation
    for block in pages.blocks(MODEL, "equation")
    for name, equation in equations.read(block.text).items()
}
STATES = State._fields[2:]
FOUR = ("opinion", "threat", "confidence", "grievance")
STIRRED = ("threat", "dependence", "grievance", "confidence")


def _name(path: Path) -> str:
    return path.relative_to(DOCS).as_posix()


# Equations: a random moment, seen by the code and by the equations.


class Moment(NamedTuple):
    """Everything that one actor's month depends on."""

    state: State
    rest: State
    drivers: Drivers
    drivers_at_rest: Drivers
    pushes: Pushes
    strategists: Strategists
    c: Coefficients
    shocks: np.ndarray[Any, Any]
    i: int
    j: int


def random_moment(rng: np.random.Generator) -> Moment:
    """Return a moment of two to five actors, with some numbers at the ends of their scales."""
    n = int(rng.integers(2, 6))

    def unit(*shape: int) -> Any:
        ends = rng.choice([0.0, 1.0, np.nan], p=[0.05, 0.05, 0.9], size=shape)
        return np.where(np.isnan(ends), rng.random(shape), ends)

    def state() -> State:
        drawn = {name: unit(n, n) for name in State._fields}
        drawn["opinion"] = 2.0 * drawn["opinion"] - 1.0
        drawn["cohesion"] = np.sqrt(drawn["cohesion"] * drawn["cohesion"].T)
        for array in drawn.values():
            np.fill_diagonal(array, 0.0)
        return State(**drawn)

    def drivers() -> Drivers:
        per_actor = {variable.name for variable in VARIABLES if variable.per == "actor"}
        return Drivers(*(unit(n) if name in per_actor else unit(n, n) for name in Drivers._fields))

    i, j = (int(k) for k in rng.permutation(n)[:2])
    alliance = np.zeros((n, n), dtype=np.bool_)
    alliance[i, j] = alliance[j, i] = True
    return Moment(
        state(),
        state(),
        drivers(),
        drivers(),
        Pushes(unit(2, n, n), unit(2, n, n), unit(3, n), unit(3, n), 2 * unit(4, n, n) - 1),
        Strategists(rng.integers(0, n, 3), 2 * unit(3) - 1, alliance),
        Coefficients(*(rng.uniform(entry.low, entry.high) for entry in REGISTER)),
        rng.standard_normal((n, 4)),
        i,
        j,
    )


def setting_of(moment: Moment) -> equations.Setting:
    """Return the names of ``docs/model.md`` with the moment's numbers."""
    return _setting(
        moment,
        moment.state,
        moment.drivers,
        _setting(moment, moment.rest, moment.drivers_at_rest, None),
    )


def _setting(
    moment: Moment, state: State, drivers: Drivers, at_rest: equations.Setting | None
) -> equations.Setting:
    n = state.threat.shape[0]
    rest = moment.rest._asdict()
    change = {name: array - rest[name] for name, array in state._asdict().items()}
    own_row = np.zeros((n, n, 4))
    own_row[moment.i] = moment.shocks
    members = moment.strategists.alliance
    names = {
        **state._asdict(),
        **drivers._asdict(),
        "rest": rest,
        "change": change,
        "rise": {name: np.maximum(array, 0.0) for name, array in change.items()},
        "c": moment.c._asdict(),
        "shock": {name: own_row[:, :, place] for place, name in enumerate(FOUR)},
        "stirred": dict(zip(STIRRED, moment.pushes.stirred, strict=True)),
        "raised": dict(zip(State._fields, moment.pushes.raised, strict=False)),
        "lowered": dict(zip(State._fields, moment.pushes.lowered, strict=False)),
        "pressed": moment.pushes.pressed,
        "courted": moment.pushes.courted,
        "escalate": moment.strategists.escalate,
        "own": [s for s, actor in enumerate(moment.strategists.actor) if actor == moment.i],
        "alliance": [(a, b) for a in range(n) for b in range(a + 1, n) if members[a, b]],
        "actors": range(n),
        "third": [k for k in range(n) if k not in (moment.i, moment.j)],
        "i": moment.i,
        "j": moment.j,
    }
    return equations.Setting(EQUATIONS, names, at_rest)


def values_of_code(m: Moment) -> dict[str, float]:
    """Return what the code makes of a moment, by the names of the equations."""
    view = step.view_of(m.state, m.drivers, m.i, m.j)
    found: dict[str, float] = {}
    found |= law.cooperation_terms(view, m.c)._asdict()
    found |= step.pressure_terms_of(m.state, m.c, m.i, m.j)._asdict()
    found |= step.opinion_terms_of(m.state, m.rest, m.drivers, m.c, m.i, m.j)._asdict()
    found = {f"term.{name}": value for name, value in found.items()}
    appeal = step.appeals(m.state, m.drivers, m.c, m.i)
    chosen = step.decide(m.rest, appeal, step.appeals(m.rest, m.drivers_at_rest, m.c, m.i), m.i)
    done = step.push_actions(chosen, m.pushes, m.strategists, m.state, m.rest, m.i)
    for place, (sum_of_terms, action) in enumerate(
        [("appeal", "cooperation"), ("urge", "pressure")]
    ):
        found[sum_of_terms] = appeal[place, m.j]
        found[f"chosen_{action}"] = chosen[place, m.j]
        found[f"{action}_done"] = done[place, m.j]
    after = step.adjust(m.state, m.rest, m.drivers, m.c, m.pushes.stirred, m.shocks, m.i)
    found |= {f"{name}_next": after[place, m.j] for place, name in enumerate(STATES)}
    return found


FUNCTIONS: dict[str, tuple[Callable[..., float], tuple[tuple[float, float], ...]]] = {
    "push": (bounded.pushed, ((0, 1), (-2, 2))),
    "push_opinion": (bounded.pushed_opinion, ((-1, 1), (-2, 2))),
    "moved": (bounded.moved, ((0, 1), (-40, 40))),
}
"""Functions of the page that the law has too, and the ranges on which they are compared."""

ELSEWHERE = {
    "standing": "test_strategies_reach_their_level_as_the_page_says",
    "fading": "test_events_push_actions_as_the_page_says",
    "merged": "test_events_push_actions_as_the_page_says",
    "stirred_together": "test_events_push_states_as_the_page_says",
    "effect": "test_the_effect_is_what_the_page_says",
}
"""Equations about whole runs, and the tests that check them."""


def test_equations_agree_with_the_code_on_random_moments() -> None:
    """Every equation of decisions and adjustment gives what the code gives, to 1e-12."""
    rng = np.random.default_rng(20261123)
    for _ in range(SAMPLES):
        moment = random_moment(rng)
        setting = setting_of(moment)
        for name, expected in values_of_code(moment).items():
            assert setting.value(name) == pytest.approx(expected, rel=NEAR, abs=NEAR), name


@pytest.mark.parametrize("name", FUNCTIONS)
def test_functions_of_the_page_are_those_of_the_law(name: str) -> None:
    """Functions that the page defines agree with the law's on random arguments and at the ends."""
    function, ranges = FUNCTIONS[name]
    setting = equations.Setting(EQUATIONS, {})
    rng = np.random.default_rng(1)
    for sample in range(SAMPLES):
        ends = [span[sample // 2**place % 2] for place, span in enumerate(ranges)]
        drawn = [float(rng.uniform(*span)) for span in ranges]
        arguments = [float(end) for end in ends] if sample < 2 ** len(ranges) else drawn
        expected = function(*arguments)
        assert setting.value(name, *arguments) == pytest.approx(expected, rel=NEAR, abs=NEAR)


def test_every_equation_of_the_page_is_compared_with_the_code() -> None:
    """No equation stands unchecked: each is compared, or used by one that is."""
    compared = set(values_of_code(random_moment(np.random.default_rng(0))))
    reached = {*compared, *FUNCTIONS, *ELSEWHERE}
    new = reached
    while new:
        new = {used for name in new for used in equations.names_used(EQUATIONS[name])}
        new = (new & set(EQUATIONS)) - reached
        reached = reached | new
    assert set(EQUATIONS) == reached
    assert all(test in globals() for test in ELSEWHERE.values())


def test_every_mechanism_has_its_equation_on_the_page() -> None:
    """No coefficient of the register is missing from the equations."""
    used = set().union(*(equations.names_used(equation) for equation in EQUATIONS.values()))
    assert {f"c.{name}" for name in NAMES} == {name for name in used if name.startswith("c.")}


def test_a_changed_equation_is_noticed() -> None:
    """The comparison can fail: each equation, scaled by a millionth, disagrees somewhere."""
    rng = np.random.default_rng(7)
    moments = [random_moment(rng) for _ in range(12)]
    expected = [values_of_code(moment) for moment in moments]
    compared = set(expected[0])
    for name in compared:
        right = equations.read("x = (1 + 1 / 1000000) * y")["x"].right
        right.right = EQUATIONS[name].right  # type: ignore[attr-defined]
        changed = {**EQUATIONS, name: equations.Equation(name, (), right)}
        assert any(
            abs(_with(setting_of(moment), changed).value(name) - values[name]) > 1e-10
            for moment, values in zip(moments, expected, strict=True)
        ), name


def _with(setting: equations.Setting, changed: dict[str, equations.Equation]) -> equations.Setting:
    return equations.Setting(changed, setting.names, setting.at_rest)


@pytest.mark.parametrize(
    "text", ["x = __import__('os')", "x = open.read", "x = [1]", "x = 'a'", "x = lambda: 1"]
)
def test_equations_hold_nothing_but_arithmetic(text: str) -> None:
    """An expression outside the small language is refused, not run."""
    setting = equations.Setting(equations.read(text), {})
    with pytest.raises((ValueError, KeyError)):
        setting.value("x")


# Equations about whole runs.

PAGE = equations.Setting(EQUATIONS, {})


def test_strategies_reach_their_level_as_the_page_says() -> None:
    """Ramp, intensity and end of a strategy are those of the page's equation."""
    data = bare("ALFA", "BRAVO", "CHARLIE", months=12)
    data["strategies"] = {
        "wedge": {
            "actor": "CHARLIE",
            "press": {"ALFA": 0.7},
            "court": {"BRAVO": 0.4},
            "start": "2030-03",
            "end": "2030-10",
            "ramp": 4,
            "press_intensity": 0.8,
            "court_intensity": 0.5,
        }
    }
    world = build_world(scenario_of(data))
    for month in range(1, 13):
        runs = 3 <= month <= 10
        pressed = PAGE.value("standing", 0.7, 0.8, month - 3, 4) if runs else 0.0
        courted = PAGE.value("standing", 0.4, 0.5, month - 3, 4) if runs else 0.0
        assert world.pushes.pressed[month, 0, 0] == pytest.approx(pressed, abs=NEAR)
        assert world.pushes.courted[month, 0, 1] == pytest.approx(courted, abs=NEAR)


def _event(variable: str, push: float, month: int, **more: Any) -> dict[str, Any]:
    return {
        "date": f"2030-{month:02d}",
        "what": "something",
        "variable": variable,
        "of": "CHARLIE",
        "toward": "ALFA",
        "push": push,
        **more,
    }


def _world_with(*events: dict[str, Any]) -> World:
    data = bare("ALFA", "BRAVO", "CHARLIE", months=12)
    data["events"] = {f"event-{place}": event for place, event in enumerate(events)}
    return build_world(scenario_of(data))


def test_events_push_actions_as_the_page_says() -> None:
    """Pushes fade with their half-life, three months by default, and merge as on the page."""
    world = _world_with(
        _event("pressure", 0.6, 2), _event("pressure", 0.5, 4, half_life=5.0, until="2030-08")
    )
    for month in range(1, 13):
        first = PAGE.value("fading", 0.6, month - 2, 3.0) if month >= 2 else 0.0
        second = PAGE.value("fading", 0.5, month - 4, 5.0) if 4 <= month <= 8 else 0.0
        expected = PAGE.value("merged", first, second)
        assert world.pushes.raised[month, 1, 2, 0] == pytest.approx(expected, abs=NEAR)


@pytest.mark.parametrize(
    ("first", "second"), [(0.3, 0.5), (-0.3, -0.5), (0.3, -0.5), (-0.9, 0.2), (0.4, 0.0)]
)
def test_events_push_states_as_the_page_says(first: float, second: float) -> None:
    """Two pushes to a state in one month merge where their signs agree and cancel where not."""
    world = _world_with(_event("threat", first, 5), _event("threat", second, 5))
    expected = PAGE.value("stirred_together", first, second)
    assert world.pushes.stirred[5, 0, 2, 0] == pytest.approx(expected, abs=NEAR)


def test_the_effect_is_what_the_page_says() -> None:
    """The effect of a run is mean cohesion over the window, world minus twin."""
    scenario = scenario_of(document())
    ensemble = simulate(build_world(scenario), build_world(scenario, wedge=False), runs=3, seed=5)
    paths = ensemble.alliance
    months = range(scenario.time.months - scenario.outcome.window + 1, scenario.time.months + 1)
    for run, found in enumerate(outcomes(ensemble)["effect"]):
        names = {"world_cohesion": paths[0, run], "twin_cohesion": paths[1, run], "window": months}
        expected = equations.Setting(EQUATIONS, names).value("effect")
        assert found == pytest.approx(expected, abs=NEAR)


# Tables, links, code.


@pytest.mark.parametrize("path", PAGES, ids=_name)
def test_generated_tables_are_up_to_date(path: Path) -> None:
    """Tables made from the program hold what the program holds (``python docs/generate.py``)."""
    text = path.read_text("utf-8")
    assert generate.with_tables(text) == text


def test_the_page_holds_every_generated_table() -> None:
    """Each table that can be generated stands on the page about the model."""
    assert set(re.findall(r"<!-- generated:([a-z]+) -->", MODEL)) == set(generate.TABLES)


def test_a_stale_table_is_made_anew() -> None:
    """A number changed by hand in a generated table is put right."""
    default = REGISTER[0].default
    stale = MODEL.replace(f"| `{NAMES[0]}` | {default:g} |", f"| `{NAMES[0]}` | {2 * default:g} |")
    assert stale != MODEL
    assert generate.with_tables(stale) == MODEL


def _anchor(heading: str) -> str:
    """Return the anchor that a heading gets on the web."""
    kept = re.sub(r"[^\w\- ]", "", heading.strip().lower())
    return kept.replace(" ", "-")


@pytest.mark.parametrize("path", PAGES, ids=_name)
def test_links_lead_somewhere(path: Path) -> None:
    """Every relative link is a file of the repository, and every anchor a heading in it."""
    for target in re.findall(r"\]\(([^):\s]+)\)", path.read_text("utf-8")):
        file, _, anchor = target.partition("#")
        found = (path.parent / file).resolve() if file else path
        assert found.exists(), target
        if anchor:
            headings = re.findall(r"^#+ (.+)$", found.read_text("utf-8"), flags=re.MULTILINE)
            assert anchor in {_anchor(heading) for heading in headings}, target


def test_the_map_names_every_page() -> None:
    """No page is missing from the map of the documentation."""
    text = (DOCS / "index.md").read_text("utf-8")
    missing = [_name(path) for path in PAGES if f"({_name(path)})" not in text]
    assert missing == ["index.md"]


def test_decisions_are_numbered_and_dated() -> None:
    """Each decision has the next number, a date, what, why and what was rejected."""
    text = (DOCS / "decisions.md").read_text("utf-8")
    entries = re.split(r"^## ", text, flags=re.MULTILINE)[1:]
    numbers = [int(entry.split(".")[0]) for entry in entries]
    assert numbers == list(range(1, len(entries) + 1))
    for entry in entries:
        assert re.search(r"^2\d{3}-\d\d-\d\d$", entry, flags=re.MULTILINE), entry.splitlines()[0]
        for part in ("**What.**", "**Why.**", "**Rejected.**"):
            assert part in entry, entry.splitlines()[0]


def test_the_glossary_is_in_order() -> None:
    """Terms stand in the order of the alphabet, so that they can be found."""
    text = (DOCS / "glossary.md").read_text("utf-8")
    terms = [term.lower() for term in re.findall(r"^\*\*(.+?)\*\*", text, flags=re.MULTILINE)]
    assert len(terms) > 30
    assert all(first < second for first, second in pairwise(terms)), terms


def _code_only() -> list[Path]:
    """Return the pages that hold Python to run and no commands."""
    return [
        path
        for path in PAGES
        if pages.blocks(path.read_text("utf-8"), "python")
        and not pages.blocks(path.read_text("utf-8"), "console")
    ]


@pytest.mark.parametrize("path", _code_only(), ids=_name)
def test_code_runs_and_prints_what_the_page_shows(path: Path, tmp_path: Path) -> None:
    """Python on a page runs in an empty folder and prints what stands below it."""
    for found in pages.run_page(path.read_text("utf-8"), tmp_path):
        assert found.agrees(), f"shown:\n{found.shown}\nprinted:\n{found.actual}"


def test_output_is_compared_line_by_line() -> None:
    """A shown line must come out; lines may be left out only where the page says so."""
    assert pages.matches(["a", "...", "c"], ["a", "b", "b", "c"])
    assert not pages.matches(["a", "c"], ["a", "b", "c"])
    assert not pages.matches(["a"], ["a", "b"])
    assert not pages.matches(["a", "..."], ["b"])
