"""Which theory explains which episode: scores side by side, and whether any is ahead of chance.

Totals over episodes are not for this module but for scoreboard.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from alliancesim.arrays import Array
from alliancesim.calibration.targets import Targets
from alliancesim.measures.intervals import TAILS
from alliancesim.validation.scores import crps, signs
from alliancesim.validation.splits import (
    FORECAST,
    IN_SAMPLE,
    LEFT_OUT,
    Episode,
    episodes_of,
    within,
)
from alliancesim.validation.tables import CHANGES, LEVELS, Judged, what_of

RESAMPLES = 400
"""Bootstrap resamples of an episode's observations."""

BASES: Mapping[str, str] = {
    LEFT_OUT: "left out",
    FORECAST: "forecast",
    IN_SAMPLE: "defaults",
}
"""How coefficients were come by, by the beginning of a split's name: fitted to all but the episode,
fitted to what came before the split in time, or those that ship, fitted to all of it."""

OUT, IN = "out of sample", "in sample"

AHEAD, BEST, LEVEL, BEHIND, APART = "ahead", "best", "level", "behind", "not ranked"
"""Where a theory stands in an episode: best and ahead of every rival beyond noise; best, but some
rival is level with it; level with the best within noise; behind it; or not a rival at all."""


def basis_of(split: str) -> str:
    """Return how the coefficients of a split were come by."""
    return next(basis for start, basis in BASES.items() if split.startswith(start))


def sample_of(basis: str) -> str:
    """Return whether scores on a basis are in sample."""
    return IN if basis == BASES[IN_SAMPLE] else OUT


class _Case(NamedTuple):
    """The observations of one kind in one episode.

    Attributes:
        found: what was foretold.
        episode: the episode.
        what: changes or levels.
        places: the observations, numbers among all.
    """

    found: Judged
    episode: Episode
    what: str
    places: NDArray[np.int64]


def episodes_table(judged: Sequence[Judged], rivals: Sequence[str], seed: int) -> pd.DataFrame:
    """Return the score of every theory in every episode, and where it stands.

    A theory is ahead where the 95 % interval of its mean CRPS less that of *each* rival lies below
    0. Intervals are a bootstrap's: whole poll series and single coded changes are drawn with
    replacement, and every observation is moved by a new error of its own standard error, the same
    for all theories. Of the best theory the interval is too kind to it, since it was picked after
    the fact.

    Args:
        judged: what was foretold, split by split.
        rivals: the forecasters that are ranked; others are scored and not ranked.
        seed: of the bootstrap.

    Returns:
        One row per basis, episode, kind of observation and theory. Columns: ``basis``, ``sample``,
        ``episode``, ``first``, ``last`` (months), ``what``, ``theory``, ``n``, ``crps``, ``rmse``,
        ``sign_hits``, ``signs``, ``rank`` among rivals, ``wins`` (share of resamples in which it
        scores best, ties shared), ``behind`` (mean CRPS less that of the best rival) with
        ``behind_low`` and ``behind_high``, and ``standing``.
    """
    rows = [row for case in _cases(judged) for row in _rows(case, rivals, seed)]
    order = {basis: place for place, basis in enumerate(BASES.values())}
    return pd.DataFrame(rows).sort_values(
        "basis", key=lambda names: names.map(order), kind="stable"
    )


def _cases(judged: Sequence[Judged]) -> Iterator[_Case]:
    """Yield the observations to be judged, by episode and kind."""
    for found in judged:
        targets, split = found.targets, found.split
        for episode in episodes_of(targets):
            if split.name.startswith(LEFT_OUT) and split.name != LEFT_OUT + episode.name:
                continue
            mine = within(targets, episode) & split.judged
            for what, kind in ((CHANGES, targets.is_change), (LEVELS, ~targets.is_change)):
                places = np.flatnonzero(mine & kind)
                if places.size:
                    yield _Case(found, episode, what, places)


