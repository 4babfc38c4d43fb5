"""A solved game as tables, what a manifest says of it, and the game that a manifest holds.

Nothing is solved here, and the folder is not written here but by report.games.
"""

from __future__ import annotations

from dataclasses import replace
from importlib import metadata
from itertools import product
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from alliancesim.arrays import Array
from alliancesim.game.equilibria import Profile, best_responses
from alliancesim.game.reading import LoadedGame
from alliancesim.game.schema import Game
from alliancesim.game.solution import BASES, Solution
from alliancesim.measures.spread import ENDS, LEVEL
from alliancesim.posterior.draws import Posterior
from alliancesim.results.manifest import loaded_of, posterior_data
from alliancesim.results.result import table_digest
from alliancesim.scenario.referring import validated
from alliancesim.study import heading

KIND = "game"

COST = "cost"
"""What stands for the cost of a move among what it is worth."""


def payoffs_table(found: Solution) -> pd.DataFrame:
    """Return one row per cell.

    Columns: one per player with its move; ``payoff_P`` with ``payoff_P_low`` and ``payoff_P_high``
    for each player P (mean and middle 90 % over draws of the coefficients, at the stated weights);
    ``best_P``, whether P has no better move; ``equilibrium``, whether nobody has;
    ``equilibrium_draws``, ``equilibrium_weights`` and ``equilibrium_both``, the share of draws in
    which the cell is one; ``observed``, where the file says what was really done.
    """
    players = found.played.loaded.players
    best = best_responses(found.payoffs)
    rows = []
    for cell in _cells(found):
        row: dict[str, Any] = _moves(found, cell)
        for p, player in enumerate(players):
            row[f"payoff_{player}"] = found.payoffs[(p, *cell)]
            row[f"payoff_{player}_low"], row[f"payoff_{player}_high"] = span(
                found.by_draw[(p, *cell)]
            )
            row[f"best_{player}"] = bool(best[(p, *cell)])
        row["equilibrium"] = cell in found.equilibria
        row |= {f"equilibrium_{b}": float(found.robustness[b].cells[cell]) for b in BASES}
        if found.observed is not None:
            row["observed"] = cell == found.observed
        rows.append(row)
    return pd.DataFrame(rows)


def outcomes_table(found: Solution) -> pd.DataFrame:
    """Return one row per cell and outcome.

    Columns: one per player with its move; ``outcome``; ``start``, at the baseline; ``change`` since
    then with ``low`` and ``high`` (mean and middle 90 % over draws of the coefficients).
    """
    played = found.played
    rows = []
    for cell in _cells(found):
        for o, outcome in enumerate(played.outcomes):
            values = played.changes[(o, *cell)]
            low, high = span(values)
            told = {"outcome": outcome, "start": played.start[o], "change": values.mean()}
            rows.append(_moves(found, cell) | told | {"low": low, "high": high})
    return pd.DataFrame(rows)


def moves_table(found: Solution) -> pd.DataFrame:
    """Return one row per player and move.

    Columns: ``player``, ``move``, ``title``, ``cost``; ``round`` of elimination in which it is
    struck out as dominated at mean payoffs, and ``by`` which move, if it is; then for each of what
    is drawn (``draws`` of the coefficients, ``weights``, ``both``) the attributes of
    :class:`alliancesim.game.solution.OfMove`, such as ``played_both``.
    """
    loaded = found.played.loaded
    struck = {(gone.player, gone.move): gone for gone in found.removed}
    rows = []
    for p, player in enumerate(loaded.players):
        moves = loaded.moves(player)
        for m, move in enumerate(moves):
            gone = struck.get((p, m))
            row: dict[str, Any] = {
                "player": player,
                "move": move,
                "title": loaded.title(player, move),
                "cost": loaded.game.players[player].moves[move].cost.value,
                "round": None if gone is None else gone.turn,
                "by": "" if gone is None else moves[gone.by],
            }
            for basis in BASES:
                fares = found.robustness[basis].moves[p][m]._asdict()
                row |= {f"{name}_{basis}": value for name, value in fares.items()}
            rows.append(row)
    return pd.DataFrame(rows).astype({"round": "Int64"})


