"""An experiment's results on disk: a dataset that grows part by part.

    manifest.json                      what is swept, how, and with which program
    design.parquet                     one row per point, in the order of the sweep
    posterior.csv                      draws of coefficients, where they are drawn
    runs/part=00000/part.parquet       one row per point and run: point, run, draw, outcomes
    failures/part=00000/part.parquet   points that failed, with their error; only if there are any
    parts/00000.json                   rows, digests, seconds and program of the part; written last
    points.parquet, summary.json       at the end, or where the sweep was stopped

Every file is written whole: under a temporary name in its folder, to the disk, then renamed. A part
counts once its record in ``parts`` is there and its files have the size and digest named there.

What runs and points say is not known here, only whether they are whole.
"""

from __future__ import annotations

import contextlib
import errno
import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import pandas as pd

from alliancesim.experiment.identity import check_same
from alliancesim.experiment.lock import LOCK, held
from alliancesim.experiment.parts import DRAW, ERROR, POINT, RUN, Part, table_bytes
from alliancesim.posterior.draws import Posterior, posterior_text
from alliancesim.results.folder import REFUSALS, check_free
from alliancesim.results.result import DRAWS, read_manifest
from alliancesim.scenario.placing import TEMPORARY, replace_file
from alliancesim.scenario.problems import InputError, Problem

_DESIGN, _POINTS = "design.parquet", "points.parquet"
_MANIFEST, _SUMMARY = "manifest.json", "summary.json"
_FILES = frozenset(("part", "rows", "failed", "digest", "files", "seconds"))

_REFUSALS = REFUSALS | {errno.ENOENT, errno.EIO}


class Store:
    """The folder of an experiment, held by this process.

    Attributes:
        folder: where it is.
        parts: number of parts of the whole sweep.
        rows: number of runs in finished parts.
        failed: number of failed points in finished parts.
    """

    def __init__(self, folder: Path, parts: int) -> None:
        """Find the parts of a folder that are whole, and remove what is left of others.

        Args:
            folder: a folder with a manifest, held by this process.
            parts: number of parts of the whole sweep.
        """
        self.folder = folder
        self.parts = parts
        self._records = {
            record["part"]: record
            for record in records(folder)
            if record["part"] < parts and _is_whole(folder, record)
        }
        self.rows: int = sum(record["rows"] for record in self._records.values())
        self.failed: int = sum(record["failed"] for record in self._records.values())
        self._sweep_up()

    @property
    def pending(self) -> list[int]:
        """Return the numbers of the parts that are still to be computed, in order."""
        return [number for number in range(self.parts) if number not in self._records]

    def add(self, part: Part) -> None:
        """Write a part.

        Raises:
            InputError: if the disk is full or the folder can no longer be written to.
        """
        files = {_file("runs", part.number): part.runs}
        if part.failures:
            files[_file("failures", part.number)] = part.failures
        record = {
            "part": part.number,
            "rows": part.rows,
            "failed": part.failed,
            "digest": part.digest,
            "files": {
                path: {"bytes": len(content), "digest": _digest(content)}
                for path, content in files.items()
            },
            "seconds": round(part.seconds, 3),
            "program": dict(part.program),
        }
        with _refusals_in_words(self.folder):
            for path, content in files.items():
                _place(self.folder / path, content)
            _place(self.folder / "parts" / f"{part.number:05d}.json", _json(record))
        self._records[part.number] = record
        self.rows += part.rows
        self.failed += part.failed

    def finish(self, points: pd.DataFrame, summary: Mapping[str, Any]) -> None:
        """Write the table of points and the summary.

        Raises:
            InputError: if the disk is full or the folder can no longer be written to.
        """
        with _refusals_in_words(self.folder):
            _place(self.folder / _POINTS, table_bytes(points))
            _place(self.folder / _SUMMARY, _json(summary))

    def done(self) -> dict[str, Any]:
        """Return what is done: parts, runs, failed points, seconds of computing, and a digest.

        The digest covers every value of the finished parts. It depends neither on the order in
        which nor on the machine on which they were computed.
        """
        done = [self._records[number] for number in sorted(self._records)]
        digest = hashlib.blake2b(digest_size=16)
        for record in done:
            digest.update(f"{record['part']} {record['digest']}\n".encode())
        return {
            "complete": len(done) == self.parts,
            "parts": {"done": len(done), "all": self.parts},
            "runs": self.rows,
            "failed": self.failed,
            "seconds": round(sum(record["seconds"] for record in done), 3),
            "digest": digest.hexdigest(),
        }

    def _sweep_up(self) -> None:
        """Remove temporary files, and all of parts that do not count."""
        kept = {Path(path) for record in self._records.values() for path in record["files"]}
        kept |= {Path("parts") / f"{number:05d}.json" for number in self._records}
        with _refusals_in_words(self.folder):
            for path in self.folder.glob(f"{TEMPORARY}*"):
                path.unlink()
            for name in ("runs", "failures", "parts"):
                for path in (self.folder / name).rglob("*"):
                    if path.is_file() and path.relative_to(self.folder) not in kept:
                        path.unlink()
            for path in [*self.folder.glob("runs/*"), *self.folder.glob("failures/*")]:
                if not any(path.iterdir()):
                    path.rmdir()


