"""Patterns of pressure: F1, F2, F6, F8, F9 and F12.

No bound but zero, and no scenario, is written here, so that a pattern cannot be made to hold by its
code.
"""

from __future__ import annotations

import numpy as np

from alliancesim.arrays import Array
from alliancesim.ensemble import TWIN, WORLD
from alliancesim.patterns.bench import Bench
from alliancesim.patterns.cases import Posed
from alliancesim.patterns.inequality import Inequality
from alliancesim.patterns.quantities import (
    change_of_cohesion,
    effect,
    late_cohesion,
    wedge_effect,
)

MOST_OF_A_LOSS = 0.8
"""Share of its largest loss at which opinion is held to have fallen."""

HALF = 0.5
"""Share of the loss that must come back for opinion to be held half recovered."""


def coerced_public(bench: Bench, posed: Posed) -> list[Inequality]:
    """Return F1: the coerced public sours on the coercer, and hardly on the other ally."""
    divider, first, second = posed.cast.divider, posed.cast.first, posed.cast.second
    coerced = posed.cases["coerced"]
    on_coercer = effect(bench, coerced, "opinion", second, divider)
    on_ally = effect(bench, coerced, "opinion", second, first)
    share = posed.bounds["share"]
    return [
        Inequality("opinion of the coercer, change", on_coercer, "<=", posed.bounds["drop"]),
        Inequality(
            f"change of opinion of the ally, less {share:g} of that of the coercer, both as sizes",
            np.abs(on_ally) - share * np.abs(on_coercer),
            "<=",
            0.0,
        ),
    ]


def coerced_alliance(bench: Bench, posed: Posed) -> list[Inequality]:
    """Return F2: coercing one ally does not lower cohesion, and cohesion rises meanwhile."""
    coerced, spared = (late_cohesion(bench, posed.cases[name]) for name in ("coerced", "spared"))
    rise = change_of_cohesion(bench, posed.cases["coerced"])
    return [
        Inequality("cohesion, coerced less spared", coerced - spared, ">=", posed.bounds["loss"]),
        Inequality("cohesion, change over the episode", rise, ">", posed.bounds["rise"]),
    ]


def felt_pressure(bench: Bench, posed: Posed) -> list[Inequality]:
    """Return F6: pressure on one ally binds the other only where that one feels the divider."""
    felt, unfelt = (wedge_effect(bench, posed.cases[name]) for name in ("felt", "unfelt"))
    size = np.full_like(unfelt, abs(unfelt.mean()))
    return [
        Inequality("effect where it is felt", felt, ">", posed.bounds["rise"]),
        Inequality("effect where it is not, as a size", size, "<=", posed.bounds["nothing"]),
    ]


def fall_and_recovery(bench: Bench, posed: Posed) -> list[Inequality]:
    """Return F8: opinion falls in months and recovers in years."""
    path = bench.paths(posed.cases["blow"], "opinion", posed.cast.second, posed.cast.divider)
    down, up = np.array([months_down_and_up(loss) for loss in path[TWIN] - path[WORLD]]).T
    return [
        Inequality(
            f"months from the blow to {MOST_OF_A_LOSS:.0%} of the largest loss",
            down,
            "<=",
            posed.bounds["down"],
        ),
        Inequality(
            f"months from the blow to half of it regained ({path.shape[-1]} and more: never)",
            up,
            ">=",
            posed.bounds["up"],
        ),
    ]


def months_down_and_up(loss: Array) -> tuple[float, float]:
    """Return months from the first loss to most of the largest one, and to half of it regained.

    Args:
        loss: opinion in the twin less that in the world, by month, shape (months + 1,).

    Returns:
        The two numbers; each is the length of the path where that never comes about.
    """
    lost = np.flatnonzero(loss > 0.0)
    if not lost.size:
        return float(loss.size), float(loss.size)
    begin, worst = int(lost[0]) - 1, int(np.argmax(loss))
    fallen = int(np.argmax(loss >= MOST_OF_A_LOSS * loss[worst]))
    back = np.flatnonzero(loss[worst:] <= (1.0 - HALF) * loss[worst])
    recovered = worst + int(back[0]) - begin if back.size else loss.size
    return float(fallen - begin), float(recovered)


def concessions(bench: Bench, posed: Posed) -> list[Inequality]:
    """Return F9: concessions are rare, rarer from adversaries, and leverage wears off."""
    divider, first = posed.cast.divider, posed.cast.first
    adversary, friend = (
        effect(bench, posed.cases[name], "cooperation", first, divider)
        for name in ("adversary", "friend")
    )
    conceding = (adversary > posed.bounds["concession"]).astype(np.float64)
    dependence = bench.paths(posed.cases["afterwards"], "dependence", first, divider)
    left = dependence[WORLD, :, -1] - dependence[TWIN, :, -1]
    return [
        Inequality("share of runs with a concession", conceding, "<=", posed.bounds["share"]),
        Inequality(
            "concession, adversary less friend", adversary - friend, "<", posed.bounds["less"]
        ),
        Inequality("dependence left for a second blow", left, "<", posed.bounds["weaker"]),
    ]


def mixed_signals(bench: Bench, posed: Posed) -> list[Inequality]:
    """Return F12: a favour beside a blow counts for less than the favour alone."""
    mixed, plain = (
        effect(bench, posed.cases[name], "opinion", posed.cast.second, posed.cast.divider)
        for name in ("mixed", "plain")
    )
    return [
        Inequality("opinion, mixed less plain", mixed - plain, "<", posed.bounds["less"]),
        Inequality("opinion, change by the mixed favour", mixed, ">", posed.bounds["rise"]),
        Inequality("opinion, change by the plain favour", plain, ">", posed.bounds["rise"]),
    ]
