"""Levels and drivers follow the rule as documented, and the drivers make a valid scenario."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from alliancesim.ensemble import simulate
from alliancesim.ingest.constants import REGISTER, described, parse_rule
from alliancesim.ingest.countries import Countries
from alliancesim.ingest.formats import KINDS, VALUE_UNIT
from alliancesim.ingest.gathering import Sums
from alliancesim.ingest.ingesting import Ingested, Request, ingest, write
from alliancesim.ingest.levels import Levels, levels
from alliancesim.scenario.problems import InputError
from alliancesim.scenario.quantities import month_count
from alliancesim.scenario.reading import load
from alliancesim.world import build_world
from event_files import gdelt, text

ACTORS = ("CHN", "JPN", "KOR")
FIRST = month_count("2014-01")

SCENARIO = """\
title = "A wedge"
[time]
start = "2014-04"
months = 6
[actors.CHN]
[actors.JPN]
[actors.KOR]
[dyads.CHN-JPN]
pressure = 0.2
[dyads.JPN-KOR]
cooperation = 0.5
[strategies.wedge]
actor = "CHN"
press = { JPN = 0.3 }
[outcome]
alliance = ["JPN", "KOR"]
"""


def sums_of(events: list[tuple[int, str, str, int, float]]) -> Sums:
    """Return sums over events given as month, of, toward, kind and value."""
    n = len(ACTORS)
    total: dict[int, list[int]] = {}
    for month, of, toward, kind, value in events:
        dyad = ACTORS.index(of) * n + ACTORS.index(toward)
        whole = round(value / VALUE_UNIT)
        good, ill = max(whole, 0), max(-whole, 0)
        row = total.setdefault(((FIRST + month) * n * n + dyad) * len(KINDS) + kind, [0] * 5)
        for place, added in enumerate((1, good, ill, good**2, ill**2)):
            row[place] += added
    cells = sorted(total)
    return Sums(np.array(cells), np.array([total[cell] for cell in cells]), n * n)


def levels_of(events: list[tuple[int, str, str, int, float]], *settings: str) -> Levels:
    """Return the levels of six months."""
    return levels(sums_of(events), ACTORS, (FIRST, FIRST + 5), parse_rule(settings))


def row(found: Levels, month: int, of: str, toward: str) -> dict[str, Any]:
    """Return a row of the table."""
    table = found.table()
    (index,) = table.index[
        (table["month"] == f"2014-{1 + month:02d}")
        & (table["of"] == of)
        & (table["toward"] == toward)
    ]
    return table.loc[index].to_dict()


def test_a_level_is_a_mean_per_event_drawn_toward_what_is_usual() -> None:
    """The level is (n m + k u)/(n + k), with u the monthly means weighted by n/(n + k)."""
    events = [(0, "CHN", "JPN", 2, -4.0)] * 30 + [(0, "CHN", "JPN", 0, 2.0)] * 10
    events += [(1, "CHN", "JPN", 3, -10.0)] * 5
    found = levels_of(events, "prior_events=20")
    means, weights = np.array([0.3, 1.0]), np.array([40 / 60, 5 / 25])
    usual = (means * weights).sum() / weights.sum()
    first, second, third = (row(found, month, "CHN", "JPN") for month in range(3))
    assert first["pressure"] == pytest.approx((40 * 0.3 + 20 * usual) / 60)
    assert second["pressure"] == pytest.approx((5 * 1.0 + 20 * usual) / 25)
    assert third["pressure"] == pytest.approx(usual)
    assert (first["weight"], third["weight"]) == (pytest.approx(2 / 3), 0.0)
    assert (first["events"], first["verbal_conflict"], first["verbal_cooperation"]) == (40, 30, 10)
    assert first["goldstein"] == pytest.approx(-2.5)
    assert np.isnan(third["goldstein"])


def test_more_reports_of_the_same_are_not_more_pressure() -> None:
    """Volume is attention: ten times the events with the same values leave the mean as it is."""
    month = [(0, "CHN", "JPN", 2, -5.0), (0, "CHN", "JPN", 0, 3.0)]
    few, many = (levels_of(month * times, "prior_events=0") for times in (1, 10))
    for action in ("pressure", "cooperation"):
        assert row(few, 0, "CHN", "JPN")[action] == pytest.approx(
            row(many, 0, "CHN", "JPN")[action]
        )
    assert (
        row(many, 0, "CHN", "JPN")["pressure_error"] < row(few, 0, "CHN", "JPN")["pressure_error"]
    )


def test_only_the_dyad_and_direction_of_an_event_are_touched() -> None:
    """What one does to another says nothing of the answer, nor of others."""
    found = levels_of([(2, "CHN", "JPN", 2, -4.0)])
    table = found.table()
    assert len(table) == 6 * 6
    told = table.dropna(subset=["pressure"])
    assert set(zip(told["of"], told["toward"], strict=True)) == {("CHN", "JPN")}
    assert table["events"].sum() == 1


def test_the_error_is_that_of_a_mean() -> None:
    """With many events the standard error is the sample's deviation over the root of n + k."""
    rng = np.random.default_rng(3)
    values = np.round(rng.uniform(-10, 0, 400), 1)
    found = levels_of([(0, "CHN", "JPN", 2, float(value)) for value in values], "prior_events=0")
    expected = (np.sqrt(((values - values.mean()) ** 2).sum() / 399) / 10) / 20
    assert row(found, 0, "CHN", "JPN")["pressure_error"] == pytest.approx(expected, rel=0.01)


