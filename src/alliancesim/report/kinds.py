"""Figures and page of results, by their kind: read from their tables, or made again.

Each kind says once how it is read or run again, drawn and told. Runs, comparisons and explanations
are not here: page writes theirs itself.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pandas as pd

from alliancesim.discovery.again import again as discovered_again
from alliancesim.discovery.tables import KIND as DISCOVERY
from alliancesim.discovery.tables import tables as discovery_tables
from alliancesim.game.again import again as solved_again
from alliancesim.game.tables import KIND as GAME
from alliancesim.game.tables import tables as game_tables
from alliancesim.landscape.again import again as surveyed_again
from alliancesim.landscape.tables import KIND as LANDSCAPE
from alliancesim.landscape.tables import tables as landscape_tables
from alliancesim.recoding.tables import KIND as RECODE
from alliancesim.recoding.tables import read_tables as read_recoded
from alliancesim.report import (
    calibrations,
    discoveries,
    discovery_pictures,
    experiments,
    files,
    games,
    hindcast,
    hindcast_results,
    landscapes,
    recodings,
    sensitivity,
    sweeps,
    tipping,
    tournament,
)
from alliancesim.report.pictures import Picture
from alliancesim.report.remade import Found, Progress, made_again
from alliancesim.scenario.problems import InputError, Problem
from alliancesim.sensitivity.tables import KIND as SENSITIVITY
from alliancesim.tipping.again import again as tipped_again
from alliancesim.tipping.tables import KIND as TIP
from alliancesim.tipping.tables import tables as tip_tables
from alliancesim.tournament.tables import KIND as TOURNAMENT
from alliancesim.tournament.tables import read_tables as read_tournament

Drawn = tuple[Mapping[str, Picture], str]
"""The figures, with links to the files that they will have, and the page."""

Page = Callable[[Path, dict[str, Any], Path, Progress], Drawn]
"""Makes them of a folder, its manifest and where the files will be; told how far it is."""


def drawn_page(
    folder: Path, manifest: dict[str, Any], beside: Path, progress: Progress | None
) -> Drawn:
    """Return the figures and the page on results.

    Args:
        folder: the results.
        manifest: theirs.
        beside: where the figures' files will be, beside the page.
        progress: told what is run again, and how far it is.

    Raises:
        InputError: if the kind of results is not known, they cannot be read, or they come out
            otherwise now.
    """
    kind = str(manifest.get("kind"))
    if kind not in _PAGES:
        expected = "results of a command of this version"
        raise InputError([Problem(str(folder), "kind", kind, expected)])
    return _PAGES[kind](folder, manifest, beside, progress or (lambda _doing, _done: None))


def _read(
    read: Callable[[Path, dict[str, Any]], Found],
    pictures: Callable[[Found], Mapping[str, Picture]],
    page: Callable[[Found, Mapping[str, Picture]], str],
) -> Page:
    """Return what makes the page of a kind from its tables alone."""

    def drawn_page(
        folder: Path, manifest: dict[str, Any], beside: Path, _progress: Progress
    ) -> Drawn:
        found = read(folder, manifest)
        drawn = files.linked(pictures(found), beside)
        return drawn, page(found, drawn)

    return drawn_page


def _told(
    read: Callable[[Path, dict[str, Any]], dict[str, pd.DataFrame]],
    pictures: Callable[[dict[str, Any], dict[str, pd.DataFrame]], Mapping[str, Picture]],
    page: Callable[[dict[str, Any], dict[str, pd.DataFrame], Mapping[str, Picture]], str],
) -> Page:
    """Return what makes the page of a kind from its tables and its manifest."""

    def drawn_page(
        folder: Path, manifest: dict[str, Any], beside: Path, _progress: Progress
    ) -> Drawn:
        made = read(folder, manifest)
        drawn = files.linked(pictures(manifest, made), beside)
        return drawn, page(manifest, made, drawn)

    return drawn_page


def _again(
    again: Callable[[Path, dict[str, Any], Progress], Found],
    tables: Callable[[Found], dict[str, pd.DataFrame]],
    pictures: Callable[[Found, dict[str, pd.DataFrame]], Mapping[str, Picture]],
    page: Callable[[Found, dict[str, pd.DataFrame], dict[str, Any], Mapping[str, Picture]], str],
) -> Page:
    """Return what makes the page of a kind that is run again for it."""

    def drawn_page(
        folder: Path, manifest: dict[str, Any], beside: Path, progress: Progress
    ) -> Drawn:
        found, made = made_again(folder, manifest, again, tables, progress)
        drawn = files.linked(pictures(found, made), beside)
        return drawn, page(found, made, manifest, drawn)

    return drawn_page


_PAGES: Mapping[str, Page] = {
    "experiment": _read(sweeps.read_sweep, experiments.pictures, experiments.experiment_page),
    "calibration": _read(
        calibrations.read_calibrated, calibrations.pictures, calibrations.calibration_page
    ),
    "hindcast": _read(hindcast_results.read_hindcast, hindcast.pictures, hindcast.hindcast_page),
    SENSITIVITY: _read(
        sensitivity.read_sensitivity, sensitivity.pictures, sensitivity.sensitivity_page
    ),
    RECODE: _told(read_recoded, recodings.drawn_of, recodings.recoding_page),
    TOURNAMENT: _told(read_tournament, tournament.pictures, tournament.tournament_page),
    DISCOVERY: _again(
        discovered_again, discovery_tables, discovery_pictures.pictures, discoveries.discovery_page
    ),
    GAME: _again(solved_again, game_tables, games.pictures_of, games.game_page),
    LANDSCAPE: _again(
        surveyed_again, landscape_tables, landscapes.pictures_of, landscapes.landscape_page
    ),
    TIP: _again(tipped_again, tip_tables, tipping.pictures_of, tipping.tipping_page),
}
