"""The additive terms that move the cohesion of a dyad, and how much of them still stands later.

The law returns the new level alone, so its branches are told apart here once more; the ledger
refuses what does not add up to that level, and no other state may be booked in this way.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from alliancesim import law
from alliancesim.arrays import Array
from alliancesim.attribution.ledger_terms import TERMS, Course
from alliancesim.bounded import pushed


class Cohesion(NamedTuple):
    """What moved a cohesion in a month.

    Attributes:
        terms: shape (terms of cohesion,).
        fade: share of its distance from rest that it lost by returning there, 0 to 1.
    """

    terms: Array
    fade: float


def cohesion_terms(
    course: Course, i: int, j: int, month: int, levels: tuple[Array, Array]
) -> Cohesion:
    """Return the terms that moved the cohesion of i and j in a month.

    Cohesion follows conduct, the mean of what both do, and is booked by the reasons for it: those
    of both decisions added up by mechanism. Where institutions follow what conduct supports, they
    also return to rest; where they only gain or lose what conduct still adds or takes, they do not.

    Args:
        course: the run.
        i: index of one actor.
        j: index of the other.
        month: month of the run, at least 1.
        levels: how far each term holds i's cooperation with j, and j's with i, away from rest in
            that month, as of :func:`action_levels`.
    """
    world, c, acted = course.side.world, course.coefficients, course.acted(month)
    both = ((i, j), (j, i))
    ends = [float(acted.cooperation[pair]) for pair in both]
    starts = [float(world.baseline.cooperation[pair]) for pair in both]
    roots = np.sqrt([starts, ends])  # (rest or now, direction)
    weights = np.zeros(2)
    grown = roots.sum(axis=0)
    np.divide(grown[::-1], 2.0 * grown, out=weights, where=grown > 0.0)
    conduct, conduct_at_rest = law.geometric_mean(*ends), law.geometric_mean(*starts)
    cohesion, baseline = float(acted.cohesion[i, j]), float(world.baseline.cohesion[i, j])
    change = conduct - conduct_at_rest
    rising = change > 0.0
    room = 1.0 - conduct_at_rest if rising else conduct_at_rest
    share = change / room if room > 0.0 else 0.0
    followed = pushed(baseline, share) - cohesion
    kept = share * (1.0 - cohesion if rising else cohesion)
    rate = c.build if max(followed, kept) > 0.0 else c.erode
    follows = followed >= kept
    level = baseline if follows else cohesion
    scale = rate * (1.0 - level if rising else level) / room if room > 0.0 else 0.0
    reasons = scale * (weights[0] * levels[0] + weights[1] * levels[1])
    fade = rate if follows else 0.0
    return Cohesion(np.append(reasons, fade * (baseline - cohesion)), fade)


def standing(months: list[Cohesion], distance: float) -> Array:
    """Return how much of each term of cohesion still stands, month by month.

    Summed up as they are, the pull of conduct and the return to rest would both grow without end
    while cohesion stays where they balance. So each month's return is charged to the terms whose
    work it undoes, in proportion, and to what had moved cohesion before.

    Args:
        months: what moved it, month by month.
        distance: of cohesion from rest before the first of them.

    Returns:
        Shape (months, terms of cohesion), the last column being what came before, less where that
        began; in each row the sum is the change since then.
    """
    found = np.zeros((len(months) + 1, len(TERMS["cohesion"])))
    found[0, -1] = distance
    for month, (terms, fade) in enumerate(months, start=1):
        found[month] = (1.0 - fade) * found[month - 1]
        found[month, :-1] += terms[:-1]
    found[:, -1] -= distance
    return found[1:]
