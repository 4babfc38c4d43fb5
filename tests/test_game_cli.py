"""``alliancesim game``: files, a real process, its folder, its pictures and its sentences."""

from __future__ import annotations

import json
import xml.etree.ElementTree as ET
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from matplotlib.colors import to_rgba
from matplotlib.patches import Rectangle
from typer.testing import CliRunner

from alliancesim.cli.main import app
from alliancesim.figures.payoffs import choices_chart, payoffs_chart
from alliancesim.figures.style import INK, NARROW, WIDE
from alliancesim.game.again import again
from alliancesim.game.playing import play
from alliancesim.game.reading import load_game
from alliancesim.game.solution import BOTH, Solution, solve
from alliancesim.report.brief_parts import counted_share
from alliancesim.report.brief_studies import of_game
from alliancesim.report.game_wording import how_sure, sentences, verdict
from alliancesim.report.numbers import percent
from alliancesim.report.probability_words import cautious_word
from alliancesim.scenario.problems import InputError
from commands import answer, call, typed
from games import GAME, game_file
from posteriors import draws_file
from rewriting import rewritten


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    """A folder with the small game, solved under draws, and what was printed."""
    folder = tmp_path_factory.mktemp("game")
    game_file(folder)
    draws_file(folder, draws=2)
    words = ("game", "quarrel.toml", "--posterior", "draws.csv", "--set", "sampling.weights=40")
    done = call(*words, "--out", "out", cwd=folder)
    assert done.returncode == 0, done.stderr
    return folder, done.stdout


@pytest.fixture(scope="module")
def solved(made: tuple[Path, str]) -> Solution:
    """The small game, solved at one set of coefficients."""
    return solve(play(load_game(str(made[0] / "quarrel.toml"))))


def test_the_answer_is_printed_with_how_sure_it_is(made: tuple[Path, str]) -> None:
    for text in ("CHARLIE presses", "Alfaland answers", "% of draws", "What was really done"):
        assert text in made[1]
    assert "2 draws of the coefficients from the posterior 'draws'" in made[1]


def test_the_folder_holds_every_cell_and_says_how_it_was_made(made: tuple[Path, str]) -> None:
    folder = made[0] / "out"
    manifest = json.loads((folder / "manifest.json").read_text("utf-8"))
    assert manifest["kind"] == "game"
    assert manifest["options"]["weights"] == 40
    assert manifest["options"]["set"] == ["sampling.weights=40"]
    assert manifest["posterior"]["draws"] == 2
    tables = {name: pd.read_csv(folder / f"{name}.csv") for name in manifest["digest"]}
    assert set(tables) == {"payoffs", "moves", "equilibria", "reasons", "outcomes"}
    assert len(tables["payoffs"]) == 4
    assert tables["moves"]["played_both"].sum() <= 2 + 1e-9
    assert {path.name for path in folder.iterdir()} == {
        "manifest.json",
        "posterior.csv",
        "report.html",
        *(f"{name}.csv" for name in tables),
        *(f"{name}.{end}" for name in ("payoffs", "choices") for end in ("png", "svg")),
    }
    assert ET.parse(folder / "payoffs.svg").getroot().tag.endswith("svg")
    assert (folder / "choices.png").read_bytes().startswith(b"\x89PNG")


def test_the_page_is_self_contained_and_says_how_to_make_it_again(made: tuple[Path, str]) -> None:
    page = (made[0] / "out" / "report.html").read_text("utf-8")
    assert "game quarrel.toml --posterior draws.csv --set sampling.weights=40" in typed(page)
    for text in ("allies apart", "lets it be", "Tests 2026", "judgement", "What was really done"):
        assert text in page
    assert "http-equiv" in page
    assert "src=" not in page


