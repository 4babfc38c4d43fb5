"""Sentences on what results rest on: the numbers of the scenario, and the coefficients.

Single numbers are not listed here, but in assumptions.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from alliancesim.coefficients import REGISTER
from alliancesim.language import message, plural, text
from alliancesim.posterior.nesting import RUNS_PER_DRAW
from alliancesim.report.phrases import joined
from alliancesim.report.wording import is_drawn

_RESTING = {
    "measured": message("{count} measured"),
    "derived": message("{count} derived"),
    "coded": message("{count} coded"),
    "judgement": message("{count} by judgement"),
    "unstated": message("{count} unstated"),
}


def given_sentence(counts: Mapping[str, int]) -> str:
    """Return how many numbers a scenario gives, and on what they rest."""
    given = sum(counts.values())
    if not given:
        return text("The scenario gives no numbers.")
    return plural(
        "The scenario gives {count} number: {listed}.",
        "The scenario gives {count} numbers: {listed}.",
        given,
    ).format(count=given, listed=resting(counts))


def resting(counts: Mapping[str, int]) -> str:
    """Return how many numbers rest on each basis, as a list."""
    return joined(
        [text(_RESTING[basis]).format(count=number) for basis, number in counts.items() if number]
    )


def basis_sentence(counts: Mapping[str, int], defaults: int) -> str:
    """Return how many numbers rest on what, and how many are defaults."""
    more = text("{count} more hold defaults of the program.").format(count=defaults)
    return f"{given_sentence(counts)} {more}"


def coefficient_sentence(manifest: Mapping[str, Any]) -> str:
    """Return how many coefficients differ from their defaults, or are drawn."""
    values = manifest["coefficients"]
    if is_drawn(manifest):
        return _drawn_sentence(manifest)
    changed = [entry.name for entry in REGISTER if values[entry.name] != entry.default]
    if not changed:
        return text("All {count} coefficients of the law have their default values.").format(
            count=len(REGISTER)
        )
    return plural(
        "Of {all} coefficients, {count} differs from default: {names}.",
        "Of {all} coefficients, {count} differ from default: {names}.",
        len(changed),
    ).format(all=len(REGISTER), count=len(changed), names=joined(changed))


def fixed_in(scenario: Mapping[str, Any]) -> set[str]:
    """Return the coefficients that a scenario, as plain data, lays down or switches off."""
    return {*scenario["coefficients"], *scenario["without"]}


def _drawn_sentence(manifest: Mapping[str, Any]) -> str:
    """Return which coefficients are drawn, and which the scenario lays down instead."""
    posterior, fixed = manifest["posterior"], fixed_in(manifest["scenario"])
    drawn = [name for name in posterior["names"] if name not in fixed]
    kept = [name for name in posterior["names"] if name in fixed]
    told = text(
        "Of {all} coefficients, {count} are drawn from the posterior {name}, the same for the"
        " {runs} runs that share a draw."
    ).format(all=len(REGISTER), count=len(drawn), name=posterior["name"], runs=RUNS_PER_DRAW)
    if not kept:
        return told
    laid = plural(
        "The scenario lays down {names}, which is not drawn.",
        "The scenario lays down {names}, which are not drawn.",
        len(kept),
    )
    return f"{told} {laid.format(names=joined(kept))}"
