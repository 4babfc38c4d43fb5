"""How the intervals of an experiment were computed, in words. What was found is not told here."""

from __future__ import annotations

from alliancesim.experiment.summary import RESAMPLES
from alliancesim.figures.words import grouped
from alliancesim.language import text
from alliancesim.report.numbers import brief
from alliancesim.report.phrases import counted
from alliancesim.report.sweeps import MOST_PAIRED, Sweep
from alliancesim.report.wording import is_drawn


def uncertainty(sweep: Sweep) -> list[str]:
    """Return how every interval was computed."""
    fields = {"margin": brief(sweep.margin)}
    last = (
        text(
            "How far inputs that are not varied here may be off is in none of these intervals. An"
            " effect within ±{margin} counts as nothing, also at points at which too little is done"
            " to count as an attempt at a wedge."
        )
        if is_drawn(sweep.manifest)
        else text(
            "How far inputs and coefficients that are not varied here may be off is in none of"
            " these intervals. An effect within ±{margin} counts as nothing, also at points at"
            " which too little is done to count as an attempt at a wedge."
        )
    ).format(**fields)
    return [*_methods(sweep), last] if len(sweep.points) else [last]


def _counted(sweep: Sweep) -> str:
    """Return what intervals are over, and what is independent of what."""
    used = counted(sweep.runs_used, "run")
    if not is_drawn(sweep.manifest):
        return text(
            "All intervals are 95 % intervals over random shocks alone. Run r meets the same shocks"
            " at every point, so that shocks do not average out over points: runs are averaged over"
            " points first, and intervals count the {used} at each point."
        ).format(used=used)
    return text(
        "All intervals are 95 % intervals over random shocks and over what calibration leaves"
        " unknown of the coefficients: {draws} of the posterior {name}. A coefficient that a point"
        " lays down is not drawn there. Run r meets the same shocks and takes the same draw at"
        " every point, so that neither averages out over points: the {used} at each point are"
        " averaged over points first, and intervals count draws (Kish, 1965; Binder, 1983)."
    ).format(
        draws=counted(int(sweep.runs["draw"].nunique()), "draw"),
        name=sweep.manifest["posterior"]["name"],
        used=used,
    )


def _methods(sweep: Sweep) -> list[str]:
    """Return how the intervals of an experiment with finished points were computed."""
    used = sweep.runs_used
    means = text("Shares of runs: Wilson (1927). Means at points, cells and levels: Student.")
    if sweep.sampled:
        bins = text(
            "Levels are bins of equally many points; the variance of their mean over points is"
            " added, with Satterthwaite's (1946) degrees of freedom; how far a factor moves a mean"
            " is taken from the far ends of both intervals."
        )
        means = f"{means} {bins}"
    said = [_counted(sweep), means]
    if len(sweep.axes) > 1:
        said.append(_bootstrap(sweep))
    if sweep.analysis.kind == "global":
        said.append(
            text(
                "Weights: standardised rank regression (Iman and Conover, 1979), percentile"
                " bootstrap over points ({resamples} resamples). They measure effects that go one"
                " way."
            ).format(resamples=RESAMPLES)
        )
    if used < sweep.experiment.replicates:
        fitting = text("To fit into memory the analysis uses {used} runs at each point.")
        said.append(fitting.format(used=grouped(used)))
    return said


def _bootstrap(sweep: Sweep) -> str:
    """Return how the intervals of interactions were computed."""
    told = (
        text("Interactions: percentile bootstrap over {units} ({resamples} resamples).")
        if len(sweep.axes) == 2
        else text(
            "Interactions of the {count} strongest factors: percentile bootstrap over {units}"
            " ({resamples} resamples)."
        )
    )
    return told.format(
        count=min(MOST_PAIRED, len(sweep.axes)),
        units=text("draws") if is_drawn(sweep.manifest) else text("runs"),
        resamples=RESAMPLES,
    )