def test_json_holds_every_move_and_no_more_than_was_asked(made: tuple[Path, str]) -> None:
    done = answer("game", "quarrel.toml", "--json", "--set", "actors.BRAVO.hazard=0.9", cwd=made[0])
    data = json.loads(done.stdout)
    assert done.returncode == 0
    assert data["posterior"] is None
    assert [player["player"] for player in data["players"]] == ["CHARLIE", "ALFA"]
    for player in data["players"]:
        assert player["likeliest"] in player["moves"]
        assert set(player["moves"][player["robust"]]) == {"draws", "weights", "both"}
    kept = json.loads((made[0] / data["folder"] / "manifest.json").read_text("utf-8"))
    assert kept["scenario"]["actors"]["BRAVO"]["hazard"]["value"] == 0.9


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("--set", "sampling.runs=0"), "--set: sampling.runs is 0"),
        (("--out", "out"), "--out"),
    ],
)
def test_what_is_wrong_is_the_users_error_and_leaves_nothing(
    made: tuple[Path, str], words: tuple[str, ...], told: str
) -> None:
    before = set(made[0].iterdir())
    done = answer("game", "quarrel.toml", *words, cwd=made[0])
    assert done.returncode == 2
    assert told in done.stderr
    assert "Traceback" not in done.stderr
    assert set(made[0].iterdir()) == before


def test_games_are_listed_and_checked_like_other_files(made: tuple[Path, str]) -> None:
    (made[0] / "bad.toml").write_text(GAME.replace("CHARLIE-ALFA", "CHARLIE-ALAF"), "utf-8")
    done = answer("check", "quarrel.toml", "bad.toml", cwd=made[0])
    assert done.returncode == 2
    assert "quarrel.toml is valid." in done.stdout
    assert "players.ALFA.wants.unhurt.outcome" in done.stderr
    listed = json.loads(CliRunner().invoke(app, ["list", "--json"]).stdout)
    named = [row["name"] for row in listed if row["kind"] == "game"]
    assert "beijing-tokyo-seoul-washington" in named


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ('actor = "ALFA"', 'actor = "DELTA"', "set.strategies.answer.actor is 'DELTA'"),
        ("set.strategies.wedge", "set.events.scare", "set.events.scare.of is 'BRAVO'"),
        ("set.strategies.wedge.enabled", "set.actors.BRAVO.hazard", "a move is what its player"),
        ("press = { CHARLIE", "pres = { CHARLIE", "set.strategies.answer.pres"),
        ("set.strategies.wedge", "set.strategies.answer", "no move of CHARLIE sets too"),
        ("players.ALFA", "players.ALAF", "Did you mean 'ALFA'"),
        ('ALFA = "hold"', 'ALFA = "hodl"', "Did you mean 'hold'"),
        ('ALFA = "hold"', 'BRAVO = "hold"', "observed.moves.ALFA is missing"),
        ("pressure:*-CHARLIE", "pressure:*-*", "two different actors"),
        ("weight = -0.2", "weight = -2", "players.CHARLIE.wants.quiet.weight"),
        ('scenario = "full.toml"', 'scenario = "fll"', "Did you mean 'full'"),
        ("factor = 1.5", "factor = 0.5", "sampling.factor"),
        ("runs = 8", "runs = 0", "sampling.runs is 0"),
        ("weight = 1.0", "weight = 1.0\nwieght = 1.0", "Did you mean 'weight'"),
    ],
)
def test_files_that_make_no_game_are_refused_with_the_key(
    tmp_path: Path, old: str, new: str, told: str
) -> None:
    """A move may set its own player's acts alone; names, signs and sizes are checked."""
    path = game_file(tmp_path, GAME.replace(old, new))
    with pytest.raises(InputError) as found:
        load_game(str(path))
    assert told in str(found.value)
    assert str(path) in str(found.value)


