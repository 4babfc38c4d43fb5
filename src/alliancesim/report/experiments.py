"""The page on an experiment, and its figures.

Neither findings nor captions are written here: sweep_wording and sweep_captions have them.
"""

from __future__ import annotations

import functools
from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd

from alliancesim.experiment import standing
from alliancesim.experiment.factors import Axis
from alliancesim.experiment.naming import EFFECT
from alliancesim.figures import effects, parallel, phase
from alliancesim.figures.axes import Side, level_text, side_of
from alliancesim.figures.effects import Shown
from alliancesim.figures.parallel import Upright
from alliancesim.figures.svg import Drawing
from alliancesim.figures.words import grouped
from alliancesim.language import text
from alliancesim.measures.verdict import WORDS
from alliancesim.report import (
    assumptions,
    basis_wording,
    factors,
    record,
    sweep_captions,
    sweep_methods,
    sweep_wording,
    wording,
)
from alliancesim.report.captions import Caption
from alliancesim.report.numbers import brief, level
from alliancesim.report.pictures import Picture, picture
from alliancesim.report.sweep_odds import sides_of
from alliancesim.report.sweep_outcomes import outcome_words
from alliancesim.report.sweeps import Sweep
from alliancesim.report.templating import template

MOST_PANELS = 6
MOST_WEIGHTS = 15
MOST_UPRIGHTS = 5
MOST_OUTCOMES = 3
MOST_FAILURES = 20

LEAST_SPREAD = 0.0005
"""Outcomes that differ by less between points tell nothing apart."""

Part = tuple[Caption, Drawing, dict[str, pd.DataFrame]]
"""What makes a figure: its words, how it is drawn, and its data."""


def pictures(sweep: Sweep) -> dict[str, Picture]:
    """Return the figures that an experiment has something to show in, numbered in their order."""
    if not len(sweep.points):
        return {}
    parts: dict[str, Part] = {}
    if sweep.sides is not None:
        parts |= {"phases": _phases(sweep), "slices": _slices(sweep)}
    if sweep.analysis.kind == "global" and sweep.importance["coefficient"].notna().all():
        parts["importance"] = _importance(sweep)
    parts["main-effects"] = _main_effects(sweep)
    if len(sweep.interactions) > 1:
        parts["interactions"] = _interactions(sweep)
    parts["parallel"] = _parallel(sweep)
    return {
        name: picture(number, name, *part)
        for number, (name, part) in enumerate(parts.items(), start=1)
    }


def experiment_page(sweep: Sweep, drawn: Mapping[str, Picture]) -> str:
    """Return the page on an experiment.

    Args:
        sweep: its results, finished or not.
        drawn: its figures.
    """
    manifest, experiment = sweep.manifest, sweep.experiment
    names = {code: text(actor.name) or code for code, actor in sweep.scenario.actors.items()}
    groups = assumptions.groups_of(sweep.scenario, names)
    rows = factors.rows(sweep.axes, sweep.scenario)
    return template("experiment.html.j2").render(
        manifest=manifest,
        experiment=experiment,
        scenario=sweep.scenario,
        complete=sweep.complete,
        completeness=sweep_wording.completeness(sweep),
        finding=sweep_wording.finding(sweep),
        uncertainty=sweep_methods.uncertainty(sweep),
        pictures=drawn,
        meanings=_meanings(sweep) if "importance" in drawn else [],
        failures=sweep.failures.head(MOST_FAILURES).to_dict("records"),
        failed=len(sweep.failures),
        folder=sweep.folder.name,
        factors=rows,
        many=len(rows) > MOST_UPRIGHTS + 3,
        facts=_facts(sweep),
        groups=groups,
        counts=basis_wording.resting(assumptions.counts(groups)),
        outcomes=[(name, outcome_words(sweep, name)) for name in _outcomes(sweep)],
        command=record.experiment_command(manifest),
        report=record.report_command(sweep.folder),
        versions=record.versions(manifest),
        digests=record.digests(manifest),
        lens=text(wording.LENS),
    )


def _meanings(sweep: Sweep) -> list[tuple[str, str]]:
    """Return what the coefficients mean that are among the strongest factors."""
    return factors.meanings(sweep.axis(name) for name in sweep.strongest[:MOST_WEIGHTS])


def _facts(sweep: Sweep) -> list[tuple[str, str]]:
    """Return the design in a few facts."""
    design, time = sweep.experiment.design, sweep.scenario.time
    kinds = {
        "grid": text("grid: every combination of the factors' levels"),
        "latin-hypercube": text("Latin hypercube (McKay et al., 1979)"),
        "sobol": text("Sobol sequence (Sobol, 1967; scrambled after Owen, 1998)"),
    }
    points = text("{count}, finished {finished}")
    runs = text("{runs} of the world and as many of its twin")
    window = sweep.scenario.outcome.window
    return [
        (text("design"), kinds[design.kind]),
        (
            text("points"),
            points.format(count=grouped(len(sweep.design)), finished=grouped(len(sweep.points))),
        ),
        (text("runs at each point"), runs.format(runs=grouped(design.replicates))),
        (text("months"), f"{design.months or time.months}"),
        (text("outcome over"), text("the last {months} months").format(months=window)),
        (text("margin"), f"±{brief(sweep.margin)}"),
        (text("seed"), f"{design.seed}"),
    ]


def _outcomes(sweep: Sweep) -> list[str]:
    """Return the outcomes that were kept, as far as the table of points has them."""
    kept = dict.fromkeys((EFFECT, *sweep.experiment.outcomes))
    return [name for name in kept if name in sweep.points]


