"""Morris screening: which of many factors move the outcome at all, and how evenly.

An elementary effect is the change of the outcome as one factor moves, the others wherever a
trajectory has come to, scaled to the factor's whole range. The mean of its size, mu*, says how far
the factor matters (Campolongo, Cariboni and Saltelli 2007); its standard deviation, sigma, how far
its effect is bent or hangs on the other factors (Morris 1991). It only sorts out: sizes that are to
be quoted are those of indices.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from alliancesim.arrays import Array
from alliancesim.experiment.factors import Axis
from alliancesim.sensitivity.sampling import LEVELS, problem_of, salib

RESAMPLES = 999
"""Bootstrap samples of the elementary effects."""

NEGLIGIBLE = 0.05
"""Part of the largest mu* below which a factor is screened out: what moves the outcome a twentieth
as far makes up about a four hundredth of the variance. Judgement."""


def screened(axes: Sequence[Axis], shares: Array, outcome: Array, seed: int) -> pd.DataFrame:
    """Return how strongly each factor moves the outcome, the strongest first.

    Args:
        axes: the factors.
        shares: points of the trajectories, shape (points, factors).
        outcome: its mean at each point, shape (points,); trajectories with a missing value are
            left out.
        seed: of the bootstrap.

    Returns:
        One row per factor: ``factor``; ``mu_star`` with its 95 % interval ``mu_star_low`` and
        ``mu_star_high`` (bootstrap over trajectories); ``mu``, the mean with its sign; ``sigma``;
        all per whole range, in the unit of the outcome; and ``trajectories``, how many were used.

    Raises:
        InputError: if SALib is not installed.
    """
    names = [axis.name for axis in axes]
    blocks = outcome.reshape(-1, len(names) + 1)
    whole = np.isfinite(blocks).all(axis=1)
    used = np.repeat(whole, len(names) + 1)
    found = salib("analyze.morris").analyze(
        problem_of(names),
        shares[used],
        outcome[used],
        num_resamples=RESAMPLES,
        num_levels=LEVELS,
        seed=seed,
    )
    middle, half = (np.asarray(found[key], np.float64) for key in ("mu_star", "mu_star_conf"))
    table = pd.DataFrame(
        {
            "factor": names,
            "mu_star": middle,
            "mu_star_low": np.maximum(middle - half, 0.0),
            "mu_star_high": middle + half,
            "mu": np.asarray(found["mu"], np.float64),
            "sigma": np.asarray(found["sigma"], np.float64),
            "trajectories": int(whole.sum()),
        }
    )
    order = np.argsort(-middle, kind="stable")
    return table.iloc[order].reset_index(drop=True)


def kept(table: pd.DataFrame, most: int | None) -> list[str]:
    """Return the factors that are not screened out, the strongest first.

    Args:
        table: as from :func:`screened`.
        most: how many at most; None keeps every factor, however weak. No more factors than that
            need no screening.
    """
    if most is None or len(table) <= most:
        return list(table["factor"])
    strong = table["mu_star"] >= NEGLIGIBLE * table["mu_star"].max()
    return list(table["factor"][strong].head(most))
