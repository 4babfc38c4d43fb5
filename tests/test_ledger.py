"""The ledger: terms add up to what both engines do, in any world, and are the mechanisms' own."""

from __future__ import annotations

from itertools import zip_longest
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings

from alliancesim import batch
from alliancesim.arrays import Array, State
from alliancesim.attribution.explanation import Explanation, Question, explain
from alliancesim.attribution.ledger import Ledger, asked_of, kept_ledger
from alliancesim.attribution.ledger_cohesion import Cohesion, cohesion_terms, standing
from alliancesim.attribution.ledger_tables import (
    CHANGE,
    EFFECT,
    SMALLER,
    START,
    TITLES,
    ledger_table,
    shown,
)
from alliancesim.attribution.ledger_terms import (
    ACTIONS,
    BOUND,
    EVENTS,
    LEADERS,
    STATES,
    STRATEGIES,
    TERMS,
    WEDGE,
    Course,
    action_levels,
    side_of,
    state_terms,
)
from alliancesim.batch import Pair, Series
from alliancesim.coefficients import REGISTER
from alliancesim.ensemble import run_once, simulate
from alliancesim.figures.ledger import areas, ledger_chart, with_crossings
from alliancesim.figures.style import NARROW, WIDE
from alliancesim.posterior.draws import Posterior
from alliancesim.scenario.problems import InputError
from alliancesim.scenario.reading import Loaded
from alliancesim.scenario.schema import Scenario
from alliancesim.world import build_world
from worlds import bare, document, documents, scenario_of

Booked = dict[tuple[int, int, str], Array]
"""Terms by indices of a dyad and quantity, shape (months, terms)."""


def course_of(data: dict[str, Any], *, wedge: bool = True, engine: str = "batch") -> Course:
    """Return one run of a document's world, made by an engine."""
    scenario = scenario_of(data)
    world, twin = build_world(scenario, wedge=wedge), build_world(scenario, wedge=False)
    path = (
        simulate(world, twin, runs=1, seed=7).states[0, 0]
        if engine == "batch"
        else run_once(world, 7, 0)
    )
    return Course(side_of(world, twin), world.coefficients, 7, 0, path)


def booked(course: Course) -> Booked:
    """Return the terms of every dyad and quantity of a run."""
    actors = range(len(course.side.world.actors))
    pairs = [(i, j) for i in actors for j in actors if i != j]
    levels = {pair: action_levels(course, *pair, 0) for pair in pairs}
    months = range(1, len(course.path))
    found: Booked = {}
    for i, j in pairs:
        for a, action in enumerate(ACTIONS):
            found[i, j, action] = np.diff(levels[i, j][a], axis=0)
        rows = [state_terms(course, i, j, month) for month in months]
        for state in STATES:
            found[i, j, state] = np.array([row[state] for row in rows])
        found[i, j, "cohesion"] = np.array(
            [
                cohesion_terms(course, i, j, m, (levels[i, j][0][m], levels[j, i][0][m])).terms
                for m in months
            ]
        )
    return found


def term(found: Booked, i: int, j: int, quantity: str, name: str) -> Array:
    """Return one term month by month."""
    column: Array = found[i, j, quantity][:, TERMS[quantity].index(name)]
    return column


def changes(course: Course, i: int, j: int, quantity: str) -> Array:
    """Return the change of a quantity as it was run, month by month."""
    change: Array = np.diff(course.path[:, State._fields.index(quantity), i, j])
    return change


# The law's own terms.


@settings(max_examples=12)
@given(documents(most=4, months=4))
def test_terms_add_up_to_the_change_in_any_world(data: dict[str, Any]) -> None:
    """Every action and state of every dyad, whatever the coefficients, strategies and events."""
    course = course_of(data)
    for (i, j, quantity), terms in booked(course).items():
        gap = np.abs(terms.sum(axis=1) - changes(course, i, j, quantity))
        assert (gap <= 1e-12 * (1.0 + np.abs(terms).sum(axis=1))).all(), (i, j, quantity)


def test_terms_add_up_to_what_the_mesa_model_does() -> None:
    """Not only the kernel, in which the ledger's runs are made."""
    course = course_of(document(), engine="mesa")
    for (i, j, quantity), terms in booked(course).items():
        assert terms.sum(axis=1) == pytest.approx(changes(course, i, j, quantity), abs=1e-14)


