"""Reports on hindcasts: what is in sample and what is not, where the model loses, and escaping."""

from __future__ import annotations

import json
import math
import re
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from markupsafe import Markup

from alliancesim.coefficients import REGISTER
from alliancesim.figures.hindcast_changes import changes_chart
from alliancesim.figures.hindcast_paths import Charted, paths_chart
from alliancesim.figures.style import NARROW
from alliancesim.figures.svg import svg_text
from alliancesim.report import hindcast, hindcast_scores, hindcast_wording, pictures
from alliancesim.report.captions import Caption
from alliancesim.report.hindcast_results import Hindcast, read_hindcast
from alliancesim.results.result import read_manifest
from alliancesim.scenario.problems import InputError
from alliancesim.scenario.quantities import month_count, month_text
from commands import answer
from test_report import HOSTILE, Reader

FIRST, MONTHS, KNOWN = "2030-01", 36, "2031-12"
EPISODES = (("2030-01", "2030-12"), ("2030-12", "2031-12"), ("2031-12", "2032-12"))
SPLITS = ("forecast", "forecast without guesses", "without-E1", "without-E2", "without-E3", "all")
FORECASTERS = {"model": 0.10, "no change": 0.05, "last trend": 0.20}
"""How far each forecaster's mean lies from what was observed of levels."""


def observations() -> list[dict[str, Any]]:
    """Return polls of two pairs every half year, and three coded changes of cohesion."""
    dates = [month_text(month_count(FIRST) + place) for place in range(3, MONTHS, 6)]
    polls = [
        {"label": f"poll-{of}-{date}", "series": f"poll-{of}-{toward}", "variable": "opinion"}
        | {"of": of, "toward": toward, "since": "", "date": date, "observed": 0.1, "error": 0.05}
        for of, toward in (("ALFA", "BRAVO"), ("BRAVO", "ALFA"))
        for date in dates
    ]
    changes = [
        {"label": f"coded-{date}", "series": "coded", "variable": "cohesion", "of": "ALFA"}
        | {"toward": "BRAVO", "since": since, "date": date, "observed": value, "error": 0.15}
        for (since, date), value in zip(EPISODES, (0.2, -0.3, 0.4), strict=True)
    ]
    return [*polls, *changes]


def is_held_out(split: str, seen: dict[str, Any]) -> bool:
    """Say whether a split hides an observation from the fit."""
    if split.startswith("forecast"):
        return str(seen["date"]) > KNOWN
    if split == "all":
        return False
    since, until = EPISODES[int(split[-1]) - 1]
    return since < str(seen["date"]) <= until


def predictions() -> pd.DataFrame:
    """Return what three forecasters say: of levels the model is worse than no change.

    Of changes the model is right and the others foretell 0, with the same spread.
    """
    rows = []
    for split in SPLITS:
        for name, off in FORECASTERS.items():
            for seen in observations():
                right = name == "model" or not seen["since"]
                mean = seen["observed"] + (off if not seen["since"] else 0) if right else 0.0
                ends = {"low90": mean - 0.2, "low50": mean - 0.08}
                ends |= {"high50": mean + 0.08, "high90": mean + 0.2}
                crps = abs(mean - seen["observed"]) + 0.01
                held = is_held_out(split, seen)
                judged = {"split": split, "forecaster": name, "held_out": held}
                rows.append(judged | seen | {"mean": mean, "crps": crps} | ends)
    return pd.DataFrame(rows)


def paths() -> pd.DataFrame:
    """Return flat paths whose bands widen."""
    rows = []
    for split in SPLITS:
        for variable, of, toward in (
            ("opinion", "ALFA", "BRAVO"),
            ("opinion", "BRAVO", "ALFA"),
            ("cohesion", "ALFA", "BRAVO"),
        ):
            for place in range(MONTHS):
                wide = 0.05 + 0.005 * place
                row = {"split": split, "variable": variable, "of": of, "toward": toward}
                row |= {"date": month_text(month_count(FIRST) + place)}
                offsets = {"mean": 0, "low90": -2, "low50": -1, "middle": 0, "high50": 1}
                offsets |= {"high90": 2, "parameters_low90": -0.5, "parameters_high90": 0.5}
                rows.append(row | {key: 0.3 + by * wide for key, by in offsets.items()})
    return pd.DataFrame(rows)


