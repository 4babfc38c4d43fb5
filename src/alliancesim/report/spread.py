"""Where the spread over runs comes from, quantity by quantity, as rows of a table.

Nothing is taken apart here: the parts come with the results, from measures.uncertainty.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from alliancesim.figures.cast import allied_pairs, names
from alliancesim.figures.opinions import opinion_pairs
from alliancesim.language import message, text
from alliancesim.measures.intervals import Interval
from alliancesim.report.numbers import level, percent, percent_interval
from alliancesim.results.result import Result

_ALLIANCE = (
    ("effect", message("effect on cohesion")),
    ("world", message("cohesion with the wedge")),
    ("twin", message("cohesion without it")),
)


class Row(NamedTuple):
    """One quantity, averaged over the last months: standard deviations as text, and the share."""

    what: str
    parameters: str
    shocks: str
    share: str
    interval: str


def spread_rows(result: Result) -> list[Row]:
    """Return what makes runs differ, for the quantities that a report shows.

    Args:
        result: results of one scenario.

    Returns:
        The alliance's cohesion and the effect on it, what allies do and think of one another, and
        what they think of dividers, with the wedge; none where coefficients were not drawn. What
        does not vary is left out.
    """
    table = result.uncertainty
    if table is None or not len(table):
        return []
    called = names(result)
    wanted = [(text(label), (side, "cohesion", "", "")) for side, label in _ALLIANCE]
    wanted += [
        (
            text("cooperation of {of} with {toward}").format(of=called[of], toward=called[to]),
            ("world", "cooperation", of, to),
        )
        for of, to in allied_pairs(result)
    ]
    wanted += [
        (
            text("opinion in {of} of {toward}").format(of=called[of], toward=called[to]),
            ("world", "opinion", of, to),
        )
        for of, to in opinion_pairs(result)
    ]
    keys = zip(*(table[name] for name in ("side", "variable", "of", "toward")), strict=True)
    place = {key: number for number, key in enumerate(keys)}
    found = [(label, table.iloc[place[key]]) for label, key in wanted if key in place]
    return [_row(label, numbers) for label, numbers in found if pd.notna(numbers["share"])]


def _row(label: str, numbers: pd.Series[Any]) -> Row:
    """Return one quantity."""
    share = Interval(*(float(numbers[key]) for key in ("share", "low", "high")))
    parameters, shocks = (
        level(float(np.sqrt(numbers[key])), 3) for key in ("parameters", "shocks")
    )
    return Row(label, parameters, shocks, percent(share.estimate), percent_interval(share))
