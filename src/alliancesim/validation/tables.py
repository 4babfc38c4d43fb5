"""Forecasts and their scores as tables: what is written, drawn and told.

Nothing is foretold here, and nothing put into sentences, which words does.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from alliancesim.arrays import Array
from alliancesim.batch import Series
from alliancesim.calibration.fitting import Draws
from alliancesim.calibration.targets import Targets
from alliancesim.validation.forecasts import Band, Forecast
from alliancesim.validation.scores import HALF, NINETY, clustered_mean, coverage, crps, signs
from alliancesim.validation.splits import LEFT_OUT, Split

EACH_LEFT_OUT = "each episode left out"
"""All splits that leave an episode out, scored together."""

NO_CHANGE = "no change"
"""The baseline that every other forecaster is compared with."""

LEVELS, CHANGES = "all levels", "all changes"
"""What is scored: all levels together, all changes together, and each quantity alone."""

_NONE = float("nan")


class Judged(NamedTuple):
    """Everything foretold in one split.

    Attributes:
        split: the split.
        targets: all observations.
        reference: what no change foretells of each judged observation, in the order of ``places``.
        places: the judged observations.
        forecasts: by forecaster; of the judged observations, or of all.
        bands: the model's samples of every quantity month by month.
        draws: the model's posterior.
    """

    split: Split
    targets: Targets
    reference: Array
    places: NDArray[np.int64]
    forecasts: Mapping[str, Forecast]
    bands: Sequence[Band]
    draws: Draws


def what_of(targets: Targets, place: int) -> str:
    """Return what an observation is of, in words: quantity and dyad."""
    series = targets.series[targets.column[place]]
    words = f"{series.variable} {series.of}-{series.toward}"
    return f"change of {words}" if targets.is_change[place] else words


def paths(found: Judged) -> pd.DataFrame:
    """Return the model's predictive of every quantity month by month."""
    return pd.concat([_path(found, band) for band in found.bands], ignore_index=True)


def _path(found: Judged, band: Band) -> pd.DataFrame:
    """Return the rows of one quantity."""
    world = found.targets.world
    ends = np.quantile(band.whole, (NINETY[0], HALF[0], 0.5, HALF[1], NINETY[1]), axis=0)
    alone = np.quantile(band.parameters, NINETY, axis=0)
    return pd.DataFrame(
        {
            "split": found.split.name,
            **_named(band.series),
            "date": [world.date(month) for month in range(world.months + 1)],
            "mean": band.whole.mean(axis=0),
            **dict(zip(("low90", "low50", "middle", "high50", "high90"), ends, strict=True)),
            "parameters_low90": alone[0],
            "parameters_high90": alone[1],
        }
    )


def _named(series: Series) -> dict[str, str]:
    """Return the columns that say which quantity it is."""
    return {
        "variable": series.variable,
        "of": str(series.of),
        "toward": str(series.toward),
    }


def predictions(found: Judged) -> pd.DataFrame:
    """Return every forecast of an observation: what was foretold, what was observed, its score."""
    return pd.DataFrame(
        [
            row
            for name, forecast in found.forecasts.items()
            for row in _foretold(found, name, forecast)
        ]
    )


def _foretold(found: Judged, name: str, forecast: Forecast) -> Iterator[dict[str, Any]]:
    """Yield one row for each observation that a forecaster speaks of."""
    targets = found.targets
    scored = crps(forecast.samples, targets.values[forecast.places])
    low90, low50, high50, high90 = np.quantile(
        forecast.samples, (NINETY[0], HALF[0], HALF[1], NINETY[1]), axis=0
    )
    held_out = found.split.judged & ~found.split.fitted
    for column, place in enumerate(forecast.places):
        since = int(targets.since[place])
        yield {
            "split": found.split.name,
            "forecaster": name,
            "label": targets.labels[place],
            "series": targets.polls[place],
            **_named(targets.series[targets.column[place]]),
            "since": targets.world.date(since) if since >= 0 else "",
            "date": targets.dates[place],
            "observed": targets.values[place],
            "error": targets.errors[place],
            "held_out": bool(held_out[place]),
            "mean": forecast.mean[column],
            "low90": low90[column],
            "low50": low50[column],
            "high50": high50[column],
            "high90": high90[column],
            "crps": scored[column],
        }


def coefficients(found: Judged) -> pd.DataFrame:
    """Return the model's posterior: median and ends of 90 % of it, by coefficient."""
    draws = found.draws
    names = (*draws.names, *(f"discrepancy_{group}" for group in draws.groups))
    values = np.concatenate([draws.values, draws.amplitudes], axis=1)
    low, middle, high = np.quantile(values, (NINETY[0], 0.5, NINETY[1]), axis=0)
    return pd.DataFrame(
        {"split": found.split.name, "name": names, "median": middle, "low90": low, "high90": high}
    )


