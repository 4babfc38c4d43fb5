"""Briefs: every word of probability with its numbers, confidence apart, and never a third page."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import weasyprint
from hypothesis import given
from hypothesis import strategies as st

import test_report_experiment
import test_report_hindcast
from alliancesim import comparison
from alliancesim.attribution.account import account_of
from alliancesim.attribution.explanation import Question, explain
from alliancesim.figures.words import signed
from alliancesim.language import speaking
from alliancesim.measures.intervals import Interval
from alliancesim.measures.intervals import share as wilson
from alliancesim.measures.verdict import WORDS, UnderDraws, Verdict, Word
from alliancesim.report import brief_runs, probability_words
from alliancesim.report.brief_parts import LONGEST, Brief, Ground, Judgement
from alliancesim.report.brief_studies import of_hindcast, of_sweep
from alliancesim.report.briefs import MOST_PAGES, brief_of, brief_page, write_brief
from alliancesim.report.explanations import write_explanation
from alliancesim.report.record import changes
from alliancesim.results import result as results
from alliancesim.results.result import read_manifest
from alliancesim.scenario.problems import InputError
from alliancesim.scenario.reading import Loaded
from alliancesim.study import Options
from commands import answer
from drawings import compose_only
from posteriors import drawn_posterior
from test_report import made
from worlds import document, scenario_of

PLAIN = str.maketrans("\u00a0", " ")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Results of a run under a posterior."""
    place = tmp_path_factory.mktemp("brief") / "drawn"
    found = made(document(), runs=12, posterior=drawn_posterior(), robustness=True)
    results.write(found, place)
    return place


def verdict(split: int, null: int, backfire: int, *, drawn: bool = False) -> Verdict:
    """Return a verdict with so many runs, or draws, of each."""
    total = split + null + backfire
    shares: dict[Word, Interval] = {
        word: wilson(count, total)
        for word, count in zip(WORDS, (split, null, backfire), strict=True)
    }
    commonest = max(WORDS, key=lambda word: shares[word].estimate)
    nothing = Interval(-0.04, -0.05, -0.03)
    under = UnderDraws(total, shares, None) if drawn else None
    return Verdict(
        commonest,
        True,
        4 * total if drawn else total,
        0.05,
        shares,
        nothing,
        nothing,
        nothing,
        True,
        "",
        under,
    )


@pytest.mark.parametrize(
    ("probability", "word"),
    [
        (0.0, "almost no chance"),
        (0.05, "very unlikely"),
        (0.20, "unlikely"),
        (0.449, "unlikely"),
        (0.50, "roughly even chance"),
        (0.55, "likely"),
        (0.80, "very likely"),
        (0.95, "almost certain"),
        (1.0, "almost certain"),
    ],
)
def test_words_follow_the_directive(probability: float, word: str) -> None:
    """The bounds are those of Intelligence Community Directive 203."""
    assert probability_words.word(probability) == word
    assert word in probability_words.scale_sentence()


@given(st.integers(1, 500).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))))
def test_no_word_stands_without_its_numbers(drawn: tuple[int, int]) -> None:
    """Share, interval and, where that reaches over several words, those at its ends are said."""
    found = wilson(*drawn)
    told = probability_words.numbers(found, f"of {drawn[1]} draws").translate(PLAIN)
    assert f"of {drawn[1]} draws, 95 % interval" in told
    assert f"{100 * found.low:.0f} to {100 * found.high:.0f} %" in told
    low, high = (probability_words.word(end) for end in (found.low, found.high))
    assert (f", so {low} to {high}" in told) == (low != high)


