"""The command that asks whether a verdict hangs on how judgements were coded.

Which numbers are judgements cannot be said here: their ``basis`` in the scenario says it.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

from alliancesim.cli.options import (
    DrawnFrom,
    Json,
    Out,
    Scenario,
    Seed,
    Settings,
    Without,
    count,
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
    import pandas as pd

    from alliancesim.recoding.question import Question

Recodings = Annotated[
    int,
    count("--recodings", 1, "Recodings of each width; a quarter as many of each variable alone."),
]
Runs = Annotated[
    int | None, count("--runs", 1, "Runs of each recoding.", "200, or 400 with --posterior")
]


def recode(
    scenario: Scenario,
    recodings: Recodings = 1000,
    posterior: DrawnFrom = None,
    runs: Runs = None,
    seed: Seed = 1,
    out: Out = None,
    settings: Settings = None,
    without: Without = None,
    as_json: Json = False,
) -> None:
    """Recode all judgements, and say how often the verdict stands."""
    from alliancesim.results.folder import new_folder
    from alliancesim.scenario.reading import load

    loaded = load(scenario, settings or [], without or [])
    folder = new_folder(out, f"recode-{loaded.name}")

    from alliancesim.posterior.draws import load_posterior
    from alliancesim.recoding.question import Question, expected_points, pose
    from alliancesim.recoding.question import recode as recoded

    draws = None if posterior is None else load_posterior(posterior)
    question = Question(recodings, runs, seed, settings or (), without or ())
    points = expected_points(pose(loaded.scenario, question), question)

    from alliancesim.cli.console import progress_bar
    from alliancesim.report.recodings import write_recoded

    announce_compilation(quiet=as_json)
    with progress_bar(loaded.name, points, quiet=as_json) as progress:
        found = recoded(loaded, question, draws, progress)
    about, made = write_recoded(found, folder, _words(scenario, question, found.runs, posterior))
    if as_json:
        print_json({**_data(about, made), "folder": str(folder)})
    else:
        _print(about, made, folder)


def _words(scenario: str, question: Question, runs: int, posterior: str | None) -> list[str]:
    """Return the words of the command that asks for it."""
    words = ["alliancesim", "recode", scenario, "--recodings", str(question.recodings)]
    words += given("--posterior", posterior)
    words += ["--runs", str(runs), "--seed", str(question.seed)]
    words += repeated("--set", question.settings)
    return words + repeated("--without", question.without)


def _data(about: Mapping[str, Any], made: Mapping[str, pd.DataFrame]) -> dict[str, Any]:
    """Return the answer as plain data; the single recodings stand in the folder alone."""
    from alliancesim.report.recodings_wording import basis, sentences

    return {
        "name": about["name"],
        "posterior": about["posterior"]["name"] if "posterior" in about else None,
        "options": about["options"],
        "given": about["given"],
        **{name: plain_rows(made[name]) for name in ("shares", "influence", "judgements")},
        "sentences": [*sentences(about, made), basis(about)],
    }


def _print(about: Mapping[str, Any], made: Mapping[str, pd.DataFrame], folder: Path) -> None:
    """Print verdicts of recodings, what they say, and where they lie."""
    from alliancesim.cli.console import table
    from alliancesim.recoding.codes import WIDTHS
    from alliancesim.recoding.question import VERDICTS
    from alliancesim.report import recodings_wording as wording
    from alliancesim.report.phrases import plain_spaces
    from alliancesim.report.wording import LENS

    rows = [wording.whole(made, width) for width in WIDTHS]
    table(
        ("codes", "stands", *VERDICTS),
        [
            (
                str(row["width"]),
                *(plain_spaces(wording.share(row, n)) for n in ("stands", *VERDICTS)),
            )
            for row in rows
        ],
    )
    notes = [*wording.sentences(about, made), wording.basis(about), *wording.cautions(about)]
    print_paragraphs([*(plain_spaces(text) for text in notes), LENS])
    print_folder(folder)
