"""What the model says of each observation, for many vectors of coefficients at once.

Neither shocks nor discrepancy nor error is added here; who foretells needs all three
(validation.forecasts).
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from alliancesim import batch
from alliancesim.arrays import Array
from alliancesim.calibration.targets import Targets
from alliancesim.coefficients import NAMES
from alliancesim.measures.robustness import VOLATILITIES as SIZES_OF_SHOCKS

VOLATILITIES: NDArray[np.bool_] = np.isin(NAMES, SIZES_OF_SHOCKS)
"""Which coefficients are sizes of shocks, in the order of ``REGISTER``."""


def predicted(targets: Targets, vectors: Array, *, threads: int | None = None) -> Array:
    """Return what paths without shocks show where something was observed.

    The path without shocks stands for the mean of an ensemble; how far the two are apart is
    measured by :func:`alliancesim.calibration.silence.silence`.

    Args:
        targets: the observations.
        vectors: coefficients in the order of ``REGISTER``, shape (vectors, coefficients); sizes of
            shocks are taken as 0.
        threads: number of threads; all cores if left out.

    Returns:
        Levels and changes, in the units of the variables, shape (vectors, observations).
    """
    if len(vectors) == 0:
        return np.empty((0, len(targets)))
    silent = np.where(VOLATILITIES, 0.0, vectors)
    paths = batch.paths_by_coefficients(
        targets.world, silent, seed=0, run_number=0, series=targets.series, threads=threads
    )
    return observed_in(targets, paths)


def observed_in(targets: Targets, paths: Array) -> Array:
    """Return what would have been observed on given paths, without error.

    Args:
        targets: the observations.
        paths: shape (paths, months + 1, series), with the series of ``targets``.

    Returns:
        Levels and changes, shape (paths, observations).
    """
    levels = paths[:, targets.month, targets.column]
    before = paths[:, np.maximum(targets.since, 0), targets.column]
    return np.where(targets.is_change, levels - before, levels)
