"""A game solved: at the stated weights, and again in every draw of coefficients and weights.

No concept of solution is defined here, each has its module; this one only puts their answers
together and counts them over draws.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from alliancesim.arrays import Array
from alliancesim.game import dominance, regret
from alliancesim.game.dominance import Removed, undominated
from alliancesim.game.equilibria import Profile, pure_equilibria, settles_in
from alliancesim.game.mixed import Mixed, mixed_equilibria
from alliancesim.game.payoffs import paired, payoff_tensor, stated, varied_stakes
from alliancesim.game.playing import Played
from alliancesim.measures.spread import ENDS

DRAWS, WEIGHTS, BOTH = "draws", "weights", "both"

BASES = (DRAWS, WEIGHTS, BOTH)
"""What is drawn: coefficients (or, without a posterior, shocks) at the stated weights; weights and
costs at mean outcomes; both together."""


class OfMove(NamedTuple):
    """How a move fares over draws; shares from 0 to 1.

    Attributes:
        played: in how many draws it is played in a pure equilibrium; where a draw has several, each
            counts in equal parts, where it has none, no move does.
        dominant: in how many it is better than each other move whatever the others do.
        dominated: in how many another is better whatever the others do.
        least_regretted: in how many its largest regret is the smallest.
        regret: mean of its largest regret, in the unit of payoffs.
        low: lower end of the middle 90 % of that.
        high: upper end.
    """

    played: float
    dominant: float
    dominated: float
    least_regretted: float
    regret: float
    low: float
    high: float


class Robustness(NamedTuple):
    """What holds in how many draws.

    Attributes:
        number: of draws.
        cells: share in which each cell is a pure equilibrium, shape (moves of the first, ...).
        none: share without any pure equilibrium.
        one: share with exactly one.
        moves: by player and move.
    """

    number: int
    cells: Array
    none: float
    one: float
    moves: tuple[tuple[OfMove, ...], ...]


@dataclass(frozen=True)
class Solution:
    """A solved game.

    Attributes:
        played: the outcomes.
        by_draw: payoffs at the stated weights, shape (players, moves of the first, ..., draws).
        payoffs: their means over draws, which the next five attributes are about.
        equilibria: pure ones.
        mixed: in which lots are drawn; None where none were looked for.
        kept: moves of each player that are left when dominated ones are struck out in turn.
        removed: those that are struck out.
        settled: where players who answer in turn come to rest, by cell they start from.
        robustness: by what is drawn, one of ``BASES``.
    """

    played: Played
    by_draw: Array
    payoffs: Array
    equilibria: tuple[Profile, ...]
    mixed: tuple[Mixed, ...] | None
    kept: tuple[tuple[int, ...], ...]
    removed: tuple[Removed, ...]
    settled: dict[Profile, Profile | None]
    robustness: dict[str, Robustness]

    @property
    def observed(self) -> Profile | None:
        """Return the cell of what the players really did, if the file says."""
        loaded = self.played.loaded
        if loaded.game.observed is None:
            return None
        moves = loaded.game.observed.moves
        return tuple(loaded.moves(player).index(moves[player]) for player in loaded.players)

    @property
    def focal(self) -> Profile:
        """Return the cell that is an equilibrium in most draws of coefficients and weights."""
        cells = self.robustness[BOTH].cells
        return tuple(int(k) for k in np.unravel_index(cells.argmax(), cells.shape))

    def loss(self, cell: Profile, player: int, move: int) -> Array:
        """Return what a player forgoes in a cell against another move, by draw, shape (draws,)."""
        own = self.by_draw[player]
        lost: Array = own[(*cell[:player], move, *cell[player + 1 :])] - own[cell]
        return lost

    def answer(self, cell: Profile, player: int) -> int:
        """Return a player's best move against what the others do in a cell."""
        line = (*cell[:player], slice(None), *cell[player + 1 :])
        return int(self.payoffs[player][line].argmax())

    def reached(self, cell: Profile) -> float:
        """Return the share of cells from which players who answer in turn come to rest in one."""
        return sum(end == cell for end in self.settled.values()) / len(self.settled)

    def likeliest(self, player: int, basis: str = BOTH) -> int:
        """Return the move that a player makes in the largest part of draws."""
        moves = self.robustness[basis].moves[player]
        return int(np.argmax([move.played for move in moves]))

    def robust(self, player: int, basis: str = BOTH) -> int:
        """Return the move of which the largest regret is the smallest, on average over draws."""
        moves = self.robustness[basis].moves[player]
        return int(np.argmin([move.regret for move in moves]))


def solve(played: Played) -> Solution:
    """Solve a game.

    Args:
        played: its outcomes.

    Returns:
        Equilibria, dominance, regret, and how far each holds.

    Raises:
        InputError: if the solver of mixed equilibria is needed and not installed.
    """
    loaded, outcomes, changes = played.loaded, played.outcomes, played.changes
    as_stated, drawn = stated(loaded, outcomes), varied_stakes(loaded, outcomes)
    by_draw = payoff_tensor(changes, as_stated)
    payoffs = by_draw.mean(axis=-1)
    kept, removed = undominated(payoffs)
    mixed = mixed_equilibria(payoffs)
    tensors = {
        DRAWS: by_draw,
        WEIGHTS: payoff_tensor(changes.mean(axis=-1, keepdims=True), drawn),
        BOTH: paired(played, drawn),
    }
    return Solution(
        played,
        by_draw,
        payoffs,
        tuple(tuple(cell) for cell in np.argwhere(pure_equilibria(payoffs)).tolist()),
        None if mixed is None else tuple(mixed),
        tuple(tuple(moves) for moves in kept),
        tuple(removed),
        settles_in(payoffs),
        {basis: robustness(tensor) for basis, tensor in tensors.items()},
    )


def robustness(payoffs: Array) -> Robustness:
    """Return what holds in how many draws.

    Args:
        payoffs: shape (players, moves of the first, ..., draws).
    """
    pure = pure_equilibria(payoffs)
    cells = tuple(range(pure.ndim - 1))
    counts = pure.sum(axis=cells)
    credit = pure / np.maximum(counts, 1)
    moves = []
    for player in range(len(payoffs)):
        others = tuple(axis for axis in cells if axis != player)
        shares = credit.sum(axis=others).mean(axis=-1)
        better = dominance.strictly_better(payoffs, player)
        worst = regret.worst_regrets(payoffs, player)
        rows = zip(
            shares,
            dominance.dominant(payoffs, player).mean(axis=-1),
            better.any(axis=0).mean(axis=-1),
            regret.least_regretted(worst).mean(axis=-1),
            worst.mean(axis=-1),
            *np.quantile(worst, ENDS, axis=-1),
            strict=True,
        )
        moves.append(tuple(OfMove(*(float(value) for value in row)) for row in rows))
    return Robustness(
        payoffs.shape[-1],
        pure.mean(axis=-1),
        float((counts == 0).mean()),
        float((counts == 1).mean()),
        tuple(moves),
    )
