"""What an experiment found, as plain data: for its summary and for the terminal.

No statistics of its own, which are in summary, and no sentences, which are the report's.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pandas as pd

from alliancesim.experiment.design import design_table
from alliancesim.experiment.parts import DRAW, POINT, RUN, Plan
from alliancesim.experiment.store import Store, read_runs, runs_by_part
from alliancesim.experiment.summary import by_point, importance, main_effects
from alliancesim.measures.verdict import WORDS

MOST_RUNS = 20_000_000
"""Most runs that factors are judged by; of a larger sweep, the first runs at each point are."""

MOST_FACTORS = 12
"""Most factors named, the strongest first."""


def points_table(plan: Plan, store: Store) -> pd.DataFrame:
    """Return what the runs of each finished point amount to, see :func:`summary.by_point`.

    Part after part, so that it does not matter how many runs there are.
    """
    margin = plan.loaded.base.scenario.outcome.margin.value
    tables = [by_point(runs, margin) for runs in runs_by_part(store.folder) if len(runs)]
    return pd.concat(tables, ignore_index=True) if tables else pd.DataFrame({POINT: []})


def findings(plan: Plan, store: Store, points: pd.DataFrame) -> dict[str, Any]:
    """Return what the finished points say.

    Args:
        plan: the experiment.
        store: its folder.
        points: of :func:`points_table`.

    Returns:
        ``points``, how many points have each verdict as their commonest; ``outcome``, the one
        analysed; ``runs_per_point``, how many the analysis uses; and ``factors``, the strongest
        first. Each factor has ``lowest`` and ``highest``: the level at which the mean outcome is
        lowest and highest, with that ``mean`` and its 95 % interval ``low``, ``high``. In a global
        analysis it has ``coefficient``, a standardised rank regression coefficient, in place of
        these.
    """
    analysis = plan.loaded.experiment.analysis
    outcome = "effect" if analysis is None else analysis.outcome
    found: dict[str, Any] = {"points": dict.fromkeys(WORDS, 0), "outcome": outcome, "factors": []}
    if not len(points):
        return found
    counted = points["verdict"].value_counts()
    found["points"] = {word: int(counted.get(word, 0)) for word in WORDS}
    used = max(1, min(plan.loaded.experiment.replicates, MOST_RUNS // len(points)))
    keys = [POINT, RUN] if plan.loaded.posterior is None else [POINT, RUN, DRAW]
    runs = read_runs(store.folder, [*keys, outcome])
    runs = runs[runs[RUN] < used]
    table = design_table(plan.design)
    seed = plan.loaded.experiment.seed
    found["runs_per_point"] = used
    if analysis is not None and analysis.kind == "global":
        found["factors"] = _weights(importance(runs, table, outcome, seed=seed))
    else:
        sampled = plan.loaded.experiment.design.kind != "grid"
        found["factors"] = _spans(main_effects(runs, table, outcome, sampled=sampled))
    return found


def _spans(effects: pd.DataFrame) -> list[dict[str, Any]]:
    """Return each factor's levels with the lowest and the highest mean, the widest span first."""
    spans = []
    for name, levels in effects.groupby("factor", sort=False):
        means = levels["mean"].to_numpy(np.float64)
        low, high = levels.iloc[int(means.argmin())], levels.iloc[int(means.argmax())]
        spans.append((float(high["mean"] - low["mean"]), name, low, high))
    spans.sort(key=lambda span: -span[0])
    return [
        {"factor": str(name), "lowest": _level(low), "highest": _level(high)}
        for _, name, low, high in spans[:MOST_FACTORS]
    ]


def _level(row: pd.Series[Any]) -> dict[str, Any]:
    """Return one level of a factor with the mean outcome there."""
    level = row["level"]
    return {
        "level": level.item() if isinstance(level, np.generic) else level,
        "mean": float(row["mean"]),
        "low": _finite(row["mean_low"]),
        "high": _finite(row["mean_high"]),
    }


def _weights(found: pd.DataFrame) -> list[dict[str, Any]]:
    """Return the strongest factors with their weights."""
    return [
        {
            "factor": str(row["factor"]),
            "coefficient": {
                "mean": _finite(row["coefficient"]),
                "low": _finite(row["low"]),
                "high": _finite(row["high"]),
            },
        }
        for row in found.head(MOST_FACTORS).to_dict("records")
    ]


def _finite(value: Any) -> float | None:
    """Return a number, or nothing where it is not known."""
    return float(value) if math.isfinite(value) else None
