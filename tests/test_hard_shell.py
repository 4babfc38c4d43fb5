"""Hostile files, absurd sizes, broken disks and rivals: a clear word, and nothing lost.

What fuzzing and fault trials (``fuzz/``) found is kept here as cases; docs/reliability.md tells how
often each was tried.
"""

from __future__ import annotations

import csv
import importlib.util
import io
import json
import os
import re
import resource
import subprocess
import sys
import zipfile
from itertools import chain
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from alliancesim.cli import printing
from alliancesim.cli.console import table
from alliancesim.cli.printing import print_json, print_line, print_paragraphs, print_places, tell
from alliancesim.experiment.reading import load_experiment
from alliancesim.ingest.streams import parts
from alliancesim.posterior.draws import load_posterior
from alliancesim.results.folder import appearing
from alliancesim.scenario.costs import LIMIT, Cost, duration, seconds, size
from alliancesim.scenario.limits import DEEPEST, read_bounded
from alliancesim.scenario.printable import printable, steers
from alliancesim.scenario.problems import MOST_PROBLEMS, InputError, Problem
from alliancesim.scenario.reading import load
from commands import COMMAND, answer
from worlds import FULL

ROOT = Path(__file__).resolve().parent.parent
SWEEP = """\
title = "Balancing"
question = "What holds?"
scenario = "full"
[design]
kind = "grid"
replicates = 2
[factors.balancing]
key = "coefficients.balancing"
low = 0.1
high = 1.0
steps = 2
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with a scenario and a sweep."""
    (tmp_path / "full.toml").write_text(FULL, "utf-8")
    (tmp_path / "sweep.toml").write_text(SWEEP, "utf-8")
    return tmp_path


def _refusal(folder: Path, text: str) -> InputError:
    """Return how a scenario file is refused."""
    path = folder / "case.toml"
    path.write_bytes(text.encode())
    with pytest.raises(InputError) as caught:
        load(str(path))
    return caught.value


def _sweep_refusal(folder: Path, old: str, new: str) -> str:
    """Return how the sweep is refused after an edit."""
    assert old in SWEEP
    path = folder / "case.toml"
    path.write_text(SWEEP.replace(old, new), "utf-8")
    with pytest.raises(InputError) as caught:
        load_experiment(str(path))
    return str(caught.value)


# Bombs.


@pytest.mark.parametrize(
    "key",
    ["a." * 400_000 + "a", '"a" . ' * 100_000 + "a", "'a'\t.\t" * 100_000 + "a", "é." * 5000 + "a"],
    ids=["bare", "quoted", "spaced", "accented"],
)
def test_a_key_without_end_is_refused_before_it_is_read(
    folder: Path, monkeypatch: pytest.MonkeyPatch, key: str
) -> None:
    """The library takes quadratic time: a file of 800 kB had kept it busy for minutes."""
    monkeypatch.setattr("tomllib.loads", lambda _: pytest.fail("it was read"))
    for text in (f"{key} = 1\n{FULL}", f"[{key}]\n"):
        if not key.startswith("é"):
            assert f"keys of at most {DEEPEST} parts" in str(_refusal(folder, text))


def test_prose_with_many_dots_is_no_key(folder: Path) -> None:
    text = FULL.replace("A fictional quarrel.", "e.g. a.b.c, and so on ... " * 400)
    (folder / "full.toml").write_text(text, "utf-8")
    assert load(str(folder / "full.toml")).scenario.story.count("e.g.") == 400


BOMBS = {
    "unknown keys": "".join(f"k{n} = 1\n" for n in range(5000)) + FULL,
    "unfinished events": FULL + "".join(f"[events.e{n}]\n" for n in range(5000)),
    "dyads of strangers": FULL + "".join(f"[dyads.A{n}-B{n}]\n" for n in range(5000)),
    "mechanisms to leave out": f"without = {[f'entrapement{n}' for n in range(5000)]}\n" + FULL,
}


@pytest.mark.parametrize("text", BOMBS.values(), ids=BOMBS.keys())
def test_no_file_makes_more_complaints_than_anybody_reads(folder: Path, text: str) -> None:
    """A hundred are named; a file of 1 MB had drawn 22 MB of complaints."""
    found = _refusal(folder, text)
    assert len(found.problems) in (MOST_PROBLEMS, MOST_PROBLEMS + 1)
    assert len(str(found)) < 50_000


