"""A ledger as a table, the part of it that is shown, and its terms in plain words.

Nothing is left out of the table itself: what is too small to be shown is added up only where it is
shown.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from alliancesim.arrays import Array
from alliancesim.attribution.ledger import COHESION, Entries, Ledger
from alliancesim.attribution.ledger_terms import REST, TERMS
from alliancesim.language import message
from alliancesim.measures.spread import ENDS
from alliancesim.scenario.quantities import month_count, month_text

WORLD, TWIN, EFFECT = "world", "twin", "effect"
START, CHANGE, SMALLER, PAST = "start", "change", "smaller", "past"

COLUMNS = (
    "month",
    "dyad",
    "series",
    "quantity",
    "term",
    "mean",
    "low",
    "high",
    "cumulated",
    "cumulated_low",
    "cumulated_high",
)
TEXTS = COLUMNS[:5]

WORTH_SHOWING = 0.05
"""Terms below this share of a quantity's largest are shown added up."""

_ZERO = 5e-5
"""What is smaller is written as zero, and not worth showing."""

TITLES = {
    "balancing": message("fear that both share"),
    "hazard": message("shared danger from outside"),
    "abandonment": message("shared fear of abandonment"),
    "brokerage": message("the patron's brokerage"),
    "chilling": message("trade with the presser"),
    "entrapment": message("fear of being drawn in"),
    "inducement": message("favours of the presser"),
    "mediation": message("hope for mediation"),
    "compliance": message("giving in to pressure"),
    "opinion": message("public opinion"),
    "grievance": message("old claims"),
    "reciprocity": message("answer to cooperation"),
    "resentment": message("resentment of pressure"),
    "retaliation": message("answer to pressure"),
    "alarm": message("threat seen in the other"),
    "restraint": message("sparing whom people like"),
    "solidarity": message("standing by pressed allies"),
    "warm": message("warming to cooperation"),
    "sour": message("souring under pressure"),
    "sore": message("soreness over old claims"),
    "fidelity": message("loyalty under temptation"),
    "balance": message("friends of friends"),
    "forget": message("return to the usual view"),
    "provoke": message("pressure felt"),
    "spillover": message("pressure on like states"),
    "soothe": message("cooperation believed"),
    "calm": message("alarm subsiding"),
    "derisk": message("trade driven elsewhere"),
    "rewire": message("trade coming back"),
    "update": message("the patron's commitment"),
    "fade": message("claims dying down"),
    "reconcile": message("cohesion against old claims"),
    "unmask": message("signs of a wedge"),
    REST: message("return to rest"),
    PAST: message("what came before, fading"),
    "leaders": message("leaders' weight of strategy"),
    "bound": message("room on the scale"),
    "shock": message("chance"),
    "strategies": message("standing strategies"),
    "events": message("events"),
    "wedge": message("acts of the wedge"),
    START: message("level before"),
    CHANGE: message("change"),
    SMALLER: message("smaller terms together"),
}
"""Every term in plain words."""


def ledger_table(ledger: Ledger) -> pd.DataFrame:
    """Return a ledger with one row per month, dyad, series, quantity and term.

    Columns: ``month``; ``dyad``; ``series`` (``world``; where a wedge acts also ``twin``, without
    it, and ``effect``, the difference); ``quantity``; ``term``; ``mean`` over runs of what the term
    adds in the month, with ``low`` and ``high`` (middle 90 % over draws or, without a posterior,
    runs); and ``cumulated``, ``cumulated_low``, ``cumulated_high``, the same for all months so far
    (in cohesion less what has returned to rest of it; ``rest`` is then what came before). The term
    ``change`` is the change of the quantity as it was run, to which the other terms add up;
    ``start``, in the month before the span, is its level there.
    """
    parts = [
        _rows(ledger, dyad, quantity, series, entries)
        for (dyad, quantity), both in ledger.books.items()
        for series, entries in _series(both).items()
    ]
    return pd.concat(parts, ignore_index=True)


def _series(entries: Entries) -> dict[str, Entries]:
    """Return the entries of the world and, where there is one, of the twin and the difference."""
    found = {WORLD: Entries(*(both[0] for both in entries))}
    if len(entries.terms) == 2:
        found[TWIN] = Entries(*(both[1] for both in entries))
        found[EFFECT] = Entries(*(both[0] - both[1] for both in entries))
    return found


