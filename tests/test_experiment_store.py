"""An experiment's folder: whole files, parts that count, one process at a time."""

from __future__ import annotations

import errno
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from alliancesim.experiment import store
from alliancesim.experiment.parts import Part, part_of
from alliancesim.scenario.problems import InputError

POINTS, RUNS, PARTS = 2, 3, 4
DESIGN = pd.DataFrame({"point": range(POINTS * PARTS), "x": np.linspace(0, 1, POINTS * PARTS)})


OTHER = {"experiment": "e", "law": "l"}
NEWER = {"experiment": "d", "law": "m"}


def manifest(**changes: Any) -> dict[str, Any]:
    """A manifest with no more than the folder needs."""
    experiment = {"title": "t", "design": {"replicates": RUNS, "seed": 1}, "factors": {"x": 0.5}}
    return {
        "format": 1,
        "kind": "experiment",
        "digest": {"experiment": "d", "law": "l"},
        "parts": PARTS,
        "outcomes": ["effect"],
        "experiment": experiment,
        "scenario": {"actors": {"ALFA": {"hazard": 0.3}}},
        **changes,
    }


def made(number: int) -> Part:
    """A part whose values follow from its number; one point of part 2 has failed."""
    points = [number * POINTS + k for k in range(POINTS)]
    failed = points[1:] if number == 2 else []
    kept = [point for point in points if point not in failed]
    runs = pd.DataFrame(
        {
            "point": np.repeat(np.array(kept, np.int32), RUNS),
            "run": np.tile(np.arange(RUNS, dtype=np.int32), len(kept)),
            "effect": np.random.default_rng(number).normal(size=RUNS * len(kept)),
        }
    )
    failures = pd.DataFrame({"point": failed, "error": ["no such world"] * len(failed)})
    return part_of(number, runs, failures, seconds=0.5, program={"alliancesim": "x"})


MADE = [made(number) for number in range(PARTS)]


def written(folder: Path, numbers: Iterable[int], *, resume: bool = False) -> dict[str, Any]:
    """Write parts into a folder and return what is done then."""
    with store.opened(folder, manifest(), DESIGN, resume=resume) as kept:
        for number in numbers:
            kept.add(MADE[number])
        return kept.done()


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A finished dataset."""
    folder = tmp_path_factory.mktemp("whole") / "out"
    assert written(folder, range(PARTS))["complete"]
    return folder


@pytest.fixture(scope="module")
def digest(whole: Path) -> str:
    """Its digest."""
    return str(written(whole, (), resume=True)["digest"])


def left_over(folder: Path) -> list[str]:
    """Temporary files in a folder."""
    return [path.name for path in folder.rglob(".*") if path.name != ".lock"]


def test_a_dataset_is_read_in_one_call(whole: Path) -> None:
    """pandas, pyarrow and Dask read ``runs`` as it lies there; no temporary file is in the way."""
    import pyarrow.dataset

    ours = store.read_runs(whole)
    by_pandas = pd.read_parquet(whole / "runs").sort_values(["point", "run"], ignore_index=True)
    pd.testing.assert_frame_equal(by_pandas[list(ours.columns)], ours)
    assert list(by_pandas["part"].astype(int)) == list(ours["point"] // POINTS)
    arrow = pyarrow.dataset.dataset(whole / "runs", partitioning="hive")
    assert arrow.count_rows() == len(ours) == RUNS * (POINTS * PARTS - 1)
    dask = pytest.importorskip("dask.dataframe")
    assert len(dask.read_parquet(whole / "runs")) == len(ours)
    assert not left_over(whole)


def test_failures_and_design_are_read_back(whole: Path) -> None:
    """Each failed point has its error in words."""
    assert store.read_failures(whole).to_dict("records") == [{"point": 5, "error": "no such world"}]
    pd.testing.assert_frame_equal(store.read_design(whole), DESIGN)
    assert list(store.read_runs(whole, ["effect"])) == ["effect"]


def test_every_bit_of_a_number_is_kept(whole: Path) -> None:
    """Compression is exact."""
    effect = store.read_runs(whole)["effect"].to_numpy()
    drawn = [np.random.default_rng(number).normal(size=RUNS * POINTS) for number in range(PARTS)]
    drawn[2] = np.random.default_rng(2).normal(size=RUNS)
    assert effect.tobytes() == np.concatenate(drawn).tobytes()


@given(first=st.sets(st.integers(0, PARTS - 1)), order=st.permutations(range(PARTS)))
def test_any_finished_parts_and_any_order_come_to_the_same(
    first: set[int], order: list[int], digest: str
) -> None:
    """Whatever was finished before a stop, the rest in any order gives the same digest."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name) / "out"
        done = written(folder, [number for number in order if number in first])
        assert done["complete"] == (len(first) == PARTS)
        with store.opened(folder, manifest(), DESIGN, resume=True) as kept:
            assert set(kept.pending) == set(range(PARTS)) - first
            for number in order:
                if number not in first:
                    kept.add(MADE[number])
            assert kept.done()["digest"] == digest


