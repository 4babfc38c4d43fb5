"""What an explanation says, in sentences made from its numbers."""

from __future__ import annotations

from collections.abc import Callable

import pandas as pd

from alliancesim.arrays import Array
from alliancesim.attribution.account import Account
from alliancesim.attribution.explanation import LEVEL, Spread, spread_in, spread_of
from alliancesim.attribution.ledger_tables import SMALLER, shown
from alliancesim.attribution.outcome import COHESION
from alliancesim.attribution.tables import CHANGE, END, PAST, START
from alliancesim.figures.words import plain
from alliancesim.measures.intervals import Interval
from alliancesim.measures.verdict import WORDS, word_for
from alliancesim.report.numbers import brief, ends, level, percent, signed
from alliancesim.report.wording import counted, joined, plain_spaces

FEWEST, MOST = 3, 6
"""Sentences of a story."""

_MOST_NAMED = 3
_WORTH_NAMING = 0.1
_WRITTEN_AS_ZERO = 5e-4


def sentences(found: Account) -> list[str]:
    """Return the story of a change in three to six sentences, each with its figures.

    What was asked for in particular, and what bears most on the reading, goes before the rest
    where all would be too many; the order of the story is always the same.
    """
    told = {tell: text for tell in _BY_WEIGHT if (text := tell(found))}
    kept = list(told)[:MOST]
    return [plain_spaces(told[tell]) for tell in _IN_ORDER if tell in kept]


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
        return f"The wedge works through no mechanism: {len(table)} have a share of 0."
    return (
        f"The wedge works {'; '.join(parts)}: shares of its effect, in brackets how exactly each"
        " mean is known (95 %)."
    )


def ledger_sentence(table: pd.DataFrame, dyad: str, both: str, last: str) -> str:
    """Return which terms of the ledger moved a dyad's cohesion most.

    Args:
        table: as from :func:`alliancesim.attribution.ledger_tables.ledger_table`.
        dyad: as the ledger was asked for.
        both: the names of both actors.
        last: the last month, to which terms are added up.
    """
    rows = shown(table, dyad, None)
    rows = rows[rows["quantity"] == COHESION]
    if not len(rows):
        return f"In the ledger, nothing moves the cohesion of {both} by {last}."
    terms, whole = rows[~rows["term"].isin((CHANGE, SMALLER))], rows.iloc[-1]
    told = (
        f"Booked month by month, cohesion of {both} changes by {_term(whole)} to {last}, most by"
        f" {_named(terms)}"
    )
    if pd.isna(whole["effect"]):
        return f"{told}."
    told = f"{told}; of that the wedge's doing is {_term(whole, 'effect')}"
    if (terms["effect"].abs() < _WRITTEN_AS_ZERO).all():
        return f"{told}."
    return f"{told}, most by {_named(terms, 'effect')}."


def _named(terms: pd.DataFrame, column: str = "mean") -> str:
    """Return the largest terms of a ledger with what each adds."""
    largest = terms[column].abs().nlargest(_MOST_NAMED).index
    return joined(
        [f"{row['title']} {_term(row, column)}" for _, row in terms.loc[largest].iterrows()]
    )


def _term(row: pd.Series[float], column: str = "mean") -> str:
    """Return what a term of a ledger adds, or what of that is the wedge's doing."""
    low, high = ("low", "high") if column == "mean" else (f"{column}_low", f"{column}_high")
    return f"{signed(row[column])} [{signed(row[low])} to {signed(row[high])}]"


def basis(found: Account) -> str:
    """Return what the intervals carry, and what they do not."""
    if found.posterior is None:
        return (
            f"Intervals: the middle {percent(LEVEL)} of {counted(found.runs, 'run')}, so random"
            " shocks alone; the coefficients are those of the scenario, as if they were known."
        )
    return (
        f"Intervals: the middle {percent(LEVEL)} of {counted(found.draws, 'draw')} of the"
        f" coefficients from the posterior {found.posterior!r}, each the mean of"
        f" {counted(round(found.runs / found.draws), 'run')}; they carry the uncertainty of the"
        " coefficients, not that of the inputs, nor what the law leaves out."
    )


def subject(found: Account) -> str:
    """Return the outcome in words."""
    asked, named = found.asked, names(found)
    if asked.series.of is None or asked.series.toward is None:
        allies = joined([named[code] for code in found.scenario.outcome.alliance])
        return f"{'effect of the wedge on ' if asked.is_effect else ''}cohesion of {allies}"
    if asked.series.variable == COHESION:
        return f"cohesion of {named[asked.series.of]} and {named[asked.series.toward]}"
    return (
        f"{asked.series.variable} of {named[asked.series.of]} toward {named[asked.series.toward]}"
    )


def names(found: Account) -> dict[str, str]:
    """Return what actors are called, by code."""
    return {code: plain(actor.name, 40) or code for code, actor in found.scenario.actors.items()}


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


def _whole(found: Account) -> str:
    """Say how much there is to explain."""
    change = found.step(CHANGE)
    if found.asked.is_effect:
        what = f"The {subject(found)} is {with_range(change)} in {found.period.end}"
        return f"{what} (in brackets the {percent(LEVEL)} interval)."
    start, end = found.step(START), found.step(END)
    what = subject(found)
    return (
        f"{what[0].upper()}{what[1:]} changes by {with_range(change)} (in brackets, here and below:"
        f" {percent(LEVEL)} interval), from {level(start.estimate)} in {found.period.since} to"
        f" {level(end.estimate)} in {found.period.end}."
    )


