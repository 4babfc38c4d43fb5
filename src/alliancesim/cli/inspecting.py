"""Commands that look at scenarios and at the law without running anything.

Nothing is written here but the starter scenario.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from alliancesim.cli.options import Json
from alliancesim.cli.printing import print_json, print_line, print_paragraphs, shown, tell

if TYPE_CHECKING:
    from alliancesim.coefficients import Coefficient


def list_scenarios(
    long: Annotated[bool, typer.Option("--long", help="Also show what each one asks.")] = False,
    as_json: Json = False,
) -> None:
    """List what is shipped: scenarios, experiments, games and more."""
    from alliancesim.scenario import library
    from alliancesim.scenario.reading import load, read_document

    keys = ("kind", "name", "title", "question")
    found = [
        (loaded.name, loaded.scenario.title, loaded.scenario.question)
        for loaded in (load(name) for name in library.SCENARIOS.names())
    ]

    def told(shelf: library.Shelf) -> list[tuple[str, str, str]]:
        documents = {name: read_document(shelf.find(name)) for name in shelf.names()}
        return [(name, found["title"], found["question"]) for name, found in documents.items()]

    kinds = {
        "scenario": found,
        "experiment": told(library.EXPERIMENTS),
        "game": told(library.GAMES),
        "calibration": told(library.CALIBRATIONS),
    }
    if as_json:
        rows = [(kind, *row) for kind, named in kinds.items() for row in named]
        print_json([dict(zip(keys, row, strict=True)) for row in rows])
        return
    from alliancesim.cli.console import entries, table

    for kind, named in kinds.items():
        if long:
            entries(f"{kind.capitalize()}s", named)
        else:
            table((kind, "what it is"), [(name, title) for name, title, _ in named])


def new(
    name: Annotated[
        str, typer.Argument(metavar="NAME", help="Name of the scenario; the file is NAME.toml.")
    ],
) -> None:
    """Write a commented starter scenario to NAME.toml."""
    from alliancesim.scenario.placing import replace_file
    from alliancesim.scenario.problems import InputError, Problem
    from alliancesim.scenario.starter import starter_text

    path = Path(f"{name.removesuffix('.toml')}.toml")
    if path.name != str(path) or not path.stem.replace("-", "").replace("_", "").isalnum():
        expected = "a plain name of letters, digits and hyphens"
        raise InputError([Problem("new", "", name, expected)])
    if path.exists():
        raise InputError([Problem(str(path), "", "", "a file that does not exist yet")])
    try:
        replace_file(path, starter_text())
    except OSError as error:
        why = f"a place that can be written to ({error.strerror})"
        raise InputError([Problem(str(path), "", "", why)]) from None
    print_paragraphs([f"Wrote {path}. Next: alliancesim check {path}; alliancesim run {path}"])


def check(
    files: Annotated[
        list[str],
        typer.Argument(
            metavar="FILE",
            help="Scenario, experiment, game and calibration files, or names of shipped ones.",
        ),
    ],
    as_json: Json = False,
) -> None:
    """Check files, and name every problem at once."""
    from alliancesim.scenario.problems import InputError, Problem
    from alliancesim.scenario.reading import load

    verdicts: dict[str, tuple[Problem, ...]] = {}
    for file in files:
        try:
            tables = _tables(file)
            if _ONLY_EXPERIMENTS & tables:
                from alliancesim.experiment.reading import load_experiment

                load_experiment(file)
            elif "players" in tables:
                from alliancesim.game.reading import load_game

                load_game(file)
            elif "scenario" in tables:
                from alliancesim.calibration.reading import load_calibration

                load_calibration(file)
            else:
                load(file)
            verdicts[file] = ()
        except InputError as error:
            verdicts[file] = error.problems
    if as_json:
        print_json(
            [
                {"file": file, "problems": [problem.as_dict() for problem in problems]}
                for file, problems in verdicts.items()
            ]
        )
    else:
        for file, problems in verdicts.items():
            for problem in problems:
                tell(str(problem))
            found = "is valid." if not problems else f"has {len(problems)} problem(s)."
            print_line(f"{shown(file)} {found}")
    if any(verdicts.values()):
        sys.exit(2)


_ONLY_EXPERIMENTS = frozenset(("design", "factors", "factor_sets"))


def _tables(reference: str) -> set[str]:
    """Return the keys at the top of a file that may be no scenario; none of a shipped scenario."""
    from alliancesim.scenario import library
    from alliancesim.scenario.problems import InputError
    from alliancesim.scenario.reading import read_document

    if reference in library.SCENARIOS.names():
        return set()
    find = library.GAMES.find if reference in library.GAMES.names() else library.EXPERIMENTS.find
    try:
        return set(read_document(find(reference)))
    except InputError:
        return set()


def parameters(as_json: Json = False) -> None:
    """List every mechanism of the law. Each has default, 90 % interval, prior, range and source."""
    from dataclasses import asdict

    from alliancesim.coefficients import REGISTER

    if as_json:
        print_json([asdict(entry) for entry in REGISTER])
        return
    from itertools import groupby

    from alliancesim.cli.console import entries

    for equation, found in groupby(REGISTER, key=lambda entry: entry.equation):
        rows = [
            (entry.name, _figures(entry), f"{entry.meaning}\n{entry.source}") for entry in found
        ]
        entries(equation, rows)


def _figures(entry: Coefficient) -> str:
    """Return what is known of a coefficient as one line."""
    unit = "" if entry.unit == "dimensionless" else f" {entry.unit}"
    prior = f"prior {entry.prior_median:g}; may be {entry.low:g} to {entry.high:g}"
    if entry.fitted is None:
        return f"{entry.default:g}{unit} (not calibrated; {prior})"
    interval = f"90 %: {entry.fitted.low90:g} to {entry.fitted.high90:g}"
    return f"{entry.default:g}{unit} ({interval}; {prior})"


def schema() -> None:
    """Print the JSON Schema of scenario files, for editors."""
    from alliancesim.scenario.publishing import file_schema

    print_json(file_schema())


def version() -> None:
    """Print the program's version."""
    from alliancesim.version import __version__

    print_line(f"alliancesim {__version__}")
