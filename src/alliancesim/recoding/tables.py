"""Recodings as tables, what a manifest says of them, and the tables that a folder holds.

Verdicts are counted here and not given; the folder is not written here but by report.recodings.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from scipy import stats

from alliancesim.arrays import Array
from alliancesim.measures import intervals
from alliancesim.measures.intervals import LEVEL, Interval
from alliancesim.measures.verdict import WORDS
from alliancesim.recoding.judgements import reasons_to_stay
from alliancesim.recoding.question import ALL, VERDICTS, Recoded, Trial
from alliancesim.results.manifest import posterior_data
from alliancesim.results.result import table_digest
from alliancesim.results.tables import without_guards
from alliancesim.scenario.problems import InputError, Problem
from alliancesim.study import heading

KIND = "recode"

_TEXTS = ("width", "scale", "verdict", "key", "basis", "stays")
_TRUTHS = ("same", "recoded")
_COUNTS = ("number", "recodings", "judgements", "grades")

FEWEST_COMPARED = 10
"""Recodings in which the verdict falls, and in which it stands, from which the two are compared."""


def recodings_table(found: Recoded) -> pd.DataFrame:
    """Return every recoding, a row each.

    Columns: ``width``, ``scale`` (``all`` or the one recoded alone), ``number``; ``effect`` (mean
    over runs); ``split``, ``null`` and ``backfire`` (share of runs); ``verdict``; ``same``
    (whether it is that of the scenario as given); and one column ``moved NAME`` per scale, the mean
    move of its judgements.
    """
    frames = []
    for trial in found.trials:
        columns: dict[str, Any] = {
            "width": trial.width,
            "scale": trial.scale,
            "number": np.arange(len(trial.outcomes)),
            "effect": [outcome.effect for outcome in trial.outcomes],
        }
        for place, word in enumerate(WORDS):
            columns[word] = [outcome.shares[place] for outcome in trial.outcomes]
        columns["verdict"] = [outcome.word for outcome in trial.outcomes]
        columns["same"] = _stands(found, trial)
        still = np.zeros(len(trial.outcomes))
        for scale in found.scales:
            columns[f"moved {scale.name}"] = trial.moved.get(scale.name, still)
        frames.append(pd.DataFrame(columns))
    return pd.concat(frames, ignore_index=True)


def _stands(found: Recoded, trial: Trial) -> list[bool]:
    """Return whether the verdict of each recoding is that of the scenario as given."""
    return [outcome.word == found.given.word for outcome in trial.outcomes]


def shares_table(found: Recoded) -> pd.DataFrame:
    """Return in which share of recodings the verdict stands, and which others it becomes.

    Columns: ``width``, ``scale``, ``recodings``; ``stands``, ``split``, ``null``, ``backfire`` and
    ``not a wedge`` (shares of recodings by their verdict), each with Wilson's 95 % interval in
    ``... low`` and ``... high``; ``below`` (share in which the mean effect is below zero);
    ``effect`` (its mean over recodings) with ``q05``, ``q50`` and ``q95``.
    """
    rows = []
    for trial in found.trials:
        total = len(trial.outcomes)
        words = [outcome.word for outcome in trial.outcomes]
        effects = np.array([outcome.effect for outcome in trial.outcomes])
        row: dict[str, Any] = {"width": trial.width, "scale": trial.scale, "recodings": total}
        counts = {"stands": sum(_stands(found, trial))}
        counts |= {word: words.count(word) for word in VERDICTS}
        for name, count in counts.items():
            share = intervals.share(count, total)
            row |= {name: share.estimate, f"{name} low": share.low, f"{name} high": share.high}
        low, middle, high = np.quantile(effects, [0.05, 0.5, 0.95])
        row |= {"below": float((effects < 0.0).mean()), "effect": float(effects.mean())}
        rows.append(row | {"q05": low, "q50": middle, "q95": high})
    return pd.DataFrame(rows)


def influence_table(found: Recoded) -> pd.DataFrame:
    """Return which scale's recoding goes with the effect, and with the verdict's fall.

    Read from the recodings of all scales at once. Columns: ``width``, ``scale``, ``judgements`` and
    ``grades`` (how many move on it); ``correlation`` (Spearman's) of their mean move with the mean
    effect, with ``correlation low`` and ``correlation high`` (Bonett and Wright 2000);
    ``difference``, the mean move where the verdict falls less that where it stands, with its ends
    (Welch 1947), missing where either is hardly ever so.
    """
    rows = []
    for trial in found.trials:
        if trial.scale != ALL:
            continue
        effects = np.array([outcome.effect for outcome in trial.outcomes])
        stands = np.array(_stands(found, trial))
        for scale in found.scales:
            moved = trial.moved[scale.name]
            row: dict[str, Any] = {"width": trial.width, "scale": scale.name}
            row |= {"judgements": len(scale.numbers), "grades": scale.grades.size}
            for name, (value, low, high) in (
                ("correlation", _correlation(moved, effects)),
                ("difference", _difference(moved[~stands], moved[stands])),
            ):
                row |= {name: value, f"{name} low": low, f"{name} high": high}
            rows.append(row)
    return pd.DataFrame(rows)


def _correlation(moved: Array, effects: Array) -> Interval:
    """Return Spearman's rank correlation with its 95 % interval; missing where nothing varies."""
    if moved.size < FEWEST_COMPARED or np.ptp(moved) == 0.0 or np.ptp(effects) == 0.0:
        return Interval(np.nan, np.nan, np.nan)
    value = float(stats.spearmanr(moved, effects).statistic)
    middle = np.arctanh(np.clip(value, -1.0 + 1e-12, 1.0 - 1e-12))
    error = np.sqrt((1.0 + value**2 / 2.0) / (moved.size - 3))
    low, high = np.tanh(middle + error * np.array(stats.norm.interval(LEVEL)))
    return Interval(value, float(low), float(high))


def _difference(falls: Array, stands: Array) -> Interval:
    """Return the difference of two means with its 95 % interval; missing where few are compared."""
    if min(falls.size, stands.size) < FEWEST_COMPARED:
        return Interval(np.nan, np.nan, np.nan)
    ends = stats.ttest_ind(falls, stands, equal_var=False).confidence_interval(LEVEL)
    return Interval(float(falls.mean() - stands.mean()), float(ends.low), float(ends.high))


def judgements_table(found: Recoded) -> pd.DataFrame:
    """Return every number on a scale that holds judgements.

    Columns: ``scale``, ``key``, ``value``, ``basis``, ``recoded`` (true or false) and ``stays``
    (why, where it is not).
    """
    names = {scale.name for scale in found.scales}
    rows = [
        (
            judgement.scale,
            judgement.number.key,
            judgement.number.value,
            judgement.basis,
            not why,
            why,
        )
        for judgement, why in reasons_to_stay(found.numbers)
        if judgement.scale in names
    ]
    columns = ["scale", "key", "value", "basis", "recoded", "stays"]
    return pd.DataFrame(rows, columns=columns)


def tables(found: Recoded) -> dict[str, pd.DataFrame]:
    """Return all tables by name."""
    return {
        "shares": shares_table(found),
        "influence": influence_table(found),
        "recodings": recodings_table(found),
        "judgements": judgements_table(found),
    }


def manifest(found: Recoded, made: dict[str, pd.DataFrame], words: Sequence[str]) -> dict[str, Any]:
    """Return what was asked, of what, with which program, and digests of the tables.

    Args:
        found: the answer.
        made: its tables.
        words: of the command that asks for it.
    """
    question = found.question
    return {
        **heading(KIND, found.name),
        "command": list(words),
        "options": {
            "recodings": question.recodings,
            "alone": question.alone,
            "runs": found.runs,
            "seed": question.seed,
            "set": list(question.settings),
            "without": list(question.without),
        },
        "margin": found.margin,
        "given": {
            "verdict": found.given.word,
            "effect": found.given.effect,
            **dict(zip(WORDS, found.given.shares, strict=True)),
        },
        **posterior_data(found.posterior),
        "digest": {name: table_digest(table) for name, table in made.items()},
        "scenario": found.scenario.model_dump(mode="json"),
    }


def read_tables(folder: Path, about: Mapping[str, Any]) -> dict[str, pd.DataFrame]:
    """Return the tables of a folder as :func:`tables` made them.

    Args:
        folder: the results.
        about: their manifest.

    Raises:
        InputError: if one cannot be read, or is not the one that the manifest has the digest of.
    """
    found, problems = {}, []
    for name, digest in about["digest"].items():
        path = folder / f"{name}.csv"
        try:
            kept = without_guards(pd.read_csv(path, dtype=str, keep_default_na=False))
            found[name] = kept.apply(_typed)
            is_kept = table_digest(found[name]) == digest
            told = "" if is_kept else f"the table with digest {digest} that was written"
        except (OSError, ValueError) as error:
            told = f"a readable table ({error})"
        problems += [Problem(str(path), "", "", told)] if told else []
    if problems:
        raise InputError(problems)
    return found


def _typed(column: pd.Series[str]) -> pd.Series[Any]:
    """Return a column of texts as what they say, exactly: words, truths, or numbers."""
    if column.name in _TEXTS:
        return column
    if column.name in _TRUTHS:
        return column == "True"
    if column.name in _COUNTS:
        return column.map(int)
    return column.map(lambda text: float(text) if text else np.nan)
