"""Figures and page of results, by their kind: read from their tables, or made again.

A kind whose page rests on its tables alone is in ``_READ``, any other in ``_AGAIN``.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from alliancesim.discovery.tables import KIND as DISCOVERY
from alliancesim.game.tables import KIND as GAME
from alliancesim.landscape.tables import KIND as LANDSCAPE
from alliancesim.recoding.tables import KIND as RECODE
from alliancesim.recoding.tables import read_tables as read_recoded
from alliancesim.report import (
    calibrations,
    discoveries,
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
from alliancesim.report.remade import Progress, Remade, check_same
from alliancesim.results.manifest import check_whole
from alliancesim.scenario.problems import InputError, Problem
from alliancesim.sensitivity.tables import KIND as SENSITIVITY
from alliancesim.tipping.tables import KIND as TIP
from alliancesim.tournament.tables import KIND as TOURNAMENT
from alliancesim.tournament.tables import read_tables as read_tournament

Drawn = tuple[Mapping[str, Picture], str]
"""The figures, with links to the files that they will have, and the page."""


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
    if kind in _READ:
        return _READ[kind](folder, manifest, beside)
    if kind not in _AGAIN:
        expected = "results of a command of this version"
        raise InputError([Problem(str(folder), "kind", kind, expected)])
    check_whole(folder, manifest)
    try:
        found = _AGAIN[kind](folder, manifest, progress or (lambda _doing, _done: None))
    except KeyError as error:
        path = str(folder / "manifest.json")
        raise InputError([Problem(path, str(error.args[0]), "", "to be there")]) from None
    check_same(folder, manifest, found.tables)
    drawn = files.linked(found.pictures(), beside)
    return drawn, found.page(manifest, drawn)


def _of_experiment(folder: Path, manifest: dict[str, Any], beside: Path) -> Drawn:
    sweep = sweeps.read_sweep(folder, manifest)
    drawn = files.linked(experiments.pictures(sweep), beside)
    return drawn, experiments.experiment_page(sweep, drawn)


def _of_calibration(folder: Path, manifest: dict[str, Any], beside: Path) -> Drawn:
    calibrated = calibrations.read_calibrated(folder, manifest)
    drawn = files.linked(calibrations.pictures(calibrated), beside)
    return drawn, calibrations.calibration_page(calibrated, drawn)


def _of_hindcast(folder: Path, manifest: dict[str, Any], beside: Path) -> Drawn:
    found = hindcast_results.read_hindcast(folder, manifest)
    drawn = files.linked(hindcast.pictures(found), beside)
    return drawn, hindcast.hindcast_page(found, drawn)


def _of_recodings(folder: Path, manifest: dict[str, Any], beside: Path) -> Drawn:
    made = read_recoded(folder, manifest)
    drawn = files.linked(recodings.drawn_of(manifest, made), beside)
    return drawn, recodings.recoding_page(manifest, made, drawn)


def _of_sensitivity(folder: Path, manifest: dict[str, Any], beside: Path) -> Drawn:
    told = sensitivity.read_sensitivity(folder, manifest)
    drawn = files.linked(sensitivity.pictures(told), beside)
    return drawn, sensitivity.sensitivity_page(told, drawn)


def _of_tournament(folder: Path, manifest: dict[str, Any], beside: Path) -> Drawn:
    made = read_tournament(folder, manifest)
    drawn = files.linked(tournament.pictures(manifest, made), beside)
    return drawn, tournament.tournament_page(manifest, made, drawn)


_READ: Mapping[str, Callable[[Path, dict[str, Any], Path], Drawn]] = {
    "experiment": _of_experiment,
    "calibration": _of_calibration,
    "hindcast": _of_hindcast,
    RECODE: _of_recodings,
    SENSITIVITY: _of_sensitivity,
    TOURNAMENT: _of_tournament,
}

_AGAIN: Mapping[str, Callable[[Path, dict[str, Any], Progress], Remade]] = {
    DISCOVERY: discoveries.remade,
    GAME: games.remade,
    LANDSCAPE: landscapes.remade,
    TIP: tipping.remade,
}
