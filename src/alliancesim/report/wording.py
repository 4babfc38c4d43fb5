"""Sentences from numbers: pure functions, so that they can be tested and translated.

Nothing is said here that the numbers do not say. Only what is said of runs, and cautions that all
pages share: each study has a wording of its own.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd

from alliancesim.figures.words import input_label
from alliancesim.language import message, text
from alliancesim.measures.intervals import Interval
from alliancesim.measures.robustness import FACTOR
from alliancesim.measures.verdict import WORDS, Verdict, Word, sufficiency
from alliancesim.posterior.nesting import FEWEST_NESTED, draws_of_runs
from alliancesim.report.numbers import (
    brief,
    is_known,
    percent,
    percent_interval,
    with_interval,
)
from alliancesim.report.phrases import joined, plain_spaces
from alliancesim.report.probability_words import clause
from alliancesim.report.reason_wording import reason_sentences
from alliancesim.results.result import Result

DONE: Mapping[Word, str] = {
    "split": message("the wedge split the alliance"),
    "null": message("the wedge did nothing"),
    "backfire": message("the wedge backfired"),
}
"""What each verdict says happened."""

VERDICTS = (message("split"), message("null"), message("backfire"), message("not a wedge"))
"""Verdicts as they are kept, to be looked up where they are said."""

LENS = message(
    "The model is a lens, not a forecast: it shows what follows if its mechanisms and its inputs"
    " hold, not what will happen."
)
SHARES = message(
    "Shares and intervals carry the uncertainty of random shocks only, not that of the"
    " coefficients, which by default are the medians after calibration (--posterior draws them with"
    " what is not known of them), nor that of the inputs."
)


def verdict_sentence(verdict: Verdict, *, played: bool = True) -> str:
    """Return the verdict with its uncertainty, in calibrated words and in numbers.

    Args:
        verdict: what the ensemble says.
        played: whether any wedge strategy is played at all.
    """
    effect = effect_clause(verdict)
    if not played:
        return text(
            "No wedge is played, so that world and twin are the same by construction: {effect}."
        ).format(effect=effect)
    if verdict.word == "not a wedge":
        return text(
            "Not a wedge: the strategies played do not press or court the allies strongly enough,"
            " or unequally enough, to count as an attempt to split them. For the record, {effect}."
        ).format(effect=effect)
    share = verdict.shares[verdict.word]
    if verdict.runs < 2:
        return text(
            "In the one run made {done}; a single run says nothing about how likely that is. There,"
            " {effect}."
        ).format(done=text(DONE[verdict.word]), effect=effect)
    return text(
        "In this model {clause}: {word} in {share} of {runs} runs (95\u00a0% CI {interval});"
        " {effect}."
    ).format(
        clause=clause(share, text(DONE[verdict.word])),
        word=text(verdict.word),
        share=percent(share.estimate),
        runs=verdict.runs,
        interval=percent_interval(share),
        effect=effect,
    )


def advice(verdict: Verdict) -> str:
    """Return whether the number of runs suffices, and about how many would."""
    return sufficiency(
        verdict.shares,
        verdict.effect,
        verdict.margin,
        verdict.runs,
        drawn=verdict.under is not None,
    )[1]


def effect_clause(verdict: Verdict) -> str:
    """Return the mean effect with its interval, and where it lies about the margin."""
    effect = verdict.effect
    crosses = is_known(effect) and any(
        effect.low < edge < effect.high for edge in (-verdict.margin, verdict.margin)
    )
    if abs(effect.estimate) <= verdict.margin:
        where = text("within the margin of ±{margin}")
    else:
        where = text("beyond the margin of ±{margin}")
    if crosses:
        where = text("{where}, though the interval crosses it").format(where=where)
    told = (
        text("the mean effect on cohesion is {effect} on a scale of 0 to 1, {where}")
        if verdict.runs > 1
        else text("the effect on cohesion is {effect} on a scale of 0 to 1, {where}")
    )
    return told.format(
        effect=with_interval(effect), where=where.format(margin=brief(verdict.margin))
    )


def twin_sentence(verdict: Verdict) -> str:
    """Return what happened to cohesion without the wedge, and with it."""
    twin, world = verdict.change_twin, verdict.change_world
    if twin == world:
        return text("Cohesion {moved} from its starting level: {change}.").format(
            moved=_moved(world), change=with_interval(world)
        )
    return text(
        "Without the wedge, cohesion {moved_twin} from its starting level: {twin}. With it,"
        " cohesion {moved_world}: {world}."
    ).format(
        moved_twin=_moved(twin),
        twin=with_interval(twin),
        moved_world=_moved(world),
        world=with_interval(world),
    )


def _moved(change: Interval) -> str:
    """Return the direction of a change."""
    if change.low <= 0.0 <= change.high and is_known(change):
        return text("does not clearly move")
    return text("rises") if change.estimate > 0 else text("falls")


def is_played(scenario: Mapping[str, Any]) -> bool:
    """Say whether a scenario, as plain data, plays any wedge strategy."""
    return any(item["enabled"] and item["wedge"] for item in scenario["strategies"].values())


def is_drawn(manifest: Mapping[str, Any]) -> bool:
    """Say whether runs drew their coefficients from a posterior."""
    return "posterior" in manifest


def shares_sentence(manifest: Mapping[str, Any]) -> str:
    """Return what shares and intervals carry, and what they do not."""
    if not is_drawn(manifest):
        return text(SHARES)
    posterior, runs = manifest["posterior"], manifest["options"]["runs"]
    used = np.unique(draws_of_runs(runs, posterior["draws"])).size
    return text(
        "Shares and intervals carry random shocks and what calibration leaves unknown of the"
        " coefficients ({used} of the {draws} draws of the posterior {name}; intervals are over"
        " draws). What the inputs and the form of the law leave open is in none of them."
    ).format(used=used, draws=posterior["draws"], name=posterior["name"])


def uncertainty_sentences(verdict: Verdict) -> list[str]:
    """Return how much of what is unsure comes from the coefficients; empty if none were drawn."""
    under = verdict.under
    if under is None:
        return []
    shares = [
        text("{word} in {share} (95\u00a0% CI {interval})").format(
            word=text(word),
            share=percent(under.shares[word].estimate),
            interval=percent_interval(under.shares[word]),
        )
        for word in WORDS
    ]
    means = text(
        "By the mean effect of each of {draws} draws of the coefficients: {shares}."
    ).format(draws=under.draws, shares=joined(shares))
    if verdict.runs < FEWEST_NESTED:
        alone = text(
            "With fewer than {fewest} runs each takes a draw of its own, so that not knowing the"
            " coefficients cannot be told from chance."
        )
        return [alone.format(fewest=FEWEST_NESTED), means]
    if under.parameters is None:
        return [means]
    of_variance = text(
        "Of the variance of the effect, {share} (95\u00a0% CI {interval}) comes from not knowing"
        " the coefficients, the rest from random shocks."
    )
    share, interval = percent(under.parameters.estimate), percent_interval(under.parameters)
    return [of_variance.format(share=share, interval=interval), means]


def robustness_sentences(table: pd.DataFrame, *, drawn_from: bool = False) -> list[str]:
    """Return how the verdict fares under other weights and inputs; empty if none were tried.

    Args:
        table: columns ``variant``, ``what``, ``effect``, ``verdict``, as in results.
        drawn_from: whether coefficients were drawn from a posterior, not around those given.
    """
    given = str(table.loc[table["variant"] == "as given", "verdict"].iloc[0])
    drawn = table[table["variant"] == "drawn"]
    if not len(drawn):
        return []
    shares = [
        text("{word} in {share}").format(
            word=text(word), share=percent(float((drawn["verdict"] == word).mean()))
        )
        for word in WORDS
        if (drawn["verdict"] == word).any()
    ]
    told = (
        text(
            "Without shocks and with each coefficient at the median of its draws the effect counts"
            " as {given}; with all weights drawn at once from the posterior ({draws} draws) it is"
            " {shares}."
        )
        if drawn_from
        else text(
            "Without shocks and with the weights as given the effect counts as {given}; with all"
            " weights drawn at once between 1/{factor} and {factor} times their value ({draws}"
            " draws) it is {shares}."
        )
    )
    sentences = [
        told.format(
            given=text(given), factor=brief(FACTOR), draws=len(drawn), shares=joined(shares)
        )
    ]
    for variant, what, none in (
        (
            "without",
            text("Switching off {labels} would make it {word}."),
            text("Switching off any single mechanism would leave it {word}."),
        ),
        (
            "input",
            text("Moving {labels} by 0.1 would make it {word}."),
            text("Moving any single input by 0.1 would leave it {word}."),
        ),
    ):
        rows = table[(table["variant"] == variant) & (table["verdict"] != given)]
        if not len(rows):
            sentences.append(none.format(word=text(given)))
        for word, found in rows.groupby("verdict", sort=False):
            labels = [input_label(str(label)) for label in found["what"]]
            sentences.append(what.format(labels=_some(labels), word=text(str(word))))
    return sentences


def robustness_told(result: Result) -> list[str]:
    """Return how the verdict of results fares under other weights and inputs."""
    return robustness_sentences(result.robustness, drawn_from=is_drawn(result.manifest))


def _some(labels: Sequence[str]) -> str:
    """Return alternatives, and how many more there are."""
    most = 6
    if len(labels) <= most:
        return joined(labels, "or")
    return text("{first} or one of {number} more").format(
        first=", ".join(labels[:most]), number=len(labels) - most
    )


def names_of(result: Result) -> dict[str, str]:
    """Return each actor's full name, or its identifier where it has none."""
    actors = result.manifest["scenario"]["actors"]
    return {code: text(actor["name"]) or code for code, actor in actors.items()}


def terminal(result: Result) -> list[str]:
    """Return what a terminal shows after a run: verdict, twin, reasons, sufficiency and caution."""
    verdict = result.verdict
    played = is_played(result.manifest["scenario"])
    sentences = [
        verdict_sentence(verdict, played=played),
        twin_sentence(verdict),
        *(uncertainty_sentences(verdict) if played else []),
        *(reason_sentences(result.reasons, names_of(result)) if played else []),
        *(robustness_told(result) if played else []),
        *([advice(verdict)] if played else []),
        text(LENS),
    ]
    return [plain_spaces(sentence) for sentence in sentences]
