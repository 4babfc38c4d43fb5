"""The command that calibrates the law's coefficients on observations.

How the law does on years that were not fitted is not asked here, but by validating.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from alliancesim.cli.experimenting import default_folder, resuming
from alliancesim.cli.options import Calibration, Json, Resume, Resumed, Settings
from alliancesim.cli.printing import (
    announce_compilation,
    print_json,
    print_paragraphs,
    print_places,
    shown,
    tell,
    tell_command,
)

if TYPE_CHECKING:
    import pandas as pd

    from alliancesim.calibration.calibrating import Calibrated


def calibrate(
    file: Calibration,
    resume: Resume = False,
    out: Resumed = None,
    settings: Settings = None,
    as_json: Json = False,
) -> None:
    """Fit the law's coefficients to observations. Say which the record identifies."""
    from alliancesim.calibration.reading import load_calibration

    loaded = load_calibration(file, settings or [])
    folder = out or default_folder(f"calibrate-{loaded.name}", resume=resume)

    from alliancesim.calibration import calibrating
    from alliancesim.cli.console import pace_bar
    from alliancesim.cli.interrupting import remembered

    sampler = loaded.calibration.sampler
    announce_compilation(quiet=as_json)
    steps = sampler.ensembles * sampler.steps
    try:
        with pace_bar(loaded.name, steps, "steps", quiet=as_json) as bar, remembered() as check:

            def progress(done: int) -> None:
                check()
                bar(done)

            found = calibrating.calibrate(loaded, folder, resume=resume, progress=progress)
            check()
    except KeyboardInterrupt:
        if calibrating.holds_calibration(folder):
            tell(f"What was sampled is kept in {shown(folder)}.")
            tell_command("To go on", resuming(folder))
        raise
    _draw(found, folder, sampler.burn)
    if as_json:
        print_json({**found.summary, "folder": str(folder)})
        return
    _print_table(found.shrinkage)
    print_paragraphs(_said(found.summary))
    print_places(results=folder, draws=folder / "sample.csv")


def _draw(found: Calibrated, folder: Path, burn: int) -> None:
    """Write the pictures of a calibration, each whole."""
    import os
    import tempfile

    import pandas as pd

    from alliancesim.calibration.calibrating import TRACE
    from alliancesim.figures.chains import write_pictures

    with tempfile.TemporaryDirectory(prefix=".pictures-", dir=folder) as name:
        traces = pd.read_parquet(folder / TRACE)
        write_pictures(traces, found.diagnostics, found.shrinkage, burn, Path(name))
        for path in sorted(Path(name).iterdir()):
            os.replace(path, folder / path.name)


def _print_table(table: pd.DataFrame) -> None:
    """Print every number before and after, the most shrunk first."""
    from alliancesim.cli.console import table as print_table

    rows = [
        (
            row["name"],
            _interval(row["prior_median"], row["prior_low90"], row["prior_high90"]),
            _interval(row["median"], row["low90"], row["high90"]),
            f"{row['shrinkage']:.2f}, {row['word']}",
        )
        for row in table.sort_values("shrinkage", ascending=False).to_dict("records")
    ]
    columns = ("number", "before: median [90 %]", "after", "shrinkage, identified")
    print_table(columns, rows)


def _interval(middle: float, low: float, high: float) -> str:
    """Return a median with its interval, to two digits."""
    return f"{middle:.2g} [{low:.2g}, {high:.2g}]"


def _said(summary: dict[str, Any]) -> list[str]:
    """Return what was found, in words."""
    from alliancesim.calibration.diagnostics import LEAST_EFFECTIVE, WORST_R_HAT
    from alliancesim.report.wording import LENS

    worst, least = summary["r_hat_worst"], summary["ess_bulk_least"]
    arrived = "" if summary["arrived"] else f" That is not below {WORST_R_HAT}: add steps."
    enough = "" if summary["enough"] else f" Fewer than {LEAST_EFFECTIVE} are few: add steps."
    names = {word: ", ".join(summary[word]) or "none" for word in ("identified", "partly", "not")}
    rows = summary["silence"]["rows"]
    largest = max(rows, key=lambda row: row["rms"])
    return [
        summary["title"],
        summary["question"],
        f"{summary['observations']} observations, {summary['sampled']} numbers sampled.",
        f"Worst r-hat {worst['value']:.3f} ({worst['name']}).{arrived} Least effective sample size"
        f" {least['value']:,.0f} ({least['name']}).{enough}",
        f"Identified: {names['identified']}.",
        f"Partly: {names['partly']}.",
        f"Not identified, so that what was thought before stands: {names['not']}.",
        f"The path without shocks stands for the mean of an ensemble; the two differ by"
        f" {largest['rms']:.3f} (root mean square) at most, in {largest['group']} of"
        f" {largest['of']} toward {largest['toward']}, where observations err by"
        f" {largest['error']:.3f}.",
        "Fitted to these observations, so agreement with them is no evidence of foresight.",
        LENS,
    ]
