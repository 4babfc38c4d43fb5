"""An explanation as a folder: tables, manifest, picture and page.

The ledger's part of the page is not made here, but in ledgers.
"""

from __future__ import annotations

import functools
import shlex
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pandas as pd

from alliancesim.attribution.account import Account, write_into
from alliancesim.attribution.tables import CAUSE
from alliancesim.figures.waterfall import waterfall_chart
from alliancesim.figures.words import signed
from alliancesim.language import text
from alliancesim.posterior.draws import Posterior
from alliancesim.report import explanation_wording as wording
from alliancesim.report import ledgers, record
from alliancesim.report.captions import Caption
from alliancesim.report.files import put_page
from alliancesim.report.mechanism_wording import MEANINGS
from alliancesim.report.numbers import span
from alliancesim.report.pictures import Picture, picture
from alliancesim.report.templating import template
from alliancesim.report.wording import LENS
from alliancesim.results.folder import appearing
from alliancesim.results.result import write_draws

PICTURE = "waterfall"

_NOTHING = 0.0005
"""What is less has no digit left where shares are written."""


def write_explanation(account: Account, folder: Path, posterior: Posterior | None = None) -> None:
    """Write an explanation to a new folder, whole or not at all.

    Args:
        account: the explanation.
        folder: where to: tables as CSV, ``manifest.json``, ``waterfall.png``, ``waterfall.svg`` and
            ``report.html``; ``ledger.png`` and ``ledger.svg``, where a ledger was asked for; and
            ``posterior.csv``, where coefficients were drawn.
        posterior: what they were drawn from.

    Raises:
        InputError: if the folder is taken or cannot be written.
    """
    drawn = pictures(account)
    page = explanation_page(account, folder, drawn)
    with appearing(folder) as into:
        write_into(account, into)
        if posterior is not None:
            write_draws(posterior, into)
        put_page(into, drawn, page)


def explanation_page(account: Account, folder: Path, drawn: Mapping[str, Picture]) -> str:
    """Return the page on an explanation.

    Args:
        account: the explanation.
        folder: where it is kept, for the command that verifies it.
        drawn: its figures.
    """
    return template("explanation.html.j2").render(
        section(account, drawn[PICTURE]),
        manifest=account.manifest,
        scenario=account.scenario,
        subject=wording.subject(account),
        period=account.period,
        mechanisms=_mechanisms(account),
        ledger=None if account.ledger is None else ledgers.section(account, account.ledger),
        areas=drawn.get(ledgers.PICTURE),
        command=shlex.join(account.manifest["command"]),
        verify=record.verify_command(folder),
        versions=record.versions(account.manifest),
        digests=record.digests(account.manifest),
        lens=text(LENS),
    )


def _mechanisms(account: Account) -> dict[str, list[dict[str, Any]]]:
    """Return the mechanisms that move the effect, and those lost in its last digit."""
    table = account.mechanisms
    if table is None:
        return {}
    still = table[["estimate", "low", "high"]].abs().max(axis=1) < _NOTHING
    table = table.assign(meaning=table["mechanism"].map(MEANINGS))
    return {
        "moving": table[~still].to_dict("records"),  # type: ignore[dict-item]
        "still": table[still].to_dict("records"),  # type: ignore[dict-item]
    }


def section(account: Account, drawn: Picture) -> dict[str, Any]:
    """Return what any page says of the causes of a change.

    Args:
        account: the explanation.
        drawn: its figure.
    """
    return {
        "picture": drawn,
        "sentences": wording.sentences(account),
        "basis": wording.basis(account),
        "rows": _called(account).to_dict("records"),
        "causes": _acts(account),
    }


def pictures(account: Account) -> dict[str, Picture]:
    """Return the figures of an explanation."""
    drawn = {PICTURE: _picture(account)}
    if account.ledger is not None:
        drawn[ledgers.PICTURE] = ledgers.picture_of(account, account.ledger, 2)
    return drawn


def _acts(account: Account) -> list[tuple[str, list[tuple[str, str]]]]:
    """Return title of each cause and the dates and names of its events, by date."""
    events, labels = account.scenario.events, account.manifest["causes"]
    return [
        (
            wording.step_title(row, account.period),
            sorted({(events[label].date, events[label].what) for label in labels[row["name"]]}),
        )
        for row in account.causes.to_dict("records")
    ]


def _picture(account: Account) -> Picture:
    """Return the waterfall with the words around it."""
    what, called = wording.subject(account), _called(account)
    steps = "; ".join(
        f"{row['title']} {signed(row['estimate'])}"
        f" ({span(signed(row['low']), signed(row['high']))})"
        for row in called[called["kind"] == CAUSE].to_dict("records")
    )
    caption = Caption(
        text("What changed {what}, {first} to {last}").format(
            what=what, first=account.period.first, last=account.period.last
        ),
        text(
            "Each bar is the share of one cause and begins where the one above ends; blue to the"
            " right raises, hatched orange to the left lowers. Thin lines: middle 90 % of each"
            " share. Diamond: the whole change."
        ),
        text("Waterfall chart. {steps}.").format(steps=steps),
    )
    axis = (
        text("change of the {what}") if account.asked.is_effect else text("change of {what}")
    ).format(what=what)
    draw = functools.partial(waterfall_chart, called, axis)
    return picture(1, PICTURE, caption, draw, {"data": account.shares})


def _called(account: Account) -> pd.DataFrame:
    """Return the steps with what they are called in the language spoken."""
    shares = account.shares
    rows = shares.to_dict("records")
    return shares.assign(title=[wording.step_title(row, account.period) for row in rows])
