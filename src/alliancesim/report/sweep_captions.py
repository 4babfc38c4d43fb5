"""Titles, captions and descriptions of an experiment's figures."""

from __future__ import annotations

import numpy as np

from alliancesim.experiment import standing
from alliancesim.experiment.phases import MOST_CELLS
from alliancesim.figures.axes import Side, level_text
from alliancesim.figures.effects import MOST_PAIRS
from alliancesim.figures.parallel import Upright
from alliancesim.figures.words import plain
from alliancesim.measures.verdict import WORDS
from alliancesim.report import factors
from alliancesim.report.captions import Caption
from alliancesim.report.numbers import brief, percent, signed
from alliancesim.report.sweep_wording import finding, outcome_words
from alliancesim.report.sweeps import Sweep
from alliancesim.report.wording import counted, joined


def phases(sweep: Sweep, x: Side, y: Side) -> Caption:
    """Return the words around the phase diagram."""
    cells = sweep.phases
    what = outcome_words(sweep, sweep.outcome)
    edge = f" or ±{brief(sweep.margin)}" if sweep.outcome == "effect" else ""
    pooled = any(axis.count > MOST_CELLS for axis in sweep.sides or ())
    many = " Neighbouring levels share a cell." if pooled else ""
    more = " Each cell pools the levels of the other factors." if len(sweep.axes) > 2 else ""
    undecided = int((cells["likely"] == "").sum())
    unsettled = int((~cells["settled"]).sum())
    return Caption(
        f"Phase diagram: {plain(x.label)} and {plain(y.label)}",
        f"First panel: the mean {what}, with lines where it is 0{edge}; hatched: its"
        f" interval includes such a value ({counted(unsettled, 'cell')}). Second panel: the"
        " share of runs that backfire less the share that split, with lines where either is half"
        f" of the runs: there the odds turn; hatched: no verdict is surely likelier than not"
        f" ({counted(undecided, 'cell')}). Orange: the wedge divides, blue: it binds. Cross: where"
        f" the scenario itself stands.{more}{many}",
        f"Two heat maps over {plain(x.label)} and {plain(y.label)}, {len(cells)} cells. Mean"
        f" {what} from {signed(float(cells[sweep.outcome].min()))} to"
        f" {signed(float(cells[sweep.outcome].max()))}. {' '.join(finding(sweep))}",
    )


