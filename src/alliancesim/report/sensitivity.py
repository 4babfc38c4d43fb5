"""The page on a sensitivity analysis, and its figures, from the tables in its folder.

Nothing is run again for it.
"""

from __future__ import annotations

import functools
import shlex
from collections.abc import Mapping
from pathlib import Path
from typing import Any, NamedTuple

import pandas as pd

from alliancesim.experiment.reading import LoadedExperiment, from_manifest
from alliancesim.figures.sensitivity import alone_chart, indices_chart, screening_chart, widest
from alliancesim.figures.words import signed
from alliancesim.language import text
from alliancesim.report import factors, record
from alliancesim.report import sensitivity_wording as wording
from alliancesim.report.captions import Caption
from alliancesim.report.numbers import level
from alliancesim.report.pictures import Picture, picture
from alliancesim.report.templating import template
from alliancesim.report.wording import LENS
from alliancesim.scenario.problems import InputError, Problem
from alliancesim.sensitivity.indices import OTHERS
from alliancesim.sensitivity.tables import ANSWER, ASSUMPTIONS, FLIPS, MORRIS, SOBOL, read_tables

MOST_ROWS = 40
"""Numbers of the register that the page shows at once; the others are a click away."""

_MOST_TOLD = 12


class Told(NamedTuple):
    """What a folder of a sensitivity analysis holds.

    Attributes:
        manifest: what was asked, and the answer in single numbers.
        tables: by name.
        loaded: the experiment.
        labels: what each factor, and the group of all others, is, by its name.
    """

    manifest: dict[str, Any]
    tables: dict[str, pd.DataFrame]
    loaded: LoadedExperiment
    labels: dict[str, str]


def read_sensitivity(folder: Path, manifest: dict[str, Any]) -> Told:
    """Return what a folder holds.

    Raises:
        InputError: if it is damaged.
    """
    answer = manifest.get("answer")
    missing = [f"answer.{key}" for key in ANSWER if key not in (answer or {})]
    missing += [key for key in ("command", "options", "digest") if key not in manifest]
    if missing:
        path = str(folder / "manifest.json")
        raise InputError(Problem(path, key, "missing", "to be there") for key in missing)
    loaded = from_manifest(manifest)
    labels = factors.labels(loaded.axes, loaded.base.scenario) | {
        OTHERS: text("all others together")
    }
    return Told(manifest, read_tables(folder), loaded, labels)


def pictures(told: Told) -> dict[str, Picture]:
    """Return the figures, by name."""
    answer, made, labels = told.manifest["answer"], told.tables, told.labels
    what = text(wording.WHAT[answer["outcome"]])
    charts = {
        "indices": (functools.partial(indices_chart, made[SOBOL], labels), SOBOL),
        "screening": (
            functools.partial(
                screening_chart, made[MORRIS], labels, set(made[SOBOL]["factor"]), what
            ),
            MORRIS,
        ),
        "alone": (
            functools.partial(
                alone_chart,
                made[FLIPS],
                labels,
                answer["given"]["estimate"],
                answer["margin"],
                what,
            ),
            FLIPS,
        ),
    }
    return {
        name: picture(number, name, _CAPTIONS[name](told, what), draw, {"data": made[table]})
        for number, (name, (draw, table)) in enumerate(charts.items(), start=1)
    }


def _indices_caption(told: Told, what: str) -> Caption:
    """Return the words around the bars of indices."""
    bars = [
        text("{factor}: total {total}, first order {first}").format(
            factor=told.labels[row["factor"]],
            total=wording.index(row, "total"),
            first=wording.index(row, "first"),
        )
        for row in told.tables[SOBOL].to_dict("records")
    ]
    return Caption(
        text("What accounts for the variance of the {what}").format(what=what),
        text(
            "Sobol indices. Dark: the share that would go if the factor alone were known. Pale: the"
            " share that would stay if all but the factor were known. The further apart, the more"
            " the factor works through others."
        ),
        text("Bars. {listed}.").format(listed="; ".join(bars)),
    )


def _screening_caption(told: Told, what: str) -> Caption:
    """Return the words around the cloud of the screening."""
    points = [
        text("{factor}: mu* {size}, sigma {sigma}").format(
            factor=told.labels[row["factor"]],
            size=level(row["mu_star"], 4),
            sigma=level(row["sigma"], 4),
        )
        for row in told.tables[MORRIS].head(_MOST_TOLD).to_dict("records")
    ]
    axes = text(
        "Morris screening. To the right: the mean change as the factor goes through its whole"
        " range, whichever way, with its 95 % interval. Upward: how much that change depends on"
        " where the other factors are."
    )
    return Caption(
        text("How far each factor moves the {what}").format(what=what),
        f"{axes} {wording.screening_note(told.manifest, told.tables)}",
        text("Scatter. {listed}.").format(listed="; ".join(points)),
    )


def _alone_caption(told: Told, what: str) -> Caption:
    """Return the words around the tornado."""
    table = told.tables[FLIPS]
    names = widest(table)
    rows = table[table["factor"].isin(names)].to_dict("records")
    ends = [
        f"{told.labels[row['factor']]} = {wording.value(row['value'])}: {signed(row['mean'])}"
        for row in rows
    ]
    means = text(
        "Mean over runs at both ends of the range, beside them the factor's value; all else as"
        " given (dashed). The {count} widest of {all}."
    ).format(count=len(names), all=table["factor"].nunique())
    has_zones = told.manifest["answer"]["margin"] is not None
    return Caption(
        text("One factor at a time: the {what}").format(what=what),
        f"{means} {text('Shaded: the zones of verdicts.')}" if has_zones else means,
        text("Tornado chart. {listed}.").format(listed="; ".join(ends)),
    )


_CAPTIONS = {
    "indices": _indices_caption,
    "screening": _screening_caption,
    "alone": _alone_caption,
}


def sensitivity_page(told: Told, drawn: Mapping[str, Picture]) -> str:
    """Return the page.

    Args:
        told: what it is on.
        drawn: the figures, by name.
    """
    manifest, made = told.manifest, told.tables
    register = made[ASSUMPTIONS]
    varied = register[register["factor"] != ""]
    return template("sensitivity.html.j2").render(
        manifest=manifest,
        scenario=manifest["scenario"],
        experiment=manifest["experiment"],
        sentences=wording.sentences(manifest, made, told.labels),
        cautions=wording.cautions(manifest),
        pictures=drawn,
        labels=told.labels,
        sobol=made[SOBOL].to_dict("records"),
        morris=made[MORRIS].to_dict("records"),
        flips=wording.flipping(made[FLIPS]).to_dict("records"),
        verdicts="flips" in made[FLIPS],
        first=varied.head(MOST_ROWS).to_dict("records"),
        rest=varied.iloc[MOST_ROWS:].to_dict("records"),
        fixed=register[register["factor"] == ""].to_dict("records"),
        value=wording.value,
        index=wording.index,
        share=wording.share,
        command=shlex.join(manifest["command"]),
        versions=record.versions(manifest),
        digests=record.digests(manifest),
        lens=text(LENS),
    )
