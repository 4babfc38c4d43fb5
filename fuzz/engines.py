"""Engines that make inputs: atheris, steered by coverage, and hypothesis, spread over all kinds.

Each input is either the bytes of a file or a valid document after a few mutations.
"""

from __future__ import annotations

import datetime
import hashlib
import json
import os
import pprint
import resource
import signal
import sys
import time
import traceback
from collections.abc import Callable
from pathlib import Path
from typing import Any

from mutating import KINDS, ODD, Step, Stock
from targets import ROOT, TARGETS, Target, complaint_of

SLOWEST = 5.0
"""Longest an input may keep a reader busy, in seconds of processor time."""

INSTRUMENTED = tuple(
    f"alliancesim.{module}"
    for module in (
        "scenario.reading", "scenario.explanation", "scenario.rules", "scenario.library",
        "scenario.referring", "experiment.reading", "experiment.checking", "experiment.rules",
        "experiment.factors", "ingest.streams", "ingest.reading", "ingest.formats", "ingest.events",
        "game.reading", "game.rules", "calibration.reading", "calibration.rules", "posterior.draws",
    )
)  # fmt: skip
"""Modules whose branches steer atheris: those that read, not pydantic's schemas."""
_RARE = 24
"""One choice in so many is for each document but the first, which is small and quickly read."""


class SlowError(Exception):
    """A reader was busy for too long."""


class Bench:
    """Feeds a target, counts, and keeps what breaks the contract.

    Attributes:
        target: what is fed.
        stocks: its documents, ready to be mutated.
        inputs: number of inputs so far.
        refused: how many of them were refused in words.
        broken: how many broke the contract.
    """

    def __init__(self, target: Target, report: Path, most: int) -> None:
        """Begin.

        Args:
            target: what is fed.
            report: file that tells how far it is.
            most: number of inputs after which to stop.
        """
        self.target = target
        self.stocks = [Stock(document) for document in target.documents]
        self.inputs = self.refused = self.broken = 0
        self._report, self._most = report, most
        self._began = time.monotonic()
        self._kinds: set[str] = set()
        signal.signal(signal.SIGVTALRM, _too_slow)

    def feed(self, attempt: Callable[[], Any], found: bytes | dict[str, Any]) -> None:
        """Feed one input.

        Args:
            attempt: reads it.
            found: the input, to be kept if it breaks the contract.
        """
        signal.setitimer(signal.ITIMER_VIRTUAL, SLOWEST)
        try:
            self.refused += bool(complaint_of(attempt))
        except Exception as error:
            self.broken += 1
            self._keep(error, found)
        finally:
            signal.setitimer(signal.ITIMER_VIRTUAL, 0.0)
        self.inputs += 1
        if self.inputs % 2000 == 0 or self.done:
            self.tell()

    @property
    def done(self) -> bool:
        """Say whether all inputs have been fed."""
        return self.inputs >= self._most

    def tell(self) -> None:
        """Write how far it is."""
        usage = resource.getrusage(resource.RUSAGE_SELF)
        told = {
            "inputs": self.inputs,
            "refused": self.refused,
            "broken": self.broken,
            "kinds": sorted(self._kinds),
            "seconds": round(time.monotonic() - self._began, 1),
            "cpu_seconds": round(usage.ru_utime + usage.ru_stime, 1),
            "peak_mb": usage.ru_maxrss // 1024,
        }
        beside = self._report.with_suffix(".new")
        beside.write_text(json.dumps(told), "utf-8")
        os.replace(beside, self._report)

    def _keep(self, error: Exception, found: bytes | dict[str, Any]) -> None:
        """Keep the first input of each kind of fault."""
        frames = traceback.extract_tb(error.__traceback__)
        place = f"{Path(frames[-1].filename).name}:{frames[-1].lineno}"
        kind = f"{type(error).__name__} at {place}: {str(error)[:60]!a}"
        if kind in self._kinds or len(self._kinds) > 50:
            return
        self._kinds.add(kind)
        folder = ROOT / "build" / "fuzz" / self.target.name
        folder.mkdir(parents=True, exist_ok=True)
        data = (
            found if isinstance(found, bytes) else pprint.pformat(found).encode("utf-8", "replace")
        )
        name = hashlib.blake2b(kind.encode(), digest_size=6).hexdigest()
        (folder / name).write_bytes(data)
        (folder / f"{name}.txt").write_text("".join(traceback.format_exception(error)), "utf-8")
        sys.stderr.write(f"{self.target.name}: {kind} ({folder / name})\n")


def _too_slow(_signal: int, _frame: Any) -> None:
    raise SlowError(f"more than {SLOWEST} s")


