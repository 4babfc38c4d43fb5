"""Reads the record: measured series on the model's scales, and coded episodes.

A scenario's ``[[observations]]`` do not come from here at run time: they are written into its file.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple, TypeVar

import pandas as pd
from pydantic import BaseModel, ValidationError

from alliancesim.record import rules
from alliancesim.record.scales import mapped
from alliancesim.record.schema import Episode, EpisodesFile, Series, SeriesFile
from alliancesim.scenario.explanation import explain
from alliancesim.scenario.problems import InputError, Problem
from alliancesim.scenario.reading import read_document
from alliancesim.scenario.rules import Broken

FOLDER = Path(__file__).resolve().parent
"""Where the shipped record lies."""

_File = TypeVar("_File", bound=BaseModel)


class Observation(NamedTuple):
    """One measurement on the model's scale.

    Attributes:
        series: label of its series.
        of: the first actor of the dyad.
        toward: the second.
        variable: the model's variable; empty for an anchor.
        date: month, written ``YYYY-MM``; the last of those it averages.
        value: on the scale of the variable.
        error: standard error of the value as a measure of the variable.
        span: number of months it averages, up to its date.
        estimated: whether one of its two shares had to be estimated.
        source: the original provider.
    """

    series: str
    of: str
    toward: str
    variable: str
    date: str
    value: float
    error: float
    span: int
    estimated: bool
    source: str


@dataclass(frozen=True)
class Record:
    """What was measured and coded.

    Attributes:
        series: measured series by label; a break of method begins another one.
        episodes: coded episodes by label, in the order of history.
    """

    series: dict[str, Series]
    episodes: dict[str, Episode]

    def observations(self) -> list[Observation]:
        """Return every measurement on the model's scale, series by series, in their order."""
        return [
            Observation(
                label,
                series.of,
                series.toward,
                series.variable or "",
                point.date,
                value,
                error,
                series.span,
                estimated,
                series.source,
            )
            for label, series in self.series.items()
            for point, (value, error, estimated) in zip(series.points, mapped(series), strict=True)
        ]

    def frame(self) -> pd.DataFrame:
        """Return the same as a table, one row per measurement, columns as ``Observation``."""
        return pd.DataFrame(self.observations(), columns=list(Observation._fields))


def load_record(folder: Path = FOLDER) -> Record:
    """Read and validate a record.

    Args:
        folder: with ``series.toml`` and ``episodes.toml``; the shipped one if left out.

    Raises:
        InputError: with every problem found in both files.
    """
    problems: list[Problem] = []
    series = _read(folder / "series.toml", SeriesFile, problems)
    episodes = _read(folder / "episodes.toml", EpisodesFile, problems)
    if series is not None:
        problems += _told(rules.broken_series(series.series), folder / "series.toml")
    if episodes is not None:
        problems += _told(rules.broken_episodes(episodes.episodes), folder / "episodes.toml")
    if series is None or episodes is None or problems:
        raise InputError(problems)
    return Record(series.series, episodes.episodes)


def _read(path: Path, model: type[_File], problems: list[Problem]) -> _File | None:
    """Return a file's tables, or None after adding what is wrong with it to the problems."""
    try:
        return model.model_validate(read_document(path))
    except InputError as error:
        problems += error.problems
    except ValidationError as error:
        problems += explain(error, lambda _keys: str(path), model)
    return None


def _told(broken: Iterable[Broken], path: Path) -> list[Problem]:
    """Return broken rules as problems of a file."""
    return [Problem(str(path), ".".join(found.keys), *found.words) for found in broken]
