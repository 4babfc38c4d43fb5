"""Scenarios for the tests: one that uses every table, and hypothesis strategies for random ones.

ALFA and BRAVO are allies of the patron DELTA; CHARLIE presses one and courts the other.
"""

from __future__ import annotations

import copy
import tomllib
from typing import Any, get_args

from hypothesis import strategies as st

from alliancesim.coefficients import REGISTER
from alliancesim.scenario.reading import from_document
from alliancesim.scenario.rules import DRIVERS, DYADIC
from alliancesim.scenario.schema import Dyad, EventVariable, Scenario

FULL = """\
title = "CHARLIE presses ALFA and courts BRAVO"
story = "A fictional quarrel."
question = "Does the alliance hold?"
learn = "Whether fear outweighs profit."
sources = ["Tests 2026"]

[time]
start = "2030-01"
months = 18

[actors.ALFA]
name = "Alfaland"
pragmatism = 0.7
hazard = { value = 0.3, basis = "judgement", source = "Tests 2026" }

[actors.BRAVO]
name = "Bravoland"
pragmatism = 0.6
hazard = 0.5

[actors.CHARLIE]
visibility = 0.4

[actors.DELTA]
brokerage = 0.3

[dyads.ALFA-BRAVO]
cooperation = 0.5
opinion = 0.1
grievance = 0.2
likeness = 0.5
cohesion = 0.5

[dyads.BRAVO-ALFA]
cooperation = 0.4
opinion = -0.2
grievance = 0.5
likeness = 0.6

[dyads.ALFA-CHARLIE]
threat = 0.5
dependence = 0.2
opinion = -0.6

[dyads.BRAVO-CHARLIE]
threat = 0.3
dependence = 0.25
opinion = -0.3
mediation = 0.4

[dyads.CHARLIE-ALFA]
pressure = 0.2
cooperation = 0.2

[dyads.CHARLIE-BRAVO]
pressure = 0.1
cooperation = 0.3

[dyads.DELTA-ALFA]
commitment = 0.7
cooperation = 0.7

[dyads.DELTA-BRAVO]
commitment = { value = 0.6, basis = "coded", source = "Tests 2026" }
cooperation = 0.6

[strategies.wedge]
actor = "CHARLIE"
start = "2030-03"
end = "2031-03"
ramp = 2
visibility = 0.9
escalate = 0.5
press = { ALFA = 0.5 }
court = { BRAVO = 0.4 }

[strategies.bonds]
actor = "DELTA"
wedge = false
court = { ALFA = 0.2, BRAVO = 0.2 }

[events.embargo]
date = "2030-05"
what = "CHARLIE stops buying from ALFA"
variable = "pressure"
of = "CHARLIE"
toward = "ALFA"
push = 0.5
part_of = "wedge"

[events.election]
date = "2030-04"
what = "A new leader in BRAVO"
variable = "pragmatism"
of = "BRAVO"
to = 0.8

[events.scare]
date = "2030-06"
what = "A verdict in BRAVO"
variable = "grievance"
of = "BRAVO"
toward = "ALFA"
push = 0.3

[events.drill]
date = "2030-07"
what = "Missiles over both"
variable = "hazard"
of = "ALFA"
push = 0.3
half_life = 2.0
until = "2030-12"

[observations.poll]
date = "2030-09"
what = "A poll in BRAVO"
of = "BRAVO"
toward = "ALFA"
variable = "opinion"
value = -0.1

[outcome]
alliance = ["ALFA", "BRAVO"]
window = 4
margin = 0.02
"""

_DOCUMENT = tomllib.loads(FULL)


def document() -> dict[str, Any]:
    """Return a fresh copy of the document of ``FULL``."""
    return copy.deepcopy(_DOCUMENT)


def scenario_of(data: dict[str, Any]) -> Scenario:
    """Return the validated scenario of plain data."""
    return from_document(data, "test")


def bare(
    *actors: str, months: int = 12, alliance: tuple[str, ...] = (), **tables: Any
) -> dict[str, Any]:
    """Return a document with these actors at the program's defaults, and other tables as given."""
    return {
        "title": "bare",
        "time": {"start": "2030-01", "months": months},
        "actors": {actor: {} for actor in actors},
        "outcome": {"alliance": list(alliance or actors[:2]), "window": 1},
        **tables,
    }


def undisturbed(data: dict[str, Any]) -> dict[str, Any]:
    """Return a document without strategies and events, and with every volatility zero."""
    calm = copy.deepcopy(data)
    for table in ("strategies", "events"):
        calm.pop(table, None)
    calm.setdefault("coefficients", {}).update(dict.fromkeys(VOLATILITIES, 0.0))
    return calm


