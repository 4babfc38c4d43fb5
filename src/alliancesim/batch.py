"""Many runs at once: outcomes of worlds and their twins on common shocks."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from alliancesim.arrays import Array
from alliancesim.model import AllianceModel
from alliancesim.step import alliance_cohesion
from alliancesim.world import World


class Pair(NamedTuple):
    """A world and its twin: the same actors and months, without the wedge."""

    world: World
    twin: World


class Series(NamedTuple):
    """What is averaged over the last months of a run.

    ``variable`` is a field of ``State``; without ``of`` and ``toward`` it is ``cohesion``, averaged
    over the dyads of the alliance in question.
    """

    variable: str
    of: str | None = None
    toward: str | None = None


ALLIANCE = Series("cohesion")


def late_means(
    pairs: Sequence[Pair],
    *,
    seed: int,
    run_numbers: Sequence[int],
    series: Sequence[Series] = (ALLIANCE,),
    threads: int | None = None,
) -> Array:
    """Return means over the last ``window`` months of each series, run by run.

    Args:
        pairs: worlds with their twins.
        seed: seed of the stream of shocks.
        run_numbers: numbers of the runs that each pair makes; equal numbers meet equal shocks.
        series: what is averaged.
        threads: number of threads; all cores if left out.

    Returns:
        Shape (pairs, 2, runs, series): world, then twin.
    """
    out = np.empty((len(pairs), 2, len(run_numbers), len(series)))
    for p, pair in enumerate(pairs):
        for side, world in enumerate(pair):
            for r, number in enumerate(run_numbers):
                model = AllianceModel(world, rng=seed, run_number=number, record=False)
                sums = np.zeros(len(series))
                for _ in range(world.months):
                    model.step()
                    if model.month > world.months - world.window:
                        for s, wanted in enumerate(series):
                            if wanted.of is None or wanted.toward is None:
                                mask = world.strategists.alliance
                                sums[s] += alliance_cohesion(model.state.cohesion, mask)
                            else:
                                i = world.actors.index(wanted.of)
                                j = world.actors.index(wanted.toward)
                                sums[s] += getattr(model.state, wanted.variable)[i, j]
                out[p, side, r] = sums / world.window
    return out
