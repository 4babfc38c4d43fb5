"""Draws of coefficients for the tests, which they make themselves: no calibration stands behind."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from alliancesim.coefficients import REGISTER
from alliancesim.posterior.draws import Posterior, write_posterior

DRAWN = tuple(entry for entry in REGISTER if entry.prior_spread > 0)


def drawn_posterior(draws: int = 12, spread: float = 0.4, name: str = "made") -> Posterior:
    """Return draws around the priors' medians, all within the ranges of the register."""
    middle = np.array([entry.prior_median for entry in DRAWN])
    low, high = (np.array([getattr(entry, end) for entry in DRAWN]) for end in ("low", "high"))
    factors = np.exp(spread * np.random.default_rng(5).normal(size=(draws, len(DRAWN))))
    names = tuple(entry.name for entry in DRAWN)
    return Posterior(name, names, np.clip(middle * factors, low, high), {"title": "For the tests"})


def draws_file(folder: Path, name: str = "draws.csv", **given: float) -> Path:
    """Write such draws and return the file."""
    path = folder / name
    write_posterior(path, drawn_posterior(**given))  # type: ignore[arg-type]
    return path
