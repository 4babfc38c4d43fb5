"""From an experiment file and ``--set`` to one validated experiment on its scenario.

Points are counted and not laid out while a file is read.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from itertools import chain, islice
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from alliancesim.coefficients import defaults
from alliancesim.experiment import rules
from alliancesim.experiment.checking import axes_on, misfits
from alliancesim.experiment.factors import Axis
from alliancesim.experiment.naming import names_of
from alliancesim.experiment.schema import Experiment
from alliancesim.posterior.draws import DEFAULT, Posterior, load_posterior
from alliancesim.results.manifest import loaded_of
from alliancesim.scenario import library
from alliancesim.scenario.explanation import explain
from alliancesim.scenario.limits import refuse_excess
from alliancesim.scenario.problems import MOST_PROBLEMS, InputError, Problem
from alliancesim.scenario.reading import (
    Loaded,
    load,
    parse_setting,
    read_document,
)
from alliancesim.scenario.referring import laid_over, problems_of, scenario_file, validated

FORMAT = 1
"""Version of what a digest covers; raised when the same file comes to mean other numbers."""

_TOLD = {"title", "question", "story", "learn", "sources", "observations"}
"""Keys of a scenario that are told and never computed with."""


@dataclass(frozen=True)
class LoadedExperiment:
    """A validated experiment, its scenario, and where it came from.

    Attributes:
        name: stem of its file.
        experiment: the experiment.
        base: the scenario that it varies, with its settings.
        file: its file.
        digest: of everything that determines the numbers, 32 hexadecimal digits.
        axes: its factors, factor sets spelt out.
        posterior: where coefficients are drawn from, if they are.
    """

    name: str
    experiment: Experiment
    base: Loaded
    file: Path
    digest: str
    axes: tuple[Axis, ...]
    posterior: Posterior | None = None

    @property
    def points(self) -> int:
        """Return the number of points of the design."""
        return self.experiment.points

    @property
    def part_points(self) -> int:
        """Return the number of points that are written at a time."""
        return self.experiment.part_points


def load_experiment(
    reference: str, settings: Sequence[str] = (), posterior: str | None = None
) -> LoadedExperiment:
    """Read and validate an experiment.

    Args:
        reference: name of a shipped experiment, or a path.
        settings: ``key=value`` texts. A key of the experiment file, such as ``design.replicates``,
            overrides that file; any other is a key of the scenario and holds at every point.
        posterior: where coefficients are drawn from, in place of what the file says.

    Returns:
        The experiment on its scenario.

    Raises:
        InputError: with every problem found.
    """
    path = library.EXPERIMENTS.find(reference)
    document = read_document(path)
    overridden, others = laid_over(document, settings, Experiment.model_fields)
    if others:
        given = document.get("settings", [])
        document["settings"] = [*(given if isinstance(given, list) else []), *others]
    if posterior is not None:
        document["posterior"] = posterior
        overridden.add(("posterior",))
    experiment = validated(document, path, overridden, Experiment)
    base = _base(experiment, path, settings)
    axes = axes_on(experiment, base.scenario)
    found = chain(rules.broken_rules(experiment), misfits(experiment, base, axes))
    broken = list(islice(found, MOST_PROBLEMS))
    if broken:
        raise InputError(problems_of(broken, path, overridden))
    drawn = _posterior(experiment, None if ("posterior",) in overridden else path.parent)
    digest = _digest(experiment, base, axes, drawn)
    return LoadedExperiment(path.stem, experiment, base, path, digest, axes, drawn)


def _posterior(experiment: Experiment, folder: Path | None) -> Posterior | None:
    """Return what an experiment's coefficients are drawn from, if they are.

    Args:
        experiment: the experiment.
        folder: from which paths lead, if not the working directory.

    Raises:
        InputError: if it is not there or not valid.
    """
    named = experiment.posterior
    if named is None or named == DEFAULT or folder is None:
        return None if named is None else load_posterior(named)
    return load_posterior(folder / named)


def from_manifest(
    manifest: Mapping[str, Any], posterior: Posterior | None = None
) -> LoadedExperiment:
    """Return the experiment that a sweep's manifest describes.

    Args:
        manifest: of the sweep.
        posterior: the draws kept with it, if coefficients were drawn and it is to be run again.

    Raises:
        InputError: with every problem found, if it describes none.
    """
    file = "manifest.json"
    document, told = manifest.get("experiment"), manifest.get("scenario")
    if not (isinstance(document, dict) and isinstance(told, dict) and "name" in manifest):
        expected = "an experiment and its scenario, by name"
        raise InputError([Problem(file, "", "", expected)])
    refuse_excess(document, file)
    base = loaded_of(manifest)
    try:
        experiment = Experiment.model_validate(document)
    except ValidationError as error:
        raise InputError(explain(error, lambda _keys: file, Experiment)) from None
    axes = axes_on(experiment, base.scenario)
    digest = _digest(experiment, base, axes, posterior)
    return LoadedExperiment(base.name, experiment, base, Path(file), digest, axes, posterior)


def _base(experiment: Experiment, path: Path, settings: Sequence[str]) -> Loaded:
    """Return the scenario that an experiment varies.

    Raises:
        InputError: with every problem found; those of settings name the experiment's file.
    """
    file = scenario_file(experiment.scenario, path)
    bad_setting = [found for found in rules.broken_rules(experiment) if found.keys[0] == "settings"]
    if bad_setting:
        raise InputError(problems_of(bad_setting, path, set()))
    try:
        return load(str(file), experiment.settings, experiment.without)
    except InputError as error:
        typed = {".".join(parse_setting(text)[0]) for text in settings}
        words = {"--set": "settings", "--without": "without"}
        raise InputError(
            Problem(
                str(path),
                words[problem.file],
                f"{problem.key} {problem.value}",
                problem.expected,
                problem.suggestion,
            )
            if problem.file in words and problem.key not in typed
            else problem
            for problem in error.problems
        ) from None


def _digest(
    experiment: Experiment, base: Loaded, axes: Sequence[Axis], posterior: Posterior | None
) -> str:
    """Return a digest of everything that determines the numbers, texts left out."""
    determining = {
        "format": FORMAT,
        "design": experiment.design.model_dump(exclude={"part_points"}),
        "part_points": experiment.part_points,
        "axes": [asdict(replace(axis, label="", unit="")) for axis in axes],
        "outcomes": names_of(experiment),
        "scenario": base.scenario.model_dump(mode="json", exclude=_TOLD),
        "coefficients": defaults()._asdict(),
        **({} if posterior is None else {"posterior": posterior.digest()}),
    }
    text = json.dumps(determining, sort_keys=True, ensure_ascii=False)
    return hashlib.blake2b(text.encode(), digest_size=16).hexdigest()
