"""What is fuzzed: each reader, the valid input from which mutations start, and its contract.

The contract is the same for all: what is read is valid or refused with an InputError whose words
are there, fit on a screen and hold no character that could steer a terminal.
"""

from __future__ import annotations

import functools
import gzip
import importlib
import io
import sys
import tempfile
import tomllib
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "tests"))

MOST_WORDS = 100_000
"""Longest complaint, in characters."""


class Target(NamedTuple):
    """A reader.

    Attributes:
        name: of the target.
        seeds: valid files.
        read: reads the bytes of a file.
        hold: reads plain data, as a parsed file has it, or None.
        documents: valid plain data.
        words: keys and values, for dictionaries.
    """

    name: str
    seeds: tuple[bytes, ...]
    read: Callable[[bytes], Any]
    hold: Callable[[dict[str, Any]], Any] | None
    documents: tuple[dict[str, Any], ...]
    words: tuple[str, ...]


class BrokenContractError(Exception):
    """A reader refused something in the wrong way."""


def complaint_of(attempt: Callable[[], Any]) -> str:
    """Return what an attempt complains of, nothing if it succeeds; other errors pass through.

    Raises:
        BrokenContractError: if the words are missing, too many, or could steer a terminal.
    """
    from alliancesim.scenario.printable import steers
    from alliancesim.scenario.problems import InputError

    try:
        attempt()
    except InputError as error:
        said = str(error)
        if not error.problems or not all(problem.expected.strip() for problem in error.problems):
            raise BrokenContractError(f"no words: {said!r}") from error
        if len(said) > MOST_WORDS:
            raise BrokenContractError(f"{len(said)} characters: {said[:80]!r}") from error
        odd = {sign for sign in set(said) if steers(sign)}
        if odd:
            raise BrokenContractError(f"unprintable {odd!r} in {said[:200]!r}") from error
        return said
    return ""


def _folder() -> Path:
    """Return a folder for a target's files."""
    return Path(tempfile.mkdtemp(prefix="target-"))


def _remember_the_shelves() -> None:
    """List each folder of shipped files once: they don't change while a reader is fuzzed."""
    from alliancesim.scenario import library

    library._names = functools.cache(library._names)


def _by_file(read: Callable[[str], Any], path: Path) -> Callable[[bytes], Any]:
    """Return what reads bytes as the file of that path."""

    def from_bytes(data: bytes) -> Any:
        path.write_bytes(data)
        return read(str(path))

    return from_bytes


def _words_of(document: Any) -> set[str]:
    """Return all keys and texts of plain data."""
    if isinstance(document, dict):
        inner = (_words_of(value) for value in document.values())
        return {str(key) for key in document}.union(*inner)
    if isinstance(document, list):
        return set().union(*map(_words_of, document))
    return {document} if isinstance(document, str) and len(document) < 40 else set()


def _toml(
    name: str,
    texts: tuple[str, ...],
    read: Callable[[bytes], Any],
    hold: Callable[[dict[str, Any]], Any] | None,
) -> Target:
    """Return the target of a reader of TOML."""
    documents = tuple(tomllib.loads(text) for text in texts)
    words = sorted(set().union(*map(_words_of, documents)))
    return Target(name, tuple(t.encode() for t in texts), read, hold, documents, tuple(words))


SMALL = """\
title = "ALFA and BRAVO"
[time]
start = "2030-01"
months = 6
[actors.ALFA]
pragmatism = 0.7
hazard = { value = 0.3, basis = "judgement", source = "Tests 2026" }
[actors.BRAVO]
[actors.CHARLIE]
[dyads.ALFA-BRAVO]
cooperation = 0.5
cohesion = 0.5
[strategies.wedge]
actor = "CHARLIE"
start = "2030-03"
press = { ALFA = 0.5 }
court = { BRAVO = 0.4 }
[events.embargo]
date = "2030-05"
what = "CHARLIE stops buying"
variable = "pressure"
of = "CHARLIE"
toward = "ALFA"
push = 0.5
part_of = "wedge"
[observations.poll]
date = "2030-06"
what = "A poll"
of = "BRAVO"
toward = "ALFA"
variable = "opinion"
value = -0.1
error = 0.05
[outcome]
alliance = ["ALFA", "BRAVO"]
window = 2
margin = 0.02
"""
"""A small scenario with every kind of table."""


def scenario() -> Target:
    """Return the reader of scenario files, ``extends`` included."""
    from alliancesim.scenario.reading import from_document, load
    from worlds import FULL

    _remember_the_shelves()
    folder = _folder()
    (folder / "parent.toml").write_text(SMALL, "utf-8")
    child = 'extends = "parent"\ntitle = "x"\n[events.embargo]\nenabled = false\n'
    return _toml(
        "scenario",
        (SMALL, FULL, child),
        _by_file(load, folder / "fuzzed.toml"),
        lambda document: from_document(document, "fuzzed"),
    )


EXPERIMENT = """\
title = "Stick and carrot"
question = "Which?"
scenario = "small"
settings = ["time.months=6"]
without = ["fidelity"]
outcomes = ["cohesion", "opinion.ALFA-BRAVO.effect"]
[design]
kind = "grid"
replicates = 4
seed = 1
months = 4
[factors.stick]
key = "strategies.wedge.press_intensity"
label = "Pressure"
unit = "share"
low = 0.0
high = 1.0
steps = 3
[factors.carrot]
keys = ["dyads.ALFA-BRAVO.cooperation", "dyads.BRAVO-ALFA.cooperation"]
together = "parallel"
low = 0.2
high = 0.5
steps = 3
[analysis]
kind = "phase-diagram"
x = "stick"
y = "carrot"
"""

