"""Thresholds: the values of one number at which the odds turn from one verdict to another.

Half the runs split where the median effect is at minus the margin, and half backfire where it is at
the margin. On common shocks the median is a smooth function of the number, while the share of runs
jumps, so it is the median whose roots are sought: bracketed on a grid over the whole range, so that
none is missed where the odds turn there and back; narrowed by bisection, all brackets at once; and
read, with the interval, from values spread as widely about the root as it is uncertain. Two numbers
at once are not for this module but for frontier.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from alliancesim.arrays import Array
from alliancesim.measures.intervals import Interval
from alliancesim.measures.spread import ENDS
from alliancesim.measures.verdict import Word, word_for
from alliancesim.tipping.bench import Bench, Point
from alliancesim.tipping.inputs import Number
from alliancesim.tipping.resampling import crossing, crossings, samples

GRID = 33
"""Values tried over the range of a number; odds that turn there and back in between are missed."""

STEPS = 8
"""Bisections of a bracket: to 1/8000 of the range, and then a straight line."""

AROUND = 9
"""Values tried about a root, from which it and its interval are read."""

_WIDTHS = 4.0
"""How many standard errors of the root these values reach to either side."""

EDGES: tuple[Word, ...] = ("split", "backfire")
"""Verdicts that end where nothing begins: the one at minus the margin, the other at the margin."""


def level_of(edge: Word, margin: float) -> float:
    """Return the effect at which a split, or a backfire, begins."""
    return -margin if edge == "split" else margin


class Span(NamedTuple):
    """A number and the range over which it is varied."""

    number: Number
    low: float
    high: float


class Turn(NamedTuple):
    """A place at which the odds turn.

    Attributes:
        edge: which of ``EDGES`` is crossed.
        below: verdict of most runs just below the threshold.
        above: verdict of most runs just above it.
        odds: value at which half the runs lie on either side of the edge.
        mean: value at which the mean effect is at the edge.
    """

    edge: Word
    below: Word
    above: Word
    odds: Interval
    mean: Interval


@dataclass(frozen=True)
class Thresholds:
    """A number varied over a range.

    Attributes:
        span: the number and the range.
        present: its value in the scenario as given; a drawn coefficient's median.
        margin: effects within plus or minus this count as nothing.
        turns: where the odds turn, in rising order.
        places: values tried, rising, shape (places,).
        effects: effect at each in each run, shape (places, runs).
        grid: which of the places lie on the grid over the range, shape (places,).
        draws: number of the draw of coefficients that each run takes, shape (runs,), or None.
    """

    span: Span
    present: float
    margin: float
    turns: tuple[Turn, ...]
    places: Array
    effects: Array
    grid: NDArray[np.bool_]
    draws: NDArray[np.int64] | None

    @property
    def nearest(self) -> Turn | None:
        """Return the turn nearest to the present value, if there is any."""
        far = [abs(turn.odds.estimate - self.present) for turn in self.turns]
        return self.turns[int(np.argmin(far))] if far else None


class _Bracket(NamedTuple):
    """Two neighbouring values between which the median effect crosses an edge."""

    owner: int
    edge: Word
    level: float
    low: float
    high: float
    rising: bool


def thresholds(bench: Bench, spans: Sequence[Span], grid: int = GRID) -> list[Thresholds]:
    """Return where the odds turn, for several numbers at once, each varied alone.

    Args:
        bench: where they are tried out.
        spans: the numbers and their ranges.
        grid: values tried over each range.

    Returns:
        One for each span.
    """
    bench.doing = "grid"
    places = [_grid(bench, span, grid) for span in spans]
    flat = [{s.number: v} for s, at in zip(spans, places, strict=True) for v in at.tolist()]
    parts = np.split(bench.effects(flat), np.cumsum([at.size for at in places])[:-1])
    brackets = [
        bracket
        for owner, (at, effects) in enumerate(zip(places, parts, strict=True))
        for edge in EDGES
        for bracket in _brackets(
            owner, at, np.median(effects, axis=1), edge, level_of(edge, bench.margin)
        )
    ]
    bench.doing = "bisection"
    for _ in range(STEPS):
        brackets = _halved(bench, spans, brackets)
    bench.doing = "interval"
    turns = _read(bench, spans, brackets)
    found = []
    for owner, span in enumerate(spans):
        own = [
            turn for bracket, turn in zip(brackets, turns, strict=True) if bracket.owner == owner
        ]
        found.append(_gathered(bench, span, places[owner], parts[owner], own))
    return found


def _grid(bench: Bench, span: Span, size: int) -> Array:
    """Return the values tried over a range, the present one among them where it lies within."""
    places = np.linspace(span.low, span.high, size)
    present = bench.present(span.number)
    return np.union1d(places, [present] if span.low <= present <= span.high else [])


def _brackets(
    owner: int, places: Array, medians: Array, edge: Word, level: float
) -> list[_Bracket]:
    """Return the pairs of neighbouring values between which the median crosses an edge."""
    above = medians > level
    return [
        _Bracket(owner, edge, level, float(places[k]), float(places[k + 1]), bool(above[k + 1]))
        for k in np.flatnonzero(above[:-1] != above[1:])
    ]


def _halved(bench: Bench, spans: Sequence[Span], brackets: list[_Bracket]) -> list[_Bracket]:
    """Return all brackets, half as wide."""
    middles = [0.5 * (bracket.low + bracket.high) for bracket in brackets]
    points: list[Point] = [
        {spans[bracket.owner].number: middle}
        for bracket, middle in zip(brackets, middles, strict=True)
    ]
    medians = np.median(bench.effects(points), axis=1)
    return [
        bracket._replace(high=middle)
        if (median > bracket.level) == bracket.rising
        else bracket._replace(low=middle)
        for bracket, middle, median in zip(brackets, middles, medians, strict=True)
    ]


class _Found(NamedTuple):
    """A turn with the values tried about it and their effects."""

    turn: Turn
    places: Array
    effects: Array


def _read(bench: Bench, spans: Sequence[Span], brackets: Sequence[_Bracket]) -> list[_Found]:
    """Return the turn within each bracket, with its intervals."""
    if not brackets:
        return []
    chosen = samples(bench.runs, bench.draws, bench.seed)
    ends = [{spans[b.owner].number: v} for b in brackets for v in (b.low, b.high)]
    at_ends = bench.effects(ends).reshape(len(brackets), 2, bench.runs)
    around = [
        _around(spans[bracket.owner], bracket, effects, chosen)
        for bracket, effects in zip(brackets, at_ends, strict=True)
    ]
    points = [
        {spans[bracket.owner].number: value}
        for bracket, places in zip(brackets, around, strict=True)
        for value in places.tolist()
    ]
    parts = np.split(bench.effects(points), np.cumsum([at.size for at in around])[:-1])
    found = []
    for bracket, places, effects in zip(brackets, around, parts, strict=True):
        middle = 0.5 * (bracket.low + bracket.high)
        both = crossings(places, effects, bracket.level, chosen, middle)
        below, above = _words(bracket)
        found.append(_Found(Turn(bracket.edge, below, above, *both), places, effects))
    return found


def _around(span: Span, bracket: _Bracket, effects: Array, chosen: NDArray[np.int64]) -> Array:
    """Return the values about a root from which it is read, within the range.

    They reach as far as the error of the median, and the distance of median and mean, let the two
    roots lie apart; at least as far as the ends of the bracket.
    """
    medians = np.median(effects, axis=1)
    error = float(np.median(effects[0][chosen], axis=1).std())
    apart = abs(float(medians[0] - effects[0].mean()))
    width = bracket.high - bracket.low
    slope = abs(float(medians[1] - medians[0])) / width if width > 0.0 else 0.0
    reach = _WIDTHS * (error + apart) / slope if slope > 0.0 else 0.0
    reach = min(reach, span.high - span.low)
    places = np.linspace(bracket.low - reach, bracket.high + reach, AROUND)
    return np.unique(np.clip(places, span.low, span.high))


def _words(bracket: _Bracket) -> tuple[Word, Word]:
    """Return the verdicts just below and just above a threshold."""
    outward = bracket.rising == (bracket.edge == "backfire")
    return ("null", bracket.edge) if outward else (bracket.edge, "null")


def _gathered(
    bench: Bench, span: Span, places: Array, effects: Array, found: Sequence[_Found]
) -> Thresholds:
    """Return a number's thresholds with all values tried, in rising order."""
    joined = np.concatenate([places, *(item.places for item in found)])
    values = np.concatenate([effects, *(item.effects for item in found)])
    kept, first = np.unique(joined, return_index=True)
    turns = sorted((item.turn for item in found), key=lambda turn: turn.odds.estimate)
    return Thresholds(
        span,
        bench.present(span.number),
        bench.margin,
        tuple(turns),
        kept,
        values[first],
        first < places.size,
        bench.draws,
    )


