"""The dashboard without its page: settings and links, what is computed, who computes when."""

from __future__ import annotations

import io
import re
import threading
import tomllib
import zipfile
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from alliancesim import batch
from alliancesim.batch import ALLIANCE
from alliancesim.cli import dashboarding
from alliancesim.coefficients import NAMES
from alliancesim.dashboard import acting, downloads, wording
from alliancesim.dashboard.catalogue import Catalogue
from alliancesim.dashboard.charts.actions import moving
from alliancesim.dashboard.charts.causes import causes_chart, reach_of
from alliancesim.dashboard.charts.drawing import tag
from alliancesim.dashboard.charts.frame import frame_of
from alliancesim.dashboard.charts.gauge import gauge
from alliancesim.dashboard.charts.network import network_data
from alliancesim.dashboard.charts.phase import phase_map
from alliancesim.dashboard.computing import first_world, pair_of, view_of
from alliancesim.dashboard.guard import BURST, RATE, Paced, is_own_name
from alliancesim.dashboard.hall import Asked, Hall
from alliancesim.dashboard.later import CELLS, GivenUp, axes_of, causes_of, map_of
from alliancesim.dashboard.later import RUNS as MAP_RUNS
from alliancesim.dashboard.office import Lane
from alliancesim.dashboard.setting import (
    LONGEST_LINK,
    MECHANISMS,
    Setting,
    link_of,
    read_link,
    scenario_of,
    with_values,
)
from alliancesim.ensemble import run_once
from alliancesim.language import LANGUAGES
from alliancesim.scenario.problems import InputError
from alliancesim.scenario.reading import load
from alliancesim.study import Options, run_scenario
from commands import answer

CATALOGUE = Catalogue()
FLAGSHIP = "observed-backfire"
FEW = 20


def choice(name: str = FLAGSHIP) -> Any:
    return CATALOGUE.choice(name)


@st.composite
def any_settings(draw: st.DrawFn) -> Setting:
    """Any setting that the page can stand at."""
    name = draw(st.sampled_from((FLAGSHIP, "court-both", "northeast-asia-2025")))
    levers = choice(name).levers
    values = draw(
        st.dictionaries(
            st.sampled_from(sorted(levers)), st.floats(-2, 2, allow_nan=False), max_size=5
        )
    )
    off = draw(st.sets(st.sampled_from(MECHANISMS), max_size=4))
    made = Setting(
        scenario=name,
        without=tuple(n for n in NAMES if n in off),
        runs=draw(st.integers(20, 1000)),
        seed=draw(st.integers(0, 2**32 - 1)),
        posterior=draw(st.booleans()),
        language=draw(st.sampled_from(LANGUAGES)),
    )
    return with_values(made, choice(name), values)


@settings(max_examples=25, deadline=None)
@given(any_settings(), st.none() | any_settings())
def test_a_link_brings_back_what_it_was_made_of(now: Setting, beside: Setting | None) -> None:
    """Setting and the one beside it go through the address unchanged."""
    if beside is not None:
        beside = beside.model_copy(update={"language": now.language})
    read = read_link(link_of(now, beside), CATALOGUE)
    assert (read.setting, read.beside) == (now, beside)
    assert read.problems == ()


@settings(max_examples=80, deadline=None)
@given(
    st.text(max_size=200)
    | st.dictionaries(
        st.sampled_from(
            ["scenario", "runs", "seed", "without", "posterior", "language", "beside", "x",
             "actors.KOR.pragmatism", "strategies.squeeze-and-court.press_intensity"]
        ),
        st.text(max_size=30) | st.floats().map(repr) | st.integers().map(str),
    ).map(lambda parts: "&".join(f"{key}={value}" for key, value in parts.items()))
)  # fmt: skip
def test_no_link_does_harm(query: str) -> None:
    """Whatever an address says, a valid setting comes of it, and no error."""
    read = read_link(query, CATALOGUE)
    assert read.setting.scenario in CATALOGUE.names
    for setting in (read.setting, read.beside or read.setting):
        scenario_of(setting, choice(setting.scenario))
    assert all(isinstance(problem, str) and problem for problem in read.problems)


