"""What the outcomes of an experiment are called, and their intervals in tables.

Factors get their names not here but in factors.
"""

from __future__ import annotations

from typing import Any

from alliancesim.experiment.naming import EFFECT
from alliancesim.language import message, text
from alliancesim.measures.intervals import Interval
from alliancesim.report.sweeps import Sweep

_OUTCOMES = {
    EFFECT: message("effect on cohesion"),
    "cohesion": message("cohesion with the wedge"),
    "cohesion_twin": message("cohesion without the wedge"),
    "change": message("change of cohesion with the wedge"),
    "change_twin": message("change of cohesion without the wedge"),
}


def outcome_words(sweep: Sweep, outcome: str) -> str:
    """Return what an outcome is, in words."""
    if outcome in _OUTCOMES:
        return text(_OUTCOMES[outcome])
    variable, dyad, *rest = outcome.split(".")
    names = {code: text(actor.name) or code for code, actor in sweep.scenario.actors.items()}
    of, _, toward = dyad.partition("-")
    where = f"{text(variable)} ({names.get(of, of)} → {names.get(toward, toward)})"
    if not rest:
        return where
    if rest[0] == EFFECT:
        return text("effect on {quantity}").format(quantity=where)
    return text("{quantity} without the wedge").format(quantity=where)


def interval_of(row: dict[Any, Any], name: str) -> Interval:
    """Return an estimate with its interval from a row of a table."""
    return Interval(float(row[name]), float(row[f"{name}_low"]), float(row[f"{name}_high"]))