def _rows(case: _Case, rivals: Sequence[str], seed: int) -> Iterator[dict[str, Any]]:
    """Yield the score of every theory in one case, and where it stands."""
    found, targets = case.found, case.found.targets
    basis = basis_of(found.split.name)
    weights, moved = _resampled(targets, case.places, seed)
    observed = targets.values[case.places]
    reference = found.reference[np.searchsorted(found.places, case.places)]
    scores, again, means = {}, {}, {}
    for name, forecast in found.forecasts.items():
        columns = np.searchsorted(forecast.places, case.places)
        samples, means[name] = forecast.samples[:, columns], forecast.mean[columns]
        scores[name] = float(crps(samples, observed).mean())
        again[name] = (_moved_scores(samples, observed, moved) * weights).sum(axis=1)
    ranked = [name for name in found.forecasts if name in rivals]
    ranks = pd.Series([scores[name] for name in ranked], ranked).rank()
    best = min(ranked, key=lambda name: scores[name])
    ends = {name: np.quantile(again[name] - again[best], TAILS) for name in scores}
    wins = dict(zip(ranked, _wins(np.stack([again[name] for name in ranked])), strict=True))
    level = [name for name in ranked if name != best and ends[name][0] <= 0.0]
    for name, score in scores.items():
        direction = signs(means[name] - reference, observed - reference)
        yield {
            "basis": basis,
            "sample": sample_of(basis),
            "episode": case.episode.name,
            "first": targets.world.date(case.episode.since + 1),
            "last": targets.world.date(case.episode.until),
            "what": case.what,
            "theory": name,
            "n": case.places.size,
            "crps": score,
            "rmse": float(np.sqrt(((means[name] - observed) ** 2).mean())),
            "sign_hits": direction.hits,
            "signs": direction.cases,
            "rank": float(ranks.get(name, np.nan)),
            "wins": wins.get(name, np.nan),
            "behind": score - scores[best],
            "behind_low": ends[name][0],
            "behind_high": ends[name][1],
            "standing": standing(name, best, ranked, level),
        }


def standing(name: str, best: str, ranked: Sequence[str], level: Sequence[str]) -> str:
    """Return where a theory stands.

    Args:
        name: the theory.
        best: the rival of the best score.
        ranked: all rivals.
        level: the other rivals that are level with the best.
    """
    if name not in ranked:
        return APART
    if name == best:
        return BEST if level else AHEAD
    return LEVEL if name in level else BEHIND


def _resampled(targets: Targets, places: NDArray[np.int64], seed: int) -> tuple[Array, Array]:
    """Return weights and values of observations in each resample, shapes (resamples, places)."""
    random = np.random.default_rng((seed, *places.tolist()))
    sources = [
        str(place)
        if targets.is_change[place]
        else f"{what_of(targets, place)} {targets.polls[place]}"
        for place in places.tolist()
    ]
    names, source = np.unique(sources, return_inverse=True)
    drawn = random.multinomial(names.size, np.full(names.size, 1.0 / names.size), RESAMPLES)
    weights = drawn[:, source].astype(np.float64)
    normal = random.standard_normal((RESAMPLES, places.size))
    moved = targets.values[places] + targets.errors[places] * normal
    return weights / weights.sum(axis=1, keepdims=True), moved


def _moved_scores(samples: Array, observed: Array, moved: Array) -> Array:
    """Return the CRPS of moved observations, shape (resamples, places)."""
    # What the score takes off for spread does not hang on what is observed.
    spread = np.abs(samples - observed).mean(axis=0) - crps(samples, observed)
    apart = [
        np.abs(column[:, None] - values).mean(axis=0)
        for column, values in zip(samples.T, moved.T, strict=True)
    ]
    found: Array = np.stack(apart, axis=1) - spread
    return found


def _wins(scores: Array) -> Array:
    """Return the share of resamples in which each rival is best, ties shared, shape (rivals,)."""
    lowest = scores == scores.min(axis=0)
    found: Array = (lowest / lowest.sum(axis=0)).mean(axis=1)
    return found
