"""Sweep over the numbers of a scenario, in memory: a shipped experiment, a file, or a table.

Nothing goes to disk: a sweep that is to outlive its process is for the command.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import pandas as pd

from alliancesim.api.arguments import in_words, names_in, plain_values, setting_texts
from alliancesim.api.designing import computed_parts, experiment_on
from alliancesim.api.loading import DrawnFrom, Reference, loaded_with, posterior_of
from alliancesim.api.running import announce_compilation
from alliancesim.ensemble import LARGEST_HELD, Progress
from alliancesim.experiment.design import design_table
from alliancesim.experiment.parts import ERROR, POINT, RUN, Plan, plan_of
from alliancesim.experiment.reading import LoadedExperiment, load_experiment
from alliancesim.experiment.rules import result_columns
from alliancesim.experiment.schema import Kind
from alliancesim.experiment.summary import by_point
from alliancesim.measures.verdict import WORDS
from alliancesim.report.wording import LENS
from alliancesim.scenario.library import EXPERIMENTS
from alliancesim.scenario.problems import InputError, Problem, shown
from alliancesim.scenario.reading import Loaded, read_document

if TYPE_CHECKING:
    import xarray as xr

_ORIGIN = "sweep"
_BYTES = 8


@dataclass(frozen=True, repr=False)
class Sweep:
    """The results of a scenario at many points.

    Attributes:
        experiment: what was swept.
        design: one row per point: ``point`` and a column per factor, in the order of the sweep.
        runs: one row per point and run: ``point``, ``run``, ``draw`` where coefficients are drawn,
            and a column per outcome. Run r met the same shocks at every point.
        points: one row per point: the factors, and what its runs amount to, with intervals; see
            :func:`alliancesim.experiment.summary.by_point`.
        failures: points that were no valid scenario: ``point`` and ``error``.
    """

    experiment: LoadedExperiment
    design: pd.DataFrame
    runs: pd.DataFrame
    points: pd.DataFrame
    failures: pd.DataFrame

    def __repr__(self) -> str:
        """Return question, size and verdicts, with a word of caution."""
        swept = self.experiment.experiment
        counted = self.points["verdict"].value_counts()
        verdicts = ", ".join(f"{word} {counted.get(word, 0)}" for word in WORDS)
        failed = f"; {len(self.failures)} failed" if len(self.failures) else ""
        return "\n".join(
            [
                f"{self.experiment.name}: {swept.title}",
                swept.question,
                f"{len(self.design)} points of {', '.join(self.design.columns[1:])}, "
                f"{swept.replicates} runs of world and twin at each{failed}",
                f"points by their commonest verdict: {verdicts}",
                LENS,
            ]
        )

    def to_xarray(self, *, by_run: bool = False) -> xr.Dataset:
        """Return the points, or all runs, with one dimension per factor of a grid.

        Args:
            by_run: whether to return every run, along the dimension ``run``, in place of means,
                shares and their intervals.

        Returns:
            One variable per column of ``points`` or ``runs``, missing at points that failed. The
            points of a sample, which is no grid, lie along ``point``.
        """
        from alliancesim.api.labelled import on_grid, on_points

        axes = self.experiment.axes
        grid = self.experiment.experiment.design.kind == "grid"
        table = self.design.merge(self.runs, on=POINT) if by_run else self.points
        inner = (RUN,) if by_run else ()
        if not grid:
            return on_points(table, axes, *inner)
        return on_grid(table.drop(columns=POINT) if by_run else table, axes, *inner)


@in_words()
def sweep(
    experiment: str | os.PathLike[str] | Mapping[str, Any] | None = None,
    *,
    scenario: Reference | None = None,
    factors: Mapping[str, Any] | None = None,
    design: Kind | None = None,
    points: int | None = None,
    replicates: int | None = None,
    seed: int | None = None,
    months: int | None = None,
    outcomes: str | Iterable[str] | None = None,
    set: Mapping[str, Any] | None = None,
    without: str | Iterable[str] = (),
    posterior: DrawnFrom = None,
    threads: int | None = None,
    progress: Progress | None = None,
) -> Sweep:
    """Run a scenario at many points, in memory.

    Large sweeps belong to ``alliancesim experiment``, which writes them to disk as they go and can
    be stopped and resumed. The numbers are the same.

    Args:
        experiment: name of a shipped experiment, path of a file, or a table as a file has it.
            Without it, ``scenario`` and ``factors`` are needed.
        scenario: the scenario that is varied, unless a file says.
        factors: what is varied, by name, unless a file says. A list holds the values; a table is
            as in a file, such as ``{"low": 0, "high": 1, "steps": 5}``. The name is the dotted key
            that is moved, unless the table has ``key`` or ``keys``.
        design: ``"grid"`` (where nothing is said), ``"latin-hypercube"`` or ``"sobol"``.
        points: number of points of a design that is no grid.
        replicates: runs of world and twin at each point; 200 where nothing is said.
        seed: of the shocks and of the design; 1 where nothing is said.
        months: number of months, if not the scenario's own.
        outcomes: what is kept of each run beside ``effect``; see
            :mod:`alliancesim.experiment.naming`.
        set: values that hold at every point, by dotted key. Keys of the experiment, such as
            ``design.replicates``, are for files.
        without: mechanisms to switch off at every point.
        posterior: where coefficients are drawn from, in place of what the experiment says; see
            :func:`alliancesim.run`. Run r takes the same draw at every point.
        threads: number of threads; all cores if left out. It changes no bit.
        progress: called with the number of runs that are behind us.

    Returns:
        Design, runs and points.

    Raises:
        InputError: with every problem found, or if no point is a valid scenario.
    """
    laid = {"kind": design, "points": points, "replicates": replicates}
    laid |= {"seed": seed, "months": months}
    said = plain_values({key: value for key, value in laid.items() if value is not None})
    kept = None if outcomes is None else names_in(outcomes)
    if experiment is None or isinstance(experiment, Mapping):
        document = dict(experiment or {})
        given = {"scenario": scenario, "factors": factors, "outcomes": kept}
        document |= {key: value for key, value in given.items() if value is not None}
        loaded = _of_table(document, said, setting_texts(set), names_in(without))
    else:
        _refuse_beside_file(scenario=scenario, factors=factors)
        changes = {f"design.{key}": value for key, value in said.items()}
        changes |= {} if kept is None else {"outcomes": kept}
        loaded = _of_file(os.fspath(experiment), {**changes, **(set or {})}, names_in(without))
    if posterior is not None:
        loaded = replace(loaded, posterior=posterior_of(posterior))
    plan = plan_of(loaded)
    _refuse_clashes(plan)
    _refuse_excess(plan)
    announce_compilation()
    parts = list(computed_parts(plan, threads, progress))
    runs, failures = (pd.concat(tables, ignore_index=True) for tables in zip(*parts, strict=True))
    return _summed_up(plan, runs, failures)


def _of_table(
    document: dict[str, Any],
    said: Mapping[str, Any],
    settings: tuple[str, ...],
    without: tuple[str, ...],
) -> LoadedExperiment:
    """Return the experiment of a table, where arguments stand in for what it does not say.

    Raises:
        InputError: with every problem found.
    """
    named = document.get("scenario")
    if not isinstance(named, str | os.PathLike | Loaded):
        expected = "a scenario: its name, its path or a loaded one; or a shipped experiment"
        found = "missing" if named is None else shown(named)
        raise InputError([Problem(_ORIGIN, "scenario", found, expected)])
    texts = (*names_in(document.get("settings", ())), *settings)
    mechanisms = (*names_in(document.get("without", ())), *without)
    base = loaded_with(named, texts, mechanisms)
    laid = document.get("design", {})
    told = {"title": base.scenario.title, "question": f"How does {base.name} hang on the factors?"}
    filled = {
        **told,
        **document,
        "scenario": base.name,
        "settings": list(texts),
        "without": list(mechanisms),
        "design": {"kind": "grid", **laid, **said} if isinstance(laid, Mapping) else laid,
        "outcomes": list(names_in(document.get("outcomes", ()))),
    }
    made = experiment_on(base, filled, _ORIGIN)
    return replace(made, posterior=posterior_of(made.experiment.posterior))


def _of_file(
    reference: str, changes: Mapping[str, Any], without: tuple[str, ...]
) -> LoadedExperiment:
    """Return the experiment of a file with changes laid over it.

    Raises:
        InputError: with every problem found.
    """
    more: dict[str, Any] = {}
    if without:
        before = read_document(EXPERIMENTS.find(reference)).get("without", [])
        more["without"] = [*(before if isinstance(before, list) else []), *without]
    return load_experiment(reference, setting_texts({**changes, **more}))


def _refuse_beside_file(**given: object) -> None:
    """Refuse what a file says already.

    Raises:
        InputError: naming each argument.
    """
    expected = "no such argument beside an experiment's file, which says it"
    problems = [
        Problem(_ORIGIN, name, shown(value), expected)
        for name, value in given.items()
        if value is not None
    ]
    if problems:
        raise InputError(problems)


def _refuse_clashes(plan: Plan) -> None:
    """Refuse keys that factors are called by where a column of the results has that name.

    Raises:
        InputError: naming each factor.
    """
    columns = result_columns(plan.loaded.experiment)
    problems = [
        Problem(_ORIGIN, f"factors.{name}", "", "a name that is no column of the results")
        for name in plan.design.factors
        if name in columns
    ]
    if problems:
        raise InputError(problems)


def _refuse_excess(plan: Plan) -> None:
    """Refuse more runs than memory is allowed for.

    Raises:
        InputError: with the number of runs that would do.
    """
    most = LARGEST_HELD // (_BYTES * (2 + len(plan.loaded.experiment.outcomes)))
    if plan.runs > most:
        expected = f"at most {most:,} runs in memory; alliancesim experiment runs any number"
        raise InputError([Problem(_ORIGIN, "design", f"{plan.runs:,} runs", expected)])


def _summed_up(plan: Plan, runs: pd.DataFrame, failures: pd.DataFrame) -> Sweep:
    """Return what runs amount to.

    Raises:
        InputError: if there are none.
    """
    if runs.empty:
        words = failures[ERROR].iloc[0]
        expected = f"points that are valid scenarios (the first one: {words})"
        raise InputError([Problem(_ORIGIN, "factors", "", expected)])
    table = design_table(plan.design)
    margin = plan.loaded.base.scenario.outcome.margin.value
    points = table.merge(by_point(runs, margin), on=POINT)
    return Sweep(plan.loaded, table, runs, points, failures)
