"""``alliancesim experiment`` as real processes: killed, interrupted, gone on with, refused."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from alliancesim.experiment import store
from commands import SETTINGS, answer, begun
from experiments import GRID, HEAD, written

LONG = (
    HEAD
    + """\
[design]
kind = "grid"
replicates = 1000
part_points = 1

[factors.pressure]
key = "strategies.wedge.press_intensity"
low = 0.0
high = 1.0
steps = 8

[factors.fear]
key = "dyads.BRAVO-CHARLIE.threat"
low = 0.1
high = 0.9
steps = 10
"""
)
"""80 parts: long enough to be stopped in the middle."""

PARTS = 80


def until_parts(folder: Path, number: int, process: subprocess.Popen[str]) -> None:
    """Wait until so many parts are written."""
    while len(list(folder.glob("parts/*.json"))) < number:
        assert process.poll() is None, "ended too soon"
        time.sleep(0.005)


@pytest.fixture(scope="module")
def long(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a long experiment, done without a stop into ``whole``."""
    folder = tmp_path_factory.mktemp("long")
    written(folder, LONG)
    done = answer("experiment", "trial.toml", "--out", "whole", "--json", cwd=folder)
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["parts"] == {"done": PARTS, "all": PARTS}
    return folder


def assert_same(found: Path, expected: Path) -> None:
    """Both folders hold the same values, bit for bit, and say so."""
    ours, theirs = store.read_summary(found), store.read_summary(expected)
    assert {**ours, "seconds": 0} == {**theirs, "seconds": 0}
    for read in (store.read_runs, store.read_points, store.read_design):
        pd.testing.assert_frame_equal(read(found), read(expected), check_exact=True)
    assert not [path for path in found.rglob(".*") if path.name != ".lock"]


@pytest.fixture
def short(tmp_path: Path) -> Path:
    """A folder with a small experiment."""
    written(tmp_path, GRID)
    return tmp_path


def test_kill_9_and_resume_give_what_one_go_gives(long: Path) -> None:
    """Killed twice in the middle, a sweep is finished by ``--resume`` with the same bits."""
    out = long / "killed"
    for number in (3, 20):
        with begun("experiment", "trial.toml", "--out", "killed", "--resume", cwd=long) as process:
            until_parts(out, number, process)
            process.kill()
    assert not (out / "summary.json").exists()
    kept = {path: path.stat().st_mtime_ns for path in out.glob("runs/*/part.parquet")}
    done = answer("experiment", "trial.toml", "--out", "killed", "--resume", "--json", cwd=long)
    assert done.returncode == 0, done.stderr
    assert_same(out, long / "whole")
    # What was finished has not been computed again; at most one file was of a part in flight.
    assert sum(path.stat().st_mtime_ns != before for path, before in kept.items()) <= 1


def test_ctrl_c_says_what_is_done_and_how_to_go_on(long: Path) -> None:
    """SIGINT ends with 130, a summary of what is done, and a command that does the rest."""
    with begun("experiment", "trial.toml", "--out", "stopped", cwd=long) as process:
        # The last file may have come too late to be counted before the signal.
        until_parts(long / "stopped", 3, process)
        process.send_signal(signal.SIGINT)
        _, errors = process.communicate(timeout=60)
    assert process.returncode == 130
    assert "Traceback" not in errors
    summary = store.read_summary(long / "stopped")
    assert 2 <= summary["parts"]["done"] < PARTS
    assert f"{summary['parts']['done']} of {PARTS} parts are done" in errors
    assert len(store.read_points(long / "stopped")) == summary["parts"]["done"]
    (command,) = (line for line in errors.splitlines() if line.startswith("To go on: "))
    words = command.split()[3:]
    assert words == ["alliancesim", "experiment", "trial.toml", "--out", "stopped", "--resume"]


def test_two_processes_do_not_work_on_one_folder(long: Path) -> None:
    """While one process works on a folder, another is refused and harms nothing."""
    with begun("experiment", "trial.toml", "--out", "shared", cwd=long) as process:
        until_parts(long / "shared", 1, process)
        os.kill(process.pid, signal.SIGSTOP)
        second = answer("experiment", "trial.toml", "--out", "shared", "--resume", cwd=long)
        os.kill(process.pid, signal.SIGCONT)
        assert second.returncode == 2
        assert f"process {process.pid} on" in second.stderr
        until_parts(long / "shared", 4, process)


def test_a_changed_experiment_is_refused(long: Path) -> None:
    """``--resume`` with other numbers exits with 2 and names them; the folder stays as it is."""
    before = (long / "whole" / "summary.json").read_bytes()
    words = ("--set", "design.replicates=3", "--set", "actors.BRAVO.hazard=0.1")
    done = answer("experiment", "trial.toml", "--out", "whole", "--resume", *words, cwd=long)
    assert done.returncode == 2
    assert "experiment.design.replicates is 3: expected 1000, as in the sweep" in done.stderr
    assert "scenario.actors.BRAVO.hazard" in done.stderr
    assert (long / "whole" / "summary.json").read_bytes() == before


