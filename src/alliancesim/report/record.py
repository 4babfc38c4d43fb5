"""How to make results again: the command, versions and digests. What came out is not told here."""

from __future__ import annotations

import json
import shlex
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from alliancesim.calibration.reading import load_calibration
from alliancesim.experiment.identity import differences
from alliancesim.experiment.reading import load_experiment
from alliancesim.language import message, text
from alliancesim.posterior.draws import DEFAULT
from alliancesim.report.numbers import brief
from alliancesim.results.result import DRAWS
from alliancesim.scenario.library import CALIBRATIONS, EXPERIMENTS, SCENARIOS

_ABOUT = {
    "title": message("title"),
    "calibration": message("calibration"),
    "scenario": message("scenario"),
    "program": message("program"),
    "date": message("date"),
    "digest": message("digest of the calibration"),
    "law": message("digest of the law"),
    "observations": message("observations"),
    "r_hat_worst": message("largest r-hat"),
    "ess_least": message("smallest effective sample"),
}
"""What the facts are called that a calibration leaves beside its draws; others keep their key."""


def command(manifest: dict[str, Any], members: Sequence[dict[str, Any]] = ()) -> str:
    """Return the command line that makes these results again.

    Args:
        manifest: of a run, or of a comparison.
        members: manifests of the scenarios of a comparison.

    Returns:
        One line for a shell.
    """
    options = manifest["options"]
    if manifest["kind"] == "compare":
        words = ["alliancesim", "compare", *map(_reference, members)]
    else:
        words = ["alliancesim", "run", _reference(manifest)]
    words += ["--runs", str(options["runs"]), "--seed", str(options["seed"])]
    usual = manifest.get("scenario", {}).get("time", {}).get("months", options["months"])
    if options["months"] != usual:
        words += ["--months", str(options["months"])]
    if options["keep"] != "quantiles":
        words += ["--keep", options["keep"]]
    words += _set(options["set"])
    for mechanism in options["without"]:
        words += ["--without", mechanism]
    if not options["robustness"]:
        words.append("--no-robustness")
    if "causes" in manifest:
        words.append("--explain")
    if "posterior" in manifest:
        # The draws lie in the results' own folder; those that ship have a name.
        words += ["--posterior", DEFAULT if manifest["posterior"]["name"] == DEFAULT else DRAWS]
    return shlex.join(words)


def experiment_command(manifest: dict[str, Any]) -> str:
    """Return the command line that makes an experiment's results again.

    Args:
        manifest: of the experiment.

    Returns:
        One line for a shell. What differs from the shipped file of that name is set; of any other
        file nothing is known but its name.
    """
    name, kept = str(manifest["name"]), manifest["experiment"]
    if name not in EXPERIMENTS.names():
        return shlex.join(["alliancesim", "experiment", str((manifest["files"] or [name])[0])])
    shipped = load_experiment(name).experiment.model_dump(mode="json")
    words = ["alliancesim", "experiment", name]
    for key, _, value in differences(shipped, kept):
        if key == "posterior":
            words += ["--posterior", str(value)]
            continue
        if key == "settings":
            found = [setting for setting in value if setting not in shipped["settings"]]
        else:
            found = [_setting(key, value)]
        words += _set(found)
    return shlex.join(words)


def calibration_settings(manifest: Mapping[str, Any]) -> list[str]:
    """Return what a calibration has otherwise than the shipped file, as ``--set`` takes it.

    Args:
        manifest: of the calibration.
    """
    name = str(manifest["name"])
    if name not in CALIBRATIONS.names():
        return []
    shipped = load_calibration(name).calibration.model_dump(mode="json", by_alias=True)
    changed = differences(shipped, manifest["calibration"])
    return [_setting(key, value) for key, _, value in changed if value is not None]


def fitting_command(command: str, name: str, settings: Sequence[str]) -> str:
    """Return the command line that calibrates or validates again.

    Args:
        command: which of the two.
        name: of the calibration.
        settings: what differs from its file.
    """
    return shlex.join(["alliancesim", command, name, *_set(settings)])


def _setting(key: str, value: object) -> str:
    """Return a value at a key path as ``--set`` takes it."""
    return f"{key}={json.dumps(value, ensure_ascii=False)}"


def _set(settings: Sequence[str]) -> list[str]:
    """Return the words that set all of these."""
    return [word for setting in settings for word in ("--set", setting)]


def changes(manifest: Mapping[str, Any]) -> str:
    """Return what was changed from the file that was run, or nothing where nothing was.

    Args:
        manifest: of any results.

    Returns:
        A sentence in the present language, so that no changed world passes for the one in the file.
    """
    options = manifest.get("options", {})
    found = [*options.get("set", [])]
    found += [
        text("{mechanism} switched off").format(mechanism=one) for one in options.get("without", [])
    ]
    if not found:
        return ""
    return text("Changed from the file that was run: {changes}.").format(changes="; ".join(found))


def report_command(folder: Path) -> str:
    """Return the command line that makes the report on a folder of results."""
    return shlex.join(["alliancesim", "report", folder.name or str(folder)])


def verify_command(folder: Path) -> str:
    """Return the command line that checks a folder of results bit for bit."""
    return shlex.join(["alliancesim", "verify", folder.name or str(folder)])


def moment(created: str) -> str:
    """Return the day and the minute at which results were made, in universal time.

    Args:
        created: as a manifest has it; what is no time is returned as it is.
    """
    try:
        found = datetime.fromisoformat(created).astimezone(UTC)
    except ValueError:
        return created
    return f"{found:%Y-%m-%d, %H:%M} UTC"


def sources(manifest: Mapping[str, Any]) -> list[str]:
    """Return what a scenario, or a calibration, names as its sources; none where there is none."""
    described = manifest.get("calibration", manifest.get("scenario"))
    return list(map(str, described.get("sources", []))) if isinstance(described, dict) else []


def versions(manifest: dict[str, Any]) -> list[tuple[str, str]]:
    """Return program, libraries and git revision with their versions."""
    return [(str(name), str(value)) for name, value in manifest["program"].items()]


def digests(manifest: dict[str, Any]) -> list[tuple[str, str]]:
    """Return the digests of trajectories and tables."""
    return [(str(name), str(value)) for name, value in manifest["digest"].items()]


def posterior(manifest: dict[str, Any]) -> list[tuple[str, str]]:
    """Return what is known of the posterior that coefficients were drawn from, if they were."""
    if "posterior" not in manifest:
        return []
    kept = manifest["posterior"]
    drawn = text("{draws} of {count} coefficients")
    facts = [
        (text("name"), str(kept["name"])),
        (text("draws"), drawn.format(draws=kept["draws"], count=len(kept["names"]))),
    ]
    for key, value in kept["about"].items():
        said = brief(float(f"{value:.4g}")) if isinstance(value, float) else str(value)
        facts.append((text(_ABOUT[key]) if key in _ABOUT else str(key), said))
    return [*facts, (text("digest of the draws"), str(kept["digest"]))]


def _reference(manifest: dict[str, Any]) -> str:
    """Return a shipped scenario's name, or the name of the file that was run."""
    name, files = str(manifest["name"]), manifest["files"]
    if name in SCENARIOS.names() or not files:
        return name
    return str(files[0])
