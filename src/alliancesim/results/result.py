"""One scenario's results: in memory, written to a folder, read back.

Results of one scenario only: other kinds, each with a module of its own, borrow digests and draws
from here.
"""

from __future__ import annotations

import hashlib
import json
import math
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import pandas as pd

from alliancesim.measures.intervals import Interval
from alliancesim.measures.outcomes import summarised
from alliancesim.measures.verdict import WORDS, UnderDraws, Verdict, Word
from alliancesim.posterior.draws import Posterior, load_posterior, posterior_text
from alliancesim.results.folder import appearing, write_json
from alliancesim.results.manifest import (
    TABLES,
    UNCERTAINTY,
    check_manifest,
    loaded_of,
    tables_of,
)
from alliancesim.scenario.problems import InputError, Problem
from alliancesim.scenario.schema import Scenario

FORMAT = 1

DRAWS = "posterior.csv"
"""File of the draws that coefficients were taken from, so that results can be made again anywhere,
also once the posterior itself is another one."""


@dataclass(frozen=True)
class Result:
    """What a run of a scenario left behind.

    Attributes:
        manifest: scenario, coefficients, options, versions and digests.
        verdict: what the ensemble says.
        trajectories: every variable of every dyad, as quantiles over runs or run by run.
        alliance: cohesion of the alliance by month, in world, twin and their difference.
        outcomes: one row per run.
        reasons: what moved the allies' decisions, by mechanism.
        robustness: the effect under other coefficients, without shocks.
        uncertainty: parts of the variance over runs, where coefficients were drawn.
        posterior: what they were drawn from.
    """

    manifest: dict[str, Any]
    verdict: Verdict
    trajectories: pd.DataFrame
    alliance: pd.DataFrame
    outcomes: pd.DataFrame
    reasons: pd.DataFrame
    robustness: pd.DataFrame
    uncertainty: pd.DataFrame | None = field(default=None, kw_only=True)
    posterior: Posterior | None = field(default=None, kw_only=True)

    @property
    def name(self) -> str:
        """Return the scenario's name."""
        return str(self.manifest["name"])

    def scenario(self) -> Scenario:
        """Return the scenario as it was run."""
        return loaded_of(self.manifest).scenario

    def quantiles(self) -> pd.DataFrame:
        """Return trajectories as quantiles over runs, however they were kept."""
        kept = self.trajectories
        return summarised(kept) if "value" in kept.columns else kept

    def tables(self) -> dict[str, pd.DataFrame]:
        """Return all tables by name."""
        return {name: getattr(self, name) for name in tables_of(self.manifest)}

    def summary(self) -> dict[str, Any]:
        """Return the verdict as plain data."""
        return {
            "name": self.name,
            "title": self.manifest["scenario"]["title"],
            "question": self.manifest["scenario"]["question"],
            **verdict_data(self.verdict),
        }


def interval_data(found: Interval) -> dict[str, float | None]:
    """Return an interval as plain data; an infinite end is null."""
    return {
        name: value if math.isfinite(value) else None for name, value in found._asdict().items()
    }


def verdict_data(verdict: Verdict) -> dict[str, Any]:
    """Return a verdict as plain data; what it says of draws only where there are any."""
    under = verdict.under
    drawn = {} if under is None else {"draws": _under_data(under)}
    return {
        "verdict": verdict.word,
        "attempted": verdict.attempted,
        "runs": verdict.runs,
        "margin": verdict.margin,
        "shares": {word: interval_data(verdict.shares[word]) for word in WORDS},
        "effect": interval_data(verdict.effect),
        "change_world": interval_data(verdict.change_world),
        "change_twin": interval_data(verdict.change_twin),
        "enough_runs": verdict.enough,
        "advice": verdict.advice,
        **drawn,
    }


def _under_data(under: UnderDraws) -> dict[str, Any]:
    """Return what draws of the coefficients do to a verdict as plain data."""
    parameters = under.parameters
    return {
        "number": under.draws,
        "shares": {word: interval_data(under.shares[word]) for word in WORDS},
        "parameters": None if parameters is None else interval_data(parameters),
    }


def _interval(found: dict[str, float | None]) -> Interval:
    """Return an interval from plain data."""
    low = -math.inf if found["low"] is None else found["low"]
    high = math.inf if found["high"] is None else found["high"]
    return Interval(float(found["estimate"] or 0.0), low, high)


def _shares(found: dict[str, dict[str, float | None]]) -> dict[Word, Interval]:
    """Return shares of verdicts from plain data."""
    return {word: _interval(found[word]) for word in WORDS}


def _verdict_from(data: dict[str, Any]) -> Verdict:
    """Return a verdict from plain data."""
    drawn = data.get("draws")
    under = drawn and UnderDraws(
        drawn["number"],
        _shares(drawn["shares"]),
        drawn["parameters"] and _interval(drawn["parameters"]),
    )
    return Verdict(
        word=data["verdict"],
        attempted=data["attempted"],
        runs=data["runs"],
        margin=data["margin"],
        shares=_shares(data["shares"]),
        effect=_interval(data["effect"]),
        change_world=_interval(data["change_world"]),
        change_twin=_interval(data["change_twin"]),
        enough=data["enough_runs"],
        advice=data["advice"],
        under=under,
    )


