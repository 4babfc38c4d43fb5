"""Parts of sentences that every wording needs: lists, counts of things, and spaces.

No whole sentence stands here.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from alliancesim.language import plural, text


def joined(items: Sequence[str], word: str = "and") -> str:
    """Return items as a list in the present language.

    Args:
        items: in their order.
        word: before the last of them, ``and`` or ``or``.
    """
    if len(items) < 2:
        return "".join(items)
    last = text("{all} and {last}") if word == "and" else text("{all} or {last}")
    return last.format(all=", ".join(items[:-1]), last=items[-1])


_COUNTED: Mapping[str, Callable[[int], str]] = {
    "block": lambda number: plural("{count} block", "{count} blocks", number),
    "cause": lambda number: plural("{count} cause", "{count} causes", number),
    "cell": lambda number: plural("{count} cell", "{count} cells", number),
    "coded change": lambda number: plural("{count} coded change", "{count} coded changes", number),
    "coefficient": lambda number: plural("{count} coefficient", "{count} coefficients", number),
    "draw": lambda number: plural("{count} draw", "{count} draws", number),
    "event": lambda number: plural("{count} event", "{count} events", number),
    "factor": lambda number: plural("{count} factor", "{count} factors", number),
    "fitted coefficient": lambda number: plural(
        "{count} fitted coefficient", "{count} fitted coefficients", number
    ),
    "judgement": lambda number: plural("{count} judgement", "{count} judgements", number),
    "line": lambda number: plural("{count} line", "{count} lines", number),
    "month": lambda number: plural("{count} month", "{count} months", number),
    "number": lambda number: plural("{count} number", "{count} numbers", number),
    "observation": lambda number: plural("{count} observation", "{count} observations", number),
    "point": lambda number: plural("{count} point", "{count} points", number),
    "recoding": lambda number: plural("{count} recoding", "{count} recodings", number),
    "run": lambda number: plural("{count} run", "{count} runs", number),
    "scale": lambda number: plural("{count} scale", "{count} scales", number),
    "scenario": lambda number: plural("{count} scenario", "{count} scenarios", number),
    "theory": lambda number: plural("{count} theory", "{count} theories", number),
}


def counted(number: int, thing: str) -> str:
    """Return a number of things, with the plural where it is due.

    Args:
        number: how many.
        thing: what, in the singular and in English; what is not in the table stays English.
    """
    if thing in _COUNTED:
        return _COUNTED[thing](number).format(count=number)
    return f"{number} {thing}" if number == 1 else f"{number} {thing}s"


def plain_spaces(said: str) -> str:
    """Return text with ordinary spaces in place of those that do not break."""
    return said.replace("\u00a0", " ")
