"""The benchmarks run, tell what they promise, and plain C has the kernel's bits."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
BENCHMARKS = ROOT / "benchmarks"
PAGE = ROOT / "docs" / "performance.md"
sys.path.insert(0, str(BENCHMARKS))

import operations  # noqa: E402
import rates  # noqa: E402
import speed  # noqa: E402
import tables  # noqa: E402
import yardstick  # noqa: E402

NAMES = list(speed.Measurements(quick=True).tables())


def _run(script: str, *arguments: str) -> str:
    """Run a benchmark as a real process and return what it prints.

    Code built with -ffast-math has a whole process flush small numbers to zero: never in this one.
    """
    done = subprocess.run(
        [sys.executable, str(BENCHMARKS / script), *arguments],
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_the_speed_command_prints_and_keeps_what_it_is_asked_for(tmp_path: Path) -> None:
    """Engines with their ratio, parts of a month, operations and share of the peak."""
    file = tmp_path / "speed.json"
    wanted = ["machine", "engines", "parts", "limit"]
    only = [word for name in wanted for word in ("--only", name)]
    printed = _run("speed.py", "--quick", *only, "--json", str(file))
    kept = json.loads(file.read_text("utf-8"))
    assert list(kept) == wanted
    assert all(table["title"] in printed for table in kept.values())
    names = [row[0] for row in kept["engines"]["rows"]]
    assert names[0] == "batch, 1 thread"
    assert names[-1] == "Mesa, tables not collected"
    assert all(cell > 0 for row in kept["engines"]["rows"] for cell in row[1:])
    assert kept["engines"]["rows"][-1][-1] == 1.0
    assert [row[0] for row in kept["limit"]["rows"]] == [*speed.PARTS, "all"]
    assert [row[0] for row in kept["parts"]["rows"]][:3] == list(speed.PARTS)


@pytest.mark.skipif(not yardstick.has_compiler(), reason="gcc is not installed")
@pytest.mark.parametrize("actors", [3, 4])
def test_plain_c_has_the_bits_of_the_kernel(actors: int) -> None:
    """The command compiles C, compares every late mean, and would fail at the first other bit."""
    printed = _run("yardstick.py", "--actors", str(actors), "--runs", "512", "--repetitions", "1")
    assert printed.endswith("the same to the last bit.\n")
    assert all(variant in printed for variant in yardstick.VARIANTS)


def test_operations_are_those_of_the_source() -> None:
    """Six dyads of three actors, each with two pairs of normals: counted, not written down.

    Of the twenty multiplications of a Philox block, two are of numbers that all lanes share.
    """
    counts = operations.counted([3])[3]["normals"]
    world_months = 2
    assert counts["square roots"] * world_months == 6 * 2
    assert counts["divisions"] * world_months == 6 * 2
    assert counts["integer multiplications"] * world_months == 6 * 18


@pytest.mark.parametrize(
    ("table", "settings"),
    [
        (lambda: rates.against_runs([1, 10], 1), [1, 10]),
        (lambda: rates.against_months([6, 12], 1, 0.001), [6, 12]),
        (lambda: rates.against_actors([2, 5], 1, 0.001), [2, 5]),
        (lambda: rates.against_lanes([8, 16], 1, 0.001), [8, 16]),
        (lambda: rates.against_sharing(8, 1), ["1 x 8 (alike)", "8 x 1 (alike)"]),
    ],
    ids=["runs", "months", "actors", "lanes", "sharing"],
)
def test_sweeps_have_a_row_for_every_setting(
    table: speed.Callable[[], tables.Table], settings: list[object]
) -> None:
    """Each with the world-months made, the time taken and both ways to tell the rate."""
    found = table()
    assert [row[0] for row in found.rows] == settings
    assert all(len(row) == len(found.columns) for row in found.rows)
    assert all(isinstance(cell, int | float) and cell > 0 for row in found.rows for cell in row[1:])


def test_the_page_has_a_place_for_every_table() -> None:
    """``speed.py --write docs/performance.md`` finds all it looks for, and fills all it finds."""
    places = re.findall(r"<!-- generated:([a-z]+) -->", PAGE.read_text("utf-8"))
    assert sorted(places) == sorted(NAMES)
    assert len(set(places)) == len(places)


def test_tables_are_written_into_their_places_alone(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    page.write_text(
        "# Page\n<!-- generated:one -->\nold\n<!-- end -->\n"
        "text\n<!-- generated:two -->\nkept\n<!-- end -->\n",
        "utf-8",
    )
    one = tables.Table("one", "One", ("what", "how many"), [("a|b", 1234567.0), ("c", None)])
    missing = tables.write_into(page, [one, one._replace(name="three")])
    assert missing == ["three"]
    assert page.read_text("utf-8") == (
        "# Page\n<!-- generated:one -->\n| what | how many |\n| --- | --- |\n"
        "| a/b | 1,234,567 |\n| c | not measured |\n<!-- end -->\n"
        "text\n<!-- generated:two -->\nkept\n<!-- end -->\n"
    )
    assert [path.name for path in tmp_path.iterdir()] == ["page.md"]
