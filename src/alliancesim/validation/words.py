"""What the scores say, in sentences made from the numbers: where the model loses, and to whom.

These sentences are printed and kept with the results, in English; those of a page, in any language,
are not from here but from report.hindcast_wording.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import pandas as pd

from alliancesim.validation.fits import MODEL
from alliancesim.validation.hindcasting import CARRIED_ON, Hindcast
from alliancesim.validation.splits import LEFT_OUT
from alliancesim.validation.tables import CHANGES, LEVELS, NO_CHANGE

SENSE = (
    "The score is mean CRPS, in the unit of what is scored: the absolute error of a whole"
    " distribution, less is better. Intervals of 95 % in brackets are over calendar years, of which"
    " there are few."
)
"""What the numbers in the sentences are."""

TOO_NARROW, TOO_WIDE = 0.10, 0.08
"""How far coverage of a 90 % interval may fall below 0.90, or lie above it, before that is said."""

_OWN = (MODEL, CARRIED_ON)


def number(value: float, digits: int = 3) -> str:
    """Return a number with a true minus where it is negative."""
    text = f"{value:.{digits}f}"
    return (text.lstrip("-") if float(text) == 0 else text).replace("-", "−")


def percent(share: float) -> str:
    """Return a share from 0 to 1 in percent; only an exact 0 is written 0 %."""
    return "<1 %" if 0.0 < share < 0.005 else f"{100.0 * share:.0f} %"


def told(found: Hindcast) -> dict[str, list[str]]:
    """Return what each split says of the model, as paragraphs by split, the one in sample last.

    Splits that leave an episode out are told together, since each alone holds too little.

    Args:
        found: forecasts and scores.
    """
    titles = {split.name: split.title for split in found.splits}
    words = {}
    for name in (*_out(found), *_in_sample(found)):
        scores = found.scores[found.scores["split"] == name]
        title = titles.get(name, "each episode left out of the fit in turn and judged")
        say = _of_sample if name in _in_sample(found) else _out_of_sample
        words[name] = [f"{title[0].upper()}{title[1:]}.", *say(scores)]
    return words


def headline(found: Hindcast) -> str:
    """Return where the model loses out of sample, and to whom, split by split."""
    parts = []
    for name in _out(found):
        scores = found.scores[found.scores["split"] == name]
        lost = [
            f"to {_listed(ahead)} on {_kind(what)}"
            for what in _scored(scores)
            for ahead in [_ahead(scores, what)]
            if ahead
        ]
        parts.append(f"{name}, {' and '.join(lost) or 'to nobody'}")
    return f"Where the model loses out of sample, by mean CRPS: {'; '.join(parts)}."


def _in_sample(found: Hindcast) -> list[str]:
    """Return the splits that are in sample."""
    return [split.name for split in found.splits if split.in_sample]


def _out(found: Hindcast) -> list[str]:
    """Return the splits that are out of sample, those of single episodes as one."""
    names = dict.fromkeys(found.scores["split"])
    inside = _in_sample(found)
    return [name for name in names if name not in inside and not name.startswith(LEFT_OUT)]


def _kind(what: str) -> str:
    """Return levels or changes in words."""
    return what.removeprefix("all ")


def _scored(scores: pd.DataFrame) -> list[str]:
    """Return which of levels and changes were scored."""
    return [what for what in (LEVELS, CHANGES) if (scores["what"] == what).any()]


def _row(scores: pd.DataFrame, forecaster: str, what: str) -> pd.Series:
    """Return one row of scores."""
    return scores[(scores["forecaster"] == forecaster) & (scores["what"] == what)].iloc[0]


def _ahead(scores: pd.DataFrame, what: str) -> list[str]:
    """Return the forecasters with a better score than the model, the best first."""
    rows = scores[(scores["what"] == what) & ~scores["forecaster"].isin(_OWN)]
    better = rows[rows["crps"] < _row(scores, MODEL, what)["crps"]].sort_values("crps")
    return list(better["forecaster"])


def _out_of_sample(scores: pd.DataFrame) -> Iterator[str]:
    """Yield what the scores on held-out observations say."""
    for what in _scored(scores):
        yield " ".join(_of_kind(scores, what))
    yield _by_quantity(scores)


def _of_kind(scores: pd.DataFrame, what: str) -> Iterator[str]:
    """Yield what the scores on held-out levels, or on held-out changes, say."""
    mine = _row(scores, MODEL, what)
    yield (
        f"On {_kind(what)} ({mine['n']} held out) the model scores {number(mine['crps'])}."
        f" {_against(mine)}"
    )
    yield _ranked(scores, what)
    if what == LEVELS:
        carried = _row(scores, CARRIED_ON, what)
        yield f"Carrying its last residual on, it scores {number(carried['crps'])}."
    yield from _directions(mine, what)
    yield _covered(mine, what)


def _against(mine: pd.Series) -> str:
    """Return how the model compares with no change, and whether that is clear."""
    difference, low, high = (
        float(mine[name]) for name in ("against_no_change", "against_low", "against_high")
    )
    side = "better" if difference < 0 else "worse"
    if pd.isna(low):
        return (
            f"That is {number(abs(difference))} {side} than no change, from too few years for an"
            " interval."
        )
    clear = "" if low > 0 or high < 0 else ", so that which is better is open"
    return (
        f"That is {number(abs(difference))} {side} than no change"
        f" (difference {number(difference)} [{number(low)}, {number(high)}]{clear})."
    )


def _ranked(scores: pd.DataFrame, what: str) -> str:
    """Return to whom the model loses and whom it beats."""
    rows = scores[(scores["what"] == what) & ~scores["forecaster"].isin(_OWN)]
    values = dict(zip(rows["forecaster"], rows["crps"], strict=True))
    lost = _ahead(scores, what)
    beaten = [name for name in values if name not in lost]
    parts = [
        f"It {verb} {_listed([f'{name} ({number(values[name])})' for name in names])}."
        for verb, names in (("loses to", lost), ("is ahead of", beaten))
        if names
    ]
    return " ".join(parts)


def _directions(mine: pd.Series, what: str) -> Iterator[str]:
    """Yield how many directions of change the model had right."""
    if not mine["signs"]:
        return
    hits = f"It has the direction of {mine['sign_hits']} of {mine['signs']} right"
    if what == CHANGES:
        chance = percent(float(mine["sign_p"]))
        yield f"{hits}; a coin does at least as well {chance} of the time."
    else:
        yield f"{hits}, counted from the last known level; many of them are one movement."


def _covered(mine: pd.Series, what: str) -> str:
    """Return how many observations lie in the model's intervals, and what that means."""
    held, half = float(mine["cover90"]), float(mine["cover50"])
    sentence = (
        f"Its 90 % intervals hold {100 * held:.0f} % of the {_kind(what)}, its 50 % intervals"
        f" {100 * half:.0f} %"
    )
    if held < 0.90 - TOO_NARROW:
        return f"{sentence}: it is surer than it may be."
    if held > 0.90 + TOO_WIDE and half > 0.60:
        return f"{sentence}: it is less sure than it could be."
    return f"{sentence}."


