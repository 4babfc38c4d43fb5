"""Pages on landscapes, tipping points, games and recodings in German.

Figures are there with every text that they hold, but are not drawn, which would take most of the
time.
"""

from __future__ import annotations

import html
import re
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from markupsafe import Markup, escape
from matplotlib.cm import ScalarMappable
from matplotlib.figure import Figure
from matplotlib.text import Text

from alliancesim.figures.axes import speak_numbers
from alliancesim.figures.style import WIDE
from alliancesim.figures.svg import Drawing
from alliancesim.game.playing import play
from alliancesim.game.reading import load_game
from alliancesim.game.solution import solve
from alliancesim.landscape.survey import Question as Alignments
from alliancesim.landscape.survey import pose, survey
from alliancesim.landscape.target import Target
from alliancesim.language import speaking
from alliancesim.posterior.draws import Posterior
from alliancesim.recoding.question import Question as Codes
from alliancesim.recoding.question import recode
from alliancesim.report import pictures
from alliancesim.report.captions import Caption
from alliancesim.report.games import write_game
from alliancesim.report.landscapes import write_landscape
from alliancesim.report.recodings import write_recoded
from alliancesim.report.tipping import write_tipped
from alliancesim.scenario.reading import Loaded, load
from alliancesim.tipping.question import Question as Turns
from alliancesim.tipping.question import tip

SCENARIO = """\
title = "The blockade of Qatar, 2017-20"
[time]
start = "2030-01"
months = 5
[actors.ALFA]
name = "South Korea"
hazard = { value = 0.3, basis = "judgement", source = "Tests 2026" }
[actors.BRAVO]
[actors.CHARLIE]
[dyads.ALFA-BRAVO]
cohesion = 0.5
cooperation = 0.6
[dyads.ALFA-CHARLIE]
threat = 0.5
opinion = { value = -0.4, basis = "measured", source = "Tests 2026" }
[strategies.keil]
actor = "CHARLIE"
press = { ALFA = 0.6 }
court = { BRAVO = 0.4 }
[outcome]
alliance = ["ALFA", "BRAVO"]
window = 2
margin = 0.006
"""

GAME = """\
title = "Beijing, Tokyo, Seoul and Washington"
question = "What would Beijing, Tokyo, Seoul and Washington do, and how sure is that?"
scenario = "klein.toml"
[sampling]
runs = 4
weights = 20
[players.CHARLIE.moves.druck]
title = "presses Tokyo and courts Seoul"
cost = { value = 0.01, basis = "judgement", source = "Tests 2026" }
[players.CHARLIE.moves.ruhe]
title = "wartet ab"
set.strategies.keil.enabled = false
[players.CHARLIE.wants.trennung]
title = "the tie with Seoul"
outcome = "cohesion"
weight = { value = -1.0, basis = "judgement", source = "Tests 2026" }
[players.ALFA.moves.halten]
title = "hält stand"
[players.ALFA.moves.antworten]
title = "antwortet"
cost = 0.02
[players.ALFA.moves.antworten.set.strategies.antwort]
actor = "ALFA"
wedge = false
press = { CHARLIE = 0.4 }
[players.ALFA.wants.einheit]
title = "Einheit"
outcome = "cohesion:ALFA-BRAVO"
weight = 1.0
[observed]
source = "Tests 2026"
moves = { CHARLIE = "druck", ALFA = "antworten" }
"""

PRESS, COURT = "strategies.keil.press.ALFA", "strategies.keil.court.BRAVO"
DRAWS = Posterior("zwei", ("build", "erode"), np.array([[0.2, 0.1], [0.3, 0.2]]), {})

ENGLISH = re.compile(
    r"\b(the|of|and|with|is|are|from|not|which|each|than|that|for|to|where|without|have|has|its|runs"
    r"|share|beyond|between|odds|never|none|least|most|sure|middle|korea)\b",
    re.I,
)
"""Words that German does not have, nor any key or table of these results.

The title, names and moves of these files are those of shipped ones, which are translated.
"""

