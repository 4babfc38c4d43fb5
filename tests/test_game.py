"""Games: the solver on games solved by hand, and the payoff tensor against direct runs."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from alliancesim.arrays import Array
from alliancesim.ensemble import WORLD, simulate
from alliancesim.game import dominance, regret
from alliancesim.game.equilibria import best_responses, pure_equilibria, settles_in
from alliancesim.game.mixed import mixed_equilibria
from alliancesim.game.outcomes import series_of
from alliancesim.game.payoffs import paired, payoff_tensor, stated, varied_stakes
from alliancesim.game.playing import Played, play
from alliancesim.game.reading import load_game
from alliancesim.game.solution import BOTH, DRAWS, WEIGHTS, Solution, robustness, solve
from alliancesim.game.tables import payoffs_table, reasons_table
from alliancesim.posterior.draws import write_posterior
from alliancesim.posterior.nesting import drawn
from alliancesim.scenario.library import GAMES
from alliancesim.world import build_world
from games import GAME, game_file
from posteriors import drawn_posterior
from worlds import document, scenario_of

DILEMMA = np.array([[[3.0, 0.0], [5.0, 1.0]], [[3.0, 5.0], [0.0, 1.0]]])
PENNIES = np.array([[[1.0, -1.0], [-1.0, 1.0]], [[-1.0, 1.0], [1.0, -1.0]]])
SEXES = np.array([[[2.0, 0.0], [0.0, 1.0]], [[1.0, 0.0], [0.0, 2.0]]])


def _cells(payoffs: Array) -> list[tuple[int, ...]]:
    return [tuple(cell) for cell in np.argwhere(pure_equilibria(payoffs)).tolist()]


def test_prisoners_defect_although_both_would_rather_not() -> None:
    """One equilibrium, by dominance alone; nothing is left to draw lots about."""
    assert _cells(DILEMMA) == [(1, 1)]
    kept, removed = dominance.undominated(DILEMMA)
    assert kept == [[1], [1]]
    assert removed == [(1, 0, 0, 1), (1, 1, 0, 1)]
    assert dominance.dominant(DILEMMA, 0).tolist() == [False, True]
    assert mixed_equilibria(DILEMMA) == []
    assert set(settles_in(DILEMMA).values()) == {(1, 1)}


def test_matching_pennies_has_only_lots_half_and_half() -> None:
    assert _cells(PENNIES) == []
    (found,) = mixed_equilibria(PENNIES) or []
    assert np.allclose(found.probabilities, 0.5)
    assert found.payoffs == pytest.approx((0.0, 0.0))
    assert set(settles_in(PENNIES).values()) == {None}


def test_coordination_has_two_pure_equilibria_and_one_of_lots() -> None:
    """In the battle of the sexes each goes to its own favourite twice in three."""
    assert _cells(SEXES) == [(0, 0), (1, 1)]
    (found,) = mixed_equilibria(SEXES) or []
    assert np.allclose(found.probabilities, [[2 / 3, 1 / 3], [1 / 3, 2 / 3]])
    assert found.payoffs == pytest.approx((2 / 3, 2 / 3))
    settled = settles_in(SEXES)
    assert settled[(0, 0)] == (0, 0)
    # The first player answers first, so that it follows the second.
    assert settled[(1, 0)] == (0, 0)
    assert settled[(0, 1)] == (1, 1)


def test_a_third_player_with_a_dominant_move_leaves_a_game_of_two() -> None:
    third = np.zeros((2, 2))
    three = np.stack(
        [np.stack([own, own - 7.0], axis=-1) for own in (*SEXES, third)]
    )  # its second move harms all three
    assert _cells(three) == [(0, 0, 0), (1, 1, 0)]
    (found,) = mixed_equilibria(three) or []
    assert np.allclose(found.probabilities, [[2 / 3, 1 / 3], [1 / 3, 2 / 3], [1, 0]])
    assert found.payoffs == pytest.approx((2 / 3, 2 / 3, 0))


def test_three_players_with_a_choice_each_are_not_said_to_have_no_lots() -> None:
    """All want to do the same: two pure equilibria; mixed ones are not looked for."""
    same = np.zeros((2, 2, 2))
    same[0, 0, 0] = same[1, 1, 1] = 1.0
    alike = np.stack([same] * 3)
    assert _cells(alike) == [(0, 0, 0), (1, 1, 1)]
    assert mixed_equilibria(alike) is None


def test_regret_by_hand() -> None:
    """In the battle of the sexes the own favourite costs 1 at most, the other's 2."""
    assert regret.regrets(SEXES)[0].tolist() == [[0, 1], [2, 0]]
    worst = regret.worst_regrets(SEXES, 0)
    assert worst.tolist() == [1, 2]
    assert regret.least_regretted(worst).tolist() == [True, False]


