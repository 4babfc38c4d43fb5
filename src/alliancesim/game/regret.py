"""Regret: what a player loses, after the fact, by not having made the best move (Savage 1951).

No probabilities enter: the others may do anything.
"""

from __future__ import annotations

import numpy as np

from alliancesim.arrays import Array
from alliancesim.game.equilibria import TIE, Flags


def regrets(payoffs: Array) -> Array:
    """Return every player's regret in every cell.

    Args:
        payoffs: a payoff tensor; see :mod:`alliancesim.game.equilibria`.

    Returns:
        Of its shape; 0 where the player has no better move.
    """
    found = np.empty_like(payoffs)
    for player, own in enumerate(payoffs):
        found[player] = own.max(axis=player, keepdims=True) - own
    return found


def worst_regrets(payoffs: Array, player: int) -> Array:
    """Return the largest regret of each move of a player over all that the others may do.

    Args:
        payoffs: a payoff tensor.
        player: whose moves.

    Returns:
        Shape (moves, ...).
    """
    own = np.moveaxis(regrets(payoffs)[player], player, 0)
    found: Array = own.max(axis=tuple(range(1, len(payoffs))))
    return found


def least_regretted(worst: Array) -> Flags:
    """Say of every move whether its largest regret is the smallest (minimax regret).

    Args:
        worst: as from :func:`worst_regrets`.

    Returns:
        Of its shape.
    """
    found: Flags = worst <= worst.min(axis=0) + TIE
    return found
