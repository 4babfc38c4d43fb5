"""Rules that compare one part of a game file with another, and with the scenario.

Whether moves make a valid scenario is not asked here: reading tries them.
"""

from __future__ import annotations

from collections.abc import Iterator
from math import prod

from alliancesim.ensemble import MOST_HELD
from alliancesim.game.outcomes import series_of
from alliancesim.game.schema import Game, Move
from alliancesim.scenario.problems import nearest, shown
from alliancesim.scenario.rules import Broken
from alliancesim.scenario.schema import Scenario

MOST_CELLS = 4096
"""Most cells of a game: what can be computed in minutes, and more than can be looked at."""

_OWNERS = {"strategies": "actor", "events": "of"}
"""What a move may set, and the key that says whose it is."""


def broken_rules(game: Game, scenario: Scenario) -> list[Broken]:
    """Return every rule that a game breaks on its scenario, moves' contents left out."""
    return [*_players(game, scenario), *_size(game), *_observed(game), *_shared(game)]


def not_own(game: Game, player: str, move: str, played: Scenario) -> Iterator[Broken]:
    """Complain about what a move sets and is not the player's to set.

    Args:
        game: the game.
        player: whose move.
        move: its label.
        played: the scenario with this move alone laid over it.
    """
    for table, label in _set_by(game.players[player].moves[move]):
        keys = ("players", player, "moves", move, "set", table, label)
        owner = getattr(getattr(played, table)[label], _OWNERS[table])
        if owner != player:
            expected = f"an act of {player} itself, and no other actor's"
            yield Broken((*keys, _OWNERS[table]), shown(owner), expected)


def foreign_tables(game: Game) -> Iterator[Broken]:
    """Complain about what is no act of anybody."""
    for player, found in game.players.items():
        for name, move in found.moves.items():
            for table in move.changes:
                if table not in _OWNERS:
                    keys = ("players", player, "moves", name, "set", table)
                    expected = "strategies or events: a move is what its player does"
                    yield Broken(keys, "given", expected, nearest(table, _OWNERS))


def _set_by(move: Move) -> list[tuple[str, str]]:
    """Return table and label of everything that a move sets."""
    return [(table, label) for table, labels in move.changes.items() for label in labels]


def _players(game: Game, scenario: Scenario) -> Iterator[Broken]:
    actors = list(scenario.actors)
    for name, player in game.players.items():
        keys = ("players", name)
        if name not in actors:
            expected = "one of the actors " + ", ".join(actors)
            yield Broken(keys, "unknown", expected, nearest(name, actors))
        for label, want in player.wants.items():
            try:
                series_of(want.outcome, actors)
            except ValueError as error:
                yield Broken((*keys, "wants", label, "outcome"), shown(want.outcome), str(error))


def _size(game: Game) -> Iterator[Broken]:
    cells = prod(len(player.moves) for player in game.players.values())
    if cells > MOST_CELLS:
        expected = f"moves that make at most {MOST_CELLS} cells, not {cells}"
        yield Broken(("players",), "too many", expected)
        return
    outcomes = {want.outcome for player in game.players.values() for want in player.wants.values()}
    most = MOST_HELD // (cells * len(outcomes))
    if game.sampling.runs > most:
        expected = f"at most {most} runs of {cells} cells"
        yield Broken(("sampling", "runs"), str(game.sampling.runs), expected)
    draws = MOST_HELD // (cells * len(game.players))
    if game.sampling.weights > draws:
        expected = f"at most {draws} draws for {cells} cells"
        yield Broken(("sampling", "weights"), str(game.sampling.weights), expected)


def _observed(game: Game) -> Iterator[Broken]:
    if game.observed is None:
        return
    keys = ("observed", "moves")
    for name, move in game.observed.moves.items():
        if name not in game.players:
            expected = "one of the players " + ", ".join(game.players)
            yield Broken((*keys, name), "unknown", expected, nearest(name, game.players))
        elif move not in game.players[name].moves:
            moves = list(game.players[name].moves)
            expected = "one of the moves " + ", ".join(moves)
            yield Broken((*keys, name), shown(move), expected, nearest(move, moves))
    for name in game.players:
        if name not in game.observed.moves:
            yield Broken((*keys, name), "missing", "the move of every player")


def _shared(game: Game) -> Iterator[Broken]:
    """Complain about what the moves of two players set."""
    setters: dict[tuple[str, str], str] = {}
    for name, player in game.players.items():
        for label, move in player.moves.items():
            for found in _set_by(move):
                other = setters.setdefault(found, name)
                if other != name:
                    keys = ("players", name, "moves", label, "set", *found)
                    yield Broken(keys, "set", f"a label that no move of {other} sets too")
