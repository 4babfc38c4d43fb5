"""Every mechanism by itself: switched on alone, it moves what it should in the direction it should.

The table below is the project's design, read row by row: one disturbance of a world at rest, one
mechanism, and the sign of the response. Actors: 0 decides or feels, 1 is the one it is about,
2 and 3 are third actors.
"""

from __future__ import annotations

from typing import NamedTuple, get_args

import numpy as np
import pytest
from numpy.typing import NDArray

from alliancesim import step
from alliancesim.arrays import Drivers, State
from alliancesim.coefficients import (
    NAMES,
    REGISTER,
    Basis,
    Coefficients,
    defaults,
    with_values,
)
from alliancesim.ensemble import simulate
from alliancesim.world import build_world
from worlds import document, scenario_of

ACTORS = 4
ADJUSTED = State._fields[2:]
SHOCKS = ("opinion", "threat", "confidence", "grievance")


class Row(NamedTuple):
    """A mechanism, what is disturbed ("variable of toward" and the new value), what answers."""

    mechanism: str
    change: dict[str, float]
    responds: str
    sign: int
    beside: tuple[str, ...] = ()


ROWS = (
    # Cooperation of 0 toward 1.
    Row("balancing", {"threat 0 2": 0.8}, "cooperation", +1),
    Row("balancing", {"threat 1 3": 0.8}, "cooperation", +1),
    Row("hazard", {"hazard 0": 0.8}, "cooperation", +1),
    Row("hazard", {"hazard 1": 0.8}, "cooperation", +1),
    Row("abandonment", {"hazard 0": 0.9, "hazard 1": 0.9}, "cooperation", +1),
    Row("abandonment", {"threat 0 1": 0.9, "threat 1 0": 0.9}, "cooperation", +1),
    Row("abandonment", {"hazard 0": 0.9}, "cooperation", -1),
    Row("abandonment", {"hazard 1": 0.9}, "cooperation", -1),
    Row("abandonment", {"confidence 0 3": 0.9, "confidence 1 3": 0.9}, "cooperation", -1),
    Row("brokerage", {"brokerage 2": 0.9}, "cooperation", +1),
    Row("brokerage", {"confidence 0 2": 0.9}, "cooperation", +1),
    Row("brokerage", {"confidence 1 3": 0.9}, "cooperation", +1),
    Row("chilling", {"pressure 2 1": 0.9}, "cooperation", -1),
    Row("chilling", {"dependence 0 2": 0.6}, "cooperation", -1),
    Row("entrapment", {"pressure 3 1": 0.9}, "cooperation", -1),
    Row("entrapment", {"pressure 2 0": 0.0}, "cooperation", -1),
    Row("inducement", {"pressure 3 0": 0.0}, "cooperation", -1),
    Row("inducement", {"pressure 2 1": 0.9}, "cooperation", -1),
    Row("mediation", {"mediation 0 1": 0.9}, "cooperation", +1),
    Row("mediation", {"hazard 0": 0.9}, "cooperation", +1),
    Row("compliance", {"pressure 1 0": 0.9}, "cooperation", +1),
    Row("compliance", {"dependence 0 1": 0.6}, "cooperation", +1),
    Row("compliance", {"confidence 0 3": 0.9}, "cooperation", -1),
    Row("opinion", {"opinion 0 1": 0.9}, "cooperation", +1),
    Row("opinion", {"opinion 0 1": -0.9}, "cooperation", -1),
    Row("grievance", {"grievance 0 1": 0.9}, "cooperation", -1),
    Row("reciprocity", {"cooperation 1 0": 0.9}, "cooperation", +1),
    Row("reciprocity", {"suspicion 0 1": 0.9}, "cooperation", -1),
    Row("resentment", {"pressure 1 0": 0.9}, "cooperation", -1),
    # Pressure of 0 on 1.
    Row("retaliation", {"pressure 1 0": 0.9}, "pressure", +1),
    Row("retaliation", {"dependence 0 1": 0.9}, "pressure", -1),
    Row("alarm", {"threat 0 1": 0.9}, "pressure", +1),
    Row("restraint", {"opinion 0 1": 0.9}, "pressure", -1),
    Row("solidarity", {"pressure 1 2": 0.9}, "pressure", +1),
    Row("solidarity", {"cohesion 0 3": 0.9}, "pressure", +1),
    # States of 0 about 1; the response is the month's step.
    Row("build", {"cooperation 0 1": 0.9, "cooperation 1 0": 0.9}, "cohesion", +1),
    Row("erode", {"cooperation 0 1": 0.1, "cooperation 1 0": 0.1}, "cohesion", -1),
    Row("warm", {"cooperation 1 0": 0.9}, "opinion", +1),
    Row("warm", {"cooperation 1 0": 0.1}, "opinion", -1),
    Row("sour", {"pressure 1 0": 0.9}, "opinion", -1),
    Row("sore", {"grievance 0 1": 0.9}, "opinion", -1),
    Row("fidelity", {"cooperation 1 0": 0.9, "cooperation 2 1": 0.9}, "opinion", +1),
    Row("fidelity", {"cooperation 1 0": 0.1, "cooperation 2 1": 0.9}, "opinion", -1),
    Row("balance", {"opinion 0 2": 0.9, "opinion 2 1": 0.9}, "opinion", +1),
    Row("balance", {"opinion 0 2": 0.9, "opinion 2 1": -0.9}, "opinion", -1),
    Row("balance", {"opinion 0 2": -0.9, "opinion 2 1": -0.9}, "opinion", +1),
    Row("forget", {"opinion 0 1": 0.9}, "opinion", -1),
    Row("forget", {"opinion 0 1": -0.9}, "opinion", +1),
    Row("provoke", {"pressure 1 0": 0.9}, "threat", +1),
    Row("spillover", {"pressure 1 2": 0.9}, "threat", +1),
    Row("soothe", {"cooperation 1 0": 0.9}, "threat", -1),
    Row("calm", {"threat 0 1": 0.9}, "threat", -1),
    Row("calm", {"threat 0 1": 0.1}, "threat", +1),
    Row("unmask", {"suspicion 0 1": 0.9}, "suspicion", -1),
    Row("unmask", {"suspicion 0 1": 0.0}, "suspicion", +1),
    Row("legibility", {"cooperation 1 0": 0.9, "pressure 1 2": 0.9}, "suspicion", +1, ("unmask",)),
    Row("derisk", {"pressure 1 0": 0.9}, "dependence", -1),
    Row("derisk", {"pressure 1 3": 0.9}, "dependence", -1),
    Row("rewire", {"dependence 0 1": 0.9}, "dependence", -1),
    Row("rewire", {"dependence 0 1": 0.0}, "dependence", +1),
    Row("update", {"commitment 1 0": 0.9}, "confidence", +1),
    Row("update", {"commitment 1 0": 0.1}, "confidence", -1),
    Row("fade", {"grievance 0 1": 0.9}, "grievance", -1),
    Row("fade", {"grievance 0 1": 0.1}, "grievance", +1),
    Row("reconcile", {"cohesion 0 1": 0.9}, "grievance", -1),
    Row("reconcile", {"cohesion 0 1": 0.1}, "grievance", +1),
    Row("opinion_volatility", {"shock 1": 1.0}, "opinion", +1),
    Row("opinion_volatility", {"shock 1": -1.0}, "opinion", -1),
    Row("threat_volatility", {"shock 1": 1.0}, "threat", +1),
    Row("threat_volatility", {"shock 1": -1.0}, "threat", -1),
    Row("confidence_volatility", {"shock 1": 1.0}, "confidence", +1),
    Row("confidence_volatility", {"shock 1": -1.0}, "confidence", -1),
    Row("grievance_volatility", {"shock 1": 1.0}, "grievance", +1),
    Row("grievance_volatility", {"shock 1": -1.0}, "grievance", -1),
)

