"""What tipping points say, in sentences made from their numbers.

How near a threshold lies is never told as how likely it is to be passed.
"""

from __future__ import annotations

import math

import numpy as np

from alliancesim.figures.words import signed
from alliancesim.language import plural, text
from alliancesim.measures.intervals import Interval
from alliancesim.measures.verdict import WORDS, Word, word_for
from alliancesim.report import numbers
from alliancesim.report.numbers import brief, percent
from alliancesim.report.phrases import counted, joined, plain_spaces
from alliancesim.tipping.frontier import Frontier
from alliancesim.tipping.question import Tipped
from alliancesim.tipping.ranking import CONFIRMED, Ranking
from alliancesim.tipping.thresholds import EDGES, Thresholds, Turn, draws_table, over_draws

_MOST_NAMED = 5
_DIGITS = 3


def value(number: float) -> str:
    """Return a value of a number, to three digits; what is infinite lies beyond the range."""
    if not math.isfinite(number):
        return text("beyond the range")
    return brief(float(f"{number:.{_DIGITS}g}"))


def span(low: float, high: float) -> str:
    """Return the ends of an interval of values."""
    return numbers.span(value(low), value(high))


def sentences(found: Tipped) -> list[str]:
    """Return what tipping points say, each sentence with its figures, in plain spaces."""
    answer = found.answer
    if isinstance(answer, Ranking):
        told = _of_all(answer)
    elif isinstance(answer, Frontier):
        told = _of_two(answer)
    else:
        told = _of_one(answer)
    return [plain_spaces(sentence) for sentence in [*told, _attempt(found)] if sentence]


def basis(found: Tipped) -> str:
    """Return what the intervals carry, and what they do not."""
    runs = counted(found.runs, "run")
    if found.posterior is None:
        return text(
            "Thresholds rest on {runs} of every value, on common shocks; their 95 % intervals are a"
            " bootstrap's over runs (Davison and Hinkley 1997) and carry random shocks alone, as if"
            " coefficients and all other inputs were known."
        ).format(runs=runs)
    return text(
        "Thresholds rest on {runs} of every value, with coefficients drawn from the posterior"
        " '{name}', on common shocks and draws; their 95 % intervals are a bootstrap's over draws"
        " (Davison and Hinkley 1997). They say how exactly the threshold of the average over draws"
        " is known; the spread of the draws' own thresholds says what is not known of the"
        " coefficients. All other inputs are taken as known."
    ).format(runs=runs, name=found.posterior.name)


def _attempt(found: Tipped) -> str:
    """Say where the strategies as given are no wedge."""
    if found.attempted:
        return ""
    return text(
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
        text(
            "At {key} = {value} the mean effect is {effect}: {word} in {share} of runs (margin"
            " ±{margin})."
        ).format(
            key=key,
            value=there,
            effect=signed(float(effects.mean())),
            word=text(word),
            share=percent(words.count(word) / len(words)),
            margin=brief(found.margin),
        )
    ]
    told += [_turn(found, turn) for turn in found.turns]
    if not found.turns:
        means = found.effects.mean(axis=1)
        nowhere = text(
            "From {low} to {high} the odds turn nowhere: the mean effect stays between {least} and"
            " {most}, and one verdict stays the commonest."
        ).format(
            low=value(found.span.low),
            high=value(found.span.high),
            least=signed(float(means.min())),
            most=signed(float(means.max())),
        )
        told.append(nowhere)
    return told + _draws(found)


def _turn(found: Thresholds, turn: Turn) -> str:
    """Say where the odds turn once."""
    told = text(
        "The odds turn from {below} to {above} as {key} rises through {threshold} (in brackets the"
        " 95 % interval), {distance} from the present value"
    ).format(
        below=text(turn.below),
        above=text(turn.above),
        key=found.span.number.key,
        threshold=_with_span(turn.odds),
        distance=signed(turn.odds.estimate - found.present),
    )
    if math.isnan(turn.mean.estimate):
        return text("{told}; the mean effect does not reach the margin near there.").format(
            told=told
        )
    return text("{told}; the mean effect is at the margin at {threshold}.").format(
        told=told, threshold=_with_span(turn.mean)
    )


def _draws(found: Thresholds) -> list[str]:
    """Say what draws of the coefficients make of the threshold."""
    table = draws_table(found)
    told = []
    for edge in EDGES if len(table) else ():
        over = over_draws(table, edge)
        draws = plural("of {count} draw", "of {count} draws", over.draws).format(count=over.draws)
        if over.outside == over.turning == 0.0:
            none = text("None {draws} has a {edge} within the range.")
            told.append(none.format(draws=draws, edge=text(edge)))
            continue
        found_there = text(
            "Draw by draw, {share} {draws} have a {edge} at the present value, and {turning} turn"
            " to it or from it within the range"
        ).format(
            share=percent(over.outside),
            draws=draws,
            edge=text(edge),
            turning=percent(over.turning),
        )
        if over.turning > 0.0:
            found_there = text("{told}: median threshold {middle}, middle 90 % {span}").format(
                told=found_there, middle=value(over.middle), span=span(over.low, over.high)
            )
        told.append(f"{found_there}.")
    return told


