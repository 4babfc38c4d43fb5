"""The record: what was measured and coded is complete, mapped as stated, and never an input."""

from __future__ import annotations

import re
import shutil
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alliancesim import batch
from alliancesim.batch import Series
from alliancesim.ensemble import simulate
from alliancesim.figures.marks import observation_marks
from alliancesim.measures import verdict
from alliancesim.record import rules
from alliancesim.record.reading import FOLDER, load_record
from alliancesim.record.scales import ESTIMATED_ERROR, mapped
from alliancesim.record.schema import Point
from alliancesim.record.schema import Series as Measured
from alliancesim.scenario.problems import InputError
from alliancesim.scenario.quantities import month_count
from alliancesim.scenario.reading import Loaded, load
from alliancesim.study import Options, run_scenario
from alliancesim.world import build_world
from worlds import document, scenario_of

DOCS = Path(__file__).resolve().parent.parent / "docs"
sys.path.insert(0, str(DOCS))

import record_observations  # noqa: E402

RECORD = load_record()
EPISODES = ("e1", "e2", "e3", "e4", "e5", "e6", "e7", "e8", "e12")


def _series(scale: str, *points: dict[str, object], **keys: object) -> Measured:
    """Return a series of one scale."""
    return Measured.model_validate(
        {
            "what": "a poll",
            "of": "ALFA",
            "toward": "BRAVO",
            "variable": None if scale == "anchor" else "opinion",
            "scale": scale,
            "method": "by telephone",
            "error": 0.03,
            "error_source": "Tests 2026",
            "source": "Tests 2026",
            "points": list(points),
            **keys,
        }
    )


# What is shipped.


def test_the_shipped_record_holds_all_coded_episodes_and_the_main_polls() -> None:
    """Nine episodes, and polls in both directions between the allies and toward the divider."""
    assert tuple(RECORD.episodes) == EPISODES
    polled = {
        (series.of, series.toward)
        for series in RECORD.series.values()
        if series.variable == "opinion"
    }
    assert polled == {("JPN", "KOR"), ("KOR", "JPN"), ("JPN", "CHN"), ("KOR", "CHN")}


def test_every_measurement_is_on_the_scale_of_its_variable_and_has_an_error() -> None:
    for seen in RECORD.observations():
        if seen.variable:
            assert (-1.0 if seen.variable == "opinion" else 0.0) <= seen.value <= 1.0
        assert 0.0 < seen.error <= 1.0
        assert seen.source


def test_the_table_of_the_record_has_a_row_for_each_point() -> None:
    table = RECORD.frame()
    assert len(table) == sum(len(series.points) for series in RECORD.series.values())
    poll = table[(table["series"] == "genron-eai-kor-jpn") & (table["date"] == "2019-06")]
    assert poll["value"].item() == pytest.approx((31.7 - 49.9) / 100)


def test_a_break_of_method_begins_a_series_that_names_the_one_before() -> None:
    """The postal survey and the online panel are not joined to what was asked face to face."""
    for label in ("cabinet-office-jpn-kor-post", "eai-api-kei-jpn-kor", "eai-api-kei-kor-jpn"):
        series = RECORD.series[label]
        assert series.continues is not None
        before = RECORD.series[series.continues]
        assert before.method != series.method
        assert before.points[-1].date < series.points[0].date


def test_the_rule_of_the_record_is_that_of_the_verdict() -> None:
    """An attempt at a wedge is the same thing in history and in the model."""
    assert rules.LEAST_PRESSURE == verdict.LEAST_PRESSURE
    assert rules.LEAST_DIFFERENCE_IN_PRESSURE == verdict.LEAST_DIFFERENCE_IN_PRESSURE
    assert rules.LEAST_DIFFERENCE_IN_INDUCEMENT == verdict.LEAST_DIFFERENCE_IN_COURTSHIP


# Scales.


