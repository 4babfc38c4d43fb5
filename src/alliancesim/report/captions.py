"""Titles, captions and descriptions of figures; descriptions carry the numbers for screen readers.

Captions say what to see and how to read it. Only figures of runs and comparisons: studies bring the
words around theirs.
"""

from __future__ import annotations

from typing import NamedTuple

import pandas as pd

from alliancesim.figures import cast, marks, mechanisms, network, opinions, robust
from alliancesim.figures.distribution import is_magnified
from alliancesim.figures.timeline import has_parameters
from alliancesim.figures.words import input_label, signed
from alliancesim.language import text
from alliancesim.measures.verdict import WORDS
from alliancesim.report.numbers import (
    brief,
    is_known,
    level,
    percent,
    percent_interval,
    with_interval,
)
from alliancesim.report.phrases import counted, joined
from alliancesim.report.wording import is_drawn, is_played
from alliancesim.results.result import Result


class Caption(NamedTuple):
    """The words around a figure.

    Attributes:
        title: its name.
        text: how to read it.
        description: the same for those who cannot see it, with the numbers.
        finding: what to see, in a sentence with its numbers; it stands before the text.
    """

    title: str
    text: str
    description: str
    finding: str = ""


def cohesion(result: Result) -> Caption:
    """Return the words around the chart of cohesion."""
    outcome = result.manifest["scenario"]["outcome"]
    played = is_played(result.manifest["scenario"])
    title = text("Cohesion of {allies}, with and without the wedge") if played else ""
    marked = []
    if any(mark.wedge for mark in marks.event_marks(result)):
        marked.append(text("orange discs: acts of the wedge, absent from the twin"))
    if any(not mark.wedge for mark in marks.event_marks(result)):
        marked.append(text("grey discs: other events"))
    if marks.observation_marks(result):
        marked.append(text("hollow diamonds: what really happened, never an input"))
    listed = f" {'; '.join(marked)} ({_marked(result)})." if marked else ""
    below = text(
        "Below: the effect, world minus twin; outside the dotted margin of ±{margin} it counts as"
        " split or backfire. Grey background: the last {months}, over which the outcome is"
        " averaged."
    ).format(margin=brief(result.verdict.margin), months=counted(outcome["window"], "month"))
    start = _at_month(result, "world", 0, text("At the start cohesion is"))
    ends = [
        _at_month(result, "world", -1, text("At the end it is, with the wedge,")),
        _at_month(result, "twin", -1, text("Without the wedge it is")),
        _at_month(result, "effect", -1, text("The effect is")),
    ]
    return Caption(
        (title or text("Cohesion of {allies}")).format(allies=_allies(result)),
        f"{_fan(result)}{listed[:2].upper()}{listed[2:]} {below}",
        f"{text('Line chart.')} {start} {' '.join(ends)}",
        " ".join(ends) if played else "",
    )


