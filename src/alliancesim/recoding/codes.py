"""Random codes for the grades of a scale that keep their order, their ties and what is measured.

Two widths. In *any order-preserving* way: between two neighbouring values that stay, grades are put
at sorted even draws, so that every set of codes in that order is equally likely and nothing but the
order is kept. *Within half a grade*: each moves evenly between the middles of the ways to its
neighbours, so that no two grades come to lie nearer to one another's place than to their own.

Which numbers may move at all is not settled here, but in judgements.
"""

from __future__ import annotations

import zlib
from collections.abc import Sequence
from typing import Literal

import numpy as np

from alliancesim.arrays import Array
from alliancesim.recoding.judgements import Scale
from alliancesim.tipping.inputs import Number

Width = Literal["order alone", "half a grade"]
ORDER: Width = "order alone"
HALF: Width = "half a grade"
WIDTHS: tuple[Width, ...] = (ORDER, HALF)


def codes(scale: Scale, recodings: int, seed: int, width: Width) -> Array:
    """Return new values of a scale's grades.

    Args:
        scale: the scale.
        recodings: how many sets of codes.
        seed: of the draws, which are the scale's own: another scale shifts none of them, and the
            first sets are the same however many follow.
        width: how far the codes may go.

    Returns:
        Shape (recodings, grades), each row strictly rising, in the range of the scale.
    """
    stream = np.random.default_rng([seed, zlib.crc32(scale.name.encode())])
    draws = stream.random((recodings, scale.grades.size))
    if width == HALF:
        ends = np.union1d(scale.grades, scale.fixed)
        middles = 0.5 * (ends[1:] + ends[:-1])
        place = np.searchsorted(ends, scale.grades)
        low, high = middles[place - 1], middles[place]
    else:
        gap = np.searchsorted(scale.fixed, scale.grades)
        low, high = scale.fixed[gap - 1], scale.fixed[gap]
        for one in np.unique(gap):
            within = gap == one
            draws[:, within] = np.sort(draws[:, within], axis=1)
    return np.asarray(low + (high - low) * draws)


def points(scales: Sequence[Scale], drawn: Sequence[Array]) -> list[dict[Number, float]]:
    """Return recodings as new values of the judgements.

    Args:
        scales: those that are recoded, at least one.
        drawn: codes of each, shape (recodings, grades), all of as many recodings.
    """
    return [
        {
            number: float(row[place])
            for scale, row in zip(scales, rows, strict=True)
            for number, place in zip(scale.numbers, scale.places, strict=True)
        }
        for rows in zip(*drawn, strict=True)
    ]
