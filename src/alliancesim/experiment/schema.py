"""The shape of an experiment file: tables, keys, types and ranges, but no rule across tables.

Rules that compare one table with another, or with the scenario that the experiment varies, stand in
:mod:`alliancesim.experiment.rules`.
"""

from __future__ import annotations

import datetime
import math
from collections.abc import Iterable
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BeforeValidator, Field

from alliancesim.scenario.quantities import month_count, parse_month
from alliancesim.scenario.schema import MOST_MONTHS, Label, Table, Text

Kind = Literal["grid", "latin-hypercube", "sobol"]
Scale = Literal["linear", "log"]

MOST_POINTS = 2**23
"""Most points of a design."""

MOST_REPLICATES = 1_000_000
"""Most runs of world and twin at one point."""

PART_RUNS = 50_000
"""Runs in a part, unless the file says how many points: about a second's work."""

LEAST_PARTS = 32
"""Parts into which any design is divided at least, if it has as many points."""

MOST_LEVELS = 10_001
"""Most levels of one factor on a grid."""

MOST_NAMED = 1000
"""Most factors, keys of a factor, settings and outcomes that a file may name one by one."""


def _value(found: Any) -> Any:
    """Return a number, a switch or a text; a TOML date as the month it lies in.

    Raises:
        ValueError: if it is none of these.
    """
    if isinstance(found, datetime.date):
        return parse_month(found)
    if isinstance(found, bool | int | str) or (isinstance(found, float) and abs(found) < 1e300):
        return found
    raise ValueError("a finite number, a month, true, false or text")


def _bound(found: Any) -> Any:
    """Return a number, or a month as text.

    Raises:
        ValueError: if it is neither.
    """
    if isinstance(found, str | datetime.date):
        return parse_month(found)
    if isinstance(found, int | float) and not isinstance(found, bool) and abs(found) < 1e300:
        return float(found)
    raise ValueError('a finite number, or a month written "YYYY-MM"')


def numbers_alone(values: Iterable[Any]) -> bool:
    """Say whether all values are numbers; switches are none."""
    return all(isinstance(v, int | float) and not isinstance(v, bool) for v in values)


def _one_line(text: str) -> str:
    """Return a text that is one line.

    Raises:
        ValueError: if it is more.
    """
    if "\n" in text:
        raise ValueError("one line")
    return text


Bound = Annotated[Any, BeforeValidator(_bound)]
Choice = Annotated[Any, BeforeValidator(_value)]
Line = Annotated[Text, AfterValidator(_one_line)]


class Factor(Table):
    """Something that is varied: one key of the scenario, or several together."""

    key: Text | None = Field(None, min_length=1, description="dotted key, as --set takes it")
    keys: list[Text] = Field(
        default_factory=list, max_length=MOST_NAMED, description="several keys, moved together"
    )
    together: Literal["equal", "parallel"] = Field(
        "equal",
        description="whether all keys take the value, or keep their distance to the first one",
    )
    label: Line = Field("", description="what it is, for axes and tables")
    unit: Line = Field("", description="unit, for axes")
    low: Bound = Field(None, description="smallest value, or first month")
    high: Bound = Field(None, description="largest value, or last month")
    steps: int | None = Field(
        None, ge=2, le=MOST_LEVELS, strict=True, description="number of levels on a grid"
    )
    scale: Scale = Field("linear", description="how values are spread between low and high")
    whole: bool = Field(False, strict=True, description="whether values are whole numbers")
    values: list[Choice] | None = Field(
        None,
        min_length=2,
        max_length=MOST_LEVELS,
        description="the values themselves, in place of low and high",
    )

    @property
    def all_keys(self) -> tuple[str, ...]:
        """Return the keys that are moved."""
        return tuple(self.keys) if self.key is None else (self.key,)

    @property
    def has_number_range(self) -> bool:
        """Say whether values lie anywhere between two numbers."""
        return self.values is None and not isinstance(self.low, str)

    @property
    def distinct(self) -> int | None:
        """Return how many different values there are, or None where there is no end of them."""
        if self.values is not None:
            return len(self.values)
        if self.low is None or type(self.low) is not type(self.high):
            return None
        if isinstance(self.low, str):
            return month_count(self.high) - month_count(self.low) + 1
        return int(self.high - self.low) + 1 if self.whole else None

    @property
    def levels(self) -> int:
        """Return the number of levels on a grid, 0 if the file does not say."""
        return self.steps or self.distinct or 0


