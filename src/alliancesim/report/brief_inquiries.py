"""Briefs on what sensitivity, recoding, discovery and tournament find: told, not judged.

Their shares are of what was tried, not of what may be, and get no words of probability.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pandas as pd

from alliancesim.discovery.again import again
from alliancesim.discovery.tables import tables
from alliancesim.language import text
from alliancesim.recoding.tables import read_tables as read_recoded
from alliancesim.report import (
    discoveries,
    discovery_pictures,
    discovery_wording,
    recodings,
    recodings_wording,
    sensitivity,
    sensitivity_wording,
    tournament,
    tournament_wording,
)
from alliancesim.report.brief_parts import Brief, Ground, coefficients_ground, stated
from alliancesim.report.phrases import plain_spaces
from alliancesim.report.pictures import Picture
from alliancesim.report.remade import Progress, made_again
from alliancesim.report.wording import LENS
from alliancesim.tournament.tables import read_tables as read_tournament

_MOST_SCALES = 3
"""Scales of judgements in a brief's figure, beside all at once."""


def of_sensitivity(folder: Path, about: dict[str, Any], progress: Progress) -> Brief:
    """Return the brief on a sensitivity analysis."""
    told = sensitivity.read_sensitivity(folder, about)
    given, strongest, *more = sensitivity_wording.sentences(about, told.tables, told.labels)
    sentences = [strongest, given, *more]
    limits = sensitivity_wording.cautions(about)
    question = text("Which of its numbers does the answer hang on?")
    title = text(told.loaded.experiment.title)
    return _told(title, question, sentences, limits, about, sensitivity.pictures(told))


def of_recoding(folder: Path, about: dict[str, Any], progress: Progress) -> Brief:
    """Return the brief on recodings."""
    made = read_recoded(folder, about)
    question = text("Does the verdict hold under other codes for the same judgements?")
    answer = plain_spaces(recodings_wording.reading(about, made))
    more = [said for said in recodings_wording.sentences(about, made) if said != answer]
    return _told(
        text(str(about["scenario"]["title"])),
        question,
        [answer, *more],
        recodings_wording.cautions(about),
        about,
        recodings.drawn_of(about, made, _MOST_SCALES),
    )._replace(basis=recodings_wording.basis(about))


def of_discovery(folder: Path, about: dict[str, Any], progress: Progress) -> Brief:
    """Return the brief on what is discovered in an experiment."""
    found, made = made_again(folder, about, again, tables, progress)
    heads = [discovery_wording.headline(found, one) for one in found.discoveries]
    more = [said for one in found.discoveries for said in discovery_wording.sentences(found, one)]
    return _told(
        text(found.dataset.experiment.title),
        discoveries.QUESTION,
        [*heads, *more],
        [text(discovery_wording.CHOICE)],
        about,
        discovery_pictures.pictures(found, made),
    )._replace(basis=discovery_wording.basis(found))


def of_tournament(folder: Path, about: dict[str, Any], progress: Progress) -> Brief:
    """Return the brief on a tournament of theories."""
    made: Mapping[str, pd.DataFrame] = read_tournament(folder, about)
    question = text("Which theory foresees the record best?")
    # What was asked comes first: the record, out of sample; then the scenario.
    told = [
        tournament_wording.headline(made),
        *tournament_wording.of_record(about, made),
        *tournament_wording.of_scenario(about, made),
    ]
    sentences = [plain_spaces(said) for said in told if said]
    drawn = tournament.pictures(about, made)
    if "scoreboard" in drawn:
        drawn = {"scoreboard": drawn["scoreboard"]}
    limits = tournament_wording.cautions(about)
    brief = _told(str(about["name"]), question, sentences, limits, about, drawn)
    return brief._replace(basis=tournament_wording.episodes_named(made))


def _told(
    title: str,
    question: str,
    sentences: Sequence[str],
    limits: Sequence[str],
    about: dict[str, Any],
    drawn: Mapping[str, Picture],
) -> Brief:
    """Return a brief whose sentences carry their numbers themselves."""
    unseen = text("Shares here are of what was tried, not probabilities of what may happen.")
    drawn_from = [coefficients_ground(about)] if "posterior" in about else []
    return Brief(
        title,
        question,
        sentences[0],
        stated(sentences[1:]),
        "",
        [],
        [],
        [Ground(unseen, True), *drawn_from],
        [text(LENS), *limits],
        next(iter(drawn.values()), None),
    )
