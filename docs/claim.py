"""Write docs/claim.md: the article's claim about 2025-26 under the posterior of the coefficients.

    python docs/claim.py                     print the page
    python docs/claim.py --write             write it
    python docs/claim.py --posterior FILE    under other draws than those that ship

It takes three minutes, one of them for a posterior of the years up to 2019 alone.
"""

from __future__ import annotations

import argparse
import sys
import textwrap
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np

from alliancesim.arrays import Array
from alliancesim.attribution.causes import COURTSHIP, PRESSURE
from alliancesim.attribution.explanation import Explanation, Question, explain
from alliancesim.attribution.mechanisms import mechanism_shares
from alliancesim.calibration.reading import load_calibration
from alliancesim.figures.words import signed
from alliancesim.measures import intervals
from alliancesim.measures.verdict import WORDS, word_for
from alliancesim.posterior.draws import DEFAULT, Posterior, load_posterior
from alliancesim.report.explanation_wording import with_range
from alliancesim.report.mechanism_wording import mechanism_sentence
from alliancesim.report.numbers import brief, percent
from alliancesim.report.phrases import joined, plain_spaces
from alliancesim.report.probability_words import clause
from alliancesim.report.wording import LENS
from alliancesim.scenario.placing import replace_file
from alliancesim.scenario.reading import load
from alliancesim.validation.fits import MODEL
from alliancesim.validation.hindcasting import planned
from alliancesim.validation.splits import FORECAST

PAGE = Path(__file__).resolve().parent / "claim.md"
RUNS = 1600
FEWEST_RISING = 0.05
"""Share of draws with a rise below which nothing is said of how a rise is made up."""

NEAR_CEILING = 0.9
"""Cohesion from which there is little room left to rise."""

CALLED = {
    PRESSURE: "the wedge's pressure",
    COURTSHIP: "the wedge's courtship",
    "commitment": "doubt about Washington's guarantee",
    "brokerage": "Washington's brokerage",
    "hazard": "North Korea's launches",
    "leaders": "leaders in Tokyo and Seoul",
    "grievance": "the affair over the islands",
    "other-acts": "other pressure and cooperation",
    "other-events": "other events",
}


class Case(NamedTuple):
    """One run, the span of it whose causes are asked for, and whether the wedge is judged there."""

    scenario: str
    first: str | None
    last: str | None
    heading: str
    judged: bool


LONG = "northeast-asia-2010-2026"
CASES = (
    Case("observed-backfire", None, None, "The year from October 2025, from rest", True),
    Case(LONG, "2025-10", "2026-06", "The end of the run of 2010 to 2026", True),
    Case(LONG, "2025-01", "2026-06", "The same, with all of 2025 among the causes", False),
)


def explained(case: Case, posterior: Posterior, runs: int = RUNS) -> Explanation:
    """Return the explanation of a case."""
    question = Question(first=case.first, last=case.last, runs=runs)
    return explain(load(case.scenario), question, posterior)


def early() -> Posterior:
    """Return the posterior of the observations up to the split of the calibration alone.

    It is the one that ``alliancesim validate`` foretells later years with.
    """
    fits = planned(load_calibration(LONG), processes=1)
    (fit,) = (fit for fit in fits if (fit.split.name, fit.law) == (FORECAST, MODEL))
    draws = fit.draws()
    return Posterior("up to 2019", draws.names, draws.values, {})


def section(case: Case, found: Explanation) -> list[str]:
    """Return heading, verdict, shares and sentences of a case."""
    return [
        f"## {case.heading}",
        f"Scenario `{case.scenario}`: change since {found.period.since}, read in"
        f" {found.period.end}; causes dated {found.period.first} to {found.period.last}."
        f"{_room(found)}",
        *([verdict_table(found), _verdict(found)] if case.judged else []),
        share_table(found),
        f"{_rise(found)} {_due(found)} {_made_of(found)}",
    ]


