"""Reports: what a page promises, from numbers to escaping."""

from __future__ import annotations

import copy
import functools
import math
import re
import xml.etree.ElementTree as ET
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from markupsafe import Markup

from alliancesim import comparison
from alliancesim.figures import calendar, marks, style, timeline
from alliancesim.figures.distribution import zone_limits
from alliancesim.figures.style import NARROW, apart
from alliancesim.figures.svg import svg_text
from alliancesim.figures.words import signed
from alliancesim.measures.intervals import Interval
from alliancesim.measures.verdict import WORDS, Verdict
from alliancesim.report import observations, page, pictures, probability_words, record, wording
from alliancesim.report.captions import Caption
from alliancesim.report.numbers import percent, percent_interval
from alliancesim.report.page import run_page, write_report
from alliancesim.report.phrases import plain_spaces
from alliancesim.results import result as results
from alliancesim.results.result import Result
from alliancesim.scenario.problems import InputError
from alliancesim.scenario.reading import Loaded
from alliancesim.study import Options, run_scenario
from worlds import bare, document, scenario_of

HOSTILE = '<script>alert("x")</script>&$x^2$ _'


def made(data: dict[str, Any], name: str = "made", **options: Any) -> Result:
    """Return the results of plain data."""
    chosen = {"runs": 6, "robustness": False, **options}
    return run_scenario(Loaded(name, scenario_of(data), (), {}), Options(**chosen))


def hostile_document() -> dict[str, Any]:
    """Return a small scenario in which every free text is hostile."""
    data = bare("ALFA", "BRAVO", "CHARLIE", months=6)
    data |= {"title": HOSTILE, "question": HOSTILE, "story": HOSTILE, "learn": HOSTILE}
    data["sources"] = [HOSTILE, "https://example.org/paper"]
    data["actors"] = {code: {"name": f"{code} {HOSTILE}"} for code in data["actors"]}
    source = {"value": 0.4, "basis": "coded", "source": HOSTILE}
    press = {"actor": "CHARLIE", "press": {"ALFA": source}, "source": HOSTILE}
    data["strategies"] = {"wedge": press}
    event = {"date": "2030-02", "what": HOSTILE, "variable": "threat", "of": "ALFA"}
    data["events"] = {"one": event | {"toward": "CHARLIE", "push": 0.1, "source": HOSTILE}}
    seen = {"date": "2030-03", "what": HOSTILE, "of": "ALFA", "toward": "BRAVO"}
    value = {"value": 0.2, "basis": "measured", "source": HOSTILE}
    data["observations"] = {"one": seen | {"variable": "opinion", "value": value}}
    return data


