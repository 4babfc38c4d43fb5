"""A calibration file for the tests, on the scenario of ``worlds.FULL`` with observations.

Three coefficients are sampled and the others fixed, so that a few walkers do.
"""

from __future__ import annotations

from pathlib import Path

from alliancesim.calibration.reading import LoadedCalibration, load_calibration
from alliancesim.coefficients import REGISTER
from worlds import FULL

SAMPLED = ("erode", "warm", "forget")

OBSERVATIONS = """
[observations.poll-1]
date = "2030-09"
what = "A poll in BRAVO"
of = "BRAVO"
toward = "ALFA"
variable = "opinion"
value = -0.1
error = 0.06
series = "polls"

[observations.poll-2]
date = "2031-05"
what = "A poll in BRAVO"
of = "BRAVO"
toward = "ALFA"
variable = "opinion"
value = -0.3
error = 0.08
series = "polls"

[observations.poll-3]
date = "2031-02"
what = "A poll in ALFA"
of = "ALFA"
toward = "BRAVO"
variable = "opinion"
value = 0.05
error = 0.05

[observations.coded-1]
date = "2031-03"
what = "A coded change"
of = "ALFA"
toward = "BRAVO"
variable = "cohesion"
value = -0.2
error = 0.15
since = "2030-02"

[observations.coded-2]
date = "2031-06"
what = "A coded change"
of = "ALFA"
toward = "BRAVO"
variable = "cohesion"
value = 0.1
error = 0.15
since = "2031-03"
"""

SCENARIO = FULL.split("[observations.poll]", maxsplit=1)[0] + OBSERVATIONS
SCENARIO += "\n[outcome]" + FULL.split("[outcome]")[1]

SAMPLER = """
[sampler]
ensembles = 2
walkers = 16
steps = {steps}
burn = 40
thin = 4
seed = 5
draws = 50
"""

HEAD = 'title = "Trial"\nquestion = "How warm, how forgetful?"\nscenario = "full"\n'

FIXED = "\n[fixed]\n" + "".join(
    f"{entry.name} = {entry.default!r}\n"
    for entry in REGISTER
    if entry.name not in SAMPLED and entry.equation != "shocks"
)


def written(folder: Path, text: str = "", steps: int = 120) -> Path:
    """Write the scenario and a calibration ``trial.toml`` that ends in a text."""
    (folder / "full.toml").write_text(SCENARIO, "utf-8")
    path = folder / "trial.toml"
    path.write_text(HEAD + FIXED + SAMPLER.format(steps=steps) + text, "utf-8")
    return path


def loaded(folder: Path, settings: tuple[str, ...] = ()) -> LoadedCalibration:
    """Write the calibration and load it."""
    return load_calibration(str(written(folder)), settings)