@pytest.mark.parametrize(
    ("setting", "told"),
    [
        ("players.ALFA.wants.unhurt.outcome=opinoin:ALFA-BRAVO", "did you mean 'opinion'?"),
        ("actors.BRAVO.hazard=7", "--set: actors.BRAVO.hazard is 7"),
        ("players.CHARLIE.moves.press.cost=lots", "--set: players.CHARLIE.moves.press.cost"),
    ],
)
def test_settings_are_checked_like_files(made: tuple[Path, str], setting: str, told: str) -> None:
    with pytest.raises(InputError) as found:
        load_game(str(made[0] / "quarrel.toml"), [setting])
    assert told in str(found.value)


def test_all_problems_are_told_at_once(tmp_path: Path) -> None:
    text = GAME.replace("pressure:CHARLIE-ALFA", "pressure").replace('ALFA = "hold"', 'ALFA = "x"')
    with pytest.raises(InputError) as found:
        load_game(str(game_file(tmp_path, text)))
    assert len(found.value.problems) == 2


def test_frames_stand_where_equilibria_and_the_observed_cell_are(solved: Solution) -> None:
    """Every panel has a frame per equilibrium and a dashed one, and a number in every cell."""
    for size in (WIDE, NARROW):
        panels = payoffs_chart(solved, size).axes
        assert len(panels) == 2
        for player, axes in enumerate(panels):
            frames = [
                patch
                for patch in axes.patches
                if isinstance(patch, Rectangle) and patch.get_edgecolor() == to_rgba(INK)
            ]
            places = [(int(f.get_y()), int(f.get_x())) for f in frames]
            assert places == [*solved.equilibria, solved.observed]
            numbers = [text.get_text() for text in axes.texts if text.get_text()[-1].isdigit()]
            shown = [float(text.replace("−", "-")) for text in numbers]
            assert np.allclose(shown, solved.payoffs[player].ravel(), atol=0.0051)


def test_bars_are_as_long_as_shares_of_draws(solved: Solution) -> None:
    (axes,) = choices_chart(solved).axes
    bars = [patch.get_width() for patch in axes.patches if isinstance(patch, Rectangle)]
    moves = solved.robustness[BOTH].moves
    assert bars == pytest.approx([move.played for own in moves for move in own])


def test_words_follow_the_numbers(solved: Solution) -> None:
    """The verdict names the move that most draws play; what was forgone has its amount."""
    assert [how_sure(share) for share in (0.95, 0.7, 0.51, 0.5)] == [
        "very sure",
        "fairly sure",
        "more likely than not",
        "open",
    ]
    text = verdict(solved)
    for player, code in enumerate(solved.played.loaded.players):
        title = solved.played.loaded.title(
            code, solved.played.loaded.moves(code)[solved.likeliest(player)]
        )
        assert title in text
    told = " ".join(sentences(solved))
    observed = solved.observed
    assert observed is not None
    assert ("forgoes" in told) == (observed not in solved.equilibria)


def test_its_report_can_be_written_again(made: tuple[Path, str], tmp_path: Path) -> None:
    """From the folder alone comes the page that was first written, word for word."""
    before, after = rewritten(made[0] / "out", tmp_path / "again.html")
    assert before == after
    assert len(list((tmp_path / "again-figures").glob("*.png"))) == 2


def test_the_brief_judges_every_player_by_the_draws(made: tuple[Path, str]) -> None:
    """The share of each judgement is that of the table of moves, and is one of draws."""
    folder = made[0] / "out"
    manifest = json.loads((folder / "manifest.json").read_text("utf-8"))
    brief = of_game(again(folder, manifest, lambda _doing, _done: None), manifest, None)
    likeliest = pd.read_csv(folder / "moves.csv").groupby("player", sort=False)["played_both"].max()
    assert len(brief.judgements) == len(likeliest)
    for judgement, share in zip(brief.judgements, likeliest, strict=True):
        assert judgement.numbers.startswith(f"{percent(share)} of 2 draws, 95 % interval")
        assert judgement.words == cautious_word(counted_share(share, 2))
