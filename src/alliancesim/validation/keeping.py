"""Fits that are done, kept beside the results to be, so that what was stopped can go on.

No fit is made here, and none outlives the results: once these are written, all is dropped.
"""

from __future__ import annotations

import hashlib
import io
import shutil
from collections.abc import Generator, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from alliancesim.calibration.fitting import Draws
from alliancesim.calibration.reading import LoadedCalibration
from alliancesim.scenario.placing import replace_file
from alliancesim.validation.fits import Fit, Progress, posteriors

_ARRAYS = ("values", "vectors", "amplitudes", "points")
_TEXTS = ("names", "groups")


class Kept:
    """A hidden folder with a file for each fit that is done.

    Attributes:
        folder: where it is; it is there only while something is kept.
    """

    def __init__(self, results: Path, loaded: LoadedCalibration) -> None:
        """Find what was kept.

        Args:
            results: the folder that results were to be written to.
            loaded: the calibration whose observations are fitted.
        """
        self.folder = results.parent / f".{results.name}-fits"
        self._about = sorted(loaded.digest().items())

    def __bool__(self) -> bool:
        """Say whether anything is kept."""
        return self.folder.is_dir() and any(self.folder.glob("*.npz"))

    def posteriors(
        self, fits: Sequence[Fit], progress: Progress | None = None
    ) -> Generator[Draws, None, None]:
        """Yield the posterior of each fit in their order, made now or kept from before.

        Args:
            fits: what is to be fitted.
            progress: called with what is being fitted and the number of fits done.
        """
        files = [self.folder / f"{self._key(fit)}.npz" for fit in fits]
        there = [file.is_file() for file in files]
        missing = [fit for fit, kept in zip(fits, there, strict=True) if not kept]
        before = len(fits) - len(missing)

        def told(doing: str, done: int) -> None:
            if progress is not None:
                progress(doing, before + done)

        made = posteriors(missing, told) if missing else iter(())
        for file, kept in zip(files, there, strict=True):
            if kept:
                yield _read(file)
            else:
                draws = next(made)
                self._keep(draws, file)
                yield draws

    def drop(self) -> None:
        """Forget everything, since results are written."""
        shutil.rmtree(self.folder, ignore_errors=True)

    def _key(self, fit: Fit) -> str:
        """Return a digest of everything that determines a fit."""
        effort = fit.effort
        told = (
            self._about,
            fit.split.fitted.tolist(),
            fit.split.without,
            sorted(fit.fixed.items()),
            (effort.steps, effort.draws, effort.seed),
        )
        return hashlib.blake2b(repr(told).encode(), digest_size=16).hexdigest()

    def _keep(self, draws: Draws, file: Path) -> None:
        """Write draws, whole."""
        self.folder.mkdir(parents=True, exist_ok=True)
        held: dict[str, Any] = {key: getattr(draws, key) for key in _ARRAYS}
        held |= {key: np.array(getattr(draws, key), dtype=np.str_) for key in _TEXTS}
        stream = io.BytesIO()
        np.savez(stream, allow_pickle=False, **held)
        replace_file(file, stream.getvalue())


def _read(file: Path) -> Draws:
    """Return draws that were kept."""
    with np.load(file) as held:
        names, groups = (tuple(map(str, held[key])) for key in _TEXTS)
        return Draws(names=names, groups=groups, **{key: held[key] for key in _ARRAYS})
