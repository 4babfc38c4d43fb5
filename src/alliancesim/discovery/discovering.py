"""From a finished experiment to rules: one for each verdict, tested on points held out.

No rule is sought here but by calls of boxes and trees; whether one holds is judged by points that
it was not made from.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

import numpy as np

from alliancesim.discovery.boxes import Found, Tally, find, inside
from alliancesim.discovery.dataset import Dataset
from alliancesim.discovery.folding import FOLDS, Fold, crossed, dealt, pooled
from alliancesim.discovery.targets import Target, targets
from alliancesim.discovery.trees import Tree, grow
from alliancesim.measures.intervals import Interval, share

Standing = Literal["rule", "none", "always"]

STEPS = FOLDS + 2
"""Steps of work for each verdict: the box, one for each part held out, and the tree."""


@dataclass(frozen=True)
class Discovery:
    """What is found for one verdict.

    Attributes:
        target: the points that the rule is to tell from all others.
        found: the box on all points, None where none was sought.
        folds: boxes found without each part of the points.
        tree: the second opinion.
        agreement: share of points that box and tree take for the same, 0 to 1.
        chance: the same share if box and tree had nothing to do with each other.
    """

    target: Target
    found: Found | None = None
    folds: tuple[Fold, ...] = ()
    tree: Tree | None = None
    agreement: float = math.nan
    chance: float = math.nan

    @property
    def held_out(self) -> Tally:
        """Return the tally of all points, each in the box that was found without it."""
        return pooled([fold.held_out for fold in self.folds])

    @property
    def density(self) -> Interval | None:
        """Return the density on points held out (Wilson 1927), None where none lies in a box."""
        out = self.held_out
        return share(out.hits, out.inside) if out.inside else None

    @property
    def coverage(self) -> Interval | None:
        """Return the coverage on points held out."""
        out = self.held_out
        return share(out.hits, out.kind) if out.kind else None

    @property
    def standing(self) -> Standing:
        """Say whether there is a rule: the density held out is surely above that of all points."""
        if self.found is None:
            return "always"
        dense = self.density
        holds = dense is not None and dense.low > self.target.base and bool(self.found.box)
        return "rule" if holds else "none"


@dataclass(frozen=True)
class Discovered:
    """What is found in an experiment.

    Attributes:
        dataset: the experiment.
        discoveries: one for each verdict: split, null, backfire.
    """

    dataset: Dataset
    discoveries: tuple[Discovery, ...]


def discover(dataset: Dataset, progress: Callable[[str, int], None] | None = None) -> Discovered:
    """Return under which conditions a wedge splits, does nothing, or backfires.

    Args:
        dataset: a finished experiment.
        progress: told the verdict at work and the number of steps done, of ``STEPS`` for each.

    Raises:
        InputError: if the libraries of the extra ``workbench`` are not installed.
    """
    discoveries = []
    for place, target in enumerate(targets(dataset.verdicts, dataset.effects)):
        done = [place * STEPS]

        def told(word: str = target.word, done: list[int] = done) -> None:
            done[0] += 1
            if progress is not None:
                progress(word, done[0])

        discoveries.append(of_target(dataset, target, told))
    return Discovered(dataset, tuple(discoveries))


def of_target(dataset: Dataset, target: Target, told: Callable[[], None]) -> Discovery:
    """Return what is found for one verdict.

    Args:
        dataset: the experiment.
        target: the points that a rule is sought for.
        told: called after each step of work.
    """
    if target.basis == "always":
        return Discovery(target)
    table, hits = dataset.table, target.hits
    found = find(table, hits)
    told()
    parts = dealt(dataset.numbers, hits, dataset.seed)
    folds = crossed(table, hits, parts, told)
    tree = grow(table, hits, parts)
    told()
    within, answers = inside(found.box, table), tree.answers
    one, other = float(within.mean()), float(answers.mean())
    chance = one * other + (1.0 - one) * (1.0 - other)
    agreement = float(np.mean(within == answers))
    return Discovery(target, found, tuple(folds), tree, agreement, chance)
