"""From a scenario to its results: the steps in order, for the command line and for notebooks.

``study`` is where scenario, world, ensemble and measures meet; it holds no science of its own.
"""

from __future__ import annotations

import datetime
import platform
import subprocess
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from importlib import metadata
from pathlib import Path
from typing import Any, Literal

import numpy as np
import pandas as pd

from alliancesim.arrays import Array
from alliancesim.ensemble import Engine, Ensemble, Progress, simulate
from alliancesim.measures import outcomes as tables
from alliancesim.measures.reasons import reasons
from alliancesim.measures.robustness import no_robustness, robustness
from alliancesim.measures.uncertainty import uncertainty
from alliancesim.measures.verdict import is_attempt, judge
from alliancesim.posterior.draws import Posterior
from alliancesim.posterior.nesting import drawn, middle_of
from alliancesim.results.manifest import loaded_of, posterior_data
from alliancesim.results.result import FORMAT, Result, table_digest
from alliancesim.scenario.problems import InputError, Problem
from alliancesim.scenario.reading import Loaded
from alliancesim.scenario.schema import Scenario
from alliancesim.version import __version__
from alliancesim.world import World, build_world, wedge_levels

Keep = Literal["runs", "quantiles", "outcomes"]

DEFAULT_RUNS = 200
"""Runs of world and twin where no number is given."""

DEFAULT_RUNS_OF_POSTERIOR = 800
"""The same where coefficients are drawn: 200 draws, four runs each."""

DEFAULT_SEED = 1
"""Seed of the stream of shocks where none is given."""

_LIBRARIES = ("mesa", "numpy", "scipy", "pandas", "pyarrow", "numba", "pydantic")


@dataclass(frozen=True)
class Options:
    """How a scenario is run.

    Attributes:
        runs: number of runs of world and twin, at least 1.
        seed: of the stream of shocks, 0 to 2**64 - 1.
        months: number of months, if not the scenario's own.
        keep: trajectories run by run, or only quantiles over runs, or none at all.
        settings: ``key=value`` overrides, kept for the record.
        without: mechanisms switched off, kept for the record.
        robustness: whether to vary coefficients and inputs as well.
        engine: which engine makes the runs; the numbers are the same.
        posterior: where each run's coefficients are drawn from; those that the scenario lays down
            or switches off are not. Without it all runs have the same ones.
    """

    runs: int = DEFAULT_RUNS
    seed: int = DEFAULT_SEED
    months: int | None = None
    keep: Keep = "quantiles"
    settings: Sequence[str] = field(default_factory=tuple)
    without: Sequence[str] = field(default_factory=tuple)
    robustness: bool = True
    engine: Engine = "batch"
    posterior: Posterior | None = None


def simulate_scenario(
    scenario: Scenario, options: Options, progress: Progress | None = None
) -> Ensemble:
    """Return all trajectories of a scenario and its twin.

    Where coefficients are drawn, the worlds have the median of each over all draws.
    """
    world = build_world(scenario, months=options.months)
    twin = build_world(scenario, wedge=False, months=options.months)
    vectors = _vectors(world, options)
    if vectors is not None:
        middle = middle_of(vectors)
        world, twin = (replace(side, coefficients=middle) for side in (world, twin))
    return simulate(
        world,
        twin,
        runs=options.runs,
        seed=options.seed,
        engine=options.engine,
        drawn=None if vectors is None else drawn(vectors, options.runs),
        progress=progress,
    )


def usual_runs(posterior: Posterior | None) -> int:
    """Return the number of runs where none is given.

    Args:
        posterior: where coefficients are drawn from, if they are.
    """
    return DEFAULT_RUNS if posterior is None else DEFAULT_RUNS_OF_POSTERIOR


def _vectors(world: World, options: Options) -> Array | None:
    """Return the coefficients of each draw, shape (draws, coefficients), if they are drawn."""
    drawn_from = options.posterior
    return None if drawn_from is None else drawn_from.vectors(world.coefficients, world.fixed)


def run_scenario(loaded: Loaded, options: Options, progress: Progress | None = None) -> Result:
    """Run a scenario and its twin, and measure.

    Args:
        loaded: the scenario.
        options: how to run it.
        progress: called with the number of runs finished.

    Returns:
        The results.

    Raises:
        InputError: if the options do not fit the scenario.
    """
    ensemble = simulate_scenario(loaded.scenario, options, progress)
    return measure(loaded, options, ensemble)


