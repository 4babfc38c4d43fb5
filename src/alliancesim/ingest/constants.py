"""The register of the rule's constants: every number between event counts and a driver, once.

The rule stands in :mod:`alliancesim.ingest.levels` and :mod:`alliancesim.ingest.drivers`; the
documentation and every report of ``alliancesim ingest`` are made from ``REGISTER``. No number of
the rule may stand anywhere else.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any, Literal, NamedTuple

from alliancesim.scenario.problems import InputError, Problem, nearest

FULL_SCALE = 10.0
"""End of Goldstein's scale, which runs from -10 to 10: a definition, not a choice."""


@dataclass(frozen=True)
class Constant:
    """One constant of the rule.

    Attributes:
        name: as ``--set`` uses it.
        default: value used unless the command line says otherwise.
        low: smallest value accepted.
        high: largest value accepted.
        unit: what it is counted in.
        meaning: one line in plain words.
        basis: ``"judgement"``, or ``"derived"`` from what the source names.
        source: author and year of the idea, and why this number.
    """

    name: str
    default: float
    low: float
    high: float
    unit: str
    meaning: str
    basis: Literal["judgement", "derived"]
    source: str


class Rule(NamedTuple):
    """The value of every constant, in the order of ``REGISTER``; see there for meanings."""

    prior_events: float
    verbal_weight: float
    baseline_months: float
    smallest_push: float
    sureness: float
    gain: float


REGISTER = (
    Constant(
        "prior_events",
        20.0,
        0.0,
        1e6,
        "events",
        "events at which a month's own mean and the dyad's long-run mean count alike",
        "judgement",
        "credibility formula n/(n + k), Bühlmann and Straub 1970; the number is a guess: with"
        " fewer events a month says more of single reports than of relations",
    ),
    Constant(
        "verbal_weight",
        1.0,
        0.0,
        1.0,
        "events",
        "weight of an event of words beside one of deeds",
        "judgement",
        "1, since the scale itself ranks words below deeds (Goldstein 1992)",
    ),
    Constant(
        "baseline_months",
        12.0,
        1.0,
        120.0,
        "months",
        "months up to the scenario's baseline month over which the baseline level is taken",
        "judgement",
        "a year, so that one noisy month is not written into every push",
    ),
    Constant(
        "smallest_push",
        0.05,
        0.0,
        1.0,
        "share of the way",
        "pushes smaller than this are not written",
        "judgement",
        "the margin within which scenarios count an effect as nothing",
    ),
    Constant(
        "sureness",
        1.645,
        0.0,
        100.0,
        "standard errors",
        "pushes whose level differs from the baseline by fewer standard errors are not written",
        "derived",
        "normal quantile of a 90 % interval; that 90 % is asked for is a judgement",
    ),
    Constant(
        "gain",
        1.0,
        0.0,
        10.0,
        "dimensionless",
        "multiplies every push, and every change observed",
        "judgement",
        "1: a share of the way on the scale of events is taken for the same share in the model",
    ),
)
"""Every constant that can be set."""


def parse_rule(settings: Iterable[str]) -> Rule:
    """Return the rule's constants, as ``NAME=VALUE`` texts change them.

    Args:
        settings: texts such as ``prior_events=50``.

    Raises:
        InputError: with every text that names no constant or a value outside its range.
    """
    values = {constant.name: constant.default for constant in REGISTER}
    problems: list[Problem] = []
    for text in settings:
        problems += _set(values, text)
    if problems:
        raise InputError(problems)
    return Rule(**values)


def _set(values: dict[str, float], text: str) -> Iterator[Problem]:
    """Change one value, or yield what is wrong with the text."""
    name, equals, raw = text.partition("=")
    name = name.strip()
    known = {constant.name: constant for constant in REGISTER}
    if not equals or name not in known:
        expected = "NAME=VALUE with one of the names " + ", ".join(known)
        yield Problem("--set", "", text, expected, nearest(name, known))
        return
    constant = known[name]
    try:
        value = float(raw)
    except ValueError:
        value = math.nan
    whole = constant.unit != "months" or value == int(value if math.isfinite(value) else 0)
    if not (constant.low <= value <= constant.high and whole):
        kind = "a whole number" if constant.unit == "months" else "a number"
        expected = f"{kind} from {constant.low:g} to {constant.high:g}"
        yield Problem("--set", name, raw, expected)
        return
    values[name] = value


def described(rule: Rule) -> list[dict[str, Any]]:
    """Return every constant with its value, meaning, basis and source, for the report."""
    return [
        {
            "name": constant.name,
            "value": value,
            "default": constant.default,
            "unit": constant.unit,
            "meaning": constant.meaning,
            "basis": constant.basis if value == constant.default else "set by the user",
            "source": constant.source if value == constant.default else "",
        }
        for constant, value in zip(REGISTER, rule, strict=True)
    ]
