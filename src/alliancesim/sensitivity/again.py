"""A sensitivity analysis made again from the folder that holds it.

No stage that the folder holds is taken over, since a check may not rest on what it checks.
"""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any

from alliancesim.experiment.execution import in_process
from alliancesim.experiment.reading import from_manifest
from alliancesim.results.result import kept_draws
from alliancesim.sensitivity.question import (
    SCREENING,
    STAGES,
    Progress,
    Question,
    Sensitivity,
    sensitivity,
)


def again(folder: Path, about: dict[str, Any], progress: Progress) -> Sensitivity:
    """Return an analysis made again, every run of it, from what a folder's manifest says was asked.

    Args:
        folder: with the draws in that of its first stage, if coefficients were drawn.
        about: its manifest.
        progress: told what is being done and how many runs are done.

    Raises:
        InputError: if the manifest or the draws are damaged.
    """
    kept = kept_draws(folder / STAGES / SCREENING, about)
    loaded, options = from_manifest(about, kept), about["options"]
    question = Question(
        options["factors"],
        options["trajectories"],
        options["samples"],
        options["runs"],
        options["runs_alone"],
    )
    with tempfile.TemporaryDirectory() as name:
        return sensitivity(loaded, question, Path(name), in_process(), progress=progress)
