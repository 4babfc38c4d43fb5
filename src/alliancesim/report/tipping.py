"""Tipping points as a folder: tables, manifest, picture and page."""

from __future__ import annotations

import functools
import shlex
from collections.abc import Sequence
from pathlib import Path

import pandas as pd

from alliancesim.figures.svg import Drawing
from alliancesim.figures.tipping import MOST_BARS, frontier_chart, ranking_chart, threshold_chart
from alliancesim.report import pictures, record
from alliancesim.report import tipping_wording as wording
from alliancesim.report.captions import Caption
from alliancesim.report.templating import template
from alliancesim.report.wording import LENS, joined
from alliancesim.results.folder import appearing
from alliancesim.tipping.frontier import Frontier
from alliancesim.tipping.question import Tipped
from alliancesim.tipping.ranking import Ranking
from alliancesim.tipping.tables import manifest, tables, write_into

PAGE = "report.html"
PICTURE = "tipping"


def write_tipped(found: Tipped, folder: Path, words: Sequence[str]) -> None:
    """Write tipping points to a new folder, whole or not at all.

    Args:
        found: the answer.
        folder: where to: tables as CSV, ``manifest.json``, ``report.html`` and, where there is
            anything to draw, ``tipping.png`` and ``tipping.svg``.
        words: of the command that asks for it.

    Raises:
        InputError: if the folder is taken or cannot be written.
    """
    made = tables(found)
    about = manifest(found, made)
    picture = _picture(found, made)
    flips, never = _ranked(made)
    page = template("tipping.html.j2").render(
        manifest=about,
        scenario=found.scenario,
        subject=subject(found),
        picture=picture,
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
        command=shlex.join(words),
        versions=record.versions(about),
        digests=record.digests(about),
        lens=LENS,
    )
    with appearing(folder) as into:
        write_into(made, about, into)
        if picture is not None and picture.png is not None:
            (into / f"{PICTURE}.svg").write_text(f"{picture.wide}\n", "utf-8")
            (into / f"{PICTURE}.png").write_bytes(picture.png())
        (into / PAGE).write_text(page, "utf-8")


def subject(found: Tipped) -> str:
    """Return the question in words."""
    keys = list(found.question.vary)
    if not keys:
        return "What is the smallest change of a single number that flips the verdict?"
    if len(keys) == 1:
        return f"At which value of {keys[0]} do the odds of the verdict turn?"
    return f"Along which curve over {joined(keys)} do the odds of the verdict turn?"


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


def _picture(found: Tipped, made: dict[str, pd.DataFrame]) -> pictures.Picture | None:
    """Return the picture with the words around it, or None where no number flips anything."""
    answer, data = found.answer, next(iter(made.values()))
    draw: Drawing
    if isinstance(answer, Ranking):
        if answer.table["threshold"].isna().all():
            return None
        draw = functools.partial(ranking_chart, answer.table)
        caption = _caption_of_all(answer)
    elif isinstance(answer, Frontier):
        draw = functools.partial(frontier_chart, answer)
        caption = Caption(
            f"Where the odds turn over {joined(list(found.question.vary))}",
            "Colours: mean effect of the wedge on cohesion, orange where it divides. Dots: places"
            " at which half the runs have the verdict, each with its 95 % interval along the axis"
            " on which it was sought. Between the grid's values the effect is taken as straight.",
            f"Map with a curve. {' '.join(wording.sentences(found))}",
        )
    else:
        draw = functools.partial(threshold_chart, answer)
        caption = Caption(
            f"Odds and effect over {answer.span.number.key}",
            "Above: share of runs by verdict. Below: mean effect, band: the middle 90 % of runs,"
            " dotted: the margin. Vertical line: threshold at which half the runs have the verdict,"
            " grey: its 95 % interval. Triangle: the present value."
            + (
                " Thick bar with a dot: middle 90 % and median of the draws' own thresholds."
                if answer.draws is not None
                else ""
            ),
            f"Stacked areas and a line chart. {' '.join(wording.sentences(found))}",
        )
    return pictures.picture(1, PICTURE, caption, draw, {"data": data})


def _caption_of_all(found: Ranking) -> Caption:
    """Return the words around the chart of all numbers."""
    flips = found.table[found.table["threshold"].notna()]
    shown = min(MOST_BARS, len(flips))
    bars = "; ".join(
        f"{row['key']} {wording.value(row['present'])} to {wording.value(row['threshold'])},"
        f" {row['verdict']}"
        for row in flips.head(shown).to_dict("records")
    )
    return Caption(
        "Smallest change of a single number that flips the verdict",
        f"The {shown} smallest of {len(flips)}, as shares of each number's range; beside each bar"
        " the present value and the nearest at which the verdict is another, without shocks."
        " Diamonds: where the runs put the threshold, with its 95 % interval.",
        f"Bar chart. {bars}.",
    )
