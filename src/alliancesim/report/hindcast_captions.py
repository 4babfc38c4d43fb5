"""Titles, captions and descriptions of the figures of a hindcast."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from alliancesim.figures.hindcast_paths import Charted, quantities
from alliancesim.report.captions import Caption
from alliancesim.report.hindcast_results import MODEL
from alliancesim.report.hindcast_scores import Kept
from alliancesim.report.numbers import level, percent, signed
from alliancesim.report.wording import counted, joined
from alliancesim.scenario.quantities import month_text

_BANDS = (
    "Line: the model's median; dark and light bands: its 50 and 90 % intervals from parameters,"
    " shocks and discrepancy; between the dotted lines: 90 % from parameters alone. Marks: what was"
    " observed, with 90 % of its error. Dashed, ending in diamonds: coded changes, hung on the"
    " model's median where their episode begins. Shaded and named above: the episodes."
)


def paths(charted: Charted) -> Caption:
    """Return the words around the paths of one split."""
    shown = quantities(charted.paths)
    described = f"{len(shown)} line charts. {_said_of_levels(charted)}"
    if charted.last_fitted is None:
        return Caption(
            "In sample: paths of the model fitted to all observations",
            f"{_BANDS} The fit saw every observation shown: agreement is no evidence that the model"
            " foretells.",
            described,
        )
    until = month_text(charted.last_fitted)
    return Caption(
        f"In sample to {until}, out of sample after: modelled and observed paths",
        f"{_BANDS} Right of the dashed line, with paler bands and hollow marks, lies what the fit"
        " did not see.",
        described,
    )


def _said_of_levels(charted: Charted) -> str:
    """Return how many observations lie in their predicted 90 %, seen and held out apart."""
    seen = charted.seen
    inside = (seen["low90"] <= seen["observed"]) & (seen["observed"] <= seen["high90"])
    told = [
        f"Of {counted(int(held.sum()), 'observation')} {name} the predicted 90 % interval holds"
        f" {int((inside & held).sum())}."
        for name, held in (
            ("that the fit saw", ~seen["held_out"]),
            ("held out", seen["held_out"]),
        )
        if held.any()
    ]
    return " ".join(told)


def changes(table: pd.DataFrame, ways: Sequence[str]) -> Caption:
    """Return the words around the chart of coded changes."""
    told = [
        f"{way}: {int(mine['hit'].sum())} of {len(mine)} signs right."
        for way in ways
        for mine in [table[table["way"] == way]]
    ]
    return Caption(
        "Out of sample: coded changes and what was foretold of them",
        "Diamonds: the coded change with 90 % of its error. Lines below: 90 % of what the model"
        " foretold without having seen it, thick the middle 50 %; a disc where the sign of its mean"
        " is right, a cross where it is wrong."
        f" {' '.join(text[0].upper() + text[1:] for text in told)}",
        f"Dot-and-interval chart. {_rows_of_changes(table)}",
    )


def _rows_of_changes(table: pd.DataFrame) -> str:
    """Return every coded change with its predictions as text."""
    return " ".join(
        f"{row['variable']} {row['of']}-{row['toward']}, {row['episode']}, {row['way']}: coded"
        f" {signed(row['observed'], 2)}, foretold {signed(row['mean'], 2)} (90 %"
        f" {signed(row['low90'], 2)} to {signed(row['high90'], 2)}), sign"
        f" {'right' if row['hit'] else 'wrong'}."
        for row in table.to_dict("records")
    )


def scoreboard(table: pd.DataFrame, title: str) -> Caption:
    """Return the words around a scoreboard."""
    mine = table[table["forecaster"] == MODEL]
    worse = [str(what) for what in mine.loc[mine["ratio"] > 1, "what"]]
    lost = (
        f" The model is worse than no change on {joined(worse)}."
        if worse
        else " The model is nowhere worse than no change."
    )
    return Caption(
        f"Scoreboard. {title}",
        "Mean CRPS of each forecaster over that of no change, by quantity (in brackets: number of"
        " observations); lines: 95 % intervals over calendar years, none where there are fewer than"
        f" three; they may run beyond the edge.{lost}",
        f"Dot chart. {_rows_of_ratios(table)}",
    )


def _rows_of_ratios(table: pd.DataFrame) -> str:
    """Return every ratio as text."""
    return " ".join(
        f"{what}: "
        + joined(
            [f"{row['forecaster']} {level(row['ratio'], 2)}" for row in rows.to_dict("records")]
        )
        + "."
        for what, rows in table.groupby("what", sort=False)
    )


def calibration(kept: Sequence[Kept], places: pd.DataFrame) -> Caption:
    """Return the words around the chart of coverage."""
    told = [
        f"{one.forecaster}: {percent(one.nominal)} intervals hold {percent(one.share)}"
        f" ({percent(one.low)} to {percent(one.high)})."
        for one in kept
    ]
    both = "; hatched: the same in sample, for comparison" if places["what"].nunique() > 1 else ""
    return Caption(
        "Out of sample: whether the intervals hold what they promise",
        "First: share of the forecast's held-out observations in each forecaster's 50 % (hollow)"
        " and 90 % intervals (filled), with 95 % intervals; dashed: what is promised. Then: where"
        f" the observations lie among the ends of the model's intervals{both}. Bars above the black"
        " lines in both tails: too sure; in the middle: too unsure; on one side: biased.",
        f"Dot chart and histogram. {' '.join(told)}",
    )


def residuals(table: pd.DataFrame) -> Caption:
    """Return the words around the chart of residuals."""
    told = [
        f"{name}: mean {signed(float(rows['standardised'].mean()), 2)}, of {len(rows)}"
        f" {int((rows['standardised'].abs() <= 1.6449).sum())} in the band."
        for name, rows in (
            ("Seen by the fit", table[~table["held_out"]]),
            ("Held out", table[table["held_out"]]),
        )
        if len(rows)
    ]
    return Caption(
        "Residuals of the forecast over time, in sample and out of sample",
        "Observed minus predicted, over the spread that was predicted; large marks: coded changes;"
        " marks at ±5 lie there or beyond. Nine in ten should lie in the shaded band, scattered"
        " about 0; a run on one side is a drift that the model does not follow.",
        f"Scatter chart. {' '.join(told)}",
    )


def learned(table: pd.DataFrame, title: str) -> Caption:
    """Return the words around the chart of priors and posteriors."""
    told = [
        f"{row['name']}: {level(row['median'], 3)} ({level(row['low90'], 3)} to"
        f" {level(row['high90'], 3)}), shrinkage {level(row['shrinkage'], 2)}."
        for row in table.to_dict("records")
    ]
    return Caption(
        f"What the record says of each coefficient. {title}",
        "90 % intervals before the fit (grey bars) and after (lines), as multiples of the prior's"
        " median; the most narrowed on top. Filled: identified; hollow discs: partly identified;"
        " grey diamonds: the record says little of it.",
        f"Interval chart. {' '.join(told)}",
    )
