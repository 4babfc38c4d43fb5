"""A game solved again from the folder that holds its solution.

The game's own file is not read again, since it may have changed; the manifest holds it whole.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from alliancesim.game.playing import play
from alliancesim.game.solution import Solution, solve
from alliancesim.game.tables import played_of
from alliancesim.results.result import kept_draws

Progress = Callable[[str, int], None]


def again(folder: Path, about: dict[str, Any], progress: Progress) -> Solution:
    """Return a game solved again from what a folder's manifest says was played.

    Args:
        folder: with the draws, if coefficients were drawn.
        about: its manifest.
        progress: told the game's name and the number of worlds' runs finished, now and then.

    Raises:
        InputError: if the manifest or the draws are damaged.
    """
    draws = kept_draws(folder, about)
    loaded = played_of(about, draws)
    return solve(play(loaded, lambda done: progress(loaded.name, done)))
