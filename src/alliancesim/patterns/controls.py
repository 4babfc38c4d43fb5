"""Controls: nothing moves without a cause, names carry nothing, no conduct is no wedge.

Nothing of the record enters: a control must hold whatever the record says.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from alliancesim import batch
from alliancesim.arrays import Array
from alliancesim.batch import Pair, Series
from alliancesim.ensemble import WORLD
from alliancesim.measures.verdict import is_attempt
from alliancesim.patterns.bench import Bench
from alliancesim.patterns.cases import Case, Cast, ControlsTable
from alliancesim.patterns.inequality import Inequality
from alliancesim.patterns.quantities import change_of_cohesion
from alliancesim.scenario.reading import from_document, load
from alliancesim.world import build_world, wedge_levels


def rest(bench: Bench, controls: ControlsTable) -> list[Inequality]:
    """Return that a still world rests exactly, and hardly wanders when it is shaken."""
    case = controls.cases["still"]
    paths = _all_paths(bench.silent().pair(case))
    moved = np.abs(paths - paths[:1]).max()
    wandered = np.abs(change_of_cohesion(bench, case).mean())
    return [
        Inequality("largest move of anything without shocks", _one(moved), "<=", 0.0),
        Inequality("mean drift of cohesion, as a size", _one(wandered), "<=", controls.drift),
    ]


def labels(bench: Bench, cast: Cast, controls: ControlsTable) -> list[Inequality]:
    """Return that two allies that swap names swap their paths, and nothing else changes.

    Without shocks, since these are drawn by name.
    """
    case, quiet = controls.cases["wedge"], bench.silent()
    scenario = load(case.scenario, case.settings).scenario
    names = {name: name for name in scenario.actors}
    names |= {cast.first: cast.second, cast.second: cast.first}
    document = scenario.model_dump(mode="json", exclude_none=True)
    swapped = from_document(_renamed(document, names), case.scenario)
    mirror = quiet.altered(Pair(build_world(swapped), build_world(swapped, wedge=False)))
    apart = np.abs(_all_paths(quiet.pair(case)) - _all_paths(mirror, names)).max()
    return [Inequality("largest difference after a swap", _one(apart), "<=", controls.rounding)]


def no_wedge(controls: ControlsTable) -> list[Inequality]:
    """Return that a world without pressure and courtship is not called a wedge."""
    case: Case = controls.cases["still"]
    scenario = load(case.scenario, case.settings).scenario
    members = np.isin(list(scenario.actors), scenario.outcome.alliance)
    attempted = float(is_attempt(wedge_levels(scenario), members))
    return [Inequality("wedges attempted", _one(attempted), "<=", 0.0)]


def _one(value: Any) -> Array:
    """Return a single number as values of one run, known exactly."""
    return np.array([float(value), float(value)])


def _all_paths(pair: Pair, names: Mapping[str, str] | None = None) -> Array:
    """Return every variable of every dyad of a world without shocks, in one order.

    Args:
        pair: the world and its twin.
        names: what each actor is called in this world, if not by its own name.

    Returns:
        Shape (months + 1, series).
    """
    told = names or {name: name for name in pair.world.actors}
    wanted = [
        Series(variable, told[str(of)], told[str(toward)])
        for variable, of, toward in sorted(batch.all_series(pair.world), key=str)
    ]
    paths = batch.trajectories(pair, seed=0, run_numbers=[0], series=wanted)
    return np.asarray(paths[WORLD, 0])


def _renamed(value: Any, names: Mapping[str, str]) -> Any:
    """Return plain data with actors renamed, in keys, pairs and values."""
    if isinstance(value, dict):
        return {_renamed(key, names): _renamed(inner, names) for key, inner in value.items()}
    if isinstance(value, list):
        return [_renamed(inner, names) for inner in value]
    if isinstance(value, str):
        parts = value.split("-")
        return "-".join(names[part] for part in parts) if set(parts) <= set(names) else value
    return value