def test_a_bad_link_is_told_part_by_part_and_keeps_what_is_good() -> None:
    """Each bad part is named with what was expected; the good ones hold."""
    read = read_link(
        "scenario=observed-backfir&runs=9&seed=-1&posterior=maybe&without=entrapmant,entrapment"
        "&actors.KOR.pragmatism=0.25&dyads.KOR-CHN.threat=7&actors.KOR.pragmatisn=0.1",
        CATALOGUE,
    )
    assert read.setting.scenario == CATALOGUE.first
    assert read.setting.without == ("entrapment",)
    assert read.setting.values() == {"actors.KOR.pragmatism": 0.25}
    told = "\n".join(read.problems)
    assert len(read.problems) == 7
    for words in ("observed-backfire", "from 20 to 1000", "'-1'", "maybe", "'7'", "from 0 to 1"):
        assert words in told
    assert "Did you mean entrapment?" in told
    assert "erwartet wird" in read_link("language=de&seed=-1", CATALOGUE).problems[0]
    assert "Did you mean actors.KOR.pragmatism?" in told


def test_a_link_reads_no_files(tmp_path: Path) -> None:
    """The name of a scenario is looked up among those on offer, never as a path."""
    stray = tmp_path / "stray.toml"
    stray.write_text('extends = "observed-backfire"\n', "utf-8")
    read = read_link(f"scenario={stray}", CATALOGUE)
    assert read.setting.scenario == CATALOGUE.first
    assert len(read.problems) == 1
    assert len(read_link("scenario=" + "x" * LONGEST_LINK, CATALOGUE).problems) == 1


def test_sliders_are_found_in_any_scenario() -> None:
    """What a wedge does, who guards, leads, fears and trades: with ranges that hold its values."""
    for name in CATALOGUE.names:
        levers = choice(name).levers
        assert levers
        labels = [lever.label for lever in levers.values()]
        assert len(set(labels)) == len(labels)
        for lever in levers.values():
            assert lever.number.low <= lever.number.value <= lever.number.high
            assert "{" not in lever.label
    keys = list(choice().levers)
    legs = ("press_intensity", "court_intensity", "visibility")
    assert keys[:3] == [f"strategies.squeeze-and-court.{leg}" for leg in legs]
    # Where an event puts another leader in place, it is that leader who is moved.
    assert {
        "events.takaichi.to",
        "actors.KOR.pragmatism",
        "events.no-backing.to",
        "dyads.USA-KOR.commitment",
        "dyads.JPN-CHN.threat",
        "dyads.KOR-CHN.dependence",
    } <= set(keys)
    assert "actors.JPN.pragmatism" not in keys


@pytest.fixture(scope="module")
def moved() -> Setting:
    """A setting with two sliders moved and a mechanism off."""
    values = {"actors.KOR.pragmatism": 0.25, "strategies.squeeze-and-court.press_intensity": 0.5}
    setting = Setting(scenario=FLAGSHIP, runs=FEW, seed=3, without=("entrapment",))
    return with_values(setting, choice(), values)


@pytest.mark.parametrize("posterior", [False, True])
def test_the_page_shows_what_a_run_says(moved: Setting, posterior: bool) -> None:
    """Verdict and cohesion are those of ``run`` with the same --set, --without, runs and seed."""
    setting = moved.model_copy(update={"posterior": posterior})
    view = view_of(setting, choice())
    ran = downloads.result_of(setting, choice())
    assert view.verdict == ran.verdict
    pd.testing.assert_frame_equal(view.alliance, ran.alliance, check_exact=True)
    table = ran.quantiles()
    told = table[(table["world"] == "world") & (table["variable"] == "pressure")]
    path = told[(told["of"] == "CHN") & (told["toward"] == "JPN")]["q50"]
    of, toward = view.actors.index("CHN"), view.actors.index("JPN")
    np.testing.assert_allclose(view.actions[1, of, toward], path.to_numpy(), atol=1e-12)