def _shown(sweep: Sweep) -> Shown:
    """Return the outcome that is analysed, for figures."""
    margin = sweep.margin if sweep.outcome == EFFECT else None
    return Shown(outcome_words(sweep, sweep.outcome), margin)


def _phase(sweep: Sweep) -> phase.Phase:
    """Return what the phase diagram shows."""
    axes = sweep.sides or ()
    names = factors.labels(sweep.axes, sweep.scenario)
    x, y = (side_of(axis, sweep.levels_of(axis), names[axis.name]) for axis in axes)
    bases = [standing.base_level(axis, sweep.scenario) for axis in axes]
    base = None if any(level is None for level in bases) else (bases[0], bases[1])
    shown = _shown(sweep)
    return phase.Phase(sweep.phases, x, y, sweep.outcome, shown.what, sweep.margin, base)


def _phases(sweep: Sweep) -> Part:
    shown = _phase(sweep)
    data = {"data": sweep.phases, "contours": phase.contour_table(shown)}
    caption = sweep_captions.phases(sweep, shown.x, shown.y)
    return caption, functools.partial(phase.phase_chart, shown), data


def _slices(sweep: Sweep) -> Part:
    along, other = sides_of(sweep)
    rows = effects.slice_table(sweep.phases, along, other)
    caption = sweep_captions.slices(sweep, along, other)
    shown = _shown(sweep)

    def draw(size: Any) -> Any:
        return effects.slices_chart(rows, along, other, sweep.outcome, shown, size)

    return caption, draw, {"data": rows}


def _main_effects(sweep: Sweep) -> Part:
    names = factors.labels(sweep.axes, sweep.scenario)
    sides = [
        _side_of_levels(sweep.axis(name), sweep.main_effects, names[name])
        for name in sweep.strongest[:MOST_PANELS]
    ]
    data = sweep.main_effects[sweep.main_effects["factor"].isin([side.name for side in sides])]
    draw = functools.partial(effects.main_effects_chart, data, sides, _shown(sweep))
    return sweep_captions.main_effects(sweep, sides), draw, {"data": data}


def _side_of_levels(axis: Axis, table: pd.DataFrame, label: str) -> Side:
    """Return a factor along an axis with the levels, or bins, at which a table has means."""
    found = table.loc[table["factor"] == axis.name, "level"].tolist()
    levels = [level for level in axis.choices if level in found] if axis.choices else found
    return side_of(axis, levels, label)


def _interactions(sweep: Sweep) -> Part:
    names = factors.labels(sweep.axes, sweep.scenario)
    data = sweep.interactions.head(effects.MOST_PAIRS)
    draw = functools.partial(effects.interactions_chart, data, names)
    return sweep_captions.interactions(sweep), draw, {"data": data}


def _importance(sweep: Sweep) -> Part:
    names = factors.labels(sweep.axes, sweep.scenario)
    basis = {axis.name: standing.basis_of(axis, sweep.scenario) for axis in sweep.axes}
    sourced = {name: found in standing.SOURCED for name, found in basis.items()}
    table = sweep.importance.head(MOST_WEIGHTS)
    described = {
        "what": sweep.importance["factor"].map(names),
        "basis": sweep.importance["factor"].map(basis),
    }
    draw = functools.partial(effects.importance_chart, table, names, sourced)
    caption = sweep_captions.importance(sweep, len(table))
    return caption, draw, {"data": sweep.importance.assign(**described)}


def _parallel(sweep: Sweep) -> Part:
    table = sweep.points.merge(sweep.design, on="point")
    names = factors.labels(sweep.axes, sweep.scenario)
    uprights, scaled = [], {}
    for name in sweep.strongest[:MOST_UPRIGHTS]:
        axis = sweep.axis(name)
        side = _side_of_column(axis, table[name], names[name])
        places = np.array([side.place(level) for level in table[name]])
        scaled[name] = _between(np.log(places) if side.log else places)
        low, high = (side.levels[k] for k in (0, -1))
        uprights.append(Upright(name, side.label, level_text(low), level_text(high)))
    for name in _varying(sweep)[:MOST_OUTCOMES]:
        values = table[name].to_numpy(np.float64)
        scaled[name] = _between(values)
        ends = (level(float(end), 3) for end in (values.min(), values.max()))
        uprights.append(Upright(name, _mean(outcome_words(sweep, name)), *ends))
    drawable = pd.DataFrame({"point": table["point"], "verdict": table["verdict"], **scaled})
    drawn = len(parallel.sample(drawable))
    columns = ["point", *(upright.column for upright in uprights), *WORDS, "verdict"]
    draw = functools.partial(parallel.parallel_chart, drawable, uprights, parallel.MOST_LINES)
    return sweep_captions.parallel(sweep, uprights, drawn), draw, {"data": table[columns]}


def _mean(what: str) -> str:
    """Return what an outcome's mean is called."""
    return text("mean {what}").format(what=what)


def _varying(sweep: Sweep) -> list[str]:
    """Return the outcomes that differ between points: that analysed, then effects, then others."""
    differing = [name for name in _outcomes(sweep) if np.ptp(sweep.points[name]) > LEAST_SPREAD]
    return sorted(
        dict.fromkeys((sweep.outcome, *differing)),
        key=lambda name: (name != sweep.outcome, not name.endswith(EFFECT)),
    )


def _side_of_column(axis: Axis, values: pd.Series[Any], label: str) -> Side:
    """Return a factor along an axis from its smallest to its largest value in a design."""
    levels = list(axis.choices) or [values.min(), values.max()]
    return side_of(axis, levels, label)


def _between(values: Any) -> Any:
    """Return where values stand between the smallest (0) and the largest (1)."""
    spread = float(np.ptp(values))
    return (values - values.min()) / spread if spread > 0 else np.full(len(values), 0.5)
