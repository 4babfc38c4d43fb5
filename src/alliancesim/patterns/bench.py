"""Runs cases once each, on common shocks, and remembers what it has run.

Nothing is compared here; tipping has a bench of its own, on which numbers move and not cases.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace

from alliancesim import batch
from alliancesim.arrays import Array
from alliancesim.batch import ALLIANCE, Pair, Series
from alliancesim.measures.robustness import VOLATILITIES
from alliancesim.patterns.cases import Case
from alliancesim.scenario.reading import load
from alliancesim.world import build_world

Progress = Callable[[int], None]


@dataclass(frozen=True)
class Bench:
    """Where cases are run; equal runs of all cases meet equal shocks.

    Attributes:
        runs: number of runs of each case, at least 1.
        seed: of the stream of shocks.
        changed: values of coefficients other than the cases' own.
        progress: called with the number of cases run.
        pairs: worlds and twins that were built, by case; shared with benches made from this one.
        made: paths that were run, by case and series.
    """

    runs: int
    seed: int
    changed: Mapping[str, float] = field(default_factory=dict)
    progress: Progress | None = None
    pairs: dict[Case, Pair] = field(default_factory=dict)
    made: dict[tuple[Case, Series], Array] = field(default_factory=dict)

    def pair(self, case: Case) -> Pair:
        """Return world and twin of a case.

        Raises:
            InputError: if the case's scenario or settings are wrong.
        """
        if case not in self.pairs:
            scenario = load(case.scenario, case.settings).scenario
            self.pairs[case] = Pair(build_world(scenario), build_world(scenario, wedge=False))
        return self.altered(self.pairs[case])

    def altered(self, pair: Pair) -> Pair:
        """Return a world and its twin with the bench's coefficients."""
        return Pair(
            *(
                replace(world, coefficients=world.coefficients._replace(**self.changed))
                for world in pair
            )
        )

    def paths(self, case: Case, variable: str, of: str, toward: str) -> Array:
        """Return a variable of an ordered dyad, shape (2, runs, months + 1): world and twin."""
        return self._path(case, Series(variable, of, toward))

    def cohesion(self, case: Case) -> Array:
        """Return cohesion of the alliance in question, shape (2, runs, months + 1)."""
        return self._path(case, ALLIANCE)

    def window(self, case: Case) -> int:
        """Return the number of last months over which a case's outcome is averaged."""
        return self.pair(case).world.window

    def silent(self, **changed: float) -> Bench:
        """Return a bench of a single run without shocks, with these coefficients changed."""
        quiet = dict.fromkeys(VOLATILITIES, 0.0)
        return Bench(1, self.seed, {**self.changed, **quiet, **changed}, pairs=self.pairs)

    def _path(self, case: Case, series: Series) -> Array:
        """Return one series of a case, run if it was not run before."""
        if (case, series) not in self.made:
            found = batch.trajectories(
                self.pair(case),
                seed=self.seed,
                run_numbers=range(self.runs),
                series=(series,),
            )
            self.made[case, series] = found[..., 0]
            if self.progress is not None:
                self.progress(len({case for case, _ in self.made}))
        return self.made[case, series]
