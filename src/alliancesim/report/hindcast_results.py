"""The folder of a hindcast, as a report reads it.

What the tables amount to is not worked out here, but in hindcast_scores.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import pandas as pd

from alliancesim.figures.hindcast_paths import Episode
from alliancesim.language import text
from alliancesim.report.columns import (
    FLAG,
    MAYBE_MONTH,
    MONTH,
    NUMBER,
    TEXT,
    lacking,
    read_columns,
)
from alliancesim.scenario.problems import InputError
from alliancesim.scenario.quantities import month_count

FORECAST, IN_SAMPLE, WITHOUT = "forecast", "all", "without-"
"""Fitted to the early years and judged later; fitted to everything; the beginning of the names of
splits that leave one episode out."""

MODEL, NO_CHANGE = "model", "no change"
"""The forecaster that is judged, and the one that it is measured against."""

_SERIES = {"variable": TEXT, "of": TEXT, "toward": TEXT}
_BAND = dict.fromkeys(("mean", "low90", "low50", "high50", "high90"), NUMBER)

_COLUMNS: Mapping[str, Mapping[str, str]] = {
    "paths": {
        "split": TEXT,
        **_SERIES,
        "date": MONTH,
        **_BAND,
        "middle": NUMBER,
        "parameters_low90": NUMBER,
        "parameters_high90": NUMBER,
    },
    "predictions": {
        "split": TEXT,
        "forecaster": TEXT,
        "label": TEXT,
        "series": TEXT,
        **_SERIES,
        "since": MAYBE_MONTH,
        "date": MONTH,
        "observed": NUMBER,
        "error": NUMBER,
        "held_out": FLAG,
        **_BAND,
        "crps": NUMBER,
    },
    "scores": {
        "split": TEXT,
        "forecaster": TEXT,
        "what": TEXT,
        **dict.fromkeys(("n", "sign_hits", "signs", "rmse", "bias", "crps"), NUMBER),
        **dict.fromkeys(("cover50", "cover90"), NUMBER),
    },
    "coefficients": {
        "split": TEXT,
        "name": TEXT,
        **dict.fromkeys(("median", "low90", "high90"), NUMBER),
    },
}
"""What each table must hold; more columns are let be."""


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
            code: text(str(actor["name"]))
            for code, actor in found
            if isinstance(actor, dict) and actor.get("name")
        }

    @property
    def title(self) -> str:
        """Return what was hindcast, in the words of its file; its name where there are none."""
        for holder in ("calibration", "scenario"):
            found = self.manifest.get(holder)
            if isinstance(found, dict) and isinstance(found.get("title"), str):
                return text(str(found["title"]))
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
    problems = list(lacking(folder, manifest))
    tables = {}
    for name in _COLUMNS:
        try:
            tables[name] = read_columns(folder / f"{name}.csv", _COLUMNS[name])
        except InputError as error:
            problems += error.problems
    if problems:
        raise InputError(problems)
    return Hindcast(folder, manifest, **tables)
