"""From a game file and ``--set`` to one validated game on its scenario.

Nothing is run, but every move is laid over the scenario, since only so its mistakes can be named
before the long work begins.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import product
from pathlib import Path
from typing import Any

from alliancesim.game.rules import broken_rules, foreign_tables, not_own
from alliancesim.game.schema import Game
from alliancesim.posterior.draws import DEFAULT, Posterior, load_posterior
from alliancesim.scenario import library
from alliancesim.scenario.problems import InputError, Problem
from alliancesim.scenario.reading import KeyPath, Loaded, load, read_document
from alliancesim.scenario.referring import laid_over, origin, problems_of, scenario_file, validated
from alliancesim.scenario.schema import Scenario
from alliancesim.scenario.variation import varied


@dataclass(frozen=True)
class LoadedGame:
    """A validated game, its scenario, and where it came from.

    Attributes:
        name: stem of its file.
        game: the game.
        base: the scenario over which moves are laid, with its settings.
        file: its file.
        posterior: where coefficients are drawn from, if they are.
    """

    name: str
    game: Game
    base: Loaded
    file: Path
    posterior: Posterior | None

    @property
    def players(self) -> tuple[str, ...]:
        """Return the players, in the order of the file."""
        return tuple(self.game.players)

    def moves(self, player: str) -> tuple[str, ...]:
        """Return a player's moves, in the order of the file."""
        return tuple(self.game.players[player].moves)

    @property
    def shape(self) -> tuple[int, ...]:
        """Return the number of moves of each player."""
        return tuple(len(player.moves) for player in self.game.players.values())

    def profiles(self) -> Iterator[tuple[str, ...]]:
        """Yield the move of each player in every cell, the last player's changing fastest."""
        yield from product(*(self.moves(player) for player in self.players))

    @property
    def drawn(self) -> str:
        """Return what differs from run to run beside the weights, in a word."""
        return "shocks" if self.posterior is None else "coefficients"

    def played(self, moves: Sequence[str]) -> Scenario:
        """Return the scenario of one cell.

        Args:
            moves: of each player.
        """
        return varied(self.base, _changes(self.game, dict(zip(self.players, moves, strict=True))))

    def title(self, player: str, move: str) -> str:
        """Return a move in words."""
        return self.game.players[player].moves[move].title

    def wanted(self, player: str, want: str) -> str:
        """Return a want in words."""
        return self.game.players[player].wants[want].title or want.replace("-", " ")

    def named(self, player: str) -> str:
        """Return the name of a player."""
        return self.base.scenario.actors[player].name or player


def load_game(which: str, settings: Sequence[str] = (), posterior: str | None = None) -> LoadedGame:
    """Read and validate a game.

    Args:
        which: name of a shipped game, or a path.
        settings: ``key=value`` texts. A key of the game file, such as ``sampling.runs``, overrides
            that file; any other is a key of the scenario and holds in every cell.
        posterior: where coefficients are drawn from, in place of what the file says.

    Returns:
        The game on its scenario.

    Raises:
        InputError: with every problem found.
    """
    path = library.GAMES.find(which)
    document = read_document(path)
    overridden, others = laid_over(document, settings, Game.model_fields)
    game = validated(document, path, overridden, Game)
    base = load(str(scenario_file(game.scenario, path)), [*game.settings, *others])
    broken = [*broken_rules(game, base.scenario), *foreign_tables(game)]
    if broken:
        raise InputError(problems_of(broken, path, overridden))
    problems = list(_moves(game, base, path, overridden))
    if problems:
        raise InputError(problems)
    return LoadedGame(path.stem, game, base, path, _posterior(game, posterior, path))


def _posterior(game: Game, given: str | None, path: Path) -> Posterior | None:
    """Return what coefficients are drawn from: as given, or as the file says, from its folder."""
    if given is not None or game.posterior is None:
        return None if given is None else load_posterior(given)
    named = game.posterior
    return load_posterior(named if named == DEFAULT else path.parent / named)


def _changes(game: Game, moves: Mapping[str, str]) -> dict[KeyPath, Any]:
    """Return what moves lay over the scenario, by table and label."""
    return {
        (table, label): content
        for player, move in moves.items()
        for table, labels in game.players[player].moves[move].changes.items()
        for label, content in labels.items()
    }


def _moves(game: Game, base: Loaded, path: Path, overridden: set[KeyPath]) -> Iterator[Problem]:
    """Complain about moves that make no valid scenario, or set what is not their player's."""
    for player, found in game.players.items():
        for move in found.moves:
            keys = ("players", player, "moves", move, "set")
            try:
                played = varied(base, _changes(game, {player: move}))
            except InputError as error:
                for problem in error.problems:
                    full = (*keys, *problem.key.split("."))
                    words = problem.value, problem.expected, problem.suggestion
                    yield Problem(origin(full, path, overridden), ".".join(full), *words)
                continue
            yield from problems_of(list(not_own(game, player, move, played)), path, overridden)
