"""Shapley values: a whole shared out among players by what each adds, over all orders of joining.

With the causes of a change as players, a player's value is its share of the change. The shares add
up to the whole; players that do the same get the same; one that does nothing gets nothing; and no
other rule that adds up over games does all of this (Shapley 1953). Who the players are, and what
makes a coalition's worth, is not known here.
"""

from __future__ import annotations

from math import comb

import numpy as np

from alliancesim.arrays import Array


def is_member(coalition: int, player: int) -> bool:
    """Say whether a player belongs to a coalition.

    Args:
        coalition: number of the coalition; bit p is set where player p belongs to it.
        player: number of the player.
    """
    return bool(coalition >> player & 1)


def shapley_values(values: Array) -> Array:
    """Return each player's share of what all achieve together beyond what none does.

    What players achieve only together (interaction) is shared equally among those it takes.

    Args:
        values: worth of every coalition, shape (2**players, ...), by the number of the coalition.

    Returns:
        Shape (players, ...), in the unit of the worth; the sum over players is the worth of the
        last coalition less that of the first.
    """
    players = len(values).bit_length() - 1
    shares = np.empty((players, *values.shape[1:]))
    sizes = np.array([number.bit_count() for number in range(len(values))])
    for player in range(players):
        without = np.array([k for k in range(len(values)) if not is_member(k, player)])
        added = values[without | 1 << player] - values[without]
        weights = np.array([1.0 / (players * comb(players - 1, size)) for size in sizes[without]])
        shares[player] = np.tensordot(weights, added, axes=1)
    return shares


def alone(values: Array) -> Array:
    """Return what each player adds to none, shape (players, ...)."""
    players = len(values).bit_length() - 1
    found: Array = values[[1 << player for player in range(players)]] - values[0]
    return found


def last(values: Array) -> Array:
    """Return what each player adds to all others, shape (players, ...)."""
    players, whole = len(values).bit_length() - 1, len(values) - 1
    found: Array = values[whole] - values[[whole - (1 << player) for player in range(players)]]
    return found
