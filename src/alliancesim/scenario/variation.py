"""One scenario with some of its keys changed, as sweeps need it thousands of times.

What is wrong within a changed scenario is not told here: reading is asked for it anew.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pydantic import ValidationError

from alliancesim.scenario import rules
from alliancesim.scenario.limits import DEEPEST
from alliancesim.scenario.problems import InputError, Problem
from alliancesim.scenario.reading import KeyPath, Loaded, from_document
from alliancesim.scenario.schema import Scenario


def varied(loaded: Loaded, changes: Mapping[KeyPath, Any]) -> Scenario:
    """Return the scenario that ``--set`` with these keys and values would give.

    The whole merged document is validated again, as for any other scenario; only its files are not
    read again.

    Args:
        loaded: the scenario.
        changes: new values, plain data, by key path; no path leads through another.

    Raises:
        InputError: with every problem found; its files are called ``--set``.
    """
    for keys in changes:
        if len(keys) > DEEPEST:
            expected = f"a key of at most {DEEPEST} parts"
            raise InputError([Problem("--set", "", ".".join(keys), expected)])
    document = _overlaid(loaded.document, _tree(changes))
    try:
        scenario = Scenario.model_validate(document)
        if not rules.broken_rules(scenario):
            return scenario
    except ValidationError:
        pass
    return from_document(document, "--set")  # says in words what is wrong


def _tree(changes: Mapping[KeyPath, Any]) -> dict[str, Any]:
    """Return changes as nested tables."""
    tree: dict[str, Any] = {}
    for keys, value in changes.items():
        table = tree
        for key in keys[:-1]:
            table = table.setdefault(key, {})
        table[keys[-1]] = value
    return tree


def _overlaid(document: Any, tree: Mapping[str, Any]) -> dict[str, Any]:
    """Return a document with changes laid over it; what does not change is shared."""
    found = dict(document) if isinstance(document, Mapping) else {}
    for key, value in tree.items():
        found[key] = _overlaid(found.get(key), value) if isinstance(value, dict) else value
    return found
