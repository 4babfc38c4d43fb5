"""The shape of the record's two files: tables, keys, types and ranges.

A series says what a poll says, in the poll's words, and not on the model's scale, which is for
scales.
"""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from alliancesim.scenario.quantities import Month
from alliancesim.scenario.schema import Label, Name, Table, Text

Scale = Literal["favourability", "thermometer", "ten", "share", "anchor"]
"""How a series measures; :mod:`alliancesim.record.scales` maps each to the model's scale."""

Judgement = Literal["success", "null", "backfire", "not a wedge"]
"""What the record says of a wedge, by the raw change; ``success`` is the wielder's."""

_Share = Annotated[float, Field(ge=0, le=1, allow_inf_nan=False, strict=True)]
_Signed = Annotated[float, Field(ge=-1, le=1, allow_inf_nan=False, strict=True)]
_Percent = Annotated[float, Field(ge=0, le=100, allow_inf_nan=False, strict=True)]
_Some = Annotated[str, StringConstraints(strict=True, strip_whitespace=True, min_length=1)]


class Point(Table):
    """One measurement, in the words of the poll: shares, or a reading on the series' scale."""

    date: Month
    favourable: _Percent | None = Field(None, description="per cent in favour")
    unfavourable: _Percent | None = Field(None, description="per cent against")
    reading: Annotated[float, Field(ge=0, le=100, allow_inf_nan=False)] | None = Field(
        None, description="reading on a scale that is no pair of shares"
    )
    note: Text = ""


class Series(Table):
    """Measurements of one variable of one ordered dyad, by one source and one method."""

    what: _Some = Field(description="one line that names the series on charts")
    of: Name
    toward: Name
    variable: Literal["opinion", "pressure", "dependence"] | None = Field(
        None, description="the model's variable; an anchor has none"
    )
    scale: Scale = Field(description="how it measures")
    span: int = Field(1, ge=1, le=24, strict=True, description="months up to the date it averages")
    method: _Some = Field(description="how it was asked or counted; a change begins another series")
    continues: Label | None = Field(None, description="the series before a break of method")
    error: Annotated[float, Field(gt=0, le=1, allow_inf_nan=False, strict=True)] = Field(
        description="standard error of the mapped value as a measure of the variable"
    )
    error_source: _Some = Field(description="how the error was come by")
    source: _Some = Field(description="the original provider")
    points: list[Point] = Field(min_length=1)


class Episode(Table):
    """A stretch of history as one coder read it: inputs and changes on the model's scales."""

    title: _Some
    start: Month
    end: Month
    within: Label | None = Field(None, description="the longer episode that it is a part of")
    divider: Name
    patron: Name
    alliance: list[Name] = Field(min_length=2, max_length=2)
    courted_or_coerced: Name = Field(description="the ally whose attitude to the divider is coded")
    pragmatism: dict[Name, _Share] = Field(description="of each ally's leadership")
    later_pragmatism: dict[Name, _Share] = Field(
        default_factory=dict, description="the same after a change of leader or of heart"
    )
    commitment: _Share = Field(description="of the patron to both allies")
    brokerage: _Share = Field(description="of the patron")
    pressure: dict[Name, _Share] = Field(description="of the divider on each ally")
    inducement: dict[Name, _Share] = Field(description="what the divider offers each ally")
    hazard: _Share = Field(description="common danger from outside")
    threat: dict[Name, _Share] = Field(description="that each ally sees in the divider")
    grievance: _Share = Field(description="between the allies")
    cohesion_change: _Signed = Field(description="change of the allies' cohesion")
    attitude_change: _Signed = Field(description="change of the ally's opinion of the divider")
    error: Annotated[float, Field(gt=0, le=1, allow_inf_nan=False, strict=True)] = Field(
        description="standard error of both changes, a judgement"
    )
    verdict: Judgement
    remark: Text = ""


class SeriesFile(Table):
    """The file of series."""

    series: dict[Label, Series] = Field(min_length=1)


class EpisodesFile(Table):
    """The file of episodes."""

    episodes: dict[Label, Episode] = Field(min_length=1)
