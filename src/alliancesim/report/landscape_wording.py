"""What a landscape says, in sentences made from its tables.

A low alignment is not told as one that will come about.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from alliancesim.figures.words import signed
from alliancesim.landscape import tables
from alliancesim.landscape.survey import Survey
from alliancesim.language import message, plural, text
from alliancesim.measures.spread import LEVEL
from alliancesim.report.numbers import brief, level, percent, span
from alliancesim.report.phrases import counted, joined, plain_spaces

Tables = Mapping[str, pd.DataFrame]
Row = Mapping[Any, Any]

_CHANGES = {
    "move": (message("makes it harder"), message("makes it easier")),
    "gap": (message("widens this gap"), message("narrows this gap")),
    "balance": (message("adds to the balance"), message("takes from the balance")),
}
"""What the wedge does to something, upward and downward."""

_TOLD_OF_SHARES = {
    "present": message("present alignment"),
    "basin": message("bottom of its basin"),
    "next": message("next best"),
}
_TOLD_OF_ENERGIES = {
    tables.NEXT: message("distance to the next best"),
    tables.BARRIER: message("barrier before it"),
}

SIDES = (message("world"), message("twin"), message("difference"))
"""Sides as tables have them, to be looked up where they are said."""


def sentences(found: Survey, made: Tables) -> list[str]:
    """Return what a landscape says, each sentence with its figures, in plain spaces.

    Args:
        found: the landscape.
        made: its tables.
    """
    told = [
        _lowest(found, made),
        _present(made),
        _rival(made),
        _moves(found, made),
        _gap(found, made),
        balance(found, made),
        _weights(found, made),
    ]
    return [plain_spaces(sentence) for sentence in told if sentence]


def basis(found: Survey) -> str:
    """Return what the intervals carry, and what they do not."""
    posterior, number = found.posed.target.posterior, found.posed.target.runs
    runs = plural("of {count} run", "of {count} runs", number).format(count=number)
    if posterior is None or found.draws is None:
        return text(
            "Intervals: the middle {level} {runs}, so random shocks alone; the coefficients are"
            " those of the scenario, as if they were known."
        ).format(level=percent(LEVEL), runs=runs)
    return text(
        "Intervals: the middle {level} {runs} with {draws} of the coefficients from the posterior"
        " '{name}'; they carry random shocks and the uncertainty of the coefficients, not that of"
        " the inputs, nor what the law leaves out."
    ).format(
        level=percent(LEVEL),
        runs=runs,
        draws=counted(len(set(found.draws.tolist())), "draw"),
        name=posterior.name,
    )


def made_of(found: Survey) -> list[str]:
    """Return what propensities, sizes and the present alignment are made of."""
    opinion = found.posed.question.opinion
    sizes = found.posed.sizes
    if (sizes == sizes[0]).all():
        weighed = text("All actors have the same size: scenarios give none, --size does.")
    else:
        listed = [f"{a} {brief(s)}" for a, s in zip(found.actors, sizes, strict=True)]
        weighed = text("Sizes as given: {sizes}.").format(sizes=joined(listed))
    return [
        text(
            "Propensity of a pair: {conduct} conduct (cooperation less pressure), {opinion}"
            " opinion, each the mean of both directions, from −1 to 1. Above zero two would rather"
            " stand together. The weights are a judgement."
        ).format(conduct=percent(1 - opinion), opinion=percent(opinion)),
        weighed,
        text("The theory knows two camps, no neutrals, and neither chance nor haste (Galam 1998)."),
        text(
            "The present alignment is read from cohesion, which is not in the propensities: pairs"
            " closer than the month's mean pair count as held together. It is a reading, not a"
            " record."
        ),
    ]


def standing(found: Survey, made: Tables) -> list[tuple[str, list[str]]]:
    """Return how the present alignment lies, with the wedge and, where one is played, without.

    Args:
        found: the landscape.
        made: its tables, of which ``alignments`` and ``basins`` are read.

    Returns:
        What is told and, for each side, the text: the most frequent of the present alignments, of
        the minima they descend to and of the next best ones, each with its share of runs; distance
        to the next best and barrier before it, each with its range.
    """
    played = tables.SIDES if found.is_played else (tables.WORLD,)
    rows = []
    for share, what in _TOLD_OF_SHARES.items():
        most = [_most(made, side, share) for side in played]
        rows.append((text(what), [f"{row['camps']} ({percent(row[share])})" for row in most]))
    for quantity, what in _TOLD_OF_ENERGIES.items():
        cells = [with_range(_quantity(made, quantity, side)) for side in played]
        rows.append((text(what), cells))
    return rows


def with_range(row: Row) -> str:
    """Return a mean with its interval in brackets."""
    return f"{signed(row['mean'], 2)} [{span(signed(row['low'], 2), signed(row['high'], 2))}]"


def of_side(table: pd.DataFrame, side: str) -> pd.DataFrame:
    """Return the rows of the world, the twin or their difference."""
    return table[table["side"] == side]


def _date(found: Survey) -> str:
    """Return the month that is looked at."""
    return found.posed.world.date(found.posed.month)


def _lowest(found: Survey, made: Tables) -> str:
    """Say which alignment lies lowest, with the wedge and without."""
    best = _most(made, tables.WORLD, "lowest")
    told = text(
        "In {date} {camps} lies lowest of the {number} alignments in {share} of runs: energy"
        " {energy} (in brackets, here and below: middle {level} of runs), where one camp of all"
        " has 0"
    ).format(
        date=_date(found),
        camps=best["camps"],
        number=len(of_side(made["alignments"], tables.WORLD)),
        share=percent(best["lowest"]),
        energy=with_range(best),
        level=percent(LEVEL),
    )
    if not found.is_played:
        return f"{told}."
    twin = _most(made, tables.TWIN, "lowest")
    share, energy = percent(twin["lowest"]), with_range(twin)
    if twin["camps"] == best["camps"]:
        return text("{told}; without the wedge it is so in {share}, at {energy}.").format(
            told=told, share=share, energy=energy
        )
    return text(
        "{told}; without the wedge it would most often be {camps} ({share}), at {energy}."
    ).format(told=told, camps=twin["camps"], share=share, energy=energy)


def _present(made: Tables) -> str:
    """Say where the present alignment descends to."""
    now, basin = (_most(made, tables.WORLD, share) for share in ("present", "basin"))
    height = _quantity(made, tables.HEIGHT)
    return text(
        "The present alignment by cohesion is most often {camps} ({share} of runs); in {still} of"
        " runs no single move lowers it. Actor by actor it descends most often to {bottom}"
        " ({ending}), by {height} on average."
    ).format(
        camps=now["camps"],
        share=percent(now["present"]),
        still=percent(1 - height["positive"]),
        bottom=basin["camps"],
        ending=percent(basin["basin"]),
        height=level(height["mean"]),
    )


def _rival(made: Tables) -> str:
    """Say what comes next and how high the land between is."""
    rival = _most(made, tables.WORLD, "next")
    gap, barrier = _quantity(made, tables.NEXT), _quantity(made, tables.BARRIER)
    minima = _quantity(made, tables.MINIMA)["mean"]
    if minima == 1:
        stable = text("No run has another stable alignment.")
    else:
        stable = text("On average {number} alignments are stable.").format(number=level(minima))
    away = text(
        "From the bottom of the present one's basin the next best, most often {camps} ({share}), is"
        " {distance} away in energy, behind a barrier of {barrier}."
    ).format(
        camps=rival["camps"],
        share=percent(rival["next"]),
        distance=with_range(gap),
        barrier=with_range(barrier),
    )
    return f"{stable} {away}"


def names(found: Survey) -> dict[str, str]:
    """Return each actor's full name, or its identifier where it has none."""
    actors = found.posed.target.scenario.actors
    return {code: text(actor.name) or code for code, actor in actors.items()}


