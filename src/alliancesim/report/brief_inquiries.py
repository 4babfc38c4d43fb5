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
from alliancesim.report.pictures import Picture
from alliancesim.report.remade import Progress, made_again
from alliancesim.report.wording import LENS
from alliancesim.tournament.tables import read_tables as read_tournament


def of_sensitivity(folder: Path, about: dict[str, Any], progress: Progress) -> Brief:
    """Return the brief on a sensitivity analysis."""
    told = sensitivity.read_sensitivity(folder, about)
    sentences = sensitivity_wording.sentences(about, told.tables, told.labels)
    limits = sensitivity_wording.cautions(about)
    question = text("Which of its numbers does the answer hang on?")
    title = told.loaded.experiment.title
    return _told(title, question, sentences, limits, about, sensitivity.pictures(told))


def of_recoding(folder: Path, about: dict[str, Any], progress: Progress) -> Brief:
    """Return the brief on recodings."""
    made = read_recoded(folder, about)
    question = text("Does the verdict hold under other codes for the same judgements?")
    return _told(
        str(about["scenario"]["title"]),
        question,
        recodings_wording.sentences(about, made),
        [recodings_wording.basis(about), *recodings_wording.cautions(about)],
        about,
        recodings.drawn_of(about, made),
    )


def of_discovery(folder: Path, about: dict[str, Any], progress: Progress) -> Brief:
    """Return the brief on what is discovered in an experiment."""
    found, made = made_again(folder, about, again, tables, progress)
    heads = [discovery_wording.headline(found, one) for one in found.discoveries]
    more = [said for one in found.discoveries for said in discovery_wording.sentences(found, one)]
    return _told(
        found.dataset.experiment.title,
        discoveries.QUESTION,
        [*heads, *more],
        [discovery_wording.basis(found), discovery_wording.CHOICE],
        about,
        discovery_pictures.pictures(found, made),
    )


def of_tournament(folder: Path, about: dict[str, Any], progress: Progress) -> Brief:
    """Return the brief on a tournament of theories."""
    made: Mapping[str, pd.DataFrame] = read_tournament(folder, about)
    question = text("Which theory foresees the record best?")
    sentences = tournament_wording.sentences(about, made)
    drawn = tournament.pictures(about, made)
    return _told(str(about["name"]), question, sentences, [], about, drawn)


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