def test_two_equal_events_are_no_certainty() -> None:
    """However alike a few events are, their mean has an error that counts."""
    found = levels_of([(0, "CHN", "JPN", 2, -4.0)] * 2, "prior_events=0")
    assert row(found, 0, "CHN", "JPN")["pressure_error"] == pytest.approx(0.25)


def test_words_may_weigh_less_than_deeds() -> None:
    """With weight 0 words do not count in the level, but are still counted as events."""
    events = [(0, "CHN", "JPN", 0, 4.0)] * 8 + [(0, "CHN", "JPN", 3, -8.0)] * 2
    both = row(levels_of(events, "prior_events=0"), 0, "CHN", "JPN")
    deeds = row(levels_of(events, "prior_events=0", "verbal_weight=0"), 0, "CHN", "JPN")
    half = row(levels_of(events, "prior_events=0", "verbal_weight=0.5"), 0, "CHN", "JPN")
    assert (both["pressure"], deeds["pressure"]) == pytest.approx((0.16, 0.8))
    assert half["pressure"] == pytest.approx(2 * 0.8 / 6)
    assert deeds["cooperation"] == 0.0
    assert deeds["events"] == 10


EVENT = st.tuples(
    st.integers(0, 5),
    st.just("CHN"),
    st.sampled_from(["JPN", "KOR"]),
    st.integers(0, 3),
    st.integers(-100, 100).map(lambda tenths: tenths / 10),
)


@given(
    st.lists(EVENT, min_size=1, max_size=60),
    st.sampled_from([0.0, 0.5, 20.0]),
    st.sampled_from([0.0, 0.3, 1.0]),
)
def test_levels_are_levels(
    events: list[tuple[int, str, str, int, float]], prior: float, verbal: float
) -> None:
    """Levels lie in 0..1, errors are positive, and turning all signs swaps the two actions."""
    settings = (f"prior_events={prior}", f"verbal_weight={verbal}")
    found = levels_of(events, *settings)
    turned = levels_of([(*event[:4], -event[4]) for event in events], *settings)
    known = ~np.isnan(found.level)
    assert ((found.level[known] >= 0) & (found.level[known] <= 1)).all()
    assert (found.error[known] > 0).all()
    assert np.array_equal(found.level, turned.level[::-1], equal_nan=True)
    assert found.counts.sum() == len(events)


def ingested(tmp_path: Path, lines: list[str], *settings: str, **how: Any) -> Ingested:
    """Ingest lines of GDELT for the scenario of this file."""
    (tmp_path / "wedge.toml").write_text(SCENARIO, "utf-8")
    (tmp_path / "events.csv").write_bytes(text(lines))
    request = Request(
        names=[str(tmp_path / "events.csv")],
        rule=parse_rule(settings),
        loaded=load(str(tmp_path / "wedge.toml")),
        **how,
    )
    return ingest(request, tmp_path)


def month_of(month: str, of: str, toward: str, value: float, count: int, start: int) -> list[str]:
    """Return so many equal events of a month."""
    root = "04" if value >= 0 else "11"
    return [
        gdelt(start + place, f"{month}{1 + place % 28:02d}", of, toward, value, root=root)
        for place in range(count)
    ]


