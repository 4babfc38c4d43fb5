"""Limits of what is read at all, so that no file overwhelms what reads it."""

from __future__ import annotations

from typing import Any

from alliancesim.scenario.problems import InputError, Problem

LARGEST_FILE = 1_000_000
"""Largest scenario file read, in bytes."""

LONGEST_CHAIN = 16
"""Longest chain of ``extends``."""

DEEPEST = 16
"""Most tables and lists inside one another; a valid scenario has five."""

WIDEST = 64
"""Most bits of a whole number, as TOML has it."""


def refuse_excess(data: Any, file: str) -> None:
    """Refuse plain data nested too deeply, and whole numbers too large.

    Args:
        data: tables, lists and values.
        file: what to call their origin in messages.

    Raises:
        InputError: with the first place found.
    """
    waiting: list[tuple[tuple[str, ...], Any]] = [((), data)]
    while waiting:
        keys, value = waiting.pop()
        if isinstance(value, int) and value.bit_length() >= WIDEST:
            expected = f"a whole number of at most {WIDEST} bits"
            raise InputError([Problem(file, ".".join(keys), "larger", expected)])
        if not isinstance(value, dict | list):
            continue
        if len(keys) >= DEEPEST:
            expected = f"tables and lists nested at most {DEEPEST} deep"
            raise InputError([Problem(file, ".".join(keys), "nested deeper", expected)])
        inner = value.items() if isinstance(value, dict) else enumerate(value)
        waiting += [((*keys, str(key)), held) for key, held in inner]
