"""Every cell of a game, run with the batch kernel on common shocks and common draws.

Outcomes only: what they are worth to anybody is for payoffs.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from alliancesim import batch
from alliancesim.arrays import Array
from alliancesim.batch import Pair, Series
from alliancesim.game.outcomes import series_of
from alliancesim.game.reading import LoadedGame
from alliancesim.measures.series import resting
from alliancesim.posterior.nesting import drawn
from alliancesim.world import World, build_world

TOGETHER = 32
"""Pairs of worlds built and run at a time: enough to keep all cores busy, few enough to hold."""

Progress = Callable[[int], None]


@dataclass(frozen=True)
class Played:
    """What every cell leads to, draw by draw.

    Attributes:
        loaded: the game.
        outcomes: names of the outcomes, each once.
        draws: number of each draw of the coefficients or, without a posterior, of each run.
        start: outcomes at the baseline of the scenario, shape (outcomes,).
        levels: outcomes in every cell as means over the last months of the runs that share a draw,
            shape (outcomes, moves of the first player, ..., moves of the last, draws).
    """

    loaded: LoadedGame
    outcomes: tuple[str, ...]
    draws: NDArray[np.int64]
    start: Array
    levels: Array

    @property
    def changes(self) -> Array:
        """Return outcomes less what they are at the baseline, of the shape of ``levels``."""
        start = self.start.reshape(-1, *[1] * (self.levels.ndim - 1))
        changes: Array = self.levels - start
        return changes


def outcomes_of(loaded: LoadedGame) -> tuple[str, ...]:
    """Return the outcomes that any player wants, each once, in the order of the file."""
    players = loaded.game.players.values()
    return tuple(
        dict.fromkeys(want.outcome for player in players for want in player.wants.values())
    )


def play(loaded: LoadedGame, progress: Progress | None = None) -> Played:
    """Run every cell of a game.

    Args:
        loaded: the game.
        progress: called with the number of worlds' runs finished, now and then.

    Returns:
        The outcomes of every cell. Run r of every cell meets the same shocks and has the same
        coefficients, so that cells differ by moves alone.

    Raises:
        InputError: if moves that are valid one by one make no valid scenario together.
    """
    outcomes, sampling = outcomes_of(loaded), loaded.game.sampling
    world = build_world(loaded.base.scenario)
    parts = [series_of(outcome, world.actors) for outcome in outcomes]
    runs, draws, coefficients = sampling.runs, np.arange(sampling.runs), None
    if loaded.posterior is not None:
        vectors = loaded.posterior.vectors(world.coefficients, world.fixed)
        draws, coefficients = drawn(vectors, runs)
    series = tuple(dict.fromkeys(found for part in parts for found in part))
    places = [[series.index(found) for found in part] for part in parts]
    numbers, at = np.unique(draws, return_inverse=True)
    levels = np.empty((len(outcomes), int(np.prod(loaded.shape)), numbers.size))
    profiles = list(loaded.profiles())
    for begin in range(0, len(profiles), 2 * TOGETHER):
        worlds = [build_world(loaded.played(p)) for p in profiles[begin : begin + 2 * TOGETHER]]
        late = _late(worlds, series, sampling.seed, runs, coefficients, progress, begin)
        for number, cell in enumerate(late, start=begin):
            levels[:, number] = _by_draw(np.stack([cell[:, p].mean(axis=1) for p in places]), at)
    start = np.array([np.mean([resting(world, found) for found in part]) for part in parts])
    return Played(loaded, outcomes, numbers, start, levels.reshape(-1, *loaded.shape, numbers.size))


def _late(
    worlds: Sequence[World],
    series: tuple[Series, ...],
    seed: int,
    runs: int,
    coefficients: Array | None,
    progress: Progress | None,
    before: int,
) -> Array:
    """Return late means of worlds, shape (worlds, runs, series)."""
    # World and twin are two cells here, so that none is run for nothing but an odd last one.
    firsts, seconds = worlds[0::2], [*worlds[1::2], *worlds[:1]]
    late = batch.late_means(
        [Pair(*pair) for pair in zip(firsts, seconds, strict=False)],
        seed=seed,
        run_numbers=range(runs),
        series=series,
        coefficients=coefficients,
        progress=None if progress is None else lambda done: progress(before * runs + 2 * done),
    )
    cells: Array = late.reshape(-1, runs, len(series))[: len(worlds)]
    return cells


def _by_draw(values: Array, at: NDArray[np.intp]) -> Array:
    """Return means over the runs that share a draw, from (quantities, runs)."""
    sizes = np.bincount(at)
    return np.stack([np.bincount(at, weights=row) / sizes for row in values])
