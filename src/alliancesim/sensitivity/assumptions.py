"""The register of assumptions: every number, what it rests on, how far the outcome hangs on it.

No influence is measured here: what screening, indices and alone have found is laid beside what each
number rests on.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from alliancesim.experiment.factors import Axis
from alliancesim.experiment.standing import ground_at
from alliancesim.scenario.schema import Scenario
from alliancesim.sensitivity.indices import OTHERS
from alliancesim.tipping.inputs import Number, numbers_of

INFLUENTIAL = 0.05
"""Total index from which a factor is influential: a twentieth of the variance. The lower end of its
interval has to reach it. Judgement."""

INFLUENTIAL_SCREENED = 0.25
"""Part of the largest mu* from which a factor without an index of its own is influential: what
moves the outcome a quarter as far makes up about a sixteenth of the variance. Judgement."""

INDEX, SCREENING, NOT_VARIED = "total index", "screening", "not varied"


def register(
    scenario: Scenario,
    axes: Sequence[Axis],
    screening: pd.DataFrame,
    indices: pd.DataFrame,
    flips: pd.DataFrame,
) -> pd.DataFrame:
    """Return every number of a scenario and of the law, the most influential first.

    Args:
        scenario: as given.
        axes: the factors.
        screening: as from :func:`alliancesim.sensitivity.screening.screened`.
        indices: as from :func:`alliancesim.sensitivity.indices.indices`.
        flips: as from :func:`alliancesim.sensitivity.alone.alone`.

    Returns:
        Columns ``key``, ``value``, ``unit``, ``low`` and ``high`` (of the range allowed),
        ``basis``, ``source``; ``factor`` that moves it, ``measured_by`` (the total index, screening
        alone, or not varied), ``total`` with its 95 % interval, ``mu_star`` and ``relative`` (as a
        part of the largest), ``rank`` (those with an index first), ``flips`` (whether it alone
        flips the verdict within its range), ``influential``, ``unsourced`` and ``flagged`` (both).
    """
    influence = _influence(axes, screening, indices, flips)
    owner = {key: axis.name for axis in axes for key in axis.keys}
    known: dict[str, Number | None] = dict(numbers_of(scenario))
    known |= dict.fromkeys(key for key in owner if key not in known)
    rows = []
    for key, number in known.items():
        ground = ground_at(scenario, key)
        head = (number.value, number.unit, number.low, number.high) if number else _NO_NUMBER
        rows.append((key, *head, *ground, ground.unsourced, owner.get(key, "")))
    columns = ["key", "value", "unit", "low", "high", "basis", "source", "unsourced", "factor"]
    table = pd.DataFrame(rows, columns=columns).merge(influence, on="factor", how="left")
    table["measured_by"] = table["measured_by"].fillna(NOT_VARIED)
    for name in ("flips", "influential"):
        table[name] = table[name].eq(True)
    table["flagged"] = table["influential"] & table["unsourced"]
    table = table.sort_values(["rank", "key"], kind="stable", na_position="last")
    return table.reset_index(drop=True)


_NO_NUMBER = (np.nan, "", np.nan, np.nan)


def _influence(
    axes: Sequence[Axis], screening: pd.DataFrame, indices: pd.DataFrame, flips: pd.DataFrame
) -> pd.DataFrame:
    """Return how far the outcome hangs on each factor, and its rank."""
    table = screening[["factor", "mu_star"]].merge(
        indices[["factor", "total", "total_low", "total_high"]], on="factor", how="left"
    )
    largest = table["mu_star"].max()
    table["relative"] = table["mu_star"] / largest if largest > 0.0 else 0.0
    own = table["total"].notna()
    table["measured_by"] = np.where(own, INDEX, SCREENING)
    # No member of a group accounts for more than all of it.
    together = indices.loc[indices["factor"] == OTHERS, "total_high"]
    may = bool((together >= INFLUENTIAL).any())
    screened = (table["relative"] >= INFLUENTIAL_SCREENED) & may & (largest > 0.0)
    table["influential"] = np.where(own, table["total_low"] >= INFLUENTIAL, screened)
    order = np.lexsort((-table["mu_star"], -table["total"].fillna(0.0), ~own))
    table.loc[table.index[order], "rank"] = np.arange(1.0, len(table) + 1.0)
    turned = set(flips.loc[flips["flips"], "factor"]) if "flips" in flips else set()
    table["flips"] = table["factor"].isin(turned)
    return table
