"""All patterns and controls, held against the model, with a reason for each that fails.

The reason is computed: without shocks, each mechanism is switched off in turn, and the one whose
absence moves the failing quantity farthest toward its bound, or past it, is named. No pattern's
arithmetic stands here; a new one gets a line in ``ARITHMETIC``.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal

from alliancesim.measures.robustness import VARIED
from alliancesim.patterns import alignment, coercion, controls
from alliancesim.patterns.bench import Bench, Progress
from alliancesim.patterns.cases import PatternsFile, Posed, read_patterns
from alliancesim.patterns.inequality import Check, Inequality, checked, stands

Kind = Literal["required", "extra", "control"]
KINDS: dict[Kind, str] = {
    "required": "required patterns",
    "extra": "extras",
    "control": "controls",
}
"""What each kind of finding is called, in the plural."""

Arithmetic = Callable[[Bench, Posed], list[Inequality]]

ARITHMETIC: dict[str, Arithmetic] = {
    "F1": coercion.coerced_public,
    "F2": coercion.coerced_alliance,
    "F3": alignment.window_for_courtship,
    "F4": alignment.decoupling,
    "F5": alignment.collapse,
    "F6": coercion.felt_pressure,
    "F7": alignment.doubt,
    "F8": coercion.fall_and_recovery,
    "F9": coercion.concessions,
    "F10": alignment.survival,
    "F11": alignment.parting_company,
    "F12": coercion.mixed_signals,
}
"""The arithmetic of each pattern, by its name in the file."""

SUSPECTS = tuple(name for name in VARIED if name not in ("build", "erode"))
"""The mechanisms that may be named as a reason; without the two left out cohesion cannot move."""

LEAST_MOVE = 5e-4
"""A mechanism whose absence moves a quantity by less is no reason for it."""


@dataclass(frozen=True)
class Finding:
    """A pattern or control held against the model.

    Attributes:
        name: such as ``F1``, or the control's own.
        kind: ``"required"``, ``"extra"`` or ``"control"``.
        claim: what it says, in words.
        evidence: what stands behind it.
        checks: one per inequality; all must hold.
    """

    name: str
    kind: Kind
    claim: str
    evidence: str
    checks: tuple[Check, ...]

    @property
    def holds(self) -> bool:
        """Say whether every inequality holds."""
        return all(check.holds for check in self.checks)

    def data(self) -> dict[str, Any]:
        """Return the finding as plain data."""
        return {
            "name": self.name,
            "kind": self.kind,
            "claim": self.claim,
            "evidence": self.evidence,
            "holds": self.holds,
            "inequalities": [check.data() for check in self.checks],
        }


def number_of_cases(file: PatternsFile) -> int:
    """Return how many different cases a file's patterns and controls run, for progress."""
    tables = [*(table.cases for table in file.patterns.values()), file.controls.cases]
    return len({case for cases in tables for case in cases.values()})


def findings(
    runs: int, seed: int, file: PatternsFile | None = None, progress: Progress | None = None
) -> list[Finding]:
    """Hold every pattern and control of a file against the model.

    Args:
        runs: number of runs of each case, at least 1.
        seed: of the stream of shocks.
        file: the patterns; the required ones if left out.
        progress: called with the number of cases run.

    Returns:
        One finding per pattern, then one per control.

    Raises:
        InputError: if a case's scenario or settings are wrong.
    """
    file = file or read_patterns()
    bench = Bench(runs, seed, progress=progress)
    found = [_finding(bench, file, name) for name in file.patterns] + _controls(bench, file)
    if progress is not None:
        progress(number_of_cases(file))
    return found


def _finding(bench: Bench, file: PatternsFile, name: str) -> Finding:
    """Return one pattern held against the model."""
    table = file.patterns[name]
    checks = _checks(bench, name, Posed(file.cast, table.cases, table.bounds))
    kind: Kind = "required" if table.required else "extra"
    return Finding(name, kind, table.claim, table.evidence, checks)


def _checks(bench: Bench, name: str, posed: Posed) -> tuple[Check, ...]:
    """Return the checks of a pattern's inequalities, with reasons for those that fail."""
    arithmetic = ARITHMETIC[name]
    found = arithmetic(bench, posed)
    failing = [
        place
        for place, (_, values, relation, bound) in enumerate(found)
        if not stands(float(values.mean()), relation, bound)
    ]
    reasons = _reasons(bench, arithmetic, posed, failing) if failing else {}
    return tuple(
        checked(inequality, bench.seed, reasons.get(place, ""))
        for place, inequality in enumerate(found)
    )


def _reasons(
    bench: Bench, arithmetic: Arithmetic, posed: Posed, failing: list[int]
) -> dict[int, str]:
    """Return a reason for each failing inequality, by its place."""
    before = arithmetic(bench.silent(), posed)
    without = {name: arithmetic(bench.silent(**{name: 0.0}), posed) for name in SUSPECTS}
    return {
        place: _reason(before[place], {name: found[place] for name, found in without.items()})
        for place in failing
    }


def _reason(given: Inequality, without: dict[str, Inequality]) -> str:
    """Say which mechanism's absence moves a quantity farthest toward its bound, or past it."""
    relation, bound = given.relation, given.bound
    upward = 1.0 if relation in (">", ">=") else -1.0
    value = float(given.values.mean())
    moved = {name: float(found.values.mean()) for name, found in without.items()}
    best = max(moved, key=lambda name: upward * moved[name])
    if upward * (moved[best] - value) < LEAST_MOVE:
        return "No mechanism switched off alone moves it toward the bound."
    reached = stands(moved[best], relation, bound)
    end = "where it would hold" if reached else "where it would still fail"
    now, then = _written(value), _written(moved[best])
    return f"Without {best} it would be {then}, {end} (without shocks {now})."


def _written(value: float) -> str:
    """Return a number with a true minus, and of months no thousandths."""
    digits = 3 if abs(value) < 10 else 0
    return f"{round(value, digits) + 0.0:+.{digits}f}".replace("-", "−")


def _controls(bench: Bench, file: PatternsFile) -> list[Finding]:
    """Return the controls held against the model."""
    table = file.controls
    rows = (
        ("rest", "Nothing moves without a cause.", controls.rest(bench, table)),
        (
            "labels",
            "Allies that swap names swap their paths, and nothing else changes.",
            controls.labels(bench, file.cast, table),
        ),
        ("no wedge", "Without pressure and courtship there is no wedge.", controls.no_wedge(table)),
    )
    return [
        Finding(
            name, "control", claim, "", tuple(checked(found, bench.seed) for found in inequalities)
        )
        for name, claim, inequalities in rows
    ]
