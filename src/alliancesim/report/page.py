"""One self-contained HTML page from a folder of results."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import jinja2
import pandas as pd

from alliancesim.arrays import VARIABLES
from alliancesim.figures import marks
from alliancesim.measures.verdict import WORDS
from alliancesim.report import assumptions, numbers, observations, pictures, record, wording
from alliancesim.results.folder import replace_file
from alliancesim.results.result import Result, read, read_manifest
from alliancesim.scenario.problems import InputError, Problem

FILE = "report.html"


def write_report(folder: Path, *, target: Path | None = None) -> Path:
    """Write a report on a folder of results.

    Args:
        folder: results of one scenario, or of a comparison.
        target: the file to write; by default ``report.html`` in the folder.

    Returns:
        The file written.

    Raises:
        InputError: if the folder holds no readable results, or the file cannot be written.
    """
    manifest = read_manifest(folder)
    kind = manifest.get("kind")
    if kind == "run":
        result = read(folder)
        page = run_page(replace(result, trajectories=result.quantiles()), folder)
    elif kind == "compare":
        page = compare_page(manifest, folder)
    else:
        expected = "results of run or compare"
        raise InputError([Problem(str(folder), "kind", str(kind), expected)])
    path = folder / FILE if target is None else target
    try:
        replace_file(path, page)
    except OSError as error:
        why = f"a place that can be written to ({error.strerror})"
        raise InputError([Problem("--out", "", str(path), why)]) from None
    return path


def run_page(result: Result, folder: Path) -> str:
    """Return the page on one scenario's results.

    Args:
        result: results of one scenario.
        folder: where they are kept, for the command that verifies them.
    """
    manifest = result.manifest
    scenario = manifest["scenario"]
    played = wording.is_played(scenario)
    names = wording.names_of(result)
    given = assumptions.groups(result, names)
    usual = assumptions.defaults(result)
    weights = assumptions.weights(result)
    seen = observations.observations(result)
    return _template("run.html.j2").render(
        _common(manifest, folder),
        scenario=scenario,
        verdict=result.verdict,
        played=played,
        names=names,
        sentence=wording.verdict_sentence(result.verdict, played=played),
        twin=wording.twin_sentence(result.verdict),
        reasons=wording.reason_sentences(result.reasons, names) if played else [],
        robustness=wording.robustness_sentences(result.robustness) if played else [],
        pictures=pictures.pictures(result),
        events=marks.event_marks(result),
        observations=seen,
        fit=observations.fit_sentence(seen),
        groups=given,
        basis=wording.basis_sentence(assumptions.counts(given), sum(row.used for row in usual)),
        defaults=usual,
        weights=weights,
        changed=wording.coefficient_sentence(manifest["coefficients"]),
        off=assumptions.switched_off(result),
        variables=VARIABLES,
        terms=_terms(result, weights),
    )


def compare_page(manifest: dict[str, Any], folder: Path) -> str:
    """Return the page on a comparison.

    Args:
        manifest: of the comparison.
        folder: where its table and the results of each scenario are kept.

    Raises:
        InputError: if they cannot be read.
    """
    path = folder / "comparison.parquet"
    try:
        table = pd.read_parquet(path)
    except (OSError, ValueError) as error:
        raise InputError([Problem(str(path), "", "", f"a readable table ({error})")]) from None
    results = [read(folder / "scenarios" / str(name)) for name in manifest["scenarios"]]
    margins = sorted({result.verdict.margin for result in results})
    shown = results[0].verdict.margin
    return _template("compare.html.j2").render(
        _common(manifest, folder, [result.manifest for result in results]),
        scenarios=[result.manifest["scenario"] for result in results],
        margins=margins,
        picture=pictures.comparison_picture(table, shown),
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
        "lens": wording.LENS,
        "shares": wording.SHARES,
        "words": WORDS,
    }


def _terms(result: Result, weights: list[assumptions.Weight]) -> list[assumptions.Weight]:
    """Return the mechanisms of a decision to cooperate, for the reader of the reasons."""
    named = set(result.reasons["mechanism"])
    return [row for row in weights if row.equation == "cooperation" and row.name in named]


def _template(name: str) -> jinja2.Template:
    """Return a template; every text put into it is escaped."""
    environment = jinja2.Environment(
        loader=jinja2.PackageLoader("alliancesim.report"),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        finalize=_unbroken,
    )
    environment.filters |= {
        "percent": numbers.percent,
        "percent_interval": numbers.percent_interval,
        "signed": numbers.signed,
        "level": numbers.level,
        "ends": numbers.ends,
        "brief": numbers.brief,
    }
    return environment.get_template(name)


def _unbroken(value: Any) -> Any:
    """Return a text in which no line ends between a number and its per cent sign."""
    return value.replace(" %", "\u00a0%") if type(value) is str else value