# What must leave a mechanism cold: the same disturbance with its actors the wrong way round, or on
# the wrong side of the law.
COLD = (
    Row("balancing", {"threat 2 0": 0.9, "threat 0 1": 0.9}, "cooperation", 0),
    Row("brokerage", {"confidence 2 0": 0.9, "brokerage 1": 0.9}, "cooperation", 0),
    Row("chilling", {"pressure 1 2": 0.9, "dependence 2 0": 0.6}, "cooperation", 0),
    Row("chilling", {"pressure 2 0": 0.9}, "cooperation", 0),
    Row("entrapment", {"pressure 1 2": 0.9, "threat 2 0": 0.9}, "cooperation", 0),
    Row("entrapment", {"pressure 2 0": 0.9, "pressure 2 1": 0.9}, "cooperation", 0),
    Row("inducement", {"cooperation 0 2": 0.9, "pressure 1 2": 0.9}, "cooperation", 0),
    Row("inducement", {"pressure 2 0": 0.9, "pressure 2 1": 0.9}, "cooperation", 0),
    Row("mediation", {"mediation 1 0": 0.9, "hazard 1": 0.9}, "cooperation", 0),
    Row("compliance", {"pressure 0 1": 0.9, "dependence 1 0": 0.6}, "cooperation", 0),
    Row("opinion", {"opinion 1 0": 0.9}, "cooperation", 0),
    Row("grievance", {"grievance 1 0": 0.9}, "cooperation", 0),
    Row("reciprocity", {"cooperation 0 1": 0.9, "suspicion 1 0": 0.9}, "cooperation", 0),
    Row("resentment", {"pressure 0 1": 0.9}, "cooperation", 0),
    Row("retaliation", {"pressure 0 1": 0.9}, "pressure", 0),
    Row("alarm", {"threat 1 0": 0.9}, "pressure", 0),
    Row("restraint", {"opinion 1 0": 0.9}, "pressure", 0),
    Row("solidarity", {"pressure 2 1": 0.9, "cohesion 1 2": 0.9}, "pressure", 0),
    Row("build", {"cooperation 0 1": 0.1, "cooperation 1 0": 0.1}, "cohesion", 0),
    Row("erode", {"cooperation 0 1": 0.9, "cooperation 1 0": 0.9}, "cohesion", 0),
    Row("warm", {"cooperation 0 1": 0.9}, "opinion", 0),
    Row("warm", {"cooperation 1 0": 0.9, "suspicion 0 1": 1.0}, "opinion", 0),
    Row("sour", {"pressure 0 1": 0.9}, "opinion", 0),
    Row("sore", {"grievance 1 0": 0.9}, "opinion", 0),
    Row("sore", {"grievance 0 1": 0.9, "pragmatism 0": 1.0}, "opinion", 0),
    Row("fidelity", {"cooperation 1 0": 0.9}, "opinion", 0),
    Row("fidelity", {"cooperation 1 0": 0.9, "cooperation 2 1": 0.1}, "opinion", 0),
    Row(
        "fidelity",
        {"cooperation 1 0": 0.9, "cooperation 2 1": 0.9, "pressure 2 0": 0.0},
        "opinion",
        0,
    ),
    Row("provoke", {"pressure 0 1": 0.9}, "threat", 0),
    Row("spillover", {"pressure 2 1": 0.9, "pressure 1 0": 0.9}, "threat", 0),
    Row("spillover", {"pressure 1 2": 0.9, "likeness 0 2": 0.0}, "threat", 0),
    Row("soothe", {"cooperation 0 1": 0.9}, "threat", 0),
    Row("legibility", {"cooperation 1 0": 0.9}, "suspicion", 0, ("unmask",)),
    Row("legibility", {"pressure 1 2": 0.9}, "suspicion", 0, ("unmask",)),
    Row(
        "legibility",
        {"cooperation 1 0": 0.9, "pressure 1 2": 0.9, "visibility 1": 0.0},
        "suspicion",
        0,
        ("unmask",),
    ),
    Row(
        "legibility",
        {"cooperation 1 0": 0.9, "pressure 1 2": 0.9, "likeness 0 2": 0.0},
        "suspicion",
        0,
        ("unmask",),
    ),
    Row("derisk", {"pressure 1 0": 0.0}, "dependence", 0),
    Row("derisk", {"pressure 0 1": 0.9}, "dependence", 0),
    Row("update", {"commitment 0 1": 0.9}, "confidence", 0),
    Row("reconcile", {"cohesion 1 2": 0.9}, "grievance", 0),
)