def history() -> list[str]:
    """Return a calm year's end and a hard May between CHN and JPN, and a chill among the allies."""
    return [
        *month_of("201402", "CHN", "JPN", -1.0, 100, 1000),
        *month_of("201405", "CHN", "JPN", -5.0, 180, 2000),
        *month_of("201402", "JPN", "KOR", 4.0, 100, 3000),
        *month_of("201405", "JPN", "KOR", 2.0, 50, 4000),
    ]


def test_pushes_are_shares_of_the_way_from_the_baseline(tmp_path: Path) -> None:
    """A month's level above the baseline pushes toward 1 by its share of the room, that month."""
    found = ingested(tmp_path, history())
    events = tomllib.loads(found.drivers)["events"]
    assert list(events) == ["gdelt1-chn-jpn-pressure-2014-05"]
    (event,) = events.values()
    usual = (100 / 120 * 0.1 + 180 / 200 * 0.5) / (100 / 120 + 180 / 200)
    base = (100 * 0.1 + 20 * usual) / 120
    level = (180 * 0.5 + 20 * base) / 200
    assert event["push"]["value"] == pytest.approx((level - base) / (1 - base), abs=1e-4)
    assert (event["of"], event["toward"], event["variable"]) == ("CHN", "JPN", "pressure")
    assert (event["date"], event["until"]) == ("2014-05", "2014-05")
    assert "180 events" in event["source"]
    assert "half_life" not in event


def test_what_allies_do_to_one_another_is_never_an_input(tmp_path: Path) -> None:
    """Their cooperation is an observation: the change that such a push makes of the baseline."""
    found = ingested(tmp_path, history(), "prior_events=0")
    document = tomllib.loads(found.drivers)
    assert not [event for event in document["events"].values() if event["of"] in ("JPN", "KOR")]
    seen = document["observations"]["gdelt1-jpn-kor-cooperation-2014-05"]
    assert (seen["since"], seen["date"]) == ("2014-03", "2014-05")
    assert seen["value"]["value"] == pytest.approx(0.5 * (0.2 - 0.4) / 0.4)
    assert 0 < seen["error"] < 0.1
    assert found.report["written"] == {"events": 1, "observations": 2}


def test_the_drivers_drive_the_model(tmp_path: Path) -> None:
    """The file extends its scenario, and the pushed month is the one in which pressure rises."""
    found = ingested(tmp_path, history())
    write(found, tmp_path)
    driven = load(str(tmp_path / "drivers.toml")).scenario
    plain = load(str(tmp_path / "wedge.toml")).scenario
    assert list(driven.events) == ["gdelt1-chn-jpn-pressure-2014-05"]
    run = simulate(build_world(driven), build_world(plain), runs=1, seed=1)
    i, j = (list(driven.actors).index(name) for name in ("CHN", "JPN"))
    with_it, without = ([run.state(side, 0, m).pressure[i, j] for m in range(4)] for side in (0, 1))
    assert with_it[:2] == without[:2]  # the baseline and April
    assert with_it[2] > without[2] + 0.05


def test_acts_of_a_strategy_belong_to_it(tmp_path: Path) -> None:
    """With ``part_of`` the twin goes without the divider's acts; a wrong name is refused."""
    found = ingested(tmp_path, history(), part_of="wedge")
    (event,) = tomllib.loads(found.drivers)["events"].values()
    assert event["part_of"] == "wedge"
    with pytest.raises(InputError, match="Did you mean 'wedge'"):
        ingested(tmp_path, history(), part_of="wedg")


def test_a_thin_month_moves_little(tmp_path: Path) -> None:
    """One hostile report in a quiet month is not written; without the prior it would be."""
    lines = [
        *month_of("201402", "CHN", "JPN", -1.0, 100, 1000),
        *month_of("201405", "CHN", "JPN", -5.0, 1, 2000),
    ]
    assert "events" not in tomllib.loads(ingested(tmp_path, lines).drivers)
    bold = ingested(tmp_path, lines, "prior_events=0", "sureness=0")
    assert len(tomllib.loads(bold.drivers)["events"]) == 1


