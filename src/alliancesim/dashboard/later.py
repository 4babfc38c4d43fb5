"""What takes longer than a slider may wait for: the map around a setting, and the causes.

Both can be given up at any moment, because a newer setting has made them useless. Nothing here may
be needed for the first answer.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from alliancesim import batch
from alliancesim.arrays import Array
from alliancesim.attribution.account import Account, account_of
from alliancesim.attribution.explanation import Question, explain
from alliancesim.batch import Pair
from alliancesim.dashboard.catalogue import Choice
from alliancesim.dashboard.computing import pair_of, posterior_of
from alliancesim.dashboard.levers import Lever
from alliancesim.dashboard.setting import Setting, scenario_of, with_values
from alliancesim.ensemble import TWIN, WORLD
from alliancesim.posterior.nesting import drawn
from alliancesim.scenario.problems import InputError
from alliancesim.scenario.reading import Loaded

CELLS, COARSE = 15, 9
"""Cells of the map along each side; the second where runs are longer than ``LONG`` months."""

LONG = 60

RUNS = 64
"""Runs of each cell of the map; where coefficients are drawn, of sixteen draws."""

RUNS_OF_CAUSES = 40
"""Runs of each world without some of the causes."""

Wanted = Callable[[], bool]
"""Says whether the result is still wanted."""


class GivenUp(Exception):  # noqa: N818 - not an error, but the end of what nobody waits for
    """The result is no longer wanted."""


@dataclass(frozen=True)
class PhaseMap:
    """The effect of the wedge around a setting.

    Attributes:
        across: the slider along the horizontal axis.
        up: the slider along the vertical axis.
        columns: values across, shape (cells,).
        rows: values up, shape (cells,).
        effects: mean effect on cohesion, shape (rows, columns).
        margin: effects within plus or minus this count as nothing.
        here: where the setting stands, across and up.
    """

    across: Lever
    up: Lever
    columns: Array
    rows: Array
    effects: Array
    margin: float
    here: tuple[float, float]


@dataclass(frozen=True)
class Around:
    """What is found of a setting later than its ensemble.

    Attributes:
        phase: the map, or None where the scenario has no two sliders.
        account: the causes, or None where nothing is dated or too much is.
    """

    phase: PhaseMap | None
    account: Account | None


def around(setting: Setting, choice: Choice, wanted: Wanted) -> Around:
    """Return the causes of a setting and the map around it.

    Args:
        setting: the setting.
        choice: its scenario.
        wanted: asked now and then.

    Raises:
        GivenUp: if it is no longer wanted.
        InputError: if the numbers do not go together.
    """
    account = causes_of(setting, choice, wanted)
    return Around(map_of(setting, choice, wanted), account)


def axes_of(choice: Choice) -> tuple[Lever, Lever] | None:
    """Return the two sliders that a map is drawn over: a scenario's first pressure and courtship.

    Where the wedge has one leg only, its first two sliders of different kinds; where there are not
    two sliders, nothing.
    """
    levers = list(choice.levers.values())
    pressing = [lever for lever in levers if ".press" in lever.key]
    courting = [lever for lever in levers if ".court" in lever.key]
    first = (pressing or courting or levers)[:1]
    rest = [lever for lever in (courting if pressing else []) or levers if lever not in first]
    return (first[0], rest[0]) if first and rest else None


def map_of(setting: Setting, choice: Choice, wanted: Wanted) -> PhaseMap | None:
    """Return the effect over the first two sliders, all others staying where they are.

    Args:
        setting: the setting.
        choice: its scenario.
        wanted: asked now and then.

    Returns:
        The map, or None where the scenario has no two sliders.

    Raises:
        GivenUp: if it is no longer wanted.
        InputError: if some cells' numbers do not go together.
    """
    axes = axes_of(choice)
    if axes is None:
        return None
    cells = CELLS if choice.loaded.scenario.time.months <= LONG else COARSE
    columns, rows = (np.linspace(a.number.low, a.number.high, cells) for a in axes)
    effects = np.empty((cells, cells))
    margin = choice.loaded.scenario.outcome.margin.value
    for row, up in enumerate(rows.tolist()):
        if not wanted():
            raise GivenUp
        effects[row] = _effects(setting, choice, axes, columns, up)
    values = setting.values()
    here = tuple(values.get(lever.key, lever.number.value) for lever in axes)
    return PhaseMap(*axes, columns, rows, effects, margin, (here[0], here[1]))


def _effects(
    setting: Setting, choice: Choice, axes: tuple[Lever, Lever], columns: Array, up: float
) -> Array:
    """Return the mean effect in one row of the map, shape (columns,)."""
    pairs: list[Pair] = []
    vectors = None
    for across in columns.tolist():
        moved = {**setting.values(), axes[0].key: across, axes[1].key: up}
        there = with_values(setting, choice, moved)
        pair, vectors = pair_of(scenario_of(there, choice), setting)
        pairs.append(pair)
    late = batch.late_means(
        pairs,
        seed=setting.seed,
        run_numbers=range(RUNS),
        coefficients=None if vectors is None else drawn(vectors, RUNS).coefficients,
    )[..., 0]
    means: Array = (late[:, WORLD] - late[:, TWIN]).mean(axis=1)
    return means


def causes_of(setting: Setting, choice: Choice, wanted: Wanted) -> Account | None:
    """Return what the change of cohesion is shared out among.

    Args:
        setting: the setting.
        choice: its scenario.
        wanted: asked now and then.

    Returns:
        The account, or None where nothing is dated or too much is.

    Raises:
        GivenUp: if it is no longer wanted.
        InputError: if the numbers do not go together.
    """
    scenario = scenario_of(setting, choice)
    loaded = Loaded(choice.loaded.name, scenario, (), {})
    question = Question(runs=RUNS_OF_CAUSES, seed=setting.seed)

    def look(_done: int) -> None:
        if not wanted():
            raise GivenUp

    try:
        found = explain(loaded, question, posterior_of(setting), look)
    except InputError:
        return None
    return account_of(found) if found.causes else None
