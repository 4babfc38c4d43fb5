"""What a solved game says, in sentences made from its numbers."""

from __future__ import annotations

import numpy as np
import pandas as pd

from alliancesim.figures.words import plain
from alliancesim.game.equilibria import Profile
from alliancesim.game.reading import LoadedGame
from alliancesim.game.solution import BOTH, DRAWS, LEVEL, WEIGHTS, Solution
from alliancesim.game.tables import COST, reasons_table, span
from alliancesim.report.numbers import brief, level, percent, signed
from alliancesim.report.wording import counted, joined, plain_spaces

SURE = ((0.9, "very sure"), (2 / 3, "fairly sure"), (0.5, "more likely than not"))
"""Least shares of draws, and what they are called; below the last, a move is open."""

_MOST_REASONS = 3
_WORTH_NAMING = 0.01


def how_sure(share: float) -> str:
    """Return in words how sure a move is that is played in a share of draws."""
    return next((word for least, word in SURE if share > least), "open")


def scale() -> str:
    """Return what the words for how sure a move is stand for."""
    steps = [f"{word}: in more than {percent(least)} of draws" for least, word in SURE]
    words = "; ".join(steps)
    return f"Within the model and around these weights, {words}; open: in fewer."


def name_of(loaded: LoadedGame, player: str) -> str:
    """Return a player's name fit for a sentence."""
    return plain(loaded.named(player), 40)


def deed(found: Solution, player: int, move: int) -> str:
    """Return what a player does by a move, as a sentence without its full stop."""
    loaded = found.played.loaded
    code = loaded.players[player]
    return f"{name_of(loaded, code)} {plain(loaded.title(code, loaded.moves(code)[move]), 60)}"


def deeds(found: Solution, cell: Profile) -> str:
    """Return what all players do in a cell."""
    return "; ".join(deed(found, player, move) for player, move in enumerate(cell))


def verdict(found: Solution) -> str:
    """Return what each player would do, and how sure that is."""
    told = []
    for player in range(len(found.payoffs)):
        move = found.likeliest(player)
        share = found.robustness[BOTH].moves[player][move].played
        told.append(f"{deed(found, player, move)} ({how_sure(share)}, {percent(share)} of draws)")
    return plain_spaces(f"{'; '.join(told)}.")


def sentences(found: Solution) -> list[str]:
    """Return what a solved game says beyond the verdict, each sentence with its figures."""
    told = [
        _commonest(found),
        _at_the_mean(found),
        _runner_up(found),
        _dominated(found),
        _robust(found),
        *_observed(found),
    ]
    return [plain_spaces(text) for text in told if text]


def basis(found: Solution) -> str:
    """Return what is drawn, and what stays as it is."""
    played, sampling = found.played, found.played.loaded.game.sampling
    posterior = played.loaded.posterior
    number = played.draws.size
    if posterior is None:
        drawn = f"{counted(number, 'run')} with their random shocks, at one set of coefficients"
    else:
        each = counted(round(sampling.runs / number), "run")
        drawn = (
            f"{counted(number, 'draw')} of the coefficients from the posterior"
            f" {posterior.name!r}, each the mean of {each}"
        )
    return plain_spaces(
        f"Drawn together: {drawn}, and {counted(sampling.weights, 'draw')} of weights and costs,"
        f" nine in ten within a factor of {brief(sampling.factor)} of those stated. Which outcomes"
        " a player wants, and with which sign, is never drawn, nor are the inputs of the scenario."
    )


def _commonest(found: Solution) -> str:
    """Say which cell is an equilibrium most often, and how many equilibria there are."""
    both, cell = found.robustness[BOTH], found.focal
    several = 1.0 - both.one - both.none
    return (
        f"The commonest equilibrium ({deeds(found, cell)}) holds in"
        f" {percent(float(both.cells[cell]))} of {both.number} draws of"
        f" {found.played.loaded.drawn} and weights."
        f" Exactly one pure equilibrium: {percent(both.one)} of draws; several: {percent(several)};"
        f" none: {percent(both.none)}."
    )


def _at_the_mean(found: Solution) -> str:
    """Say what the equilibria are of mean payoffs at the stated weights."""
    pure, mixed = found.equilibria, found.mixed
    cells = joined(
        [
            f"({deeds(found, cell)})"
            + ("" if len(pure) == 1 else f", reached from {percent(found.reached(cell))} of cells")
            for cell in pure
        ]
    )
    start = f"With mean payoffs at the stated weights there is {_count(len(pure))}"
    text = f"{start} {cells}." if pure else f"{start}."
    if mixed is None:
        return (
            f"{text} More than two players have a choice there that is not dominated, so that none"
            " in mixed strategies were looked for."
        )
    lots = {0: "there is no other", 1: "there is one more"}.get(len(mixed), f"{len(mixed)} more")
    return f"{text} In mixed strategies {lots}."


