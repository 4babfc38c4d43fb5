"""Recodings as a folder: tables, manifest, picture and page.

Nothing is recoded here, and no sentence made.
"""

from __future__ import annotations

import functools
import shlex
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pandas as pd

from alliancesim.figures.recoding import recoding_chart
from alliancesim.figures.words import scale_name
from alliancesim.language import text
from alliancesim.recoding.codes import WIDTHS
from alliancesim.recoding.question import ALL, Recoded
from alliancesim.recoding.tables import manifest, tables
from alliancesim.report import pictures, record
from alliancesim.report import recodings_wording as wording
from alliancesim.report.captions import Caption
from alliancesim.report.files import write_study
from alliancesim.report.templating import template
from alliancesim.report.wording import LENS

PICTURE = "recoding"


def write_recoded(
    found: Recoded, folder: Path, words: Sequence[str]
) -> tuple[dict[str, Any], dict[str, pd.DataFrame]]:
    """Write recodings to a new folder, whole or not at all.

    Args:
        found: the answer.
        folder: where to: tables as CSV, ``manifest.json``, ``report.html``, ``recoding.png`` and
            ``recoding.svg``; and ``posterior.csv``, where coefficients were drawn.
        words: of the command that asks for it.

    Returns:
        Manifest and tables.

    Raises:
        InputError: if the folder is taken or cannot be written.
    """
    made = tables(found)
    about = manifest(found, made, words)
    drawn = drawn_of(about, made)
    page = recoding_page(about, made, drawn)
    write_study(folder, made, about, drawn, page, found.posterior)
    return about, made


def recoding_page(
    about: Mapping[str, Any],
    made: Mapping[str, pd.DataFrame],
    drawn: Mapping[str, pictures.Picture],
) -> str:
    """Return the page on recodings.

    Args:
        about: the manifest.
        made: tables by name.
        drawn: its figure, as from :func:`drawn_of`.
    """
    shares = made["shares"]
    return template("recoding.html.j2").render(
        manifest=about,
        scenario=about["scenario"],
        picture=drawn[PICTURE],
        sentences=wording.sentences(about, made),
        basis=wording.basis(about),
        cautions=wording.cautions(about),
        shares=shares[shares["scale"] == ALL].to_dict("records"),
        alone=_side_by_side(made),
        scales=_scales(made["judgements"]),
        scale_name=scale_name,
        share=wording.share,
        with_ends=wording.with_ends,
        command=shlex.join(about["command"]),
        versions=record.versions(dict(about)),
        digests=record.digests(dict(about)),
        lens=LENS,
    )


def _side_by_side(made: Mapping[str, pd.DataFrame]) -> list[tuple[str, list[dict[Any, Any]]]]:
    """Return each scale with what it does alone and beside the others, a row per width.

    Scales that change the verdict most often come first.
    """
    shares, influence = made["shares"], made["influence"]
    alone = shares[shares["scale"] != ALL].merge(influence, on=["width", "scale"])
    order = alone.groupby("scale", sort=False)["stands"].min().sort_values(kind="stable").index
    return [(str(name), alone[alone["scale"] == name].to_dict("records")) for name in order]


def _scales(table: pd.DataFrame) -> list[tuple[str, list[dict[Any, Any]]]]:
    """Return the numbers on each scale, rising."""
    return [
        (str(name), rows.sort_values("value", kind="stable").to_dict("records"))
        for name, rows in table.groupby("scale", sort=False)
    ]


def drawn_of(
    about: Mapping[str, Any], made: Mapping[str, pd.DataFrame], most: int | None = None
) -> dict[str, pictures.Picture]:
    """Return the figure of recodings with the words around it, by its name.

    Args:
        about: the manifest.
        made: tables by name.
        most: scales shown, if fewer than usual, beside all at once.
    """
    given = about["given"]
    told = "; ".join(
        text("{width}: verdict stands in {share}").format(
            width=text(width), share=wording.share(wording.whole(made, width), "stands")
        )
        for width in WIDTHS
    )
    caption = Caption(
        text("The verdict under other codes for the same judgements"),
        text(
            "Above: mean effect of each recoding of all judgements at once; bars where order alone"
            " is kept, outline where codes stay within half a grade; triangle: as given. Below:"
            " share of recodings in which the verdict falls, all at once and one scale alone, with"
            " 95 % intervals."
        ),
        text("Histogram and dot chart. As given: {word}. {told}.").format(
            word=text(given["verdict"]), told=told
        ),
    )
    draw = functools.partial(
        recoding_chart,
        made["recodings"],
        made["shares"],
        given["effect"],
        about["margin"],
        most=most,
    )
    return {PICTURE: pictures.picture(1, PICTURE, caption, draw, {"data": made["shares"]})}