def allies(found: Survey) -> str:
    """Return the allies by their names."""
    return joined([names(found)[code] for code in found.posed.target.scenario.outcome.alliance])


def _moves(found: Survey, made: Tables) -> str:
    """Say which single move out of the present alignment costs least."""
    rows = of_side(made["moves"], tables.WORLD).to_dict("records")
    easy = min(rows, key=lambda row: float(row["mean"]))
    told = text(
        "Of all single moves out of the present alignment the easiest is that of {actor}: it"
        " changes the energy by {change}, upward in {share} of runs"
    ).format(
        actor=names(found)[easy["actor"]], change=with_range(easy), share=percent(easy["positive"])
    )
    if not found.is_played:
        return f"{told}."
    both = of_side(made["moves"], tables.DIFFERENCE).to_dict("records")
    wedge = next(row for row in both if row["actor"] == easy["actor"])
    return text("{told}; the wedge {does}.").format(told=told, does=_does(wedge, "move"))


def _gap(found: Survey, made: Tables) -> str:
    """Say how deep the alliance stands, and what the wedge does to it."""
    row = _path(found, made, tables.GAP, tables.WORLD)
    told = text(
        "Parting {allies} would take {gap} in energy: the best alignment that parts them less the"
        " best that holds them together, above zero in {share} of runs"
    ).format(allies=allies(found), gap=with_range(row), share=percent(row["positive"]))
    if not found.is_played:
        return f"{told}."
    wedge = _path(found, made, tables.GAP, tables.DIFFERENCE)
    return text("{told}; the wedge {does}.").format(told=told, does=_does(wedge, "gap"))


