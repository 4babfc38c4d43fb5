"""What is discovered, in sentences made from its numbers.

What does not hold on points held out is not told as a rule.
"""

from __future__ import annotations

import math
from collections.abc import Mapping

from alliancesim.discovery.boxes import Limits
from alliancesim.discovery.dataset import Dataset
from alliancesim.discovery.discovering import Discovered, Discovery
from alliancesim.discovery.folding import FOLDS, found_again
from alliancesim.discovery.targets import FEWEST, RAREST, Target
from alliancesim.discovery.trees import Tree
from alliancesim.figures.words import signed
from alliancesim.language import message, plural, text
from alliancesim.measures.intervals import Interval
from alliancesim.measures.verdict import Word
from alliancesim.report.discovery_conditions import (
    Words,
)
from alliancesim.report.numbers import level, percent, percent_interval
from alliancesim.report.phrases import counted, joined, plain_spaces

_MOST_OFTEN: dict[Word, str] = {
    "split": message("The wedge splits most often where {rule}"),
    "null": message("The wedge does nothing most often where {rule}"),
    "backfire": message("The wedge backfires most often where {rule}"),
}
_HAVING: dict[Word, str] = {
    "split": message("{having} of {points} points are splits"),
    "null": message("{having} of {points} points are null"),
    "backfire": message("{having} of {points} points are backfires"),
}
_SHARED: dict[Word, str] = {
    "split": message("{having} of {points} points ({share}) are splits."),
    "null": message("{having} of {points} points ({share}) are null."),
    "backfire": message("{having} of {points} points ({share}) are backfires."),
}
_LIE_THERE: dict[str, str] = {
    "split": message("{share} of all splits lie there (coverage)"),
    "null": message("{share} of all points at which it does nothing lie there (coverage)"),
    "backfire": message("{share} of all backfires lie there (coverage)"),
    "nearest": message("{share} of all of these lie there (coverage)"),
}
_ARE: dict[str, str] = {
    "split": message("{share} of the points there are splits (density)"),
    "null": message("{share} of the points there are null (density)"),
    "backfire": message("{share} of the points there are backfires (density)"),
    "nearest": message("{share} of the points there are of these (density)"),
}
_BEST_HOLDS: dict[str, str] = {
    "split": message(
        "The best box on all points holds {coverage} of all splits, and {density} of its points"
        " are splits;"
    ),
    "null": message(
        "The best box on all points holds {coverage} of all points at which it does nothing, and"
        " {density} of its points are null;"
    ),
    "backfire": message(
        "The best box on all points holds {coverage} of all backfires, and {density} of its points"
        " are backfires;"
    ),
    "nearest": message(
        "The best box on all points holds {coverage} of all of these, and {density} of its points"
        " are of these;"
    ),
}
_TAKEN: dict[Word, str] = {
    "split": message(
        "In their stead the {number} points are taken with the lowest effect, the strongest push"
        " towards a split: {cut} or lower. What follows says where the effect comes nearest to a"
        " split, not where it is one."
    ),
    "null": message(
        "In their stead the {number} points are taken with the effect nearest to zero: within"
        " {cut} of it. What follows says where the effect comes nearest to a null, not where it is"
        " one."
    ),
    "backfire": message(
        "In their stead the {number} points are taken with the highest effect, closest to a"
        " backfire: {cut} or higher. What follows says where the effect comes nearest to a"
        " backfire, not where it is one."
    ),
}
_STANDS_IN: dict[Word, str] = {
    "split": message(
        "STAND-IN for too few split points: The {number} points with the lowest effect, the"
        " strongest push towards a split, are commonest where {rule}"
    ),
    "null": message(
        "STAND-IN for too few null points: The {number} points with the effect nearest to zero, are"
        " commonest where {rule}"
    ),
    "backfire": message(
        "STAND-IN for too few backfire points: The {number} points with the highest effect, closest"
        " to a backfire, are commonest where {rule}"
    ),
}
_VERDICTS: dict[Word, str] = {
    "split": message("Split: {told}"),
    "null": message("Null: {told}"),
    "backfire": message("Backfire: {told}"),
}

CHOICE = message(
    "Of the boxes that PRIM peels, each a twentieth smaller than the one before, those are"
    " looked at whose correlation with the outcome (phi) lies within one standard error of"
    " the highest; the one that bounds the fewest factors is chosen, and limits that make no"
    " difference (quasi-p above 0.05) are lifted."
)


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
    return [plain_spaces(sentence) for sentence in told if sentence]


