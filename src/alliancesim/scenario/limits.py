"""Limits of what is read at all, so that no file overwhelms what reads it.

Not what a scenario may say, which is the schema's: these limits hold for any file before anybody
knows what it is.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from alliancesim.scenario.printable import steers
from alliancesim.scenario.problems import InputError, Problem, shown

LARGEST_FILE = 1_000_000
"""Largest scenario file read, in bytes."""

LONGEST_CHAIN = 16
"""Longest chain of ``extends``."""

DEEPEST = 16
"""Most tables and lists inside one another; a valid scenario has five."""

WIDEST = 64
"""Most bits of a whole number, as TOML has it."""


_PLAIN = "text without control characters or reversals of writing direction"
_PART = r"""(?:[\w-]++|"[^"\n]*+"|'[^'\n]*+')[ \t]*+\.[ \t]*+"""
_ENDLESS_KEY = re.compile(rf"(?<![\w-])(?:{_PART}){{{4 * DEEPEST}}}")


def read_bounded(path: Path, largest: int = LARGEST_FILE) -> bytes:
    """Return a file's bytes; no more are read than allowed, whatever its size is said to be.

    Args:
        path: the file.
        largest: most bytes.

    Raises:
        InputError: if it is larger.
        OSError: if it cannot be read.
    """
    with path.open("rb") as stream:
        content = stream.read(largest + 1)
    if len(content) > largest:
        raise InputError([Problem(str(path), "", "larger", f"a file of at most {largest} bytes")])
    return content


def refuse_endless_keys(text: str, file: str) -> None:
    """Refuse TOML with a key of very many parts, in whose number the time to read it is quadratic.

    Args:
        text: the file.
        file: what to call it in messages.

    Raises:
        InputError: if there is such a key.
    """
    if _ENDLESS_KEY.search(text):
        expected = f"TOML nested less deeply: keys of at most {DEEPEST} parts"
        raise InputError([Problem(file, "", "", expected)])


def refuse_excess(data: Any, file: str) -> None:
    """Refuse plain data nested too deeply, whole numbers too large, and text that steers terminals.

    Args:
        data: tables, lists and values.
        file: what to call their origin in messages.

    Raises:
        InputError: with the first place found.
    """
    waiting: list[tuple[tuple[str, ...], dict[str, Any] | list[Any]]] = [((), data)]
    while waiting:
        keys, table = waiting.pop()
        inner = table.items() if isinstance(table, dict) else enumerate(table)
        for key, value in inner:
            if isinstance(value, dict | list):
                if len(keys) + 1 >= DEEPEST:
                    expected = f"tables and lists nested at most {DEEPEST} deep"
                    raise InputError([Problem(file, _dotted(keys, key), "nested deeper", expected)])
                waiting.append(((*keys, str(key)), value))
            elif isinstance(value, str):
                if steers(value):
                    raise InputError([Problem(file, _dotted(keys, key), shown(value), _PLAIN)])
            elif isinstance(value, int) and value.bit_length() >= WIDEST:
                expected = f"a whole number of at most {WIDEST} bits"
                raise InputError([Problem(file, _dotted(keys, key), "larger", expected)])
            if isinstance(key, str) and steers(key):
                raise InputError([Problem(file, _dotted(keys, key), "a key", _PLAIN)])


def _dotted(keys: tuple[str, ...], key: Any) -> str:
    """Return a key path as one text."""
    return ".".join((*keys, str(key)))
