"""Several scenarios side by side on common shocks: run r of each meets the same shocks.

Only what lies between scenarios is computed here; each of them is run by study, as if alone.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from alliancesim.measures import intervals
from alliancesim.measures.intervals import Interval
from alliancesim.results.folder import appearing, write_json
from alliancesim.results.manifest import posterior_data
from alliancesim.results.result import (
    FORMAT,
    Result,
    interval_data,
    read,
    table_digest,
    verdict_data,
    write_into,
)
from alliancesim.scenario.problems import InputError, Problem
from alliancesim.scenario.reading import Loaded
from alliancesim.study import Options, program, run_scenario


@dataclass(frozen=True)
class Comparison:
    """Results of several scenarios and what they say about one another.

    Attributes:
        results: one per scenario, in the order given.
        table: one row per scenario; see :func:`comparison_table`.
        manifest: what was compared, and how.
    """

    results: tuple[Result, ...]
    table: pd.DataFrame
    manifest: dict[str, Any]

    def summary(self) -> list[dict[str, Any]]:
        """Return verdicts and paired differences as plain data."""
        return [
            {**result.summary(), "difference": interval_data(paired)}
            for result, paired in zip(self.results, self.differences(), strict=True)
        ]

    def differences(self) -> list[Interval]:
        """Return how each scenario's effect differs from the first one's."""
        paired = self.table[["difference", "difference_low", "difference_high"]]
        return [Interval(*map(float, row)) for row in paired.to_numpy()]


def compare(
    scenarios: Sequence[Loaded],
    options: Options,
    progress: Callable[[str, int], None] | None = None,
) -> Comparison:
    """Run several scenarios on common shocks.

    Args:
        scenarios: at least two; the first is the one the others are compared with.
        options: how to run each of them.
        progress: called with a scenario's name and the number of its runs finished.

    Returns:
        Results and comparison.

    Raises:
        InputError: if there are fewer than two scenarios.
    """
    if len(scenarios) < 2:
        raise InputError([Problem("compare", "", str(len(scenarios)), "at least two scenarios")])
    results = []
    for loaded in _distinct(scenarios):
        report = _for_one(progress, loaded.name)
        results.append(run_scenario(loaded, options, report))
    table = comparison_table(results, options.seed)
    manifest = {
        "format": FORMAT,
        "kind": "compare",
        "name": " · ".join(result.name for result in results),
        "scenarios": [result.name for result in results],
        "program": program(),
        "created": datetime.datetime.now(datetime.UTC).isoformat(timespec="seconds"),
        "options": results[0].manifest["options"],
        **posterior_data(options.posterior),
        "digest": {"comparison": table_digest(table)},
    }
    return Comparison(tuple(results), table, manifest)


def comparison_table(results: Sequence[Result], seed: int) -> pd.DataFrame:
    """Return one row per scenario.

    Columns: ``name``, ``title``, ``verdict``; ``effect`` with ``effect_low``, ``effect_high`` (95 %
    interval of the mean) and ``q05``, ``q95`` (range of 90 % of the runs); shares ``split``,
    ``null``, ``backfire``, each also ``_low`` and ``_high``; ``change_world`` and ``change_twin``,
    mean change of cohesion; and ``difference`` with ``difference_low`` and ``difference_high``:
    mean difference of the effect from the first scenario's, run by run on common shocks.
    """
    first = results[0].outcomes["effect"].to_numpy(np.float64)
    rows = []
    for result in results:
        data = verdict_data(result.verdict)
        effects = result.outcomes["effect"].to_numpy(np.float64)
        draws = result.outcomes["draw"].to_numpy(np.int64) if "draw" in result.outcomes else None
        difference = intervals.mean(effects - first, seed, draws)
        shares = {
            key: value
            for word, found in result.verdict.shares.items()
            for key, value in zip((word, f"{word}_low", f"{word}_high"), found, strict=True)
        }
        rows.append(
            {
                "name": result.name,
                "title": result.manifest["scenario"]["title"],
                "verdict": data["verdict"],
                "effect": result.verdict.effect.estimate,
                "effect_low": result.verdict.effect.low,
                "effect_high": result.verdict.effect.high,
                "q05": float(np.quantile(effects, 0.05)),
                "q95": float(np.quantile(effects, 0.95)),
                **shares,
                "change_world": result.verdict.change_world.estimate,
                "change_twin": result.verdict.change_twin.estimate,
                "difference": difference.estimate,
                "difference_low": difference.low,
                "difference_high": difference.high,
            }
        )
    return pd.DataFrame(rows)


def write(comparison: Comparison, folder: Path) -> None:
    """Write a comparison and the full results of each scenario, whole or not at all.

    Raises:
        InputError: if the folder is taken or cannot be written.
    """
    with appearing(folder) as made:
        for result in comparison.results:
            inner = made / "scenarios" / result.name
            inner.mkdir(parents=True)
            write_into(result, inner)
        comparison.table.to_parquet(made / "comparison.parquet", index=False)
        write_json(made / "manifest.json", comparison.manifest)


def _distinct(scenarios: Sequence[Loaded]) -> list[Loaded]:
    """Return the scenarios with a number added to names that occur more than once.

    The names are those of folders, so that capital letters make no difference, nor does a number
    added lead to a name that another scenario has of its own.
    """
    own = {loaded.name.casefold() for loaded in scenarios}
    taken: set[str] = set()
    distinct = []
    for loaded in scenarios:
        name, number = loaded.name, 2
        while name.casefold() in (taken if number == 2 else taken | own):
            name, number = f"{loaded.name}-{number}", number + 1
        taken.add(name.casefold())
        distinct.append(replace(loaded, name=name))
    return distinct


def _for_one(progress: Callable[[str, int], None] | None, name: str) -> Callable[[int], None]:
    """Return a progress callback for one scenario."""

    def report(done: int) -> None:
        if progress is not None:
            progress(name, done)

    return report


def read_compared(folder: Path, manifest: dict[str, Any]) -> tuple[pd.DataFrame, list[Result]]:
    """Return the table of a comparison and the results of each scenario.

    Args:
        folder: where they lie.
        manifest: of the comparison.

    Raises:
        InputError: if they cannot be read.
    """
    path = folder / "comparison.parquet"
    try:
        table = pd.read_parquet(path)
    except (OSError, ValueError) as error:
        raise InputError([Problem(str(path), "", "", f"a readable table ({error})")]) from None
    return table, [read(folder / "scenarios" / str(name)) for name in manifest["scenarios"]]
