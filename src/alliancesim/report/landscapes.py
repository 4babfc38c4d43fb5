"""A landscape as a folder: tables, manifest, pictures and page.

No energy is worked out here; a run's page takes only the figure of paths, by landscape_section.
"""

from __future__ import annotations

import functools
import shlex
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pandas as pd

from alliancesim.figures.landscape import MOST_SHOWN, energies_chart, gap_chart
from alliancesim.landscape import tables
from alliancesim.landscape.survey import Survey
from alliancesim.language import message, text
from alliancesim.measures.spread import LEVEL
from alliancesim.report import landscape_wording as wording
from alliancesim.report import pictures, record
from alliancesim.report.captions import Caption
from alliancesim.report.files import write_study
from alliancesim.report.numbers import percent
from alliancesim.report.templating import template
from alliancesim.report.wording import LENS

MOST_ROWS = 16
"""Alignments that the page's table lists; the folder's has all."""

_QUANTITIES = {
    tables.GAP: message("gap"),
    tables.STRENGTH: message("balanced by strength"),
}


def write_landscape(found: Survey, folder: Path, words: Sequence[str]) -> dict[str, pd.DataFrame]:
    """Write a landscape to a new folder, whole or not at all.

    Args:
        found: the landscape.
        folder: where to: tables as CSV, ``manifest.json``, ``energies`` and ``gap`` as PNG and SVG,
            and ``report.html``; and ``posterior.csv``, where coefficients were drawn.
        words: of the command that asks for it.

    Returns:
        The tables by name.

    Raises:
        InputError: if the folder is taken or cannot be written.
    """
    made = tables.tables(found)
    about = {**tables.manifest(found, made), "command": list(words)}
    drawn = pictures_of(found, made)
    page = landscape_page(found, made, about, drawn)
    posterior = found.posed.target.posterior
    write_study(folder, made, about, drawn, page, posterior)
    return made


def landscape_page(
    found: Survey,
    made: Mapping[str, pd.DataFrame],
    about: dict[str, Any],
    drawn: Mapping[str, pictures.Picture],
) -> str:
    """Return the page on a landscape.

    Args:
        found: the answer.
        made: its tables by name.
        about: the manifest.
        drawn: its figures by name.
    """
    rows = wording.of_side(made["alignments"], tables.WORLD).to_dict("records")
    return template("landscape.html.j2").render(
        manifest=about,
        scenario=found.posed.target.scenario,
        month=about["options"]["month"],
        pictures=drawn,
        sentences=wording.sentences(found, made),
        basis=wording.basis(found),
        made_of=wording.made_of(found),
        rows=rows[:MOST_ROWS],
        number=len(rows),
        moves=made["moves"].to_dict("records"),
        weights=wording.of_side(made["weights"], tables.WORLD).to_dict("records"),
        names=wording.names(found),
        ranged=wording.with_range,
        played=found.is_played,
        command=shlex.join(about["command"]),
        versions=record.versions(about),
        digests=record.digests(about),
        lens=LENS,
    )


def pictures_of(found: Survey, made: Mapping[str, pd.DataFrame]) -> dict[str, pictures.Picture]:
    """Return the figures with the words around them."""
    energies, paths = made["alignments"], made["paths"]
    twin = found.is_played
    draw = functools.partial(energies_chart, energies, twin=twin)
    return {
        "energies": pictures.picture(
            1, "energies", _of_energies(found, energies), draw, {"data": energies}
        ),
        "gap": paths_picture(found, paths, 2, "gap"),
    }


def paths_picture(found: Survey, table: pd.DataFrame, number: int, name: str) -> pictures.Picture:
    """Return the figure of gap and balance of triads over time.

    Args:
        found: the landscape.
        table: as from :func:`alliancesim.landscape.tables.paths_table`.
        number: the figure's number on its page.
        name: by which it is known there.
    """
    follow = functools.partial(gap_chart, table, twin=found.is_played)
    return pictures.picture(number, name, _of_gap(found, table), follow, {"data": table})


def _of_energies(found: Survey, table: pd.DataFrame) -> Caption:
    """Return the words around the chart of energies."""
    rows = wording.of_side(table, tables.WORLD)
    shown = rows.head(MOST_SHOWN)
    listed = "; ".join(f"{r['camps']} {wording.with_range(r)}" for r in shown.to_dict("records"))
    which = (
        text("Every alignment of two camps.")
        if len(rows) == len(shown)
        else text("The {number} lowest alignments of two camps.").format(number=len(shown))
    )
    marks = text(
        "Dot: mean energy, line: middle {level} of runs; grey line at 0: one camp of all."
    ).format(level=percent(LEVEL))
    right = (
        text(
            "Hollow: the twin, without the wedge. Right: share of the world's runs in which an"
            " alignment lies lowest."
        )
        if found.is_played
        else text("Right: share of runs in which an alignment lies lowest.")
    )
    return Caption(
        text("The landscape in {date}").format(date=found.posed.world.date(found.posed.month)),
        f"{which} {marks} {right}",
        text("Dot chart. {listed}.").format(listed=listed),
    )


def _of_gap(found: Survey, table: pd.DataFrame) -> Caption:
    """Return the words around the chart of paths."""
    ends = []
    for side in tables.SIDES if found.is_played else (tables.WORLD,):
        for quantity, path in wording.of_side(table, side).groupby("quantity", sort=False):
            if quantity != tables.BALANCED:
                first, *_, last = path.to_dict("records")
                told = text("{what}, {side}: {first} in {start}, {last} in {end}").format(
                    what=text(_QUANTITIES[str(quantity)]),
                    side=text(side),
                    first=wording.with_range(first),
                    start=first["date"],
                    last=wording.with_range(last),
                    end=last["date"],
                )
                ends.append(told)
    triads = text("Below: share of balanced triads, by strength.")
    marks = text("Lines: means; bands: middle {level} of runs.").format(level=percent(LEVEL))
    above = text(
        "Energy of the best alignment that parts them less that of the best that holds them"
        " together: the higher, the firmer; below 0 the land would part them."
    )
    return Caption(
        text("How firmly {allies} stand together").format(allies=wording.allies(found)),
        " ".join([above, *([triads] if len(found.actors) > 2 else []), marks]),
        text("Line charts. {listed}.").format(listed="; ".join(ends)),
    )