class Reader(HTMLParser):
    """Collects what a browser would load or run, and the outline."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.loads: list[str] = []
        self.handlers: list[str] = []
        self.ids: list[str] = []
        self.svgs: list[dict[str, str | None]] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        for key, value in attrs:
            if key in ("src", "href", "xlink:href", "srcset", "data", "action"):
                self.loads.append(value or "")
            if key.startswith("on"):
                self.handlers.append(key)
            if key == "id":
                self.ids.append(value or "")
        if tag == "svg":
            self.svgs.append(dict(attrs))


@functools.cache
def full_result() -> Result:
    """Return results of the scenario that uses every table, with long names and addresses."""
    data = document()
    data["sources"] = ["Tests 2026", "https://example.org/" + "long/" * 40]
    data["actors"]["DELTA"]["name"] = "The Federative Republic of the Delta Isles"
    return made(data, "full", runs=8)


@functools.cache
def full_page() -> str:
    """Return the page on them; drawn once, for the tests in a browser as well."""
    return run_page(full_result(), Path("full"))


@pytest.fixture(scope="module")
def wedge() -> Result:
    """Results of the scenario that uses every table."""
    return full_result()


@pytest.fixture(scope="module")
def wedge_page() -> str:
    """The page on them."""
    return full_page()


@pytest.fixture(scope="module")
def hostile() -> Result:
    """Results of a single run in which every free text is hostile."""
    return made(hostile_document(), runs=1)


@pytest.fixture(scope="module")
def hostile_page(hostile: Result) -> str:
    """The page on them."""
    return run_page(hostile, Path("made"))


@pytest.fixture(scope="module")
def calm() -> Result:
    """Results of two actors without any strategy, kept run by run."""
    return made(bare("ALFA", "BRAVO", months=4), runs=3, keep="runs")


@pytest.fixture(scope="module")
def calm_page(calm: Result) -> str:
    """The page on them."""
    return run_page(calm, Path("calm"))


@pytest.fixture
def undrawn(monkeypatch: pytest.MonkeyPatch) -> None:
    """Leaves figures undrawn where only the rest of a page matters."""

    def blank(number: int, name: str, caption: Caption, draw: object) -> pictures.Picture:
        return pictures.Picture(number, caption, Markup(name), Markup(name))

    monkeypatch.setattr(pictures, "_picture", blank)


def test_a_page_loads_nothing(wedge_page: str) -> None:
    """A report is self-contained: no scripts, and references only into itself."""
    read = Reader(wedge_page)
    assert all(address.startswith("#") for address in read.loads)
    assert not {"script", "link", "img", "iframe", "object", "embed", "base"} & set(read.tags)
    assert not re.search(r"@import|url\((?!#)", wedge_page)


def test_hostile_texts_are_only_ever_text(hostile_page: str) -> None:
    """Whatever a scenario file says, no markup of its own reaches the page, SVG included."""
    read = Reader(hostile_page)
    assert "script" not in read.tags
    assert not read.handlers
    assert "<script" not in hostile_page.lower()
    assert "&lt;script&gt;" in hostile_page


def test_hostile_texts_stay_legible(hostile_page: str) -> None:
    """Dollar signs are not taken for mathematics, so names in figures read as written."""
    inside = "".join(re.findall(r"<svg.*?</svg>", hostile_page, re.DOTALL))
    assert "&amp;$x^2$" in inside


def test_every_id_occurs_once(wedge_page: str) -> None:
    """Identifiers are unique over all figures, so that no clip path or label gets mixed up."""
    read = Reader(wedge_page)
    assert len(read.ids) == len(set(read.ids))


def test_every_figure_can_be_heard(wedge_page: str) -> None:
    """Every figure has a role, a title and a description that carries numbers."""
    drawn = [svg for svg in Reader(wedge_page).svgs if "role" in svg]
    assert len(drawn) == 2 * wedge_page.count("<figure") >= 12
    for text in re.findall(r'<svg[^>]*role="img".*?</svg>', wedge_page, re.DOTALL):
        root = ET.fromstring(text)
        title, description = (child.text or "" for child in list(root)[:2])
        assert title
        assert re.search(r"\d", description)
        ids = {child.get("id") for child in list(root)[:2]}
        assert set((root.get("aria-labelledby") or "").split()) == ids


def test_the_same_results_give_the_same_bytes(calm: Result, calm_page: str) -> None:
    """A report says nothing but what is in the results: no clock, no chance."""
    assert run_page(calm, Path("calm")) == calm_page


def test_the_verdict_sentence_carries_the_numbers_of_the_summary(wedge: Result) -> None:
    """Every number in the verdict sentence equals the summary's."""
    summary = wedge.summary()
    sentence = plain_spaces(wording.verdict_sentence(wedge.verdict)).replace("−", "-")
    share, effect = summary["shares"][summary["verdict"]], summary["effect"]
    assert f"{100 * share['estimate']:.0f} % of {summary['runs']} runs" in sentence
    assert f"CI {100 * share['low']:.0f} to {100 * share['high']:.0f} %" in sentence
    mean = f"{effect['estimate']:+.3f} (95 % CI {effect['low']:+.3f} to {effect['high']:+.3f})"
    assert mean in sentence
    assert f"±{summary['margin']:g}" in sentence
    numbers = [float(text) for text in re.findall(r"[-+]?\d+(?:\.\d+)?", sentence)]
    known = [summary["runs"], summary["margin"], 95, 0, 1, *effect.values()]
    known += [100 * value for value in share.values()]
    assert all(any(abs(number - one) < 0.51 for one in known) for number in numbers)


def test_the_verdict_sentence_is_on_the_page(wedge: Result, wedge_page: str) -> None:
    """The sentence a reader sees first is the tested one."""
    page = wedge_page.replace("%\u00a0CI", "% CI")
    assert wording.verdict_sentence(wedge.verdict) in page


def verdict(word: str, share: Interval, **changes: Any) -> Verdict:
    """Return a verdict with one share given."""
    nothing = Interval(0.0, 0.0, 0.02)
    shares = {name: share if name == word else nothing for name in WORDS}
    effect = Interval(0.012, 0.010, 0.014)
    found = Verdict(word, True, 200, 0.05, shares, effect, effect, effect, True, "")
    return found._replace(**changes)


@pytest.mark.parametrize(
    ("share", "said"),
    [
        (Interval(0.96, 0.93, 0.99), "it is very likely that"),
        (Interval(1.0, 0.96, 1.0), "it is almost certain that"),
        (Interval(1.0, 0.57, 1.0), "it is likely that"),
        (Interval(0.61, 0.44, 0.72), "it is likely that"),
        (Interval(0.50, 0.4, 0.6), "there is a roughly even chance that"),
        (Interval(0.40, 0.3, 0.5), "it is unlikely that"),
    ],
)
def test_few_runs_never_sound_certain(share: Interval, said: str) -> None:
    """The word is that of the end of the share's interval nearer to even odds, as in briefs."""
    assert said in wording.verdict_sentence(verdict("null", share))
    assert probability_words.cautious_word(share) in said


