"""Boxes: limits on conditions within which points of one kind are dense.

Found by the Patient Rule Induction Method (PRIM; Friedman and Fisher 1999) as adapted to scenario
discovery (Bryant and Lempert 2010), in EMA Workbench's implementation (Kwakkel 2017). From the box
that holds all points a twentieth is peeled off again and again, where that raises the density the
most for each point lost. Which factors may be bounded is not settled here but in dataset, what is
sought in targets, and whether a box is to be believed in folding.
"""

from __future__ import annotations

import math
import warnings
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
from scipy import stats

from alliancesim.discovery.targets import Flags
from alliancesim.scenario.extras import required

SCREENED = 12
"""Features that a box may bound: those whose distributions differ most between points of the kind
and all others. Boxes in words bound far fewer; each more takes time and finds noise."""

PEELED = 0.05
"""Share of the points left that each peel takes away."""

SMALLEST = 0.05
"""Share of all points below which no box goes, or half the share of the kind where that is less."""

INSIGNIFICANT = 0.05
"""Quasi-p-value above which a limit is lifted."""

_ANY = 1e-9


class Limits(NamedTuple):
    """How a box bounds one feature; infinite where it does not.

    Attributes:
        low: smallest value inside.
        high: largest value inside.
        low_p: quasi-p-value of the lower limit, not a number where there is none: the chance of so
            high a density if the limit made no difference (one-sided binomial test; Bryant and
            Lempert 2010). It is computed on the points by which the limit was found.
        high_p: the same of the upper limit.
    """

    low: float = -math.inf
    high: float = math.inf
    low_p: float = math.nan
    high_p: float = math.nan


Box = Mapping[str, Limits]
"""Limits by feature; one that bounds nothing holds all points."""


class Tally(NamedTuple):
    """How many points lie in a box, and of which kind.

    Attributes:
        hits: points of the kind in the box.
        inside: points in the box.
        kind: points of the kind.
        points: all points.
    """

    hits: int
    inside: int
    kind: int
    points: int

    @property
    def coverage(self) -> float:
        """Return the share of the kind that lies in the box."""
        return self.hits / self.kind if self.kind else math.nan

    @property
    def density(self) -> float:
        """Return the share of the box that is of the kind."""
        return self.hits / self.inside if self.inside else math.nan

    @property
    def mass(self) -> float:
        """Return the share of all points that lies in the box."""
        return self.inside / self.points if self.points else math.nan

    @property
    def base(self) -> float:
        """Return the share of all points that is of the kind."""
        return self.kind / self.points if self.points else math.nan

    @property
    def correlation(self) -> float:
        """Return the correlation between lying in the box and being of the kind (phi; Yule 1912).

        It is 1 for a box that holds the kind and nothing else, and 0 for one that holds all points;
        unlike the F-measure it does not favour everything where most points are of the kind.
        """
        spread = self.mass * (1.0 - self.mass) * self.base * (1.0 - self.base)
        if not spread > 0.0:
            return 0.0
        return (self.hits / self.points - self.mass * self.base) / math.sqrt(spread)

    @property
    def error(self) -> float:
        """Return the standard error of the correlation, by its influence function."""
        found = self.correlation
        if found == 0.0:
            return 0.0
        shares = np.array([self.mass, self.base])
        below, spread = -shares / np.sqrt(shares * (1 - shares)), np.sqrt(shares * (1 - shares))
        above = (1 - shares) / spread
        cells = np.array(
            [self.hits, self.inside - self.hits, self.kind - self.hits, 0], dtype=np.float64
        )
        cells[3] = self.points - cells.sum()
        x = np.array([above[0], above[0], below[0], below[0]])
        y = np.array([above[1], below[1], above[1], below[1]])
        influence = x * y - found * (x**2 + y**2) / 2
        return math.sqrt(float(cells @ influence**2)) / self.points

    def __add__(self, other: object) -> Tally:
        """Return the tally of both sets of points together."""
        if not isinstance(other, Tally):
            return NotImplemented
        return Tally(*(mine + theirs for mine, theirs in zip(self, other, strict=True)))


@dataclass(frozen=True)
class Found:
    """What PRIM makes of some points.

    Attributes:
        steps: the boxes peeled, from the one that holds all points to the smallest.
        tallies: of each of them.
        chosen: number of the step that is chosen.
        box: that box without its insignificant limits.
        tally: of that box.
    """

    steps: tuple[Box, ...]
    tallies: tuple[Tally, ...]
    chosen: int
    box: Box
    tally: Tally


def check_installed() -> None:
    """Refuse to begin where EMA Workbench is not installed.

    Raises:
        InputError: in that case.
    """
    _prim()


def _prim() -> Any:
    """Return EMA Workbench's module for PRIM."""
    with warnings.catch_warnings():
        # It warns of optional companions that are not installed.
        warnings.simplefilter("ignore")
        return required("ema_workbench.analysis.prim", "workbench", "the library for PRIM")