GLOBAL = """\
title = "All at once"
question = "Which?"
scenario = "tiny"
posterior = "default"
[design]
kind = "sobol"
points = 8
replicates = 2
[[factor_sets]]
kind = "inputs"
step = 0.1
leave_out = ["actors.A.hazard"]
[factors.switch]
key = "without.balancing"
values = [true, false]
[factors.begin]
key = "events.fall.date"
low = "2030-01"
high = "2030-04"
"""


TINY = """\
title = "A and B"
[time]
start = "2030-01"
months = 6
[actors.A]
[actors.B]
[events.fall]
date = "2030-02"
what = "A falls"
variable = "hazard"
of = "A"
to = 0.5
[outcome]
alliance = ["A", "B"]
window = 2
"""


def _on_small(module: Any, load: Callable[[str], Any], *texts: str) -> Target:
    """Return a reader of files that name a scenario, which is read once as long as it is the same.

    Args:
        module: the reader's.
        load: reads a file.
        texts: valid files that name the scenario ``small`` or ``tiny``; the first is cut and
            spliced as text too.
    """
    from alliancesim.scenario.limits import refuse_excess

    _remember_the_shelves()
    folder = _folder()
    (folder / "small.toml").write_text(SMALL, "utf-8")
    (folder / "tiny.toml").write_text(TINY, "utf-8")
    path = folder / "fuzzed.toml"
    path.touch()
    cached = functools.lru_cache(512)(module.load)

    def remembered(file: str, settings: Any = (), without: Any = ()) -> Any:
        return cached(file, tuple(settings), tuple(without))

    module.load = remembered
    from_disk = module.read_document

    def hold(document: dict[str, Any]) -> Any:
        def given(_path: Path) -> dict[str, Any]:
            refuse_excess(document, str(path))
            return document

        module.read_document = given
        try:
            return load(str(path))
        finally:
            module.read_document = from_disk

    found = _toml(module.__name__.split(".")[1], texts, _by_file(load, path), hold)
    return found._replace(seeds=found.seeds[:1])


def experiment() -> Target:
    """Return the reader of experiment files."""
    from alliancesim.experiment import reading
    from alliancesim.posterior.draws import load_posterior

    reading.load_posterior = functools.lru_cache(64)(load_posterior)
    return _on_small(reading, reading.load_experiment, EXPERIMENT, GLOBAL)


def game() -> Target:
    """Return the reader of game files."""
    from games import GAME

    reading = importlib.import_module("alliancesim.game.reading")
    text = GAME.replace('"full.toml"', '"small"\nsettings = ["time.months=6"]')
    return _on_small(reading, reading.load_game, text)


CALIBRATION = """\
title = "Fit"
question = "Which?"
scenario = "small"
[discrepancy]
median = 0.1
spread = 0.69
memory = 24.0
source = "x"
[sampler]
ensembles = 2
walkers = 120
steps = 40
burn = 10
thin = 2
seed = 1
draws = 10
[validation]
split = "2030-05"
steps = 20
"""


def calibration() -> Target:
    """Return the reader of calibration files."""
    reading = importlib.import_module("alliancesim.calibration.reading")
    return _on_small(reading, reading.load_calibration, CALIBRATION)


def posterior() -> Target:
    """Return the reader of draws of coefficients."""
    from alliancesim.posterior.draws import load_posterior

    seeds = (b"balancing,hazard\n0.5,0.25\n0.75,0.5\n", b'"balancing"\n"0.5"\n', b"balancing\n1\n")
    read = _by_file(load_posterior, _folder() / "draws.csv")
    return Target("posterior", seeds, read, None, (), ("balancing", "hazard", "nan", "inf", ","))


def ingest() -> Target:
    """Return the reader of event files: plain, gzip or zip, in any of the three formats."""
    from alliancesim.ingest.countries import Countries
    from alliancesim.ingest.events import read_events
    from alliancesim.ingest.reading import Asked
    from event_files import ICEWS_HEADER, gdelt, icews, text

    folder, countries = _folder(), Countries()
    countries.of_name = functools.lru_cache(4096)(countries.of_name)  # slow, and the library's
    asked = Asked(("JPN", "KOR", "CHN"), 2025 * 12, 2026 * 12)
    lines = [gdelt(n, f"2025010{n}", "JPN", "KOR", n - 3.5, width=57) for n in range(1, 4)]
    newer = [gdelt(n, f"2025010{n}", "CHN", "KOR", -n, width=61) for n in range(1, 3)]
    named = [ICEWS_HEADER, icews(1, "2025-01-02", "Japan", "South Korea", 4.0)]
    named.append(icews(2, "2025-01-03", "China", "Japan", -2.0, code="1721"))
    plain = text(lines), text(newer), text(named)
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w") as packed:
        packed.writestr("a.csv", plain[0])
    seeds = (*plain, gzip.compress(plain[0], mtime=0), archive.getvalue())

    def read(path: str) -> Any:
        return read_events([path], None, asked, countries, folder, buffered=64)

    words = ("JPN", "KOR", "CHN", "Japan", "South Korea", "20250101", "2025-01-02", "GOV", "\t")
    return Target("ingest", seeds, _by_file(read, folder / "events.csv"), None, (), words)


TARGETS: dict[str, Callable[[], Target]] = {
    "scenario": scenario,
    "experiment": experiment,
    "ingest": ingest,
    "game": game,
    "calibration": calibration,
    "posterior": posterior,
}
