"""Mutations that keep a document's structure: deleted, replaced, renamed, copied, grafted.

A mutation is made from choices. Each engine makes these in its own way, so that the same mutations
are steered by coverage (atheris) or spread over all kinds of values (hypothesis).
"""

from __future__ import annotations

import datetime
import pickle
from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

Path = tuple[Any, ...]

ODD: tuple[Any, ...] = (
    None, True, False, 0, 1, -1, 2, 0.5, -0.5, 1.0, 1e-300, 1e308, 1e400, float("nan"),
    float("inf"), 2**31, 2**63, 2**64, 10**30, 10**4000, "", " ", "\n", "\0", "\x1b[31m", "\u202e",
    "\ud800", "<script>", "{{7*7}}", "[red]", "ALFA", "BRAVO", "CHARLIE", "ALFA-BRAVO", "wedge",
    "cohesion", "effect", "2030-05", "2031-07", "0000-00", "9999-12", datetime.date(2030, 5, 1),
    datetime.time(1, 2), datetime.datetime(2030, 5, 1, 2, 3), [], {}, [[]], [{}], {"": {}},
    {"value": 0.5}, {"value": {"value": 0.5}}, {"value": 0.5, "source": "x", "basis": "coded"},
    "../x", "/etc/passwd", "~", "a" * 300, "linear", "log", "grid", "sobol", "latin-hypercube",
    ["ALFA", "BRAVO"], ["a=1"], ["time.months=3"], "full", "default", [1, 2], ["2030-05", "x"],
)  # fmt: skip
"""Values that readers may stumble over."""


class Step(NamedTuple):
    """One mutation: what is done, where, with which value, and from where something is grafted."""

    kind: int
    path: int
    value: Any
    other: int


class Stock:
    """A valid document, its paths, and how it is mutated.

    Attributes:
        paths: key paths of everything in the document, list items included.
    """

    def __init__(self, document: dict[str, Any]) -> None:
        """Keep a document."""
        self._kept = pickle.dumps(document)
        self.paths = tuple(_paths(document, ()))

    def mutated(self, steps: Sequence[Step]) -> dict[str, Any]:
        """Return the document after some steps."""
        document = pickle.loads(self._kept)
        for step in steps:
            KINDS[step.kind](document, self.paths[step.path], step.value, self.paths[step.other])
        return dict(document)


def _paths(found: Any, before: Path) -> list[Path]:
    """Return the paths of all that lies within."""
    inner = found.items() if isinstance(found, dict) else enumerate(found)
    paths = []
    for key, value in inner:
        paths.append((*before, key))
        if isinstance(value, dict | list):
            paths += _paths(value, (*before, key))
    return paths


def _held(document: Any, path: Path) -> Any:
    """Return what holds a path's last key; something unconnected where it has gone."""
    found = document
    for key in path[:-1]:
        try:
            found = found[key]
        except (KeyError, IndexError, TypeError):
            return {}
    return found if isinstance(found, dict | list) else {}


def _put(held: Any, key: Any, value: Any) -> None:
    """Put a value where there is a place of that key."""
    if isinstance(held, dict) or (isinstance(key, int) and key < len(held)):
        held[key] = value


def _delete(document: Any, path: Path, _value: Any, _other: Path) -> None:
    held = _held(document, path)
    if isinstance(held, dict):
        held.pop(path[-1], None)
    elif isinstance(path[-1], int) and path[-1] < len(held):
        del held[path[-1]]


def _replace(document: Any, path: Path, value: Any, _other: Path) -> None:
    _put(_held(document, path), path[-1], value)


def _rename(document: Any, path: Path, value: Any, _other: Path) -> None:
    held = _held(document, path)
    if isinstance(held, dict) and path[-1] in held:
        held[str(value)[:80]] = held.pop(path[-1])


def _add(document: Any, path: Path, value: Any, other: Path) -> None:
    held = _held(document, path)
    if isinstance(held, dict):
        held[str(other[-1])] = value
    else:
        held.append(value)


def _graft(document: Any, path: Path, _value: Any, other: Path) -> None:
    held, source = _held(document, path), _held(document, other)
    try:
        found = pickle.loads(pickle.dumps(source[other[-1]]))
    except (KeyError, IndexError, TypeError):
        return
    _put(held, path[-1], found)


def _repeat(document: Any, path: Path, _value: Any, other: Path) -> None:
    held = _held(document, path)
    found = held.get(path[-1]) if isinstance(held, dict) else None
    if isinstance(found, list | str) and len(found) > 200:
        return
    if isinstance(found, list):
        held[path[-1]] = found * 20
    elif isinstance(found, dict):
        held.update({f"{other[-1]}{place}": found for place in range(3)})
    elif isinstance(found, str):
        held[path[-1]] = found * 20


KINDS: tuple[Callable[[Any, Path, Any, Path], None], ...] = (
    _replace, _delete, _rename, _add, _graft, _replace, _repeat,
)  # fmt: skip
