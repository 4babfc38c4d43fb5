"""What a sensitivity analysis says, in sentences made from its tables.

No assumption is flagged here: sensitivity.assumptions does that, and these sentences name it.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd

from alliancesim.experiment.naming import EFFECT
from alliancesim.figures.words import signed
from alliancesim.language import message, number, plural, text
from alliancesim.measures.intervals import Interval
from alliancesim.measures.verdict import WORDS
from alliancesim.report.numbers import brief, level, percent, percent_interval, span
from alliancesim.report.phrases import counted, joined, plain_spaces
from alliancesim.sensitivity.assumptions import INFLUENTIAL, INFLUENTIAL_SCREENED
from alliancesim.sensitivity.indices import OTHERS
from alliancesim.sensitivity.screening import NEGLIGIBLE
from alliancesim.sensitivity.tables import ASSUMPTIONS, FLIPS, MORRIS, SOBOL, interval

_MOST_NAMED = 5
_DIGITS = 3
_LEAST_TOLD = 0.005

WHAT = {
    EFFECT: message("effect of the wedge on cohesion"),
    "cohesion": message("cohesion of the alliance"),
}
"""Outcomes in words."""

SWITCHED = {"True": message("True"), "False": message("False")}
"""Values of a factor that is there or not, as tables have them."""

Tables = Mapping[str, pd.DataFrame]


def value(found: Any) -> str:
    """Return a value of a factor, to three digits; a month or a choice as it stands."""
    try:
        size = float(found)
    except (TypeError, ValueError):
        return text(SWITCHED[str(found)]) if str(found) in SWITCHED else str(found)
    if not np.isfinite(size):
        return text("beyond the range")
    return brief(float(f"{size:.{_DIGITS}g}"))


def short(row: Mapping[Any, Any], name: str) -> str:
    """Return an index with its interval for narrow tables, such as ``0.24 [0.21, 0.27]``."""
    between = text("{low}, {high}").format(
        low=level(row[f"{name}_low"]), high=level(row[f"{name}_high"])
    )
    return f"{level(row[name])} [{between}]"


def index(row: Mapping[Any, Any], name: str) -> str:
    """Return an index with its interval, such as ``0.24 (0.21 to 0.27)``."""
    within = span(level(row[f"{name}_low"]), level(row[f"{name}_high"]))
    return f"{level(row[name])} ({within})"


def share(row: Mapping[Any, Any]) -> str:
    """Return the verdict at an end of a factor's range, with its share of runs."""
    word = row["verdict"]
    found = Interval(*(row[f"{word}{end}"] for end in ("", "_low", "_high")))
    return f"{text(word)}, {percent(found.estimate)} ({percent_interval(found)})"


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
    return [plain_spaces(sentence) for sentence in told if sentence]


def cautions(manifest: Mapping[str, Any]) -> list[str]:
    """Return what indices rest on, and what they do not say."""
    options = manifest["options"]
    drawn = (
        text("Coefficients that are no factors are drawn run by run and count as chance.")
        if "posterior" in manifest
        else ""
    )
    means = text(
        "They describe the mean over {runs} on common shocks at {blocks} of points; intervals are a"
        " bootstrap's over blocks, and errors of the model itself are in none of them."
    ).format(runs=counted(options["runs"], "run"), blocks=counted(options["samples"], "block"))
    return [
        text(
            "Indices are shares of the variance over the ranges that the experiment gives its"
            " factors, each drawn evenly and independently of the others; with other ranges they"
            " are others. A large index says that a number matters within its range, not that it is"
            " wrong."
        ),
        f"{means} {drawn}".rstrip(),
        text(
            "Influential is a number whose total index is at least {least} at the lower end of its"
            " interval or, without an index of its own, whose mu* is at least {part} of the largest"
            " while the group of all others may reach {least}. Unsourced is one that rests on"
            " judgement, or names no source."
        ).format(least=brief(INFLUENTIAL), part=percent(INFLUENTIAL_SCREENED)),
    ]


def _given(manifest: Mapping[str, Any]) -> str:
    """Say what the outcome is with everything as given."""
    answer = manifest["answer"]
    found = interval(answer["given"])
    mean = text("As given, the mean {what} is {level} (95 % CI {ends})").format(
        what=text(WHAT[answer["outcome"]]),
        level=signed(found.estimate),
        ends=span(signed(found.low), signed(found.high)),
    )
    if answer["margin"] is None:
        return text("{mean}. There is no wedge, so there is no verdict to flip.").format(mean=mean)
    share = interval(answer["share"])
    return text(
        "{mean}: {word} in {share} of runs ({interval}), with a margin of ±{margin}."
    ).format(
        mean=mean,
        word=text(answer["verdict"]),
        share=percent(share.estimate),
        interval=percent_interval(share),
        margin=brief(answer["margin"]),
    )


def _strongest(manifest: Mapping[str, Any], made: Tables, labels: Mapping[str, str]) -> str:
    """Say which factors account for most of the variance."""
    if manifest["answer"]["deviation"] == 0.0:
        return text("The outcome varies with none of the factors, so that every index is 0.")
    table = made[SOBOL]
    told = table[(table["factor"] != OTHERS) & (table["total"] >= _LEAST_TOLD)]
    rows = told.head(_MOST_NAMED).to_dict("records")
    named = [f"{labels[row['factor']]} {index(row, 'total')}" for row in rows]
    return text(
        "Most of the variance goes through {listed}: total indices with their 95 % intervals, the"
        " largest of {factors}."
    ).format(factors=counted(len(made[MORRIS]), "factor"), listed=joined(named))


