"""What the change of cohesion is shared out among: a bar for each cause, with its interval.

Mechanisms have no bars here: to share an effect out among them takes longer than a page may.
"""

from __future__ import annotations

import textwrap
from collections.abc import Sequence
from typing import Any

from markupsafe import Markup

from alliancesim.attribution.account import Account
from alliancesim.attribution.tables import CAUSE, CHANGE, PAST
from alliancesim.dashboard.charts.drawing import WIDTH, Place, chart, tag
from alliancesim.dashboard.charts.frame import identifier
from alliancesim.figures.style import BINDS, DIVIDES, INK, MUTED
from alliancesim.figures.words import signed
from alliancesim.language import text
from alliancesim.measures.spread import spread_in
from alliancesim.report.numbers import span

_ROW = 34
_TOP = 12
_LEFT = 176
_LEAST_REACH = 0.02
_LEAST_PAST = 0.0005
"""Change without any cause that is worth a row: what rounds to zero is not."""


def _rows(account: Account) -> list[dict[Any, Any]]:
    """Return the rows that are drawn: causes, what comes without any, the whole change."""
    order = {CAUSE: 0, PAST: 1, CHANGE: 2}
    told_of = account.shares[account.shares["kind"].isin(list(order))]
    rows = sorted(told_of.to_dict("records"), key=lambda row: order[str(row["kind"])])
    return [row for row in rows if row["kind"] != PAST or abs(row["estimate"]) >= _LEAST_PAST]


def reach_of(accounts: Sequence[Account]) -> float:
    """Return the change at the ends of the bars of accounts that stand side by side."""
    spreads = [spread_in(row) for account in accounts for row in _rows(account)]
    return max(_LEAST_REACH, *(max(abs(s.low), abs(s.high), abs(s.estimate)) for s in spreads))


def causes_chart(account: Account, reach: float, place_on_page: int = 0) -> Markup:
    """Draw the Shapley share of each cause, what comes without any, and the whole change.

    So bars add up to the last of them.

    Args:
        account: the explanation.
        reach: change at the ends of the bars, as :func:`reach_of` has it.
        place_on_page: 0, or 1 for the setting beside.
    """
    rows = _rows(account)
    spreads = [spread_in(row) for row in rows]
    height = _TOP + _ROW * len(rows) + 16
    place = Place(_LEFT, WIDTH - 70, _TOP, height - 16, -reach, reach, 0, 1)
    zero = place.x(0.0)
    drawn = [tag("path", d=f"M{zero:.1f},{_TOP}V{height - 10}", stroke=MUTED)]
    told = []
    for place_of_row, (row, share) in enumerate(zip(rows, spreads, strict=True)):
        y = _TOP + _ROW * place_of_row
        whole = row["kind"] == CHANGE
        colour = INK if whole else BINDS if share.estimate >= 0 else DIVIDES
        title = text(str(row["title"]))
        if whole:
            drawn.append(tag("path", d=f"M8,{y + 1}H{WIDTH - 8}", stroke=MUTED))
        for line, words in enumerate(textwrap.wrap(title, 24)[:2]):
            two = len(title) > 24
            drawn.append(
                tag(
                    "text",
                    words,
                    x=8,
                    y=y + (13 if two else 22) + 13 * line,
                    font_weight="bold" if whole else None,
                )
            )
        end = place.x(share.estimate)
        drawn.append(
            tag("rect", x=min(zero, end), y=y + 9, width=abs(end - zero), height=16, fill=colour)
        )
        low, high = place.x(share.low), place.x(share.high)
        if whole:
            # Its bar is as dark as the line.
            edge = tag("path", d=f"M{low:.1f},{y + 17}H{high:.1f}", stroke="#fff", stroke_width=4)
            drawn.append(edge)
        drawn.append(tag("path", d=f"M{low:.1f},{y + 17}H{high:.1f}", stroke=INK, stroke_width=1.5))
        said = signed(share.estimate)
        drawn.append(tag("text", said, x=WIDTH - 8, y=y + 22, text_anchor="end"))
        ends = span(signed(share.low), signed(share.high))
        told.append(f"{title}: {said} ({ends}).")
    name = identifier("causes", place_on_page)
    return chart(name, height, text("What caused the change"), " ".join(told), *drawn)
