"""How balanced the triads are (Heider 1946; Cartwright and Harary 1956).

A triad is balanced where the product of its three signs is positive: friends of friends are
friends, and so are foes of foes. Only signs count here, while the energy weighs how strong a
relation is.
"""

from __future__ import annotations

from itertools import combinations

import numpy as np

from alliancesim.arrays import Array
from alliancesim.landscape.alignments import Numbers, dyads


def triads(actors: int) -> Numbers:
    """Return the three pairs of each triad, as numbers of dyads, shape (triads, 3)."""
    first, second = dyads(actors)
    place = {(int(i), int(j)): d for d, (i, j) in enumerate(zip(first, second, strict=True))}
    rows = [(place[i, j], place[i, k], place[j, k]) for i, j, k in combinations(range(actors), 3)]
    return np.array(rows, dtype=np.int64).reshape(len(rows), 3)


def balanced_share(relations: Array, actors: int, *, weighted: bool) -> Array:
    """Return the share of triads that are balanced.

    Args:
        relations: signed relation of each pair, shape (..., dyads).
        actors: number of actors.
        weighted: whether a triad counts by its strength, the geometric mean of the sizes of its
            three relations, instead of counting as one.

    Returns:
        Shape (...), 0 to 1. Triads in which a relation is zero have no sign and do not count;
        where none counts nothing is out of balance, and the share is 1.
    """
    products = relations[..., triads(actors)].prod(axis=-1)
    weights = np.cbrt(np.abs(products)) if weighted else np.abs(np.sign(products))
    whole = weights.sum(axis=-1)
    held = np.where(products > 0, weights, 0.0).sum(axis=-1)
    return np.asarray(np.divide(held, whole, out=np.ones_like(whole), where=whole > 0))
