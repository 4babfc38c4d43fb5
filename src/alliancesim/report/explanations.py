"""An explanation as a folder: tables, manifest, picture and page."""

from __future__ import annotations

import functools
import shlex
from collections.abc import Sequence
from pathlib import Path

import pandas as pd

from alliancesim.attribution.explanation import Explanation
from alliancesim.attribution.tables import CAUSE, manifest, tables, write_into
from alliancesim.figures.waterfall import waterfall_chart
from alliancesim.report import explanation_wording as wording
from alliancesim.report import pictures, record
from alliancesim.report.captions import Caption
from alliancesim.report.numbers import signed
from alliancesim.report.templating import template
from alliancesim.report.wording import LENS
from alliancesim.results.folder import appearing

PAGE = "report.html"
PICTURE = "waterfall"


def write_explanation(
    found: Explanation,
    folder: Path,
    words: Sequence[str],
    mechanisms: pd.DataFrame | None = None,
) -> None:
    """Write an explanation to a new folder, whole or not at all.

    Args:
        found: the explanation.
        folder: where to: tables as CSV, ``manifest.json``, ``waterfall.png``, ``waterfall.svg`` and
            ``report.html``.
        words: of the command that asks for it.
        mechanisms: if asked for, as from
            :func:`alliancesim.attribution.mechanisms.mechanism_shares`.

    Raises:
        InputError: if the folder is taken or cannot be written.
    """
    made = tables(found) | ({} if mechanisms is None else {"mechanisms": mechanisms})
    about = manifest(found, made)
    picture = _picture(found, made["shares"])
    page = template("explanation.html.j2").render(
        manifest=about,
        scenario=found.scenario,
        subject=wording.subject(found),
        period=found.period,
        picture=picture,
        sentences=wording.sentences(found),
        basis=wording.basis(found),
        rows=made["shares"].to_dict("records"),
        causes=_acts(found),
        mechanisms=[] if mechanisms is None else mechanisms.to_dict("records"),
        command=shlex.join(words),
        versions=record.versions(about),
        digests=record.digests(about),
        lens=LENS,
    )
    with appearing(folder) as into:
        write_into(made, about, into)
        (into / f"{PICTURE}.svg").write_text(f"{picture.wide}\n", "utf-8")
        (into / f"{PICTURE}.png").write_bytes(picture.png() if picture.png else b"")
        (into / PAGE).write_text(page, "utf-8")


def _acts(found: Explanation) -> list[tuple[str, list[tuple[str, str]]]]:
    """Return title of each cause and the dates and names of its events, by date."""
    events = found.scenario.events
    return [
        (cause.title, sorted({(events[label].date, events[label].what) for label in cause.events}))
        for cause in found.causes
    ]


def _picture(found: Explanation, table: pd.DataFrame) -> pictures.Picture:
    """Return the waterfall with the words around it."""
    what = wording.subject(found)
    steps = "; ".join(
        f"{row['title']} {signed(row['estimate'])} ({signed(row['low'])} to {signed(row['high'])})"
        for row in table.to_dict("records")
        if row["kind"] == CAUSE
    )
    caption = Caption(
        f"What changed {what}, {found.period.first} to {found.period.last}",
        "Each bar is the share of one cause and begins where the one above ends; blue to the right"
        " raises, hatched orange to the left lowers. Thin lines: middle 90 % of each share."
        " Diamond: the whole change.",
        f"Waterfall chart. {steps}.",
    )
    axis = f"change of {'the ' if found.asked.is_effect else ''}{what}"
    draw = functools.partial(waterfall_chart, table, axis)
    return pictures.picture(1, PICTURE, caption, draw, {"data": table})