def titled(one: Discovery) -> str:
    """Return a verdict's name, and whether others stand in for it."""
    word = text(one.target.word)
    nearest = one.target.basis == "nearest"
    return text("{verdict} (stand-in)").format(verdict=word) if nearest else word


def headline(found: Discovered, one: Discovery) -> str:
    """Return one verdict's rule in one line, with its density on points held out."""
    target = one.target
    if one.standing == "always":
        told = text("hardly any point is other, so no rule is sought.")
        return text(_VERDICTS[target.word]).format(told=told)
    if one.standing == "none" or one.found is None or one.density is None:
        told = text("no rule was found that stands the test.")
        return text(_VERDICTS[target.word]).format(told=told)
    return plain_spaces(
        text("{lead}: there on points held out {share}, against {base} of all points.").format(
            lead=_lead(target, Words(found.dataset).conditions(one.found.box)),
            share=_share(one.density),
            base=percent(target.base),
        )
    )


def _lead(target: Target, rule: str) -> str:
    """Return where points of the kind are commonest, and loudly which points these are."""
    if target.basis == "nearest":
        number = int(target.hits.sum())
        return text(_STANDS_IN[target.word]).format(number=number, rule=rule)
    return text(_MOST_OFTEN[target.word]).format(rule=rule)


def row(one: Discovery) -> tuple[str, ...]:
    """Return one verdict's figures for a table, coverage and density on points held out."""
    target = one.target
    if one.standing == "always" or one.coverage is None or one.density is None:
        shares = (text("none sought"), "")
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
    told = text(
        "A point is one world: of {points} points each has the commonest verdict of its {runs}."
        " Intervals are as if points were drawn independently from the experiment's ranges."
    ).format(points=dataset.points, runs=counted(dataset.experiment.replicates, "run"))
    if not dataset.failed:
        return told
    failed = plural(
        "{count} point of the experiment failed and are left out; rules hold among the others.",
        "{count} points of the experiment failed and are left out; rules hold among the others.",
        dataset.failed,
    )
    return f"{told} {failed.format(count=dataset.failed)}"


def _sought(dataset: Dataset, target: Target) -> str:
    """Say for how many points a rule is sought, and loudly where these are a stand-in."""
    having = text(_HAVING[target.word]).format(having=target.having, points=dataset.points)
    if target.basis == "always":
        return text(
            "{having} of {points} points are {verdict}; with hardly any others there is no rule to"
            " be sought."
        ).format(having=target.having, points=dataset.points, verdict=text(target.word))
    if target.basis == "verdict":
        fields = {"having": target.having, "points": dataset.points}
        return text(_SHARED[target.word]).format(**fields, share=percent(target.base))
    few = text("STAND-IN: {having}, too few for a rule (fewer than {fewest}, or {rarest} of all).")
    cut = signed(abs(target.cut) if target.word == "null" else target.cut)
    taken = text(_TAKEN[target.word]).format(
        number=int(target.hits.sum()), cut=cut.lstrip("+") if target.word == "null" else cut
    )
    return f"{few.format(having=having, fewest=FEWEST, rarest=percent(RAREST))} {taken}"


def _kind(target: Target) -> str:
    """Return which of the sentences on points of a kind is to be said."""
    return "nearest" if target.basis == "nearest" else target.word


def _rule(words: Words, one: Discovery) -> str:
    """Say where the box lies, and what it holds on the points that it was found on."""
    if one.found is None:
        return ""
    kind, rule = _kind(one.target), words.conditions(one.found.box)
    lead = (
        text("They are commonest where {rule}")
        if one.target.basis == "nearest"
        else text(_MOST_OFTEN[one.target.word])
    )
    return text(
        "{lead}: {coverage}, and {density}, against {base} of all points; so on the points by which"
        " the rule was found."
    ).format(
        lead=lead.format(rule=rule),
        coverage=text(_LIE_THERE[kind]).format(share=percent(one.found.tally.coverage)),
        density=text(_ARE[kind]).format(share=percent(one.found.tally.density)),
        base=percent(one.target.base),
    )


def _tested(one: Discovery) -> str:
    """Say what rules found in the same way hold on points that they were not found on."""
    if one.density is None or one.coverage is None:
        return ""
    return text(
        "On points held out, {folds} rules found in the same way, each without a part of the"
        " points, have a coverage of {coverage} and a density of {density}."
    ).format(folds=FOLDS, coverage=_share(one.coverage), density=_share(one.density))


