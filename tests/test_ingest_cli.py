"""``alliancesim ingest`` as real processes: from files and pipes, in bounded memory, or refused."""

from __future__ import annotations

import gzip
import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pandas as pd

from commands import answer
from event_files import ICEWS_HEADER, gdelt, icews, text

COMMAND = (sys.executable, "-m", "alliancesim.cli.main")
ENVIRONMENT = {**os.environ, "COLUMNS": "120", "NO_COLOR": "1"}
DYAD = ("--actors", "JPN,KOR")


def call(*words: str, cwd: Path, given: bytes | None = None) -> subprocess.CompletedProcess[str]:
    """Run the command to its end."""
    done = subprocess.run(
        [*COMMAND, *words],
        cwd=cwd,
        env=ENVIRONMENT,
        input=given,
        capture_output=True,
        timeout=120,
        check=False,
    )
    return subprocess.CompletedProcess(
        done.args, done.returncode, done.stdout.decode(), done.stderr.decode()
    )


def some(count: int = 40) -> list[str]:
    """Return events between JPN and KOR in 2025 and 2026."""
    return [
        gdelt(n, f"202{5 + n % 2}{1 + n % 12:02d}10", "JPN", "KOR", (4.0, -2.0)[n % 2])
        for n in range(count)
    ]


def left_over(folder: Path) -> list[str]:
    """Return what lies in a folder, hidden files included."""
    return sorted(path.name for path in folder.iterdir())


def test_files_become_a_table_and_a_report(tmp_path: Path) -> None:
    """Several files make one table, in Parquet and CSV alike, and a report that adds up."""
    (tmp_path / "a.csv").write_bytes(text(some()[:20]))
    (tmp_path / "b.csv.gz").write_bytes(gzip.compress(text(some()[15:])))
    words = ("a.csv", "b.csv.gz", *DYAD, "--csv", "--json", "--out", "o")
    done = answer("ingest", *words, cwd=tmp_path)
    assert (done.returncode, done.stderr) == (0, "")
    report = json.loads(done.stdout)
    kept = json.loads((tmp_path / "o" / "report.json").read_text("utf-8"))
    assert {**kept, "folder": "o"} == report
    account = report["account"]
    assert account["used"] == 40
    assert account["set_aside"]["duplicate"] == 5
    assert [item["line"] for item in account["examples"]["duplicate"]] == [1, 2, 3, 4, 5]
    assert account["lines"] == 45 == sum(item["lines"] for item in account["files"])
    assert [entry["name"] for entry in report["constants"]][:2] == ["prior_events", "verbal_weight"]
    table = pd.read_parquet(tmp_path / "o" / "months.parquet")
    pd.testing.assert_frame_equal(table, pd.read_csv(tmp_path / "o" / "months.csv"))
    assert table["events"].sum() == 40
    assert sum(report["months"].values()) == 40
    assert len(table) == 2 * 24
    assert left_over(tmp_path / "o") == ["months.csv", "months.parquet", "report.json"]


def test_the_same_files_give_the_same_bytes(tmp_path: Path) -> None:
    """Neither the clock nor the order of files changes a byte of table and drivers."""
    (tmp_path / "a.csv").write_bytes(text(some()[:20]))
    (tmp_path / "b.csv").write_bytes(text(some()[20:]))
    how = ("--scenario", "observed-backfire")
    for out, files in (("one", ("a.csv", "b.csv")), ("two", ("b.csv", "a.csv"))):
        assert answer("ingest", *files, *how, "--out", out, cwd=tmp_path).returncode == 0
    for name in ("months.parquet", "drivers.toml"):
        first, second = ((tmp_path / out / name).read_bytes() for out in ("one", "two"))
        assert first == second


def test_drivers_pass_the_check_and_the_run(tmp_path: Path) -> None:
    """The file written for a shipped scenario is a scenario as it stands."""
    hard = [gdelt(n, f"202512{1 + n % 28:02d}", "CHN", "JPN", -9.0, root="17") for n in range(200)]
    calm = [gdelt(n, f"202503{1 + n % 28:02d}", "CHN", "JPN", 1.0) for n in range(300, 500)]
    (tmp_path / "a.csv").write_bytes(text([*hard, *calm]))
    how = ("--scenario", "northeast-asia-2025", "--part-of", "nothing-such")
    assert answer("ingest", "a.csv", *how, "--out", "o", cwd=tmp_path).returncode == 2
    done = call("ingest", "a.csv", *how[:2], "--out", "o", cwd=tmp_path)
    assert done.returncode == 0
    assert "Event counts measure attention" in done.stdout
    checked = answer("check", "o/drivers.toml", cwd=tmp_path)
    assert (checked.returncode, checked.stdout) == (0, "o/drivers.toml is valid.\n")
    assert "gdelt1-chn-jpn-pressure-2025-12" in (tmp_path / "o" / "drivers.toml").read_text()


