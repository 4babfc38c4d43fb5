"""What an explanation says of mechanisms: their shares, and what a ledger books on them.

Causes, which come from outside, are not told here but in explanation_wording.
"""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from alliancesim.attribution.ledger_tables import SMALLER, shown
from alliancesim.attribution.tables import CHANGE
from alliancesim.coefficients import REGISTER
from alliancesim.figures.words import signed
from alliancesim.language import message, text
from alliancesim.measures.intervals import Interval
from alliancesim.measures.series import COHESION
from alliancesim.report.numbers import ends, span
from alliancesim.report.phrases import joined

MEANINGS: Mapping[str, str] = {entry.name: entry.meaning for entry in REGISTER}
"""What each coefficient of the law means, to be looked up where it is said."""

MOST_NAMED = 3
"""Causes, mechanisms or terms that a sentence names on either side."""

_WAYS = (message("downward through {listed}"), message("upward through {listed}"))
_WRITTEN_AS_ZERO = 5e-4


def mechanism_sentence(table: pd.DataFrame) -> str:
    """Return through which mechanisms the wedge works.

    Args:
        table: as from :func:`alliancesim.attribution.mechanisms.mechanism_shares`.
    """
    parts = []
    for way, rows in zip(
        _WAYS, (table[table["estimate"] < 0], table[table["estimate"] > 0]), strict=True
    ):
        named = [
            f"{row['mechanism']} {signed(row['estimate'])}"
            f" [{ends(Interval(row['estimate'], row['low'], row['high']))}]"
            for row in rows.head(MOST_NAMED).to_dict("records")
        ]
        if named:
            parts.append(text(way).format(listed=joined(named)))
    if not parts:
        return text("The wedge works through no mechanism: {count} have a share of 0.").format(
            count=len(table)
        )
    return text(
        "The wedge works {ways}: shares of its effect, in brackets how exactly each mean is known"
        " (95 %)."
    ).format(ways="; ".join(parts))


def ledger_sentence(table: pd.DataFrame, dyad: str, both: str, last: str) -> str:
    """Return which terms of the ledger moved a dyad's cohesion most.

    Args:
        table: as from :func:`alliancesim.attribution.ledger_tables.ledger_table`.
        dyad: as the ledger was asked for.
        both: the names of both actors.
        last: the last month, to which terms are added up.
    """
    rows = shown(table, dyad, None)
    rows = rows[rows["quantity"] == COHESION]
    if not len(rows):
        told = text("In the ledger, nothing moves the cohesion of {both} by {last}.")
        return told.format(both=both, last=last)
    terms, whole = rows[~rows["term"].isin((CHANGE, SMALLER))], rows.iloc[-1]
    said = {"both": both, "last": last, "change": _term(whole), "terms": _named(terms)}
    if pd.isna(whole["effect"]):
        return text(
            "Booked month by month, cohesion of {both} changes by {change} to {last}, most by"
            " {terms}."
        ).format(**said)
    effect = _term(whole, "effect")
    if (terms["effect"].abs() < _WRITTEN_AS_ZERO).all():
        return text(
            "Booked month by month, cohesion of {both} changes by {change} to {last}, most by"
            " {terms}; of that the wedge's doing is {effect}."
        ).format(**said, effect=effect)
    return text(
        "Booked month by month, cohesion of {both} changes by {change} to {last}, most by {terms};"
        " of that the wedge's doing is {effect}, most by {wedge_terms}."
    ).format(**said, effect=effect, wedge_terms=_named(terms, "effect"))


def _named(terms: pd.DataFrame, column: str = "mean") -> str:
    """Return the largest terms of a ledger with what each adds."""
    largest = terms[column].abs().nlargest(MOST_NAMED).index
    return joined(
        [f"{text(row['title'])} {_term(row, column)}" for _, row in terms.loc[largest].iterrows()]
    )


def _term(row: pd.Series[float], column: str = "mean") -> str:
    """Return what a term of a ledger adds, or what of that is the wedge's doing."""
    low, high = ("low", "high") if column == "mean" else (f"{column}_low", f"{column}_high")
    return f"{signed(row[column])} [{span(signed(row[low]), signed(row[high]))}]"