def test_sureness_size_and_gain_decide_what_is_written(tmp_path: Path) -> None:
    """Each of the three constants does what it says."""
    plain = tomllib.loads(ingested(tmp_path, history()).drivers)["events"]
    (push,) = (event["push"]["value"] for event in plain.values())
    for setting in ("smallest_push=0.9", "sureness=100", "gain=0"):
        assert "events" not in tomllib.loads(ingested(tmp_path, history(), setting).drivers)
    half = tomllib.loads(ingested(tmp_path, history(), "gain=0.5").drivers)["events"]
    assert [event["push"]["value"] for event in half.values()] == [
        pytest.approx(push / 2, abs=1e-4)
    ]


def test_the_report_tells_thin_months_and_what_stands_in(tmp_path: Path) -> None:
    """Months without events, and baselines without any, can be seen in the report."""
    lines = month_of("201405", "CHN", "KOR", 4.0, 3, 1)
    report = ingested(tmp_path, lines).report
    (dyad,) = [row for row in report["dyads"] if (row["of"], row["toward"]) == ("CHN", "KOR")]
    assert (dyad["events"], dyad["baseline_events"]) == (3, 0)
    assert (dyad["months"], dyad["months_without"]) == (18, 17)
    assert report["months"]["2014-05"] == 3
    assert report["months"]["2014-04"] == 0
    assert "attention" in report["caution"]


def test_too_many_drivers_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A file that no scenario could extend is not written."""
    monkeypatch.setattr("alliancesim.ingest.drivers.LARGEST_FILE", 500)
    with pytest.raises(InputError, match="smallest_push"):
        ingested(tmp_path, history())


def test_a_table_of_ages_is_refused() -> None:
    """A stray date does not make a table of millions of rows."""
    with pytest.raises(InputError, match="rows of month and dyad"):
        levels(
            sums_of([(0, "CHN", "JPN", 2, -4.0), (90_000, "CHN", "JPN", 2, -4.0)]),
            ACTORS,
            (None, None),
            parse_rule([]),
        )


def test_every_constant_is_named_sourced_and_can_be_set() -> None:
    """Defaults lie in their ranges; what the user sets is marked as such; slips are refused."""
    for constant in REGISTER:
        assert constant.low <= constant.default <= constant.high
        assert constant.source
        assert constant.meaning
        assert getattr(parse_rule([f"{constant.name}={constant.high}"]), constant.name)
    changed = {entry["name"]: entry for entry in described(parse_rule(["gain=2"]))}
    assert (changed["gain"]["value"], changed["gain"]["basis"]) == (2.0, "set by the user")
    with pytest.raises(InputError) as error:
        parse_rule(["prior_event=3", "gain", "gain=nan", "gain=11", "baseline_months=1.5"])
    assert len(error.value.problems) == 5
    assert error.value.problems[0].suggestion == "prior_events"


@pytest.mark.parametrize(
    ("how", "words"),
    [
        ({"actors": ["JPN"]}, "two or more"),
        ({"actors": ["JPN", "JPN"]}, "each actor once"),
        ({"actors": ["JPN", "Korea"]}, "Did you mean 'KOR'"),
        ({"actors": ["JPN", "FRA"]}, "one of the scenario's actors"),
        ({"first": "2014-13"}, 'a month written "YYYY-MM"'),
        ({"first": "2014-03", "last": "2014-02"}, "no month before 2014-03"),
        ({"format": "icews", "root_events": True}, "ICEWS has no such column"),
    ],
)
def test_wrong_requests_are_refused_before_reading(
    tmp_path: Path, how: dict[str, Any], words: str
) -> None:
    """What cannot be meant is told at once."""
    with pytest.raises(InputError, match=words):
        ingested(tmp_path, history(), **how)


def test_without_the_library_the_extra_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    """A missing country_converter is an installation to be made, not a traceback."""
    monkeypatch.setitem(__import__("sys").modules, "country_converter", None)
    with pytest.raises(InputError, match=r"'\.\[ingest\]'"):
        Countries()


def test_the_page_names_every_constant_with_its_default() -> None:
    """The how-to page and the register do not drift apart."""
    page = Path(__file__).resolve().parent.parent / "docs/how-to/bring-your-own-data.md"
    told = page.read_text("utf-8")
    for constant in REGISTER:
        assert f"| `{constant.name}` | {constant.default:g} | {constant.unit} |" in told
