"""Ctrl-C that is not lost, wherever it falls."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager


@contextmanager
def remembered() -> Iterator[Callable[[], None]]:
    """Keep a Ctrl-C that falls where Python can raise nothing: in callbacks of weak references.

    Libraries that keep track of open files, as that for HDF5 does, are in such callbacks often
    enough for a user to press in vain.

    Yields:
        A function that raises KeyboardInterrupt if one was lost, to be called now and then.
    """
    lost = False
    tell = sys.unraisablehook

    def keep(found: sys.UnraisableHookArgs) -> None:
        nonlocal lost
        if found.exc_type is KeyboardInterrupt:
            lost = True
        else:
            tell(found)

    def check() -> None:
        if lost:
            raise KeyboardInterrupt

    sys.unraisablehook = keep
    try:
        yield check
    finally:
        sys.unraisablehook = tell
