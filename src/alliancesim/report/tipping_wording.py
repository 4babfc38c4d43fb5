"""What tipping points say, in sentences made from their numbers."""

from __future__ import annotations

import math

import numpy as np

from alliancesim.measures.intervals import Interval
from alliancesim.measures.verdict import WORDS, Word, word_for
from alliancesim.report.numbers import brief, percent, signed
from alliancesim.report.wording import counted, joined, plain_spaces
from alliancesim.tipping.frontier import Frontier
from alliancesim.tipping.question import Tipped
from alliancesim.tipping.ranking import CONFIRMED, Ranking
from alliancesim.tipping.thresholds import EDGES, Thresholds, Turn, draws_table, over_draws

_MOST_NAMED = 5
_DIGITS = 3


def value(number: float) -> str:
    """Return a value of a number, to three digits; what is infinite lies beyond the range."""
    if not math.isfinite(number):
        return "beyond the range"
    return brief(float(f"{number:.{_DIGITS}g}"))


def span(low: float, high: float) -> str:
    """Return the ends of an interval of values."""
    return f"{value(low)} to {value(high)}"


def sentences(found: Tipped) -> list[str]:
    """Return what tipping points say, each sentence with its figures, in plain spaces."""
    answer = found.answer
    if isinstance(answer, Ranking):
        told = _of_all(answer)
    elif isinstance(answer, Frontier):
        told = _of_two(answer)
    else:
        told = _of_one(answer)
    return [plain_spaces(text) for text in [*told, _attempt(found)] if text]


def basis(found: Tipped) -> str:
    """Return what the intervals carry, and what they do not."""
    if found.posterior is None:
        return (
            f"Thresholds rest on {counted(found.runs, 'run')} of every value, on common shocks;"
            " their 95 % intervals are a bootstrap's over runs (Davison and Hinkley 1997) and carry"
            " random shocks alone, as if coefficients and all other inputs were known."
        )
    return (
        f"Thresholds rest on {counted(found.runs, 'run')} of every value, with coefficients drawn"
        f" from the posterior {found.posterior.name!r}, on common shocks and draws; their 95 %"
        " intervals are a bootstrap's over draws (Davison and Hinkley 1997). They say how exactly"
        " the threshold of the average over draws is known; the spread of the draws' own thresholds"
        " says what is not known of the coefficients. All other inputs are taken as known."
    )


def _attempt(found: Tipped) -> str:
    """Say where the strategies as given are no wedge."""
    if found.attempted:
        return ""
    return (
        "As given, the strategies do not amount to an attempt at a wedge; verdicts here go by the"
        " effect alone."
    )


def _with_span(found: Interval) -> str:
    """Return a value with its interval in brackets."""
    return f"{value(found.estimate)} [{span(found.low, found.high)}]"


def _of_one(found: Thresholds) -> list[str]:
    """Say where the odds turn over the range of one number."""
    key = found.span.number.key
    at = int(np.abs(found.places - found.present).argmin())
    effects = found.effects[at]
    words = [word_for(effect, found.margin) for effect in effects.tolist()]
    word = max(WORDS, key=words.count)
    there = value(float(found.places[at]))
    told = [
        f"At {key} = {there} the mean effect is {signed(float(effects.mean()))}:"
        f" {word} in {percent(words.count(word) / len(words))} of runs (margin"
        f" ±{brief(found.margin)})."
    ]
    told += [_turn(found, turn) for turn in found.turns]
    if not found.turns:
        means = found.effects.mean(axis=1)
        told.append(
            f"From {value(found.span.low)} to {value(found.span.high)} the odds turn nowhere: the"
            f" mean effect runs from {signed(float(means.min()))} to"
            f" {signed(float(means.max()))}, and one verdict stays the commonest."
        )
    return told + _draws(found)


def _turn(found: Thresholds, turn: Turn) -> str:
    """Say where the odds turn once."""
    text = (
        f"The odds turn from {turn.below} to {turn.above} as {found.span.number.key} rises through"
        f" {_with_span(turn.odds)} (in brackets the 95 % interval),"
        f" {signed(turn.odds.estimate - found.present)} from the present value"
    )
    if math.isnan(turn.mean.estimate):
        return f"{text}; the mean effect does not reach the margin near there."
    return f"{text}; the mean effect is at the margin at {_with_span(turn.mean)}."


def _draws(found: Thresholds) -> list[str]:
    """Say what draws of the coefficients make of the threshold."""
    table = draws_table(found)
    told = []
    for edge in EDGES if len(table) else ():
        over = over_draws(table, edge)
        if over.outside == over.turning == 0.0:
            told.append(f"None of {counted(over.draws, 'draw')} has a {edge} within the range.")
            continue
        text = (
            f"Draw by draw, {percent(over.outside)} of {counted(over.draws, 'draw')} have a"
            f" {edge} at the present value, and {percent(over.turning)} turn to it or from it"
            " within the range"
        )
        if over.turning > 0.0:
            text += (
                f": median threshold {value(over.middle)}, middle 90 % {span(over.low, over.high)}"
            )
        told.append(f"{text}.")
    return told


