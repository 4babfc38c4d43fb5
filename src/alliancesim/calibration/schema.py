"""The shape of a calibration file: tables, keys, types and ranges, but no rule across tables.

Rules that compare one table with another, or with the scenario whose observations are fitted,
stand in :mod:`alliancesim.calibration.rules`.
"""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from alliancesim.coefficients import PRIOR_SPREAD
from alliancesim.scenario.quantities import Month
from alliancesim.scenario.schema import Label, Table, Text

Finite = Annotated[float, Field(strict=True, allow_inf_nan=False)]

MOST_WALKERS = 10_000
"""Most walkers of one ensemble."""

MOST_STEPS = 10_000_000
"""Most steps of one ensemble."""


class Observed(Table):
    """Which of the scenario's observations are fitted; without keys, all that carry an error."""

    first: Month | None = Field(
        None, alias="from", description="first month of the observations that are fitted"
    )
    until: Month | None = Field(None, description="last month of the observations that are fitted")
    without: list[Text] = Field(
        default_factory=list,
        description="observations that are left out: labels, or the beginnings of labels",
    )


class Prior(Table):
    """What is thought of a coefficient before calibration, where it departs from the register."""

    median: Finite | None = Field(None, gt=0, description="median of the log-normal prior")
    spread: Finite | None = Field(
        None, gt=0, le=5, description="standard deviation of its natural logarithm"
    )
    source: Text = ""


class Misfit(Table):
    """What is thought of the model's own error, before calibration.

    Its size is sampled: how far the best path of an imperfect model lies from the truth (Kennedy
    and O'Hagan 2001).
    """

    median: Finite = Field(0.10, gt=0, le=2, description="median of the log-normal prior of a size")
    spread: Finite = Field(
        PRIOR_SPREAD, gt=0, le=5, description="standard deviation of its natural logarithm"
    )
    memory: Finite = Field(
        24.0, gt=0, le=1200, description="months in which the model's error of a level falls to 1/e"
    )
    source: Text = ""


class Sampler(Table):
    """How the posterior is sampled."""

    ensembles: int = Field(
        4, ge=2, le=64, strict=True, description="independent ensembles, so that they can disagree"
    )
    walkers: int = Field(
        120, ge=4, le=MOST_WALKERS, strict=True, description="walkers of an ensemble, even"
    )
    steps: int = Field(
        3200, ge=8, le=MOST_STEPS, strict=True, description="steps of an ensemble, burn included"
    )
    burn: int = Field(
        1600, ge=0, le=MOST_STEPS, strict=True, description="first steps, which are not used"
    )
    thin: int = Field(
        20, ge=1, le=MOST_STEPS, strict=True, description="of so many steps one is kept"
    )
    seed: int = Field(1, ge=0, lt=2**63, strict=True, description="seed of all random numbers")
    draws: int = Field(
        400, ge=2, le=100_000, strict=True, description="draws in the small sample, sample.csv"
    )


class Validation(Table):
    """How the law is held against observations that it was not fitted to."""

    split: Month | None = Field(
        None, description="last month of the observations that the forecast is fitted to"
    )
    without: dict[Label, list[Text]] = Field(
        default_factory=dict,
        description="forecasts made once more without some events: by name, the events' labels or"
        " the beginnings of labels",
    )
    steps: int = Field(
        2000, ge=8, le=MOST_STEPS, strict=True, description="steps of each fit, the first half burn"
    )
    draws: int = Field(
        1000, ge=10, le=100_000, strict=True, description="draws from each posterior"
    )


class Calibration(Table):
    """A whole calibration file."""

    title: Text = Field(min_length=1)
    question: Text = Field(min_length=1, description="the question it answers, in one line")
    story: Text = Field("", description="what is fitted to what and why, in a paragraph")
    sources: list[Text] = Field(default_factory=list)
    scenario: Text = Field(
        min_length=1, description="name or path of the scenario whose observations are fitted"
    )
    observations: Observed = Field(default_factory=Observed)
    fixed: dict[str, Finite] = Field(
        default_factory=dict, description="values of coefficients that are not sampled"
    )
    priors: dict[str, Prior] = Field(default_factory=dict)
    discrepancy: Misfit = Field(default_factory=Misfit)
    sampler: Sampler = Field(default_factory=Sampler)
    validation: Validation = Field(default_factory=Validation)
