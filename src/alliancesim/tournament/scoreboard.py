"""Scores of every theory over all episodes, in sample and out of it apart.

Single episodes are not judged here, which contest does; this module counts them.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
import pandas as pd

from alliancesim.tournament.contest import AHEAD, BASES, basis_of, sample_of, standing
from alliancesim.validation import tables
from alliancesim.validation.scores import clustered_mean
from alliancesim.validation.splits import IN_SAMPLE, LEFT_OUT
from alliancesim.validation.tables import CHANGES, EACH_LEFT_OUT, LEVELS, Judged

KEYS = ["basis", "what", "theory"]


def predictions_table(judged: Sequence[Judged]) -> pd.DataFrame:
    """Return what every theory foretold of each observation that it is judged by.

    Args:
        judged: what was foretold, split by split.

    Returns:
        As from :func:`alliancesim.validation.tables.predictions`, with ``basis`` and ``theory`` for
        split and forecaster, and ``episode`` where a single one was left out.
    """
    found = pd.concat([tables.predictions(one) for one in judged], ignore_index=True)
    found = found.rename(columns={"split": "basis", "forecaster": "theory"})
    alone = found["basis"].str.startswith(LEFT_OUT)
    found.insert(2, "episode", found["basis"].str.removeprefix(LEFT_OUT).where(alone, ""))
    found["basis"] = found["basis"].map(basis_of)
    kept = (found["basis"] == BASES[IN_SAMPLE]) | found["held_out"]
    return found[kept].reset_index(drop=True)


def scoreboard_table(
    judged: Sequence[Judged], rivals: Sequence[str], episodes: pd.DataFrame
) -> pd.DataFrame:
    """Return the scores of every theory over all episodes, rivals first, the best on top.

    Args:
        judged: what was foretold, split by split.
        rivals: the forecasters that are ranked.
        episodes: see :func:`alliancesim.tournament.contest.episodes_table`.

    Returns:
        One row per basis, kind of observation and theory. Beside the scores of
        :func:`alliancesim.validation.tables.scores`: ``rank`` among rivals; ``behind``, mean CRPS
        less that of the best rival, with its 95 % interval over calendar years; ``standing``, as in
        episodes; and ``episodes_ahead``, the number of episodes in which it is ahead of all rivals.
    """
    scores = tables.scores(judged)
    alone = scores["split"].str.startswith(LEFT_OUT)
    scores = scores[~alone | (scores["split"] == EACH_LEFT_OUT)].copy()
    scores.insert(0, "basis", scores["split"].replace(EACH_LEFT_OUT, LEFT_OUT).map(basis_of))
    scores.insert(1, "sample", scores["basis"].map(sample_of))
    scores = scores.drop(columns="split").rename(columns={"forecaster": "theory"})
    ranked = scores["theory"].isin(rivals)
    scores["rank"] = scores[ranked].groupby(["basis", "what"])["crps"].rank()
    scores = scores.merge(pd.DataFrame(_paired(predictions_table(judged), rivals)), on=KEYS)
    ahead = episodes[episodes["standing"] == AHEAD].groupby(KEYS).size()
    index = pd.MultiIndex.from_frame(scores[KEYS])
    scores["episodes_ahead"] = ahead.reindex(index, fill_value=0).to_numpy()
    return scores.sort_values(["basis", "what", "rank"], kind="stable").reset_index(drop=True)


def _paired(predictions: pd.DataFrame, rivals: Sequence[str]) -> Iterator[dict[str, Any]]:
    """Yield how far each theory is behind the best rival, observation by observation."""
    change = predictions["since"] != ""
    pair = predictions["variable"] + " " + predictions["of"] + "-" + predictions["toward"]
    wholes = np.where(change, CHANGES, LEVELS)
    for whats in (wholes, pair.where(~change, "change of " + pair)):
        for (basis, what), rows in predictions.groupby(["basis", whats], sort=False):
            scores = rows.pivot(index=["label", "date"], columns="theory", values="crps")
            ranked = [name for name in rivals if name in scores]
            best = scores[ranked].mean().idxmin()
            years = scores.index.get_level_values("date").str[:4].to_numpy(dtype=np.int64)
            behind = {
                name: clustered_mean((scores[name] - scores[best]).to_numpy(), years)
                for name in scores
            }
            level = [name for name in ranked if name != best and not behind[name].low > 0.0]
            for name, found in behind.items():
                yield {
                    **dict(zip(KEYS, (basis, what, name), strict=True)),
                    "behind": found.estimate,
                    "behind_low": found.low if np.isfinite(found.low) else np.nan,
                    "behind_high": found.high if np.isfinite(found.high) else np.nan,
                    "standing": standing(str(name), str(best), ranked, level),
                }