def test_a_wrong_sign_of_a_payoff_moves_the_equilibrium() -> None:
    turned = DILEMMA.copy()
    turned[0] *= -1
    assert _cells(turned) == [(0, 1)]


_NUMBERS = st.integers(-5, 5).map(float)


@st.composite
def _tensors(draw: st.DrawFn) -> Array:
    """Draw a game of two or three players with two or three moves and whole payoffs."""
    shape = tuple(draw(st.lists(st.integers(2, 3), min_size=2, max_size=3)))
    return draw(arrays.arrays(np.float64, (len(shape), *shape), elements=_NUMBERS))


@given(_tensors(), st.integers(0, 1000))
def test_equilibria_rest_on_each_players_order_alone(payoffs: Array, seed: int) -> None:
    """A player's payoffs times a positive number, plus what others' moves decide, change none."""
    generator = np.random.default_rng(seed)
    other = np.empty_like(payoffs)
    for player, own in enumerate(payoffs):
        line = [1 if axis == player else size for axis, size in enumerate(own.shape)]
        other[player] = 3 * own + generator.integers(-4, 5, size=line)
    assert (pure_equilibria(payoffs) == pure_equilibria(other)).all()
    assert (best_responses(payoffs) == best_responses(other)).all()


@given(_tensors())
def test_equilibria_are_without_regret_and_survive_elimination(payoffs: Array) -> None:
    kept, _ = dominance.undominated(payoffs)
    silent = (regret.regrets(payoffs) == 0).all(axis=0)
    assert (pure_equilibria(payoffs) == silent).all()
    for cell in _cells(payoffs):
        assert all(move in kept[player] for player, move in enumerate(cell))


@given(_tensors())
def test_nobody_gains_by_leaving_an_equilibrium_of_lots(payoffs: Array) -> None:
    for found in mixed_equilibria(payoffs) or []:
        assert any(share.max() < 1 for share in found.probabilities)
        for player, own in enumerate(payoffs):
            line = np.moveaxis(own, player, 0)
            for other, share in enumerate(found.probabilities):
                if other != player:
                    line = np.tensordot(line, share, axes=(1, 0))
            assert line.max() <= found.payoffs[player] + 1e-6
            assert found.probabilities[player].sum() == pytest.approx(1)


