"""Sentences on a hindcast, made from its numbers: where the model loses, and to whom."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

import pandas as pd
from scipy import stats

from alliancesim.figures.words import plain
from alliancesim.report import hindcast_scores
from alliancesim.report.hindcast_results import FORECAST, IN_SAMPLE, MODEL, NO_CHANGE, Hindcast
from alliancesim.report.hindcast_scores import CHANGES, LEVELS, Standing
from alliancesim.report.numbers import level, percent
from alliancesim.report.wording import counted, joined

HELD_OUT = (
    "Out of sample means: the observations scored were hidden from the fit. Events of the scenario"
    " were not hidden: every forecast is told what happened from outside, not what came of it."
)
"""What out of sample means here."""

FORESEEN = (
    "Whoever chooses inputs and codes changes of the past knows how it ended: a hindcast is a"
    " weaker test than a forecast of what nobody knows yet."
)
"""Why a hindcast proves little."""

INTERVALS = (
    "Intervals of the paths carry parameters, shocks and the model's own discrepancy, without the"
    " error of measurement; those of predictions carry that error as well. Intervals of scores"
    " resample calendar years, of which there are few, and are too narrow rather than too wide."
)
"""What the intervals carry."""

EACH_LEFT_OUT_TITLE = "Out of sample: each episode left out of the fit in turn"
"""All splits that leave an episode out, together."""

_MOST_NAMED = 6


def split_title(hindcast: Hindcast, split: str) -> str:
    """Return a split in words that say whether it is in sample or out of sample."""
    if split == IN_SAMPLE:
        return "In sample: fitted to all observations"
    if split.startswith(FORECAST):
        extra = plain(split.removeprefix(FORECAST).strip(), 60)
        until = f"fitted to {hindcast.until}" if hindcast.until else "fitted to the early years"
        return f"Out of sample: {until}, judged later{f', {extra}' if extra else ''}"
    if split in hindcast.left_out:
        return f"Out of sample: episode {plain(split.split('-', 1)[1], 20)} left out of the fit"
    return plain(split, 80)


def headline(hindcast: Hindcast) -> str:
    """Return in a sentence how the model does out of sample against no change."""
    found = hindcast_scores.standings(hindcast.held_out(FORECAST))
    told = [found[what] for what in (LEVELS, CHANGES) if what in found]
    if hindcast.until is None or not told:
        return "There is no forecast in these results: nothing was held out by date."
    return (
        f"Fitted to observations up to {hindcast.until} and judged by later ones that it did not"
        f" see, the model {_against_no_change(told)}."
    )


def _against_no_change(told: Sequence[Standing]) -> str:
    """Return where the model loses to no change and where it does better, with both scores."""
    clauses = []
    for verb, chosen in (
        ("loses to no change on", [one for one in told if NO_CHANGE in one.ahead]),
        (
            "does better than no change on",
            [one for one in told if NO_CHANGE in one.others and NO_CHANGE not in one.ahead],
        ),
    ):
        parts = [
            f"{one.what} (CRPS {level(one.model, 3)} against {level(one.others[NO_CHANGE], 3)},"
            f" {counted(one.n, 'observation')})"
            for one in chosen
        ]
        if parts:
            clauses.append(f"{verb} {joined(parts)}")
    scores = [f"{level(one.model, 3)} on {one.what}" for one in told]
    return joined(clauses) if clauses else f"has a CRPS of {joined(scores)}"


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
            (EACH_LEFT_OUT_TITLE, left_out(hindcast)),
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
            yield (
                f"On {what} the model, with a CRPS of {level(found[what].model, 3)}, loses to"
                f" {_scored(found[what])}."
            )
        elif what in found and found[what].others:
            yield f"On {what} no other forecaster has a better CRPS than the model."
    single = [one for what, one in found.items() if what not in (LEVELS, CHANGES)]
    behind = [one.what for one in single if NO_CHANGE in one.ahead]
    if behind:
        lost = f"{len(behind)} of {len(single)} lost to no change"
        yield f"Quantity by quantity, {lost}: {joined(behind)}."
    elif single:
        yield f"Quantity by quantity, none of {len(single)} is lost to no change."


def _scored(found: Standing) -> str:
    """Return the forecasters ahead of the model with their scores, the best first."""
    named = [f"{name} ({level(found.others[name], 3)})" for name in found.ahead[:_MOST_NAMED]]
    more = len(found.ahead) - len(named)
    return joined([*named, f"{more} more"] if more else named)


def _signs(rows: pd.DataFrame) -> Iterator[str]:
    """Yield how many signs of coded changes the model has right, against a coin."""
    mine = rows[(rows["forecaster"] == MODEL) & (rows["since"] != "") & (rows["observed"] != 0)]
    if not len(mine):
        return
    hits = int(((mine["mean"] > 0) == (mine["observed"] > 0)).sum())
    chance = float(stats.binomtest(hits, len(mine), alternative="greater").pvalue)
    yield (
        f"It has the sign of {hits} of {counted(len(mine), 'coded change')} right; a coin does at"
        f" least as well with probability {level(chance, 2)}."
    )


def _coverage(hindcast: Hindcast, rows: pd.DataFrame) -> str:
    """Return how much the model's intervals hold, and what that says of its certainty."""
    kept = [one for one in hindcast_scores.coverage(hindcast, rows) if one.forecaster == MODEL]
    told = [
        f"its {percent(one.nominal)} intervals hold {percent(one.share)} (95 % CI"
        f" {percent(one.low)} to {percent(one.high)})"
        for one in kept
    ]
    narrow = [one.nominal for one in kept if one.high < one.nominal]
    wide = [one.nominal for one in kept if one.low > one.nominal]
    if narrow and wide:
        verdict = ": the shape of its distribution is wrong"
    elif narrow:
        verdict = ": it is surer than it may be"
    elif wide:
        verdict = ": it is less sure than it could be"
    else:
        verdict = ", which agrees with what they promise"
    return f"Of {counted(kept[0].n, 'observation')} {joined(told)}{verdict}."


