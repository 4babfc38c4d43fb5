"""A calibration as an ArviZ ``InferenceData``: numbers, what they predict, what was observed.

No draw of the posterior is changed and no diagnostic added: ArviZ has those.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import numpy as np

from alliancesim.arrays import Array
from alliancesim.calibration.density import Density
from alliancesim.calibration.priors import AMPLITUDE
from alliancesim.calibration.sampling import required
from alliancesim.coefficients import REGISTER

OBSERVED = "observed"
"""Name of the observations in every group that holds them."""

_ENTRIES = {entry.name: entry for entry in REGISTER}


def inference_data(
    density: Density, points: Array, random: np.random.Generator, about: Mapping[str, Any]
) -> Any:
    """Return draws from the posterior with all that can be said of them.

    Args:
        density: what was sampled.
        points: logarithms, shape (ensembles, draws, numbers).
        random: where random numbers come from.
        about: plain data that is kept as attributes of the posterior, as JSON where no text.

    Returns:
        An ``InferenceData``. Its chains are the ensembles. ``posterior`` and ``prior`` hold the
        numbers in their own units, with unit, meaning and source as attributes;
        ``posterior_predictive`` new observations at the same places, with discrepancy and error;
        ``log_likelihood`` the log density of each observation given all the others.

    Raises:
        InputError: if ArviZ is not installed.
    """
    names, targets = density.priors.names, density.targets
    flat = points.reshape(-1, len(names))
    residuals, amplitudes = density.residuals(flat), density.priors.amplitudes(flat)
    drawn = targets.values - residuals + density.discrepancy.drawn(amplitudes, random)
    alone = density.discrepancy.left_out(residuals, amplitudes)

    def shaped(found: Array) -> dict[str, Array]:
        return {OBSERVED: found.reshape(*points.shape[:2], -1)}

    before = density.priors.drawn(len(flat), random)
    found = required("arviz").from_dict(
        posterior={name: np.exp(points[..., place]) for place, name in enumerate(names)},
        prior={name: np.exp(before[None, :, place]) for place, name in enumerate(names)},
        posterior_predictive=shaped(drawn),
        log_likelihood=shaped(alone),
        observed_data={OBSERVED: targets.values},
        constant_data={
            "error": targets.errors,
            "month": targets.month,
            "since": targets.since,
            "date": np.array(targets.dates),
            "group": np.array(targets.groups),
            "poll": np.array(targets.polls),
        },
        coords={"observation": list(targets.labels)},
        dims={
            name: ["observation"]
            for name in (OBSERVED, "error", "month", "since", "date", "group", "poll")
        },
    )
    _describe(found, about)
    return found


def _describe(found: Any, about: Mapping[str, Any]) -> None:
    """Give numbers and observations their units and sources as attributes, in place."""
    for group in (found.posterior, found.prior):
        for name in group.data_vars:
            group[name].attrs |= _told(str(name))
    of_record = {"units": "of the variable: net favourability -1 to 1, or a share 0 to 1"}
    of_record["source"] = "observations of the scenario"
    for group in (found.posterior_predictive, found.observed_data):
        group[OBSERVED].attrs |= of_record
    found.constant_data["error"].attrs |= {**of_record, "meaning": "standard error of measurement"}
    found.constant_data["month"].attrs["units"] = "months of the run, 0 is the baseline"
    found.constant_data["since"].attrs["units"] = "month from which a change counts, -1 for a level"
    found.log_likelihood[OBSERVED].attrs["meaning"] = "log density given all other observations"
    found.posterior.attrs |= {
        key: value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
        for key, value in about.items()
    }


def _told(name: str) -> dict[str, str]:
    """Return what the register says of a coefficient, or what an amplitude is."""
    if name.startswith(AMPLITUDE):
        meaning = f"size of the model's own error in {name.removeprefix(AMPLITUDE)}"
        return {"units": "of the variable", "meaning": meaning}
    entry = _ENTRIES[name]
    told = {"equation": entry.equation, "meaning": entry.meaning, "source": entry.source}
    return {"units": entry.unit, **told}
