"""Fuzz a reader and enter into the record what was tried.

    python fuzz/run.py scenario --inputs 1000000
    python fuzz/run.py ingest --inputs 50000 --engine hypothesis --seed 2

Needs ``pip install -e '.[fuzz,ingest]'`` and hypothesis. What breaks the contract is kept in
build/fuzz, the first input of each kind of fault. Leaves with 1 where anything broke it.
"""

from __future__ import annotations

import argparse
import csv
import json
import platform
import shutil
import subprocess
import sys
import tempfile
from importlib.metadata import version
from pathlib import Path

from engines import ENGINES, today
from targets import ROOT, TARGETS

RECORD = ROOT / "fuzz" / "record.csv"
COLUMNS = (
    "date", "target", "engine", "seed", "inputs", "refused", "broken", "seconds", "cpu_seconds",
    "peak_mb", "commit", "python", "engine_version", "ended",
)  # fmt: skip


def main() -> int:
    """Run one engine on one target in a process of its own and record what came of it."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("target", choices=TARGETS)
    parser.add_argument("--inputs", type=int, default=1_000_000)
    parser.add_argument("--engine", choices=ENGINES, default="atheris")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--seconds", type=float, help="stop after so long, however many there were")
    parser.add_argument("--no-record", action="store_true")
    parser.add_argument("--report", type=Path, help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.report is not None:  # in the process that feeds
        tempfile.tempdir = str(asked.report.parent)
        ENGINES[asked.engine](asked.target, asked.inputs, asked.seed, asked.report)
        return 0
    memory = Path("/dev/shm")  # files that live for a millisecond need no disk
    folder = Path(tempfile.mkdtemp(prefix="fuzz-", dir=memory if memory.is_dir() else None))
    try:
        ended = _fed(folder / "report.json", asked.seconds)
        found = json.loads((folder / "report.json").read_text("utf-8"))
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    row = {
        "date": today(),
        "target": asked.target,
        "engine": asked.engine,
        "seed": asked.seed,
        "commit": _commit(),
        "python": platform.python_version(),
        "engine_version": version(asked.engine),
        "ended": ended,
        **{key: value for key, value in found.items() if key in COLUMNS},
    }
    if not asked.no_record:
        _record(row)
    sys.stdout.write(json.dumps({**row, "kinds": found["kinds"]}, indent=2) + "\n")
    return 1 if found["broken"] else 0


def _fed(report: Path, seconds: float | None) -> str:
    """Feed in another process, since libFuzzer does not return, and say how that ended."""
    words = [sys.executable, __file__, *sys.argv[1:], "--report", str(report)]
    try:
        code = subprocess.run(words, timeout=seconds, check=False).returncode
    except subprocess.TimeoutExpired:
        return "time"
    return "all fed" if code == 0 else f"exit code {code}"


def _commit() -> str:
    """Return the commit that is checked out, marked where files differ from it."""
    words = ["git", "describe", "--always", "--dirty", "--abbrev=10"]
    told = subprocess.run(words, cwd=ROOT, capture_output=True, text=True, check=False)
    return told.stdout.strip() or "unknown"


def _record(row: dict[str, object]) -> None:
    """Add a line to the record."""
    begun = RECORD.exists()
    with RECORD.open("a", encoding="utf-8", newline="") as stream:
        writer = csv.DictWriter(stream, COLUMNS, lineterminator="\n")
        if not begun:
            writer.writeheader()
        writer.writerow(row)


if __name__ == "__main__":
    sys.exit(main())
