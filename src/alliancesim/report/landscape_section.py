"""The landscape of alignments as a section of the report on a run: its runs, made again.

The page on a landscape asked for by itself is not here, but in landscapes.
"""

from __future__ import annotations

import shlex
from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from alliancesim.arrays import Array
from alliancesim.landscape import alignments, tables
from alliancesim.landscape.alignments import MOST_ACTORS
from alliancesim.landscape.survey import Question, Survey, pose, survey
from alliancesim.landscape.target import Target
from alliancesim.language import text
from alliancesim.measures.outcomes import late_means
from alliancesim.posterior.nesting import FEWEST_NESTED
from alliancesim.report import landscape_wording as wording
from alliancesim.report.landscapes import paths_picture
from alliancesim.report.pictures import Picture
from alliancesim.results.result import Result

PICTURE = "landscape"

FEWEST_ACTORS = 3
"""Two actors have neither a third to side with nor a triad."""

MOST_RUNS = 1_000
"""Runs that a report makes again: a third of a second's work for four actors and a year."""

MOST_ENERGIES = 2**25
"""Energies that a report works out at most: a second's work or two."""

_SAME = 1e-9


class Beside(NamedTuple):
    """The landscape beside a run.

    Attributes:
        missing: why there is none, in a sentence; empty where there is one.
        survey: relations of all pairs in the first runs.
        made: its tables of alignments, basins and paths.
    """

    missing: str
    survey: Survey | None = None
    made: Mapping[str, pd.DataFrame] = MappingProxyType({})


def beside(result: Result) -> Beside:
    """Return the landscape beside the results of a run.

    Quantiles over runs, which results keep, do not say which alignment a run is in; so the first
    runs are made again, and held against those that were kept.

    Args:
        result: results of one scenario.
    """
    actors = len(result.manifest["scenario"]["actors"])
    if actors < FEWEST_ACTORS:
        return Beside(text("With two actors there is nobody else to stand with, and no triad."))
    if actors > MOST_ACTORS:
        many = text(
            "Not shown: with more than {most} actors, here {actors}, the divisions into two camps"
            " are too many to go through."
        )
        return Beside(many.format(most=MOST_ACTORS, actors=actors))
    options = result.manifest["options"]
    energies = 2 * (options["months"] + 1) * 2 ** (actors - 1)
    # Fewer runs than are nested would take other draws of the coefficients than those kept.
    most = max(FEWEST_NESTED, min(MOST_RUNS, MOST_ENERGIES // energies))
    target = Target(
        result.name,
        result.scenario(),
        min(options["runs"], most),
        options["seed"],
        options["months"],
        result.posterior,
    )
    found = survey(pose(target, Question()))
    if not _are_the_same(found, result):
        return Beside(
            text(
                "Not shown: the runs made again for it are not those kept, which another version of"
                " the program or another way to decide has made."
            )
        )
    made = {
        "alignments": tables.alignments_table(found),
        "basins": tables.basins_table(found),
        "paths": tables.paths_table(found),
    }
    return Beside("", found, made)


def _are_the_same(found: Survey, result: Result) -> bool:
    """Say whether runs made again end in the cohesion that the results kept."""
    first, second = alignments.dyads(len(found.actors))
    allied = np.isin(first, found.members) & np.isin(second, found.members)
    late: Array = late_means(
        found.relations.cohesion[..., allied].mean(axis=-1), found.posed.world.window
    )
    kept = result.outcomes[["cohesion_world", "cohesion_twin"]].to_numpy(np.float64)
    return bool(np.allclose(late.T, kept[: late.shape[1]], rtol=0.0, atol=_SAME))


def pictures(land: Beside) -> dict[str, Picture]:
    """Return the figure of gap and balance over time, or none where there is nothing to show."""
    if land.survey is None:
        return {}
    return {PICTURE: paths_picture(land.survey, land.made["paths"], 1, PICTURE)}


def section(land: Beside, folder: Path) -> dict[str, Any]:
    """Return what the page on a run says of its landscape.

    Args:
        land: the landscape.
        folder: where the results are kept, for the command that shows more.
    """
    if land.survey is None:
        return {"missing": land.missing}
    posed = land.survey.posed
    return {
        "missing": "",
        "date": posed.world.date(posed.month),
        "rows": wording.standing(land.survey, land.made),
        "balance": wording.balance(land.survey, land.made),
        "basis": wording.basis(land.survey),
        "made_of": wording.made_of(land.survey),
        "runs": posed.target.runs,
        "command": shlex.join(["alliancesim", "landscape", folder.name or str(folder)]),
    }
