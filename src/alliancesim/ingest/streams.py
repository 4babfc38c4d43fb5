"""Files, archives and standard input as batches of lines, in bounded memory.

A line is bytes here and nothing more; what stands in it is for reading.
"""

from __future__ import annotations

import contextlib
import gzip
import io
import os
import struct
import sys
import zipfile
import zlib
from collections.abc import Callable, Generator, Iterator, Sequence
from pathlib import Path
from typing import BinaryIO, cast

from alliancesim.ingest.formats import LONGEST_LINE
from alliancesim.scenario.problems import InputError, Problem

CHUNK = 1 << 20
STANDARD_INPUT = "-"

_GZIP, _ZIP = b"\x1f\x8b", b"PK\x03\x04"
_ENDINGS = (".csv", ".tab", ".tsv", ".txt", ".gz", ".zip")
_BROKEN = (
    EOFError,
    zlib.error,
    zipfile.BadZipFile,
    RuntimeError,
    NotImplementedError,
    OSError,
    ValueError,
    LookupError,
    struct.error,
)
"""What the readers of archives raise on one that is cut short, damaged, locked or odd. The last
three are not documented: fuzzing found them where the index of a zip is damaged."""


def find_inputs(names: Sequence[str]) -> list[str]:
    """Return the files to read, a folder standing for its event files in the order of their names.

    Args:
        names: paths of files and folders; ``-`` stands for standard input.

    Raises:
        InputError: with everything that cannot be read, and every file that is named twice.
    """
    found: list[str] = []
    problems: list[Problem] = []
    for name in names:
        path = Path(name)
        if name == STANDARD_INPUT or os.path.isfile(path):
            held = [name]
        elif os.path.isdir(path):
            held = [str(file) for file in sorted(path.iterdir()) if _is_event_file(file)]
            if not held:
                expected = "a folder that holds files ending in " + ", ".join(_ENDINGS)
                problems.append(Problem(name, "", "", expected))
        else:
            held = [name] if path.exists() else []
            if not held:
                problems.append(Problem(name, "", "", "a file or folder that exists"))
        found += held
    problems += [Problem(name, "", "given twice", "each file once") for name in _repeated(found)]
    problems += [
        Problem(name, "", "", "a file that can be read")
        for name in found
        if name != STANDARD_INPUT and not os.access(name, os.R_OK)
    ]
    if problems:
        raise InputError(problems)
    return found


def total_size(names: Sequence[str]) -> int | None:
    """Return the size in bytes of the files that names stand for, or None where one has none.

    Args:
        names: as :func:`find_inputs` takes them.

    Raises:
        InputError: with everything that cannot be read.
    """
    files = find_inputs(names)
    if any(not os.path.isfile(name) for name in files):
        return None
    return sum(os.path.getsize(name) for name in files)


def parts(
    name: str, progress: Callable[[int], None]
) -> Generator[tuple[str, Iterator[list[bytes]]], None, None]:
    """Yield the texts in a file, each by its name and as batches of lines.

    Plain text, gzip and zip are told apart by their first bytes. A zip may hold several texts.

    Args:
        name: path of the file, or ``-``.
        progress: is told how many bytes of the file, as it lies on disk, have been read.

    Raises:
        InputError: if the file cannot be read, or is damaged.
    """
    with _reading(name), _opened(name) as raw:

        def told(stream: BinaryIO) -> Iterator[list[bytes]]:
            with _reading(name):
                for lines in batches(stream):
                    if name != STANDARD_INPUT:
                        progress(raw.tell())
                    yield lines

        start = raw.peek(4)[:4]
        if start.startswith(_GZIP):
            yield name, told(cast("BinaryIO", gzip.GzipFile(fileobj=raw)))
        elif start == _ZIP and raw.seekable():
            with zipfile.ZipFile(raw) as archive:
                for member in archive.infolist():
                    if not member.is_dir():
                        with archive.open(member) as stream:
                            yield f"{name}:{member.filename}", told(cast("BinaryIO", stream))
        elif start == _ZIP:
            expected = "plain text or gzip, as a zip cannot be read from a pipe"
            raise InputError([Problem(name, "", "a zip archive", expected)])
        else:
            yield name, told(cast("BinaryIO", raw))


def batches(stream: BinaryIO) -> Iterator[list[bytes]]:
    """Yield a stream's lines in batches of about a mebibyte, without the line feeds.

    A line beyond ``LONGEST_LINE`` comes cut to one byte more than that; its rest is dropped unheld.
    The last line counts with or without a line feed.
    """
    rest = b""
    while chunk := stream.read(CHUNK):
        if len(rest) > LONGEST_LINE:
            found = chunk.find(b"\n")
            if found < 0:
                continue
            chunk = chunk[found:]
        lines = (rest + chunk).split(b"\n")
        rest = lines.pop()[: LONGEST_LINE + 1]
        if lines:
            yield lines
    if rest:
        yield [rest]


def _is_event_file(path: Path) -> bool:
    """Say whether a file of a folder is to be read."""
    return path.suffix.lower() in _ENDINGS and not path.name.startswith(".") and path.is_file()


def _repeated(names: Sequence[str]) -> list[str]:
    """Return what stands in a list more than once."""
    seen: set[str] = set()
    twice: list[str] = []
    for name in names:
        place = name if name == STANDARD_INPUT else os.path.realpath(name)
        if place in seen:
            twice.append(name)
        seen.add(place)
    return twice


@contextlib.contextmanager
def _opened(name: str) -> Iterator[io.BufferedReader]:
    """Yield a file or standard input as bytes."""
    if name == STANDARD_INPUT:
        yield cast("io.BufferedReader", sys.stdin.buffer)
        return
    with open(name, "rb") as stream:
        yield stream


@contextlib.contextmanager
def _reading(name: str) -> Iterator[None]:
    """Turn what goes wrong while a file is read into an InputError."""
    try:
        yield
    except _BROKEN as error:
        why = getattr(error, "strerror", None) or str(error) or type(error).__name__
        raise InputError([Problem(name, "", "", f"a whole, readable file ({why})")]) from None
