"""How a number moves without ever leaving its range: scalar functions that the law is made of.

Actions and states lie between 0 and 1, opinions between -1 and 1. Only such functions of numbers
enter here, and nothing about actors.
"""

from __future__ import annotations

from alliancesim.compilation import inlined
from alliancesim.elementary import exponential

LARGEST_CHANGE_OF_LOG_ODDS = 30.0
"""Beyond this a decision is certain to 13 digits, and the odds could overflow; dimensionless."""


@inlined
def moved(baseline: float, change: float) -> float:
    """Return an action whose odds are the baseline's odds times e**change.

    This is the logistic rule with its constant chosen so that the action equals its baseline at
    rest; written without a logarithm it does so to the last bit. An action that is never (0) or
    always (1) taken at baseline stays so.

    Args:
        baseline: action at rest, 0 to 1.
        change: change of the log-odds since rest.

    Returns:
        The action, 0 to 1.
    """
    held = min(max(change, -LARGEST_CHANGE_OF_LOG_ODDS), LARGEST_CHANGE_OF_LOG_ODDS)
    odds = baseline * exponential(held)
    return odds / ((1.0 - baseline) + odds)


@inlined
def pushed(x: float, step: float) -> float:
    """Return a number between 0 and 1 pushed up or down without leaving that range.

    Args:
        x: value, 0 to 1.
        step: -1 to 1; positive closes that share of the way to 1, negative of the way to 0.

    Returns:
        The value after the push.
    """
    s = min(max(step, -1.0), 1.0)
    return x + s * (1.0 - x) if s > 0.0 else x + s * x


@inlined
def pushed_opinion(x: float, step: float) -> float:
    """Return an opinion between -1 and 1 pushed by ``step``, without leaving that range.

    At x = 0 the opinion moves by ``step`` exactly; toward an end the moves get smaller.
    """
    s = min(max(step, -1.0), 1.0)
    return x + s * (1.0 - x) if s > 0.0 else x + s * (1.0 + x)


@inlined
def shaken(value: float, before: float, noise: float) -> float:
    """Return a value plus noise that dies out toward both ends of 0 to 1, held in that range."""
    return min(max(value + 4.0 * noise * before * (1.0 - before), 0.0), 1.0)
