"""The law with all but one idea switched off, as forecasters of their own."""

from __future__ import annotations

from collections.abc import Mapping

from alliancesim.coefficients import REGISTER

COHESION = ("build", "erode")
"""What turns conduct into cohesion; without it no idea could say anything of it."""

IDEAS: Mapping[str, tuple[str, ...]] = {
    "balance alone": ("balance", "warm", "sour", "forget", "opinion", *COHESION),
    "threat alone": ("balancing", "provoke", "spillover", "soothe", "calm", *COHESION),
}
"""The coefficients that are kept, by idea.

Structural balance (Heider 1946; Cartwright and Harary 1956) needs signs that something moves, acts
that are liked or resented, and governments that go by them. Balance of threat (Walt 1987) needs
threat that acts raise and lower, and states that draw together under it.
"""


def switched_off(idea: str) -> dict[str, float]:
    """Return the coefficients that an idea goes without, each 0; shocks keep their size."""
    kept = IDEAS[idea]
    return {
        entry.name: 0.0
        for entry in REGISTER
        if entry.name not in kept and entry.equation != "shocks"
    }
