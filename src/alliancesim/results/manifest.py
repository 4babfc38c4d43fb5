"""What a manifest must hold before anything is made of it.

Whether the numbers beside it are right is not asked here, but by verification.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from alliancesim.coefficients import NAMES
from alliancesim.posterior.draws import Posterior
from alliancesim.scenario.problems import InputError, Problem, shown
from alliancesim.scenario.reading import Loaded, from_document

TABLES = ("trajectories", "alliance", "outcomes", "reasons", "robustness")
"""The tables of one scenario's results."""

UNCERTAINTY = "uncertainty"
"""One more table, where coefficients were drawn from a posterior."""

_WORDS = {
    str: "text",
    int: "a whole number",
    float: "a number",
    bool: "true or false",
    list: "a list",
    dict: "a table",
}
_COMMON = {"name": str, "program": dict, "created": str}
_OPTIONS = {
    "runs": int,
    "seed": int,
    "months": int,
    "keep": str,
    "set": list,
    "without": list,
    "robustness": bool,
}
_ASKED = {
    "outcome": str,
    **dict.fromkeys(("from", "until"), str),
    **dict.fromkeys(("window", "runs", "seed", "months"), int),
}
_POSTERIOR = {"name": str, "draws": int, "names": list, "digest": str, "about": dict}


def tables_of(manifest: Mapping[str, Any]) -> tuple[str, ...]:
    """Return the tables that one scenario's results have."""
    return (*TABLES, UNCERTAINTY) if "posterior" in manifest else TABLES


def posterior_data(posterior: Posterior | None) -> dict[str, Any]:
    """Return what a manifest says of the posterior that coefficients were drawn from, if any."""
    if posterior is None:
        return {}
    told = {"name": posterior.name, "draws": posterior.draws, "names": list(posterior.names)}
    return {"posterior": {**told, "digest": posterior.digest(), "about": dict(posterior.about)}}


def loaded_of(manifest: Mapping[str, Any]) -> Loaded:
    """Return the scenario that a manifest keeps, under the name it was run by.

    Args:
        manifest: of any kind of results that keeps one.

    Raises:
        InputError: with every problem of the scenario.
    """
    kept = manifest["scenario"]
    return Loaded(str(manifest["name"]), from_document(kept, "manifest.json"), (), kept)


def check_manifest(manifest: Mapping[str, Any], path: Path) -> None:
    """Refuse a manifest of a run or a comparison that lacks a part, or has one of another type.

    Args:
        manifest: of any kind of results; those of other kinds are left to their readers.
        path: its file, for messages.

    Raises:
        InputError: with every part that is missing or wrong.
    """
    problems = list(_problems(manifest, str(path)))
    if problems:
        raise InputError(problems)


@contextmanager
def nothing_missing(folder: Path) -> Iterator[None]:
    """Name the key of a manifest that the block looks for in vain.

    Args:
        folder: whose manifest it is.

    Raises:
        InputError: in the place of a ``KeyError``.
    """
    try:
        yield
    except KeyError as error:
        path = str(folder / "manifest.json")
        raise InputError([Problem(path, str(error.args[0]), "missing", "to be there")]) from None


def check_whole(folder: Path, manifest: Mapping[str, Any]) -> None:
    """Refuse a manifest that does not say what was asked.

    Args:
        folder: where it lies.
        manifest: of results of a study, such as a game, that are to be made again.

    Raises:
        InputError: with everything that is missing.
    """
    path, expected = str(folder / "manifest.json"), "to be there"
    missing = [key for key in ("command", "options", "digest", "program") if key not in manifest]
    if missing:
        raise InputError([Problem(path, key, "missing", expected) for key in missing])


def _parts(manifest: Mapping[str, Any]) -> dict[str, type]:
    """Return what a manifest must hold: the type by dotted key."""
    kind = manifest.get("kind")
    found: dict[str, type] = {}
    if "posterior" in manifest:
        found |= {"posterior": dict} | {f"posterior.{key}": at for key, at in _POSTERIOR.items()}
    if kind == "explanation":
        found |= {**_COMMON, "options": dict, "digest": dict, "causes": dict, "scenario": dict}
        return found | {f"options.{key}": expected for key, expected in _ASKED.items()}
    if kind not in ("run", "compare"):
        return found if kind == "experiment" else {}
    found |= {**_COMMON, "options": dict, "digest": dict}
    found |= {f"options.{key}": expected for key, expected in _OPTIONS.items()}
    if kind == "compare":
        return found | {"scenarios": list, "digest.comparison": str}
    found |= {"files": list, "scenario": dict, "coefficients": dict}
    found |= {f"coefficients.{name}": float for name in NAMES}
    return found | {f"digest.{name}": str for name in ("states", *tables_of(manifest))}


def _problems(manifest: Mapping[str, Any], file: str) -> Iterator[Problem]:
    """Yield what is missing or wrong; of what is no table, the parts are not told."""
    for key, expected in _parts(manifest).items():
        table, dot, last = key.rpartition(".")
        holder = manifest.get(table) if dot else manifest
        if not isinstance(holder, Mapping):
            continue
        found: Any = holder.get(last)
        if not _is_of(found, expected):
            value = shown(found) if last in holder else "missing"
            yield Problem(file, key, value, _WORDS[expected])
        elif key == "options.runs" and found < 1:
            yield Problem(file, key, shown(found), "a whole number of at least 1")
        elif key == "scenarios" and not (found and all(isinstance(name, str) for name in found)):
            yield Problem(file, key, shown(found), "a list of names")


def _is_of(value: Any, expected: type) -> bool:
    """Say whether a value is of a type; true and false are no numbers, whole ones are numbers."""
    if isinstance(value, bool):
        return expected is bool
    return isinstance(value, (int, float) if expected is float else expected)