def test_less_pressure_means_less_effect() -> None:
    """The slider of pressure works with the right sign, and at nothing there is no effect."""
    effects = []
    for level in (0.0, 0.5, 1.0):
        off = {f"strategies.squeeze-and-court.{leg}_intensity": level for leg in ("press", "court")}
        view = view_of(with_values(Setting(scenario=FLAGSHIP, runs=FEW), choice(), off), choice())
        effects.append(view.verdict.effect.estimate)
    # The strategy is still seen, which alone moves next to nothing.
    assert abs(effects[0]) < 1e-5
    assert effects[2] < effects[1] < -0.005


def test_the_scenario_file_runs_to_the_same_numbers(moved: Setting, tmp_path: Path) -> None:
    """The downloaded file, given to ``run``, makes the verdict that the page showed."""
    file = tmp_path / downloads.file_name(moved)
    file.write_text(downloads.scenario_text(moved, choice()), "utf-8")
    tomllib.loads(file.read_text("utf-8"))
    command = re.search(r"Run it with: alliancesim (.*)", file.read_text("utf-8"))
    assert command is not None
    done = answer(*command[1].split(), "--no-robustness", "--out", "kept", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    verdict = view_of(moved, choice()).verdict
    from alliancesim.results.result import read

    assert read(tmp_path / "kept").verdict == verdict


def test_the_scenario_file_keeps_every_order_that_numbers_hang_on(tmp_path: Path) -> None:
    """Actors, and events of one month, stand as in the scenario, whichever sliders were moved."""
    for name, keys in {
        FLAGSHIP: ("events.launches-kor-2026-04.to", "dyads.KOR-CHN.threat"),
        "qatar-2017": ("actors.TUR.pragmatism",),
    }.items():
        values = dict.fromkeys(keys, 0.37)
        setting = with_values(Setting(scenario=name, runs=FEW), choice(name), values)
        file = tmp_path / downloads.file_name(setting)
        file.write_text(downloads.scenario_text(setting, choice(name)), "utf-8")
        kept, own = load(str(file)).scenario, scenario_of(setting, choice(name))
        assert list(kept.actors) == list(own.actors)
        by_date = [sorted(s.events.items(), key=lambda item: item[1].date) for s in (kept, own)]
        assert by_date[0] == by_date[1]


def test_data_and_report_come_from_the_same_run(moved: Setting) -> None:
    """The archive holds tables as Parquet and CSV, and the scenario file."""
    archive = zipfile.ZipFile(io.BytesIO(downloads.data_archive(moved, choice())))
    names = {Path(name).name for name in archive.namelist()}
    assert {
        "manifest.json",
        "outcomes.parquet",
        "outcomes.csv",
        downloads.file_name(moved),
    } <= names
    outcomes = pd.read_csv(archive.open(f"{FLAGSHIP}/outcomes.csv"))
    assert len(outcomes) == FEW
    mean = view_of(moved, choice()).verdict.effect.estimate
    brief = downloads.brief_page(moved, choice()).decode()
    assert f"{mean:+.3f}".replace("-", "−") in brief
    assert outcomes["effect"].mean() == pytest.approx(mean, abs=1e-12)


def test_the_map_agrees_with_the_setting_where_it_stands() -> None:
    """The corner of full pressure and courtship has the effect of a run of as many runs."""
    setting = Setting(scenario=FLAGSHIP)
    found = map_of(setting, choice(), lambda: True)
    assert found is not None
    assert found.effects.shape == (CELLS, CELLS)
    assert found.here == (1.0, 1.0)
    few = Options(runs=MAP_RUNS, seed=1, robustness=False, keep="outcomes")
    there = run_scenario(choice().loaded, few).verdict.effect.estimate
    assert found.effects[-1, -1] == pytest.approx(there, abs=1e-12)
    assert abs(found.effects[0, 0]) < 1e-5
    assert "hair" in phase_map(found)
    with pytest.raises(GivenUp):
        map_of(setting, choice(), lambda: False)


def test_causes_add_up_to_the_change() -> None:
    """Shares of causes and past make the whole change, which the page shows as the last bar."""
    account = causes_of(Setting(scenario="press-only"), choice("press-only"), lambda: True)
    assert account is not None
    shares = account.shares.set_index("kind")["estimate"]
    assert shares["cause"].sum() + shares["past"] == pytest.approx(shares["change"], abs=1e-9)
    blockade = causes_of(Setting(scenario="qatar-2017"), choice("qatar-2017"), lambda: True)
    assert blockade is not None
    # Much of this change comes without any dated cause, and the chart says so.
    assert "without any cause" in causes_chart(blockade, reach_of([blockade]))
    still = "northeast-asia-2025"
    assert causes_of(Setting(scenario=still), choice(still), lambda: True) is None


def test_maps_need_two_sliders() -> None:
    """Axes are pressure and courtship where there are both, and two sliders in every other case."""
    for name in CATALOGUE.names:
        axes = axes_of(choice(name))
        assert axes is not None
        assert axes[0].key != axes[1].key
    axes = axes_of(choice())
    assert axes is not None
    assert [axis.key.rsplit(".", 1)[1] for axis in axes] == ["press_intensity", "court_intensity"]


@pytest.mark.parametrize("posterior", [False, True])
def test_the_stepped_model_is_the_first_run(moved: Setting, posterior: bool) -> None:
    """Every month of the Mesa model that is stepped equals run 0 of the ensemble, bit for bit."""
    setting = moved.model_copy(update={"posterior": posterior})
    world = first_world(setting, choice())
    path = run_once(world, setting.seed, 0)
    pair, _ = pair_of(scenario_of(setting, choice()), setting)
    view = view_of(setting, choice())
    alliance = view.ensemble.alliance[0, 0]
    fields = path[:, 8]
    of, toward = (world.actors.index(code) for code in ("JPN", "KOR"))
    assert fields[:, of, toward].tolist() == alliance.tolist()
    assert pair.world.months == world.months


def test_charts_escape_what_files_say() -> None:
    """A name in a scenario cannot become markup."""
    hostile = '<img src=x onerror="alert(1)">'
    assert "<img" not in tag("text", hostile, title=hostile)
    view = view_of(Setting(scenario=FLAGSHIP, runs=FEW), choice())
    frame = frame_of([view])
    assert gauge(view, frame).startswith("<svg")
    arrows = network_data(view, frame)["arrows"]
    assert {arrow["kind"] for arrow in arrows} == {"cooperation", "pressure"}


def test_the_pairs_that_move_most_are_shown() -> None:
    """A pair that stands still is no line of the chart; the most moving ones are."""
    levels = np.zeros((3, 3, 4))
    levels[0, 1] = [0.1, 0.2, 0.3, 0.4]
    levels[2, 0] = [0.5, 0.5, 0.5, 0.2]
    levels[1, 2] = 0.7
    assert moving(levels) == [(0, 1), (2, 0)]


def test_controls_change_what_they_say() -> None:
    """Each control changes its own part, and nonsense from a browser changes nothing."""
    asked = Asked(Setting(scenario=FLAGSHIP), None)

    def then(what: str, key: Any = "", value: Any = None) -> Asked:
        return acting.after(asked, {"what": what, "key": key, "value": value}, CATALOGUE)

    assert then("slide", "", {"actors.KOR.pragmatism": 0.5}).now.values() == {
        "actors.KOR.pragmatism": 0.5
    }
    assert then("scenario", "", "press-only").now.scenario == "press-only"
    assert then("without", "entrapment", True).now.without == ("entrapment",)
    assert then("runs", "", "90").now.runs == 90
    assert then("runs", "", "1000000").now.runs == 1000
    assert then("posterior", "", True).now.posterior
    assert then("keep").beside == asked.now
    assert then("language", "", "de").now.language == "de"
    for nonsense in (
        {"what": "slide", "value": {"actors.KOR.pragmatism": float("nan"), "x": "y", "z": 10**400}},
        {"what": "slide", "value": 3},
        {"what": "scenario", "value": "../../etc/passwd"},
        {"what": "scenario", "value": ["a"]},
        {"what": "without", "key": "opinion_volatility", "value": True},
        {"what": "without", "key": ["a"], "value": True},
        {"what": "runs", "value": {}},
        {"what": "language", "value": "fr"},
        {},
        None,
        ["what"],
    ):
        assert acting.after(asked, nonsense, CATALOGUE) == asked


def test_a_session_has_one_computation_and_the_newest_wins() -> None:
    """Of questions asked while one is being answered, only the last is answered."""
    lane, begun, go = Lane("test", 2, 10), threading.Event(), threading.Event()
    done, answers = threading.Event(), []

    def first(_wanted: Any) -> str:
        begun.set()
        go.wait(5)
        return "first"

    def take(found: Any, _error: Exception | None) -> None:
        answers.append(found)
        if found == 9:
            done.set()

    assert lane.ask("a", first, take)
    assert begun.wait(5)
    for number in range(10):
        assert lane.ask("a", lambda _wanted, n=number: n, take)
    go.set()
    assert done.wait(5)
    assert answers == [9]


def test_the_queue_is_bounded_and_errors_are_delivered() -> None:
    """Sessions beyond the limit are turned away; what goes wrong reaches who asked."""
    lane, begun, go = Lane("test", 1, 1), threading.Event(), threading.Event()
    failed, errors = threading.Event(), []

    def block(_wanted: Any) -> None:
        begun.set()
        go.wait(5)

    def fail(_wanted: Any) -> None:
        raise InputError([])

    def take(_found: Any, error: Exception | None) -> None:
        errors.append(error)
        failed.set()

    assert lane.ask("a", block, lambda *_: None)
    assert begun.wait(5)
    assert lane.ask("b", fail, take)
    assert not lane.ask("c", block, take)
    go.set()
    assert failed.wait(5)
    assert isinstance(errors[0], InputError)


def test_a_browser_that_does_not_read_holds_up_nobody_else() -> None:
    """A delivery that blocks leaves the clerks free for other sessions."""
    lane, stuck, served = Lane("test", 1, 10), threading.Event(), threading.Event()
    assert lane.ask("slow reader", lambda _wanted: 1, lambda *_: stuck.wait(5) and None)
    assert lane.ask("other", lambda _wanted: 2, lambda *_: served.set())
    assert served.wait(5)
    stuck.set()


def test_numbers_that_do_not_go_together_are_told() -> None:
    """Shares of trade beyond the whole: words for the page, and the last result stays."""
    levers = choice("qatar-2017").levers
    shares = {key: lever.number.high for key, lever in levers.items() if ".dependence" in key}
    setting = with_values(Setting(scenario="qatar-2017", runs=FEW), choice("qatar-2017"), shares)
    told, done = [], threading.Event()

    def take(found: Any, error: Exception | None) -> None:
        told.append((found, error))
        done.set()

    assert Hall().ask("a", Asked(setting, None), take, take)
    assert done.wait(10)
    ((found, error),) = told
    assert found is None
    assert isinstance(error, InputError)
    assert "dependence" in wording.trouble(error)
    assert "Traceback" not in wording.trouble(RuntimeError("secret"))
    assert "secret" not in wording.trouble(RuntimeError("secret"))


def test_slow_work_follows_quick_work_and_skips_what_is_outdated() -> None:
    """Map and causes come after the ensemble, and only of the setting asked for last."""
    hall, order, done = Hall(), [], threading.Event()
    first, last = (Asked(Setting(scenario="press-only", runs=FEW, seed=n), None) for n in (1, 2))

    def quick(found: Any, _error: Exception | None) -> None:
        order.append(("quick", found[0].setting.seed))

    def slow(found: Any, _error: Exception | None) -> None:
        order.append(("slow", found[0].setting.seed))
        done.set()

    assert hall.ask("a", first, quick, slow)
    assert hall.ask("a", last, quick, slow)
    assert done.wait(20)
    assert order[-2:] == [("quick", 2), ("slow", 2)]
    assert ("slow", 1) not in order


def test_equal_settings_are_computed_once() -> None:
    """Fifty browsers that open the same page cost one computation, whatever their language."""
    hall = Hall()
    asked = Asked(Setting(scenario="press-only", runs=FEW), None)
    again = Asked(asked.now.model_copy(), None)
    assert hall.shown(asked)[0] is hall.shown(again)[0]
    assert hall.later(asked, lambda: True) == hall.later(again, lambda: False)
    german = Asked(asked.now.model_copy(update={"language": "de"}), None)
    assert "Druck" in hall.later(german, lambda: False)[0].causes


def test_settings_side_by_side_share_scales_places_and_no_identifier() -> None:
    """What lies higher is more, an actor stands where it does beside, and identifiers differ."""
    hall = Hall()
    other = Setting(scenario="wedge-hypothesis", runs=FEW)
    now, beside = hall.shown(Asked(Setting(scenario=FLAGSHIP, runs=FEW), other))
    (alone,) = hall.shown(Asked(other, None))
    places = [
        {actor["name"]: (actor["x"], actor["y"]) for actor in shown.network["actors"]}
        for shown in (now, beside, alone)
    ]
    assert places[0] == places[1] != places[2]
    tick = re.compile(r'y="([\d.]+)"[^>]*>(0\.\d)</text>')
    axes = [tick.findall(shown.fan) for shown in (now, beside, alone)]
    assert axes[0] == axes[1] != axes[2]
    for chart in ("gauge", "fan", "actions"):
        ids = [re.findall(r' id="([^"]+)"', getattr(shown, chart)) for shown in (now, beside)]
        assert len(ids[0]) == 2
        assert set(ids[0]).isdisjoint(ids[1])


@pytest.mark.parametrize(
    ("given_host", "bound", "own"),
    [
        ("127.0.0.1:80", "127.0.0.1", True),
        ("localhost:80", "127.0.0.1", True),
        ("[::1]:80", "::1", True),
        ("127.0.0.1:81", "127.0.0.1", False),
        ("127.0.0.1", "127.0.0.1", False),
        ("evil.example:80", "127.0.0.1", False),
        ("192.0.2.1:80", "127.0.0.1", False),
        ("192.0.2.1:80", "0.0.0.0", True),
        ("evil.example:80", "0.0.0.0", False),
        ("192.0.2.1:80", "192.0.2.1", True),
        ("", "127.0.0.1", False),
    ],
)
def test_the_server_goes_by_its_own_names_only(given_host: str, bound: str, own: bool) -> None:
    """A name that anybody could point to this machine is none of the server's."""
    assert is_own_name(given_host, bound, 80) is own


def test_wrong_words_are_told_before_anything_starts(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """No such scenario, no such port, no such library: exit code 2 and what to do."""
    done = answer("dashboard", "observed-backfir", cwd=tmp_path)
    assert done.returncode == 2
    assert "Did you mean 'observed-backfire'?" in done.stderr
    assert answer("dashboard", "--port", "70000", cwd=tmp_path).returncode == 2
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    with pytest.raises(InputError, match=re.escape("pip install '.[dashboard]'")):
        dashboarding._require_solara()


def test_kernel_and_page_meet_the_same_shocks(moved: Setting) -> None:
    """The alliance's cohesion on the page is the batch kernel's, whatever else is followed."""
    pair, _ = pair_of(scenario_of(moved, choice()), moved)
    alone = batch.trajectories(pair, seed=3, run_numbers=range(FEW), series=(ALLIANCE,))[..., 0]
    assert view_of(moved, choice()).ensemble.alliance.tolist() == alone.tolist()


def test_a_connection_that_floods_the_server_waits() -> None:
    """A burst passes, what comes on top is spread over time, and a rest makes room again."""
    now = 0.0

    async def receive() -> Any:
        return {}

    paced = Paced(receive, lambda: now)
    assert [paced.wait() for _ in range(BURST)] == [0.0] * BURST
    assert paced.wait() == pytest.approx(1 / RATE)
    assert paced.wait() == pytest.approx(2 / RATE)
    now = 10.0
    assert paced.wait() == 0.0
