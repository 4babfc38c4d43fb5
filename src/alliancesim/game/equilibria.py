"""Best responses and Nash equilibria in pure strategies (Nash 1951), for any number of players.

A payoff tensor has the shape (players, moves of the first, ..., moves of the last, ...): behind the
moves any further axes, such as draws, each of which is a game of its own. No lots are drawn here,
which is for mixed, and nothing is known of what payoffs are made of.
"""

from __future__ import annotations

from itertools import product

import numpy as np
from numpy.typing import NDArray

from alliancesim.arrays import Array

TIE = 1e-12
"""Payoffs that differ by no more than this count as equal: rounding alone makes them differ."""

Flags = NDArray[np.bool_]
Profile = tuple[int, ...]


def best_responses(payoffs: Array) -> Flags:
    """Say of every player and cell whether the player has no better move, all others' being given.

    Args:
        payoffs: a payoff tensor.

    Returns:
        Of its shape.
    """
    found = np.empty(payoffs.shape, dtype=bool)
    for player, own in enumerate(payoffs):
        found[player] = own >= own.max(axis=player, keepdims=True) - TIE
    return found


def pure_equilibria(payoffs: Array) -> Flags:
    """Say of every cell whether no player gains by another move alone.

    Args:
        payoffs: a payoff tensor.

    Returns:
        Its shape without the first axis.
    """
    return np.asarray(best_responses(payoffs).all(axis=0))


def settles_in(payoffs: Array) -> dict[Profile, Profile | None]:
    """Return where players who answer in turn end up, from every cell (Cournot 1838).

    In each round the players, in their order, go to their best move against what the others do,
    the first of equals, and stay where they have none that is better.

    Args:
        payoffs: a payoff tensor without further axes.

    Returns:
        By cell the equilibrium in which they come to rest, or None where they go round in a circle.
    """
    answers = best_responses(payoffs)
    return {
        start: _rest(payoffs, answers, start)
        for start in product(*(range(moves) for moves in payoffs.shape[1:]))
    }


def _rest(payoffs: Array, answers: Flags, start: Profile) -> Profile | None:
    """Return the cell in which players who answer in turn come to rest."""
    cell, seen = start, set[Profile]()
    while cell not in seen:
        seen.add(cell)
        before = cell
        for player, own in enumerate(payoffs):
            if not answers[player][cell]:
                line = (*cell[:player], slice(None), *cell[player + 1 :])
                cell = (*cell[:player], int(own[line].argmax()), *cell[player + 1 :])
        if cell == before:
            return cell
    return None
