"""Prior times likelihood at many points at once: what the sampler climbs on.

A point holds natural logarithms: of the sampled coefficients, then of the amplitudes of the
discrepancy. The prior is that of the logarithms, so that no Jacobian enters.

Nothing is sampled here, and no observation is weighed by hand.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from alliancesim.arrays import Array
from alliancesim.calibration.discrepancy import Discrepancy, discrepancy_of
from alliancesim.calibration.prediction import predicted
from alliancesim.calibration.priors import Priors, priors_of
from alliancesim.calibration.schema import Calibration
from alliancesim.calibration.targets import Targets


@dataclass(frozen=True)
class Density:
    """The posterior up to a constant.

    Attributes:
        targets: the observations.
        priors: what is thought of each sampled number before them.
        discrepancy: how far they may lie from the model.
        threads: number of threads; all cores if None.
    """

    targets: Targets
    priors: Priors
    discrepancy: Discrepancy
    threads: int | None = None

    def residuals(self, points: Array) -> Array:
        """Return observed minus model, shape (points, observations)."""
        found = predicted(self.targets, self.priors.vectors(points), threads=self.threads)
        return self.targets.values - found

    def log_likelihood(self, points: Array) -> Array:
        """Return the log density of the observations at points, shape (points,)."""
        return self.discrepancy.log_likelihood(
            self.residuals(points), self.priors.amplitudes(points)
        )

    def log_density(self, points: Array) -> Array:
        """Return log prior plus log likelihood.

        Args:
            points: logarithms, shape (points, numbers).

        Returns:
            Shape (points,); minus infinity where the prior is 0, and nothing is run there.
        """
        found = self.priors.log_density(points)
        inside = np.isfinite(found)
        found[inside] += self.log_likelihood(points[inside])
        return found


def density_of(
    targets: Targets,
    calibration: Calibration,
    *,
    fixed: Mapping[str, float] | None = None,
    threads: int | None = None,
) -> Density:
    """Return the posterior of a calibration up to a constant.

    Args:
        targets: the observations that are fitted.
        calibration: a validated calibration.
        fixed: coefficients that are held beside those that the calibration fixes.
        threads: number of threads; all cores if left out.
    """
    discrepancy = discrepancy_of(targets, calibration.discrepancy.memory)
    priors = priors_of(calibration, targets, discrepancy.groups, fixed)
    return Density(targets, priors, discrepancy, threads)
