"""What a hindcast's tables call forecasters, quantities and ways of holding out, as people read.

Neither scores nor colours stand here.
"""

from __future__ import annotations

from alliancesim.language import message, text

FORECASTERS = (
    message("model"),
    message("model from last residual"),
    message("balance alone"),
    message("threat alone"),
    message("no change"),
    message("last trend"),
    message("opinion alone"),
)
"""Forecasters that the program knows; others keep the name that their table gives them."""

TOGETHER = (message("all levels"), message("all changes"))
"""What is scored together, beside each quantity alone."""

_CHANGE = "change of "


def forecaster_name(name: str) -> str:
    """Return what a forecaster is called in the language spoken."""
    return text(name) if name in FORECASTERS else name


def quantity_name(what: str) -> str:
    """Return what was foretold in the language spoken.

    Args:
        what: as tables have it: levels or changes together, or ``opinion A-B``, or ``change of
            cohesion A-B``.
    """
    if what in TOGETHER:
        return text(what)
    variable, _, pair = what.removeprefix(_CHANGE).partition(" ")
    if not what.startswith(_CHANGE):
        return f"{text(variable)} {pair}" if pair else what
    return text("change of {variable} {pair}").format(variable=text(variable), pair=pair)