def scores(table: pd.DataFrame) -> pd.DataFrame:
    """Return scores of what was held out, and of everything in sample."""
    rows = []
    judged = table[table["held_out"] | (table["split"] == "all")]
    for (split, name), some in judged.groupby(["split", "forecaster"], sort=False):
        for what, mine in hindcast_scores.by_quantity(some).items():
            row = {"split": split, "forecaster": name, "what": what, "n": len(mine)}
            row |= dict.fromkeys(("sign_hits", "signs", "rmse", "bias"), 0)
            rows.append(row | {"crps": mine["crps"].mean(), "cover50": 0.5, "cover90": 0.9})
    return pd.DataFrame(rows)


def coefficients() -> pd.DataFrame:
    """Return posteriors: of the first coefficient half as wide as the prior, else the prior."""
    rows = []
    fitted = [entry for entry in REGISTER if entry.prior_spread > 0]
    for split in SPLITS:
        for place, entry in enumerate(fitted):
            reach = 1.6449 * entry.prior_spread * (1.0 if place else 0.4)
            ends = [entry.prior_median * math.exp(side * reach) for side in (-1, 1)]
            low, high = max(ends[0], entry.low), min(ends[1], entry.high)
            row = {"split": split, "name": entry.name, "median": entry.prior_median}
            rows.append(row | {"low90": low, "high90": high})
    return pd.DataFrame(rows)


def manifest() -> dict[str, Any]:
    """Return what the command writes beside the tables."""
    actors = {"ALFA": {"name": "The Republic of Alfa"}, "BRAVO": {"name": ""}}
    return {
        "format": 1,
        "kind": "hindcast",
        "name": "made",
        "created": "2030-01-01T00:00:00+00:00",
        "program": {"alliancesim": "0"},
        "options": {"set": ["validation.split=2031-12"]},
        "calibration": {"title": "A made calibration", "question": "Does it?"},
        "scenario": {"title": "Made", "actors": actors},
        "forecasters": {"model": "the law", "no change": "the last level"},
    }


def write_folder(folder: Path, **changed: Any) -> Path:
    """Write the folder of a hindcast; tables, or the manifest, may be given."""
    folder.mkdir(parents=True)
    foretold = changed.get("predictions", predictions())
    tables = {
        "predictions": foretold,
        "paths": changed.get("paths", paths()),
        "scores": changed.get("scores", scores(foretold)),
        "coefficients": changed.get("coefficients", coefficients()),
    }
    for name, table in tables.items():
        table.to_csv(folder / f"{name}.csv", index=False)
    (folder / "manifest.json").write_text(json.dumps(changed.get("manifest", manifest())), "utf-8")
    return folder


def read(folder: Path) -> Hindcast:
    """Return what a folder holds."""
    return read_hindcast(folder, read_manifest(folder))


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Hindcast:
    """A hindcast whose numbers are known."""
    return read(write_folder(tmp_path_factory.mktemp("hindcast") / "made"))


@pytest.fixture
def undrawn(monkeypatch: pytest.MonkeyPatch) -> None:
    """Leaves figures undrawn where only the rest of a page matters."""

    def blank(number: int, name: str, caption: Caption, draw: object) -> pictures.Picture:
        return pictures.Picture(number, caption, Markup(name), Markup(name))

    monkeypatch.setattr(pictures, "_picture", blank)


def text_of(found: Hindcast) -> str:
    """Return the page on a hindcast."""
    return hindcast.hindcast_page(found, hindcast.pictures(found))


def write_in_sample(folder: Path) -> Path:
    """Write a hindcast in which nothing was held out."""
    table = predictions()[lambda rows: rows["split"] == "all"]
    kept = paths()[lambda rows: rows["split"] == "all"]
    return write_folder(folder, predictions=table, paths=kept, scores=scores(table))