_LEVELS = (0.4, 0.2, 0.1, 0.3, 0.2, 0.3, 0.4, 0.2, 0.4)
_REST = State(*(np.full((ACTORS, ACTORS), level) for level in _LEVELS))
_DRIVERS = Drivers(
    *(np.full(ACTORS, level) for level in (0.5, 0.3, 0.3, 0.6)),
    *(np.full((ACTORS, ACTORS), level) for level in (0.4, 0.3, 0.5)),
)


def _disturbed(
    change: dict[str, float],
) -> tuple[State, Drivers, NDArray[np.float64]]:
    """Return state, drivers and shocks of actor 0 with some cells at new values."""
    state, drivers = _REST.copied(), Drivers(*(array.copy() for array in _DRIVERS))
    shocks = np.zeros((ACTORS, 4))
    for place, value in change.items():
        name, *indices = place.split()
        where = tuple(int(index) for index in indices)
        if name == "shock":
            shocks[where[0], :] = value
        elif name in State._fields:
            getattr(state, name)[where] = value
        else:
            getattr(drivers, name)[where] = value
    return state, drivers, shocks


def _alone(row: Row) -> Coefficients:
    """Return coefficients with this mechanism on, and those it needs beside it."""
    off = [name for name in NAMES if name not in (row.mechanism, *row.beside)]
    return with_values({}, off)


