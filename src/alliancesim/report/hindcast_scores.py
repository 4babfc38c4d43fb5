"""What a hindcast's tables amount to: relative scores, coverage, residuals, what was learned.

Nothing is fitted or foretold here, and nothing put into sentences.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import pandas as pd
from scipy import stats

from alliancesim.calibration.shrinkage import word
from alliancesim.coefficients import REGISTER, Coefficient
from alliancesim.figures.hindcast_paths import NINETY
from alliancesim.figures.hindcast_scoreboard import BINS
from alliancesim.language import message
from alliancesim.measures.intervals import LEVEL, Interval, share
from alliancesim.report.hindcast_results import (
    FORECAST,
    IN_SAMPLE,
    MODEL,
    NO_CHANGE,
    Hindcast,
    pair,
)

LEVELS, CHANGES = "all levels", "all changes"
"""What is scored together, beside each quantity alone; as in the table of scores."""

RESAMPLES = 2000
FEWEST_YEARS = 3
"""Years with observations below which no interval of a ratio is given."""

_ENDS = ("low90", "median", "high90")

LEFT_OUT_WAY, FORECAST_WAY = message("episode left out of the fit"), message("forecast")
"""The two ways of holding a coded change out, on the chart of changes."""


def what_of(rows: pd.DataFrame) -> pd.Series[str]:
    """Return of each prediction what it is of: a level or a change, of which pair."""
    pairs = [pair(*ends) for ends in zip(rows["of"], rows["toward"], strict=True)]
    kind = np.where(rows["since"] == "", "", "change of ")
    return pd.Series(kind, index=rows.index) + rows["variable"] + " " + pd.Series(pairs, rows.index)


def by_quantity(rows: pd.DataFrame) -> dict[str, pd.DataFrame]:
    """Return predictions by what they are of: all levels, all changes, then each quantity."""
    whats, is_level = what_of(rows), rows["since"] == ""
    found = {LEVELS: rows[is_level], CHANGES: rows[~is_level]}
    found |= {str(what): rows[whats == what] for what in whats.unique()}
    return {what: some for what, some in found.items() if len(some)}


class Standing(NamedTuple):
    """How the forecasters stand on one thing.

    Attributes:
        what: what was foretold.
        n: number of observations.
        model: the model's mean CRPS.
        others: that of the forecasters that speak of all of them, the best first.
        own: that of variants of the model, whose names begin with its name.
    """

    what: str
    n: int
    model: float
    others: dict[str, float]
    own: dict[str, float]

    @property
    def ahead(self) -> list[str]:
        """Return the forecasters that the model loses to, the best first."""
        return [name for name, crps in self.others.items() if crps < self.model]


def standings(rows: pd.DataFrame) -> dict[str, Standing]:
    """Return how the forecasters stand on everything that was held out.

    Args:
        rows: predictions of all forecasters for what was held out.
    """
    found = {}
    for what, mine in by_quantity(rows).items():
        means = mine.groupby("forecaster")["crps"].mean().sort_values(kind="stable")
        if MODEL in means:
            counts = mine.groupby("forecaster").size()
            # A mean over fewer observations, or easier ones, is no better for being smaller.
            fair = [name for name in means.index if counts[name] == counts[MODEL]]
            scored = {str(name): float(means[name]) for name in fair if name != MODEL}
            own = {name: crps for name, crps in scored.items() if name.startswith(MODEL)}
            others = {name: crps for name, crps in scored.items() if name not in own}
            n = int(counts[MODEL])
            found[what] = Standing(what, n, float(means[MODEL]), others, own)
    return found


def ratios(hindcast: Hindcast, rows: pd.DataFrame) -> pd.DataFrame:
    """Return each forecaster's mean CRPS over that of no change, quantity by quantity.

    Observations of one year hang together, so that the bootstrap draws whole years (Efron and
    Tibshirani 1993); with few years its interval is too narrow rather than too wide.

    Args:
        hindcast: for the order of forecasters.
        rows: predictions of all forecasters for what was held out.

    Returns:
        Columns ``what``, ``n``, ``forecaster``, ``crps``, ``ratio``, ``low``, ``high``; the ends
        of the 95 % interval are infinite where there are too few years.
    """
    rows = rows.assign(year=rows["date"].str[:4])
    found = []
    for what, mine in by_quantity(rows).items():
        table = mine.pivot_table(index=["year", "label"], columns="forecaster", values="crps")
        if NO_CHANGE not in table:
            continue
        for name in hindcast.forecasters:
            if name in table and name != NO_CHANGE:
                both = table[[name, NO_CHANGE]].dropna()
                if len(both):
                    crps = float(both[name].mean())
                    found.append((what, len(both), name, crps, *_ratio(both, name)))
    columns = ["what", "n", "forecaster", "crps", "ratio", "low", "high"]
    return pd.DataFrame(found, columns=columns)


def _ratio(both: pd.DataFrame, name: str) -> Interval:
    """Return the ratio of two forecasters' mean scores, years resampled."""
    sums = both.groupby(level="year").sum().to_numpy(np.float64)
    names = list(both.columns)
    above, below = names.index(name), names.index(NO_CHANGE)
    estimate = float(sums[:, above].sum() / sums[:, below].sum())
    years = len(sums)
    if years < FEWEST_YEARS:
        return Interval(estimate, -math.inf, math.inf)
    drawn = np.random.default_rng(0).integers(years, size=(RESAMPLES, years))
    resampled = sums[drawn].sum(axis=1)
    ends = np.quantile(
        resampled[:, above] / resampled[:, below], (0.5 - LEVEL / 2, 0.5 + LEVEL / 2)
    )
    return Interval(estimate, float(ends[0]), float(ends[1]))


