"""What recodings say, in sentences made from their tables."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

import pandas as pd

from alliancesim.measures.intervals import Interval
from alliancesim.recoding.codes import HALF, ORDER, WIDTHS, Width
from alliancesim.recoding.question import ALL, VERDICTS
from alliancesim.report.numbers import brief, percent, percent_interval, signed
from alliancesim.report.wording import counted, joined, plain_spaces

Tables = Mapping[str, pd.DataFrame]
Row = Mapping[Any, Any]

ROBUST = 0.95
"""Share of recodings from which a verdict counts as standing, if its whole interval lies above."""

_MOST_NAMED = 3

_KEPT: Mapping[Width, str] = {
    ORDER: "With codes that keep nothing but the order",
    HALF: "With codes within half a grade of those given",
}


def sentences(about: Mapping[str, Any], made: Tables) -> list[str]:
    """Return what recodings say, each sentence with its figures, in plain spaces.

    Args:
        about: the manifest.
        made: tables by name.
    """
    told = [_given(about, made)]
    for width in WIDTHS:
        told += [_stands(about, made, width), _effects(made, width)]
    told += [reading(about, made)]
    for width in WIDTHS:
        told += [_goes_with(made, width), _alone(about, made, width)]
    return [plain_spaces(text) for text in told if text]


def basis(about: Mapping[str, Any]) -> str:
    """Return what the intervals carry, and what they do not."""
    options = about["options"]
    drawn = (
        f" with coefficients drawn from the posterior {about['posterior']['name']!r}"
        if "posterior" in about
        else " with the coefficients of the scenario, as if they were known"
    )
    return (
        f"Each recoding is judged by {counted(options['runs'], 'run')} of world and twin{drawn}, on"
        " shocks common to all. Intervals are 95 % and over recodings (shares: Wilson 1927; rank"
        " correlations: Bonett and Wright 2000; differences: Welch 1947): they say how exactly so"
        " many recodings show a share. Of some thirty such intervals one or two miss by chance."
    )


def cautions(about: Mapping[str, Any]) -> list[str]:
    """Return what recodings leave as it is, and what follows from that."""
    return [
        "Codes of the same order are spread evenly over the scale, so that they also raise what"
        " lies low and lower what lies high. They are a hard test of what order alone says, not a"
        " set of plausible judgements; those within half a grade come nearer to that.",
        "What was measured, or derived from that, stays, and so do zero and the ends of each scale,"
        " ties, times and shares of trade. A cohesion that the file leaves out follows from"
        " cooperation.",
        "The coefficients were fitted to a record coded in the numbers as given, and are not fitted"
        " anew to the codes.",
        f"The margin stays at ±{brief(about['margin'])} although cohesion itself may be among what"
        " is recoded: where its codes are low, it has little room to fall by so much. The sign of"
        " the effect needs no margin.",
    ]


def reading(about: Mapping[str, Any], made: Tables) -> str:
    """Say whether the verdict hangs on the order of judgements alone or on their numbers.

    Args:
        about: the manifest.
        made: tables by name.
    """
    given = about["given"]
    order, half = (whole(made, width) for width in WIDTHS)
    text = f"So the verdict, {given['verdict']}, hangs on the"
    if half["stands high"] < ROBUST:
        text += (
            " numbers, not on the order alone: codes within half a grade make it another in"
            f" {percent(1 - half['stands'])} of recodings."
        )
        if order["stands"] > half["stands"] and abs(order["q50"]) < abs(given["effect"]) / 2:
            text += (
                " That it stands more often where order alone is kept speaks of smaller effects,"
                f" not of firmer ground: their median is {signed(order['q50'])}, against"
                f" {signed(given['effect'])} as given."
            )
        return text
    if half["stands low"] >= ROBUST and order["stands high"] < ROBUST:
        return (
            f"{text} numbers, but not on their last digit: it stands where each keeps within half a"
            " grade, and not where order alone is kept."
        )
    if half["stands low"] >= ROBUST and order["stands low"] >= ROBUST:
        return (
            f"{text} order of the judgements, on what was measured and on the law, and hardly on"
            " the numbers that stand for the judgements."
        )
    return (
        f"Whether the verdict, {given['verdict']}, hangs on the numbers stays open at so many"
        f" recodings: the share in which it stands may lie on either side of {percent(ROBUST)}."
    )


def whole(made: Tables, width: Width) -> Row:
    """Return the row of shares for all scales recoded at once."""
    rows = made["shares"]
    return dict(rows[(rows["width"] == width) & (rows["scale"] == ALL)].iloc[0])


def interval_of(row: Row, name: str) -> Interval:
    """Return a column of a row with its interval."""
    return Interval(*(float(row[f"{name}{end}"]) for end in ("", " low", " high")))


def share(row: Row, name: str) -> str:
    """Return a share with its interval in brackets."""
    found = interval_of(row, name)
    return f"{percent(found.estimate)} ({percent_interval(found)})"


def with_ends(row: Row, name: str) -> str:
    """Return a number with its interval in brackets, or a dash where there is none."""
    found = interval_of(row, name)
    if math.isnan(found.estimate):
        return "–"
    digits = 2 if name == "correlation" else 3
    ends = f"{signed(found.low, digits)} to {signed(found.high, digits)}"
    return f"{signed(found.estimate, digits)} [{ends}]"


def _given(about: Mapping[str, Any], made: Tables) -> str:
    """Say what the verdict is as the scenario is given, and what is recoded."""
    given = about["given"]
    table = made["judgements"]
    moving = table[table["recoded"]]
    stay = len(table) - len(moving)
    return (
        f"As given the verdict is {given['verdict']}: mean effect {signed(given['effect'])}."
        f" Recoded are {counted(len(moving), 'judgement')} on"
        f" {counted(moving['scale'].nunique(), 'scale')}; {stay} more numbers on these scales stay,"
        " being measured, or at zero or an end."
    )


def _stands(about: Mapping[str, Any], made: Tables, width: Width) -> str:
    """Say in which share the verdict stands, and what else it becomes."""
    row = whole(made, width)
    word = about["given"]["verdict"]
    others = [
        f"{other} in {share(row, other)}" for other in VERDICTS if other != word and row[other] > 0
    ]
    never = [other for other in VERDICTS if other != word and row[other] == 0]
    parts = [f"becomes {joined(others)}"] if others else []
    parts += [f"never {'' if others else 'becomes '}{joined(never, 'or')}"] if never else []
    return (
        f"{_KEPT[width]} the verdict stays {word} in {share(row, 'stands')} of"
        f" {counted(int(row['recodings']), 'recoding')}; it {', '.join(parts)}."
    )


def _effects(made: Tables, width: Width) -> str:
    """Say how the effect is spread over recodings."""
    row = whole(made, width)
    return (
        f"The mean effect then lies between {signed(row['q05'])} and {signed(row['q95'])} in the"
        f" middle 90 % of recodings (median {signed(row['q50'])}), below zero in"
        f" {percent(row['below'])}."
    )


def _goes_with(made: Tables, width: Width) -> str:
    """Say which scale's codes go with the effect, and with the fall of the verdict."""
    rows = made["influence"]
    rows = rows[(rows["width"] == width) & (rows["correlation low"] * rows["correlation high"] > 0)]
    if not len(rows):
        return ""
    top: Row = dict(rows.iloc[int(rows["correlation"].abs().argmax())])
    way = "higher" if top["correlation"] > 0 else "lower"
    text = (
        f"{_KEPT[width]} the effect goes with the codes of {top['scale']} the most: the higher"
        f" these, the {way} the effect, rank correlation {with_ends(top, 'correlation')}"
    )
    if math.isnan(top["difference"]):
        return f"{text}."
    return (
        f"{text}; where the verdict falls they lie {with_ends(top, 'difference')} from where they"
        " lie where it stands."
    )


def _alone(about: Mapping[str, Any], made: Tables, width: Width) -> str:
    """Say which scale, recoded alone, makes the verdict fall."""
    rows = made["shares"]
    rows = rows[(rows["width"] == width) & (rows["scale"] != ALL)]
    falls = rows[rows["stands"] < 1.0].sort_values("stands", kind="stable")
    each = counted(int(about["options"]["alone"]), "recoding")
    if not len(falls):
        return f"{_KEPT[width]}, no scale alone ever changes the verdict ({each} each)."
    named = [
        f"{row['scale']} {percent(1 - row['stands'])}"
        for row in falls.head(_MOST_NAMED).to_dict("records")
    ]
    text = (
        f"{_KEPT[width]}, {len(falls)} of {len(rows)} scales ever change the verdict alone ({each}"
        f" each), most often {joined(named)}"
    )
    if float(falls["stands high"].iloc[0]) < float(whole(made, width)["stands low"]):
        text += "; all at once change it less often, since others work against that"
    return f"{text}."
