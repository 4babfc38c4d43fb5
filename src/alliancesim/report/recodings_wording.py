"""What recodings say, in sentences made from their tables.

Which codes would be right is never said.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

import pandas as pd

from alliancesim.figures.words import scale_name, signed
from alliancesim.language import message, plural, text
from alliancesim.measures.intervals import Interval
from alliancesim.recoding.codes import HALF, ORDER, WIDTHS, Width
from alliancesim.recoding.question import ALL, VERDICTS
from alliancesim.report.numbers import brief, percent, percent_interval, span
from alliancesim.report.phrases import counted, joined, plain_spaces

Tables = Mapping[str, pd.DataFrame]
Row = Mapping[Any, Any]

ROBUST = 0.95
"""Share of recodings from which a verdict counts as standing, if its whole interval lies above."""

_MOST_NAMED = 3

_KEPT: Mapping[Width, str] = {
    ORDER: message("With codes that keep nothing but the order"),
    HALF: message("With codes within half a grade of those given"),
}

WIDTH_NAMES = (message("order alone"), message("half a grade"))
"""Widths as tables have them, to be looked up where they are said."""

STAYS = (message("end or zero of its scale"), message("tied with a measured number"))
"""Why a number stays, where it is not its basis, to be looked up where it is said."""


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
    return [plain_spaces(sentence) for sentence in told if sentence]


def basis(about: Mapping[str, Any]) -> str:
    """Return what the intervals carry, and what they do not."""
    runs = counted(about["options"]["runs"], "run")
    if "posterior" in about:
        judged = text(
            "Each recoding is judged by {runs} of world and twin with coefficients drawn from the"
            " posterior '{name}', on shocks common to all."
        ).format(runs=runs, name=about["posterior"]["name"])
    else:
        judged = text(
            "Each recoding is judged by {runs} of world and twin with the coefficients of the"
            " scenario, as if they were known, on shocks common to all."
        ).format(runs=runs)
    intervals = text(
        "Intervals are 95 % and over recodings (shares: Wilson 1927; rank correlations: Bonett and"
        " Wright 2000; differences: Welch 1947): they say how exactly so many recodings show a"
        " share. Of some thirty such intervals one or two miss by chance."
    )
    return f"{judged} {intervals}"


def cautions(about: Mapping[str, Any]) -> list[str]:
    """Return what recodings leave as it is, and what follows from that."""
    return [
        text(
            "Codes of the same order are spread evenly over the scale, so that they also raise what"
            " lies low and lower what lies high. They are a hard test of what order alone says, not"
            " a set of plausible judgements; those within half a grade come nearer to that."
        ),
        text(
            "What was measured, or derived from that, stays, and so do zero and the ends of each"
            " scale, ties, times and shares of trade. A cohesion that the file leaves out follows"
            " from cooperation."
        ),
        text(
            "The coefficients were fitted to a record coded in the numbers as given, and are not"
            " fitted anew to the codes."
        ),
        text(
            "The margin stays at ±{margin} although cohesion itself may be among what is recoded:"
            " where its codes are low, it has little room to fall by so much. The sign of the"
            " effect needs no margin."
        ).format(margin=brief(about["margin"])),
    ]


def reading(about: Mapping[str, Any], made: Tables) -> str:
    """Say whether the verdict hangs on the order of judgements alone or on their numbers.

    Args:
        about: the manifest.
        made: tables by name.
    """
    given = about["given"]
    order, half = (whole(made, width) for width in WIDTHS)
    word = text(given["verdict"])
    if half["stands high"] < ROBUST:
        told = text(
            "So the verdict, {word}, hangs on the numbers, not on the order alone: codes within"
            " half a grade make it another in {share} of recodings."
        ).format(word=word, share=percent(1 - half["stands"]))
        if order["stands"] > half["stands"] and abs(order["q50"]) < abs(given["effect"]) / 2:
            smaller = text(
                "That it stands more often where order alone is kept speaks of smaller effects, not"
                " of firmer ground: their median is {median}, against {effect} as given."
            ).format(median=signed(order["q50"]), effect=signed(given["effect"]))
            return f"{told} {smaller}"
        return told
    if half["stands low"] >= ROBUST and order["stands high"] < ROBUST:
        return text(
            "So the verdict, {word}, hangs on the numbers, but not on their last digit: it stands"
            " where each keeps within half a grade, and not where order alone is kept."
        ).format(word=word)
    if half["stands low"] >= ROBUST and order["stands low"] >= ROBUST:
        return text(
            "So the verdict, {word}, hangs on the order of the judgements, on what was measured and"
            " on the law, and hardly on the numbers that stand for the judgements."
        ).format(word=word)
    return text(
        "Whether the verdict, {word}, hangs on the numbers stays open at so many recodings: the"
        " share in which it stands may lie on either side of {robust}."
    ).format(word=word, robust=percent(ROBUST))


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
    ends = span(signed(found.low, digits), signed(found.high, digits))
    return f"{signed(found.estimate, digits)} [{ends}]"


def _given(about: Mapping[str, Any], made: Tables) -> str:
    """Say what the verdict is as the scenario is given, and what is recoded."""
    given = about["given"]
    table = made["judgements"]
    moving = table[table["recoded"]]
    stay = len(table) - len(moving)
    what = text(
        "As given the verdict is {word}: mean effect {effect}. Recoded are {judgements} on {scales}"
    ).format(
        word=text(given["verdict"]),
        effect=signed(given["effect"]),
        judgements=counted(len(moving), "judgement"),
        scales=counted(moving["scale"].nunique(), "scale"),
    )
    rest = plural(
        "{what}; {count} more number on these scales stays, being measured, or at zero or an end.",
        "{what}; {count} more numbers on these scales stay, being measured, or at zero or an end.",
        stay,
    )
    return rest.format(what=what, count=stay)


def _stands(about: Mapping[str, Any], made: Tables, width: Width) -> str:
    """Say in which share the verdict stands, and what else it becomes."""
    row = whole(made, width)
    word = about["given"]["verdict"]
    others = [
        text("{word} in {share}").format(word=text(other), share=share(row, other))
        for other in VERDICTS
        if other != word and row[other] > 0
    ]
    never = [text(other) for other in VERDICTS if other != word and row[other] == 0]
    told = text("{kept} the verdict stays {word} in {share} of {recodings}").format(
        kept=text(_KEPT[width]),
        word=text(word),
        share=share(row, "stands"),
        recodings=counted(int(row["recodings"]), "recoding"),
    )
    listed = {"told": told, "others": joined(others), "never": joined(never, "or")}
    if not never:
        return text("{told}; it becomes {others}.").format(**listed)
    if not others:
        return text("{told}; it never becomes {never}.").format(**listed)
    return text("{told}; it becomes {others}, never {never}.").format(**listed)


def _effects(made: Tables, width: Width) -> str:
    """Say how the effect is spread over recodings."""
    row = whole(made, width)
    return text(
        "The mean effect then lies between {low} and {high} in the middle 90 % of recodings (median"
        " {median}), below zero in {below}."
    ).format(
        low=signed(row["q05"]),
        high=signed(row["q95"]),
        median=signed(row["q50"]),
        below=percent(row["below"]),
    )


def _goes_with(made: Tables, width: Width) -> str:
    """Say which scale's codes go with the effect, and with the fall of the verdict."""
    rows = made["influence"]
    rows = rows[(rows["width"] == width) & (rows["correlation low"] * rows["correlation high"] > 0)]
    if not len(rows):
        return ""
    top: Row = dict(rows.iloc[int(rows["correlation"].abs().argmax())])
    told = (
        text(
            "{kept} the effect goes with the codes of {scale} the most: the higher these, the"
            " higher the effect, rank correlation {correlation}"
        )
        if top["correlation"] > 0
        else text(
            "{kept} the effect goes with the codes of {scale} the most: the higher these, the lower"
            " the effect, rank correlation {correlation}"
        )
    ).format(
        kept=text(_KEPT[width]),
        scale=scale_name(top["scale"]),
        correlation=with_ends(top, "correlation"),
    )
    if math.isnan(top["difference"]):
        return f"{told}."
    return text(
        "{told}; where the verdict falls they lie {difference} from where they lie where it stands."
    ).format(told=told, difference=with_ends(top, "difference"))


def _alone(about: Mapping[str, Any], made: Tables, width: Width) -> str:
    """Say which scale, recoded alone, makes the verdict fall."""
    rows = made["shares"]
    rows = rows[(rows["width"] == width) & (rows["scale"] != ALL)]
    falls = rows[rows["stands"] < 1.0].sort_values("stands", kind="stable")
    each = counted(int(about["options"]["alone"]), "recoding")
    if not len(falls):
        return text("{kept}, no scale alone ever changes the verdict ({recodings} each).").format(
            kept=text(_KEPT[width]), recodings=each
        )
    named = [
        f"{scale_name(row['scale'])} {percent(1 - row['stands'])}"
        for row in falls.head(_MOST_NAMED).to_dict("records")
    ]
    told = text(
        "{kept}, {count} of {scales} scales ever change the verdict alone ({recodings} each), most"
        " often {named}"
    ).format(
        kept=text(_KEPT[width]),
        count=len(falls),
        scales=len(rows),
        recodings=each,
        named=joined(named),
    )
    if float(falls["stands high"].iloc[0]) < float(whole(made, width)["stands low"]):
        return text(
            "{told}; all at once change it less often, since others work against that."
        ).format(told=told)
    return f"{told}."
