"""What an explanation leaves in a folder: written, read back, made again.

An account knows tables and not the runs behind them; what the tables say is put into words by the
report.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd

from alliancesim.arrays import Array
from alliancesim.attribution.causes import COURTSHIP, PRESSURE
from alliancesim.attribution.coalitions import Progress
from alliancesim.attribution.explanation import Explanation, Question, explain, pose
from alliancesim.attribution.ledger import Asked as AskedOfLedger
from alliancesim.attribution.ledger import Ledger, kept_ledger
from alliancesim.attribution.ledger_tables import COLUMNS as OF_LEDGER
from alliancesim.attribution.ledger_tables import TEXTS, ledger_table
from alliancesim.attribution.mechanisms import mechanism_shares
from alliancesim.attribution.outcome import Asked
from alliancesim.attribution.period import Period
from alliancesim.attribution.tables import CAUSE, KIND, manifest, tables
from alliancesim.measures.spread import Spread, spread_in, spread_of
from alliancesim.posterior.draws import Posterior
from alliancesim.results.folder import write_tables
from alliancesim.results.manifest import loaded_of
from alliancesim.results.result import read_manifest, table_digest
from alliancesim.results.tables import without_guards
from alliancesim.scenario.problems import InputError, Problem
from alliancesim.scenario.reading import Loaded
from alliancesim.scenario.schema import Scenario
from alliancesim.study import Options

FOLDER = "causes"
"""Where in the results of a run the causes of its change are kept."""

MECHANISMS, LEDGER = "mechanisms", "ledger"

_TEXTS = ("kind", "name", "title", "causes", "mechanism", "equation", *TEXTS)
_COLUMNS = {
    "shares": (*_TEXTS[:3], "events", *Spread._fields, "alone", "last"),
    "values": ("causes", "number", "estimate", "low", "high"),
    "draws": ("draw", "change", "effect", "past"),
    MECHANISMS: ("mechanism", "equation", "estimate", "low", "high"),
    LEDGER: OF_LEDGER,
}
"""What each table must hold."""

_WHERE_ASKED = (MECHANISMS, LEDGER)
"""Tables that are there only where they were asked for."""


@dataclass(frozen=True)
class Account:
    """An explanation as tables, from which everything that is said of it is made.

    Attributes:
        manifest: scenario, question, versions and digests.
        scenario: as played up to the end of the period.
        asked: the outcome.
        period: the span of months.
        tables: ``shares``, ``values``, ``draws`` and, where they were asked for, ``mechanisms``
            and ``ledger``.
    """

    manifest: dict[str, Any]
    scenario: Scenario
    asked: Asked
    period: Period
    tables: dict[str, pd.DataFrame]

    @property
    def name(self) -> str:
        """Return the scenario's name."""
        return str(self.manifest["name"])

    @property
    def posterior(self) -> str | None:
        """Return the name of the posterior that coefficients were drawn from, if they were."""
        return str(self.manifest["posterior"]["name"]) if "posterior" in self.manifest else None

    @property
    def runs(self) -> int:
        """Return the number of runs of each world."""
        return int(self.manifest["options"]["runs"])

    @property
    def draws(self) -> int:
        """Return the number of draws of the coefficients, or of runs where none were drawn."""
        return len(self.tables["draws"])

    @property
    def shares(self) -> pd.DataFrame:
        """Return the steps from the level before to the level after."""
        return self.tables["shares"]

    @property
    def causes(self) -> pd.DataFrame:
        """Return the steps that are causes."""
        return self.shares[self.shares["kind"] == CAUSE]

    @property
    def mechanisms(self) -> pd.DataFrame | None:
        """Return the shares of mechanisms in the effect, if they were asked for."""
        return self.tables.get(MECHANISMS)

    @property
    def ledger(self) -> pd.DataFrame | None:
        """Return the ledger of a dyad, if it was asked for."""
        return self.tables.get(LEDGER)

    @property
    def asked_of_ledger(self) -> AskedOfLedger:
        """Return the dyad whose ledger was asked for, and the month to show."""
        return AskedOfLedger(**self.manifest[LEDGER])

    @property
    def effects(self) -> Array:
        """Return what the wedge does to the outcome, all else in place, draw by draw."""
        return self.tables["draws"]["effect"].to_numpy()

    def step(self, kind: str) -> Spread:
        """Return a step that there is one of: start, past, change or end."""
        return spread_in(self.shares[self.shares["kind"] == kind].iloc[0].to_dict())

    def wedge(self) -> Spread | None:
        """Return the share of both legs of the wedge together, if it has any in the period."""
        drawn = self.tables["draws"]
        legs = [leg for leg in (PRESSURE, COURTSHIP) if leg in drawn]
        return spread_of(drawn[legs].sum(axis=1).to_numpy()) if legs else None


