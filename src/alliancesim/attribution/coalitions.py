"""The value of every coalition of causes: the outcome in a world that has these causes alone.

What a coalition is worth is not shared out here, but in shapley.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple

import numpy as np

from alliancesim import batch
from alliancesim.arrays import Array
from alliancesim.attribution.causes import Cause, left_out
from alliancesim.attribution.outcome import Asked
from alliancesim.attribution.period import Period
from alliancesim.attribution.shapley import is_member
from alliancesim.batch import Pair, Series
from alliancesim.measures.series import resting
from alliancesim.scenario.schema import Scenario
from alliancesim.world import World, build_world

TOGETHER = 32
"""Pairs of worlds built and run at a time: enough to keep all cores busy, few enough to hold."""

Progress = Callable[[int], None]


class Runs(NamedTuple):
    """The runs that every world makes, on common shocks.

    Attributes:
        number: how many.
        seed: of the stream of shocks.
        coefficients: each run's own, shape (runs, coefficients), instead of the scenario's.
    """

    number: int
    seed: int
    coefficients: Array | None


def coalition_values(
    scenario: Scenario,
    period: Period,
    causes: Sequence[Cause],
    series: Series,
    runs: Runs,
    progress: Progress | None = None,
) -> Array:
    """Return the outcome in each coalition's world, run by run on common shocks.

    Args:
        scenario: a scenario as from :func:`alliancesim.attribution.causes.within`.
        period: the span whose causes are asked for.
        causes: its causes.
        series: what is read, as the mean over the last ``window`` months.
        runs: the runs of each world.
        progress: called with the number of worlds' runs finished, now and then.

    Returns:
        Shape (2**causes, runs), by the number of the coalition: bit c is set where cause c is in.
    """
    values = np.empty((2 ** len(causes), runs.number))
    coalitions = range(len(values))
    for begin in range(0, len(values), 2 * TOGETHER):
        part = coalitions[begin : begin + 2 * TOGETHER]
        worlds = [_world(scenario, period, causes, coalition) for coalition in part]
        # World and twin are two worlds like any other here, so that none is run for nothing but
        # where there is one alone.
        firsts, seconds = worlds[0::2], worlds[1::2] or worlds
        late = batch.late_means(
            [Pair(*pair) for pair in zip(firsts, seconds, strict=True)],
            seed=runs.seed,
            run_numbers=range(runs.number),
            series=(series,),
            coefficients=runs.coefficients,
            progress=None
            if progress is None
            else _counted(progress, begin * runs.number, len(part) // len(firsts)),
        )
        values[part.start : part.stop] = late[..., 0].reshape(-1, runs.number)[: len(part)]
    return values


def starting_values(scenario: Scenario, period: Period, asked: Asked, runs: Runs) -> Array:
    """Return the outcome in the month before a span, run by run, shape (runs,).

    What came before the span is the same with and without its causes, so that an effect begins at
    zero.

    Args:
        scenario: a scenario as from :func:`alliancesim.attribution.causes.within`.
        period: the span.
        asked: what is read.
        runs: the runs.
    """
    if asked.is_effect:
        return np.zeros(runs.number)
    if period.before == 0:
        return np.full(runs.number, resting(build_world(scenario), asked.series))
    read_once = scenario.outcome.model_copy(update={"window": 1})
    past = build_world(scenario.model_copy(update={"outcome": read_once}), months=period.before)
    late = batch.late_means(
        [Pair(past, past)],
        seed=runs.seed,
        run_numbers=range(runs.number),
        series=(asked.series,),
        coefficients=runs.coefficients,
    )
    return np.ascontiguousarray(late[0, 0, :, 0])


def _world(scenario: Scenario, period: Period, causes: Sequence[Cause], coalition: int) -> World:
    """Return the world of a coalition."""
    absent = [cause for c, cause in enumerate(causes) if not is_member(coalition, c)]
    return build_world(left_out(scenario, period, absent))


def _counted(progress: Progress, before: int, worlds: int) -> Progress:
    """Return a progress callback for pairs of one or two worlds, after the runs already made."""
    return lambda pairs: progress(before + worlds * pairs)
