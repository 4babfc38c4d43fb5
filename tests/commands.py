"""The command line for the tests: as a real process, or within this one, which starts at once."""

from __future__ import annotations

import contextlib
import io
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from alliancesim.cli.main import main

COMMAND = (sys.executable, "-m", "alliancesim.cli.main")
SETTINGS = {"COLUMNS": "100", "NO_COLOR": "1"}


def call(*words: str, cwd: Path, timeout: float = 240) -> subprocess.CompletedProcess[str]:
    """Run the command as a process and return what it left."""
    return subprocess.run(
        [*COMMAND, *words],
        cwd=cwd,
        env={**os.environ, **SETTINGS},
        capture_output=True,
        text=True,
        timeout=timeout,
        check=False,
    )


@contextlib.contextmanager
def begun(*words: str, cwd: Path, **more: str) -> Iterator[subprocess.Popen[str]]:
    """Start the command in a process group of its own, which is gone in the end.

    Args:
        words: of the command.
        cwd: its folder.
        more: of the environment.
    """
    process = subprocess.Popen(
        [*COMMAND, *words],
        cwd=cwd,
        env={**os.environ, **SETTINGS, **more},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    try:
        yield process
    finally:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.communicate()


def answer(*words: str, cwd: Path) -> subprocess.CompletedProcess[str]:
    """Run the command in this process and return what it left; what it does not catch is raised."""
    code: object = 0
    with (
        pytest.MonkeyPatch.context() as patch,
        contextlib.redirect_stdout(io.StringIO()) as out,
        contextlib.redirect_stderr(io.StringIO()) as errors,
    ):
        patch.chdir(cwd)
        patch.setattr(sys, "argv", ["alliancesim", *words])
        for name, value in SETTINGS.items():
            patch.setenv(name, value)
        try:
            main()
        except SystemExit as left:
            code = left.code or 0
    assert isinstance(code, int), code
    return subprocess.CompletedProcess(words, code, out.getvalue(), errors.getvalue())


def typed(page: str) -> str:
    """Return a page with its commands as they are typed, not word by word."""
    return page.replace('</span> <span class="word">', " ")
