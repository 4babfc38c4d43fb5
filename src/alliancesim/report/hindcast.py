"""The page on a hindcast, and its figures.

No score is worked out here, which hindcast_scores does.
"""

from __future__ import annotations

import functools
import math
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import pandas as pd

from alliancesim.figures import (
    chains,
    hindcast_changes,
    hindcast_names,
    hindcast_paths,
    hindcast_residuals,
    hindcast_scoreboard,
)
from alliancesim.figures.hindcast_paths import Charted
from alliancesim.figures.svg import Drawing
from alliancesim.figures.words import signed
from alliancesim.language import text
from alliancesim.report import hindcast_captions, hindcast_scores, hindcast_wording, record, wording
from alliancesim.report.captions import Caption
from alliancesim.report.hindcast_results import FORECAST, IN_SAMPLE, NO_CHANGE, Hindcast
from alliancesim.report.hindcast_scores import FORECAST_WAY, LEFT_OUT_WAY
from alliancesim.report.mechanism_wording import MEANINGS
from alliancesim.report.numbers import level, percent, span
from alliancesim.report.pictures import Picture, picture
from alliancesim.report.templating import template

EACH_LEFT_OUT = "each episode left out"
"""In the table of scores: all splits that leave an episode out, together."""

Part = tuple[Caption, Drawing, dict[str, pd.DataFrame]]
"""What makes a figure: its words, how it is drawn, and its data."""


def pictures(hindcast: Hindcast) -> dict[str, Picture]:
    """Return the figures that a hindcast has something to show in, numbered in their order."""
    held = hindcast.held_out(FORECAST)
    apart = hindcast_wording.left_out(hindcast)
    parts: dict[str, Part | None] = {
        "forecast": _paths(hindcast, FORECAST),
        "scoreboard": _scoreboard(hindcast, held, hindcast_wording.split_title(hindcast, FORECAST)),
        "changes": _changes(hindcast),
        "episodes": _scoreboard(hindcast, apart, text(hindcast_wording.EACH_LEFT_OUT_TITLE)),
        "calibration": _calibration(hindcast, held),
        "residuals": _residuals(hindcast),
        "coefficients": _learned(hindcast),
        "in-sample": _paths(hindcast, IN_SAMPLE),
    }
    found = [(name, part) for name, part in parts.items() if part is not None]
    return {
        name: picture(number, name, *part) for number, (name, part) in enumerate(found, start=1)
    }


def summary(hindcast: Hindcast) -> Picture | None:
    """Return one figure of the forecast: the scores on all levels and on all changes."""
    title = hindcast_wording.split_title(hindcast, FORECAST)
    only = (hindcast_scores.LEVELS, hindcast_scores.CHANGES)
    part = _scoreboard(hindcast, hindcast.held_out(FORECAST), title, only)
    if part is None:
        return None
    caption, draw, data = part
    # Where the model is worse, quantity by quantity, is not to be seen here.
    reading = caption._replace(text=text(hindcast_captions.RATIOS))
    return picture(1, "scoreboard", reading, draw, data)


def hindcast_page(hindcast: Hindcast, drawn: Mapping[str, Picture]) -> str:
    """Return the page on a hindcast.

    Args:
        hindcast: its results.
        drawn: its figures.
    """
    manifest = hindcast.manifest
    split = _learned_in(hindcast)
    return template("hindcast.html.j2").render(
        manifest=manifest,
        title=hindcast.title,
        question=_question(manifest),
        headline=hindcast_wording.headline(hindcast),
        details=hindcast_wording.details(hindcast),
        notes=[
            text(hindcast_wording.HELD_OUT),
            text(hindcast_wording.FORESEEN),
            text(hindcast_wording.INTERVALS),
        ],
        pictures=drawn,
        forecast=_scores(hindcast, FORECAST),
        apart=_scores(hindcast, EACH_LEFT_OUT),
        variants=[_scores(hindcast, name) for name in hindcast.variants],
        fitted=_scores(hindcast, IN_SAMPLE),
        changes=_changes_told(hindcast),
        ways=(LEFT_OUT_WAY, FORECAST_WAY),
        learned=_learned_told(hindcast, split),
        learned_title=hindcast_wording.split_title(hindcast, split),
        names=hindcast.names,
        headed=_headed,
        forecaster_name=hindcast_names.forecaster_name,
        forecasters=_described(manifest),
        command=_command(manifest),
        report=record.report_command(hindcast.folder),
        versions=record.versions(manifest),
        lens=text(wording.LENS),
    )


