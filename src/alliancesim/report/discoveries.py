"""Scenario discovery as a folder: tables, manifest, pictures and page.

Neither the words of a rule nor its pictures are made here: discovery_wording and
discovery_pictures.
"""

from __future__ import annotations

import shlex
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import pandas as pd

from alliancesim.discovery.again import POINTS
from alliancesim.discovery.dataset import keep_points
from alliancesim.discovery.discovering import Discovered, Discovery
from alliancesim.discovery.folding import FOLDS
from alliancesim.discovery.tables import manifest, tables
from alliancesim.discovery.trees import Leaf
from alliancesim.language import message, text
from alliancesim.report import discovery_conditions as conditions
from alliancesim.report import discovery_wording as wording
from alliancesim.report import record
from alliancesim.report.discovery_pictures import pictures
from alliancesim.report.files import put_page
from alliancesim.report.numbers import level
from alliancesim.report.pictures import Picture
from alliancesim.report.templating import template
from alliancesim.report.wording import LENS
from alliancesim.results.folder import appearing, write_tables

QUESTION = message("Under which conditions does the wedge split, do nothing, or backfire?")


class Row(NamedTuple):
    """One limit of a box in the page's table.

    Attributes:
        condition: in words.
        quasi_p: quasi-p-values of its limits, lower before upper.
        again: in how many folds each limit is found again.
    """

    condition: str
    quasi_p: str
    again: str


class Section(NamedTuple):
    """What the page says of one verdict.

    Attributes:
        discovery: what was found.
        title: the verdict, and whether others stand in for it.
        headline: in one line.
        sentences: with its figures.
        rows: limits of the box, if there is a rule.
        leaves: rules of the tree: what they are, and how many points they hold.
    """

    discovery: Discovery
    title: str
    headline: str
    sentences: list[str]
    rows: list[Row]
    leaves: list[tuple[str, Leaf]]


def write_discovered(found: Discovered, folder: Path, words: Sequence[str]) -> None:
    """Write what is discovered to a new folder, whole or not at all.

    Args:
        found: what is discovered.
        folder: where to: tables as CSV, ``manifest.json``, ``report.html``, the pictures
            ``tradeoff`` and ``limits`` as PNG and SVG, where there is anything to draw, and in
            ``experiment`` the points that it rests on.
        words: of the command that asks for it.

    Raises:
        InputError: if the folder is taken or cannot be written.
    """
    made = tables(found)
    about = {**manifest(found, made), "command": list(words)}
    drawn = pictures(found, made)
    page = discovery_page(found, made, about, drawn)
    with appearing(folder) as into:
        write_tables(into, made, about)
        keep_points(found.dataset.folder, into / POINTS)
        put_page(into, drawn, page)


def discovery_page(
    found: Discovered,
    made: Mapping[str, pd.DataFrame],
    about: dict[str, Any],
    drawn: Mapping[str, Picture],
) -> str:
    """Return the page on what is discovered.

    Args:
        found: the answer.
        made: its tables by name.
        about: the manifest.
        drawn: its figures by name.
    """
    return template("discovery.html.j2").render(
        manifest=about,
        experiment=found.dataset.experiment,
        question=text(QUESTION),
        sections=[_section(found, one, made) for one in found.discoveries],
        pictures=drawn,
        basis=wording.basis(found),
        choice=text(wording.CHOICE),
        law=found.dataset.among != "inputs",
        folds=FOLDS,
        experimented=record.experiment_command(found.dataset.manifest),
        command=shlex.join(about["command"]),
        versions=record.versions(about),
        digests=record.digests(about),
        lens=text(LENS),
    )


def _section(found: Discovered, one: Discovery, made: Mapping[str, pd.DataFrame]) -> Section:
    """Return what the page says of one verdict."""
    words = conditions.Words(found.dataset)
    rows = []
    kept = made["boxes"][made["boxes"]["verdict"] == one.target.word]
    if one.found is not None and one.standing == "rule":
        for name, ends in one.found.box.items():
            theirs = kept[kept["feature"] == name]
            rows.append(
                Row(
                    words.condition(name, ends),
                    ", ".join(_quasi(p) for p in theirs["quasi_p"]),
                    ", ".join(_times(again) for again in theirs["folds"]),
                )
            )
    grown = one.tree.leaves if one.tree else ()
    leaves = [(conditions.leaf_words(words, leaf), leaf) for leaf in grown]
    told = wording.headline(found, one), wording.sentences(found, one)
    return Section(one, wording.titled(one), *told, rows, leaves)


def _quasi(p: float) -> str:
    """Return a quasi-p-value."""
    return f"<{level(0.001, 3)}" if p < 0.001 else level(p, 3)


def _times(again: int) -> str:
    """Return in how many folds a limit is found again."""
    return text("{times} of {folds}").format(times=again, folds=FOLDS)
