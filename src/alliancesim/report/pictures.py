"""A report's figures: each drawn for a page and for a phone, with its number and its words."""

from __future__ import annotations

from collections.abc import Callable
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
    timeline,
)
from alliancesim.figures.svg import Chart, Drawing, wide_and_narrow
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
    """

    number: int
    caption: Caption
    wide: Markup
    narrow: Markup


_Say = Callable[[Result], Caption]

_ALWAYS: dict[str, tuple[Chart, _Say]] = {
    "cohesion": (timeline.cohesion_chart, captions.cohesion),
}
_WHERE_PLAYED: dict[str, tuple[Chart, _Say]] = {
    "distribution": (distribution.effect_distribution, captions.distribution),
    "reasons": (mechanisms.reasons_chart, captions.reasons),
}
_WHERE_VARIED: dict[str, tuple[Chart, _Say]] = {
    "robustness": (robust.robustness_chart, captions.robustness),
}
_WHERE_FOLLOWED: dict[str, tuple[Chart, _Say]] = {
    "actions": (actions.actions_chart, captions.actions),
    "network": (network.network_chart, captions.relations),
    "opinion": (opinions.opinion_chart, captions.opinion),
}


def pictures(result: Result) -> dict[str, Picture]:
    """Return the figures that a result has something to show in, numbered in their order."""
    played = wording.is_played(result.manifest["scenario"])
    chosen = dict(_ALWAYS)
    if played:
        chosen |= _WHERE_PLAYED
    if played and robust.varied(result):
        chosen |= _WHERE_VARIED
    if len(result.trajectories):
        chosen |= _WHERE_FOLLOWED
    return {
        name: _picture(number, name, say(result), lambda size, draw=draw: draw(result, size))  # type: ignore[misc]
        for number, (name, (draw, say)) in enumerate(chosen.items(), start=1)
    }


def comparison_picture(table: pd.DataFrame, margin: float) -> Picture:
    """Return the figure of a comparison of scenarios."""
    caption = captions.comparison(table, margin)
    return _picture(
        1, "comparison", caption, lambda size: comparing.comparison_chart(table, margin, size)
    )


def _picture(number: int, name: str, caption: Caption, draw: Drawing) -> Picture:
    """Return one figure in both sizes."""
    title, description = plain(caption.title, 400), plain(caption.description, 6000)
    wide, narrow = wide_and_narrow(draw, name, title, description)
    # Everything in the SVG comes from an XML serialiser, which has escaped all texts.
    return Picture(number, caption, Markup(wide), Markup(narrow))
