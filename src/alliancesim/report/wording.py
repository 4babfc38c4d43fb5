"""Sentences from numbers: pure functions, so that they can be tested and translated.

Nothing is said here that the numbers do not say.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd

from alliancesim.coefficients import REGISTER
from alliancesim.figures.words import input_label
from alliancesim.measures.intervals import Interval
from alliancesim.measures.robustness import FACTOR
from alliancesim.measures.verdict import WORDS, Verdict, Word, likelihood
from alliancesim.posterior.nesting import FEWEST_NESTED, RUNS_PER_DRAW, draws_of_runs
from alliancesim.report.numbers import (
    brief,
    is_known,
    percent,
    percent_interval,
    signed,
    with_interval,
)
from alliancesim.results.result import Result

DONE: Mapping[Word, str] = {
    "split": "the wedge split the alliance",
    "null": "the wedge did nothing",
    "backfire": "the wedge backfired",
}
"""What each verdict says happened."""

MECHANISMS: Mapping[str, tuple[str, str]] = {
    "balancing": ("shared fear of a third state", "less shared fear of a third state"),
    "hazard": ("more danger over both", "less danger over both"),
    "abandonment": ("shared doubt in the patron", "unequal or lesser doubt in the patron"),
    "brokerage": ("the patron's brokerage", "weaker brokerage by the patron"),
    "chilling": (
        "less to lose with whoever presses the partner",
        "trade with whoever presses the partner",
    ),
    "entrapment": (
        "less fear of being drawn into the partner's quarrel",
        "fear of being drawn into the partner's quarrel",
    ),
    "inducement": (
        "fewer favours from whoever quarrels with the partner",
        "favours from whoever quarrels with the partner",
    ),
    "mediation": ("hope in the partner as a mediator", "less hope in the partner as a mediator"),
    "compliance": ("giving in to the partner's pressure", "less giving in to the partner"),
    "opinion": ("warmer opinion of the partner", "cooler opinion of the partner"),
    "grievance": ("fading grievances", "sharper grievances"),
    "reciprocity": ("the partner's greater cooperation", "the partner's lesser cooperation"),
    "resentment": ("less pressure from the partner", "pressure from the partner"),
}
"""The mechanisms of a decision in plain words: where the wedge makes them bind, and divide."""

LENS = (
    "The model is a lens, not a forecast: it shows what follows if its mechanisms and its inputs"
    " hold, not what will happen."
)
SHARES = (
    "Shares and intervals carry the uncertainty of random shocks only, not that of the"
    " coefficients, which by default are the medians after calibration (--posterior draws them with"
    " what is not known of them), nor that of the inputs."
)

_MOST_NAMED = 3
_MOST_DIRECTIONS = 4
_WORTH_NAMING = 0.1
_LEAST_NAMED = 0.005
_STILL_LIKELY = 0.66


def verdict_sentence(verdict: Verdict, *, played: bool = True) -> str:
    """Return the verdict with its uncertainty, in calibrated words and in numbers.

    Args:
        verdict: what the ensemble says.
        played: whether any wedge strategy is played at all.
    """
    effect = effect_clause(verdict)
    if not played:
        return f"No wedge is played, so that world and twin are the same by construction: {effect}."
    if verdict.word == "not a wedge":
        return (
            "Not a wedge: the strategies played do not press or court the allies strongly enough,"
            " or unequally enough, to count as an attempt to split them. For the record,"
            f" {effect}."
        )
    share = verdict.shares[verdict.word]
    if verdict.runs < 2:
        return (
            f"In the one run made {DONE[verdict.word]}; a single run says nothing about how likely"
            f" that is. There, {effect}."
        )
    counted = (
        f"{verdict.word} in {percent(share.estimate)} of {verdict.runs} runs"
        f" (95\u00a0% CI {percent_interval(share)})"
    )
    return (
        f"In this model it is {cautious_likelihood(share)} that {DONE[verdict.word]}: {counted};"
        f" {effect}."
    )


def cautious_likelihood(share: Interval) -> str:
    """Return the calibrated word for a share, so that few runs never sound certain.

    Where the share is at least likely, the word is that for the lower end of its interval, but no
    less than likely.
    """
    if share.estimate < _STILL_LIKELY:
        return likelihood(share.estimate)
    return likelihood(max(share.low, _STILL_LIKELY))


def effect_clause(verdict: Verdict) -> str:
    """Return the mean effect with its interval, and where it lies about the margin."""
    effect = verdict.effect
    margin = f"the margin of ±{brief(verdict.margin)}"
    where = "within" if abs(effect.estimate) <= verdict.margin else "beyond"
    crosses = is_known(effect) and any(
        effect.low < edge < effect.high for edge in (-verdict.margin, verdict.margin)
    )
    note = f"{where} {margin}" + (", though the interval crosses it" if crosses else "")
    mean = "mean " if verdict.runs > 1 else ""
    return f"the {mean}effect on cohesion is {with_interval(effect)} on a scale of 0 to 1, {note}"


def twin_sentence(verdict: Verdict) -> str:
    """Return what happened to cohesion without the wedge, and with it."""
    twin, world = verdict.change_twin, verdict.change_world
    if twin == world:
        return f"Cohesion {_moved(world)} from its starting level: {with_interval(world)}."
    return (
        f"Without the wedge, cohesion {_moved(twin)} from its starting level:"
        f" {with_interval(twin)}. With it, cohesion {_moved(world)}: {with_interval(world)}."
    )


def _moved(change: Interval) -> str:
    """Return the direction of a change."""
    if change.low <= 0.0 <= change.high and is_known(change):
        return "does not clearly move"
    return "rises" if change.estimate > 0 else "falls"


def is_played(scenario: Mapping[str, Any]) -> bool:
    """Say whether a scenario, as plain data, plays any wedge strategy."""
    return any(item["enabled"] and item["wedge"] for item in scenario["strategies"].values())


def reason_sentences(reasons: pd.DataFrame, names: Mapping[str, str]) -> list[str]:
    """Return what bound, what divided, and the net, for directions inside the alliance.

    Where there are many directions, only those that moved the most are told.

    Args:
        reasons: columns ``of``, ``toward``, ``mechanism``, ``estimate``; log-odds.
        names: full name of each actor.
    """
    if float(reasons["estimate"].abs().max() if len(reasons) else 0.0) < _LEAST_NAMED:
        return ["The wedge moves no ally's decision by any amount worth naming."]
    sentences = []
    nets = reasons.groupby(["of", "toward"], sort=False)["estimate"].sum()
    told = set(nets.abs().sort_values(ascending=False, kind="stable").index[:_MOST_DIRECTIONS])
    for (of, toward), rows in reasons.groupby(["of", "toward"], sort=False):
        if (of, toward) not in told:
            continue
        net = float(rows["estimate"].sum())
        willing = "more" if net > 0 else "less"
        moved = (
            f"{willing} willing" if abs(net) >= _LEAST_NAMED else "neither more nor less willing"
        )
        parts = [
            f"{names[str(of)]} is {moved} to cooperate with {names[str(toward)]}"
            f" (net {signed(net, 2)} in log-odds)."
        ]
        floor = max(_LEAST_NAMED, _WORTH_NAMING * float(rows["estimate"].abs().max()))
        for verb, sign in (("Dividing", -1.0), ("Binding", 1.0)):
            found = rows[rows["estimate"] * sign > floor]
            if len(found):
                parts.append(f"{verb}: {_listed(found, sign)}.")
        sentences.append(" ".join(parts))
    return sentences


def _listed(rows: pd.DataFrame, sign: float) -> str:
    """Return the largest mechanisms of one sign, with their log-odds."""
    ordered = rows.iloc[(-sign * rows["estimate"]).argsort(kind="stable")].iloc[:_MOST_NAMED]
    named = [
        f"{MECHANISMS[name][0 if sign > 0 else 1]} ({name} {signed(estimate, 2)})"
        for name, estimate in zip(ordered["mechanism"], ordered["estimate"], strict=True)
    ]
    return joined(named)


def is_drawn(manifest: Mapping[str, Any]) -> bool:
    """Say whether runs drew their coefficients from a posterior."""
    return "posterior" in manifest


def shares_sentence(manifest: Mapping[str, Any]) -> str:
    """Return what shares and intervals carry, and what they do not."""
    if not is_drawn(manifest):
        return SHARES
    posterior, runs = manifest["posterior"], manifest["options"]["runs"]
    used = np.unique(draws_of_runs(runs, posterior["draws"])).size
    return (
        "Shares and intervals carry random shocks and what calibration leaves unknown of the"
        f" coefficients ({used} of the {posterior['draws']} draws of the posterior"
        f" {posterior['name']}; intervals are over draws). What the inputs and the form of the law"
        " leave open is in none of them."
    )


def uncertainty_sentences(verdict: Verdict) -> list[str]:
    """Return how much of what is unsure comes from the coefficients; empty if none were drawn."""
    under = verdict.under
    if under is None:
        return []
    shares = [
        f"{word} in {percent(under.shares[word].estimate)}"
        f" (95\u00a0% CI {percent_interval(under.shares[word])})"
        for word in WORDS
    ]
    means = (
        f"By the mean effect of each of {under.draws} draws of the coefficients: {joined(shares)}."
    )
    if verdict.runs < FEWEST_NESTED:
        return [
            f"With fewer than {FEWEST_NESTED} runs each takes a draw of its own, so that not"
            " knowing the coefficients cannot be told from chance.",
            means,
        ]
    if under.parameters is None:
        return [means]
    return [
        f"Of the variance of the effect, {percent(under.parameters.estimate)} (95\u00a0% CI"
        f" {percent_interval(under.parameters)}) comes from not knowing the coefficients, the rest"
        " from random shocks.",
        means,
    ]


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
        f"{word} in {percent(float((drawn['verdict'] == word).mean()))}"
        for word in WORDS
        if (drawn["verdict"] == word).any()
    ]
    weights, span = (
        ("each coefficient at the median of its draws", "from the posterior")
        if drawn_from
        else ("the weights as given", f"between 1/{FACTOR:g} and {FACTOR:g} times their value")
    )
    sentences = [
        f"Without shocks and with {weights} the effect counts as {given}; with all weights drawn at"
        f" once {span} ({len(drawn)} draws) it is {joined(shares)}."
    ]
    for variant, what, none in (
        ("without", "Switching off {} would make it {}.", "Switching off any single mechanism"),
        ("input", "Moving {} by 0.1 would make it {}.", "Moving any single input by 0.1"),
    ):
        rows = table[(table["variant"] == variant) & (table["verdict"] != given)]
        if not len(rows):
            sentences.append(f"{none} would leave it {given}.")
        for word, found in rows.groupby("verdict", sort=False):
            labels = [input_label(str(label)) for label in found["what"]]
            sentences.append(what.format(_some(labels), word))
    return sentences


def robustness_told(result: Result) -> list[str]:
    """Return how the verdict of results fares under other weights and inputs."""
    return robustness_sentences(result.robustness, drawn_from=is_drawn(result.manifest))


def _some(labels: Sequence[str]) -> str:
    """Return alternatives, and how many more there are."""
    most = 6
    if len(labels) <= most:
        return joined(labels, "or")
    return f"{', '.join(labels[:most])} or one of {len(labels) - most} more"


def counted(number: int, thing: str) -> str:
    """Return a number of things, with the plural where it is due."""
    return f"{number} {thing}" if number == 1 else f"{number} {thing}s"


def joined(items: Sequence[str], word: str = "and") -> str:
    """Return items as an English list."""
    if len(items) < 2:
        return "".join(items)
    return f"{', '.join(items[:-1])} {word} {items[-1]}"


def basis_sentence(counts: Mapping[str, int], defaults: int) -> str:
    """Return how many numbers rest on what."""
    given = sum(counts.values())
    parts = [f"{number} {basis}" for basis, number in counts.items() if number]
    listed = f": {joined(parts)}" if parts else ""
    return (
        f"The scenario gives {counted(given, 'number')}{listed}."
        f" {defaults} more hold defaults of the program."
    )


def coefficient_sentence(manifest: Mapping[str, Any]) -> str:
    """Return how many coefficients differ from their defaults, or are drawn."""
    values = manifest["coefficients"]
    if is_drawn(manifest):
        return _drawn_sentence(manifest)
    changed = [entry.name for entry in REGISTER if values[entry.name] != entry.default]
    verb = "differs" if len(changed) == 1 else "differ"
    if not changed:
        return f"All {len(REGISTER)} coefficients of the law have their default values."
    return (
        f"Of {len(REGISTER)} coefficients, {len(changed)} {verb} from default: {joined(changed)}."
    )


def fixed_in(scenario: Mapping[str, Any]) -> set[str]:
    """Return the coefficients that a scenario, as plain data, lays down or switches off."""
    return {*scenario["coefficients"], *scenario["without"]}


def _drawn_sentence(manifest: Mapping[str, Any]) -> str:
    """Return which coefficients are drawn, and which the scenario lays down instead."""
    posterior, fixed = manifest["posterior"], fixed_in(manifest["scenario"])
    drawn = [name for name in posterior["names"] if name not in fixed]
    kept = [name for name in posterior["names"] if name in fixed]
    laid = f" The scenario lays down {joined(kept)}, which {_verb(kept)} not drawn." if kept else ""
    return (
        f"Of {counted(len(REGISTER), 'coefficient')}, {len(drawn)} are drawn from the posterior"
        f" {posterior['name']}, the same for the {RUNS_PER_DRAW} runs that share a draw.{laid}"
    )


def _verb(names: Sequence[str]) -> str:
    """Return the verb for one thing or several."""
    return "is" if len(names) == 1 else "are"


def names_of(result: Result) -> dict[str, str]:
    """Return each actor's full name, or its identifier where it has none."""
    actors = result.manifest["scenario"]["actors"]
    return {code: actor["name"] or code for code, actor in actors.items()}


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
        *([verdict.advice] if played else []),
        LENS,
    ]
    return [plain_spaces(text) for text in sentences]


def plain_spaces(text: str) -> str:
    """Return text with ordinary spaces in place of those that do not break."""
    return text.replace("\u00a0", " ")