VOLATILITIES = tuple(entry.name for entry in REGISTER if entry.name.endswith("_volatility"))
_APART = ("opinion", "dependence", "cohesion")
_SHARES = tuple(name for name in Dyad.model_fields if name not in _APART)
NAMES = ("ALFA", "BRAVO", "CHARLIE", "DELTA", "ECHO", "FOXTROT", "GOLF")

share = st.one_of(
    st.sampled_from([0.0, 1.0, 0.5]), st.floats(0.0, 1.0, allow_subnormal=False, width=32)
)
signed = st.one_of(st.sampled_from([0.0, 1.0, -1.0]), st.floats(-1.0, 1.0, width=32))


def coefficients() -> st.SearchStrategy[dict[str, float]]:
    """Return a strategy for any coefficients within the ranges of the register."""
    ends = {
        entry.name: st.one_of(
            st.sampled_from([entry.low, entry.default, entry.high]),
            st.floats(entry.low, entry.high),
        )
        for entry in REGISTER
    }
    return st.fixed_dictionaries({}, optional=ends)


@st.composite
def documents(
    draw: st.DrawFn, *, most: int = 7, months: int = 8, disturbed: bool = True
) -> dict[str, Any]:
    """Draw a valid scenario document of 2 to ``most`` actors.

    Args:
        draw: hypothesis's draw.
        most: largest number of actors.
        months: number of months.
        disturbed: whether there are strategies, events and shocks.
    """
    actors = NAMES[: draw(st.integers(2, most))]
    pairs = [(of, toward) for of in actors for toward in actors if of != toward]
    actor = st.fixed_dictionaries(
        {}, optional=dict.fromkeys(("pragmatism", "hazard", "brokerage", "visibility"), share)
    )
    dyad = st.fixed_dictionaries(
        {},
        optional={
            **dict.fromkeys(_SHARES, share),
            "opinion": signed,
            "dependence": st.floats(0.0, 0.15),
        },
    )
    data = bare(*actors, months=months)
    data["actors"] = {name: draw(actor) for name in actors}
    chosen = draw(st.lists(st.sampled_from(pairs), unique=True, max_size=12))
    data["dyads"] = {f"{of}-{toward}": draw(dyad) for of, toward in chosen}
    data["coefficients"] = draw(coefficients())
    if draw(st.booleans()) and "ALFA-BRAVO" in data["dyads"]:
        data["dyads"]["ALFA-BRAVO"]["cohesion"] = draw(share)
    if not disturbed:
        return undisturbed(data)
    data["strategies"] = draw(_strategies(actors, months))
    data["events"] = draw(_events(pairs, months))
    return data


def _month(number: int) -> str:
    """Return a month of the run as text; 0 is its first."""
    return f"{2030 + number // 12}-{number % 12 + 1:02d}"


@st.composite
def _strategies(draw: st.DrawFn, actors: tuple[str, ...], months: int) -> dict[str, Any]:
    found = {}
    for label in ("one", "two")[: draw(st.integers(0, 2))]:
        actor = draw(st.sampled_from(actors))
        others = [name for name in actors if name != actor]
        levels = st.dictionaries(st.sampled_from(others), share, max_size=2)
        start = draw(st.integers(0, months - 1))
        found[label] = {
            "actor": actor,
            "wedge": draw(st.booleans()),
            "press": draw(levels),
            "court": draw(levels),
            "start": _month(start),
            "end": _month(draw(st.integers(start, months - 1))),
            "ramp": draw(st.integers(0, 4)),
            "escalate": draw(signed),
            "visibility": draw(share),
        }
    return found


@st.composite
def _events(
    draw: st.DrawFn, pairs: list[tuple[str, str]], months: int
) -> dict[str, dict[str, Any]]:
    found: dict[str, dict[str, Any]] = {}
    for number in range(draw(st.integers(0, 5))):
        of, toward = draw(st.sampled_from(pairs))
        variable = draw(st.sampled_from(get_args(EventVariable)))
        if variable == "cooperation" and {of, toward} == {"ALFA", "BRAVO"}:
            variable = "pressure"
        event: dict[str, Any] = {
            "date": _month(draw(st.integers(0, months - 1))),
            "what": "something",
            "variable": variable,
            "of": of,
        }
        if variable in DYADIC:
            event["toward"] = toward
        if variable in DRIVERS and draw(st.booleans()):
            event["to"] = draw(share)
        else:
            event["push"] = draw(signed)
        found[f"event-{number}"] = event
    return found
