"""What ``explain --ledger`` adds: the options, and the table in the terminal.

It is no command: without an explanation there is no ledger.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from alliancesim.cli.options import month as month_of
from alliancesim.cli.printing import given, plain_rows

if TYPE_CHECKING:
    from alliancesim.attribution.account import Account
    from alliancesim.attribution.explanation import Posed
    from alliancesim.attribution.ledger import Asked

LedgerOf = Annotated[
    str | None,
    typer.Option(
        "--ledger",
        metavar="DYAD",
        help="Also book, month by month, the terms that moved a dyad: A-B, or 'alliance'.",
    ),
]
Month = Annotated[str | None, month_of("--month", "Month of the ledger to show", "all together")]


def ledger_asked(posed: Posed, dyad: str | None, month: str | None) -> Asked | None:
    """Return what a ledger's options stand for, if one is asked for.

    Raises:
        InputError: if they do not fit the scenario, or a month is given without a dyad.
    """
    from alliancesim.attribution.ledger import asked_of
    from alliancesim.scenario.problems import InputError, Problem

    if dyad is not None:
        return asked_of(posed.scenario, dyad, month, (posed.period.first, posed.period.last))
    if month is not None:
        raise InputError([Problem("--month", "", month, "--ledger beside it, with a dyad")])
    return None


def ledger_words(asked: Asked | None) -> list[str]:
    """Return the words of the command that ask for a ledger."""
    if asked is None:
        return []
    return ["--ledger", asked.dyad, *(given("--month", asked.month))]


def ledger_data(account: Account) -> dict[str, Any]:
    """Return the entries shown of a ledger as plain data, if it was asked for."""
    from alliancesim.attribution.ledger_tables import shown

    if account.ledger is None:
        return {}
    asked = account.asked_of_ledger
    rows = plain_rows(shown(account.ledger, asked.dyad, asked.month))
    return {"ledger": {"dyad": asked.dyad, "month": asked.month, "terms": rows}}


def print_ledger(account: Account) -> str:
    """Print the entries shown of a ledger, if it was asked for; return what is to be said of it."""
    from alliancesim.attribution.ledger_tables import SMALLER
    from alliancesim.cli.console import table
    from alliancesim.figures.words import signed
    from alliancesim.report.ledgers import section

    if account.ledger is None:
        return ""
    told = section(account, account.ledger)
    rows = []
    for quantity, entries in told["entries"]:
        rows.append([quantity.split(",")[0].upper()])
        for row in entries:
            summed = row["term"] == SMALLER
            ends = "" if summed else f"{signed(row['low'], 4)} to {signed(row['high'], 4)}"
            rows.append([f"  {row['title']}", signed(row["mean"], 4), ends])
            rows[-1] += [signed(row["effect"], 4)] if told["played"] else []
    wedge = ["wedge's doing"] if told["played"] else []
    table(("term", "change", "90 % interval", *wedge), rows, title=told["title"])
    return str(told["happened"])
