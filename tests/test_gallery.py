"""The gallery: every picture is there and small, and every command is one of the program's."""

from __future__ import annotations

import re
import sys
from pathlib import Path

import typer
from PIL import Image

from alliancesim.cli.main import app

DOCS = Path(__file__).resolve().parent.parent / "docs"
sys.path.insert(0, str(DOCS))

import gallery  # noqa: E402

LARGEST = 2_500_000
"""Bytes of all pictures together."""


def test_the_page_is_what_the_program_writes_and_its_pictures_are_there() -> None:
    """No picture is missing, left over or heavy, and the words are those that would be written."""
    text = (DOCS / "gallery.md").read_text("utf-8")
    assert text == gallery.page()
    named = [DOCS / link for link in re.findall(r"!\[[^]]+\]\(([^)]+)\)", text)]
    assert len(named) == len(gallery.PLATES) == len(set(named))
    assert sorted(named) == sorted((DOCS / "figures").glob("gallery-*.png"))
    assert sum(path.stat().st_size for path in named) < LARGEST
    for path in named:
        with Image.open(path) as picture:
            assert (picture.mode, picture.width) == ("P", gallery.WIDTH)


def test_every_command_is_known() -> None:
    """Each command and each of its options is the program's, and each has a picture."""
    program = typer.main.get_command(app)
    assert {plate.run for plate in gallery.PLATES} == set(gallery.COMMANDS)
    for run in gallery.COMMANDS:
        _, name, *words = gallery.command_words(run)
        command = program.commands[name]  # type: ignore[attr-defined]
        with command.make_context(name, words) as context:
            assert context.args == []