def _count(number: int) -> str:
    """Return how many pure equilibria there are."""
    if number == 1:
        return "one pure equilibrium"
    return "no pure equilibrium" if number == 0 else f"a choice of {number} pure equilibria"


def _runner_up(found: Solution) -> str:
    """Say of whose move least is sure, and whether coefficients or weights leave it so."""
    by = found.robustness
    players = range(len(found.payoffs))
    shares = [by[BOTH].moves[p][found.likeliest(p)].played for p in players]
    least = int(np.argmin(shares))
    move = found.likeliest(least)
    order = np.argsort([-fares.played for fares in by[BOTH].moves[least]], kind="stable")
    other = int(order[1])
    name = name_of(found.played.loaded, found.played.loaded.players[least])
    return (
        f"Least is sure of {name}: in {percent(by[BOTH].moves[least][other].played)} of draws"
        f" {deed(found, least, other)} instead. With {found.played.loaded.drawn} alone drawn its"
        f" first choice"
        f" holds in {percent(by[DRAWS].moves[least][move].played)}, with weights alone in"
        f" {percent(by[WEIGHTS].moves[least][move].played)}."
    )


def _dominated(found: Solution) -> str:
    """Say which moves are worse than another whatever the others do, in nearly all draws."""
    named = [
        f"{deed(found, p, m)} ({percent(fares.dominated)})"
        for p, moves in enumerate(found.robustness[BOTH].moves)
        for m, fares in enumerate(moves)
        if fares.dominated > SURE[0][0]
    ]
    if not named:
        return ""
    return f"Worse than another move whatever the others do (share of draws): {joined(named)}."


def _robust(found: Solution) -> str:
    """Say which move each player would regret least, whatever the others do."""
    told = []
    for player, moves in enumerate(found.robustness[BOTH].moves):
        move = found.robust(player)
        share = percent(moves[move].least_regretted)
        told.append(
            f"{deed(found, player, move)} (largest regret {level(moves[move].regret, 3)} on"
            f" average; the least regretted move in {share} of draws)"
        )
    return f"Robust choices, whatever the others do: {'; '.join(told)}."


def _observed(found: Solution) -> list[str]:
    """Say how what was really done compares, and what would have had to be different."""
    cell = found.observed
    if cell is None:
        return []
    share = percent(float(found.robustness[BOTH].cells[cell]))
    told = [f"What was really done ({deeds(found, cell)}) is an equilibrium in {share} of draws."]
    reasons = reasons_table(found, cell)
    for player, move in enumerate(cell):
        better = found.answer(cell, player)
        if better != move:
            told.append(_forgone(found, cell, player, better, reasons))
    return told


def _forgone(
    found: Solution, cell: Profile, player: int, better: int, reasons: pd.DataFrame
) -> str:
    """Say what a player forgoes by what it did in a cell, and by which of its wants."""
    loaded = found.played.loaded
    code = loaded.players[player]
    name, moves = name_of(loaded, code), loaded.moves(code)
    worth = reasons[reasons["player"] == code].pivot(index="want", columns="move", values="worth")
    gain = (worth[moves[better]] - worth[moves[cell[player]]]).sort_values(key=abs, ascending=False)
    named = [
        f"{'cost of the move' if want == COST else loaded.wanted(code, str(want))} {signed(part)}"
        for want, part in gain.head(_MOST_REASONS).items()
        if abs(part) >= _WORTH_NAMING
    ]
    lost = found.loss(cell, player, better)
    low, high = span(lost)
    amount = f"{level(float(lost.mean()), 3)} ({level(low, 3)} to {level(high, 3)})"
    chiefly = f", chiefly in {joined(named)}" if named else ""
    return (
        f"There {name} forgoes {amount} against what it would have where it"
        f" {plain(loaded.title(code, moves[better]), 60)}{chiefly}. Either it wanted something that"
        " the weights leave out and that was worth as much to it, or it misjudged what follows, or"
        " the model does."
    )


def interval_words(found: Solution) -> str:
    """Return what intervals are, in words."""
    drawn = found.played.loaded.drawn
    return f"middle {percent(LEVEL)} of draws of the {drawn}, at the stated weights"
