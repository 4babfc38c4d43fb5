"""A second opinion: a small tree of rules (CART; Breiman and others 1984), from scikit-learn.

Nothing rests on it: where tree and box disagree, the box is reported and the disagreement told.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from alliancesim.discovery.boxes import Box, Limits, Tally, tally
from alliancesim.discovery.folding import Places
from alliancesim.discovery.targets import Flags
from alliancesim.measures.intervals import Interval
from alliancesim.scenario.extras import required

DEPTH = 3
"""Questions asked in a row at most, so that a rule can be said in a sentence."""

LEAF = 0.02
"""Smallest share of all points in a leaf."""

_QUANTILE = 1.959963984540054


@dataclass(frozen=True)
class Leaf:
    """One rule of a tree.

    Attributes:
        box: the conditions on the way to it; limits have no p-values.
        tally: of the points in it.
        says: whether the tree takes its points for the kind: most of them are.
    """

    box: Box
    tally: Tally
    says: bool


@dataclass(frozen=True)
class Tree:
    """A tree and what it is worth.

    Attributes:
        leaves: its rules, the densest first.
        answers: which points it takes for the kind, shape (points,).
        right: share of points held out that it has right, 0 to 1.
        majority: the same of the rule that says of every point what most are.
        gain: difference of the two with its 95 % interval over points.
    """

    leaves: tuple[Leaf, ...]
    answers: Flags
    right: float
    majority: float
    gain: Interval


def grow(table: pd.DataFrame, hits: Flags, parts: Places) -> Tree:
    """Return a small tree that tells a kind of points from all others.

    Args:
        table: conditions, one row per point.
        hits: which points are of the kind.
        parts: parts of the points, each held out once.

    Raises:
        InputError: if scikit-learn is not installed.
    """
    learner = required("sklearn.tree", "workbench", "the library for trees of rules")
    values = table.to_numpy(dtype=np.float64)
    answers, usual = np.zeros(len(hits), dtype=bool), np.zeros(len(hits), dtype=bool)
    for part in range(int(parts.max()) + 1):
        out = parts == part
        answers[out] = _fitted(learner, values[~out], hits[~out]).predict(values[out])
        usual[out] = hits[~out].mean() > 0.5
    better = (answers == hits).astype(np.float64) - (usual == hits)
    half = _QUANTILE * float(better.std(ddof=1)) / math.sqrt(len(hits))
    gain = float(better.mean())
    tree = _fitted(learner, values, hits)
    return Tree(
        _leaves(tree, [str(name) for name in table], values, hits),
        np.asarray(tree.predict(values), dtype=bool),
        float((answers == hits).mean()),
        float((usual == hits).mean()),
        Interval(gain, gain - half, gain + half),
    )


def _fitted(learner: Any, values: Any, hits: Flags) -> Any:
    """Return a tree; of splits that are equally good the seed decides, always in the same way."""
    smallest = max(5, round(LEAF * len(hits)))
    tree = learner.DecisionTreeClassifier(
        max_depth=DEPTH, min_samples_leaf=smallest, random_state=0
    )
    return tree.fit(values, hits)


def _leaves(tree: Any, names: list[str], values: Any, hits: Flags) -> tuple[Leaf, ...]:
    """Return the rules of a tree, the densest first."""
    of, shape = tree.apply(values), tree.tree_
    found = []

    def walk(node: int, box: dict[str, Limits]) -> None:
        if shape.children_left[node] < 0:
            counted = tally(np.asarray(of == node), hits)
            found.append(Leaf(box, counted, counted.density > 0.5))
            return
        name, cut = names[shape.feature[node]], float(shape.threshold[node])
        old = box.get(name, Limits())
        walk(shape.children_left[node], {**box, name: old._replace(high=cut)})
        walk(shape.children_right[node], {**box, name: old._replace(low=cut)})

    walk(0, {})
    return tuple(sorted(found, key=lambda leaf: -leaf.tally.density))
