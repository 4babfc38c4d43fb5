"""A sweep: parts computed here or elsewhere, written as they come, summed up at the end.

Clusters are not known here: whoever begins a sweep hands in what computes its parts.
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Generator, Sequence
from pathlib import Path
from typing import Any

from alliancesim.compilation import cache_folder
from alliancesim.experiment.design import design_table
from alliancesim.experiment.findings import findings, points_table
from alliancesim.experiment.identity import KIND
from alliancesim.experiment.outcomes import outcome_names
from alliancesim.experiment.parts import Part, Plan, compute
from alliancesim.experiment.store import Store, opened
from alliancesim.results.manifest import posterior_data
from alliancesim.study import heading

Produce = Callable[[Plan, Sequence[int]], Generator[Part, None, None]]
"""Computes the parts of those numbers and yields them in any order."""


class Stopped(KeyboardInterrupt):
    """Ctrl-C in a sweep; what was done until then is written."""

    def __init__(self, summary: dict[str, Any]) -> None:
        """Keep the summary of what is done."""
        self.summary = summary
        super().__init__()


def in_process(threads: int | None = None) -> Produce:
    """Return what computes parts one after another in this process.

    Args:
        threads: number of threads; all cores if left out.
    """

    def produce(plan: Plan, numbers: Sequence[int]) -> Generator[Part, None, None]:
        for number in numbers:
            yield compute(plan, number, threads)

    return produce


def sweep(
    plan: Plan,
    folder: Path,
    produce: Produce,
    *,
    resume: bool = False,
    progress: Callable[[int], None] | None = None,
) -> dict[str, Any]:
    """Run an experiment into a folder, or what is left of it.

    Args:
        plan: the experiment.
        folder: where the results are or are to be.
        produce: how parts are computed; it changes no bit.
        resume: whether to go on with what the folder holds.
        progress: called with the number of runs that are done, first with those done before.

    Returns:
        The summary, as in ``summary.json``.

    Raises:
        InputError: if the folder cannot be used, or can no longer be written to.
        Stopped: on Ctrl-C.
    """
    design = design_table(plan.design)
    drawn = plan.loaded.posterior
    with opened(folder, manifest_of(plan), design, resume=resume, posterior=drawn) as store:
        try:
            fill(plan, store, produce, progress)
        except KeyboardInterrupt:
            raise Stopped(_conclude(plan, store)) from None
        return _conclude(plan, store)


def fill(
    plan: Plan, store: Store, produce: Produce, progress: Callable[[int], None] | None = None
) -> None:
    """Compute the parts that a folder lacks, and write each as it comes.

    Args:
        plan: the experiment.
        store: its folder.
        produce: how parts are computed.
        progress: called with the number of runs that are done, first with those done before.

    Raises:
        InputError: if the folder can no longer be written to.
    """
    report = progress or (lambda _done: None)
    report(_runs_done(plan, store))
    with contextlib.closing(produce(plan, store.pending)) as parts:
        for part in parts:
            store.add(part)
            report(_runs_done(plan, store))


def manifest_of(plan: Plan) -> dict[str, Any]:
    """Return what is swept, how, and with which program."""
    loaded = plan.loaded
    files = [loaded.file, *loaded.base.files]
    return {
        **heading(KIND, loaded.name),
        "files": [path.name for path in files],
        "digest": {"experiment": loaded.digest, "law": cache_folder().name},
        "seed": loaded.experiment.seed,
        "replicates": loaded.experiment.replicates,
        "points": plan.design.points,
        "part_points": loaded.part_points,
        "parts": plan.parts,
        "factors": list(plan.design.factors),
        "outcomes": list(outcome_names(loaded)),
        **posterior_data(loaded.posterior),
        # What is left out stays left out, so that the manifest is valid where a file would be.
        "experiment": loaded.experiment.model_dump(mode="json", exclude_none=True),
        "scenario": loaded.base.scenario.model_dump(mode="json"),
    }


def _runs_done(plan: Plan, store: Store) -> int:
    """Return the number of runs behind us, those of failed points included."""
    return store.rows + store.failed * plan.loaded.experiment.replicates


def _conclude(plan: Plan, store: Store) -> dict[str, Any]:
    """Write what the finished points amount to and return the summary."""
    points = points_table(plan, store)
    experiment = plan.loaded.experiment
    summary = {
        "name": plan.loaded.name,
        "title": experiment.title,
        "question": experiment.question,
        **store.done(),
        "all_points": plan.design.points,
        "findings": findings(plan, store, points),
    }
    store.finish(points, summary)
    return summary