def _response(row: Row, c: Coefficients) -> float:
    """Return what the disturbance does to actor 0's action or state toward actor 1."""
    state, drivers, shocks = _disturbed(row.change)
    if row.responds in ("cooperation", "pressure"):
        rest = step.appeals(_REST, _DRIVERS, c, 0)
        actions = step.decide(_REST, step.appeals(state, drivers, c, 0), rest, 0)
        index = State._fields.index(row.responds)
        return float(actions[index, 1] - _REST[index][0, 1])
    stirred = np.zeros((4, ACTORS, ACTORS))
    after = step.adjust(state, _REST, drivers, c, stirred, shocks, 0)
    index = ADJUSTED.index(row.responds)
    return float(after[index, 1] - getattr(state, row.responds)[0, 1])


def _title(row: Row) -> str:
    return f"{row.mechanism}: {', '.join(row.change)}"


@pytest.mark.parametrize("row", ROWS, ids=_title)
def test_a_mechanism_alone_moves_its_variable_the_way_the_design_says(row: Row) -> None:
    found = _response(row, _alone(row))
    assert np.sign(found) == row.sign
    assert abs(found) > 1e-4


@pytest.mark.parametrize("row", COLD, ids=_title)
def test_a_mechanism_alone_is_left_cold_by_what_is_not_its_business(row: Row) -> None:
    """It does not answer a disturbance with the actors the other way round, or half of one."""
    assert abs(_response(row, _alone(row))) < 1e-15


@pytest.mark.parametrize("row", ROWS, ids=_title)
def test_with_every_mechanism_off_nothing_answers(row: Row) -> None:
    """Not even in the last bit."""
    assert _response(row, with_values({}, NAMES)) == 0.0


@pytest.mark.parametrize("row", [row for row in ROWS if not row.beside], ids=_title)
def test_switching_one_mechanism_off_takes_its_answer_away(row: Row) -> None:
    """The answer with all others on moves against the mechanism's sign when it is switched off."""
    with_it = _response(row, defaults())
    without_it = _response(row, with_values({}, [row.mechanism]))
    assert np.sign(with_it - without_it) == row.sign


@pytest.mark.parametrize(
    ("mechanism", "change", "weaker"),
    [
        ("entrapment", {"pressure 2 1": 0.9}, {"threat 0 2": 0.9}),
        ("inducement", {"pressure 2 1": 0.9}, {"suspicion 0 2": 0.9}),
        ("inducement", {"pressure 2 1": 0.9}, {"cooperation 2 0": 0.1}),
        ("inducement", {"pressure 2 1": 0.9}, {"pragmatism 0": 0.9}),
        ("entrapment", {"pressure 2 1": 0.9}, {"pragmatism 0": 0.1}),
    ],
)
def test_what_weakens_the_pull_of_a_quarrel(
    mechanism: str, change: dict[str, float], weaker: dict[str, float]
) -> None:
    """Fear of the presser, distrust or want of its favours, and leaders of the other kind."""
    row = Row(mechanism, change, "cooperation", -1)
    full = _response(row, _alone(row))
    less = _response(row._replace(change={**change, **weaker}), _alone(row))
    assert full < less < 0.0


