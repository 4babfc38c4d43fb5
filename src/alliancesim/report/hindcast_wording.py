"""Sentences on a hindcast, made from its numbers: where the model loses, and to whom.

Scores in sample are never told as foresight: they come last and are called by their name.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

import pandas as pd
from scipy import stats

from alliancesim.figures.chains import readable
from alliancesim.figures.hindcast_names import forecaster_name, quantity_name
from alliancesim.figures.words import plain
from alliancesim.language import message, text
from alliancesim.measures.intervals import Interval
from alliancesim.report import hindcast_scores
from alliancesim.report.hindcast_results import FORECAST, IN_SAMPLE, MODEL, NO_CHANGE, Hindcast
from alliancesim.report.hindcast_scores import CHANGES, LEVELS, Standing
from alliancesim.report.numbers import is_known, level, percent, span
from alliancesim.report.phrases import counted, joined

HELD_OUT = message(
    "Out of sample means: the observations scored were hidden from the fit. Events of the scenario"
    " were not hidden: every forecast is told what happened from outside, not what came of it."
)
"""What out of sample means here."""

FORESEEN = message(
    "Whoever chooses inputs and codes changes of the past knows how it ended: a hindcast is a"
    " weaker test than a forecast of what nobody knows yet."
)
"""Why a hindcast proves little."""

INTERVALS = message(
    "Intervals of the paths carry parameters, shocks and the model's own discrepancy, without the"
    " error of measurement; those of predictions carry that error as well. Intervals of scores"
    " resample calendar years, of which there are few, and are too narrow rather than too wide."
)
"""What the intervals carry."""

EACH_LEFT_OUT_TITLE = message("Out of sample: each episode left out of the fit in turn")
"""All splits that leave an episode out, together."""

_MOST_NAMED = 6


def split_title(hindcast: Hindcast, split: str) -> str:
    """Return a split in words that say whether it is in sample or out of sample."""
    if split == IN_SAMPLE:
        return text("In sample: fitted to all observations")
    if split.startswith(FORECAST):
        extra = _extra(split)
        if hindcast.until:
            told = text("Out of sample: fitted to {until}, judged later").format(
                until=hindcast.until
            )
        else:
            told = text("Out of sample: fitted to the early years, judged later")
        return f"{told}, {extra}" if extra else told
    if split in hindcast.left_out:
        told = text("Out of sample: episode {name} left out of the fit")
        return told.format(name=plain(split.split("-", 1)[1], 20))
    return plain(split, 80)


def _extra(split: str) -> str:
    """Return in which way a further forecast differs from the first; empty for the first."""
    extra = plain(split.removeprefix(FORECAST).strip(), 60)
    if not extra.startswith("without "):
        return extra
    return text("without {events}").format(events=extra.removeprefix("without "))


def headline(hindcast: Hindcast) -> str:
    """Return in a sentence how the model does out of sample against no change."""
    rows = hindcast.held_out(FORECAST)
    found = hindcast_scores.standings(rows)
    told = [found[what] for what in (LEVELS, CHANGES) if what in found]
    if hindcast.until is None or not told:
        return text("There is no forecast in these results: nothing was held out by date.")
    pair = rows[rows["forecaster"].isin((MODEL, NO_CHANGE))]
    table = hindcast_scores.ratios(hindcast, pair)
    ratios = {
        str(row["what"]): Interval(row["ratio"], row["low"], row["high"])
        for row in table[table["forecaster"] == MODEL].to_dict("records")
    }
    return text(
        "Fitted to observations up to {until} and judged by later ones that it did not see, the"
        " model {clauses}."
    ).format(until=hindcast.until, clauses=_against_no_change(told, ratios))


def _against_no_change(told: Sequence[Standing], ratios: Mapping[str, Interval]) -> str:
    """Return where the model loses to no change, does better, or cannot be told from it."""
    clauses = []
    scored = [one for one in told if NO_CHANGE in one.others and one.what in ratios]
    for clause, side in (
        (text("loses to no change on {those}"), 1),
        (text("does better than no change on {those}"), -1),
        (text("cannot be told apart from no change on {those}"), 0),
    ):
        parts = [
            _with_ratio(one, ratios[one.what]) for one in scored if _side(ratios[one.what]) == side
        ]
        if parts:
            clauses.append(clause.format(those=joined(parts)))
    if clauses:
        return joined(clauses)
    return text("has a CRPS of {scores}").format(scores=joined([_score(one) for one in told]))


def _side(ratio: Interval) -> int:
    """Return on which side of 1 a ratio surely lies: 1 above, -1 below, 0 unknown."""
    return (ratio.low > 1.0) - (ratio.high < 1.0)


def _with_ratio(one: Standing, ratio: Interval) -> str:
    """Return what was foretold with the model's score, that of no change and their ratio."""
    told = {
        "what": text(one.what),
        "model": level(one.model, 3),
        "other": level(one.others[NO_CHANGE], 3),
        "observations": counted(one.n, "observation"),
    }
    if not is_known(ratio):
        return text(
            "{what} (CRPS {model} against {other}, {observations} in too few years for an interval)"
        ).format(**told)
    return text(
        "{what} (CRPS {model} against {other}, ratio {ratio}, 95 % CI {ends}; {observations})"
    ).format(**told, ratio=level(ratio.estimate), ends=span(level(ratio.low), level(ratio.high)))