@settings(max_examples=10)
@given(documents(most=3, months=3))
def test_the_bounds_take_toward_an_end_and_no_more_than_there_is(data: dict[str, Any]) -> None:
    """Toward both ends the steps of a state get smaller; an opinion is drawn to the middle."""
    course = course_of(data)
    for (i, j, quantity), terms in booked(course).items():
        names = TERMS[quantity]
        if BOUND not in names:
            continue
        taken = terms[:, names.index(BOUND)]
        first = names.index("reconcile") if quantity == "grievance" else 0
        step = terms[:, first : names.index(BOUND)].sum(axis=1)
        assert (np.abs(taken) <= np.abs(step) + 1e-12).all(), quantity
        if quantity == "opinion":
            now = course.path[:-1, State._fields.index(quantity), i, j]
            step = now * np.abs(step)
        assert (taken * step <= 1e-15).all(), quantity


def mechanisms() -> dict[str, list[str]]:
    """Return the law's mechanisms by the equation that they are part of."""
    found: dict[str, list[str]] = {}
    for entry in REGISTER:
        if entry.equation not in ("cohesion", "shocks") and entry.name != "legibility":
            found.setdefault(entry.equation, []).append(entry.name)
    return found


def test_a_mechanism_switched_off_has_no_term_and_one_switched_on_has_one() -> None:
    """In a world that feeds all of them, each is booked under its own name, and only if on.

    Switched off together are one of every equation, or it would take a world for each.
    """
    data = document()
    data["dyads"]["ALFA-CHARLIE"]["mediation"] = 0.3
    on = booked(course_of(data))
    for names in zip_longest(*mechanisms().values()):
        together = dict(zip(mechanisms(), names, strict=True))
        switched = {equation: name for equation, name in together.items() if name}
        off = booked(course_of(data | {"without": list(switched.values())}))
        for equation, name in switched.items():
            in_both = ("cooperation", "cohesion")
            for quantity in in_both if equation in in_both else (equation,):
                place = TERMS[quantity].index(name)
                cells = [key for key in on if key[2] == quantity]
                assert any(np.abs(on[key][:, place]).max() > 1e-6 for key in cells), name
                assert all((off[key][:, place] == 0.0).all() for key in cells), name


def test_terms_have_the_signs_of_the_literature() -> None:
    """Pressure raises threat and sours opinion; a wedge chills and entraps the one it spares."""
    found = booked(course_of(document()))
    alfa, bravo, charlie, delta = range(4)
    acting = slice(3, 12)  # the wedge begins in the third month
    assert (term(found, alfa, charlie, "threat", "provoke")[acting] > 0).all()
    assert (term(found, alfa, charlie, "opinion", "sour")[acting] < 0).all()
    assert (term(found, bravo, charlie, "threat", "spillover")[acting] > 0).all()
    assert (term(found, alfa, charlie, "dependence", "derisk")[acting] < 0).all()
    assert (term(found, bravo, charlie, "suspicion", "unmask")[acting] > 0).all()
    for name in ("chilling", "entrapment", "inducement"):
        so_far = np.cumsum(term(found, bravo, alfa, "cooperation", name))
        assert (so_far[acting] < 0).all(), name
        assert term(found, alfa, bravo, "cohesion", name)[acting].sum() < 0, name
    assert (np.cumsum(term(found, delta, alfa, "cooperation", STRATEGIES))[:12] > 0).all()


def test_acts_of_the_wedge_and_other_events_are_told_apart() -> None:
    """An embargo of the wedge and a scare beside it, each in its month, and none in the twin."""
    alfa, bravo, charlie = range(3)
    world, twin = (booked(course_of(document(), wedge=wedge)) for wedge in (True, False))
    struck = term(world, charlie, alfa, "pressure", WEDGE)
    assert struck[4] > struck[5]
    assert np.cumsum(struck)[4] > 0.2
    assert (term(twin, charlie, alfa, "pressure", WEDGE) == 0.0).all()
    for found in (world, twin):
        scare = term(found, bravo, alfa, "grievance", EVENTS)
        assert np.flatnonzero(scare).tolist() == [5]
        assert 0.0 < scare[5] < 0.3
        assert (term(found, bravo, alfa, "grievance", WEDGE) == 0.0).all()


