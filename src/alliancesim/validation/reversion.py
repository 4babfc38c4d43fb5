"""Levels that return to a mean of their own, learned from what was observed.

No event and no theory enters, and one series tells another nothing but spread and memory.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from alliancesim.arrays import Array
from alliancesim.calibration.targets import Targets

SPREADS = np.geomspace(0.03, 0.8, 14)
"""Standard deviations around the mean that are considered, equally likely before."""

MEMORIES = np.geomspace(2.0, 240.0, 12)
"""Months in which a departure from the mean falls to 1/e that are considered, equally likely."""

VAGUE = 1.0
"""Standard deviation of what is thought of a mean before: the half width of opinion's scale."""


@dataclass(frozen=True)
class Reversion:
    """Ornstein-Uhlenbeck processes, one for each series of levels, with common spread and memory.

    In months one apart this is a regression of each month on the last, with a mean of each series
    (Uhlenbeck and Ornstein 1930).

    Attributes:
        targets: all observations.
        fitted: the observations that are known from any time, shape (observations,).
        past: those known from before the months in question.
        spreads: standard deviation of each variant considered, shape (variants,).
        memories: memory of each variant, in months.
        chances: probability of each variant.
    """

    targets: Targets
    fitted: NDArray[np.bool_]
    past: NDArray[np.bool_]
    spreads: Array
    memories: Array
    chances: Array

    @classmethod
    def learned(
        cls, targets: Targets, fitted: NDArray[np.bool_], past: NDArray[np.bool_]
    ) -> Reversion:
        """Return the processes with what the fitted levels say of spread and memory.

        Args:
            targets: all observations.
            fitted: those that are learned from, shape (observations,).
            past: those known from before the months in question.
        """
        spreads, memories = (grid.ravel() for grid in np.meshgrid(SPREADS, MEMORIES))
        fits = np.zeros(spreads.size)
        for column in range(len(targets.series)):
            places = _levels(targets, fitted, column)
            if places.size:
                matrices = _covariances(
                    targets.month[places], targets.errors[places], spreads, memories
                )
                precise = np.linalg.solve(
                    matrices, np.broadcast_to(targets.values[places], matrices.shape[:2])[..., None]
                )[..., 0]
                fits -= 0.5 * (precise @ targets.values[places] + np.linalg.slogdet(matrices)[1])
        chances = np.exp(fits - fits.max())
        return cls(targets, fitted, past, spreads, memories, chances / chances.sum())

    def drawn(self, place: int, draws: int, random: np.random.Generator) -> tuple[Array, float]:
        """Return samples and mean of an observed level, from what is known from before.

        Args:
            place: of the observation.
            draws: number of samples.
            random: where random numbers come from.
        """
        targets = self.targets
        months = np.array([targets.month[place]])
        means, variances = self._levels_at(int(targets.column[place]), months, self.past)
        variant = random.choice(self.chances.size, size=draws, p=self.chances)
        spread = np.sqrt(variances[variant, 0] + targets.errors[place] ** 2)
        samples: Array = means[variant, 0] + spread * random.standard_normal(draws)
        return samples, float(self.chances @ means[:, 0])

    def moved(self, place: int, *, known: NDArray[np.bool_]) -> float:
        """Return how mutual opinion is expected to move over the months of a change.

        Args:
            place: of the change.
            known: the observations that are known, shape (observations,).

        Returns:
            Mean over both directions for what a dyad has once, and else the direction's own; 0
            where there are no polls of it.
        """
        targets = self.targets
        series = targets.series[targets.column[place]]
        pairs = {(series.of, series.toward)}
        if series.variable != "opinion":
            pairs.add((series.toward, series.of))
        columns = [
            column
            for column, found in enumerate(targets.series)
            if found.variable == "opinion" and (found.of, found.toward) in pairs
        ]
        months = np.array([targets.since[place], targets.month[place]])
        moves = [
            float(self.chances @ np.diff(self._levels_at(column, months, known)[0])[:, 0])
            for column in columns
            if _levels(targets, self.fitted, column).size
        ]
        return float(np.mean(moves)) if moves else 0.0

    def _levels_at(
        self, column: int, months: NDArray[np.int64], known: NDArray[np.bool_]
    ) -> tuple[Array, Array]:
        """Return mean and variance of a series in some months, shape (variants, months) each."""
        targets = self.targets
        places = _levels(targets, known, column)
        if not places.size:
            # Only the mean over all polls is known then.
            places = _levels(targets, self.fitted, column)
            mean = float(targets.values[places].mean()) if places.size else 0.0
            shape = (self.spreads.size, months.size)
            return np.full(shape, mean), np.broadcast_to(self.spreads[:, None] ** 2, shape)
        matrices = _covariances(
            targets.month[places], targets.errors[places], self.spreads, self.memories
        )
        across = _kernel(
            targets.month[places][:, None] - months[None, :], self.spreads, self.memories
        )
        gains = np.linalg.solve(matrices, across)
        means = np.einsum("vpm,p->vm", gains, targets.values[places])
        own = self.spreads[:, None] ** 2 + VAGUE**2
        return means, np.maximum(own - np.einsum("vpm,vpm->vm", gains, across), 0.0)


def _levels(targets: Targets, known: NDArray[np.bool_], column: int) -> NDArray[np.int64]:
    """Return the known levels of a series."""
    return np.flatnonzero(known & ~targets.is_change & (targets.column == column))


def _kernel(apart: NDArray[np.int64], spreads: Array, memories: Array) -> Array:
    """Return covariances of levels some months apart, an unknown mean included."""
    decay = np.exp(-np.abs(apart) / memories[:, None, None])
    found: Array = spreads[:, None, None] ** 2 * decay + VAGUE**2
    return found


def _covariances(
    months: NDArray[np.int64], errors: Array, spreads: Array, memories: Array
) -> Array:
    """Return covariances of observed levels, shape (variants, observations, observations)."""
    apart = months[:, None] - months[None, :]
    return _kernel(apart, spreads, memories) + np.diag(errors**2)
