"""The frontier over two numbers: the curve in their plane along which the odds turn.

The contours of an experiment's phase diagram are not from here: figures.phase draws those between
cells, while this curve is sought.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import pandas as pd

from alliancesim.arrays import Array
from alliancesim.tipping.bench import Bench, Point
from alliancesim.tipping.resampling import crossings, samples
from alliancesim.tipping.thresholds import EDGES, Span, level_of

GRID = 21
"""Values tried of each number."""

_BESIDE = 1
"""Cells to either side of a crossing between which it is sought in bootstrap samples."""


@dataclass(frozen=True)
class Frontier:
    """Two numbers varied over a plane.

    Attributes:
        spans: the first number, on the horizontal axis, and the second.
        present: their values in the scenario as given.
        margin: effects within plus or minus this count as nothing.
        cells: one row per cell; see :func:`frontier`.
        curve: one row per place of the frontier.
    """

    spans: tuple[Span, Span]
    present: tuple[float, float]
    margin: float
    cells: pd.DataFrame
    curve: pd.DataFrame


def frontier(bench: Bench, first: Span, second: Span, size: int = GRID) -> Frontier:
    """Return where in the plane of two numbers the odds turn.

    The frontier is sought along every line of the grid, in both directions: where the median
    effect, straight between neighbouring values, crosses an edge.

    Args:
        bench: where they are tried out.
        first: the number on the horizontal axis, and its range.
        second: the number on the vertical axis.
        size: values tried of each.

    Returns:
        Cells with columns ``x``, ``y``, ``split``, ``null``, ``backfire`` (share of runs),
        ``effect`` (mean) and ``median``; the curve with columns ``edge``, ``x``, ``y``, ``along``
        (the axis along which the place was sought: ``x`` or ``y``) and ``low`` and ``high`` (its
        95 % interval along that axis), in rising order of the other axis.
    """
    bench.doing = "plane"
    x, y = (np.linspace(span.low, span.high, size) for span in (first, second))
    points: list[Point] = [
        {first.number: across, second.number: up} for across in x.tolist() for up in y.tolist()
    ]
    effects = bench.effects(points)
    margin = bench.margin
    grid = np.array([list(point.values()) for point in points])
    cells = pd.DataFrame(
        {
            "x": grid[:, 0],
            "y": grid[:, 1],
            "split": (effects < -margin).mean(axis=1),
            "null": (np.abs(effects) <= margin).mean(axis=1),
            "backfire": (effects > margin).mean(axis=1),
            "effect": effects.mean(axis=1),
            "median": np.median(effects, axis=1),
        }
    )
    cube = effects.reshape(size, size, bench.runs)
    rows = [*_curve(bench, x, y, cube, "y"), *_curve(bench, y, x, cube.swapaxes(0, 1), "x")]
    return Frontier(
        (first, second),
        (bench.present(first.number), bench.present(second.number)),
        margin,
        cells,
        pd.DataFrame(rows, columns=["edge", "x", "y", "along", "low", "high"]),
    )


def _curve(
    bench: Bench, across: Array, along: Array, cube: Array, axis: str
) -> Iterator[tuple[object, ...]]:
    """Yield every place at which the median crosses an edge, sought along one axis.

    Args:
        bench: says margin, seed and draws.
        across: values of the other number, one line each.
        along: values of the number along the lines.
        cube: effects, shape (across, along, runs).
        axis: the axis along which is sought.
    """
    chosen = samples(bench.runs, bench.draws, bench.seed)
    medians = np.median(cube, axis=2)
    for edge in EDGES:
        level = level_of(edge, bench.margin)
        above = medians > level
        for line, cell in np.argwhere(above[:, :-1] != above[:, 1:]):
            near = slice(max(0, cell - _BESIDE), cell + 2 + _BESIDE)
            middle = 0.5 * float(along[cell] + along[cell + 1])
            place = crossings(along[near], cube[line, near], level, chosen, middle).odds
            at = (float(across[line]), place.estimate)
            yield (edge, *(at if axis == "y" else at[::-1]), axis, place.low, place.high)
