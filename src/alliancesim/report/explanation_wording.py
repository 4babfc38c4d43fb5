"""What an explanation says, in sentences made from its numbers.

What mechanisms and ledger say is not here, but in mechanism_wording.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from alliancesim.arrays import Array
from alliancesim.attribution.account import Account
from alliancesim.attribution.period import Period
from alliancesim.attribution.tables import CHANGE, END, PAST, START
from alliancesim.figures.words import plain, signed
from alliancesim.language import message, plural, text
from alliancesim.measures.series import COHESION
from alliancesim.measures.spread import LEVEL, Spread, spread_in, spread_of
from alliancesim.measures.verdict import WORDS, word_for
from alliancesim.report.mechanism_wording import MOST_NAMED, ledger_sentence, mechanism_sentence
from alliancesim.report.numbers import brief, level, percent, span
from alliancesim.report.phrases import counted, joined, plain_spaces
from alliancesim.scenario.quantities import month_count, month_text

FEWEST, MOST = 3, 6
"""Sentences of a story."""

WITH_THE_RECORD = message("The model's change goes the way of the one on record.")
AGAINST_THE_RECORD = message("The model's change goes against the one on record.")

_WORTH_NAMING = 0.1
_UPWARD, _DOWNWARD = message("upward: {listed}"), message("downward: {listed}")


def sentences(found: Account) -> list[str]:
    """Return the story of a change in three to six sentences, each with its figures.

    What was asked for in particular, and what bears most on the reading, goes before the rest
    where all would be too many; the order of the story is always the same.
    """
    told = {tell: said for tell in _BY_WEIGHT if (said := tell(found))}
    kept = list(told)[:MOST]
    return [plain_spaces(told[tell]) for tell in _IN_ORDER if tell in kept]


def basis(found: Account) -> str:
    """Return what the intervals carry, and what they do not."""
    if found.posterior is None:
        return text(
            "Intervals: the middle {level} {of_runs}, so random shocks alone; the coefficients are"
            " those of the scenario, as if they were known."
        ).format(level=percent(LEVEL), of_runs=_of_runs(found.runs))
    draws = plural("of {count} draw", "of {count} draws", found.draws)
    return text(
        "Intervals: the middle {level} {of_draws} of the coefficients from the posterior {name!r},"
        " each the mean {of_runs}; they carry the uncertainty of the coefficients, not that of the"
        " inputs, nor what the law leaves out."
    ).format(
        level=percent(LEVEL),
        of_draws=draws.format(count=found.draws),
        name=found.posterior,
        of_runs=_of_runs(round(found.runs / found.draws)),
    )


def _of_runs(runs: int) -> str:
    return plural("of {count} run", "of {count} runs", runs).format(count=runs)


def subject(found: Account) -> str:
    """Return the outcome in words."""
    asked, named = found.asked, names(found)
    if asked.series.of is None or asked.series.toward is None:
        allies = joined([named[code] for code in found.scenario.outcome.alliance])
        if asked.is_effect:
            return text("effect of the wedge on cohesion of {allies}").format(allies=allies)
        return text("cohesion of {allies}").format(allies=allies)
    of, toward = named[asked.series.of], named[asked.series.toward]
    if asked.series.variable == COHESION:
        return text("cohesion of {allies}").format(allies=joined([of, toward]))
    return text("{variable} of {of} toward {toward}").format(
        variable=text(asked.series.variable), of=of, toward=toward
    )


def period_end(period: Period) -> str:
    """Return the month, or the months, in which the outcome is read, in words."""
    if period.window == 1:
        return period.last
    first = month_text(month_count(period.last) - period.window + 1)
    return text("{first} to {last} (mean)").format(first=first, last=period.last)


def step_title(row: Mapping[Any, Any], period: Period) -> str:
    """Return what a step of the way from the level before to the level after is called.

    Args:
        row: of the table of shares.
        period: the span of months.
    """
    if row["kind"] in (START, END):
        month = period.since if row["kind"] == START else period_end(period)
        return text("level in {month}").format(month=month)
    return text(str(row["title"]))


def names(found: Account) -> dict[str, str]:
    """Return what actors are called, by code."""
    return {
        code: plain(text(actor.name), 40) or code for code, actor in found.scenario.actors.items()
    }


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
    return f"{signed(found.estimate)} [{span(signed(found.low), signed(found.high))}]"


def _whole(found: Account) -> str:
    """Say how much there is to explain."""
    what, change = subject(found), with_range(found.step(CHANGE))
    until, interval = period_end(found.period), percent(LEVEL)
    if found.asked.is_effect:
        return text(
            "The {what} is {change} in {until} (in brackets the {interval} interval)."
        ).format(what=what, change=change, until=until, interval=interval)
    return text(
        "{what} changes by {change} (in brackets, here and below: {interval} interval), from"
        " {start} in {since} to {end} in {until}."
    ).format(
        what=f"{what[0].upper()}{what[1:]}",
        change=change,
        interval=interval,
        start=level(found.step(START).estimate),
        since=found.period.since,
        end=level(found.step(END).estimate),
        until=until,
    )


def recorded(found: Account) -> str:
    """Say whether the record has cohesion move the same way; if not, shares cannot tell of it."""
    seen = _observed(found)
    if seen is None:
        return ""
    what, moved = seen
    change, size = found.step(CHANGE), signed(moved, 2)
    if change.low <= 0.0 <= change.high:
        return text(
            "The record has a change of {size} by {what}; the model leaves open which way it moves."
        ).format(size=size, what=what)
    if (change.estimate > 0) == (moved > 0):
        return text(
            "The record has a change of {size} by {what}, in the same direction; the model has"
            " {share} of its size."
        ).format(size=size, what=what, share=percent(change.estimate / moved))
    return text(
        "The record has a change of {size} by {what}: the opposite direction; the shares tell what"
        " moves the model, and cannot tell what moved the two."
    ).format(size=size, what=what)


def beside_the_record(found: Account) -> str:
    """Say in a few words whether the model moves cohesion the way the record has it."""
    seen, change = _observed(found), found.step(CHANGE)
    if seen is None:
        return ""
    if change.low <= 0.0 <= change.high:
        return text("The model leaves open whether it goes the way of the change on record.")
    return text(WITH_THE_RECORD if (change.estimate > 0) == (seen[1] > 0) else AGAINST_THE_RECORD)


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
            basis = seen.value.basis or message("basis unstated")
            changes.append((seen.date, basis, seen.value.value - found.step(START).estimate))
        elif seen.since >= period.since:
            changes.append((seen.date, seen.value.basis, seen.value.value))
    if not changes:
        return None
    date, basis, change = max(changes)
    return f"{date} ({text(str(basis))})", change


def _largest(found: Account) -> str:
    """Say which causes have the largest shares, with the change and against it."""
    if not len(found.causes):
        told = text("Nothing is dated within {first} to {last}.")
        return told.format(first=found.period.first, last=found.period.last)
    rows = sorted(found.causes.to_dict("records"), key=lambda row: -abs(row["estimate"]))
    named: dict[bool, list[str]] = {True: [], False: []}
    for row in rows:
        share, side = row["estimate"], named[row["estimate"] > 0]
        if abs(share) > _WORTH_NAMING * abs(rows[0]["estimate"]) and len(side) < MOST_NAMED:
            side.append(f"{step_title(row, found.period)} {with_range(spread_in(row))}")
    parts = [
        text(side).format(listed=joined(named[up]))
        for up, side in ((True, _UPWARD), (False, _DOWNWARD))
        if named[up]
    ]
    if not parts:
        told = text("Every share is 0: none of {causes} moves it.")
        return told.format(causes=counted(len(rows), "cause"))
    return text("The largest shares, {sides}.").format(sides="; ".join(parts))


def _wedge(found: Account) -> str:
    """Say what the wedge has to do with it, and what it does to the outcome."""
    share = found.wedge()
    if share is None or found.asked.is_effect:
        return ""
    said = {"share": with_range(share), "effect": with_range(spread_of(found.effects))}
    if found.asked.text != COHESION:
        return text(
            "Both legs of the wedge together have a share of {share}; with all else in place, the"
            " wedge makes a difference of {effect}."
        ).format(**said)
    margin = found.scenario.outcome.margin.value
    parts = verdicts(found.effects, margin)
    said |= {"parts": " / ".join(percent(parts[word]) for word in WORDS), "margin": brief(margin)}
    if found.posterior is None:
        return text(
            "Both legs of the wedge together have a share of {share}; with all else in place, the"
            " wedge makes a difference of {effect}: split / null / backfire in {parts} of runs"
            " (margin ±{margin})."
        ).format(**said)
    return text(
        "Both legs of the wedge together have a share of {share}; with all else in place, the wedge"
        " makes a difference of {effect}: split / null / backfire in {parts} of draws (margin"
        " ±{margin})."
    ).format(**said)


def _past(found: Account) -> str:
    """Say what would have happened without any of the causes."""
    if found.asked.is_effect or not len(found.causes):
        return ""
    change = with_range(found.step(PAST))
    if found.period.before:
        return text(
            "Without any of the causes it would change by {change}, by what came before and by"
            " chance."
        ).format(change=change)
    told = text("Without any of the causes it would change by {change}, by chance.")
    return told.format(change=change)


def _interaction(found: Account) -> str:
    """Say how much the causes bring about only together, which the shares split evenly."""
    if len(found.causes) < 2:
        return ""
    together = found.step(CHANGE).estimate - found.step(PAST).estimate
    single = float(found.causes["alone"].sum())
    return text(
        "Interaction is in the shares: one by one, each without the others, the causes would add up"
        " to {single}, all together they make {together}, and the difference is divided equally"
        " among those that make it."
    ).format(single=signed(single), together=signed(together))


def _open(found: Account) -> str:
    """Say of which causes not even the sign is clear."""
    unclear = [
        text("{cause} (above zero in {share})").format(
            cause=step_title(row, found.period), share=percent(row["positive"])
        )
        for row in found.causes.to_dict("records")
        if row["low"] < 0.0 < row["high"]
    ]
    if not unclear:
        return ""
    told = text("The interval leaves open even the sign of the share of {causes}.")
    return told.format(causes=joined(unclear))


def _direction(found: Account) -> str:
    """Say how often the change is a rise."""
    told = (
        text("The change is above zero in {share} of runs.")
        if found.posterior is None
        else text("The change is above zero in {share} of draws.")
    )
    return told.format(share=percent(found.step(CHANGE).positive))


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
    recorded,
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
    recorded,
    _largest,
    _wedge,
    _mechanisms,
    _ledger,
    _past,
    _interaction,
    _open,
)
