"""Experiment files for the tests, on the scenario of ``worlds.FULL``."""

from __future__ import annotations

from pathlib import Path

from alliancesim.experiment.reading import LoadedExperiment, load_experiment
from alliancesim.scenario.problems import InputError, Problem
from worlds import FULL

HEAD = """\
title = "CHARLIE presses harder"
question = "Does it matter how hard?"
scenario = "full"
"""

GRID = (
    HEAD
    + """\
outcomes = [
  "cohesion", "cohesion_twin", "change", "opinion.BRAVO-ALFA", "threat.ALFA-CHARLIE.effect",
]

[design]
kind = "grid"
replicates = 3
seed = 7

[factors.pressure]
key = "strategies.wedge.press_intensity"
label = "Pressure"
unit = "share"
low = 0.0
high = 1.0
steps = 3

[factors.fear]
key = "dyads.BRAVO-CHARLIE.threat"
low = 0.1
high = 0.9
steps = 5

[analysis]
kind = "phase-diagram"
x = "pressure"
y = "fear"
"""
)

MIXED = (
    HEAD
    + """\
[design]
kind = "sobol"
points = 16
replicates = 2

[factors.guarantee]
keys = ["dyads.DELTA-ALFA.commitment", "dyads.DELTA-BRAVO.commitment"]
together = "parallel"
low = 0.2
high = 0.9

[factors.start]
key = "strategies.wedge.start"
low = "2030-02"
high = "2030-06"

[factors.ramp]
key = "strategies.wedge.ramp"
low = 0
high = 6
whole = true

[factors.memory]
key = "coefficients.forget"
low = 0.01
high = 0.2
scale = "log"

[factors.election]
key = "events.election.enabled"
values = [true, false]

[factors.entrapment-off]
key = "without.entrapment"
values = [false, true]

[factors.leader]
key = "strategies.bonds.actor"
values = ["DELTA", "CHARLIE"]
"""
)


def experiment_of(folder: Path, text: str, *settings: str) -> LoadedExperiment:
    """Return the experiment of a text, written to a folder beside the scenario that it varies."""
    return load_experiment(str(written(folder, text)), settings)


def written(folder: Path, text: str) -> Path:
    """Write an experiment beside the scenario that it varies, and return its file."""
    (folder / "full.toml").write_text(FULL, "utf-8")
    path = folder / "trial.toml"
    path.write_text(text, "utf-8")
    return path


def problems_of(path: Path) -> tuple[Problem, ...]:
    """Return every problem of an experiment file, none if it is valid."""
    try:
        load_experiment(str(path))
    except InputError as error:
        return error.problems
    return ()
