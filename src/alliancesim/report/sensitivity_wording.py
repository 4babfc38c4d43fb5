"""What a sensitivity analysis says, in sentences made from its tables."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd

from alliancesim.experiment.naming import EFFECT
from alliancesim.measures.intervals import Interval
from alliancesim.measures.verdict import WORDS
from alliancesim.report.numbers import brief, level, percent, percent_interval, signed
from alliancesim.report.wording import counted, joined, plain_spaces
from alliancesim.sensitivity.assumptions import INFLUENTIAL, INFLUENTIAL_SCREENED
from alliancesim.sensitivity.indices import OTHERS
from alliancesim.sensitivity.screening import NEGLIGIBLE
from alliancesim.sensitivity.tables import ASSUMPTIONS, FLIPS, MORRIS, SOBOL, interval

_MOST_NAMED = 5
_DIGITS = 3
_LEAST_TOLD = 0.005

WHAT = {EFFECT: "effect of the wedge on cohesion", "cohesion": "cohesion of the alliance"}
"""Outcomes in words."""

Tables = Mapping[str, pd.DataFrame]


def value(number: Any) -> str:
    """Return a value of a factor, to three digits; a month or a choice as it stands."""
    try:
        found = float(number)
    except (TypeError, ValueError):
        return str(number)
    if not np.isfinite(found):
        return "beyond the range"
    return brief(float(f"{found:.{_DIGITS}g}"))


def short(row: Mapping[Any, Any], name: str) -> str:
    """Return an index with its interval for narrow tables, such as ``0.24 [0.21, 0.27]``."""
    return f"{level(row[name])} [{level(row[f'{name}_low'])}, {level(row[f'{name}_high'])}]"


def index(row: Mapping[Any, Any], name: str) -> str:
    """Return an index with its interval, such as ``0.24 (0.21 to 0.27)``."""
    low, high = level(row[f"{name}_low"]), level(row[f"{name}_high"])
    return f"{level(row[name])} ({low} to {high})"


def share(row: Mapping[Any, Any]) -> str:
    """Return the verdict at an end of a factor's range, with its share of runs."""
    word = row["verdict"]
    found = Interval(*(row[f"{word}{end}"] for end in ("", "_low", "_high")))
    return f"{word}, {percent(found.estimate)} ({percent_interval(found)})"


def flipping(table: pd.DataFrame) -> pd.DataFrame:
    """Return the ends of ranges that flip the verdict, those that move the outcome most first."""
    if "flips" not in table:
        return table.head(0)
    rows = table[table["flips"]]
    order = rows["change"].abs().sort_values(ascending=False, kind="stable").index
    return rows.loc[order]


def sentences(manifest: Mapping[str, Any], made: Tables, labels: Mapping[str, str]) -> list[str]:
    """Return what a sensitivity analysis says, each sentence with its figures, in plain spaces.

    Args:
        manifest: of the results.
        made: their tables.
        labels: what each factor is, by its name.
    """
    told = [
        _given(manifest),
        _strongest(manifest, made, labels),
        _together(manifest, made),
        _chance(manifest),
        *_flips(manifest, made[FLIPS], labels),
        _flagged(made[ASSUMPTIONS]),
        _failed(manifest),
    ]
    return [plain_spaces(text) for text in told if text]


def cautions(manifest: Mapping[str, Any]) -> list[str]:
    """Return what indices rest on, and what they do not say."""
    options = manifest["options"]
    drawn = ""
    if "posterior" in manifest:
        drawn = " Coefficients that are no factors are drawn run by run and count as chance."
    return [
        "Indices are shares of the variance over the ranges that the experiment gives its factors,"
        " each drawn evenly and independently of the others; with other ranges they are others. A"
        " large index says that a number matters within its range, not that it is wrong.",
        f"They describe the mean over {counted(options['runs'], 'run')} on common shocks at"
        f" {counted(options['samples'], 'block')} of points; intervals are a bootstrap's over"
        f" blocks, and errors of the model itself are in none of them.{drawn}",
        f"Influential is a number whose total index is at least {INFLUENTIAL:g} at the lower end of"
        f" its interval or, without an index of its own, whose mu* is at least"
        f" {percent(INFLUENTIAL_SCREENED)} of the largest while the group of all others may reach"
        f" {INFLUENTIAL:g}. Unsourced is one that rests on judgement, or names no source.",
    ]


def _given(manifest: Mapping[str, Any]) -> str:
    """Say what the outcome is with everything as given."""
    answer = manifest["answer"]
    found = interval(answer["given"])
    ends = f"{signed(found.low)} to {signed(found.high)}"
    text = (
        f"As given, the mean {WHAT[answer['outcome']]} is {signed(found.estimate)} (95 % CI {ends})"
    )
    if answer["margin"] is None:
        return f"{text}. There is no wedge, so there is no verdict to flip."
    share = interval(answer["share"])
    return (
        f"{text}: {answer['verdict']} in {percent(share.estimate)} of runs"
        f" ({percent_interval(share)}), with a margin of ±{brief(answer['margin'])}."
    )


def _strongest(manifest: Mapping[str, Any], made: Tables, labels: Mapping[str, str]) -> str:
    """Say which factors account for most of the variance."""
    if manifest["answer"]["deviation"] == 0.0:
        return "The outcome varies with none of the factors, so that every index is 0."
    table = made[SOBOL]
    told = table[(table["factor"] != OTHERS) & (table["total"] >= _LEAST_TOLD)]
    rows = told.head(_MOST_NAMED).to_dict("records")
    named = [f"{labels[row['factor']]} {index(row, 'total')}" for row in rows]
    return (
        f"Total indices, the largest of {counted(len(made[MORRIS]), 'factor')} first, with 95 %"
        f" intervals: {joined(named)}."
    )


