"""From files and ``--set`` to one validated scenario, with every problem reported at once.

Neither ranges nor rules stand here: schema has the first, rules the second.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from alliancesim.scenario import library, rules
from alliancesim.scenario.explanation import explain, type_at
from alliancesim.scenario.limits import (
    DEEPEST,
    LONGEST_CHAIN,
    read_bounded,
    refuse_endless_keys,
    refuse_excess,
)
from alliancesim.scenario.problems import MOST_PROBLEMS, InputError, Problem, nearest, shown
from alliancesim.scenario.quantities import Quantity
from alliancesim.scenario.schema import Scenario

KeyPath = tuple[str, ...]


@dataclass(frozen=True)
class Loaded:
    """A validated scenario and where it came from.

    Attributes:
        name: stem of its file.
        scenario: the scenario, ``extends`` and ``--set`` resolved.
        files: its file and those it extends, nearest first.
        document: the merged document, as plain data.
    """

    name: str
    scenario: Scenario
    files: tuple[Path, ...]
    document: dict[str, Any]


class _Merger:
    """Merges documents, the nearest first, and remembers which file each key came from."""

    def __init__(self) -> None:
        self.document: dict[str, Any] = {}
        self.origins: dict[KeyPath, str] = {}

    def add_parent(self, document: Mapping[str, Any], file: str) -> None:
        """Fill in from a farther document what nearer ones have left open."""
        self._fill(self.document, document, file, ())

    def overwrite(self, keys: KeyPath, value: Any, file: str) -> None:
        """Set one key, whatever is there."""
        table = self.document
        for key in keys[:-1]:
            inner = table.get(key)
            if not isinstance(inner, dict):
                inner = {}
            table[key] = inner
            table = inner
        table[keys[-1]] = value
        self.origins[keys] = file

    def origin(self, keys: KeyPath) -> str:
        """Return the file of a key, or of the nearest table around it."""
        for length in range(len(keys), 0, -1):
            if keys[:length] in self.origins:
                return self.origins[keys[:length]]
        return self.origins.get((), "")

    def _fill(self, near: dict[str, Any], far: Mapping[str, Any], file: str, path: KeyPath) -> None:
        for key, value in far.items():
            here = (*path, key)
            if key not in near:
                near[key] = _copied(value)
                self.origins[here] = file
                self._mark(value, file, here)
            elif (
                isinstance(near[key], dict) and isinstance(value, Mapping) and not _is_number(here)
            ):
                self._fill(near[key], value, file, here)

    def _mark(self, value: Any, file: str, path: KeyPath) -> None:
        if isinstance(value, Mapping):
            for key, inner in value.items():
                self.origins[(*path, key)] = file
                self._mark(inner, file, (*path, key))


def _is_number(path: KeyPath) -> bool:
    """Say whether a key path leads to a number, which a table with its source stands for."""
    found = type_at(path, Scenario)
    return found is not None and issubclass(found, Quantity)


def _copied(value: Any) -> Any:
    """Return a deep copy of plain data."""
    if isinstance(value, Mapping):
        return {key: _copied(inner) for key, inner in value.items()}
    return list(value) if isinstance(value, list) else value


def read_document(path: Path) -> dict[str, Any]:
    """Read one TOML file.

    Raises:
        InputError: if it cannot be read or is not TOML.
    """
    try:
        text = read_bounded(path).decode("utf-8")
        refuse_endless_keys(text, str(path))
        document = tomllib.loads(text)
    except OSError as error:
        why = error.strerror or str(error)
        raise InputError([Problem(str(path), "", "", f"a readable file ({why})")]) from None
    except UnicodeDecodeError as error:
        where = f"UTF-8 text (byte {error.start} is not)"
        raise InputError([Problem(str(path), "", "", where)]) from None
    except ValueError as error:  # TOMLDecodeError, and a whole number of more than 4300 digits
        raise InputError(
            [Problem(str(path), "", "", f"valid TOML ({error}){_cause(error)}")]
        ) from None
    except RecursionError:
        raise InputError([Problem(str(path), "", "", "TOML nested less deeply")]) from None
    refuse_excess(document, str(path))
    return document


def _cause(error: ValueError) -> str:
    """Return what is likely to be behind what a reader of TOML complains of, or nothing."""
    unquoted = ("Illegal character '\\n'", "Unterminated string", "Invalid value")
    return "; a quotation mark may be missing" if str(error).startswith(unquoted) else ""


def _chain(path: Path) -> list[tuple[Path, dict[str, Any]]]:
    """Return a file's document and those it extends, nearest first, without ``extends``."""
    chain: list[tuple[Path, dict[str, Any]]] = []
    seen: list[Path] = []
    current: Path | None = path
    while current is not None:
        document = read_document(current)
        seen.append(current.resolve())
        parent_name = document.pop("extends", None)
        chain.append((current, document))
        if parent_name is None:
            return chain
        current = _parent(parent_name, current, seen)
    return chain


