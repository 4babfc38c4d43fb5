"""The command that holds the model against the required patterns of the record.

Neither patterns nor bounds can be chosen here, only runs and seed.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

from alliancesim.cli.options import Json, Seed, count
from alliancesim.cli.printing import announce_compilation, print_json, print_paragraphs

if TYPE_CHECKING:
    from alliancesim.patterns.inequality import Check
    from alliancesim.patterns.table import Finding

Runs = Annotated[int, count("--runs", 1, "Runs of each scenario.", most=10_000)]


def patterns(runs: Runs = 200, seed: Seed = 1, as_json: Json = False) -> None:
    """Hold the model against the patterns required of it. Say which it fails."""
    from alliancesim.cli.console import progress_bar
    from alliancesim.patterns.cases import read_patterns
    from alliancesim.patterns.table import findings, number_of_cases

    file = read_patterns()
    announce_compilation(quiet=as_json)
    with progress_bar("patterns", number_of_cases(file), quiet=as_json) as progress:
        found = findings(runs, seed, file, lambda done: progress("patterns", done))
    if as_json:
        print_json({"runs": runs, "seed": seed, "patterns": [item.data() for item in found]})
        return
    _print(found, runs, seed)


def _print(found: list[Finding], runs: int, seed: int) -> None:
    """Print one row per inequality, what the table says, and a reason for each that fails."""
    from alliancesim.cli.console import table

    rows = [
        (item.name if place == 0 else "", check.what, _value(check), _bound(check), _word(check))
        for item in found
        for place, check in enumerate(item.checks)
    ]
    table(("pattern", "quantity", "model", "must be", "holds"), rows)
    told = [
        _tally(found),
        f"Means of {runs} runs, seed {seed}, on common shocks; 95 % intervals over shocks alone.",
    ]
    told += [
        f"{item.name} fails: {item.claim} {_reasons(item)}" for item in found if not item.holds
    ]
    print_paragraphs(told)


def _tally(found: list[Finding]) -> str:
    """Return how many patterns and controls hold."""
    from alliancesim.patterns.table import KINDS

    parts = []
    for kind, name in KINDS.items():
        items = [item for item in found if item.kind == kind]
        parts.append(f"{sum(item.holds for item in items)} of {len(items)} {name}")
    return f"Of the patterns, these hold: {', '.join(parts)}."


_LARGE = 10
"""From here on thousandths tell nothing; such are numbers of months."""


def _value(check: Check) -> str:
    """Return the model's number above its interval."""
    from alliancesim.figures.words import signed
    from alliancesim.report.numbers import ends

    found = check.found
    digits = 3 if abs(found.estimate) < _LARGE else 1
    return f"{signed(found.estimate, digits)}\n{ends(found, digits)}"


def _bound(check: Check) -> str:
    """Return relation and bound."""
    from alliancesim.report.numbers import brief

    return f"{check.relation} {brief(check.bound)}"


def _word(check: Check) -> str:
    """Return whether an inequality holds, and whether the interval leaves that open."""
    word = "yes" if check.holds else "NO"
    return word if check.clear else f"{word}, open"


def _reasons(item: Finding) -> str:
    """Return the reasons of the inequalities that fail."""
    return " ".join(f"{check.what}: {check.reason}" for check in item.checks if not check.holds)