def _together(manifest: Mapping[str, Any], made: Tables) -> str:
    """Say how much factors do by themselves, and how much the others do at all."""
    if manifest["answer"]["deviation"] == 0.0:
        return ""
    alone = interval(manifest["answer"]["alone"])
    told = text(
        "What factors do each by itself adds up to {sum} ({ends}) of the variance between points;"
        " the rest, where it is less than 1, is what they do only together."
    ).format(sum=level(alone.estimate), ends=span(level(alone.low), level(alone.high)))
    rest = made[SOBOL][made[SOBOL]["factor"] == OTHERS].to_dict("records")
    if not rest:
        return told
    others = text(
        "The {count} factors that the screening leaves without an index of their own account for"
        " {total} in all."
    ).format(count=len(made[MORRIS]) - len(made[SOBOL]) + 1, total=index(rest[0], "total"))
    return f"{told} {others}"


def _chance(manifest: Mapping[str, Any]) -> str:
    """Say how much of the variance is the chance of shocks."""
    share, left = (interval(manifest["answer"][name]) for name in ("chance", "chance_left"))
    told = (
        text(
            "Of the variance over all points and runs, {share} (95 % CI {interval}) is the chance"
            " of shocks and of drawn coefficients, the rest the factors."
        )
        if "posterior" in manifest
        else text(
            "Of the variance over all points and runs, {share} (95 % CI {interval}) is the chance"
            " of shocks, the rest the factors."
        )
    ).format(share=percent(share.estimate), interval=percent_interval(share))
    kept = (
        text("less than 0.1 %")
        if left.estimate < 0.001
        else number(f"{100 * left.estimate:.1f}\u00a0%")
    )
    means = text(
        "Means over {runs} keep little of it: {kept} of the variance that the indices share out."
    ).format(runs=counted(manifest["options"]["runs"], "run"), kept=kept)
    return f"{told} {means}"


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
            text(
                "None of {factors}, moved alone to either end of its range, flips the verdict: it"
                " stays {word}. alliancesim tip looks beyond these ranges."
            ).format(factors=counted(everything, "factor"), word=text(word))
        ]
    count = rows["factor"].nunique()
    listed = "; ".join(
        _flip(row, labels, word) for row in rows.head(_MOST_NAMED).to_dict("records")
    )
    if len(rows) > _MOST_NAMED:
        listed = text("{listed}; and {count} more").format(
            listed=listed, count=len(rows) - _MOST_NAMED
        )
    return [
        plural(
            "Moved alone within its range, {count} factor of {all} flips the verdict: {listed}.",
            "Moved alone within its range, {count} factors of {all} flip the verdict: {listed}.",
            count,
        ).format(count=count, all=everything, listed=listed),
        _reached(table, word),
    ]


def _flip(row: Mapping[Any, Any], labels: Mapping[str, str], word: str) -> str:
    """Say at which value a factor flips the verdict, and to what."""
    to = text(row["verdict"]) if row["verdict"] != word else text("another and back")
    told = text("{factor} to {word}").format(factor=labels[row["factor"]], word=to)
    if not np.isfinite(row["turns_at"]):
        return text("{told} at {value}").format(told=told, value=value(row["value"]))
    return text("{told} from {value} on (95 % CI {ends}; now {present})").format(
        told=told,
        value=value(row["turns_at"]),
        ends=span(value(row["turns_low"]), value(row["turns_high"])),
        present=value(row["present"]),
    )


def _reached(table: pd.DataFrame, word: str) -> str:
    """Say which verdicts no factor leads to by itself."""
    missing = [text(other) for other in WORDS if other not in (word, *table["verdict"])]
    if not missing:
        return ""
    return text(
        "No factor alone makes it a {words}: over all ends the mean runs from {low} to {high}."
    ).format(
        words=joined(missing, "or"),
        low=signed(table["mean"].min()),
        high=signed(table["mean"].max()),
    )


def _flagged(table: pd.DataFrame) -> str:
    """Name the numbers that are influential and unsourced."""
    rows = table[table["flagged"]]
    varied = int((table["factor"] != "").sum())
    head = text("Of {numbers} that the experiment moves").format(numbers=counted(varied, "number"))
    if rows.empty:
        return text("{head}, none is both influential and unsourced.").format(head=head)
    keys = rows["key"].head(2 * _MOST_NAMED).tolist()
    named = joined(keys)
    if len(rows) > len(keys):
        named = text("{listed} and {count} more").format(
            listed=", ".join(keys), count=len(rows) - len(keys)
        )
    return plural(
        "{head}, {count} is both influential and unsourced: {named}. It would repay a better source"
        " first.",
        "{head}, {count} are both influential and unsourced: {named}. They would repay a better"
        " source first.",
        len(rows),
    ).format(head=head, count=len(rows), named=named)


def _failed(manifest: Mapping[str, Any]) -> str:
    """Say how many points were no valid scenarios."""
    failed = manifest["answer"]["failed"]
    if not failed:
        return ""
    return text(
        "{points} made no valid scenario; what hangs together with them was left out, so that the"
        " design is less even than it was laid out to be."
    ).format(points=counted(failed, "point"))


def screening_note(manifest: Mapping[str, Any], made: Tables) -> str:
    """Say how many trajectories were used, and which factors get an index of their own."""
    used = int(made[MORRIS]["trajectories"].iloc[0])
    most = manifest["options"]["factors"]
    if most is None or len(made[MORRIS]) <= most:
        return text("Trajectories: {used}; every factor gets an index of its own.").format(
            used=used
        )
    return text(
        "Trajectories: {used}; the {most} strongest get an index of their own, if they reach {part}"
        " of the largest mu*."
    ).format(used=used, most=most, part=percent(NEGLIGIBLE))
