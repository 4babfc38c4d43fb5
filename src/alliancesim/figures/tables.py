"""The data behind the figures of a scenario's results, as tables for files.

Studies need none of these: their charts are drawn from tables that their folders hold already.
"""

from __future__ import annotations

import pandas as pd

from alliancesim.figures.actions import ACTIONS
from alliancesim.figures.cast import shown
from alliancesim.figures.network import LEAST
from alliancesim.figures.opinions import opinion_pairs
from alliancesim.results.result import Result


def cohesion_table(result: Result) -> pd.DataFrame:
    """Return cohesion of world and twin, and the effect, month by month."""
    return result.alliance


def effects_table(result: Result) -> pd.DataFrame:
    """Return the effect of the wedge in each run."""
    return result.outcomes.filter(["run", "draw", "effect"])


def reasons_table(result: Result) -> pd.DataFrame:
    """Return what each mechanism added to each ally's decision, none folded."""
    return result.reasons


def robustness_table(result: Result) -> pd.DataFrame:
    """Return the effect, without shocks, under other weights and inputs."""
    return result.robustness


def actions_table(result: Result) -> pd.DataFrame:
    """Return cooperation and pressure among the actors shown, month by month."""
    return _among_shown(result, ACTIONS)


def network_table(result: Result) -> pd.DataFrame:
    """Return cooperation and pressure in the world, before the run and at its end."""
    table = _among_shown(result, tuple(LEAST))
    ends = table["month"].isin([0, table["month"].max()])
    return table[ends & (table["world"] == "world")]


def opinion_table(result: Result) -> pd.DataFrame:
    """Return opinion among the allies and of the divider, month by month."""
    table = result.quantiles()
    table = table[table["variable"] == "opinion"]
    pairs = pd.MultiIndex.from_tuples(opinion_pairs(result))
    return table[pd.MultiIndex.from_frame(table[["of", "toward"]]).isin(pairs)]


def _among_shown(result: Result, variables: tuple[str, ...]) -> pd.DataFrame:
    """Return the quantiles of some variables among the actors that figures show."""
    table, actors = result.quantiles(), shown(result)
    inside = table["of"].isin(actors) & table["toward"].isin(actors)
    return table[inside & table["variable"].isin(variables)]
