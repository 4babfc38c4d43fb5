"""How far draws or runs lie apart: a mean, the ends of their middle, and the share above zero.

How sure a mean or a share itself is, is not said here but in intervals.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

import numpy as np

from alliancesim.arrays import Array

LEVEL = 0.90
"""Share of draws, or of runs, between the ends of their middle."""

ENDS = ((1 - LEVEL) / 2, (1 + LEVEL) / 2)
"""These ends as quantiles."""


class Spread(NamedTuple):
    """A mean over draws, or over runs, with the ends of their middle 90 %, and who is above zero.

    Attributes:
        estimate: mean.
        low: value below which 5 % lie.
        high: value above which 5 % lie.
        positive: share of draws, or of runs, above zero.
    """

    estimate: float
    low: float
    high: float
    positive: float


def spread_of(values: Array) -> Spread:
    """Return mean and middle 90 % of what is given draw by draw, or run by run, shape (draws,)."""
    low, high = np.quantile(values, ENDS)
    return Spread(float(values.mean()), float(low), float(high), float((values > 0).mean()))


def spread_in(row: Mapping[Any, Any]) -> Spread:
    """Return the spread that a row of a table holds."""
    return Spread(*(float(row[key]) for key in Spread._fields))