def test_a_sweep_prints_what_it_found(short: Path) -> None:
    """Question, verdicts, a row per factor, the folder and the next command are printed."""
    done = answer("experiment", "trial.toml", "--out", "here", "--resume", cwd=short)
    assert done.returncode == 0, done.stderr
    for words in (
        "Does it matter how hard?",
        "45 runs of world and twin",
        "pressure",
        "fear",
        "95 % CI",
        "a lens, not a forecast",
        "Results: here",
        "alliancesim report here",
    ):
        assert words in done.stdout
    # "--resume" may stand in a script that is run again and again; no bar without a terminal.
    assert done.stderr == "Nothing to go on with in here: beginning.\n"


def test_json_is_the_summary_and_folders_are_found(short: Path) -> None:
    """Without ``--out`` a sweep takes a free folder, and ``--resume`` the latest one."""
    (short / "alliancesim-results" / "trial").mkdir(parents=True)
    first, again = (
        json.loads(answer("experiment", "trial.toml", "--json", *words, cwd=short).stdout)
        for words in ((), ("--resume",))
    )
    assert first == again
    assert Path(first.pop("folder")) == Path("alliancesim-results/trial-2")
    assert first == store.read_summary(short / "alliancesim-results" / "trial-2")


def test_failed_points_are_counted_in_words_and_by_the_exit_code(tmp_path: Path) -> None:
    """A sweep with failed points goes to its end and exits with 3."""
    text = HEAD + (
        '[design]\nkind = "grid"\nreplicates = 1\n'
        '[factors.start]\nkey = "strategies.wedge.start"\nvalues = ["2030-02", "2030-10"]\n'
        '[factors.end]\nkey = "strategies.wedge.end"\nvalues = ["2030-07", "2031-01"]\n'
    )
    written(tmp_path, text)
    done = answer("experiment", "trial.toml", "--out", "out", "--json", cwd=tmp_path)
    assert done.returncode == 3
    assert json.loads(done.stdout)["failed"] == 1
    assert "1 of 4 points failed" in done.stderr
    assert len(store.read_failures(tmp_path / "out")) == 1


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        (("trial.toml", "--workers", "0"), "--workers"),
        (("trial.toml", "--workers", "2", "--scheduler", "tcp://127.0.0.1:1"), "either"),
        (("trial.toml", "--set", "design.replicatess=1"), "Did you mean 'replicates'?"),
        (("trial.toml", "--out", "full.toml"), "--out"),
        (("trial.toml", "--out", ".", "--resume"), "overwritten"),
    ],
)
def test_user_errors_exit_with_2_and_a_word(
    words: tuple[str, ...], expected: str, short: Path
) -> None:
    """A user's mistake is answered in words; nothing is written."""
    before = sorted(path.name for path in short.iterdir())
    done = answer("experiment", *words, cwd=short)
    assert done.returncode == 2, done.stderr
    assert expected in done.stderr
    assert "Traceback" not in done.stderr
    assert sorted(path.name for path in short.iterdir()) == before


def test_a_disk_that_fills_up_is_put_in_words(short: Path) -> None:
    """Where files can grow no more, the command exits with 2 and the dataset stays whole."""
    script = (
        "import resource, sys; from alliancesim.cli.main import main\n"
        "import alliancesim.experiment.store as store; add = store.Store.add\n"
        "def full(self, part):\n"
        "    if part.number == 2: resource.setrlimit(resource.RLIMIT_FSIZE, (1000, 1000))\n"
        "    add(self, part)\n"
        "store.Store.add = full; sys.argv[0] = 'alliancesim'; main()\n"
    )
    words = ["experiment", "trial.toml", "--out", "out"]
    done = subprocess.run(
        [sys.executable, "-c", script, *words, "--set", "design.part_points=2"],
        cwd=short,
        env={**os.environ, **SETTINGS},
        capture_output=True,
        text=True,
        timeout=240,
        check=False,
    )
    assert done.returncode == 2, done.stderr
    assert "--resume goes on from it" in done.stderr
    assert [record["part"] for record in store.records(short / "out")] == [0, 1]


def test_list_and_check_know_experiments(short: Path) -> None:
    """``list`` names the shipped experiments with their question, ``check`` takes their files."""
    rows: list[dict[str, Any]] = json.loads(answer("list", "--json", cwd=short).stdout)
    named = {row["name"] for row in rows if row["kind"] == "experiment" and row["question"]}
    assert {"tipping-point", "carrot-and-stick", "leaders", "leverage", "global"} <= named
    assert answer("check", "trial.toml", "full.toml", cwd=short).returncode == 0
    (short / "wrong.toml").write_text(GRID.replace("steps = 3", "stepz = 3"))
    done = answer("check", "wrong.toml", cwd=short)
    assert done.returncode == 2
    assert "Did you mean 'steps'?" in done.stderr