def _by_quantity(scores: pd.DataFrame) -> str:
    """Return on which quantities the model loses to no change."""
    mine = scores[(scores["forecaster"] == MODEL) & ~scores["what"].isin((LEVELS, CHANGES))]
    worse = mine[mine["against_no_change"] > 0.0]
    if not len(worse):
        return f"On none of {len(mine)} quantities does it lose to no change."
    parts = [
        f"{row['what']} ({number(row['crps'])} against"
        f" {number(row['crps'] - row['against_no_change'])})"
        for _, row in worse.iterrows()
    ]
    return f"By quantity it loses to {NO_CHANGE} on {_listed(parts)}."


def _of_sample(scores: pd.DataFrame) -> Iterator[str]:
    """Yield what the scores in sample say, which is no evidence that the model foretells."""
    parts = [
        f"{number(mine['crps'])} on {_kind(what)} (no change since the start:"
        f" {number(_row(scores, NO_CHANGE, what)['crps'])})"
        for what in _scored(scores)
        for mine in [_row(scores, MODEL, what)]
    ]
    yield (
        f"In sample the model scores {_listed(parts)}. It was fitted to these observations: that"
        " says how flexible it is, not how well it foretells."
    )


def _listed(parts: Sequence[str]) -> str:
    """Return parts as a list in words."""
    return parts[0] if len(parts) == 1 else f"{', '.join(parts[:-1])} and {parts[-1]}"