def atheris(name: str, most: int, seed: int, report: Path) -> None:
    """Fuzz with atheris; does not return.

    The first byte of an input says what the rest is: bytes of a file, or choices of mutations.
    """
    import atheris as engine

    with engine.instrument_imports(include=list(INSTRUMENTED)):
        bench = Bench(TARGETS[name](), report, most)

    def choices(data: bytes) -> dict[str, Any]:
        given = engine.FuzzedDataProvider(data)
        rare = given.ConsumeIntInRange(0, _RARE)
        stock = bench.stocks[rare if rare < len(bench.stocks) else 0]
        last = len(stock.paths) - 1
        steps = []
        for _ in range(given.ConsumeIntInRange(1, 4)):
            kind, path, other = (
                given.ConsumeIntInRange(0, top) for top in (len(KINDS) - 1, last, last)
            )
            steps.append(Step(kind, path, _value(given), other))
        return stock.mutated(steps)

    def one(data: bytes) -> None:
        if bench.stocks and data[:1] > b"\x7f":
            document = choices(data[1:])
            bench.feed(lambda: bench.target.hold(document), document)  # type: ignore[misc]
        else:
            bench.feed(lambda: bench.target.read(data[1:]), data[1:])
        if bench.done:
            os._exit(0)

    corpus = report.parent / "corpus"
    corpus.mkdir(exist_ok=True)
    for place, text in enumerate(bench.target.seeds):
        (corpus / f"seed-{place}").write_bytes(b"\0" + text)
    for place in range(16 if bench.stocks else 0):
        (corpus / f"choices-{place}").write_bytes(b"\xff" + hashlib.sha512(bytes([place])).digest())
    words = report.parent / "words"
    words.write_text("".join(_entry(word) for word in bench.target.words if word), "ascii")
    options = [f"-seed={seed}", f"-dict={words}", "-max_len=3072", "-rss_limit_mb=2048"]
    engine.Setup([sys.argv[0], *options, "-timeout=60", "-verbosity=0", str(corpus)], one)
    engine.Fuzz()


def _value(given: Any) -> Any:
    """Return a value out of atheris's choices."""
    kind = given.ConsumeIntInRange(0, 5)
    if kind == 0:
        return given.ConsumeFloat()
    if kind == 1:
        return given.ConsumeInt(9)
    if kind == 2:
        return given.ConsumeUnicode(12)
    return ODD[given.ConsumeIntInRange(0, len(ODD) - 1)]


def _entry(word: str) -> str:
    """Return a word as libFuzzer's dictionaries have it."""
    return '"' + "".join(f"\\x{byte:02X}" for byte in word.encode("utf-8", "replace")) + '"\n'


def hypothesis(name: str, most: int, seed: int, report: Path) -> None:
    """Fuzz with hypothesis."""
    from hypothesis import HealthCheck, Phase, given, settings
    from hypothesis import seed as seeded
    from hypothesis import strategies as st

    bench = Bench(TARGETS[name](), report, most)
    values = st.one_of(
        st.sampled_from(ODD), st.floats(), st.integers(), st.text(max_size=12), st.dates(),
        st.lists(st.one_of(st.floats(), st.text(max_size=3)), max_size=3),
    )  # fmt: skip
    documents = [
        st.lists(
            st.builds(
                Step,
                st.integers(0, len(KINDS) - 1),
                st.integers(0, len(stock.paths) - 1),
                values,
                st.integers(0, len(stock.paths) - 1),
            ),
            min_size=1,
            max_size=4,
        ).map(stock.mutated)
        for stock in bench.stocks[: -1 if len(bench.stocks) > 1 else None]
    ]
    texts = [_spliced(text) for text in bench.target.seeds]
    rounds = 0
    while not bench.done:
        size = min(2_000, most - bench.inputs)

        @seeded(seed + rounds)
        @settings(
            max_examples=size, database=None, phases=[Phase.generate], deadline=None,
            suppress_health_check=list(HealthCheck),
        )  # fmt: skip
        @given(st.one_of(*documents, *texts))
        def one(found: bytes | dict[str, Any]) -> None:
            if isinstance(found, bytes):
                bench.feed(lambda: bench.target.read(found), found)
            else:
                bench.feed(lambda: bench.target.hold(found), found)  # type: ignore[misc]

        one()
        rounds += 1
    bench.tell()


def _spliced(text: bytes) -> Any:
    """Return a strategy of a text cut and spliced."""
    from hypothesis import strategies as st

    def spliced(cuts: list[tuple[int, int, bytes]]) -> bytes:
        found = text
        for start, length, inserted in cuts:
            found = found[:start] + inserted + found[start + length :]
        return found

    inserted = st.one_of(st.binary(max_size=6), st.text(max_size=6).map(_utf8))
    cut = st.tuples(st.integers(0, len(text)), st.integers(0, 24), inserted)
    return st.lists(cut, min_size=1, max_size=3).map(spliced)


def _utf8(text: str) -> bytes:
    return text.encode("utf-8", "surrogatepass")


ENGINES = {"atheris": atheris, "hypothesis": hypothesis}


def today() -> str:
    """Return the date, as the record has it."""
    return datetime.datetime.now(datetime.UTC).date().isoformat()
