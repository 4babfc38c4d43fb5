"""Why: the additive terms by which world and twin differ in the allies' decisions.

A decision's log-odds are a sum of one term per mechanism. The difference of each term between world
and twin, averaged over the last months, says which mechanism moved an ally's decision toward its
partner, and the terms add up to the whole difference. They are proximate reasons: what has moved
through several months and states appears where it arrives. Ultimate causes are not here but in
attribution.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from alliancesim import law, step
from alliancesim.arrays import Array
from alliancesim.ensemble import TWIN, WORLD, Ensemble
from alliancesim.measures import intervals

MOST_RUNS = 200
"""Runs over which reasons are averaged, at most; more would not change two digits."""


def decision_terms(ensemble: Ensemble, side: int, run: int, month: int, i: int, j: int) -> Array:
    """Return the terms behind one decision to cooperate.

    Args:
        ensemble: the runs.
        side: 0 for the world, 1 for the twin.
        run: number of the run.
        month: month of the decision, at least 1.
        i: index of the actor that decides.
        j: index of the actor it decides about.

    Returns:
        Log-odds by mechanism, in the order of ``law.CooperationTerms``.
    """
    world = ensemble.world if side == WORLD else ensemble.twin
    before = ensemble.state(side, run, month - 1)
    view = step.view_of(before, world.drivers_in(month), i, j)
    return np.array(law.cooperation_terms(view, ensemble.coefficients_of(run)))


def reasons(ensemble: Ensemble) -> pd.DataFrame:
    """Return what moved each ally's decision toward its partner, by mechanism.

    Returns:
        Columns ``of``, ``toward``, ``mechanism``, and ``estimate``, ``low``, ``high``: mean
        difference of the term between world and twin over the last ``window`` months, in log-odds,
        with its 95 % interval over runs, or over draws where the coefficients are drawn.
    """
    world = ensemble.world
    some = ensemble.first(MOST_RUNS)
    runs = some.runs
    months = range(world.months - world.window + 1, world.months + 1)
    rows = []
    for i, j in np.argwhere(world.strategists.alliance):
        difference = np.zeros((runs, len(law.CooperationTerms._fields)))
        for run in range(runs):
            for month in months:
                difference[run] += decision_terms(some, WORLD, run, month, i, j)
                difference[run] -= decision_terms(some, TWIN, run, month, i, j)
        difference /= len(months)
        for m, mechanism in enumerate(law.CooperationTerms._fields):
            found = intervals.mean(difference[:, m], ensemble.seed, some.draws)
            rows.append((world.actors[i], world.actors[j], mechanism, *found))
    columns = ["of", "toward", "mechanism", "estimate", "low", "high"]
    return pd.DataFrame(rows, columns=columns)
