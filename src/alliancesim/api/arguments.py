"""What the interface's functions are given: checked, made plain, and complained of in words.

Whether a scenario has such a key is not asked here: who checks files checks that too.
"""

from __future__ import annotations

import contextlib
import datetime
import json
import operator
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import pairwise
from typing import Any

import numpy as np

from alliancesim.ensemble import MOST_RUNS
from alliancesim.scenario.problems import InputError, Problem, nearest, shown
from alliancesim.scenario.reading import KeyPath
from alliancesim.scenario.schema import MOST_MONTHS

_LIMITS = {"runs": (1, MOST_RUNS), "seed": (0, 2**64 - 1), "months": (1, MOST_MONTHS)}


@contextlib.contextmanager
def in_words() -> Iterator[None]:
    """Name what is wrong as arguments are called in Python: ``set`` where a shell has ``--set``."""
    try:
        yield
    except InputError as error:
        raise InputError(
            replace(problem, file=problem.file.removeprefix("--")) for problem in error.problems
        ) from None


def names_in(given: str | Iterable[str]) -> tuple[str, ...]:
    """Return names, where a single one may stand without a list around it.

    Raises:
        InputError: if it is neither.
    """
    if not isinstance(given, Iterable):
        raise InputError([Problem("names", "", shown(given), "a name, or a list of names")])
    return (given,) if isinstance(given, str) else tuple(given)


def setting_texts(settings: Mapping[str, Any] | None) -> tuple[str, ...]:
    """Return settings as the ``key=value`` texts that ``--set`` takes.

    Args:
        settings: values by dotted key: numbers, text, true or false, months, lists or tables;
            those of numpy included.

    Raises:
        InputError: with every key and value that cannot be set.
    """
    given = dict(settings or {})
    key_paths(given)
    return tuple(f"{key}={_toml(value)}" for key, value in plain_values(given).items())


def key_paths(keys: Iterable[Any]) -> list[KeyPath]:
    """Return dotted keys as paths.

    Raises:
        InputError: if a key is none, is given twice, or leads through another.
    """
    given = list(keys)
    problems = [
        Problem("set", "", shown(key), 'a dotted key, such as "coefficients.spillover"')
        for key in given
        if not isinstance(key, str) or "=" in key or not all(p.strip() for p in key.split("."))
    ]
    if problems:
        raise InputError(problems)
    paths = [tuple(part.strip() for part in key.split(".")) for key in given]
    for one, other in pairwise(sorted(paths)):
        if other[: len(one)] == one:
            expected = f"a key apart from {'.'.join(one)}, which is given as well"
            problems.append(Problem("set", ".".join(other), "", expected))
    if problems:
        raise InputError(problems)
    return paths


def plain_values(settings: Mapping[str, Any]) -> dict[str, Any]:
    """Return settings with values as a file would hold them.

    Raises:
        InputError: with every value that no file could hold.
    """
    found, problems = {}, []
    for key, value in settings.items():
        try:
            found[key] = plain(value)
        except TypeError as error:
            problems.append(Problem("set", key, shown(value), str(error)))
    if problems:
        raise InputError(problems)
    return found


def plain(value: Any) -> Any:
    """Return a value as a TOML file would hold it.

    Raises:
        TypeError: saying what would do, if no file could hold it.
    """
    if isinstance(value, np.generic | np.ndarray):
        return value.tolist()
    if isinstance(value, bool | int | float | str | datetime.date):
        return value
    if isinstance(value, Mapping):
        return {str(key): plain(inner) for key, inner in value.items()}
    if isinstance(value, Iterable):
        return [plain(inner) for inner in value]
    raise TypeError("a number, a text, true or false, a month, or a list or table of these")


def whole_numbers(**given: object) -> dict[str, Any]:
    """Return ``runs``, ``seed`` and ``months`` as whole numbers; months may be None.

    Raises:
        InputError: with every one that is none, or out of its range.
    """
    found: dict[str, Any] = {}
    problems = []
    for name, value in given.items():
        low, high = _LIMITS[name]
        number = None if isinstance(value, bool) else _index(value)
        if name == "months" and value is None:
            found[name] = None
        elif number is None or not low <= number <= high:
            expected = f"a whole number from {low} to {high}"
            problems.append(Problem(name, "", shown(value), expected))
        else:
            found[name] = number
    if problems:
        raise InputError(problems)
    return found


def check_choice(name: str, value: object, choices: Sequence[str]) -> None:
    """Refuse a value that is none of the choices.

    Raises:
        InputError: naming the argument and the nearest choice.
    """
    if value not in choices:
        hint = nearest(str(value), choices)
        raise InputError([Problem(name, "", shown(value), "one of " + ", ".join(choices), hint)])


def _index(value: Any) -> int | None:
    """Return a whole number of any kind, numpy's included, or None if it is none."""
    try:
        return operator.index(value)
    except TypeError:
        return None


def _toml(value: Any) -> str:
    """Return plain data as a TOML value on one line."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")
    if isinstance(value, datetime.date):
        return value.isoformat()
    if isinstance(value, list):
        return f"[{', '.join(map(_toml, value))}]"
    if isinstance(value, dict):
        return f"{{{', '.join(f'{_toml(key)} = {_toml(v)}' for key, v in value.items())}}}"
    return repr(value)