def _share(found: Interval) -> str:
    """Return a share with its 95 % interval."""
    return text("{share} (95 % interval {ends})").format(
        share=percent(found.estimate), ends=percent_interval(found)
    )


def _again(words: Words, one: Discovery) -> str:
    """Say in how many of the folds each limit is found again."""
    if one.found is None:
        return ""
    kept = {name: _times(one, name, ends) for name, ends in one.found.box.items()}
    each = text("{factor} in {times} of {folds}")
    told = [
        each.format(factor=words.labels[name], times=times, folds=FOLDS)
        for name, times in kept.items()
    ]
    unsteady = [words.labels[name] for name, times in kept.items() if times < FOLDS / 2]
    said = text("Those rules bound at the same end {listed}.").format(listed=joined(told))
    if unsteady:
        doubt = text("A limit that fewer than half of them find is unsteady: {listed}.")
        said += " " + doubt.format(listed=joined(unsteady))
    return said


def _times(one: Discovery, name: str, ends: Limits) -> int:
    """Return how many folds bound a feature at the ends at which the box does."""
    ups = [upper for upper, end in enumerate(ends[:2]) if math.isfinite(end)]
    return min(found_again(one.folds, name, upper=bool(upper)) for upper in ups)


def _nothing(words: Words, one: Discovery) -> str:
    """Say that no rule was found, and what held out spoke against it."""
    if one.density is None or one.found is None or not one.found.box:
        return text(
            "NO RULE WAS FOUND: no limit on any factor makes a difference that stands the test."
        )
    holds = text(_BEST_HOLDS[_kind(one.target)]).format(
        coverage=percent(one.found.tally.coverage), density=percent(one.found.tally.density)
    )
    return text(
        "NO RULE WAS FOUND. {holds} but on points held out the density is {density}, not surely"
        " above the {base} of all points. Its limits are not told as a rule."
    ).format(holds=holds, density=_share(one.density), base=percent(one.target.base))


def _second(words: Words, one: Discovery) -> str:
    """Say what the tree makes of it, and whether it agrees with the box."""
    tree = one.tree
    if tree is None or one.found is None:
        return ""
    told = _opinion(tree).format(
        right=_exact(tree.right), majority=_exact(tree.majority), gain=_points(tree.gain)
    )
    if not tree.answers.any():
        nowhere = text("In none of its rules is the outcome that of most points.")
        return f"{told} {nowhere}"
    if one.standing != "rule":
        return told
    return f"{told} {_compared(words.labels, one)}"


def _opinion(tree: Tree) -> str:
    """Return the sentence on how often the tree is right."""
    if tree.gain.high < 0:
        return text(
            "Second opinion: a tree of at most three questions has {right} of points held out"
            " right, worse than saying of every point what most are ({majority}; difference"
            " {gain})."
        )
    if tree.gain.low > 0:
        return text(
            "Second opinion: a tree of at most three questions has {right} of points held out"
            " right, better than saying of every point what most are ({majority}; difference"
            " {gain})."
        )
    return text(
        "Second opinion: a tree of at most three questions has {right} of points held out right, no"
        " better than saying of every point what most are ({majority}; difference {gain})."
    )


def _compared(named: Mapping[str, str], one: Discovery) -> str:
    """Say on what box and tree agree."""
    if one.tree is None or one.found is None:
        return ""
    asked = {name for leaf in one.tree.leaves for name in leaf.box}
    box = one.found.box
    both = [named[name] for name in box if name in asked]
    alone = [named[name] for name in box if name not in asked]
    more = sorted(named[name] for name in asked if name not in box)
    told = [
        text("Both look at {listed}").format(listed=joined(both))
        if both
        else text("They look at no factor in common")
    ]
    if alone:
        told.append(text("the box alone at {listed}").format(listed=joined(alone)))
    if more:
        told.append(text("the tree alone at {listed}").format(listed=joined(more)))
    return text(
        "{looks}. They answer alike at {agreement} of points, where two that have nothing to do"
        " with each other would at {chance}."
    ).format(looks="; ".join(told), agreement=percent(one.agreement), chance=percent(one.chance))


def _exact(share: float) -> str:
    """Return a share in percent to a tenth, for small differences."""
    return f"{level(100 * share, 1)} %"


def _points(found: Interval) -> str:
    """Return a difference of shares in percentage points with its interval."""
    low, high = (signed(100 * end, 1) for end in (found.low, found.high))
    return text("{points} percentage points, 95 % interval {low} to {high}").format(
        points=signed(100 * found.estimate, 1), low=low, high=high
    )
