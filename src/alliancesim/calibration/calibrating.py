"""A whole calibration: sampled, judged, and written to a folder that can be gone on with.

Only the order of the steps and the folder: how walkers move is not settled here but in sampling,
and what makes chains good enough, in diagnostics.
"""

from __future__ import annotations

import datetime
import json
import os
import tempfile
from collections.abc import Mapping
from importlib import metadata
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from alliancesim.arrays import Array
from alliancesim.calibration.chains import Progress, accepted, chains, sample, traces
from alliancesim.calibration.density import Density
from alliancesim.calibration.diagnostics import LEAST_EFFECTIVE, WORST_R_HAT, diagnostics
from alliancesim.calibration.fitting import draws_of, spread_over
from alliancesim.calibration.inference import inference_data
from alliancesim.calibration.reading import LoadedCalibration
from alliancesim.calibration.sampling import required
from alliancesim.calibration.shrinkage import WORDS, shrinkage
from alliancesim.calibration.silence import RUNS, silence
from alliancesim.experiment.identity import differences
from alliancesim.experiment.lock import LOCK, held
from alliancesim.posterior.draws import SAMPLE, Posterior, write_posterior
from alliancesim.results.folder import check_free, write_json
from alliancesim.results.tables import table_text
from alliancesim.scenario.placing import replace_file
from alliancesim.scenario.problems import InputError, Problem, shown
from alliancesim.study import heading
from alliancesim.version import __version__

KIND = "calibration"
MANIFEST, SUMMARY = "manifest.json", "summary.json"
TRACE = "trace.parquet"
AMPLITUDES = "amplitudes.csv"

INFERENCE_DRAWS = 1000
"""Draws of each ensemble in ``posterior.nc``."""

_LIBRARIES = ("emcee", "arviz", "h5py", "h5netcdf")
_MOST_TOLD = 8


class Calibrated(NamedTuple):
    """What a calibration found.

    Attributes:
        summary: the most important of it as plain data.
        diagnostics: see :func:`alliancesim.calibration.diagnostics.diagnostics`.
        shrinkage: see :func:`alliancesim.calibration.shrinkage.shrinkage`.
        silence: see :func:`alliancesim.calibration.silence.silence`.
    """

    summary: dict[str, Any]
    diagnostics: pd.DataFrame
    shrinkage: pd.DataFrame
    silence: pd.DataFrame


def calibrate(
    loaded: LoadedCalibration, folder: Path, *, resume: bool, progress: Progress
) -> Calibrated:
    """Sample a posterior into a folder, or what is left of it, and write what it says.

    Args:
        loaded: the calibration.
        folder: where to; must be empty or absent unless ``resume``.
        resume: whether to go on with what is there. The numbers are those of one go.
        progress: called with the number of steps done, of all ensembles together.

    Returns:
        What was found.

    Raises:
        InputError: if the folder is taken, holds another calibration, or a library is missing.
    """
    if not resume:
        check_free(folder)
    for library in _LIBRARIES:
        required(library)
    density = loaded.density()
    manifest = manifest_of(loaded, density)
    if resume:
        _check_same(folder, manifest)
    folder.mkdir(parents=True, exist_ok=True)
    with held(folder):
        if not (folder / MANIFEST).exists():
            replace_file(folder / MANIFEST, _text(manifest))
        sample(density, loaded.calibration.sampler, folder, progress)
        return _written(loaded, density, folder)


def holds_calibration(folder: Path) -> bool:
    """Say whether a folder holds a calibration, finished or not."""
    return (folder / MANIFEST).is_file()


def manifest_of(loaded: LoadedCalibration, density: Density) -> dict[str, Any]:
    """Return what is calibrated, on what, how, and with which program."""
    versions = {name: metadata.version(name) for name in _LIBRARIES}
    return {
        **heading(KIND, loaded.name, versions),
        "calibration": loaded.calibration.model_dump(mode="json", by_alias=True),
        "scenario_name": loaded.base.name,
        "scenario": loaded.base.document,
        "observations": len(loaded.targets),
        "sampled": list(density.priors.names),
        "coefficients": density.priors.base._asdict(),
        "digest": loaded.digest(),
    }


def _check_same(folder: Path, wanted: Mapping[str, Any]) -> None:
    """Refuse to go on with another calibration than the one that a folder holds.

    Raises:
        InputError: naming what differs, as far as it can be told.
    """
    if not holds_calibration(folder):
        if folder.exists() and any(path.name != LOCK for path in folder.iterdir()):
            check_free(folder)
        return
    path = folder / MANIFEST
    try:
        kept = json.loads(path.read_text("utf-8"))
        kind, digest = kept["kind"], kept["digest"]
    except (OSError, ValueError, KeyError, TypeError, RecursionError) as error:
        why = f"the manifest of a calibration ({error})"
        raise InputError([Problem(str(path), "", "", why)]) from None
    if kind != KIND:
        raise InputError([Problem(str(folder), "kind", shown(kind), "a calibration")])
    if digest == wanted["digest"]:
        return
    keys = ("calibration", "scenario", "coefficients")
    found = [
        (f"{key}.{where}", *values)
        for key in keys
        for where, *values in differences(kept.get(key), wanted[key])
    ]
    found += [] if found else [("digest", digest, wanted["digest"])]
    tail = "as in the calibration that is to be resumed; a changed one needs a folder of its own"
    raise InputError(
        Problem(str(folder), where, shown(after), f"{shown(before)}, {tail}, --out")
        for where, before, after in found[:_MOST_TOLD]
    )


