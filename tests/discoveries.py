"""A small finished experiment for the tests, and rules planted in it."""

from __future__ import annotations

import importlib
import inspect
import warnings
from dataclasses import replace
from functools import cache
from pathlib import Path

import numpy as np
import pytest

from alliancesim.discovery.dataset import Dataset
from alliancesim.discovery.targets import Flags
from alliancesim.experiment.execution import in_process, sweep
from alliancesim.experiment.parts import plan_of
from experiments import HEAD, experiment_of

SMALL = (
    HEAD
    + """\
[design]
kind = "sobol"
points = 128
replicates = 1
months = 6

[factors.fear]
key = "dyads.BRAVO-CHARLIE.threat"
low = 0.0
high = 1.0

[factors.memory]
key = "coefficients.forget"
low = 0.01
high = 0.2
scale = "log"

[factors.start]
key = "strategies.wedge.start"
low = "2030-01"
high = "2030-06"

[factors.leader]
key = "strategies.bonds.actor"
values = ["DELTA", "CHARLIE"]

[factors.entrapment-off]
key = "without.entrapment"
values = [false, true]
"""
)


@cache
def load_prim() -> None:
    """Import EMA Workbench without what takes most of the time.

    For its log it looks up the source of all callers of each class it makes, importers included.
    """
    with pytest.MonkeyPatch.context() as patch, warnings.catch_warnings():
        # It warns of optional companions that are not installed.
        warnings.simplefilter("ignore")
        patch.setattr(inspect, "getouterframes", lambda frame: [("",) * 4] * 2)
        importlib.import_module("ema_workbench.analysis.prim")


def swept(folder: Path) -> Path:
    """Return the results of the small experiment."""
    load_prim()
    sweep(plan_of(experiment_of(folder, SMALL)), folder / "swept", in_process())
    return folder / "swept"


def planted(dataset: Dataset, hits: Flags) -> Dataset:
    """Return the experiment as if the wedge had split at some points and done nothing at others."""
    words = np.where(hits, "split", "null").astype(object)
    return replace(dataset, verdicts=words, effects=np.where(hits, -0.1, 0.0))