@contextlib.contextmanager
def opened(
    folder: Path,
    manifest: Mapping[str, Any],
    design: pd.DataFrame,
    *,
    resume: bool,
    posterior: Posterior | None = None,
) -> Iterator[Store]:
    """Begin a sweep in a folder, or go on with the one that it holds.

    Args:
        folder: where the results are or are to be.
        manifest: what is swept; ``parts`` is the number of parts.
        design: one row per point.
        resume: whether to go on with what the folder holds. One that is not there or holds nothing
            is begun.
        posterior: what coefficients are drawn from, to be kept with the sweep.

    Yields:
        The folder, held by this process while the block runs.

    Raises:
        InputError: if the folder holds something and is not to be resumed, holds another
            experiment, is in use, or cannot be written to.
    """
    going_on = resume and holds_sweep(folder)
    if not going_on:
        _check_empty(folder)
    with contextlib.ExitStack() as lock:
        with _refusals_in_words(folder):
            folder.mkdir(parents=True, exist_ok=True)
            lock.enter_context(held(folder))
        if going_on:
            check_same(read_manifest(folder), manifest, folder)
        else:
            _check_empty(folder)  # another process may have been quicker
            with _refusals_in_words(folder):
                _place(folder / _DESIGN, table_bytes(design))
                if posterior is not None:
                    _place(folder / DRAWS, posterior_text(posterior).encode())
                _place(folder / _MANIFEST, _json(manifest))
        yield Store(folder, int(manifest["parts"]))


def holds_sweep(folder: Path) -> bool:
    """Say whether a folder holds a sweep, finished or not, or other results."""
    return (folder / _MANIFEST).is_file()


def _check_empty(folder: Path) -> None:
    """Refuse a folder that holds more than a sweep which ended before its manifest was written."""
    if holds_sweep(folder):
        expected = (
            "a folder that does not exist yet or is empty, so that no result is overwritten; "
            "--resume goes on with the sweep that it holds"
        )
        raise InputError([Problem("--out", "", str(folder), expected)])
    if folder.is_dir():
        names = {path.name for path in folder.iterdir() if not path.name.startswith(TEMPORARY)}
        if LOCK in names and names <= {LOCK, _DESIGN, DRAWS}:
            return
    check_free(folder)


def records(folder: Path) -> list[dict[str, Any]]:
    """Return the records of a dataset's parts in order, without unreadable ones."""
    found = {}
    for path in (folder / "parts").glob("*.json"):
        with contextlib.suppress(OSError, ValueError):
            record = json.loads(path.read_text("utf-8"))
            if isinstance(record, dict) and record.get("part") == int(path.stem):
                found[int(path.stem)] = record
    return [found[number] for number in sorted(found)]


def whole_parts(folder: Path) -> list[int]:
    """Return the numbers of the parts whose files are what their records say, in order."""
    return [record["part"] for record in records(folder) if _is_whole(folder, record)]


def _is_whole(folder: Path, record: Mapping[str, Any]) -> bool:
    """Say whether a part's files are what its record says."""
    try:
        files = record["files"].items()
        return (
            record.keys() >= _FILES
            and _file("runs", record["part"]) in record["files"]
            and all((folder / path).stat().st_size == kept["bytes"] for path, kept in files)
            and all(_digest((folder / path).read_bytes()) == kept["digest"] for path, kept in files)
        )
    except (OSError, KeyError, TypeError, AttributeError):
        return False


