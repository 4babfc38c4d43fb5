"""Chains of independent ensembles in a folder: each a file, whole at any moment, gone on with.

Every ensemble is sampled in stretches. A stretch runs on a copy of the ensemble's file, which takes
the file's place when the stretch is done. So whatever stops the program, the file holds whole
stretches together with the state of the random numbers after them, and what comes next has the same
bits as if nothing had happened. What a point means is not known here: logarithms go in and come
out.
"""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from alliancesim.arrays import Array
from alliancesim.calibration.density import Density
from alliancesim.calibration.sampling import beginning, required, sampler_of
from alliancesim.calibration.schema import Sampler
from alliancesim.language import message

CHAINS = "chains"
"""Folder of the ensembles' files, in emcee's format (HDF5)."""

STRETCHES = 25
"""Into how many stretches an ensemble is divided: a few seconds' work each, lost at most."""

LOG_DENSITY = message("log density")
"""What the trace of the log posterior density, up to a constant, is called."""

_SHARES = (0.05, 0.5, 0.95)
_TEMPORARY = ".stretch-"

Progress = Callable[[int], None]


def chain_file(folder: Path, ensemble: int) -> Path:
    """Return the file of an ensemble, numbered from 0, in a calibration's folder."""
    return folder / CHAINS / f"ensemble-{ensemble + 1}.h5"


def sample(density: Density, sampler: Sampler, folder: Path, progress: Progress) -> None:
    """Sample all ensembles, one after another, or what is left of them.

    Args:
        density: what is sampled.
        sampler: how many ensembles, walkers and steps, and the seed.
        folder: the calibration's; holds what was sampled before, if anything was.
        progress: called with the number of steps done, of all ensembles together.

    Raises:
        InputError: if emcee or the library for its files is not installed.
    """
    required("emcee")
    required("h5py")
    (folder / CHAINS).mkdir(exist_ok=True)
    for left in (folder / CHAINS).glob(f"{_TEMPORARY}*"):
        shutil.rmtree(left, ignore_errors=True)
    done = [steps_done(folder, ensemble, sampler) for ensemble in range(sampler.ensembles)]
    progress(sum(done))
    for ensemble in range(sampler.ensembles):
        while done[ensemble] < sampler.steps:
            done[ensemble] += _stretch(density, sampler, folder, ensemble, done[ensemble])
            progress(sum(done))


def steps_done(folder: Path, ensemble: int, sampler: Sampler) -> int:
    """Return how many steps of an ensemble are in its file; 0 if there is none."""
    path = chain_file(folder, ensemble)
    return int(_backend(path).iteration) * sampler.thin if path.exists() else 0


def chains(folder: Path, sampler: Sampler) -> Array:
    """Return the kept points of all ensembles, those of the burn left out.

    Args:
        folder: the calibration's, with all steps done.
        sampler: how many ensembles, walkers and steps.

    Returns:
        Logarithms, shape (ensembles, kept steps, walkers, numbers).
    """
    burnt = sampler.burn // sampler.thin
    return np.stack(
        [
            _backend(chain_file(folder, ensemble)).get_chain(discard=burnt)
            for ensemble in range(sampler.ensembles)
        ]
    )


def accepted(folder: Path, sampler: Sampler) -> NDArray[np.float64]:
    """Return the share of moves that each ensemble accepted, shape (ensembles,)."""
    files = [_backend(chain_file(folder, ensemble)) for ensemble in range(sampler.ensembles)]
    return np.array([float(np.mean(file.accepted)) / file.iteration for file in files])


def traces(folder: Path, sampler: Sampler, names: Sequence[str]) -> pd.DataFrame:
    """Return how ensembles moved, step by step, the burn included.

    Args:
        folder: the calibration's, with all steps done.
        sampler: how many ensembles and steps.
        names: of the numbers.

    Returns:
        One row per ensemble, kept step and number: ``ensemble`` from 1, ``step``, ``name``
        (``log density`` among them), and ``low``, ``middle`` and ``high``: quantiles 0.05, 0.5 and
        0.95 over walkers, of the number itself, not its logarithm.
    """
    tables = []
    for ensemble in range(sampler.ensembles):
        backend = _backend(chain_file(folder, ensemble))
        ends = np.exp(np.quantile(backend.get_chain(), _SHARES, axis=1))
        dense = np.quantile(backend.get_log_prob(), _SHARES, axis=1)
        every = np.concatenate([dense[..., None], ends], axis=-1)
        tables.append(
            pd.DataFrame(
                {
                    "ensemble": ensemble + 1,
                    "step": np.repeat(
                        sampler.thin * (1 + np.arange(every.shape[1])), len(names) + 1
                    ),
                    "name": [LOG_DENSITY, *names] * every.shape[1],
                    **dict(zip(("low", "middle", "high"), every.reshape(3, -1), strict=True)),
                }
            )
        )
    return pd.concat(tables, ignore_index=True)


def _backend(path: Path) -> Any:
    """Return an ensemble's file as emcee reads it."""
    return required("emcee").backends.HDFBackend(str(path))


def _stretch(density: Density, sampler: Sampler, folder: Path, ensemble: int, done: int) -> int:
    """Add a stretch to an ensemble's file and return its number of steps."""
    path = chain_file(folder, ensemble)
    length = -(-sampler.steps // (sampler.thin * STRETCHES))
    kept = min(length, (sampler.steps - done) // sampler.thin)
    with tempfile.TemporaryDirectory(prefix=_TEMPORARY, dir=path.parent) as place:
        longer = Path(place) / path.name
        if done:
            shutil.copyfile(path, longer)
        walkers = sampler_of(density, sampler.walkers, _backend(longer))
        start = None if done else beginning(density, sampler.walkers, sampler.seed, ensemble, None)
        walkers.run_mcmc(start, kept, thin_by=sampler.thin)
        longer.replace(path)
    return kept * sampler.thin
