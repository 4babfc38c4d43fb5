"""A scenario recoded again from the folder that holds its recodings.

Codes are not read back: they are drawn anew, and the seed makes them the same.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from alliancesim.recoding.question import Question, Recoded, recode
from alliancesim.results.manifest import loaded_of
from alliancesim.results.result import kept_draws
from alliancesim.tipping.bench import Progress


def again(folder: Path, about: dict[str, Any], progress: Progress) -> Recoded:
    """Return recodings made again from what a folder's manifest says was asked.

    Args:
        folder: with the draws, if coefficients were drawn.
        about: its manifest.
        progress: told what is being done and how many worlds have been tried.

    Raises:
        InputError: if the manifest or the draws are damaged.
    """
    draws = kept_draws(folder, about)
    options = about["options"]
    question = Question(
        options["recodings"],
        options["runs"],
        options["seed"],
        options["set"],
        options["without"],
    )
    return recode(loaded_of(about), question, draws, progress)
