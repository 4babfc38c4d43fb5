"""What charts of settings side by side have in common, so that they can be compared by eye.

No marks: charts draw, within the frame that they are given.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import NamedTuple

from alliancesim.dashboard.computing import View

_LEAST_SPAN, _SPACE = 0.3, 0.03
_LEAST_EFFECT = 0.12


class Frame(NamedTuple):
    """The scales and the order of actors that views share.

    Attributes:
        low: least cohesion of the fan's axis; ``high`` is its most.
        high: most cohesion.
        reach: effect at the ends of the gauge.
        actors: in the order in which each view takes its own.
    """

    low: float
    high: float
    reach: float
    actors: tuple[str, ...]

    def ranks(self, view: View) -> dict[str, int]:
        """Return the places of a view's actors, which decide on seats and colours.

        Where two views have the same actors, each has the same in both.
        """
        own = [code for code in self.actors if code in view.actors]
        return {code: place for place, code in enumerate(own)}


def frame_of(views: Sequence[View]) -> Frame:
    """Return the frame that holds all views; actors stand as in the first, then as in the next."""
    drawn = [view.alliance[view.alliance["series"].isin(["world", "twin"])] for view in views]
    low = min(float(rows["q05"].min()) for rows in drawn)
    high = max(float(rows["q95"].max()) for rows in drawn)
    middle, half = (low + high) / 2, max((high - low) / 2 + _SPACE, _LEAST_SPAN / 2)
    low = max(min(max(middle - half, 0.0), 1.0 - 2 * half), 0.0)
    ends = [abs(end) for view in views for end in view.verdict.effect if math.isfinite(end)]
    margin = max(view.verdict.margin for view in views)
    return Frame(
        low,
        min(low + 2 * half, 1.0),
        max(_LEAST_EFFECT, 2.0 * margin, 1.15 * max(ends, default=0.0)),
        tuple(dict.fromkeys(code for view in views for code in view.actors)),
    )


def identifier(name: str, place: int) -> str:
    """Return the prefix of a chart's identifiers: the second of its kind has another."""
    return f"{name}-{place}" if place else name
