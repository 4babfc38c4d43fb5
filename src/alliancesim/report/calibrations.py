"""The page on a calibration, and its figures.

How the law does on years that were not fitted is not for this page, but for that on a hindcast.
"""

from __future__ import annotations

import functools
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd

from alliancesim.calibration.chains import LOG_DENSITY
from alliancesim.calibration.diagnostics import LEAST_EFFECTIVE, WORST_R_HAT
from alliancesim.calibration.shrinkage import WORDS
from alliancesim.figures import chains
from alliancesim.figures.words import grouped
from alliancesim.language import message, number, text
from alliancesim.report import record, wording
from alliancesim.report.captions import Caption
from alliancesim.report.columns import NUMBER, TEXT, lacking, read_columns
from alliancesim.report.mechanism_wording import MEANINGS
from alliancesim.report.numbers import level, percent, span
from alliancesim.report.phrases import counted, joined
from alliancesim.report.pictures import Picture, picture
from alliancesim.report.templating import template
from alliancesim.scenario.problems import InputError, Problem

IN_SAMPLE = message(
    "A posterior is in sample by its nature: it was fitted to these observations, so that agreement"
    " with them is no evidence that the model foretells. alliancesim validate holds observations"
    " back and scores what was foretold of them."
)
"""What a calibration does not show."""

_OWN_ERROR = message("size of the model's own error (Kennedy and O'Hagan 2001)")

_NAMED = {
    "identified": message("Identified: {names}."),
    "partly": message("Partly identified: {names}."),
    "not": message("Not identified: {names}."),
}

_WORDS = {"identified": message("identified"), "partly": message("partly"), "not": message("not")}

_SHRINKAGE = {
    "name": TEXT,
    **dict.fromkeys(("prior_low90", "prior_median", "prior_high90"), NUMBER),
    **dict.fromkeys(("low90", "median", "high90", "shrinkage", "shift"), NUMBER),
    "word": TEXT,
}
_DIAGNOSTICS = {
    "name": TEXT,
    **dict.fromkeys(("r_hat", "ess_bulk", "ess_tail"), NUMBER),
}
_SILENCE = {
    **dict.fromkeys(("group", "of", "toward"), TEXT),
    **dict.fromkeys(("observations", "mean", "rms", "largest", "error"), NUMBER),
}
_TRACE = ("ensemble", "step", "name", "low", "middle", "high")


@dataclass(frozen=True)
class Calibrated:
    """What a calibration left behind.

    Attributes:
        folder: where it lies.
        manifest: what was fitted, to what, and with which program.
        shrinkage: every number before and after.
        diagnostics: how the chains behaved, by number.
        silence: how far the path without shocks lies from the mean of an ensemble.
        traces: how the ensembles moved.
    """

    folder: Path
    manifest: dict[str, Any]
    shrinkage: pd.DataFrame
    diagnostics: pd.DataFrame
    silence: pd.DataFrame
    traces: pd.DataFrame

    @property
    def sampler(self) -> Mapping[str, Any]:
        """Return how the posterior was sampled."""
        found = self.manifest["calibration"]["sampler"]
        return dict(found)


def read_calibrated(folder: Path, manifest: dict[str, Any]) -> Calibrated:
    """Return a calibration's results.

    Args:
        folder: results of a finished calibration.
        manifest: of that folder.

    Raises:
        InputError: with everything that is missing or damaged.
    """
    problems = list(lacking(folder, manifest))
    calibration = manifest.get("calibration")
    sampler = calibration.get("sampler") if isinstance(calibration, dict) else None
    if not isinstance(sampler, dict) or not all(
        isinstance(sampler.get(key), int) for key in ("ensembles", "walkers", "steps", "burn")
    ):
        expected = "how the posterior was sampled, as the program wrote it"
        problems.append(Problem(str(folder / "manifest.json"), "calibration.sampler", "", expected))
    tables = {}
    for name, columns in (
        ("shrinkage", _SHRINKAGE),
        ("diagnostics", _DIAGNOSTICS),
        ("silence", _SILENCE),
    ):
        try:
            tables[name] = read_columns(folder / f"{name}.csv", columns)
        except InputError as error:
            problems += error.problems
    wrong = set(tables["shrinkage"]["word"]) - set(WORDS) if "shrinkage" in tables else set()
    if wrong:
        expected = joined(WORDS, "or")
        problems.append(Problem(str(folder / "shrinkage.csv"), "word", wrong.pop(), expected))
    try:
        traces = _read_traces(folder / "trace.parquet")
    except InputError as error:
        problems += error.problems
    if problems:
        raise InputError(problems)
    return Calibrated(folder, manifest, **tables, traces=traces)