def test_the_command_writes_a_page_that_loads_nothing(tmp_path: Path) -> None:
    """`alliancesim report` makes a self-contained page, and every figure as PNG and CSV."""
    folder = write_in_sample(tmp_path / "made")
    done = answer("report", str(folder), "--json", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    text = Path(json.loads(done.stdout)["report"]).read_text("utf-8")
    found = Reader(text)
    files = {f"report-figures/{path.name}" for path in (folder / "report-figures").iterdir()}
    assert {address for address in found.loads if not address.startswith("#")} == files
    assert len(files) == 5  # two figures, one of them with two tables
    assert not {"script", "img", "link", "iframe"} & set(found.tags)
    assert len(found.ids) == len(set(found.ids))


@pytest.mark.usefixtures("undrawn")
def test_every_figure_and_score_says_whether_it_is_in_sample(made: Hindcast) -> None:
    """No caption of a figure or of a table of scores leaves open what the fit has seen."""
    text = text_of(made)
    titles = re.findall(r"<strong>(Figure \d+\..*?)</strong>", text)
    titles += re.findall(r"<strong>Table \d+\.</strong> (.*?)</p>", text)
    assert len(titles) >= 20
    assert [
        title for title in titles if not re.search("in sample|out of sample", title, re.I)
    ] == []


def test_the_words_say_where_the_model_loses(
    made: Hindcast, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A model worse than no change on levels and better on changes is called both, if surely so."""
    said = hindcast_wording.headline(made)
    assert "cannot be told apart from no change on all levels (CRPS 0.110 against 0.060, " in said
    assert said.count("in too few years for an interval") == 2
    monkeypatch.setattr(hindcast_scores, "FEWEST_YEARS", 1)
    said = hindcast_wording.headline(made)
    assert "Fitted to observations up to 2031-12" in said
    assert "loses to no change on all levels (CRPS 0.110 against 0.060, ratio 1.83, " in said
    assert "does better than no change on all changes (CRPS 0.010 against" in said
    forecast, apart, sample = hindcast_wording.details(made)
    assert forecast.title.startswith("Out of sample: fitted to 2031-12")
    assert "On all levels the model, with a CRPS of 0.110, loses to no change (0.060)." in (
        forecast.sentences
    )
    assert any("On all changes no other" in text for text in forecast.sentences)
    assert any(
        "2 of 3 lost to no change: opinion ALFA-BRAVO" in text for text in forecast.sentences
    )
    assert any("the sign of 3 of 3 coded changes right" in text for text in apart.sentences)
    assert sample.title.startswith("In sample")
    assert any("the record identifies 1 and partly 0" in text for text in sample.sentences)


def test_a_model_that_never_loses_is_said_to_lose_nowhere(tmp_path: Path) -> None:
    table = predictions()
    table.loc[table["forecaster"] == "model", "crps"] = 0.001
    found = read(write_folder(tmp_path / "good", predictions=table))
    assert "loses" not in hindcast_wording.headline(found)
    assert not any(" loses to " in t for told in hindcast_wording.details(found) for t in told[1])


def test_who_speaks_of_fewer_observations_is_not_said_to_win(tmp_path: Path) -> None:
    """A mean over other observations than the model's is not held against it."""
    table = predictions()
    trend = table["forecaster"] == "last trend"
    table.loc[trend, "crps"] = 0.0
    table = table[~(trend & (table["date"] == table["date"].max()))]
    found = read(write_folder(tmp_path / "fewer", predictions=table))
    said = hindcast_wording.details(found)[0].sentences
    assert any("On all levels" in text and "last trend (0.000)" in text for text in said)
    assert not any("On all changes" in text and "last trend" in text for text in said)


def test_a_variant_of_the_model_is_no_rival(tmp_path: Path) -> None:
    """A forecaster whose name begins with the model's is told apart, not lost to."""
    table = predictions()
    table["forecaster"] = table["forecaster"].replace("last trend", "model from last residual")
    table.loc[table["forecaster"].str.startswith("model from"), "crps"] = 0.002
    found = read(write_folder(tmp_path / "own", predictions=table))
    sentences = hindcast_wording.details(found)[0].sentences
    assert not any("loses to model" in text for text in sentences)
    assert any("its variant “model from last residual” has a CRPS of 0.002" in t for t in sentences)


def test_ratios_coverage_and_residuals_by_hand(made: Hindcast) -> None:
    """Relative scores, shares held and standardised residuals are what the table says they are."""
    held = made.held_out("forecast")
    table = hindcast_scores.ratios(made, held).set_index(["what", "forecaster"])
    assert table.loc[("all levels", "model"), "ratio"] == pytest.approx(0.11 / 0.06)
    assert table.loc[("all levels", "model"), "n"] == 4
    assert math.isinf(table.loc[("all levels", "model"), "low"])  # observations of one year only
    kept = {(one.forecaster, one.nominal): one for one in hindcast_scores.coverage(made, held)}
    # Levels lie 0.10 from the model's mean, beyond its 50 % interval; changes at the mean.
    assert kept["model", 0.5].share == pytest.approx(1 / 5)
    assert kept["model", 0.9].share == 1.0
    assert kept["model", 0.9].low < 1.0
    seen = hindcast_scores.residuals(held[held["forecaster"] == "model"])
    assert seen["standardised"].iloc[0] == pytest.approx(-0.10 * 1.6449 / 0.2)


def test_a_ratio_has_an_interval_where_there_are_years_enough(made: Hindcast) -> None:
    """With equal scores in every year the interval has no width; with unequal ones it has."""
    rows = made.predictions[made.predictions["split"] == "all"].copy()
    table = hindcast_scores.ratios(made, rows).set_index(["what", "forecaster"])
    row = table.loc[("all levels", "model")]
    assert row["low"] == pytest.approx(row["high"])
    later = (rows["forecaster"] == "model") & (rows["date"] > "2032")
    rows.loc[later, "crps"] *= 3
    row = (
        hindcast_scores.ratios(made, rows)
        .set_index(["what", "forecaster"])
        .loc[("all levels", "model")]
    )
    assert row["low"] < row["ratio"] < row["high"]


def test_episodes_are_named_and_their_changes_found(made: Hindcast) -> None:
    """Each coded change is shown once for each way in which it was held out."""
    assert [episode.label for episode in made.episodes] == ["E1", "E2", "E3"]
    table = hindcast_scores.changes(made)
    ways = table.groupby("episode")["way"].apply(sorted).to_dict()
    apart, ahead = hindcast_scores.LEFT_OUT_WAY, hindcast_scores.FORECAST_WAY
    assert ways == {"E1": [apart], "E2": [apart], "E3": [apart, ahead]}
    assert table["hit"].all()


def test_a_miss_has_another_mark_than_a_hit(made: Hindcast) -> None:
    """Shape, not colour alone, tells a right sign from a wrong one."""
    table = hindcast_scores.changes(made)
    table["hit"] = [place == 0 for place in range(len(table))]
    figure = changes_chart(table, ["episode left out of the fit"], {})
    marks = [line.get_marker() for line in figure.axes[0].lines if len(line.get_xdata()) == 1]
    assert marks.count("o") == 1
    assert marks.count("X") == 2


def test_the_forecast_begins_at_a_labelled_line(made: Hindcast) -> None:
    """Out of sample the chart has a line that says so and hollow marks; in sample neither."""
    drawn = {}
    for split in ("forecast", "all"):
        seen = made.model[made.model["split"] == split]
        rows = made.paths[made.paths["split"] == split]
        charted = Charted(rows, seen, made.episodes, made.names)
        figure = paths_chart(charted)
        texts = [text.get_text() for axes in figure.axes for text in axes.texts]
        hollow = sum(
            len(line.get_xdata())
            for axes in figure.axes
            for line in axes.lines
            if line.get_markerfacecolor() == "white"
        )
        drawn[split] = (charted.last_fitted, "forecast from here" in texts, hollow)
    assert drawn["forecast"] == (month_count("2031-12"), True, 5)
    assert drawn["all"] == (None, False, 0)


def test_what_the_record_taught_is_told_by_the_narrowing(made: Hindcast) -> None:
    """A posterior like the prior has no shrinkage, one two fifths as wide three fifths."""
    table = hindcast_scores.learned(made, "all").set_index("name")
    first = next(entry for entry in REGISTER if entry.prior_spread > 0)
    assert table.index[0] == first.name
    assert table["shrinkage"].iloc[0] == pytest.approx(0.6, abs=0.1)
    assert table["word"].iloc[0] == "identified"
    assert table["shrinkage"].iloc[1:].abs().max() < 0.1
    assert set(table["word"].iloc[1:]) == {"not"}


@pytest.mark.usefixtures("undrawn")
def test_a_hindcast_without_a_forecast_has_a_page(tmp_path: Path) -> None:
    """With nothing held out the page says so, and shows what there is as in sample."""
    found = read(write_in_sample(tmp_path / "bare"))
    text = text_of(found)
    assert "There is no forecast in these results" in text
    assert "Out of sample:" not in text
    assert text.count("<figure") == 2


@pytest.mark.usefixtures("undrawn")
def test_hostile_texts_are_escaped(tmp_path: Path) -> None:
    """Whatever stands in tables and manifest, a page has no markup but its own."""
    table = predictions().replace({"forecaster": {"last trend": HOSTILE}, "of": {"ALFA": HOSTILE}})
    told = manifest() | {"name": HOSTILE, "forecasters": {HOSTILE: HOSTILE}}
    told |= {"calibration": {"title": HOSTILE, "question": HOSTILE, "priors": HOSTILE}}
    told |= {"scenario": {"actors": {HOSTILE: {"name": HOSTILE}}}, "options": {"set": [HOSTILE]}}
    folder = write_folder(
        tmp_path / "hostile",
        predictions=table,
        paths=paths().replace({"of": {"ALFA": HOSTILE}}),
        scores=scores(table),
        manifest=told,
    )
    text = text_of(read(folder))
    assert "<script" not in text
    assert "&lt;script&gt;" in text
    assert not Reader(text).handlers


def test_hostile_texts_can_be_drawn(tmp_path: Path) -> None:
    """Signs that no figure can hold do not break one."""
    rows = paths().replace({"of": {"ALFA": HOSTILE}})
    found = read(write_folder(tmp_path / "hostile", paths=rows))
    seen = found.model[found.model["split"] == "forecast"]
    rows = found.paths[found.paths["split"] == "forecast"]
    charted = Charted(rows, seen, found.episodes, dict.fromkeys(rows["of"], HOSTILE))
    text = svg_text(paths_chart(charted, NARROW), NARROW, "x", HOSTILE, HOSTILE[:10])
    assert "<script" not in text
    assert "&lt;script" in text


def test_every_fault_of_the_tables_is_told_at_once(tmp_path: Path) -> None:
    """Missing files and columns and wrong cells are problems with file and column, no traceback."""
    wrong = predictions().astype({"crps": object, "date": object})
    wrong.loc[2, "crps"] = "much"
    wrong.loc[3, "date"] = "2030-13"
    folder = write_folder(
        tmp_path / "wrong", predictions=wrong, paths=paths().drop(columns=["low90", "middle"])
    )
    (folder / "scores.csv").unlink()
    done = answer("report", str(folder), cwd=tmp_path)
    assert done.returncode == 2
    assert "Traceback" not in done.stderr
    for words in ("low90, middle", "'much' in line 4", "'2030-13' in line 5", "scores.csv"):
        assert words in done.stderr
    assert not (folder / "report.html").exists()


def test_an_empty_table_is_refused(tmp_path: Path) -> None:
    folder = write_folder(tmp_path / "empty", coefficients=coefficients().iloc[:0])
    with pytest.raises(InputError, match="at least one row"):
        read(folder)
