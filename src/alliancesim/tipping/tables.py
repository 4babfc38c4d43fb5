"""Tipping points as tables, what a manifest says of them, and the question that a manifest holds.

No row is computed here, since each kind of answer brings its own; and the folder is not written
here but by report.tipping.
"""

from __future__ import annotations

from typing import Any

import pandas as pd

from alliancesim.results.manifest import loaded_of, posterior_data
from alliancesim.results.result import table_digest
from alliancesim.scenario.reading import Loaded
from alliancesim.study import heading
from alliancesim.tipping.frontier import Frontier
from alliancesim.tipping.question import Question, Tipped
from alliancesim.tipping.ranking import Ranking
from alliancesim.tipping.thresholds import curve_table, draws_table, turns_table

KIND = "tip"


def tables(found: Tipped) -> dict[str, pd.DataFrame]:
    """Return all tables by name.

    ``thresholds``, ``curve`` and, under a posterior, ``draws`` of one number; ``frontier`` and
    ``cells`` of two; ``ranking`` of all.
    """
    answer = found.answer
    if isinstance(answer, Ranking):
        return {"ranking": answer.table}
    if isinstance(answer, Frontier):
        return {"frontier": answer.curve, "cells": answer.cells}
    made = {"thresholds": turns_table(answer), "curve": curve_table(answer)}
    return made if answer.draws is None else made | {"draws": draws_table(answer)}


def manifest(found: Tipped, made: dict[str, pd.DataFrame]) -> dict[str, Any]:
    """Return what was asked, of what, with which program, and digests of the tables."""
    question = found.question
    return {
        **heading(KIND, found.name),
        "options": {
            "vary": list(question.vary),
            "from": list(question.first),
            "to": list(question.last),
            "runs": found.runs,
            "seed": question.seed,
            "set": list(question.settings),
            "without": list(question.without),
        },
        "attempted": found.attempted,
        **posterior_data(found.posterior),
        "digest": {name: table_digest(table) for name, table in made.items()},
        "scenario": found.scenario.model_dump(mode="json"),
    }


def asked_of(about: dict[str, Any]) -> tuple[Loaded, Question]:
    """Return scenario and question as a manifest has them.

    Args:
        about: the manifest, as :func:`manifest` makes it.

    Raises:
        InputError: if its scenario is damaged.
    """
    options = about["options"]
    question = Question(
        options["vary"],
        options["from"],
        options["to"],
        options["runs"],
        options["seed"],
        options["set"],
        options["without"],
    )
    return loaded_of(about), question
