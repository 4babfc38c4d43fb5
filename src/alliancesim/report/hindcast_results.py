"""The folder of a hindcast, as a report reads it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import pandas as pd

from alliancesim.figures.hindcast_paths import Episode
from alliancesim.figures.words import plain
from alliancesim.scenario.problems import InputError, Problem
from alliancesim.scenario.quantities import month_count

FORECAST, IN_SAMPLE, WITHOUT = "forecast", "all", "without-"
"""Fitted to the early years and judged later; fitted to everything; the beginning of the names of
splits that leave one episode out."""

MODEL, NO_CHANGE = "model", "no change"
"""The forecaster that is judged, and the one that it is measured against."""

_TEXT, _NUMBER, _FLAG, _MONTH, _MAYBE_MONTH = "text", "number", "true or false", "month", "since"
_SERIES = {"variable": _TEXT, "of": _TEXT, "toward": _TEXT}
_BAND = dict.fromkeys(("mean", "low90", "low50", "high50", "high90"), _NUMBER)

_COLUMNS: Mapping[str, Mapping[str, str]] = {
    "paths": {
        "split": _TEXT,
        **_SERIES,
        "date": _MONTH,
        **_BAND,
        "middle": _NUMBER,
        "parameters_low90": _NUMBER,
        "parameters_high90": _NUMBER,
    },
    "predictions": {
        "split": _TEXT,
        "forecaster": _TEXT,
        "label": _TEXT,
        "series": _TEXT,
        **_SERIES,
        "since": _MAYBE_MONTH,
        "date": _MONTH,
        "observed": _NUMBER,
        "error": _NUMBER,
        "held_out": _FLAG,
        **_BAND,
        "crps": _NUMBER,
    },
    "scores": {
        "split": _TEXT,
        "forecaster": _TEXT,
        "what": _TEXT,
        **dict.fromkeys(("n", "sign_hits", "signs", "rmse", "bias", "crps"), _NUMBER),
        **dict.fromkeys(("cover50", "cover90"), _NUMBER),
    },
    "coefficients": {
        "split": _TEXT,
        "name": _TEXT,
        **dict.fromkeys(("median", "low90", "high90"), _NUMBER),
    },
}
"""What each table must hold; more columns are let be."""

_WRITTEN_MONTH = re.compile(r"\d{4}-(0[1-9]|1[0-2])")


@dataclass(frozen=True)
class Hindcast:
    """What a hindcast left behind.

    Attributes:
        folder: where it lies.
        manifest: what was fitted and judged, and with which program.
        paths: the model's paths with their bands, by split, quantity and month.
        predictions: every observation beside what each forecaster said of it, by split.
        scores: the scores of each forecaster, by split and quantity.
        coefficients: the posterior of each coefficient, by split.
    """

    folder: Path
    manifest: dict[str, Any]
    paths: pd.DataFrame
    predictions: pd.DataFrame
    scores: pd.DataFrame
    coefficients: pd.DataFrame

    @property
    def names(self) -> dict[str, str]:
        """Return the full names of actors, as far as the manifest tells them."""
        scenario = self.manifest.get("scenario")
        actors = scenario.get("actors") if isinstance(scenario, dict) else None
        found = actors.items() if isinstance(actors, dict) else ()
        return {
            code: str(actor["name"])
            for code, actor in found
            if isinstance(actor, dict) and actor.get("name")
        }

    @property
    def title(self) -> str:
        """Return what was hindcast, in the words of its file; its name where there are none."""
        for holder in ("calibration", "scenario"):
            found = self.manifest.get(holder)
            if isinstance(found, dict) and isinstance(found.get("title"), str):
                return str(found["title"])
        return str(self.manifest["name"])

    @cached_property
    def splits(self) -> list[str]:
        """Return the splits in the order of the table of predictions."""
        return [str(split) for split in self.predictions["split"].unique()]

    @property
    def left_out(self) -> list[str]:
        """Return the splits that leave one episode out."""
        return [split for split in self.splits if split.startswith(WITHOUT)]

    @property
    def variants(self) -> list[str]:
        """Return further forecasts: of the same years, from something else."""
        return [split for split in self.splits if split.startswith(FORECAST) and split != FORECAST]

    @cached_property
    def forecasters(self) -> list[str]:
        """Return the forecasters, the model first."""
        found = [str(name) for name in self.scores["forecaster"].unique()]
        return sorted(found, key=lambda name: name != MODEL)

    @cached_property
    def model(self) -> pd.DataFrame:
        """Return the predictions of the model."""
        return self.predictions[self.predictions["forecaster"] == MODEL]

    def held_out(self, split: str) -> pd.DataFrame:
        """Return the predictions of all forecasters for what a split's fit did not see."""
        rows = self.predictions
        return rows[(rows["split"] == split) & rows["held_out"]]

    @cached_property
    def until(self) -> str | None:
        """Return the last month that the forecast's fit saw; None where there is no forecast."""
        rows = self.model[self.model["split"] == FORECAST]
        fitted = rows[~rows["held_out"]]
        return str(fitted["date"].max()) if len(fitted) else None

    @cached_property
    def episodes(self) -> list[Episode]:
        """Return the episodes, numbered by date: the stretches over which changes were coded."""
        changes = self.model[self.model["since"] != ""]
        spans = sorted(set(zip(changes["since"], changes["date"], strict=True)))
        return [
            Episode(f"E{number}", *map(month_count, span))
            for number, span in enumerate(spans, start=1)
        ]

    def episode_of(self, since: str, date: str) -> str:
        """Return the label of the episode over which a change was coded."""
        ends = month_count(since), month_count(date)
        return next(one.label for one in self.episodes if (one.since, one.until) == ends)


