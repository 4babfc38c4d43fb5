"""Rules that compare one part of an experiment file with another, before its scenario is known.

Whether keys exist is therefore not asked here, but in checking.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain

from alliancesim.experiment.schema import MOST_POINTS, Experiment, Factor, numbers_alone
from alliancesim.measures.verdict import WORDS
from alliancesim.scenario.limits import DEEPEST
from alliancesim.scenario.problems import InputError, nearest, shown
from alliancesim.scenario.reading import parse_setting
from alliancesim.scenario.rules import Broken

_RESERVED = ("point", "run", "draw", "runs", "margin", "verdict")
_ENDS = ("", "_low", "_high")


def result_columns(experiment: Experiment) -> frozenset[str]:
    """Return the columns of an experiment's tables that are no factor's."""
    named = ("effect", *experiment.outcomes, *WORDS)
    return frozenset((*_RESERVED, *(f"{name}{end}" for name in named for end in _ENDS)))


def broken_rules(experiment: Experiment) -> list[Broken]:
    """Return every rule that an experiment breaks, in the order of its tables."""
    return [
        *_design(experiment),
        *chain.from_iterable(
            _factor(experiment, name, factor) for name, factor in experiment.factors.items()
        ),
        *_sets(experiment),
        *_keys(experiment),
        *_analysis(experiment),
    ]


def _design(experiment: Experiment) -> Iterator[Broken]:
    design = experiment.design
    if not experiment.factors and not experiment.factor_sets:
        yield Broken(("factors",), "missing", "at least one factor")
    if design.kind == "grid":
        if design.points is not None:
            expected = "no such key: a grid has as many points as its factors' levels give"
            yield Broken(("design", "points"), str(design.points), expected)
        elif experiment.points > MOST_POINTS:
            value = f"a grid of {experiment.points} points"
            yield Broken(("design",), value, f"at most {MOST_POINTS} points")
        return
    if design.points is None:
        yield Broken(("design", "points"), "missing", "the number of points")
    elif design.kind == "sobol" and design.points & (design.points - 1):
        lower = 2 ** (design.points.bit_length() - 1)
        expected = (
            f"a power of two, such as {lower} or {2 * lower}, since a Sobol sequence is balanced"
            " only at those"
        )
        yield Broken(("design", "points"), str(design.points), expected)


def _factor(experiment: Experiment, name: str, factor: Factor) -> Iterator[Broken]:
    keys = ("factors", name)
    if name in result_columns(experiment):
        yield Broken(keys, shown(name), "a name that is no column of the tables")
    if (factor.key is None) == (not factor.keys):
        yield Broken(keys, "neither" if factor.key is None else "both", 'either "key" or "keys"')
    if factor.together == "parallel" and (factor.key is not None or not factor.has_number_range):
        expected = '"equal": only several keys with low and high can move in parallel'
        yield Broken((*keys, "together"), shown(factor.together), expected)
    if factor.values is not None:
        yield from _values(keys, factor)
    elif factor.low is None or factor.high is None:
        missing = "low" if factor.low is None else "high"
        yield Broken((*keys, missing), "missing", '"low" and "high", or "values"')
    elif isinstance(factor.low, str) != isinstance(factor.high, str):
        yield Broken(keys, f"{factor.low} to {factor.high}", "two numbers or two months")
    elif factor.low >= factor.high:
        expected = f"a value above low, {shown(factor.low)}"
        yield Broken((*keys, "high"), shown(factor.high), expected)
    else:
        yield from _range(experiment, keys, factor)


def _values(keys: tuple[str, ...], factor: Factor) -> Iterator[Broken]:
    """Complain about values that cannot make a column, and about keys that only ranges have."""
    values = factor.values or []
    kinds = {type(value) for value in values}
    if len(kinds) > 1 and not numbers_alone(values):
        yield Broken((*keys, "values"), shown(values), "values of one kind")
    if len(set(values)) < len(values):
        yield Broken((*keys, "values"), shown(values), "each value once")
    for key in ("low", "high", "steps"):
        if getattr(factor, key) is not None:
            value = shown(getattr(factor, key))
            yield Broken((*keys, key), value, 'no such key beside "values"')
    if factor.scale != "linear":
        yield Broken((*keys, "scale"), shown(factor.scale), 'no such key beside "values"')
    if factor.whole:
        yield Broken((*keys, "whole"), "true", 'no such key beside "values"')


def _range(experiment: Experiment, keys: tuple[str, ...], factor: Factor) -> Iterator[Broken]:
    """Complain about low, high and steps that do not go together."""
    grid = experiment.design.kind == "grid"
    months = isinstance(factor.low, str)
    if grid and not months and factor.steps is None:
        yield Broken((*keys, "steps"), "missing", "the number of levels of the grid")
    if not grid and factor.steps is not None:
        yield Broken((*keys, "steps"), str(factor.steps), "no such key: only a grid has levels")
    if factor.scale == "log" and (months or factor.low <= 0):
        expected = "numbers above 0 for a logarithmic scale"
        yield Broken((*keys, "low"), shown(factor.low), expected)
    if factor.whole and (months or factor.low % 1 or factor.high % 1):
        expected = "whole numbers for low and high"
        yield Broken((*keys, "whole"), f"{factor.low} to {factor.high}", expected)
    room = factor.distinct
    if factor.steps is not None and room is not None and factor.steps > room:
        what = "months" if months else "whole numbers"
        yield Broken((*keys, "steps"), str(factor.steps), f"at most the {room} {what} there are")


def _sets(experiment: Experiment) -> Iterator[Broken]:
    wanted = {"inputs": "step", "coefficients": "factor"}
    seen: list[str] = []
    for number, found in enumerate(experiment.factor_sets):
        keys = ("factor_sets", str(number))
        if experiment.design.kind == "grid":
            expected = "latin-hypercube or sobol, since a grid over so many factors has no end"
            yield Broken(("design", "kind"), shown("grid"), expected)
        for kind, key in wanted.items():
            value = getattr(found, key)
            if kind == found.kind and value is None:
                yield Broken((*keys, key), "missing", f"how far {found.kind} are varied")
            if kind != found.kind and value is not None:
                expected = f'no such key for {found.kind}, but "{wanted[found.kind]}"'
                yield Broken((*keys, key), f"{value:g}", expected)
        if found.kind in seen:
            yield Broken((*keys, "kind"), shown(found.kind), "each kind once")
        seen.append(found.kind)


def _keys(experiment: Experiment) -> Iterator[Broken]:
    """Complain about keys that are set twice, one inside another included."""
    fixed: dict[tuple[str, ...], str] = {}
    around: dict[tuple[str, ...], str] = {}
    for text in experiment.settings:
        try:
            path, _ = parse_setting(text)
        except InputError as error:
            problem = error.problems[0]
            yield Broken(("settings",), problem.value, problem.expected)
        else:
            fixed[path] = "settings"
            around.update((path[:length], "settings") for length in range(1, len(path)))
    for name, factor in experiment.factors.items():
        place = ("factors", name)
        if len(set(factor.all_keys)) < len(factor.all_keys):
            yield Broken((*place, "keys"), shown(factor.keys), "each key once")
        for path in dict.fromkeys(tuple(key.split(".")) for key in factor.all_keys):
            if len(path) > DEEPEST:
                expected = f"a key of at most {DEEPEST} parts"
                yield Broken(place, shown(".".join(path)), expected)
                continue
            tables = [path[:length] for length in range(1, len(path) + 1)]
            clash = next((fixed[table] for table in tables if table in fixed), around.get(path))
            if clash is not None:
                yield Broken(place, ".".join(path), f"a key that is not set in {clash} as well")
            fixed[path] = f"factors.{name}"
            around.update(dict.fromkeys(tables[:-1], fixed[path]))


def _analysis(experiment: Experiment) -> Iterator[Broken]:
    analysis = experiment.analysis
    if analysis is None:
        return
    names = list(experiment.factors)
    if analysis.kind != "phase-diagram":
        for key in ("x", "y"):
            if getattr(analysis, key) is not None:
                expected = "no such key: only a phase diagram has axes"
                yield Broken(("analysis", key), shown(getattr(analysis, key)), expected)
    else:
        for key in ("x", "y"):
            value = getattr(analysis, key)
            if value not in names:
                expected = "one of the factors " + ", ".join(names)
                found = "missing" if value is None else shown(value)
                yield Broken(("analysis", key), found, expected, nearest(value or "", names))
        if analysis.x is not None and analysis.x == analysis.y:
            yield Broken(("analysis", "y"), shown(analysis.y), "a factor other than x")
        if experiment.design.kind != "grid":
            expected = "a grid, for a phase diagram"
            yield Broken(("design", "kind"), shown(experiment.design.kind), expected)
    kept = ["effect", *experiment.outcomes]
    if analysis.outcome not in kept:
        expected = "one of the outcomes kept: " + ", ".join(dict.fromkeys(kept))
        hint = nearest(analysis.outcome, kept)
        yield Broken(("analysis", "outcome"), shown(analysis.outcome), expected, hint)
