"""From pydantic's errors to problems in the words of a scenario file.

Only pydantic's errors come here; what one table says against another is complained of in rules.
"""

from __future__ import annotations

import types
import typing
from collections.abc import Callable
from typing import Any

from pydantic import BaseModel, ValidationError

from alliancesim.arrays import OUTCOMES
from alliancesim.scenario.problems import MOST_PROBLEMS, Problem, nearest, shown
from alliancesim.scenario.schema import Scenario

_NAME_HINT = {
    "actors": "an actor's name: a letter, then letters, digits or _ (at most 32)",
    "dyads": 'a pair written "OF-TOWARD" with two actors\' names',
}
_LABEL_HINT = "a label of small letters, digits and hyphens"
_PLAIN = {
    "dict_type": "a table",
    "list_type": "a list",
    "string_type": "text",
    "bool_type": "true or false",
    "int_type": "a whole number",
    "float_type": "a number",
    "finite_number": "a finite number",
    "string_too_short": "a text that is not empty",
    "too_short": "at least {bound} entries",
    "too_long": "at most {bound} entries",
}


def explain(
    error: ValidationError,
    origin: Callable[[tuple[str, ...]], str],
    root: type[BaseModel] = Scenario,
) -> list[Problem]:
    """Return one problem per error, in the order of the file's keys; the first hundred and a count.

    Args:
        error: what pydantic found.
        origin: returns the file of a key path.
        root: the model of the file as a whole.
    """
    problems = []
    found = error.errors(include_url=False)
    for item in found[:MOST_PROBLEMS]:
        keys = tuple(str(part) for part in item["loc"] if part != "[key]")
        bad_key = "[key]" in item["loc"]
        problems.append(_problem(keys, bad_key, dict(item), origin, root))
    if len(found) > MOST_PROBLEMS:
        value = f"wrong in {len(found) - MOST_PROBLEMS:,} more places"
        problems.append(Problem(origin(()), "", value, "a file right in all of them"))
    return list(dict.fromkeys(problems))


def _problem(
    keys: tuple[str, ...],
    bad_key: bool,
    item: dict[str, Any],
    origin: Callable[[tuple[str, ...]], str],
    root: type[BaseModel],
) -> Problem:
    file, path = origin(keys), ".".join(keys)
    kind = item["type"]
    if bad_key:
        return Problem(file, path, "", _NAME_HINT.get(keys[0], _LABEL_HINT))
    if kind == "missing":
        return Problem(origin(keys[:-1]), path, "missing", _purpose(keys, root))
    if kind == "extra_forbidden":
        valid = list(_fields(type_at(keys[:-1], root)))
        return Problem(
            file,
            path,
            "unknown",
            "one of " + ", ".join(valid) if valid else "no key here",
            nearest(keys[-1], valid),
        )
    value = item["input"]
    hint = nearest(value, _choices(item)) if isinstance(value, str) else ""
    return Problem(file, path, shown(value), _expected(keys, item, root), hint)


def _choices(item: dict[str, Any]) -> list[str]:
    """Return the valid values of a literal, as pydantic lists them."""
    text = str(item.get("ctx", {}).get("expected", ""))
    return [part for part in text.split("'") if part.isidentifier() and part != "or"]


def _expected(keys: tuple[str, ...], item: dict[str, Any], root: type[BaseModel]) -> str:
    """Say what would have been right."""
    kind, context = item["type"], item.get("ctx", {})
    if kind == "literal_error":
        if keys[-1] == "variable" and item["input"] in OUTCOMES:
            return (
                "a driver, an action or a state that is no outcome;"
                f" {item['input']} is what the model is there to explain (use [observations])"
            )
        return "one of " + ", ".join(_choices(item))
    if kind in ("model_type", "model_attributes_type"):
        return _table_or_number(keys, root)
    if kind == "value_error":
        return str(context["error"])
    if kind == "string_pattern_mismatch":
        return _LABEL_HINT if keys[-1] in ("part_of", "series") else _NAME_HINT["actors"]
    bound = context.get("min_length", context.get("max_length"))
    plain = str(item["msg"]).removeprefix("Input should be ")
    return _PLAIN.get(kind, plain).format(bound=bound)


def _table_or_number(keys: tuple[str, ...], root: type[BaseModel]) -> str:
    """Say what a table-valued key takes."""
    found = type_at(keys, root)
    is_quantity = found is not None and hasattr(found, "lowest")
    if not is_quantity:
        return "a table"
    bounds = typing.cast(Any, found)
    return (
        f"a number from {bounds.lowest:g} to {bounds.highest:g}, or a table with value and source"
    )


def _purpose(keys: tuple[str, ...], root: type[BaseModel]) -> str:
    """Say what a missing key is for."""
    fields = _fields(type_at(keys[:-1], root))
    described = fields[keys[-1]].description if keys[-1] in fields else None
    return f"this key ({described})" if described else "this key"


def _fields(model: type[BaseModel] | None) -> dict[str, Any]:
    """Return the fields of a table's model as files name them, or nothing."""
    found = model.model_fields if model is not None else {}
    return {field.alias or name: field for name, field in found.items()}


def type_at(keys: tuple[str, ...], root: type[BaseModel]) -> type[BaseModel] | None:
    """Return the model of the table at a key path, or None where there is none.

    Args:
        keys: the key path.
        root: the model of the file as a whole.
    """
    found: Any = root
    for key in keys:
        if isinstance(found, type) and issubclass(found, BaseModel):
            field = found.model_fields.get(key)
            found = field.annotation if field is not None else None
        elif typing.get_origin(found) in (dict, list):
            found = typing.get_args(found)[-1]
        else:
            return None
        if typing.get_origin(found) in (types.UnionType, typing.Union):
            found = next(a for a in typing.get_args(found) if a is not type(None))
    return found if isinstance(found, type) and issubclass(found, BaseModel) else None
