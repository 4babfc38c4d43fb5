"""Whether two experiments are one and the same, and if not, what differs.

Whether the numbers agree is not asked here, but by verification.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from alliancesim.scenario.problems import InputError, Problem, shown

KIND = "experiment"

_IDENTITY = ("experiment", "scenario", "posterior", "part_points", "outcomes")
_WORDS = {"title", "question", "story", "learn", "finding", "label", "unit"}
_WORDS |= {"source", "sources", "basis", "what", "name", "about"}
"""Keys that hold words; no number depends on them."""

_MOST = 8


def check_same(kept: Mapping[str, Any], wanted: Mapping[str, Any], folder: Path) -> None:
    """Refuse to go on with another experiment than the one that a folder holds.

    Args:
        kept: manifest in the folder.
        wanted: manifest of what is asked for.
        folder: where the first one lies.

    Raises:
        InputError: naming the numbers that differ, as far as they can be told.
    """
    if kept.get("kind") != KIND:
        kind = str(kept.get("kind"))
        raise InputError([Problem(str(folder), "kind", kind, "results of an experiment")])
    before, after = (manifest.get("digest") for manifest in (kept, wanted))
    if before == after:
        return
    found = [
        (f"{key}.{where}" if where else key, *values)
        for key in _IDENTITY
        for where, *values in differences(kept.get(key), wanted.get(key))
    ]
    found += [
        (f"digest.{where}", *values)
        for where, *values in differences(before, after)
        if where == "law" or not found
    ]
    hidden = len(found) - _MOST
    more = f" ({hidden} more differ)" if hidden > 0 else ""
    raise InputError(
        Problem(
            str(folder),
            where,
            "left out" if after is None else shown(after),
            f"{'nothing' if before is None else shown(before)}, as in the sweep that is to be "
            f"resumed; a changed experiment needs a folder of its own, --out{more}",
        )
        for where, before, after in found[:_MOST]
    )


def differences(before: Any, after: Any) -> Iterator[tuple[str, Any, Any]]:
    """Yield the dotted key, the old and the new value wherever plain data differ in a number."""
    if isinstance(before, Mapping) and isinstance(after, Mapping):
        for key in [*before, *(key for key in after if key not in before)]:
            if key in _WORDS:
                continue
            for where, old, new in differences(before.get(key), after.get(key)):
                yield f"{key}.{where}" if where else str(key), old, new
    elif before != after:
        yield "", before, after
