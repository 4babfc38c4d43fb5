"""An experiment's folder, finished or not, as a report reads it.

Nothing is put into words here.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from alliancesim.experiment.factors import Axis
from alliancesim.experiment.findings import MOST_RUNS
from alliancesim.experiment.naming import EFFECT
from alliancesim.experiment.parts import POINT, RUN
from alliancesim.experiment.phases import cell_levels, phase_table
from alliancesim.experiment.reading import from_manifest
from alliancesim.experiment.schema import Analysis, Experiment
from alliancesim.experiment.store import (
    keys_of,
    read_design,
    read_failures,
    read_points,
    read_summary,
    records,
    runs_by_part,
)
from alliancesim.experiment.summary import (
    by_point,
    cells_of,
    importance,
    interactions,
    main_effects,
)
from alliancesim.scenario.problems import InputError, Problem
from alliancesim.scenario.schema import Scenario

MOST_PAIRED = 6
"""Factors whose pairs are looked at for interactions, and of a global design those whose mean
effects are: the strongest ones."""

PAIR_BINS = 5
"""Bins into which a sampled number is sorted to look for interactions."""


@dataclass(frozen=True)
class Sweep:
    """What an experiment's folder holds.

    Attributes:
        folder: where it lies.
        manifest: what is swept, how, and with which program.
        experiment: the experiment.
        scenario: the scenario that it varies.
        axes: its factors, factor sets spelt out.
        design: one row per point of the whole design.
        points: one row per finished point.
        runs: columns ``point``, ``run``, ``effect`` and the outcome analysed, of finished points.
        failures: points that failed, with their error.
        parts: number of finished parts, and of all.
        made: number of runs of world and twin.
    """

    folder: Path
    manifest: dict[str, Any]
    experiment: Experiment
    scenario: Scenario
    axes: tuple[Axis, ...]
    design: pd.DataFrame
    points: pd.DataFrame
    runs: pd.DataFrame
    failures: pd.DataFrame
    parts: tuple[int, int]
    made: int

    @property
    def margin(self) -> float:
        """Return the margin within which an effect counts as nothing."""
        return self.scenario.outcome.margin.value

    @property
    def analysis(self) -> Analysis:
        """Return what is to be made of the results; main effects where the file does not say."""
        return self.experiment.analysis or Analysis(kind="main-effects")

    @property
    def outcome(self) -> str:
        """Return the outcome that is analysed."""
        return self.analysis.outcome

    @property
    def sampled(self) -> bool:
        """Say whether the points are a sample rather than a grid."""
        return self.experiment.design.kind != "grid"

    @property
    def complete(self) -> bool:
        """Say whether all parts are done."""
        return self.parts[0] == self.parts[1]

    @property
    def runs_used(self) -> int:
        """Return the number of runs at each point that the analysis uses."""
        return int(self.runs[RUN].max()) + 1 if len(self.runs) else 0

    def axis(self, name: str) -> Axis:
        """Return a factor by its name."""
        return next(axis for axis in self.axes if axis.name == name)

    @property
    def sides(self) -> tuple[Axis, Axis] | None:
        """Return the axes of the phase diagram, if there is one."""
        x, y = self.analysis.x, self.analysis.y
        return None if x is None or y is None else (self.axis(x), self.axis(y))

    def levels_of(self, axis: Axis) -> list[Any]:
        """Return the levels at which something stands along a factor, in its order."""
        return cell_levels(axis) if not self.sampled else []

    @cached_property
    def phases(self) -> pd.DataFrame:
        """Return the cells of the phase diagram."""
        if self.sides is None:
            raise ValueError("an experiment without a phase diagram")
        return phase_table(self.runs, self.design, self.sides, self.outcome, self.margin)

    @cached_property
    def importance(self) -> pd.DataFrame:
        """Return how strongly the outcome hangs on each factor, the strongest first."""
        return importance(self.runs, self.design, self.outcome, seed=self.experiment.seed)

    @cached_property
    def strongest(self) -> list[str]:
        """Return the names of the factors, the strongest first."""
        if self.analysis.kind == "global":
            return [str(name) for name in self.importance["factor"]]
        means = self.main_effects.groupby("factor", sort=False)["mean"]
        spans = means.max() - means.min()
        return [str(name) for name in spans.sort_values(ascending=False, kind="stable").index]

    @cached_property
    def main_effects(self) -> pd.DataFrame:
        """Return the mean outcome at each level, or in each bin, of the factors worth showing."""
        design = self.design
        if self.analysis.kind == "global":
            design = design[[POINT, *self.strongest[:MOST_PAIRED]]]
        return main_effects(self.runs, design, self.outcome, sampled=self.sampled)

    @cached_property
    def interactions(self) -> pd.DataFrame:
        """Return how far the strongest factors act other than each for itself, by pairs."""
        found = interactions(
            self.runs,
            self.design,
            self.outcome,
            sampled=self.sampled,
            factors=self.strongest[:MOST_PAIRED],
            bins=PAIR_BINS,
            seed=self.experiment.seed,
        )
        told = [self._crossed(*pair) for pair in zip(found["first"], found["second"], strict=True)]
        found = found[told]
        by_size = found["left_over"] - found["noise"]
        return found.loc[by_size.sort_values(ascending=False, kind="stable").index]

    def _crossed(self, first: str, second: str) -> bool:
        """Say whether enough has run to tell what two factors do together.

        A grid must have more cells than a sum of what each does alone could fit; a sample must have
        two points in a cell on average, so that their scatter is known.
        """
        done = self.design[self.design[POINT].isin(self.points[POINT])]
        bins = PAIR_BINS if self.sampled else None
        cells = [cells_of(done[name].to_numpy(), bins).of for name in (first, second)]
        distinct = len(np.unique(np.stack(cells), axis=1).T)
        alone = sum(len(np.unique(of)) for of in cells) - 1
        return distinct > alone and (not self.sampled or len(done) >= 2 * distinct)


def read_sweep(folder: Path, manifest: dict[str, Any]) -> Sweep:
    """Return an experiment's results, as far as they are there.

    Args:
        folder: results of an experiment.
        manifest: of that folder.

    Raises:
        InputError: if something is missing or damaged.
    """
    try:
        loaded = from_manifest(manifest)
        parts = int(manifest["parts"])
    except (InputError, KeyError, TypeError, ValueError) as error:
        expected = f"what was swept, as the program wrote it ({type(error).__name__})"
        raise InputError([Problem(str(folder / "manifest.json"), "", "", expected)]) from None
    experiment = loaded.experiment
    done, replicates = records(folder), experiment.replicates
    outcome = experiment.analysis.outcome if experiment.analysis else EFFECT
    made = sum(int(record["rows"]) for record in done)
    used = max(1, min(replicates, MOST_RUNS // max(1, made // replicates)))
    columns = list(dict.fromkeys((*keys_of(manifest), EFFECT, outcome)))
    tables = [table[table[RUN] < used] for table in runs_by_part(folder, columns)]
    runs = pd.concat(tables, ignore_index=True) if tables else pd.DataFrame(columns=columns)
    return Sweep(
        folder,
        manifest,
        experiment,
        loaded.base.scenario,
        loaded.axes,
        read_design(folder),
        _points(folder, made, loaded.base.scenario.outcome.margin.value),
        runs,
        read_failures(folder),
        (len(done), parts),
        made,
    )


def _points(folder: Path, made: int, margin: float) -> pd.DataFrame:
    """Return the table of points, made anew where parts have come since it was written."""
    try:
        if read_summary(folder).get("runs") == made:
            return read_points(folder)
    except InputError:
        pass  # killed before its end, a sweep has no summary
    tables = [by_point(runs, margin) for runs in runs_by_part(folder) if len(runs)]
    return pd.concat(tables, ignore_index=True) if tables else pd.DataFrame({POINT: []})
