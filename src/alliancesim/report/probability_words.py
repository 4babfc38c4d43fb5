"""Words of probability on a fixed scale, always said with their numbers.

The scale is that of Intelligence Community Directive 203 (2015), which goes back to Kent (1964).
Words alone are read very differently by different readers; with the numbers beside them they are
read as meant (Wintle et al., 2019), and numbers with a rationale do better than words (Mandel and
Irwin, 2021): so no word stands here without its share and the interval of that.
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

SOURCES = message(
    "Words of probability after Intelligence Community Directive 203 (2015) and Kent (1964), with"
    " their numbers as Mandel and Irwin (2021) advise"
)


def word(probability: float) -> str:
    """Return the word for a probability, in the present language.

    Args:
        probability: 0 to 1.
    """
    return text(next(step.word for step in SCALE if probability >= step.least))


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