def test_standing_strategies_and_events_are_told_apart() -> None:
    """A favour beside a standing courtship is an event; what stood before it stays a strategy."""
    data = document()
    data["events"]["favour"] = {
        "date": "2030-06",
        "what": "x",
        "variable": "cooperation",
        "of": "DELTA",
        "toward": "BRAVO",
        "push": 0.4,
    }
    found = booked(course_of(data))
    events = np.cumsum(term(found, 3, 1, "cooperation", EVENTS))
    assert (events[:5] == 0.0).all()
    assert 0.05 < events[5] < 0.4
    stood = np.cumsum(term(found, 3, 1, "cooperation", STRATEGIES))
    assert stood[5] == pytest.approx(stood[4], rel=0.1)
    assert stood[4] > 0.03


def test_new_leaders_are_booked_as_leaders() -> None:
    """At rest nothing but the weight of strategy changes in the month of an election."""
    data = bare("A", "B", "C", months=3)
    data["dyads"] = {"A-B": {"cooperation": 0.4, "opinion": -0.3}, "A-C": {"threat": 0.5}}
    data["dyads"]["B-C"] = {"threat": 0.5}
    data["events"] = {
        "vote": {"date": "2030-01", "what": "x", "variable": "pragmatism", "of": "A", "to": 0.9}
    }
    course = course_of(data)
    found = booked(course)
    change = changes(course, 0, 1, "cooperation")[0]
    assert change > 0.01
    assert term(found, 0, 1, "cooperation", LEADERS)[0] == pytest.approx(change, abs=1e-15)
    assert (found[0, 1, "cooperation"][0, : TERMS["cooperation"].index(LEADERS)] == 0.0).all()
    assert (found[1, 0, "cooperation"][0] == 0.0).all()


# The ledger over runs.

DRAWS = Posterior("two", ("build", "erode"), np.array([[0.1, 0.1], [0.3, 0.2]]), {})


def explained(posterior: Posterior | None = None, **asked: Any) -> Explanation:
    """Return an explanation of ``FULL``."""
    loaded = Loaded("made", scenario_of(document()), (), {})
    return explain(loaded, Question(**({"runs": 8} | asked)), posterior)


def ledger_of(found: Explanation, dyad: str = "ALFA-BRAVO", month: str | None = None) -> Ledger:
    """Return a dyad's ledger in an explanation."""
    span = found.period.first, found.period.last
    return kept_ledger(found, asked_of(found.scenario, dyad, month, span))


@pytest.fixture(scope="module")
def ledger() -> Ledger:
    """A ledger of the allies over part of a run, under two draws."""
    return ledger_of(explained(DRAWS, first="2030-03", last="2030-12"))


@pytest.fixture(scope="module")
def table(ledger: Ledger) -> pd.DataFrame:
    """The same as a table."""
    return ledger_table(ledger)


def test_every_quantity_of_both_directions_is_booked_with_every_term(table: pd.DataFrame) -> None:
    rows = table[table["month"] == "2030-05"]
    for (dyad, series, quantity), part in rows.groupby(["dyad", "series", "quantity"]):
        assert part["term"].tolist() == [*TERMS[str(quantity)], CHANGE], (dyad, series)
    cells = set(zip(rows["dyad"], rows["quantity"], strict=True))
    both = {(dyad, name) for dyad in ("ALFA-BRAVO", "BRAVO-ALFA") for name in TERMS}
    assert cells == both - {("BRAVO-ALFA", "cohesion")}
    assert set(rows["series"]) == {"world", "twin", "effect"}


def test_terms_of_a_month_and_so_far_add_up_in_the_table(table: pd.DataFrame) -> None:
    rows = table[table["term"] != START]
    keys = ["month", "dyad", "series", "quantity"]
    for column in ("mean", "cumulated"):
        sums = rows[rows["term"] != CHANGE].groupby(keys)[column].sum()
        whole = rows[rows["term"] == CHANGE].set_index(keys)[column]
        assert (sums - whole).abs().max() < 1e-14
    assert (rows["low"] <= rows["mean"] + 1e-15).all()
    assert (rows["high"] >= rows["mean"] - 1e-15).all()


def test_what_has_cumulated_leads_from_the_start_to_the_end_of_the_runs(
    ledger: Ledger, table: pd.DataFrame
) -> None:
    """Level before plus all terms is the level that the kernel itself has at the end."""
    found = ledger.found
    world = build_world(found.scenario)
    paths = batch.trajectories(
        Pair(world, world),
        seed=1,
        run_numbers=range(8),
        series=[Series(name, "ALFA", "BRAVO") for name in State._fields],
        coefficients=found.vectors(world),
    )[0].mean(axis=0)
    rows = table[(table["dyad"] == "ALFA-BRAVO") & (table["series"] == "world")]
    for place, quantity in enumerate(State._fields):
        part = rows[rows["quantity"] == quantity]
        start = part.loc[part["term"] == START, "mean"].item()
        last = part[(part["month"] == "2030-12") & ~part["term"].isin([START, CHANGE])]
        assert start == pytest.approx(paths[found.period.before, place], abs=1e-14)
        assert start + last["cumulated"].sum() == pytest.approx(paths[-1, place], abs=1e-14)