def _recorded(found: Account) -> str:
    """Say whether the record has cohesion move the same way; if not, shares cannot tell of it."""
    seen = _observed(found)
    if seen is None:
        return ""
    what, recorded = seen
    told = f"The record has a change of {signed(recorded, 2)} by {what}"
    change = found.step(CHANGE)
    if change.low <= 0.0 <= change.high:
        return f"{told}; the model leaves open which way it moves."
    if (change.estimate > 0) == (recorded > 0):
        size = percent(change.estimate / recorded)
        return f"{told}, in the same direction; the model has {size} of its size."
    return (
        f"{told}: the opposite direction; the shares tell what moves the model, and cannot tell"
        " what moved the two."
    )


def _observed(found: Account) -> tuple[str, float] | None:
    """Return date and size of the last change of the alliance's cohesion on record, if any."""
    scenario, period = found.scenario, found.period
    if found.asked.text != COHESION or len(scenario.outcome.alliance) != 2:
        return None
    changes = []
    for seen in scenario.observations.values():
        if not seen.enabled or seen.variable != COHESION or seen.value is None:
            continue
        if {seen.of, seen.toward} != set(scenario.outcome.alliance):
            continue
        if not period.first <= seen.date <= period.last:
            continue
        if seen.since is None:
            basis = seen.value.basis or "basis unstated"
            changes.append((seen.date, basis, seen.value.value - found.step(START).estimate))
        elif seen.since >= period.since:
            changes.append((seen.date, seen.value.basis, seen.value.value))
    if not changes:
        return None
    date, basis, change = max(changes)
    return f"{date} ({basis})", change


def _largest(found: Account) -> str:
    """Say which causes have the largest shares, with the change and against it."""
    if not len(found.causes):
        return f"Nothing is dated within {found.period.first} to {found.period.last}."
    rows = sorted(found.causes.to_dict("records"), key=lambda row: -abs(row["estimate"]))
    named: dict[bool, list[str]] = {True: [], False: []}
    for row in rows:
        share, side = row["estimate"], named[row["estimate"] > 0]
        if abs(share) > _WORTH_NAMING * abs(rows[0]["estimate"]) and len(side) < _MOST_NAMED:
            side.append(f"{row['title']} {with_range(spread_in(row))}")
    parts = [
        f"{side}: {joined(named[up])}"
        for up, side in ((True, "upward"), (False, "downward"))
        if named[up]
    ]
    if not parts:
        return f"Every share is 0: none of {counted(len(rows), 'cause')} moves it."
    return f"The largest shares, {'; '.join(parts)}."


def _wedge(found: Account) -> str:
    """Say what the wedge has to do with it, and what it does to the outcome."""
    share = found.wedge()
    if share is None or found.asked.is_effect:
        return ""
    effect = spread_of(found.effects)
    text = (
        f"Both legs of the wedge together have a share of {with_range(share)}; with all else in"
        f" place, the wedge makes a difference of {with_range(effect)}"
    )
    if found.asked.text != COHESION:
        return f"{text}."
    margin = found.scenario.outcome.margin.value
    parts = verdicts(found.effects, margin)
    shared = " / ".join(percent(parts[word]) for word in WORDS)
    of = "runs" if found.posterior is None else "draws"
    return f"{text}: split / null / backfire in {shared} of {of} (margin ±{brief(margin)})."


def _past(found: Account) -> str:
    """Say what would have happened without any of the causes."""
    if found.asked.is_effect or not len(found.causes):
        return ""
    return (
        f"Without any of the causes it would change by {with_range(found.step(PAST))}, by"
        f" {'what came before and by ' if found.period.before else ''}chance."
    )


def _interaction(found: Account) -> str:
    """Say how much the causes bring about only together, which the shares split evenly."""
    if len(found.causes) < 2:
        return ""
    together = found.step(CHANGE).estimate - found.step(PAST).estimate
    single = float(found.causes["alone"].sum())
    return (
        f"Interaction is in the shares: one by one, each without the others, the causes would add"
        f" up to {signed(single)}, all together they make {signed(together)}, and the difference"
        " is divided equally among those that make it."
    )


def _open(found: Account) -> str:
    """Say of which causes not even the sign is clear."""
    unclear = [
        f"{row['title']} (above zero in {percent(row['positive'])})"
        for row in found.causes.to_dict("records")
        if row["low"] < 0.0 < row["high"]
    ]
    if not unclear:
        return ""
    return f"The interval leaves open even the sign of the share of {joined(unclear)}."


def _direction(found: Account) -> str:
    """Say how often the change is a rise."""
    of = "runs" if found.posterior is None else "draws"
    return f"The change is above zero in {percent(found.step(CHANGE).positive)} of {of}."


def _mechanisms(found: Account) -> str:
    """Say through which mechanisms the wedge works, if that was asked."""
    return "" if found.mechanisms is None else mechanism_sentence(found.mechanisms)


def _ledger(found: Account) -> str:
    """Say which terms of its ledger moved a dyad's cohesion, if that was asked."""
    if found.ledger is None:
        return ""
    asked = found.asked_of_ledger
    called = names(found)
    both = joined([called[asked.of], called[asked.toward]])
    return ledger_sentence(found.ledger, asked.dyad, both, found.period.last)


_BY_WEIGHT: tuple[Callable[[Account], str], ...] = (
    _whole,
    _largest,
    _recorded,
    _wedge,
    _mechanisms,
    _ledger,
    _past,
    _open,
    _interaction,
    _direction,
)
_IN_ORDER: tuple[Callable[[Account], str], ...] = (
    _whole,
    _direction,
    _recorded,
    _largest,
    _wedge,
    _mechanisms,
    _ledger,
    _past,
    _interaction,
    _open,
)
