"""What is discovered as tables, and what a manifest says of it.

No file is written here but by report.discoveries; and the tables are not read back, because
discovery.again makes them anew from the points.
"""

from __future__ import annotations

from collections.abc import Iterator
from importlib import metadata
from typing import Any

import numpy as np
import pandas as pd

from alliancesim.discovery.boxes import PEELED, SCREENED, Tally
from alliancesim.discovery.discovering import Discovered, Discovery
from alliancesim.discovery.folding import FOLDS, found_again, pooled
from alliancesim.results.result import table_digest
from alliancesim.study import heading

KIND = "discovery"

_LIBRARIES = ("ema_workbench", "scikit-learn")
_COUNTS = ("hits", "inside", "kind", "points")
_COLUMNS = {
    "boxes": ("verdict", "feature", "end", "limit", "quasi_p", "folds"),
    "trajectory": (
        *("verdict", "step", "restricted", *_COUNTS, "coverage", "density", "correlation"),
        *("error", "chosen", "held_out_coverage", "held_out_density"),
    ),
    "folds": (
        *("verdict", "fold", "restricted", "fitted_coverage", "fitted_density"),
        *(*_COUNTS, "coverage", "density"),
    ),
    "rules": ("verdict", "rule", "feature", "low", "high", "says", *_COUNTS, "coverage", "density"),
}


def tables(found: Discovered) -> dict[str, pd.DataFrame]:
    """Return all tables by name.

    Returns:
        ``verdicts``: what was sought for each verdict and what came of it. ``boxes``: one row per
        limit of the box found. ``trajectory``: one row per box peeled, with its tally on all points
        and, pooled over parts after as many peels, on points held out. ``folds``: one row per part
        held out, with its tally. ``rules``: one row per condition of each rule of the tree.
    """
    rows = {"boxes": limits, "trajectory": steps, "folds": folds, "rules": rules}
    made = {
        name: pd.DataFrame(
            [row for one in found.discoveries for row in of(one)], columns=list(_COLUMNS[name])
        )
        for name, of in rows.items()
    }
    return {"verdicts": pd.DataFrame([_verdict(one) for one in found.discoveries]), **made}


def limits(one: Discovery) -> Iterator[dict[str, Any]]:
    """Yield the limits of the box found for a verdict, and in how many folds each is found."""
    for name, ends in (one.found.box if one.found else {}).items():
        for end, limit, quasi_p in (
            ("low", ends.low, ends.low_p),
            ("high", ends.high, ends.high_p),
        ):
            if np.isfinite(limit):
                again = found_again(one.folds, name, upper=end == "high")
                values = (one.target.word, name, end, limit, quasi_p, again)
                yield dict(zip(_COLUMNS["boxes"], values, strict=True))


def steps(one: Discovery) -> Iterator[dict[str, Any]]:
    """Yield the boxes peeled for a verdict."""
    if one.found is None:
        return
    for step, (box, counted) in enumerate(zip(one.found.steps, one.found.tallies, strict=True)):
        # Parts may peel fewer times; their smallest boxes then say nothing of this one.
        reached = [fold.trajectory[step] for fold in one.folds if step < len(fold.trajectory)]
        out = pooled(reached) if len(reached) == len(one.folds) else Tally(0, 0, 0, 0)
        yield {
            **{"verdict": one.target.word, "step": step, "restricted": len(box)},
            **_counts(counted),
            "correlation": counted.correlation,
            "error": counted.error,
            "chosen": step == one.found.chosen,
            "held_out_coverage": out.coverage,
            "held_out_density": out.density,
        }


def folds(one: Discovery) -> Iterator[dict[str, Any]]:
    """Yield what the parts held out say of a verdict's box."""
    for number, fold in enumerate(one.folds):
        yield {
            **{"verdict": one.target.word, "fold": number, "restricted": len(fold.box)},
            "fitted_coverage": fold.fitted.coverage,
            "fitted_density": fold.fitted.density,
            **_counts(fold.held_out),
        }


def rules(one: Discovery) -> Iterator[dict[str, Any]]:
    """Yield the conditions of the tree's rules, the densest rule first."""
    for number, leaf in enumerate(one.tree.leaves if one.tree else ()):
        for name, ends in leaf.box.items():
            condition = {"feature": name, "low": ends.low, "high": ends.high, "says": leaf.says}
            told = {"verdict": one.target.word, "rule": number}
            yield {**told, **condition, **_counts(leaf.tally)}


def manifest(found: Discovered, made: dict[str, pd.DataFrame]) -> dict[str, Any]:
    """Return what was asked, of which experiment, with which program, and digests of the tables."""
    dataset = found.dataset
    return {
        **heading(KIND, dataset.name, {name: metadata.version(name) for name in _LIBRARIES}),
        "options": {
            "among": dataset.among,
            "seed": dataset.seed,
            "folds": FOLDS,
            "peeled": PEELED,
            "screened": SCREENED,
        },
        "standing": {one.target.word: one.standing for one in found.discoveries},
        "points": dataset.points,
        "failed": dataset.failed,
        "digest": {name: table_digest(table) for name, table in made.items()},
        "experiment": {key: dataset.manifest[key] for key in ("name", "digest", "program")},
    }


def _counts(counted: Tally) -> dict[str, Any]:
    """Return a tally as columns."""
    return {**counted._asdict(), "coverage": counted.coverage, "density": counted.density}


def _verdict(one: Discovery) -> dict[str, Any]:
    """Return what was sought for a verdict and what came of it."""
    target, out = one.target, one.held_out
    dense, covering = one.density, one.coverage
    tree, found = one.tree, one.found
    missing = float("nan")
    return {
        "verdict": target.word,
        "standing": one.standing,
        "basis": target.basis,
        "having": target.having,
        "cut": target.cut,
        "base": target.base,
        "coverage": found.tally.coverage if found else missing,
        "density": found.tally.density if found else missing,
        "held_out_hits": out.hits,
        "held_out_inside": out.inside,
        "held_out_coverage": covering.estimate if covering else missing,
        "held_out_coverage_low": covering.low if covering else missing,
        "held_out_coverage_high": covering.high if covering else missing,
        "held_out_density": dense.estimate if dense else missing,
        "held_out_density_low": dense.low if dense else missing,
        "held_out_density_high": dense.high if dense else missing,
        "tree_right": tree.right if tree else missing,
        "majority_right": tree.majority if tree else missing,
        "gain": tree.gain.estimate if tree else missing,
        "gain_low": tree.gain.low if tree else missing,
        "gain_high": tree.gain.high if tree else missing,
        "agreement": one.agreement,
        "chance": one.chance,
    }
