"""Scenario discovery: rules that are there are found, and rules that are not there are not."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from alliancesim.discovery.boxes import Limits, Tally, choice, find, inside, tally
from alliancesim.discovery.dataset import Dataset, read_dataset
from alliancesim.discovery.discovering import Discovered, Discovery, of_target
from alliancesim.discovery.features import Feature
from alliancesim.discovery.folding import crossed, dealt, pooled
from alliancesim.discovery.targets import FEWEST, targets
from alliancesim.discovery.trees import grow
from alliancesim.experiment.store import read_design
from alliancesim.report import discovery_conditions as conditions
from alliancesim.report import discovery_wording as wording
from discoveries import load_prim, planted, swept

POINTS = 240
CONDITIONS = ["fear", "leader = DELTA"]


@pytest.fixture(scope="module", autouse=True)
def _prim() -> None:
    """The library, however few of these tests are run."""
    load_prim()


def cloud(seed: int = 3) -> tuple[pd.DataFrame, np.ndarray]:
    """Points of which those with much a and little b are mostly of the kind; c is nothing."""
    rng = np.random.default_rng(seed)
    table = pd.DataFrame(rng.random((POINTS, 3)), columns=["a", "b", "c"])
    there = (table["a"] > 0.6) & (table["b"] < 0.5)
    return table, np.where(there, rng.random(POINTS) < 0.9, rng.random(POINTS) < 0.04)


@pytest.fixture(scope="module")
def dataset(tmp_path_factory: pytest.TempPathFactory) -> Dataset:
    """A small experiment, run."""
    return read_dataset(swept(tmp_path_factory.mktemp("discovery")))


def discovered(dataset: Dataset, word: str = "split") -> Discovery:
    """Return what is found for one verdict, by the conditions that a rule was planted in."""
    dataset = replace(dataset, table=dataset.table[CONDITIONS])
    (target,) = (t for t in targets(dataset.verdicts, dataset.effects) if t.word == word)
    return of_target(dataset, target, lambda: None)


@pytest.fixture(scope="module")
def rule(dataset: Dataset) -> Discovered:
    """A rule planted in the experiment: CHARLIE leads, and BRAVO's fear is low."""
    there = (dataset.table["fear"] < 0.5) & (dataset.table["leader = DELTA"] < 0.5)
    made = planted(dataset, there.to_numpy())
    return Discovered(made, (discovered(made),))


def test_a_planted_box_is_found_with_its_limits_the_right_way_round() -> None:
    """Much a and little b come out as a lower and an upper limit, and c as no limit at all."""
    found = find(*cloud(), peeled=0.1)
    assert set(found.box) == {"a", "b"}
    a, b = found.box["a"], found.box["b"]
    assert a.low == pytest.approx(0.6, abs=0.08)
    assert b.high == pytest.approx(0.5, abs=0.08)
    assert (a.high, b.low) == (math.inf, -math.inf)
    assert a.low_p < 0.001
    assert b.high_p < 0.001
    assert math.isnan(a.high_p)


def test_a_mirrored_plant_has_mirrored_limits() -> None:
    """Where every condition is turned round, each lower limit becomes the upper one."""
    table, hits = cloud()
    before, after = find(table, hits, peeled=0.1).box, find(1.0 - table, hits, peeled=0.1).box
    assert set(before) == set(after)
    for name, ends in before.items():
        assert after[name].low == pytest.approx(1.0 - ends.high, abs=1e-9)
        assert after[name].high == pytest.approx(1.0 - ends.low, abs=1e-9)


def test_counts_and_shares_of_every_box_add_up() -> None:
    """Coverage times the kind, and density times the box, are the points of the kind inside."""
    table, hits = cloud()
    found = find(table, hits, peeled=0.1)
    assert found.tallies[0] == (hits.sum(), POINTS, hits.sum(), POINTS)
    for box, counted in zip(found.steps, found.tallies, strict=True):
        within = inside(box, table)
        assert counted.inside == within.sum()
        assert counted.hits == (within & hits).sum()
        assert counted.coverage * hits.sum() == pytest.approx(counted.hits)
        assert counted.density * counted.inside == pytest.approx(counted.hits)
        assert counted.mass * counted.density == pytest.approx(counted.base * counted.coverage)
    masses = [counted.inside for counted in found.tallies]
    assert masses == sorted(masses, reverse=True)


