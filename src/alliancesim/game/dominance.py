"""Moves that are worse than another whatever the others do, and what is left without them.

Only one move is held against another: what a mixture of moves dominates stays.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from alliancesim.arrays import Array
from alliancesim.game.equilibria import TIE, Flags


class Removed(NamedTuple):
    """A move that no player who knows the payoffs would make.

    Attributes:
        turn: round of elimination, from 1.
        player: whose.
        move: which.
        by: the move that is always better.
    """

    turn: int
    player: int
    move: int
    by: int


def strictly_better(payoffs: Array, player: int) -> Flags:
    """Say of every two moves of a player whether one is better whatever the others do.

    Args:
        payoffs: a payoff tensor; see :mod:`alliancesim.game.equilibria`.
        player: whose moves.

    Returns:
        Shape (moves, moves, ...): in ``[a, b]`` whether a is better than b in every cell.
    """
    own = np.moveaxis(payoffs[player], player, 0)
    others = tuple(range(2, 1 + len(payoffs)))
    return np.asarray(np.all(own[:, None] > own[None] + TIE, axis=others))


def dominant(payoffs: Array, player: int) -> Flags:
    """Say of every move of a player whether it is better than each other, whatever the others do.

    Args:
        payoffs: a payoff tensor.
        player: whose moves.

    Returns:
        Shape (moves, ...).
    """
    better = strictly_better(payoffs, player)
    found: Flags = better.sum(axis=1) == better.shape[0] - 1
    return found


def undominated(payoffs: Array) -> tuple[list[list[int]], list[Removed]]:
    """Strike out dominated moves, round by round, until none is left (Luce and Raiffa 1957).

    Only moves dominated by another move are struck out, not those dominated by a mixture alone.

    Args:
        payoffs: a payoff tensor without further axes.

    Returns:
        The moves of each player that remain, and those that were struck out, in order.
    """
    kept = [list(range(moves)) for moves in payoffs.shape[1:]]
    removed: list[Removed] = []
    turn = 0
    while True:
        turn += 1
        left = payoffs[np.ix_(range(len(payoffs)), *kept)]
        found = [
            Removed(turn, player, kept[player][worse], kept[player][int(better[:, worse].argmax())])
            for player in range(len(payoffs))
            for better in [strictly_better(left, player)]
            for worse in np.flatnonzero(better.any(axis=0)).tolist()
        ]
        if not found:
            return kept, removed
        removed += found
        for struck in found:
            kept[struck.player].remove(struck.move)
