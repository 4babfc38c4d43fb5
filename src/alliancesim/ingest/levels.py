"""From sums over events to monthly levels of cooperation and pressure between 0 and 1.

The rule. An event's value g on Goldstein's scale (Goldstein 1992) is split into its cooperative
part max(g, 0)/10 and its hostile part max(-g, 0)/10. A month's raw level is the mean of a part over
the month's events: not their sum, because the number of reported events measures attention. Its
weight is Z = n/(n + k), with n the month's events and k ``prior_events``: the level is

    level = Z * month's mean + (1 - Z) * long-run mean,

the credibility formula of Bühlmann and Straub (1970); the long-run mean is that of the monthly
means of the ordered dyad, weighted by Z. A quiet month thus stays near what is usual, and a month
without events is exactly that. The standard error is s/√(n + k), with s the dyad's standard
deviation of a part within months. It is the error of a mean of few events, and of nothing else:
neither of the coder nor of what newspapers choose to report.

Scenarios are not known here: what a level would push is for drivers.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from alliancesim.ingest.constants import FULL_SCALE, Rule
from alliancesim.ingest.formats import KINDS, VALUE_UNIT
from alliancesim.ingest.gathering import Sums
from alliancesim.scenario.problems import InputError, Problem
from alliancesim.scenario.quantities import month_text

if TYPE_CHECKING:
    import pandas as pd

ACTIONS = ("cooperation", "pressure")
"""What the two parts of Goldstein's scale stand for, in the order of all arrays."""

MOST_ROWS = 500_000

Array = NDArray[np.float64]

_GREATEST_VARIANCE = 0.25
"""Of anything between 0 and 1 (Popoviciu 1935)."""


@dataclass(frozen=True)
class Levels:
    """Levels of both actions for every month and ordered dyad.

    Attributes:
        actors: ISO codes, in the order of all arrays.
        first: first month, in months since year 0.
        counts: events by kind of ``KINDS``, shape (months, n, n, 4).
        goldstein: mean value on Goldstein's scale over all events, NaN where there are none, shape
            (months, n, n).
        weight: share of the level that rests on the month's own events, shape (months, n, n).
        level: levels from 0 to 1, NaN for a dyad without any event, shape (2, months, n, n).
        error: their standard errors, same shape.
        weighed: weighted number of events, shape (months, n, n).
        parts: weighted sum of either part over events, shape (2, months, n, n).
        usual: long-run mean, shape (2, n, n).
        spread: standard deviation of a part within months, shape (2, n, n).
    """

    actors: tuple[str, ...]
    first: int
    counts: NDArray[np.int64]
    goldstein: Array
    weight: Array
    level: Array
    error: Array
    weighed: Array
    parts: Array
    usual: Array
    spread: Array

    @property
    def months(self) -> range:
        """Return the months, in months since year 0."""
        return range(self.first, self.first + len(self.counts))

    def over(self, months: range, rule: Rule) -> tuple[Array, Array]:
        """Return one level over several months, as if they were one.

        Args:
            months: in months since year 0; those outside the table have no events.
            rule: the rule's constants.

        Returns:
            Level and standard error, shape (2, n, n).
        """
        start = max(months.start - self.first, 0)
        held = slice(start, max(months.stop - self.first, start))
        n, parts = self.weighed[held].sum(axis=0), self.parts[:, held].sum(axis=1)
        return shrunk(n, parts, self.usual, self.spread, rule.prior_events)

    def table(self) -> pd.DataFrame:
        """Return one row per month and ordered dyad, months without events included."""
        import pandas as pd

        n = len(self.actors)
        of, toward = np.nonzero(~np.eye(n, dtype=np.bool_))
        names = np.array(self.actors)
        months = [month_text(count) for count in self.months]
        columns: dict[str, object] = {
            "month": np.repeat(months, len(of)),
            "of": np.tile(names[of], len(months)),
            "toward": np.tile(names[toward], len(months)),
            "events": self.counts.sum(axis=-1)[:, of, toward].ravel(),
        }
        for place, kind in enumerate(KINDS):
            columns[kind] = self.counts[:, of, toward, place].ravel()
        columns["goldstein"] = self.goldstein[:, of, toward].ravel()
        for place, action in enumerate(ACTIONS):
            columns[action] = self.level[place][:, of, toward].ravel()
            columns[f"{action}_error"] = self.error[place][:, of, toward].ravel()
        columns["weight"] = self.weight[:, of, toward].ravel()
        return pd.DataFrame(columns)


