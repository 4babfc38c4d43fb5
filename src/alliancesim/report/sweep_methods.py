"""How the intervals of an experiment were computed, in words."""

from __future__ import annotations

from alliancesim.experiment.summary import RESAMPLES
from alliancesim.report.numbers import brief
from alliancesim.report.sweeps import MOST_PAIRED, Sweep
from alliancesim.report.wording import counted, is_drawn


def uncertainty(sweep: Sweep) -> list[str]:
    """Return how every interval was computed."""
    last = (
        f"How far inputs{_undrawn(sweep)} that are not varied here may be off is in none of these"
        f" intervals. An effect within ±{brief(sweep.margin)} counts as nothing, also at points at"
        " which too little is done to count as an attempt at a wedge."
    )
    return [*_methods(sweep), last] if len(sweep.points) else [last]


def _undrawn(sweep: Sweep) -> str:
    """Return that coefficients may be off as well, where they are not drawn."""
    return "" if is_drawn(sweep.manifest) else " and coefficients"


def _counted(sweep: Sweep) -> str:
    """Return what intervals are over, and what is independent of what."""
    used = counted(sweep.runs_used, "run")
    if not is_drawn(sweep.manifest):
        return (
            "All intervals are 95 % intervals over random shocks alone. Run r meets the same shocks"
            " at every point, so that shocks do not average out over points: runs are averaged over"
            f" points first, and intervals count the {used} at each point."
        )
    posterior, draws = sweep.manifest["posterior"], int(sweep.runs["draw"].nunique())
    return (
        "All intervals are 95 % intervals over random shocks and over what calibration leaves"
        f" unknown of the coefficients: {counted(draws, 'draw')} of the posterior"
        f" {posterior['name']}. A coefficient that a point lays down is not drawn there. Run r"
        " meets the same shocks and takes the same draw at every point, so that neither averages"
        f" out over points: the {used} at each point are averaged over points first, and intervals"
        " count draws (Kish, 1965; Binder, 1983)."
    )


def _methods(sweep: Sweep) -> list[str]:
    """Return how the intervals of an experiment with finished points were computed."""
    used = sweep.runs_used
    said = [
        _counted(sweep),
        "Shares of runs: Wilson (1927). Means at points, cells and levels: Student."
        + (
            " Levels are bins of equally many points; the variance of their mean over points is"
            " added, with Satterthwaite's (1946) degrees of freedom; how far a factor moves a"
            " mean is taken from the far ends of both intervals."
            if sweep.sampled
            else ""
        ),
    ]
    if len(sweep.axes) > 1:
        units = "draws" if is_drawn(sweep.manifest) else "runs"
        drawn = f" of the {min(MOST_PAIRED, len(sweep.axes))} strongest factors"
        said.append(
            f"Interactions{drawn if len(sweep.axes) > 2 else ''}: percentile bootstrap over {units}"
            f" ({RESAMPLES} resamples)."
        )
    if sweep.analysis.kind == "global":
        said.append(
            "Weights: standardised rank regression (Iman and Conover, 1979), percentile bootstrap"
            f" over points ({RESAMPLES} resamples). They measure effects that go one way."
        )
    if used < sweep.experiment.replicates:
        said.append(f"To fit into memory the analysis uses {used:,} runs at each point.")
    return said