def _written(loaded: LoadedCalibration, density: Density, folder: Path) -> Calibrated:
    """Write what finished chains say; each file appears whole, the summary last."""
    sampler, priors = loaded.calibration.sampler, density.priors
    points = chains(folder, sampler)
    flat = points.reshape(-1, len(priors.names))
    vector = priors.vectors(np.median(flat, axis=0)[None])[0]
    # Ensembles take the first addresses of the seed, so these come after the last of them.
    shocks, randomness = np.random.SeedSequence((sampler.seed, sampler.ensembles)).spawn(2)
    found = Calibrated(
        {},
        diagnostics(points, priors.names, sampler.thin),
        shrinkage(priors, flat),
        silence(density.targets, vector, seed=int(shocks.generate_state(1)[0])),
    )
    found.summary.update(_summary(loaded, found, accepted(folder, sampler)))
    with tempfile.TemporaryDirectory(prefix=".results-", dir=folder) as name:
        place = Path(name)
        for table in ("diagnostics", "shrinkage", "silence"):
            (place / f"{table}.csv").write_text(table_text(getattr(found, table)), "utf-8")
        traces(folder, sampler, priors.names).to_parquet(place / TRACE, index=False)
        _write_sample(loaded, density, spread_over(flat, sampler.draws), found.summary, place)
        by_ensemble = points.reshape(sampler.ensembles, -1, len(priors.names))
        thinned = np.stack([spread_over(one, INFERENCE_DRAWS) for one in by_ensemble])
        random = np.random.default_rng(randomness)
        data = inference_data(density, thinned, random, _about(loaded, found.summary))
        data.to_netcdf(str(place / "posterior.nc"), engine="h5netcdf")
        for path in sorted(place.iterdir()):
            os.replace(path, folder / path.name)
        write_json(place / SUMMARY, found.summary)
        os.replace(place / SUMMARY, folder / SUMMARY)
    return found


def _summary(loaded: LoadedCalibration, found: Calibrated, shares: Array) -> dict[str, Any]:
    """Return what a calibration found as plain data."""
    behaviour = found.diagnostics.set_index("name")
    worst, least = behaviour["r_hat"].idxmax(), behaviour["ess_bulk"].idxmin()
    tail = behaviour["ess_tail"].idxmin()
    effective = behaviour[["ess_bulk", "ess_tail"]].to_numpy()
    words = found.shrinkage.groupby("word")["name"].apply(list)
    sampler = loaded.calibration.sampler
    return {
        "name": loaded.name,
        "title": loaded.calibration.title,
        "question": loaded.calibration.question,
        "observations": len(loaded.targets),
        "sampled": len(behaviour),
        "points": (sampler.steps - sampler.burn)
        // sampler.thin
        * sampler.walkers
        * sampler.ensembles,
        "arrived": bool(behaviour["r_hat"].max() < WORST_R_HAT),
        "enough": bool(effective.min() >= LEAST_EFFECTIVE),
        "r_hat_worst": {"name": worst, "value": float(behaviour["r_hat"].max())},
        "ess_bulk_least": {"name": least, "value": float(behaviour["ess_bulk"].min())},
        "ess_tail_least": {"name": tail, "value": float(behaviour["ess_tail"].min())},
        "autocorrelation_longest": float(behaviour["autocorrelation"].max()),
        "accepted": shares.tolist(),
        **{word: list(words.get(word, [])) for word in WORDS},
        "silence": {"runs": RUNS, "rows": found.silence.to_dict("records")},
    }


def _about(loaded: LoadedCalibration, summary: Mapping[str, Any]) -> dict[str, Any]:
    """Return where draws come from, as it stands beside them wherever they go."""
    return {
        "title": loaded.calibration.title,
        "calibration": loaded.name,
        "scenario": loaded.base.name,
        "program": f"alliancesim {__version__}",
        "date": datetime.datetime.now(datetime.UTC).date().isoformat(),
        "digest": loaded.digest()["calibration"],
        "law": loaded.digest()["law"],
        "observations": summary["observations"],
        "r_hat_worst": summary["r_hat_worst"]["value"],
        "ess_least": summary["ess_bulk_least"]["value"],
    }


def _write_sample(
    loaded: LoadedCalibration,
    density: Density,
    points: Array,
    summary: Mapping[str, Any],
    place: Path,
) -> None:
    """Write the small sample: coefficients, what is fixed included, and amplitudes apart."""
    draws = draws_of(density.priors, points)
    fixed = loaded.calibration.fixed
    held = np.tile(np.array(list(fixed.values())), (len(points), 1))
    names, values = (*draws.names, *fixed), np.hstack([draws.values, held])
    write_posterior(place / SAMPLE, Posterior(loaded.name, names, values, _about(loaded, summary)))
    amplitudes = pd.DataFrame(draws.amplitudes, columns=list(draws.groups))
    (place / AMPLITUDES).write_text(table_text(amplitudes), "utf-8")


def _text(data: Mapping[str, Any]) -> str:
    """Return data as readable JSON."""
    return json.dumps(data, indent=2, ensure_ascii=False, allow_nan=False) + "\n"