def _read_traces(path: Path) -> pd.DataFrame:
    """Return how the ensembles moved.

    Raises:
        InputError: if that cannot be read, or the log density is not among it.
    """
    try:
        traces = pd.read_parquet(path, columns=list(_TRACE))
    except (OSError, ValueError) as error:
        raise InputError([Problem(str(path), "", "", f"a readable table ({error})")]) from None
    if not (traces["name"] == LOG_DENSITY).any():
        raise InputError([Problem(str(path), "name", "", f"rows of {LOG_DENSITY!r} among others")])
    return traces


def pictures(found: Calibrated) -> dict[str, Picture]:
    """Return the figures of a calibration, numbered in their order."""
    draw_shrinkage = functools.partial(chains.shrinkage_chart, found.shrinkage)
    draw_trace = functools.partial(
        chains.trace_chart, found.traces, found.diagnostics, int(found.sampler["burn"])
    )
    return {
        "shrinkage": picture(
            1, "shrinkage", _of_shrinkage(found), draw_shrinkage, {"data": found.shrinkage}
        ),
        "trace": picture(
            2,
            "trace",
            _of_trace(found),
            draw_trace,
            {"data": found.traces, "diagnostics": found.diagnostics},
        ),
    }


def calibration_page(found: Calibrated, drawn: Mapping[str, Picture]) -> str:
    """Return the page on a calibration.

    Args:
        found: its results.
        drawn: its figures.
    """
    calibration = found.manifest["calibration"]
    settings = record.calibration_settings(found.manifest)
    rows = found.shrinkage.merge(found.diagnostics, on="name", how="left")
    return template("calibration.html.j2").render(
        # Folders of calibrations keep no options; the page tells what they came to.
        manifest={**found.manifest, "options": {"set": settings}},
        title=text(str(calibration.get("title", found.manifest["name"]))),
        question=text(str(calibration.get("question", ""))),
        story=text(str(calibration.get("story", ""))),
        headline=_headline(found),
        details=_details(found),
        lens=text(wording.LENS),
        in_sample=text(IN_SAMPLE),
        pictures=drawn,
        numbers=[_number(row) for row in rows.to_dict("records")],
        silence=[_silent(row) for row in found.silence.to_dict("records")],
        command=record.fitting_command("calibrate", str(found.manifest["name"]), settings),
        report=record.report_command(found.folder),
        versions=record.versions(found.manifest),
    )


def _names(found: Calibrated, word: str) -> list[str]:
    """Return the numbers of which the record says so much, the most shrunken first."""
    rows = found.shrinkage[found.shrinkage["word"] == word]
    rows = rows.sort_values("shrinkage", ascending=False, kind="stable")
    return [chains.readable(str(name)) for name in rows["name"]]


def sentences(found: Calibrated) -> list[str]:
    """Return how many numbers the record identifies, which, and whether the chains are sound."""
    return [_headline(found), *_details(found)]


def _headline(found: Calibrated) -> str:
    """Return how many numbers the record identifies."""
    told = {word: len(_names(found, word)) for word in WORDS}
    return text(
        "Of {numbers} fitted, the record identifies {identified} and partly {partly}; of {rest} it"
        " says little, so that what was thought before stands."
    ).format(
        numbers=counted(len(found.shrinkage), "number"),
        identified=told["identified"],
        partly=told["partly"],
        rest=told["not"],
    )


def _details(found: Calibrated) -> list[str]:
    """Return what was identified, and whether the chains can be trusted."""
    named = [(said, joined(_names(found, word))) for word, said in _NAMED.items()]
    apart = found.silence.sort_values("rms").to_dict("records")[-1]
    return [
        *(text(said).format(names=names) for said, names in named if names),
        f"{_sampled(found)} {_agreed(found)}",
        _effective(found),
        text(
            "The path without shocks stands for the mean of an ensemble; the two differ by {rms} at"
            " most (root mean square, {what}), where observations err by {error}."
        ).format(rms=level(apart["rms"], 3), what=_what(apart), error=level(apart["error"], 3)),
    ]


def _sampled(found: Calibrated) -> str:
    """Return how much was sampled."""
    sampler = found.sampler
    return text(
        "{ensembles} independent ensembles of {walkers} walkers took {steps} steps each."
    ).format(
        ensembles=sampler["ensembles"],
        walkers=grouped(sampler["walkers"]),
        steps=grouped(sampler["steps"]),
    )


