"""Briefs on one scenario and on a comparison of several.

Only shares of runs and of draws become probabilities here.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pandas as pd

from alliancesim.attribution.account import FOLDER, Account, read_account
from alliancesim.figures.words import plain, signed
from alliancesim.language import message, text
from alliancesim.measures.intervals import Interval
from alliancesim.measures.verdict import WORDS, Verdict, Word
from alliancesim.report import explanation_wording, observations, pictures, reason_wording, wording
from alliancesim.report.brief_parts import (
    Brief,
    Ground,
    Judgement,
    coefficients_ground,
    inputs_ground,
    judged,
    of_draws,
    of_runs,
)
from alliancesim.report.brief_terms import terms
from alliancesim.report.numbers import is_known, span, with_interval
from alliancesim.report.phrases import counted, joined
from alliancesim.report.probability_words import cautious_word, numbers
from alliancesim.results.result import Result, read

EVENTS: Mapping[Word, str] = {
    "split": message("The wedge splits the alliance: cohesion falls by more than the margin."),
    "null": message(
        "The wedge makes no difference that counts: its effect stays within the margin."
    ),
    "backfire": message("The wedge backfires: cohesion rises by more than the margin."),
}
"""What each verdict says, as a judgement."""

HEADLINES: Mapping[Word, str] = {
    "split": message("In the model the wedge splits the alliance: {words} ({numbers})."),
    "null": message(
        "In the model the wedge neither splits the alliance nor backfires: {words} ({numbers})."
    ),
    "backfire": message("In the model the wedge backfires: {words} ({numbers})."),
}
"""The same as a headline, with words of probability and their numbers."""

COMPARED: Mapping[Word, str] = {
    "split": message(
        "Under “{title}” the wedge splits the alliance; its mean effect on cohesion is {effect}."
    ),
    "null": message(
        "Under “{title}” the wedge makes no difference that counts; its mean effect on cohesion is"
        " {effect}."
    ),
    "backfire": message(
        "Under “{title}” the wedge backfires; its mean effect on cohesion is {effect}."
    ),
    "not a wedge": message(
        "Under “{title}” no wedge is attempted; what is done has a mean effect on cohesion of"
        " {effect}."
    ),
}
"""What each verdict says of one of several scenarios."""

TALLY: Mapping[Word, str] = {
    "split": message("a split under {titles}"),
    "null": message("no difference that counts under {titles}"),
    "backfire": message("a backfire under {titles}"),
    "not a wedge": message("no attempt at a wedge under {titles}"),
}
"""The same of all scenarios that share a verdict."""

_MOST_TITLES = 250
"""Letters of titles up to which a headline has them; of more it has the number."""


def of_run(folder: Path) -> Brief:
    """Return the brief on one scenario's results.

    Raises:
        InputError: if they cannot be read.
    """
    result = read(folder)
    account = read_account(folder / FOLDER) if "causes" in result.manifest else None
    played = wording.is_played(result.manifest["scenario"])
    drawn = pictures.pictures(result, ["distribution" if played else "cohesion"])
    limits = [text(wording.LENS), wording.shares_sentence(result.manifest)]
    return Brief(
        text(result.manifest["scenario"]["title"]),
        text(result.manifest["scenario"]["question"]),
        headline(result.verdict, played=played),
        judgements(result.verdict, played=played),
        _basis(result.verdict) if played else "",
        _drivers(result, account) if played else [],
        wording.robustness_told(result) if played else [],
        grounds(result),
        [*limits, *(wording.uncertainty_sentences(result.verdict)[:1] if played else [])],
        next(iter(drawn.values())),
        terms=terms() if played else (),
    )


def of_comparison(
    table: pd.DataFrame, results: Sequence[Result], picture: pictures.Picture
) -> Brief:
    """Return the brief on a comparison.

    Args:
        table: one row per scenario.
        results: of each scenario.
        picture: that compares them.
    """
    rows = table.to_dict("records")
    first = results[0]
    told = [(text(found.manifest["scenario"]["title"]) or found.name, found) for found in results]
    return Brief(
        text("{count} scenarios compared").format(count=len(results)),
        text(first.manifest["scenario"]["question"]),
        _tally(told),
        [_compared(title, found.verdict) for title, found in told],
        _basis(first.verdict),
        [],
        [_difference(title, row) for (title, _), row in list(zip(told, rows, strict=True))[1:]],
        grounds(first),
        [text(wording.LENS), wording.shares_sentence(first.manifest)],
        picture,
        terms=terms(),
    )


def grounds(result: Result) -> list[Ground]:
    """Return what confidence in the evidence of a run rests on."""
    seen = observations.observations(result)
    inside = [item.inside for item in seen if item.inside is not None]
    record = observations.fit_sentence(seen) or text(
        "The scenario has no observed number that the model could be held against."
    )
    return [
        Ground(record, not inside or not all(inside)),
        inputs_ground(result.scenario()),
        coefficients_ground(result.manifest),
        Ground(wording.advice(result.verdict), not result.verdict.enough),
    ]


def _shares(verdict: Verdict) -> tuple[Mapping[Word, Interval], str]:
    """Return the shares that stand for probabilities, and of what they are."""
    if verdict.under is not None:
        return verdict.under.shares, of_draws(verdict.under.draws)
    return verdict.shares, of_runs(verdict.runs)


def headline(verdict: Verdict, *, played: bool) -> str:
    """Return the answer in one sentence.

    Args:
        verdict: what the ensemble says.
        played: whether any wedge strategy is played at all.
    """
    if not played or verdict.word == "not a wedge" or verdict.runs < 2:
        return wording.verdict_sentence(verdict, played=played)
    shares, of = _shares(verdict)
    commonest = _commonest(verdict)
    share = shares[commonest]
    return text(HEADLINES[commonest]).format(words=cautious_word(share), numbers=numbers(share, of))


def judgements(verdict: Verdict, *, played: bool) -> list[Judgement]:
    """Return each verdict with its probability, the likeliest first, and the sizes behind them.

    Args:
        verdict: what the ensemble says.
        played: whether any wedge strategy is played at all.
    """
    sizes = [Judgement("", "", wording.twin_sentence(verdict))]
    if not played:
        return sizes
    shares, of = _shares(verdict)
    ordered = sorted(WORDS, key=lambda name: -shares[name].estimate)
    effect = text("Mean effect on cohesion, from 0 to 1: {effect}; margin ±{margin}.").format(
        effect=with_interval(verdict.effect), margin=signed(verdict.margin, 2).lstrip("+")
    )
    return [
        *(judged(shares[name], of, text(EVENTS[name])) for name in ordered),
        Judgement("", "", effect),
        *sizes,
    ]


def _basis(verdict: Verdict) -> str:
    """Return what the probabilities are, and what they leave out."""
    if verdict.under is not None:
        return text(
            "A probability is the share of draws of the coefficients in whose mean effect the event"
            " happens: it carries what calibration leaves open, not what inputs and equations do."
        )
    return text(
        "A probability is the share of runs in which the event happens, coefficients and inputs"
        " taken as known: it carries random shocks alone and is too sure of itself."
    )


def _drivers(result: Result, account: Account | None) -> list[str]:
    """Return what drives the result: causes, if they were asked for, and mechanisms."""
    causes = [] if account is None else explanation_wording.sentences(account)[:2]
    return [*causes, *reason_wording.reason_sentences(result.reasons, wording.names_of(result))]


def _tally(told: Sequence[tuple[str, Result]]) -> str:
    """Return which scenarios have which commonest verdict."""
    found: dict[Word, list[str]] = {}
    for title, result in told:
        quoted = text("“{title}”").format(title=plain(title, 80))
        found.setdefault(_commonest(result.verdict), []).append(quoted)
    counted_only = sum(len(title) for titles in found.values() for title in titles) > _MOST_TITLES
    parts = [
        text(TALLY[name]).format(
            titles=counted(len(titles), "scenario") if counted_only else joined(titles)
        )
        for name, titles in found.items()
    ]
    return text("Commonest verdicts in the model: {tally}.").format(tally="; ".join(parts))


def _commonest(verdict: Verdict) -> Word:
    """Return the commonest verdict, by draws of the coefficients where these are drawn."""
    if verdict.word == "not a wedge":
        return verdict.word
    shares, _ = _shares(verdict)
    return max(WORDS, key=lambda name: shares[name].estimate)


def _compared(title: str, verdict: Verdict) -> Judgement:
    """Return the commonest verdict on a scenario, with its probability and the effect behind it."""
    word_of = _commonest(verdict)
    event = text(COMPARED[word_of]).format(title=title, effect=with_interval(verdict.effect))
    if word_of == "not a wedge":
        return Judgement("", "", event)
    shares, of = _shares(verdict)
    return judged(shares[word_of], of, event)


def _difference(title: str, row: Mapping[Any, Any]) -> str:
    """Return by how much the effect in a scenario differs from that in the first."""
    found = Interval(row["difference"], row["difference_low"], row["difference_high"])
    if not is_known(found):
        ends = text("interval unknown from a single run")
    else:
        ends = span(signed(found.low), signed(found.high))
    return text(
        "{title}: the effect differs from that in the first scenario by {difference} ({ends}),"
        " run by run on common shocks."
    ).format(title=title, difference=signed(found.estimate), ends=ends)
