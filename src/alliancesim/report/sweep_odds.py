"""Where in a phase diagram the odds turn, and what happens where the scenario stands, in words.

Single factors are not told of here, but in sweep_wording.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from alliancesim.experiment import standing
from alliancesim.experiment.phases import EVEN, turn_of
from alliancesim.figures.axes import Side, level_text, side_of
from alliancesim.figures.words import plain
from alliancesim.language import message, text
from alliancesim.report import factors
from alliancesim.report.numbers import percent, percent_interval, span, with_interval
from alliancesim.report.phrases import joined
from alliancesim.report.sweep_outcomes import interval_of, outcome_words
from alliancesim.report.sweeps import Sweep
from alliancesim.scenario.quantities import month_text

_ODDS = {
    "split": message("The odds of split turn (half of the runs) along {factor}: {turns}."),
    "backfire": message("The odds of backfire turn (half of the runs) along {factor}: {turns}."),
}
_ALWAYS = {
    "split": message(
        "Within these axes the odds never turn: split is everywhere likelier than not."
    ),
    "backfire": message(
        "Within these axes the odds never turn: backfire is everywhere likelier than not."
    ),
}


def sides_of(sweep: Sweep) -> tuple[Side, Side]:
    """Return both sides of the phase diagram, the one that matters more first."""
    names = factors.labels(sweep.axes, sweep.scenario)
    sides = sweep.sides or ()
    ordered = sorted(sides, key=lambda axis: sweep.strongest.index(axis.name))
    along, other = (side_of(axis, sweep.levels_of(axis), names[axis.name]) for axis in ordered)
    return along, other


def turns(sweep: Sweep) -> list[str]:
    """Return where the odds turn along the factor that matters more, at levels of the other."""
    along, other = sides_of(sweep)
    if along.kind == "choice":
        return []
    found = []
    held = list(dict.fromkeys(other.levels[k] for k in (0, len(other.levels) // 2, -1)))
    for word in ("split", "backfire"):
        found_at = [(at, _turn(sweep, word, along, (other, at))) for at in held]
        told = [
            text("{turn} with {factor} at {level}").format(
                turn=turn, factor=plain(other.label, 60), level=level_text(at)
            )
            for at, turn in found_at
            if turn
        ]
        if told:
            fields = {"factor": plain(along.label, 60), "turns": joined(told)}
            found.append(text(_ODDS[word]).format(**fields))
            if len(told) < len(held):
                found[-1] += " " + text("Elsewhere they do not turn, or not just once.")
    if found:
        return found
    ever = [word for word in ("split", "backfire") if (sweep.phases[word] > EVEN).any()]
    always = [word for word in ever if (sweep.phases[word] > EVEN).all()]
    if always:
        return [text(_ALWAYS[always[0]])]
    if not ever:
        return [
            text(
                "Within these axes the odds never turn: neither split nor backfire is anywhere"
                " likelier than not."
            )
        ]
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
    written = _month if along.kind == "month" else level_text
    known = np.isfinite(turn.low) and np.isfinite(turn.high)
    ends = (
        span(written(turn.low), written(turn.high))
        if known
        else text("interval open within the axes")
    )
    if turn.rises:
        return text("above {level} ({ends})").format(level=written(turn.at), ends=ends)
    return text("below {level} ({ends})").format(level=written(turn.at), ends=ends)


def _month(place: float) -> str:
    """Return the month nearest to a place on an axis of months."""
    return month_text(round(place))


def base(sweep: Sweep) -> list[str]:
    """Return what happens in the cell in which the scenario itself stands."""
    row = base_cell(sweep)
    if row is None:
        return [text("The scenario itself does not lie within these axes.")]
    word = str(row["verdict"])
    found = interval_of(row, word)
    names = factors.labels(sweep.axes, sweep.scenario)
    where = "; ".join(
        text("{factor} at {level}").format(
            factor=plain(names[axis.name], 60), level=level_text(row[axis.name])
        )
        for axis in sweep.sides or ()
    )
    mean = with_interval(interval_of(row, sweep.outcome))
    told = text(
        "In the cell nearest to the scenario itself ({where}) {word} is the commonest verdict, in"
        " {share} of the runs (95 % CI {interval}); the mean {what} there is {mean}."
    ).format(
        where=where,
        word=text(word),
        share=percent(found.estimate),
        interval=percent_interval(found),
        what=outcome_words(sweep, sweep.outcome),
        mean=mean,
    )
    return [told]


def base_cell(sweep: Sweep) -> dict[Any, Any] | None:
    """Return the finished cell nearest to the scenario itself, if that lies within the axes."""
    distance = np.zeros(len(sweep.phases))
    for axis in sweep.sides or ():
        stands = standing.base_level(axis, sweep.scenario)
        if stands is None:
            return None
        side = side_of(axis, sweep.levels_of(axis), "")
        places = np.array([side.place(level) for level in sweep.phases[axis.name]])
        distance += ((places - side.place(stands)) / max(float(np.ptp(side.places)), 1e-12)) ** 2
    return dict(sweep.phases.iloc[int(distance.argmin())])
