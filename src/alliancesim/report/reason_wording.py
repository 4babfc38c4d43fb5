"""Sentences on why allies decide as they do: what binds them, what divides them, and the net.

Which causes were behind the reasons is not said here, but in explanation_wording.
"""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from alliancesim.figures.words import signed
from alliancesim.language import message, text
from alliancesim.report.phrases import joined

MECHANISMS: Mapping[str, tuple[str, str]] = {
    "balancing": (
        message("shared fear of a third state"),
        message("less shared fear of a third state"),
    ),
    "hazard": (message("more danger over both"), message("less danger over both")),
    "abandonment": (
        message("shared fear of abandonment"),
        message("unequal or lesser fear of abandonment"),
    ),
    "brokerage": (message("the patron's brokerage"), message("weaker brokerage by the patron")),
    "chilling": (
        message("less to lose with whoever presses the partner"),
        message("trade with whoever presses the partner"),
    ),
    "entrapment": (
        message("less fear of being drawn into the partner's quarrel"),
        message("fear of being drawn into the partner's quarrel"),
    ),
    "inducement": (
        message("fewer favours from whoever quarrels with the partner"),
        message("favours from whoever quarrels with the partner"),
    ),
    "mediation": (
        message("hope in the partner as a mediator"),
        message("less hope in the partner as a mediator"),
    ),
    "compliance": (
        message("giving in to the partner's pressure"),
        message("less giving in to the partner"),
    ),
    "opinion": (message("warmer opinion of the partner"), message("cooler opinion of the partner")),
    "grievance": (message("fading grievances"), message("sharper grievances")),
    "reciprocity": (
        message("the partner's greater cooperation"),
        message("the partner's lesser cooperation"),
    ),
    "resentment": (message("less pressure from the partner"), message("pressure from the partner")),
}
"""The mechanisms of a decision in plain words: where the wedge makes them bind, and divide."""

_MOST_NAMED = 3
_MOST_DIRECTIONS = 4
_WORTH_NAMING = 0.1
_LEAST_NAMED = 0.005


def reason_sentences(reasons: pd.DataFrame, names: Mapping[str, str]) -> list[str]:
    """Return what bound, what divided, and the net, for directions inside the alliance.

    Where there are many directions, only those that moved the most are told.

    Args:
        reasons: columns ``of``, ``toward``, ``mechanism``, ``estimate``; log-odds.
        names: full name of each actor.
    """
    if float(reasons["estimate"].abs().max() if len(reasons) else 0.0) < _LEAST_NAMED:
        return [text("The wedge moves no ally's decision by any amount worth naming.")]
    sentences = []
    nets = reasons.groupby(["of", "toward"], sort=False)["estimate"].sum()
    told = set(nets.abs().sort_values(ascending=False, kind="stable").index[:_MOST_DIRECTIONS])
    for (of, toward), rows in reasons.groupby(["of", "toward"], sort=False):
        if (of, toward) not in told:
            continue
        parts = [
            _willing(float(rows["estimate"].sum())).format(
                of=names[str(of)],
                toward=names[str(toward)],
                net=signed(float(rows["estimate"].sum()), 2),
            )
        ]
        floor = max(_LEAST_NAMED, _WORTH_NAMING * float(rows["estimate"].abs().max()))
        for lead, sign in ((text("Dividing: {listed}."), -1.0), (text("Binding: {listed}."), 1.0)):
            found = rows[rows["estimate"] * sign > floor]
            if len(found):
                parts.append(lead.format(listed=_listed(found, sign)))
        sentences.append(" ".join(parts))
    return sentences


def _willing(net: float) -> str:
    """Return whether an actor is more or less willing, its fields still to be filled."""
    if abs(net) < _LEAST_NAMED:
        return text(
            "{of} is neither more nor less willing to cooperate with {toward} (net {net} in"
            " log-odds)."
        )
    if net > 0:
        return text("{of} is more willing to cooperate with {toward} (net {net} in log-odds).")
    return text("{of} is less willing to cooperate with {toward} (net {net} in log-odds).")


def _listed(rows: pd.DataFrame, sign: float) -> str:
    """Return the largest mechanisms of one sign, with their log-odds."""
    ordered = rows.iloc[(-sign * rows["estimate"]).argsort(kind="stable")].iloc[:_MOST_NAMED]
    named = [
        f"{text(MECHANISMS[name][0 if sign > 0 else 1])} ({name} {signed(estimate, 2)})"
        for name, estimate in zip(ordered["mechanism"], ordered["estimate"], strict=True)
    ]
    return joined(named)
