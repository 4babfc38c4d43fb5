"""What the record has taught: each number before and after, side by side.

One number at a time: what only several numbers together may be is not seen in it.
"""

from __future__ import annotations

from typing import Literal

import numpy as np
import pandas as pd

from alliancesim.arrays import Array
from alliancesim.calibration.priors import Priors

Word = Literal["identified", "partly", "not"]

WORDS: tuple[Word, ...] = ("identified", "partly", "not")
"""Whether the record identifies a number."""

IDENTIFIED = 0.5
"""Shrinkage from which a number counts as identified: what is not known of it has halved. A
judgement, as the two below are."""

PARTLY = 0.2
"""Shrinkage from which a number counts as partly identified."""

MOVED = 0.5
"""Shift, in standard deviations of the prior, that counts as partly identified by itself."""

_SHARES = (0.05, 0.5, 0.95)
_GRID = 2000


def shrinkage(priors: Priors, points: Array) -> pd.DataFrame:
    """Return each sampled number before and after calibration.

    Args:
        priors: what was thought before.
        points: logarithms, shape (draws, numbers).

    Returns:
        One row per number, in the order of ``priors``: ``name``; ``prior_low90``,
        ``prior_median``, ``prior_high90``, ``low90``, ``median``, ``high90``, in the number's own
        unit; ``shrinkage``, 1 minus the ratio of the standard deviations of the logarithm after
        and before; ``shift``, how far the mean of the logarithm moved, in standard deviations
        before; ``word``, ``identified``, ``partly`` or ``not``.
    """
    grid = np.log(priors.quantiles(((np.arange(_GRID) + 0.5) / _GRID).tolist()))
    before = grid.std(axis=0)
    shrunk = 1.0 - points.std(axis=0) / before
    shift = (points.mean(axis=0) - grid.mean(axis=0)) / before
    low, middle, high = priors.quantiles(_SHARES)
    after = np.exp(np.quantile(points, _SHARES, axis=0))
    return pd.DataFrame(
        {
            "name": priors.names,
            "prior_low90": low,
            "prior_median": middle,
            "prior_high90": high,
            "low90": after[0],
            "median": after[1],
            "high90": after[2],
            "shrinkage": shrunk,
            "shift": shift,
            "word": [word(*pair) for pair in zip(shrunk.tolist(), shift.tolist(), strict=True)],
        }
    )


def word(shrunk: float, shift: float) -> Word:
    """Say whether the record identifies a number.

    Args:
        shrunk: by how much the standard deviation of the logarithm has shrunk, at most 1.
        shift: how far its mean has moved, in standard deviations before.
    """
    if shrunk >= IDENTIFIED:
        return "identified"
    return "partly" if shrunk >= PARTLY or abs(shift) >= MOVED else "not"