@given(st.lists(st.tuples(st.booleans(), st.booleans()), min_size=2, max_size=60))
def test_correlation_is_that_of_two_columns_of_yes_and_no(pairs: list[tuple[bool, bool]]) -> None:
    """Phi is the ordinary correlation, and 0 where one column has but one value."""
    within, hits = np.array(pairs).T
    counted = tally(within, hits)
    one_value = within.all() or not within.any() or hits.all() or not hits.any()
    expected = 0.0 if one_value else np.corrcoef(within, hits)[0, 1]
    assert counted.correlation == pytest.approx(expected, abs=1e-12)
    assert 0.0 <= counted.error < 1.0


def test_its_standard_error_is_the_bootstraps() -> None:
    """Resampled points scatter the correlation as much as the formula says."""
    counted = Tally(60, 90, 100, 400)
    cells = np.array([60, 30, 40, 270])
    drawn = np.random.default_rng(1).multinomial(400, cells / 400, 4000)
    found = [Tally(a, a + b, a + c, 400).correlation for a, b, c, _ in drawn.tolist()]
    assert counted.error == pytest.approx(np.std(found), rel=0.05)


def test_the_simplest_box_within_a_standard_error_is_chosen() -> None:
    """A box that bounds more is not chosen for a little more correlation."""
    tallies = (Tally(50, 200, 50, 200), Tally(45, 70, 50, 200), Tally(45, 68, 50, 200))
    ends = Limits(0.0, 1.0)
    assert choice(({}, {"a": ends}, {"a": ends, "b": ends}), tallies) == 1
    far = (*tallies[:2], Tally(50, 50, 50, 200))
    assert choice(({}, {"a": ends}, {"a": ends, "b": ends}), far) == 2


def test_every_point_is_held_out_once_in_parts_alike() -> None:
    """Parts depend on numbers and seed alone, and each has its share of the kind."""
    table, hits = cloud()
    numbers = np.arange(POINTS)
    parts = dealt(numbers, hits, 1)
    assert np.ptp([hits[parts == part].sum() for part in range(5)]) <= 1
    assert np.array_equal(parts[::-1], dealt(numbers[::-1], hits[::-1], 1))
    assert not np.array_equal(parts, dealt(numbers, hits, 2))
    seen: list[int] = []

    def quick(rest: pd.DataFrame, kind: np.ndarray) -> object:
        seen.append(len(rest))
        return find(rest[["a"]], kind, peeled=0.3)

    folds = crossed(table, hits, parts, lambda: None, quick)  # type: ignore[arg-type]
    out = pooled([fold.held_out for fold in folds])
    assert (out.kind, out.points) == (hits.sum(), POINTS)
    assert sum(POINTS - rest for rest in seen) == POINTS
    assert out.hits == sum(
        (inside(fold.box, table) & hits & (parts == part)).sum() for part, fold in enumerate(folds)
    )


def test_a_tree_holds_every_point_in_one_rule_and_beats_the_majority() -> None:
    """Its leaves share out all points, and point the same way as what was planted."""
    table, hits = cloud()
    tree = grow(table, hits, dealt(np.arange(POINTS), hits, 1))
    assert sum(leaf.tally.inside for leaf in tree.leaves) == POINTS
    assert sum(leaf.tally.hits for leaf in tree.leaves) == hits.sum()
    for leaf in tree.leaves:
        assert inside(leaf.box, table).sum() == leaf.tally.inside
    assert tree.leaves[0].box["a"].low == pytest.approx(0.6, abs=0.08)
    assert tree.leaves[0].box["b"].high == pytest.approx(0.5, abs=0.08)
    assert tree.majority == pytest.approx(1.0 - hits.mean())
    assert tree.right - tree.majority == pytest.approx(tree.gain.estimate)
    assert tree.gain.low > 0.0


