"""The observations of a scenario as arrays: what a path of the model is held against.

What the model shows at these places is not here but in prediction.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from alliancesim.arrays import Array
from alliancesim.batch import Series
from alliancesim.calibration.schema import Observed
from alliancesim.scenario.problems import InputError, Problem
from alliancesim.scenario.quantities import month_count
from alliancesim.scenario.schema import Observation, Scenario
from alliancesim.world import World, build_world

SYMMETRIC = ("cohesion",)
"""Variables that a dyad has once, not once for each direction."""


@dataclass(frozen=True)
class Targets:
    """What was observed, by observation, in the order of the scenario file.

    Attributes:
        world: the scenario's world, with the wedge: what happened.
        series: what is followed in it; each ordered pair and variable once.
        column: which of ``series`` an observation is of, shape (observations,).
        month: its month of the run, 0 being the baseline.
        since: for a change, the month of the run from which it counts; -1 for a level.
        values: what was observed, in the units of the variable.
        errors: standard error of each value as a measure of the variable, above 0.
        labels: label in the scenario file.
        dates: month, written ``YYYY-MM``.
        polls: the series of the record it belongs to, one source and one method; may be empty.
        held: coefficients that the scenario sets or switches off, with their values.
    """

    world: World
    series: tuple[Series, ...]
    column: NDArray[np.int64]
    month: NDArray[np.int64]
    since: NDArray[np.int64]
    values: Array
    errors: Array
    labels: tuple[str, ...]
    dates: tuple[str, ...]
    polls: tuple[str, ...]
    held: Mapping[str, float]

    def __len__(self) -> int:
        """Return the number of observations."""
        return len(self.labels)

    @property
    def is_change(self) -> NDArray[np.bool_]:
        """Say of each observation whether it is a change; otherwise it is a level."""
        return self.since >= 0

    @property
    def groups(self) -> tuple[str, ...]:
        """Return the group of each observation: variable of a level, or of a change."""
        return tuple(
            f"change_{self.series[column].variable}" if change else self.series[column].variable
            for column, change in zip(self.column, self.is_change, strict=True)
        )

    def only(self, mask: NDArray[np.bool_]) -> Targets:
        """Return some of the observations; series and world stay as they are.

        Args:
            mask: which to keep, shape (observations,).
        """

        def kept(texts: tuple[str, ...]) -> tuple[str, ...]:
            return tuple(text for text, keep in zip(texts, mask, strict=True) if keep)

        return replace(
            self,
            column=self.column[mask],
            month=self.month[mask],
            since=self.since[mask],
            values=self.values[mask],
            errors=self.errors[mask],
            labels=kept(self.labels),
            dates=kept(self.dates),
            polls=kept(self.polls),
        )


def targets_of(scenario: Scenario, observed: Observed | None = None) -> Targets:
    """Return what a scenario's observations say, as arrays.

    Args:
        scenario: a validated scenario.
        observed: which observations; all that have a value if left out.

    Returns:
        The observations that have a value, are enabled and are not left out.

    Raises:
        InputError: if one has no error above 0, which a likelihood needs, or none is left.
    """
    chosen = dict(_chosen(scenario, observed or Observed()))
    problems = [
        Problem(
            "",
            f"observations.{label}.error",
            "missing" if found.error is None else f"{found.error.value:g}",
            "a standard error above 0, or the label in observations.without of the calibration",
        )
        for label, found in chosen.items()
        if found.error is None or found.error.value == 0.0
    ]
    if not chosen:
        expected = "at least one that has a value and is not left out"
        problems = [Problem("", "observations", "none", expected)]
    if problems:
        raise InputError(problems)
    return _arrays(scenario, chosen)


def _chosen(scenario: Scenario, observed: Observed) -> Iterator[tuple[str, Observation]]:
    """Yield the observations that are fitted, by label."""
    for label, found in scenario.observations.items():
        if (
            found.enabled
            and found.value is not None
            and (observed.first is None or observed.first <= found.date)
            and (observed.until is None or found.date <= observed.until)
            and not label.startswith(tuple(observed.without))
        ):
            yield label, found


def _arrays(scenario: Scenario, chosen: dict[str, Observation]) -> Targets:
    """Return observations as arrays."""
    first = month_count(scenario.time.start)
    followed = [Series(str(item.variable), item.of, item.toward) for item in chosen.values()]
    series = tuple(dict.fromkeys(followed))
    return Targets(
        world=build_world(scenario),
        series=series,
        column=np.array([series.index(item) for item in followed], dtype=np.int64),
        month=np.array(
            [month_count(item.date) - first + 1 for item in chosen.values()], dtype=np.int64
        ),
        since=np.array(
            [
                -1 if item.since is None else month_count(item.since) - first + 1
                for item in chosen.values()
            ],
            dtype=np.int64,
        ),
        values=np.array([item.value.value for item in chosen.values() if item.value]),
        errors=np.array([item.error.value for item in chosen.values() if item.error]),
        labels=tuple(chosen),
        dates=tuple(item.date for item in chosen.values()),
        polls=tuple(item.series or "" for item in chosen.values()),
        held={**scenario.coefficients, **dict.fromkeys(scenario.without, 0.0)},
    )
