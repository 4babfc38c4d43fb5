"""A landscape surveyed again from the folder that holds it.

A run that the landscape was drawn of is not asked for again: the manifest has its scenario, and the
folder its draws.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from alliancesim.landscape.survey import Survey, survey
from alliancesim.landscape.tables import asked_of
from alliancesim.results.result import kept_draws

Progress = Callable[[str, int], None]


def again(folder: Path, about: dict[str, Any], progress: Progress) -> Survey:
    """Return a landscape surveyed again from what a folder's manifest says was asked.

    Args:
        folder: with the draws, if coefficients were drawn.
        about: its manifest.
        progress: told the scenario's name and the number of runs finished, now and then.

    Raises:
        InputError: if the manifest or the draws are damaged.
    """
    draws = kept_draws(folder, about)
    posed = asked_of(about, draws)
    return survey(posed, lambda done: progress(posed.target.name, done))
