"""Tipping points on effects that are known, so that every threshold has a right answer."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from types import SimpleNamespace
from typing import Any, cast

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from alliancesim.arrays import Array
from alliancesim.posterior.draws import Posterior
from alliancesim.report.tipping_wording import basis, sentences
from alliancesim.scenario.problems import InputError
from alliancesim.scenario.reading import Loaded
from alliancesim.scenario.variation import varied
from alliancesim.study import Options, simulate_scenario
from alliancesim.tipping.bench import Bench
from alliancesim.tipping.frontier import frontier
from alliancesim.tipping.inputs import Number, number_named, numbers_of
from alliancesim.tipping.question import Question, Tipped, pose, tip
from alliancesim.tipping.ranking import ranking
from alliancesim.tipping.resampling import crossing, crossings, samples
from alliancesim.tipping.thresholds import Span, draws_table, over_draws, thresholds
from worlds import document, documents, scenario_of

X = Number("actors.ALFA.hazard", (("actors", "ALFA", "hazard"),), 0.3, 0.0, 1.0)
Y = Number("actors.BRAVO.hazard", (("actors", "BRAVO", "hazard"),), 0.5, 0.0, 1.0)
ALL = Span(X, 0.0, 1.0)
RUNS = 40


def loaded() -> Loaded:
    """``FULL`` as it comes from a file."""
    return Loaded("full", scenario_of(document()), (), document())


def made_bench(
    effect: Callable[[Mapping[str, float]], float],
    noise: Array | None = None,
    draws: Sequence[int] | None = None,
    margin: float = 0.05,
) -> Bench:
    """Return a bench whose effect is a function of the numbers moved, plus noise by run."""
    by_run = np.zeros(RUNS) if noise is None else noise

    def silent(points: Sequence[Mapping[Number, float]]) -> Array:
        return np.array([effect({n.key: v for n, v in point.items()}) for point in points])

    made = SimpleNamespace(
        loaded=loaded(),
        margin=margin,
        runs=by_run.size,
        seed=1,
        draws=None if draws is None else np.array(draws),
        doing="",
        present=lambda number: number.value,
        silent=silent,
        effects=lambda points: silent(points).reshape(-1, 1) + by_run,
    )
    return cast(Bench, made)


def test_odds_that_turn_there_and_back_are_found_with_their_verdicts_in_order() -> None:
    """Every threshold is found, and each says which verdict lies on which side."""
    bench = made_bench(lambda at: 0.1 * math.cos(2 * math.pi * at[X.key]))
    (found,) = thresholds(bench, [ALL])
    words = [(turn.below, turn.above) for turn in found.turns]
    assert words == [
        ("backfire", "null"),
        ("null", "split"),
        ("split", "null"),
        ("null", "backfire"),
    ]
    expected = [k / 6 for k in (1, 2, 4, 5)]
    assert [turn.odds.estimate for turn in found.turns] == pytest.approx(expected, abs=1e-4)
    assert found.nearest is not None
    assert found.nearest.odds.estimate == pytest.approx(1 / 3, abs=1e-4)


def test_threshold_of_odds_and_of_the_mean_part_where_runs_are_skewed() -> None:
    """Half the runs lie beyond the first; the mean effect is at the margin at the second."""
    noise = 0.02 * np.random.default_rng(3).exponential(size=RUNS)
    (found,) = thresholds(made_bench(lambda at: -0.2 * at[X.key], noise), [ALL])
    (turn,) = found.turns
    assert turn.odds.estimate == pytest.approx((0.05 + np.median(noise)) / 0.2, abs=1e-4)
    assert turn.mean.estimate == pytest.approx((0.05 + noise.mean()) / 0.2, abs=1e-4)
    for interval in (turn.odds, turn.mean):
        assert interval.low < interval.estimate < interval.high
    below = (found.effects < -0.05).mean(axis=1)[found.places < turn.odds.estimate - 1e-9]
    assert below.max() <= 0.5


def test_the_interval_is_wider_where_runs_share_draws() -> None:
    """Runs of one draw say the same thing, so that fewer things have been said."""
    offsets = 0.02 * np.random.default_rng(4).normal(size=RUNS // 4)
    draws = np.repeat(np.arange(RUNS // 4), 4)
    wide = []
    for given_draws in (None, draws.tolist()):
        bench = made_bench(lambda at: -0.2 * at[X.key], offsets[draws], given_draws)
        (found,) = thresholds(bench, [ALL])
        wide.append(found.turns[0].mean.high - found.turns[0].mean.low)
    assert wide[1] > 1.5 * wide[0]


def test_each_draw_has_its_own_threshold() -> None:
    """Draws that turn are told from those that never do and those that are beyond already."""
    offsets = np.array([0.0, 0.04, 0.2, -0.04])
    draws = np.repeat(np.arange(4), 10)
    bench = made_bench(lambda at: -0.2 * at[X.key], offsets[draws], draws.tolist())
    (found,) = thresholds(bench, [ALL])
    table = draws_table(found)
    split = table[table["edge"] == "split"].set_index("draw")
    assert split["threshold"][:2].tolist() == pytest.approx([0.25, 0.45], abs=1e-3)
    assert split["outside"].tolist() == [True, False, False, True]
    assert np.isnan(split["threshold"][2])
    over = over_draws(table, "split")
    assert (over.draws, over.outside, over.turning) == (4, 0.5, 0.75)
    assert over.low < over.middle < over.high


@given(st.floats(-5, 5), st.floats(0.1, 3), st.booleans())
def test_a_straight_line_crosses_where_it_does(level: float, slope: float, falls: bool) -> None:
    """The place is exact for straight lines, rising or falling, and NaN beyond the places."""
    places = np.linspace(0.0, 1.0, 7)
    line = (-slope if falls else slope) * (places - 0.4) + level
    assert crossing(places, line[None], level, 0.0)[0] == pytest.approx(0.4)
    assert np.isnan(crossing(places, line[None], level + 10.0, 0.0)[0])


def test_samples_that_never_cross_leave_the_interval_open_on_their_side() -> None:
    """An interval is not made narrower by forgetting what lies beyond the values tried."""
    own = np.linspace(0.6, 1.5, RUNS)
    places = np.linspace(0.0, 1.0, 9)
    found = crossings(places, places[:, None] - own, 0.0, samples(RUNS, None, 1), 1.0)
    assert found.odds.high == math.inf
    assert 0.6 < found.odds.low < 1.0


def test_a_bootstrap_sample_holds_whole_draws() -> None:
    """With each run come the others of its draw."""
    draws = np.array([3, 3, 0, 0, 5, 5])
    chosen = samples(6, draws, 1)
    assert np.array_equal(draws[chosen[:, 0::2]], draws[chosen[:, 1::2]])
    assert len(np.unique(chosen)) == 6


def test_the_smallest_change_is_found_whichever_way_it_lies() -> None:
    """Numbers are ranked by share of their range; what never flips is named at the end."""

    usual = numbers_of(loaded().scenario)["coefficients.entrapment"].value

    def effect(at: Mapping[str, float]) -> float:
        pull = 0.3 * (at.get("dyads.ALFA-BRAVO.cooperation", 0.5) - 0.5)
        push = -0.2 * (at.get("actors.BRAVO.hazard", 0.5) - 0.5)
        law = 0.04 * (at.get("coefficients.entrapment", usual) / usual - 1.0)
        return pull + push + max(law, 0.0)

    found = ranking(made_bench(effect, margin=0.02))
    rows = found.table.set_index("key")
    flips = found.table[found.table["threshold"].notna()]["key"].tolist()
    assert found.word == "null"
    assert flips == [
        "dyads.ALFA-BRAVO.cooperation",
        "actors.BRAVO.hazard",
        "coefficients.entrapment",
    ]
    pulled = rows.loc["dyads.ALFA-BRAVO.cooperation"]
    assert abs(pulled["change"]) == pytest.approx(0.02 / 0.3, abs=1e-3)
    assert pulled["verdict"] == ("backfire" if pulled["change"] > 0 else "split")
    assert pulled["share"] == pytest.approx(abs(pulled["change"]))
    assert pulled["with_runs"] == pytest.approx(pulled["threshold"], abs=1e-3)
    law = rows.loc["coefficients.entrapment"]
    assert (law["verdict"], law["threshold"]) == ("backfire", pytest.approx(1.5 * usual, abs=1e-3))
    assert law["prior_sds"] == pytest.approx(math.log(1.5) / math.log(2.0), abs=1e-3)
    never = rows.loc["actors.ALFA.hazard"]
    assert np.isnan(never["threshold"])
    assert never["least"] == never["most"] == 0.0
    told = sentences(_tipped(found))
    assert "3 flip the verdict by themselves" in told[0]
    assert "coefficients.entrapment from" in told[1]
    assert not any("No value of a single number" in text for text in told)


def test_what_a_number_reaches_only_beyond_its_nearest_flip_is_told() -> None:
    """From a split, a number may lead to nothing and on to a backfire; another law to neither."""
    found = ranking(made_bench(lambda at: 0.4 * at.get(Y.key, 0.25) - 0.2))
    assert found.table["verdict"][0] == "null"
    assert f"Farther out, a backfire is reached by {Y.key}." in sentences(_tipped(found))
    never = ranking(made_bench(lambda at: -0.1))
    told = " ".join(sentences(_tipped(never)))
    assert "0 flip the verdict" in told
    assert "No value of a single number makes it a backfire" in told


def test_the_frontier_lies_where_the_effect_is_at_the_margin() -> None:
    """Along both axes, with an interval about every place."""
    noise = 0.01 * np.random.default_rng(5).normal(size=RUNS)
    noise -= np.median(noise)
    bench = made_bench(lambda at: 0.5 - at[X.key] - at[Y.key], noise)
    found = frontier(bench, ALL, Span(Y, 0.0, 1.0), size=11)
    levels = {"split": 0.55, "backfire": 0.45}
    assert set(found.curve["along"]) == {"x", "y"}
    for row in found.curve.to_dict("records"):
        assert row["x"] + row["y"] == pytest.approx(levels[row["edge"]], abs=1e-9)
        assert row["low"] <= row[row["along"]] <= row["high"]
        assert row["low"] < row["high"]
    assert len(found.cells) == 121
    corner = found.cells[(found.cells["x"] == 1.0) & (found.cells["y"] == 1.0)]
    assert corner["split"].item() == 1.0


def test_a_threshold_of_the_model_parts_runs_made_elsewhere() -> None:
    """Runs of the ordinary kind, at values on either side, agree with the threshold found."""
    key = "strategies.wedge.press_intensity"
    number = numbers_of(loaded().scenario)[key]
    middle = float(np.median(Bench(loaded(), 24, 1).effects([{number: 0.5}])))
    data = document()
    data["outcome"]["margin"] = abs(middle)
    base = Loaded("full", scenario_of(data), (), data)
    answer = tip(base, Question((key,), runs=24)).answer
    turn = min(answer.turns, key=lambda turn: abs(turn.odds.estimate - 0.5))  # type: ignore[union-attr]
    assert turn.odds.estimate == pytest.approx(0.5, abs=1e-4)
    seen = []
    for side in (-0.02, 0.02):
        scenario = varied(base, {number.paths[0]: turn.odds.estimate + side})
        ensemble = simulate_scenario(scenario, Options(runs=24))
        late = ensemble.alliance[..., -4:].mean(axis=-1)
        effects = late[0] - late[1]
        seen.append(float((effects > middle).mean()))
    rises = turn.above == "backfire" or turn.below == "split"
    assert (seen[0] < 0.5 < seen[1]) if rises else (seen[0] > 0.5 > seen[1])


def test_a_drawn_coefficient_that_is_varied_is_the_same_in_every_run() -> None:
    """Varying it takes the place of drawing it; the others are drawn as before."""
    posterior = Posterior("made", ("build", "erode"), np.array([[0.1, 0.1], [0.3, 0.2]]), {})
    drawn = Bench(loaded(), 8, 1, posterior)
    numbers = numbers_of(loaded().scenario)
    both = {numbers["coefficients.build"]: 0.2, numbers["coefficients.erode"]: 0.15}
    fixed = Bench(loaded(), 8, 1)
    assert np.array_equal(drawn.effects([both]), fixed.effects([both]))
    assert not np.array_equal(drawn.effects([{}]), fixed.effects([{}]))
    assert drawn.present(numbers["coefficients.build"]) == pytest.approx(0.2)


@settings(max_examples=15)
@given(documents(most=3, months=2))
def test_every_number_may_take_both_ends_of_its_range(data: dict[str, Any]) -> None:
    """What is offered to be varied is accepted by the scenario, and holds the present value."""
    scenario = scenario_of(data)
    base = Loaded("made", scenario, (), data)
    for number in numbers_of(scenario).values():
        assert number.low <= number.value <= number.high
        for end in (number.low, number.high):
            varied(base, dict.fromkeys(number.paths, end))


def test_keys_are_those_of_the_file_and_a_misspelt_one_is_told_the_nearest() -> None:
    """Acts keep their sign, cohesion moves in both directions, and a bare name is understood."""
    data = document()
    data["dyads"]["BRAVO-ALFA"]["cohesion"] = 0.5
    numbers = numbers_of(scenario_of(data))
    assert len(numbers["dyads.ALFA-BRAVO.cohesion"].paths) == 2
    embargo = numbers["events.embargo.push"]
    assert (embargo.value, embargo.low, embargo.high) == (0.5, 0.0, 1.0)
    assert numbers["strategies.wedge.press.ALFA"].value == 0.5
    for wrong, meant in (
        ("entrapment", "coefficients.entrapment"),
        ("actors.ALFA.hazzard", "actors.ALFA.hazard"),
    ):
        with pytest.raises(InputError, match=meant):
            number_named(numbers, wrong)


def test_everything_wrong_with_a_question_is_told_at_once() -> None:
    """A world without a wedge, a value out of range, an end below the start, too many ends."""
    data = document()
    data["strategies"]["wedge"]["enabled"] = False
    question = Question(("actors.ALFA.hazard", "nothing"), (0.8, 0.1), (0.5, 2.0, 3.0), 20_000)
    with pytest.raises(InputError) as caught:
        pose(scenario_of(data), question)
    told = str(caught.value)
    for text in ("without a wedge", "--to", "nothing", "0.8", "--runs is 20000"):
        assert text in told
    assert len(caught.value.problems) == 5


def _tipped(answer: Any, posterior: Posterior | None = None) -> Tipped:
    """Return an answer as if it had been asked for."""
    question = Question()
    return Tipped("full", loaded().scenario, question, posterior, RUNS, True, answer)


def test_sentences_name_threshold_interval_and_what_it_carries() -> None:
    noise = 0.01 * np.random.default_rng(6).normal(size=RUNS)
    (found,) = thresholds(made_bench(lambda at: -0.2 * at[X.key], noise), [ALL])
    told = sentences(_tipped(found))
    assert told[1].startswith(
        "The odds turn from null to split as actors.ALFA.hazard rises through"
    )
    assert "95 %" in told[1]
    (flat,) = thresholds(made_bench(lambda at: 0.0), [ALL])
    assert "turn nowhere" in sentences(_tipped(flat))[1]
    assert "random shocks alone" in basis(_tipped(found))
    drawn = Posterior("made", ("build",), np.array([[0.1]]), {})
    assert "drawn from the posterior 'made'" in basis(_tipped(found, drawn))
