"""What an explanation says, in sentences made from its numbers."""

from __future__ import annotations

import numpy as np
import pandas as pd

from alliancesim.arrays import Array
from alliancesim.attribution import shapley
from alliancesim.attribution.causes import COURTSHIP, PRESSURE
from alliancesim.attribution.explanation import LEVEL, Explanation, Spread
from alliancesim.attribution.outcome import COHESION
from alliancesim.figures.words import plain
from alliancesim.measures.intervals import Interval
from alliancesim.measures.verdict import WORDS, word_for
from alliancesim.report.numbers import brief, ends, level, percent, signed
from alliancesim.report.wording import counted, joined, plain_spaces

_MOST_NAMED = 3
_WORTH_NAMING = 0.1


def sentences(found: Explanation) -> list[str]:
    """Return what an explanation says, each sentence with its figures, in plain spaces."""
    told = [
        _whole(found),
        _largest(found),
        _wedge(found),
        _past(found),
        _interaction(found),
        _open(found),
    ]
    return [plain_spaces(text) for text in told if text]


def mechanism_sentence(table: pd.DataFrame) -> str:
    """Return through which mechanisms the wedge works.

    Args:
        table: as from :func:`alliancesim.attribution.mechanisms.mechanism_shares`.
    """
    parts = []
    for side, rows in (
        ("downward", table[table["estimate"] < 0]),
        ("upward", table[table["estimate"] > 0]),
    ):
        named = [
            f"{row['mechanism']} {signed(row['estimate'])}"
            f" [{ends(Interval(row['estimate'], row['low'], row['high']))}]"
            for row in rows.head(_MOST_NAMED).to_dict("records")
        ]
        if named:
            parts.append(f"{side} through {joined(named)}")
    if not parts:
        return "The wedge works through no mechanism."
    return (
        f"The wedge works {'; '.join(parts)}: shares of its effect, in brackets how exactly each"
        " mean is known (95 %)."
    )


def basis(found: Explanation) -> str:
    """Return what the intervals carry, and what they do not."""
    if found.posterior is None:
        return (
            f"Intervals: the middle {percent(LEVEL)} of {counted(found.runs, 'run')}, so random"
            " shocks alone; the coefficients are those of the scenario, as if they were known."
        )
    draws = len(np.unique(found.draws))
    return (
        f"Intervals: the middle {percent(LEVEL)} of {counted(draws, 'draw')} of the coefficients"
        f" from the posterior {found.posterior.name!r}, each the mean of"
        f" {counted(round(found.runs / draws), 'run')}; they carry the uncertainty of the"
        " coefficients, not that of the inputs, nor what the law leaves out."
    )


def subject(found: Explanation) -> str:
    """Return the outcome in words."""
    asked, actors = found.asked, found.scenario.actors
    named = {code: plain(actor.name, 40) or code for code, actor in actors.items()}
    if asked.series.of is None or asked.series.toward is None:
        allies = joined([named[code] for code in found.scenario.outcome.alliance])
        return f"{'effect of the wedge on ' if asked.is_effect else ''}cohesion of {allies}"
    if asked.series.variable == COHESION:
        return f"cohesion of {named[asked.series.of]} and {named[asked.series.toward]}"
    return (
        f"{asked.series.variable} of {named[asked.series.of]} toward {named[asked.series.toward]}"
    )


def verdicts(effects: Array, margin: float) -> dict[str, float]:
    """Return the share of effects that are a split, nothing, or a backfire.

    Args:
        effects: of draws or of runs.
        margin: effects within plus or minus this count as nothing.
    """
    words = [word_for(float(effect), margin) for effect in effects]
    return {word: words.count(word) / len(words) for word in WORDS}


def with_range(found: Spread) -> str:
    """Return a mean with its interval in brackets."""
    return f"{signed(found.estimate)} [{signed(found.low)} to {signed(found.high)}]"


def _whole(found: Explanation) -> str:
    """Say how much there is to explain."""
    change = found.spread(found.change)
    if found.asked.is_effect:
        what = f"The {subject(found)} is {with_range(change)} in {found.period.end}"
        return f"{what} (in brackets the {percent(LEVEL)} interval)."
    start, end = found.spread(found.start), found.spread(found.values[-1])
    what = subject(found)
    return (
        f"{what[0].upper()}{what[1:]} changes by {with_range(change)} (in brackets, here and below:"
        f" {percent(LEVEL)} interval), from {level(start.estimate)} in {found.period.since} to"
        f" {level(end.estimate)} in {found.period.end}."
    )


def _largest(found: Explanation) -> str:
    """Say which causes have the largest shares, with the change and against it."""
    if not found.causes:
        return f"Nothing is dated within {found.period.first} to {found.period.last}."
    spreads = [found.spread(share) for share in found.shares]
    most = max(abs(spread.estimate) for spread in spreads)
    order = np.argsort([-abs(spread.estimate) for spread in spreads], kind="stable")
    named: dict[bool, list[str]] = {True: [], False: []}
    for c in order:
        share = spreads[c].estimate
        if abs(share) > _WORTH_NAMING * most and len(named[share > 0]) < _MOST_NAMED:
            named[share > 0].append(f"{found.causes[c].title} {with_range(spreads[c])}")
    parts = [
        f"{side}: {joined(named[up])}"
        for up, side in ((True, "upward"), (False, "downward"))
        if named[up]
    ]
    return f"The largest shares, {'; '.join(parts)}." if parts else "No cause moves it."


def _wedge(found: Explanation) -> str:
    """Say what the wedge has to do with it, and what it does to the outcome."""
    legs = [c for c, cause in enumerate(found.causes) if cause.name in (PRESSURE, COURTSHIP)]
    if not legs or found.asked.is_effect:
        return ""
    share, effect = found.spread(found.shares[legs].sum(axis=0)), found.spread(found.effects)
    text = (
        f"Both legs of the wedge together have a share of {with_range(share)}; with all else in"
        f" place, the wedge makes a difference of {with_range(effect)}"
    )
    if found.asked.text != COHESION:
        return f"{text}."
    margin = found.scenario.outcome.margin.value
    parts = verdicts(found.by_draw(found.effects), margin)
    shared = " / ".join(percent(parts[word]) for word in WORDS)
    of = "runs" if found.posterior is None else "draws"
    return f"{text}: split / null / backfire in {shared} of {of} (margin ±{brief(margin)})."


def _past(found: Explanation) -> str:
    """Say what would have happened without any of the causes."""
    if found.asked.is_effect or not found.causes:
        return ""
    return (
        f"Without any of the causes it would change by {with_range(found.spread(found.past))}, by"
        f" {'what came before and by ' if found.period.before else ''}chance."
    )


def _interaction(found: Explanation) -> str:
    """Say how much the causes bring about only together, which the shares split evenly."""
    if len(found.causes) < 2:
        return ""
    together = found.spread(found.values[-1] - found.values[0]).estimate
    single = found.spread(shapley.alone(found.values).sum(axis=0)).estimate
    return (
        f"Interaction is in the shares: one by one, each without the others, the causes would add"
        f" up to {signed(single)}, all together they make {signed(together)}, and the difference"
        " is divided equally among those that make it."
    )


def _open(found: Explanation) -> str:
    """Say of which causes not even the sign is clear."""
    spreads = {cause.title: found.spread(found.shares[c]) for c, cause in enumerate(found.causes)}
    unclear = [
        f"{title} (above zero in {percent(spread.positive)})"
        for title, spread in spreads.items()
        if spread.low < 0.0 < spread.high
    ]
    if not unclear:
        return ""
    return f"The interval leaves open even the sign of the share of {joined(unclear)}."
