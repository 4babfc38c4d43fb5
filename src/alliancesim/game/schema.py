"""The shape of a game file: tables, keys, types and ranges, but no rule across tables.

Rules that compare one table with another, or with the scenario that is played, stand in
:mod:`alliancesim.game.rules`.
"""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import Field

from alliancesim.scenario.quantities import Signed
from alliancesim.scenario.schema import Label, Name, Table, Text

Overlay = dict[str, dict[str, Any]]
"""Tables of a scenario file, by kind and label, as a move lays them over the scenario."""


class Move(Table):
    """One of a player's courses of action, for the whole length of the game."""

    title: Text = Field(
        min_length=1, description="what the player does, to follow its name: presses A, courts B"
    )
    changes: Overlay = Field(
        default_factory=dict,
        alias="set",
        description="strategies and events of the player, as a scenario file has them, which the"
        " move lays over the scenario; without any, the scenario is played as it stands",
    )
    cost: Signed = Field(
        default_factory=lambda: Signed(
            value=0.0, basis="judgement", source="default of the program"
        ),
        description="what the move itself costs the player, in the unit of payoffs",
    )


class Want(Table):
    """Something that a player wants more of or, with a negative weight, less of."""

    title: Text = Field("", description="the want in a few words; its label if left out")
    outcome: Text = Field(
        min_length=1,
        description="cohesion, of the alliance in question, or a variable of an ordered dyad such"
        " as cooperation:A-B; * stands for all others, whose mean is taken",
    )
    weight: Signed = Field(description="payoff of a rise by 1")


class Player(Table):
    """An actor that chooses."""

    moves: dict[Label, Move] = Field(min_length=2, description="what it can choose from")
    wants: dict[Label, Want] = Field(min_length=1, description="what it wants, with weights")


class Sampling(Table):
    """How the game is computed, and how weights are varied."""

    runs: int = Field(1600, ge=1, le=1_000_000, strict=True, description="runs of every cell")
    seed: int = Field(1, ge=0, lt=2**63, strict=True, description="seed of all random numbers")
    weights: int = Field(
        2000, ge=1, le=1_000_000, strict=True, description="draws of weights and costs"
    )
    factor: Annotated[float, Field(strict=True, allow_inf_nan=False)] = Field(
        2.0,
        ge=1,
        le=100,
        description="nine in ten drawn weights and costs lie within this factor of the stated ones",
    )


class Observed(Table):
    """What the players really did: never an input, marked and judged."""

    moves: dict[Name, Label] = Field(min_length=1)
    source: Text = ""


class Game(Table):
    """A whole game file."""

    title: Text = Field(min_length=1)
    question: Text = Field(min_length=1, description="the question it answers, in one line")
    story: Text = Field("", description="who plays for what, in a paragraph")
    learn: Text = Field("", description="what one would learn from either answer")
    sources: list[Text] = Field(default_factory=list)
    scenario: Text = Field(min_length=1, description="name or path of the scenario played")
    settings: list[Text] = Field(
        default_factory=list, description="key=value overrides of the scenario in every cell"
    )
    posterior: Text | None = Field(
        None,
        description='where coefficients are drawn from: "default", a CSV file of draws or the'
        " folder of a calibration; without it they are the scenario's own",
    )
    players: dict[Name, Player] = Field(min_length=2)
    sampling: Sampling = Field(default_factory=Sampling)
    observed: Observed | None = None