class Kept(NamedTuple):
    """How much an interval holds.

    Attributes:
        forecaster: whose intervals.
        nominal: share that they promise.
        share: share of the observations that they hold.
        low: lower end of its 95 % interval (Wilson).
        high: upper end.
        n: number of observations.
    """

    forecaster: str
    nominal: float
    share: float
    low: float
    high: float
    n: int


def coverage(hindcast: Hindcast, rows: pd.DataFrame) -> list[Kept]:
    """Return how much of what was held out the intervals of each forecaster hold.

    Args:
        hindcast: for the order of forecasters.
        rows: predictions of all forecasters for what was held out.
    """
    found = []
    for name in hindcast.forecasters:
        mine = rows[rows["forecaster"] == name]
        for nominal, low, high in ((0.5, "low50", "high50"), (0.9, "low90", "high90")):
            if len(mine):
                inside = (mine[low] <= mine["observed"]) & (mine["observed"] <= mine[high])
                kept = share(int(inside.sum()), len(mine))
                found.append(Kept(name, nominal, *kept, len(mine)))
    return found


def places(hindcast: Hindcast) -> pd.DataFrame:
    """Return where observations lie among the ends of the model's intervals.

    Returns:
        Columns ``what`` (out of sample, in sample), ``bin`` and ``share``.
    """
    model = hindcast.model
    groups = {
        message("out of sample"): model[(model["split"] == FORECAST) & model["held_out"]],
        message("in sample"): model[model["split"] == IN_SAMPLE],
    }
    found = []
    for what, rows in groups.items():
        if not len(rows):
            continue
        ends = rows[["low90", "low50", "high50", "high90"]].to_numpy(np.float64)
        where = (rows["observed"].to_numpy(np.float64)[:, None] > ends).sum(axis=1)
        shares = np.bincount(where, minlength=len(BINS)) / len(rows)
        found += [(what, name, float(part)) for name, part in zip(BINS, shares, strict=True)]
    return pd.DataFrame(found, columns=["what", "bin", "share"])


