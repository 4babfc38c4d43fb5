"""What each theory foresees of a scenario: split, nothing or backfire.

Nothing is scored here: what the record says of theories is for contest and scoreboard.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import pandas as pd

from alliancesim.calibration.fitting import Draws
from alliancesim.coefficients import NAMES
from alliancesim.comparison import comparison_table
from alliancesim.posterior.draws import Posterior
from alliancesim.scenario.reading import Loaded
from alliancesim.study import DEFAULT_SEED, Options, run_scenario, usual_runs
from alliancesim.tournament.entries import under
from alliancesim.validation.theories import Theory

Progress = Callable[[str], None]

GIVEN, FITTED = "given", "fitted"
"""Coefficients as the scenario has them, or from the posterior asked for; and those of each theory
as fitted to the record alone."""


def foreseen(
    loaded: Loaded,
    theories: Sequence[Theory],
    *,
    runs: int | None = None,
    seed: int = DEFAULT_SEED,
    posterior: Posterior | None = None,
    fitted: Mapping[str, Draws] | None = None,
    progress: Progress | None = None,
) -> pd.DataFrame:
    """Return what each theory makes of the wedge of a scenario.

    Args:
        loaded: the scenario.
        theories: those that take part.
        runs: of world and twin for each; 200 if left out, 800 where coefficients are drawn.
        seed: of the shocks, which all theories share.
        posterior: draws of the coefficients; what a theory switches off stays off.
        fitted: the posterior of each theory fitted by itself, by name.
        progress: called with what is being run.

    Returns:
        One row per theory and basis: ``theory``, ``basis`` (given, fitted), ``runs``, and the
        columns of :func:`alliancesim.comparison.comparison_table` from ``verdict`` on; differences
        are from the law as a whole.
    """
    bases = {GIVEN: dict.fromkeys((theory.name for theory in theories), posterior)}
    if fitted:
        bases[FITTED] = {name: _posterior(name, draws) for name, draws in fitted.items()}
    parts = []
    for basis, drawn in bases.items():
        found = {}
        for theory in theories:
            if progress is not None:
                progress(f"{loaded.name}, {theory.name}")
            kept = drawn[theory.name]
            options = Options(
                runs=runs or usual_runs(kept),
                seed=seed,
                keep="outcomes",
                robustness=False,
                posterior=kept,
            )
            found[theory.name] = run_scenario(under(theory, loaded), options)
        # The law as a whole stands last; differences are from whatever stands first.
        table = comparison_table(list(found.values())[::-1], seed)[::-1]
        count = [result.verdict.runs for result in found.values()]
        parts.append(
            table.drop(columns="title")
            .rename(columns={"name": "theory"})
            .assign(basis=basis, runs=count)
        )
    return pd.concat(parts, ignore_index=True)


def _posterior(name: str, draws: Draws) -> Posterior:
    """Return the draws of a fit as a posterior of every coefficient."""
    return Posterior(name, NAMES, draws.vectors, {})
