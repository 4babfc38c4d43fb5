"""One process at a time works on a folder.

Nobody waits: who comes second is refused and told who is at work.
"""

from __future__ import annotations

import contextlib
import datetime
import errno
import fcntl
import json
import os
import socket
from collections.abc import Iterator
from pathlib import Path

from alliancesim.scenario.problems import InputError, Problem

LOCK = ".lock"

_NO_LOCKS = (errno.ENOLCK, errno.EOPNOTSUPP, errno.ENOSYS)


@contextlib.contextmanager
def held(folder: Path) -> Iterator[None]:
    """Hold a folder for this process while the block runs.

    The operating system frees the lock when its holder dies, however it dies, so a lock left by a
    dead process is simply taken over. Where a file system knows no locks, the name in the file
    counts: a process of this machine that is gone holds nothing, one of another machine does.

    Args:
        folder: an existing folder.

    Raises:
        InputError: if another process holds it; the message names that process.
    """
    handle = os.open(folder / LOCK, os.O_RDWR | os.O_CREAT, 0o644)
    try:
        _take(handle, folder)
        os.ftruncate(handle, 0)
        os.pwrite(handle, _signature(), 0)
        yield
        os.ftruncate(handle, 0)
    finally:
        os.close(handle)


def _signature() -> bytes:
    """Return who this process is."""
    since = datetime.datetime.now(datetime.UTC).isoformat(timespec="seconds")
    holder = {"process": os.getpid(), "host": socket.gethostname(), "since": since}
    return json.dumps(holder).encode()


def _take(handle: int, folder: Path) -> None:
    """Lock an open file or say who has it."""
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        return
    except OSError as error:
        refused = error.errno not in _NO_LOCKS
        if refused and error.errno not in (errno.EWOULDBLOCK, errno.EACCES):
            raise
    holder = _holder(handle)
    if not refused and not (holder and _may_live(holder)):
        return
    who = "process {process} on {host} since {since}".format_map(holder or _UNKNOWN)
    expected = f"a folder that no other process works on; {who} does"
    if not refused:
        expected += f" (if it is gone, remove {folder / LOCK})"
    raise InputError([Problem("--out", "", str(folder), expected)])


_UNKNOWN = {"process": "?", "host": "?", "since": "?"}


def _holder(handle: int) -> dict[str, str]:
    """Return who has signed the file, or nothing."""
    try:
        found = json.loads(os.pread(handle, 4096, 0))
        return {key: str(found[key]) for key in _UNKNOWN}
    except (ValueError, KeyError, TypeError):
        return {}


def _may_live(holder: dict[str, str]) -> bool:
    """Say whether a holder may still be at work: unknown on other machines, hence yes."""
    if holder["host"] != socket.gethostname():
        return True
    try:
        os.kill(int(holder["process"]), 0)
    except (ProcessLookupError, ValueError):
        return False
    except PermissionError:
        return True
    return True
