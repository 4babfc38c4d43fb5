"""The one stream of random numbers: a shock is a pure function of what it belongs to.

A shock is addressed by (seed, run, month, ordered dyad, variable). It does not depend on the
engine, on the number of threads, on the order of evaluation or on which other shocks are drawn,
so a world and its twin, or two scenarios side by side, meet the same shocks. Actors enter by a key
made from their name: adding an actor or listing actors in another order moves no shock.

Generator: Philox 4x32 with 10 rounds (Salmon, Moraes, Dror and Shaw, 2011, "Parallel random
numbers: as easy as 1, 2, 3"). Normals: Box and Muller (1958).

Shocks have unit variance here: no coefficient enters, and how far a shock moves a state is the
law's.
"""

from __future__ import annotations

import hashlib

import numpy as np
from numpy.typing import NDArray

from alliancesim.compilation import compiled, inlined
from alliancesim.elementary import logarithm, unit_circle, whole_number

SHOCKED_STATES = ("opinion", "threat", "confidence", "grievance")
"""The states that meet shocks, in the order in which one Philox block supplies them."""

_MULTIPLIER_0 = np.uint64(0xD2511F53)
_MULTIPLIER_1 = np.uint64(0xCD9E8D57)
_WEYL_0 = np.uint64(0x9E3779B9)
_WEYL_1 = np.uint64(0xBB67AE85)
_LOW = np.uint64(0xFFFFFFFF)
_HALF_WORD = np.uint64(32)
_UNIT = 2.0**-32


def actor_key(name: str) -> int:
    """Return the 32-bit key under which an actor's shocks are drawn.

    Args:
        name: the actor's identifier in the scenario file.

    Returns:
        A whole number, 0 <= key < 2**32, that depends on the name alone.
    """
    return int.from_bytes(hashlib.blake2b(name.encode(), digest_size=4).digest(), "little")


@inlined
def philox(
    counter: tuple[np.uint64, np.uint64, np.uint64, np.uint64],
    key: tuple[np.uint64, np.uint64],
) -> tuple[np.uint64, np.uint64, np.uint64, np.uint64]:
    """Return four random 32-bit words for a counter and a key (Salmon et al., 2011).

    Args:
        counter: four 32-bit words, each in a 64-bit integer.
        key: two 32-bit words, each in a 64-bit integer.

    Returns:
        Four 32-bit words, each in a 64-bit integer.
    """
    c0, c1, c2, c3 = counter
    k0, k1 = key
    for _ in range(10):
        # The masks change nothing; they tell the compiler that 32-bit multiplication will do.
        product_0 = _MULTIPLIER_0 * (c0 & _LOW)
        product_1 = _MULTIPLIER_1 * (c2 & _LOW)
        c0 = (product_1 >> _HALF_WORD) ^ c1 ^ k0
        c1 = product_1 & _LOW
        c2 = (product_0 >> _HALF_WORD) ^ c3 ^ k1
        c3 = product_0 & _LOW
        k0 = (k0 + _WEYL_0) & _LOW
        k1 = (k1 + _WEYL_1) & _LOW
    return c0, c1, c2, c3


@inlined
def normal_pair(word_a: np.uint64, word_b: np.uint64) -> tuple[float, float]:
    """Return two independent standard normals from two random 32-bit words (Box and Muller, 1958).

    The radius never exceeds sqrt(-2 ln 2**-33) = 6.76, a tail of probability 1e-11.

    Args:
        word_a: 32-bit word that sets the radius.
        word_b: 32-bit word that sets the angle.

    Returns:
        Two numbers, dimensionless, mean 0 and variance 1.
    """
    radius = np.sqrt(-2.0 * logarithm((whole_number(np.int64(word_a)) + 0.5) * _UNIT))
    x, y = unit_circle(whole_number(np.int64(word_b)) * _UNIT)
    return radius * x, radius * y


@inlined
def dyad_shocks(
    seed: np.uint64, run: np.uint64, month: np.uint64, of: np.uint64, toward: np.uint64
) -> tuple[float, float, float, float]:
    """Return the four standard normals of one ordered dyad in one month of one run.

    Args:
        seed: 64-bit seed of the ensemble.
        run: number of the run, 0 <= run < 2**32.
        month: number of the month, 0 <= month < 2**32.
        of: key of the actor that holds the states (:func:`actor_key`).
        toward: key of the actor they are about.

    Returns:
        Shocks to opinion, threat, confidence and grievance, each standard normal.
    """
    words = philox((run, month, of, toward), (seed & _LOW, seed >> _HALF_WORD))
    opinion, threat = normal_pair(words[0], words[1])
    confidence, grievance = normal_pair(words[2], words[3])
    return opinion, threat, confidence, grievance


@compiled
def draw_row(
    seed: np.uint64, run: np.uint64, month: np.uint64, keys: NDArray[np.uint64], i: int
) -> NDArray[np.float64]:
    """Return the shocks of one actor toward all others in one month.

    Args:
        seed: 64-bit seed of the ensemble.
        run: number of the run.
        month: number of the month.
        keys: keys of all actors, shape (actors,).
        i: index of the actor that holds the states.

    Returns:
        Standard normals, shape (actors, 4), columns as in ``SHOCKED_STATES``; row i is zero.
    """
    shocks = np.zeros((keys.size, 4))
    for j in range(keys.size):
        if j != i:
            opinion, threat, confidence, grievance = dyad_shocks(seed, run, month, keys[i], keys[j])
            shocks[j, 0] = opinion
            shocks[j, 1] = threat
            shocks[j, 2] = confidence
            shocks[j, 3] = grievance
    return shocks