def test_the_number_of_further_complaints_is_told(folder: Path) -> None:
    last = str(_refusal(folder, BOMBS["unknown keys"])).splitlines()[-1]
    assert "4,900 more places" in last


def test_a_complaint_is_cut_to_a_bearable_length(folder: Path) -> None:
    message = str(_refusal(folder, f"{'x' * 500_000} = 1\n{FULL}"))
    assert len(message) < 2000
    assert "xxx … xxx" in message


def test_a_factor_of_two_thousand_parts_is_refused(folder: Path) -> None:
    """Found by fuzzing: it ran out of stack."""
    for key in ("events." + "x." * 2000 + "x", "actors.ALFA." + "x." * 300_000 + "x"):
        message = _sweep_refusal(folder, "coefficients.balancing", key)
        assert f"at most {DEEPEST} parts" in message


@pytest.mark.parametrize(
    ("low", "high", "said"),
    [
        ("2030-05-01T02:03:00", "1.0", "two numbers or two months"),
        ("0.5", '"2030-05"', "two numbers or two months"),
        ("0.5", '"2030-05"\nwhole = true', "two numbers or two months"),
        ("0.5", "1.0\nwhole = true", "whole numbers for low and high"),
    ],
)
def test_a_range_from_a_month_to_a_number_is_refused(
    folder: Path, low: str, high: str, said: str
) -> None:
    """Found by fuzzing: without steps, the levels between the two were counted."""
    new = f"low = {low}\nhigh = {high}\n"
    assert said in _sweep_refusal(folder, "low = 0.1\nhigh = 1.0\nsteps = 2\n", new)
    missing = new.splitlines()[0] + "\nwhole = true\n"
    assert "high" in _sweep_refusal(folder, "low = 0.1\nhigh = 1.0\nsteps = 2\n", missing)


def test_factor_sets_do_not_multiply(folder: Path) -> None:
    """Found by fuzzing: each set of a list of thousands was spelt out into all its factors."""
    sets = '[[factor_sets]]\nkind = "coefficients"\nfactor = 2.0\n' * 3000
    assert "at most 2 entries" in _sweep_refusal(folder, "steps = 2\n", "steps = 2\n" + sets)


@pytest.mark.parametrize(
    ("setting", "key"),
    [
        ("actors.ALFA.hazard=0.3", "actors.ALFA"),
        ("actors.ALFA={}", "actors.ALFA.hazard"),
        ("actors.ALFA.hazard=0.3", "actors.ALFA.hazard"),
    ],
)
def test_keys_that_clash_are_found_either_way_round(folder: Path, setting: str, key: str) -> None:
    text = SWEEP.replace('"full"', f'"full"\nsettings = ["{setting}"]')
    (folder / "case.toml").write_text(text.replace("coefficients.balancing", key), "utf-8")
    with pytest.raises(InputError, match="not set in settings as well"):
        load_experiment(str(folder / "case.toml"))


# Files that are none.


def test_pipes_devices_and_endless_files_are_refused_at_once(folder: Path) -> None:
    """Neither as scenario, nor as parent, nor as draws does one keep the program waiting."""
    os.mkfifo(folder / "pipe.toml")
    (folder / "zero.toml").symlink_to("/dev/zero")
    (folder / "loop.toml").symlink_to("loop.toml")
    for name in ("pipe", "zero", "loop"):
        for read in (load, load_experiment, load_posterior):
            with pytest.raises(InputError):
                read(str(folder / f"{name}.toml"))  # type: ignore[operator]
        assert "same folder" in str(_refusal(folder, f'extends = "{name}"\n'))


def test_a_file_is_read_no_further_than_allowed() -> None:
    """Whatever its size is said to be, as that of the system's own files is said to be 0."""
    told = Path("/proc/self/status")
    if not told.is_file():
        pytest.skip("no such system")
    assert told.stat().st_size == 0
    with pytest.raises(InputError, match="at most 10 bytes"):
        read_bounded(told, 10)


