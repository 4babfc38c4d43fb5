"""The points of an experiment in the order in which they are run."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pandas as pd
from numpy.typing import NDArray

from alliancesim.experiment.reading import LoadedExperiment


@dataclass(frozen=True)
class Design:
    """The points of an experiment; row k of each column is the k-th point to be run.

    Attributes:
        factors: names of the factors, which are the columns of tables.
        keys: dotted keys that each factor moves.
        values: one column per factor, shape (points,): numbers, months as text, or switches.
        points: number of points.
    """

    factors: tuple[str, ...]
    keys: tuple[tuple[str, ...], ...]
    values: tuple[NDArray[Any], ...]
    points: int


def design_of(loaded: LoadedExperiment) -> Design:
    """Return the design of an experiment."""
    raise NotImplementedError


def design_table(design: Design) -> pd.DataFrame:
    """Return the design with a column ``point`` and one column per factor."""
    raise NotImplementedError
