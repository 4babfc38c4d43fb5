"""Ctrl-C that is not lost, wherever it falls. Exit codes are not set here, but in main."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from alliancesim.cli.printing import shown, tell

if TYPE_CHECKING:
    from alliancesim.calibration.reading import LoadedCalibration
    from alliancesim.validation.keeping import Kept


def is_interruption(error: BaseException | None) -> bool:
    """Say whether an error is a Ctrl-C, or came of one, as where a library makes it another."""
    while error is not None and not isinstance(error, KeyboardInterrupt):
        error = error.__cause__ or error.__context__
    return error is not None


@contextmanager
def remembered() -> Iterator[Callable[[], None]]:
    """Keep a Ctrl-C that falls where Python can raise nothing: in callbacks of weak references.

    Libraries that keep track of open files, as that for HDF5 does, are in such callbacks often
    enough for a user to press in vain.

    Yields:
        A function that raises KeyboardInterrupt if one was lost, to be called now and then.

    Raises:
        KeyboardInterrupt: in the place of what a library makes of one, lost or not.
    """
    lost = False
    usual = sys.unraisablehook

    def keep(found: sys.UnraisableHookArgs) -> None:
        nonlocal lost
        if found.exc_type is KeyboardInterrupt:
            lost = True
        else:
            usual(found)

    def check() -> None:
        if lost:
            raise KeyboardInterrupt

    sys.unraisablehook = keep
    try:
        yield check
    except Exception as error:
        if lost or is_interruption(error):
            raise KeyboardInterrupt from error
        raise
    finally:
        sys.unraisablehook = usual


@contextmanager
def keeping_fits(folder: Path, loaded: LoadedCalibration) -> Iterator[Kept]:
    """Keep fits beside a folder of results until these are written; where stopped, say so.

    Args:
        folder: of the results to be.
        loaded: the calibration whose observations are fitted.

    Yields:
        What keeps the fits; it is emptied when the block ends without error.
    """
    from alliancesim.validation.keeping import Kept

    kept = Kept(folder, loaded)
    try:
        yield kept
    except KeyboardInterrupt:
        if kept:
            words = f"Fits that are done are kept beside {shown(folder)}"
            tell(f"{words}; with --out {shown(folder)} the same command goes on from there.")
        raise
    kept.drop()
