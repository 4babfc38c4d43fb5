"""Titles, captions and descriptions of an experiment's figures.

How intervals were computed is not told here at length, but once in sweep_methods.
"""

from __future__ import annotations

import numpy as np

from alliancesim.experiment import standing
from alliancesim.experiment.phases import MOST_CELLS
from alliancesim.figures.axes import Side, level_text
from alliancesim.figures.effects import MOST_PAIRS
from alliancesim.figures.parallel import Upright
from alliancesim.figures.words import grouped, plain, signed
from alliancesim.language import plural, text
from alliancesim.measures.verdict import WORDS
from alliancesim.report import factors
from alliancesim.report.captions import Caption
from alliancesim.report.numbers import brief, level, percent, span
from alliancesim.report.phrases import counted, joined
from alliancesim.report.sweep_outcomes import outcome_words
from alliancesim.report.sweep_wording import finding
from alliancesim.report.sweeps import Sweep


def phases(sweep: Sweep, x: Side, y: Side) -> Caption:
    """Return the words around the phase diagram."""
    cells = sweep.phases
    what = outcome_words(sweep, sweep.outcome)
    pooled = any(axis.count > MOST_CELLS for axis in sweep.sides or ())
    fields = {
        "what": what,
        "margin": brief(sweep.margin),
        "unsettled": counted(int((~cells["settled"]).sum()), "cell"),
        "undecided": counted(int((cells["likely"] == "").sum()), "cell"),
    }
    first = (
        text(
            "First panel: the mean {what}, with lines where it is 0 or ±{margin}; hatched: its"
            " interval includes such a value ({unsettled})."
        )
        if sweep.outcome == "effect"
        else text(
            "First panel: the mean {what}, with lines where it is 0; hatched: its interval"
            " includes such a value ({unsettled})."
        )
    )
    second = text(
        "Second panel: the share of runs that backfire less the share that split, with lines where"
        " either is half of the runs: there the odds turn; hatched: no verdict is surely likelier"
        " than not ({undecided}). Orange: the wedge divides, blue: it binds. Cross: where the"
        " scenario itself stands."
    )
    said = [first.format(**fields), second.format(**fields)]
    if len(sweep.axes) > 2:
        said.append(text("Each cell pools the levels of the other factors."))
    if pooled:
        said.append(text("Neighbouring levels share a cell."))
    lowest, highest = (
        float(end) for end in (cells[sweep.outcome].min(), cells[sweep.outcome].max())
    )
    described = text(
        "Two heat maps over {x} and {y}, {cells} cells. Mean {what} from {low} to {high}."
    ).format(
        x=plain(x.label),
        y=plain(y.label),
        cells=len(cells),
        what=what,
        low=signed(lowest),
        high=signed(highest),
    )
    return Caption(
        text("Phase diagram: {x} and {y}").format(x=plain(x.label), y=plain(y.label)),
        " ".join(said),
        " ".join([described, *finding(sweep)]),
    )


