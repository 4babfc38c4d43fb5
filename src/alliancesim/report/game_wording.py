"""What a solved game says, in sentences made from its numbers.

Nobody is advised: it says what players would do by their payoffs, not what they should.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from alliancesim.figures.words import plain, signed
from alliancesim.game.equilibria import Profile
from alliancesim.game.reading import LoadedGame
from alliancesim.game.solution import BOTH, DRAWS, WEIGHTS, Solution
from alliancesim.game.tables import COST, reasons_table, span
from alliancesim.language import message, text
from alliancesim.measures.spread import LEVEL
from alliancesim.report import numbers
from alliancesim.report.numbers import brief, level, percent
from alliancesim.report.phrases import counted, joined, plain_spaces

SURE = (
    (0.9, message("very sure")),
    (2 / 3, message("fairly sure")),
    (0.5, message("more likely than not")),
)
"""Least shares of draws, and what they are called; below the last, a move is open."""

DRAWN = (message("shocks"), message("coefficients"))
"""What is drawn beside the weights, as games have it, to be looked up where it is said."""

_MOST_REASONS = 3
_WORTH_NAMING = 0.01


def how_sure(share: float) -> str:
    """Return in words how sure a move is that is played in a share of draws."""
    found = next((word for least, word in SURE if share > least), None)
    return text("open") if found is None else text(found)


def scale() -> str:
    """Return what the words for how sure a move is stand for."""
    steps = [
        text("{word}: in more than {share} of draws").format(word=text(word), share=percent(least))
        for least, word in SURE
    ]
    return text("Within the model and around these weights, {steps}; open: in fewer.").format(
        steps="; ".join(steps)
    )


def name_of(loaded: LoadedGame, player: str) -> str:
    """Return a player's name fit for a sentence."""
    return plain(text(loaded.named(player)), 40)


def deed(found: Solution, player: int, move: int) -> str:
    """Return what a player does by a move, as a sentence without its full stop."""
    loaded = found.played.loaded
    code = loaded.players[player]
    return (
        f"{name_of(loaded, code)} {plain(text(loaded.title(code, loaded.moves(code)[move])), 60)}"
    )


def deeds(found: Solution, cell: Profile) -> str:
    """Return what all players do in a cell."""
    return "; ".join(deed(found, player, move) for player, move in enumerate(cell))


def verdict(found: Solution) -> str:
    """Return what each player would do, and how sure that is."""
    told = []
    for player in range(len(found.payoffs)):
        move = found.likeliest(player)
        share = found.robustness[BOTH].moves[player][move].played
        told.append(
            text("{deed} ({sure}, {share} of draws)").format(
                deed=deed(found, player, move), sure=how_sure(share), share=percent(share)
            )
        )
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
    return [plain_spaces(sentence) for sentence in told if sentence]


def basis(found: Solution) -> str:
    """Return what is drawn, and what stays as it is."""
    played, sampling = found.played, found.played.loaded.game.sampling
    posterior = played.loaded.posterior
    number = played.draws.size
    if posterior is None:
        drawn = text("{runs} with their random shocks, at one set of coefficients").format(
            runs=counted(number, "run")
        )
    else:
        drawn = text(
            "{draws} of the coefficients from the posterior '{name}', each the mean of {runs}"
        ).format(
            draws=counted(number, "draw"),
            name=posterior.name,
            runs=counted(round(sampling.runs / number), "run"),
        )
    return plain_spaces(
        text(
            "Drawn together: {drawn}, and {weights} of weights and costs, nine in ten within a"
            " factor of {factor} of those stated. Which outcomes a player wants, and with which"
            " sign, is never drawn, nor are the inputs of the scenario."
        ).format(
            drawn=drawn,
            weights=counted(sampling.weights, "draw"),
            factor=brief(sampling.factor),
        )
    )


def _commonest(found: Solution) -> str:
    """Say which cell is an equilibrium most often, and how many equilibria there are."""
    both, cell = found.robustness[BOTH], found.focal
    several = 1.0 - both.one - both.none
    return text(
        "The commonest equilibrium ({deeds}) holds in {share} of {number} draws of {drawn} and"
        " weights. Exactly one pure equilibrium: {one} of draws; several: {several}; none: {none}."
    ).format(
        deeds=deeds(found, cell),
        share=percent(float(both.cells[cell])),
        number=both.number,
        drawn=text(found.played.loaded.drawn),
        one=percent(both.one),
        several=percent(several),
        none=percent(both.none),
    )


