"""A landscape as tables.

Only means over runs and their spread are taken here: energies and basins are worked out in
alignments, triads in balance.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import pandas as pd

from alliancesim.arrays import Array
from alliancesim.landscape import alignments
from alliancesim.landscape.balance import balanced_share
from alliancesim.landscape.survey import Posed, Question, Survey, pose
from alliancesim.landscape.target import Target
from alliancesim.measures.spread import LEVEL, spread_of
from alliancesim.posterior.draws import Posterior
from alliancesim.results.manifest import loaded_of, posterior_data
from alliancesim.results.result import table_digest
from alliancesim.study import heading

KIND = "landscape"
WORLD, TWIN, DIFFERENCE = "world", "twin", "difference"
SIDES = (WORLD, TWIN)

GAP, BALANCED, STRENGTH = "gap", "balanced", "balanced_by_strength"
NEXT, BARRIER, HEIGHT, MINIMA = "next_best", "barrier", "height", "minima"

OPINION_WEIGHTS = (0.0, 0.25, 0.5, 0.75, 1.0)
"""Weights of opinion shown side by side, from conduct alone to opinion alone."""


def alignments_table(found: Survey) -> pd.DataFrame:
    """Return every alignment in the month asked for, by the world's energy, one row per side.

    Columns: ``side`` (``world`` or ``twin``), ``number``, ``camps``, ``together`` (whether the
    alliance stands in one camp), energy as ``mean``, ``low``, ``high``, and shares of runs in which
    it is the ``lowest``, a local ``minimum``, the ``present`` one by cohesion, the ``basin`` to
    which the present one descends, and the ``next`` best beside that basin's minimum.
    """
    month, actors = found.posed.month, len(found.actors)
    heights = found.heights(month)
    ends = _present_basins(found, heights)
    chosen = {
        "lowest": alignments.lowest(heights),
        "present": found.present(month),
        "basin": ends,
        "next": alignments.next_best(heights, ends, actors),
    }
    still = alignments.minima(heights, actors).mean(axis=1)
    held = alignments.together(actors, found.members)
    order = np.argsort(heights[0].mean(axis=0), kind="stable")
    rows = [
        {
            "side": side,
            "number": number,
            "camps": alignments.named(number, found.actors),
            "together": bool(held[number]),
            **_ends(heights[s, :, number]),
            "minimum": float(still[s, number]),
            **{what: float((numbers[s] == number).mean()) for what, numbers in chosen.items()},
        }
        for s, side in enumerate(SIDES)
        for number in order.tolist()
    ]
    return pd.DataFrame(rows)


def basins_table(found: Survey) -> pd.DataFrame:
    """Return how the present alignment lies in the landscape of the month asked for.

    Columns: ``side``, ``quantity``, ``mean``, ``low``, ``high``, ``positive`` (share of runs above
    zero). Quantities: ``minima`` (number of local minima), ``height`` of the present alignment
    above the minimum of its basin, energy of the ``next_best`` alignment less that of this minimum,
    and the ``barrier`` between the two.
    """
    actors = len(found.actors)
    heights = found.heights(found.posed.month)
    ends = _present_basins(found, heights)
    rivals = alignments.next_best(heights, ends, actors)
    floor = alignments.taken(heights, ends)
    values = {
        MINIMA: alignments.minima(heights, actors).sum(axis=-1).astype(float),
        HEIGHT: alignments.taken(heights, found.present(found.posed.month)) - floor,
        NEXT: alignments.taken(heights, rivals) - floor,
        BARRIER: alignments.barriers(heights, ends, rivals, actors),
    }
    return pd.DataFrame(
        {"side": side, "quantity": what, **_spread(both[s])}
        for what, both in values.items()
        for s, side in enumerate(SIDES)
    )


def _present_basins(found: Survey, heights: Array) -> alignments.Numbers:
    """Return the minimum to which the present alignment descends, shape (2, runs)."""
    ends = alignments.basins(heights, len(found.actors))
    present = found.present(found.posed.month)
    return np.asarray(np.take_along_axis(ends, present[..., None], axis=-1)[..., 0])


def moves_table(found: Survey) -> pd.DataFrame:
    """Return what each actor's change of camps would do to the energy of the present alignment.

    Columns: ``actor``, ``side`` (``world``, ``twin``, ``difference``), ``mean``, ``low``, ``high``,
    ``positive``. Above zero the move is uphill, so the actor stays.
    """
    month, actors = found.posed.month, len(found.actors)
    heights, present = found.heights(month), found.present(month)
    ways = alignments.moves(actors)
    here = alignments.taken(heights, present)
    rows = []
    for i, actor in enumerate(found.actors):
        costs = alignments.taken(heights, ways[present, i]) - here
        for side, values in _sides(costs):
            rows.append({"actor": actor, "side": side, **_spread(values)})
    return pd.DataFrame(rows)


def paths_table(found: Survey) -> pd.DataFrame:
    """Return gap and balance month by month, in world, twin and their difference.

    Columns: ``month``, ``date``, ``quantity``, ``side``, ``mean``, ``low``, ``high``, ``positive``.
    Quantities: ``gap`` (:meth:`alliancesim.landscape.survey.Survey.gap`), and with three actors or
    more ``balanced`` and ``balanced_by_strength``, the shares of balanced triads.
    """
    actors = len(found.actors)
    rows = []
    for month in range(found.posed.world.months + 1):
        values = {GAP: found.gap(found.heights(month))}
        if actors > 2:
            now = found.propensities[:, :, month]
            values[BALANCED] = balanced_share(now, actors, weighted=False)
            values[STRENGTH] = balanced_share(now, actors, weighted=True)
        date = found.posed.world.date(month)
        for what, both in values.items():
            for side, series in _sides(both):
                row = {"month": month, "date": date, "quantity": what, "side": side}
                rows.append(row | _spread(series))
    return pd.DataFrame(rows)


def lowest_table(found: Survey) -> pd.DataFrame:
    """Return which alignments lie lowest month by month.

    Columns: ``month``, ``date``, ``side``, ``camps``, ``share`` of runs; none with share 0.
    """
    rows = []
    for month in range(found.posed.world.months + 1):
        best = alignments.lowest(found.heights(month))
        for s, side in enumerate(SIDES):
            numbers, counts = np.unique(best[s], return_counts=True)
            for number, count in sorted(zip(numbers, counts, strict=True), key=lambda at: -at[1]):
                rows.append(
                    {
                        "month": month,
                        "date": found.posed.world.date(month),
                        "side": side,
                        "camps": alignments.named(int(number), found.actors),
                        "share": count / best.shape[1],
                    }
                )
    return pd.DataFrame(rows)


def weights_table(found: Survey) -> pd.DataFrame:
    """Return what the landscape of the month asked for would be with other weights of opinion.

    Columns: ``opinion`` (its weight), ``side``, ``camps`` (the alignment most often lowest),
    ``lowest`` (share of runs in which it is), and the gap as ``mean``, ``low``, ``high``,
    ``positive``.
    """
    rows = []
    for weight in sorted({*OPINION_WEIGHTS, found.posed.question.opinion}):
        heights = found.heights(found.posed.month, weight)
        best, gap = alignments.lowest(heights), found.gap(heights)
        for s, side in enumerate(SIDES):
            numbers, counts = np.unique(best[s], return_counts=True)
            first = int(numbers[counts.argmax()])
            rows.append(
                {
                    "opinion": weight,
                    "side": side,
                    "camps": alignments.named(first, found.actors),
                    "lowest": counts.max() / best.shape[1],
                    **_spread(gap[s]),
                }
            )
    return pd.DataFrame(rows)


def _sides(both: Array) -> Iterator[tuple[str, Array]]:
    """Yield world, twin and their difference, shape (runs,) each, from shape (2, runs)."""
    yield from ((WORLD, both[0]), (TWIN, both[1]), (DIFFERENCE, both[0] - both[1]))


def _ends(values: Array) -> dict[str, float]:
    """Return mean and ends of the middle of runs."""
    return {key: value for key, value in _spread(values).items() if key != "positive"}


def _spread(values: Array) -> dict[str, float]:
    """Return mean, ends of the middle and share above zero of runs, shape (runs,)."""
    estimate, low, high, positive = spread_of(values)
    return {"mean": estimate, "low": low, "high": high, "positive": positive}


def tables(found: Survey) -> dict[str, pd.DataFrame]:
    """Return all tables by name."""
    return {
        "alignments": alignments_table(found),
        "basins": basins_table(found),
        "moves": moves_table(found),
        "paths": paths_table(found),
        "lowest": lowest_table(found),
        "weights": weights_table(found),
    }


def manifest(found: Survey, made: dict[str, pd.DataFrame]) -> dict[str, Any]:
    """Return what was asked, of what, with which program, and digests of the tables."""
    target, question = found.posed.target, found.posed.question
    return {
        **heading(KIND, target.name),
        "options": {
            "month": found.posed.world.date(found.posed.month),
            "months": found.posed.world.months,
            "opinion": question.opinion,
            "sizes": dict(zip(found.actors, found.posed.sizes.tolist(), strict=True)),
            "runs": target.runs,
            "seed": target.seed,
        },
        "level": LEVEL,
        **posterior_data(target.posterior),
        "digest": {name: table_digest(table) for name, table in made.items()},
        "scenario": target.scenario.model_dump(mode="json"),
    }


def asked_of(about: dict[str, Any], posterior: Posterior | None) -> Posed:
    """Return the question put to a target, as a manifest has it.

    Args:
        about: the manifest, as :func:`manifest` makes it.
        posterior: the draws of the coefficients, if they were drawn.

    Raises:
        InputError: if its scenario is damaged.
    """
    options = about["options"]
    target = Target(
        about["name"],
        loaded_of(about).scenario,
        options["runs"],
        options["seed"],
        options["months"],
        posterior,
    )
    sizes = [f"{code}={size!r}" for code, size in options["sizes"].items()]
    return pose(target, Question(options["month"], options["opinion"], sizes))