def _together(manifest: Mapping[str, Any], made: Tables) -> str:
    """Say how much factors do by themselves, and how much the others do at all."""
    if manifest["answer"]["deviation"] == 0.0:
        return ""
    alone = interval(manifest["answer"]["alone"])
    text = (
        f"What factors do each by itself adds up to {level(alone.estimate)}"
        f" ({level(alone.low)} to {level(alone.high)}) of the variance between points; the rest,"
        " where it is less than 1, is what they do only together."
    )
    rest = made[SOBOL][made[SOBOL]["factor"] == OTHERS].to_dict("records")
    if not rest:
        return text
    number = len(made[MORRIS]) - len(made[SOBOL]) + 1
    return (
        f"{text} The {number} factors that the screening leaves without an index of their own"
        f" account for {index(rest[0], 'total')} in all."
    )


def _chance(manifest: Mapping[str, Any]) -> str:
    """Say how much of the variance is the chance of shocks."""
    share, left = (interval(manifest["answer"][name]) for name in ("chance", "chance_left"))
    runs = counted(manifest["options"]["runs"], "run")
    what = "shocks and of drawn coefficients" if "posterior" in manifest else "shocks"
    kept = "less than 0.1 %" if left.estimate < 0.001 else f"{100 * left.estimate:.1f} %"
    return (
        f"Of the variance over all points and runs, {percent(share.estimate)} (95 % CI"
        f" {percent_interval(share)}) is the chance of {what}, the rest the factors. Means over"
        f" {runs} keep little of it: {kept} of the variance that the indices share out."
    )


def _flips(
    manifest: Mapping[str, Any], table: pd.DataFrame, labels: Mapping[str, str]
) -> list[str]:
    """Say which factors flip the verdict by themselves."""
    if "flips" not in table:
        return []
    everything = table["factor"].nunique()
    rows = flipping(table)
    word = manifest["answer"]["verdict"]
    if rows.empty:
        return [
            f"None of {counted(everything, 'factor')}, moved alone to either end of its range,"
            f" flips the verdict: it stays {word}. alliancesim tip looks beyond these ranges."
        ]
    count = rows["factor"].nunique()
    named = [_flip(row, labels, word) for row in rows.head(_MOST_NAMED).to_dict("records")]
    more = f"; and {len(rows) - len(named)} more" if len(rows) > len(named) else ""
    return [
        f"Moved alone within its range, {counted(count, 'factor')} of {everything}"
        f" {'flips' if count == 1 else 'flip'} the verdict: {'; '.join(named)}{more}.",
        _reached(table, word),
    ]


def _flip(row: Mapping[Any, Any], labels: Mapping[str, str], word: str) -> str:
    """Say at which value a factor flips the verdict, and to what."""
    to = row["verdict"] if row["verdict"] != word else "another and back"
    text = f"{labels[row['factor']]} to {to}"
    if not np.isfinite(row["turns_at"]):
        return f"{text} at {value(row['value'])}"
    found = Interval(row["turns_at"], row["turns_low"], row["turns_high"])
    ends = f"{value(found.low)} to {value(found.high)}"
    return f"{text} from {value(found.estimate)} on (95 % CI {ends}; now {value(row['present'])})"


def _reached(table: pd.DataFrame, word: str) -> str:
    """Say which verdicts no factor leads to by itself."""
    missing = [other for other in WORDS if other not in (word, *table["verdict"])]
    if not missing:
        return ""
    low, high = table["mean"].min(), table["mean"].max()
    return (
        f"No factor alone makes it a {joined(missing, 'or')}: over all ends the mean runs from"
        f" {signed(low)} to {signed(high)}."
    )


def _flagged(table: pd.DataFrame) -> str:
    """Name the numbers that are influential and unsourced."""
    rows = table[table["flagged"]]
    varied = int((table["factor"] != "").sum())
    head = f"Of {counted(varied, 'number')} that the experiment moves"
    if rows.empty:
        return f"{head}, none is both influential and unsourced."
    keys = rows["key"].head(2 * _MOST_NAMED).tolist()
    more = f" and {len(rows) - len(keys)} more" if len(rows) > len(keys) else ""
    named = joined(keys) if not more else ", ".join(keys)
    verb, these = ("is", "It") if len(rows) == 1 else ("are", "They")
    return (
        f"{head}, {len(rows)} {verb} both influential and unsourced: {named}{more}. {these} would"
        " repay a better source first."
    )


def _failed(manifest: Mapping[str, Any]) -> str:
    """Say how many points were no valid scenarios."""
    failed = manifest["answer"]["failed"]
    if not failed:
        return ""
    return (
        f"{counted(failed, 'point')} made no valid scenario; what hangs together with them was"
        " left out, so that the design is less even than it was laid out to be."
    )


def screening_note(manifest: Mapping[str, Any], made: Tables) -> str:
    """Say how many trajectories were used, and which factors get an index of their own."""
    used = int(made[MORRIS]["trajectories"].iloc[0])
    most = manifest["options"]["factors"]
    kept = (
        "every factor gets an index of its own"
        if most is None or len(made[MORRIS]) <= most
        else f"the {most} strongest get an index of their own, if they reach {percent(NEGLIGIBLE)}"
        " of the largest mu*"
    )
    return f"Trajectories: {used}; {kept}."
