"""The model as a function, for programs that draw the points themselves.

Such programs vary inputs and judge outcomes: EMA Workbench, SALib, an optimiser. Equal points give
equal numbers, since run r meets the same shocks at every point. No point is chosen here and nothing
concluded from the outcomes: who drives the model does both.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from alliancesim.api.arguments import in_words, key_paths, names_in, plain_values, whole_numbers
from alliancesim.api.designing import computed_parts, refuse, unfiled, validated
from alliancesim.api.loading import (
    DrawnFrom,
    LoadedScenario,
    Reference,
    loaded_with,
    posterior_of,
)
from alliancesim.api.running import announce_compilation
from alliancesim.ensemble import Progress
from alliancesim.experiment.checking import misfits
from alliancesim.experiment.design import Design
from alliancesim.experiment.factors import Axis
from alliancesim.experiment.parts import ERROR, POINT, Plan
from alliancesim.experiment.points import scenario_at
from alliancesim.experiment.schema import PART_RUNS
from alliancesim.experiment.summary import by_point
from alliancesim.measures.verdict import WORDS
from alliancesim.scenario.problems import InputError, Problem

Points = pd.DataFrame | Sequence[Mapping[str, Any]]
"""Points: a column per dotted key and a row per point, or a mapping per point."""

RUNS_OF_A_POINT = 100
"""Runs of world and twin at each point where no number is given."""

_ORIGIN = "evaluate"
_MOST_NAMED = 8


@in_words()
def evaluate(
    scenario: Reference,
    settings: Mapping[str, Any] | None = None,
    *,
    outcomes: str | Iterable[str] = "effect",
    runs: int = RUNS_OF_A_POINT,
    seed: int = 1,
    months: int | None = None,
    posterior: DrawnFrom = None,
    threads: int | None = None,
) -> dict[str, float]:
    """Return the outcomes of a scenario at one point.

    Args:
        scenario: name of a shipped scenario, a path, or a loaded scenario, which is quicker.
        settings: values by dotted key, as :func:`alliancesim.load` takes them; a key
            ``without.MECHANISM`` says whether that mechanism is switched off.
        outcomes: means over runs of anything that :mod:`alliancesim.experiment.naming` names; and
            ``split``, ``null`` and ``backfire``, shares of runs. Each with ``_low`` and ``_high``
            for the ends of its 95 % interval.
        runs: number of runs of world and twin.
        seed: of the stream of shocks.
        months: number of months, if not the scenario's own.
        posterior: where coefficients are drawn from; see :func:`alliancesim.run`. Intervals are
            then over draws, and a coefficient that a point sets is not drawn there.
        threads: number of threads; all cores if left out. It changes no bit.

    Returns:
        The outcomes by name.

    Raises:
        InputError: with every problem found.
    """
    found = evaluate_many(
        scenario,
        [settings or {}],
        outcomes=outcomes,
        runs=runs,
        seed=seed,
        months=months,
        posterior=posterior,
        threads=threads,
    )
    return {str(name): float(value) for name, value in found.iloc[0].items()}


@in_words()
def evaluate_many(
    scenario: Reference,
    settings: Points,
    *,
    outcomes: str | Iterable[str] = "effect",
    runs: int = RUNS_OF_A_POINT,
    seed: int = 1,
    months: int | None = None,
    posterior: DrawnFrom = None,
    threads: int | None = None,
    progress: Progress | None = None,
) -> pd.DataFrame:
    """Return the outcomes of a scenario at many points, which share the work of all cores.

    Args:
        scenario: name of a shipped scenario, a path, or a loaded scenario.
        settings: the points: a data frame with a column per dotted key, or a list of mappings with
            the same keys each.
        outcomes: as for :func:`evaluate`.
        runs: number of runs of world and twin at each point; run r meets the same shocks at all.
        seed: of the stream of shocks.
        months: number of months, if not the scenario's own.
        posterior: where coefficients are drawn from; see :func:`alliancesim.run`. Intervals are
            then over draws, and a coefficient that a point sets is not drawn there.
        threads: number of threads; all cores if left out. It changes no bit.
        progress: called with the number of runs that are behind us.

    Returns:
        One row per point, with the index of ``settings`` if that is a data frame, and one column
        per outcome.

    Raises:
        InputError: with every problem found; a point that is no valid scenario is one.
    """
    numbers = whole_numbers(runs=runs, seed=seed, months=months)
    base = loaded_with(scenario, (), ())
    columns, index = _columns(settings)
    wanted = names_in(outcomes)
    made = _plan(base, columns, len(index), wanted, numbers)
    plan = made._replace(loaded=replace(made.loaded, posterior=posterior_of(posterior)))
    announce_compilation()
    if not len(index):
        return pd.DataFrame(columns=list(wanted), index=index, dtype=np.float64)
    margin = base.scenario.outcome.margin.value
    tables = []
    for runs_made, failures in computed_parts(plan, threads, progress):
        if len(failures):
            raise InputError(_why_failed(plan, failures))
        tables.append(by_point(runs_made, margin)[list(wanted)])
    return pd.concat(tables).astype(np.float64).set_axis(index)


def _columns(settings: Points) -> tuple[dict[str, NDArray[Any]], pd.Index[Any]]:
    """Return the values of each key at all points, as Python objects, and the points' index.

    Raises:
        InputError: if points do not have the same keys, or hold what no scenario could.
    """
    if isinstance(settings, pd.DataFrame):
        key_paths(settings.columns)
        rows = plain_values({key: settings[key].tolist() for key in settings.columns})
        return {key: _objects(row) for key, row in rows.items()}, settings.index
    points = [plain_values(point) for point in settings]
    keys = list(points[0]) if points else []
    key_paths(keys)
    problems = [
        Problem(_ORIGIN, f"point {place}", ", ".join(point) or "empty", "the keys of the first one")
        for place, point in enumerate(points)
        if point.keys() != points[0].keys()
    ]
    if problems:
        raise InputError(problems[:_MOST_NAMED])
    columns = {key: _objects([point[key] for point in points]) for key in keys}
    return columns, pd.RangeIndex(len(points))


def _objects(values: Sequence[Any]) -> NDArray[Any]:
    """Return values as an array of Python objects, lists and tables among them left whole."""
    return np.fromiter(values, dtype=object, count=len(values))


def _plan(
    base: LoadedScenario,
    columns: Mapping[str, NDArray[Any]],
    points: int,
    outcomes: Sequence[str],
    numbers: Mapping[str, Any],
) -> Plan:
    """Return an experiment whose points are given.

    Raises:
        InputError: if the scenario has no such key or outcome, or the run is too short.
    """
    names = {f"key-{place}": key for place, key in enumerate(columns)}
    document = {
        "title": base.scenario.title,
        "question": base.scenario.question or base.scenario.title,
        "scenario": base.name,
        "design": {
            # A sample is the kind of design whose points lie anywhere.
            "kind": "latin-hypercube",
            "points": max(2, points),
            "part_points": max(1, PART_RUNS // numbers["runs"]),
            "replicates": numbers["runs"],
            "seed": numbers["seed"],
            "months": numbers["months"],
        },
        "factors": {label: {"key": key} for label, key in names.items()},
        "outcomes": _kept(outcomes),
    }
    try:
        experiment = validated(document, _ORIGIN, names)
        refuse(misfits(experiment, base, ()), _ORIGIN, names)
    except InputError as error:
        raise InputError(
            replace(problem, key=problem.key.removeprefix("factors.").removeprefix("design."))
            for problem in error.problems
        ) from None
    axes = tuple(Axis(key, (key,), (0.0,), key, "", "choice") for key in columns)
    design = Design(
        tuple(columns), tuple((key,) for key in columns), tuple(columns.values()), points
    )
    return Plan(unfiled(experiment, base, axes), design)


def _kept(outcomes: Sequence[str]) -> list[str]:
    """Return what has to be kept of each run for the outcomes that are asked for."""
    stems = (name.removesuffix("_low").removesuffix("_high") for name in outcomes)
    return list(dict.fromkeys(stem for stem in stems if stem not in WORDS))


def _why_failed(plan: Plan, failures: pd.DataFrame) -> list[Problem]:
    """Return what is wrong with the first points that failed, key by key."""
    problems: list[Problem] = []
    rows = failures.head(_MOST_NAMED)
    for point, words in zip(rows[POINT].tolist(), rows[ERROR].tolist(), strict=True):
        where = f"{_ORIGIN}, point {point}"
        try:
            scenario_at(plan.loaded, plan.design, point)
        except InputError as error:
            problems += [
                Problem(where, found.key, found.value, found.expected, found.suggestion)
                for found in error.problems
            ]
        else:
            problems.append(Problem(where, "", "", f"a point that can be run ({words})"))
    return problems
