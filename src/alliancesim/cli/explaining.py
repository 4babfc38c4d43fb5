"""The command that shares a change of the outcome out among its causes.

What ``run --explain`` asks is not put together here, but in explaining_runs.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from alliancesim.cli.explaining_ledger import (
    LedgerOf,
    Month,
    ledger_asked,
    ledger_data,
    ledger_words,
    print_ledger,
)
from alliancesim.cli.options import (
    WITH_DRAWS,
    DrawnFrom,
    Json,
    Out,
    Scenario,
    Seed,
    Settings,
    Without,
    count,
    month,
)
from alliancesim.cli.printing import (
    announce_compilation,
    given,
    plain_rows,
    print_folder,
    print_json,
    print_paragraphs,
    repeated,
)

if TYPE_CHECKING:
    from alliancesim.attribution.account import Account
    from alliancesim.attribution.explanation import Posed, Question
    from alliancesim.attribution.ledger import Asked
    from alliancesim.posterior.draws import Posterior
    from alliancesim.scenario.reading import Loaded

From = Annotated[
    str | None, month("--from", "First month whose events count", "the scenario's first")
]
Until = Annotated[
    str | None, month("--until", "Last month, in which the outcome is read", "the scenario's last")
]
OutcomeText = Annotated[
    str,
    typer.Option(
        metavar="WHAT",
        help="'cohesion' of the alliance, 'effect' of the wedge on it, or a variable of a dyad,"
        " such as opinion:A-B.",
    ),
]
Runs = Annotated[int | None, count("--runs", 1, "Runs of each world.", WITH_DRAWS)]
Mechanisms = Annotated[
    bool,
    typer.Option(
        "--mechanisms", help="Also share the wedge's effect out among the law's mechanisms."
    ),
]


def explain(
    scenario: Scenario,
    first: From = None,
    until: Until = None,
    outcome: OutcomeText = "cohesion",
    posterior: DrawnFrom = None,
    runs: Runs = None,
    seed: Seed = 1,
    out: Out = None,
    settings: Settings = None,
    without: Without = None,
    mechanisms: Mechanisms = False,
    ledger: LedgerOf = None,
    month: Month = None,
    as_json: Json = False,
) -> None:
    """Say what caused a change. Each cause has its share, with its interval."""
    from alliancesim.results.folder import new_folder
    from alliancesim.scenario.reading import load

    loaded = load(scenario, settings or [], without or [])
    folder = new_folder(out, f"explain-{loaded.name}")

    from alliancesim.attribution.explanation import Question, pose
    from alliancesim.posterior.draws import load_posterior
    from alliancesim.report.explanations import write_explanation

    draws = None if posterior is None else load_posterior(posterior)
    question = Question(outcome, first, until, runs, seed, settings or (), without or ())
    posed = pose(loaded.scenario, question, draws)
    if mechanisms:
        posed.require_wedge("--mechanisms")
    asked = ledger_asked(posed, ledger, month)
    words = ["alliancesim", "explain", scenario, *_words(question, posed, posterior)]
    words += [*(["--mechanisms"] if mechanisms else []), *ledger_words(asked)]
    announce_compilation(quiet=as_json)
    account = _account(loaded, question, draws, posed, words, mechanisms, asked, quiet=as_json)
    write_explanation(account, folder, draws)
    if as_json:
        print_json({**_data(account), "folder": str(folder)})
    else:
        _print(account, folder)


def _account(
    loaded: Loaded,
    question: Question,
    draws: Posterior | None,
    posed: Posed,
    words: list[str],
    mechanisms: bool,
    asked: Asked | None,
    *,
    quiet: bool,
) -> Account:
    """Return the explanation, with what was asked for beside it, showing progress."""
    from alliancesim.attribution.account import account_of
    from alliancesim.attribution.explanation import explain as explained
    from alliancesim.attribution.ledger import kept_ledger
    from alliancesim.attribution.mechanisms import mechanism_shares
    from alliancesim.cli.console import progress_bar

    name, worlds = loaded.name, posed.values
    with progress_bar(name, worlds + (posed.runs if asked else 0), quiet=quiet) as progress:
        found = explained(loaded, question, draws, lambda done: progress(name, done))
        table = mechanism_shares(found) if mechanisms else None
        booked = asked and kept_ledger(found, asked, lambda done: progress("ledger", worlds + done))
    return account_of(found, words, table, booked)


def _words(question: Question, posed: Posed, posterior: str | None) -> list[str]:
    """Return the words of the command that put a question."""
    words = [*given("--from", question.first), *given("--until", question.last)]
    words += ["--outcome", question.outcome]
    words += given("--posterior", posterior)
    words += ["--runs", str(posed.runs), "--seed", str(question.seed)]
    words += repeated("--set", question.settings)
    return words + repeated("--without", question.without)


def _data(found: Account) -> dict[str, Any]:
    """Return an explanation as plain data."""
    from alliancesim.report.explanation_wording import basis, sentences

    told = {
        "name": found.name,
        "outcome": found.asked.text,
        "from": found.period.first,
        "until": found.period.last,
        "posterior": found.posterior,
        "runs": found.runs,
        "steps": plain_rows(found.shares),
        "sentences": [*sentences(found), basis(found)],
    }
    table = found.mechanisms
    works = {} if table is None else {"mechanisms": plain_rows(table)}
    return {**told, **works, **ledger_data(found)}


def _print(found: Account, folder: Path) -> None:
    """Print the shares, what they say, and where they lie."""
    from alliancesim.attribution.tables import CAUSE, END, START
    from alliancesim.cli.console import table
    from alliancesim.figures.words import signed
    from alliancesim.report.explanation_wording import basis, sentences
    from alliancesim.report.numbers import level, percent
    from alliancesim.report.phrases import plain_spaces
    from alliancesim.report.wording import LENS

    rows = []
    for row in found.shares.to_dict("records"):
        show = level if row["kind"] in (START, END) else signed
        span = f"{show(row['low'], 3)} to {show(row['high'], 3)}"
        above = percent(row["positive"]) if row["kind"] == CAUSE else ""
        rows.append((row["title"], show(row["estimate"], 3), span, plain_spaces(above)))
    table(("step", found.asked.text, "90 % interval", "above zero"), rows, unbroken=[2])
    booked = print_ledger(found)
    print_paragraphs([*sentences(found), booked, plain_spaces(basis(found)), LENS])
    print_folder(folder)
