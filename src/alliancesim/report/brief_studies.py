"""Briefs on explanations, games, landscapes, tipping points, sweeps, calibrations and hindcasts.

What no draws of the coefficients stand behind is told here and not called likely.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from alliancesim.attribution.account import Account
from alliancesim.game.solution import BOTH, Solution
from alliancesim.landscape import tables as landscape_tables
from alliancesim.landscape.survey import Survey
from alliancesim.language import text
from alliancesim.measures.spread import spread_in
from alliancesim.report import (
    calibrations,
    explanation_wording,
    game_wording,
    hindcast_wording,
    landscape_wording,
    sweep_wording,
    tipping,
    tipping_wording,
)
from alliancesim.report.brief_parts import (
    Brief,
    Ground,
    Judgement,
    coefficients_ground,
    counted_share,
    inputs_ground,
    judged,
    of_draws,
    of_runs,
    packed,
    stated,
)
from alliancesim.report.calibrations import Calibrated
from alliancesim.report.hindcast_results import Hindcast
from alliancesim.report.phrases import plain_spaces
from alliancesim.report.pictures import Picture
from alliancesim.report.sweeps import Sweep
from alliancesim.report.wording import LENS
from alliancesim.scenario.schema import Scenario
from alliancesim.tipping.question import Tipped
from alliancesim.tipping.thresholds import EDGES, Thresholds, draws_table, over_draws

_MOST_JUDGED = 3


def of_account(account: Account, picture: Picture | None) -> Brief:
    """Return the brief on an explanation: the direction of the largest causes is judged."""
    recorded = plain_spaces(explanation_wording.recorded(account))
    told = [said for said in explanation_wording.sentences(account) if said != recorded]
    causes = sorted(account.causes.to_dict("records"), key=lambda row: -abs(row["estimate"]))
    of = of_runs(account.draws) if account.posterior is None else of_draws(account.draws)
    return Brief(
        text(account.scenario.title),
        text(account.scenario.question),
        told[0],
        [
            *stated([recorded] if recorded else []),
            *(_of_cause(row, account, of) for row in causes[:_MOST_JUDGED]),
        ],
        explanation_wording.basis(account),
        told[1:],
        [],
        [_record_ground(account), *_grounds(account.scenario, account.manifest)[1:]],
        [text(LENS), text("A share says what moves the model's outcome, not what moved history.")],
        picture,
    )


def of_game(found: Solution, about: dict[str, Any], picture: Picture | None) -> Brief:
    """Return the brief on a solved game: each player's likeliest move is judged."""
    loaded, both = found.played.loaded, found.robustness[BOTH]
    # Weights are drawn anew beside the same few draws of the coefficients: these are independent.
    number = min(both.number, found.played.draws.size)
    of = of_draws(number)
    judgements = []
    for player, moves in enumerate(both.moves):
        move = found.likeliest(player)
        share = counted_share(moves[move].played, number)
        judgements.append(judged(share, of, f"{game_wording.deed(found, player, move)}."))
    told = game_wording.sentences(found)
    return Brief(
        text(loaded.game.title),
        text(loaded.game.question),
        told[0],
        judgements,
        game_wording.basis(found),
        told[1:],
        [],
        _grounds(loaded.base.scenario, about),
        [
            text(LENS),
            text("What players want, and with which sign, is an input that nobody has measured."),
        ],
        picture,
    )


def of_landscape(
    found: Survey,
    made: Mapping[str, pd.DataFrame],
    about: dict[str, Any],
    picture: Picture | None,
) -> Brief:
    """Return the brief on a landscape: which alignment lies lowest is judged."""
    told, target = landscape_wording.sentences(found, made), found.posed.target
    rows = landscape_wording.of_side(made["alignments"], landscape_tables.WORLD)
    lowest = rows.sort_values("lowest", ascending=False, kind="stable").to_dict("records")
    # Runs that share a draw of the coefficients are not independent; draws are.
    drawn = None if found.draws is None else len(set(found.draws.tolist()))
    lowest_is = text("Lowest in energy, fewest friends apart and foes together, is {camps}.")
    number, of = (target.runs, of_runs(target.runs)) if drawn is None else (drawn, of_draws(drawn))
    return Brief(
        text(target.scenario.title),
        text("Into which two camps do the relations fall, and does the wedge change that?"),
        told[0],
        [
            judged(
                counted_share(row["lowest"], number),
                of,
                lowest_is.format(camps=row["camps"]),
            )
            for row in lowest[:_MOST_JUDGED]
        ],
        f"{landscape_wording.basis(found)} {_codes(target.scenario)}",
        told[1:],
        [],
        _grounds(target.scenario, about),
        [text(LENS), *landscape_wording.made_of(found)],
        picture,
    )


