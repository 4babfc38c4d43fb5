"""What a tournament of theories says, in sentences made from its tables.

Who is ahead in sample is not told as who explains an episode.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import pandas as pd

from alliancesim.figures.hindcast_names import forecaster_name
from alliancesim.figures.words import signed
from alliancesim.language import message, text
from alliancesim.measures.intervals import Interval
from alliancesim.measures.verdict import WORDS
from alliancesim.report.numbers import brief, ends, level, percent, span
from alliancesim.report.phrases import joined, plain_spaces
from alliancesim.tournament.contest import AHEAD, BASES, BEST, LEVEL
from alliancesim.tournament.foreseen import FITTED
from alliancesim.validation.splits import FORECAST, LEFT_OUT
from alliancesim.validation.tables import CHANGES, LEVELS, NO_CHANGE
from alliancesim.validation.theories import LENT, NONE, WHOLE

Tables = Mapping[str, pd.DataFrame]

KINDS: Mapping[str, str] = {CHANGES: message("coded changes"), LEVELS: message("polls")}
"""What is scored, in words."""

_COUNTS = {CHANGES: message("{count} on coded changes"), LEVELS: message("{count} on polls")}
_ON = {CHANGES: message("On coded changes, {told}."), LEVELS: message("On polls, {told}.")}
_BEST = {
    CHANGES: message(
        "Over all episodes {theory} scores best on coded changes, {score} ({sure}; {beside})."
    ),
    LEVELS: message("Over all episodes {theory} scores best on polls, {score} ({sure}; {beside})."),
}

_HYPHEN = "\u2011"
_MOVES = 0.0005
"""Effects below this are written as nothing."""


def titles(made: Tables) -> dict[str, str]:
    """Return what each theory is called, and the forecaster that none of them is."""
    table = made["theories"]
    found = dict(zip(table["theory"], map(text, table["title"]), strict=True))
    return {**found, NO_CHANGE: forecaster_name(NO_CHANGE)}


def kinds() -> dict[str, str]:
    """Return what is scored, in the language spoken."""
    return {what: text(kind) for what, kind in KINDS.items()}


def basis_title(about: Mapping[str, Any], basis: str) -> str:
    """Return how coefficients were come by, and whether that is in sample, in words."""
    if basis == BASES[LEFT_OUT]:
        return text("each episode left out of the fit in turn (out of sample)")
    if basis == BASES[FORECAST]:
        split = about["record"]["calibration"]["validation"]["split"]
        return text("fitted up to {split}, judged by what came later (out of sample)").format(
            split=split
        )
    return text("coefficients that ship, fitted by the law as a whole to all of it (in sample)")


def headline(made: Tables) -> str:
    """Return how often a theory is ahead out of sample, and which; empty without a record."""
    if "episodes" not in made:
        return ""
    table, called = made["episodes"], titles(made)
    basis = next(name for name in BASES.values() if (table["basis"] == name).any())
    rows = table[(table["basis"] == basis) & table["standing"].isin((AHEAD, BEST))]
    ahead = rows[rows["standing"] == AHEAD]
    parts = [
        text("{theory} is ahead of every rival in {count}").format(
            theory=called[str(name)], count=len(some)
        )
        for name, some in ahead.groupby("theory", sort=False)
    ]
    parts.append(text("in {count} no theory is").format(count=len(rows) - len(ahead)))
    counts = joined(
        [text(count).format(count=(rows["what"] == what).sum()) for what, count in _COUNTS.items()]
    )
    return text("Of {count} comparisons out of sample ({counts}), {told}.").format(
        count=len(rows), counts=counts, told=joined(parts)
    )


def sentences(about: Mapping[str, Any], made: Tables) -> list[str]:
    """Return what a tournament says, each sentence with its figures, in plain spaces."""
    told = [
        headline(made),
        *of_scenario(about, made),
        *of_record(about, made),
        *_missing(about),
    ]
    return [plain_spaces(sentence) for sentence in told if sentence]


def of_scenario(about: Mapping[str, Any], made: Tables) -> Iterator[str]:
    """Yield what the theories foresee of the scenario."""
    if "scenario" not in made:
        return
    table, called = made["scenario"], titles(made)
    margin = about["margin"]
    for basis, rows in table.groupby("basis", sort=False):
        rivals = rows[rows["theory"].isin(about["rivals"]) & (rows["theory"] != NONE.name)]
        (whole,) = rows[rows["theory"] == WHOLE.name].to_dict("records")
        verdicts = text("{lead}, {verdicts} (margin ±{margin}).").format(
            lead=lead(about, str(basis)), verdicts=_verdicts(rivals, called), margin=brief(margin)
        )
        all_of_it = text("The law as a whole: {word}, {effect}; {shares}.").format(
            word=text(whole["verdict"]), effect=_effect(whole), shares=_shares(whole)
        )
        yield f"{verdicts} {_pulls(rivals, called)} {all_of_it}"


def lead(about: Mapping[str, Any], basis: str) -> str:
    """Return on which coefficients a scenario was run, in words."""
    if basis == FITTED:
        return text("With each theory fitted by itself to observations up to {split}").format(
            split=about["record"]["calibration"]["validation"]["split"]
        )
    if "posterior" in about:
        return text("With coefficients drawn from the posterior '{name}'").format(
            name=about["posterior"]["name"]
        )
    return text("With coefficients as the scenario has them")


def _verdicts(rows: pd.DataFrame, called: Mapping[str, str]) -> str:
    """Return which theories foresee which verdict."""
    groups = {
        str(word): [called[name] for name in some["theory"]]
        for word, some in rows.groupby("verdict", sort=False)
    }
    if len(groups) == 1 and len(rows) > 1:
        (word,) = groups
        return text("all {count} theories come to the verdict {word}").format(
            count=len(rows), word=text(word)
        )
    return "; ".join(f"{_listed(names)}: {text(word)}" for word, names in groups.items())


def _pulls(rows: pd.DataFrame, called: Mapping[str, str]) -> str:
    """Return which way each theory pulls, whether beyond the margin or not."""
    parts = []
    for way, some in (
        (text("apart {theories}"), rows[rows["effect"] < -_MOVES].sort_values("effect")),
        (
            text("together {theories}"),
            rows[rows["effect"] > _MOVES].sort_values("effect", ascending=False),
        ),
    ):
        named = [
            f"{called[row['theory']]} ({_effect(row)}{_beyond(row)})"
            for row in some.to_dict("records")
        ]
        if named:
            parts.append(way.format(theories=joined(named)))
    still = [called[name] for name in rows[rows["effect"].abs() <= _MOVES]["theory"]]
    if still:
        parts.append(text("nowhere {theories}").format(theories=_listed(still)))
    return text("By mean effect the wedge pulls the allies: {told}.").format(told="; ".join(parts))


def _listed(names: list[str]) -> str:
    """Return theories as a list, each name set off as the language has it."""
    return joined([text("{theory}").format(theory=name) for name in names])


def _effect(row: Mapping[Any, Any]) -> str:
    """Return a mean effect and its interval."""
    found = Interval(row["effect"], row["effect_low"], row["effect_high"])
    return text("{effect}, 95 % CI {ends}").format(effect=signed(found.estimate), ends=ends(found))


def _beyond(row: Mapping[Any, Any]) -> str:
    """Return in how many runs the effect is beyond the margin, where it is in any."""
    shown = [
        text("{word} in {share} of runs").format(word=text(word), share=percent(row[word]))
        for word in WORDS
        if word != "null" and row[word] > 0
    ]
    return f"; {joined(shown)}" if shown else ""


def _shares(row: Mapping[Any, Any]) -> str:
    """Return the shares of runs by verdict."""
    return joined(
        [
            text("{word} in {share}").format(word=text(word), share=percent(row[word]))
            for word in WORDS
            if row[word] > 0
        ]
    )


def of_record(about: Mapping[str, Any], made: Tables) -> Iterator[str]:
    """Yield which theory explains which episode, out of sample alone."""
    if "episodes" not in made:
        return
    table = made["episodes"]
    for basis in (BASES[LEFT_OUT], BASES[FORECAST]):
        if (table["basis"] == basis).any():
            title = basis_title(about, basis)
            told = by_episode(made, basis)
            told[0] = f"{title[0].upper()}{title[1:]}: {told[0][0].lower()}{told[0][1:]}"
            yield from (*told, " ".join(overall(made, basis)))


def by_episode(made: Tables, basis: str) -> list[str]:
    """Return which theory is ahead in which episodes on a basis, and in which none is."""
    table, called = made["episodes"], titles(made)
    rows = table[table["basis"] == basis]
    told = [" ".join(_by_episode(rows[rows["what"] == what], what, called)) for what in KINDS]
    return [sentence for sentence in told if sentence]


def episodes_named(made: Tables) -> str:
    """Return from when to when each episode of the record lasts; empty without a record."""
    if "episodes" not in made:
        return ""
    rows = made["episodes"].drop_duplicates("episode").sort_values("episode")
    listed = [
        f"{row['episode']} {span(row['first'], row['last'])}" for row in rows.to_dict("records")
    ]
    return text("Episodes of the record: {listed}.").format(listed="; ".join(listed))


def overall(made: Tables, basis: str) -> list[str]:
    """Return which theory scores best over all episodes on a basis, and how surely."""
    return [sentence for what in KINDS for sentence in _overall(made, basis, what)]


def winners(about: Mapping[str, Any], made: Tables) -> list[tuple[str, list[dict[str, Any]]]]:
    """Return for each basis out of sample which theory explains which episode."""
    if "episodes" not in made:
        return []
    table = made["episodes"]
    found = []
    for basis in (BASES[LEFT_OUT], BASES[FORECAST]):
        rows = table[table["basis"] == basis]
        told = [
            {
                "episode": str(episode),
                "months": span(*some.iloc[0][["first", "last"]]).replace("-", _HYPHEN),
                "cells": [_winner(made, some[some["what"] == what]) for what in KINDS],
            }
            for episode, some in rows.groupby("episode", sort=True)
        ]
        if told:
            found.append((basis_title(about, basis), told))
    return found


def _winner(made: Tables, rows: pd.DataFrame) -> str:
    """Return which theory explains one episode, as the cell of a table; empty without scores."""
    if not len(rows):
        return ""
    called = titles(made)
    (best,) = rows[rows["standing"].isin((AHEAD, BEST))].to_dict("records")
    theory, score = called[best["theory"]], level(best["crps"], 3)
    if best["standing"] == AHEAD:
        return f"{theory} ({score})"
    return text("none ahead; best {theory} ({score}), {count} level").format(
        theory=theory, score=score, count=int((rows["standing"] == LEVEL).sum())
    )


def _by_episode(rows: pd.DataFrame, what: str, called: Mapping[str, str]) -> Iterator[str]:
    """Yield which theory is ahead in which episodes, and in which none is."""
    if not len(rows):
        return
    ahead = rows[rows["standing"] == AHEAD]
    parts = [
        text("{theory} is ahead of every rival in {episodes}").format(
            theory=called[str(name)], episodes=joined(list(some["episode"]))
        )
        for name, some in ahead.groupby("theory", sort=False)
    ]
    open_ = [name for name in dict.fromkeys(rows["episode"]) if name not in set(ahead["episode"])]
    if open_:
        parts.append(
            text("no theory is ahead in {episodes}, where differences lie within noise").format(
                episodes=joined(open_)
            )
        )
    yield text(_ON[what]).format(told="; ".join(parts))
    level_with = rows[(rows["theory"] == NONE.name) & rows["standing"].isin((AHEAD, BEST, LEVEL))]
    if len(level_with):
        yield text("Without any theory one does as well in {episodes}.").format(
            episodes=joined(list(level_with["episode"]))
        )
    better = rows[(rows["theory"] == NO_CHANGE) & (rows["behind"] < 0.0)]
    if len(better):
        yield text("No change scores better than every theory in {episodes}.").format(
            episodes=joined(list(better["episode"]))
        )


def _overall(made: Tables, basis: str, what: str) -> Iterator[str]:
    """Yield which theory scores best over all episodes, and how surely."""
    board = made["scoreboard"]
    rows = board[(board["basis"] == basis) & (board["what"] == what)]
    if not len(rows):
        return
    called = titles(made)
    (best,) = rows[rows["standing"].isin((AHEAD, BEST))].to_dict("records")
    level_with = [called[name] for name in rows[rows["standing"] == LEVEL]["theory"]]
    sure = (
        text("level within noise: {theories}").format(theories=_listed(level_with))
        if level_with
        else text("ahead of every rival")
    )
    others = {
        name: level(float(score), 3)
        for name, score in zip(rows["theory"], rows["crps"], strict=True)
        if name in (WHOLE.name, NO_CHANGE)
    }
    beside = joined([f"{called[name]} {score}" for name, score in others.items()])
    yield text(_BEST[what]).format(
        theory=called[best["theory"]], score=level(best["crps"], 3), sure=sure, beside=beside
    )


def _missing(about: Mapping[str, Any]) -> Iterator[str]:
    """Yield which mechanisms no rival holds."""
    if about["held_by_none"]:
        yield text(
            "None of the theories holds {mechanisms}: what these moved, every one of them must"
            " miss."
        ).format(mechanisms=joined(about["held_by_none"]))


def cautions(about: Mapping[str, Any]) -> list[str]:
    """Return what is to be kept in mind of the whole."""
    told = [
        text(
            "A theory here is the law with all but some mechanisms off, not the theory as its"
            " authors would run it."
        ),
        text("What of each theory the law cannot express is listed with it."),
        text(
            "Every theory is lent the same way from conduct to institutions and polls"
            " ({coefficients}), without which it could not be held against either."
        ).format(coefficients=", ".join(LENT)),
    ]
    if "record" not in about:
        return told
    return [
        *told,
        text(
            "In an episode a theory counts as ahead only where the 95 % interval of the difference"
            " from each rival excludes zero. Intervals draw whole poll series and coded changes"
            " anew and move every observation by its error of measurement. The best is picked after"
            " the fact and many comparisons are made, so that one lead may be luck."
        ),
        text(
            "Coded changes are few in an episode, and each is one coder's number with a large"
            " error. That no theory is ahead says that they cannot be told apart, not that they"
            " agree."
        ),
        text(
            "Theories see the drivers and events of the months they foretell, coded by one who knew"
            " the outcomes; no change sees none of them."
        ),
        text("Scores in sample and out of it never share a column."),
    ]
