"""Rival theories as sets of switches: which mechanisms of the law each one keeps.

A theory is the law with every mechanism off that is not the theory's own, so that all are told the
same story, by the same program, and differ in nothing but what they hold to move states. What is
observed of states is institutions and polls; every theory is lent the same way from conduct to
these, without which none could be wrong.

Which theory is right is not asked here, and none may bring a number or an equation of its own.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from alliancesim.coefficients import NAMES, REGISTER
from alliancesim.language import message

COHESION = ("build", "erode")
"""What turns conduct into cohesion; without it no theory could say anything of it."""

PUBLICS = ("warm", "sour", "forget")
"""What turns conduct into opinion, which polls measure."""

LENT = (*COHESION, *PUBLICS)
"""What every theory is lent, so that it can be held against institutions and polls."""

_FEAR = ("balancing", "provoke", "spillover", "soothe", "calm")


@dataclass(frozen=True)
class Theory:
    """One theory as the law can express it.

    Attributes:
        name: as commands and tables have it.
        title: the same in words.
        works: who holds it, author and year.
        says: what it says, in one sentence.
        own: the coefficients that are its own.
        limits: which part of the theory the law can express, and which it cannot.
    """

    name: str
    title: str
    works: str
    says: str
    own: tuple[str, ...]
    limits: str

    @property
    def kept(self) -> tuple[str, ...]:
        """Return the coefficients that are not switched off but for those of shocks, in order."""
        return tuple(name for name in NAMES if name in self.own or name in LENT)


RIVALS: tuple[Theory, ...] = (
    Theory(
        "balance-of-threat",
        message("balance of threat"),
        "Walt 1987",
        message(
            "States draw together against whom both have come to fear, and pressure makes feared."
        ),
        (*_FEAR, "hazard"),
        message(
            "Threat stands for what Walt takes apart: power, nearness, offence and intent. States"
            " balance by cooperating; arming at home is not in the law."
        ),
    ),
    Theory(
        "quasi-alliance",
        message("quasi-alliance"),
        "Cha 1999; Snyder 1984",
        message(
            "Allies of one patron draw together where both doubt it alike, and part where one"
            " fears to be abandoned and the other to be entrapped."
        ),
        ("abandonment", "entrapment", "update", "provoke", "calm"),
        message(
            "Doubt is what confidence in the patron leaves open, weighed by the danger. Cha holds"
            " the old quarrels of the allies to be constant, so that grievances are off."
        ),
    ),
    Theory(
        "structural-balance",
        message("structural balance"),
        message("Heider 1946; Cartwright and Harary 1956"),
        message(
            "Friends of friends become friends, and friends of foes foes, until triads are"
            " balanced."
        ),
        ("balance", "opinion"),
        message(
            "Signs are opinions of publics, which governments go by. Balance comes by drift, not"
            " by a search for the nearest balanced configuration."
        ),
    ),
    Theory(
        "bandwagoning",
        message("bandwagoning"),
        "Schweller 1994; Walt 1987",
        message(
            "The exposed and unprotected give in to whoever presses them, and the courted side"
            " with whoever rewards them."
        ),
        ("compliance", "inducement", "update"),
        message(
            "Giving in needs trade with the presser and doubt in the patron; reward counts while"
            " its author quarrels with the partner alone. Joining a rising power unasked, for"
            " spoil, is not in the law, nor is attraction by threat itself."
        ),
    ),
    Theory(
        "interdependence",
        message("interdependence"),
        message("Hirschman 1945; Keohane and Nye 1977; Copeland 2015"),
        message(
            "Whoever trades much with the presser keeps away from the pressed, answers its"
            " pressure less and takes its favours, until trade goes elsewhere."
        ),
        ("chilling", "inducement", "retaliation", "derisk", "rewire"),
        message(
            "Dependence is the share of goods trade. Expectations of future trade, on which"
            " Copeland rests, are not in the law, nor are firms and sectors that lobby."
        ),
    ),
)
"""The theories that contend."""

NONE = Theory(
    "none",
    message("none"),
    message("no theory"),
    message("What is done moves publics, and no state answers it."),
    (),
    message("Only what every theory is lent: cohesion stays where it was."),
)
"""What is left without any theory, which one has to beat."""

WHOLE = Theory(
    "whole-law",
    message("law as a whole"),
    message("all of the register"),
    message("All mechanisms at once."),
    tuple(entry.name for entry in REGISTER if entry.equation != "shocks"),
    message("It holds every other as a special case, so that it is no rival of theirs."),
)
"""The law as a whole, for comparison."""

CONTENDERS: Mapping[str, Theory] = {theory.name: theory for theory in (*RIVALS, NONE, WHOLE)}
"""All theories by name: those that contend, none, and the law as a whole."""

IDEAS: Mapping[str, tuple[str, ...]] = {
    "balance alone": CONTENDERS["structural-balance"].kept,
    "threat alone": (*_FEAR, *COHESION),
}
"""The coefficients that are kept, by the names under which validation sets them beside the law.

Threat alone is balance of threat without the danger from outside the modelled states, and without
publics, of which it says nothing.
"""


def switched_off(kept: Collection[str]) -> dict[str, float]:
    """Return the coefficients that a theory goes without, each 0; shocks keep their size.

    Args:
        kept: the coefficients that stay.
    """
    return {
        entry.name: 0.0
        for entry in REGISTER
        if entry.name not in kept and entry.equation != "shocks"
    }
