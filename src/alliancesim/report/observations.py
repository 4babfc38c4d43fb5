"""What really happened, beside what the model says of the same month; never an input."""

from __future__ import annotations

from typing import NamedTuple

from alliancesim.figures.marks import Mark, observation_marks
from alliancesim.figures.words import signed
from alliancesim.language import message, plural, text
from alliancesim.report.numbers import level, span
from alliancesim.results.result import Result

_ALONE_INSIDE = message(
    "The one observed number lies in the range that holds 90 % of the model's runs, {observed}"
    " against {modelled}."
)
_ALONE_OUTSIDE = message(
    "The one observed number lies outside the range that holds 90 % of the model's runs, {observed}"
    " against {modelled}: the model disagrees with what really happened."
)


class Seen(NamedTuple):
    """One observation.

    Attributes:
        mark: what was observed, and when.
        observed: the number as text; empty if there is none.
        modelled: median and range of 90 % of the runs of the world in that month, as text; empty
            where there is no number to compare.
        inside: whether the observed number lies in that range; None where there is none.
    """

    mark: Mark
    observed: str
    modelled: str
    inside: bool | None


def observations(result: Result) -> list[Seen]:
    """Return every observation in the months of the run, with the model's own numbers."""
    return [_seen(result, mark) for mark in observation_marks(result)]


def fit_sentence(found: list[Seen]) -> str:
    """Return how many observed numbers the model's range holds; empty where there are none.

    Where it holds none, the model disagrees with the record, and that is said.
    """
    judged = [item for item in found if item.inside is not None]
    if not judged:
        return ""
    held = sum(bool(item.inside) for item in judged)
    if len(judged) == 1:
        told = text(_ALONE_INSIDE if held else _ALONE_OUTSIDE)
        return told.format(observed=judged[0].observed, modelled=judged[0].modelled)
    told = plural(
        "Of {observed}, {count} lies in the range that holds 90 % of the model's runs.",
        "Of {observed}, {count} lie in the range that holds 90 % of the model's runs.",
        held,
    )
    if not held:
        told = text(
            "Of {observed}, {count} lie in the range that holds 90 % of the model's runs: the model"
            " disagrees with what really happened."
        )
    observed = plural("{count} observed number", "{count} observed numbers", len(judged))
    return told.format(observed=observed.format(count=len(judged)), count=held)


def _seen(result: Result, mark: Mark) -> Seen:
    """Return one observation beside the model's numbers."""
    sign = signed if mark.variable == "opinion" else level
    observed = "" if mark.value is None else sign(mark.value, 2)
    table = result.quantiles()
    rows = table[
        (table["world"] == "world")
        & (table["variable"] == mark.variable)
        & (table["of"] == mark.of)
        & (table["toward"] == mark.toward)
        & (table["month"] == mark.month)
    ]
    if mark.value is None or not len(rows):
        return Seen(mark, observed, "", None)
    middle, low, high = (float(rows[name].iloc[0]) for name in ("q50", "q05", "q95"))
    modelled = f"{sign(middle, 2)} ({span(sign(low, 2), sign(high, 2))})"
    return Seen(mark, observed, modelled, low <= mark.value <= high)
