"""Titles, captions and descriptions of figures; descriptions carry the numbers for screen readers.

Captions say what to see and how to read it.
"""

from __future__ import annotations

from typing import NamedTuple

import pandas as pd

from alliancesim.figures import cast, marks, mechanisms, network, opinions, robust
from alliancesim.figures.timeline import has_parameters
from alliancesim.figures.words import input_label
from alliancesim.measures.verdict import WORDS
from alliancesim.report.numbers import (
    brief,
    is_known,
    level,
    percent,
    percent_interval,
    signed,
    with_interval,
)
from alliancesim.report.wording import counted, is_drawn, is_played, joined
from alliancesim.results.result import Result


class Caption(NamedTuple):
    """The words around a figure.

    Attributes:
        title: its name.
        text: what to see and how to read it.
        description: the same for those who cannot see it, with the numbers.
    """

    title: str
    text: str
    description: str


def cohesion(result: Result) -> Caption:
    """Return the words around the chart of cohesion."""
    window = result.manifest["scenario"]["outcome"]["window"]
    margin = brief(result.verdict.margin)
    allies = _allies(result)
    sides = ", with and without the wedge" if is_played(result.manifest["scenario"]) else ""
    marked = []
    if any(mark.wedge for mark in marks.event_marks(result)):
        marked.append("orange discs: acts of the wedge, absent from the twin")
    if any(not mark.wedge for mark in marks.event_marks(result)):
        marked.append("grey discs: other events")
    if marks.observation_marks(result):
        marked.append("hollow diamonds: what really happened, never an input")
    listed = f" {'; '.join(marked)} ({_marked(result)})." if marked else ""
    return Caption(
        f"Cohesion of {allies}{sides}",
        f"{_fan(result)}{listed[:2].upper()}{listed[2:]} Below: the effect, world minus twin;"
        f" outside the dotted margin of ±{margin} it counts as split or backfire. Grey background:"
        f" the last {counted(window, 'month')}, over which the outcome is averaged.",
        f"Line chart. {_at_month(result, 'world', 0, 'At the start cohesion is')}"
        f" {_at_month(result, 'world', -1, 'At the end it is, with the wedge,')}"
        f" {_at_month(result, 'twin', -1, 'Without the wedge it is')}"
        f" {_at_month(result, 'effect', -1, 'The effect is')}",
    )


def _fan(result: Result) -> str:
    """Return how lines and bands over time are to be read."""
    if not has_parameters(result.alliance):
        return (
            "Lines: medians over runs; dark and light bands: the middle 50 % and 90 % of the runs."
        )
    return (
        "Lines: medians over runs; band: the middle 90 % of the runs, in which coefficients and"
        " shocks both vary; pair of thin lines: 90 % of what the coefficients alone, without"
        " shocks, make of it. The nearer these lie to the edges of the band, the more of it is not"
        " knowing the coefficients; what the band has beyond them is chance."
    )


def _marked(result: Result) -> str:
    """Return where the marks are listed, and that a long run's chart carries only the main ones."""
    drawn = marks.strip_of(result, narrow=False)
    events, seen = marks.event_marks(result), marks.observation_marks(result)
    if len(drawn.events) == len(events) and len(drawn.seen) == len(seen):
        return "listed below"
    return (
        f"drawn here: the main {len(drawn.events)} of {counted(len(events), 'event')} and"
        f" {len(drawn.seen)} of {counted(len(seen), 'observation')}; all are listed below"
    )


def _at_month(result: Result, series: str, place: int, lead: str) -> str:
    """Return the median of a series in one month, with the range of 90 % of the runs."""
    row = result.alliance[result.alliance["series"] == series].iloc[place]
    sign = signed if series == "effect" else level
    return (
        f"{lead} {sign(float(row['q50']), 3)} in {row['date']} (90 % of runs"
        f" {sign(float(row['q05']), 3)} to {sign(float(row['q95']), 3)})."
    )