def _crashing(at: int, folder: Path) -> int:
    """Write the dataset in a child that dies at its ``at``-th step on the disk; return its code."""
    child = os.fork()
    if child:
        return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    steps = 0

    def dying(name: str) -> None:
        original = getattr(os, name)

        def step(*args: Any) -> Any:
            nonlocal steps
            steps += 1
            if steps == at:
                os._exit(9)
            return original(*args)

        setattr(os, name, step)

    try:
        dying("fsync")
        dying("replace")
        written(folder, range(PARTS), resume=True)
    except BaseException:
        os._exit(1)
    os._exit(0)


def test_a_death_at_any_step_loses_the_part_in_flight_at_most(tmp_path: Path, digest: str) -> None:
    """Dying before any write or rename leaves whole parts; the rest completes to the same."""
    at, code = 1, 9
    while code == 9:
        folder = tmp_path / str(at)
        code = _crashing(at, folder)
        assert code in (0, 9)
        with store.opened(folder, manifest(), DESIGN, resume=True) as kept:
            assert not left_over(folder)
            pending = kept.pending
            assert pending == list(range(PARTS - len(pending), PARTS))
            assert len(store.read_runs(folder)) == sum(
                part.rows for part in MADE[: PARTS - len(pending)]
            )
            for number in pending:
                kept.add(MADE[number])
            assert kept.done()["digest"] == digest
        at += 1
    assert at > 2 * (2 + 2 * PARTS)


def _damages() -> Iterator[tuple[str, Any]]:
    def cut(path: Path) -> None:
        path.write_bytes(path.read_bytes()[:-7])

    def flip(path: Path) -> None:
        content = bytearray(path.read_bytes())
        content[len(content) // 2] ^= 1
        path.write_bytes(bytes(content))

    for table in ("runs", "failures"):
        file = f"{table}/part=00002/part.parquet"
        yield from (
            (f"{table} cut short", lambda folder, file=file: cut(folder / file)),
            (f"{table} with a bit flipped", lambda folder, file=file: flip(folder / file)),
            (f"{table} gone", lambda folder, file=file: (folder / file).unlink()),
        )
    record = "parts/00002.json"
    yield "record gone", lambda folder: (folder / record).unlink()
    yield "record cut short", lambda folder: cut(folder / record)
    yield "record empty", lambda folder: (folder / record).write_text("{}")
    yield "record of another part", lambda folder: (folder / record).write_text('{"part": 1}')


@pytest.mark.parametrize("damage", [pytest.param(act, id=name) for name, act in _damages()])
def test_a_damaged_part_is_computed_again(damage: Any, tmp_path: Path, digest: str) -> None:
    """A part whose files do not fit its record does not count, and nothing of it stays."""
    folder = tmp_path / "out"
    written(folder, range(PARTS))
    damage(folder)
    with store.opened(folder, manifest(), DESIGN, resume=True) as kept:
        assert kept.pending == [2]
        assert not list(folder.glob("*/*00002*"))
        kept.add(MADE[2])
        assert kept.done()["digest"] == digest


def test_finished_parts_are_left_alone(tmp_path: Path) -> None:
    """Going on rewrites no file of a finished part, and removes what was left half-written."""
    folder = tmp_path / "out"
    written(folder, [0, 1])
    before = {path: path.stat().st_mtime_ns for path in folder.rglob("*.parquet")}
    for place in ("", "runs/part=00001", "parts"):
        (folder / place / ".writing-abc").write_text("half")
    written(folder, [2, 3], resume=True)
    assert {path: path.stat().st_mtime_ns for path in before} == before
    assert not left_over(folder)


def test_a_folder_that_holds_something_is_refused(whole: Path, tmp_path: Path) -> None:
    """Without ``resume`` nothing is written into a folder that holds anything."""
    (tmp_path / "mine.txt").write_text("mine")
    for folder in (whole, tmp_path):
        before = sorted(path.name for path in folder.iterdir())
        with pytest.raises(InputError, match="overwritten"):
            written(folder, ())
        assert sorted(path.name for path in folder.iterdir()) == before


def test_resume_refuses_what_is_no_experiment(tmp_path: Path) -> None:
    """Other results, and folders of other things, are not gone on with."""
    (tmp_path / "mine.txt").write_text("mine")
    with pytest.raises(InputError, match="overwritten"):
        written(tmp_path, (), resume=True)
    (tmp_path / "manifest.json").write_text('{"format": 1, "kind": "other"}')
    with pytest.raises(InputError, match="kind is other: expected results of an experiment"):
        written(tmp_path, (), resume=True)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (
            {"digest": OTHER, "experiment": {"title": "u", "design": {"replicates": 9, "seed": 1}}},
            ["experiment.design.replicates is 9: expected 3, as in", "experiment.factors is left"],
        ),
        (
            {"digest": OTHER, "scenario": {"actors": {"ALFA": {"hazard": 0.4}}}},
            ["scenario.actors.ALFA.hazard is 0.4: expected 0.3, as in"],
        ),
        ({"digest": NEWER}, ["digest.law is 'm': expected 'l'"]),
        ({"digest": OTHER}, ["digest.experiment is 'e': expected 'd'"]),
    ],
)
def test_a_changed_experiment_is_refused_with_what_differs(
    change: dict[str, Any], words: list[str], whole: Path
) -> None:
    """Another experiment does not go on; the message names the numbers, not the words, changed."""
    with (
        pytest.raises(InputError) as caught,
        store.opened(whole, manifest(**change), DESIGN, resume=True),
    ):
        pass
    text = str(caught.value)
    assert all(word in text for word in words), text
    assert "title" not in text
    assert "--out" in text


