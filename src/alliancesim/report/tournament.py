"""A tournament of theories as a folder: tables, manifest, pictures and page.

Neither winner nor sentence is found here: contest and tournament_wording have them.
"""

from __future__ import annotations

import functools
import shlex
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pandas as pd

from alliancesim.figures.comparing import comparison_chart
from alliancesim.figures.hindcast_names import quantity_name
from alliancesim.figures.tournament import episodes_chart, scoreboard_chart
from alliancesim.figures.words import signed
from alliancesim.language import text
from alliancesim.report import captions, record
from alliancesim.report import tournament_wording as wording
from alliancesim.report.captions import Caption
from alliancesim.report.files import write_study
from alliancesim.report.numbers import level
from alliancesim.report.pictures import Picture, picture
from alliancesim.report.templating import template
from alliancesim.report.wording import LENS
from alliancesim.tournament.contest import BASES
from alliancesim.tournament.foreseen import FITTED, GIVEN
from alliancesim.tournament.playing import Tournament
from alliancesim.tournament.tables import manifest
from alliancesim.validation.splits import FORECAST, IN_SAMPLE, LEFT_OUT
from alliancesim.validation.tables import NO_CHANGE
from alliancesim.validation.theories import NONE

_HEATS = {BASES[LEFT_OUT]: "left-out", BASES[FORECAST]: "forecast", BASES[IN_SAMPLE]: "in-sample"}
"""Names of the heat maps, by basis."""

Tables = Mapping[str, pd.DataFrame]


def write_tournament(
    found: Tournament, folder: Path, words: Sequence[str]
) -> tuple[dict[str, Any], Tables]:
    """Write a tournament to a new folder, whole or not at all.

    Args:
        found: the tournament.
        folder: where to: tables as CSV, ``manifest.json``, ``report.html`` and its figures, each as
            PNG and SVG.
        words: of the command that asks for it.

    Returns:
        Manifest and tables.

    Raises:
        InputError: if the folder is taken or cannot be written.
    """
    about = manifest(found, words)
    drawn = pictures(about, found.tables)
    page = tournament_page(about, found.tables, drawn)
    write_study(folder, found.tables, about, drawn, page)
    return about, found.tables


def pictures(about: Mapping[str, Any], made: Tables) -> dict[str, Picture]:
    """Return the figures by name, numbered in their order.

    Args:
        about: the manifest.
        made: tables by name.
    """
    parts = {**_of_scenario(about, made), **_of_record(about, made)}
    return {
        name: picture(number, name, caption, draw, {"data": data})
        for number, (name, (caption, draw, data)) in enumerate(parts.items(), start=1)
    }


def _of_scenario(about: Mapping[str, Any], made: Tables) -> dict[str, Any]:
    """Return the figures of effects, one for each basis."""
    if "scenario" not in made:
        return {}
    called, margin = wording.titles(made), about["margin"]
    found = {}
    for basis, name in ((GIVEN, "scenario"), (FITTED, "scenario-fitted")):
        rows = made["scenario"]
        rows = rows[rows["basis"] == basis]
        if len(rows):
            table = rows.assign(name=rows["theory"], title=rows["theory"].map(called))
            caption = captions.comparison(table, margin)
            lead = wording.lead(about, basis)
            caption = caption._replace(title=text("Effect of the wedge under each theory"))
            caption = caption._replace(text=f"{lead}. {caption.text}")
            found[name] = (caption, functools.partial(comparison_chart, table, margin), table)
    return found


def _of_record(about: Mapping[str, Any], made: Tables) -> dict[str, Any]:
    """Return a heat map for each basis, and the scoreboard."""
    if "episodes" not in made:
        return {}
    called = wording.titles(made)
    found = {}
    for basis, name in _HEATS.items():
        rows = made["episodes"][made["episodes"]["basis"] == basis]
        if len(rows):
            draw = functools.partial(episodes_chart, rows, wording.kinds(), NONE.name, called)
            found[name] = (_heat_caption(about, made, basis), draw, rows)
    basis = next(basis for basis in _HEATS if basis in set(made["scoreboard"]["basis"]))
    board = made["scoreboard"]
    board = board[(board["basis"] == basis) & board["what"].isin(list(wording.KINDS))]
    caption = Caption(
        text("All episodes together, {basis}").format(basis=wording.basis_title(about, basis)),
        text(
            "Dots: mean CRPS, less is better, with its 95 % interval over calendar years; hollow"
            " where a forecaster is not ranked. Dashed: no change, the last known level."
        ),
        f"{text('Dot plot.')} {' '.join(wording.overall(made, basis))}",
    )
    draw = functools.partial(scoreboard_chart, board, wording.kinds(), NO_CHANGE, called)
    # On the page what is in sample comes last.
    last = {name: found.pop(name) for name in ["in-sample"] if name in found}
    return {**found, "scoreboard": (caption, draw, board), **last}


