"""How the patterns are put to the model: cast, cases and bounds, read from a file.

No arithmetic: what a pattern compares cannot be written in the file, only who, which cases and
which bounds.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any

from pydantic import Field, ValidationError

from alliancesim.scenario.explanation import explain
from alliancesim.scenario.problems import InputError
from alliancesim.scenario.reading import read_document
from alliancesim.scenario.schema import Name, Table, Text

REQUIRED = Path(__file__).resolve().parent / "required.toml"
"""The patterns that the record requires."""

_Number = Annotated[float, Field(allow_inf_nan=False)]


class Case(Table):
    """A shipped scenario, or one at a path, with settings."""

    scenario: Text
    settings: tuple[str, ...] = ()


class Cast(Table):
    """Who plays which part, by the names of the scenarios."""

    divider: Name = Field(description="the state that presses and courts")
    first: Name = Field(description="the ally that is pressed in the last episode")
    second: Name = Field(description="the ally that is coerced, and later courted")


class PatternTable(Table):
    """One pattern: its claim, what stands behind it, its bounds and cases."""

    claim: Text
    required: bool = Field(True, strict=True, description="false for an extra")
    evidence: Text
    bounds: dict[str, _Number]
    cases: dict[str, Case]


class ControlsTable(Table):
    """The controls: their bounds and cases."""

    drift: _Number
    rounding: _Number
    cases: dict[str, Case]


class PatternsFile(Table):
    """The file of patterns."""

    cast: Cast
    patterns: dict[str, PatternTable]
    controls: ControlsTable


@dataclass(frozen=True)
class Posed:
    """A pattern as its arithmetic takes it: who, which cases, which bounds.

    Attributes:
        cast: who plays which part.
        cases: cases by name.
        bounds: bounds by name.
    """

    cast: Cast
    cases: Mapping[str, Case]
    bounds: Mapping[str, float]


def read_patterns(path: Path = REQUIRED) -> PatternsFile:
    """Read and validate a file of patterns.

    Raises:
        InputError: with every problem found.
    """
    document: dict[str, Any] = read_document(path)
    try:
        return PatternsFile.model_validate(document)
    except ValidationError as error:
        raise InputError(explain(error, lambda _keys: str(path), PatternsFile)) from None
