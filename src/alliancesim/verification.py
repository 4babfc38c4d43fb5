"""Whether results on disk are what the program computes, bit for bit."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pandas as pd

from alliancesim.attribution.account import FOLDER, digests, made_again, read_account
from alliancesim.attribution.tables import KIND as EXPLANATION
from alliancesim.comparison import comparison_table
from alliancesim.experiment.identity import KIND
from alliancesim.experiment.parts import compute, plan_of
from alliancesim.experiment.reading import from_manifest
from alliancesim.experiment.store import records, whole_parts
from alliancesim.posterior.draws import Posterior
from alliancesim.results.result import Result, read, read_draws, read_manifest, table_digest
from alliancesim.scenario.problems import InputError, Problem
from alliancesim.study import rerun


def differences(folder: Path, progress: Callable[[str, int], None] | None = None) -> list[str]:
    """Run results again and say in words where they differ from those kept.

    Args:
        folder: results of ``run``, ``compare``, ``explain`` or ``experiment``.
        progress: called with what is being run and the number of runs done.

    Returns:
        One sentence per difference; none if every bit agrees.

    Raises:
        InputError: if the folder holds no readable results.
    """
    manifest = read_manifest(folder)
    if manifest.get("kind") == KIND:
        return _of_experiment(folder, manifest, progress)
    if manifest.get("kind") == EXPLANATION:
        drawn = read_draws(folder, manifest) if "posterior" in manifest else None
        return _of_explanation(folder, manifest["digest"], drawn, progress)
    if manifest.get("kind") != "compare":
        return _of_run(folder, manifest, progress)
    found: list[str] = []
    again: list[Result] = []
    for name in manifest["scenarios"]:
        inner, result = _of_one(read(folder / "scenarios" / name), progress)
        found += [f"{name}: {difference}" for difference in inner]
        again.append(result)
    path = folder / "comparison.parquet"
    try:
        kept = table_digest(pd.read_parquet(path))
    except (OSError, ValueError) as error:
        raise InputError([Problem(str(path), "", "", f"a readable table ({error})")]) from None
    if kept != table_digest(comparison_table(again, manifest["options"]["seed"])):
        found.append("the comparison table differs from what the program computes")
    return found


def _of_experiment(
    folder: Path, manifest: dict[str, Any], progress: Callable[[str, int], None] | None
) -> list[str]:
    """Return differences of a sweep, part by part; parts that are not finished are not missed."""
    drawn = read_draws(folder, manifest) if "posterior" in manifest else None
    plan = plan_of(from_manifest(manifest, drawn))
    found = []
    if plan.loaded.digest != manifest["digest"]["experiment"]:
        found.append("the experiment was changed after its sweep had begun")
    whole = set(whole_parts(folder))
    done = 0
    for record in records(folder):
        number = int(record["part"])
        if number not in whole:
            found.append(f"part {number} was changed after it was written")
        elif compute(plan, number).digest != record["digest"]:
            found.append(f"part {number} differs from what the program computes")
        done += int(record["rows"])
        if progress is not None:
            progress(plan.loaded.name, done)
    return found


def _of_run(
    folder: Path, manifest: dict[str, Any], progress: Callable[[str, int], None] | None
) -> list[str]:
    """Return differences of a run, and of the causes of its change where they are kept."""
    result = read(folder)
    found = _of_one(result, progress)[0]
    if "causes" in manifest:
        inner = _of_explanation(folder / FOLDER, manifest["causes"], result.posterior, progress)
        found += [f"{FOLDER}: {difference}" for difference in inner]
    return found


def _of_explanation(
    folder: Path,
    digest: dict[str, str],
    drawn: Posterior | None,
    progress: Callable[[str, int], None] | None,
) -> list[str]:
    """Return differences of an explanation from what its manifest, or that of its run, records."""
    kept = read_account(folder)

    def report(done: int) -> None:
        if progress is not None:
            progress(kept.name, done >> len(kept.causes))

    again = digests(made_again(kept, drawn, report))
    found = []
    for name, now in digests(kept.tables).items():
        if now != digest.get(name):
            found.append(f"table {name} was changed after it was written")
        elif now != again[name]:
            found.append(f"table {name} differs from what the program computes")
    return found


def _of_one(kept: Result, progress: Callable[[str, int], None] | None) -> tuple[list[str], Result]:
    """Return differences of one scenario's results, and the results run again."""

    def report(done: int) -> None:
        if progress is not None:
            progress(kept.name, done)

    again = rerun(kept.manifest, report, kept.posterior)
    found = []
    for name, table in kept.tables().items():
        if table_digest(table) != kept.manifest["digest"][name]:
            found.append(f"table {name} was changed after it was written")
        elif kept.manifest["digest"][name] != again.manifest["digest"][name]:
            found.append(f"table {name} differs from what the program computes")
    if kept.manifest["digest"]["states"] != again.manifest["digest"]["states"]:
        found.append("the trajectories differ from what the program computes")
    if kept.verdict != again.verdict:
        found.append("the verdict differs from what the program computes")
    return found, again
