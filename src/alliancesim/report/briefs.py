"""A brief of two pages on any results: the answer, how sure that is, and what would change it.

No sentence and no judgement is made here: each kind has a module that does.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from alliancesim.attribution.account import read_account
from alliancesim.attribution.tables import KIND as EXPLANATION
from alliancesim.comparison import read_compared
from alliancesim.discovery.tables import KIND as DISCOVERY
from alliancesim.figures.words import plain
from alliancesim.game.again import again as solved_again
from alliancesim.game.tables import KIND as GAME
from alliancesim.game.tables import tables as game_tables
from alliancesim.landscape.again import again as surveyed_again
from alliancesim.landscape.tables import KIND as LANDSCAPE
from alliancesim.landscape.tables import tables as landscape_tables
from alliancesim.language import LANGUAGES, speaking
from alliancesim.recoding.tables import KIND as RECODE
from alliancesim.report import (
    brief_inquiries,
    brief_runs,
    brief_studies,
    calibrations,
    experiments,
    explanations,
    files,
    formats,
    games,
    hindcast,
    hindcast_results,
    landscapes,
    pictures,
    probability_words,
    record,
    sweeps,
    tipping,
)
from alliancesim.report.brief_layout import picture_height, terms_fit
from alliancesim.report.brief_parts import LONGEST, Brief
from alliancesim.report.pictures import Picture
from alliancesim.report.remade import Progress, made_again
from alliancesim.report.templating import template
from alliancesim.results.result import read_manifest
from alliancesim.scenario.problems import InputError, Problem
from alliancesim.sensitivity.tables import KIND as SENSITIVITY
from alliancesim.tipping.again import again as tipped_again
from alliancesim.tipping.tables import KIND as TIP
from alliancesim.tipping.tables import tables as tip_tables
from alliancesim.tournament.tables import KIND as TOURNAMENT

PICTURE = "brief"
MOST_PAGES = 2


def write_brief(
    folder: Path,
    *,
    target: Path | None = None,
    form: str = "pdf",
    language: str = LANGUAGES[0],
    progress: Progress | None = None,
) -> Path:
    """Write a brief on a folder of results.

    Args:
        folder: results of any command that leaves a folder and has an answer.
        target: the file to write; by default ``brief.pdf`` in the folder, or the like.
        form: one of :data:`alliancesim.report.formats.FORMATS`.
        language: one of :data:`alliancesim.language.LANGUAGES`.
        progress: told what is run again, and how far it is, where tables alone do not tell enough.

    Returns:
        The file written.

    Raises:
        InputError: if the folder holds no readable results, what makes the format is not installed,
            or the file cannot be written.
    """
    manifest = read_manifest(folder)
    path = folder / formats.file_name("brief", form, language) if target is None else target
    beside = files.figures_folder(path)
    formats.check_available(form)
    with speaking(language):
        brief = brief_of(folder, manifest, progress).short()
        drawn = {} if brief.picture is None else {PICTURE: brief.picture._replace(number=1)}
        if form in formats.WITH_FILES:
            drawn = files.linked(drawn, beside)
        content = formats.formatted(brief_page(brief, manifest, folder, drawn), form)
        if form in formats.WITH_FILES:
            files.write_figures(beside, drawn)
    formats.write(path, content)
    return path


def brief_of(folder: Path, manifest: dict[str, Any], progress: Progress | None = None) -> Brief:
    """Return the brief on results, in the present language.

    Args:
        folder: the results.
        manifest: theirs.
        progress: told what is run again, and how far it is.

    Raises:
        InputError: if there is no brief on that kind of results, or they cannot be read.
    """
    kind = str(manifest.get("kind"))
    if kind not in _BRIEFS:
        expected = f"results of one of the kinds {', '.join(_BRIEFS)}"
        raise InputError([Problem(str(folder), "kind", kind, expected)])
    made = _BRIEFS[kind](folder, manifest, progress or (lambda _doing, _done: None))
    return made._replace(changed=record.changes(manifest))


def brief_page(
    brief: Brief, manifest: dict[str, Any], folder: Path, drawn: Mapping[str, Picture]
) -> str:
    """Return the page of a brief.

    Args:
        brief: what it says.
        manifest: of the results.
        folder: where these lie.
        drawn: the figure, if there is one.
    """
    picture = drawn.get(PICTURE)
    height = picture_height(brief, picture)
    judged = any(judgement.words for judgement in brief.judgements)
    return template("brief.html.j2").render(
        brief=brief,
        manifest=manifest,
        picture=picture,
        height=height,
        terms=brief.terms if terms_fit(brief, picture, height) else [],
        scale=probability_words.scale_sentence() if judged else "",
        made=record.moment(str(manifest["created"])),
        sources=plain("; ".join(record.sources(manifest)), LONGEST),
        report=record.report_command(folder),
        digest=next(iter(dict(record.digests(manifest)).values()), ""),
    )


def _first(drawn: Mapping[str, Picture]) -> Picture | None:
    """Return the first figure, if there is any."""
    return next(iter(drawn.values()), None)


def _of_run(folder: Path, manifest: dict[str, Any], progress: Progress) -> Brief:
    return brief_runs.of_run(folder)


def _of_comparison(folder: Path, manifest: dict[str, Any], progress: Progress) -> Brief:
    table, results = read_compared(folder, manifest)
    picture = pictures.comparison_picture(table, results[0].verdict.margin)
    return brief_runs.of_comparison(table, results, picture)


def _of_account(folder: Path, manifest: dict[str, Any], progress: Progress) -> Brief:
    account = read_account(folder)
    return brief_studies.of_account(account, _first(explanations.pictures(account)))


def _of_game(folder: Path, manifest: dict[str, Any], progress: Progress) -> Brief:
    found, made = made_again(folder, manifest, solved_again, game_tables, progress)
    return brief_studies.of_game(found, manifest, games.pictures_of(found, made)[games.CHOICES])


def _of_landscape(folder: Path, manifest: dict[str, Any], progress: Progress) -> Brief:
    found, made = made_again(folder, manifest, surveyed_again, landscape_tables, progress)
    picture = _first(landscapes.pictures_of(found, made))
    return brief_studies.of_landscape(found, made, manifest, picture)


def _of_tipping(folder: Path, manifest: dict[str, Any], progress: Progress) -> Brief:
    found, made = made_again(folder, manifest, tipped_again, tip_tables, progress)
    return brief_studies.of_tipping(found, manifest, _first(tipping.pictures_of(found, made)))


def _of_sweep(folder: Path, manifest: dict[str, Any], progress: Progress) -> Brief:
    sweep = sweeps.read_sweep(folder, manifest)
    return brief_studies.of_sweep(sweep, _first(experiments.pictures(sweep)))


def _of_calibration(folder: Path, manifest: dict[str, Any], progress: Progress) -> Brief:
    found = calibrations.read_calibrated(folder, manifest)
    return brief_studies.of_calibration(found, _first(calibrations.pictures(found)))


def _of_hindcast(folder: Path, manifest: dict[str, Any], progress: Progress) -> Brief:
    found = hindcast_results.read_hindcast(folder, manifest)
    return brief_studies.of_hindcast(found, hindcast.summary(found))


_BRIEFS: Mapping[str, Callable[[Path, dict[str, Any], Progress], Brief]] = {
    "run": _of_run,
    "compare": _of_comparison,
    "experiment": _of_sweep,
    EXPLANATION: _of_account,
    GAME: _of_game,
    LANDSCAPE: _of_landscape,
    TIP: _of_tipping,
    "calibration": _of_calibration,
    "hindcast": _of_hindcast,
    SENSITIVITY: brief_inquiries.of_sensitivity,
    RECODE: brief_inquiries.of_recoding,
    DISCOVERY: brief_inquiries.of_discovery,
    TOURNAMENT: brief_inquiries.of_tournament,
}
