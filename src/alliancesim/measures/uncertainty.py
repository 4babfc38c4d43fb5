"""Every quantity's variance over runs: how much comes from not knowing the coefficients.

The arithmetic is not here but in variance; this module knows which quantities there are.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from alliancesim.arrays import Array
from alliancesim.batch import Series, all_series
from alliancesim.ensemble import TWIN, WORLD, Ensemble
from alliancesim.measures.outcomes import late_means
from alliancesim.measures.variance import components, is_nested, share_of_parameters

COLUMNS = ["side", "variable", "of", "toward", "parameters", "shocks", "share", "low", "high"]


def uncertainty(ensemble: Ensemble, *, series: bool) -> pd.DataFrame:
    """Return the parts of the variance of the effect and of every quantity, over late means.

    Args:
        ensemble: the runs.
        series: whether to go through every variable of every dyad, or the alliance alone.

    Returns:
        Columns ``side`` (``"effect"``, ``"world"`` or ``"twin"``), ``variable``, ``of`` and
        ``toward`` (empty for the alliance's cohesion); ``parameters`` and ``shocks``, variances of
        the mean over the last ``window`` months; ``share`` of parameters with ``low`` and ``high``,
        missing where nothing varies. No row where runs are not nested in draws.
    """
    draws = ensemble.draws
    if draws is None or not is_nested(draws):
        return pd.DataFrame(columns=COLUMNS)
    labels, columns = [], []
    for wanted, paths in _late(ensemble, series=series):
        late = late_means(paths, ensemble.world.window)
        of, toward = wanted.of or "", wanted.toward or ""
        sides = {"effect": late[WORLD] - late[TWIN], "world": late[WORLD], "twin": late[TWIN]}
        for side, values in sides.items():
            labels.append((side, wanted.variable, of, toward))
            columns.append(values)
    table = np.stack(columns, axis=-1)
    parts = components(table, draws)
    shares = share_of_parameters(table, draws, ensemble.seed)
    rows = [
        (*label, parameters, shocks, *(found or (np.nan,) * 3))
        for label, parameters, shocks, found in zip(
            labels, parts.parameters.tolist(), parts.shocks.tolist(), shares, strict=True
        )
    ]
    return pd.DataFrame(rows, columns=COLUMNS)


def _late(ensemble: Ensemble, *, series: bool) -> list[tuple[Series, Array]]:
    """Return the alliance's cohesion, and all series if wanted, each of shape (2, runs, months)."""
    alliance = [(Series("cohesion"), ensemble.alliance)]
    window = ensemble.world.window
    if not series:
        return alliance
    found = ensemble.paths_in_turn(all_series(ensemble.world))
    return alliance + [(wanted, paths[..., -window:].copy()) for wanted, paths in found]