def test_icews_comes_through_a_pipe(tmp_path: Path) -> None:
    """Standard input is read like a file, plain or gzipped, and its format told by its columns."""
    lines = [ICEWS_HEADER, icews(1, "2014-01-05", "Japan", "South Korea", -5.0, code="130")]
    for content in (text(lines), gzip.compress(text(lines))):
        done = call("ingest", "-", *DYAD, "--json", "--out", "o", cwd=tmp_path, given=content)
        report = json.loads(done.stdout)
        assert (report["format"]["name"], report["account"]["used"]) == ("icews", 1)
        for path in (tmp_path / "o").iterdir():
            path.unlink()


def test_what_is_wrong_is_told_with_exit_code_2(tmp_path: Path) -> None:
    """Options, files and lines at fault are named; nothing is written, and no traceback shown."""
    (tmp_path / "a.csv").write_bytes(text([*some(10), "broken"]))
    good = ("a.csv", *DYAD, "--out", "o")
    for words, told in (
        (("a.csv", "--out", "o"), "--actors"),
        (("missing.csv", *good), "missing.csv"),
        ((*good, "--format", "gdelt3"), "Did you mean"),
        ((*good, "--tolerate", "2"), "a share from 0 to 1"),
        ((*good, "--set", "priors=1"), "Did you mean 'prior_events'"),
        ((*good, "--from", "2025"), "YYYY-MM"),
        (good, "a.csv: line 11 is '1 columns: broken'"),
    ):
        done = answer("ingest", *words, cwd=tmp_path)
        assert (done.returncode, done.stdout) == (2, ""), words
        assert told in done.stderr
        assert "Traceback" not in done.stderr
    assert left_over(tmp_path) == ["a.csv"]
    done = answer("ingest", *good, "--tolerate", "0.1", cwd=tmp_path)
    assert done.returncode == 0
    assert "a.csv line 11" in done.stdout
    assert answer("ingest", *good, "--tolerate", "0.1", cwd=tmp_path).returncode == 2


def peak_of(lines: int, folder: Path) -> int:
    """Return the peak memory, in bytes, of reading so many lines through a pipe."""
    tail = gdelt("", "20250110", "JPN", "KOR", 4.0).encode() + b"x" * 80 + b"\n"
    out = f"o{lines}"
    with subprocess.Popen(
        [*COMMAND, "ingest", "-", *DYAD, "--out", out, "--json"],
        cwd=folder,
        env=ENVIRONMENT,
        stdin=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
    ) as process:
        assert process.stdin is not None
        for start in range(0, lines, 1000):
            process.stdin.write(b"".join(b"%d%b" % (n, tail) for n in range(start, start + 1000)))
        process.stdin.close()
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    assert process.returncode == 0
    report = json.loads((folder / out / "report.json").read_text("utf-8"))
    assert report["account"]["used"] == lines
    return usage.ru_maxrss * (1 if sys.platform == "darwin" else 1024)


def test_memory_does_not_grow_with_the_input(tmp_path: Path) -> None:
    """Forty megabytes more, all of them events that are used, take hardly more memory."""
    few, many = peak_of(10_000, tmp_path), peak_of(150_000, tmp_path)
    assert many - few < 20_000_000


def test_stopped_it_leaves_nothing(tmp_path: Path) -> None:
    """Ctrl-C in the middle of a stream ends with 130 and without a file."""
    with subprocess.Popen(
        [*COMMAND, "ingest", "-", *DYAD, "--out", "o"],
        cwd=tmp_path,
        env=ENVIRONMENT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    ) as process:
        assert process.stdin is not None
        process.stdin.write(text(some(8000)))
        process.stdin.flush()
        deadline = time.monotonic() + 60
        while not left_over(tmp_path) and time.monotonic() < deadline:
            time.sleep(0.02)
        assert left_over(tmp_path) != ["o"]
        process.send_signal(signal.SIGINT)
        _, told = process.communicate(timeout=60)
    assert process.returncode == 130
    assert b"Nothing half-written" in told
    assert left_over(tmp_path) == []
