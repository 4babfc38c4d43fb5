"""What is discovered again in the points that a folder holds.

No point is run again, only searched again: the points are an experiment of their own, and can be
verified as one.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from alliancesim.discovery.dataset import read_dataset
from alliancesim.discovery.discovering import Discovered, discover

Progress = Callable[[str, int], None]

POINTS = "experiment"
"""Folder, within that of the results, of the points that they rest on."""


def again(folder: Path, about: dict[str, Any], progress: Progress) -> Discovered:
    """Return what is discovered again in the points that a folder holds.

    Args:
        folder: of an earlier discovery.
        about: its manifest.
        progress: told the verdict at work and the number of steps done.

    Raises:
        InputError: if the points are damaged.
    """
    return discover(read_dataset(folder / POINTS, about["options"]["among"]), progress)
