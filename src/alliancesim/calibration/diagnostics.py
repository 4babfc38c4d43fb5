"""Whether the chains have arrived, and how much they say: r-hat, effective sample size, memory.

Walkers of one ensemble move by each other's places and are not independent, so r-hat compares whole
ensembles, which know nothing of one another (Vehtari, Gelman, Simpson, Carpenter and Bürkner 2021,
rank-normalised). The effective sample sizes count walkers as chains, so that what one walker
remembers of its own path is discounted. Chains are judged here and neither cut nor lengthened.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from alliancesim.arrays import Array
from alliancesim.calibration.sampling import required

WORST_R_HAT = 1.05
"""Largest r-hat with which a calibration counts as having arrived."""

LEAST_EFFECTIVE = 400
"""Least effective sample size for quantiles to be told to two digits (Vehtari et al. 2021)."""


def diagnostics(chains: Array, names: Sequence[str], thin: int) -> pd.DataFrame:
    """Return what the chains' behaviour says, by number that was sampled.

    Args:
        chains: logarithms, shape (ensembles, kept steps, walkers, numbers).
        names: of the numbers.
        thin: steps from one kept step to the next.

    Returns:
        Columns ``name``, ``r_hat``, ``ess_bulk``, ``ess_tail``, and ``autocorrelation``, the
        integrated autocorrelation time in steps (Goodman and Weare 2010), the longest of all
        ensembles.

    Raises:
        InputError: if ArviZ or emcee is not installed.
    """
    arviz = required("arviz")
    ensembles, steps, walkers, _ = chains.shape
    rows = []
    for place, name in enumerate(names):
        values = chains[..., place]
        by_walker = np.moveaxis(values, 1, 2).reshape(ensembles * walkers, steps)
        rows.append(
            {
                "name": name,
                "r_hat": float(arviz.rhat(values.reshape(ensembles, steps * walkers))),
                "ess_bulk": float(arviz.ess(by_walker, method="bulk")),
                "ess_tail": float(arviz.ess(by_walker, method="tail")),
                "autocorrelation": thin * max(_memory(ensemble) for ensemble in values),
            }
        )
    return pd.DataFrame(rows)


def _memory(values: Array) -> float:
    """Return the integrated autocorrelation time of walkers, in kept steps."""
    found = required("emcee").autocorr.integrated_time(values[:, :, None], tol=0, quiet=True)
    return float(found[0])
