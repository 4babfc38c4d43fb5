"""Patterns of courtship, patrons and collapse: F3, F4, F5, F7, F10 and F11.

What pressure does by itself is not here but in coercion; bounds are in the file of patterns.
"""

from __future__ import annotations

import numpy as np

from alliancesim.arrays import Array
from alliancesim.ensemble import TWIN, WORLD
from alliancesim.measures.outcomes import late_means
from alliancesim.patterns.bench import Bench
from alliancesim.patterns.cases import Case, Posed
from alliancesim.patterns.inequality import Inequality
from alliancesim.patterns.quantities import change_of_cohesion, late_cohesion


def _difference(bench: Bench, case: Case, reference: Case) -> Array:
    """Return late cohesion of one case less that of another, run by run on common shocks."""
    return late_cohesion(bench, case) - late_cohesion(bench, reference)


def window_for_courtship(bench: Bench, posed: Posed) -> list[Inequality]:
    """Return F3: the same courtship bites where the window is open, and not where it is shut."""
    opened, shut = (
        _difference(bench, posed.cases[name], posed.cases[f"{name}_uncourted"])
        for name in ("open", "shut")
    )
    return [
        Inequality("cohesion by courtship, open window", opened, "<=", posed.bounds["bite"]),
        Inequality("cohesion by courtship, shut window", shut, ">=", posed.bounds["calm"]),
    ]


def decoupling(bench: Bench, posed: Posed) -> list[Inequality]:
    """Return F4: cohesion and the courted ally's opinion of the divider rise together."""
    case = posed.cases["both"]
    opinion = bench.paths(case, "opinion", posed.cast.second, posed.cast.divider)[WORLD]
    warmed = late_means(opinion, bench.window(case)) - opinion[:, 0]
    rise = posed.bounds["rise"]
    return [
        Inequality("cohesion, change", change_of_cohesion(bench, case), ">", rise),
        Inequality("opinion of the divider, change", warmed, ">", rise),
    ]


def collapse(bench: Bench, posed: Posed) -> list[Inequality]:
    """Return F5: cohesion collapses without a wedge, by more than pressure ever moves it."""
    fall = change_of_cohesion(bench, posed.cases["collapse"], TWIN)
    effects = [
        _difference(bench, case, posed.cases["unpressed"])
        for name, case in posed.cases.items()
        if name.startswith("pressed")
    ]
    strongest = max(effects, key=lambda found: abs(float(found.mean())))
    more = np.abs(fall) - np.abs(strongest)
    return [
        Inequality("cohesion without a wedge, change", fall, "<=", posed.bounds["fall"]),
        Inequality("its size, less that of any pressure", more, ">", posed.bounds["more"]),
    ]


def doubt(bench: Bench, posed: Posed) -> list[Inequality]:
    """Return F7: shared doubt in the patron binds, doubt of one ally alone divides."""
    sure = posed.cases["sure"]
    shared, first, second = (
        _difference(bench, posed.cases[name], sure)
        for name in ("shared", "first_alone", "second_alone")
    )
    return [
        Inequality("cohesion by doubt of both", shared, ">=", posed.bounds["shared"]),
        Inequality("cohesion by doubt of the first ally", first, "<", posed.bounds["alone"]),
        Inequality("cohesion by doubt of the second ally", second, "<", posed.bounds["alone"]),
    ]


def survival(bench: Bench, posed: Posed) -> list[Inequality]:
    """Return F10: a broker and a pact let cohesion survive a shock."""
    brokered, unbrokered, with_pact, without_pact = (
        bench.cohesion(posed.cases[name])[WORLD]
        for name in ("brokered", "unbrokered", "with_pact", "without_pact")
    )
    half = posed.bounds["half"]
    ended = [
        (path < half * path[:, :1]).any(axis=1).astype(np.float64)
        for path in (brokered, unbrokered)
    ]
    kept = with_pact[:, -1] / with_pact[:, 0] - without_pact[:, -1] / without_pact[:, 0]
    return [
        Inequality(
            "share of runs in which the pact ends, brokered less unbrokered",
            ended[0] - ended[1],
            "<",
            posed.bounds["fewer"],
        ),
        Inequality("share of cohesion kept, pact less none", kept, ">", posed.bounds["kept"]),
    ]


def parting_company(bench: Bench, posed: Posed) -> list[Inequality]:
    """Return F11: in some runs cohesion rises while a public cools for a year."""
    case, months = posed.cases["long"], int(posed.bounds["months"])
    cohesion = bench.cohesion(case)[WORLD]
    opinion = bench.paths(case, "opinion", posed.cast.first, posed.cast.second)[WORLD]
    closer = cohesion[:, months:] - cohesion[:, :-months] > 0.0
    cooler = opinion[:, months:] - opinion[:, :-months] <= posed.bounds["cooling"]
    found = (closer & cooler).any(axis=1).astype(np.float64)
    what = f"share of runs with {months} such months"
    return [Inequality(what, found, ">", posed.bounds["some"])]