def test_every_entry_of_the_register_has_a_row() -> None:
    assert {row.mechanism for row in ROWS} == set(NAMES)


def test_a_shock_moves_only_the_state_it_is_drawn_for() -> None:
    """Column s of the shocks reaches state s of ``SHOCKED_STATES`` and no other."""
    c = with_values({}, [name for name in NAMES if not name.endswith("_volatility")])
    for column, name in enumerate(SHOCKS):
        shocks = np.zeros((ACTORS, 4))
        shocks[1, column] = 1.0
        stirred = np.zeros((4, ACTORS, ACTORS))
        after = step.adjust(_REST, _REST, _DRIVERS, c, stirred, shocks, 0)
        change = after - np.stack([array[0] for array in _REST[2:]])
        change[:, 0] = 0.0
        moved = {(ADJUSTED[row], int(toward)) for row, toward in np.argwhere(change)}
        assert moved == {(name, 1)}


@pytest.mark.parametrize("name", SHOCKS)
def test_a_volatility_alone_makes_its_state_vary_between_runs(name: str) -> None:
    """With one volatility on and no strategy or event, that state alone varies directly."""
    data = document() | {"strategies": {}, "events": {}}
    data["without"] = [entry for entry in NAMES if entry != f"{name}_volatility"]
    world = build_world(scenario_of(data))
    states = simulate(world, world, runs=6, seed=3).states
    spread = np.ptp(states[0, :, -1], axis=0).max(axis=(1, 2))
    varied = {field for field, size in zip(State._fields, spread, strict=True) if size > 0}
    assert varied == {name}


def test_a_stirred_state_moves_by_the_push_and_no_other() -> None:
    """Pushes to threat, dependence, grievance and confidence land on their own state and dyad."""
    c = with_values({}, NAMES)
    for index, name in enumerate(("threat", "dependence", "grievance", "confidence")):
        stirred = np.zeros((4, ACTORS, ACTORS))
        stirred[index, 0, 1] = 0.5
        after = step.adjust(_REST, _REST, _DRIVERS, c, stirred, np.zeros((ACTORS, 4)), 0)
        before = getattr(_REST, name)[0, 1]
        assert after[ADJUSTED.index(name), 1] == before + 0.5 * (1.0 - before)
        change = after - np.stack([array[0] for array in _REST[2:]])
        change[:, 0] = 0.0
        assert np.count_nonzero(change) == 1


def test_the_register_and_the_coefficients_stand_in_the_same_order() -> None:
    assert Coefficients._fields == NAMES
    assert len(REGISTER) == len(set(NAMES))


@pytest.mark.parametrize("entry", REGISTER, ids=lambda entry: entry.name)
def test_every_entry_says_what_it_is_and_where_it_comes_from(entry: object) -> None:
    """Meaning, unit, source, basis and term are there, and the default lies in its range."""
    for key in ("equation", "term", "meaning", "source"):
        assert len(getattr(entry, key).strip()) > 3, key
    assert entry.unit in ("dimensionless", "per month")  # type: ignore[attr-defined]
    assert entry.basis in get_args(Basis)  # type: ignore[attr-defined]
    low, default, high = (getattr(entry, key) for key in ("low", "default", "high"))
    assert low == 0.0
    assert low < default < high


@pytest.mark.parametrize(
    ("values", "without"), [({"blance": 1.0}, ()), ({}, ("balancing", "charm"))]
)
def test_an_unknown_mechanism_is_refused_by_name(
    values: dict[str, float], without: tuple[str, ...]
) -> None:
    with pytest.raises(ValueError, match=r"blance|charm"):
        with_values(values, without)