def turns_table(found: Thresholds) -> pd.DataFrame:
    """Return where the odds turn, a row each.

    Columns: ``key``, ``below`` and ``above`` (verdicts), ``edge`` (the split or the backfire),
    ``threshold`` with ``low`` and ``high`` (where half the runs lie on either side, 95 %), ``mean``
    with ``mean_low`` and ``mean_high`` (where the mean effect is at the edge, 95 %), and ``change``
    (from the present value to the threshold).
    """
    rows = [
        (
            found.span.number.key,
            turn.below,
            turn.above,
            turn.edge,
            *turn.odds,
            *turn.mean,
            turn.odds.estimate - found.present,
        )
        for turn in found.turns
    ]
    columns = ["key", "below", "above", "edge", "threshold", "low", "high"]
    return pd.DataFrame(rows, columns=[*columns, "mean", "mean_low", "mean_high", "change"])


def curve_table(found: Thresholds) -> pd.DataFrame:
    """Return the odds at every value tried.

    Columns: ``value``, ``split``, ``null`` and ``backfire`` (share of runs), ``effect`` (mean) with
    ``q05``, ``q50`` and ``q95`` (over runs).
    """
    effects, margin = found.effects, found.margin
    low, middle, high = np.quantile(effects, [0.05, 0.5, 0.95], axis=1)
    return pd.DataFrame(
        {
            "value": found.places,
            "split": (effects < -margin).mean(axis=1),
            "null": (np.abs(effects) <= margin).mean(axis=1),
            "backfire": (effects > margin).mean(axis=1),
            "effect": effects.mean(axis=1),
            "q05": low,
            "q50": middle,
            "q95": high,
        }
    )


