"""A small game for the tests: CHARLIE presses ALFA or not, ALFA answers or not."""

from __future__ import annotations

from pathlib import Path

from worlds import FULL

GAME = """\
title = "CHARLIE and ALFA"
question = "Who yields?"
scenario = "full.toml"

[sampling]
runs = 8
weights = 50
factor = 1.5

[players.CHARLIE.moves.press]
title = "presses"
cost = { value = 0.01, basis = "judgement", source = "Tests 2026" }

[players.CHARLIE.moves.rest]
title = "lets it be"
set.strategies.wedge.enabled = false

[players.CHARLIE.wants.apart]
title = "allies apart"
outcome = "cohesion"
weight = { value = -1.0, basis = "judgement", source = "Tests 2026" }

[players.CHARLIE.wants.quiet]
outcome = "pressure:*-CHARLIE"
weight = -0.2

[players.ALFA.moves.hold]
title = "holds"

[players.ALFA.moves.answer]
title = "answers"
cost = 0.02
[players.ALFA.moves.answer.set.strategies.answer]
actor = "ALFA"
wedge = false
press = { CHARLIE = 0.4 }
court = { BRAVO = 0.3 }

[players.ALFA.wants.together]
outcome = "cohesion:ALFA-BRAVO"
weight = 1.0

[players.ALFA.wants.unhurt]
outcome = "pressure:CHARLIE-ALFA"
weight = -0.5

[observed]
source = "Tests 2026"
moves = { CHARLIE = "press", ALFA = "hold" }
"""


def game_file(folder: Path, text: str = GAME) -> Path:
    """Write the game and its scenario, and return the game's file."""
    (folder / "full.toml").write_text(FULL, "utf-8")
    path = folder / "quarrel.toml"
    path.write_text(text, "utf-8")
    return path
