"""Words of probability on one scale, for terminal, pages and briefs alike, with their numbers.

The scale is that of Intelligence Community Directive 203 (2015), which goes back to Kent (1964).
Words alone are read very differently by different readers; with the numbers beside them they are
read as meant (Wintle et al., 2019), and numbers with a rationale do better than words (Mandel and
Irwin, 2021): so no word stands here without its share and the interval of that, and no second scale
may enter.
"""

from __future__ import annotations

from typing import NamedTuple

from alliancesim.language import message, text
from alliancesim.measures.intervals import Interval
from alliancesim.report.numbers import percent, percent_interval


class Step(NamedTuple):
    """A word, and the least probability that it stands for, 0 to 1."""

    least: float
    word: str


SCALE = (
    Step(0.95, message("almost certain")),
    Step(0.80, message("very likely")),
    Step(0.55, message("likely")),
    Step(0.45, message("roughly even chance")),
    Step(0.20, message("unlikely")),
    Step(0.05, message("very unlikely")),
    Step(0.00, message("almost no chance")),
)
"""From the highest probability to the lowest; each word reaches up to the one before."""

_EVEN = next(place for place, step in enumerate(SCALE) if step.least < 0.5)
"""Place of even odds on the scale."""

_CLAUSE = message("it is {word} that {event}")
_CLAUSES = {
    "roughly even chance": message("there is a roughly even chance that {event}"),
    "almost no chance": message("there is almost no chance that {event}"),
}
"""Where the word is no adjective."""

SOURCES = message(
    "Words of probability after Intelligence Community Directive 203 (2015) and Kent (1964), with"
    " their numbers as Mandel and Irwin (2021) advise"
)


def word(probability: float) -> str:
    """Return the word for a probability, in the present language.

    Args:
        probability: 0 to 1.
    """
    return text(SCALE[_step(probability)].word)


def cautious_word(share: Interval) -> str:
    """Return the word for a share, so that few runs never sound certain.

    It is that for the end of the interval nearer to even odds, but the share's own where the
    interval reaches beyond them: at least likely stays likely, and unlikely stays unlikely.

    Args:
        share: 0 to 1, with its interval.
    """
    return text(SCALE[_cautious_step(share)].word)


def clause(share: Interval, event: str) -> str:
    """Return a clause that says how likely an event is.

    Args:
        share: 0 to 1, with its interval.
        event: what happens, as a clause in the present language.
    """
    step = SCALE[_cautious_step(share)]
    told = text(_CLAUSES.get(step.word, _CLAUSE))
    return told.format(word=text(step.word), event=event)


def scale_sentence() -> str:
    """Return what the words stand for, and where they come from."""
    above = (1.0, *(step.least for step in SCALE))
    steps = [
        text("{word} {low} to {high} %").format(
            word=text(step.word), low=round(100 * step.least), high=round(100 * upper)
        )
        for step, upper in zip(SCALE, above, strict=False)
    ]
    return f"{text(SOURCES)}: {'; '.join(steps)}."


def numbers(share: Interval, of: str) -> str:
    """Return a share with its interval, and the words that this reaches over, if several.

    Args:
        share: 0 to 1, with its interval.
        of: what it is a share of, such as ``of 400 draws``.
    """
    told = text("{share} {of}, 95 % interval {interval}").format(
        share=percent(share.estimate), of=of, interval=percent_interval(share)
    )
    low, high = word(max(share.low, 0.0)), word(min(share.high, 1.0))
    if low == high:
        return told
    return text("{told}, so {low} to {high}").format(told=told, low=low, high=high)


def _step(probability: float) -> int:
    """Return the place of a probability on the scale."""
    return next(place for place, step in enumerate(SCALE) if probability >= step.least)


def _cautious_step(share: Interval) -> int:
    """Return the place on the scale of the end of a share's interval nearer to even odds."""
    own = _step(share.estimate)
    if own < _EVEN:
        return min(max(own, _step(max(share.low, 0.0))), _EVEN - 1)
    if own > _EVEN:
        return max(min(own, _step(min(share.high, 1.0))), _EVEN + 1)
    return own