def test_an_effect_is_placed_about_the_margin() -> None:
    """A mean effect is said to lie within or beyond the margin, and to cross it where it may."""
    share = Interval(0.9, 0.8, 0.95)
    assert "within the margin of ±0.05" in wording.verdict_sentence(verdict("null", share))
    far = verdict("backfire", share, effect=Interval(0.06, 0.04, 0.08))
    assert "beyond the margin of ±0.05, though" in wording.verdict_sentence(far)


def test_one_run_claims_no_likelihood(hostile: Result, hostile_page: str) -> None:
    """A single run is reported without a calibrated word and without a false interval."""
    sentence = wording.verdict_sentence(hostile.verdict)
    assert "interval unknown from a single run" in sentence
    assert "likely that the" not in sentence
    assert not re.search(r"\b(inf|nan)\b", hostile_page)


def test_a_world_without_wedge_says_so(calm_page: str) -> None:
    """Two actors and no strategy: the page says that none is played and still gives the effect."""
    assert "No wedge is played" in calm_page
    assert "effect on cohesion is 0.000" in calm_page
    assert "Why" not in re.findall(r"<h2[^>]*>([^<]*)</h2>", calm_page)


def test_what_is_no_wedge_is_not_called_one() -> None:
    """Strategies too weak to count get no calibrated verdict, but their effect is given."""
    weak = verdict("not a wedge", Interval(1.0, 0.9, 1.0), attempted=False)
    sentence = wording.verdict_sentence(weak)
    assert sentence.startswith("Not a wedge")
    assert "+0.012" in sentence
    assert "likely" not in sentence


@pytest.mark.usefixtures("undrawn")
def test_kept_runs_and_quantiles_tell_the_same(tmp_path: Path) -> None:
    """A report does not depend on how trajectories were kept, but for the record of it."""
    data = bare("ALFA", "BRAVO", months=4)
    pages = []
    for keep in ("runs", "quantiles"):
        found = made(data, runs=3, keep=keep)
        options = {**found.manifest["options"], "keep": "quantiles"}
        digest = dict.fromkeys(found.manifest["digest"], "")
        manifest = {**found.manifest, "created": "", "options": options, "digest": digest}
        folder = tmp_path / keep
        results.write(replace(found, manifest=manifest), folder)
        written = write_report(folder, target=folder / "page.html").read_text("utf-8")
        pages.append(written.replace(f">{keep}</span></code>", "></code>"))
    assert pages[0] == pages[1]


@pytest.mark.usefixtures("undrawn")
def test_reports_are_written_where_asked(tmp_path: Path) -> None:
    """A folder gets report.html; what is no folder of results gets a plain explanation."""
    folder = tmp_path / "found"
    results.write(made(bare("ALFA", "BRAVO", months=3), runs=2), folder)
    assert write_report(folder) == folder / "report.html"
    with pytest.raises(InputError, match="place that can be written"):
        write_report(folder, target=tmp_path / "missing" / "page.html")
    with pytest.raises(InputError, match=r"manifest\.json"):
        write_report(tmp_path)


def test_a_comparison_gets_one_page(tmp_path: Path) -> None:
    """Scenarios compared are shown in one figure and one table with paired differences."""
    loaded = [
        Loaded(name, scenario_of(copy.deepcopy(data)), (), {})
        for name, data in (("one", hostile_document()), ("two", bare("ALFA", "BRAVO", months=6)))
    ]
    found = comparison.compare(loaded, Options(runs=3, robustness=False))
    comparison.write(found, tmp_path / "both")
    written = write_report(tmp_path / "both").read_text("utf-8")
    read = Reader(written)
    assert "script" not in read.tags
    assert read.tags.count("figure") == 1
    assert read.tags.count("table") == 1
    assert signed(float(found.table["difference"].iloc[1])) in written


def test_observations_stand_beside_the_model(wedge_page: str) -> None:
    """A measured observation is compared with the model's range, never used as an input."""
    assert re.search(r"The one observed number lies (in|outside) the range", wedge_page)
    assert re.search(
        r": opinion [+−]0\.\d\d; in the model [+−]0\.\d\d \([+−]0\.\d\d to", wedge_page
    )


