"""``alliancesim verify`` on studies: equal to the last byte, or the table that is not is named."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from alliancesim.scenario.problems import InputError
from alliancesim.verification import differences
from commands import answer
from experiments import written
from games import game_file
from posteriors import draws_file
from spoiling import spoilt
from test_sensitivity_cli import SMALL as FACTORS
from test_tipping_cli import PRESS
from test_tipping_cli import SMALL as WEDGE
from worlds import FULL


def _game(folder: Path) -> tuple[str, ...]:
    game_file(folder)
    draws_file(folder, draws=2)
    return ("game", "quarrel.toml", "--posterior", "draws.csv", "--set", "sampling.weights=20")


def _landscape(folder: Path) -> tuple[str, ...]:
    (folder / "full.toml").write_text(FULL, "utf-8")
    return ("landscape", "full.toml", "--runs", "4")


def _tip(folder: Path) -> tuple[str, ...]:
    (folder / "small.toml").write_text(WEDGE, "utf-8")
    draws_file(folder, draws=2)
    return ("tip", "small.toml", "--vary", PRESS, "--posterior", "draws.csv", "--runs", "4")


def _recode(folder: Path) -> tuple[str, ...]:
    (folder / "full.toml").write_text(FULL, "utf-8")
    return ("recode", "full.toml", "--recodings", "3", "--runs", "2")


def _sensitivity(folder: Path) -> tuple[str, ...]:
    written(folder, FACTORS)
    draws_file(folder, draws=2)
    words = ("sensitivity", "trial.toml", "--posterior", "draws.csv", "--factors", "2")
    return (*words, "--trajectories", "3", "--samples", "8", "--runs", "3")


KINDS: Mapping[str, Callable[[Path], tuple[str, ...]]] = {
    "game": _game,
    "landscape": _landscape,
    "tip": _tip,
    "recode": _recode,
    "sensitivity": _sensitivity,
}


@pytest.mark.parametrize("kind", KINDS)
def test_one_changed_byte_in_a_table_is_noticed(kind: str, tmp_path: Path) -> None:
    """Of what a command left, a changed table and a changed digest are named, and nothing else."""
    words = KINDS[kind](tmp_path)
    done = answer(*words, "--out", "out", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    manifest = json.loads((tmp_path / "out" / "manifest.json").read_text("utf-8"))
    assert manifest["kind"] == kind
    expected = spoilt(tmp_path / "out")
    assert differences(tmp_path / "out") == expected


def test_a_study_as_it_was_written_is_identical(tmp_path: Path) -> None:
    """The command says so and leaves with 0; a changed byte makes it 1."""
    words = _landscape(tmp_path)
    assert answer(*words, "--out", "out", cwd=tmp_path).returncode == 0
    same = answer("verify", "out", cwd=tmp_path)
    assert (same.returncode, same.stdout) == (0, "out: identical bit for bit.\n"), same.stderr
    with (tmp_path / "out" / "moves.csv").open("a") as stream:
        stream.write("\n")
    changed = answer("verify", "out", cwd=tmp_path)
    expected = "out: table moves was changed after it was written\n"
    assert (changed.returncode, changed.stdout) == (1, expected)


def test_what_cannot_be_run_again_is_refused_in_words(tmp_path: Path) -> None:
    """Fits, unknown kinds and a manifest that lost its question: no traceback, and what to do."""
    (tmp_path / "manifest.json").write_text('{"format": 1, "kind": "hindcast"}', "utf-8")
    with pytest.raises(InputError, match="run its command anew"):
        differences(tmp_path)
    told = _landscape(tmp_path)
    assert answer(*told, "--out", "out", cwd=tmp_path).returncode == 0
    path = tmp_path / "out" / "manifest.json"
    manifest = json.loads(path.read_text("utf-8"))
    del manifest["options"]["month"]
    path.write_text(json.dumps(manifest), "utf-8")
    with pytest.raises(InputError, match="month"):
        differences(tmp_path / "out")