def _score(found: Standing) -> str:
    """Return the model's score on all levels, or on all changes."""
    return text("{crps} on {what}").format(crps=level(found.model, 3), what=text(found.what))


class Told(NamedTuple):
    """What the numbers say of one part of a hindcast.

    Attributes:
        title: the part, and whether it is in sample.
        sentences: what is said.
    """

    title: str
    sentences: list[str]


def details(hindcast: Hindcast) -> list[Told]:
    """Return what else the numbers say, out of sample first, in sample last and called that."""
    said = [
        Told(title, _out_of_sample(hindcast, rows))
        for title, rows in (
            (split_title(hindcast, FORECAST), hindcast.held_out(FORECAST)),
            (text(EACH_LEFT_OUT_TITLE), left_out(hindcast)),
        )
        if len(rows)
    ]
    if said and hindcast.variants:
        said[0].sentences.extend(_variants(hindcast))
    said.append(
        Told(split_title(hindcast, IN_SAMPLE), [*_in_sample(hindcast), *_learned(hindcast)])
    )
    return [told for told in said if told.sentences]


def left_out(hindcast: Hindcast) -> pd.DataFrame:
    """Return the predictions of all splits that leave an episode out, for what they held out."""
    return pd.concat(
        [hindcast.predictions.iloc[:0], *map(hindcast.held_out, hindcast.left_out)],
        ignore_index=True,
    )


def _out_of_sample(hindcast: Hindcast, rows: pd.DataFrame) -> list[str]:
    """Return where the model loses and to whom, its signs and its intervals."""
    return [*_losses(rows), *_signs(rows), _coverage(hindcast, rows), *_carried(rows)]


def _losses(rows: pd.DataFrame) -> Iterator[str]:
    """Yield where the model loses, and to whom; or that it does not."""
    found = hindcast_scores.standings(rows)
    for what in (LEVELS, CHANGES):
        if what in found and found[what].ahead:
            yield text("On {what} the model, with a CRPS of {crps}, loses to {others}.").format(
                what=text(what), crps=level(found[what].model, 3), others=_scored(found[what])
            )
        elif what in found and found[what].others:
            told = text("On {what} no other forecaster has a better CRPS than the model.")
            yield told.format(what=text(what))
    single = [one for what, one in found.items() if what not in (LEVELS, CHANGES)]
    behind = [quantity_name(one.what) for one in single if NO_CHANGE in one.ahead]
    if behind:
        yield text("Quantity by quantity, {lost} of {all} lost to no change: {quantities}.").format(
            lost=len(behind), all=len(single), quantities=joined(behind)
        )
    elif single:
        told = text("Quantity by quantity, none of {all} is lost to no change.")
        yield told.format(all=len(single))


def _scored(found: Standing) -> str:
    """Return the forecasters ahead of the model with their scores, the best first."""
    named = [
        f"{forecaster_name(name)} ({level(found.others[name], 3)})"
        for name in found.ahead[:_MOST_NAMED]
    ]
    more = len(found.ahead) - len(named)
    return joined([*named, text("{count} more").format(count=more)] if more else named)


