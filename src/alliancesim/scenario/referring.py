"""Files that name a scenario, such as experiments: what they set and where their keys come from.

What such a file says of its own is not known here; each kind has a schema and a reading of its own
that call this one.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from pathlib import Path
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from alliancesim.scenario import library
from alliancesim.scenario.explanation import explain
from alliancesim.scenario.problems import InputError, Problem
from alliancesim.scenario.reading import KeyPath, parse_setting
from alliancesim.scenario.rules import Broken

_File = TypeVar("_File", bound=BaseModel)


def laid_over(
    document: dict[str, Any], settings: Sequence[str], own: Collection[str]
) -> tuple[set[KeyPath], list[str]]:
    """Lay settings over a document, in place, where their first key is one of its own.

    Args:
        document: of an experiment, or of another file that names a scenario.
        settings: ``key=value`` texts.
        own: keys at the top of such a document.

    Returns:
        The keys that are set, and the settings of other keys, which are the scenario's.

    Raises:
        InputError: if a text is no setting.
    """
    overridden: set[KeyPath] = set()
    others = []
    for text in settings:
        keys, value = parse_setting(text)
        if keys[0] not in own:
            others.append(text)
            continue
        table = document
        for key in keys[:-1]:
            inner = table.get(key)
            table[key] = dict(inner) if isinstance(inner, Mapping) else {}
            table = table[key]
        table[keys[-1]] = value
        overridden.add(keys)
    return overridden, others


def scenario_file(name: str, path: Path) -> Path:
    """Return the file of the scenario that a file names: a sibling, or a shipped one.

    Args:
        name: of the scenario, or a path that ends in ``.toml``.
        path: the file that names it, such as an experiment's.

    Raises:
        InputError: if there is none.
    """
    found = library.find_parent(name, path)
    if found is None and name.endswith(".toml") and (path.parent / name).is_file():
        found = path.parent / name
    if found is not None:
        return found
    expected = (
        "the name of a shipped scenario or of one in the same folder, or a path from there"
        " that ends in .toml"
    )
    hint = library.nearest_scenario(name, path.parent)
    raise InputError([Problem(str(path), "scenario", repr(name), expected, hint)])


def origin(keys: KeyPath, path: Path, overridden: set[KeyPath]) -> str:
    """Return where a key was set: in the file or on the command line.

    Args:
        keys: the key.
        path: the file.
        overridden: keys that the command line sets.
    """
    return "--set" if any(keys[: len(found)] == found for found in overridden) else str(path)


def problems_of(broken: Sequence[Broken], path: Path, overridden: set[KeyPath]) -> list[Problem]:
    """Return broken rules as problems, each once.

    Args:
        broken: the rules.
        path: the file that breaks them, where the command line does not.
        overridden: keys that the command line sets.
    """
    found = (
        Problem(origin(rule.keys, path, overridden), ".".join(rule.keys), *rule.words)
        for rule in broken
    )
    return list(dict.fromkeys(found))


def validated(
    document: Mapping[str, Any], path: Path, overridden: set[KeyPath], model: type[_File]
) -> _File:
    """Return the file that a document is.

    Args:
        document: the file's tables, settings laid over them.
        path: the file.
        overridden: keys that the command line sets.
        model: what such a file must be.

    Raises:
        InputError: with every problem found, those of its scenario's name included.
    """
    try:
        return model.model_validate(document)
    except ValidationError as error:
        found = explain(error, lambda keys: origin(keys, path, overridden), model)
        name = document.get("scenario")
        if isinstance(name, str):
            try:
                scenario_file(name, path)
            except InputError as further:
                found += further.problems
        raise InputError(found) from None