def table_digest(table: pd.DataFrame) -> str:
    """Return a digest of a table's columns and of every bit of its values."""
    digest = hashlib.blake2b(digest_size=16)
    for column in table.columns:
        digest.update(f"{column}\0".encode())
        values = table[column]
        if pd.api.types.is_numeric_dtype(values):
            digest.update(values.to_numpy().astype("<f8").tobytes())
        else:
            digest.update("\0".join(values.astype(str)).encode())
    return digest.hexdigest()


def write_into(result: Result, folder: Path) -> None:
    """Write results into an existing empty folder."""
    for name, table in result.tables().items():
        table.to_parquet(folder / f"{name}.parquet", index=False)
    if result.posterior is not None:
        write_draws(result.posterior, folder)
    write_json(folder / "summary.json", result.summary())
    write_json(folder / "manifest.json", result.manifest)


def write_draws(posterior: Posterior, folder: Path) -> None:
    """Write the draws that coefficients were taken from into the folder of results."""
    (folder / DRAWS).write_text(posterior_text(posterior), "utf-8", newline="")


def write(result: Result, folder: Path) -> None:
    """Write results to a new folder, whole or not at all.

    Raises:
        InputError: if the folder is taken or cannot be written.
    """
    with appearing(folder) as made:
        write_into(result, made)


def read_manifest(folder: Path) -> dict[str, Any]:
    """Return the manifest of a results folder.

    Raises:
        InputError: if there is none, it lacks a part, or its format is not known.
    """
    path = folder / "manifest.json"
    try:
        manifest = json.loads(path.read_text("utf-8"))
    except OSError:
        expected = f"a results folder, with manifest.json in it{_others(folder)}"
        raise InputError([Problem(str(folder), "", "", expected)]) from None
    except (ValueError, RecursionError) as error:
        raise InputError([Problem(str(path), "", "", f"valid JSON ({error})")]) from None
    found = manifest.get("format") if isinstance(manifest, dict) else None
    if found != FORMAT:
        raise InputError([Problem(str(path), "format", str(found), f"{FORMAT}")])
    check_manifest(manifest, path)
    return dict(manifest)


def _others(folder: Path) -> str:
    """Return which folders in one are results, where there are any."""
    found = sorted(path.parent.name for path in folder.glob("*/manifest.json"))
    if not found:
        return ""
    more = f" and {len(found) - _MOST_OTHERS} more" if len(found) > _MOST_OTHERS else ""
    return f", such as those within: {', '.join(found[:_MOST_OTHERS])}{more}"


_MOST_OTHERS = 10


def read(folder: Path) -> Result:
    """Read results back.

    Raises:
        InputError: if a file is missing, damaged or of an unknown format.
    """
    manifest = read_manifest(folder)
    if manifest.get("kind") != "run":
        expected = "results of one scenario"
        raise InputError([Problem(str(folder), "kind", str(manifest.get("kind")), expected)])
    tables = {}
    for name in tables_of(manifest):
        path = folder / f"{name}.parquet"
        try:
            tables[name] = pd.read_parquet(path)
        except (OSError, ValueError) as error:
            why = f"a readable table ({error})"
            raise InputError([Problem(str(path), "", "", why)]) from None
    try:
        verdict = _verdict_from(json.loads((folder / "summary.json").read_text("utf-8")))
    except (OSError, ValueError, KeyError, TypeError, RecursionError) as error:
        why = f"a readable summary ({error})"
        raise InputError([Problem(str(folder / "summary.json"), "", "", why)]) from None
    found = Result(manifest, verdict, *(tables[name] for name in TABLES))
    if UNCERTAINTY not in tables:
        return found
    draws = read_draws(folder, manifest)
    return replace(found, uncertainty=tables[UNCERTAINTY], posterior=draws)


def kept_draws(folder: Path, manifest: dict[str, Any]) -> Posterior | None:
    """Return the draws that a folder of results keeps, or None if none were drawn.

    Raises:
        InputError: if they were drawn and cannot be read.
    """
    return read_draws(folder, manifest) if "posterior" in manifest else None


def read_draws(folder: Path, manifest: dict[str, Any]) -> Posterior:
    """Return the draws kept with results, under the name that their posterior had.

    Args:
        folder: results.
        manifest: theirs; it names a posterior.

    Raises:
        InputError: if the draws are missing, damaged, or not those that the manifest names.
    """
    told = manifest["posterior"]
    path = folder / DRAWS
    kept = load_posterior(path)
    if kept.digest() != told["digest"]:
        expected = f"the draws with digest {told['digest']} that the results were made with"
        raise InputError([Problem(str(path), "", kept.digest(), expected)])
    return replace(kept, name=told["name"], about=told["about"])
