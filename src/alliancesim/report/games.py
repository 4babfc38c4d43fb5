"""A solved game as a folder: tables, manifest, pictures and page.

How sure a move is gets its words not here but in game_wording.
"""

from __future__ import annotations

import functools
import shlex
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pandas as pd

from alliancesim.figures.payoffs import choices_chart, payoffs_chart
from alliancesim.figures.words import signed
from alliancesim.game.solution import BOTH, Solution
from alliancesim.game.tables import manifest, tables
from alliancesim.language import text
from alliancesim.report import game_wording as wording
from alliancesim.report import pictures, record
from alliancesim.report.captions import Caption
from alliancesim.report.files import write_study
from alliancesim.report.numbers import percent
from alliancesim.report.templating import template
from alliancesim.report.wording import LENS

PAYOFFS, CHOICES = "payoffs", "choices"


def write_game(
    found: Solution, folder: Path, words: Sequence[str], settings: Sequence[str] = ()
) -> None:
    """Write a solved game to a new folder, whole or not at all.

    Args:
        found: the solved game.
        folder: where to: tables as CSV, ``manifest.json``, ``payoffs`` and ``choices`` as PNG and
            SVG, and ``report.html``; and ``posterior.csv``, where coefficients were drawn.
        words: of the command that solves it.
        settings: ``key=value`` overrides, kept for the record.

    Raises:
        InputError: if the folder is taken or cannot be written.
    """
    made = tables(found)
    about = {**manifest(found, list(settings), made), "command": list(words)}
    drawn = pictures_of(found, made)
    page = game_page(found, made, about, drawn)
    posterior = found.played.loaded.posterior
    write_study(folder, made, about, drawn, page, posterior)


def game_page(
    found: Solution,
    made: dict[str, pd.DataFrame],
    about: dict[str, Any],
    drawn: Mapping[str, pictures.Picture],
) -> str:
    """Return the page on a solved game.

    Args:
        found: the answer.
        made: its tables by name.
        about: the manifest.
        drawn: its figures by name.
    """
    loaded = found.played.loaded
    return template("game.html.j2").render(
        manifest=about,
        game=loaded.game,
        scenario=loaded.base.scenario,
        pictures=drawn,
        verdict=wording.verdict(found),
        scale=wording.scale(),
        sentences=wording.sentences(found),
        basis=wording.basis(found),
        intervals=wording.interval_words(found),
        drawn=text(loaded.drawn),
        focal=wording.deeds(found, found.focal),
        players=_players(found, made),
        observed=found.observed is not None,
        command=shlex.join(about["command"]),
        versions=record.versions(about),
        digests=record.digests(about),
        lens=LENS,
    )


def _players(found: Solution, made: dict[str, pd.DataFrame]) -> list[dict[str, Any]]:
    """Return what the page tells of each player: moves, wants, and what each move is worth."""
    loaded, reasons = found.played.loaded, made["reasons"]
    told = []
    for p, player in enumerate(loaded.players):
        of, moves = loaded.game.players[player], loaded.moves(player)
        worth = reasons[reasons["player"] == player].pivot(
            index="want", columns="move", values="worth"
        )
        rows = made["moves"][made["moves"]["player"] == player].to_dict("records")
        told.append(
            {
                "name": wording.name_of(loaded, player),
                "moves": [
                    {**row, "cost": of.moves[name].cost, "payoff": worth[name].sum()}
                    for name, row in zip(moves, rows, strict=True)
                ],
                "wants": [
                    {
                        "name": text(loaded.wanted(player, label)),
                        "outcome": want.outcome,
                        "weight": want.weight,
                        "worth": [worth.loc[label, move] for move in moves],
                    }
                    for label, want in of.wants.items()
                ],
                "best": found.answer(found.focal, p),
            }
        )
    return told


def pictures_of(found: Solution, made: dict[str, pd.DataFrame]) -> dict[str, pictures.Picture]:
    """Return the figures with the words around them."""
    loaded = found.played.loaded
    cells = "; ".join(
        f"{wording.deeds(found, cell)}: "
        + ", ".join(
            f"{wording.name_of(loaded, player)} {signed(float(found.payoffs[(p, *cell)]))}"
            for p, player in enumerate(loaded.players)
        )
        for cell in found.equilibria
    )
    payoffs = Caption(
        text("What every combination of moves is worth to each player"),
        text(
            "Payoffs are weighted changes since the baseline, less the cost of the move; blue is a"
            " gain, orange a loss, each panel on its own scale. Bold: the player's best answer to"
            " what the others do there."
        ),
        text("Heat maps, one per player. Equilibria of mean payoffs: {cells}.").format(
            cells=cells or text("none")
        ),
    )
    shares = "; ".join(
        f"{wording.deed(found, p, m)} {percent(fares.played)}"
        for p, moves in enumerate(found.robustness[BOTH].moves)
        for m, fares in enumerate(moves)
    )
    choices = Caption(
        text("How sure each move is"),
        text(
            "Share of draws in which a move is played in a pure equilibrium, and in which it is the"
            " one with the smallest largest regret. Where the marks lie apart, {drawn} and weights"
            " do not leave the same thing open."
        ).format(drawn=text(loaded.drawn)),
        text("Bar chart. Played in an equilibrium, both drawn: {shares}.").format(shares=shares),
    )
    return {
        PAYOFFS: pictures.picture(
            1,
            PAYOFFS,
            payoffs,
            functools.partial(payoffs_chart, found),
            {"data": made["payoffs"]},
        ),
        CHOICES: pictures.picture(
            2, CHOICES, choices, functools.partial(choices_chart, found), {"data": made["moves"]}
        ),
    }
