"""The smallest change of any single number that flips the verdict.

The search goes along the path without shocks, on which one run says what the verdict is: every
number is moved over its whole range, one at a time, and where the verdict changes the nearest
change is narrowed by bisection, all numbers at once. The smallest changes are then confirmed with
runs: their thresholds are sought again on shocks. What several numbers would do together is not
asked here.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import pandas as pd

from alliancesim.arrays import Array
from alliancesim.measures.verdict import Word, word_for
from alliancesim.tipping.bench import Bench, Point
from alliancesim.tipping.inputs import Number, numbers_of
from alliancesim.tipping.thresholds import Span, Thresholds, draws_table, over_draws, thresholds

GRID = 9
"""Values tried over the range of a number; what flips there and back between two is missed."""

STEPS = 14
"""Bisections of the stretch between two values."""

CONFIRMED = 8
"""Smallest changes that are confirmed with runs."""

CONFIRMING_GRID = 17
"""Values at which each of them is run."""

COLUMNS = [
    "key",
    "present",
    "low",
    "high",
    "threshold",
    "change",
    "share",
    "prior_sds",
    "verdict",
    "least",
    "most",
]
RUN_COLUMNS = ["with_runs", "with_runs_low", "with_runs_high"]
DRAW_COLUMNS = ["turning", "draws_middle", "draws_low", "draws_high"]


class Ranking(NamedTuple):
    """All numbers by how little each would have to change.

    Attributes:
        word: verdict on the path without shocks as given.
        effect: effect on that path.
        margin: effects within plus or minus this count as nothing.
        table: one row per number, those that flip first, by their share; see :func:`ranking`.
        confirming: what the runs of the first few say.
    """

    word: Word
    effect: float
    margin: float
    table: pd.DataFrame
    confirming: tuple[Thresholds, ...]


class _Stretch(NamedTuple):
    """Two values of a number between which the verdict changes, the first nearer the present."""

    place: int
    near: float
    far: float


def ranking(bench: Bench) -> Ranking:
    """Return every number of a scenario, by the smallest change of it alone that flips the verdict.

    Args:
        bench: where they are tried out.

    Returns:
        With a table of columns ``key``; ``present`` value; ``low`` and ``high`` of its range;
        ``threshold``, the nearest value at which the verdict changes, and ``change`` to there, both
        missing where it never does; ``share``, the size of the change as a share of the range;
        ``prior_sds``, for a coefficient, the same in standard deviations of the logarithm under its
        prior; ``verdict`` beyond the threshold; ``least`` and ``most`` effect over the range. All
        of these are without shocks. ``with_runs`` and its 95 % interval (``with_runs_low``,
        ``with_runs_high``): the threshold on shocks, where it was sought; missing where runs do not
        confirm it. Under a posterior also ``turning``, the share of draws that turn within the
        range, and median and middle 90 % of their thresholds.
    """
    numbers = [n for n in numbers_of(bench.loaded.scenario).values() if not n.is_volatility]
    present = [bench.present(number) for number in numbers]
    effect = float(bench.silent([{}])[0])
    word = word_for(effect, bench.margin)
    bench.doing = "every number over its range"
    grids = [_grid(n, at) for n, at in zip(numbers, present, strict=True)]
    flat: list[Point] = [{n: v} for n, g in zip(numbers, grids, strict=True) for v in g.tolist()]
    parts = np.split(bench.silent(flat), np.cumsum([grid.size for grid in grids])[:-1])
    stretches = [
        stretch
        for place, (grid, effects) in enumerate(zip(grids, parts, strict=True))
        for stretch in _stretches(bench, place, present[place], grid, effects, word)
    ]
    bench.doing = "bisection"
    for _ in range(STEPS):
        stretches = _halved(bench, numbers, stretches, word)
    beyond = bench.silent([{numbers[s.place]: s.far} for s in stretches])
    nearest: dict[int, tuple[float, Word]] = {}
    for stretch, there in zip(stretches, beyond.tolist(), strict=True):
        at, _ = nearest.get(stretch.place, (np.inf, word))
        if abs(stretch.far - present[stretch.place]) < abs(at - present[stretch.place]):
            nearest[stretch.place] = (stretch.far, word_for(there, bench.margin))
    rows = [
        _row(number, present[place], nearest.get(place), parts[place])
        for place, number in enumerate(numbers)
    ]
    table = pd.DataFrame(rows, columns=COLUMNS)
    table = table.sort_values(["share", "key"], kind="stable").reset_index(drop=True)
    confirming = _confirming(bench, table)
    return Ranking(word, effect, bench.margin, _with_runs(table, confirming, word), confirming)


def _grid(number: Number, present: float) -> Array:
    """Return the values tried over a number's whole range, the present one among them."""
    return np.union1d(np.linspace(number.low, number.high, GRID), [present])


