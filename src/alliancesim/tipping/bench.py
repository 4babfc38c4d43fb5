"""Where values are tried out: the effect of the wedge at many points, on common shocks.

A point is a scenario with some of its numbers moved. Run r of every point meets the same shocks,
and has the same draw of the coefficients where these are drawn, so that points differ by the
numbers moved alone (common random numbers). Nothing is sought here: which values are tried next is
for thresholds, frontier and ranking.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from alliancesim import batch
from alliancesim.arrays import Array
from alliancesim.batch import Pair
from alliancesim.coefficients import NAMES
from alliancesim.ensemble import TWIN, WORLD
from alliancesim.measures.robustness import silent_effects
from alliancesim.measures.verdict import is_attempt
from alliancesim.posterior.draws import Posterior
from alliancesim.posterior.nesting import drawn, middle_of
from alliancesim.scenario.reading import KeyPath, Loaded
from alliancesim.scenario.variation import varied
from alliancesim.tipping.inputs import Number
from alliancesim.world import build_world, wedge_levels

TOGETHER = 128
"""Points built and run at a time: enough to keep all cores busy, few enough to hold and to show
progress by."""

Point = Mapping[Number, float]
"""New values of some numbers."""

Progress = Callable[[str, int], None]
"""Told what is being done, and how many points have been run."""


class Bench:
    """A scenario whose numbers can be moved.

    Attributes:
        loaded: the scenario.
        pair: world and twin as given; under a posterior, at the median of each coefficient.
        runs: number of runs of each point.
        seed: of the stream of shocks.
        draws: number of the draw of coefficients that each run takes, shape (runs,), or None.
    """

    def __init__(
        self,
        loaded: Loaded,
        runs: int,
        seed: int,
        posterior: Posterior | None = None,
        progress: Progress | None = None,
    ) -> None:
        """Set up the runs.

        Args:
            loaded: the scenario.
            runs: number of runs of each point, at least 1.
            seed: of the stream of shocks, 0 to 2**64 - 1.
            posterior: draws of the coefficients; without it all runs have the scenario's own.
                Values that the scenario gives, and mechanisms it switches off, are never drawn.
            progress: told of every stretch of points.
        """
        self.loaded = loaded
        self.runs = runs
        self.seed = seed
        self.draws: NDArray[np.int64] | None = None
        self._coefficients: Array | None = None
        world = build_world(loaded.scenario)
        twin = build_world(loaded.scenario, wedge=False)
        if posterior is not None:
            vectors = posterior.vectors(world.coefficients, world.fixed)
            self.draws, self._coefficients = drawn(vectors, runs)
            world = replace(world, coefficients=middle_of(vectors))
        self.pair = Pair(world, replace(twin, coefficients=world.coefficients))
        self._progress = progress
        self._done = 0
        self.doing = ""

    @property
    def margin(self) -> float:
        """Return the margin within which effects count as nothing."""
        return self.pair.world.margin

    @property
    def attempted(self) -> bool:
        """Say whether the strategies as given amount to an attempt at a wedge."""
        members = np.array(
            [code in self.loaded.scenario.outcome.alliance for code in self.pair.world.actors]
        )
        return is_attempt(wedge_levels(self.loaded.scenario), members)

    def present(self, number: Number) -> float:
        """Return what a number is in the scenario as given: a drawn coefficient, its median."""
        if number.coefficient:
            return float(getattr(self.pair.world.coefficients, number.coefficient))
        return number.value

    def effects(self, points: Sequence[Point]) -> Array:
        """Return the effect of the wedge at each point and in each run, shape (points, runs)."""
        found = np.empty((len(points), self.runs))
        for begin in range(0, len(points), TOGETHER):
            some = points[begin : begin + TOGETHER]
            found[begin : begin + len(some)] = self._some_effects(some)
            self._tell(len(some))
        return found

    def silent(self, points: Sequence[Point]) -> Array:
        """Return the effect of the wedge at each point without shocks, shape (points,)."""
        found = np.empty(len(points))
        for begin in range(0, len(points), TOGETHER):
            some = points[begin : begin + TOGETHER]
            found[begin : begin + len(some)] = silent_effects([self._pair_at(p) for p in some])
            self._tell(len(some))
        return found

    def _tell(self, points: int) -> None:
        """Tell of points that have been run."""
        self._done += points
        if self._progress is not None:
            self._progress(self.doing, self._done)

    def _pair_at(self, point: Point) -> Pair:
        """Return world and twin at a point."""
        changes: dict[KeyPath, float] = {}
        law: dict[str, float] = {}
        for number, value in point.items():
            if number.coefficient:
                law[number.coefficient] = value
            else:
                changes |= dict.fromkeys(number.paths, value)
        coefficients = self.pair.world.coefficients._replace(**law)
        world, twin = self.pair
        if changes:
            scenario = varied(self.loaded, changes)
            world, twin = build_world(scenario), build_world(scenario, wedge=False)
        return Pair(
            replace(world, coefficients=coefficients), replace(twin, coefficients=coefficients)
        )

    def _some_effects(self, points: Sequence[Point]) -> Array:
        """Return the effect at some points in each run, shape (points, runs)."""
        pairs = [self._pair_at(point) for point in points]
        if self._coefficients is None:
            return self._run(pairs, None)
        found = np.empty((len(points), self.runs))
        for moved, places in _by_law(points).items():
            table = self._coefficients.copy()
            for name, value in moved:
                table[:, NAMES.index(name)] = value
            found[places] = self._run([pairs[place] for place in places], table)
        return found

    def _run(self, pairs: Sequence[Pair], coefficients: Array | None) -> Array:
        """Return the effect in each pair of worlds and each run, shape (pairs, runs)."""
        late = batch.late_means(
            pairs,
            seed=self.seed,
            run_numbers=np.arange(self.runs),
            coefficients=coefficients,
        )[..., 0]
        effects: Array = late[:, WORLD] - late[:, TWIN]
        return effects


def _by_law(points: Sequence[Point]) -> dict[tuple[tuple[str, float], ...], list[int]]:
    """Return places of points by the coefficients that they move, which all their runs share."""
    groups: dict[tuple[tuple[str, float], ...], list[int]] = defaultdict(list)
    for place, point in enumerate(points):
        moved = tuple((n.coefficient, value) for n, value in point.items() if n.coefficient)
        groups[moved].append(place)
    return groups
