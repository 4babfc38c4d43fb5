"""Who appears on a figure, under which name and in which colour: the same everywhere.

No figure may choose a cast, or the colour of an actor, of its own.
"""

from __future__ import annotations

from alliancesim.figures.style import MARKERS, PARTNERS
from alliancesim.figures.words import plain
from alliancesim.language import text
from alliancesim.results.result import Result

MOST_SHOWN = 8
"""Actors a figure can show; those nearest to the question come first."""


def names(result: Result) -> dict[str, str]:
    """Return each actor's full name, or its identifier where it has none."""
    actors = result.manifest["scenario"]["actors"]
    return {code: plain(text(actor["name"]), 40) or code for code, actor in actors.items()}


def shown(result: Result, most: int = MOST_SHOWN) -> list[str]:
    """Return the actors to show, in the scenario's order.

    Args:
        result: results of one scenario.
        most: largest number of actors.

    Returns:
        All of them where there are not too many; else the alliance, those who run strategies,
        their targets and the rest, as far as there is room.
    """
    scenario = result.manifest["scenario"]
    strategies = [item for item in scenario["strategies"].values() if item["enabled"]]
    wanted = [
        *scenario["outcome"]["alliance"],
        *(item["actor"] for item in strategies),
        *(target for item in strategies for target in (*item["press"], *item["court"])),
        *scenario["actors"],
    ]
    first = list(dict.fromkeys(wanted))[:most]
    return [code for code in scenario["actors"] if code in first]


def dividers(result: Result) -> list[str]:
    """Return the actors outside the alliance that run an enabled wedge strategy."""
    scenario = result.manifest["scenario"]
    running = {
        item["actor"]
        for item in scenario["strategies"].values()
        if item["enabled"] and item["wedge"]
    }
    return [
        code
        for code in scenario["actors"]
        if code in running and code not in scenario["outcome"]["alliance"]
    ]


def allied_pairs(result: Result) -> list[tuple[str, str]]:
    """Return the ordered pairs inside the alliance, in the order of the table of reasons."""
    table = result.reasons[["of", "toward"]].drop_duplicates()
    return [(str(of), str(toward)) for of, toward in table.itertuples(index=False)]


def looks(result: Result) -> dict[str, tuple[str, str]]:
    """Return colour and marker of each actor shown."""
    actors = shown(result)
    return dict(zip(actors, zip(PARTNERS, MARKERS, strict=True), strict=False))
