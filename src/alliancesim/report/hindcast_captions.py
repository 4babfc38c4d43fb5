"""Titles, captions and descriptions of the figures of a hindcast.

Who wins is not told here but in hindcast_wording: captions say what is drawn.
"""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from alliancesim.figures.hindcast_names import forecaster_name, quantity_name
from alliancesim.figures.hindcast_paths import Charted, quantities
from alliancesim.figures.words import signed
from alliancesim.language import message, text
from alliancesim.report.captions import Caption
from alliancesim.report.hindcast_results import MODEL
from alliancesim.report.hindcast_scores import Kept
from alliancesim.report.numbers import level, percent, span
from alliancesim.report.phrases import counted, joined
from alliancesim.scenario.quantities import month_text

_BANDS = message(
    "Line: the model's median; dark and light bands: its 50 and 90 % intervals from parameters,"
    " shocks and discrepancy; between the dotted lines: 90 % from parameters alone. Marks: what was"
    " observed, with 90 % of its error. Dashed, ending in diamonds: coded changes, hung on the"
    " model's median where their episode begins. Shaded and named above: the episodes."
)


def paths(charted: Charted) -> Caption:
    """Return the words around the paths of one split."""
    shown = quantities(charted.paths)
    charts = text("{count} line charts.").format(count=len(shown))
    described = f"{charts} {_said_of_levels(charted)}"
    if charted.last_fitted is None:
        seen = text(
            "The fit saw every observation shown: agreement is no evidence that the model"
            " foretells."
        )
        title = text("In sample: paths of the model fitted to all observations")
        return Caption(title, f"{text(_BANDS)} {seen}", described)
    hidden = text(
        "Right of the dashed line, with paler bands and hollow marks, lies what the fit did not"
        " see."
    )
    title = text("In sample to {until}, out of sample after: modelled and observed paths")
    until = month_text(charted.last_fitted)
    return Caption(title.format(until=until), f"{text(_BANDS)} {hidden}", described)


def _said_of_levels(charted: Charted) -> str:
    """Return how many observations lie in their predicted 90 %, seen and held out apart."""
    seen = charted.seen
    inside = (seen["low90"] <= seen["observed"]) & (seen["observed"] <= seen["high90"])
    said = [
        told.format(
            observations=counted(int(held.sum()), "observation"), kept=int((inside & held).sum())
        )
        for told, held in (
            (
                text(
                    "Of {observations} that the fit saw the predicted 90 % interval holds {kept}."
                ),
                ~seen["held_out"],
            ),
            (
                text("Of {observations} held out the predicted 90 % interval holds {kept}."),
                seen["held_out"],
            ),
        )
        if held.any()
    ]
    return " ".join(said)


def changes(table: pd.DataFrame, ways: Sequence[str]) -> Caption:
    """Return the words around the chart of coded changes."""
    told = [
        text("{way}: {hits} of {count} signs right.").format(
            way=text(way), hits=int(mine["hit"].sum()), count=len(mine)
        )
        for way in ways
        for mine in [table[table["way"] == way]]
    ]
    reading = text(
        "Diamonds: the coded change with 90 % of its error. Lines below: 90 % of what the model"
        " foretold without having seen it, thick the middle 50 %; a disc where the sign of its mean"
        " is right, a cross where it is wrong."
    )
    return Caption(
        text("Out of sample: coded changes and what was foretold of them"),
        f"{reading} {' '.join(said[0].upper() + said[1:] for said in told)}",
        f"{text('Dot-and-interval chart.')} {_rows_of_changes(table)}",
    )


def _rows_of_changes(table: pd.DataFrame) -> str:
    """Return every coded change with its predictions as text."""
    right = text(
        "{what}, {episode}, {way}: coded {coded}, foretold {mean} (90 % {ends}), sign right."
    )
    wrong = text(
        "{what}, {episode}, {way}: coded {coded}, foretold {mean} (90 % {ends}), sign wrong."
    )
    return " ".join(
        (right if row["hit"] else wrong).format(
            what=f"{text(row['variable'])} {row['of']}-{row['toward']}",
            episode=row["episode"],
            way=text(row["way"]),
            coded=signed(row["observed"], 2),
            mean=signed(row["mean"], 2),
            ends=span(signed(row["low90"], 2), signed(row["high90"], 2)),
        )
        for row in table.to_dict("records")
    )


