"""What a page says of a dyad's ledger: its picture, and the terms that moved every quantity.

Causes are not told here, since a ledger books terms and knows none.
"""

from __future__ import annotations

import functools
from itertools import groupby
from typing import Any

import pandas as pd

from alliancesim.attribution.account import Account
from alliancesim.attribution.ledger_tables import CHANGE, EFFECT, SMALLER, TITLES, WORLD, shown
from alliancesim.figures.ledger import areas, ledger_chart
from alliancesim.figures.words import signed
from alliancesim.language import message, text
from alliancesim.measures.series import COHESION
from alliancesim.report import explanation_wording as wording
from alliancesim.report.captions import Caption
from alliancesim.report.numbers import span
from alliancesim.report.phrases import joined
from alliancesim.report.pictures import Picture, picture

PICTURE = "ledger"

_CALLED = {WORLD: message("World"), EFFECT: message("World minus twin")}

BOOKED = message(
    "Terms of a mechanism are those of its equation; the room on the scale is what its bounds take"
    " from their sum toward an end (an opinion they draw to the middle); chance, events and acts of"
    " the wedge are booked with what they moved. Terms of cooperation and pressure say how far each"
    " holds the action from rest, now less the month before. Cohesion follows what both do, so its"
    " terms are their reasons for that, and the return to rest; over several months that return is"
    " charged to the terms whose work it undoes."
)
"""How the entries are to be read."""


def picture_of(account: Account, table: pd.DataFrame, number: int) -> Picture:
    """Return the stacked areas of an account's ledger with the words around them.

    Args:
        account: the explanation.
        table: its ledger.
        number: of the figure on its page.
    """
    asked = account.asked_of_ledger
    of_dyad = table[(table["dyad"] == asked.dyad) & (table["quantity"] == COHESION)]
    stacked = areas(of_dyad)
    played = (stacked["series"] == EFFECT).any()
    beside = text(
        "Second panel: the same for the difference that the wedge makes, on its own scale."
    )
    told = " ".join(
        f"{text(name)}: {_ends(stacked[stacked['series'] == series])}"
        for series, name in _CALLED.items()
        if (stacked["series"] == series).any()
    )
    areas_told = text(
        "Areas: what each term has added month upon month, less what has returned to rest of it,"
        " mean over runs; above zero what has raised cohesion so far, below what has lowered it."
        " Black line: their sum, the change of cohesion in the simulated worlds; dashed: the"
        " middle 90 % of it."
    )
    caption = Caption(
        text("Mechanisms over time: what moved the cohesion of {names}").format(
            names=names_of(account)
        ),
        f"{areas_told} {beside}" if played else areas_told,
        text("Stacked areas, at the end of {month}. {told}").format(
            month=account.period.last, told=told
        ),
    )
    draw = functools.partial(ledger_chart, stacked)
    return picture(number, PICTURE, caption, draw, {"data": stacked})


def _ends(rows: pd.DataFrame) -> str:
    """Return where the areas of one series end, in words."""
    last = rows.sort_values("month").iloc[-1]
    parts = [f"{text(TITLES[name])} {signed(last[name])}" for name in rows.columns[2:-3]]
    told = text("{terms}; together {change}.")
    return told.format(terms=joined(parts), change=signed(last[CHANGE]))


def names_of(account: Account) -> str:
    """Return both actors of an account's ledger in words."""
    asked, called = account.asked_of_ledger, wording.names(account)
    return joined([called[asked.of], called[asked.toward]])


def happened(account: Account) -> str:
    """Return what is dated in the month of the ledger that is shown; nothing where all are."""
    month = account.asked_of_ledger.month
    if month is None:
        return ""
    dated = [event.what for event in account.scenario.events.values() if event.date == month]
    if not dated:
        return text("Dated {month}: nothing.").format(month=month)
    return text("Dated {month}: {events}.").format(month=month, events="; ".join(dated))


def entries(account: Account, table: pd.DataFrame) -> list[tuple[str, list[dict[Any, Any]]]]:
    """Return the entries worth showing, quantity by quantity, with what each quantity is called.

    Args:
        account: the explanation.
        table: its ledger.
    """
    asked, called = account.asked_of_ledger, wording.names(account)
    one_way = text("{of} toward {toward}").format(of=called[asked.of], toward=called[asked.toward])
    kept = shown(table, asked.dyad, asked.month)
    rows = kept.assign(title=kept["title"].map(text)).to_dict("records")
    return [
        (f"{text(name)}, {names_of(account) if name == COHESION else one_way}", list(part))
        for name, part in groupby(rows, key=lambda row: row["quantity"])
    ]


def section(account: Account, table: pd.DataFrame) -> dict[str, Any]:
    """Return what a page says of an account's ledger.

    Args:
        account: the explanation.
        table: its ledger.
    """
    asked, period = account.asked_of_ledger, account.period
    return {
        "title": text("Ledger of {dyad}, {when}").format(
            dyad=names_of(account), when=asked.month or span(period.first, period.last)
        ),
        "entries": entries(account, table),
        "played": (table["series"] == EFFECT).any(),
        "happened": happened(account),
        "booked": text(BOOKED),
        "folded": SMALLER,
        "change": CHANGE,
    }