def test_shares_count_draws_and_split_those_with_several_equilibria() -> None:
    """Of four draws one is a dilemma, one pennies, two coordination."""
    both = np.stack([DILEMMA, PENNIES, SEXES, SEXES], axis=-1)
    found = robustness(both)
    assert found.cells.tolist() == [[0.5, 0], [0, 0.75]]
    assert (found.none, found.one) == (0.25, 0.25)
    assert [move.played for move in found.moves[0]] == [0.25, 0.5]
    assert found.moves[0][1].dominant == 0.25
    assert found.moves[0][0].dominated == 0.25


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the small game, its scenario and two draws of the coefficients."""
    made = tmp_path_factory.mktemp("game")
    game_file(made)
    write_posterior(made / "draws.csv", drawn_posterior(2))
    return made


@pytest.fixture(scope="module")
def played(folder: Path) -> Played:
    """The small game under two draws."""
    return play(load_game(str(folder / "quarrel.toml"), [], str(folder / "draws.csv")))


@pytest.fixture(scope="module")
def solved(played: Played) -> Solution:
    """The small game, solved."""
    return solve(played)


def test_the_tensor_is_what_direct_runs_of_every_cell_give(played: Played) -> None:
    """Each cell's scenario, written out by hand and run by itself, gives the cell's payoffs."""
    answer = {"actor": "ALFA", "wedge": False, "press": {"CHARLIE": 0.4}, "court": {"BRAVO": 0.3}}
    payoffs = payoff_tensor(played.changes, stated(played.loaded, played.outcomes)).mean(axis=-1)
    for pressing in (0, 1):
        for answering in (0, 1):
            data = document()
            data["strategies"]["wedge"]["enabled"] = pressing == 0
            if answering:
                data["strategies"]["answer"] = answer
            world = build_world(scenario_of(data))
            vectors = drawn_posterior(2).vectors(world.coefficients, world.fixed)
            runs = simulate(world, world, runs=8, seed=1, drawn=drawn(vectors, 8))

            change = {
                outcome: _late_change(runs.paths(series_of(outcome, world.actors))[WORLD])
                for outcome in played.outcomes
            }
            bare = -change["cohesion"] - 0.2 * change["pressure:*-CHARLIE"]
            expected = bare - (0.01 if pressing == 0 else 0.0)
            assert payoffs[0, pressing, answering] == pytest.approx(expected, abs=1e-12)
            hurt = change["cohesion:ALFA-BRAVO"] - 0.5 * change["pressure:CHARLIE-ALFA"]
            expected = hurt - 0.02 * answering
            assert payoffs[1, pressing, answering] == pytest.approx(expected, abs=1e-12)


def _late_change(paths: Array) -> float:
    """Return the mean over runs, series and the window of 4 months, less the baseline."""
    return float((paths[:, -4:] - paths[:, :1]).mean())


def test_cells_differ_by_moves_alone(folder: Path) -> None:
    """A move that changes nothing leaves every draw of every outcome as it is, bit for bit."""
    text = GAME.replace("set.strategies.wedge.enabled = false", "cost = 0.5")
    (folder / "same").mkdir()
    found = play(load_game(str(game_file(folder / "same", text))))
    assert (found.levels[:, 0] == found.levels[:, 1]).all()


def test_a_wrong_sign_of_a_weight_moves_the_equilibrium(folder: Path) -> None:
    """Who wants pressure on itself answers pressure differently, in nearly every draw."""
    path = str(folder / "quarrel.toml")
    wants = ["players.CHARLIE.wants.apart.weight=0", "sampling.factor=1.0"]
    right = solve(play(load_game(path, [*wants, "players.CHARLIE.wants.quiet.weight=-1.0"])))
    wrong = solve(play(load_game(path, [*wants, "players.CHARLIE.wants.quiet.weight=1.0"])))
    press, rest = 0, 1
    assert right.likeliest(0) == rest
    assert wrong.likeliest(0) == press
    assert right.robustness[DRAWS].moves[0][rest].dominant == 1.0
    assert wrong.robustness[DRAWS].moves[0][press].played == 1.0


def test_drawn_weights_keep_their_signs_and_spread_as_told(played: Played) -> None:
    """Nine in ten lie within the factor; a factor of 1 draws nothing; zeros stay zero."""
    base = stated(played.loaded, played.outcomes)
    found = varied_stakes(played.loaded, played.outcomes)
    assert (np.sign(found.weights) == np.sign(base.weights)).all()
    ratios = found.weights[base.weights[..., 0] != 0] / base.weights[base.weights != 0][:, None]
    within = (ratios > 1 / 1.5) & (ratios < 1.5)
    assert 0.8 < within.mean() < 0.98
    assert not found.costs[0][1].any()


def test_coefficients_and_weights_are_paired_in_their_order(played: Played) -> None:
    """With 2 draws of the one and 50 of the other, draw k takes number k of each, over again."""
    stakes = varied_stakes(played.loaded, played.outcomes)
    both = paired(played, stakes)
    assert both.shape[-1] == 50
    for k in (0, 1, 37):
        taken = stakes._replace(
            weights=stakes.weights[..., [k]], costs=tuple(cost[:, [k]] for cost in stakes.costs)
        )
        alone = payoff_tensor(played.changes[..., [k % 2]], taken)
        assert np.array_equal(both[..., [k]], alone)


def test_worths_of_a_move_add_up_to_its_payoff(solved: Solution) -> None:
    table, cells = reasons_table(solved), payoffs_table(solved)
    focal = solved.focal
    for p, player in enumerate(solved.played.loaded.players):
        for m, move in enumerate(solved.played.loaded.moves(player)):
            rows = table[(table["player"] == player) & (table["move"] == move)]
            cell = (*focal[:p], m, *focal[p + 1 :])
            assert rows["worth"].sum() == pytest.approx(solved.payoffs[(p, *cell)], abs=1e-12)
    assert len(cells) == 4
    assert cells["observed"].sum() == 1
    assert cells["equilibrium"].sum() == len(solved.equilibria)
    low, mean, high = (cells[f"payoff_ALFA{end}"] for end in ("_low", "", "_high"))
    assert ((low <= mean) & (mean <= high)).all()


def test_the_same_game_gives_the_same_numbers(played: Played, solved: Solution) -> None:
    again = solve(play(played.loaded))
    assert np.array_equal(again.by_draw, solved.by_draw)
    for basis in (DRAWS, WEIGHTS, BOTH):
        assert again.robustness[basis].moves == solved.robustness[basis].moves


@pytest.mark.parametrize("name", GAMES.names())
def test_shipped_games_are_valid_small_and_sourced(name: str) -> None:
    """At most 81 cells; every weight and cost says how it was come by; no seat is left empty."""
    loaded = load_game(name)
    assert np.prod(loaded.shape) <= 81
    for player in loaded.game.players.values():
        told = [want.weight for want in player.wants.values()]
        told += [move.cost for move in player.moves.values()]
        assert all(number.basis != "unstated" and number.source for number in told)
    assert len({loaded.played(cell).model_dump_json() for cell in loaded.profiles()}) == np.prod(
        loaded.shape
    )