def _agreed(found: Calibrated) -> str:
    """Return whether the ensembles agree."""
    worst = found.diagnostics.sort_values("r_hat").to_dict("records")[-1]
    if worst["r_hat"] < WORST_R_HAT:
        told = text("Largest r-hat between ensembles: {r_hat} ({name}), below {limit}: they agree.")
    else:
        told = text(
            "Largest r-hat between ensembles: {r_hat} ({name}), not below {limit}: they do not"
            " agree yet, and the numbers here may move with more steps."
        )
    return told.format(
        r_hat=level(worst["r_hat"], 3),
        name=chains.readable(str(worst["name"])),
        limit=number(str(WORST_R_HAT)),
    )


def _effective(found: Calibrated) -> str:
    """Return how many independent draws the chains are worth, and whether that is enough."""
    table = found.diagnostics
    least = table.sort_values("ess_bulk").to_dict("records")[0]
    if min(table["ess_bulk"].min(), table["ess_tail"].min()) >= LEAST_EFFECTIVE:
        told = text("Least effective sample size: {size} ({name}).")
    else:
        told = text("Least effective sample size: {size} ({name}); fewer than {limit} is little.")
    return told.format(
        size=grouped(round(least["ess_bulk"])),
        name=chains.readable(str(least["name"])),
        limit=LEAST_EFFECTIVE,
    )


def _of_shrinkage(found: Calibrated) -> Caption:
    """Return the words around the chart of priors and posteriors."""
    told = [
        f"{chains.readable(str(row['name']))}: {level(row['median'], 3)}"
        f" ({span(level(row['low90'], 3), level(row['high90'], 3))}), {text(_WORDS[row['word']])}."
        for row in found.shrinkage.to_dict("records")
    ]
    return Caption(
        text("Each number before and after calibration"),
        text(
            "Grey bars: 90 % of the prior; lines: 90 % of the posterior with its median, as"
            " multiples of the prior's median; the most narrowed on top. Where a line is as long as"
            " its bar, the record says nothing of the number."
        ),
        f"{text('Interval chart.')} {' '.join(told)}",
    )


def _of_trace(found: Calibrated) -> Caption:
    """Return the words around the chart of traces."""
    worst = level(float(found.diagnostics["r_hat"].max()), 3)
    burn, steps = int(found.sampler["burn"]), int(found.sampler["steps"])
    return Caption(
        text("How the ensembles moved"),
        text(
            "Medians over walkers, one line per independent ensemble, of the log density and of the"
            " numbers on which the ensembles agree the least. Right of the grey part, of which"
            " nothing is used ({share} of the steps), lines should lie over one another, without a"
            " drift."
        ).format(share=percent(burn / steps)),
        text("Line charts. Largest r-hat {r_hat}.").format(r_hat=worst),
    )


def _number(row: Mapping[Any, Any]) -> dict[str, str]:
    """Return one number before and after, and how its chains behaved, as text."""
    name = str(row["name"])
    return {
        "name": chains.readable(name),
        "meaning": text(MEANINGS.get(name, _OWN_ERROR)),
        "before": level(row["prior_median"], 3),
        "before_ends": span(level(row["prior_low90"], 3), level(row["prior_high90"], 3)),
        "after": level(row["median"], 3),
        "after_ends": span(level(row["low90"], 3), level(row["high90"], 3)),
        "shrinkage": level(row["shrinkage"], 2),
        "word": text(chains.WHETHER[str(row["word"])]),
        "r_hat": level(row["r_hat"], 3),
        "effective": grouped(round(min(row["ess_bulk"], row["ess_tail"]))),
    }


def _what(row: Mapping[Any, Any]) -> str:
    """Return what a row of the comparison with an ensemble is of."""
    pair = f"{row['of']}-{row['toward']}"
    kind, _, variable = str(row["group"]).partition("_")
    if not variable:
        return f"{text(kind)} {pair}"
    if kind == "change":
        return text("change of {variable} {pair}").format(variable=text(variable), pair=pair)
    return f"{kind} of {variable.replace('_', ' of ')} {pair}"


def _silent(row: Mapping[Any, Any]) -> dict[str, str]:
    """Return one row of the comparison with an ensemble as text."""
    return {
        "what": _what(row),
        "observations": f"{row['observations']:.0f}",
        "rms": level(row["rms"], 3),
        "largest": level(row["largest"], 3),
        "error": level(row["error"], 3),
    }