class _Case(NamedTuple):
    """One judged observation as one forecaster foretold it."""

    what: str
    is_change: bool
    year: int
    observed: float
    mean: float
    reference: float
    crps: float
    in50: bool
    in90: bool


def scores(judged: Sequence[Judged]) -> pd.DataFrame:
    """Return the scores of every forecaster in every split, by quantity and together.

    Only judged observations count: held out, but for the split that is in sample. Beside mean CRPS
    and root mean square error stand 95 % bootstrap intervals over calendar years, and the same of
    the difference of CRPS from no change (after Diebold and Mariano 1995; below 0 is better).
    """
    rows = [row for found in judged for row in _scored(found.split.name, _cases(found))]
    apart = [_cases(found) for found in judged if found.split.name.startswith(LEFT_OUT)]
    if apart:
        together = {
            name: [case for cases in apart for case in cases[name]]
            for name in apart[0]
            if all(name in cases for cases in apart)
        }
        rows += _scored(EACH_LEFT_OUT, together)
    return pd.DataFrame(rows)


def _cases(found: Judged) -> dict[str, list[_Case]]:
    """Return the judged observations as each forecaster foretold them."""
    return {name: list(_of(found, forecast)) for name, forecast in found.forecasts.items()}


def _of(found: Judged, forecast: Forecast) -> Iterator[_Case]:
    """Yield the judged observations as one forecaster foretold them, in their order."""
    targets = found.targets
    column = {int(place): number for number, place in enumerate(forecast.places)}
    chosen = np.array([column[int(place)] for place in found.places], dtype=np.int64)
    samples, observed = forecast.samples[:, chosen], targets.values[found.places]
    scored = crps(samples, observed)
    inside = [coverage(samples, observed, ends) for ends in (HALF, NINETY)]
    for number, place in enumerate(found.places):
        yield _Case(
            what_of(targets, place),
            bool(targets.is_change[place]),
            int(targets.dates[place][:4]),
            float(observed[number]),
            float(forecast.mean[chosen[number]]),
            float(found.reference[number]),
            float(scored[number]),
            bool(inside[0][number]),
            bool(inside[1][number]),
        )


def _scored(split: str, cases: Mapping[str, Sequence[_Case]]) -> Iterator[dict[str, Any]]:
    """Yield one row of scores for each forecaster and each thing that is scored."""
    for name, mine in cases.items():
        base = cases.get(NO_CHANGE, mine)
        groups = [LEVELS, CHANGES, *dict.fromkeys(case.what for case in mine)]
        for what in groups:
            rows = [number for number, case in enumerate(mine) if _belongs(case, what)]
            if rows:
                yield {
                    "split": split,
                    "forecaster": name,
                    "what": what,
                    **_score([mine[row] for row in rows], [base[row] for row in rows]),
                }


def _belongs(case: _Case, what: str) -> bool:
    """Say whether a case is among what is scored."""
    return what in (case.what, CHANGES if case.is_change else LEVELS)


def _score(mine: Sequence[_Case], base: Sequence[_Case]) -> dict[str, Any]:
    """Return the scores of some cases, beside those of no change."""
    observed = np.array([case.observed for case in mine])
    reference = np.array([case.reference for case in mine])
    mean = np.array([case.mean for case in mine])
    scored = np.array([case.crps for case in mine])
    years = np.array([case.year for case in mine], dtype=np.int64)
    direction = signs(mean - reference, observed - reference)
    squares = clustered_mean((mean - observed) ** 2, years)
    found = clustered_mean(scored, years)
    against = clustered_mean(scored - np.array([case.crps for case in base]), years)
    return {
        "n": len(mine),
        "sign_hits": direction.hits,
        "signs": direction.cases,
        "rmse": np.sqrt(squares.estimate),
        "bias": float((mean - observed).mean()),
        "crps": found.estimate,
        "cover50": float(np.mean([case.in50 for case in mine])),
        "cover90": float(np.mean([case.in90 for case in mine])),
        "sign_p": direction.by_coin,
        "rmse_low": np.sqrt(max(_finite(squares.low), 0.0)),
        "rmse_high": np.sqrt(_finite(squares.high)),
        "crps_low": _finite(found.low),
        "crps_high": _finite(found.high),
        "against_no_change": against.estimate,
        "against_low": _finite(against.low),
        "against_high": _finite(against.high),
    }


def _finite(value: float) -> float:
    """Return a number, or not a number where an interval has no end."""
    return value if np.isfinite(value) else _NONE