def slices(sweep: Sweep, along: Side, other: Side) -> Caption:
    """Return the words around the slices through the phase diagram."""
    what = outcome_words(sweep, sweep.outcome)
    parts = []
    for level in dict.fromkeys(other.levels[k] for k in (0, len(other.levels) // 2, -1)):
        rows = sweep.phases[sweep.phases[other.name] == level]
        rows = rows.iloc[np.argsort([along.place(found) for found in rows[along.name]])]
        if len(rows):
            first, last = (float(rows[sweep.outcome].iloc[k]) for k in (0, -1))
            parts.append(f"At {level_text(level)}: {signed(first)} to {signed(last)}.")
    return Caption(
        f"The same along {plain(along.label)}",
        f"Mean {what} along {plain(along.label)}, with {plain(other.label)} at its lowest, middle"
        " and highest level; bands: 95 % intervals. Parallel lines: each acts for itself. Lines"
        " that cross or fan out: what one does hangs on the other.",
        f"Line chart of the mean {what}, from the lowest to the highest {plain(along.label)}, by"
        f" {plain(other.label)}. {' '.join(parts)}",
    )


def main_effects(sweep: Sweep, sides: list[Side]) -> Caption:
    """Return the words around the main effects."""
    what = outcome_words(sweep, sweep.outcome)
    parts = []
    for side in sides:
        rows = sweep.main_effects[sweep.main_effects["factor"] == side.name]
        first, last = rows.iloc[0], rows.iloc[-1]
        ends = [
            f"{signed(float(row['mean']))} at {level_text(row['level'])}" for row in (first, last)
        ]
        parts.append(f"{plain(side.label)}: {ends[0]}, {ends[1]}.")
    levels = "bin of equally many points" if sweep.sampled else "level"
    few = (
        f" The {len(sides)} strongest of {len(sweep.axes)}." if len(sides) < len(sweep.axes) else ""
    )
    cut = "" if sweep.complete else " Of an unfinished sweep: over the finished points."
    zones = (
        f" Shaded: split, nothing (within ±{brief(sweep.margin)}) and backfire."
        if sweep.outcome == "effect"
        else ""
    )
    return Caption(
        "What each factor does, over all values of the others",
        f"Mean {what} at each {levels}, with its 95 % interval; one scale for"
        f" all.{zones}{few}{cut}",
        f"Line charts of the mean {what} from the first to the last level. {' '.join(parts)}",
    )


def interactions(sweep: Sweep) -> Caption:
    """Return the words around the interactions."""
    names = factors.labels(sweep.axes, sweep.scenario)
    rows = sweep.interactions.head(MOST_PAIRS)
    told = [
        f"{plain(names[row['first']])} with {plain(names[row['second']])}"
        f" {100 * row['share']:.1f} % ({100 * row['share_low']:.1f} to"
        f" {100 * row['share_high']:.1f} %)"
        for row in rows.to_dict("records")
    ]
    scatter = (
        " Dotted tick: what mere scatter of points would leave; a bar that does not pass it shows"
        " nothing."
        if (rows["noise"] > 0).any()
        else ""
    )
    return Caption(
        "Which factors act together",
        "Bars: how much of the variation over two factors no sum of what each does alone explains,"
        f" with 95 % intervals over runs; the strongest pairs first.{scatter}",
        f"Bar chart of interactions. {'; '.join(told)}.",
    )


def importance(sweep: Sweep, shown: int) -> Caption:
    """Return the words around the ranking of factors."""
    names = factors.labels(sweep.axes, sweep.scenario)
    what = outcome_words(sweep, sweep.outcome)
    basis = {axis.name: standing.basis_of(axis, sweep.scenario) for axis in sweep.axes}
    told = [
        f"{plain(names[row['factor']])}, {basis[row['factor']]},"
        f" {signed(row['coefficient'], 2)} ({signed(row['low'], 2)} to {signed(row['high'], 2)})"
        for row in sweep.importance.head(shown).to_dict("records")
    ]
    return Caption(
        f"What the {what} hangs on",
        f"Standardised rank regression coefficients, −1 to +1, of the {shown} strongest of"
        f" {len(sweep.axes)} factors, with 95 % bootstrap intervals over points; blue: more of it"
        " raises the outcome, hatched orange: lowers it. Filled square: the scenario's number is"
        " measured, derived, coded or fitted; hollow: it is a judgement, a default or not said.",
        f"Bar chart of weights. {'; '.join(told)}.",
    )


def parallel(sweep: Sweep, uprights: list[Upright], drawn: int) -> Caption:
    """Return the words around the parallel coordinates."""
    counts = sweep.points["verdict"].value_counts()
    parts = []
    for word in WORDS:
        number = int(counts.get(word, 0))
        if number:
            parts.append(f"{word} {number:,} ({percent(number / len(sweep.points))})")
    lines = (
        f"{counted(drawn, 'line')} of {len(sweep.points):,} points, each verdict in its share"
        if drawn < len(sweep.points)
        else f"All {counted(drawn, 'point')}"
    )
    strongest = " The strongest factors, then outcomes." if len(sweep.axes) > 5 else ""
    ends = [f"{plain(one.label, 90)} from {one.low} to {one.high}" for one in uprights]
    return Caption(
        "Every point through its factors and outcomes",
        f"Thin: {lines[0].lower()}{lines[1:]}, coloured by its commonest verdict; thick, with"
        " markers: medians of all points of a verdict. Where the thick lines lie apart, that factor"
        f" tells the verdicts apart.{strongest}",
        f"Parallel coordinates. Points by verdict: {joined(parts)}. Axes: {'; '.join(ends)}.",
    )
