"""Many runs of a world and its twin on common shocks.

Run r of the world and run r of the twin meet the same shocks, so their difference is the wedge's
doing alone.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np

from alliancesim.actors import Actor
from alliancesim.arrays import Array, State
from alliancesim.model import AllianceModel
from alliancesim.world import World

MOST_RUNS = 2**32
WORLD, TWIN = 0, 1

Progress = Callable[[int], None]


@dataclass(frozen=True)
class Ensemble:
    """The trajectories of all runs.

    Attributes:
        world: the world that was run.
        twin: the same without the wedge.
        seed: seed of the stream of shocks.
        states: shape (2, runs, months + 1, 9, actors, actors): world and twin, run, month (0 is
            the baseline), variable in the order of ``State``, of, toward.
    """

    world: World
    twin: World
    seed: int
    states: Array

    @property
    def runs(self) -> int:
        """Return the number of runs."""
        return int(self.states.shape[1])

    def state(self, side: int, run: int, month: int) -> State:
        """Return the state of the world (0) or the twin (1) in one run at the end of a month."""
        return State(*self.states[side, run, month])

    def digest(self) -> str:
        """Return a digest of every bit of every trajectory."""
        data = np.ascontiguousarray(self.states).astype("<f8", copy=False)
        return hashlib.blake2b(data.tobytes(), digest_size=16).hexdigest()


def run_once(
    world: World,
    seed: int,
    run_number: int,
    actor_types: Mapping[str, type[Actor]] | None = None,
) -> Array:
    """Return one trajectory, shape (months + 1, 9, actors, actors), run by the Mesa model."""
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
    actor_types: Mapping[str, type[Actor]] | None = None,
    progress: Progress | None = None,
) -> Ensemble:
    """Run a world and its twin many times.

    Args:
        world: the world.
        twin: the same without the wedge; same actors and months.
        runs: number of runs, at least 1.
        seed: seed of the stream of shocks.
        actor_types: agent class by actor, where it is not :class:`Actor`.
        progress: called with the number of runs finished after each.

    Returns:
        All trajectories.
    """
    n = len(world.actors)
    states = np.empty((2, runs, world.months + 1, len(State._fields), n, n))
    for run in range(runs):
        states[WORLD, run] = run_once(world, seed, run, actor_types)
        states[TWIN, run] = run_once(twin, seed, run, actor_types)
        if progress is not None:
            progress(run + 1)
    return Ensemble(world, twin, seed, states)