def account_of(
    found: Explanation,
    command: Sequence[str] = (),
    mechanisms: pd.DataFrame | None = None,
    ledger: Ledger | None = None,
) -> Account:
    """Return an explanation as tables.

    Args:
        found: the explanation.
        command: words of the command that asks for it.
        mechanisms: if asked for, as from
            :func:`alliancesim.attribution.mechanisms.mechanism_shares`.
        ledger: of a dyad, if asked for.
    """
    made = tables(found) | ({} if mechanisms is None else {MECHANISMS: mechanisms})
    asked = {} if ledger is None else {LEDGER: ledger.asked._asdict()}
    if ledger is not None:
        made[LEDGER] = ledger_table(ledger)
    about = {**manifest(found, made), **asked, "command": list(command)}
    return Account(about, found.scenario, found.asked, found.period, made)


def question_of(options: Options) -> Question:
    """Return the question what caused the change in a run: the runs are those of its verdict."""
    return Question(
        runs=options.runs,
        seed=options.seed,
        settings=options.settings,
        without=options.without,
        months=options.months,
    )


def write_into(account: Account, folder: Path) -> None:
    """Write tables as CSV, every bit of their numbers, and the manifest into an existing folder."""
    write_tables(folder, account.tables, account.manifest)


def read_account(folder: Path) -> Account:
    """Read an explanation back.

    Raises:
        InputError: if a file is missing, damaged or of an unknown format.
    """
    about = read_manifest(folder)
    if about.get("kind") != KIND:
        raise InputError([Problem(str(folder), "kind", str(about.get("kind")), KIND)])
    loaded, question = _asked_of(about)
    posed = pose(loaded.scenario, question)
    names = [name for name in _COLUMNS if name not in _WHERE_ASKED or name in about["digest"]]
    made = {name: _read(folder / f"{name}.csv", _COLUMNS[name]) for name in names}
    return Account(about, posed.scenario, posed.asked, posed.period, made)


def made_again(
    account: Account, posterior: Posterior | None, progress: Progress | None = None
) -> dict[str, pd.DataFrame]:
    """Return the tables of an explanation made again from its manifest.

    Args:
        account: the explanation.
        posterior: the draws that it was made with, if coefficients were drawn.
        progress: called with the number of worlds' runs finished, now and then.
    """
    found = explain(*_asked_of(account.manifest), posterior, progress)
    mechanisms = None if account.mechanisms is None else mechanism_shares(found)
    ledger = None if account.ledger is None else kept_ledger(found, account.asked_of_ledger)
    return account_of(found, (), mechanisms, ledger).tables


def digests(made: dict[str, pd.DataFrame]) -> dict[str, str]:
    """Return the digest of each table."""
    return {name: table_digest(table) for name, table in made.items()}


def _asked_of(about: dict[str, Any]) -> tuple[Loaded, Question]:
    """Return scenario and question as a manifest has them."""
    options = about["options"]
    question = Question(
        options["outcome"],
        options["from"],
        # An outcome averaged over several months is that of the end of the run.
        options["until"] if options["window"] == 1 else None,
        options["runs"],
        options["seed"],
        months=options["months"],
    )
    return loaded_of(about), question


def _read(path: Path, columns: Sequence[str]) -> pd.DataFrame:
    """Return a table with every bit of its numbers.

    Raises:
        InputError: if there is none, it cannot be read, or a column is missing or of another type.
    """
    try:
        table = without_guards(pd.read_csv(path, dtype=str, keep_default_na=False))
    except (OSError, ValueError) as error:
        raise InputError([Problem(str(path), "", "", f"a readable table ({error})")]) from None
    problems = [Problem(str(path), name, "", "a column") for name in columns if name not in table]
    for name in (str(name) for name in table if name not in _TEXTS):
        try:
            table[name] = table[name].replace("", "nan").astype("float64")
        except ValueError:
            problems.append(Problem(str(path), name, "", "numbers"))
    if problems or not len(table):
        raise InputError(problems or [Problem(str(path), "", "", "at least one row")])
    return table
