"""The worlds that the benchmarks run: the first case, and made-up ones of any number of actors."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from alliancesim.batch import Pair
from alliancesim.scenario.library import SCENARIOS
from alliancesim.scenario.reading import from_document, load
from alliancesim.scenario.schema import Scenario
from alliancesim.world import World, build_world

SHIPPED = "observed-backfire"
MONTHS = 12


def pair_of(scenario: Scenario, months: int | None = None) -> Pair:
    """Return a scenario's world and twin."""
    return Pair(
        build_world(scenario, months=months), build_world(scenario, wedge=False, months=months)
    )


def shipped(months: int | None = None) -> Pair:
    """Return the case that all comparisons are made on."""
    assert SHIPPED in SCENARIOS.names()
    return pair_of(load(SHIPPED).scenario, months)


def made_up(actors: int) -> Pair:
    """Return a world in which everybody deals with everybody and the last actor plays a wedge.

    Args:
        actors: number of actors, at least 2; two alone play no wedge.

    Returns:
        The world and its twin, over ``MONTHS`` months, with all numbers away from 0 and 1.
    """
    names = [f"A{number:02d}" for number in range(actors)]
    dyads = {
        f"{names[of]}-{names[toward]}": _dyad(of, toward, actors)
        for of in range(actors)
        for toward in range(actors)
        if of != toward
    }
    wedge = {
        "actor": names[-1],
        "visibility": 0.6,
        "press": {names[0]: 0.4},
        "court": {names[1]: 0.3},
    }
    document = {
        "title": f"a made-up world of {actors} actors",
        "time": {"start": "2030-01", "months": MONTHS},
        "actors": {
            name: {"pragmatism": 0.3 + 0.4 * place / actors, "hazard": 0.2, "brokerage": 0.1}
            for place, name in enumerate(names)
        },
        "dyads": dyads,
        "strategies": {"wedge": wedge} if actors > 2 else {},
        "outcome": {"alliance": names[:2], "window": 6},
    }
    return pair_of(from_document(document, "made up"))


def _dyad(of: int, toward: int, actors: int) -> dict[str, Any]:
    """Return numbers of a dyad that differ from dyad to dyad."""
    share = ((3 * of + 5 * toward) % 7 + 1) / 10
    return {
        "cooperation": share,
        "pressure": 0.4 - share / 2,
        "opinion": share - 0.4,
        "threat": 0.8 - share,
        "dependence": share / actors,
        "grievance": share / 2,
        "commitment": share / 2,
        "suspicion": 0.1,
        "likeness": share,
    }


def other_worlds(pair: Pair, number: int) -> list[Pair]:
    """Return a pair as often as wanted, each time with another coefficient of the law."""

    def other(world: World, place: int) -> World:
        value = 0.5 + place / number
        return replace(world, coefficients=world.coefficients._replace(opinion=value))

    return [Pair(other(pair.world, place), other(pair.twin, place)) for place in range(number)]