def distribution(result: Result) -> Caption:
    """Return the words around the distribution of effects."""
    verdict = result.verdict
    effects = result.outcomes["effect"]
    shares = joined(
        [
            f"{word} {percent(verdict.shares[word].estimate)}"
            f" (95 % CI {percent_interval(verdict.shares[word])})"
            for word in WORDS
        ]
    )
    dot = "Dot: the mean" + (" with its 95 % interval." if is_known(verdict.effect) else ".")
    return Caption(
        "Effect of the wedge in each run",
        f"Each run is a world and its twin under the same shocks. {dot} Shaded: where an effect"
        f" counts as split, as nothing (within ±{brief(verdict.margin)}) and as backfire. Where the"
        " runs lie close together they are shown again, magnified; ticks are single runs.",
        f"Histogram of {verdict.runs} runs. Effects run from {signed(float(effects.min()))} to"
        f" {signed(float(effects.max()))}, mean {with_interval(verdict.effect)}. Shares: {shares}.",
    )


def reasons(result: Result) -> Caption:
    """Return the words around the figure of reasons."""
    called = cast.names(result)
    order = mechanisms.folded_order(result)
    parts = []
    for of, toward in cast.allied_pairs(result)[: mechanisms.MOST_PANELS]:
        rows = mechanisms.folded(result, of, toward, order).to_dict("records")
        terms = ", ".join(f"{row['mechanism']} {signed(row['estimate'], 2)}" for row in rows)
        parts.append(f"{called[of]} toward {called[toward]}: {terms}.")
    left_out = len(cast.allied_pairs(result)) - mechanisms.MOST_PANELS
    more = f" {left_out} further directions are left out." if left_out > 0 else ""
    return Caption(
        "Why: what the wedge changed in each ally's decision to cooperate with the other",
        "Bars to the right bind, hatched bars to the left divide; whiskers: 95 % intervals over"
        " runs. These are proximate reasons: what has travelled through several months and states"
        f" appears where it arrives.{more}",
        "Bar chart, log-odds, world minus twin. " + " ".join(parts),
    )


def actions(result: Result) -> Caption:
    """Return the words around the chart of actions."""
    called, table = cast.names(result), result.quantiles()
    last = table[(table["month"] == table["month"].max()) & table["variable"].isin(_ACTIONS)]
    ends = last.pivot_table(
        index=["of", "toward", "variable"], columns="world", values="q50", sort=False
    )
    ends = ends.assign(gap=(ends["world"] - ends["twin"]).abs()).sort_values(
        "gap", ascending=False, kind="stable"
    )
    listed = [
        f"{variable} of {called[of]} toward {called[toward]} {level(row['world'])} against"
        f" {level(row['twin'])} without the wedge"
        for (of, toward, variable), row in ends[ends["gap"] > 0.005].head(6).iterrows()
    ]
    told = f" Largest differences: {'; '.join(listed)}." if listed else " World and twin agree."
    return Caption(
        "What each actor does",
        "Left, how far each cooperates with the others; right, how hard it presses them;"
        f" medians over runs, a colour and marker for each partner.{_lines(result)}"
        f"{_only_shown(result)} Where lines run together only the legend names them.",
        f"Line charts of cooperation and pressure at the end of the run.{told}",
    )


_ACTIONS = ("cooperation", "pressure")


def relations(result: Result) -> Caption:
    """Return the words around the network."""
    called, table = cast.names(result), result.quantiles()
    table = table[(table["world"] == "world") & table["variable"].isin(_ACTIONS)]
    parts = []
    for lead, month in (("Start", 0), ("End", int(table["month"].max()))):
        rows = table[table["month"] == month]
        rows = rows[rows["q50"] >= rows["variable"].map(network.LEAST)]
        drawn = rows.sort_values("q50", ascending=False, kind="stable").head(24)
        told = [
            f"{row['variable']} {called[row['of']]} to {called[row['toward']]} {level(row['q50'])}"
            for row in drawn.to_dict("records")
        ]
        parts.append(f"{lead}: {', '.join(told) if told else 'no arrow'}.")
    least = network.LEAST
    return Caption(
        "Who cooperates with whom and who presses whom",
        "Arrows are as wide as the level is high: blue for cooperation, dashed orange for"
        f" pressure. Drawn from {least['cooperation']:g} (cooperation) and {least['pressure']:g}"
        f" (pressure) upward; medians of the world with the wedge.{_only_shown(result)}",
        "Two network diagrams. " + " ".join(parts),
    )