class FactorSet(Table):
    """Many factors at once: all numbers of a kind, each varied around what it is."""

    kind: Literal["inputs", "coefficients"] = Field(
        description="all baseline numbers of actors and dyads, or all coefficients of the law"
    )
    step: float | None = Field(
        None, gt=0, le=1, description="how far an input is moved up and down, within its range"
    )
    factor: float | None = Field(
        None, gt=1, le=100, description="by what a coefficient is divided and multiplied"
    )
    leave_out: list[Text] = Field(default_factory=list, description="keys that are not varied")


class Design(Table):
    """Which points are run, and how often."""

    kind: Kind
    points: int | None = Field(
        None, ge=2, le=MOST_POINTS, strict=True, description="number of points; a grid has its own"
    )
    replicates: int = Field(
        200,
        ge=1,
        le=MOST_REPLICATES,
        strict=True,
        description="runs of world and twin at each point; run r meets the same shocks everywhere",
    )
    seed: int = Field(
        1, ge=0, lt=2**63, strict=True, description="seed of the shocks and of the design"
    )
    months: int | None = Field(
        None, ge=1, le=MOST_MONTHS, strict=True, description="months of a run, if not its own"
    )
    part_points: int | None = Field(
        None, ge=1, le=MOST_POINTS, strict=True, description="points that are written at a time"
    )


class Analysis(Table):
    """What a report makes of the results."""

    kind: Literal["phase-diagram", "main-effects", "global"]
    x: str | None = Field(None, strict=True, description="factor on the horizontal axis")
    y: str | None = Field(None, strict=True, description="factor on the vertical axis")
    outcome: str = Field("effect", strict=True, description="the outcome that is analysed")


class Experiment(Table):
    """A whole experiment file."""

    title: Line = Field(min_length=1)
    question: Line = Field(min_length=1, description="the question it answers, in one line")
    story: Text = Field("", description="what is varied and why, in a paragraph")
    learn: Text = Field("", description="what one would learn from either answer")
    finding: Text = Field("", description="what the measured runs say, in words")
    scenario: Text = Field(min_length=1, description="name or path of the scenario that is varied")
    settings: list[Text] = Field(
        default_factory=list,
        max_length=MOST_NAMED,
        description="key=value texts that hold at every point",
    )
    without: list[Text] = Field(
        default_factory=list, description="mechanisms that are switched off at every point"
    )
    posterior: Text | None = Field(
        None,
        min_length=1,
        description="where coefficients are drawn from: default, a CSV file of draws, or the folder"
        " of a calibration, by its path from this file",
    )
    design: Design
    factors: dict[Label, Factor] = Field(default_factory=dict, max_length=MOST_NAMED)
    factor_sets: list[FactorSet] = Field(default_factory=list, max_length=2)
    outcomes: list[Text] = Field(
        default_factory=list, max_length=MOST_NAMED, description="what is kept of each run"
    )
    analysis: Analysis | None = None

    @property
    def replicates(self) -> int:
        """Return the number of runs at each point."""
        return self.design.replicates

    @property
    def seed(self) -> int:
        """Return the seed of the shocks and of the design."""
        return self.design.seed

    @property
    def points(self) -> int:
        """Return the number of points of the design."""
        if self.design.kind == "grid":
            return math.prod(factor.levels for factor in self.factors.values())
        return self.design.points or 0

    @property
    def part_points(self) -> int:
        """Return the number of points that are written at a time.

        Unless the file says: a part holds about ``PART_RUNS`` runs, and a design at least
        ``LEAST_PARTS`` parts, so that several workers have something to do.
        """
        if self.design.part_points is not None:
            return self.design.part_points
        by_runs = PART_RUNS // self.replicates
        return max(1, min(by_runs, -(-self.points // LEAST_PARTS)))
