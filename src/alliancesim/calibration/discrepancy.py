"""How far the record may lie from the model: errors of measurement and the model's own.

An observation is model + discrepancy + error. The error is the observation's own, independent of
all others. The discrepancy is the model's: of levels of one variable and dyad it is an
Ornstein-Uhlenbeck process with covariance a² exp(-|months apart| / memory), so that ten polls of
one stretch do not count as ten refutations; of changes it is independent. There is one amplitude a
for the levels of a variable and one for its changes (Kennedy and O'Hagan 2001, "Bayesian
calibration of computer models").

Only residuals come here: what the law says of an observation is for prediction.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from alliancesim.arrays import Array
from alliancesim.calibration.targets import SYMMETRIC, Targets

_LOG_TWO_PI = float(np.log(2.0 * np.pi))


@dataclass(frozen=True)
class Discrepancy:
    """Covariances of the record around the model, for any amplitudes, cheaply.

    Scaled by the errors, the covariance of a block of observations that hang together is
    1 + a² K with one matrix K, whose axes do not hang on a. Seen along these axes, observations
    are independent, with variance 1 + a² d.

    Attributes:
        groups: names of the amplitudes, such as ``opinion`` and ``change_cohesion``.
        group: the amplitude of each axis, shape (observations,).
        stretch: d of each axis, shape (observations,).
        inward: from residuals to axes, shape (observations, observations).
        outward: from axes to residuals, its inverse.
        log_errors: sum of the logarithms of the errors.
    """

    groups: tuple[str, ...]
    group: NDArray[np.int64]
    stretch: Array
    inward: Array
    outward: Array
    log_errors: float

    def variances(self, amplitudes: Array) -> Array:
        """Return the variance along each axis.

        Args:
            amplitudes: by group, in the units of the variables, shape (..., groups).

        Returns:
            Shape (..., observations), dimensionless.
        """
        return 1.0 + amplitudes[..., self.group] ** 2 * self.stretch

    def log_likelihood(self, residuals: Array, amplitudes: Array) -> Array:
        """Return the logarithm of the probability density of residuals.

        Args:
            residuals: observed minus model, shape (..., observations).
            amplitudes: by group, shape (..., groups).

        Returns:
            Shape (...).
        """
        variances = self.variances(amplitudes)
        along = residuals @ self.inward.T
        found: Array = -0.5 * np.sum(along**2 / variances + np.log(variances), axis=-1)
        return found - self.log_errors - 0.5 * self.stretch.size * _LOG_TWO_PI

    def left_out(self, residuals: Array, amplitudes: Array) -> Array:
        """Return the log density of each observation given all the others.

        The formula for observations that hang together is that of Bürkner, Gabry and Vehtari
        (2021), "Efficient leave-one-out cross-validation for Bayesian non-factorized normal
        models".

        Args:
            residuals: observed minus model, shape (..., observations).
            amplitudes: by group, shape (..., groups).

        Returns:
            Shape (..., observations).
        """
        precise = 1.0 / self.variances(amplitudes)
        pulled = ((residuals @ self.inward.T) * precise) @ self.inward
        diagonal = precise @ self.inward**2
        found: Array = 0.5 * (np.log(diagonal) - _LOG_TWO_PI - pulled**2 / diagonal)
        return found

    def drawn(self, amplitudes: Array, random: np.random.Generator) -> Array:
        """Return random discrepancies with errors.

        Args:
            amplitudes: by group, shape (draws, groups).
            random: where random numbers come from.

        Returns:
            Shape (draws, observations), in the units of the variables.
        """
        variances = self.variances(amplitudes)
        found: Array = (random.standard_normal(variances.shape) * np.sqrt(variances)) @ (
            self.outward.T
        )
        return found


def kernel(targets: Targets, memory: float) -> Array:
    """Return the covariance of discrepancies for amplitudes of 1.

    Args:
        targets: the observations.
        memory: months in which the model's error of a level falls to 1/e.

    Returns:
        Shape (observations, observations); 1 on the diagonal, 0 between what does not hang
        together.
    """
    blocks = np.array([_block(targets, place) for place in range(len(targets))], dtype=np.int64)
    apart = np.abs(targets.month[:, None] - targets.month[None, :])
    together = blocks[:, None] == blocks[None, :]
    return np.where(together, np.exp(-apart / memory), 0.0)


def covariance(targets: Targets, memory: float, amplitudes: dict[str, float]) -> Array:
    """Return the covariance of the observations around the model, errors included.

    Args:
        targets: the observations.
        memory: months in which the model's error of a level falls to 1/e.
        amplitudes: by group of observations, see :attr:`Targets.groups`.

    Returns:
        Shape (observations, observations), squared units of the variables.
    """
    sizes = np.array([amplitudes[group] for group in targets.groups])
    found: Array = kernel(targets, memory) * np.outer(sizes, sizes) + np.diag(targets.errors**2)
    return found


def discrepancy_of(targets: Targets, memory: float) -> Discrepancy:
    """Return the covariances of observations around the model.

    Args:
        targets: the observations.
        memory: months in which the model's error of a level falls to 1/e.
    """
    groups = tuple(dict.fromkeys(targets.groups))
    member = np.array([groups.index(name) for name in targets.groups], dtype=np.int64)
    scaled = kernel(targets, memory) / np.outer(targets.errors, targets.errors)
    size = len(targets)
    stretch, axes, group = np.empty(size), np.zeros((size, size)), np.empty(size, dtype=np.int64)
    filled = 0
    # Block by block, so that no axis mixes observations that have nothing to do with each other.
    blocks = np.array([_block(targets, place) for place in range(size)], dtype=np.int64)
    for block in dict.fromkeys(blocks.tolist()):
        places = np.flatnonzero(blocks == block)
        rows = slice(filled, filled + places.size)
        values, vectors = np.linalg.eigh(scaled[np.ix_(places, places)])
        stretch[rows] = np.maximum(values, 0.0)
        axes[rows, places] = vectors.T
        group[rows] = member[places[0]]
        filled += places.size
    return Discrepancy(
        groups,
        group,
        stretch,
        axes / targets.errors,
        targets.errors[:, None] * axes.T,
        float(np.log(targets.errors).sum()),
    )


def _block(targets: Targets, place: int) -> int:
    """Return the first observation that hangs together with one: a change only with itself."""
    if targets.is_change[place]:
        return place
    wanted = _process(targets, place)
    return next(
        other
        for other in range(place + 1)
        if not targets.is_change[other] and _process(targets, other) == wanted
    )


def _process(targets: Targets, place: int) -> tuple[str, ...]:
    """Return variable and dyad of an observation, without direction where there is none."""
    found = targets.series[targets.column[place]]
    pair = (str(found.of), str(found.toward))
    return (found.variable, *(sorted(pair) if found.variable in SYMMETRIC else pair))
