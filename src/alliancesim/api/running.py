"""Run a scenario, or several on common shocks, and keep the trajectories at hand.

Only runs and comparisons: explanations, games and the other studies are commands, and have no
function here.
"""

from __future__ import annotations

import logging
import os
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, get_args

from alliancesim import comparison
from alliancesim.api.arguments import (
    check_choice,
    in_words,
    names_in,
    setting_texts,
    whole_numbers,
)
from alliancesim.api.loading import (
    DrawnFrom,
    LoadedScenario,
    Reference,
    loaded_with,
    posterior_of,
)
from alliancesim.arrays import State
from alliancesim.comparison import Comparison
from alliancesim.compilation import is_compiled
from alliancesim.ensemble import Engine, Ensemble, Progress
from alliancesim.report import wording
from alliancesim.results.result import Result
from alliancesim.scenario.problems import InputError, Problem
from alliancesim.scenario.reading import Loaded
from alliancesim.study import DEFAULT_RUNS, DEFAULT_SEED, Options, measure, simulate_scenario

if TYPE_CHECKING:
    import xarray as xr

_NO_FOLDER = ("", ".", "..")


@dataclass(frozen=True, repr=False)
class Run(Result):
    """The results of a scenario, with the trajectories of all its runs at hand.

    Attributes:
        ensemble: world, twin and the trajectories of all runs.
    """

    ensemble: Ensemble

    def __repr__(self) -> str:
        """Return the verdict in words, with its uncertainty and what it hangs on."""
        return "\n".join([f"{self.name}: {self.verdict.word}", *wording.terminal(self)])

    def to_xarray(self, *variables: str) -> xr.Dataset:
        """Return whole trajectories, run by run and month by month.

        Args:
            variables: which actions and states, such as ``"opinion"``; all nine if left out.

        Returns:
            One variable each, with dimensions ``side`` (world, twin), ``run``, ``month`` (0 is the
            baseline), ``of`` and ``toward``, missing where an actor meets itself; and
            ``alliance_cohesion``, without the last two. ``date`` goes with ``month``.

        Raises:
            InputError: if there is no such variable.
        """
        from alliancesim.api.labelled import trajectories_by_run

        for name in variables:
            check_choice("variables", name, State._fields)
        attributes = {key: self.summary()[key] for key in ("name", "title", "question", "verdict")}
        found = trajectories_by_run(self.ensemble, variables or State._fields)
        return found.assign_attrs(attributes)


@dataclass(frozen=True, repr=False)
class SideBySide(Comparison):
    """A comparison that shows itself as its table."""

    def __repr__(self) -> str:
        """Return the table as text."""
        return str(self.table)

    def _repr_html_(self) -> str:
        """Return the table for a notebook."""
        return self.table.to_html()


@in_words()
def run(
    scenario: Reference,
    *,
    set: Mapping[str, Any] | None = None,
    without: str | Iterable[str] = (),
    runs: int = DEFAULT_RUNS,
    seed: int = DEFAULT_SEED,
    months: int | None = None,
    robustness: bool = True,
    engine: Engine = "batch",
    posterior: DrawnFrom = None,
    progress: Progress | None = None,
) -> Run:
    """Run a scenario and its twin without the wedge, and say what the wedge did.

    Args:
        scenario: name of a shipped scenario, a path, or a loaded scenario.
        set: values that replace those of the scenario, by dotted key; see
            :func:`alliancesim.load`.
        without: mechanisms to switch off.
        runs: number of runs of world and twin, at least 1.
        seed: of the stream of shocks, 0 to 2**64 - 1; equal seeds mean equal shocks.
        months: number of months, if not the scenario's own.
        robustness: whether to vary coefficients and inputs as well, without shocks.
        engine: ``"batch"`` or ``"mesa"``; the numbers are the same, the second is slow.
        posterior: where each run's coefficients are drawn from: ``"default"``, a CSV file of draws,
            the folder of a calibration, or a loaded posterior. Without it all runs have the same.
        progress: called with the number of runs finished, now and then.

    Returns:
        Verdict, tables and trajectories.

    Raises:
        InputError: with every problem found.
    """
    loaded = loaded_with(scenario, setting_texts(set), names_in(without))
    numbers = whole_numbers(runs=runs, seed=seed, months=months)
    recorded = (loaded.settings, loaded.without)
    options = _options(numbers, robustness, engine, *recorded, posterior)
    announce_compilation()
    ensemble = simulate_scenario(loaded.scenario, options, progress)
    return Run(**vars(measure(loaded, options, ensemble)), ensemble=ensemble)