def _fan(result: Result) -> str:
    """Return how lines and bands over time are to be read."""
    if not has_parameters(result.alliance):
        return text(
            "Lines: medians over runs; dark and light bands: the middle 50 % and 90 % of the runs."
        )
    return text(
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
        return text("listed below")
    return text(
        "drawn here: the main {drawn} of {events} and {shown} of {observations}; all are listed"
        " below"
    ).format(
        drawn=len(drawn.events),
        events=counted(len(events), "event"),
        shown=len(drawn.seen),
        observations=counted(len(seen), "observation"),
    )


def _at_month(result: Result, series: str, place: int, lead: str) -> str:
    """Return the median of a series in one month, with the range of 90 % of the runs."""
    row = result.alliance[result.alliance["series"] == series].iloc[place]
    sign = signed if series == "effect" else level
    return text("{lead} {median} in {date} (90 % of runs {low} to {high}).").format(
        lead=lead,
        median=sign(float(row["q50"]), 3),
        date=row["date"],
        low=sign(float(row["q05"]), 3),
        high=sign(float(row["q95"]), 3),
    )


def distribution(result: Result) -> Caption:
    """Return the words around the distribution of effects."""
    verdict = result.verdict
    effects = result.outcomes["effect"]
    shares = joined(
        [
            text("{word} {share} (95 % CI {interval})").format(
                word=text(word),
                share=percent(verdict.shares[word].estimate),
                interval=percent_interval(verdict.shares[word]),
            )
            for word in WORDS
        ]
    )
    dot = (
        text("Dot: the mean with its 95 % interval.")
        if is_known(verdict.effect)
        else text("Dot: the mean.")
    )
    reading = text(
        "Each run is a world and its twin under the same shocks. {dot} Shaded: where an effect"
        " counts as split, as nothing (within ±{margin}) and as backfire."
    )
    if is_magnified(result):
        below = text("Below the same magnified, as the runs lie close together; ticks are runs.")
        reading = f"{reading} {below}"
    finding = text("Effects run from {low} to {high}, mean {mean}. Shares: {shares}.").format(
        low=signed(float(effects.min())),
        high=signed(float(effects.max())),
        mean=with_interval(verdict.effect),
        shares=shares,
    )
    drawn = text("Histogram of {runs} runs.").format(runs=verdict.runs)
    return Caption(
        text("Effect of the wedge in each run"),
        reading.format(dot=dot, margin=brief(verdict.margin)),
        f"{drawn} {finding}",
        finding,
    )


def reasons(result: Result) -> Caption:
    """Return the words around the figure of reasons."""
    called = cast.names(result)
    order = mechanisms.folded_order(result)
    parts = []
    for of, toward in cast.allied_pairs(result)[: mechanisms.MOST_PANELS]:
        rows = mechanisms.folded(result, of, toward, order).to_dict("records")
        terms = ", ".join(
            f"{mechanisms.bar_name(row['mechanism'])} {signed(row['estimate'], 2)}" for row in rows
        )
        told = text("{of} toward {toward}: {terms}.")
        parts.append(told.format(of=called[of], toward=called[toward], terms=terms))
    left_out = len(cast.allied_pairs(result)) - mechanisms.MOST_PANELS
    more = text("{count} further directions are left out.").format(count=left_out)
    reading = text(
        "Bars to the right bind, hatched bars to the left divide; whiskers: 95 % intervals over"
        " runs. These are proximate reasons: what has travelled through several months and states"
        " appears where it arrives."
    )
    return Caption(
        text("Why: what the wedge changed in each ally's decision to cooperate with the other"),
        f"{reading} {more}" if left_out > 0 else reading,
        f"{text('Bar chart, log-odds, world minus twin.')} {' '.join(parts)}",
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
        text("{variable} of {of} toward {toward} {world} against {twin} without the wedge").format(
            variable=text(variable),
            of=called[of],
            toward=called[toward],
            world=level(row["world"]),
            twin=level(row["twin"]),
        )
        for (of, toward, variable), row in ends[ends["gap"] > 0.005].head(6).iterrows()
    ]
    reading = text(
        "Left, how far each cooperates with the others; right, how hard it presses them; medians"
        " over runs, a colour and marker for each partner."
    )
    legend = text("Where lines run together only the legend names them.")
    drawn = text("Line charts of cooperation and pressure at the end of the run.")
    return Caption(
        text("What each actor does"),
        f"{reading}{_lines(result)}{_only_shown(result)} {legend}",
        f"{drawn} {_largest(listed)}",
        _largest(listed[:1]),
    )


def _largest(listed: list[str]) -> str:
    """Return where world and twin differ most, if they do."""
    if not listed:
        return text("World and twin agree.")
    return text("Largest differences: {listed}.").format(listed="; ".join(listed))


_ACTIONS = ("cooperation", "pressure")


def relations(result: Result) -> Caption:
    """Return the words around the network."""
    called, table = cast.names(result), result.quantiles()
    table = table[(table["world"] == "world") & table["variable"].isin(_ACTIONS)]
    parts = []
    for lead, month in (
        (text("Start: {arrows}."), 0),
        (text("End: {arrows}."), int(table["month"].max())),
    ):
        rows = table[table["month"] == month]
        rows = rows[rows["q50"] >= rows["variable"].map(network.LEAST)]
        drawn = rows.sort_values("q50", ascending=False, kind="stable").head(24)
        told = [
            text("{variable} {of} to {toward} {level}").format(
                variable=text(row["variable"]),
                of=called[row["of"]],
                toward=called[row["toward"]],
                level=level(row["q50"]),
            )
            for row in drawn.to_dict("records")
        ]
        parts.append(lead.format(arrows=", ".join(told) if told else text("no arrow")))
    reading = text(
        "Arrows are as wide as the level is high: blue for cooperation, dashed orange for"
        " pressure. Drawn from {cooperation} (cooperation) and {pressure} (pressure) upward;"
        " medians of the world with the wedge."
    ).format(**{name: brief(least) for name, least in network.LEAST.items()})
    return Caption(
        text("Who cooperates with whom and who presses whom"),
        f"{reading}{_only_shown(result)}",
        f"{text('Two network diagrams.')} {' '.join(parts)}",
    )


def opinion(result: Result) -> Caption:
    """Return the words around the charts of opinion."""
    called, table = cast.names(result), result.quantiles()
    last = table[(table["month"] == table["month"].max()) & (table["variable"] == "opinion")]
    parts = []
    for of, toward in opinions.opinion_pairs(result):
        rows = last[(last["of"] == of) & (last["toward"] == toward)].set_index("world")["q50"]
        parts.append(
            text("{of} of {toward}: {world} with the wedge, {twin} without.").format(
                of=called[of],
                toward=called[toward],
                world=signed(float(rows["world"]), 2),
                twin=signed(float(rows["twin"]), 2),
            )
        )
    seen = marks.observation_marks(result)
    pairs = opinions.opinion_pairs(result)
    reading = (
        text(
            "Net favourability, (favourable − unfavourable)/100; lines: medians over runs; bands:"
            " the middle 90 % of the runs; thin lines: 90 % of what the coefficients alone leave"
            " open."
        )
        if has_parameters(table)
        else text(
            "Net favourability, (favourable − unfavourable)/100; lines: medians over runs; bands:"
            " the middle 90 % of the runs."
        )
    )
    polls = f" {text('Diamonds: polls, never an input.')}"
    return Caption(
        text("Opinion among the allies' publics"),
        f"{reading}{_lines(result)}{polls if marks.observed(seen, 'opinion', pairs) else ''}"
        f" {text('Scales differ between panels.')}",
        f"{text('Line charts of opinion at the end of the run.')} {' '.join(parts)}",
    )


def robustness(result: Result) -> Caption:
    """Return the words around the figure of robustness."""
    drawn = result.robustness.loc[result.robustness["variant"] == "drawn", "effect"]
    parts = [text("As given: {effect}.").format(effect=signed(robust.as_given(result)))]
    if len(drawn):
        parts.append(
            text("{draws} draws: median {median}, 90 % of them {low} to {high}.").format(
                draws=len(drawn),
                median=signed(float(drawn.median())),
                low=signed(float(drawn.quantile(0.05))),
                high=signed(float(drawn.quantile(0.95))),
            )
        )
    finding = " ".join(parts)
    for lead, variant in (
        (text("Without: {effects}."), "without"),
        (text("Moved by 0.1: {effects}."), "input"),
    ):
        told = [
            f"{input_label(str(row['what']))} {signed(float(row['effect']))}"
            for row in robust.strongest(result, variant).to_dict("records")
        ]
        if told:
            parts.append(lead.format(effects=", ".join(told)))
    above = (
        text(
            "Without shocks. Dashed line: the effect with each coefficient at the median of its"
            " draws. Top: all weights drawn at once from the posterior."
        )
        if is_drawn(result.manifest)
        else text(
            "Without shocks. Dashed line: the effect with everything as given. Top: all weights"
            " drawn at once between half and double."
        )
    )
    below = text(
        "Below: the mechanisms that matter most when switched off, and the inputs that matter most"
        " when moved by 0.1."
    )
    return Caption(
        text("How far the effect hangs on weights and inputs"),
        f"{above} {below}",
        f"{text('Histogram and dot plots of the effect.')} {' '.join(parts)}",
        finding,
    )


def comparison(table: pd.DataFrame, margin: float) -> Caption:
    """Return the words around the figure that compares scenarios."""
    told = [
        text("{title}: {word}, effect {effect}, 90 % of runs {low} to {high}.").format(
            title=text(row["title"]),
            word=text(row["verdict"]),
            effect=signed(float(row["effect"])),
            low=signed(float(row["q05"])),
            high=signed(float(row["q95"])),
        )
        for row in table.to_dict("records")
    ]
    reading = text(
        "Dot and whiskers: the mean and its 95 % interval; grey bar: the middle 90 % of the runs;"
        " shaded: split, nothing (within ±{margin}) and backfire. Right: how the runs divide."
    )
    return Caption(
        text("Effect of the wedge in each scenario"),
        reading.format(margin=brief(margin)),
        f"{text('Dot plot.')} {' '.join(told)}",
    )


def _allies(result: Result) -> str:
    """Return the alliance's members by name."""
    called = cast.names(result)
    return joined([called[code] for code in result.manifest["scenario"]["outcome"]["alliance"]])


def _lines(result: Result) -> str:
    """Return what solid and dashed lines mean, where they differ."""
    if not is_played(result.manifest["scenario"]):
        return ""
    return f" {text('Solid: with the wedge; dashed: without it.')}"


def _only_shown(result: Result) -> str:
    """Return that some actors are left out, where some are."""
    count, most = len(result.manifest["scenario"]["actors"]), len(cast.shown(result))
    if count == most:
        return ""
    told = text("{shown} of {count} actors are shown, those nearest to the question.")
    return f" {told.format(shown=most, count=count)}"
