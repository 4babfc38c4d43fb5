"""Sentences from the numbers of an experiment; nothing is said that the numbers do not say."""

from __future__ import annotations

from typing import Any

import numpy as np

from alliancesim.experiment import standing
from alliancesim.experiment.naming import EFFECT
from alliancesim.experiment.phases import EVEN, difference, turn_of
from alliancesim.figures.axes import Side, level_text, side_of
from alliancesim.figures.words import plain
from alliancesim.measures.intervals import LEVEL, Interval, share
from alliancesim.measures.verdict import WORDS
from alliancesim.report import factors
from alliancesim.report.numbers import (
    percent,
    percent_interval,
    signed,
    with_interval,
)
from alliancesim.report.sweeps import Sweep
from alliancesim.report.wording import counted, joined
from alliancesim.scenario.quantities import month_text

_VERBS = {"split": "splits", "null": "does nothing", "backfire": "backfires"}
_MOST_NAMED = 3


def outcome_words(sweep: Sweep, outcome: str) -> str:
    """Return what an outcome is, in words."""
    alliance = {
        EFFECT: "effect on cohesion",
        "cohesion": "cohesion with the wedge",
        "cohesion_twin": "cohesion without the wedge",
        "change": "change of cohesion with the wedge",
        "change_twin": "change of cohesion without the wedge",
    }
    if outcome in alliance:
        return alliance[outcome]
    variable, dyad, *rest = outcome.split(".")
    names = {code: actor.name or code for code, actor in sweep.scenario.actors.items()}
    of, _, toward = dyad.partition("-")
    where = f"{variable} ({names.get(of, of)} → {names.get(toward, toward)})"
    if not rest:
        return where
    return f"effect on {where}" if rest[0] == EFFECT else f"{where} without the wedge"


def completeness(sweep: Sweep) -> list[str]:
    """Return how much of the sweep is done, how balanced that is, and what failed."""
    finished, all_points = len(sweep.points), len(sweep.design)
    each = counted(sweep.experiment.replicates, "run")
    made = f"{sweep.made:,} runs of world and twin, {each} at each point"
    failed = len(sweep.failures)
    if sweep.complete:
        first = f"The sweep is complete: {finished:,} of {all_points:,} points, {made}."
    else:
        done = percent((finished + failed) / all_points)
        first = (
            f"This sweep was cut short: {finished:,} of {all_points:,} points are finished"
            f" ({done} of the design), {made}. {_balance(sweep)}".rstrip()
        )
    if not failed:
        return [first]
    which = "It is" if failed == 1 else "They are"
    return [first, f"{counted(failed, 'point')} failed. {which} left out of everything below."]


def _balance(sweep: Sweep) -> str:
    """Return how evenly the finished points cover the design."""
    why = "Points are run in a balanced order, so that those finished are a balanced sample of all"
    if not len(sweep.points):
        return ""
    if sweep.sampled:
        return f"{why}."
    done = sweep.design[sweep.design["point"].isin(sweep.points["point"])]
    counts = [done[axis.name].value_counts() for axis in sweep.axes]
    fewest = min(
        0 if len(count) < axis.count else int(count.min())
        for count, axis in zip(counts, sweep.axes, strict=True)
    )
    most = max(int(count.max()) for count in counts)
    return f"{why}: each level of each factor has {fewest} to {most} of them."


def finding(sweep: Sweep) -> list[str]:
    """Return what the numbers say, the most important first."""
    if not len(sweep.points):
        return ["Nothing has been finished yet, so that there is nothing to say."]
    found = [_verdicts(sweep)]
    if sweep.analysis.kind == "global":
        return [*found, *_weights(sweep)]
    found += _spans(sweep)
    if sweep.sides is not None:
        found += [*_turns(sweep), *_base(sweep)]
    return [*found, *_together(sweep)]


