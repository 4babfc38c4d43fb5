"""One self-contained HTML page from a folder of results.

Results of other kinds than runs, comparisons and explanations are not here, but in kinds.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pandas as pd

from alliancesim.arrays import VARIABLES
from alliancesim.attribution.account import FOLDER, Account, read_account
from alliancesim.attribution.tables import KIND
from alliancesim.comparison import read_compared
from alliancesim.figures import marks
from alliancesim.language import LANGUAGES, speaking, text
from alliancesim.measures.verdict import WORDS
from alliancesim.report import (
    assumptions,
    basis_wording,
    explanations,
    files,
    formats,
    kinds,
    landscape_section,
    observations,
    pictures,
    reason_wording,
    record,
    spread,
    wording,
)
from alliancesim.report.remade import Progress
from alliancesim.report.templating import template
from alliancesim.results.result import Result, read, read_manifest


def write_report(
    folder: Path,
    *,
    target: Path | None = None,
    form: str = "html",
    language: str = LANGUAGES[0],
    progress: Progress | None = None,
) -> Path:
    """Write a report on a folder of results, and its figures as files in a folder beside it.

    Args:
        folder: results of any command that leaves a folder.
        target: the file to write; by default ``report.html`` in the folder, or the like in another
            format and language.
        form: one of :data:`alliancesim.report.formats.FORMATS`; a PDF has its figures within.
        language: one of :data:`alliancesim.language.LANGUAGES`.
        progress: told what is run again, and how far it is, where the folder's tables alone do not
            make the page.

    Returns:
        The file written.

    Raises:
        InputError: if the folder holds no readable results, what makes the format is not installed,
            or the file cannot be written.
    """
    manifest = read_manifest(folder)
    path = folder / formats.file_name("report", form, language) if target is None else target
    beside = files.figures_folder(path)
    formats.check_available(form)
    with speaking(language):
        drawn, page = _drawn_page(folder, manifest, beside, progress)
        content = formats.formatted(page, form)
        if form in formats.WITH_FILES:
            files.write_figures(beside, drawn)
    formats.write(path, content)
    return path


def _drawn_page(
    folder: Path, manifest: dict[str, Any], beside: Path, progress: Progress | None
) -> tuple[Mapping[str, pictures.Picture], str]:
    """Return the figures and the page on results, according to their kind."""
    kind = manifest.get("kind")
    if kind == "run":
        result = read(folder)
        result = replace(result, trajectories=result.quantiles())
        account = read_account(folder / FOLDER) if "causes" in manifest else None
        land = landscape_section.beside(result)
        drawn = files.linked(_run_pictures(result, account, land), beside)
        return drawn, run_page(result, folder, drawn, account, land)
    if kind == KIND:
        account = read_account(folder)
        drawn = files.linked(explanations.pictures(account), beside)
        return drawn, explanations.explanation_page(account, folder, drawn)
    if kind == "compare":
        compared = read_compared(folder, manifest)
        drawn = files.linked(_comparison_picture(*compared), beside)
        return drawn, _compare_page(manifest, folder, *compared, drawn)
    return kinds.drawn_page(folder, manifest, beside, progress)


def _run_pictures(
    result: Result, account: Account | None, land: landscape_section.Beside
) -> dict[str, pictures.Picture]:
    """Return the figures of a run in their order.

    That of its causes comes before the reasons, that of its landscape before opinions.
    """
    drawn = pictures.pictures(result)
    ordered = list(drawn.items())
    names = list(drawn)
    before = names.index("opinion") if "opinion" in drawn else len(names)
    ordered[before:before] = landscape_section.pictures(land).items()
    if account is not None:
        before = names.index("distribution" if "distribution" in drawn else "cohesion") + 1
        ordered[before:before] = explanations.pictures(account).items()
    return {name: one._replace(number=number) for number, (name, one) in enumerate(ordered, 1)}


def run_page(
    result: Result,
    folder: Path,
    drawn: Mapping[str, pictures.Picture] | None = None,
    account: Account | None = None,
    land: landscape_section.Beside | None = None,
) -> str:
    """Return the page on one scenario's results.

    Args:
        result: results of one scenario.
        folder: where they are kept, for the command that verifies them.
        drawn: its figures, if they are drawn already.
        account: what caused the change, if that was asked.
        land: the landscape of alignments, if it is made already.
    """
    land = landscape_section.beside(result) if land is None else land
    drawn = _run_pictures(result, account, land) if drawn is None else drawn
    manifest = result.manifest
    scenario = manifest["scenario"]
    played = wording.is_played(scenario)
    names = wording.names_of(result)
    given = assumptions.groups(result, names)
    usual = assumptions.defaults(result)
    weights = assumptions.weights(result)
    seen = observations.observations(result)
    return template("run.html.j2").render(
        _common(manifest, folder),
        scenario=scenario,
        verdict=result.verdict,
        advice=wording.advice(result.verdict),
        played=played,
        names=names,
        sentence=wording.verdict_sentence(result.verdict, played=played),
        twin=wording.twin_sentence(result.verdict),
        spread=spread.spread_rows(result),
        uncertainty=wording.uncertainty_sentences(result.verdict) if played else [],
        reasons=reason_wording.reason_sentences(result.reasons, names) if played else [],
        robustness=wording.robustness_told(result) if played else [],
        explained=account and explanations.section(account, drawn[explanations.PICTURE]),
        landscape=landscape_section.section(land, folder),
        pictures=drawn,
        events=marks.event_marks(result),
        observations=seen,
        numbers_seen=[item for item in seen if item.observed],
        fit=observations.fit_sentence(seen),
        groups=given,
        basis=basis_wording.basis_sentence(
            assumptions.counts(given), sum(row.used for row in usual)
        ),
        defaults=usual,
        weights=weights,
        changed=basis_wording.coefficient_sentence(manifest),
        off=assumptions.switched_off(result),
        posterior=record.posterior(manifest),
        variables=VARIABLES,
        terms=_terms(result, weights),
    )


def _comparison_picture(
    table: pd.DataFrame, results: Sequence[Result]
) -> dict[str, pictures.Picture]:
    """Return the figure of a comparison, with the margin of its first scenario."""
    return {"comparison": pictures.comparison_picture(table, results[0].verdict.margin)}


def _compare_page(
    manifest: dict[str, Any],
    folder: Path,
    table: pd.DataFrame,
    results: Sequence[Result],
    drawn: Mapping[str, pictures.Picture],
) -> str:
    """Return the page on a comparison.

    Args:
        manifest: of the comparison.
        folder: where its table and the results of each scenario are kept.
        table: the comparison.
        results: of each scenario.
        drawn: the figure.
    """
    return template("compare.html.j2").render(
        _common(manifest, folder, [result.manifest for result in results]),
        scenarios=[result.manifest["scenario"] for result in results],
        margins=sorted({result.verdict.margin for result in results}),
        picture=drawn["comparison"],
        rows=list(zip(table.to_dict("records"), results, strict=True)),
        says=wording.verdict_sentence,
        is_played=wording.is_played,
    )


def _common(
    manifest: dict[str, Any], folder: Path, members: Sequence[dict[str, Any]] = ()
) -> dict[str, Any]:
    """Return what every page says."""
    return {
        "manifest": manifest,
        "command": record.command(manifest, members),
        "verify": record.verify_command(folder),
        "versions": record.versions(manifest),
        "digests": record.digests(manifest),
        "lens": text(wording.LENS),
        "shares": wording.shares_sentence(manifest),
        "words": WORDS,
    }


def _terms(result: Result, weights: list[assumptions.Weight]) -> list[assumptions.Weight]:
    """Return the mechanisms of a decision to cooperate, for the reader of the reasons."""
    named = set(result.reasons["mechanism"])
    return [row for row in weights if row.equation == "cooperation" and row.name in named]
