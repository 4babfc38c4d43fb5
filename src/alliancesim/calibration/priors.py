"""What is thought of each number before calibration: log-normal, within the register's range.

No observed value enters, only the names of the groups that have a misfit of their own.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import special

from alliancesim.arrays import Array
from alliancesim.calibration.schema import Calibration
from alliancesim.calibration.targets import Targets
from alliancesim.coefficients import NAMES, REGISTER, Coefficients, with_values

AMPLITUDE = "discrepancy_"
"""Beginning of the names of amplitudes of the discrepancy, which stand beside coefficients."""

LARGEST_AMPLITUDE = 2.0
"""Largest amplitude: the whole width of the scale of opinion."""


@dataclass(frozen=True)
class Priors:
    """Sampled numbers and what is thought of each, in natural logarithms.

    Attributes:
        names: coefficients in the order of the register, then amplitudes of the discrepancy.
        centre: logarithm of the median, shape (numbers,).
        spread: standard deviation of the logarithm.
        low: logarithm of the smallest value; minus infinity where that is 0.
        high: logarithm of the largest value.
        base: all coefficients of the law; those that are sampled get replaced.
        place: where the sampled coefficients stand among all, shape (coefficients sampled,).
    """

    names: tuple[str, ...]
    centre: Array
    spread: Array
    low: Array
    high: Array
    base: Coefficients
    place: NDArray[np.int64]

    @property
    def coefficients(self) -> tuple[str, ...]:
        """Return the names of the coefficients that are sampled."""
        return self.names[: self.place.size]

    @property
    def groups(self) -> tuple[str, ...]:
        """Return the groups of observations that have an amplitude of the discrepancy."""
        return tuple(name.removeprefix(AMPLITUDE) for name in self.names[self.place.size :])

    def log_density(self, points: Array) -> Array:
        """Return the log density of logarithms; minus infinity outside the range.

        Args:
            points: logarithms, shape (points, numbers).

        Returns:
            Shape (points,).
        """
        away = (points - self.centre) / self.spread
        inside = np.all((points >= self.low) & (points <= self.high), axis=-1)
        below, above = self._ends()
        size = np.log(self.spread * (above - below)) + 0.5 * np.log(2.0 * np.pi)
        found: Array = np.where(inside, -np.sum(0.5 * away**2 + size, axis=-1), -np.inf)
        return found

    def drawn(self, number: int, random: np.random.Generator) -> Array:
        """Return random logarithms.

        Args:
            number: of points.
            random: where random numbers come from.

        Returns:
            Shape (number, numbers).
        """
        below, above = self._ends()
        share = below + (above - below) * random.random((number, len(self.names)))
        found: Array = self.centre + self.spread * special.ndtri(share)
        return np.clip(found, self.low, self.high)

    def vectors(self, points: Array) -> Array:
        """Return all coefficients of the law at points.

        Args:
            points: logarithms, shape (points, numbers).

        Returns:
            Shape (points, coefficients), in the order of the register.
        """
        found = np.tile(np.array(self.base), (len(points), 1))
        found[:, self.place] = np.exp(points[:, : self.place.size])
        return found

    def amplitudes(self, points: Array) -> Array:
        """Return the amplitudes of the discrepancy at points, shape (points, groups)."""
        found: Array = np.exp(points[:, self.place.size :])
        return found

    def quantiles(self, shares: Sequence[float]) -> Array:
        """Return quantiles of each number before calibration, not their logarithms.

        Args:
            shares: each from 0 to 1.

        Returns:
            Shape (shares, numbers).
        """
        below, above = self._ends()
        share = below + (above - below) * np.array(shares)[:, None]
        found: Array = np.exp(self.centre + self.spread * special.ndtri(share))
        return found

    def _ends(self) -> tuple[Array, Array]:
        """Return how much of each normal distribution lies below its range, and up to its end."""
        return (
            special.ndtr((self.low - self.centre) / self.spread),
            special.ndtr((self.high - self.centre) / self.spread),
        )


def amplitude_names(groups: Sequence[str]) -> tuple[str, ...]:
    """Return the names of the amplitudes of the discrepancy of groups of observations."""
    return tuple(AMPLITUDE + group for group in groups)


def priors_of(
    calibration: Calibration,
    targets: Targets,
    groups: Sequence[str],
    fixed: Mapping[str, float] | None = None,
) -> Priors:
    """Return what is thought of each number that is to be sampled.

    Held are the coefficients that the calibration fixes, those that the scenario sets or switches
    off (unless the calibration gives a prior), and the sizes of shocks, of which paths without
    shocks say nothing.

    Args:
        calibration: a validated calibration.
        targets: the observations that are fitted.
        groups: groups of observations, each with its amplitude of the discrepancy.
        fixed: further coefficients that are held.

    Returns:
        The priors.
    """
    told = {name: value for name, value in targets.held.items() if name not in calibration.priors}
    held = {**told, **calibration.fixed, **(fixed or {})}
    sampled = [entry for entry in REGISTER if entry.prior_spread > 0 and entry.name not in held]
    medians, spreads = [], []
    for entry in sampled:
        prior = calibration.priors.get(entry.name)
        medians.append((prior and prior.median) or entry.prior_median)
        spreads.append((prior and prior.spread) or entry.prior_spread)
    misfit, count = calibration.discrepancy, len(groups)
    with np.errstate(divide="ignore"):
        low = np.log([*(entry.low for entry in sampled), *[0.0] * count])
    return Priors(
        names=(*(entry.name for entry in sampled), *amplitude_names(groups)),
        centre=np.log([*medians, *[misfit.median] * count]),
        spread=np.array([*spreads, *[misfit.spread] * count]),
        low=low,
        high=np.log([*(entry.high for entry in sampled), *[LARGEST_AMPLITUDE] * count]),
        base=with_values(held),
        place=np.array([NAMES.index(entry.name) for entry in sampled], dtype=np.int64),
    )
