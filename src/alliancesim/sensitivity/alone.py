"""One factor at a time: the verdict at both ends of its range, all else as given.

Run r of every value meets the same shocks. Between the value as given and either end, a few values
are tried as well, and where the odds turn on the way, the place is read from them. Nothing of what
factors do together is seen here; that is in indices.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from alliancesim.arrays import Array
from alliancesim.experiment.factors import Axis
from alliancesim.experiment.independence import draws_in
from alliancesim.experiment.standing import base_level
from alliancesim.experiment.summary import by_point
from alliancesim.measures.intervals import Interval
from alliancesim.measures.verdict import WORDS, word_for
from alliancesim.scenario.reading import KeyPath
from alliancesim.scenario.schema import Scenario
from alliancesim.sensitivity.stages import Outcomes
from alliancesim.tipping.resampling import crossings, samples
from alliancesim.tipping.thresholds import level_of

GRID = 9
"""Values tried over the range of a number; what turns there and back between two is missed."""

_BESIDE = 1
"""Values to either side of a turn between which it is sought in bootstrap samples."""


class Move(NamedTuple):
    """One factor at one of its values.

    Attributes:
        factor: place of the factor.
        end: ``low``, ``high`` or ``choice``; empty for a value in between.
        value: what the factor is moved to.
    """

    factor: int
    end: str
    value: Any


@dataclass(frozen=True)
class OneAtATime(Axis):
    """All factors as one, of which each value moves another; value 0 leaves all as given.

    Attributes:
        axes: the factors.
        moves: what each value, from 1, does.
    """

    axes: tuple[Axis, ...] = ()
    moves: tuple[Move, ...] = ()

    def settings(self, value: Any) -> Iterator[tuple[KeyPath, Any]]:
        """Yield key path and value of each key that a move lays down."""
        if value:
            move = self.moves[value - 1]
            yield from self.axes[move.factor].settings(move.value)


def one_at_a_time(axes: Sequence[Axis]) -> OneAtATime:
    """Return all moves of factors, each alone: numbers along their range, others to every end."""
    moves: list[Move] = []
    for place, axis in enumerate(axes):
        if axis.kind != "number":
            ends = ("low", "high") if axis.kind == "month" else ("choice",) * axis.count
            moves += [Move(place, *pair) for pair in zip(ends, axis.ends(), strict=True)]
            continue
        tried = list(dict.fromkeys(axis.sampled(np.linspace(0.0, 1.0, GRID)).tolist()))
        within = [Move(place, "", value) for value in tried[1:-1]]
        low, high = Move(place, "low", tried[0]), Move(place, "high", tried[-1])
        moves += [low, *within, high]
    name = "move"
    count = len(moves) + 1
    every: dict[str, Any] = {"count": count, "choices": tuple(range(count))}
    return OneAtATime(
        name, (), (), name, "", "choice", axes=tuple(axes), moves=tuple(moves), **every
    )


class Alone(NamedTuple):
    """What the factors do one at a time.

    Attributes:
        given: the outcome as given, with its interval.
        word: the verdict as given, the commonest over runs; empty where there is no wedge.
        share: of the runs that have it, with its interval; None where there is no wedge.
        table: one row per factor and end; see :func:`alone`.
    """

    given: Interval
    word: str
    share: Interval | None
    table: pd.DataFrame


def alone(
    moved: OneAtATime,
    found: Outcomes,
    scenario: Scenario,
    outcome: str,
    *,
    margin: float | None,
    seed: int,
) -> Alone:
    """Return the outcome and the verdict at the ends of each factor's range.

    Args:
        moved: the moves.
        found: their runs.
        scenario: as given.
        outcome: name of the outcome.
        margin: effects within plus or minus this count as nothing; None where there is no wedge,
            and so no verdict.
        seed: of the bootstrap.

    Returns:
        With a table of columns ``factor``, ``present`` (value as given, of a number), ``end``
        (``low``, ``high`` or ``choice``), ``value``; ``mean`` of the outcome there and ``change``
        from what it is as given, run by run, each with its 95 % interval (``_low``, ``_high``); and
        where there is a verdict ``split``, ``null`` and ``backfire`` (shares of runs, with
        intervals), ``verdict`` (the commonest), ``turns_at`` (the value nearest to the present one
        on the way there at which half the runs have another verdict; missing where there is none,
        or the factor is no number) with its 95 % interval, and ``flips``: whether the verdict at
        the end is another than as given, or turns on the way there at a place whose interval has
        both ends. What failed has no row.
    """
    runs = found.runs[[*found.runs.columns.intersection(["point", "run", "draw"]), outcome]]
    runs = runs.rename(columns={outcome: "effect"})
    told = _by_point(runs, margin or 0.0)
    given = runs[runs["point"] == 0].set_index("run")["effect"]
    apart = runs.assign(effect=runs["effect"] - runs["run"].map(given))
    changes = _by_point(apart, 0.0)
    word = "" if margin is None else str(told[0]["verdict"])
    values = found.matrix(outcome, len(moved.moves) + 1)
    chosen = samples(values.shape[1], draws_in(runs), seed)
    present = [base_level(axis, scenario) if axis.kind == "number" else None for axis in moved.axes]
    rows = []
    for place, move in enumerate(moved.moves, 1):
        if not move.end or place not in told:
            continue
        at = present[move.factor]
        row = {"factor": moved.axes[move.factor].name, "present": at, "end": move.end}
        row |= {"value": move.value, **_with_ends("mean", "effect", told[place])}
        row |= _with_ends("change", "effect", changes[place])
        if margin is not None:
            turn = _turn(*_path(moved, move, at, values), margin, chosen)
            row |= _verdict(told[place], turn, word)
        rows.append(row)
    share = _interval(word, told[0]) if word else None
    return Alone(_interval("effect", told[0]), word, share, pd.DataFrame(rows))


def _interval(column: str, row: Mapping[str, Any]) -> Interval:
    """Return a value of a row with its interval."""
    return Interval(*_with_ends("", column, row).values())


def _by_point(runs: pd.DataFrame, margin: float) -> dict[int, Mapping[str, Any]]:
    """Return what the runs of each point amount to, by the number of the point."""
    rows = by_point(runs, margin).to_dict("records")
    return {row["point"]: {str(key): value for key, value in row.items()} for row in rows}


def _with_ends(name: str, column: str, row: Mapping[str, Any]) -> dict[str, float]:
    """Return a value of a row, with both ends of its interval, under another name."""
    return {f"{name}{end}": float(row[f"{column}{end}"]) for end in ("", "_low", "_high")}


def _verdict(row: Mapping[str, Any], turn: Interval, word: str) -> dict[str, Any]:
    """Return the verdict at one end, where it turns on the way there, and whether it flips."""
    found: dict[str, Any] = {}
    for share in WORDS:
        found |= _with_ends(share, share, row)
    found |= {"verdict": str(row["verdict"]), "turns_at": turn.estimate}
    found |= {"turns_low": turn.low, "turns_high": turn.high}
    turns = math.isfinite(turn.low) and math.isfinite(turn.high)
    return found | {"flips": found["verdict"] != word or turns}


def _path(
    moved: OneAtATime, move: Move, present: float | None, values: Array
) -> tuple[Array, Array]:
    """Return the values of a number from the present one to an end, and the effects at each.

    Both begin with the present value, and are empty where the factor is no number or the present
    value lies beyond the end.
    """
    if present is None or (move.value < present) != (move.end == "low"):
        return np.zeros(0), np.zeros((0, values.shape[1]))
    low, high = min(present, move.value), max(present, move.value)
    tried = {present: 0} | {
        other.value: place
        for place, other in enumerate(moved.moves, 1)
        if other.factor == move.factor
        and low <= other.value <= high
        and other.value != present
        and np.isfinite(values[place]).all()
    }
    order = sorted(tried, reverse=move.end == "low")
    return np.array(order), values[[tried[value] for value in order]]


def _turn(path: Array, effects: Array, margin: float, chosen: NDArray[np.int64]) -> Interval:
    """Return where, along a path, half the runs first have another verdict than at its start.

    Args:
        path: values of a number, rising or falling.
        effects: at each, shape (values, runs).
        margin: effects within plus or minus this count as nothing.
        chosen: runs of each bootstrap sample.
    """
    words = [word_for(effect, margin) for effect in np.median(effects, axis=1).tolist()]
    far = next((place for place, word in enumerate(words) if word != words[0]), None)
    if far is None:
        return Interval(math.nan, math.nan, math.nan)
    edge = words[far] if words[0] == "null" else words[0]
    near = slice(max(0, far - 1 - _BESIDE), far + 1 + _BESIDE)
    order = np.argsort(path[near])
    middle = 0.5 * float(path[far - 1] + path[far])
    level = level_of(edge, margin)
    return crossings(path[near][order], effects[near][order], level, chosen, middle).odds