def _of_two(found: Frontier) -> list[str]:
    """Say where the frontier lies."""
    first, second = (span.number.key for span in found.spans)
    told = []
    for edge, rows in found.curve.groupby("edge", sort=False):
        told.append(
            f"Half the runs have a {edge} along a curve on which {first} goes from"
            f" {value(rows['x'].min())} to {value(rows['x'].max())} and {second} from"
            f" {value(rows['y'].min())} to {value(rows['y'].max())}."
        )
        width, height = (span.high - span.low for span in found.spans)
        x, y = (rows[axis].to_numpy(dtype=np.float64) for axis in ("x", "y"))
        across, up = (x - found.present[0]) / width, (y - found.present[1]) / height
        near = int(np.hypot(across, up).argmin())
        told.append(
            f"Measured in shares of the ranges shown, its nearest place to the scenario, which"
            f" stands at {value(found.present[0])} and {value(found.present[1])}, is"
            f" {value(float(x[near]))} and {value(float(y[near]))}."
        )
    if not told:
        effects = found.cells["effect"]
        told = [
            f"Nowhere in the plane of {first} and {second} do the odds turn: the mean effect runs"
            f" from {signed(effects.min())} to {signed(effects.max())}."
        ]
    return told


def _of_all(found: Ranking) -> list[str]:
    """Say which numbers flip the verdict by themselves."""
    flips = found.table[found.table["threshold"].notna()]
    told = [
        f"Without shocks the effect as given is {signed(found.effect)}: {found.word}. Of"
        f" {counted(len(found.table), 'number')}, {len(flips)} flip the verdict by themselves"
        f" somewhere in their range; {len(found.table) - len(flips)} never do."
    ]
    named = [
        f"{row['key']} from {value(row['present'])} to {value(row['threshold'])}"
        f" ({percent(row['share'])} of its range{_sds(row['prior_sds'])}; {row['verdict']})"
        for row in flips.head(_MOST_NAMED).to_dict("records")
    ]
    if named:
        told.append(f"The smallest changes: {joined(named)}.")
    told += [_reached(found, edge) for edge in EDGES if edge != found.word]
    return [*told, _confirmed(found), _of_draws(found)]


def _reached(found: Ranking, edge: Word) -> str:
    """Say which numbers lead to a verdict at all, if not by their nearest flip."""
    table = found.table
    beyond = table["least"] < -found.margin if edge == "split" else table["most"] > found.margin
    if not beyond.any():
        return (
            f"No value of a single number makes it a {edge}; over their ranges the effect runs from"
            f" {signed(table['least'].min())} to {signed(table['most'].max())}."
        )
    later = table[beyond & (table["verdict"] != edge)]["key"].tolist()
    more = f" and {len(later) - _MOST_NAMED} more" if len(later) > _MOST_NAMED else ""
    named = joined(later[:_MOST_NAMED]) if not more else ", ".join(later[:_MOST_NAMED])
    return f"Farther out, a {edge} is reached by {named}{more}." if later else ""


def _sds(size: float) -> str:
    """Return a change in standard deviations of the prior, where it has one."""
    if math.isnan(size):
        return ""
    return f", {value(size)} prior sd" if math.isfinite(size) else ", beyond its prior"


def _confirmed(found: Ranking) -> str:
    """Say how far runs with shocks confirm the smallest changes."""
    first = found.table[found.table["threshold"].notna()].head(CONFIRMED)
    if first.empty:
        return ""
    sure = first[first["with_runs"].notna()]
    apart = ((sure["with_runs"] - sure["threshold"]).abs() / (sure["high"] - sure["low"])).max()
    drawn = " and draws of the coefficients" if "turning" in found.table else ""
    text = f"With shocks{drawn}, {len(sure)} of the {len(first)} smallest are confirmed"
    return f"{text}, at most {percent(apart)} of the range away." if len(sure) else f"{text}."


def _of_draws(found: Ranking) -> str:
    """Say how many draws agree that the smallest change flips the verdict."""
    if "turning" not in found.table or found.table["turning"].isna().all():
        return ""
    row = found.table.iloc[0]
    return (
        f"Draw by draw, {row['key']} turns the verdict within its range in"
        f" {percent(row['turning'])}, at {value(row['draws_middle'])} in the median and"
        f" {span(row['draws_low'], row['draws_high'])} in the middle 90 %."
    )
