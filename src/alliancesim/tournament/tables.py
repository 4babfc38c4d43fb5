"""What a tournament's manifest says of it, and the tables that its folder holds.

No table is made here, which playing does, and the folder is not written here but by
report.tournament.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pandas as pd

from alliancesim.coefficients import REGISTER
from alliancesim.results.manifest import posterior_data
from alliancesim.results.result import table_digest
from alliancesim.results.tables import without_guards
from alliancesim.scenario.problems import InputError, Problem
from alliancesim.study import heading
from alliancesim.tournament.entries import is_rival
from alliancesim.tournament.playing import Tournament

KIND = "tournament"

_MADE = ("theories", "scenario", "episodes", "scoreboard", "predictions", "coefficients")


def manifest(found: Tournament, words: Sequence[str]) -> dict[str, Any]:
    """Return what was asked, of what, with which program, and digests of the tables.

    Args:
        found: the tournament.
        words: of the command that asks for it.
    """
    asked, scenario, record = found.asked, found.scenario, found.record
    names = [one.name for one in (scenario, record) if one is not None]
    about: dict[str, Any] = {
        **heading(KIND, " · ".join(names)),
        "command": list(words),
        "options": {"runs": asked.runs, "seed": asked.seed, "steps": asked.steps},
        "theories": [theory.name for theory in found.theories],
        "rivals": [theory.name for theory in found.theories if is_rival(theory)],
        "held_by_none": held_by_none(found),
        **posterior_data(asked.posterior),
        "digest": {name: table_digest(table) for name, table in found.tables.items()},
    }
    if scenario is not None:
        about["margin"] = scenario.scenario.outcome.margin.value
        about["scenario"] = scenario.scenario.model_dump(mode="json")
    if record is not None:
        about["record"] = {
            "name": record.name,
            "calibration": record.calibration.model_dump(mode="json"),
            "scenario": record.base.scenario.model_dump(mode="json"),
        }
    return about


def held_by_none(found: Tournament) -> list[str]:
    """Return the mechanisms of cooperation that none of the rivals that took part holds."""
    held = {name for theory in found.theories if is_rival(theory) for name in theory.kept}
    return [
        entry.name
        for entry in REGISTER
        if entry.equation == "cooperation" and entry.name not in held
    ]


def read_tables(folder: Path, about: Mapping[str, Any]) -> dict[str, pd.DataFrame]:
    """Return the tables of a tournament's folder.

    Args:
        folder: the results.
        about: their manifest.

    Raises:
        InputError: if one that the manifest names cannot be read.
    """
    found = {}
    for name in _MADE:
        if name in about["digest"]:
            path = folder / f"{name}.csv"
            try:
                table = without_guards(pd.read_csv(path, keep_default_na=False, na_values=[""]))
            except (OSError, ValueError) as error:
                problem = Problem(str(path), "", "", f"a table of a tournament ({error})")
                raise InputError([problem]) from None
            texts = table.select_dtypes(exclude="number").columns
            found[name] = table.assign(**{text: table[text].fillna("") for text in texts})
    return found
