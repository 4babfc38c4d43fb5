"""The starter scenario that ``alliancesim new`` writes.

Nothing of the text stands here, but in ``starter.toml`` beside it.
"""

from __future__ import annotations

from importlib import resources


def starter_text() -> str:
    """Return a commented scenario of three invented states, valid as it stands."""
    return resources.files("alliancesim.scenario").joinpath("starter.toml").read_text("utf-8")