def draws_table(found: Thresholds) -> pd.DataFrame:
    """Return each draw's own threshold at each edge; empty without draws.

    Columns: ``draw``, ``edge``, ``outside`` (whether the draw's mean effect is beyond the edge at
    the present value) and ``threshold``: where the mean effect of the draw's runs crosses the edge
    on the grid, the crossing nearest to the present value; missing where it does not.
    """
    columns = ["draw", "edge", "outside", "threshold"]
    if found.draws is None:
        return pd.DataFrame(columns=columns)
    places, effects = found.places[found.grid], found.effects[found.grid]
    numbers, place = np.unique(found.draws, return_inverse=True)
    means = np.stack([effects[:, place == d].mean(axis=1) for d in range(numbers.size)])
    at = int(np.abs(places - found.present).argmin())
    frames = [
        pd.DataFrame(
            {
                "draw": numbers,
                "edge": edge,
                "outside": [word_for(mean, found.margin) == edge for mean in means[:, at]],
                "threshold": crossing(places, means, level_of(edge, found.margin), found.present),
            }
        )
        for edge in EDGES
    ]
    return pd.concat(frames, ignore_index=True)


class OverDraws(NamedTuple):
    """What draws of the coefficients say of a threshold.

    Attributes:
        draws: how many there are.
        outside: share whose mean effect is beyond the edge at the present value.
        turning: share whose mean effect crosses the edge within the range.
        middle: median threshold of these.
        low: value below which 5 % of their thresholds lie.
        high: value above which 5 % lie.
    """

    draws: int
    outside: float
    turning: float
    middle: float
    low: float
    high: float


def over_draws(table: pd.DataFrame, edge: Word) -> OverDraws:
    """Return what draws say of the threshold at an edge.

    Args:
        table: as from :func:`draws_table`, not empty.
        edge: one of ``EDGES``.
    """
    rows = table[table["edge"] == edge]
    known = rows["threshold"].dropna().to_numpy(dtype=np.float64)
    shares = [ENDS[0], 0.5, ENDS[1]]
    low, middle, high = np.quantile(known, shares) if known.size else [np.nan] * 3
    return OverDraws(
        len(rows),
        float(rows["outside"].mean()),
        known.size / len(rows),
        float(middle),
        float(low),
        float(high),
    )