@pytest.mark.parametrize(
    ("scale", "reading", "value"),
    [
        ("thermometer", 50.0, 0.0),
        ("thermometer", 18.1, -0.638),
        ("ten", 5.0, 0.0),
        ("ten", 3.21, -0.358),
        ("share", 0.21, 0.21),
        ("anchor", 1.46, 1.46),
    ],
)
def test_a_reading_is_mapped_as_its_scale_says(scale: str, reading: float, value: float) -> None:
    (found,) = mapped(_series(scale, {"date": "2030-01", "reading": reading}))
    assert found == (pytest.approx(value), 0.03, False)


@given(st.floats(0, 100), st.floats(0, 100))
def test_two_shares_become_net_favourability(favourable: float, unfavourable: float) -> None:
    """Favourable less unfavourable, in hundredths; swapping the two changes the sign alone."""
    shares = {"favourable": favourable, "unfavourable": unfavourable}
    swapped = {"favourable": unfavourable, "unfavourable": favourable}
    (one,) = mapped(_series("favourability", {"date": "2030-01", **shares}))
    (other,) = mapped(_series("favourability", {"date": "2030-01", **swapped}))
    assert one.value == pytest.approx((favourable - unfavourable) / 100)
    assert other.value == pytest.approx(-one.value)


def test_a_share_that_was_not_published_is_estimated_and_trusted_less() -> None:
    """It is what is missing to the usual sum of the two, whichever of them it is."""
    series = _series(
        "favourability",
        {"date": "2030-01", "favourable": 30.0, "unfavourable": 50.0},
        {"date": "2031-01", "favourable": 20.0},
        {"date": "2032-01", "unfavourable": 60.0},
    )
    whole, first, second = mapped(series)
    assert (whole.estimated, first.estimated, second.estimated) == (False, True, True)
    assert first.value == pytest.approx(second.value) == pytest.approx(-0.4)
    assert first.error == pytest.approx((0.03**2 + ESTIMATED_ERROR**2) ** 0.5)
    assert first.error > whole.error == 0.03


# What is refused.


def _changed(tmp_path: Path, file: str, old: str, new: str) -> str:
    """Return what is said of a copy of the shipped record with one thing changed."""
    for name in ("series.toml", "episodes.toml"):
        shutil.copy(FOLDER / name, tmp_path / name)
    text = (tmp_path / file).read_text("utf-8")
    assert old in text
    (tmp_path / file).write_text(text.replace(old, new, 1), "utf-8")
    with pytest.raises(InputError) as caught:
        load_record(tmp_path)
    return str(caught.value)


@pytest.mark.parametrize(
    ("file", "old", "new", "said"),
    [
        ("series.toml", 'scale = "favourability"', 'scale = "favorability"', "'favourability'"),
        ("series.toml", "error = 0.06", "error = 0.0", "greater than 0"),
        ("series.toml", "error = 0.06", "eror = 0.06", "Did you mean 'error'?"),
        ("series.toml", "favourable = 31.1", "favourable = 131.1", "less than or equal to 100"),
        ("series.toml", "favourable = 31.1", "favourable = 71.1", "sum to at most 100"),
        ("series.toml", '"2014-07"', '"2013-05"', "a month after 2013-05"),
        ("series.toml", 'toward = "KOR"', 'toward = "JPN"', "other than itself"),
        ("series.toml", 'variable = "opinion"\n', "", "a variable of the model"),
        (
            "series.toml",
            'continues = "genron-eai-kor-jpn"',
            'continues = "genron-eai-kor-jp"',
            "Did you mean 'genron-eai-kor-jpn'?",
        ),
        (
            "series.toml",
            'continues = "genron-eai-kor-jpn"',
            'continues = "pew-kor-chn"',
            "the same dyad and variable",
        ),
        ("series.toml", "favourable = 22.9", "reading = 22.9", "no reading beside shares"),
        ("series.toml", "reading = 30.7", "favourable = 30.7", "a reading, since the scale is"),
        ("series.toml", "reading = 4.31", "reading = 43.1", "a reading from 0 to 10"),
        ("episodes.toml", 'end = "2012-12"', 'end = "2009-12"', "no month before 2010-09"),
        ("episodes.toml", 'verdict = "null"', 'verdict = "success"', "'null', by the rule"),
        (
            "episodes.toml",
            "pressure = { JPN = 0.6, KOR = 0.15 }",
            "pressure = { JPN = 0.6 }",
            "one number for each member",
        ),
        ("episodes.toml", 'within = "e3"', 'within = "e33"', "Did you mean 'e3'?"),
        (
            "episodes.toml",
            'courted_or_coerced = "KOR"',
            'courted_or_coerced = "CHN"',
            "a member of the alliance",
        ),
    ],
)
def test_a_wrong_record_is_refused_in_words(
    tmp_path: Path, file: str, old: str, new: str, said: str
) -> None:
    """What is wrong, where, and what was expected."""
    found = _changed(tmp_path, file, old, new)
    assert said in found
    assert file in found