def _question(manifest: Mapping[str, Any]) -> str:
    """Return the question that the calibration's file asks, if it is told."""
    calibration = manifest.get("calibration")
    return text(str(calibration.get("question", ""))) if isinstance(calibration, dict) else ""


def _described(manifest: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Return what each forecaster sees, as far as the manifest tells it."""
    found = manifest.get("forecasters")
    items = found.items() if isinstance(found, dict) else ()
    return [(str(name), text(str(sees))) for name, sees in items]


def _command(manifest: Mapping[str, Any]) -> str:
    """Return the command line that makes these results again."""
    options = manifest.get("options")
    settings = options.get("set", []) if isinstance(options, dict) else []
    return record.fitting_command("validate", str(manifest["name"]), list(map(str, settings)))


def _charted(hindcast: Hindcast, split: str) -> Charted:
    """Return what the charts of a split show."""
    paths = hindcast.paths[hindcast.paths["split"] == split]
    seen = hindcast.model[hindcast.model["split"] == split]
    return Charted(paths, seen, hindcast.episodes, hindcast.names)


def _paths(hindcast: Hindcast, split: str) -> Part | None:
    charted = _charted(hindcast, split)
    if not len(charted.paths) or not len(charted.seen):
        return None
    draw = functools.partial(hindcast_paths.paths_chart, charted)
    data = {"data": charted.paths, "observations": charted.seen}
    return hindcast_captions.paths(charted), draw, data


def _scoreboard(
    hindcast: Hindcast, rows: pd.DataFrame, title: str, only: Sequence[str] = ()
) -> Part | None:
    table = hindcast_scores.ratios(hindcast, rows)
    if only:
        table = table[table["what"].isin(only)]
    if not len(table):
        return None
    drawn = hindcast_scoreboard.looks(hindcast.forecasters)
    drawn.pop(NO_CHANGE, None)
    draw = functools.partial(hindcast_scoreboard.scoreboard_chart, table, drawn)
    return hindcast_captions.scoreboard(table, title), draw, {"data": table}


def _changes(hindcast: Hindcast) -> Part | None:
    table = hindcast_scores.changes(hindcast)
    if not len(table):
        return None
    ways = [way for way in (LEFT_OUT_WAY, FORECAST_WAY) if (table["way"] == way).any()]
    draw = functools.partial(hindcast_changes.changes_chart, table, ways, hindcast.names)
    return hindcast_captions.changes(table, ways), draw, {"data": table}


def _calibration(hindcast: Hindcast, rows: pd.DataFrame) -> Part | None:
    kept = hindcast_scores.coverage(hindcast, rows)
    if not kept:
        return None
    table, places = pd.DataFrame(kept), hindcast_scores.places(hindcast)
    drawn = hindcast_scoreboard.looks(hindcast.forecasters)
    draw = functools.partial(hindcast_scoreboard.calibration_chart, table, places, drawn)
    data = {"data": table, "places": places}
    return hindcast_captions.calibration(kept, places), draw, data


def _residuals(hindcast: Hindcast) -> Part | None:
    charted = _charted(hindcast, FORECAST)
    if not len(charted.paths) or not len(charted.seen):
        return None
    table = hindcast_scores.residuals(charted.seen)
    draw = functools.partial(
        hindcast_residuals.residuals_chart,
        table,
        charted.ends,
        charted.last_fitted,
        hindcast.names,
    )
    return hindcast_captions.residuals(table), draw, {"data": table}


def _learned_in(hindcast: Hindcast) -> str:
    """Return the split whose posterior is shown: that of all observations, if there is one."""
    found = set(hindcast.coefficients["split"])
    return IN_SAMPLE if IN_SAMPLE in found else str(hindcast.coefficients["split"].iloc[0])


def _learned(hindcast: Hindcast) -> Part | None:
    split = _learned_in(hindcast)
    table = hindcast_scores.learned(hindcast, split)
    if not len(table):
        return None
    draw = functools.partial(chains.shrinkage_chart, table)
    caption = hindcast_captions.learned(table, hindcast_wording.split_title(hindcast, split))
    return caption, draw, {"data": table}


def _headed(what: str) -> str:
    """Return what was scored as a heading begins."""
    called = hindcast_names.quantity_name(what)
    return called[:1].upper() + called[1:]


class Scored(NamedTuple):
    """The scores of one split, as a table shows them.

    Attributes:
        title: the split in words, which say whether it is in sample.
        groups: what is scored, with a row of cells per forecaster, the best CRPS first.
    """

    title: str
    groups: list[tuple[str, list[dict[str, str]]]]


def _scores(hindcast: Hindcast, split: str) -> Scored:
    """Return the scores of one split; no groups where there are none."""
    rows = hindcast.scores[hindcast.scores["split"] == split]
    groups = [
        (str(what), [_cells(row) for row in some.sort_values("crps").to_dict("records")])
        for what, some in rows.groupby("what", sort=False)
    ]
    title = (
        text(hindcast_wording.EACH_LEFT_OUT_TITLE)
        if split == EACH_LEFT_OUT
        else hindcast_wording.split_title(hindcast, split)
    )
    return Scored(title, groups)


def _cells(row: Mapping[Any, Any]) -> dict[str, str]:
    """Return one forecaster's scores as text, with intervals where the table has them."""
    signs = int(row["signs"]) if math.isfinite(row["signs"]) else 0
    return {
        "forecaster": str(row["forecaster"]),
        "n": f"{row['n']:.0f}",
        "crps": level(row["crps"], 3),
        "crps_ends": _ends(row, "crps"),
        "rmse": level(row["rmse"], 3),
        "rmse_ends": _ends(row, "rmse"),
        "bias": signed(row["bias"], 3),
        "signs": _signs(row["sign_hits"], signs) if signs else "–",
        "cover50": percent(row["cover50"]),
        "cover90": percent(row["cover90"]),
    }


def _signs(hits: float, signs: int) -> str:
    return text("{hits} of {count}").format(hits=f"{hits:.0f}", count=signs)


def _ends(row: Mapping[Any, Any], score: str) -> str:
    """Return the ends of a score's interval, empty where it is not known."""
    try:
        low, high = (
            float(row.get(f"{score}_{end}", math.nan) or math.nan) for end in ("low", "high")
        )
    except ValueError:
        return ""
    known = math.isfinite(low) and math.isfinite(high)
    return span(level(low, 3), level(high, 3)) if known else ""


def _changes_told(hindcast: Hindcast) -> list[dict[str, Any]]:
    """Return every coded change beside what was foretold of it, as text."""
    table = hindcast_scores.changes(hindcast)
    keys = ["variable", "of", "toward", "episode"]
    told = []
    for (variable, of, toward, episode), rows in table.groupby(keys, sort=False):
        first = rows.iloc[0]
        foretold = {
            str(row["way"]): (
                signed(row["mean"], 2),
                span(signed(row["low90"], 2), signed(row["high90"], 2)),
                bool(row["hit"]),
            )
            for row in rows.to_dict("records")
        }
        told.append(
            {
                "episode": str(episode),
                "since": str(first["since"]),
                "date": str(first["date"]),
                "what": f"{text(str(variable))} {of}-{toward}",
                "observed": signed(float(first["observed"]), 2),
                "error": level(float(first["error"]), 2),
                "foretold": foretold,
            }
        )
    return told


def _learned_told(hindcast: Hindcast, split: str) -> list[dict[str, str]]:
    """Return prior and posterior of every coefficient as text, with what it means."""
    return [
        {
            "name": str(row["name"]),
            "meaning": text(MEANINGS[str(row["name"])]),
            "prior": level(row["prior_median"], 3),
            "prior_ends": span(level(row["prior_low90"], 3), level(row["prior_high90"], 3)),
            "median": level(row["median"], 3),
            "ends": span(level(row["low90"], 3), level(row["high90"], 3)),
            "shrinkage": level(row["shrinkage"], 2),
            "word": text(chains.WHETHER[str(row["word"])]),
        }
        for row in hindcast_scores.learned(hindcast, split).to_dict("records")
    ]
