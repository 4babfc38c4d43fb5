"""How far the path without shocks lies from the mean of an ensemble, which it stands for.

Only a warning: no fit is corrected by it.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from alliancesim import batch
from alliancesim.arrays import Array
from alliancesim.calibration.prediction import VOLATILITIES, observed_in, predicted
from alliancesim.calibration.targets import Targets
from alliancesim.coefficients import defaults

RUNS = 200
"""Runs of the ensemble."""


def silence(targets: Targets, vector: Array, *, seed: int, runs: int = RUNS) -> pd.DataFrame:
    """Return the difference of an ensemble's mean from the path without shocks.

    The likelihood takes the one for the other. Where the differences below are small beside the
    errors of the observations, that does no harm.

    Args:
        targets: the observations.
        vector: coefficients, shape (coefficients,); sizes of shocks are replaced by the defaults.
        seed: seed of the shocks.
        runs: how many.

    Returns:
        One row per group of observations and dyad: ``group``, ``of``, ``toward``,
        ``observations``, the ``mean``, root mean square (``rms``) and ``largest`` absolute
        difference over them, ``noise`` (the standard error with which an ensemble's mean is known)
        and the mean ``error`` of the observations, all in the units of the variable.
    """
    shaken = np.where(VOLATILITIES, np.array(defaults()), vector)
    paths = batch.trajectories(
        batch.Pair(targets.world, targets.world),
        seed=seed,
        run_numbers=range(runs),
        series=targets.series,
        coefficients=np.tile(shaken, (runs, 1)),
    )
    seen = observed_in(targets, paths[0])
    apart = seen.mean(axis=0) - predicted(targets, vector[None])[0]
    series = [targets.series[column] for column in targets.column]
    table = pd.DataFrame(
        {
            "group": targets.groups,
            "of": [item.of for item in series],
            "toward": [item.toward for item in series],
            "apart": apart,
            "noise": seen.std(axis=0, ddof=1) / np.sqrt(runs),
            "error": targets.errors,
        }
    )
    grouped = table.groupby(["group", "of", "toward"], sort=False)
    found = grouped.agg(
        observations=("apart", "size"),
        mean=("apart", "mean"),
        rms=("apart", lambda found: float(np.sqrt(np.mean(found**2)))),
        largest=("apart", lambda found: float(np.max(np.abs(found)))),
        noise=("noise", "mean"),
        error=("error", "mean"),
    )
    return found.reset_index()