def test_the_return_to_rest_is_charged_to_the_terms_whose_work_it_undoes() -> None:
    """By hand: a tenth of what stands goes each month, of the past as of every term."""
    width = len(TERMS["cohesion"])
    pulls = [np.zeros(width), np.zeros(width), np.zeros(width)]
    pulls[0][0], pulls[1][1], pulls[2][0] = 0.2, -0.1, 0.3
    months = [Cohesion(pull, fade) for pull, fade in zip(pulls, (0.1, 0.1, 0.0), strict=True)]
    found = standing(months, 0.5)
    assert found[:, 0] == pytest.approx([0.2, 0.18, 0.48])
    assert found[:, 1] == pytest.approx([0.0, -0.1, -0.1])
    assert found[:, -1] == pytest.approx([-0.05, -0.095, -0.095])


def test_only_in_cohesion_is_anything_charged(table: pd.DataFrame) -> None:
    """Elsewhere what has cumulated is the plain sum, as the return is a mechanism there."""
    rows = table[table["term"] != START]
    sums = rows.groupby(["dyad", "series", "quantity", "term"])["mean"].cumsum()
    elsewhere = rows["quantity"] != "cohesion"
    assert (sums - rows["cumulated"])[elsewhere].abs().max() < 1e-14
    moved = ~elsewhere & (rows["term"] != CHANGE)
    assert (sums - rows["cumulated"])[moved].abs().max() > 1e-3


def test_the_effect_is_world_less_twin(table: pd.DataFrame) -> None:
    keys = ["month", "dyad", "quantity", "term"]
    wide = table.pivot(index=keys, columns="series", values=["mean", "cumulated"])
    for column in ("mean", "cumulated"):
        difference = wide[column]["world"] - wide[column]["twin"]
        assert (wide[column][EFFECT] - difference).abs().max() < 1e-15
    assert wide["cumulated"][EFFECT].abs().max() > 0.01


def test_intervals_are_over_draws_where_coefficients_are_drawn(ledger: Ledger) -> None:
    """Two draws of four runs each: the ends are those of the two means."""
    entries = ledger.books["ALFA-BRAVO", "cohesion"]
    changed = (entries.path[0, :, -1] - entries.path[0, :, 0]).reshape(2, 4).mean(axis=1)
    rows = ledger_table(ledger)
    row = rows[
        (rows["dyad"] == "ALFA-BRAVO")
        & (rows["quantity"] == "cohesion")
        & (rows["series"] == "world")
        & (rows["month"] == "2030-12")
        & (rows["term"] == CHANGE)
    ].iloc[0]
    low, high = np.quantile(changed, [0.05, 0.95])
    assert (row["cumulated_low"], row["cumulated_high"]) == pytest.approx((low, high), abs=1e-15)


def test_what_is_shown_adds_up_with_the_smaller_terms_together(table: pd.DataFrame) -> None:
    for month in ("2030-05", None):
        rows = shown(table, "ALFA-BRAVO", month)
        for quantity, part in rows.groupby("quantity"):
            assert part["term"].iloc[-1] == CHANGE
            for column in ("mean", "effect"):
                gap = part[column].iloc[:-1].sum() - part[column].iloc[-1]
                assert abs(gap) < 1e-14, (quantity, column)
        assert SMALLER in set(rows["term"])
        assert rows["title"].notna().all()


def test_without_a_wedge_there_is_no_difference_to_book() -> None:
    data = document()
    del data["strategies"]["wedge"], data["events"]["embargo"]
    found = explain(Loaded("made", scenario_of(data), (), {}), Question(runs=2))
    rows = ledger_table(ledger_of(found, "BRAVO-ALFA"))
    assert set(rows["series"]) == {"world"}
    assert shown(rows, "BRAVO-ALFA", None)["effect"].isna().all()
    assert len(ledger_chart(areas(_of_cohesion(rows, "BRAVO-ALFA"))).axes) == 1


def test_every_term_has_a_title_of_its_own_within_its_quantity() -> None:
    for names in TERMS.values():
        assert len({TITLES[name] for name in names}) == len(names)


