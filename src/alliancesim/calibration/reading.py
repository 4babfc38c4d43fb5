"""From a calibration file and ``--set`` to one validated calibration on its scenario.

Nothing is sampled, though the numbers to be sampled are counted, since too few walkers are a
mistake in the file.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from alliancesim.calibration.density import Density, density_of
from alliancesim.calibration.rules import broken_rules, too_few_walkers
from alliancesim.calibration.schema import Calibration
from alliancesim.calibration.targets import Targets, targets_of
from alliancesim.compilation import cache_folder
from alliancesim.scenario import library
from alliancesim.scenario.problems import InputError, Problem
from alliancesim.scenario.reading import Loaded, load, read_document
from alliancesim.scenario.referring import laid_over, problems_of, scenario_file, validated

FORMAT = 1
"""Version of what a digest covers; raised when the same file comes to mean other numbers."""

_TOLD = {"title", "question", "story", "learn", "sources"}
"""Keys of a scenario that are told and never computed with."""


@dataclass(frozen=True)
class LoadedCalibration:
    """A validated calibration, its scenario, and where it came from.

    Attributes:
        name: stem of its file.
        calibration: the calibration.
        base: the scenario whose observations are fitted, with its settings.
        file: its file.
        targets: the observations that are fitted.
    """

    name: str
    calibration: Calibration
    base: Loaded
    file: Path
    targets: Targets

    def density(self, threads: int | None = None) -> Density:
        """Return what is sampled.

        Args:
            threads: number of threads; all cores if left out.
        """
        return density_of(self.targets, self.calibration, threads=threads)

    def digest(self) -> dict[str, str]:
        """Return digests of everything that determines the numbers: of the files and of the law."""
        priors = self.density().priors
        document = self.calibration.model_dump(mode="json", exclude={"validation", *_TOLD})
        determining = {
            "format": FORMAT,
            "calibration": document,
            "priors": {name: getattr(priors, name) for name in ("names", "base")},
            "numbers": [array.tolist() for array in (priors.centre, priors.spread, priors.high)],
            "scenario": self.base.scenario.model_dump(mode="json", exclude=_TOLD),
        }
        text = json.dumps(determining, sort_keys=True, ensure_ascii=False)
        digest = hashlib.blake2b(text.encode(), digest_size=16).hexdigest()
        return {"calibration": digest, "law": cache_folder().name}


def load_calibration(which: str, settings: Sequence[str] = ()) -> LoadedCalibration:
    """Read and validate a calibration.

    Args:
        which: name of a shipped calibration, or a path.
        settings: ``key=value`` texts. A key of the calibration file, such as ``sampler.steps``,
            overrides that file; any other is a key of the scenario.

    Returns:
        The calibration on its scenario.

    Raises:
        InputError: with every problem found.
    """
    path = library.CALIBRATIONS.find(which)
    document = read_document(path)
    names = [field.alias or name for name, field in Calibration.model_fields.items()]
    overridden, others = laid_over(document, settings, names)
    calibration = validated(document, path, overridden, Calibration)
    broken = broken_rules(calibration)
    if broken:
        raise InputError(problems_of(broken, path, overridden))
    base = load(str(scenario_file(calibration.scenario, path)), others)
    targets = _targets(calibration, base, path)
    numbers = len(density_of(targets, calibration).priors.names)
    broken = too_few_walkers(calibration, numbers)
    if broken:
        raise InputError(problems_of(broken, path, overridden))
    return LoadedCalibration(path.stem, calibration, base, path, targets)


def _targets(calibration: Calibration, base: Loaded, path: Path) -> Targets:
    """Return the observations that are fitted.

    Raises:
        InputError: with every problem found; a beginning of labels that fits none is one.
    """
    labels = base.scenario.observations
    problems = [
        Problem(
            str(path),
            "observations.without",
            repr(start),
            f"a label, or the beginning of one, of the observations in {base.name}",
        )
        for start in calibration.observations.without
        if not start or not any(label.startswith(start) for label in labels)
    ]
    if problems:
        raise InputError(problems)
    try:
        return targets_of(base.scenario, calibration.observations)
    except InputError as error:
        file = str(base.files[0]) if base.files else base.name
        raise InputError(replace(problem, file=file) for problem in error.problems) from None