def measure(loaded: Loaded, options: Options, ensemble: Ensemble) -> Result:
    """Return the results that an ensemble amounts to."""
    scenario = loaded.scenario
    per_run = tables.outcomes(ensemble)
    levels = wedge_levels(scenario, options.months)
    members = np.isin(ensemble.world.actors, scenario.outcome.alliance)
    verdict = judge(
        per_run,
        margin=ensemble.world.margin,
        attempted=is_attempt(levels, members),
        seed=options.seed,
    )
    found = {
        "trajectories": _TRAJECTORIES[options.keep](ensemble),
        "alliance": tables.alliance_quantiles(ensemble),
        "outcomes": per_run,
        "reasons": reasons(ensemble),
        "robustness": _robustness(options, ensemble),
    }
    if options.posterior is not None:
        found["uncertainty"] = uncertainty(ensemble, series=options.keep != "outcomes")
    digests = {name: table_digest(table) for name, table in found.items()}
    manifest = {
        **heading("run", loaded.name),
        "files": [path.name for path in loaded.files],
        "options": {
            "runs": options.runs,
            "seed": options.seed,
            "months": ensemble.world.months,
            "keep": options.keep,
            "set": list(options.settings),
            "without": list(options.without),
            "robustness": options.robustness,
            "engine": options.engine,
        },
        "digest": {"states": _states_digest(ensemble, options), **digests},
        "coefficients": ensemble.world.coefficients._asdict(),
        **posterior_data(options.posterior),
        "scenario": scenario.model_dump(mode="json"),
    }
    return Result(manifest=manifest, verdict=verdict, **found, posterior=options.posterior)


def _robustness(options: Options, ensemble: Ensemble) -> pd.DataFrame:
    """Return the effect under other coefficients and inputs, or as given alone."""
    if not options.robustness:
        return no_robustness(ensemble.world, ensemble.twin)
    return robustness(ensemble.world, ensemble.twin, _vectors(ensemble.world, options))


_TRAJECTORIES: dict[Keep, Callable[[Ensemble], pd.DataFrame]] = {
    "runs": tables.trajectory_runs,
    "quantiles": tables.trajectory_quantiles,
    "outcomes": tables.no_trajectories,
}


def _states_digest(ensemble: Ensemble, options: Options) -> str:
    """Return the digest of all trajectories, or an empty text where none are kept."""
    return "" if options.keep == "outcomes" else ensemble.digest()


def rerun(
    manifest: dict[str, Any],
    progress: Progress | None = None,
    posterior: Posterior | None = None,
) -> Result:
    """Run again what a manifest describes.

    Args:
        manifest: of the results of one scenario.
        progress: called with the number of runs finished.
        posterior: the draws kept with them, where coefficients were drawn.

    Raises:
        InputError: if the manifest's scenario or options are not valid.
    """
    loaded = loaded_of(manifest)
    kept = manifest["options"]
    if kept["keep"] not in _TRAJECTORIES:
        expected = f"one of {', '.join(_TRAJECTORIES)}"
        raise InputError([Problem("manifest.json", "options.keep", kept["keep"], expected)])
    options = Options(
        runs=kept["runs"],
        seed=kept["seed"],
        months=kept["months"],
        keep=kept["keep"],
        robustness=kept["robustness"],
        posterior=posterior,
    )
    return run_scenario(loaded, options, progress)


def heading(kind: str, name: str, libraries: Mapping[str, str] | None = None) -> dict[str, Any]:
    """Return how every manifest begins: what it is of, the program that made it, and when.

    Args:
        kind: of results.
        name: of what they are of.
        libraries: versions of libraries that these results rest on besides the program's own.
    """
    return {
        "format": FORMAT,
        "kind": kind,
        "name": name,
        "program": {**program(), **(libraries or {})},
        "created": datetime.datetime.now(datetime.UTC).isoformat(timespec="seconds"),
    }


def program() -> dict[str, str]:
    """Return versions of the program, its libraries and Python, and the git revision if any."""
    found = {"alliancesim": __version__, "python": platform.python_version()}
    found |= {name: metadata.version(name) for name in _LIBRARIES}
    revision = _git_revision()
    return {**found, "git": revision} if revision else found


def _git_revision() -> str:
    """Return the revision of the checkout the program runs from, or an empty text."""
    folder = Path(__file__).resolve().parent
    if not (folder.parent.parent / ".git").exists():
        return ""
    command = ["git", "-C", str(folder), "describe", "--always", "--dirty", "--abbrev=12"]
    try:
        done = subprocess.run(command, capture_output=True, text=True, check=True, timeout=5)
    except (OSError, subprocess.SubprocessError):
        return ""
    return done.stdout.strip()