def pair(of: str, toward: str) -> str:
    """Return an ordered pair as tables write it."""
    return f"{of}-{toward}"


def read_hindcast(folder: Path, manifest: dict[str, Any]) -> Hindcast:
    """Return a hindcast's results.

    Args:
        folder: results of a hindcast.
        manifest: of that folder.

    Raises:
        InputError: with everything that is missing or damaged.
    """
    problems = list(_lacking(folder, manifest))
    tables = {}
    for name in _COLUMNS:
        try:
            tables[name] = _read(folder / f"{name}.csv", _COLUMNS[name])
        except InputError as error:
            problems += error.problems
    if problems:
        raise InputError(problems)
    return Hindcast(folder, manifest, **tables)


def _lacking(folder: Path, manifest: Mapping[str, Any]) -> Iterator[Problem]:
    """Yield what every page needs of a manifest, and this one lacks."""
    for key, kind, word in (("name", str, "text"), ("program", dict, "a table")):
        if not isinstance(manifest.get(key), kind):
            yield Problem(str(folder / "manifest.json"), key, "", word)
    program = manifest.get("program")
    if isinstance(program, dict) and "alliancesim" not in program:
        yield Problem(str(folder / "manifest.json"), "program.alliancesim", "", "a version")


def _read(path: Path, columns: Mapping[str, str]) -> pd.DataFrame:
    """Return one table with the columns it must have, each of its type.

    Raises:
        InputError: if it cannot be read, is empty, or a column is missing or of another type.
    """
    try:
        table = pd.read_csv(path, dtype=str, keep_default_na=False)
    except (OSError, ValueError) as error:
        raise InputError([Problem(str(path), "", "", f"a readable table ({error})")]) from None
    missing = [name for name in columns if name not in table]
    if missing or not len(table):
        expected = f"columns {', '.join(missing)}" if missing else "at least one row"
        raise InputError([Problem(str(path), "", "", expected)])
    problems: list[Problem] = []
    typed = {
        name: _typed(table[name], kind, Problem(str(path), name, "", ""), problems)
        for name, kind in columns.items()
    }
    if problems:
        raise InputError(problems)
    return table.assign(**typed)


def _typed(
    column: pd.Series[Any], kind: str, where: Problem, problems: list[Problem]
) -> pd.Series[Any]:
    """Return a column in its type, and add to the problems the first cell that has another."""
    if kind == _NUMBER:
        found = pd.to_numeric(column.where(column != "", "nan"), errors="coerce")
        wrong = found.isna() & ~column.str.lower().isin(["", "nan"])
    elif kind == _FLAG:
        found = column.str.lower().map({"true": True, "false": False})
        wrong = found.isna()
    elif kind in (_MONTH, _MAYBE_MONTH):
        found = column
        wrong = ~column.map(lambda text: bool(_WRITTEN_MONTH.fullmatch(text)))
        wrong &= (column != "") | (kind == _MONTH)
    else:
        # Texts of files go into figures and identifiers, where nothing but a line of print may.
        return column.map(plain)
    if wrong.any():
        row = int(wrong.to_numpy().argmax())
        expected = "a month written YYYY-MM" if kind in (_MONTH, _MAYBE_MONTH) else f"a {kind}"
        line = f"{column.iloc[row]!r} in line {row + 2}"
        problems.append(Problem(where.file, where.key, line, expected))
    return found.astype(bool) if kind == _FLAG and not wrong.any() else found
