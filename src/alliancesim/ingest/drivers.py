"""From monthly levels to a scenario file: acts from outside as events, the allies' own as record.

The baseline level B of a dyad is its level over the months up to the scenario's baseline month. A
month's mean m over n events becomes L = (n m + k B)/(n + k), with k ``prior_events``: few events
move little, none moves nothing. The push is (L - B)/(1 - B) above the baseline and (L - B)/B below
it: the share of the way to 1 or to 0, as pushes are meant, so that the two scales need not agree in
their levels. It acts in its month alone, and is written only where it is large and sure enough.

What members of the alliance do to one another is what the model is to explain. It becomes an
observation: the change since the baseline month that such a push would make of the scenario's own
baseline. Here k is 0, since a measurement is to carry its error and not a prior, and every month
with events is written, since leaving out small changes would bias the record. Nothing that allies
do to one another may become an event.
"""

from __future__ import annotations

import copy
import json
import math
import textwrap
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from alliancesim.ingest.constants import Rule, described
from alliancesim.ingest.formats import TITLES, FormatName
from alliancesim.ingest.levels import ACTIONS, Levels, shrunk
from alliancesim.scenario import library
from alliancesim.scenario.limits import LARGEST_FILE
from alliancesim.scenario.problems import InputError, Problem, nearest
from alliancesim.scenario.quantities import month_count, month_text
from alliancesim.scenario.reading import Loaded, from_document
from alliancesim.scenario.schema import Dyad, Scenario

FILE = "drivers.toml"

CAUTION = (
    "Event counts measure attention: what newspapers report and a machine finds in them, not"
    " relations. Levels are means per event for that reason; thin months lean on the dyad's"
    " long-run mean. What an actor does is in part an answer to others, which the law adds by"
    " itself: read every driver before you use it, and look at the number of events beside it."
)


@dataclass(frozen=True)
class Driver:
    """One month's push, or one month's observed change.

    Attributes:
        of: who acts.
        toward: upon whom.
        action: cooperation or pressure.
        month: in months since year 0.
        events: number of events in the month.
        level: level of the month, drawn toward the baseline, and its standard error.
        baseline: level at the baseline, and its standard error.
        push: share of the way to 1, or if negative to 0.
        push_error: standard error of the push.
    """

    of: str
    toward: str
    action: str
    month: int
    events: int
    level: tuple[float, float]
    baseline: tuple[float, float]
    push: float
    push_error: float


def baseline_span(scenario: Scenario, rule: Rule) -> range:
    """Return the months of the baseline level, in months since year 0."""
    start = month_count(scenario.time.start)
    return range(start - int(rule.baseline_months), start)


def drivers(levels: Levels, scenario: Scenario, rule: Rule, prior: float) -> Iterator[Driver]:
    """Yield what actors did to one another in each month of the run that has events.

    Args:
        levels: monthly levels of actors of the scenario.
        scenario: its baseline and its months count.
        rule: the rule's constants.
        prior: events at which a month's mean and the baseline count alike.
    """
    start = month_count(scenario.time.start)
    base, base_error = levels.over(baseline_span(scenario, rule), rule)
    level, error = shrunk(
        levels.weighed, levels.parts, base[:, None], levels.spread[:, None], prior
    )
    run = range(max(start, levels.first), min(start + scenario.time.months, levels.months.stop))
    events = levels.counts.sum(axis=-1)
    for i, j in np.argwhere(~np.eye(len(levels.actors), dtype=np.bool_)):
        for place, action in enumerate(ACTIONS):
            at_rest = float(base[place, i, j]), float(base_error[place, i, j])
            for month in run:
                cell = (month - levels.first, i, j)
                if levels.weighed[cell] == 0.0 or math.isnan(at_rest[0]):
                    continue
                now = float(level[(place, *cell)]), float(error[(place, *cell)])
                push, push_error = _push(now, at_rest, rule.gain)
                yield Driver(
                    levels.actors[i],
                    levels.actors[j],
                    action,
                    month,
                    int(events[cell]),
                    now,
                    at_rest,
                    push,
                    push_error,
                )


def _push(
    level: tuple[float, float], baseline: tuple[float, float], gain: float
) -> tuple[float, float]:
    """Return the push from a baseline to a level, and its standard error."""
    change = level[0] - baseline[0]
    room = 1.0 - baseline[0] if change >= 0.0 else baseline[0]
    if change == 0.0:
        return 0.0, gain * math.hypot(level[1], baseline[1])
    push = gain * change / room
    return min(max(push, -1.0), 1.0), gain * math.hypot(level[1], baseline[1]) / room


def is_written(driver: Driver, rule: Rule) -> bool:
    """Say whether a push is large and sure enough to be written."""
    size = abs(driver.push)
    return size >= rule.smallest_push and size > rule.sureness * driver.push_error


