"""What cells are worth to the players: weighted changes of outcomes, less what moves cost.

The payoff of player p is the sum over its wants of weight times change of the outcome since the
baseline, less the cost of its move. Weights and costs are judgements, so they are varied: each is
multiplied by a factor of its own, log-normal with median 1. None changes its sign by that. Nothing
is run here, and no player is advised.
"""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np

from alliancesim.arrays import Array
from alliancesim.game.playing import Played
from alliancesim.game.reading import LoadedGame

_NINE_IN_TEN = 1.6448536269514722
"""Standard deviations within which 90 % of a normal distribution lie."""


class Stakes(NamedTuple):
    """What players want and what moves cost, as stated or drawn.

    Attributes:
        weights: of outcomes, shape (players, outcomes, draws).
        costs: of moves, one array per player, shape (moves, draws).
    """

    weights: Array
    costs: tuple[Array, ...]


def stated(loaded: LoadedGame, outcomes: tuple[str, ...]) -> Stakes:
    """Return weights and costs as the file has them, a single draw."""
    players = loaded.game.players.values()
    weights = np.zeros((len(players), len(outcomes), 1))
    for place, player in enumerate(players):
        for want in player.wants.values():
            weights[place, outcomes.index(want.outcome), 0] += want.weight.value
    costs = ([[move.cost.value] for move in player.moves.values()] for player in players)
    return Stakes(weights, tuple(np.array(rows) for rows in costs))


def varied_stakes(loaded: LoadedGame, outcomes: tuple[str, ...]) -> Stakes:
    """Return draws of weights and costs around those of the file, as many as it says."""
    sampling, found = loaded.game.sampling, stated(loaded, outcomes)
    generator = np.random.default_rng(sampling.seed)
    spread = math.log(sampling.factor) / _NINE_IN_TEN

    def multiplied(values: Array) -> Array:
        shape = (*values.shape[:-1], sampling.weights)
        factors: Array = np.exp(spread * generator.standard_normal(shape))
        return values * factors

    return Stakes(multiplied(found.weights), tuple(multiplied(costs) for costs in found.costs))


def payoff_tensor(changes: Array, stakes: Stakes) -> Array:
    """Return what every cell is worth to every player.

    Args:
        changes: of outcomes, shape (outcomes, moves of the first player, ..., draws).
        stakes: weights and costs; as many draws, or one on either side.

    Returns:
        Shape (players, moves of the first player, ..., draws).
    """
    draws = max(changes.shape[-1], stakes.weights.shape[-1])
    found = np.zeros((len(stakes.costs), *changes.shape[1:-1], draws))
    for player, costs in enumerate(stakes.costs):
        for change, weight in zip(changes, stakes.weights[player], strict=True):
            if weight.any():
                found[player] += weight * change
        found[player] -= _along(costs, player, len(stakes.costs))
    return found


def _along(costs: Array, player: int, players: int) -> Array:
    """Return costs of shape (moves, draws) so that they spread over the other players' moves."""
    shape = [1] * players
    shape[player] = len(costs)
    return costs.reshape(*shape, costs.shape[-1])


def paired(played: Played, stakes: Stakes) -> Array:
    """Return payoffs with coefficients and stakes drawn together.

    Draws of the coefficients and of the stakes are paired in their order, and the fewer taken again
    and again, until there is one of each for the more numerous.

    Args:
        played: outcomes by draw of the coefficients.
        stakes: drawn weights and costs.

    Returns:
        Shape (players, moves of the first player, ..., draws).
    """
    changes = played.changes
    draws = max(changes.shape[-1], stakes.weights.shape[-1])
    first = np.arange(draws) % changes.shape[-1]
    second = np.arange(draws) % stakes.weights.shape[-1]
    taken = Stakes(stakes.weights[..., second], tuple(cost[:, second] for cost in stakes.costs))
    return payoff_tensor(changes[..., first], taken)