def _rows(ledger: Ledger, dyad: str, quantity: str, series: str, entries: Entries) -> pd.DataFrame:
    """Return the rows of one quantity in one series; arrays have shape (runs, months, terms)."""
    path = entries.path[..., None]
    monthly = np.concatenate([entries.terms, np.diff(path, axis=1)], axis=-1)
    so_far = np.concatenate([entries.so_far, path[:, 1:] - path[:, :1]], axis=-1)
    first = month_count(ledger.found.period.first)
    months = [month_text(first + k) for k in range(monthly.shape[1])]
    names = (*TERMS[quantity], CHANGE)
    start = _spreads(ledger, entries.path[:, :1, None])
    columns: dict[str, Any] = {
        "month": [ledger.found.period.since, *np.repeat(months, len(names))],
        "dyad": dyad,
        "series": series,
        "quantity": quantity,
        "term": [START, *np.tile(names, len(months))],
    }
    for name, values in zip(COLUMNS[5:8], _spreads(ledger, monthly), strict=True):
        columns[name] = values
    for place, (name, values) in enumerate(zip(COLUMNS[8:], _spreads(ledger, so_far), strict=True)):
        columns[COLUMNS[5 + place]] = np.concatenate([start[place], columns[COLUMNS[5 + place]]])
        columns[name] = np.concatenate([[0.0], values])
    return pd.DataFrame(columns, columns=list(COLUMNS))


def _spreads(ledger: Ledger, values: Array) -> tuple[Array, Array, Array]:
    """Return mean, low and high over draws, each flat over months and terms."""
    means = ledger.found.by_draw(np.moveaxis(values, 0, -1))
    means = means.reshape(-1, means.shape[-1])
    low, high = np.quantile(means, ENDS, axis=-1)
    return means.mean(axis=-1), low, high


def shown(table: pd.DataFrame, dyad: str, month: str | None) -> pd.DataFrame:
    """Return what of a dyad's ledger is worth showing.

    Args:
        table: as from :func:`ledger_table`.
        dyad: the dyad, in the direction in which its ledger was asked for.
        month: the month; all months together if left out.

    Returns:
        Columns ``quantity``, ``term``, ``title``, ``mean``, ``low``, ``high``, and ``effect``,
        ``effect_low``, ``effect_high`` (how much of it is the wedge's doing; unknown where none
        acts). Of each quantity that moves, the largest terms first, smaller ones added up, the
        whole change last.
    """
    when = table["month"] == (month or table["month"].max())
    rows = table[(table["dyad"] == dyad) & when & (table["term"] != START)]
    columns = list(COLUMNS[5:8] if month else COLUMNS[8:])
    found, effect = (
        rows[rows["series"] == series].set_index(["quantity", "term"])[columns]
        for series in (WORLD, EFFECT)
    )
    found.columns = pd.Index(["mean", "low", "high"])
    effect.columns = pd.Index(["effect", "effect_low", "effect_high"])
    found = found.join(effect)
    parts = [_largest(part) for _, part in found.groupby(level="quantity", sort=False)]
    kept = pd.concat([part for part in parts if len(part)] or [found.iloc[:0]]).reset_index()
    if month is None:
        # Of several months, the return to rest is charged to the terms that it undoes.
        before = (kept["quantity"] == COHESION) & (kept["term"] == REST)
        kept["term"] = kept["term"].mask(before, PAST)
    kept.insert(2, "title", kept["term"].map(TITLES))
    return kept


def _largest(part: pd.DataFrame) -> pd.DataFrame:
    """Return the largest terms of a quantity, the rest added up, and the change last."""
    terms: pd.DataFrame = part.iloc[:-1]
    change: pd.DataFrame = part.iloc[-1:]
    size = terms[["mean", "effect"]].abs().max(axis=1)
    large = size > max(WORTH_SHOWING * size.max(), _ZERO)
    if not large.any():
        return terms.head(0)
    order = size[large].sort_values(ascending=False, kind="stable").index
    parts: list[pd.DataFrame] = [terms.loc[order], change]
    rest = terms.loc[~large, ["mean", "effect"]]
    if rest.any(axis=None):
        summed = rest.sum(min_count=1).to_frame().T.reindex(columns=part.columns)
        cell = (change.index[0][0], SMALLER)
        parts.insert(1, summed.set_index(pd.MultiIndex.from_tuples([cell], names=part.index.names)))
    return pd.concat(parts)
