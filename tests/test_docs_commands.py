"""Every command that the documentation shows runs as written and prints what is shown."""

from __future__ import annotations

import shlex
import sys
from pathlib import Path

import pytest

from commands import answer
from discoveries import load_prim
from drawings import compose_only

DOCS = Path(__file__).resolve().parent.parent / "docs"
sys.path.insert(0, str(DOCS))

import pages  # noqa: E402


def _with_commands() -> list[Path]:
    """Return the pages that show commands; scenarios have tests of their own."""
    return [
        path
        for path in pages.own_pages()
        if pages.blocks(path.read_text("utf-8"), "console") and path.name != "scenarios.md"
    ]


def _run_command(command: str, folder: Path) -> tuple[int, str]:
    """Run a command of the program in this process: fifty would take longer to start than to run.

    The README's commands, and those that keep what the pages show, are real processes.
    """
    program, *words = shlex.split(command)
    if program != "alliancesim":
        return _run_process(command, folder)
    done = answer(*words, cwd=folder)
    return done.returncode, done.stderr + done.stdout


_run_process = pages.run_command


def _cluster_of_threads(patch: pytest.MonkeyPatch) -> None:
    """Has a cluster on this machine work in this process; those of processes have their tests."""
    import distributed

    made = distributed.LocalCluster
    here = {"processes": False, "protocol": "tcp", "preload": []}
    patch.setattr(distributed, "LocalCluster", lambda **asked: made(**asked | here))


@pytest.fixture(autouse=True)
def _in_this_process(monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest) -> None:
    """Has pages run their commands here, clusters included; no page shows a report's figures."""
    compose_only(monkeypatch)
    if "how-to/cluster.md" in request.node.name:
        _cluster_of_threads(monkeypatch)
    if "how-to/discover.md" in request.node.name:
        load_prim()
    monkeypatch.setattr(pages, "run_command", _run_command)


@pytest.mark.parametrize(
    "path", _with_commands(), ids=lambda path: path.relative_to(DOCS).as_posix()
)
def test_commands_run_and_print_what_the_page_shows(path: Path, tmp_path: Path) -> None:
    """A page's commands, files and code work in order in an empty folder, exit codes included."""
    for found in pages.run_page(path.read_text("utf-8"), tmp_path):
        assert found.agrees(), f"$ {found.what}\nshown:\n{found.shown}\nprinted:\n{found.actual}"


def test_a_wrong_exit_code_is_noticed(tmp_path: Path) -> None:
    """A command that fails where the page says nothing of failure stops the test."""
    with pytest.raises(pages.PageError):
        pages.run_page("```console\n$ alliancesim check no-such-file.toml\n```\n", tmp_path)


def test_wrong_output_is_noticed(tmp_path: Path) -> None:
    """Output on a page that the command does not print does not agree."""
    (found,) = pages.run_page("```console\n$ alliancesim version\nalliancesim 9\n```\n", tmp_path)
    assert not found.agrees()
