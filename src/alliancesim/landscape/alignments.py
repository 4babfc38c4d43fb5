"""Every division of actors into two camps, and its energy (Axelrod and Bennett 1993).

An alignment X puts every actor into one of two camps. Its energy is the sum over ordered pairs of
``s_i s_j p_ij d_ij(X)``: s the size of an actor, p the propensity of a pair, above zero where the
two would rather stand together, and d its distance, 0 in one camp and 1 across camps. Low is good:
friends are together and foes apart. All in one camp have energy 0. Actors move one at a time and
downhill, so an alignment that no single move lowers is a local minimum; what descends to it is its
basin. The energy is that of a spin glass, and the theory says nothing of chance or of haste (Galam
1998).

Alignment number k holds actor i, from 1 on, apart from actor 0 where bit i - 1 of k is set; so
number 0 is one camp of all, and swapping the camps' names gives no other alignment.

Propensities and sizes come as numbers; where they come from is not known here.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from alliancesim.arrays import Array

MOST_ACTORS = 12
"""Actors up to which all alignments are looked at: 2048 of them."""

TIE = 1e-12
"""Energies nearer than this are equal, so that rounding decides nothing."""

Numbers = NDArray[np.int64]
"""Numbers of alignments."""

Truths = NDArray[np.bool_]


def dyads(actors: int) -> tuple[Numbers, Numbers]:
    """Return first and second actor of each unordered pair, in the order of all dyad axes."""
    first, second = np.triu_indices(actors, 1)
    return first.astype(np.int64), second.astype(np.int64)


def camps(actors: int) -> Truths:
    """Return who stands apart from the first actor, shape (alignments, actors)."""
    numbers = np.arange(2 ** (actors - 1)) << 1
    return (numbers[:, None] >> np.arange(actors) & 1).astype(bool)


def together(actors: int, members: Sequence[int]) -> Truths:
    """Return which alignments hold all members in one camp, shape (alignments,)."""
    held = camps(actors)[:, list(members)]
    return np.asarray((held == held[:, :1]).all(axis=1))


def named(number: int, names: Sequence[str]) -> str:
    """Return an alignment in words, such as ``A+B | C``, the first actor's camp first."""
    apart = camps(len(names))[number]
    sides = [
        "+".join(name for name, other in zip(names, apart, strict=True) if other == side)
        for side in (False, True)
    ]
    return " | ".join(side for side in sides if side)


def energies(propensities: Array, sizes: Array) -> Array:
    """Return the energy of every alignment.

    Args:
        propensities: of each pair, shape (..., dyads); above zero draws together.
        sizes: of the actors, above zero, shape (actors,).

    Returns:
        Shape (..., alignments). Sums run in a fixed order, so the bits are the same everywhere.
    """
    first, second = dyads(sizes.size)
    weighed = 2.0 * sizes[first] * sizes[second] * propensities
    found = np.zeros((*propensities.shape[:-1], 1))
    for actor in range(1, sizes.size):
        pulls = [weighed[..., [dyad]] for dyad in np.flatnonzero(second == actor)]
        whole, apart = pulls[0], np.zeros_like(pulls[0])
        for pull in pulls[1:]:
            whole = whole + pull
            apart = np.concatenate([apart, apart + pull], axis=-1)
        # In the first actor's camp it is cut off from all that stand apart, outside from the rest.
        found = np.concatenate([found + apart, found + (whole - apart)], axis=-1)
    return found


def moves(actors: int) -> Numbers:
    """Return the alignment after each actor changes camps, shape (alignments, actors)."""
    # The first actor's move is that of all others the other way.
    bits = np.array([2 ** (actors - 1) - 1, *(1 << i for i in range(actors - 1))])
    return np.asarray(np.arange(2 ** (actors - 1))[:, None] ^ bits, dtype=np.int64)


def lowest(heights: Array) -> Numbers:
    """Return the alignment of least energy, of several equal ones the first.

    Args:
        heights: energies, shape (..., alignments).

    Returns:
        Shape (...).
    """
    near = heights <= heights.min(axis=-1, keepdims=True) + TIE
    return np.asarray(near.argmax(axis=-1), dtype=np.int64)


def _steps(heights: Array, actors: int) -> Numbers:
    """Return where one step of steepest descent leads from each alignment, itself if nowhere."""
    ways = moves(actors)
    ahead = heights[..., ways]
    best = ahead.argmin(axis=-1)
    falls = ahead.min(axis=-1) < heights - TIE
    numbers = np.arange(len(ways))
    return np.where(falls, ways[numbers, best], numbers)


def minima(heights: Array, actors: int) -> Truths:
    """Return which alignments no single move lowers, shape as ``heights``."""
    return np.asarray(_steps(heights, actors) == np.arange(heights.shape[-1]))


def basins(heights: Array, actors: int) -> Numbers:
    """Return the local minimum to which each alignment descends, one actor at a time.

    Args:
        heights: energies, shape (..., alignments).
        actors: number of actors.

    Returns:
        Shape as ``heights``. The steepest move goes first, of equal ones that of the first actor.
    """
    ends = _steps(heights, actors)
    while True:
        further = np.take_along_axis(ends, ends, axis=-1)
        if np.array_equal(further, ends):
            return ends
        ends = further


def barriers(heights: Array, starts: Numbers, goals: Numbers, actors: int) -> Array:
    """Return the least climb on any way from one alignment to another, one actor at a time.

    Args:
        heights: energies, shape (..., alignments).
        starts: where from, shape (...).
        goals: where to, shape (...).
        actors: number of actors.

    Returns:
        Highest energy on the easiest way less that of the start, at least 0, shape (...).
    """
    ways = moves(actors)
    begun = np.arange(heights.shape[-1]) == starts[..., None]
    passes = np.where(begun, heights, np.inf)
    while True:
        spread = np.minimum(passes, np.maximum(heights, passes[..., ways].min(axis=-1)))
        if np.array_equal(spread, passes):
            break
        passes = spread
    return taken(passes, goals) - taken(heights, starts)


def taken(values: Array, numbers: Numbers) -> Array:
    """Return the value of one alignment for each set of values, shape (...).

    Args:
        values: shape (..., alignments).
        numbers: of the alignment, shape (...).
    """
    return np.asarray(np.take_along_axis(values, numbers[..., None], axis=-1)[..., 0])


def next_best(heights: Array, at: Numbers, actors: int) -> Numbers:
    """Return the next best alignment beside one: the lowest of the other local minima.

    Args:
        heights: energies, shape (..., alignments).
        at: the one, shape (...).
        actors: number of actors.

    Returns:
        Shape (...). Where there is no other minimum, the lowest of the other alignments.
    """
    others = np.arange(heights.shape[-1]) != at[..., None]
    rivals = others & minima(heights, actors)
    eligible = np.where(rivals.any(axis=-1, keepdims=True), rivals, others)
    return lowest(np.where(eligible, heights, np.inf))


def present(closeness: Array, actors: int) -> Numbers:
    """Return the alignment that institutions come nearest to.

    The scale of cohesion has no sign, so pairs closer than the mean pair of their month count as
    held together and the others as kept apart.

    Args:
        closeness: cohesion of each pair, shape (..., dyads).
        actors: number of actors.

    Returns:
        Shape (...).
    """
    centred = closeness - closeness.mean(axis=-1, keepdims=True)
    return lowest(energies(centred, np.ones(actors)))
