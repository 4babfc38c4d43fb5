"""Texts and numbers fit for figures; plain Python, so that other modules may import it cheaply.

Neither matplotlib nor a whole sentence may enter.
"""

from __future__ import annotations

import unicodedata

from alliancesim.language import number, spoken, text

_PUSHES = "pushes of "


def plain(said: str, longest: int = 60) -> str:
    """Return a user's text fit for a figure: one line, printable, not longer than ``longest``."""
    line = " ".join(said.split())
    kept = "".join(c for c in line if unicodedata.category(c)[0] != "C")
    return kept if len(kept) <= longest else kept[: longest - 1].rstrip() + "…"


def signed(value: float, digits: int = 3) -> str:
    """Return a number with its sign and a true minus; what rounds to zero has no sign."""
    written = f"{value:+.{digits}f}"
    return number((written[1:] if float(written) == 0 else written).replace("-", "−"))


def grouped(count: int) -> str:
    """Return a whole number with its thousands marked off, in German by spaces."""
    written = f"{count:,}"
    return written if spoken() == "en" else written.replace(",", "\u00a0")


def input_label(key: str) -> str:
    """Return an input's key path in fewer words: ``dyads.A-B.threat`` becomes ``A-B threat``."""
    return plain(" ".join(key.split(".")[1:]) if "." in key else key, 44)


def scale_name(name: str) -> str:
    """Return the name of a scale of judgements in the present language.

    Args:
        name: of a variable, or ``pushes of`` it.
    """
    variable = name.removeprefix(_PUSHES)
    if variable == name:
        return text(name)
    return text("pushes of {variable}").format(variable=text(variable))