def test_a_ledger_that_does_not_add_up_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    """Were the law to change without the ledger, no wrong account would be written."""
    found = explained(runs=1, last="2030-03")
    monkeypatch.setattr(
        "alliancesim.attribution.ledger.cohesion_terms",
        lambda *_: Cohesion(np.zeros(len(TERMS["cohesion"])), 0.0),
    )
    with pytest.raises(RuntimeError, match="cohesion of ALFA-BRAVO misses its change"):
        ledger_of(found)


# What is asked.


def test_the_alliance_stands_for_its_dyad(full: Scenario) -> None:
    span = "2030-01", "2031-06"
    assert asked_of(full, "alliance", "2030-02", span) == ("ALFA", "BRAVO", "2030-02")
    three = full.model_copy(
        update={"outcome": full.outcome.model_copy(update={"alliance": ["ALFA", "BRAVO", "DELTA"]})}
    )
    with pytest.raises(InputError, match="such as ALFA-BRAVO"):
        asked_of(three, "alliance", None, span)


@pytest.mark.parametrize(
    ("dyad", "month", "told"),
    [
        ("ALFA", None, ["a dyad such as ALFA-BRAVO, or alliance"]),
        ("ALFA-ALFA", None, ["a dyad such as"]),
        ("ALFA-BRAVA", "2029-12", ["BRAVO", "2030-01 to 2031-06"]),
        ("ALFA-BRAVO", "spring", ['a month written "YYYY-MM"']),
    ],
)
def test_what_is_no_dyad_or_month_is_refused_all_at_once(
    full: Scenario, dyad: str, month: str | None, told: list[str]
) -> None:
    with pytest.raises(InputError) as caught:
        asked_of(full, dyad, month, ("2030-01", "2031-06"))
    assert all(text in str(caught.value) for text in told)


# The figure.


def _of_cohesion(table: pd.DataFrame, dyad: str) -> pd.DataFrame:
    return table[(table["dyad"] == dyad) & (table["quantity"] == "cohesion")]


def test_areas_add_up_to_the_line_in_every_month(table: pd.DataFrame) -> None:
    found = areas(_of_cohesion(table, "ALFA-BRAVO"))
    terms = found.columns[2:-3]
    assert len(terms) <= 9
    assert (found[terms].sum(axis=1) - found[CHANGE]).abs().max() < 1e-8
    assert (found.groupby("series")[CHANGE].first() == 0.0).all()


def test_the_line_is_the_path_of_cohesion(ledger: Ledger, table: pd.DataFrame) -> None:
    """In both panels and at both sizes, and areas reach as far as the terms that make it."""
    path = ledger.books["ALFA-BRAVO", "cohesion"].path.mean(axis=1)
    found = areas(_of_cohesion(table, "ALFA-BRAVO"))
    lines = path[0] - path[0, 0], (path[0] - path[1]) - (path[0, 0] - path[1, 0])
    for size in (WIDE, NARROW):
        panels = ledger_chart(found, size).axes
        for axes, line, series in zip(panels, lines, ("world", "effect"), strict=True):
            (drawn,) = (one for one in axes.lines if one.get_marker() == "o")
            assert np.asarray(drawn.get_ydata()) == pytest.approx(line, abs=1e-14)
            terms = found.loc[found["series"] == series, found.columns[2:-3]].iloc[-1]
            ends = [area.get_paths()[0].vertices[:, 1] for area in axes.collections]
            assert max(y.max() for y in ends) >= terms.clip(lower=0).sum() - 1e-9
            assert min(y.min() for y in ends) <= terms.clip(upper=0).sum() + 1e-9


def test_stacks_add_up_between_months_where_a_term_changes_sides() -> None:
    values = np.array([[1.0, 0.0], [-1.0, 2.0], [3.0, -2.0]])
    places, found = with_crossings(values)
    assert places == pytest.approx([0.0, 0.5, 1.0, 1.25, 1.5, 2.0])
    total = np.interp(places, [0, 1, 2], values.sum(axis=1))
    above, below = np.maximum(found, 0).sum(axis=1), np.minimum(found, 0).sum(axis=1)
    assert above + below == pytest.approx(total)
    # Between the points each term keeps to its side, so the middles add up as well.
    above = np.maximum(found, 0)
    middles = np.maximum((found[1:] + found[:-1]) / 2, 0)
    assert middles == pytest.approx((above[1:] + above[:-1]) / 2)
