"""What a landscape is drawn of: a scenario, or the scenario, runs and draws of a results folder.

Only which runs there are to be; which month and whose sizes are looked at is the survey's question.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from alliancesim.posterior.draws import Posterior, load_posterior
from alliancesim.results.manifest import loaded_of
from alliancesim.results.result import kept_draws, read_manifest
from alliancesim.scenario.problems import InputError, Problem
from alliancesim.scenario.reading import load
from alliancesim.scenario.schema import Scenario
from alliancesim.study import DEFAULT_SEED, usual_runs


class Asked(NamedTuple):
    """What was asked for of the runs; what is left out is the folder's, or usual.

    Attributes:
        runs: number of runs.
        seed: of the stream of shocks.
        posterior: where coefficients are drawn from.
        settings: ``key=value`` overrides of a scenario.
        without: mechanisms of it that are switched off.
    """

    runs: int | None = None
    seed: int | None = None
    posterior: str | None = None
    settings: Sequence[str] = ()
    without: Sequence[str] = ()


class Target(NamedTuple):
    """What is run.

    Attributes:
        name: of the scenario.
        scenario: as it is run.
        runs: number of runs of world and twin.
        seed: of the stream of shocks.
        months: number of months, if not the scenario's own.
        posterior: where coefficients are drawn from, if they are.
    """

    name: str
    scenario: Scenario
    runs: int
    seed: int
    months: int | None
    posterior: Posterior | None


def target_of(reference: str, asked: Asked) -> Target:
    """Return what a reference stands for.

    Args:
        reference: name of a shipped scenario, path of a scenario file, or a folder with the results
            of ``run``.
        asked: what was asked for of the runs.

    Raises:
        InputError: if it is none of these, or settings are put to results that have theirs.
    """
    if Path(reference).is_dir():
        return _of_results(Path(reference), asked)
    loaded = load(reference, list(asked.settings), list(asked.without))
    posterior = None if asked.posterior is None else load_posterior(asked.posterior)
    runs = usual_runs(posterior) if asked.runs is None else asked.runs
    seed = DEFAULT_SEED if asked.seed is None else asked.seed
    return Target(loaded.name, loaded.scenario, runs, seed, None, posterior)


def _of_results(folder: Path, asked: Asked) -> Target:
    """Return what a folder of results was made of."""
    manifest = read_manifest(folder)
    problems = []
    if manifest.get("kind") != "run":
        kind = str(manifest.get("kind"))
        problems.append(Problem(str(folder), "kind", kind, "results of one scenario, as of run"))
    for option, texts in (("--set", asked.settings), ("--without", asked.without)):
        if texts:
            expected = "a scenario; results of a run keep what they were run with"
            problems.append(Problem(option, "", texts[0], expected))
    if problems:
        raise InputError(problems)
    kept = manifest["options"]
    if asked.posterior is not None:
        posterior: Posterior | None = load_posterior(asked.posterior)
    else:
        posterior = kept_draws(folder, manifest)
    return Target(
        str(manifest["name"]),
        loaded_of(manifest).scenario,
        kept["runs"] if asked.runs is None else asked.runs,
        kept["seed"] if asked.seed is None else asked.seed,
        kept["months"],
        posterior,
    )
