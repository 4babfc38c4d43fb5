"""What the record taught: medians and intervals of the coefficients after calibration.

Written by ``python docs/default_coefficients.py`` from the calibration
northeast-asia-2010-2026; not to be edited by hand.
"""

from __future__ import annotations

from typing import NamedTuple


class Fitted(NamedTuple):
    """What is known of one coefficient after calibration.

    Attributes:
        median: of the posterior; the default of the law.
        low90: lower end of its 90 % interval.
        high90: upper end.
        learned: 1 less the spread of the logarithm after calibration over that before; 0 where the
            record says nothing beyond the prior.
    """

    median: float
    low90: float
    high90: float
    learned: float


CALIBRATION = "northeast-asia-2010-2026"
"""The calibration they come from."""

FITTED: dict[str, Fitted] = {
    "balancing": Fitted(0.663, 0.298, 1.46, 0.26),
    "hazard": Fitted(1.04, 0.406, 2.52, 0.16),
    "abandonment": Fitted(0.93, 0.424, 1.91, 0.3),
    "brokerage": Fitted(0.895, 0.348, 2.26, 0.14),
    "chilling": Fitted(0.999, 0.388, 2.55, 0.13),
    "entrapment": Fitted(1.01, 0.4, 2.44, 0.16),
    "inducement": Fitted(1.03, 0.409, 2.38, 0.18),
    "mediation": Fitted(0.931, 0.361, 2.24, 0.16),
    "compliance": Fitted(0.975, 0.386, 2.4, 0.15),
    "opinion": Fitted(0.72, 0.301, 1.6, 0.22),
    "grievance": Fitted(1.1, 0.456, 2.41, 0.22),
    "reciprocity": Fitted(0.713, 0.308, 1.55, 0.25),
    "resentment": Fitted(0.82, 0.345, 1.95, 0.2),
    "retaliation": Fitted(1.06, 0.413, 2.43, 0.17),
    "alarm": Fitted(1.51, 0.817, 2.58, 0.46),
    "restraint": Fitted(0.602, 0.274, 1.38, 0.25),
    "solidarity": Fitted(1.61, 0.672, 3.17, 0.27),
    "build": Fitted(0.0894, 0.0422, 0.231, 0.25),
    "erode": Fitted(0.119, 0.0547, 0.259, 0.32),
    "warm": Fitted(0.0559, 0.0298, 0.096, 0.48),
    "sour": Fitted(0.0652, 0.0387, 0.114, 0.52),
    "sore": Fitted(0.0703, 0.0279, 0.153, 0.25),
    "fidelity": Fitted(0.184, 0.0718, 0.44, 0.2),
    "balance": Fitted(0.019, 0.0075, 0.0463, 0.21),
    "forget": Fitted(0.0976, 0.0543, 0.17, 0.49),
    "provoke": Fitted(0.14, 0.0557, 0.365, 0.18),
    "spillover": Fitted(0.121, 0.0451, 0.294, 0.17),
    "soothe": Fitted(0.0548, 0.0203, 0.167, 0.06),
    "calm": Fitted(0.0407, 0.017, 0.0913, 0.26),
    "unmask": Fitted(0.202, 0.0773, 0.533, 0.13),
    "legibility": Fitted(3.85, 1.51, 9.56, 0.17),
    "derisk": Fitted(0.0104, 0.00401, 0.0275, 0.16),
    "rewire": Fitted(0.01, 0.00402, 0.0263, 0.17),
    "update": Fitted(0.168, 0.0657, 0.403, 0.2),
    "fade": Fitted(0.0696, 0.0337, 0.143, 0.36),
    "reconcile": Fitted(0.0158, 0.00667, 0.0378, 0.24),
}
"""By name of the coefficient."""
