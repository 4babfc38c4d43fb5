"""Whether an experiment fits its scenario: keys, values, outcomes, months.

What a file says wrongly by itself is not for this module but for schema and rules.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from scipy.stats import qmc

from alliancesim.coefficients import NAMES
from alliancesim.ensemble import MOST_HELD
from alliancesim.experiment.everything import axes_of_set, number_at
from alliancesim.experiment.factors import SWITCHED_OFF, Axis, axis_of, laid_over
from alliancesim.experiment.naming import misnamed
from alliancesim.experiment.rules import broken_rules
from alliancesim.experiment.schema import Experiment, Factor
from alliancesim.scenario.costs import Cost, seconds, too_much
from alliancesim.scenario.problems import InputError, nearest, shown
from alliancesim.scenario.reading import Loaded
from alliancesim.scenario.rules import Broken
from alliancesim.scenario.schema import Scenario
from alliancesim.scenario.variation import varied

TABLES = ("actors", "dyads", "strategies", "events", "coefficients", SWITCHED_OFF)
"""Tables of a scenario that a factor may move."""

COPIES = 5
"""How often a part's outcomes are held at once: of world and twin, as table, as a file's bytes."""

_BYTES = 8


def axes_on(experiment: Experiment, scenario: Scenario) -> tuple[Axis, ...]:
    """Return the axes of an experiment: factors first, then those of its sets.

    A set goes without the keys that a factor moves and those it is told to leave out. A factor that
    breaks a rule of the file, or moves in parallel what is no number, has no axis.
    """
    unsound = {found.keys[1:2] for found in broken_rules(experiment) if found.keys[0] == "factors"}
    axes = []
    for name, factor in experiment.factors.items():
        offsets = _offsets(factor, scenario)
        if (name,) not in unsound and offsets is not None:
            axes.append(axis_of(name, factor, offsets))
    taken = {key for factor in experiment.factors.values() for key in factor.all_keys}
    for found in experiment.factor_sets:
        left_out = taken | set(found.leave_out)
        axes += [axis for axis in axes_of_set(found, scenario) if axis.keys[0] not in left_out]
    return tuple(axes)


def misfits(experiment: Experiment, base: Loaded, axes: Sequence[Axis]) -> Iterator[Broken]:
    """Yield every way in which an experiment does not fit its scenario."""
    scenario = base.scenario
    named = {axis.name: axis for axis in axes}
    for name, factor in experiment.factors.items():
        unknown = [found for key in factor.all_keys for found in _unknown(name, key, scenario)]
        yield from unknown
        if not unknown and _offsets(factor, scenario) is None:
            expected = "keys whose values are numbers, to move in parallel"
            yield Broken(("factors", name, "keys"), shown(factor.keys), expected)
        elif not unknown and name in named:
            yield from _refused(named[name], base)
    for number, found in enumerate(experiment.factor_sets):
        valid = [axis.keys[0] for axis in axes_of_set(found, scenario)]
        for key in found.leave_out:
            if key not in valid:
                expected = f"one of the {found.kind}"
                keys = ("factor_sets", str(number), "leave_out")
                yield Broken(keys, shown(key), expected, nearest(key, valid))
    yield from misnamed(experiment.outcomes, scenario)
    yield from _size(experiment, scenario, axes)


def _size(experiment: Experiment, scenario: Scenario, axes: Sequence[Axis]) -> Iterator[Broken]:
    """Complain about too short a run and too large a design."""
    months, window = experiment.design.months, scenario.outcome.window
    if months is not None and months < window:
        expected = f"at least the {window} months of the scenario's outcome.window"
        yield Broken(("design", "months"), str(months), expected)
    if experiment.design.kind == "sobol" and len(axes) > qmc.Sobol.MAXDIM:
        expected = f"at most {qmc.Sobol.MAXDIM} factors in a Sobol design"
        yield Broken(("factor_sets",), f"{len(axes)} factors", expected)
    elif experiment.points * len(axes) > MOST_HELD:
        value = f"{experiment.points} points of {len(axes)} factors"
        yield Broken(("design",), value, f"points times factors to be at most {MOST_HELD}")
    else:
        yield from _cost(experiment, scenario)


def _cost(experiment: Experiment, scenario: Scenario) -> Iterator[Broken]:
    """Complain about more runs than anybody would wait for, or could hold or keep."""
    runs = experiment.points * experiment.replicates
    part = min(experiment.part_points, experiment.points) * experiment.replicates
    months = experiment.design.months or scenario.time.months
    outcomes = len(experiment.outcomes) + 1
    cost = Cost(
        seconds(2.0 * runs * months, len(scenario.actors)),
        COPIES * _BYTES * outcomes * part,
        _BYTES * outcomes * runs,
    )
    if cost.absurd:
        value = f"{experiment.points:,} points of {experiment.replicates:,} runs"
        smaller = "design.points" if experiment.design.points else "the factors' steps"
        remedy = f"smaller design.replicates, {smaller} or design.part_points"
        yield Broken(("design",), value, too_much(cost, remedy))


def _offsets(factor: Factor, scenario: Scenario) -> tuple[float, ...] | None:
    """Return what each key's value adds to the first one's, or None if it is no number."""
    if factor.together == "equal":
        return (0.0,) * len(factor.all_keys)
    values = [number_at(scenario, key) for key in factor.all_keys]
    first = values[0] if values else None
    if first is None or any(value is None for value in values):
        return None
    return tuple(value - first for value in values if value is not None)


def _unknown(name: str, key: str, scenario: Scenario) -> Iterator[Broken]:
    """Complain about a key whose table, or what it names there, the scenario does not have.

    ``--set`` would make a new actor or event of a misspelt one; a factor moves what there is.
    """
    keys = ("factors", name)
    table, _, rest = key.partition(".")
    inner = rest.split(".")[0]
    if table not in TABLES or not inner:
        expected = "a dotted key under " + ", ".join(TABLES)
        yield Broken(keys, shown(key), expected, nearest(table, TABLES))
        return
    if table in ("actors", "strategies", "events"):
        known = list(getattr(scenario, table))
    elif table in ("coefficients", SWITCHED_OFF):
        known = list(NAMES)
    else:
        return
    if inner not in known or (table == SWITCHED_OFF and rest != inner):
        what = "mechanisms (alliancesim parameters)" if known == list(NAMES) else table
        expected = f"a key of one of the {what}"
        if known and known != list(NAMES):
            expected += ": " + ", ".join(known)
        yield Broken(keys, shown(key), expected, nearest(inner, known))


def _refused(axis: Axis, base: Loaded) -> Iterator[Broken]:
    """Complain about values at which the scenario alone is not valid."""
    for value in axis.ends():
        words = [found for key in axis.keys for found in _no_switch(axis, key, value)]
        yield from words
        if words:
            continue
        try:
            varied(base, laid_over(axis.settings(value), base.scenario))
        except InputError as error:
            for problem in error.problems:
                where = "" if problem.key in axis.keys else f" makes {problem.key} {problem.value}"
                at = f"{' and '.join(axis.keys)} = {shown(value)}{where}"
                yield Broken(("factors", axis.name), at, problem.expected, problem.suggestion)


def _no_switch(axis: Axis, key: str, value: Any) -> Iterator[Broken]:
    """Complain about a value, other than true or false, of a mechanism's switch."""
    if key.startswith(f"{SWITCHED_OFF}.") and not isinstance(value, bool):
        expected = "values = [true, false]: whether the mechanism is switched off"
        yield Broken(("factors", axis.name), f"{key} = {shown(value)}", expected)
