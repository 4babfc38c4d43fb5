"""How long a user waits: whole processes, from the command to the prompt."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from functools import partial
from pathlib import Path

import cases
from clock import Spent, middle, spent_by_child
from tables import Cell, Table

RUNS = 1000


def command(words: list[str], folder: Path, environment: Mapping[str, str]) -> None:
    """Run a command of the program in a folder of its own.

    Raises:
        subprocess.CalledProcessError: if it fails.
    """
    with tempfile.TemporaryDirectory(dir=folder) as own:
        subprocess.run(
            [sys.executable, "-m", "alliancesim.cli.main", *words],
            cwd=own,
            env={**os.environ, **environment},
            check=True,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )


def processes(repetitions: int, *, with_first_run: bool) -> Table:
    """Time whole processes.

    Args:
        repetitions: number of measurements of each; the first run is measured once.
        with_first_run: whether to time a run that finds no compiled code, which takes long.
    """
    run = ["run", cases.SHIPPED, "--runs", str(RUNS), "--out", "results"]
    rows: list[tuple[Cell, ...]] = []
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        empty = {"XDG_CACHE_HOME": str(folder / "cache")}
        command(run, folder, {})
        for words in (run, ["--help"]):
            times = [
                spent_by_child(partial(command, words, folder, {})) for _ in range(repetitions)
            ]
            rows.append(_row(f"alliancesim {' '.join(words[:4])}", middle(times)))
        first = spent_by_child(partial(command, run, folder, empty)) if with_first_run else None
        rows.append(_row("the same run where nothing is compiled yet", first))
    columns = ("command", "wall seconds", "processor seconds")
    return Table("processes", "Whole processes, start to end", columns, rows)


def _row(name: str, times: Spent | None) -> tuple[Cell, ...]:
    """Return a row of the table."""
    return (name, None, None) if times is None else (name, times.wall, times.processor)
