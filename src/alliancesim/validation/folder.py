"""A hindcast on disk: a manifest and four tables, whole or not at all.

No page is made here: report.hindcast_results reads the folder anew.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pandas as pd

from alliancesim.calibration.reading import LoadedCalibration
from alliancesim.results.folder import appearing, write_json
from alliancesim.results.result import table_digest
from alliancesim.results.tables import table_text, without_guards
from alliancesim.scenario.problems import InputError, Problem
from alliancesim.study import heading
from alliancesim.validation.hindcasting import FORECASTERS, Hindcast
from alliancesim.validation.splits import Split
from alliancesim.validation.words import headline, told

KIND = "hindcast"
"""The kind of results, in the manifest."""

_EXACT = "%.9g"
"""How numbers are written: to nine digits, far below their uncertainty."""


def summary(found: Hindcast) -> dict[str, Any]:
    """Return what was found, in words and as plain data."""
    return {"headline": headline(found), "words": told(found)}


def write(
    found: Hindcast, loaded: LoadedCalibration, settings: list[str], folder: Path
) -> dict[str, Any]:
    """Write a hindcast to a new folder and return its manifest.

    Args:
        found: forecasts and scores.
        loaded: the calibration that was fitted.
        settings: ``key=value`` texts, kept for the record.
        folder: where to; it appears whole or not at all.

    Raises:
        InputError: if the folder is taken or cannot be written to.
    """
    manifest = {
        **heading(KIND, loaded.name),
        "files": [loaded.file.name, *(path.name for path in loaded.base.files)],
        "options": {"set": settings},
        "forecasters": dict(FORECASTERS),
        "splits": [_split(split) for split in found.splits],
        **summary(found),
        "digest": {name: table_digest(table) for name, table in found.tables.items()},
        "calibration": loaded.calibration.model_dump(mode="json"),
        "scenario": loaded.base.scenario.model_dump(mode="json"),
    }
    with appearing(folder) as made:
        for name, table in found.tables.items():
            (made / f"{name}.csv").write_text(table_text(table, _EXACT), "utf-8")
        write_json(made / "manifest.json", manifest)
    return manifest


def _split(split: Split) -> dict[str, Any]:
    """Return what a split is, as plain data."""
    return {
        "name": split.name,
        "title": split.title,
        "fitted": int(split.fitted.sum()),
        "judged": int(split.judged.sum()),
        "in_sample": split.in_sample,
        "without": list(split.without),
    }


def read_scores(folder: Path) -> tuple[dict[str, Any], pd.DataFrame]:
    """Return the manifest and the scores of a hindcast.

    Raises:
        InputError: if the folder holds none that can be read.
    """
    path = folder / "manifest.json"
    try:
        manifest = json.loads(path.read_text("utf-8"))
        scores = without_guards(pd.read_csv(folder / "scores.csv"))
    except (OSError, ValueError) as error:
        expected = f"the results of alliancesim validate ({error})"
        raise InputError([Problem(str(folder), "", "", expected)]) from None
    if not isinstance(manifest, dict) or manifest.get("kind") != KIND:
        raise InputError([Problem(str(path), "kind", "another one", f"{KIND!r}")])
    return manifest, scores