def _of_two(found: Frontier) -> list[str]:
    """Say where the frontier lies."""
    first, second = (span.number.key for span in found.spans)
    told = []
    for edge, rows in found.curve.groupby("edge", sort=False):
        along = text(
            "Half the runs have a {edge} along a curve on which {first} goes from {left} to {right}"
            " and {second} from {bottom} to {top}."
        ).format(
            edge=text(str(edge)),
            first=first,
            left=value(rows["x"].min()),
            right=value(rows["x"].max()),
            second=second,
            bottom=value(rows["y"].min()),
            top=value(rows["y"].max()),
        )
        told.append(along)
        width, height = (span.high - span.low for span in found.spans)
        x, y = (rows[axis].to_numpy(dtype=np.float64) for axis in ("x", "y"))
        across, up = (x - found.present[0]) / width, (y - found.present[1]) / height
        near = int(np.hypot(across, up).argmin())
        nearest = text(
            "Measured in shares of the ranges shown, its nearest place to the scenario, which"
            " stands at {x} and {y}, is {near_x} and {near_y}."
        ).format(
            x=value(found.present[0]),
            y=value(found.present[1]),
            near_x=value(float(x[near])),
            near_y=value(float(y[near])),
        )
        told.append(nearest)
    if not told:
        effects = found.cells["effect"]
        nowhere = text(
            "Nowhere in the plane of {first} and {second} do the odds turn: the mean effect stays"
            " between {least} and {most}."
        ).format(
            first=first,
            second=second,
            least=signed(effects.min()),
            most=signed(effects.max()),
        )
        told = [nowhere]
    return told


def _of_all(found: Ranking) -> list[str]:
    """Say which numbers flip the verdict by themselves."""
    flips = found.table[found.table["threshold"].notna()]
    told = [
        text(
            "Without shocks the effect as given is {effect}: {word}. Of {numbers}, {flips} flip the"
            " verdict by themselves somewhere in their range; {never} never do."
        ).format(
            effect=signed(found.effect),
            word=text(found.word),
            numbers=counted(len(found.table), "number"),
            flips=len(flips),
            never=len(found.table) - len(flips),
        )
    ]
    named = [
        text("{key} from {present} to {threshold} ({share} of its range{sds}; {verdict})").format(
            key=row["key"],
            present=value(row["present"]),
            threshold=value(row["threshold"]),
            share=percent(row["share"]),
            sds=_sds(row["prior_sds"]),
            verdict=text(row["verdict"]),
        )
        for row in flips.head(_MOST_NAMED).to_dict("records")
    ]
    if named:
        told.append(text("The smallest changes: {listed}.").format(listed=joined(named)))
    told += [_reached(found, edge) for edge in EDGES if edge != found.word]
    return [*told, _confirmed(found), _of_draws(found)]


def _reached(found: Ranking, edge: Word) -> str:
    """Say which numbers lead to a verdict at all, if not by their nearest flip."""
    table = found.table
    beyond = table["least"] < -found.margin if edge == "split" else table["most"] > found.margin
    if not beyond.any():
        return text(
            "No value of a single number makes it a {edge}; over their ranges the effect runs from"
            " {least} to {most}."
        ).format(
            edge=text(edge),
            least=signed(table["least"].min()),
            most=signed(table["most"].max()),
        )
    later = table[beyond & (table["verdict"] != edge)]["key"].tolist()
    if not later:
        return ""
    named = joined(later[:_MOST_NAMED])
    if len(later) > _MOST_NAMED:
        named = text("{first} and {number} more").format(
            first=", ".join(later[:_MOST_NAMED]), number=len(later) - _MOST_NAMED
        )
    return text("Farther out, a {edge} is reached by {keys}.").format(edge=text(edge), keys=named)


def _sds(size: float) -> str:
    """Return a change in standard deviations of the prior, where it has one."""
    if math.isnan(size):
        return ""
    if not math.isfinite(size):
        return text(", beyond its prior")
    return text(", {size} prior sd").format(size=value(size))


def _confirmed(found: Ranking) -> str:
    """Say how far runs with shocks confirm the smallest changes."""
    first = found.table[found.table["threshold"].notna()].head(CONFIRMED)
    if first.empty:
        return ""
    sure = first[first["with_runs"].notna()]
    apart = ((sure["with_runs"] - sure["threshold"]).abs() / (sure["high"] - sure["low"])).max()
    told = (
        text(
            "With shocks and draws of the coefficients, {confirmed} of the {number} smallest are"
            " confirmed"
        )
        if "turning" in found.table
        else text("With shocks, {confirmed} of the {number} smallest are confirmed")
    ).format(confirmed=len(sure), number=len(first))
    if not len(sure):
        return f"{told}."
    return text("{told}, at most {share} of the range away.").format(
        told=told, share=percent(apart)
    )


def _of_draws(found: Ranking) -> str:
    """Say how many draws agree that the smallest change flips the verdict."""
    if "turning" not in found.table or found.table["turning"].isna().all():
        return ""
    row = found.table.iloc[0]
    return text(
        "Draw by draw, {key} turns the verdict within its range in {share}, at {middle} in the"
        " median and {span} in the middle 90 %."
    ).format(
        key=row["key"],
        share=percent(row["turning"]),
        middle=value(row["draws_middle"]),
        span=span(row["draws_low"], row["draws_high"]),
    )