def summary(found: Explanation, before: Explanation | None, whole: Explanation | None) -> list[str]:
    """Return what to keep of the page.

    Args:
        found: of the first case, under the posterior of the whole record.
        before: the same under that of the years before the case, if there is one.
        whole: of the same months in a longer run, if there is one.
    """
    lines = [
        f"- {_verdict(found)} This is in sample: the posterior was fitted to a record that"
        " includes these months.",
        "" if before is None else f"- Fitted to 2010–2019 alone, out of sample: {_told(before)}",
        f"- {_disagreement(found)}",
        "" if whole is None else f"- {_inherited(whole)}",
        f"- {_works(found)}",
    ]
    return ["## In short", "\n".join(filter(None, lines))]


def _disagreement(found: Explanation) -> str:
    """Say whether the model moves as the record does, and what follows for the claim."""
    recorded, change = _coded()[0], found.spread(found.change)
    told = (
        f"The record has cohesion change by {signed(recorded, 2)}, the model by"
        f" {with_range(change)}, a rise in {percent(change.positive)} of draws."
    )
    if (change.estimate > 0) == (recorded > 0):
        return f"{told} Direction and record agree, so that its shares may bear on the rise."
    outweighed = (
        " What may be said is less: in the model, what the wedge binds is outweighed by what it"
        " divides."
    )
    return (
        f"{told} It gets the direction of these months wrong, and can therefore not say what part"
        " of the recorded rise the wedge caused: no part of a rise can be taken from a fall. That"
        " pressure binds finds no support here, and no refutation either: if the rise is real,"
        " something that binds is missing from the law or too weak in it, or inputs are wrong."
        f"{outweighed if found.spread(found.effects).estimate < 0 else ''}"
    )


def _inherited(found: Explanation) -> str:
    """Say how much of the change in a longer run these months make, and how much came before."""
    made = found.spread(found.change - found.past)
    return (
        f"In the run from 2010, where cohesion stands at"
        f" {found.spread(found.start).estimate:.2f} when these months begin, it changes by"
        f" {with_range(found.spread(found.change))}: what came before makes"
        f" {with_range(found.spread(found.past))} of it, all causes of these months together"
        f" {with_range(made)}, the wedge {with_range(found.spread(found.effects))}."
    )


def _told(found: Explanation) -> str:
    """Return probabilities of the verdicts, the effect and the change in one sentence."""
    margin = found.scenario.outcome.margin.value
    drawn = found.by_draw(found.effects)
    shares = " / ".join(percent(_count(drawn, word, margin) / drawn.size) for word in WORDS)
    return (
        f"split / null / backfire in {shares} of draws, effect"
        f" {with_range(found.spread(found.effects))}, whole change"
        f" {with_range(found.spread(found.change))}."
    )


def _room(found: Explanation) -> str:
    """Say where cohesion starts so high that hardly anything can move it."""
    start = found.spread(found.start).estimate
    if start < NEAR_CEILING:
        return ""
    return (
        f" Cohesion stands at {start:.2f} before it, close to its ceiling of 1: there is little"
        " room to rise, and institutions that stand persist. So a wedge that does nothing here is"
        " little evidence of its own."
    )


def verdict_table(found: Explanation) -> str:
    """Return the probability of each verdict, over draws and over runs."""
    margin = found.scenario.outcome.margin.value
    drawn = found.by_draw(found.effects)
    rows = ["| the wedge of 2025–26 | probability over draws [95 %] | over runs |"]
    rows.append("| --- | --- | --- |")
    for word, meaning in zip(WORDS, ("splits", "does nothing", "backfires"), strict=True):
        share = intervals.share(_count(drawn, word, margin), drawn.size)
        ends = f"{100 * share.low:.0f} to {100 * share.high:.0f}"
        over_runs = _count(found.effects, word, margin) / found.runs
        rows.append(
            f"| {meaning} ({word}) | {percent(share.estimate)} [{ends}] | {percent(over_runs)} |"
        )
    return "\n".join(rows)


def share_table(found: Explanation) -> str:
    """Return the shares of the change, each with its interval and the chance that it raises."""
    spreads = {CALLED[cause.name]: found.shares[c] for c, cause in enumerate(found.causes)}
    steps = {"without any of these": found.past, **spreads, "**whole change**": found.change}
    rows = [
        "| share of the change in cohesion | mean [90 %] | above zero in |",
        "| --- | --- | --- |",
    ]
    for name, values in steps.items():
        spread = found.spread(values)
        rows.append(f"| {name} | {with_range(spread)} | {percent(spread.positive)} of draws |")
    return "\n".join(rows)


