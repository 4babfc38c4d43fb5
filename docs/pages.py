"""The documentation's pages as things that run: their blocks, and what happens when they are run.

A page's blocks are executed in order, in one empty folder:

- ```` ```console ````: lines after ``$`` are commands, run as real processes. The lines below a
  command are its output, in full; a line ``...`` stands for lines left out. ``$ echo $?`` shows the
  exit code of the command before, which is 0 where the page says nothing.
- ```` ```python ````: run with the names of the page's earlier blocks. A ```` ```text ```` block
  right after it is what it prints.
- ```` ```toml ````: written to the file that its first line names in a comment.
"""

from __future__ import annotations

import contextlib
import io
import os
import re
import shlex
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

DOCS = Path(__file__).resolve().parent
ELLIPSIS = "..."
LONGEST_COMMAND = 120.0

_BLOCK = re.compile(r"^```([a-z]+)\n(.*?)^```$", flags=re.DOTALL | re.MULTILINE)
_FILE = re.compile(r"# ([a-z0-9-]+\.toml)$")


@dataclass(frozen=True)
class Block:
    """A fenced block: its language, its text, and where the text stands in the page."""

    language: str
    text: str
    start: int
    end: int


@dataclass(frozen=True)
class Shown:
    """Output that a page shows, and what really came out."""

    what: str
    shown: str
    actual: str
    start: int
    end: int

    def agrees(self) -> bool:
        """Say whether the page shows what came out, lines left out where it says so."""
        return matches(self.shown.splitlines(), self.actual.splitlines())


class PageError(Exception):
    """A command ended with another exit code than its page says."""


def own_pages() -> list[Path]:
    """Return all pages of the documentation, sorted."""
    return sorted(DOCS.rglob("*.md"))


def blocks(text: str, *languages: str) -> list[Block]:
    """Return the fenced blocks of a page, of some languages or of all."""
    found = [Block(m[1], m[2], m.start(2), m.end(2)) for m in _BLOCK.finditer(text)]
    return [block for block in found if not languages or block.language in languages]


def matches(shown: list[str], actual: list[str]) -> bool:
    """Say whether lines agree, where a line ``...`` stands for any number of lines."""
    if not shown:
        return not actual
    if shown[0].strip() == ELLIPSIS:
        return any(matches(shown[1:], actual[skip:]) for skip in range(len(actual) + 1))
    return (
        bool(actual) and shown[0].rstrip() == actual[0].rstrip() and matches(shown[1:], actual[1:])
    )


def run_page(text: str, folder: Path) -> list[Shown]:
    """Run a page's blocks in a folder and return every output it shows.

    Raises:
        PageError: if a command's exit code is not the one that the page says.
    """
    names: dict[str, Any] = {}
    outputs: list[Shown] = []
    runnable = blocks(text, "console", "python", "toml", "text")
    printed = ""
    for before, block in zip([None, *runnable], runnable, strict=False):
        if block.language == "console":
            outputs += _console(block, folder)
        elif block.language == "toml":
            _write(block, folder)
        elif block.language == "python":
            printed = _python(block, folder, names)
        elif before is not None and before.language == "python":
            outputs.append(Shown("python", block.text, printed, block.start, block.end))
    return outputs


def _write(block: Block, folder: Path) -> None:
    """Write a block to the file that its first line names, if it names one."""
    named = _FILE.match(block.text.splitlines()[0])
    if named:
        (folder / named[1]).write_text(block.text, "utf-8")


def _python(block: Block, folder: Path, names: dict[str, Any]) -> str:
    """Run a block in a folder and return what it prints."""
    out = io.StringIO()
    with contextlib.chdir(folder), contextlib.redirect_stdout(out):
        exec(compile(block.text, "<documentation>", "exec"), names)
    return out.getvalue()


def _console(block: Block, folder: Path) -> Iterator[Shown]:
    """Run the commands of a block and yield the output that it shows of each."""
    parts = list(_commands(block))
    for place, (command, shown, start, end) in enumerate(parts):
        if command == "echo $?":
            continue
        following = parts[place + 1] if place + 1 < len(parts) else None
        asked = following is not None and following[0] == "echo $?"
        expected = int(following[1]) if asked and following else 0
        code, actual = run_command(command, folder)
        if code != expected:
            raise PageError(f"{command}: exit code {code}, not {expected}\n{actual}")
        if shown:
            yield Shown(command, shown, actual, start, end)


def _commands(block: Block) -> Iterator[tuple[str, str, int, int]]:
    """Yield each command of a block, with the output shown and where that stands in the page."""
    place = block.start
    command, shown, start = "", "", 0
    for line in block.text.splitlines(keepends=True):
        place += len(line)
        if line.startswith("$ "):
            if command:
                yield command, shown, start, start + len(shown)
            command, shown, start = line[2:].strip(), "", place
        else:
            shown += line
    if command:
        yield command, shown, start, start + len(shown)


def run_command(command: str, folder: Path) -> tuple[int, str]:
    """Run a command in a folder; return its exit code and all that it prints."""
    words = shlex.split(command)
    if words[0] == "alliancesim":
        words = [sys.executable, "-m", "alliancesim.cli.main", *words[1:]]
    done = subprocess.run(
        words,
        cwd=folder,
        env={**os.environ, "COLUMNS": "100"},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
        timeout=LONGEST_COMMAND,
    )
    # Whether a first run compiles depends on the machine, not on the page.
    lines = [
        line for line in done.stdout.splitlines(keepends=True) if "compiling the law" not in line
    ]
    return done.returncode, "".join(lines)