def residuals(rows: pd.DataFrame) -> pd.DataFrame:
    """Return predictions with ``standardised``: observed minus mean, over the predicted spread.

    The spread is a normal distribution's with the same 90 % interval.
    """
    spread = (rows["high90"] - rows["low90"]) / (2 * NINETY)
    return rows.assign(standardised=(rows["observed"] - rows["mean"]) / spread)


def changes(hindcast: Hindcast) -> pd.DataFrame:
    """Return the model's predictions of coded changes that its fit did not see.

    Returns:
        One row per change and way of holding it out, by quantity and episode, with ``episode``,
        ``way`` and ``hit``.
    """
    rows = hindcast.model
    rows = rows[(rows["since"] != "") & rows["held_out"]]
    ways = dict.fromkeys(hindcast.left_out, LEFT_OUT_WAY) | {FORECAST: FORECAST_WAY}
    rows = rows[rows["split"].isin(ways)]
    return rows.assign(
        way=rows["split"].map(ways),
        episode=[
            hindcast.episode_of(*ends) for ends in zip(rows["since"], rows["date"], strict=True)
        ],
        hit=np.sign(rows["mean"]) == np.sign(rows["observed"]),
    ).sort_values(["variable", "of", "toward", "date", "way"], kind="stable")


def learned(hindcast: Hindcast, split: str) -> pd.DataFrame:
    """Return prior and posterior of each coefficient that was fitted, the most shrunken first.

    Priors are those of the register, or of the calibration where it sets others, cut off at the
    register's range.

    Args:
        hindcast: a hindcast.
        split: whose posterior.

    Returns:
        Columns as of :func:`alliancesim.calibration.shrinkage.shrinkage`, with the shrinkage of
        the 90 % interval of the logarithm, and its shift from median to median.
    """
    rows = hindcast.coefficients[hindcast.coefficients["split"] == split]
    rows = rows.drop_duplicates("name").set_index("name")
    found = []
    for entry in REGISTER:
        if entry.name in rows.index:
            before = _prior(entry, hindcast)
            after = [float(rows.loc[entry.name].to_dict()[end]) for end in _ENDS]
            if before is not None and after[0] > 0:
                found.append((entry.name, *before, *after, *_narrowed(before, after)))
    columns = ["name", *(f"prior_{end}" for end in _ENDS), *_ENDS, "shrinkage", "shift"]
    table = pd.DataFrame(found, columns=columns)
    told = zip(table["shrinkage"], table["shift"], strict=True)
    table["word"] = [word(*pair) for pair in told]
    return table.sort_values("shrinkage", ascending=False, kind="stable", ignore_index=True)


def _prior(entry: Coefficient, hindcast: Hindcast) -> tuple[float, float, float] | None:
    """Return the quantiles of a prior; None for a coefficient that is not calibrated."""
    calibration = hindcast.manifest.get("calibration")
    priors = calibration.get("priors") if isinstance(calibration, dict) else None
    given = priors.get(entry.name) if isinstance(priors, dict) else None
    set_by_file = given if isinstance(given, dict) else {}
    centre = math.log(float(set_by_file.get("median") or entry.prior_median))
    spread = float(set_by_file.get("spread") or entry.prior_spread)
    if spread <= 0:
        return None
    low = (math.log(entry.low) - centre) / spread if entry.low > 0 else -math.inf
    high = (math.log(entry.high) - centre) / spread
    ends = np.exp(stats.truncnorm.ppf((0.05, 0.5, 0.95), low, high, loc=centre, scale=spread))
    return float(ends[0]), float(ends[1]), float(ends[2])


def _narrowed(before: Sequence[float], after: Sequence[float]) -> tuple[float, float]:
    """Return by how much an interval of logarithms shrank, and how far its median moved."""
    width = math.log(before[2] / before[0])
    shrunk = 1.0 - math.log(after[2] / after[0]) / width
    return shrunk, math.log(after[1] / before[1]) / (width / (2 * NINETY))
