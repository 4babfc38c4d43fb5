"""What is discovered, in sentences made from its numbers."""

from __future__ import annotations

import math
from collections.abc import Mapping

from alliancesim.discovery.boxes import Box, Limits
from alliancesim.discovery.dataset import Dataset
from alliancesim.discovery.discovering import Discovered, Discovery
from alliancesim.discovery.features import Feature
from alliancesim.discovery.folding import FOLDS, found_again
from alliancesim.discovery.targets import FEWEST, RAREST, Target
from alliancesim.discovery.trees import Leaf
from alliancesim.measures.intervals import Interval
from alliancesim.measures.verdict import Word
from alliancesim.report.factors import labels
from alliancesim.report.numbers import brief, percent, percent_interval, signed
from alliancesim.report.wording import counted, joined, plain_spaces
from alliancesim.scenario.quantities import month_text

_DIGITS = 3

_DOES: dict[Word, str] = {"split": "splits", "null": "does nothing", "backfire": "backfires"}
_ALL: dict[Word, str] = {
    "split": "all splits",
    "null": "all points at which it does nothing",
    "backfire": "all backfires",
}
_ARE: dict[Word, str] = {"split": "are splits", "null": "are null", "backfire": "are backfires"}
_NEAREST: dict[Word, str] = {
    "split": "lowest effect, the strongest push towards a split",
    "null": "effect nearest to zero",
    "backfire": "highest effect, closest to a backfire",
}

CHOICE = (
    "Of the boxes that PRIM peels, each a twentieth smaller than the one before, those are"
    " looked at whose correlation with the outcome (phi) lies within one standard error of"
    " the highest; the one that bounds the fewest factors is chosen, and limits that make no"
    " difference (quasi-p above 0.05) are lifted."
)


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
    if feature.kind in ("switch", "choice"):
        on = ends.low > 0.0
        if feature.kind == "switch":
            return f"{label} is {'yes' if on else 'no'}"
        return f"{label} is {'' if on else 'not '}{feature.choice}"
    if feature.kind == "month":
        return f"{label} is {_months(ends)}"
    if math.isfinite(ends.low) and math.isfinite(ends.high):
        return f"{label} is between {value(ends.low)} and {value(ends.high)}"
    if math.isfinite(ends.low):
        return f"{label} is above {value(ends.low)}"
    return f"{label} is below {value(ends.high)}"


def _months(ends: Limits) -> str:
    """Return limits on a month in words: they lie between months, so the first and last inside."""
    low = month_text(math.ceil(ends.low)) if math.isfinite(ends.low) else ""
    high = month_text(math.floor(ends.high)) if math.isfinite(ends.high) else ""
    if low and high:
        return f"from {low} to {high}"
    return f"{low} or later" if low else f"{high} or earlier"


def range_ends(feature: Feature, low: float, high: float) -> tuple[str, str]:
    """Return the texts at both ends of a feature's range."""
    if feature.kind == "month":
        return month_text(int(low)), month_text(int(high))
    if feature.kind == "number":
        return value(low), value(high)
    return ("no", "yes") if feature.kind == "switch" else ("others", feature.choice)


def sentences(found: Discovered, one: Discovery) -> list[str]:
    """Return what is discovered of one verdict, each sentence with its figures, in plain spaces."""
    words = Words(found.dataset)
    told = [_sought(found.dataset, one.target)]
    if one.standing == "none":
        told.append(_nothing(words, one))
    elif one.standing == "rule":
        told += [_rule(words, one), _tested(one), _again(words, one)]
    if one.tree is not None:
        told.append(_second(words, one))
    return [plain_spaces(text) for text in told if text]


def titled(one: Discovery) -> str:
    """Return a verdict's name, and whether others stand in for it."""
    return f"{one.target.word} (stand-in)" if one.target.basis == "nearest" else one.target.word