def _parent(name: Any, child: Path, seen: Sequence[Path]) -> Path:
    """Return the file a child extends.

    Raises:
        InputError: if there is none, or the chain runs in a circle or too long.
    """
    expected = "the name of a scenario file in the same folder or of a shipped scenario"
    if not isinstance(name, str):
        raise InputError([Problem(str(child), "extends", shown(name), expected)])
    parent = library.find_parent(name, child)
    if parent is None:
        names = [*library.SCENARIOS.names(), *(file.stem for file in child.parent.glob("*.toml"))]
        hint = nearest(name, (known for known in names if known != child.stem))
        raise InputError([Problem(str(child), "extends", shown(name), expected, hint)])
    if parent.resolve() in seen or len(seen) >= LONGEST_CHAIN:
        circle = f"a chain of at most {LONGEST_CHAIN} files that does not come back to itself"
        raise InputError([Problem(str(child), "extends", shown(name), circle)])
    return parent


def parse_setting(text: str) -> tuple[KeyPath, Any]:
    """Return key path and value of a ``key=value`` from the command line.

    The value is read as TOML; what is not TOML is taken as text.

    Raises:
        InputError: if there is no ``=`` or no key, or if key or value is beyond all limits.
    """
    key, equals, raw = text.partition("=")
    keys = tuple(part.strip() for part in key.split("."))
    if not equals or not all(keys):
        raise InputError([Problem("--set", "", shown(text), "key=value, with a dotted key")])
    if len(keys) > DEEPEST:
        expected = f"a key of at most {DEEPEST} parts"
        raise InputError([Problem("--set", "", shown(text), expected)])
    refuse_endless_keys(raw, "--set")
    try:
        parsed = tomllib.loads(f"value = {raw}")
    except (ValueError, RecursionError):
        return keys, raw
    refuse_excess(parsed, "--set")
    return keys, parsed["value"] if list(parsed) == ["value"] else raw


def load(reference: str, settings: Sequence[str] = (), without: Sequence[str] = ()) -> Loaded:
    """Read, merge and validate a scenario.

    Args:
        reference: name of a shipped scenario, or a path.
        settings: ``key=value`` texts that override the file.
        without: names of mechanisms to switch off.

    Returns:
        The scenario and where it came from.

    Raises:
        InputError: with every problem found.
    """
    path = library.SCENARIOS.find(reference)
    chain = _chain(path)
    merger = _Merger()
    merger.origins[()] = str(path)
    for file, document in chain:
        merger.add_parent(document, str(file))
    for text in settings:
        keys, value = parse_setting(text)
        merger.overwrite(keys, value, "--set")
    if without:
        before = merger.document.get("without", [])
        switched = [*(before if isinstance(before, list) else []), *without]
        merger.overwrite(("without",), switched, "--without")
    scenario = validate(merger.document, merger)
    return Loaded(path.stem, scenario, tuple(file for file, _ in chain), merger.document)


def validate(document: dict[str, Any], merger: _Merger) -> Scenario:
    """Validate a merged document.

    Raises:
        InputError: with every problem found.
    """
    try:
        scenario = Scenario.model_validate(document)
    except ValidationError as error:
        found = explain(error, merger.origin)
        raise InputError([*found, *_further_problems(document, error, merger)]) from None
    problems = _broken_rules(scenario, merger)
    if problems:
        raise InputError(problems)
    return scenario


def _broken_rules(scenario: Scenario, merger: _Merger) -> list[Problem]:
    """Return the rules across tables that a scenario breaks."""
    return [
        Problem(merger.origin(found.keys), ".".join(found.keys), *found.words)
        for found in rules.broken_rules(scenario)
    ]


def _further_problems(
    document: dict[str, Any], error: ValidationError, merger: _Merger
) -> list[Problem]:
    """Return the broken rules of what remains when the keys already complained of are left out.

    So that one slip in spelling does not hide a wrong date until the next attempt.
    """
    errors = error.errors(include_url=False, include_input=False, include_context=False)
    if len(errors) > MOST_PROBLEMS:
        return []
    rest = _copied(document)
    for item in errors:
        keys = [str(part) for part in item["loc"] if part != "[key]"]
        if item["type"] == "missing":
            keys = keys[:-1]
        table: Any = rest
        for key in keys[:-1]:
            table = table.get(key, {}) if isinstance(table, dict) else {}
        if isinstance(table, dict) and keys:
            table.pop(keys[-1], None)
    try:
        return _broken_rules(Scenario.model_validate(rest), merger)
    except ValidationError:
        return []


def from_document(document: dict[str, Any], file: str) -> Scenario:
    """Validate a document that is already merged, such as one kept with results.

    Args:
        document: plain data.
        file: what to call its origin in messages.

    Raises:
        InputError: with every problem found.
    """
    refuse_excess(document, file)
    merger = _Merger()
    merger.origins[()] = file
    merger.add_parent(document, file)
    return validate(merger.document, merger)
