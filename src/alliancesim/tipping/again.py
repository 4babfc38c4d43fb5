"""Tipping points found again from the folder that holds them.

No kept number helps the search, so that a wrong one is found out.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from alliancesim.results.result import kept_draws
from alliancesim.tipping.bench import Progress
from alliancesim.tipping.question import Tipped, tip
from alliancesim.tipping.tables import asked_of


def again(folder: Path, about: dict[str, Any], progress: Progress) -> Tipped:
    """Return tipping points found again from what a folder's manifest says was asked.

    Args:
        folder: with the draws, if coefficients were drawn.
        about: its manifest.
        progress: told what is being done and how many worlds have been tried.

    Raises:
        InputError: if the manifest or the draws are damaged.
    """
    draws = kept_draws(folder, about)
    return tip(*asked_of(about), draws, progress)