@in_words()
def compare(
    scenarios: Sequence[Reference] | Mapping[str, Reference],
    *,
    set: Mapping[str, Any] | None = None,
    without: str | Iterable[str] = (),
    runs: int = DEFAULT_RUNS,
    seed: int = DEFAULT_SEED,
    months: int | None = None,
    robustness: bool = True,
    engine: Engine = "batch",
    posterior: DrawnFrom = None,
    progress: Callable[[str, int], None] | None = None,
) -> SideBySide:
    """Run several scenarios on common shocks.

    Args:
        scenarios: at least two, or names of your choice with a scenario each; the first is the one
            the others are compared with.
        set: values that replace those of each scenario, by dotted key.
        without: mechanisms to switch off in each.
        runs: number of runs of world and twin of each.
        seed: of the stream of shocks; run r of each scenario meets the same shocks.
        months: number of months, if not the scenarios' own.
        robustness: whether to vary coefficients and inputs as well, without shocks.
        engine: ``"batch"`` or ``"mesa"``; the numbers are the same, the second is slow.
        posterior: where each run's coefficients are drawn from: ``"default"``, a CSV file of draws,
            the folder of a calibration, or a loaded posterior. Without it all runs have the same.
        progress: called with a scenario's name and the number of its runs finished.

    Returns:
        The results of each in ``results``, and in ``table`` one row per scenario; see
        :func:`alliancesim.comparison.comparison_table`.

    Raises:
        InputError: with every problem found.
    """
    texts, mechanisms = setting_texts(set), names_in(without)
    numbers = whole_numbers(runs=runs, seed=seed, months=months)
    loaded = [loaded_with(item, texts, mechanisms) for item in _references(scenarios)]
    if isinstance(scenarios, Mapping):
        loaded = [replace(item, name=name) for item, name in zip(loaded, scenarios, strict=True)]
    options = _options(numbers, robustness, engine, texts, mechanisms, posterior)
    announce_compilation()
    found = comparison.compare(loaded, options, progress)
    results = tuple(map(_recorded, found.results, loaded))
    return SideBySide(results, found.table, found.manifest)


def announce_compilation() -> None:
    """Say that a first run compiles, so that nobody takes it for hanging."""
    if not is_compiled():
        words = "First run of this version: compiling the law, half a minute."
        logging.getLogger("alliancesim").warning(words)


def _options(
    numbers: Mapping[str, Any],
    robustness: bool,
    engine: Engine,
    settings: Sequence[str],
    without: Sequence[str],
    posterior: DrawnFrom,
) -> Options:
    """Return how to run.

    Raises:
        InputError: if there is no such engine, or no such posterior.
    """
    check_choice("engine", engine, get_args(Engine))
    return Options(
        **numbers,
        robustness=robustness,
        engine=engine,
        settings=settings,
        without=without,
        posterior=posterior_of(posterior),
    )


def _references(scenarios: Sequence[Reference] | Mapping[str, Reference]) -> list[Reference]:
    """Return the scenarios of a list or a mapping.

    Raises:
        InputError: if one stands alone, or if a name could not be that of a folder.
    """
    if not isinstance(scenarios, Mapping):
        # A text is a sequence too, of letters.
        if isinstance(scenarios, str | os.PathLike | Loaded):
            return [scenarios]
        return list(scenarios)
    problems = [
        Problem("scenarios", repr(name), "", 'a name that a folder could have, without "/"')
        for name in scenarios
        if not isinstance(name, str) or name in _NO_FOLDER or "/" in name or "\\" in name
    ]
    if problems:
        raise InputError(problems)
    return list(scenarios.values())


def _recorded(result: Result, loaded: LoadedScenario) -> Result:
    """Return results whose record names what was changed in their own scenario."""
    changed = {"set": list(loaded.settings), "without": list(loaded.without)}
    options = {**result.manifest["options"], **changed}
    return replace(result, manifest={**result.manifest, "options": options})