def read_runs(folder: Path, columns: Sequence[str] | None = None) -> pd.DataFrame:
    """Return all runs of a dataset, finished or not, in the order of points and runs.

    Args:
        folder: results of an experiment.
        columns: which columns, if not all.

    Returns:
        ``point``, ``run``, ``draw`` where coefficients are drawn, and one column per outcome; 8
        bytes of memory for each number.

    Raises:
        InputError: if there are none, or a table is missing or damaged.
    """
    kept = columns or [*keys_of(manifest := read_manifest(folder)), *manifest.get("outcomes", ())]
    tables = list(runs_by_part(folder, kept))
    return pd.concat(tables, ignore_index=True) if tables else pd.DataFrame(columns=[*kept])


def keys_of(manifest: Mapping[str, Any]) -> list[str]:
    """Return the columns that tell runs apart: with draws, where coefficients are drawn."""
    return [POINT, RUN, DRAW] if "posterior" in manifest else [POINT, RUN]


def runs_by_part(folder: Path, columns: Sequence[str] | None = None) -> Iterator[pd.DataFrame]:
    """Yield the runs of each finished part in turn, so that not all need fit into memory."""
    for record in records(folder):
        yield _table(folder / _file("runs", record["part"]), columns)


def read_failures(folder: Path) -> pd.DataFrame:
    """Return the points that failed, with columns ``point`` and ``error``."""
    tables = [
        _table(folder / _file("failures", record["part"]))
        for record in records(folder)
        if record["failed"]
    ]
    return pd.concat(tables, ignore_index=True) if tables else pd.DataFrame(columns=[POINT, ERROR])


def read_design(folder: Path) -> pd.DataFrame:
    """Return the points of an experiment: ``point`` and one column per factor."""
    return _table(folder / _DESIGN)


def read_points(folder: Path) -> pd.DataFrame:
    """Return what the runs of each point amount to."""
    return _table(folder / _POINTS)


def read_summary(folder: Path) -> dict[str, Any]:
    """Return what is done and what was found.

    Raises:
        InputError: if it is missing or damaged.
    """
    try:
        return dict(json.loads((folder / _SUMMARY).read_text("utf-8")))
    except (OSError, ValueError) as error:
        raise _unreadable(folder / _SUMMARY, error) from None


def _table(path: Path, columns: Sequence[str] | None = None) -> pd.DataFrame:
    """Return one table.

    Raises:
        InputError: if it is missing or damaged.
    """
    try:
        # Not by its path: that has "part=", which would be taken for one more column.
        with path.open("rb") as stream:
            return pd.read_parquet(stream, columns=None if columns is None else list(columns))
    except (OSError, ValueError) as error:
        raise _unreadable(path, error) from None


def _unreadable(path: Path, error: Exception) -> InputError:
    return InputError([Problem(str(path), "", "", f"a readable file of an experiment ({error})")])


def _file(table: str, number: int) -> str:
    """Return the path of a part's table within the folder."""
    return f"{table}/part={number:05d}/part.parquet"


def _digest(content: bytes) -> str:
    """Return a digest of a file's bytes."""
    return hashlib.blake2b(content, digest_size=16).hexdigest()


def _json(data: Mapping[str, Any]) -> bytes:
    """Return data as readable JSON."""
    return (json.dumps(data, indent=2, ensure_ascii=False, allow_nan=False) + "\n").encode()


def _place(path: Path, content: bytes) -> None:
    """Write a file so that it is there whole, on the disk, or not at all."""
    path.parent.mkdir(parents=True, exist_ok=True)
    replace_file(path, content)


@contextlib.contextmanager
def _refusals_in_words(folder: Path) -> Iterator[None]:
    """Turn a full disk, and what else the user can mend, into words."""
    try:
        yield
    except OSError as error:
        if error.errno not in _REFUSALS:
            raise
        expected = (
            f"a place that can be written to ({error.strerror}); "
            "what is written there is whole, and --resume goes on from it"
        )
        raise InputError([Problem("--out", "", str(folder), expected)]) from None
