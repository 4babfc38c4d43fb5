"""Many runs of a world and its twin on common shocks.

Run r of the world and run r of the twin meet the same shocks, and have the same coefficients where
these are drawn, so their difference is the wedge's doing alone. Two engines give the same bits: the
batch kernel, and the Mesa model run by run. Trajectories only: averages over runs and the verdict
are for measures, and what a scenario asks for is turned into worlds by study.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Literal

import numpy as np
from numpy.typing import NDArray

from alliancesim import batch
from alliancesim.arrays import Array, State
from alliancesim.batch import ALLIANCE, Pair, Series
from alliancesim.coefficients import Coefficients
from alliancesim.posterior.nesting import Drawn
from alliancesim.world import World

if TYPE_CHECKING:
    from alliancesim.actors import Actor

Engine = Literal["batch", "mesa"]
"""What simulates: the kernel, all runs at once, or the Mesa model, one after the other."""

MOST_RUNS = 2**32
WORLD, TWIN = 0, 1

LARGEST_HELD = 2**30
"""Bytes of trajectories held in memory at once; beyond that, runs are made anew when asked for."""

MOST_HELD = LARGEST_HELD // 8
"""Numbers of double precision that these bytes are."""

Progress = Callable[[int], None]
"""Called with a number of runs, again and again while the work goes on."""


@dataclass(frozen=True)
class Ensemble:
    """The trajectories of all runs, held in memory where they fit and else made when asked for.

    Attributes:
        world: the world that was run.
        twin: the same without the wedge.
        seed: seed of the stream of shocks.
        runs: number of runs.
        alliance: mean cohesion of the alliance month by month, shape (2, runs, months + 1), 0 to 1.
        held: every trajectory, shape (2, runs, months + 1, 9, actors, actors): world and twin, run,
            month (0 is the baseline), variable in the order of ``State``, of, toward; or None.
        drawn: each run's own coefficients and the draw they come from; None where all runs have
            those of the worlds.
    """

    world: World
    twin: World
    seed: int
    runs: int
    alliance: Array
    held: Array | None
    drawn: Drawn | None = None

    @property
    def coefficients(self) -> Array | None:
        """Return each run's own coefficients, shape (runs, coefficients), if they are drawn."""
        return None if self.drawn is None else self.drawn.coefficients

    @property
    def draws(self) -> NDArray[np.int64] | None:
        """Return the draw that each run's coefficients come from, shape (runs,), if any."""
        return None if self.drawn is None else self.drawn.draws

    def coefficients_of(self, run: int) -> Coefficients:
        """Return the coefficients of one run, those of world and twin alike."""
        return self.world.coefficients if self.drawn is None else self.drawn.of_run(run)

    @property
    def states(self) -> Array:
        """Return every trajectory, shape as ``held``."""
        return _squares(self, range(self.runs)) if self.held is None else self.held

    def paths(self, series: Sequence[Series]) -> Array:
        """Return series month by month, shape (2, runs, months + 1, series)."""
        if self.held is None:
            return batch.trajectories(
                Pair(self.world, self.twin),
                seed=self.seed,
                run_numbers=range(self.runs),
                series=series,
                coefficients=self.coefficients,
            )
        return np.stack([_path(self.world, self.held, wanted) for wanted in series], axis=-1)

    def paths_in_turn(self, series: Sequence[Series]) -> Iterator[tuple[Series, Array]]:
        """Yield series, each with its paths, shape (2, runs, months + 1).

        As many are made together as memory allows.
        """
        months = self.world.months + 1
        together = max(1, LARGEST_HELD // (2 * self.runs * months * 8))
        for begin in range(0, len(series), together):
            part = series[begin : begin + together]
            paths = self.paths(part)
            for place, wanted in enumerate(part):
                yield wanted, paths[..., place]

    def first(self, runs: int) -> Ensemble:
        """Return the first runs alone, with their trajectories held."""
        some = min(runs, self.runs)
        held = _squares(self, range(some)) if self.held is None else self.held[:, :some]
        drawn = None if self.drawn is None else self.drawn.of_runs(slice(some))
        return replace(self, runs=some, alliance=self.alliance[:, :some], held=held, drawn=drawn)

    def state(self, side: int, run: int, month: int) -> State:
        """Return the state of the world (0) or the twin (1) in one run at the end of a month."""
        if self.held is None:
            return State(*_squares(self, range(run, run + 1))[side, 0, month])
        return State(*self.held[side, run, month])

    def digest(self) -> str:
        """Return a digest of every bit of every trajectory, run by run, world before twin."""
        digest = hashlib.blake2b(digest_size=16)
        together = max(1, LARGEST_HELD // (4 * _bytes_of(self.world, 1)))
        for begin in range(0, self.runs, together):
            numbers = range(begin, min(begin + together, self.runs))
            states = (
                _squares(self, numbers)
                if self.held is None
                else self.held[:, numbers.start : numbers.stop]
            )
            data = np.ascontiguousarray(np.moveaxis(states, 0, 1)).astype("<f8", copy=False)
            digest.update(data.tobytes())
        return digest.hexdigest()


def _bytes_of(world: World, runs: int) -> int:
    """Return the bytes that trajectories of world and twin take."""
    return 2 * runs * (world.months + 1) * len(State._fields) * len(world.actors) ** 2 * 8


def _path(world: World, held: Array, wanted: Series) -> Array:
    """Return one series of trajectories that are held, shape (2, runs, months + 1)."""
    variable = held[:, :, :, State._fields.index(wanted.variable)]
    actors = world.actors
    if wanted != ALLIANCE:
        of, toward = actors.index(str(wanted.of)), actors.index(str(wanted.toward))
        return np.asarray(variable[..., of, toward])
    # Dyads are added in the order of step.alliance_cohesion, so that the bits are the same.
    alliance = world.strategists.alliance
    dyads = np.argwhere(np.triu(alliance))
    total = np.zeros(variable.shape[:3])
    for of, toward in dyads:
        total += variable[..., of, toward]
    return total / len(dyads) if len(dyads) else total


def _squares(ensemble: Ensemble, numbers: range) -> Array:
    """Return whole trajectories of some runs, shape (2, runs, months + 1, 9, actors, actors)."""
    world = ensemble.world
    n = len(world.actors)
    wanted = batch.all_series(world)
    own = ensemble.coefficients
    paths = batch.trajectories(
        Pair(world, ensemble.twin),
        seed=ensemble.seed,
        run_numbers=numbers,
        series=wanted,
        coefficients=None if own is None else own[numbers.start : numbers.stop],
    )
    out = np.zeros((*paths.shape[:3], len(State._fields), n, n))
    apart = ~np.eye(n, dtype=bool)
    out[..., apart] = paths.reshape(*paths.shape[:3], len(State._fields), n * (n - 1))
    return out


def run_once(
    world: World,
    seed: int,
    run_number: int,
    actor_types: Mapping[str, type[Actor]] | None = None,
) -> Array:
    """Return one trajectory, shape (months + 1, 9, actors, actors), run by the Mesa model."""
    from alliancesim.model import AllianceModel  # importing Mesa takes a second

    model = AllianceModel(
        world, rng=seed, run_number=run_number, actor_types=actor_types, record=False
    )
    path = [np.stack(model.state)]
    for _ in range(world.months):
        model.step()
        path.append(np.stack(model.state))
    return np.stack(path)


def simulate(
    world: World,
    twin: World,
    *,
    runs: int,
    seed: int,
    engine: Engine = "batch",
    actor_types: Mapping[str, type[Actor]] | None = None,
    drawn: Drawn | None = None,
    progress: Progress | None = None,
) -> Ensemble:
    """Run a world and its twin many times.

    Args:
        world: the world.
        twin: the same without the wedge; same actors and months.
        runs: number of runs, at least 1.
        seed: seed of the stream of shocks.
        engine: the batch kernel, or the Mesa model, one run at a time; the bits are the same.
        actor_types: agent class by actor, where it is not :class:`Actor`; Mesa then runs it.
        drawn: each run's own coefficients, in place of the worlds'.
        progress: called with the number of runs finished, now and then.

    Returns:
        All trajectories.
    """
    if engine == "mesa" or actor_types:
        held = _simulate_with_mesa(Pair(world, twin), runs, seed, actor_types, drawn, progress)
        return Ensemble(world, twin, seed, runs, _path(world, held, ALLIANCE), held, drawn)
    alliance = batch.trajectories(
        Pair(world, twin),
        seed=seed,
        run_numbers=range(runs),
        series=(ALLIANCE,),
        coefficients=None if drawn is None else drawn.coefficients,
        progress=progress,
    )[..., 0]
    unheld = Ensemble(world, twin, seed, runs, alliance, None, drawn)
    if _bytes_of(world, runs) > LARGEST_HELD:
        return unheld
    return replace(unheld, held=_squares(unheld, range(runs)))


def _simulate_with_mesa(
    pair: Pair,
    runs: int,
    seed: int,
    actor_types: Mapping[str, type[Actor]] | None,
    drawn: Drawn | None,
    progress: Progress | None,
) -> Array:
    """Return every trajectory, shape as ``Ensemble.held``, run by the Mesa model."""
    n = len(pair.world.actors)
    states = np.empty((2, runs, pair.world.months + 1, len(State._fields), n, n))
    for run in range(runs):
        for side, world in enumerate(pair):
            own = world if drawn is None else replace(world, coefficients=drawn.of_run(run))
            states[side, run] = run_once(own, seed, run, actor_types)
        if progress is not None:
            progress(run + 1)
    return states