def of_tipping(found: Tipped, about: dict[str, Any], picture: Picture | None) -> Brief:
    """Return the brief on tipping points: under a posterior, where draws turn is judged."""
    told = tipping_wording.sentences(found)
    if isinstance(found.answer, Thresholds):
        # What was asked for, where the odds turn, comes before how things stand now.
        told[:2] = told[1::-1]
    return Brief(
        text(found.scenario.title),
        tipping.subject(found),
        told[0],
        [*_of_draws(found), *stated(told[1:3])],
        tipping_wording.basis(found),
        [],
        told[3:],
        _grounds(found.scenario, about),
        [
            text(LENS),
            text(
                "One number moves, all others stay; that a small change flips the verdict does not"
                " make the change likely."
            ),
        ],
        picture,
    )


def of_sweep(sweep: Sweep, picture: Picture | None) -> Brief:
    """Return the brief on an experiment; shares of its points are no probabilities."""
    told = sweep_wording.finding(sweep)
    complete = Ground(" ".join(sweep_wording.completeness(sweep)), not sweep.complete)
    return Brief(
        text(sweep.experiment.title),
        text(sweep.experiment.question),
        told[0],
        stated(told[1:]),
        text(
            "Shares of points say how much of the range tried has which verdict, not how probable"
            " that is: the points are the design's, not nature's."
        ),
        [],
        [],
        [complete, *_grounds(sweep.scenario, sweep.manifest)],
        [text(LENS)],
        picture,
    )


def of_calibration(found: Calibrated, picture: Picture | None) -> Brief:
    """Return the brief on a calibration."""
    told = calibrations.sentences(found)
    return Brief(
        found.manifest["name"],
        text("Which coefficients does the record identify?"),
        told[0],
        stated(told[1:]),
        "",
        [],
        [],
        [Ground(text("A fit says nothing of years that it was fitted to."), True)],
        [text(LENS)],
        picture,
    )


def of_hindcast(found: Hindcast, picture: Picture | None) -> Brief:
    """Return the brief on a hindcast: what is out of sample comes first and is called that."""
    details = [
        said
        for part in hindcast_wording.details(found)
        for said in packed(f"{part.title}: ", part.sentences)
    ]
    return Brief(
        found.manifest["name"],
        text("How does the model do on observations that were hidden from its fit?"),
        hindcast_wording.headline(found),
        stated(details),
        text(hindcast_wording.HELD_OUT),
        [],
        [],
        [Ground(text(hindcast_wording.FORESEEN), True)],
        [text(LENS), text(hindcast_wording.INTERVALS)],
        picture,
    )


def _codes(scenario: Scenario) -> str:
    """Return what the codes of actors stand for."""
    names = {code: text(actor.name) or code for code, actor in scenario.actors.items()}
    named = [f"{code} {name}" for code, name in names.items() if name != code]
    return text("Codes: {listed}.").format(listed=", ".join(named)) if named else ""


def _grounds(scenario: Scenario, about: dict[str, Any]) -> list[Ground]:
    """Return what confidence rests on where nothing observed is at hand to hold it against."""
    return [_unseen(), inputs_ground(scenario), coefficients_ground(about)]


def _unseen() -> Ground:
    """Return that nothing observed was at hand."""
    return Ground(text("What is judged here was not held against anything observed."), True)


def _record_ground(account: Account) -> Ground:
    """Return whether the model moves cohesion the way the record has it."""
    told = explanation_wording.beside_the_record(account)
    if not told:
        return _unseen()
    return Ground(told, told != text(explanation_wording.WITH_THE_RECORD))


def _of_cause(row: Mapping[Any, Any], account: Account, of: str) -> Judgement:
    """Return the direction in which a cause moves the outcome, with its probability."""
    up = row["positive"] >= 0.5
    event = (
        text("The share of “{cause}” in it is above zero: {share}.")
        if up
        else text("The share of “{cause}” in it is below zero: {share}.")
    )
    share = counted_share(row["positive"] if up else 1.0 - row["positive"], account.draws)
    return judged(
        share,
        of,
        event.format(
            cause=explanation_wording.step_title(row, account.period),
            share=explanation_wording.with_range(spread_in(row)),
        ),
    )


def _of_draws(found: Tipped) -> Sequence[Judgement]:
    """Return whether draws of the coefficients have a verdict now, and whether it turns."""
    if not isinstance(found.answer, Thresholds):
        return []
    table, judgements = draws_table(found.answer), []
    for edge in EDGES if len(table) else ():
        over = over_draws(table, edge)
        event = text("At the present value of {key} the verdict is {word}.").format(
            key=found.answer.span.number.key, word=text(edge)
        )
        share = counted_share(over.outside, over.draws)
        judgements.append(judged(share, of_draws(over.draws), event))
    return judgements