def _does(row: Row, what: str) -> str:
    """Say which way a difference goes on average, how far, and whether its sign is clear."""
    if row["mean"] == row["low"] == row["high"] == 0:
        return text("changes nothing in it")
    rises = row["mean"] > 0
    up, down = _CHANGES[what]
    told = text("{does} by {change} on average, in {share} of runs").format(
        does=text(up if rises else down),
        change=with_range(row),
        share=percent(row["positive"] if rises else 1 - row["positive"]),
    )
    if row["low"] <= 0 <= row["high"]:
        return text("{told}; the interval leaves the sign open").format(told=told)
    return told


def balance(found: Survey, made: Tables) -> str:
    """Say how balanced triads are, at the start and now, with the wedge and without.

    Args:
        found: the landscape.
        made: its tables, of which ``paths`` is read.
    """
    if len(found.actors) < 3:
        return ""
    paths = made["paths"]
    first = paths[(paths["quantity"] == tables.STRENGTH) & (paths["side"] == tables.WORLD)].iloc[0]
    plain = _path(found, made, tables.BALANCED, tables.WORLD)
    row = _path(found, made, tables.STRENGTH, tables.WORLD)
    told = text(
        "Balanced triads: {share} of all, by strength {strength} [{interval}], after {first} in"
        " {date}"
    ).format(
        share=percent(plain["mean"]),
        strength=percent(row["mean"]),
        interval=span(percent(row["low"]), percent(row["high"])),
        first=percent(first["mean"]),
        date=first["date"],
    )
    if not found.is_played:
        return f"{told}."
    twin = _path(found, made, tables.STRENGTH, tables.TWIN)
    wedge = _path(found, made, tables.STRENGTH, tables.DIFFERENCE)
    return text("{told}; without the wedge by strength {strength}: the wedge {does}.").format(
        told=told, strength=percent(twin["mean"]), does=_does(wedge, "balance")
    )


def _weights(found: Survey, made: Tables) -> str:
    """Say whether other weights of opinion would give another lowest alignment."""
    rows = of_side(made["weights"], tables.WORLD).to_dict("records")
    by_conduct, by_opinion = rows[0], rows[-1]
    shares = {
        "conduct": percent(by_conduct["lowest"]),
        "opinion": percent(by_opinion["lowest"]),
    }
    if len({row["camps"] for row in rows}) == 1:
        return text(
            "Whatever the weight of opinion, {camps} is most often lowest: in {conduct} of runs by"
            " conduct alone, in {opinion} by opinion alone."
        ).format(camps=by_conduct["camps"], **shares)
    return text(
        "The weight of opinion against conduct matters: lowest is {first} by conduct alone"
        " ({conduct}) and {last} by opinion alone ({opinion})."
    ).format(first=by_conduct["camps"], last=by_opinion["camps"], **shares)


def _most(made: Tables, side: str, share: str) -> Row:
    """Return the alignment that has the largest share of something on one side."""
    rows = of_side(made["alignments"], side).to_dict("records")
    return max(rows, key=lambda row: float(row[share]))


def _quantity(made: Tables, what: str, side: str = tables.WORLD) -> Row:
    """Return the row of a quantity of one side's basins."""
    rows = of_side(made["basins"], side)
    return dict(rows[rows["quantity"] == what].iloc[0])


def _path(found: Survey, made: Tables, what: str, side: str) -> Row:
    """Return the row of a path in the month that is looked at."""
    rows = made["paths"]
    chosen = rows[
        (rows["quantity"] == what) & (rows["side"] == side) & (rows["month"] == found.posed.month)
    ]
    return dict(chosen.iloc[0])
