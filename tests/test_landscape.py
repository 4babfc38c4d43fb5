"""The landscape of alignments: energies, basins and barriers on cases worked by hand, and laws."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays as array_of

from alliancesim.arrays import Array
from alliancesim.landscape import alignments, tables
from alliancesim.landscape.balance import balanced_share, triads
from alliancesim.landscape.survey import Question, Survey, pose, survey
from alliancesim.landscape.target import Target
from alliancesim.report.landscape_wording import basis, sentences
from alliancesim.scenario.problems import InputError
from worlds import document, scenario_of


def number_of(names: str, camps: str) -> int:
    """Return the number of the alignment written as in ``A+B | C``."""
    found = [k for k in range(2 ** (len(names) - 1)) if alignments.named(k, names) == camps]
    assert len(found) == 1, camps
    return found[0]


def by_hand(propensities: Array, sizes: Array, number: int) -> float:
    """Return an energy by the definition: the sum over ordered pairs of s s p d."""
    n = sizes.size
    place = {pair: d for d, pair in enumerate(zip(*alignments.dyads(n), strict=True))}
    apart = alignments.camps(n)[number]
    return sum(
        sizes[i] * sizes[j] * propensities[place[min(i, j), max(i, j)]]
        for i in range(n)
        for j in range(n)
        if i != j and apart[i] != apart[j]
    )


@st.composite
def landscapes(draw: st.DrawFn, least: int = 2, most: int = 5) -> tuple[Array, Array]:
    """Draw propensities of all pairs and sizes of the actors."""
    n = draw(st.integers(least, most))
    unit = st.floats(-1, 1, allow_subnormal=False)
    pairs = draw(array_of(np.float64, n * (n - 1) // 2, elements=unit))
    return pairs, draw(array_of(np.float64, n, elements=st.floats(0.1, 5)))


def test_three_actors_by_hand() -> None:
    """Two friends with a common foe: the friends together against the foe lie lowest, at -4."""
    found = alignments.energies(np.array([1.0, -1.0, -1.0]), np.ones(3))
    named = {alignments.named(k, "ABC"): height for k, height in enumerate(found)}
    assert named == {"A+B+C": 0.0, "A+C | B": 0.0, "A+B | C": -4.0, "A | B+C": 0.0}
    assert alignments.named(int(alignments.lowest(found)), "ABC") == "A+B | C"


def test_sizes_weigh_by_hand() -> None:
    """A twice as large actor doubles what its relations count: -6, 0 and 2 in the same triad."""
    found = alignments.energies(np.array([1.0, -1.0, -1.0]), np.array([2.0, 1.0, 1.0]))
    named = {alignments.named(k, "ABC"): height for k, height in enumerate(found)}
    assert named == {"A+B+C": 0.0, "A+B | C": -6.0, "A | B+C": 0.0, "A+C | B": 2.0}


@given(landscapes())
def test_energies_are_those_of_the_definition(case: tuple[Array, Array]) -> None:
    """Every alignment has the energy that Axelrod and Bennett (1993) define, all in one camp 0."""
    found = alignments.energies(*case)
    assert found[0] == 0.0
    for number, height in enumerate(found):
        assert height == pytest.approx(by_hand(*case, number), abs=1e-9)


@given(landscapes(4, 4))
def test_the_inequality_of_four_actors_is_exact(case: tuple[Array, Array]) -> None:
    """K leaves the alliance of J, K and the patron U for the divider C just where C outbids both.

    The move from C | J+K+U to C+K | J+U changes the energy by twice K's size times
    ``s_J p_JK + s_U p_KU - s_C p_CK``, so it is downhill if and only if C's pull is the greater.
    """
    pairs, sizes = case
    _, ck, _, jk, _, ku = pairs
    c, j, k, u = sizes
    found = alignments.energies(pairs, sizes)
    allied, wedged = number_of("CJKU", "C | J+K+U"), number_of("CJKU", "C+K | J+U")
    held = j * jk + u * ku - c * ck
    assert found[wedged] - found[allied] == pytest.approx(2 * k * held, abs=1e-9)
    assert alignments.moves(4)[allied, 2] == wedged


def test_two_basins_by_hand() -> None:
    """Two pairs of friends that dislike each other a little: one camp is stable, two lie deeper.

    One camp of all has 0, A+B | C+D -0.8; the way leads over one who leaves a friend, at 1.6.
    """
    heights = alignments.energies(np.array([1.0, -0.1, -0.1, -0.1, -0.1, 1.0]), np.ones(4))
    one, two = number_of("ABCD", "A+B+C+D"), number_of("ABCD", "A+B | C+D")
    single = [number_of("ABCD", text) for text in ("A | B+C+D", "A+C+D | B", "A+B+C | D")]
    assert heights[[one, two, *single]] == pytest.approx([0.0, -0.8, 1.6, 1.6, 1.6])
    assert np.flatnonzero(alignments.minima(heights, 4)).tolist() == sorted([one, two])
    ends = alignments.basins(heights, 4)
    assert ends[[one, two, *single]].tolist() == [one, two, two, two, two]
    start, goal = np.array(one), np.array(two)
    assert float(alignments.barriers(heights, start, goal, 4)) == pytest.approx(1.6)
    assert float(alignments.barriers(heights, goal, start, 4)) == pytest.approx(2.4)
    assert int(alignments.next_best(heights, goal, 4)) == one
    assert int(alignments.next_best(heights, start, 4)) == two


def test_next_best_without_another_minimum_is_the_second_lowest() -> None:
    """In a land of one basin the next best is the lowest of the rest, and the climb leads to it."""
    heights = alignments.energies(np.array([1.0, -1.0, -0.5]), np.ones(3))
    best = alignments.lowest(heights)
    second = alignments.next_best(heights, best, 3)
    assert alignments.named(int(second), "ABC") == "A+B+C"
    assert float(alignments.barriers(heights, best, second, 3)) == pytest.approx(3.0)


@given(landscapes(), st.integers(0, 15), st.integers(0, 15))
def test_laws_of_descent_and_barriers(case: tuple[Array, Array], one: int, other: int) -> None:
    """Descent ends at a minimum that lies no higher; a pass is as high from either side of it."""
    n = case[1].size
    heights = alignments.energies(*case)
    ends = alignments.basins(heights, n)
    assert (heights[ends] <= heights + alignments.TIE).all()
    assert alignments.minima(heights, n)[ends].all()
    assert alignments.minima(heights, n)[alignments.lowest(heights)]
    start, goal = np.array(one % heights.size), np.array(other % heights.size)
    there, back = (
        float(alignments.barriers(heights, *way, n)) for way in ((start, goal), (goal, start))
    )
    assert there >= max(0.0, heights[goal] - heights[start]) - 1e-9
    assert heights[start] + there == pytest.approx(heights[goal] + back, abs=1e-9)


@given(landscapes(3, 5), st.randoms())
def test_the_order_of_actors_does_not_matter(case: tuple[Array, Array], random: Any) -> None:
    """The same actors in another order have the same energies."""
    pairs, sizes = case
    n = sizes.size
    order = np.array(random.sample(range(n), n))
    square = np.zeros((n, n))
    square[alignments.dyads(n)] = pairs
    square += square.T
    other = alignments.energies(square[np.ix_(order, order)][alignments.dyads(n)], sizes[order])
    np.testing.assert_allclose(np.sort(other), np.sort(alignments.energies(*case)), atol=1e-9)


def test_twelve_actors_fit() -> None:
    """Two blocs of six are found among the 2048 alignments of twelve actors."""
    first, second = alignments.dyads(12)
    pairs = np.where((first < 6) == (second < 6), 0.5, -0.5)
    heights = alignments.energies(pairs, np.ones(12))
    best = alignments.lowest(heights)
    assert alignments.named(int(best), "ABCDEFGHIJKL") == "A+B+C+D+E+F | G+H+I+J+K+L"
    assert heights[best] == -36.0
    assert (alignments.basins(heights, 12) == best).all()


@pytest.mark.parametrize(
    ("signs", "balanced"),
    [((1, 1, 1), 1.0), ((1, 1, -1), 0.0), ((1, -1, -1), 1.0), ((-1, -1, -1), 0.0)],
)
def test_the_four_triads(signs: tuple[int, int, int], balanced: float) -> None:
    """Balanced are three friends, and two friends with a common foe (Heider 1946)."""
    for weighted in (False, True):
        found = balanced_share(0.3 * np.array(signs), 3, weighted=weighted)
        assert float(found) == balanced


def test_balance_of_four_actors_by_hand() -> None:
    """Two strong balanced triads against two faint unbalanced ones: a half, by strength 2/2.2."""
    relations = np.array([1.0, 1.0, -1.0, 1.0, -1.0, 0.001])
    assert float(balanced_share(relations, 4, weighted=False)) == 0.5
    assert float(balanced_share(relations, 4, weighted=True)) == pytest.approx(2 / 2.2)


def test_without_signed_triads_nothing_is_out_of_balance() -> None:
    """Two actors have no triad, and a relation of zero has no sign."""
    assert triads(2).shape == (0, 3)
    assert float(balanced_share(np.array([-1.0]), 2, weighted=True)) == 1.0
    assert float(balanced_share(np.array([1.0, 0.0, -1.0]), 3, weighted=False)) == 1.0


def test_the_present_alignment_by_hand() -> None:
    """Of C, J, K and the patron U, those closer than the mean pair count as held together."""
    cohesion = np.array([0.2, 0.4, 0.3, 0.5, 0.8, 0.8])
    assert int(alignments.present(cohesion, 4)) == number_of("CJKU", "C | J+K+U")
    assert int(alignments.present(np.full(6, 0.3), 4)) == 0


def surveyed(found: dict[str, Any], question: Question | None = None, runs: int = 4) -> Survey:
    """Return the landscape of a scenario."""
    target = Target("full", scenario_of(found), runs, 1, None, None)
    return survey(pose(target, question or Question()))


@pytest.fixture(scope="module")
def full() -> Survey:
    """The landscape of ``FULL``: CHARLIE presses ALFA and courts BRAVO, DELTA is the patron."""
    return surveyed(document())


def test_the_baseline_is_that_of_the_file(full: Survey) -> None:
    """In the baseline a propensity is half conduct, half opinion, both ways, and runs agree.

    ALFA and CHARLIE: cooperation 0.3 and 0.2, pressure 0.05 and 0.2, opinion -0.6 and 0.
    """
    first = full.propensities[:, :, 0]
    place = list(zip(*alignments.dyads(4), strict=True)).index((0, 2))
    assert full.actors == ("ALFA", "BRAVO", "CHARLIE", "DELTA")
    assert first[..., place] == pytest.approx(0.25 * (0.3 + 0.2 - 0.05 - 0.2 - 0.6))
    assert full.relations.conduct[..., 0, place] == pytest.approx(0.125)


def test_pressure_drives_the_pressed_from_the_divider(full: Survey) -> None:
    """With the wedge it costs ALFA more to join CHARLIE, and BRAVO less, than in the twin."""
    moved = full.relations.conduct[0] - full.relations.conduct[1]
    pairs = list(zip(*alignments.dyads(4), strict=True))
    assert (moved[:, 12, pairs.index((0, 2))] < -0.1).all()
    assert (moved[:, 12, pairs.index((1, 2))] > 0.1).all()
    heights = full.heights(12)
    joined = {
        name: heights[..., number_of_actors(full, camps)]
        for name, camps in (
            ("ALFA", "ALFA+CHARLIE | BRAVO+DELTA"),
            ("all", "ALFA+BRAVO+DELTA | CHARLIE"),
        )
    }
    cost = joined["ALFA"] - joined["all"]
    assert (cost[0] > cost[1]).all()


def number_of_actors(found: Survey, camps: str) -> int:
    """Return the number of the alignment that is written so."""
    every = range(2 ** (len(found.actors) - 1))
    return next(k for k in every if alignments.named(k, found.actors) == camps)


def test_the_gap_is_that_between_parting_and_holding(full: Survey) -> None:
    """The gap is least energy of alignments that part the allies less that of the others."""
    heights = full.heights(18)
    parted = [k for k in range(8) if not alignments.together(4, full.members)[k]]
    assert full.members == (0, 1)
    assert [alignments.named(k, "ABCD") for k in parted] == [
        "A+C+D | B",
        "A+D | B+C",
        "A+C | B+D",
        "A | B+C+D",
    ]
    held = [k for k in range(8) if k not in parted]
    expected = heights[..., parted].min(axis=-1) - heights[..., held].min(axis=-1)
    np.testing.assert_array_equal(full.gap(heights), expected)


def test_tables_hang_together(full: Survey) -> None:
    """Shares add up to one, differences are world less twin, months are all there."""
    made = tables.tables(full)
    for _, rows in made["alignments"].groupby("side"):
        assert rows[["lowest", "present", "basin", "next"]].sum().tolist() == [1.0] * 4
        assert (rows["minimum"] >= rows["lowest"]).all()
    for name, keys in (("moves", ["actor"]), ("paths", ["month", "quantity"])):
        wide = made[name].pivot(index=keys, columns="side", values="mean")
        np.testing.assert_allclose(wide["difference"], wide["world"] - wide["twin"], atol=1e-12)
    assert made["paths"]["date"].unique().tolist()[:2] == ["2029-12", "2030-01"]
    assert made["lowest"].groupby(["month", "side"])["share"].sum().eq(1.0).all()
    row = made["weights"].query("opinion == 0.5 and side == 'world'").iloc[0]
    last = made["paths"].query("month == 18 and quantity == 'gap' and side == 'world'").iloc[0]
    assert row["mean"] == last["mean"]


def test_opinion_and_conduct_alone() -> None:
    """With weight 1 opinion alone makes the propensity, with weight 0 conduct alone."""
    by_opinion = surveyed(document(), Question(opinion=1.0), runs=1)
    np.testing.assert_array_equal(by_opinion.propensities, by_opinion.relations.opinion)
    by_conduct = surveyed(document(), Question(opinion=0.0), runs=1)
    np.testing.assert_array_equal(by_conduct.propensities, by_conduct.relations.conduct)


def test_sentences_tell_of_the_wedge_only_where_one_is_played(full: Survey) -> None:
    """Every sentence about the wedge goes where there is none; the rest stays."""
    told = " ".join(sentences(full, tables.tables(full)))
    assert "the wedge" in told
    quiet = document()
    quiet["strategies"]["wedge"]["enabled"] = False
    for event in quiet["events"].values():
        if event.get("part_of") == "wedge":
            event["enabled"] = False
    peaceful = surveyed(quiet, runs=2)
    without = " ".join(sentences(peaceful, tables.tables(peaceful)))
    assert "wedge" not in without
    assert "lies lowest of the 8 alignments" in without
    assert "as if they were known" in basis(peaceful)


def test_sentences_take_the_side_of_the_numbers(full: Survey) -> None:
    """A gap that the wedge narrows is said to narrow, and one that it widens to widen."""
    made = tables.tables(full)
    for sign, word in ((1.0, "the wedge widens this gap"), (-1.0, "the wedge narrows this gap")):
        paths = made["paths"].copy()
        at = (paths["quantity"] == "gap") & (paths["side"] == "difference")
        paths.loc[at, ["mean", "low", "high"]] = (0.2 * sign, 0.1 * sign, 0.3 * sign)
        paths.loc[at, "positive"] = float(sign > 0)
        told = " ".join(sentences(full, {**made, "paths": paths}))
        assert f"{word} by" in told
        assert "on average, in 100 % of runs." in told


def test_a_sign_that_is_open_is_said_to_be(full: Survey) -> None:
    """Where the interval of a difference holds zero, the sentence says so; else it does not."""
    made = tables.tables(full)
    moves = made["moves"].copy()
    at = moves["side"] == "difference"
    for low, told in ((-0.1, True), (0.1, False)):
        moves.loc[at, ["mean", "low", "high", "positive"]] = (0.2, low, 0.3, 0.8)
        said = next(text for text in sentences(full, {**made, "moves": moves}) if "easiest" in text)
        assert ("leaves the sign open" in said) is told


def test_everything_wrong_is_told_at_once() -> None:
    """Month, sizes and number of actors are all checked before anything is run."""
    found = document()
    for extra in range(10):
        found["actors"][f"X{extra}"] = {}
    target = Target("many", scenario_of(found), 2**40, 1, None, None)
    question = Question("2029-11", 0.5, ("ALPHA=2", "BRAVO=0", "DELTA=many"))
    with pytest.raises(InputError) as caught:
        pose(target, question)
    files = [(problem.file, problem.key) for problem in caught.value.problems]
    assert files == [
        ("--month", ""),
        ("--size", ""),
        ("--size", "BRAVO"),
        ("--size", "DELTA"),
        ("many", "actors"),
        ("--runs", ""),
    ]
    assert caught.value.problems[1].suggestion == "ALFA"


@settings(max_examples=5)
@given(st.integers(0, 18))
def test_any_month_of_the_run_can_be_looked_at(month: int) -> None:
    """The month asked for is the one looked at, the baseline among them."""
    target = Target("full", scenario_of(document()), 1, 1, None, None)
    date = pose(target, Question()).world.date(month)
    assert pose(target, Question(month=date)).month == month