def test_a_lone_share_without_another_point_to_say_the_sum_is_refused(tmp_path: Path) -> None:
    found = _changed(
        tmp_path, "series.toml", "favourable = 41.7, unfavourable = 42.7", "favourable = 41.7"
    )
    assert "no other point says what they sum to" in found


def test_both_files_of_a_record_are_complained_of_at_once(tmp_path: Path) -> None:
    (tmp_path / "series.toml").write_text("[series]\n", "utf-8")
    with pytest.raises(InputError) as caught:
        load_record(tmp_path)
    files = {Path(problem.file).name for problem in caught.value.problems}
    assert files == {"series.toml", "episodes.toml"}


# The scenarios that carry the record.


def test_the_long_scenario_observes_what_the_record_holds() -> None:
    """Written by ``python docs/record_observations.py``; no figure is kept twice by hand."""
    text = record_observations.SCENARIO.read_text("utf-8")
    assert record_observations.with_observations(text) == text
    seen = load("northeast-asia-2010-2026").scenario.observations
    polls = [item for item in RECORD.observations() if item.variable == "opinion"]
    for item in polls:
        kept = seen[f"{item.series}-{item.date}"]
        assert kept.value is not None
        assert kept.value.value == pytest.approx(item.value, abs=5e-4)
        assert kept.series == item.series


def test_a_stale_observation_is_made_anew() -> None:
    text = record_observations.SCENARIO.read_text("utf-8")
    stale = text.replace("value = { value = -0.339", "value = { value = -0.5", 1)
    assert stale != text
    assert record_observations.with_observations(stale) == text


@pytest.mark.parametrize("label", EPISODES)
def test_an_episode_is_a_scenario_with_its_months_and_its_coded_changes(label: str) -> None:
    """Each coded episode is shipped as a scenario of its own; what happened is no input of it."""
    (name,) = (path.stem for path in record_observations.SCENARIO.parent.glob(f"episode-{label}-*"))
    episode, scenario = RECORD.episodes[label], load(name).scenario
    assert scenario.time.start == episode.start
    assert build_world(scenario).date(scenario.time.months) == episode.end
    coded = scenario.observations
    for variable, change in (
        ("cohesion", episode.cohesion_change),
        ("opinion", episode.attitude_change),
    ):
        value = coded[f"coded-{variable}"].value
        assert value is not None
        assert value.value == change


def test_observations_move_no_bit_of_the_long_scenario() -> None:
    """Taken away, they leave every trajectory as it was."""
    loaded = load("northeast-asia-2010-2026")
    bare = loaded.scenario.model_copy(update={"observations": {}})
    with_them, without = (
        simulate(build_world(item), build_world(item, wedge=False), runs=2, seed=1).digest()
        for item in (loaded.scenario, bare)
    )
    assert with_them == without


def test_an_observed_change_is_not_drawn_as_a_level() -> None:
    """It is listed with its words; charts, and the sentence on fit, hold levels alone."""
    data = document()
    data["observations"]["poll"]["since"] = "2030-03"
    result = run_scenario(Loaded("one", scenario_of(data), (), {}), Options(runs=2))
    (mark,) = observation_marks(result)
    assert mark.value is None
    assert mark.what == "A poll in BRAVO"