def headline(found: Discovered, one: Discovery) -> str:
    """Return one verdict's rule in one line, with its density on points held out."""
    target = one.target
    if one.standing == "always":
        return f"{target.word.capitalize()}: hardly any point is other, so no rule is sought."
    if one.standing == "none" or one.found is None or one.density is None:
        return f"{target.word.capitalize()}: no rule was found that stands the test."
    lead = f"The wedge {_DOES[target.word]} most often"
    if target.basis == "nearest":
        lead = (
            f"The {int(target.hits.sum())} points with the {_NEAREST[target.word]}, are commonest"
        )
        lead = f"STAND-IN for too few {target.word} points: {lead}"
    rule = Words(found.dataset).conditions(one.found.box)
    return plain_spaces(
        f"{lead} where {rule}: there on points held out {_share(one.density)}, against"
        f" {percent(target.base)} of all points."
    )


def row(one: Discovery) -> tuple[str, ...]:
    """Return one verdict's figures for a table, coverage and density on points held out."""
    target = one.target
    if one.standing == "always" or one.coverage is None or one.density is None:
        shares = ("none sought", "")
    else:
        shares = (_brief(one.coverage), _brief(one.density))
    number = str(int(target.hits.sum()))
    return tuple(map(plain_spaces, (titled(one), number, *shares, percent(target.base))))


def _brief(found: Interval) -> str:
    """Return a share with the ends of its interval in brackets."""
    return f"{percent(found.estimate)} [{percent_interval(found)}]"


def basis(found: Discovered) -> str:
    """Return what rests on what."""
    dataset = found.dataset
    failed = (
        f" {counted(dataset.failed, 'point')} of the experiment failed and are left out;"
        " rules hold among the others."
        if dataset.failed
        else ""
    )
    return (
        f"A point is one world: of {dataset.points} points each has the commonest verdict of"
        f" its {counted(dataset.experiment.replicates, 'run')}. Intervals are as if points were"
        f" drawn independently from the experiment's ranges.{failed}"
    )


def _sought(dataset: Dataset, target: Target) -> str:
    """Say for how many points a rule is sought, and loudly where these are a stand-in."""
    having = f"{target.having} of {dataset.points} points"
    if target.basis == "always":
        return f"{having} are {target.word}; with hardly any others there is no rule to be sought."
    if target.basis == "verdict":
        return f"{having} ({percent(target.base)}) {_ARE[target.word]}."
    return (
        f"STAND-IN: {having} {_ARE[target.word]}, too few for a rule (fewer than {FEWEST}, or"
        f" {percent(RAREST)} of all). In their stead the {int(target.hits.sum())} points are"
        f" taken with the {_NEAREST[target.word]}: {_side(target)}. What follows says where the"
        f" effect comes nearest to a {target.word}, not where it is one."
    )


def _side(target: Target) -> str:
    """Say where the points that stand in begin."""
    if target.word == "null":
        return f"within {signed(target.cut).lstrip('+')} of it"
    return f"{signed(target.cut)} or {'lower' if target.word == 'split' else 'higher'}"


def _kind(target: Target) -> tuple[str, str]:
    """Return how all points of the kind are called, and what is said of those in the box."""
    if target.basis == "nearest":
        return "all of these", "are of these"
    return _ALL[target.word], _ARE[target.word]


def _rule(words: Words, one: Discovery) -> str:
    """Say where the box lies, and what it holds on the points that it was found on."""
    if one.found is None:
        return ""
    every, are = _kind(one.target)
    lead = f"The wedge {_DOES[one.target.word]} most often"
    if one.target.basis == "nearest":
        lead = "They are commonest"
    return (
        f"{lead} where {words.conditions(one.found.box)}: {percent(one.found.tally.coverage)} of"
        f" {every} lie there (coverage), and {percent(one.found.tally.density)} of the points"
        f" there {are} (density), against {percent(one.target.base)} of all points; so on the"
        " points by which the rule was found."
    )


def _tested(one: Discovery) -> str:
    """Say what rules found in the same way hold on points that they were not found on."""
    if one.density is None or one.coverage is None:
        return ""
    return (
        f"On points held out, {FOLDS} rules found in the same way, each without a part of the"
        f" points, have a coverage of {_share(one.coverage)} and a density of"
        f" {_share(one.density)}."
    )