def equilibria_table(found: Solution) -> pd.DataFrame:
    """Return one row per equilibrium of the mean payoffs, player and move that is played in it.

    Columns: ``number``, ``kind`` (pure or mixed), ``player``, ``move``, ``probability``, ``payoff``
    of the player, and ``reached``, the share of cells from which players who answer in turn come to
    rest in it (missing of mixed ones).
    """
    loaded = found.played.loaded
    rows: list[dict[str, Any]] = []
    for number, cell in enumerate(found.equilibria, start=1):
        for p, player in enumerate(loaded.players):
            told = {"number": number, "kind": "pure", "player": player}
            told |= {"move": loaded.moves(player)[cell[p]], "probability": 1.0}
            payoff = float(found.payoffs[(p, *cell)])
            rows.append(told | {"payoff": payoff, "reached": found.reached(cell)})
    for number, mixed in enumerate(found.mixed or (), start=1 + len(found.equilibria)):
        for p, player in enumerate(loaded.players):
            for move, share in zip(loaded.moves(player), mixed.probabilities[p], strict=True):
                if share > 0:
                    told = {"number": number, "kind": "mixed", "player": player, "move": move}
                    rows.append(told | {"probability": float(share), "payoff": mixed.payoffs[p]})
    columns = ["number", "kind", "player", "move", "probability", "payoff", "reached"]
    return pd.DataFrame(rows, columns=columns)


def reasons_table(found: Solution, around: Profile | None = None) -> pd.DataFrame:
    """Return what each move is worth by what its player wants, the others staying in one cell.

    Args:
        found: the solved game.
        around: the cell; if left out, the one that is an equilibrium in most draws of coefficients
            and weights.

    Returns:
        Columns: ``player``, ``move``, ``want`` (``cost`` for that of the move), ``outcome``,
        ``weight``, ``change`` of the outcome since the baseline, ``worth`` with ``low`` and
        ``high`` (mean and middle 90 % over draws of the coefficients). The worths of a move add up
        to its payoff.
    """
    played, loaded, others = found.played, found.played.loaded, around or found.focal
    rows: list[dict[str, Any]] = []
    told: dict[str, Any]
    for p, player in enumerate(loaded.players):
        of = loaded.game.players[player]
        for m, move in enumerate(loaded.moves(player)):
            cell = (*others[:p], m, *others[p + 1 :])
            for label, want in of.wants.items():
                change = played.changes[(played.outcomes.index(want.outcome), *cell)]
                worth = want.weight.value * change
                low, high = span(worth)
                told = {"player": player, "move": move, "want": label, "outcome": want.outcome}
                told |= {"weight": want.weight.value, "change": change.mean()}
                rows.append(told | {"worth": worth.mean(), "low": low, "high": high})
            cost = -of.moves[move].cost.value
            told = {"player": player, "move": move, "want": COST, "outcome": ""}
            rows.append(told | {"worth": cost, "low": cost, "high": cost})
    return pd.DataFrame(rows)


def tables(found: Solution) -> dict[str, pd.DataFrame]:
    """Return all tables by name."""
    return {
        "payoffs": payoffs_table(found),
        "moves": moves_table(found),
        "equilibria": equilibria_table(found),
        "reasons": reasons_table(found),
        "outcomes": outcomes_table(found),
    }


def manifest(found: Solution, settings: list[str], made: dict[str, pd.DataFrame]) -> dict[str, Any]:
    """Return what was played, with which program, and digests of the tables.

    Args:
        found: the solved game.
        settings: ``key=value`` overrides, kept for the record.
        made: its tables.
    """
    loaded = found.played.loaded
    return {
        **heading(KIND, loaded.name, _solver()),
        "files": [loaded.file.name],
        "options": {**loaded.game.sampling.model_dump(mode="json"), "set": settings},
        "level": LEVEL,
        **posterior_data(loaded.posterior),
        "digest": {name: table_digest(table) for name, table in made.items()},
        "game": loaded.game.model_dump(mode="json", by_alias=True),
        "scenario": loaded.base.scenario.model_dump(mode="json"),
    }


def played_of(about: dict[str, Any], posterior: Posterior | None) -> LoadedGame:
    """Return a game as a manifest has it.

    Args:
        about: the manifest, as :func:`manifest` makes it.
        posterior: the draws that it was solved with, if coefficients were drawn.

    Raises:
        InputError: if its scenario or its game is damaged.
    """
    file = Path(about["files"][0])
    base = replace(loaded_of(about), name=file.stem)
    game = validated(about["game"], Path("manifest.json"), set(), Game)
    return LoadedGame(about["name"], game, base, file, posterior)


def _solver() -> dict[str, str]:
    """Return the version of the solver of mixed equilibria, if it is installed."""
    try:
        return {"nashpy": metadata.version("nashpy")}
    except metadata.PackageNotFoundError:
        return {}


def _cells(found: Solution) -> list[Profile]:
    """Return all cells, the last player's move changing fastest."""
    return list(product(*(range(moves) for moves in found.played.loaded.shape)))


def _moves(found: Solution, cell: Profile) -> dict[str, Any]:
    """Return the moves of a cell by player."""
    loaded = found.played.loaded
    players = zip(loaded.players, cell, strict=True)
    return {player: loaded.moves(player)[move] for player, move in players}


def span(values: Array) -> tuple[float, float]:
    """Return the ends of the middle 90 % over draws."""
    low, high = np.quantile(values, ENDS)
    return float(low), float(high)