@pytest.mark.parametrize(
    ("counts", "opening", "word"),
    [
        ((90, 10, 0), "In the model the wedge splits the alliance: very likely (90 %", "split"),
        (
            (39, 61, 0),
            "In the model the wedge neither splits the alliance nor ",
            "null",
        ),
        ((1, 1, 98), "In the model the wedge backfires: very likely (98 %", "backfire"),
    ],
)
def test_the_headline_is_the_commonest_verdict(
    counts: tuple[int, int, int], opening: str, word: Word
) -> None:
    """A split is not called a backfire, and draws count, not runs, where coefficients are drawn."""
    for drawn in (False, True):
        found = verdict(*counts, drawn=drawn)
        told = brief_runs.headline(found, played=True).translate(PLAIN)
        assert told.startswith(opening)
        assert ("of 100 draws" in told) == drawn
        judgements = brief_runs.judgements(found, played=True)
        assert judgements[0].event == brief_runs.EVENTS[word]
        shares = [int(one.numbers.split("\u00a0")[0].lstrip("<>")) for one in judgements[:3]]
        assert sum(shares) == 100
        assert shares == sorted(shares, reverse=True)


def test_a_changed_world_does_not_pass_for_the_one_in_the_file(folder: Path) -> None:
    """Settings and mechanisms off stand above the answer, in the brief as in any page."""
    manifest = read_manifest(folder)
    assert not changes(manifest)
    manifest["options"] |= {"set": ["actors.WES.pragmatism=0.2"], "without": ["erode"]}
    brief = brief_of(folder, manifest)
    page = brief_page(brief, manifest, folder, {})
    told = "Changed from the file that was run: actors.WES.pragmatism=0.2; erode switched off."
    assert 0 < page.index(told) < page.index('class="verdict"')
    assert page.count(told) == 1


def test_every_probability_of_a_run_is_the_share_of_its_draws(folder: Path) -> None:
    """Judgements, drivers, what would change it and grounds are there, from the numbers kept."""
    brief = brief_of(folder, read_manifest(folder))
    under = results.read(folder).verdict.under
    assert under is not None
    for judgement in brief.judgements[:3]:
        word = next(name for name in WORDS if brief_runs.EVENTS[name] == judgement.event)
        expected = probability_words.numbers(under.shares[word], f"of {under.draws} draws")
        assert judgement.numbers == expected
    assert brief.drivers
    assert brief.changers
    assert any("posterior made" in ground.told for ground in brief.grounds)


def test_confidence_is_never_high_and_low_where_anything_lowers_it() -> None:
    """Likelihood and confidence are told apart: a sure share does not make for sure evidence."""
    brief = Brief("", "", "", [], "", [], [], [], [], None)
    sure = brief._replace(grounds=[Ground("so", False)])
    assert sure.confidence() == "Confidence in the evidence: moderate."
    unsure = brief._replace(grounds=[Ground("so", False), Ground("but", True)])
    assert unsure.confidence() == "Confidence in the evidence: low."


def test_a_brief_has_no_third_page(folder: Path) -> None:
    """However much there is to say: a file that WeasyPrint lays out on two pages of A4."""
    long = "Word and number 0.123 " * 60
    brief = brief_of(folder, read_manifest(folder))
    judgement = Judgement("likely", "61 % of 400 draws, 95 % interval 56 to 66 %", long)
    lists = [long] * 9
    fullest = Brief(
        long, long, long, [judgement] * 9, long, lists, lists, [Ground(long, True)] * 9, lists, None
    ).short()
    assert max(map(len, [fullest.headline, *fullest.drivers])) <= LONGEST
    assert fullest.left_out == 45 - sum(
        map(len, (fullest.judgements, fullest.drivers, fullest.changers, fullest.grounds))
    ) - len(fullest.limits)
    drawn = {"brief": brief.picture._replace(number=1)} if brief.picture else {}
    page = brief_page(fullest, read_manifest(folder), folder, drawn)
    assert len(weasyprint.HTML(string=page).render().pages) <= MOST_PAGES