def _share(found: Interval) -> str:
    """Return a share with its 95 % interval."""
    return f"{percent(found.estimate)} (95 % interval {percent_interval(found)})"


def _again(words: Words, one: Discovery) -> str:
    """Say in how many of the folds each limit is found again."""
    if one.found is None:
        return ""
    kept = {name: _times(one, name, ends) for name, ends in one.found.box.items()}
    told = [f"{words.labels[name]} in {times} of {FOLDS}" for name, times in kept.items()]
    unsteady = [words.labels[name] for name, times in kept.items() if times < FOLDS / 2]
    text = f"Those rules bound at the same end {joined(told)}."
    if unsteady:
        text += f" A limit that fewer than half of them find is unsteady: {joined(unsteady)}."
    return text


def _times(one: Discovery, name: str, ends: Limits) -> int:
    """Return how many folds bound a feature at the ends at which the box does."""
    ups = [upper for upper, end in enumerate(ends[:2]) if math.isfinite(end)]
    return min(found_again(one.folds, name, upper=bool(upper)) for upper in ups)


def _nothing(words: Words, one: Discovery) -> str:
    """Say that no rule was found, and what held out spoke against it."""
    every, are = _kind(one.target)
    if one.density is None or one.found is None or not one.found.box:
        return "NO RULE WAS FOUND: no limit on any factor makes a difference that stands the test."
    return (
        "NO RULE WAS FOUND. The best box on all points holds"
        f" {percent(one.found.tally.coverage)} of {every}, and {percent(one.found.tally.density)}"
        f" of its points {are}; but on points held out the density is {_share(one.density)},"
        f" not surely above the {percent(one.target.base)} of all points. Its limits are not told"
        " as a rule."
    )


def leaf_words(words: Words, leaf: Leaf) -> str:
    """Return one rule of the tree."""
    return words.conditions(leaf.box) or "anywhere"


def _second(words: Words, one: Discovery) -> str:
    """Say what the tree makes of it, and whether it agrees with the box."""
    tree = one.tree
    if tree is None or one.found is None:
        return ""
    better = "better than" if tree.gain.low > 0 else "no better than"
    if tree.gain.high < 0:
        better = "worse than"
    told = (
        f"Second opinion: a tree of at most three questions has {_exact(tree.right)} of points"
        f" held out right, {better} saying of every point what most are"
        f" ({_exact(tree.majority)}; difference {_points(tree.gain)})."
    )
    if not tree.answers.any():
        return f"{told} In none of its rules is the outcome that of most points."
    if one.standing != "rule":
        return told
    return f"{told} {_compared(words.labels, one)}"


def _compared(named: Mapping[str, str], one: Discovery) -> str:
    """Say on what box and tree agree."""
    if one.tree is None or one.found is None:
        return ""
    asked = {name for leaf in one.tree.leaves for name in leaf.box}
    box = one.found.box
    both = [named[name] for name in box if name in asked]
    alone = [named[name] for name in box if name not in asked]
    more = sorted(named[name] for name in asked if name not in box)
    told = f"Both look at {joined(both)}" if both else "They look at no factor in common"
    told += f"; the box alone at {joined(alone)}" if alone else ""
    told += f"; the tree alone at {joined(more)}" if more else ""
    return (
        f"{told}. They answer alike at {percent(one.agreement)} of points, where two that have"
        f" nothing to do with each other would at {percent(one.chance)}."
    )


def _exact(share: float) -> str:
    """Return a share in percent to a tenth, for small differences."""
    return f"{100 * share:.1f} %"


def _points(found: Interval) -> str:
    """Return a difference of shares in percentage points with its interval."""
    low, high = (signed(100 * end, 1) for end in (found.low, found.high))
    return f"{signed(100 * found.estimate, 1)} percentage points, 95 % interval {low} to {high}"