def test_labels_drawn_at_random_give_no_rule(dataset: Dataset) -> None:
    """The box on all points looks like one, but does not stand the test on points held out."""
    hits = np.random.default_rng(5).random(dataset.points) < 0.3
    found = discovered(planted(dataset, hits))
    assert found.found is not None
    assert found.standing == "none"
    told = wording.sentences(Discovered(dataset, (found,)), found)
    assert any("NO RULE WAS FOUND" in text for text in told)
    assert not any("most often where" in text for text in told)


def test_words_say_what_the_numbers_say(rule: Discovered) -> None:
    """Conditions, coverage and density in the sentences are those of the box and the folds."""
    (one,) = rule.discoveries
    assert one.found is not None
    assert one.standing == "rule"
    assert set(one.found.box) == {"fear", "leader = DELTA"}
    assert one.found.box["fear"].high == pytest.approx(0.5, abs=0.06)
    told = " ".join(wording.sentences(rule, one))
    limit = conditions.value(one.found.box["fear"].high)
    assert f"is below {limit}" in told
    assert "is not DELTA" in told
    shares = one.found.tally
    assert f"{100 * shares.coverage:.0f} % of all splits lie there (coverage)" in told
    assert f"{100 * one.target.base:.0f} % of all points" in told
    out = one.held_out
    assert f"coverage of {100 * out.hits / out.kind:.0f} %" in told
    assert find(rule.dataset.table[CONDITIONS], one.target.hits) == one.found


def test_a_rare_verdict_is_stood_in_for_and_said_so(dataset: Dataset) -> None:
    """Below 25 points the tenth with the nearest effect is taken; nothing is sought of nearly all.

    The tenth that stands in for a split has the lowest effects, that for a backfire the highest.
    """
    effects = np.linspace(-0.04, 0.04, dataset.points)
    effects[:3] = -0.06
    words = np.where(effects < -0.05, "split", "null").astype(object)
    split, null, backfire = targets(words, effects)
    assert [t.basis for t in (split, null, backfire)] == ["nearest", "always", "nearest"]
    assert split.having == 3
    assert split.hits.sum() == max(FEWEST, round(0.1 * dataset.points))
    assert effects[split.hits].max() == split.cut < effects[~split.hits].min()
    assert effects[backfire.hits].min() == backfire.cut > effects[~backfire.hits].max()
    made = replace(dataset, verdicts=words, effects=effects)
    (text,) = wording.sentences(Discovered(made, ()), Discovery(split))
    assert text.startswith("STAND-IN: 3 of 128 points are splits, too few")
    assert wording.row(Discovery(null))[2] == "none sought"


def test_months_switches_and_texts_become_columns_that_words_read_back(dataset: Dataset) -> None:
    """A month between limits, a switch and a text are named as the file names them."""
    design = read_design(dataset.folder)
    assert set(dataset.table) == {"fear", "memory", "start", "leader = DELTA", "entrapment-off"}
    assert np.array_equal(dataset.table["leader = DELTA"] == 1.0, design["leader"] == "DELTA")
    assert np.array_equal(dataset.table["entrapment-off"] == 1.0, design["entrapment-off"])
    months = dataset.table["start"].to_numpy()
    words = conditions.Words(dataset)
    first = months.min()
    assert words.condition("start", Limits(high=first + 0.5)).endswith("2030-01 or earlier")
    assert words.condition("start", Limits(low=first + 0.5)).endswith("2030-02 or later")
    assert words.condition("entrapment-off", Limits(low=0.5)).endswith("is yes")
    assert words.condition("leader = DELTA", Limits(low=0.5)).endswith("is DELTA")
    assert conditions.range_ends(Feature("x", "x", "month"), first, first) == ("2030-01",) * 2


def test_rules_may_be_sought_among_inputs_alone(dataset: Dataset) -> None:
    """Coefficients and switches of mechanisms are then no conditions, and the other way round."""
    inputs, law = (read_dataset(dataset.folder, among) for among in ("inputs", "coefficients"))
    assert set(inputs.table) == {"fear", "start", "leader = DELTA"}
    assert set(law.table) == {"memory", "entrapment-off"}