def _at_the_mean(found: Solution) -> str:
    """Say what the equilibria are of mean payoffs at the stated weights."""
    pure, mixed = found.equilibria, found.mixed
    if len(pure) == 0:
        told = text("With mean payoffs at the stated weights there is no pure equilibrium.")
    elif len(pure) == 1:
        told = text(
            "With mean payoffs at the stated weights there is one pure equilibrium ({deeds})."
        ).format(deeds=deeds(found, pure[0]))
    else:
        cells = [
            text("({deeds}), reached from {share} of cells").format(
                deeds=deeds(found, cell), share=percent(found.reached(cell))
            )
            for cell in pure
        ]
        told = text(
            "With mean payoffs at the stated weights there is a choice of {number} pure equilibria"
            " {cells}."
        ).format(number=len(pure), cells=joined(cells))
    if mixed is None:
        lots = text(
            "More than two players have a choice there that is not dominated, so that none in mixed"
            " strategies were looked for."
        )
    elif len(mixed) == 0:
        lots = text("In mixed strategies there is no other.")
    elif len(mixed) == 1:
        lots = text("In mixed strategies there is one more.")
    else:
        lots = text("In mixed strategies {number} more.").format(number=len(mixed))
    return f"{told} {lots}"


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
    return text(
        "Least is sure of {name}: in {share} of draws {deed} instead. With {drawn} alone drawn its"
        " first choice holds in {of_draws}, with weights alone in {of_weights}."
    ).format(
        name=name,
        share=percent(by[BOTH].moves[least][other].played),
        deed=deed(found, least, other),
        drawn=text(found.played.loaded.drawn),
        of_draws=percent(by[DRAWS].moves[least][move].played),
        of_weights=percent(by[WEIGHTS].moves[least][move].played),
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
    return text(
        "Worse than another move whatever the others do (share of draws): {listed}."
    ).format(listed=joined(named))


def _robust(found: Solution) -> str:
    """Say which move each player would regret least, whatever the others do."""
    told = []
    for player, moves in enumerate(found.robustness[BOTH].moves):
        move = found.robust(player)
        one = text(
            "{deed} (largest regret {regret} on average; the least regretted move in {share} of"
            " draws)"
        ).format(
            deed=deed(found, player, move),
            regret=level(moves[move].regret, 3),
            share=percent(moves[move].least_regretted),
        )
        told.append(one)
    return text("Robust choices, whatever the others do: {listed}.").format(listed="; ".join(told))


def _observed(found: Solution) -> list[str]:
    """Say how what was really done compares, and what would have had to be different."""
    cell = found.observed
    if cell is None:
        return []
    share = percent(float(found.robustness[BOTH].cells[cell]))
    told = [
        text("What was really done ({deeds}) is an equilibrium in {share} of draws.").format(
            deeds=deeds(found, cell), share=share
        )
    ]
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
        f"{_wanted(loaded, code, str(want))} {signed(part)}"
        for want, part in gain.head(_MOST_REASONS).items()
        if abs(part) >= _WORTH_NAMING
    ]
    lost = found.loss(cell, player, better)
    low, high = span(lost)
    within = numbers.span(level(low, 3), level(high, 3))
    told = (
        text(
            "There {name} forgoes {amount} against what it would have where it {move}, chiefly in"
            " {wants}."
        )
        if named
        else text("There {name} forgoes {amount} against what it would have where it {move}.")
    ).format(
        name=name,
        amount=f"{level(float(lost.mean()), 3)} ({within})",
        move=plain(text(loaded.title(code, moves[better])), 60),
        wants=joined(named),
    )
    either = text(
        "Either it wanted something that the weights leave out and that was worth as much to it, or"
        " it misjudged what follows, or the model does."
    )
    return f"{told} {either}"


def _wanted(loaded: LoadedGame, player: str, want: str) -> str:
    """Return a want in words, or that it is what the move costs."""
    return text("cost of the move") if want == COST else text(loaded.wanted(player, want))


def interval_words(found: Solution) -> str:
    """Return what intervals are, in words."""
    return text("middle {level} of draws of the {drawn}, at the stated weights").format(
        level=percent(LEVEL), drawn=text(found.played.loaded.drawn)
    )
