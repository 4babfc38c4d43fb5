"""Tipping points as a folder: tables, manifest, picture and page.

Sentences and the search are not here: tipping_wording and tipping.question have them.
"""

from __future__ import annotations

import functools
import shlex
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pandas as pd

from alliancesim.figures.svg import Drawing
from alliancesim.figures.tipping import MOST_BARS, frontier_chart, ranking_chart, threshold_chart
from alliancesim.language import text
from alliancesim.report import pictures, record
from alliancesim.report import tipping_wording as wording
from alliancesim.report.captions import Caption
from alliancesim.report.files import write_study
from alliancesim.report.phrases import joined
from alliancesim.report.templating import template
from alliancesim.report.wording import LENS
from alliancesim.tipping.frontier import Frontier
from alliancesim.tipping.question import Tipped
from alliancesim.tipping.ranking import Ranking
from alliancesim.tipping.tables import manifest, tables
from alliancesim.tipping.thresholds import Thresholds

PICTURE = "tipping"


def write_tipped(found: Tipped, folder: Path, words: Sequence[str]) -> None:
    """Write tipping points to a new folder, whole or not at all.

    Args:
        found: the answer.
        folder: where to: tables as CSV, ``manifest.json``, ``report.html`` and, where there is
            anything to draw, ``tipping.png`` and ``tipping.svg``; and ``posterior.csv``, where
            coefficients were drawn.
        words: of the command that asks for it.

    Raises:
        InputError: if the folder is taken or cannot be written.
    """
    made = tables(found)
    about = {**manifest(found, made), "command": list(words)}
    drawn = pictures_of(found, made)
    page = tipping_page(found, made, about, drawn)
    write_study(folder, made, about, drawn, page, found.posterior)


def tipping_page(
    found: Tipped,
    made: dict[str, pd.DataFrame],
    about: dict[str, Any],
    drawn: Mapping[str, pictures.Picture],
) -> str:
    """Return the page on tipping points.

    Args:
        found: the answer.
        made: its tables by name.
        about: the manifest.
        drawn: its figures by name.
    """
    flips, never = _ranked(made)
    return template("tipping.html.j2").render(
        manifest=about,
        scenario=found.scenario,
        subject=subject(found),
        picture=drawn.get(PICTURE),
        sentences=wording.sentences(found),
        basis=wording.basis(found),
        thresholds=_rows(made, "thresholds"),
        frontier=_rows(made, "frontier"),
        axes=found.question.vary,
        flips=flips,
        never=never,
        drawn=found.posterior is not None,
        value=wording.value,
        span=wording.span,
        command=shlex.join(about["command"]),
        versions=record.versions(about),
        digests=record.digests(about),
        lens=LENS,
    )


def subject(found: Tipped) -> str:
    """Return the question in words."""
    keys = list(found.question.vary)
    if not keys:
        return text("What is the smallest change of a single number that flips the verdict?")
    if len(keys) == 1:
        return text("At which value of {key} do the odds of the verdict turn?").format(key=keys[0])
    return text("Along which curve over {keys} do the odds of the verdict turn?").format(
        keys=joined(keys)
    )


def _rows(made: dict[str, pd.DataFrame], name: str) -> list[dict[str, object]]:
    """Return the rows of a table that may not be there."""
    return [] if name not in made else made[name].to_dict("records")  # type: ignore[return-value]


def _ranked(
    made: dict[str, pd.DataFrame],
) -> tuple[list[dict[str, object]], list[dict[str, object]]]:
    """Return the rows of the numbers that flip the verdict, and of those that never do."""
    if "ranking" not in made:
        return [], []
    table = made["ranking"]
    parts = table[table["threshold"].notna()], table[table["threshold"].isna()]
    flips, never = (part.to_dict("records") for part in parts)
    return flips, never  # type: ignore[return-value]


def pictures_of(found: Tipped, made: dict[str, pd.DataFrame]) -> dict[str, pictures.Picture]:
    """Return the picture with the words around it; none where no number flips anything."""
    answer, data = found.answer, next(iter(made.values()))
    draw: Drawing
    if isinstance(answer, Ranking):
        if answer.table["threshold"].isna().all():
            return {}
        draw = functools.partial(ranking_chart, answer.table)
        caption = _caption_of_all(answer)
    elif isinstance(answer, Frontier):
        draw = functools.partial(frontier_chart, answer)
        caption = _caption_of_two(found)
    else:
        draw = functools.partial(threshold_chart, answer)
        caption = _caption_of_one(found, answer)
    return {PICTURE: pictures.picture(1, PICTURE, caption, draw, {"data": data})}


def _caption_of_one(found: Tipped, answer: Thresholds) -> Caption:
    """Return the words around the chart over one number."""
    marks = text(
        "Above: share of runs by verdict. Below: mean effect, band: the middle 90 % of runs,"
        " dotted: the margin. Triangle: the present value."
    )
    if answer.turns:
        line = text(
            "Vertical line: threshold at which half the runs have the verdict, grey: its 95 %"
            " interval."
        )
        marks = f"{marks} {line}"
    if answer.draws is not None:
        bar = text("Thick bar with a dot: middle 90 % and median of the draws' own thresholds.")
        marks = f"{marks} {bar}"
    return Caption(
        text("Odds and effect over {key}").format(key=answer.span.number.key),
        marks,
        f"{text('Stacked areas and a line chart.')} {' '.join(wording.sentences(found))}",
    )


def _caption_of_two(found: Tipped) -> Caption:
    """Return the words around the map of two numbers."""
    return Caption(
        text("Where the odds turn over {keys}").format(keys=joined(list(found.question.vary))),
        text(
            "Colours: mean effect of the wedge on cohesion, orange where it divides. Dots: places"
            " at which half the runs have the verdict, each with its 95 % interval along the axis"
            " on which it was sought. Between the grid's values the effect is taken as straight."
        ),
        f"{text('Map with a curve.')} {' '.join(wording.sentences(found))}",
    )


def _caption_of_all(found: Ranking) -> Caption:
    """Return the words around the chart of all numbers."""
    flips = found.table[found.table["threshold"].notna()]
    shown = min(MOST_BARS, len(flips))
    bars = "; ".join(
        f"{row['key']} {wording.span(row['present'], row['threshold'])}, {text(row['verdict'])}"
        for row in flips.head(shown).to_dict("records")
    )
    return Caption(
        text("Smallest change of a single number that flips the verdict"),
        text(
            "The {shown} smallest of {number}, as shares of each number's range; beside each bar"
            " the present value and the nearest at which the verdict is another, without shocks."
            " Diamonds: where the runs put the threshold, with its 95 % interval."
        ).format(shown=shown, number=len(flips)),
        text("Bar chart. {listed}.").format(listed=bars),
    )