def opinion(result: Result) -> Caption:
    """Return the words around the charts of opinion."""
    called, table = cast.names(result), result.quantiles()
    last = table[(table["month"] == table["month"].max()) & (table["variable"] == "opinion")]
    parts = []
    for of, toward in opinions.opinion_pairs(result):
        rows = last[(last["of"] == of) & (last["toward"] == toward)].set_index("world")["q50"]
        parts.append(
            f"{called[of]} of {called[toward]}: {signed(float(rows['world']), 2)} with the wedge,"
            f" {signed(float(rows['twin']), 2)} without."
        )
    seen = marks.observation_marks(result)
    pairs = opinions.opinion_pairs(result)
    drawn = has_parameters(table)
    alone = "; thin lines: 90 % of what the coefficients alone leave open" if drawn else ""
    polls = " Diamonds: polls, never an input." if marks.observed(seen, "opinion", pairs) else ""
    return Caption(
        "Opinion among the allies' publics",
        "Net favourability, (favourable − unfavourable)/100; lines: medians over runs; bands: the"
        f" middle 90 % of the runs{alone}.{_lines(result)}{polls} Scales differ between panels.",
        "Line charts of opinion at the end of the run. " + " ".join(parts),
    )


def robustness(result: Result) -> Caption:
    """Return the words around the figure of robustness."""
    drawn = result.robustness.loc[result.robustness["variant"] == "drawn", "effect"]
    given, span = (
        ("each coefficient at the median of its draws", "from the posterior")
        if is_drawn(result.manifest)
        else ("everything as given", "between half and double")
    )
    parts = [f"As given: {signed(robust.as_given(result))}."]
    if len(drawn):
        parts.append(
            f"{len(drawn)} draws: median {signed(float(drawn.median()))}, 90 % of them"
            f" {signed(float(drawn.quantile(0.05)))} to {signed(float(drawn.quantile(0.95)))}."
        )
    for lead, variant in (("Without", "without"), ("Moved by 0.1", "input")):
        told = [
            f"{input_label(str(row['what']))} {signed(float(row['effect']))}"
            for row in robust.strongest(result, variant).to_dict("records")
        ]
        if told:
            parts.append(f"{lead}: {', '.join(told)}.")
    return Caption(
        "How far the effect hangs on weights and inputs",
        f"Without shocks. Dashed line: the effect with {given}. Top: all weights drawn at once"
        f" {span}. Below: the mechanisms that matter most when switched"
        " off, and the inputs that matter most when moved by 0.1.",
        "Histogram and dot plots of the effect. " + " ".join(parts),
    )


def comparison(table: pd.DataFrame, margin: float) -> Caption:
    """Return the words around the figure that compares scenarios."""
    told = [
        f"{row['title']}: {row['verdict']}, effect {signed(float(row['effect']))}, 90 % of runs"
        f" {signed(float(row['q05']))} to {signed(float(row['q95']))}."
        for row in table.to_dict("records")
    ]
    return Caption(
        "Effect of the wedge in each scenario",
        "Dot and whiskers: the mean and its 95 % interval; grey bar: the middle 90 % of the runs;"
        f" shaded: split, nothing (within ±{brief(margin)}) and backfire. Right: how the runs"
        " divide.",
        "Dot plot. " + " ".join(told),
    )


def _allies(result: Result) -> str:
    """Return the alliance's members by name."""
    called = cast.names(result)
    return joined([called[code] for code in result.manifest["scenario"]["outcome"]["alliance"]])


def _lines(result: Result) -> str:
    """Return what solid and dashed lines mean, where they differ."""
    if not is_played(result.manifest["scenario"]):
        return ""
    return " Solid: with the wedge; dashed: without it."


def _only_shown(result: Result) -> str:
    """Return that some actors are left out, where some are."""
    count, most = len(result.manifest["scenario"]["actors"]), len(cast.shown(result))
    if count == most:
        return ""
    return f" {most} of {count} actors are shown, those nearest to the question."