def _verdicts(sweep: Sweep) -> str:
    """Return in how many cells, or points, the wedge splits, does nothing and backfires."""
    if sweep.sides is None:
        table, thing = sweep.points, "point"
    else:
        table, thing = sweep.phases, "cell"
    size, finished = len(table), "" if sweep.complete else "finished "
    parts = []
    for word in WORDS:
        number = int((table["verdict"] == word).sum())
        if sweep.sampled:
            parts.append(f"{_VERBS[word]} in {_share_of_points(number, size)}")
            continue
        least = float((table[f"{word}_low"] > EVEN).mean())
        most = float((table[f"{word}_high"] >= EVEN).mean())
        ends = percent_interval(Interval(number / size, least, most)) if least < most else ""
        told = f"{number:,} ({percent(number / size)}{'; ' if ends else ''}{ends})"
        parts.append(f"{_VERBS[word]} in {told if number else 'none'}")
    how = (
        "in brackets: the 95 % CI over points drawn"
        if sweep.sampled
        else "in brackets: their share, and what the intervals of the shares of runs leave open"
    )
    return (
        f"By the commonest verdict of each of {size:,} {finished}{thing}s, the wedge"
        f" {joined(parts)} ({how})."
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
        low, high = (_interval(end, "mean") for end in ends)
        # Points of a sample differ from level to level, so that runs cannot be paired.
        span = Interval(high.estimate - low.estimate, high.low - low.high, high.high - low.low)
        if not sweep.sampled:
            levels = ends[0]["level"], ends[1]["level"]
            span = difference(sweep.runs, sweep.design, name, levels, sweep.outcome)
        ranges.append(span)
        at = [level_text(end["level"]) for end in ends]
        told.append(
            f"{_opening(names[name])} moves the mean {what} by {_width(span)}: from"
            f" {signed(low.estimate)} {_ends(low)} at {at[0]} to {signed(high.estimate)}"
            f" {_ends(high)} at {at[1]}, over all values of the others."
        )
    if len(told) > 1:
        clear = ranges[0].low > ranges[1].high
        lead = "Matters most: " if clear else "None clearly matters most. "
        told[0] = lead + told[0]
    return told


def _width(span: Interval) -> str:
    ends = f" (95 % CI {max(0.0, span.low):.3f} to {span.high:.3f})"
    return f"{span.estimate:.3f}{ends if np.isfinite(span.high) else ''}"


def _opening(label: str) -> str:
    """Return a label for the beginning of a sentence."""
    text = plain(label, 90)
    return text[:1].upper() + text[1:]


def _ends(found: Interval) -> str:
    if not np.isfinite(found.high):
        return "(interval unknown)"
    return f"(95 % CI {signed(found.low)} to {signed(found.high)})"


def _interval(row: dict[Any, Any], name: str) -> Interval:
    """Return an estimate with its interval from a row of a table."""
    return Interval(float(row[name]), float(row[f"{name}_low"]), float(row[f"{name}_high"]))


def sides_of(sweep: Sweep) -> tuple[Side, Side]:
    """Return both sides of the phase diagram, the one that matters more first."""
    names = factors.labels(sweep.axes, sweep.scenario)
    sides = sweep.sides or ()
    ordered = sorted(sides, key=lambda axis: sweep.strongest.index(axis.name))
    along, other = (side_of(axis, sweep.levels_of(axis), names[axis.name]) for axis in ordered)
    return along, other


def _turns(sweep: Sweep) -> list[str]:
    """Return where the odds turn along the factor that matters more, at levels of the other."""
    along, other = sides_of(sweep)
    if along.kind == "choice":
        return []
    found = []
    held = list(dict.fromkeys(other.levels[k] for k in (0, len(other.levels) // 2, -1)))
    for word in ("split", "backfire"):
        turns = [(level, _turn(sweep, word, along, (other, level))) for level in held]
        told = [
            f"{text} with {plain(other.label, 60)} at {level_text(level)}"
            for level, text in turns
            if text
        ]
        if told:
            silent = (
                " Elsewhere they do not turn, or not just once." if len(told) < len(held) else ""
            )
            found.append(
                f"The odds of {word} turn (half of the runs) along {plain(along.label, 60)}:"
                f" {joined(told)}.{silent}"
            )
    if found:
        return found
    ever = [word for word in ("split", "backfire") if (sweep.phases[word] > EVEN).any()]
    always = [word for word in ever if (sweep.phases[word] > EVEN).all()]
    if always:
        return [
            f"Within these axes the odds never turn: {always[0]} is everywhere likelier than not."
        ]
    if not ever:
        neither = "neither split nor backfire is anywhere likelier than not"
        return [f"Within these axes the odds never turn: {neither}."]
    return []


def _turn(sweep: Sweep, word: str, along: Side, held: tuple[Side, Any]) -> str:
    """Return where the share of a verdict passes one half along a line of cells, or ''."""
    rows = sweep.phases[sweep.phases[held[0].name] == held[1]]
    rows = rows.iloc[np.argsort([along.place(level) for level in rows[along.name]])]
    places = np.array([along.place(level) for level in rows[along.name]])
    columns = (rows[name].to_numpy(np.float64) for name in (word, f"{word}_low", f"{word}_high"))
    turn = turn_of(places, *columns)
    if turn is None:
        return ""
    text = _month if along.kind == "month" else level_text
    known = np.isfinite(turn.low) and np.isfinite(turn.high)
    ends = f"{text(turn.low)} to {text(turn.high)}" if known else "interval open within the axes"
    return f"{'above' if turn.rises else 'below'} {text(turn.at)} ({ends})"


def _month(place: float) -> str:
    """Return the month nearest to a place on an axis of months."""
    return month_text(round(place))


def _base(sweep: Sweep) -> list[str]:
    """Return what happens in the cell in which the scenario itself stands."""
    row = base_cell(sweep)
    if row is None:
        return ["The scenario itself does not lie within these axes."]
    word = str(row["verdict"])
    found = _interval(row, word)
    names = factors.labels(sweep.axes, sweep.scenario)
    where = "; ".join(
        f"{plain(names[axis.name], 60)} at {level_text(row[axis.name])}"
        for axis in sweep.sides or ()
    )
    mean = with_interval(_interval(row, sweep.outcome))
    return [
        f"In the cell nearest to the scenario itself ({where}) {word} is the commonest verdict,"
        f" in {percent(found.estimate)} of the runs (95 % CI {percent_interval(found)}); the mean"
        f" {outcome_words(sweep, sweep.outcome)} there is {mean}."
    ]


def base_cell(sweep: Sweep) -> dict[Any, Any] | None:
    """Return the finished cell nearest to the scenario itself, if that lies within the axes."""
    distance = np.zeros(len(sweep.phases))
    for axis in sweep.sides or ():
        base = standing.base_level(axis, sweep.scenario)
        if base is None:
            return None
        side = side_of(axis, sweep.levels_of(axis), "")
        places = np.array([side.place(level) for level in sweep.phases[axis.name]])
        distance += ((places - side.place(base)) / max(float(np.ptp(side.places)), 1e-12)) ** 2
    return dict(sweep.phases.iloc[int(distance.argmin())])


def _together(sweep: Sweep) -> list[str]:
    """Return which two factors act together the most, and how far."""
    if len(sweep.interactions) == 0:
        return []
    row = sweep.interactions.iloc[0]
    names = factors.labels(sweep.axes, sweep.scenario)
    pair = joined([plain(names[str(row[key])], 90) for key in ("first", "second")])
    if float(row["variance"]) <= 0:
        return []
    known = np.isfinite(row["share_high"])
    ends = (
        f" (95 % CI {_percent(row['share_low'])} to {_percent(row['share_high'])})" if known else ""
    )
    noise = float(row["noise"]) / float(row["variance"])
    scatter = f"; scatter alone would leave about {_percent(noise)}" if noise > 0 else ""
    lead = "" if len(sweep.interactions) == 1 else "Of all pairs looked at the most entangled: "
    return [
        f"{lead or pair[:1].upper()}{pair if lead else pair[1:]} together leave"
        f" {_percent(float(row['share']))}{ends} of the variation of the mean"
        f" {outcome_words(sweep, sweep.outcome)} that no sum of what each does alone"
        f" explains{scatter}."
    ]


def _percent(found: float) -> str:
    return f"{100 * found:.1f} %"


def _weights(sweep: Sweep) -> list[str]:
    """Return which factors the outcome hangs on the most, and how many are told from nothing."""
    table = sweep.importance
    names = factors.labels(sweep.axes, sweep.scenario)
    what = outcome_words(sweep, sweep.outcome)
    if table["coefficient"].isna().all():
        return [
            f"There are too few finished points ({len(sweep.points)}) to tell the weights of"
            f" {len(table)} factors."
        ]
    told = [
        f"{plain(names[row['factor']], 90)} ({signed(row['coefficient'], 2)}, 95 % CI"
        f" {signed(row['low'], 2)} to {signed(row['high'], 2)})"
        for row in table.head(_MOST_NAMED).to_dict("records")
    ]
    clear = int(((table["low"] > 0) | (table["high"] < 0)).sum())
    explained = percent(max(0.0, float(table["explained"].iloc[0])))
    basis = {axis.name: standing.basis_of(axis, sweep.scenario) for axis in sweep.axes}
    top = [basis[name] in standing.SOURCED for name in table["factor"].head(10)]
    return [
        f"The {what} hangs most on {joined(told)}; these are weights between −1 and +1 in a"
        f" regression of ranks on all {len(table)} factors at once.",
        f"The intervals of {clear} of {len(table)} factors exclude zero; by chance alone about"
        f" {round((1 - LEVEL) * len(table))} would. Such one-way effects make up {explained} of the"
        " variation of ranks over these points.",
        f"Of the {len(top)} strongest, {sum(top)} have a number that is measured, derived, coded or"
        f" fitted; the other {len(top) - sum(top)} rest on judgement.",
        *_together(sweep),
    ]