def test_the_brief_is_written_by_a_command(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """It leaves Markdown in German with its figure; without options it is a PDF."""
    done = answer("brief", str(folder), "--format", "md", "--language", "de", cwd=folder.parent)
    assert (done.returncode, done.stdout) == (0, f"Brief: {folder / 'brief-de.md'}\n"), done.stderr
    told = (folder / "brief-de.md").read_text("utf-8")
    assert "## Kernaussagen" in told
    assert "](brief-de-figures/01-brief.png)" in told
    assert (folder / "brief-de-figures" / "01-brief.png").read_bytes().startswith(b"\x89PNG")
    compose_only(monkeypatch)
    assert write_brief(folder).read_bytes().startswith(b"%PDF-")


def test_nothing_of_a_german_brief_stays_english(folder: Path) -> None:
    """Judgements, basis, what would change it, grounds and limits, down to the decimal comma."""
    with speaking("de"):
        brief = brief_of(folder, read_manifest(folder))
        said = [
            *(f"{one.words} {one.numbers} {one.event}" for one in brief.judgements),
            *(ground.told for ground in brief.grounds),
            *(brief.headline, brief.basis, brief.confidence(), *brief.changers, *brief.limits),
        ]
    assert [text for text in said if re.search(r"\b(the|with|of|runs|and|is)\b", text)] == []
    assert not any(re.search(r"\d\.\d", text) for text in said)


def test_comparisons_and_explanations_have_briefs_too(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One judgement per scenario; one per cause, whose direction and share agree."""
    compose_only(monkeypatch)
    loaded = [Loaded(name, scenario_of(document()), (), {}) for name in ("one", "two")]
    compared = comparison.compare(loaded, Options(runs=4, robustness=False))
    comparison.write(compared, tmp_path / "both")
    pair = compared.results
    brief = brief_of(tmp_path / "both", read_manifest(tmp_path / "both"))
    title, effect = pair[0].manifest["scenario"]["title"], pair[0].verdict.effect.estimate
    for judgement in brief.judgements:
        assert judgement.event.startswith(f"Under “{title}” the wedge ")
        assert f"mean effect on cohesion is {signed(effect)} (" in judgement.event
    assert brief.headline.count(f"“{title}”") == 2
    found = explain(Loaded("made", scenario_of(document()), (), {}), Question(runs=4))
    account = account_of(found, ["alliancesim", "explain", "made"])
    write_explanation(account, tmp_path / "why")
    brief = brief_of(tmp_path / "why", read_manifest(tmp_path / "why"))
    largest = account.causes.loc[account.causes["estimate"].abs().idxmax()]
    side = "above" if largest["positive"] >= 0.5 else "below"
    share = f"{signed(largest['estimate'])} ["
    said = f"The share of “{largest['title']}” in it is {side} zero: {share}"
    assert brief.judgements[0].event.startswith(said)


def test_what_has_no_brief_is_refused_in_words(tmp_path: Path) -> None:
    """An unknown kind, and a folder without results: exit code 2, no traceback."""
    (tmp_path / "manifest.json").write_text('{"format": 1, "kind": "poem"}', "utf-8")
    with pytest.raises(InputError, match="poem"):
        brief_of(tmp_path, {"kind": "poem"})
    done = answer("brief", "nowhere", cwd=tmp_path)
    assert (done.returncode, done.stdout) == (2, "")
    assert "a results folder" in done.stderr


def test_what_is_out_of_sample_comes_first_and_is_called_that(tmp_path: Path) -> None:
    """A hindcast's brief never mixes the two, and its evidence is never better than low."""
    found = test_report_hindcast.read(test_report_hindcast.write_folder(tmp_path / "out"))
    brief = of_hindcast(found, None)
    titles = [judgement.event.split(":")[0] for judgement in brief.judgements]
    assert titles[0] == "Out of sample"
    assert titles == sorted(titles, key=lambda title: title != "Out of sample")
    assert not any(judgement.words for judgement in brief.judgements)
    assert brief.confidence() == "Confidence in the evidence: low."


def test_shares_of_points_get_no_words_of_probability(tmp_path: Path) -> None:
    """The points of an experiment are the design's, not nature's."""
    folder = test_report_experiment.swept(tmp_path, test_report_experiment.GRID)
    brief = of_sweep(test_report_experiment.read(folder), None)
    assert brief.judgements
    assert not any(judgement.words for judgement in brief.judgements)
    assert "not how probable that is" in brief.basis
