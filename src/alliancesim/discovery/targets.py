"""What a rule is sought for: the points of one verdict, or where these are too few, the nearest.

Conditions are not looked at while it is settled what is sought.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from alliancesim.arrays import Array
from alliancesim.measures.verdict import WORDS, Word

FEWEST = 25
"""Points of a verdict below which no rule can be tested on it: five to each part held out."""

RAREST = 0.01
"""Share of points below which a verdict counts as rare; its rule would rest on the corners."""

NEAREST = 0.1
"""Share of points that stand in for a verdict that is rare: those whose effect comes nearest."""

Basis = Literal["verdict", "nearest", "always"]

Flags = NDArray[np.bool_]


@dataclass(frozen=True)
class Target:
    """The points that a rule is to tell from all others.

    Attributes:
        word: the verdict.
        basis: by the points' verdict; by their effect, those nearest to it; or none sought, because
            hardly any point has another verdict.
        hits: which points they are, shape (points,).
        having: number of points that have the verdict itself.
        cut: effect at which those nearest begin; not a number where the verdict itself counts.
    """

    word: Word
    basis: Basis
    hits: Flags
    having: int
    cut: float = math.nan

    @property
    def base(self) -> float:
        """Return the share of all points."""
        return float(self.hits.mean())


def targets(verdicts: NDArray[np.object_], effects: Array) -> list[Target]:
    """Return what rules are sought for, one target for each verdict.

    Args:
        verdicts: each point's commonest verdict, shape (points,).
        effects: each point's mean effect, shape (points,), dimensionless.

    Returns:
        Split, null, backfire. A verdict of fewer than ``FEWEST`` points, or of less than ``RAREST``
        of all, is stood in for by the tenth of points with the lowest effect, the one nearest to
        zero, or the highest.
    """
    return [_target(word, np.asarray(verdicts == word), effects) for word in WORDS]


def is_rare(having: int, points: int) -> bool:
    """Say whether too few points have a verdict for a rule to be sought for it."""
    return having < FEWEST or having < RAREST * points


def distance(word: Word, effects: Array) -> Array:
    """Return how far effects are from a verdict, smaller where they are nearer to it."""
    if word == "split":
        return effects
    return -effects if word == "backfire" else np.abs(effects)


def _target(word: Word, having: Flags, effects: Array) -> Target:
    """Return one verdict's target."""
    number, points = int(having.sum()), len(having)
    if is_rare(points - number, points):
        return Target(word, "always", having, number)
    if not is_rare(number, points):
        return Target(word, "verdict", having, number)
    away = distance(word, effects)
    # By rank, so that it is a tenth even where many effects are equal.
    nearest = np.argsort(away, kind="stable")[: max(FEWEST, round(NEAREST * points))]
    hits = np.zeros(points, dtype=bool)
    hits[nearest] = True
    return Target(word, "nearest", hits, number, float(effects[nearest[-1]]))
