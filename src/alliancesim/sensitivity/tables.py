"""A sensitivity analysis as tables, and as files from which they are read back.

Nothing is computed here; the runs behind the tables stay in the folders of the stages.
"""

from __future__ import annotations

import json
from importlib import metadata
from pathlib import Path
from typing import Any

import pandas as pd

from alliancesim.experiment.factors import Axis
from alliancesim.measures.intervals import Interval
from alliancesim.results.manifest import posterior_data
from alliancesim.results.result import table_digest
from alliancesim.results.tables import table_text, without_guards
from alliancesim.scenario.placing import replace_file
from alliancesim.scenario.problems import InputError, Problem
from alliancesim.sensitivity.question import Sensitivity
from alliancesim.sensitivity.sampling import LIBRARY
from alliancesim.study import heading

KIND = "sensitivity"

MORRIS, SOBOL, FLIPS, ASSUMPTIONS = "morris", "sobol", "flips", "assumptions"
TABLES = (MORRIS, SOBOL, FLIPS, ASSUMPTIONS)

ANSWER: tuple[str, ...] = (
    "outcome",
    "margin",
    "given",
    "verdict",
    "share",
    "deviation",
    "alone",
    "chance",
    "chance_left",
    "blocks",
    "failed",
)
"""What the table ``answer`` of a manifest holds."""

_MANIFEST = "manifest.json"
_TEXTS = {
    "factor",
    "label",
    "unit",
    "scale",
    "end",
    "value",
    "verdict",
    "key",
    "basis",
    "source",
    "measured_by",
}
"""Columns that hold words; that of values does where a factor has months or choices."""


def tables(found: Sensitivity) -> dict[str, pd.DataFrame]:
    """Return all tables by name.

    ``morris``: the screening, with label, unit and range of each factor; ``sobol``: the indices;
    ``flips``: both ends of each factor alone; ``assumptions``: the register.
    """
    axes = {axis.name: axis for axis in found.loaded.axes}
    ranges = pd.DataFrame([_range(axes[name]) for name in found.screening["factor"]])
    screening = pd.concat([ranges, found.screening.drop(columns="factor")], axis=1)
    flips = found.alone.table
    if "value" in flips:
        flips = flips.assign(value=[_text(value) for value in flips["value"]])
    return {
        MORRIS: screening,
        SOBOL: found.indices.table,
        FLIPS: flips,
        ASSUMPTIONS: found.assumptions,
    }


def _range(axis: Axis) -> dict[str, str]:
    """Return what a factor is, and over which values it was varied."""
    ends = axis.ends()
    told = {"factor": axis.name, "label": axis.label, "unit": axis.unit, "scale": axis.scale}
    return told | {"low": _text(ends[0]), "high": _text(ends[-1])}


def _text(value: Any) -> str:
    """Return a value of a factor as text that is the same after reading it back."""
    return str(value).lower() if isinstance(value, bool) else str(value)


def manifest(found: Sensitivity, made: dict[str, pd.DataFrame], words: list[str]) -> dict[str, Any]:
    """Return what was asked, of what, with which program, and what was found in single numbers.

    Args:
        found: the answer.
        made: its tables.
        words: of the command that asks for it.
    """
    loaded, question = found.loaded, found.question
    share = found.alone.share
    answer: tuple[Any, ...] = (
        found.outcome,
        found.margin,
        found.alone.given._asdict(),
        found.alone.word,
        None if share is None else share._asdict(),
        found.indices.deviation,
        found.indices.alone._asdict(),
        found.chance.share._asdict(),
        found.chance.left._asdict(),
        found.indices.blocks,
        found.failed,
    )
    return {
        **heading(KIND, loaded.name, {LIBRARY: metadata.version(LIBRARY)}),
        "command": words,
        "files": [loaded.file.name],
        "options": {
            "factors": question.factors,
            "trajectories": question.trajectories,
            "samples": question.samples,
            "runs": question.runs,
            "runs_alone": question.runs_alone,
            "seed": loaded.experiment.seed,
        },
        "answer": dict(zip(ANSWER, answer, strict=True)),
        **posterior_data(loaded.posterior),
        "digest": {name: table_digest(table) for name, table in made.items()},
        "experiment": loaded.experiment.model_dump(mode="json", exclude_none=True),
        "scenario": loaded.base.scenario.model_dump(mode="json"),
    }


def write_into(made: dict[str, pd.DataFrame], about: dict[str, Any], folder: Path) -> None:
    """Write tables as CSV, every bit of their numbers, and a manifest, each whole.

    Raises:
        InputError: if the folder cannot be written.
    """
    text = json.dumps(about, indent=2, ensure_ascii=False, allow_nan=False) + "\n"
    try:
        for name, table in made.items():
            replace_file(folder / f"{name}.csv", table_text(table))
        replace_file(folder / _MANIFEST, text)
    except OSError as error:
        why = f"a place that can be written to ({error.strerror})"
        raise InputError([Problem("--out", "", str(folder), why)]) from None


def read_tables(folder: Path) -> dict[str, pd.DataFrame]:
    """Return the tables of a folder as :func:`tables` made them.

    Raises:
        InputError: if one cannot be read.
    """
    return {name: _read(folder / f"{name}.csv") for name in TABLES}


def _read(path: Path) -> pd.DataFrame:
    """Return a table; the verdict null is a word, only an empty number is missing."""
    try:
        kinds = dict.fromkeys(_TEXTS, "str")
        found = pd.read_csv(path, dtype=kinds, keep_default_na=False, na_values=[""])
        found = without_guards(found)
    except (OSError, ValueError) as error:
        expected = f"a readable table of a sensitivity analysis ({error})"
        raise InputError([Problem(str(path), "", "", expected)]) from None
    return found.fillna(dict.fromkeys(_TEXTS.intersection(found.columns), ""))


def interval(found: dict[str, float]) -> Interval:
    """Return an interval as a manifest has it."""
    return Interval(**found)