def _stretches(
    bench: Bench, place: int, present: float, grid: Array, effects: Array, word: Word
) -> list[_Stretch]:
    """Return the nearest stretch to either side on which the verdict changes."""
    other = np.array([word_for(effect, bench.margin) != word for effect in effects.tolist()])
    at = int(np.abs(grid - present).argmin())
    found = []
    above = np.flatnonzero(other[at:])
    if above.size:
        far = at + int(above[0])
        found.append(_Stretch(place, float(grid[far - 1]), float(grid[far])))
    below = np.flatnonzero(other[: at + 1])
    if below.size:
        far = int(below[-1])
        found.append(_Stretch(place, float(grid[far + 1]), float(grid[far])))
    return found


def _halved(
    bench: Bench, numbers: Sequence[Number], stretches: list[_Stretch], word: Word
) -> list[_Stretch]:
    """Return all stretches, half as long."""
    middles = [0.5 * (stretch.near + stretch.far) for stretch in stretches]
    points: list[Point] = [
        {numbers[s.place]: middle} for s, middle in zip(stretches, middles, strict=True)
    ]
    effects = bench.silent(points).tolist()
    return [
        stretch._replace(near=middle)
        if word_for(effect, bench.margin) == word
        else stretch._replace(far=middle)
        for stretch, middle, effect in zip(stretches, middles, effects, strict=True)
    ]


def _row(
    number: Number, present: float, found: tuple[float, Word] | None, effects: Array
) -> tuple[object, ...]:
    """Return the row of one number."""
    reach = (float(effects.min()), float(effects.max()))
    head = (number.key, present, number.low, number.high)
    if found is None:
        return (*head, np.nan, np.nan, np.nan, np.nan, "", *reach)
    threshold, word = found
    change = threshold - present
    share = abs(change) / (number.high - number.low)
    return (*head, threshold, change, share, _prior_sds(number, present, threshold), word, *reach)


def _prior_sds(number: Number, present: float, threshold: float) -> float:
    """Return a change of a coefficient in standard deviations of its logarithm, else NaN."""
    if number.spread == 0.0 or present <= 0.0:
        return np.nan
    return abs(np.log(threshold / present)) / number.spread if threshold > 0.0 else np.inf


def _confirming(bench: Bench, table: pd.DataFrame) -> tuple[Thresholds, ...]:
    """Return what runs say of the smallest changes."""
    numbers = numbers_of(bench.loaded.scenario)
    first = table[table["threshold"].notna()]["key"].head(CONFIRMED)
    spans = [Span(numbers[key], numbers[key].low, numbers[key].high) for key in first]
    return tuple(thresholds(bench, spans, CONFIRMING_GRID)) if spans else ()


def _with_runs(table: pd.DataFrame, confirming: Sequence[Thresholds], word: Word) -> pd.DataFrame:
    """Return the table with what runs, and draws if there are any, say of the first rows."""
    drawn = any(found.draws is not None for found in confirming)
    columns = [*RUN_COLUMNS, *(DRAW_COLUMNS if drawn else [])]
    told = np.full((len(table), len(columns)), np.nan)
    for place, found in enumerate(confirming):
        row = table.iloc[place]
        silent, words = float(row["threshold"]), {word, row["verdict"]}
        rises = row["change"] > 0.0
        same = [
            turn
            for turn in found.turns
            if {turn.below, turn.above} == words and (turn.below if rises else turn.above) == word
        ]
        if same:
            turn = min(same, key=lambda turn: abs(turn.odds.estimate - silent))
            told[place, : len(RUN_COLUMNS)] = turn.odds
        if drawn:
            over = over_draws(draws_table(found), "split" if "split" in words else "backfire")
            told[place, len(RUN_COLUMNS) :] = over.turning, over.middle, over.low, over.high
    return table.assign(**{name: told[:, k] for k, name in enumerate(columns)})