RATIOS = message(
    "Mean CRPS of each forecaster over that of no change, by quantity (in brackets: number of"
    " observations); lines: 95 % intervals over calendar years, none where there are fewer than"
    " three; they may run beyond the edge."
)
"""How to read a scoreboard."""


def scoreboard(table: pd.DataFrame, title: str) -> Caption:
    """Return the words around a scoreboard."""
    mine = table[table["forecaster"] == MODEL]
    worse = [quantity_name(str(what)) for what in mine.loc[mine["ratio"] > 1, "what"]]
    lost = (
        text("The model is worse than no change on {quantities}.").format(quantities=joined(worse))
        if worse
        else text("The model is nowhere worse than no change.")
    )
    return Caption(
        text("Scoreboard. {title}").format(title=title),
        f"{text(RATIOS)} {lost}",
        f"{text('Dot chart.')} {_rows_of_ratios(table)}",
    )


def _rows_of_ratios(table: pd.DataFrame) -> str:
    """Return every ratio as text."""
    return " ".join(
        f"{quantity_name(str(what))}: "
        + joined(
            [
                f"{forecaster_name(row['forecaster'])} {level(row['ratio'], 2)}"
                for row in rows.to_dict("records")
            ]
        )
        + "."
        for what, rows in table.groupby("what", sort=False)
    )


def calibration(kept: Sequence[Kept], places: pd.DataFrame) -> Caption:
    """Return the words around the chart of coverage."""
    told = [
        text("{who}: {nominal} intervals hold {share} ({ends}).").format(
            who=forecaster_name(one.forecaster),
            nominal=percent(one.nominal),
            share=percent(one.share),
            ends=span(percent(one.low), percent(one.high)),
        )
        for one in kept
    ]
    alone = text(
        "First: share of the forecast's held-out observations in each forecaster's 50 % (hollow)"
        " and 90 % intervals (filled), with 95 % intervals; dashed: what is promised. Then: where"
        " the observations lie among the ends of the model's intervals. Bars above the black lines"
        " in both tails: too sure; in the middle: too unsure; on one side: biased."
    )
    both = text(
        "First: share of the forecast's held-out observations in each forecaster's 50 % (hollow)"
        " and 90 % intervals (filled), with 95 % intervals; dashed: what is promised. Then: where"
        " the observations lie among the ends of the model's intervals; hatched: the same in"
        " sample, for comparison. Bars above the black lines in both tails: too sure; in the"
        " middle: too unsure; on one side: biased."
    )
    return Caption(
        text("Out of sample: whether the intervals hold what they promise"),
        both if places["what"].nunique() > 1 else alone,
        f"{text('Dot chart and histogram.')} {' '.join(told)}",
    )


def residuals(table: pd.DataFrame) -> Caption:
    """Return the words around the chart of residuals."""
    told = [
        said.format(
            mean=signed(float(rows["standardised"].mean()), 2),
            count=len(rows),
            inside=int((rows["standardised"].abs() <= 1.6449).sum()),
        )
        for said, rows in (
            (
                text("Seen by the fit: mean {mean}, of {count} {inside} in the band."),
                table[~table["held_out"]],
            ),
            (
                text("Held out: mean {mean}, of {count} {inside} in the band."),
                table[table["held_out"]],
            ),
        )
        if len(rows)
    ]
    return Caption(
        text("Residuals of the forecast over time, in sample and out of sample"),
        text(
            "Observed minus predicted, over the spread that was predicted; large marks: coded"
            " changes; marks at ±5 lie there or beyond. Nine in ten should lie in the shaded band,"
            " scattered about 0; a run on one side is a drift that the model does not follow."
        ),
        f"{text('Scatter chart.')} {' '.join(told)}",
    )


def learned(table: pd.DataFrame, title: str) -> Caption:
    """Return the words around the chart of priors and posteriors."""
    told = [
        text("{name}: {median} ({ends}), shrinkage {shrinkage}.").format(
            name=row["name"],
            median=level(row["median"], 3),
            ends=span(level(row["low90"], 3), level(row["high90"], 3)),
            shrinkage=level(row["shrinkage"], 2),
        )
        for row in table.to_dict("records")
    ]
    return Caption(
        text("What the record says of each coefficient. {title}").format(title=title),
        text(
            "90 % intervals before the fit (grey bars) and after (lines), as multiples of the"
            " prior's median; the most narrowed on top. Filled: identified; hollow discs: partly"
            " identified; grey diamonds: the record says little of it."
        ),
        f"{text('Interval chart.')} {' '.join(told)}",
    )
