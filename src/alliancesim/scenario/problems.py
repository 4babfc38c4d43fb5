"""What is wrong with a file, in words: file, key, value, what was expected, nearest valid name.

Nothing is judged here: whoever reads a file finds what is wrong with it, and the command line
prints it and chooses the exit code.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from typing import Any

from alliancesim.scenario.printable import printable

MOST_PROBLEMS = 100
"""Most problems of one kind that are named one by one; of the others the number is told."""

_LONGEST_VALUE = 60
_LONGEST_PART = 400
_LONGEST_NAME = 200


@dataclass(frozen=True)
class Problem:
    """One thing that is wrong with an input.

    Attributes:
        file: path of the file, or what stands in for it, such as ``--set``.
        key: dotted path of the key, empty for the file as a whole.
        value: what was found there, empty if nothing was.
        expected: what would have been right.
        suggestion: nearest valid name for a misspelt one, or empty.
    """

    file: str
    key: str
    value: str
    expected: str
    suggestion: str = ""

    def __str__(self) -> str:
        """Return the problem as one line of a bearable length that steers no terminal."""
        key, value = _cut(self.key), _cut(self.value)
        where = f"{self.file}: {key}" if key else self.file
        found = f" is {value}" if value else ""
        hint = f" Did you mean {_cut(self.suggestion)!r}?" if self.suggestion else ""
        line = f"{where}{found}: expected {_cut(self.expected, 2 * _LONGEST_PART)}.{hint}"
        return printable(line).replace("\n", "\\n")

    def as_dict(self) -> dict[str, str]:
        """Return the problem for machine-readable output."""
        return asdict(self)


class InputError(Exception):
    """The user's input is wrong; carries every problem found, not just the first."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        """Keep the problems; there is at least one."""
        self.problems = tuple(problems)
        super().__init__("\n".join(str(problem) for problem in self.problems))


def _cut(text: str, longest: int = _LONGEST_PART) -> str:
    """Return a text, its middle left out where it is too long."""
    half = longest // 2
    return text if len(text) <= longest else f"{text[:half]} … {text[-half:]}"


def nearest(name: str, valid: Iterable[str]) -> str:
    """Return the valid name most like ``name``, or an empty text if none is near.

    What is too long for a name is compared with none, since that takes minutes.
    """
    if len(name) > _LONGEST_NAME:
        return ""
    candidates = [candidate for candidate in valid if len(candidate) <= _LONGEST_NAME]
    lowered = {candidate.lower(): candidate for candidate in reversed(candidates)}
    matches = difflib.get_close_matches(name.lower(), lowered, n=1, cutoff=0.6)
    return lowered[matches[0]] if matches else ""


def shown(value: Any) -> str:
    """Return a value as TOML-like text, cut to a readable length."""
    text = ("true" if value else "false") if isinstance(value, bool) else repr(value)
    return text if len(text) <= _LONGEST_VALUE else text[: _LONGEST_VALUE - 1] + "…"