def _signs(rows: pd.DataFrame) -> Iterator[str]:
    """Yield how many signs of coded changes the model has right, against a coin."""
    mine = rows[(rows["forecaster"] == MODEL) & (rows["since"] != "") & (rows["observed"] != 0)]
    if not len(mine):
        return
    hits = int(((mine["mean"] > 0) == (mine["observed"] > 0)).sum())
    chance = float(stats.binomtest(hits, len(mine), alternative="greater").pvalue)
    yield text(
        "It has the sign of {hits} of {changes} right; a coin does at least as well with"
        " probability {chance}."
    ).format(hits=hits, changes=counted(len(mine), "coded change"), chance=level(chance, 2))


def _coverage(hindcast: Hindcast, rows: pd.DataFrame) -> str:
    """Return how much the model's intervals hold, and what that says of its certainty."""
    kept = [one for one in hindcast_scores.coverage(hindcast, rows) if one.forecaster == MODEL]
    told = [
        text("its {nominal} intervals hold {share} (95 % CI {ends})").format(
            nominal=percent(one.nominal),
            share=percent(one.share),
            ends=span(percent(one.low), percent(one.high)),
        )
        for one in kept
    ]
    narrow = [one.nominal for one in kept if one.high < one.nominal]
    wide = [one.nominal for one in kept if one.low > one.nominal]
    if narrow and wide:
        said = text("Of {observations} {held}: the shape of its distribution is wrong.")
    elif narrow:
        said = text("Of {observations} {held}: it is surer than it may be.")
    elif wide:
        said = text("Of {observations} {held}: it is less sure than it could be.")
    else:
        said = text("Of {observations} {held}, which agrees with what they promise.")
    return said.format(observations=counted(kept[0].n, "observation"), held=joined(told))


def _carried(rows: pd.DataFrame) -> Iterator[str]:
    """Yield how variants of the model do, such as one that carries its last residual on."""
    found = hindcast_scores.standings(rows).get(LEVELS)
    for name, crps in found.own.items() if found else ():
        yield text("On {what} its variant “{name}” has a CRPS of {crps}.").format(
            what=text(LEVELS), name=forecaster_name(plain(name, 50)), crps=level(crps, 3)
        )


def _variants(hindcast: Hindcast) -> Iterator[str]:
    """Yield how the forecast changes when it is told less."""
    whole = hindcast_scores.standings(hindcast.held_out(FORECAST))
    for split in hindcast.variants:
        found = hindcast_scores.standings(hindcast.held_out(split))
        told = [
            text("{crps} instead of {before} on {what}").format(
                crps=level(found[what].model, 3),
                before=level(whole[what].model, 3),
                what=text(what),
            )
            for what in (LEVELS, CHANGES)
            if what in found and what in whole
        ]
        if told:
            yield text("The same forecast {extra} has a CRPS of {scores}.").format(
                extra=_extra(split), scores=joined(told)
            )


def _learned(hindcast: Hindcast) -> Iterator[str]:
    """Yield of how many coefficients the record says something."""
    split = IN_SAMPLE if IN_SAMPLE in set(hindcast.coefficients["split"]) else FORECAST
    table = hindcast_scores.learned(hindcast, split)
    if len(table):
        told = [int((table["word"] == word).sum()) for word in ("identified", "partly", "not")]
        named = table.loc[table["word"] != "not", "name"].head(_MOST_NAMED)
        said = (
            text(
                "Of {coefficients} the record identifies {identified} and partly {partly}, most of"
                " all {named}; of {rest} it says little beyond the prior."
            )
            if len(named)
            else text(
                "Of {coefficients} the record identifies {identified} and partly {partly}; of"
                " {rest} it says little beyond the prior."
            )
        )
        yield said.format(
            coefficients=counted(len(table), "fitted coefficient"),
            identified=told[0],
            partly=told[1],
            rest=told[2],
            named=joined([readable(str(name)) for name in named]),
        )


def _in_sample(hindcast: Hindcast) -> Iterator[str]:
    """Yield the score in sample, which is no evidence that the model foretells."""
    rows = hindcast.predictions[hindcast.predictions["split"] == IN_SAMPLE]
    found = hindcast_scores.standings(rows)
    told = [_score(found[what]) for what in (LEVELS, CHANGES) if what in found]
    if told:
        yield text(
            "In sample, scored on the very observations it was fitted to, its CRPS is {scores}:"
            " that says how flexible it is, not how well it foretells."
        ).format(scores=joined(told))
