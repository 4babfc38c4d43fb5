"""The command that solves a scenario as a game.

Players, moves and wants have no options: they stand in the game's file.
"""

from __future__ import annotations

from math import prod
from pathlib import Path
from typing import TYPE_CHECKING, Any

from alliancesim.cli.options import DrawnFrom, Game, Json, Out, Settings
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
    from alliancesim.game.solution import Solution


def game(
    file: Game,
    posterior: DrawnFrom = None,
    out: Out = None,
    settings: Settings = None,
    as_json: Json = False,
) -> None:
    """Solve a scenario as a game: what each player would do."""
    from alliancesim.game.reading import load_game
    from alliancesim.results.folder import new_folder

    loaded = load_game(file, settings or [], posterior)
    folder = new_folder(out, f"game-{loaded.name}")

    from alliancesim.cli.console import progress_bar
    from alliancesim.game.playing import play
    from alliancesim.game.solution import solve
    from alliancesim.report.games import write_game

    announce_compilation(quiet=as_json)
    values = prod(loaded.shape) * loaded.game.sampling.runs
    with progress_bar(loaded.name, values, quiet=as_json) as progress:
        found = solve(play(loaded, lambda done: progress(loaded.name, done)))
    words = ["alliancesim", "game", file]
    words += given("--posterior", posterior)
    words += repeated("--set", settings)
    write_game(found, folder, words, settings or [])
    if as_json:
        print_json({**_data(found), "folder": str(folder)})
    else:
        _print(found, folder)


def _data(found: Solution) -> dict[str, Any]:
    """Return a solved game as plain data."""
    from alliancesim.game.solution import BASES, BOTH
    from alliancesim.game.tables import equilibria_table
    from alliancesim.report.game_wording import basis, sentences, verdict

    loaded = found.played.loaded
    players = []
    for p, player in enumerate(loaded.players):
        moves = loaded.moves(player)
        fares = {
            move: {basis: found.robustness[basis].moves[p][m]._asdict() for basis in BASES}
            for m, move in enumerate(moves)
        }
        choice = {"likeliest": moves[found.likeliest(p)], "robust": moves[found.robust(p)]}
        players.append({"player": player, **choice, "moves": fares})
    return {
        "name": loaded.name,
        "posterior": None if loaded.posterior is None else loaded.posterior.name,
        "players": players,
        "equilibria": plain_rows(equilibria_table(found)),
        "mixed_sought": found.mixed is not None,
        "without_pure": found.robustness[BOTH].none,
        "sentences": [verdict(found), *sentences(found), basis(found)],
    }


def _print(found: Solution, folder: Path) -> None:
    """Print how sure each move is, what that says, and where it lies."""
    from alliancesim.cli.console import table
    from alliancesim.game.solution import BOTH
    from alliancesim.report.game_wording import basis, deed, sentences, verdict
    from alliancesim.report.numbers import percent
    from alliancesim.report.phrases import plain_spaces
    from alliancesim.report.wording import LENS

    rows = []
    for p, moves in enumerate(found.robustness[BOTH].moves):
        for m, fares in enumerate(moves):
            shares = (fares.played, fares.dominated, fares.least_regretted)
            rows.append((deed(found, p, m), *(plain_spaces(percent(share)) for share in shares)))
    table(("move, share of draws", "played", "dominated", "least regretted"), rows)
    print_paragraphs([verdict(found), *sentences(found), basis(found), LENS])
    print_folder(folder)
