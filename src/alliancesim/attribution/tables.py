"""An explanation as tables, and what a manifest says of it.

The ledger has a module of tables of its own, and no file is written here but by account.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from alliancesim.attribution import shapley
from alliancesim.attribution.explanation import Explanation
from alliancesim.language import message
from alliancesim.measures.spread import LEVEL
from alliancesim.results.manifest import posterior_data
from alliancesim.results.result import table_digest
from alliancesim.study import heading

KIND = "explanation"

START, PAST, CAUSE, CHANGE, END = "start", "past", "cause", "change", "end"


def shares_table(found: Explanation) -> pd.DataFrame:
    """Return the way from the start to the end, one row each, in the unit of the outcome.

    Columns: ``kind`` (``start``, the level before the period; ``past``, what changes without any
    cause of the period; ``cause``; ``change``, the whole; ``end``), ``name``, ``title``,
    ``events`` (number of events that make up the cause), ``estimate`` with ``low`` and ``high``
    (mean and middle 90 % over draws or, without a posterior, runs), ``positive`` (share of them
    above zero), ``alone`` (what the cause adds where it is the only one) and ``last`` (what it adds
    to all others).
    """
    rows: list[dict[str, Any]] = [
        {"kind": START, "name": START, "title": f"level in {found.period.since}"}
        | found.spread(found.start)._asdict(),
        {"kind": PAST, "name": PAST, "title": message("without any cause")}
        | found.spread(found.past)._asdict(),
    ]
    alone, last = shapley.alone(found.values), shapley.last(found.values)
    for c, cause in enumerate(found.causes):
        rows.append(
            {
                "kind": CAUSE,
                "name": cause.name,
                "title": cause.title,
                "events": len(cause.events),
                **found.spread(found.shares[c])._asdict(),
                "alone": found.spread(alone[c]).estimate,
                "last": found.spread(last[c]).estimate,
            }
        )
    rows.append(
        {"kind": CHANGE, "name": CHANGE, "title": message("whole change")}
        | found.spread(found.change)._asdict()
    )
    rows.append(
        {"kind": END, "name": END, "title": f"level in {found.period.end}"}
        | found.spread(found.values[-1])._asdict()
    )
    columns = ["kind", "name", "title", "events", "estimate", "low", "high", "positive"]
    table = pd.DataFrame(rows, columns=[*columns, "alone", "last"])
    # Where nothing is dated, these columns would have no type of their own.
    return table.astype({"events": "Int64", "alone": "float64", "last": "float64"})


def values_table(found: Explanation) -> pd.DataFrame:
    """Return the outcome in every coalition's world.

    Columns: ``causes`` (those of the coalition, joined with ``+``), ``number``, a column of 0 and 1
    per cause, and ``estimate`` with ``low`` and ``high``.
    """
    rows = []
    for number, values in enumerate(found.values):
        within = [shapley.is_member(number, c) for c in range(len(found.causes))]
        names = [cause.name for cause, there in zip(found.causes, within, strict=True) if there]
        spread = found.spread(values)
        rows.append(
            {"causes": "+".join(names) or "none", "number": number}
            | {c.name: int(there) for c, there in zip(found.causes, within, strict=True)}
            | {"estimate": spread.estimate, "low": spread.low, "high": spread.high}
        )
    return pd.DataFrame(rows)


def draws_table(found: Explanation) -> pd.DataFrame:
    """Return the shares draw by draw, or run by run without a posterior.

    Columns: ``draw``, ``change`` (the whole), ``effect`` (what the wedge of the period does, all
    else in place), ``past`` and one per cause; in each row past and causes add up to the change.
    """
    columns = {"change": found.change, "effect": found.effects, "past": found.past}
    columns |= {cause.name: found.shares[c] for c, cause in enumerate(found.causes)}
    drawn = {name: found.by_draw(values) for name, values in columns.items()}
    return pd.DataFrame({"draw": np.unique(found.draws), **drawn})


def tables(found: Explanation) -> dict[str, pd.DataFrame]:
    """Return all tables by name."""
    return {
        "shares": shares_table(found),
        "values": values_table(found),
        "draws": draws_table(found),
    }


def manifest(found: Explanation, made: dict[str, pd.DataFrame]) -> dict[str, Any]:
    """Return what was asked, of what, with which program, and digests of the tables."""
    question = found.question
    return {
        **heading(KIND, found.name),
        "options": {
            "outcome": question.outcome,
            "from": found.period.first,
            "until": found.period.last,
            "window": found.period.window,
            "runs": found.runs,
            "seed": question.seed,
            "months": question.months or found.given.time.months,
            "set": list(question.settings),
            "without": list(question.without),
        },
        "level": LEVEL,
        **posterior_data(found.posterior),
        "causes": {cause.name: sorted(cause.events) for cause in found.causes},
        "digest": {name: table_digest(table) for name, table in made.items()},
        "scenario": found.given.model_dump(mode="json"),
    }