def slices(sweep: Sweep, along: Side, other: Side) -> Caption:
    """Return the words around the slices through the phase diagram."""
    parts = []
    for at in dict.fromkeys(other.levels[k] for k in (0, len(other.levels) // 2, -1)):
        rows = sweep.phases[sweep.phases[other.name] == at]
        rows = rows.iloc[np.argsort([along.place(found) for found in rows[along.name]])]
        if len(rows):
            first, last = (float(rows[sweep.outcome].iloc[k]) for k in (0, -1))
            told = text("At {level}: {first} to {last}.")
            parts.append(told.format(level=level_text(at), first=signed(first), last=signed(last)))
    fields = {
        "what": outcome_words(sweep, sweep.outcome),
        "along": plain(along.label),
        "other": plain(other.label),
    }
    described = text(
        "Line chart of the mean {what}, from the lowest to the highest {along}, by {other}."
    ).format(**fields)
    return Caption(
        text("The same along {factor}").format(factor=fields["along"]),
        text(
            "Mean {what} along {along}, with {other} at its lowest, middle and highest level;"
            " bands: 95 % intervals. Parallel lines: each acts for itself. Lines that cross or fan"
            " out: what one does hangs on the other."
        ).format(**fields),
        " ".join([described, *parts]),
    )


def main_effects(sweep: Sweep, sides: list[Side]) -> Caption:
    """Return the words around the main effects."""
    what = outcome_words(sweep, sweep.outcome)
    parts = []
    for side in sides:
        rows = sweep.main_effects[sweep.main_effects["factor"] == side.name]
        first, last = (
            text("{mean} at {level}").format(
                mean=signed(float(row["mean"])), level=level_text(row["level"])
            )
            for row in (rows.iloc[0], rows.iloc[-1])
        )
        parts.append(f"{plain(side.label)}: {first}, {last}.")
    lead = (
        text(
            "Mean {what} at each bin of equally many points, with its 95 % interval; one scale for"
            " all."
        )
        if sweep.sampled
        else text("Mean {what} at each level, with its 95 % interval; one scale for all.")
    )
    said = [lead.format(what=what)]
    if sweep.outcome == "effect":
        zones = text("Shaded: split, nothing (within ±{margin}) and backfire.")
        said.append(zones.format(margin=brief(sweep.margin)))
    if len(sides) < len(sweep.axes):
        few = text("The {shown} strongest of {count}.")
        said.append(few.format(shown=len(sides), count=len(sweep.axes)))
    if not sweep.complete:
        said.append(text("Of an unfinished sweep: over the finished points."))
    described = text("Line charts of the mean {what} from the first to the last level.")
    return Caption(
        text("What each factor does, over all values of the others"),
        " ".join(said),
        " ".join([described.format(what=what), *parts]),
    )


def interactions(sweep: Sweep) -> Caption:
    """Return the words around the interactions."""
    names = factors.labels(sweep.axes, sweep.scenario)
    rows = sweep.interactions.head(MOST_PAIRS)
    told = [
        text("{first} with {second} {share} % ({low} to {high} %)").format(
            first=plain(names[row["first"]]),
            second=plain(names[row["second"]]),
            **{
                end: level(100 * row[column], 1)
                for end, column in (
                    ("share", "share"),
                    ("low", "share_low"),
                    ("high", "share_high"),
                )
            },
        )
        for row in rows.to_dict("records")
    ]
    said = text(
        "Bars: how much of the variation over two factors no sum of what each does alone explains,"
        " with 95 % intervals over runs; the strongest pairs first."
    )
    if (rows["noise"] > 0).any():
        scatter = text(
            "Dotted tick: what mere scatter of points would leave; a bar that does not pass it"
            " shows nothing."
        )
        said = f"{said} {scatter}"
    return Caption(
        text("Which factors act together"),
        said,
        text("Bar chart of interactions. {listed}.").format(listed="; ".join(told)),
    )


def importance(sweep: Sweep, shown: int) -> Caption:
    """Return the words around the ranking of factors."""
    names = factors.labels(sweep.axes, sweep.scenario)
    basis = {axis.name: standing.basis_of(axis, sweep.scenario) for axis in sweep.axes}
    told = [
        f"{plain(names[row['factor']])}, {text(basis[row['factor']])},"
        f" {signed(row['coefficient'], 2)}"
        f" ({span(signed(row['low'], 2), signed(row['high'], 2))})"
        for row in sweep.importance.head(shown).to_dict("records")
    ]
    return Caption(
        text("What the {what} hangs on").format(what=outcome_words(sweep, sweep.outcome)),
        text(
            "Standardised rank regression coefficients, −1 to +1, of the {shown} strongest of"
            " {count} factors, with 95 % bootstrap intervals over points; blue: more of it"
            " raises the outcome, hatched orange: lowers it. Filled square: the scenario's number"
            " is measured, derived, coded or fitted; hollow: it is a judgement, a default or not"
            " said."
        ).format(shown=shown, count=len(sweep.axes)),
        text("Bar chart of weights. {listed}.").format(listed="; ".join(told)),
    )


def parallel(sweep: Sweep, uprights: list[Upright], drawn: int) -> Caption:
    """Return the words around the parallel coordinates."""
    counts = sweep.points["verdict"].value_counts()
    parts = []
    for word in WORDS:
        number = int(counts.get(word, 0))
        if number:
            share = percent(number / len(sweep.points))
            parts.append(f"{text(word)} {grouped(number)} ({share})")
    lines = (
        text(
            "Thin: {lines} of {points} points, each verdict in its share, coloured by its commonest"
            " verdict; thick, with markers: medians of all points of a verdict. Where the thick"
            " lines lie apart, that factor tells the verdicts apart."
        ).format(lines=counted(drawn, "line"), points=grouped(len(sweep.points)))
        if drawn < len(sweep.points)
        else plural(
            "Thin: all {count} point, coloured by its commonest verdict; thick, with markers:"
            " medians of all points of a verdict. Where the thick lines lie apart, that factor"
            " tells the verdicts apart.",
            "Thin: all {count} points, coloured by its commonest verdict; thick, with markers:"
            " medians of all points of a verdict. Where the thick lines lie apart, that factor"
            " tells the verdicts apart.",
            drawn,
        ).format(count=drawn)
    )
    if len(sweep.axes) > 5:
        lines += " " + text("The strongest factors, then outcomes.")
    ends = [
        text("{factor} from {low} to {high}").format(
            factor=plain(one.label, 90), low=one.low, high=one.high
        )
        for one in uprights
    ]
    described = text("Parallel coordinates. Points by verdict: {verdicts}. Axes: {axes}.")
    return Caption(
        text("Every point through its factors and outcomes"),
        lines,
        described.format(verdicts=joined(parts), axes="; ".join(ends)),
    )