def test_points_need_a_month() -> None:
    with pytest.raises(ValueError, match="YYYY-MM"):
        Point.model_validate({"date": "2030"})


# What goes in.


def test_every_driver_of_the_long_scenario_is_accounted_for() -> None:
    """The page on inputs names every strategy and the label, or its beginning, of every event."""
    page = (DOCS / "hindcast-inputs.md").read_text("utf-8")
    told = re.findall(r"`([a-z0-9-]+?)(?:-?\.\.\.)?`", page)
    scenario = load("northeast-asia-2010-2026").scenario
    assert set(scenario.strategies) <= set(told)
    leaders = {label for label, item in scenario.events.items() if item.variable == "pragmatism"}
    untold = [
        label
        for label, event in scenario.events.items()
        if event.part_of is None
        and label not in leaders
        and not any(label == name or label.startswith(f"{name}-") for name in told)
    ]
    assert untold == []
    readings = {label for label in leaders if label.startswith("reading-")}
    assert readings == {name for name in told if name.startswith("reading-")}


def test_what_passes_between_the_allies_is_no_input_of_the_long_scenario() -> None:
    """No event moves cooperation or pressure between the two whose relation is to be explained."""
    scenario = load("northeast-asia-2010-2026").scenario
    allies = set(scenario.outcome.alliance)
    inside = {
        item.variable for item in scenario.events.values() if {item.of, item.toward} <= allies
    }
    assert inside == {"grievance"}


# What the pages say of it.


def _right_signs(without_readings: bool) -> tuple[int, int]:
    """Return in how many episodes cohesion, and opinion, move as coded in the long scenario."""
    name = "northeast-asia-2010-2026"
    readings = [label for label in load(name).scenario.events if label.startswith("reading-")]
    settings = [f"events.{label}.enabled=false" for label in readings if without_readings]
    world = build_world(load(name, settings).scenario)
    series = [Series("cohesion", "JPN", "KOR"), Series("opinion", "KOR", "CHN")]
    paths = batch.trajectories(
        batch.Pair(world, world), seed=1, run_numbers=range(200), series=series
    )
    means, first = paths[0].mean(axis=0), month_count(world.start)
    right = [0, 0]
    for episode in RECORD.episodes.values():
        if episode.within is None:
            before, after = month_count(episode.start) - 1, month_count(episode.end)
            changes = means[after - first] - means[before - first]
            coded = (episode.cohesion_change, episode.attitude_change)
            for place, (change, sign) in enumerate(zip(changes, coded, strict=True)):
                right[place] += change * sign > 0
    return right[0], right[1]


def test_the_page_says_how_often_the_long_scenario_moves_as_the_record_has_it() -> None:
    """In-sample directions at the default coefficients, with and without leaders read anew."""
    words = ("none", "one", "two", "three", "four", "five", "six", "seven", "eight")
    cohesion, opinion = (words[right] for right in _right_signs(without_readings=False))
    unread = [words[right] for right in _right_signs(without_readings=True)]
    page = " ".join((DOCS / "scenarios.md").read_text("utf-8").split())
    assert f"cohesion moves in the coded direction in {cohesion} of eight episodes" in page
    assert f"(in {unread[0]} of eight where leaders are not read anew" in page
    assert f"South Korean opinion of China in {opinion} of eight (in {unread[1]})" in page


def test_the_pages_count_what_is_shipped() -> None:
    """Events, polls and coded changes of the long scenario, and series of the record."""
    scenario = load("northeast-asia-2010-2026").scenario
    observed = [item for item in scenario.observations.values() if item.value is not None]
    changes = sum(item.since is not None for item in observed)
    page = " ".join((DOCS / "scenarios.md").read_text("utf-8").split())
    assert f"{len(scenario.events)} dated events in {scenario.time.months} months" in page
    assert f"{len(observed) - changes} polls, {changes} coded changes" in page
    inputs = " ".join((DOCS / "hindcast-inputs.md").read_text("utf-8").split())
    assert f"{len(RECORD.series)} series" in inputs
    assert f"{len(observed) - changes} polls and {changes} coded changes" in inputs