def inside(box: Box, table: pd.DataFrame) -> Flags:
    """Say which points lie in a box, those on its limits included."""
    within = np.ones(len(table), dtype=bool)
    for name, limits in box.items():
        values = table[name].to_numpy()
        within &= (values >= limits.low) & (values <= limits.high)
    return within


def tally(within: Flags, hits: Flags) -> Tally:
    """Return how many points lie inside, and of which kind."""
    return Tally(int((within & hits).sum()), int(within.sum()), int(hits.sum()), len(hits))


def screened(table: pd.DataFrame, hits: Flags, most: int = SCREENED) -> list[str]:
    """Return the features whose distribution differs most between the kind and all other points.

    The difference is the largest between the two distribution functions (Smirnov 1939), which sees
    a kind that lies in the middle of a range as well as one at its end.

    Args:
        table: conditions, one row per point.
        hits: which points are of the kind, some but not all.
        most: number of features.
    """
    apart = {
        str(name): stats.ks_2samp(values[hits], values[~hits], method="asymp").statistic
        for name, values in table.items()
    }
    return sorted(apart, key=lambda name: -apart[name])[:most]


def find(table: pd.DataFrame, hits: Flags, peeled: float = PEELED) -> Found:
    """Return the box for a kind of points.

    Of the boxes that PRIM peels, those are looked at whose correlation with the kind lies within
    one standard error of the highest; the one that bounds the fewest features is chosen. Limits
    whose quasi-p-value is above ``INSIGNIFICANT`` are then lifted, the highest first.

    Args:
        table: conditions, one row per point.
        hits: which points are of the kind, some but not all.
        peeled: share of the points left that each peel takes away.

    Raises:
        InputError: if EMA Workbench is not installed.
    """
    names = screened(table, hits)
    smallest = min(SMALLEST, float(hits.mean()) / 2)
    seen = table[names].reset_index(drop=True)
    prim, kind = _prim(), hits.astype(np.int64)
    with warnings.catch_warnings():
        # It calls pandas in ways that later versions of that will not have.
        warnings.simplefilter("ignore", DeprecationWarning)
        search = prim.Prim(seen, kind, threshold=_ANY, peel_alpha=peeled, mass_min=smallest)
        peels = search.find_box()
    steps = _steps(peels)
    tallies = tuple(tally(inside(box, seen), hits) for box in steps)
    chosen = choice(steps, tallies)
    box = _significant(peels, steps[chosen], seen)
    return Found(steps, tallies, chosen, box, tally(inside(box, seen), hits))


def choice(steps: tuple[Box, ...], tallies: tuple[Tally, ...]) -> int:
    """Return the step that bounds the fewest features within one standard error of the best."""
    scores = [found.correlation for found in tallies]
    best = int(np.argmax(scores))
    enough = scores[best] - tallies[best].error
    fit = [step for step, score in enumerate(scores) if score >= enough]
    return min(fit, key=lambda step: (len(steps[step]), -scores[step]))


def _steps(peels: Any) -> tuple[Box, ...]:
    """Return the boxes of the peeling, without those of the pasting at its end."""
    sizes = peels.peeling_trajectory["n"].tolist()
    last = next((k for k in range(1, len(sizes)) if sizes[k] >= sizes[k - 1]), len(sizes))
    ends = zip(peels.box_lims[:last], peels.qp[:last], strict=True)
    return tuple(_box(lims, quasi) for lims, quasi in ends)


def _box(lims: pd.DataFrame, quasi: Mapping[str, list[float]]) -> Box:
    """Return a box of EMA Workbench's, which marks an end without limit by a p-value of -1."""
    found = {}
    for name, (low_p, high_p) in quasi.items():
        low, high = (float(end) for end in lims[name])
        found[str(name)] = Limits(
            low if low_p >= 0 else -math.inf,
            high if high_p >= 0 else math.inf,
            low_p if low_p >= 0 else math.nan,
            high_p if high_p >= 0 else math.nan,
        )
    return found


def _significant(peels: Any, box: Box, table: pd.DataFrame) -> Box:
    """Return a box without the limits that make no difference, lifted one after another."""
    initial = peels.box_lims[0]
    while box:
        worst = max(_quasi_p(box), key=lambda found: found[0])
        if worst[0] <= INSIGNIFICANT:
            break
        _, name, end = worst
        lims = initial.copy()
        for other, limits in box.items():
            for row, limit in enumerate(limits[:2]):
                if math.isfinite(limit) and (other, row) != (name, end):
                    lims.loc[row, other] = limit
        kept = {other: Limits(*lims[other]) for other in box}
        peels.update(lims, np.flatnonzero(inside(kept, table)))
        box = _box(lims, peels.qp[-1])
    return box


def _quasi_p(box: Box) -> list[tuple[float, str, int]]:
    """Return every limit's quasi-p-value, the feature, and 0 for its lower or 1 for its upper."""
    return [
        (p, name, end)
        for name, limits in box.items()
        for end, p in enumerate(limits[2:])
        if not math.isnan(p)
    ]