_HOLDER = """
import sys, time
from pathlib import Path
from alliancesim.experiment.lock import held
with held(Path(sys.argv[1])):
    print("held", flush=True)
    time.sleep(60)
"""


def test_two_processes_do_not_mix(tmp_path: Path) -> None:
    """A folder in use is refused, naming who uses it; a dead process's lock is taken over."""
    folder = tmp_path / "out"
    written(folder, [0])
    holder = subprocess.Popen(
        [sys.executable, "-c", _HOLDER, str(folder)], stdout=subprocess.PIPE, text=True
    )
    try:
        assert holder.stdout is not None
        assert holder.stdout.readline() == "held\n"
        with pytest.raises(InputError, match=f"process {holder.pid} on .* does"):
            written(folder, [1], resume=True)
    finally:
        holder.kill()
        holder.communicate()
    assert json.loads((folder / ".lock").read_text())["process"] == holder.pid
    assert written(folder, [1, 2, 3], resume=True)["complete"]
    assert (folder / ".lock").read_text() == ""


def test_where_there_are_no_locks_the_name_counts(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """On file systems without locks, a live process and other machines are believed."""
    import fcntl

    def without(*_: Any) -> None:
        raise OSError(errno.ENOLCK, "no locks available")

    monkeypatch.setattr(fcntl, "flock", without)
    folder = tmp_path / "out"
    written(folder, [0])
    lock = folder / ".lock"
    for process, host in ((os.getppid(), os.uname().nodename), (1, "elsewhere")):
        lock.write_text(json.dumps({"process": process, "host": host, "since": "today"}))
        with pytest.raises(InputError, match=f"process {process} on .*remove"):
            written(folder, [1], resume=True)
    lock.write_text(json.dumps({"process": 2**22 + 1, "host": os.uname().nodename, "since": ""}))
    assert written(folder, [1, 2, 3], resume=True)["complete"]


@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EROFS, errno.EFBIG])
def test_a_full_disk_is_put_in_words_and_costs_one_part(
    number: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, digest: str
) -> None:
    """Where nothing can be written any more, the user is told; what is there stays whole."""
    folder = tmp_path / "out"
    original, calls = os.fsync, 0

    def full(handle: int) -> None:
        nonlocal calls
        calls += 1
        if calls > 7:
            raise OSError(number, os.strerror(number))
        original(handle)

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(InputError, match="--resume goes on from it"):
        written(folder, range(PARTS))
    monkeypatch.undo()
    assert not left_over(folder)
    with store.opened(folder, manifest(), DESIGN, resume=True) as kept:
        assert kept.pending == [2, 3]
        for part in kept.pending:
            kept.add(MADE[part])
        assert kept.done()["digest"] == digest


def test_a_damaged_table_is_named(tmp_path: Path) -> None:
    """Reading what is missing or damaged says which file it is."""
    with pytest.raises(InputError, match=r"design\.parquet"):
        store.read_design(tmp_path)
    (tmp_path / "points.parquet").write_bytes(b"PAR1")
    with pytest.raises(InputError, match=r"points\.parquet"):
        store.read_points(tmp_path)
    (tmp_path / "summary.json").write_text("{")
    with pytest.raises(InputError, match=r"summary\.json"):
        store.read_summary(tmp_path)
