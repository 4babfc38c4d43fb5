"""Whether results on disk are what the program computes, bit for bit.

Nothing is computed here in a way of its own: each kind of study is made again by its ``again``, and
this module compares.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pandas as pd

from alliancesim.attribution.account import FOLDER, digests, made_again, read_account
from alliancesim.attribution.tables import KIND as EXPLANATION
from alliancesim.comparison import comparison_table
from alliancesim.discovery import tables as discovery_tables
from alliancesim.discovery.again import again as discovered
from alliancesim.experiment.identity import KIND
from alliancesim.experiment.parts import compute, plan_of
from alliancesim.experiment.reading import from_manifest
from alliancesim.experiment.store import records, whole_parts
from alliancesim.game import tables as game_tables
from alliancesim.game.again import again as solved
from alliancesim.landscape import tables as landscape_tables
from alliancesim.landscape.again import again as surveyed
from alliancesim.posterior.draws import Posterior
from alliancesim.recoding import tables as recoding_tables
from alliancesim.recoding.again import again as recoded
from alliancesim.results.manifest import check_whole, nothing_missing
from alliancesim.results.result import Result, kept_draws, read, read_manifest, table_digest
from alliancesim.results.tables import table_text
from alliancesim.scenario.problems import InputError, Problem
from alliancesim.sensitivity import tables as sensitivity_tables
from alliancesim.sensitivity.again import again as analysed
from alliancesim.study import rerun
from alliancesim.tipping import tables as tipping_tables
from alliancesim.tipping.again import again as tipped

Progress = Callable[[str, int], None]

Again = Callable[[Path, dict[str, Any], Progress], Mapping[str, pd.DataFrame]]
"""Makes the tables of a folder again, from what its manifest says was asked."""

_STUDIES: Mapping[str, Again] = {
    discovery_tables.KIND: lambda *asked: discovery_tables.tables(discovered(*asked)),
    game_tables.KIND: lambda *asked: game_tables.tables(solved(*asked)),
    landscape_tables.KIND: lambda *asked: landscape_tables.tables(surveyed(*asked)),
    recoding_tables.KIND: lambda *asked: recoding_tables.tables(recoded(*asked)),
    sensitivity_tables.KIND: lambda *asked: sensitivity_tables.tables(analysed(*asked)),
    tipping_tables.KIND: lambda *asked: tipping_tables.tables(tipped(*asked)),
}

RUNS = ("run", "compare", EXPLANATION, KIND)
"""Results of runs of scenarios, each with a way of its own to be compared."""


def differences(folder: Path, progress: Progress | None = None) -> list[str]:
    """Run results again and say in words where they differ from those kept.

    Args:
        folder: results of ``run``, ``compare``, ``explain``, ``experiment``, ``game``,
            ``landscape``, ``tip``, ``recode``, ``sensitivity`` or ``discover``; a discovery is made
            again from the points that its folder holds.
        progress: called with what is being run and the number of runs done.

    Returns:
        One sentence per difference; none if every bit agrees.

    Raises:
        InputError: if the folder holds no readable results, or those of a kind that rests on fits
            of many minutes.
    """
    manifest = read_manifest(folder)
    kind = manifest.get("kind")
    if kind in _STUDIES:
        return _of_study(folder, manifest, progress or (lambda _doing, _done: None))
    if kind not in RUNS:
        raise InputError([_unknown(folder, str(kind))])
    if kind == KIND:
        return _of_experiment(folder, manifest, progress)
    if kind == EXPLANATION:
        drawn = kept_draws(folder, manifest)
        return _of_explanation(folder, manifest["digest"], drawn, progress)
    if kind != "compare":
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


def _unknown(folder: Path, kind: str) -> Problem:
    """Say which kinds of results can be run again here."""
    expected = (
        f"one of {', '.join((*RUNS, *_STUDIES))}; what is fitted to observations takes as long"
        " again as it took, so run its command anew into another folder and compare the digests in"
        " both manifests"
    )
    return Problem(str(folder / "manifest.json"), "kind", kind, expected)


def _of_study(folder: Path, manifest: dict[str, Any], progress: Progress) -> list[str]:
    """Return differences of a study's tables, of their files to the last byte."""
    check_whole(folder, manifest)
    with nothing_missing(folder):
        again = _STUDIES[manifest["kind"]](folder, manifest, progress)
    found = []
    for name in {**manifest["digest"], **again}:
        table, path = again.get(name), folder / f"{name}.csv"
        if table is None or table_digest(table) != manifest["digest"].get(name):
            found.append(f"table {name} differs from what the program computes")
        elif not path.is_file() or path.read_bytes() != table_text(table).encode():
            found.append(f"table {name} was changed after it was written")
    return found


def _of_experiment(folder: Path, manifest: dict[str, Any], progress: Progress | None) -> list[str]:
    """Return differences of a sweep, part by part; parts that are not finished are not missed."""
    drawn = kept_draws(folder, manifest)
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


def _of_run(folder: Path, manifest: dict[str, Any], progress: Progress | None) -> list[str]:
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
    progress: Progress | None,
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


def _of_one(kept: Result, progress: Progress | None) -> tuple[list[str], Result]:
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
