"""Which theories take part, and what each makes of a scenario.

No theory is defined here: they stand in validation.theories.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from alliancesim.scenario.problems import InputError, Problem, nearest
from alliancesim.scenario.reading import Loaded
from alliancesim.validation.theories import CONTENDERS, NONE, RIVALS, WHOLE, Theory, switched_off


def entered(names: Sequence[str] = ()) -> tuple[Theory, ...]:
    """Return the theories that take part: those asked for, none, and the law as a whole.

    Args:
        names: of rival theories; all of them if empty.

    Returns:
        In the order of the register.

    Raises:
        InputError: with every name that is none of a theory's.
    """
    problems = [
        Problem(
            "--theory",
            "",
            repr(name),
            f"one of {', '.join(CONTENDERS)}",
            nearest(name.replace(" ", "-"), CONTENDERS),
        )
        for name in dict.fromkeys(names)
        if name not in CONTENDERS
    ]
    if problems:
        raise InputError(problems)
    wanted = names or [theory.name for theory in RIVALS]
    return (*(theory for theory in RIVALS if theory.name in wanted), NONE, WHOLE)


def is_rival(theory: Theory) -> bool:
    """Say whether a theory is ranked; the law as a whole, which holds them all, is not."""
    return theory is not WHOLE


def under(theory: Theory, loaded: Loaded) -> Loaded:
    """Return a scenario in which a theory's mechanisms are the only ones.

    Args:
        theory: the theory.
        loaded: the scenario; what it switches off itself stays off.
    """
    off = [*loaded.scenario.without, *switched_off(theory.kept)]
    scenario = loaded.scenario.model_copy(update={"without": list(dict.fromkeys(off))})
    return replace(loaded, name=theory.name, scenario=scenario)
