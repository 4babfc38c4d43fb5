"""Nash equilibria in mixed strategies, found with Nashpy (Knight and Campbell 2018).

Two players' equilibria are found by support enumeration (Nisan and others 2007, algorithm 3.4).
With more players, moves that are dominated are struck out first, which loses no equilibrium; if two
players at most have a choice left, theirs is a game of two. Otherwise none are looked for. Pure
equilibria are not given here a second time.
"""

from __future__ import annotations

import warnings
from typing import Any, NamedTuple

import numpy as np

from alliancesim.arrays import Array
from alliancesim.game.dominance import undominated
from alliancesim.game.equilibria import TIE
from alliancesim.scenario.extras import required

_GAIN = 1e-9
"""Largest gain by another move, in parts of the range of payoffs, that counts as none."""


class Mixed(NamedTuple):
    """An equilibrium in which at least one player draws lots.

    Attributes:
        probabilities: of every move, one array per player.
        payoffs: expected, one per player.
    """

    probabilities: tuple[Array, ...]
    payoffs: tuple[float, ...]


def mixed_equilibria(payoffs: Array) -> list[Mixed] | None:
    """Return equilibria in mixed strategies.

    Args:
        payoffs: a payoff tensor without further axes; see :mod:`alliancesim.game.equilibria`.

    Returns:
        Those in which somebody draws lots, each checked to leave nobody a gain; None where more
        than two players have a choice that is not dominated, so that none were looked for.

    Raises:
        InputError: if Nashpy is needed and not installed.
    """
    kept, _ = undominated(payoffs)
    choosing = [player for player, moves in enumerate(kept) if len(moves) > 1]
    if len(choosing) > 2:
        return None
    if len(choosing) < 2:
        return []
    left = payoffs[np.ix_(choosing, *kept)].reshape(2, *(len(kept[p]) for p in choosing))
    found = []
    for pair in _of_two(left):
        shares = [np.zeros(moves) for moves in payoffs.shape[1:]]
        for player, moves in enumerate(kept):
            shares[player][moves] = pair[choosing.index(player)] if player in choosing else 1.0
        expected = tuple(float(_expected(own, shares)) for own in payoffs)
        if any(np.max(share) < 1.0 - _GAIN for share in pair) and _holds(payoffs, shares):
            found.append(Mixed(tuple(shares), expected))
    return found


def _of_two(payoffs: Array) -> list[tuple[Array, Array]]:
    """Return all equilibria of a game of two players."""
    nash = required("nashpy", "game", "the solver of games")
    spread = float(np.ptp(payoffs)) or 1.0
    game = nash.Game(*(payoffs / spread))
    with warnings.catch_warnings():
        # Nashpy warns of an even number of equilibria, as degenerate games have.
        warnings.simplefilter("ignore")
        return list(game.support_enumeration(non_degenerate=False, tol=TIE))


def _expected(own: Array, shares: list[Array]) -> Any:
    """Return a player's payoff when all draw lots."""
    for share in shares:
        own = np.tensordot(share, own, axes=1)
    return own


def _holds(payoffs: Array, shares: list[Array]) -> bool:
    """Say whether no player gains by any pure move."""
    slack = _GAIN * (float(np.ptp(payoffs)) or 1.0)
    for player, own in enumerate(payoffs):
        rest = [share for other, share in enumerate(shares) if other != player]
        by_move = np.array([_expected(line, rest) for line in np.moveaxis(own, player, 0)])
        if by_move.max() > shares[player] @ by_move + slack:
            return False
    return True
