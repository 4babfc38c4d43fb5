"""Makes a calibration the program's own: its sample ships, its medians become the defaults.

From the top folder of the project::

    alliancesim calibrate northeast-asia-2010-2026 --out FOLDER
    python docs/default_coefficients.py FOLDER

writes ``src/alliancesim/posterior/default.csv`` and ``default.toml``, the sample that
``--posterior`` takes, and ``src/alliancesim/fitted.py``, which the register of coefficients reads.
"""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

import pandas as pd

from alliancesim.coefficients import REGISTER
from alliancesim.posterior.draws import load_posterior
from alliancesim.scenario.placing import replace_file

PACKAGE = Path(__file__).resolve().parent.parent / "src" / "alliancesim"

HEAD = '''"""What the record taught: medians and intervals of the coefficients after calibration.

Written by ``python docs/default_coefficients.py`` from the calibration
{name}; not to be edited by hand.
"""

from __future__ import annotations

from typing import NamedTuple


class Fitted(NamedTuple):
    """What is known of one coefficient after calibration.

    Attributes:
        median: of the posterior; the default of the law.
        low90: lower end of its 90 % interval.
        high90: upper end.
        learned: 1 less the spread of the logarithm after calibration over that before; 0 where the
            record says nothing beyond the prior.
    """

    median: float
    low90: float
    high90: float
    learned: float


CALIBRATION = "{name}"
"""The calibration they come from."""

FITTED: dict[str, Fitted] = {{
'''


def table(folder: Path) -> str:
    """Return the module that lists what a calibration found, in the order of the register."""
    rows = pd.read_csv(folder / "shrinkage.csv").set_index("name")
    lines = []
    for entry in REGISTER:
        if entry.name in rows.index:
            row = rows.loc[entry.name]
            numbers = ", ".join(
                f"{float(f'{row[column]:.3g}')}" for column in ("median", "low90", "high90")
            )
            learned = max(0.0, round(float(row["shrinkage"]), 2))
            lines.append(f'    "{entry.name}": Fitted({numbers}, {learned}),')
    name = load_posterior(str(folder)).about["calibration"]
    return HEAD.format(name=name) + "\n".join(lines) + '\n}\n"""By name of the coefficient."""\n'


def main() -> None:
    """Write the three files from the folder named on the command line."""
    folder = Path(sys.argv[1])
    module = table(folder)
    for ending in ("csv", "toml"):
        shutil.copyfile(folder / f"sample.{ending}", PACKAGE / "posterior" / f"default.{ending}")
    replace_file(PACKAGE / "fitted.py", module)


if __name__ == "__main__":
    main()
