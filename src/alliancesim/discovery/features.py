"""The factors of an experiment as columns of numbers, for rules that bound them.

Months are counted, switches are 0 or 1, and of texts to choose from each is a column of its own: 1
where it is the one chosen. Which factors rules may bound is not decided here, but in dataset.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Literal, NamedTuple

import numpy as np
import pandas as pd

from alliancesim.experiment.factors import Axis
from alliancesim.scenario.quantities import month_count

Kind = Literal["number", "month", "switch", "choice"]


class Feature(NamedTuple):
    """A column that a rule may bound.

    Attributes:
        name: of the column.
        factor: the factor that it is, or is a choice of.
        kind: numbers, months as counts, a switch, or whether a text is the one chosen.
        choice: that text, or empty.
    """

    name: str
    factor: str
    kind: Kind
    choice: str = ""


def features_of(
    axes: Sequence[Axis], design: pd.DataFrame
) -> tuple[tuple[Feature, ...], pd.DataFrame]:
    """Return the factors as columns of numbers.

    Args:
        axes: the factors.
        design: one row per point, one column per factor.

    Returns:
        The columns, and a table of floating-point numbers with one row per point. Factors that have
        but one value are left out.
    """
    found = [
        (feature, column)
        for axis in axes
        for feature, column in _columns(axis, design[axis.name])
        if column.nunique() > 1
    ]
    features = tuple(feature for feature, _ in found)
    columns = {feature.name: column.to_numpy(dtype=np.float64) for feature, column in found}
    return features, pd.DataFrame(columns)


def _columns(axis: Axis, values: pd.Series[float]) -> Iterator[tuple[Feature, pd.Series[float]]]:
    """Yield one factor's columns: of two texts the first is enough."""
    name = axis.name
    if axis.kind == "month":
        yield Feature(name, name, "month"), values.map(month_count)
    elif pd.api.types.is_bool_dtype(values):
        yield Feature(name, name, "switch"), values
    elif pd.api.types.is_numeric_dtype(values):
        yield Feature(name, name, "number"), values
    else:
        choices = axis.choices[:1] if len(axis.choices) == 2 else axis.choices
        for choice in choices:
            feature = Feature(f"{name} = {choice}", name, "choice", str(choice))
            yield feature, values == choice