@pytest.mark.parametrize("name", ["../x", "/etc/passwd", "a/b", "..", ".", "~", "", "\\\\x"])
def test_a_parent_lies_in_the_same_folder(folder: Path, name: str) -> None:
    below = folder / "below"
    below.mkdir()
    (folder / "x.toml").write_text(FULL, "utf-8")
    assert "same folder" in str(_refusal(below, f"extends = '{name}'\n"))


def _zip(name: str, flags: int = 0) -> bytes:
    """Return a zip whose only member has a name, and flags in its index."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as packed:
        packed.writestr("x" * len(name.encode("latin-1")), "1")
    found = bytearray(stream.getvalue().replace(b"x" * len(name), name.encode("latin-1")))
    place = found.index(b"PK\x01\x02")
    found[place + 8 : place + 10] = flags.to_bytes(2, "little")
    return bytes(found)


@pytest.mark.parametrize(
    "content",
    [_zip("a\x8c\xff", 1 << 11), _zip("abc")[:40], _zip("abc").replace(b"\x03\0\0\0abc", b"")],
    ids=["a name in no code", "cut", "a hole"],
)
def test_a_zip_with_a_damaged_index_is_refused(tmp_path: Path, content: bytes) -> None:
    """Found by fuzzing: the library raises errors that it does not document."""
    (tmp_path / "events.zip").write_bytes(content)
    read = parts(str(tmp_path / "events.zip"), lambda _done: None)
    with pytest.raises(InputError, match="whole, readable file"):
        list(chain.from_iterable(batches for _, batches in read))


# Text that steers.

STEERING = {
    "escape": "\\u001b[31m",
    "carriage return": "a\\rb",
    "bell": "\\u0007",
    "delete": "\\u007f",
    "control sequence introducer": "\\u009b2J",
    "reversal": "\\u202egpj",
    "isolate": "\\u2067x",
}


@pytest.mark.parametrize("text", STEERING.values(), ids=STEERING.keys())
def test_text_that_steers_a_terminal_is_refused(folder: Path, text: str) -> None:
    """In a value, in a key and in a list, and the refusal itself does not hold it."""
    for old, new in (
        ('name = "Alfaland"', f'name = "{text}"'),
        ("[events.scare]", f'[events."{text}"]'),
        ('["Tests 2026"]', f'["{text}"]'),
    ):
        message = str(_refusal(folder, FULL.replace(old, new)))
        assert "control characters" in message
        assert not steers(message)


def test_right_to_left_scripts_are_text_like_any_other(folder: Path) -> None:
    text = FULL.replace("Alfaland", "\u05d0\u05dc\u05e4\u05d4\u200f \u200ex, \u0639\u0631\u0628")
    (folder / "full.toml").write_text(text, "utf-8")
    assert load(str(folder / "full.toml")).scenario.actors["ALFA"].name.startswith("\u05d0")


@settings(max_examples=50)
@given(st.text())
def test_what_is_printable_steers_nothing_and_loses_nothing(text: str) -> None:
    """What steers is written out; everything else stays."""
    shown = printable(text)
    assert not steers(shown)
    assert steers(text) or shown == text
    assert "\n" not in str(Problem("f", text, text, text, text))
    assert not steers(str(Problem("f", text, text, text, text)))


def test_what_comes_from_elsewhere_is_printed_without_what_steers(
    capsys: pytest.CaptureFixture[str],
) -> None:
    """Codes in event files reach the terminal through tables and paragraphs, names through lines.

    Nothing else of the command line writes to it.
    """
    table(("a", "b"), [("\x1b[2J[red]x[/red]", "\u202ey")], title="\x1b]0;z\x07")
    print_paragraphs(["\x1b[31mred\r"])
    print_line("\x1b[32m")
    print_places(results=Path("\x1b[33m\n\udcff"))
    tell("\x9b34m")
    out, errors = capsys.readouterr()
    assert not steers(out + errors)
    assert "[red]x[/red]" in out
    assert "\\x1b[31mred" in out
    assert out.endswith("Results: \\x1b[33m\\n\\udcff\n")
    print_json({"folder": "\x1b\x9b\x7f\udcffé"})
    out = capsys.readouterr().out
    assert not steers(out)
    assert json.loads(out) == {"folder": "\x1b\x9b\x7f\udcffé"}
    writing = re.compile(r"std(out|err)\.write")
    files = Path(printing.__file__).parent.glob("*.py")
    assert [path.name for path in files if writing.search(path.read_text())] == ["printing.py"]


# Absurd sizes.


def test_a_cost_is_that_of_the_measured_rates() -> None:
    """Within a factor of three of every row of the page on speed: what a world-month takes."""
    page = (ROOT / "docs" / "performance.md").read_text("utf-8")
    other = r" \| [\d,.]+"
    rows = re.findall(rf"(?m)^\| (\d+)(?:{other}){{2}} \| ([\d,.]+)(?:{other}){{2}} \|$", page)
    assert len(rows) >= 5
    for actors, nanoseconds in rows:
        measured = float(nanoseconds.replace(",", "")) * 1e-9
        assert 1 / 3 < seconds(1.0, int(actors)) / measured < 3


@settings(max_examples=50)
@given(st.floats(1.0, 1e15), st.floats(1.0, 1e3), st.integers(2, 64))
def test_more_costs_more(months: float, times: float, actors: int) -> None:
    assert seconds(months * times, actors) >= seconds(months, actors)
    assert seconds(months, actors + 1) > seconds(months, actors)
    assert LIMIT.absurd is False
    assert Cost(LIMIT.seconds * 1.01).absurd
    assert Cost(memory=LIMIT.memory * 1.01).absurd
    assert Cost(disk=LIMIT.disk * 1.01).absurd


def test_costs_are_told_in_words() -> None:
    assert str(Cost(41 * 86_400, 0, 3.2e12)) == "41 days of one processor core and 3.2 TB of disk"
    assert str(Cost(3.0)) == "less than a minute of one processor core"
    assert (duration(86_400 * 366), duration(7200), duration(4e12)) == (
        "1 year",
        "2 hours",
        "130,000 years",
    )
    assert (size(4.29e9), size(1.2e6), size(6.7e13)) == ("4.3 GB", "1.2 MB", "67 TB")


ABSURD: dict[str, tuple[tuple[str, ...], str]] = {
    "runs": (("run", "full.toml", "--runs", "1000000000"), "300 GB of memory"),
    "Mesa": (("run", "full.toml", "--runs", "10000000", "--engine", "mesa"), "of memory"),
    "months": (("run", "full.toml", "--months", "1000000000"), "at most 1200 months"),
    "a comparison": (("compare", "full.toml", "full.toml", "--runs", "1" + "0" * 12), "days"),
    "a tournament": (
        ("tournament", "full.toml", "--no-hindcast", "--runs", "1" + "0" * 12),
        "300 TB of memory",
    ),
    "patterns": (("patterns", "--runs", "1" + "0" * 12), "from 1 to 10000"),
    "a sweep": (
        (
            *("experiment", "sweep.toml", "--set", "design.replicates=1000000"),
            *("--set", "factors.balancing.steps=10001", "--set", "design.months=1200"),
            *("--set", "settings=['time.months=1200']"),
        ),
        "10,001 points of 1,000,000 runs: expected smaller design.replicates",
    ),
    "a part": (
        (
            *("experiment", "sweep.toml", "--set", "design.replicates=1000000"),
            *("--set", "factors.balancing.steps=1000", "--set", "design.part_points=1000"),
        ),
        "40 GB of memory",
    ),
    "a sensitivity analysis": (
        ("sensitivity", "sweep.toml", "--runs", "1" + "0" * 9),
        "fewer --samples",
    ),
}


@pytest.mark.parametrize(("words", "said"), ABSURD.values(), ids=ABSURD.keys())
def test_an_absurd_size_is_refused_with_what_it_would_cost(
    folder: Path, words: tuple[str, ...], said: str
) -> None:
    found = answer(*words, cwd=folder)
    assert found.returncode == 2
    assert said in found.stderr
    assert [path.name for path in folder.iterdir() if path.is_dir()] == []


# Places.


def test_a_link_leads_where_it_leads(tmp_path: Path) -> None:
    """To an empty folder or to nothing yet, the results appear there, and the link stays."""
    (tmp_path / "there").mkdir()
    for name in ("there", "later"):
        link = tmp_path / f"to-{name}"
        link.symlink_to(name)
        with appearing(link) as made:
            (made / "x").write_text("1")
        assert link.is_symlink()
        assert (tmp_path / name / "x").read_text() == "1"


@pytest.mark.parametrize(
    "name", ["full.toml", "full.toml/x", "a" * 300, "loop", "loop/x", "no-utf8-\udcff"]
)
def test_a_place_that_cannot_be_is_refused_before_anything_is_run(
    folder: Path, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    (folder / "loop").symlink_to("loop")
    monkeypatch.setattr("alliancesim.study.run_scenario", lambda *_: pytest.fail("it was run"))
    found = answer("run", "full.toml", "--out", name, cwd=folder)
    assert found.returncode == 2, found.stderr
    assert found.stderr.startswith(f"--out is {printable(name)}"[:40])


def test_a_long_name_that_may_be_is_taken(tmp_path: Path) -> None:
    with appearing(tmp_path / ("b" * 255)) as made:
        (made / "x").write_text("1")
    assert [path.name for path in tmp_path.iterdir()] == ["b" * 255]


# Real processes.


def test_files_that_may_not_grow_end_in_words_and_leave_nothing(folder: Path) -> None:
    """As with a quota, or a full disk."""
    words = ("run", "full.toml", "--runs", "5", "--no-robustness", "--out", "out")
    before, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (4096, hard))
    try:
        ran = answer(*words, cwd=folder)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (before, hard))
    assert ran.returncode == 2, ran.stderr
    assert "a place that can be written to (File too large)" in ran.stderr
    assert {path.name for path in folder.iterdir()} == {"full.toml", "sweep.toml"}


def test_of_two_processes_on_one_folder_one_wins(folder: Path) -> None:
    """The folder is one's or the other's, whole; the other says so and leaves nothing."""
    both = [
        subprocess.Popen(
            [*COMMAND, "run", "full.toml", "--runs", "5", "--no-robustness", "--seed", seed,
             "--out", "out"],
            cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        )
        for seed in ("1", "2")
    ]  # fmt: skip
    said = [process.communicate() for process in both]
    assert sorted(process.returncode for process in both) == [0, 2]
    loser = next(place for place, process in enumerate(both) if process.returncode)
    assert "no result is overwritten" in said[loser][1] or "not empty" in said[loser][1]
    winner = str(2 - loser)
    assert f'"seed": {winner}' in (folder / "out" / "manifest.json").read_text("utf-8")
    assert {path.name for path in folder.iterdir()} == {"full.toml", "sweep.toml", "out"}


def test_the_page_on_reliability_tells_what_the_records_hold(tmp_path: Path) -> None:
    """Its tables are the records' sums; nothing was lost; each reader met a million inputs."""
    page = ROOT / "docs" / "reliability.md"
    copy = tmp_path / "page.md"
    copy.write_text(page.read_text("utf-8"), "utf-8")
    made = importlib.util.spec_from_file_location("page", ROOT / "fuzz" / "page.py")
    assert made is not None
    assert made.loader is not None
    tables = importlib.util.module_from_spec(made)
    made.loader.exec_module(tables)
    tables.write(copy)
    assert copy.read_text("utf-8") == page.read_text("utf-8")
    with (ROOT / "fuzz" / "record.csv").open(encoding="utf-8", newline="") as stream:
        record = list(csv.DictReader(stream))
    assert {row["broken"] for row in record} == {"0"}
    for reader in ("scenario", "experiment", "ingest"):
        fed = sum(int(row["inputs"]) for row in record if row["target"] == reader)
        assert fed >= 1_000_000
        assert f"| {reader} |" in page.read_text("utf-8")


def test_some_inputs_break_no_contract(tmp_path: Path) -> None:
    """The fuzzing engine itself runs, and what it counts is what it was asked for."""
    words: list[Any] = [sys.executable, ROOT / "fuzz" / "run.py", "scenario", "--no-record"]
    words += ["--engine", "hypothesis", "--inputs", "200", "--seed", "7"]
    ran = subprocess.run(words, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert ran.returncode == 0, ran.stdout + ran.stderr
    assert '"inputs": 200' in ran.stdout
    assert '"broken": 0' in ran.stdout