def _count(effects: Array, word: str, margin: float) -> int:
    """Return how many effects have a verdict."""
    return sum(word_for(float(effect), margin) == word for effect in effects)


def _verdict(found: Explanation) -> str:
    """Say how the claim stands."""
    margin = found.scenario.outcome.margin.value
    drawn = found.by_draw(found.effects)
    backfire = intervals.share(_count(drawn, "backfire", margin), drawn.size)
    failed = intervals.share(drawn.size - _count(drawn, "split", margin), drawn.size)
    return (
        f"Within the model, {clause(backfire, 'the wedge backfired')}"
        f" ({percent(backfire.estimate)} of draws), and"
        f" {clause(failed, 'it failed, by doing nothing or by backfiring')}"
        f" ({percent(failed.estimate)}). Its effect on cohesion, all else as it was, is"
        f" {with_range(found.spread(found.effects))}, against a margin of ±{brief(margin)}."
    )


def _works(found: Explanation) -> str:
    """Say through which mechanisms the wedge works."""
    return mechanism_sentence(mechanism_shares(found))


def _due(found: Explanation) -> str:
    """Say which causes have the largest shares, upward and downward."""
    spreads = sorted(
        (
            (CALLED[cause.name], found.spread(found.shares[c]))
            for c, cause in enumerate(found.causes)
        ),
        key=lambda item: -abs(item[1].estimate),
    )
    told = [
        f"{side} {joined([f'{name} ({with_range(spread)})' for name, spread in named])}"
        for side, named in (
            ("upward", [item for item in spreads[:3] if item[1].estimate > 0]),
            ("downward", [item for item in spreads[:3] if item[1].estimate < 0]),
        )
        if named
    ]
    return f"The largest shares: {'; '.join(told)}."


def _rise(found: Explanation) -> str:
    """Say whether there is a rise, and what the wedge has to do with it."""
    change = found.spread(found.change)
    legs = [c for c, cause in enumerate(found.causes) if cause.name in (PRESSURE, COURTSHIP)]
    share = found.spread(found.shares[legs].sum(axis=0))
    return (
        f"In the model cohesion changes by {with_range(change)} and rises in"
        f" {percent(change.positive)} of draws; the share of both legs of the wedge in this is"
        f" {with_range(share)}, above zero in {percent(share.positive)}."
    )


def _made_of(found: Explanation) -> str:
    """Say what a rise is made of, in the draws that have one."""
    change = found.by_draw(found.change)
    rising = change > found.scenario.outcome.margin.value
    margin = brief(found.scenario.outcome.margin.value)
    if rising.mean() < FEWEST_RISING:
        return (
            f"A rise beyond the margin of {margin} occurs in {percent(rising.mean())} of draws: too"
            " few to say what such a rise would be made of."
        )
    shares = found.by_draw(found.shares)[:, rising] / change[rising]
    order = np.argsort(-np.median(shares, axis=1), kind="stable")
    parts = [f"{CALLED[found.causes[c].name]} {_part(shares[c])}" for c in order]
    return (
        f"In the {percent(rising.mean())} of draws in which it rises by more than the margin, the"
        f" rise is made up, in the median [90 % of these draws], of {joined(parts)}, and what came"
        " before."
    )


def _part(shares: Array) -> str:
    """Return the median part of a rise with its interval, in per cent."""
    low, middle, high = (signed(100 * q, 0) for q in np.quantile(shares, [0.05, 0.5, 0.95]))
    return f"{middle} % [{low} to {high}]"


def coded() -> str:
    """Say what the record has."""
    value, error, since = _coded()
    return (
        f"The record has a rise of {signed(value, 2)} since {since} (coded by one coder"
        f" who knew the outcome; standard error {error:g}, so direction more than size)."
    )


def _coded() -> tuple[float, float, str]:
    """Return the change on record, its standard error, and since when."""
    seen = load(LONG).scenario.observations["coded-e8-cohesion"]
    if seen.value is None or seen.error is None:
        raise ValueError("the coded change has no value")
    return seen.value.value, seen.error.value, str(seen.since)