def _heat_caption(about: Mapping[str, Any], made: Tables, basis: str) -> Caption:
    """Return the words around a heat map."""
    return Caption(
        text("Theories and episodes, {basis}").format(basis=wording.basis_title(about, basis)),
        text(
            "Numbers: mean CRPS, the absolute error of a whole distribution, less is better. Blue:"
            " better than without any theory, orange: worse. Solid frame: ahead of every rival"
            " beyond noise; dashed frame: best, but rivals with a dot are level with it within"
            " noise. Below the line: not ranked."
        ),
        f"{text('Heat map.')} {' '.join(wording.by_episode(made, basis))}",
    )


def tournament_page(about: Mapping[str, Any], made: Tables, drawn: Mapping[str, Picture]) -> str:
    """Return the page on a tournament.

    Args:
        about: the manifest.
        made: tables by name.
        drawn: its figures.
    """
    return template("tournament.html.j2").render(
        manifest=about,
        subject=_subject(about),
        question=_question(about),
        sentences=wording.sentences(about, made),
        cautions=wording.cautions(about),
        pictures=drawn,
        theories=made["theories"].to_dict("records"),
        called=wording.titles(made),
        effects=_effects(about, made),
        winners=wording.winners(about, made),
        changes=_changes(made),
        boards=_boards(about, made),
        level=level,
        signed=signed,
        command=shlex.join(about["command"]),
        versions=record.versions(dict(about)),
        digests=record.digests(dict(about)),
        lens=text(LENS),
    )


def _subject(about: Mapping[str, Any]) -> str:
    """Return what the page is on, as its title."""
    if "scenario" in about:
        return text(str(about["scenario"]["title"]))
    return text(str(about["record"]["scenario"]["title"]))


def _question(about: Mapping[str, Any]) -> str:
    """Return the question in words."""
    if "record" not in about:
        return text("What does each theory foresee of this wedge?")
    if "scenario" not in about:
        return text("Which theory explains which episode of the record?")
    return text(
        "What does each theory foresee of this wedge, and which theory explains which episode of"
        " the record?"
    )


def _effects(about: Mapping[str, Any], made: Tables) -> list[tuple[str, list[dict[Any, Any]]]]:
    """Return the effects on each basis, with its title."""
    if "scenario" not in made:
        return []
    return [
        (wording.lead(about, str(basis)), rows.to_dict("records"))
        for basis, rows in made["scenario"].groupby("basis", sort=False)
    ]


def _changes(made: Tables) -> list[tuple[str, list[dict[str, Any]]]]:
    """Return each quantity with its coded changes and what was foretold of them, left out."""
    if "predictions" not in made:
        return []
    table = made["predictions"]
    rows = table[(table["basis"] == BASES[LEFT_OUT]) & (table["since"] != "")]
    found = []
    for (variable, of, toward), same in rows.groupby(["variable", "of", "toward"], sort=False):
        told = [
            {
                "episode": str(episode),
                "observed": float(some["observed"].iloc[0]),
                "error": float(some["error"].iloc[0]),
                "foretold": dict(zip(some["theory"], some["mean"], strict=True)),
            }
            for episode, some in same.groupby("episode", sort=True)
        ]
        title = text("Change of {variable} {pair}").format(
            variable=text(str(variable)), pair=f"{of}-{toward}"
        )
        found.append((title, told))
    return found


def _boards(about: Mapping[str, Any], made: Tables) -> list[tuple[str, str, list[dict[Any, Any]]]]:
    """Return the scoreboards: basis, what is scored, and a row for each theory."""
    if "scoreboard" not in made:
        return []
    board, kinds = made["scoreboard"], wording.kinds()
    found = []
    for basis in _HEATS:
        rows = board[board["basis"] == basis]
        for what in (*wording.KINDS, *_cohesions(rows)):
            some = rows[rows["what"] == what].sort_values("crps", kind="stable")
            if len(some):
                title = kinds.get(what) or quantity_name(what)
                found.append((wording.basis_title(about, basis), title, some.to_dict("records")))
    return found


def _cohesions(rows: pd.DataFrame) -> list[str]:
    """Return the quantities of coded changes, each alone."""
    return [what for what in dict.fromkeys(rows["what"]) if what.startswith("change of ")]
