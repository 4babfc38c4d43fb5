"""Quantities that several patterns compare, run by run.

What a single pattern needs stands with it and not here.
"""

from __future__ import annotations

import numpy as np

from alliancesim.arrays import Array
from alliancesim.ensemble import TWIN, WORLD
from alliancesim.measures.outcomes import late_means
from alliancesim.patterns.bench import Bench
from alliancesim.patterns.cases import Case


def effect(bench: Bench, case: Case, variable: str, of: str, toward: str) -> Array:
    """Return late means of a variable, world minus twin, shape (runs,)."""
    late = late_means(bench.paths(case, variable, of, toward), bench.window(case))
    return np.asarray(late[WORLD] - late[TWIN])


def late_cohesion(bench: Bench, case: Case, side: int = WORLD) -> Array:
    """Return the alliance's cohesion over the last months, in the world or the twin, by run."""
    return np.asarray(late_means(bench.cohesion(case), bench.window(case))[side])


def change_of_cohesion(bench: Bench, case: Case, side: int = WORLD) -> Array:
    """Return the same less the baseline."""
    return late_cohesion(bench, case, side) - bench.cohesion(case)[side, :, 0]


def wedge_effect(bench: Bench, case: Case) -> Array:
    """Return the effect of the wedge on cohesion, world minus twin, by run."""
    return late_cohesion(bench, case) - late_cohesion(bench, case, TWIN)
