"""Sentences from the numbers of an experiment; nothing is said that the numbers do not say.

Where in the plane of two factors the odds turn is not worked out here, but in sweep_odds.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from alliancesim.experiment import standing
from alliancesim.experiment.phases import EVEN, difference
from alliancesim.figures.axes import level_text
from alliancesim.figures.words import grouped, plain, signed
from alliancesim.language import message, plural, text
from alliancesim.measures.intervals import LEVEL, Interval, share
from alliancesim.measures.verdict import WORDS
from alliancesim.report import factors
from alliancesim.report.numbers import level, percent, percent_interval, span
from alliancesim.report.phrases import counted, joined
from alliancesim.report.sweep_odds import base, turns
from alliancesim.report.sweep_outcomes import interval_of, outcome_words
from alliancesim.report.sweeps import Sweep

_VERDICTS = {
    "split": message("splits in {told}"),
    "null": message("does nothing in {told}"),
    "backfire": message("backfires in {told}"),
}
_NOWHERE = {
    "split": message("splits in none"),
    "null": message("does nothing in none"),
    "backfire": message("backfires in none"),
}
_MOST_NAMED = 3


def completeness(sweep: Sweep) -> list[str]:
    """Return how much of the sweep is done, how balanced that is, and what failed."""
    finished, all_points = len(sweep.points), len(sweep.design)
    fields = {
        "finished": grouped(finished),
        "points": grouped(all_points),
        "made": grouped(sweep.made),
        "each": counted(sweep.experiment.replicates, "run"),
    }
    failed = len(sweep.failures)
    if sweep.complete:
        first = text(
            "The sweep is complete: {finished} of {points} points, {made} runs of world and twin,"
            " {each} at each point."
        ).format(**fields)
    else:
        first = text(
            "This sweep was cut short: {finished} of {points} points are finished ({done} of the"
            " design), {made} runs of world and twin, {each} at each point."
        ).format(**fields, done=percent((finished + failed) / all_points))
        first = f"{first} {_balance(sweep)}".rstrip()
    if not failed:
        return [first]
    left_out = plural(
        "{count} point failed. It is left out of everything below.",
        "{count} points failed. They are left out of everything below.",
        failed,
    )
    return [first, left_out.format(count=failed)]


def _balance(sweep: Sweep) -> str:
    """Return how evenly the finished points cover the design."""
    if not len(sweep.points):
        return ""
    if sweep.sampled:
        return text(
            "Points are run in a balanced order, so that those finished are a balanced sample of"
            " all."
        )
    done = sweep.design[sweep.design["point"].isin(sweep.points["point"])]
    counts = [done[axis.name].value_counts() for axis in sweep.axes]
    fewest = min(
        0 if len(count) < axis.count else int(count.min())
        for count, axis in zip(counts, sweep.axes, strict=True)
    )
    most = max(int(count.max()) for count in counts)
    return text(
        "Points are run in a balanced order, so that those finished are a balanced sample of all:"
        " each level of each factor has {fewest} to {most} of them."
    ).format(fewest=fewest, most=most)


def finding(sweep: Sweep) -> list[str]:
    """Return what the numbers say, the most important first."""
    if not len(sweep.points):
        return [text("Nothing has been finished yet, so that there is nothing to say.")]
    found = [_verdicts(sweep)]
    if sweep.analysis.kind == "global":
        return [*found, *_weights(sweep)]
    found += _spans(sweep)
    if sweep.sides is not None:
        found += [*turns(sweep), *base(sweep)]
    return [*found, *_together(sweep)]


def _verdicts(sweep: Sweep) -> str:
    """Return in how many cells, or points, the wedge splits, does nothing and backfires."""
    table = sweep.points if sweep.sides is None else sweep.phases
    size, parts = len(table), []
    for word in WORDS:
        number = int((table["verdict"] == word).sum())
        if sweep.sampled:
            told = _share_of_points(number, size)
        else:
            least = float((table[f"{word}_low"] > EVEN).mean())
            most = float((table[f"{word}_high"] >= EVEN).mean())
            ends = percent_interval(Interval(number / size, least, most)) if least < most else ""
            told = f"{grouped(number)} ({percent(number / size)}{'; ' if ends else ''}{ends})"
        said = _VERDICTS if number or sweep.sampled else _NOWHERE
        parts.append(text(said[word]).format(told=told))
    how = (
        text("in brackets: the 95 % CI over points drawn")
        if sweep.sampled
        else text(
            "in brackets: their share, and what the intervals of the shares of runs leave open"
        )
    )
    return _of_each(sweep).format(size=grouped(size), verdicts=joined(parts), how=how)


def _of_each(sweep: Sweep) -> str:
    """Return the sentence on verdicts, of cells or points, of all or of those finished."""
    if sweep.sides is None and sweep.complete:
        return text(
            "By the commonest verdict of each of {size} points, the wedge {verdicts} ({how})."
        )
    if sweep.sides is None:
        return text(
            "By the commonest verdict of each of {size} finished points, the wedge {verdicts}"
            " ({how})."
        )
    if sweep.complete:
        return text(
            "By the commonest verdict of each of {size} cells, the wedge {verdicts} ({how})."
        )
    return text(
        "By the commonest verdict of each of {size} finished cells, the wedge {verdicts} ({how})."
    )


def _share_of_points(number: int, size: int) -> str:
    found = share(number, size)
    return f"{percent(found.estimate)} ({percent_interval(found)})"


def _spans(sweep: Sweep) -> list[str]:
    """Return how far each factor moves the mean outcome, and whether one matters most."""
    names = factors.labels(sweep.axes, sweep.scenario)
    what = outcome_words(sweep, sweep.outcome)
    told, ranges = [], []
    for name in sweep.strongest[:_MOST_NAMED]:
        rows = sweep.main_effects[sweep.main_effects["factor"] == name]
        ends = rows.loc[[rows["mean"].idxmin(), rows["mean"].idxmax()]].to_dict("records")
        low, high = (interval_of(end, "mean") for end in ends)
        # Points of a sample differ from level to level, so that runs cannot be paired.
        moved = Interval(high.estimate - low.estimate, high.low - low.high, high.high - low.low)
        if not sweep.sampled:
            levels = ends[0]["level"], ends[1]["level"]
            moved = difference(sweep.runs, sweep.design, name, levels, sweep.outcome)
        ranges.append(moved)
        at = [level_text(end["level"]) for end in ends]
        told.append(
            text(
                "{factor} moves the mean {what} by {width}: from {low} at {low_level} to {high} at"
                " {high_level}, over all values of the others."
            ).format(
                factor=_opening(names[name]),
                what=what,
                width=_width(moved),
                low=f"{signed(low.estimate)} {_ends(low)}",
                low_level=at[0],
                high=f"{signed(high.estimate)} {_ends(high)}",
                high_level=at[1],
            )
        )
    if len(told) > 1:
        clear = ranges[0].low > ranges[1].high
        lead = (
            text("Matters most: {sentence}")
            if clear
            else text("None clearly matters most. {sentence}")
        )
        told[0] = lead.format(sentence=told[0])
    return told


def _width(moved: Interval) -> str:
    if not np.isfinite(moved.high):
        return level(moved.estimate, 3)
    ends = span(level(max(0.0, moved.low), 3), level(moved.high, 3))
    return f"{level(moved.estimate, 3)} ({text('95 % CI {ends}').format(ends=ends)})"


def _opening(label: str) -> str:
    """Return a label for the beginning of a sentence."""
    said = plain(label, 90)
    return said[:1].upper() + said[1:]


def _ends(found: Interval) -> str:
    if not np.isfinite(found.high):
        return f"({text('interval unknown')})"
    ends = span(signed(found.low), signed(found.high))
    return f"({text('95 % CI {ends}').format(ends=ends)})"


def _together(sweep: Sweep) -> list[str]:
    """Return which two factors act together the most, and how far."""
    if len(sweep.interactions) == 0:
        return []
    row = sweep.interactions.iloc[0]
    names = factors.labels(sweep.axes, sweep.scenario)
    pair = joined([plain(names[str(row[key])], 90) for key in ("first", "second")])
    if float(row["variance"]) <= 0:
        return []
    amount = _percent(float(row["share"]))
    if np.isfinite(row["share_high"]):
        ends = span(_percent(row["share_low"]), _percent(row["share_high"]))
        amount = f"{amount} ({text('95 % CI {ends}').format(ends=ends)})"
    noise = float(row["noise"]) / float(row["variance"])
    told = (
        text(
            "{pair} together leave {share} of the variation of the mean {what} that no sum of what"
            " each does alone explains; scatter alone would leave about {noise}."
        ).format(
            pair=pair, share=amount, what=outcome_words(sweep, sweep.outcome), noise=_percent(noise)
        )
        if noise > 0
        else text(
            "{pair} together leave {share} of the variation of the mean {what} that no sum of what"
            " each does alone explains."
        ).format(pair=pair, share=amount, what=outcome_words(sweep, sweep.outcome))
    )
    if len(sweep.interactions) == 1:
        return [told[:1].upper() + told[1:]]
    return [text("Of all pairs looked at the most entangled: {sentence}").format(sentence=told)]


def _percent(found: float) -> str:
    return f"{level(100 * found, 1)} %"


def _weights(sweep: Sweep) -> list[str]:
    """Return which factors the outcome hangs on the most, and how many are told from nothing."""
    table = sweep.importance
    names = factors.labels(sweep.axes, sweep.scenario)
    what = outcome_words(sweep, sweep.outcome)
    if table["coefficient"].isna().all():
        few = text(
            "There are too few finished points ({points}) to tell the weights of {factors} factors."
        )
        return [few.format(points=len(sweep.points), factors=len(table))]
    told = [
        f"{plain(names[row['factor']], 90)} ({_weight(row)})"
        for row in table.head(_MOST_NAMED).to_dict("records")
    ]
    clear = int(((table["low"] > 0) | (table["high"] < 0)).sum())
    basis = {axis.name: standing.basis_of(axis, sweep.scenario) for axis in sweep.axes}
    top = [basis[name] in standing.SOURCED for name in table["factor"].head(10)]
    return [
        text(
            "The {what} hangs most on {factors}; these are weights between −1 and +1 in a"
            " regression of ranks on all {count} factors at once."
        ).format(what=what, factors=joined(told), count=len(table)),
        text(
            "The intervals of {clear} of {count} factors exclude zero; by chance alone about"
            " {chance} would. Such one-way effects make up {explained} of the variation of ranks"
            " over these points."
        ).format(
            clear=clear,
            count=len(table),
            chance=round((1 - LEVEL) * len(table)),
            explained=percent(max(0.0, float(table["explained"].iloc[0]))),
        ),
        text(
            "Of the {count} strongest, {sourced} have a number that is measured, derived, coded or"
            " fitted; the other {others} rest on judgement."
        ).format(count=len(top), sourced=sum(top), others=len(top) - sum(top)),
        *_together(sweep),
    ]


def _weight(row: dict[Any, Any]) -> str:
    """Return a weight with its interval."""
    ends = span(signed(row["low"], 2), signed(row["high"], 2))
    return f"{signed(row['coefficient'], 2)}, {text('95 % CI {ends}').format(ends=ends)}"
