"""Folders that appear whole or not at all.

No kind of results is known here, and nothing of what stands in a table or a manifest.
"""

from __future__ import annotations

import contextlib
import errno
import json
import os
import re
import shutil
import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pandas as pd

from alliancesim.results.tables import table_text
from alliancesim.scenario.problems import InputError, Problem

DEFAULT_PARENT = Path("alliancesim-results")

_LONGEST_PREFIX = 100

_UNNAMED = re.compile("[\ud800-\udfff]")
"""Bytes of a path that are no text: the libraries that write tables take none."""

REFUSALS = frozenset(
    (
        errno.ENOSPC,
        errno.EDQUOT,
        errno.EFBIG,
        errno.EROFS,
        errno.EACCES,
        errno.EPERM,
        errno.ENOTEMPTY,
        errno.EEXIST,
        errno.ENAMETOOLONG,
        errno.ENOTDIR,
        errno.ELOOP,
    )
)
"""Ways in which a place refuses to be written to that the user can mend."""


def free_folder(name: str, parent: Path = DEFAULT_PARENT) -> Path:
    """Return a folder of that name that does not exist yet, numbered from 2 where needed."""
    candidate, number = parent / name, 2
    while candidate.exists():
        candidate, number = parent / f"{name}-{number}", number + 1
    return candidate


def new_folder(wanted: Path | None, name: str) -> Path:
    """Return the folder that is wanted, or a free one of a name, fit to be written.

    Raises:
        InputError: if it exists and is not an empty folder, or its parent is no writable folder.
    """
    folder = wanted or free_folder(name)
    check_free(folder)
    return folder


def check_free(folder: Path) -> None:
    """Refuse a folder that holds something, and one that cannot be made.

    Raises:
        InputError: if it exists and is not an empty folder, or its parent is no writable folder.
    """
    try:
        with contextlib.suppress(FileNotFoundError):
            folder.stat()  # raises where the path leads in a circle, through a file or nowhere
        taken = folder.exists() and (not folder.is_dir() or any(folder.iterdir()))
        parent = next(up for up in (folder, *folder.absolute().parents) if up.exists())
        usable = parent.is_dir() and os.access(parent, os.W_OK)
    except OSError as error:
        why = f"a place that can be written to ({error.strerror})"
        raise InputError([Problem("--out", "", str(folder), why)]) from None
    if _UNNAMED.search(str(folder.absolute())):
        expected = "a place whose name is text in UTF-8"
        raise InputError([Problem("--out", "", str(folder), expected)])
    if taken:
        expected = "a folder that does not exist yet or is empty, so that no result is overwritten"
        raise InputError([Problem("--out", "", str(folder), expected)])
    if not usable:
        raise InputError([Problem("--out", "", str(folder), "a place that can be written to")])


@contextlib.contextmanager
def appearing(folder: Path) -> Iterator[Path]:
    """Yield a temporary folder that becomes ``folder`` when the block ends without error.

    Whatever goes wrong, Ctrl-C included, nothing half-written is left at ``folder``.

    Raises:
        InputError: if the disk is full or the place cannot be written to.
    """
    check_free(folder)
    made: Path | None = None
    folder = Path(os.path.realpath(folder))  # a link leads where it leads
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        made = Path(
            tempfile.mkdtemp(prefix=f".{folder.name[:_LONGEST_PREFIX]}-", dir=folder.parent)
        )
        yield made
        made.chmod(0o755)
        with contextlib.suppress(FileNotFoundError):
            folder.rmdir()
        made.rename(folder)
    except OSError as error:
        if error.errno in REFUSALS:
            why = f"a place that can be written to ({os.strerror(error.errno)})"
            raise InputError([Problem("--out", "", str(folder), why)]) from None
        raise
    finally:
        if made is not None and made.exists():
            shutil.rmtree(made, ignore_errors=True)


def write_json(path: Path, data: Any) -> None:
    """Write data as readable JSON, with keys in their order."""
    path.write_text(json.dumps(data, indent=2, ensure_ascii=False, allow_nan=False) + "\n", "utf-8")


def write_tables(folder: Path, made: Mapping[str, pd.DataFrame], about: Mapping[str, Any]) -> None:
    """Write tables as CSV, every bit of their numbers, and their manifest into a folder."""
    for name, table in made.items():
        (folder / f"{name}.csv").write_text(table_text(table), "utf-8")
    write_json(folder / "manifest.json", about)
