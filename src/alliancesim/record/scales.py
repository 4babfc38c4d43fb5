"""From what a poll or a count says to the scale of the model's variable.

=============  ==========================================  =====================================
scale          a point holds                               value on the model's scale
=============  ==========================================  =====================================
favourability  per cent favourable and unfavourable        (favourable - unfavourable)/100
thermometer    mean reading from 0 to 100, 50 neutral      (reading - 50)/50
ten            mean rating from 0 to 10, 5 neutral         (reading - 5)/5
share          a share from 0 to 1                         the share itself
anchor         a number without a variable of the model    the number itself, to compare its order
=============  ==========================================  =====================================

Where only one of the two shares was published, the other is estimated: the two are taken to sum to
what they sum to, on average, at the series' other points.

Series of different methods are not joined here, and months without a poll not filled.
"""

from __future__ import annotations

from statistics import fmean
from typing import NamedTuple

from alliancesim.record.schema import Scale, Series

ESTIMATED_ERROR = 0.04
"""Standard error that an estimated share adds; judgement: sums of the two shares scatter by 0.02 to
0.03 within a series, rounded up."""

NEUTRAL = {"thermometer": 50.0, "ten": 5.0}
"""The neutral reading of each rating scale, and half its length."""

READINGS: dict[Scale, float] = {"thermometer": 100.0, "ten": 10.0, "share": 1.0, "anchor": 100.0}
"""Largest reading of each scale that has readings."""


class Mapped(NamedTuple):
    """A point on the model's scale.

    Attributes:
        value: on the scale of the variable.
        error: its standard error.
        estimated: whether one of its two shares had to be estimated.
    """

    value: float
    error: float
    estimated: bool


def sum_of_shares(series: Series) -> float | None:
    """Return what favourable and unfavourable sum to on average, in per cent, or None."""
    sums = [
        point.favourable + point.unfavourable
        for point in series.points
        if point.favourable is not None and point.unfavourable is not None
    ]
    return fmean(sums) if sums else None


def mapped(series: Series) -> list[Mapped]:
    """Return the points of a valid series on the model's scale, in their order."""
    total = sum_of_shares(series) or 0.0
    found = []
    for point in series.points:
        if series.scale != "favourability":
            reading = point.reading or 0.0
            middle = NEUTRAL.get(series.scale)
            value = reading if middle is None else (reading - middle) / middle
            found.append(Mapped(value, series.error, False))
            continue
        estimated = point.favourable is None or point.unfavourable is None
        favourable = (
            total - (point.unfavourable or 0.0) if point.favourable is None else point.favourable
        )
        unfavourable = total - favourable if point.unfavourable is None else point.unfavourable
        error = series.error
        if estimated:
            error = (error**2 + ESTIMATED_ERROR**2) ** 0.5
        found.append(Mapped((favourable - unfavourable) / 100.0, error, estimated))
    return found
