"""The notebook tour runs from its first cell to its last and shows what it gives."""

from __future__ import annotations

import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "docs"))

import tour  # noqa: E402


def test_the_tour_runs_and_shows_what_it_gives(tmp_path: Path) -> None:
    """Every cell runs in an empty folder, and prints and draws what the notebook keeps."""
    now = tour.executed(tmp_path)
    for kept, made in zip(tour.kept().cells, now.cells, strict=True):
        assert tour.texts(made) == tour.texts(kept), kept.source
    drawn = [kind for cell in now.cells for kind in tour.texts(cell) if kind == "image/png"]
    assert len(drawn) == 2
