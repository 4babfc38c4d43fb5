"""The shape of a scenario file: tables, keys, types and ranges, but no rule across tables.

Rules that compare one table with another stand in :mod:`alliancesim.scenario.rules`.
"""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from alliancesim.scenario.quantities import Month, Signed, Unit

Name = Annotated[str, StringConstraints(pattern=r"^[A-Za-z][A-Za-z0-9_]{0,31}$", strict=True)]
DyadName = Annotated[
    str,
    StringConstraints(pattern=r"^[A-Za-z][A-Za-z0-9_]{0,31}-[A-Za-z][A-Za-z0-9_]{0,31}$"),
]
Label = Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9-]{0,63}$", strict=True)]
Text = Annotated[str, StringConstraints(strict=True, strip_whitespace=True)]

EventVariable = Literal[
    "cooperation",
    "pressure",
    "threat",
    "dependence",
    "grievance",
    "confidence",
    "pragmatism",
    "hazard",
    "brokerage",
    "visibility",
    "commitment",
    "mediation",
    "likeness",
]

MOST_ACTORS = 64
MOST_MONTHS = 1200


def _unit(value: float) -> Unit:
    """Return a default between 0 and 1, marked as the program's own."""
    return Unit(value=value, basis="judgement", source="default of the program")


class Table(BaseModel):
    """A table of a scenario file; unknown keys are errors."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Time(Table):
    """When the run takes place."""

    start: Month = Field(description="first simulated month; the baseline holds the month before")
    months: int = Field(ge=1, le=MOST_MONTHS, strict=True, description="number of simulated months")


class Actor(Table):
    """A state that acts."""

    name: Text = Field("", description="full name, for charts and tables")
    pragmatism: Unit = Field(
        default_factory=lambda: _unit(0.5),
        description="weight of strategy over ideology in the leadership, 0 to 1",
    )
    hazard: Unit = Field(
        default_factory=lambda: _unit(0.0),
        description="danger from outside the modelled actors, 0 to 1",
    )
    brokerage: Unit = Field(
        default_factory=lambda: _unit(0.0),
        description="effort to bring one's allies together, 0 to 1",
    )
    visibility: Unit = Field(
        default_factory=lambda: _unit(0.5),
        description="how openly the actor presses and courts without a strategy, 0 to 1",
    )


class Dyad(Table):
    """What the first actor of an ordered pair does toward, and feels about, the second."""

    cooperation: Unit = Field(default_factory=lambda: _unit(0.3))
    pressure: Unit = Field(default_factory=lambda: _unit(0.05))
    opinion: Signed = Field(
        default_factory=lambda: Signed(
            value=0.0, basis="judgement", source="default of the program"
        )
    )
    threat: Unit = Field(default_factory=lambda: _unit(0.1))
    dependence: Unit = Field(default_factory=lambda: _unit(0.0))
    grievance: Unit = Field(default_factory=lambda: _unit(0.0))
    suspicion: Unit = Field(default_factory=lambda: _unit(0.0))
    cohesion: Unit | None = Field(
        None,
        description="institutionalised security cooperation, the same in both directions; without"
        " it, the geometric mean of both directions of cooperation",
    )
    commitment: Unit = Field(
        default_factory=lambda: _unit(0.0),
        description="strength of the first actor's security guarantee for the second, 0 to 1",
    )
    mediation: Unit = Field(
        default_factory=lambda: _unit(0.0),
        description="first actor's belief that the second can moderate its hazard, 0 to 1",
    )
    likeness: Unit = Field(
        default_factory=lambda: _unit(0.0),
        description="how far the first actor reads the second's fate as its own, 0 to 1",
    )


class Strategy(Table):
    """A deliberate course of one actor: standing levels of pressure and courtship by target."""

    actor: Name
    wedge: bool = Field(
        True, strict=True, description="whether the twin world goes without this strategy"
    )
    enabled: bool = Field(True, strict=True)
    press: dict[Name, Unit] = Field(default_factory=dict, description="pressure by target")
    court: dict[Name, Unit] = Field(default_factory=dict, description="courtship by target")
    start: Month | None = Field(None, description="first month; the run's first if left out")
    end: Month | None = Field(None, description="last month; the run's last if left out")
    ramp: int = Field(0, ge=0, le=MOST_MONTHS, strict=True, description="months to full level")
    visibility: Unit | None = Field(
        None, description="how openly the actor presses and courts while the strategy runs"
    )
    escalate: Signed = Field(
        default_factory=lambda: Signed(value=0.0),
        description="reaction of the pressure to rising cohesion: -1 yields, 1 doubles down",
    )
    press_intensity: Unit = Field(
        default_factory=lambda: Unit(value=1.0),
        description="multiplies all pressure of the strategy, its events included",
    )
    court_intensity: Unit = Field(
        default_factory=lambda: Unit(value=1.0),
        description="multiplies all courtship of the strategy, its events included",
    )
    source: Text = ""


class Event(Table):
    """Something dated that comes from outside the law: never an outcome."""

    date: Month
    what: Text = Field(min_length=1, description="one line that names the event on charts")
    variable: EventVariable
    of: Name = Field(description="the actor whose action, state or driver moves")
    toward: Name | None = Field(None, description="the other actor, where the variable has one")
    push: Signed | None = Field(
        None, description="share of the way to 1 (or, negative, to 0) by which it moves"
    )
    to: Unit | None = Field(None, description="new level of a driver from this month on")
    half_life: float | None = Field(
        None,
        gt=0,
        le=MOST_MONTHS,
        allow_inf_nan=False,
        description="months in which a push halves; actions: 3 if left out; drivers: lasting",
    )
    until: Month | None = Field(None, description="last month of the effect")
    part_of: Label | None = Field(
        None, description="the strategy this act belongs to; it is absent where that one is"
    )
    enabled: bool = Field(True, strict=True)
    source: Text = ""


class Observation(Table):
    """Something that really happened: drawn on charts, never an input."""

    date: Month
    what: Text = Field(min_length=1)
    of: Name | None = None
    toward: Name | None = None
    variable: Literal["opinion", "cohesion", "cooperation", "pressure", "dependence"] | None = None
    value: Signed | None = Field(None, description="measured value of the variable, if any")
    error: Unit | None = Field(
        None, description="standard error of the value as a measure of the variable"
    )
    since: Month | None = Field(
        None,
        description="month since which the value is the change; without it the value is a level",
    )
    series: Label | None = Field(
        None,
        description="the series it belongs to: one source and one method, a break of which begins"
        " another series",
    )
    enabled: bool = Field(True, strict=True)
    source: Text = ""


class Outcome(Table):
    """What the verdict is about."""

    alliance: list[Name] = Field(
        min_length=2, description="members of the alliance whose cohesion is the outcome"
    )
    window: int = Field(
        6, ge=1, le=MOST_MONTHS, strict=True, description="last months over which it is averaged"
    )
    margin: Unit = Field(
        default_factory=lambda: Unit(
            value=0.05,
            basis="judgement",
            source="the band within which the record's required patterns call an effect zero",
        ),
        description="effects within plus or minus this margin count as nothing",
    )


class Scenario(Table):
    """A whole scenario, after ``extends`` has been resolved."""

    title: Text = Field(min_length=1)
    story: Text = Field("", description="what happens, in a paragraph")
    question: Text = Field("", description="the question the scenario answers, in one line")
    learn: Text = Field("", description="what one would learn from either answer")
    sources: list[Text] = Field(default_factory=list)
    time: Time
    actors: dict[Name, Actor] = Field(min_length=2, max_length=MOST_ACTORS)
    dyads: dict[DyadName, Dyad] = Field(default_factory=dict)
    strategies: dict[Label, Strategy] = Field(default_factory=dict)
    events: dict[Label, Event] = Field(default_factory=dict)
    observations: dict[Label, Observation] = Field(default_factory=dict)
    outcome: Outcome
    coefficients: dict[str, Annotated[float, Field(strict=True, allow_inf_nan=False)]] = Field(
        default_factory=dict, description="values of the law's coefficients other than default"
    )
    without: list[str] = Field(
        default_factory=list, description="mechanisms of the law that are switched off"
    )