def fragment(
    found: Levels, loaded: Loaded, rule: Rule, name: FormatName, part_of: str | None
) -> tuple[str, int, int]:
    """Return a scenario file that extends the scenario by drivers and observations.

    Args:
        found: monthly levels.
        loaded: the scenario.
        rule: the rule's constants.
        name: format of the events.
        part_of: strategy that the acts of its actor belong to, or None.

    Returns:
        The file's text, and the numbers of events and of observations in it.

    Raises:
        InputError: if there is no such strategy, or the file would be too long or not valid.
    """
    scenario = loaded.scenario
    actor = _strategist(scenario, part_of)
    alliance = set(scenario.outcome.alliance)
    events: list[str] = []
    observations: list[str] = []
    for driver in drivers(found, scenario, rule, rule.prior_events):
        if not {driver.of, driver.toward} <= alliance and is_written(driver, rule):
            events.append(_event(driver, name, part_of if driver.of == actor else None))
    for driver in drivers(found, scenario, rule, 0.0):
        if {driver.of, driver.toward} <= alliance:
            observations.append(_observation(driver, scenario, name))
    text = "\n".join([_head(loaded, rule, name), *events, *observations])
    size = len(text.encode())
    if size > LARGEST_FILE:
        expected = (
            f"at most {LARGEST_FILE:,} bytes, as a scenario file may have: a larger smallest_push"
            " or sureness (--set), or fewer actors"
        )
        raise InputError([Problem(FILE, "", f"of {size:,} bytes", expected)])
    _check(text, loaded)
    return text, len(events), len(observations)


def _strategist(scenario: Scenario, part_of: str | None) -> str | None:
    """Return the actor of a strategy, or None without one."""
    if part_of is None:
        return None
    labels = list(scenario.strategies)
    if part_of not in labels:
        expected = "one of the scenario's strategies" + (
            f" ({', '.join(labels)})" if labels else ""
        )
        raise InputError([Problem("--part-of", "", part_of, expected, nearest(part_of, labels))])
    return scenario.strategies[part_of].actor


def _head(loaded: Loaded, rule: Rule, name: FormatName) -> str:
    """Return the file's first lines: what it is, the caution, and the constants."""
    constants = [
        f"#   {entry['name']} = {entry['value']:g} ({entry['unit']})" for entry in described(rule)
    ]
    beside = [] if loaded.name in library.SCENARIOS.names() else [
        f"# It extends {loaded.files[0].name}: keep it in the same folder."
    ]  # fmt: skip
    lines = [
        f"# Drivers from {TITLES[name]} event data, written by alliancesim ingest.",
        *beside,
        "#",
        *(f"# {line}" for line in _wrapped(CAUTION)),
        "#",
        "# A push is the month's level against the baseline level, as a share of the way to 1 or",
        "# 0; it acts in its month alone. Constants of the rule:",
        *constants,
        "",
        f"extends = {_quoted(loaded.name)}",
        "",
    ]
    return "\n".join(lines)


def _wrapped(text: str) -> list[str]:
    """Return text in lines for comments."""
    return textwrap.wrap(text, 96)


def _event(driver: Driver, name: FormatName, part_of: str | None) -> str:
    """Return one event."""
    month = month_text(driver.month)
    word = "more" if driver.push > 0 else "less"
    lines = [
        f"[events.{_label(driver, name)}]",
        f"date = {_quoted(month)}",
        f"until = {_quoted(month)}",
        f"what = {_quoted(f'{word} {driver.action} than usual in {TITLES[name]}')}",
        f"variable = {_quoted(driver.action)}",
        f"of = {_quoted(driver.of)}",
        f"toward = {_quoted(driver.toward)}",
        f'push = {{ value = {driver.push:.4f}, basis = "derived" }}',
        f"source = {_quoted(_source(driver, name))}",
    ]
    if part_of is not None:
        lines.insert(1, f"part_of = {_quoted(part_of)}")
    return "\n".join(lines) + "\n"


def _observation(driver: Driver, scenario: Scenario, name: FormatName) -> str:
    """Return one observation: the change that the push makes of the scenario's baseline."""
    dyad = scenario.dyads.get(f"{driver.of}-{driver.toward}", Dyad())
    baseline = float(getattr(dyad, driver.action).value)
    room = 1.0 - baseline if driver.push >= 0 else baseline
    since = month_text(month_count(scenario.time.start) - 1)
    error = min(room * driver.push_error, 1.0)
    what = f"{driver.action} of {driver.of} toward {driver.toward} in {TITLES[name]}"
    lines = [
        f"[observations.{_label(driver, name)}]",
        f"date = {_quoted(month_text(driver.month))}",
        f"since = {_quoted(since)}",
        f"what = {_quoted(what)}",
        f"variable = {_quoted(driver.action)}",
        f"of = {_quoted(driver.of)}",
        f"toward = {_quoted(driver.toward)}",
        f'value = {{ value = {room * driver.push:.4f}, basis = "derived" }}',
        f"error = {error:.4f}",
        f"series = {_quoted(f'{name}-{driver.action}')}",
        f"source = {_quoted(_source(driver, name))}",
    ]
    return "\n".join(lines) + "\n"


def _source(driver: Driver, name: FormatName) -> str:
    """Return where a number comes from, with its uncertainty."""
    level, error = driver.level
    base, base_error = driver.baseline
    counted = "1 event" if driver.events == 1 else f"{driver.events} events"
    return (
        f"{TITLES[name]}, {counted} coded by machine in {month_text(driver.month)}: {driver.action}"
        f" {level:.3f} (standard error {error:.3f}) against {base:.3f} ({base_error:.3f})"
    )


def _label(driver: Driver, name: FormatName) -> str:
    """Return the label of an event or observation."""
    parts = (name, driver.of, driver.toward, driver.action, month_text(driver.month))
    return "-".join(parts).lower()


def _quoted(text: str) -> str:
    """Return text as a TOML string."""
    return json.dumps(text, ensure_ascii=False)


def _check(text: str, loaded: Loaded) -> None:
    """Check the file as ``alliancesim check`` will, beside the scenario it extends."""
    document = copy.deepcopy(loaded.document)
    for key, table in tomllib.loads(text).items():
        if isinstance(table, dict):
            document.setdefault(key, {}).update(table)
    from_document(document, FILE)
