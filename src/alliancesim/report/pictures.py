"""A report's figures: each drawn for a page and for a phone, with its number and its words.

Nothing is drawn here; studies list figures of their own and only have them made here.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple

import pandas as pd
from markupsafe import Markup

from alliancesim.figures import (
    actions,
    comparing,
    distribution,
    mechanisms,
    network,
    opinions,
    robust,
    tables,
    timeline,
)
from alliancesim.figures.export import drawn
from alliancesim.figures.svg import Chart, Drawing
from alliancesim.figures.words import plain
from alliancesim.report import captions, wording
from alliancesim.report.captions import Caption
from alliancesim.results.result import Result


class Picture(NamedTuple):
    """One figure of a report.

    Attributes:
        number: its number on the page.
        caption: the words around it.
        wide: SVG for a page.
        narrow: SVG for a phone.
        png: makes the bytes of a PNG file of it.
        tables: the data behind it, by what they are.
        links: files that it was written as: what each is, and its address.
    """

    number: int
    caption: Caption
    wide: Markup
    narrow: Markup
    png: Callable[[], bytes] | None = None
    tables: Mapping[str, pd.DataFrame] = {}
    links: tuple[tuple[str, str], ...] = ()


_Say = Callable[[Result], Caption]
_Data = Callable[[Result], pd.DataFrame]

_ALWAYS: dict[str, tuple[Chart, _Say, _Data]] = {
    "cohesion": (timeline.cohesion_chart, captions.cohesion, tables.cohesion_table),
}
_WHERE_PLAYED: dict[str, tuple[Chart, _Say, _Data]] = {
    "distribution": (
        distribution.effect_distribution,
        captions.distribution,
        tables.effects_table,
    ),
    "reasons": (mechanisms.reasons_chart, captions.reasons, tables.reasons_table),
}
_WHERE_VARIED: dict[str, tuple[Chart, _Say, _Data]] = {
    "robustness": (robust.robustness_chart, captions.robustness, tables.robustness_table),
}
_WHERE_FOLLOWED: dict[str, tuple[Chart, _Say, _Data]] = {
    "actions": (actions.actions_chart, captions.actions, tables.actions_table),
    "network": (network.network_chart, captions.relations, tables.network_table),
    "opinion": (opinions.opinion_chart, captions.opinion, tables.opinion_table),
}


def pictures(result: Result, only: Sequence[str] = ()) -> dict[str, Picture]:
    """Return the figures that a result has something to show in, numbered in their order.

    Args:
        result: results of one scenario.
        only: names of those that are wanted, if not all are; none else is drawn.
    """
    played = wording.is_played(result.manifest["scenario"])
    chosen = dict(_ALWAYS)
    if played:
        chosen |= _WHERE_PLAYED
    if played and robust.varied(result):
        chosen |= _WHERE_VARIED
    if len(result.trajectories):
        chosen |= _WHERE_FOLLOWED
    if only:
        chosen = {name: chart for name, chart in chosen.items() if name in only}
    return {
        name: picture(
            number,
            name,
            say(result),
            lambda size, draw=draw: draw(result, size),  # type: ignore[misc]
            {"data": data(result)},
        )
        for number, (name, (draw, say, data)) in enumerate(chosen.items(), start=1)
    }


def comparison_picture(table: pd.DataFrame, margin: float) -> Picture:
    """Return the figure of a comparison of scenarios."""
    caption = captions.comparison(table, margin)
    return picture(
        1,
        "comparison",
        caption,
        lambda size: comparing.comparison_chart(table, margin, size),
        {"data": table},
    )


def picture(
    number: int,
    name: str,
    caption: Caption,
    draw: Drawing,
    data: Mapping[str, pd.DataFrame],
) -> Picture:
    """Return one figure in both sizes.

    Args:
        number: its number on the page.
        name: by which it is known there, in small letters.
        caption: the words around it.
        draw: draws it.
        data: the tables behind it, by what they are.
    """
    return _picture(number, name, caption, draw)._replace(tables=data)


def _picture(number: int, name: str, caption: Caption, draw: Drawing) -> Picture:
    """Return one figure in all its forms, its data left out."""
    title, description = plain(caption.title, 400), plain(caption.description, 6000)
    wide, narrow, png = drawn(draw, name, title, description)
    # Everything in the SVG comes from an XML serialiser, which has escaped all texts.
    return Picture(number, caption, Markup(wide), Markup(narrow), png)