def later(cases: Sequence[Case], posterior: Posterior, runs: int) -> list[str]:
    """Return how the judged cases stand under a posterior of the years before them."""
    lines = [
        f"- `{case.scenario}`: {_told(explained(case, posterior, runs))}"
        for case in cases
        if case.judged
    ]
    return [
        "## Out of sample: fitted to 2010–2019 alone",
        "The same runs, with coefficients that saw no observation after December 2019. In brackets"
        " the middle 90 % of draws.",
        "\n".join(lines),
        "Two things were still known of later years: the form of the law, which was improved with"
        " the whole record in view, and figures after 2019 that some priors cite. The dated events"
        " of 2025–26 are input in either case.",
    ]


def page(
    posterior: Posterior,
    cases: Sequence[Case] = CASES,
    runs: int = RUNS,
    before: Posterior | None = None,
) -> str:
    """Return the whole page.

    Args:
        posterior: of the whole record.
        cases: the first is the one that the page opens with.
        runs: of each world.
        before: of the years before the cases, for the claim out of sample.
    """
    found = [explained(case, posterior, runs) for case in cases]
    draws = len(np.unique(found[0].draws))
    parts = [
        "# The claim: Beijing's wedge of 2025–26 backfired",
        "An article (Koelling, Handelsblatt, 14 January 2026) has it that Beijing, pressing Tokyo"
        " and courting Seoul, drove the two together. This page says how the claim stands under the"
        f" posterior `{posterior.name}` of the coefficients, and to what the model attributes the"
        " change. It is written by `python docs/claim.py --write`; numbers and words come from the"
        " runs.",
        coded(),
        *summary(
            found[0],
            None if before is None else explained(cases[0], before, runs),
            found[1] if len(found) > 1 else None,
        ),
    ]
    for case, explanation in zip(cases, found, strict=True):
        parts += section(case, explanation)
    parts += [] if before is None else later(cases, before, runs)
    parts += [
        "## How far this carries",
        f"- {draws} draws of the coefficients, {found[0].runs} runs of each world. A probability"
        " over draws counts draws by the mean effect of their runs; the interval behind it is"
        " Wilson's and says only that draws are finite in number. Words for probabilities are those"
        " of Intelligence Community Directive 203 (2015).\n"
        f"- The posterior `{posterior.name}` was fitted to a record that includes these months."
        " This is in-sample: it says what the law makes of the record, and is no test of the law.\n"
        "- Shares are Shapley's (1953): the mean of what a cause adds, over all orders of joining."
        " They add up to the change. What several causes do only together is in the shares, equally"
        " divided; so the share of the wedge is not its effect.\n"
        "- Causes are the dated events of the files and their sizes, taken as known. What is not in"
        " the files has no share, and a mechanism that the law lacks can be no reason.\n"
        "- What was dated before a span has no share in it: Washington's course since January 2025"
        " is in the start of the first case, in what comes without any cause in the second, and a"
        " cause in the third alone.\n"
        f"- {LENS}",
    ]
    return "\n\n".join(map(_wrapped, map(plain_spaces, parts))) + "\n"


def _wrapped(part: str) -> str:
    """Return a paragraph or list in lines of at most 100 letters; a table stays as it is."""
    if part.startswith("|"):
        return part
    return "\n".join(
        textwrap.fill(
            line,
            100,
            subsequent_indent="  " if line.startswith("- ") else "",
            break_on_hyphens=False,
            break_long_words=False,
        )
        for line in part.splitlines()
    )


def main(words: Sequence[str]) -> None:
    """Print or write the page."""
    parser = argparse.ArgumentParser(description="The article's claim under the posterior.")
    parser.add_argument("--write", action="store_true", help="write docs/claim.md")
    parser.add_argument("--posterior", default=DEFAULT, help="draws to use")
    asked = parser.parse_args(words)
    text = page(load_posterior(asked.posterior), before=early())
    if asked.write:
        replace_file(PAGE, text)
    else:
        print(text, end="")


if __name__ == "__main__":
    main(sys.argv[1:])
