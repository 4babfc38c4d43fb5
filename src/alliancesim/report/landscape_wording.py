"""What a landscape says, in sentences made from its tables."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from alliancesim.landscape import tables
from alliancesim.landscape.survey import LEVEL, Survey
from alliancesim.report.numbers import brief, level, percent, signed
from alliancesim.report.wording import counted, joined, plain_spaces

Tables = Mapping[str, pd.DataFrame]
Row = Mapping[Any, Any]


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
    return [plain_spaces(text) for text in told if text]


def basis(found: Survey) -> str:
    """Return what the intervals carry, and what they do not."""
    posterior, runs = found.posed.target.posterior, found.posed.target.runs
    if posterior is None or found.draws is None:
        return (
            f"Intervals: the middle {percent(LEVEL)} of {counted(runs, 'run')}, so random shocks"
            " alone; the coefficients are those of the scenario, as if they were known."
        )
    return (
        f"Intervals: the middle {percent(LEVEL)} of {counted(runs, 'run')} with"
        f" {counted(len(set(found.draws.tolist())), 'draw')} of the coefficients from the posterior"
        f" {posterior.name!r}; they carry random shocks and the uncertainty of the coefficients,"
        " not that of the inputs, nor what the law leaves out."
    )


def made_of(found: Survey) -> list[str]:
    """Return what propensities, sizes and the present alignment are made of."""
    opinion = found.posed.question.opinion
    sizes = found.posed.sizes
    if (sizes == sizes[0]).all():
        weighed = "All actors have the same size: scenarios give none, --size does."
    else:
        listed = [f"{a} {brief(s)}" for a, s in zip(found.actors, sizes, strict=True)]
        weighed = f"Sizes as given: {joined(listed)}."
    return [
        f"Propensity of a pair: {percent(1 - opinion)} conduct (cooperation less pressure),"
        f" {percent(opinion)} opinion, each the mean of both directions, from −1 to 1. Above zero"
        " two would rather stand together. The weights are a judgement.",
        weighed,
        "The theory knows two camps, no neutrals, and neither chance nor haste (Galam 1998).",
        "The present alignment is read from cohesion, which is not in the propensities: pairs"
        " closer than the month's mean pair count as held together. It is a reading, not a record.",
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
    for share, what in (
        ("present", "present alignment"),
        ("basin", "bottom of its basin"),
        ("next", "next best"),
    ):
        most = [_most(made, side, share) for side in played]
        rows.append((what, [f"{row['camps']} ({percent(row[share])})" for row in most]))
    for quantity, what in (
        (tables.NEXT, "distance to the next best"),
        (tables.BARRIER, "barrier before it"),
    ):
        rows.append((what, [with_range(_quantity(made, quantity, side)) for side in played]))
    return rows


def with_range(row: Row) -> str:
    """Return a mean with its interval in brackets."""
    return f"{signed(row['mean'], 2)} [{signed(row['low'], 2)} to {signed(row['high'], 2)}]"


def of_side(table: pd.DataFrame, side: str) -> pd.DataFrame:
    """Return the rows of the world, the twin or their difference."""
    return table[table["side"] == side]


def _date(found: Survey) -> str:
    """Return the month that is looked at."""
    return found.posed.world.date(found.posed.month)


def _lowest(found: Survey, made: Tables) -> str:
    """Say which alignment lies lowest, with the wedge and without."""
    best = _most(made, tables.WORLD, "lowest")
    number = len(of_side(made["alignments"], tables.WORLD))
    text = (
        f"In {_date(found)} {best['camps']} lies lowest of the {number} alignments in"
        f" {percent(best['lowest'])} of runs: energy {with_range(best)} (in brackets, here and"
        f" below: middle {percent(LEVEL)} of runs), where one camp of all has 0"
    )
    if not found.is_played:
        return f"{text}."
    twin = _most(made, tables.TWIN, "lowest")
    share = percent(twin["lowest"])
    if twin["camps"] == best["camps"]:
        return f"{text}; without the wedge it is so in {share}, at {with_range(twin)}."
    return (
        f"{text}; without the wedge it would most often be {twin['camps']} ({share}), at"
        f" {with_range(twin)}."
    )


def _present(made: Tables) -> str:
    """Say where the present alignment descends to."""
    now, basin = (_most(made, tables.WORLD, share) for share in ("present", "basin"))
    height = _quantity(made, tables.HEIGHT)
    return (
        f"The present alignment by cohesion is most often {now['camps']} ({percent(now['present'])}"
        f" of runs); in {percent(1 - height['positive'])} of runs no single move lowers it. Actor"
        f" by actor it descends most often to {basin['camps']} ({percent(basin['basin'])}), by"
        f" {level(height['mean'])} on average."
    )


def _rival(made: Tables) -> str:
    """Say what comes next and how high the land between is."""
    rival = _most(made, tables.WORLD, "next")
    gap, barrier = _quantity(made, tables.NEXT), _quantity(made, tables.BARRIER)
    minima = _quantity(made, tables.MINIMA)["mean"]
    stable = (
        "No run has another stable alignment"
        if minima == 1
        else f"On average {level(minima)} alignments are stable"
    )
    return (
        f"{stable}. From the bottom of the present one's basin the next best, most often"
        f" {rival['camps']} ({percent(rival['next'])}), is {with_range(gap)} away in energy, behind"
        f" a barrier of {with_range(barrier)}."
    )


def _moves(found: Survey, made: Tables) -> str:
    """Say which single move out of the present alignment costs least."""
    rows = of_side(made["moves"], tables.WORLD).to_dict("records")
    easy = min(rows, key=lambda row: float(row["mean"]))
    text = (
        f"Of all single moves out of the present alignment the easiest is that of {easy['actor']}:"
        f" it changes the energy by {with_range(easy)}, upward in {percent(easy['positive'])} of"
        " runs"
    )
    if not found.is_played:
        return f"{text}."
    both = of_side(made["moves"], tables.DIFFERENCE).to_dict("records")
    wedge = next(row for row in both if row["actor"] == easy["actor"])
    return f"{text}; the wedge {_does(wedge, 'makes it harder', 'makes it easier')}."


def _gap(found: Survey, made: Tables) -> str:
    """Say how deep the alliance stands, and what the wedge does to it."""
    allies = joined(found.posed.target.scenario.outcome.alliance)
    row = _path(found, made, tables.GAP, tables.WORLD)
    text = (
        f"Parting {allies} would take {with_range(row)} in energy: the best alignment that parts"
        " them less the best that holds them together, above zero in"
        f" {percent(row['positive'])} of runs"
    )
    if not found.is_played:
        return f"{text}."
    wedge = _path(found, made, tables.GAP, tables.DIFFERENCE)
    return f"{text}; the wedge {_does(wedge, 'widens this gap', 'narrows this gap')}."


def _does(row: Row, up: str, down: str) -> str:
    """Say which way a difference goes on average, how far, and whether its sign is clear."""
    if row["mean"] == row["low"] == row["high"] == 0:
        return "changes nothing in it"
    rises = row["mean"] > 0
    share = row["positive"] if rises else 1 - row["positive"]
    unclear = "; the interval leaves the sign open" if row["low"] <= 0 <= row["high"] else ""
    return (
        f"{up if rises else down} by {with_range(row)} on average, in {percent(share)} of runs"
        f"{unclear}"
    )


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
    text = (
        f"Balanced triads: {percent(plain['mean'])} of all, by strength {percent(row['mean'])}"
        f" [{percent(row['low'])} to {percent(row['high'])}], after {percent(first['mean'])} in"
        f" {first['date']}"
    )
    if not found.is_played:
        return f"{text}."
    twin = _path(found, made, tables.STRENGTH, tables.TWIN)
    wedge = _path(found, made, tables.STRENGTH, tables.DIFFERENCE)
    which = _does(wedge, "adds to the balance", "takes from the balance")
    return f"{text}; without the wedge by strength {percent(twin['mean'])}: the wedge {which}."


def _weights(found: Survey, made: Tables) -> str:
    """Say whether other weights of opinion would give another lowest alignment."""
    rows = of_side(made["weights"], tables.WORLD).to_dict("records")
    ends = (rows[0], rows[-1])
    parts = [
        f"{row['camps']} by {what} alone ({percent(row['lowest'])})"
        for row, what in zip(ends, ("conduct", "opinion"), strict=True)
    ]
    if len({row["camps"] for row in rows}) == 1:
        shares = [percent(row["lowest"]) for row in ends]
        return (
            f"Whatever the weight of opinion, {rows[0]['camps']} is most often lowest: in"
            f" {shares[0]} of runs by conduct alone, in {shares[1]} by opinion alone."
        )
    return f"The weight of opinion against conduct matters: lowest is {joined(parts)}."


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
