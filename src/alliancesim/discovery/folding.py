"""Cross-validation: rules found on four fifths of the points and tested on the fifth left out.

Points are dealt by number and kind alone, never by their conditions.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from alliancesim.discovery.boxes import Box, Found, Tally, find, inside, tally
from alliancesim.discovery.targets import Flags

FOLDS = 5
"""Parts that the points are dealt into."""

Places = NDArray[np.int64]


class Fold(NamedTuple):
    """A box found without some of the points, and tested on them.

    Attributes:
        box: found on the other points by the same steps, screening and choice included.
        fitted: its tally on the points it was found on.
        held_out: its tally on those left out.
        trajectory: tallies on those left out of every box peeled.
    """

    box: Box
    fitted: Tally
    held_out: Tally
    trajectory: tuple[Tally, ...]


def dealt(numbers: Places, hits: Flags, seed: int, folds: int = FOLDS) -> Places:
    """Return the part that each point belongs to.

    The points of the kind, and all others, are dealt out in an order that their numbers and the
    seed alone decide, so that every part has its share of the kind.

    Args:
        numbers: of the points, shape (points,).
        hits: which points are of the kind.
        seed: of the order.
        folds: number of parts.
    """
    keys = [
        hashlib.blake2b(f"{seed} {number}".encode(), digest_size=8).digest()
        for number in numbers.tolist()
    ]
    order = sorted(range(len(keys)), key=lambda place: (not hits[place], keys[place]))
    parts = np.empty(len(keys), dtype=np.int64)
    parts[order] = np.arange(len(keys)) % folds
    return parts


def crossed(
    table: pd.DataFrame,
    hits: Flags,
    parts: Places,
    told: Callable[[], None],
    search: Callable[[pd.DataFrame, Any], Found] = find,
) -> list[Fold]:
    """Return one box for each part, found without it.

    Args:
        table: conditions, one row per point.
        hits: which points are of the kind.
        parts: of :func:`dealt`.
        told: called after each.
        search: finds a box.
    """
    folds = []
    for part in range(int(parts.max()) + 1):
        out = parts == part
        rest, left = table[~out], table[out]
        found = search(rest, hits[~out])
        folds.append(
            Fold(
                found.box,
                found.tally,
                tally(inside(found.box, left), hits[out]),
                tuple(tally(inside(box, left), hits[out]) for box in found.steps),
            )
        )
        told()
    return folds


def pooled(tallies: Sequence[Tally]) -> Tally:
    """Return the tally over all parts; each point is held out once."""
    return sum(tallies, Tally(0, 0, 0, 0))


def found_again(folds: Sequence[Fold], feature: str, *, upper: bool) -> int:
    """Return in how many folds the box has a limit at the same end of the same feature."""
    return sum(
        np.isfinite(fold.box[feature].high if upper else fold.box[feature].low)
        for fold in folds
        if feature in fold.box
    )