def test_a_record_that_the_model_misses_is_called_a_disagreement(wedge: Result) -> None:
    """Where no observed number lies in the model's range, the report says so plainly."""
    found = observations.observations(wedge)
    measured = next(seen for seen in found if seen.inside is not None)
    missed, met = (observations.fit_sentence([measured._replace(inside=x)]) for x in (False, True))
    assert "the model disagrees with what really happened" in missed
    assert "disagrees" not in met
    assert observations.fit_sentence([seen for seen in found if seen.inside is None]) == ""


def test_no_line_ends_between_a_number_and_its_per_cent_sign(wedge_page: str) -> None:
    """Texts of scenarios and of the program alike."""
    text = re.sub(r"<(style|svg)\b.*?</\1>", "", wedge_page, flags=re.DOTALL)
    assert "\u00a0%" in text
    assert not re.findall(r"\d %", text)


def test_every_number_has_its_basis(wedge: Result, wedge_page: str) -> None:
    """Numbers are listed with basis and source, and counted by basis."""
    assert "Tests 2026" in wedge_page
    for basis in ("coded", "judgement", "unstated"):
        assert f'<span class="badge {basis}">{basis}</span>' in wedge_page
    rows = page.assumptions.groups(wedge, wording.names_of(wedge))
    counts = page.assumptions.counts(rows)
    assert counts["coded"] == 1
    assert f"{counts['unstated']} unstated" in wedge_page


def test_the_command_repeats_every_option() -> None:
    """Whoever copies the command gets the same run, quoted for a shell."""
    manifest = {
        "kind": "run",
        "name": "mine",
        "files": ["mine.toml"],
        "scenario": {"time": {"months": 12}},
        "options": {
            "runs": 7,
            "seed": 3,
            "months": 9,
            "keep": "runs",
            "set": ["title=two words"],
            "without": ["hazard"],
            "robustness": False,
        },
    }
    assert record.command(manifest) == (
        "alliancesim run mine.toml --runs 7 --seed 3 --months 9 --keep runs"
        " --set 'title=two words' --without hazard --no-robustness"
    )


def test_terminals_get_the_verdict_first(wedge: Result) -> None:
    """The terminal tells the verdict first and the caution last, in spaces that can be copied."""
    lines = wording.terminal(wedge)
    assert lines[0] == plain_spaces(wording.verdict_sentence(wedge.verdict))
    assert lines[-1] == wording.LENS
    assert "\u00a0" not in "".join(lines)


def test_only_certain_shares_are_rounded_to_certainty() -> None:
    """A share is written 0 % or 100 % only where it is exactly that."""
    texts = [plain_spaces(percent(share)) for share in (0.0, 0.001, 0.5, 0.999, 1.0)]
    assert texts == ["0 %", "<1 %", "50 %", ">99 %", "100 %"]
    assert plain_spaces(percent_interval(Interval(0.9, 0.886, 0.96))) == "89 to 96 %"
    assert [signed(value) for value in (-0.0001, 0.01, -0.2)] == ["0.000", "+0.010", "−0.200"]


def test_axes_hold_zero_and_the_margin() -> None:
    """However close the runs lie, the axis of effects shows zero and both margins."""
    low, high = zone_limits(0.2, 0.201, 0.05)
    assert low < -0.05
    assert high > 0.201
    bottom, top = timeline.limits(0.98, 1.0)
    assert top == 1.0
    assert math.isclose(top - bottom, timeline.LEAST_SPAN, abs_tol=0.051)


def test_months_are_marked_by_the_calendar() -> None:
    """Ticks fall on calendar months, quarters or years, and the first names its year."""
    assert calendar.ticks(2025 * 12 - 1, 6, 10)[:2] == [(0, "Dec\n2024"), (1, "Jan\n2025")]
    assert [label for _, label in calendar.ticks(2000 * 12, 240, 6)][:2] == ["2000", "2005"]


def test_labels_and_signs_keep_their_distance() -> None:
    """Labels are moved apart in their order; signs of one month stand in rows of their own."""
    placed = apart([0.5, 0.49, 0.1], 0.1, 0.0, 1.0)
    assert placed[0] - placed[1] >= 0.1 - 1e-9
    assert placed[2] == 0.1
    assert marks.rows_of([1, 1, 2, 9], 2.0) == [0, 1, 2, 0]
    assert [marks.letters(place) for place in (0, 25, 26, 27)] == ["a", "z", "aa", "ab"]


def test_drawing_leaves_the_settings_of_matplotlib_alone(wedge: Result) -> None:
    """Figures do not change global settings, so that notebooks keep their own look."""

    def settings() -> dict[str, Any]:
        return {key: style.mpl.rcParams[key] for key in style.mpl.rcParams if key != "backend"}

    before = settings()
    svg_text(timeline.cohesion_chart(wedge, NARROW), NARROW, "x", "title", "description")
    assert settings() == before
