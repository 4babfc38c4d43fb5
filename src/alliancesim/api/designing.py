"""Experiments made in Python: checked by the rules of experiment files, computed by their parts.

Nothing made here can be gone on with later, since no folder holds it.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pandas as pd
from pydantic import ValidationError

from alliancesim.api.arguments import plain
from alliancesim.ensemble import Progress
from alliancesim.experiment.checking import axes_on, misfits
from alliancesim.experiment.factors import Axis
from alliancesim.experiment.parts import ERROR, POINT, Plan, compute
from alliancesim.experiment.reading import LoadedExperiment
from alliancesim.experiment.rules import broken_rules
from alliancesim.experiment.schema import Experiment
from alliancesim.scenario.explanation import explain
from alliancesim.scenario.problems import InputError, Problem, shown
from alliancesim.scenario.reading import Loaded
from alliancesim.scenario.rules import Broken

_LABEL = re.compile(r"[a-z0-9][a-z0-9-]{0,63}")


def experiment_on(base: Loaded, document: Mapping[str, Any], origin: str) -> LoadedExperiment:
    """Return the experiment that a table like that of a file describes.

    A factor may also be a list of values, and its name the dotted key that it moves.

    Args:
        base: the scenario that it varies, settings included.
        document: the table; texts and analysis may be left out.
        origin: what to call the table in messages.

    Raises:
        InputError: with every problem found.
    """
    given = document.get("factors", {})
    factors = given if isinstance(given, Mapping) else {}
    labels = _labels(factors)
    tables = {labels[name]: _table(name, found) for name, found in factors.items()}
    filled = {**document, "factors": tables if isinstance(given, Mapping) else given}
    names = {label: name for name, label in labels.items()}
    experiment = validated(filled, origin, names)
    axes = axes_on(experiment, base.scenario)
    refuse([*broken_rules(experiment), *misfits(experiment, base, axes)], origin, names)
    named = tuple(replace(axis, name=names.get(axis.name, axis.name)) for axis in axes)
    return unfiled(experiment, base, named)


def validated(
    document: Mapping[str, Any], origin: str, names: Mapping[str, str] | None = None
) -> Experiment:
    """Return a table as an experiment, without comparing one part of it with another.

    Args:
        document: the table.
        origin: what to call it in messages.
        names: what the user calls each factor, by label.

    Raises:
        InputError: with every problem found.
    """
    try:
        return Experiment.model_validate(document)
    except ValidationError as error:
        found = explain(error, lambda _keys: origin, Experiment)
        raise InputError(
            replace(problem, key=_as_named(problem.key.split("."), names or {}))
            for problem in found
        ) from None


def refuse(broken: Iterable[Broken], origin: str, names: Mapping[str, str]) -> None:
    """Refuse an experiment that breaks rules.

    Args:
        broken: the rules.
        origin: what to call the experiment in messages.
        names: what the user calls each factor, by label.

    Raises:
        InputError: with every problem, each once.
    """
    problems = [Problem(origin, _as_named(rule.keys, names), *rule.words) for rule in broken]
    if problems:
        raise InputError(dict.fromkeys(problems))


def unfiled(experiment: Experiment, base: Loaded, axes: tuple[Axis, ...]) -> LoadedExperiment:
    """Return an experiment that stands in no file; without digest, since it is never resumed."""
    return LoadedExperiment(base.name, experiment, base, Path(), "", axes)


def computed_parts(
    plan: Plan, threads: int | None = None, progress: Progress | None = None
) -> Iterator[tuple[pd.DataFrame, pd.DataFrame]]:
    """Yield the runs of an experiment and its failures, part by part, as the command makes them.

    Args:
        plan: the experiment.
        threads: number of threads; all cores if left out. It changes no bit.
        progress: called with the number of runs that are behind us.

    Yields:
        Columns ``point``, ``run`` and outcomes; and columns ``point`` and ``error``.
    """
    none = pd.DataFrame({POINT: pd.Series(dtype="int32"), ERROR: pd.Series(dtype="str")})
    for number in range(plan.parts):
        part = compute(plan, number, threads)
        failures = pd.read_parquet(io.BytesIO(part.failures)) if part.failures else none
        yield pd.read_parquet(io.BytesIO(part.runs)), failures
        if progress is not None:
            progress(plan.indices(number).stop * plan.loaded.experiment.replicates)


def _labels(names: Iterable[Any]) -> dict[Any, str]:
    """Return a label for each factor's name: its own, or one made up where it would be none."""
    given = list(names)
    kept = [name for name in given if isinstance(name, str) and _LABEL.fullmatch(name)]
    free = (label for number in range(2 * len(given)) if (label := f"key-{number}") not in kept)
    return {name: name if name in kept else next(free) for name in given}


def _table(name: Any, found: Any) -> Any:
    """Return a factor as the table that a file would have.

    Raises:
        InputError: if it holds what no file could.
    """
    try:
        made = plain(found)
    except TypeError as error:
        raise InputError([Problem("factors", str(name), shown(found), str(error))]) from None
    table = {"values": made} if isinstance(made, list) else made
    dotted = isinstance(name, str) and "." in name
    if dotted and isinstance(table, dict) and not {"key", "keys"} & {*table}:
        return {"key": name, **table}
    return table


def _as_named(keys: Sequence[str], names: Mapping[str, str]) -> str:
    """Return a dotted key in which a factor is called what the user calls it."""
    if len(keys) > 1 and keys[0] == "factors":
        keys = (keys[0], str(names.get(keys[1], keys[1])), *keys[2:])
    return ".".join(keys)