def levels(
    sums: Sums, actors: tuple[str, ...], span: tuple[int | None, int | None], rule: Rule
) -> Levels:
    """Return monthly levels.

    Args:
        sums: over events.
        actors: ISO codes, in the order in which dyads are counted.
        span: first and last month, in months since year 0; None for that of an event.
        rule: the rule's constants.

    Raises:
        InputError: if the table would be too long.
    """
    n = len(actors)
    month, rest = np.divmod(sums.cells, n * n * len(KINDS))
    first = int(month.min()) if span[0] is None else span[0]
    last = int(month.max()) if span[1] is None else span[1]
    if (last - first + 1) * n * (n - 1) > MOST_ROWS:
        value = f"{month_text(first)} to {month_text(last)} for {n} actors"
        expected = f"at most {MOST_ROWS:,} rows of month and dyad (--from, --to, --actors)"
        raise InputError([Problem("months", "", value, expected)])
    dense = np.zeros((last - first + 1, n * n * len(KINDS), 5), np.int64)
    dense[month - first, rest] = sums.counts
    return _levels(dense.reshape(-1, n, n, len(KINDS), 5), actors, first, rule)


def _levels(sums: NDArray[np.int64], actors: tuple[str, ...], first: int, rule: Rule) -> Levels:
    """Return levels from the sums of every month, dyad and kind, shape (months, n, n, 4, 5)."""
    weights = np.array([rule.verbal_weight, 1.0, rule.verbal_weight, 1.0])
    weighted = (sums * weights[:, None]).sum(axis=-2)
    n = weighted[..., 0]
    scale = VALUE_UNIT / FULL_SCALE
    parts = np.moveaxis(weighted[..., 1:3], -1, 0) * scale
    squares = np.moveaxis(weighted[..., 3:5], -1, 0) * scale**2
    k = rule.prior_events
    with np.errstate(invalid="ignore", divide="ignore"):
        means = np.where(n > 0, parts / n, 0.0)
        weight = np.where(n > 0, n / (n + k), 0.0)
        usual = (weight * means).sum(axis=1) / weight.sum(axis=0)
        counts = sums[..., 0]
        difference = (sums[..., 1] - sums[..., 2]).sum(axis=-1) * VALUE_UNIT
        goldstein = difference / counts.sum(axis=-1)
    spread = _spread(n, means, squares)
    level, error = shrunk(n, parts, usual[:, None], spread[:, None], k)
    return Levels(
        actors, first, counts, goldstein, weight, level, error, n, parts, usual, spread
    )  # fmt: skip


def shrunk(n: Array, parts: Array, usual: Array, spread: Array, k: float) -> tuple[Array, Array]:
    """Return means drawn toward a usual level, and their standard errors.

    Args:
        n: weighted number of events.
        parts: weighted sum over events.
        usual: the level that counts like ``k`` events.
        spread: standard deviation of single events.
        k: number of events, 0 for the plain mean.

    Returns:
        Levels and standard errors, NaN where there is nothing to go by.
    """
    with np.errstate(invalid="ignore", divide="ignore"):
        level = np.where(n + k > 0, (parts + k * usual) / (n + k), np.nan)
        error = np.where(np.isnan(level), np.nan, spread / np.sqrt(n + k))
    return np.clip(level, 0.0, 1.0), error


def _spread(n: Array, means: Array, squares: Array) -> Array:
    """Return each dyad's standard deviation of a part within months, shape (2, n, n).

    One further event of the greatest variance possible is taken as seen, so that a handful of
    equal events does not pass for certainty.
    """
    within = np.maximum(squares - n * means**2, 0.0).sum(axis=1)
    freedom = np.maximum(n - 1.0, 0.0).sum(axis=0)
    deviation: Array = np.sqrt((within + _GREATEST_VARIANCE) / (freedom + 1.0))
    return deviation
