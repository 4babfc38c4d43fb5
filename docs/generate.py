"""Write the tables of the documentation that come from the program, and the output of commands.

    python docs/generate.py            write all tables
    python docs/generate.py --output   also run every page and write what its commands print
    python docs/generate.py --check    write nothing; exit with 1 if a table is stale

A table stands between ``<!-- generated:NAME -->`` and ``<!-- end -->``.
"""

from __future__ import annotations

import re
import sys
import tempfile
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

from pages import DOCS, ELLIPSIS, own_pages, run_page

from alliancesim import bounded, study, world
from alliancesim.arrays import EVENT_STATES, VARIABLES, Variable
from alliancesim.coefficients import REGISTER
from alliancesim.measures import influence, intervals, reasons, robustness, verdict
from alliancesim.scenario.quantities import Quantity
from alliancesim.scenario.schema import MOST_ACTORS, MOST_MONTHS, Actor, Dyad, Outcome, Strategy

_MARKED = re.compile(r"(<!-- generated:([a-z]+) -->\n)(.*?)(<!-- end -->)", flags=re.DOTALL)


def _table(columns: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Return a table in Markdown."""
    lines = [columns, ["---"] * len(columns), *rows]
    return "\n".join(f"| {' | '.join(cell.replace('|', '/') for cell in row)} |" for row in lines)


def mechanisms() -> str:
    """Return the table of all coefficients of the law."""
    rows = [
        (
            entry.equation,
            f"`{entry.name}`",
            f"{entry.default:g}",
            "" if entry.fitted is None else f"{entry.fitted.low90:g} to {entry.fitted.high90:g}",
            f"{entry.prior_median:g}",
            "" if entry.fitted is None else f"{100 * entry.fitted.learned:.0f} %",
            f"{entry.low:g} to {entry.high:g}"
            + (" per month" if entry.unit == "per month" else ""),
            f"{entry.meaning}<br>{entry.source} ({entry.basis})",
        )
        for entry in REGISTER
    ]
    columns = (
        "equation",
        "name",
        "default",
        "90 %",
        "prior median",
        "learned",
        "range",
        "meaning, source (basis)",
    )
    return _table(columns, rows)


def variables() -> str:
    """Return the table of all variables."""
    per = {"dyad": "ordered dyad", "alliance": "dyad, the same both ways", "actor": "actor"}
    rows = [
        (
            f"`{entry.name}`",
            entry.kind,
            per[entry.per],
            f"{entry.low:g} to {entry.high:g}".replace("-", "−"),
            entry.meaning,
            _moved_by_events(entry),
        )
        for entry in VARIABLES
    ]
    columns = ("variable", "kind", "of each", "range", "meaning", "what events may do")
    return _table(columns, rows)


def _moved_by_events(entry: Variable) -> str:
    """Say what an event may do to a variable."""
    if entry.kind == "driver":
        return "push it or set it"
    if entry.name == "cooperation":
        return "push it, except inside the alliance in question"
    if entry.kind == "action" or entry.name in EVENT_STATES:
        return "push it"
    return "nothing"


def defaults() -> str:
    """Return the table of starting values that a scenario may leave out."""
    rows = []
    for model, of in ((Actor, "actor"), (Dyad, "ordered dyad")):
        for name, field in model.model_fields.items():
            value = field.get_default(call_default_factory=True)
            if isinstance(value, Quantity):
                rows.append((of, f"`{name}`", f"{value.value:g}"))
            elif name == "cohesion":
                rows.append((of, "`cohesion`", "sqrt(cooperation both ways)"))
    return _table(("of each", "variable", "default"), rows)


def constants() -> str:
    """Return the table of numbers that are neither coefficients nor part of a scenario."""
    margin = Outcome.model_fields["margin"].get_default(call_default_factory=True)
    escalate = Strategy.model_fields["escalate"].get_default(call_default_factory=True)
    rows = [
        ("margin of the verdict", f"{margin.value:g}", "default of `outcome.margin`"),
        ("window of the verdict", f"{Outcome.model_fields['window'].default} months", "default"),
        ("runs", f"{study.DEFAULT_RUNS}", "default of `--runs`"),
        ("seed", f"{study.DEFAULT_SEED}", "default of `--seed`"),
        ("half-life of a pushed action", f"{world.ACTION_HALF_LIFE:g} months", "default"),
        ("reaction of a strategy, `escalate`", f"{escalate.value:g}", "default"),
        (
            "change of log-odds, at most",
            f"{bounded.LARGEST_CHANGE_OF_LOG_ODDS:g}",
            "beyond it an action is settled to 13 digits",
        ),
        ("attempt: pressure on a member", f"{verdict.LEAST_PRESSURE:g}", "at least"),
        (
            "attempt: pressure on members apart by",
            f"{verdict.LEAST_DIFFERENCE_IN_PRESSURE:g}",
            "at least",
        ),
        (
            "attempt: courtship of members apart by",
            f"{verdict.LEAST_DIFFERENCE_IN_COURTSHIP:g}",
            "at least",
        ),
        ("level of intervals", f"{intervals.LEVEL:g}", "of every interval"),
        ("bootstrap resamples", f"{intervals.RESAMPLES}", "of every mean"),
        (
            "runs suffice: half-width of a share",
            f"{verdict.WIDEST_SHARE:g}",
            "at most, and the mean effect's interval must not cross the margin",
        ),
        ("runs behind the reasons", f"{reasons.MOST_RUNS}", "at most"),
        ("robustness: draws of all coefficients", f"{robustness.DRAWS}", "Sobol sequence"),
        (
            "robustness: factor of a draw",
            f"1/{robustness.FACTOR:g} to {robustness.FACTOR:g}",
            "even in its logarithm",
        ),
        ("robustness: step of an input", f"{influence.STEP:g}", "one input at a time"),
        ("actors", f"2 to {MOST_ACTORS}", "limits of a scenario"),
        ("months", f"1 to {MOST_MONTHS}", "limits of a scenario"),
    ]
    return _table(("what", "value", "note"), rows)


def results() -> str:
    """Return the README's table of what the model says, quoted from the page of the scenarios."""
    page = (DOCS / "scenarios.md").read_text("utf-8")
    body = next(found[3] for found in _MARKED.finditer(page) if found[2] == "verdicts")
    head, _, *rows = ([cell.strip() for cell in line.split("|")[1:6]] for line in body.splitlines())
    quoted = {row[0].strip("`"): row for row in rows}
    return _table(head, [quoted[name] for name in QUOTED])


QUOTED = ("observed-backfire", "wedge-hypothesis", "press-only", "court-only", "pyongyang-calms")
"""The scenarios whose results the README quotes."""

TABLES: dict[str, Callable[[], str]] = {
    "mechanisms": mechanisms,
    "variables": variables,
    "defaults": defaults,
    "constants": constants,
}


def with_tables(text: str) -> str:
    """Return a page with its tables made anew; tables that others generate are left alone."""

    def made(found: re.Match[str]) -> str:
        make = results if found[2] == "results" else TABLES.get(found[2])
        return f"{found[1]}{make()}\n{found[4]}" if make is not None else found[0]

    return _MARKED.sub(made, text)


def with_output(text: str) -> str:
    """Return a page with the output of its commands and code made anew.

    Output of which the page leaves lines out is kept where it still agrees.
    """
    with tempfile.TemporaryDirectory() as folder:
        outputs = run_page(text, Path(folder))
    for found in reversed(outputs):
        if not found.agrees():
            if ELLIPSIS in found.shown.splitlines():
                sys.stderr.write(f"look at this by hand: {found.what}\n{found.actual}\n")
                continue
            text = text[: found.start] + found.actual + text[found.end :]
    return text


def main(arguments: Sequence[str]) -> int:
    """Write or check all pages; return the exit code."""
    stale = []
    for path in [*own_pages(), DOCS.parent / "README.md"]:
        text = path.read_text("utf-8")
        fresh = with_tables(text)
        if "--output" in arguments and path.name not in ("scenarios.md", "README.md"):
            fresh = with_output(fresh)
        if fresh != text:
            stale.append(path.name)
            if "--check" not in arguments:
                path.write_text(fresh, "utf-8")
    verb = "stale" if "--check" in arguments else "written"
    told = "".join(f"{verb}: {name}\n" for name in stale)
    sys.stdout.write(told or "Everything is up to date.\n")
    return 1 if stale and "--check" in arguments else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
