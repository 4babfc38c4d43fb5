"""The pictures of scenario discovery, with the words around them.

Nothing is drawn here, which figures.discovery does; this module says what is to be seen in it.
"""

from __future__ import annotations

import functools
import math
from collections.abc import Iterator, Mapping

import numpy as np
import pandas as pd

from alliancesim.discovery.discovering import Discovered, Discovery
from alliancesim.discovery.features import Feature
from alliancesim.discovery.folding import FOLDS
from alliancesim.experiment.factors import Axis
from alliancesim.experiment.standing import base_level
from alliancesim.figures.discovery import Bar, Tradeoff, limits_chart, tradeoff_chart
from alliancesim.language import text
from alliancesim.report import discovery_conditions as conditions
from alliancesim.report import discovery_wording as wording
from alliancesim.report.captions import Caption
from alliancesim.report.numbers import percent
from alliancesim.report.pictures import Picture, picture
from alliancesim.scenario.quantities import month_count


def pictures(found: Discovered, made: Mapping[str, pd.DataFrame]) -> dict[str, Picture]:
    """Return the pictures that there is anything to draw in."""
    panels = [panel(one, made["trajectory"]) for one in found.discoveries if one.found]
    bars = [bar for one in found.discoveries for bar in bars_of(found, one)]
    drawn = {}
    if panels:
        caption = Caption(
            text("Coverage against density of the boxes that PRIM peels"),
            text(
                "From the right, where the box holds all points, to the smallest. Full line: on the"
                " points that boxes were found on; broken: boxes after as many peels, on points"
                " held out; dotted: the share of all points. Filled mark: the box chosen. Hollow"
                " mark: rules found in the same way, each without one of {folds} parts of the"
                " points, on those parts, with 95 % intervals. Where it does not lie above the"
                " dotted line there is no rule."
            ).format(folds=FOLDS),
            " ".join([text("Line charts."), *(_described(panel) for panel in panels)]),
        )
        draw = functools.partial(tradeoff_chart, panels)
        data = {"data": made["trajectory"]}
        drawn["tradeoff"] = picture(1, "tradeoff", caption, draw, data)
    if bars:
        caption = Caption(
            text("The limits of the rules"),
            text(
                "Each bar is the range that the experiment varies, its coloured part what the rule"
                " asks for. Diamond: where the scenario itself stands. A point lies in a rule's box"
                " where it keeps all limits of the colour."
            ),
            text("Bars. {listed}.").format(
                listed="; ".join(f"{bar.title}: {bar.label} {bar.text}" for bar in bars)
            ),
        )
        draw = functools.partial(limits_chart, bars)
        drawn["limits"] = picture(2, "limits", caption, draw, {"data": made["boxes"]})
    return drawn


def panel(one: Discovery, trajectory: pd.DataFrame) -> Tradeoff:
    """Return one verdict's panel."""
    word = one.target.word
    counted = one.found.tally if one.found else one.held_out
    held_out = None
    if one.coverage is not None and one.density is not None:
        held_out = (one.coverage, one.density)
    title = wording.titled(one)
    return Tradeoff(
        word,
        text("{verdict}: no rule").format(verdict=title) if one.standing == "none" else title,
        trajectory[trajectory["verdict"] == word],
        (counted.coverage, counted.density),
        held_out,
        one.target.base,
        one.standing == "rule",
    )


def _described(panel: Tradeoff) -> str:
    """Return one panel for those who cannot see it."""
    fields = {
        "title": panel.title,
        "coverage": percent(panel.chosen[0]),
        "density": percent(panel.chosen[1]),
        "base": percent(panel.base),
    }
    if panel.held_out is None:
        return text(
            "{title}: box chosen with coverage {coverage} and density {density}; share of all"
            " points {base}."
        ).format(**fields)
    across, up = (percent(found.estimate) for found in panel.held_out)
    return text(
        "{title}: box chosen with coverage {coverage} and density {density}, on points held out"
        " {across} and {up}; share of all points {base}."
    ).format(**fields, across=across, up=up)


def bars_of(found: Discovered, one: Discovery) -> Iterator[Bar]:
    """Yield the limits of one verdict's rule along the ranges of their factors."""
    if one.found is None or one.standing != "rule":
        return
    dataset = found.dataset
    words = conditions.Words(dataset)
    axes = {axis.name: axis for axis in dataset.axes}
    features = {feature.name: feature for feature in dataset.features}
    for name, ends in one.found.box.items():
        feature, axis, label = features[name], axes[features[name].factor], words.labels[name]
        column = dataset.table[name]
        reach = float(column.min()), float(column.max())
        inside = max(reach[0], ends.low), min(reach[1], ends.high)
        at = _present(found, feature, axis)
        yield Bar(
            one.target.word,
            wording.titled(one),
            label,
            (_along(axis, inside[0], reach), _along(axis, inside[1], reach)),
            conditions.range_ends(feature, *reach),
            conditions.limit(feature, ends),
            None if at is None or not reach[0] <= at <= reach[1] else _along(axis, at, reach),
        )


def _along(axis: Axis, value: float, reach: tuple[float, float]) -> float:
    """Return where a value lies in a range, 0 to 1, on the axis's scale."""
    ends = np.array([value, *reach])
    at, low, high = np.log(ends) if axis.scale == "log" and reach[0] > 0 else ends
    return float((at - low) / (high - low))


def _present(found: Discovered, feature: Feature, axis: Axis) -> float | None:
    """Return where the scenario itself stands, in the feature's numbers."""
    level = base_level(axis, found.dataset.scenario)
    if level is None:
        return None
    if feature.kind == "month":
        return float(month_count(level))
    if feature.kind == "choice":
        return float(str(level) == feature.choice)
    return float(level) if math.isfinite(float(level)) else None