def _carried(rows: pd.DataFrame) -> Iterator[str]:
    """Yield how variants of the model do, such as one that carries its last residual on."""
    found = hindcast_scores.standings(rows).get(LEVELS)
    for name, crps in found.own.items() if found else ():
        yield f"On {LEVELS} its variant “{plain(name, 50)}” has a CRPS of {level(crps, 3)}."


def _variants(hindcast: Hindcast) -> Iterator[str]:
    """Yield how the forecast changes when it is told less."""
    whole = hindcast_scores.standings(hindcast.held_out(FORECAST))
    for split in hindcast.variants:
        found = hindcast_scores.standings(hindcast.held_out(split))
        told = [
            f"{level(found[what].model, 3)} instead of {level(whole[what].model, 3)} on {what}"
            for what in (LEVELS, CHANGES)
            if what in found and what in whole
        ]
        if told:
            extra = plain(split.removeprefix(FORECAST).strip(), 60)
            yield f"The same forecast {extra} has a CRPS of {joined(told)}."


def _learned(hindcast: Hindcast) -> Iterator[str]:
    """Yield of how many coefficients the record says something."""
    split = IN_SAMPLE if IN_SAMPLE in set(hindcast.coefficients["split"]) else FORECAST
    table = hindcast_scores.learned(hindcast, split)
    if len(table):
        told = [int((table["word"] == word).sum()) for word in ("identified", "partly", "not")]
        named = table.loc[table["word"] != "not", "name"].head(_MOST_NAMED)
        most = f", most of all {joined([str(n).replace('_', ' ') for n in named])}"
        yield (
            f"Of {counted(len(table), 'fitted coefficient')} the record identifies {told[0]} and"
            f" partly {told[1]}{most if len(named) else ''}; of {told[2]} it says little beyond the"
            " prior."
        )


def _in_sample(hindcast: Hindcast) -> Iterator[str]:
    """Yield the score in sample, which is no evidence that the model foretells."""
    rows = hindcast.predictions[hindcast.predictions["split"] == IN_SAMPLE]
    found = hindcast_scores.standings(rows)
    told = [
        f"{level(found[what].model, 3)} on {what}" for what in (LEVELS, CHANGES) if what in found
    ]
    if told:
        yield (
            f"In sample, scored on the very observations it was fitted to, its CRPS is"
            f" {joined(told)}: that says how flexible it is, not how well it foretells."
        )
