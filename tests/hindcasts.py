"""A small calibration for the tests of validation: three states, thirty months, few polls."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np

from alliancesim.batch import Series
from alliancesim.calibration.reading import LoadedCalibration, load_calibration
from alliancesim.calibration.targets import Targets
from alliancesim.world import World

SCENARIO = """\
title = "CHARLIE presses ALFA, then BRAVO"

[time]
start = "2030-01"
months = 30

[actors.ALFA]
[actors.BRAVO]
[actors.CHARLIE]

[dyads]
ALFA-BRAVO = { opinion = 0.1, cohesion = 0.4, grievance = 0.3 }
BRAVO-ALFA = { opinion = -0.1 }
ALFA-CHARLIE = { threat = 0.4, opinion = -0.3 }

[events.first-squeeze]
date = "2030-03"
what = "CHARLIE presses ALFA"
variable = "pressure"
of = "CHARLIE"
toward = "ALFA"
push = 0.6
half_life = 12

[events.second-squeeze]
date = "2031-06"
what = "CHARLIE presses BRAVO"
variable = "pressure"
of = "CHARLIE"
toward = "BRAVO"
push = 0.6
half_life = 12

[outcome]
alliance = ["ALFA", "BRAVO"]
"""

CALIBRATION = """\
title = "A small one"
question = "Does it work?"
scenario = "small-scenario"

[validation]
split = "2031-04"
without = { second = ["second-"] }
steps = 8
draws = 40
"""

OBSERVATIONS: Mapping[str, tuple[str, str, str, str, float, str]] = {
    "a-1": ("opinion", "ALFA", "BRAVO", "2030-04", 0.10, 'series = "a"'),
    "a-2": ("opinion", "ALFA", "BRAVO", "2030-09", 0.05, 'series = "a"'),
    "a-3": ("opinion", "ALFA", "BRAVO", "2031-02", 0.12, 'series = "a"'),
    "a-4": ("opinion", "ALFA", "BRAVO", "2031-08", 0.20, 'series = "a"'),
    "a-5": ("opinion", "ALFA", "BRAVO", "2032-03", 0.25, 'series = "a"'),
    "b-1": ("opinion", "BRAVO", "ALFA", "2030-06", -0.15, 'series = "b"'),
    "b-2": ("opinion", "BRAVO", "ALFA", "2031-01", -0.05, 'series = "b"'),
    "b-3": ("opinion", "BRAVO", "ALFA", "2031-11", 0.05, 'series = "b"'),
    "coded-1": ("cohesion", "ALFA", "BRAVO", "2030-10", 0.10, 'since = "2029-12"'),
    "coded-2": ("cohesion", "ALFA", "BRAVO", "2031-04", 0.05, 'since = "2030-10"'),
    "coded-3": ("cohesion", "ALFA", "BRAVO", "2032-05", -0.20, 'since = "2031-04"'),
}
"""Variable, pair, month, value, and a further key, by label."""

HELD_OUT = ("a-4", "a-5", "b-3", "coded-3")
"""What lies beyond the split."""


def small_files(folder: Path, values: Mapping[str, float] | None = None) -> Path:
    """Write the scenario, some values changed, and the calibration; return the latter's file."""
    tables = [
        f"""[observations.{label}]
date = "{date}"
what = "observed"
variable = "{variable}"
of = "{of}"
toward = "{toward}"
value = {(values or {}).get(label, value)}
error = 0.05
{further}
"""
        for label, (variable, of, toward, date, value, further) in OBSERVATIONS.items()
    ]
    (folder / "small-scenario.toml").write_text("\n".join([SCENARIO, *tables]), "utf-8")
    path = folder / "small.toml"
    path.write_text(CALIBRATION, "utf-8")
    return path


def small(
    folder: Path, values: Mapping[str, float] | None = None, settings: Sequence[str] = ()
) -> LoadedCalibration:
    """Return the small calibration, some values of its observations changed."""
    folder.mkdir(exist_ok=True)
    return load_calibration(str(small_files(folder, values)), settings)


def polled(
    world: World,
    months: Sequence[int],
    values: Sequence[float],
    errors: Sequence[float],
    *,
    columns: Sequence[int] | None = None,
    since: Sequence[int] | None = None,
    variable: str = "opinion",
) -> Targets:
    """Return observations made up for a test: of one variable between the first two actors."""
    first, second = world.actors[:2]
    series = (Series(variable, first, second), Series(variable, second, first))
    numbers = range(len(months))
    return Targets(
        world=world,
        series=series,
        column=np.array(columns or [0] * len(months), dtype=np.int64),
        month=np.array(months, dtype=np.int64),
        since=np.array(since or [-1] * len(months), dtype=np.int64),
        values=np.array(values, dtype=np.float64),
        errors=np.array(errors, dtype=np.float64),
        labels=tuple(f"poll-{number}" for number in numbers),
        dates=tuple(world.date(month) for month in months),
        polls=tuple("poll" for _ in numbers),
        held={},
    )
