"""``alliancesim recode``: its folder, its picture and its page, and a real process that fails."""

from __future__ import annotations

import json
import xml.etree.ElementTree as ET
from pathlib import Path

import pandas as pd
import pytest

from alliancesim.cli.recoding import _data
from alliancesim.figures import recoding as figure
from alliancesim.figures.recoding import recoding_chart
from alliancesim.figures.style import NARROW, WIDE
from alliancesim.recoding.question import ALL
from alliancesim.recoding.tables import read_tables
from alliancesim.report import pictures
from alliancesim.report.page import write_report
from alliancesim.scenario.problems import InputError
from commands import answer, call, typed
from test_landscape_cli import undrawn
from test_recoding import measured_alone
from worlds import FULL

TABLES = {"shares", "influence", "recodings", "judgements"}


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    """A folder with recodings of ``FULL`` under two draws, and what was printed."""
    folder = tmp_path_factory.mktemp("recode")
    (folder / "full.toml").write_text(FULL, "utf-8")
    (folder / "draws.csv").write_text("build,erode\n0.2,0.1\n0.3,0.2\n", "utf-8")
    words = ("--posterior", "draws.csv", "--recodings", "8", "--runs", "4", "--out", "out")
    done = answer("recode", "full.toml", *words, "--set", "outcome.margin=0.01", cwd=folder)
    assert done.returncode == 0, done.stderr
    return folder, done.stdout


def read(folder: Path, name: str) -> pd.DataFrame:
    """Return a table; ``null`` is a verdict and no missing value."""
    return pd.read_csv(folder / f"{name}.csv", keep_default_na=False, na_values=[""])


def test_the_folder_is_whole_and_says_how_to_make_it_again(made: tuple[Path, str]) -> None:
    """It holds tables, picture, page and manifest, which says what was asked of what."""
    folder = made[0] / "out"
    manifest = json.loads((folder / "manifest.json").read_text("utf-8"))
    assert manifest["kind"] == "recode"
    assert manifest["posterior"]["draws"] == 2
    assert manifest["options"] | {"seed": 1, "recodings": 8, "alone": 2} == manifest["options"]
    assert set(manifest["digest"]) == TABLES
    files = {f"{name}.csv" for name in TABLES}
    files |= {"manifest.json", "report.html", "recoding.png", "recoding.svg", "posterior.csv"}
    assert {path.name for path in folder.iterdir()} == files
    assert ET.parse(folder / "recoding.svg").getroot().tag.endswith("svg")
    assert (folder / "recoding.png").read_bytes().startswith(b"\x89PNG")
    page = (folder / "report.html").read_text("utf-8").replace("\u00a0", " ")
    asked = "recode full.toml --recodings 8 --posterior draws.csv --runs 4 --seed 1"
    assert f"{asked} --set outcome.margin=0.01" in typed(page)
    assert "nan" not in page.lower().replace("nano", "")
    for line in made[1].splitlines():
        if line.startswith("With codes"):
            assert line.replace("'", "&#39;") in page


def test_what_is_recoded_is_listed(made: tuple[Path, str]) -> None:
    """Every key that moves stands in the table and on the page, and why others do not."""
    table = read(made[0] / "out", "judgements")
    rows = table.set_index("key")
    assert rows.loc["actors.BRAVO.pragmatism", "recoded"]
    assert rows.loc["dyads.DELTA-ALFA.likeness", "stays"] == "end or zero of its scale"
    assert (table["stays"].isna() == table["recoded"]).all()
    page = (made[0] / "out" / "report.html").read_text("utf-8")
    assert all(key in page for key in table["key"])


def test_the_answer_as_json_is_what_lies_in_the_folder(made: tuple[Path, str]) -> None:
    """Every share is there, and what is missing is null and no number that JSON does not know."""
    manifest = json.loads((made[0] / "out" / "manifest.json").read_text("utf-8"))
    told = _data(manifest, read_tables(made[0] / "out", manifest))
    again = json.loads(json.dumps(told, allow_nan=False))
    shares = read(made[0] / "out", "shares")
    assert [row["stands"] for row in again["shares"]] == shares["stands"].tolist()
    assert {row["difference"] for row in again["influence"]} == {None}
    assert again["given"]["verdict"] == manifest["given"]["verdict"]


def test_a_report_is_made_from_the_tables_that_were_kept(
    made: tuple[Path, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """It says what was said; a table that is not the one kept is refused."""
    folder = made[0] / "out"
    monkeypatch.setattr(pictures, "_picture", undrawn)
    before = (folder / "report.html").read_text("utf-8")
    page = write_report(folder, target=made[0] / "again.html").read_text("utf-8")
    for text in before.split("<li>")[1:]:
        assert text.partition("</li>")[0] in page
    path = folder / "shares.csv"
    kept = path.read_text("utf-8")
    path.write_text(kept.replace("0.", "0.1", 1), "utf-8")
    with pytest.raises(InputError, match="that was written"):
        write_report(folder, target=made[0] / "again.html")
    path.write_text(kept, "utf-8")


def test_what_is_wrong_is_the_users_error_and_leaves_nothing(made: tuple[Path, str]) -> None:
    """Exit code 2 and no file: a wrong option, and a scenario that judges nothing."""
    (made[0] / "measured.toml").write_text(_toml(), "utf-8")
    before = set(made[0].iterdir())
    for run, words, told in (
        (call, ("full.toml", "--recodings", "0"), "--recodings is 0: expected a whole number"),
        (answer, ("full.toml", "--recodings", "90000"), "from 1 to 10000"),
        (answer, ("measured.toml",), "a judgement to recode"),
    ):
        done = run("recode", *words, cwd=made[0])
        assert done.returncode == 2
        assert told in done.stderr
        assert "Traceback" not in done.stderr
    assert set(made[0].iterdir()) == before


def _toml() -> str:
    """Return the scenario without judgements as a file."""
    data = measured_alone()
    lines = [f'title = "{data["title"]}"']
    for table in ("time", "outcome"):
        lines += [f"[{table}]", *(f"{key} = {json.dumps(v)}" for key, v in data[table].items())]
    for table in ("actors", "dyads"):
        for name, row in data[table].items():
            lines += [f"[{table}.{name}]", *(f"{key} = {value}" for key, value in row.items())]
    lines += ["[strategies.wedge]", 'actor = "CHARLIE"']
    lines += ['press = { ALFA = { value = 0.6, basis = "measured" } }']
    return "\n".join(lines)


def test_the_chart_marks_shares_where_they_are(
    made: tuple[Path, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """In both sizes every dot stands at the share in which the verdict falls, of either width."""
    monkeypatch.setattr(figure, "MOST_SCALES", 99)
    recodings, shares = (read(made[0] / "out", name) for name in ("recodings", "shares"))
    for size in (WIDE, NARROW):
        above, below = recoding_chart(recodings, shares, -0.01, 0.01, size).axes
        dots = [float(line.get_xdata()[0]) for line in below.lines if line.get_marker() == "o"]
        assert sorted(dots) == pytest.approx(sorted(1 - shares["stands"]))
        counted = sum(patch.get_data().values.sum() for patch in above.patches[-2:])
        assert counted == (recodings["scale"] == ALL).sum()
