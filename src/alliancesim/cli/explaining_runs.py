"""What ``run --explain`` adds to a run: the causes of its change, kept with its results.

The question cannot be chosen here: it is always what changed cohesion over the run. ``explain``
takes others.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from alliancesim.cli.printing import plain_rows

if TYPE_CHECKING:
    from alliancesim.attribution.account import Account
    from alliancesim.results.result import Result
    from alliancesim.scenario.reading import Loaded
    from alliancesim.study import Options


def worlds_to_explain(loaded: Loaded, options: Options) -> int:
    """Return how many runs of worlds it takes to say what caused the change.

    Raises:
        InputError: if they are too many.
    """
    from alliancesim.attribution.account import question_of
    from alliancesim.attribution.explanation import pose

    return pose(loaded.scenario, question_of(options), options.posterior).values


def causes_of_run(loaded: Loaded, options: Options, worlds: int, *, quiet: bool) -> Account:
    """Return what caused the change, with progress."""
    from alliancesim.attribution.account import account_of, question_of
    from alliancesim.attribution.explanation import explain as shared_out
    from alliancesim.cli.console import progress_bar

    question = question_of(options)
    with progress_bar("causes", worlds, quiet=quiet) as progress:
        found = shared_out(
            loaded, question, options.posterior, lambda done: progress("causes", done)
        )
    return account_of(found)


def write_run(found: Result, account: Account | None, folder: Path) -> None:
    """Write results, and the causes in a folder inside, all of it or nothing.

    Raises:
        InputError: if the folder is taken or cannot be written.
    """
    from dataclasses import replace

    from alliancesim.attribution import account as accounts
    from alliancesim.results import result as results
    from alliancesim.results.folder import appearing

    with appearing(folder) as made:
        if account is not None:
            found = replace(
                found, manifest={**found.manifest, "causes": account.manifest["digest"]}
            )
            (made / accounts.FOLDER).mkdir()
            accounts.write_into(account, made / accounts.FOLDER)
        results.write_into(found, made)


def causes_data(account: Account | None) -> dict[str, Any]:
    """Return what caused the change as plain data, if that was asked."""
    from alliancesim.report.explanation_wording import sentences

    if account is None:
        return {}
    return {"causes": {"steps": plain_rows(account.shares), "sentences": sentences(account)}}
