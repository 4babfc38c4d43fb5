"""The arrays of a world: what moves, what drives it, what is pushed into it.

These are plain tuples of arrays, so that compiled code and Mesa agents share them. Square arrays
are indexed [of, toward]: row i holds what actor i does toward, or feels about, every actor j. The
diagonal is zero and never read. Nothing is computed here.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]


class State(NamedTuple):
    """Actions and states of all ordered dyads in one month, each of shape (actors, actors).

    All are dimensionless, between 0 and 1; opinion alone between -1 and 1. See ``VARIABLES``.
    """

    cooperation: Array
    pressure: Array
    opinion: Array
    threat: Array
    dependence: Array
    grievance: Array
    confidence: Array
    suspicion: Array
    cohesion: Array

    def copied(self) -> State:
        """Return a copy that shares no memory."""
        return State(*(array.copy() for array in self))


class Drivers(NamedTuple):
    """What comes from outside the law in one month; dimensionless, 0 to 1.

    ``pragmatism``, ``hazard``, ``brokerage`` and ``visibility`` have shape (actors,);
    ``commitment`` [patron, ally], ``mediation`` and ``likeness`` have shape (actors, actors).
    """

    pragmatism: Array
    hazard: Array
    brokerage: Array
    visibility: Array
    commitment: Array
    mediation: Array
    likeness: Array


class Pushes(NamedTuple):
    """What strategies and events add to actions and states in one month.

    ``raised`` and ``lowered`` hold the merged pushes of events, shape (2, actors, actors), for
    cooperation (0) and pressure (1): raising closes that share of the way to 1, lowering then takes
    that share of the way to 0. ``courted`` and ``pressed`` hold each strategy's standing levels,
    shape (strategies, actors), by target. ``stirred`` holds signed pushes to threat (0), dependence
    (1), grievance (2) and confidence (3), shape (4, actors, actors).
    """

    raised: Array
    lowered: Array
    courted: Array
    pressed: Array
    stirred: Array


class Strategists(NamedTuple):
    """Who runs each strategy and how it reacts.

    ``actor`` holds indices, shape (strategies,); ``escalate`` runs from -1 to 1, shape
    (strategies,); ``alliance`` marks the dyads of the target alliance, shape (actors, actors).
    """

    actor: NDArray[np.int64]
    escalate: Array
    alliance: NDArray[np.bool_]


@dataclass(frozen=True)
class Variable:
    """One variable of the model, for labels, axes and the documentation.

    Attributes:
        name: identifier, as in files and tables.
        kind: ``"action"``, ``"state"`` or ``"driver"``.
        per: ``"dyad"``, ``"alliance"`` (symmetric dyad) or ``"actor"``.
        low: smallest value.
        high: largest value.
        meaning: one line in plain words; i is the first actor of the dyad, j the second.
    """

    name: str
    kind: str
    per: str
    low: float
    high: float
    meaning: str


VARIABLES: tuple[Variable, ...] = (
    Variable("cooperation", "action", "dyad", 0, 1, "how far i cooperates with j"),
    Variable("pressure", "action", "dyad", 0, 1, "how hard i presses j (coercion)"),
    Variable(
        "opinion",
        "state",
        "dyad",
        -1,
        1,
        "net favourability of j among i's public: (favourable - unfavourable)/100",
    ),
    Variable("threat", "state", "dyad", 0, 1, "threat that i sees in j"),
    Variable("dependence", "state", "dyad", 0, 1, "share of i's goods trade done with j"),
    Variable(
        "grievance", "state", "dyad", 0, 1, "salience of i's historical or territorial claims on j"
    ),
    Variable(
        "confidence",
        "state",
        "dyad",
        0,
        1,
        "i's confidence in j's security guarantee; 0 means there is none",
    ),
    Variable("suspicion", "state", "dyad", 0, 1, "i's belief that j's cooperation is a wedge move"),
    Variable(
        "cohesion", "state", "alliance", 0, 1, "institutionalised security cooperation of i and j"
    ),
    Variable(
        "pragmatism", "driver", "actor", 0, 1, "weight of strategy over ideology in the leadership"
    ),
    Variable("hazard", "driver", "actor", 0, 1, "danger to i from outside the modelled actors"),
    Variable("brokerage", "driver", "actor", 0, 1, "effort to bring one's allies together"),
    Variable("visibility", "driver", "actor", 0, 1, "how openly the actor presses and courts"),
    Variable("commitment", "driver", "dyad", 0, 1, "strength of i's security guarantee for j"),
    Variable("mediation", "driver", "dyad", 0, 1, "i's belief that j can moderate the hazard to i"),
    Variable("likeness", "driver", "dyad", 0, 1, "how far i reads j's fate as its own"),
)
"""All variables, in the order of ``State`` and then ``Drivers``."""

EVENT_STATES = ("threat", "dependence", "grievance", "confidence")
"""The states that an event may stir, in the order of ``Pushes.stirred``."""

OUTCOMES = ("opinion", "cohesion", "suspicion")
"""The states that no event may touch, because the model is there to explain them."""