_UNSAID = re.compile(
    r"<(style|pre|code|footer)>.*?</\1>|<dl class=\"facts[ a-z]*\">.*?</dl>|<[^>]+>", re.S
)
_NUMBER = re.compile(r"\d+(?:[.,]\d+)?")

Write = Callable[[Path], object]


def small(folder: Path) -> Loaded:
    """Return the scenario, as it comes from a file in a folder."""
    path = folder / "klein.toml"
    path.write_text(SCENARIO, "utf-8")
    return load(str(path))


def landscape(folder: Path) -> Write:
    """Return what writes a landscape."""
    target = Target("klein", small(folder).scenario, 4, 1, 5, DRAWS)
    found = survey(pose(target, Alignments()))
    return lambda into: write_landscape(found, into, ["alliancesim"])


def turns(*keys: str, posterior: Posterior | None = None) -> Callable[[Path], Write]:
    """Return what finds tipping points over some numbers, or all, and returns what writes them."""

    def made(folder: Path) -> Write:
        found = tip(small(folder), Turns(keys, runs=4), posterior)
        return lambda into: write_tipped(found, into, ["alliancesim"])

    return made


def game(folder: Path) -> Write:
    """Return what writes a solved game."""
    small(folder)
    path = folder / "spiel.toml"
    path.write_text(GAME, "utf-8")
    found = solve(play(load_game(str(path))))
    return lambda into: write_game(found, into, ["alliancesim"])


def codes(folder: Path) -> Write:
    """Return what writes recodings."""
    found = recode(small(folder), Codes(recodings=4, runs=2), DRAWS)
    return lambda into: write_recoded(found, into, ["alliancesim"])


def spelled(number: int, name: str, caption: Caption, draw: Drawing) -> pictures.Picture:
    """Return a figure as all the texts that it holds."""
    held = [text.get_text() for text in draw(WIDE).findobj(Text)]
    said = escape(" ".join([caption.description, *held]))
    return pictures.Picture(number, caption, said, Markup(""), bytes)


def said(page: Path) -> str:
    """Return what a page says, without commands, versions, keys set as code, and tags."""
    return html.unescape(_UNSAID.sub(" ", page.read_text("utf-8")))


@pytest.mark.parametrize(
    "make",
    [
        pytest.param(landscape, id="landscape"),
        pytest.param(turns(PRESS, posterior=DRAWS), id="one"),
        pytest.param(turns(PRESS, COURT), id="two"),
        pytest.param(turns(), id="all"),
        pytest.param(game, id="game"),
        pytest.param(codes, id="recode"),
    ],
)
def test_a_german_page_has_the_same_numbers_and_no_english(
    make: Callable[[Path], Write], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """No number is lost, added or left with a decimal point, and no common English word stays."""
    monkeypatch.setattr(pictures, "_picture", spelled)
    write = make(tmp_path)
    pages = {}
    for code in ("en", "de"):
        with speaking(code):
            write(tmp_path / code)
        pages[code] = said(tmp_path / code / "report.html")
    english, german = (_NUMBER.findall(pages[code]) for code in ("en", "de"))
    assert Counter(german) == Counter(number.replace(".", ",") for number in english)
    assert ENGLISH.findall(pages["de"]) == []


def test_numbers_beside_axes_have_a_decimal_comma() -> None:
    """Those of a scale of colours too, while labels that an axis was given stay as they are."""
    figure = Figure()
    plain, named = figure.subplots(1, 2)
    named.set_xticks([0.5], ["0.5"])
    bar = figure.colorbar(ScalarMappable(), ax=plain)
    speak_numbers(figure)
    axes = (plain.xaxis, plain.yaxis, bar.ax.yaxis)
    for code, mark in (("en", "−0.5"), ("de", "−0,5")):
        with speaking(code):
            for axis in axes:
                assert axis.get_major_formatter().format_ticks([-0.5, 0.0])[0] == mark
            assert named.xaxis.get_major_formatter().format_ticks([0.5]) == ["0.5"]
