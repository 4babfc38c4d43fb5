"""The conditions of discovered rules in words: names of factors, and limits on them.

How good a rule is, is not said here but in discovery_wording.
"""

from __future__ import annotations

import math

from alliancesim.discovery.boxes import Box, Limits
from alliancesim.discovery.dataset import Dataset
from alliancesim.discovery.features import Feature
from alliancesim.discovery.trees import Leaf
from alliancesim.language import text
from alliancesim.report.factors import labels
from alliancesim.report.numbers import brief
from alliancesim.report.phrases import joined
from alliancesim.scenario.quantities import month_text

_DIGITS = 3


def value(number: float) -> str:
    """Return a limit to three digits."""
    return brief(float(f"{number:.{_DIGITS}g}"))


class Words:
    """The names of an experiment's conditions.

    Attributes:
        labels: what each feature is, by its name.
    """

    def __init__(self, dataset: Dataset) -> None:
        """Name the features of an experiment."""
        named = labels(dataset.axes, dataset.scenario)
        self.labels = {feature.name: named[feature.factor] for feature in dataset.features}
        self._features = {feature.name: feature for feature in dataset.features}

    def condition(self, name: str, ends: Limits) -> str:
        """Return one feature's limits in words."""
        return _condition(self._features[name], self.labels[name], ends)

    def conditions(self, box: Box) -> str:
        """Return all limits of a box in words."""
        return joined([self.condition(name, ends) for name, ends in box.items()])


def _condition(feature: Feature, label: str, ends: Limits) -> str:
    """Return one feature's limits in words."""
    said = limit(feature, ends)
    if feature.kind in ("switch", "choice"):
        return text("{factor} is {choice}").format(factor=label, choice=said)
    return text("{factor} is {limit}").format(factor=label, limit=said)


def limit(feature: Feature, ends: Limits) -> str:
    """Return limits in words, without what they limit."""
    on = ends.low > 0.0
    if feature.kind == "switch":
        return text("yes") if on else text("no")
    if feature.kind == "choice":
        return feature.choice if on else text("not {choice}").format(choice=feature.choice)
    if feature.kind == "month":
        return _months(ends)
    fields = {"low": value(ends.low), "high": value(ends.high)}
    if math.isfinite(ends.low) and math.isfinite(ends.high):
        return text("between {low} and {high}").format(**fields)
    if math.isfinite(ends.low):
        return text("above {low}").format(low=fields["low"])
    return text("below {high}").format(high=fields["high"])


def _months(ends: Limits) -> str:
    """Return limits on a month in words: they lie between months, so the first and last inside."""
    low = month_text(math.ceil(ends.low)) if math.isfinite(ends.low) else ""
    high = month_text(math.floor(ends.high)) if math.isfinite(ends.high) else ""
    if low and high:
        return text("from {low} to {high}").format(low=low, high=high)
    if low:
        return text("{month} or later").format(month=low)
    return text("{month} or earlier").format(month=high)


def range_ends(feature: Feature, low: float, high: float) -> tuple[str, str]:
    """Return the texts at both ends of a feature's range."""
    if feature.kind == "month":
        return month_text(int(low)), month_text(int(high))
    if feature.kind == "number":
        return value(low), value(high)
    if feature.kind == "switch":
        return text("no"), text("yes")
    return text("others"), feature.choice


def leaf_words(words: Words, leaf: Leaf) -> str:
    """Return one rule of the tree."""
    return words.conditions(leaf.box) or text("anywhere")
