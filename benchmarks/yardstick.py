"""How close the kernel comes to plain C: the same law in yardstick.c, beside it in one process.

    python benchmarks/yardstick.py [--actors N] [--repetitions N]

Late means of the exact variants must equal the kernel's to the bit, or the command fails.
"""

from __future__ import annotations

import argparse
import ctypes
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple

import cases
import numpy as np
import parts
from clock import side_by_side
from numpy.typing import NDArray
from tables import Table, as_text

from alliancesim import batch
from alliancesim.arrays import Drivers, Pushes
from alliancesim.batch import Pair, lanes_for
from alliancesim.world import World

SOURCE = Path(__file__).resolve().with_suffix(".c")
SEED = 1
THREADS = 2

_EVERYWHERE = ("-O3", "-march=native", "-mprefer-vector-width=512", "-shared", "-fPIC")

# None of these moves a bit where no number is NaN: errno is not set, no signal is raised, and
# minimum and maximum may be one instruction.
_HARMLESS = ("-fno-math-errno", "-fno-trapping-math", "-ffinite-math-only", "-fno-signed-zeros")

EXACT = "C, exact"
VARIANTS = {
    EXACT: (*_HARMLESS, "-ffp-contract=off"),
    "C, fused multiply-add": (*_HARMLESS, "-ffp-contract=fast"),
    "C, -ffast-math": ("-ffast-math", "-ffp-contract=fast"),
}
"""Options of gcc; all but the first trade exactness for speed."""

_ARRAYS = (
    "actor",
    "escalate",
    "baseline",
    *Drivers._fields,
    *Pushes._fields,
    "coefficients",
    "alliance",
)


class Inputs(ctypes.Structure):
    """The struct ``World`` of yardstick.c."""

    _fields_ = [("strategies", ctypes.c_int64), *((name, ctypes.c_void_p) for name in _ARRAYS)]


class Given(NamedTuple):
    """A world as C sees it, and the arrays that must live as long."""

    inputs: Inputs
    arrays: list[NDArray[Any]]


class Yardstick:
    """The kernel in C, compiled for one number of actors and one variant."""

    def __init__(self, actors: int, options: Sequence[str], folder: Path) -> None:
        """Compile.

        Args:
            actors: number of actors of all worlds it will run.
            options: options of gcc.
            folder: where the library goes.

        Raises:
            subprocess.CalledProcessError: if gcc fails.
        """
        self.lanes = lanes_for(actors)
        library = Path(tempfile.mkdtemp(dir=folder)) / "yardstick.so"
        sizes = (f"-DNACTORS={actors}", f"-DLANES={self.lanes}")
        command = ["gcc", *_EVERYWHERE, *options, *sizes, str(SOURCE), "-o", str(library), "-lm"]
        subprocess.run(command, check=True)
        self._library = ctypes.CDLL(str(library))

    def late_means(self, pair: Pair, runs: int, first: int = 0) -> NDArray[np.float64]:
        """Return late means of alliance cohesion, shape (2, runs), of a multiple of all lanes."""
        if runs % self.lanes:
            raise ValueError(f"{runs} runs are no multiple of {self.lanes}")
        world, twin = _given(pair.world), _given(pair.twin)
        out = np.empty((2, runs))
        self._library.late_means(
            ctypes.byref(world.inputs),
            ctypes.byref(twin.inputs),
            ctypes.c_void_p(pair.world.keys.ctypes.data),
            ctypes.c_uint64(SEED),
            ctypes.c_int64(pair.world.months),
            ctypes.c_int64(pair.world.window),
            ctypes.c_uint64(first),
            ctypes.c_int64(runs),
            ctypes.c_void_p(out.ctypes.data),
        )
        return out

    def on_threads(self, pair: Pair, runs: int, threads: int) -> None:
        """Run equal shares on several threads; C lets go of Python's lock."""
        share = runs // threads
        with ThreadPoolExecutor(threads) as pool:
            list(pool.map(lambda t: self.late_means(pair, share, t * share), range(threads)))

    def repeat_part(self, pair: Pair, part: int, times: int) -> None:
        """Repeat one part of the last month, as :func:`parts.repeated` does."""
        world = _given(pair.world)
        self._library.repeat_part(
            ctypes.c_int(part),
            ctypes.c_int64(times),
            ctypes.c_int64(pair.world.months),
            ctypes.byref(world.inputs),
            ctypes.c_void_p(pair.world.keys.ctypes.data),
            ctypes.c_uint64(SEED),
        )


def _given(world: World) -> Given:
    """Return a world as C sees it."""
    who = world.strategists
    arrays = [
        np.ascontiguousarray(array)
        for array in (
            who.actor,
            who.escalate,
            np.stack(world.baseline),
            *world.drivers,
            *world.pushes,
            np.array(world.coefficients),
            who.alliance,
        )
    ]
    return Given(Inputs(who.actor.size, *(array.ctypes.data for array in arrays)), arrays)


def has_compiler() -> bool:
    """Say whether gcc is there."""
    return shutil.which("gcc") is not None


def by_kernel(pair: Pair, runs: int, threads: int = 1) -> NDArray[np.float64]:
    """Return what :meth:`Yardstick.late_means` does, by the batch kernel."""
    numbers = range(runs)
    return batch.late_means([pair], seed=SEED, run_numbers=numbers, threads=threads)[0, :, :, 0]


def compare(actors: int, repetitions: int, runs: int) -> list[Table]:
    """Compare the kernel with C.

    Args:
        actors: number of actors; 4 is the shipped case, others are made up.
        repetitions: number of measurements.
        runs: runs in each of them, about.

    Returns:
        Tables of whole runs and of the parts of a month.

    Raises:
        ArithmeticError: if late means of the exact variant differ from the kernel's in any bit.
    """
    pair = cases.shipped() if actors == 4 else cases.made_up(actors)
    with tempfile.TemporaryDirectory() as folder:
        sticks = {
            name: Yardstick(actors, options, Path(folder)) for name, options in VARIANTS.items()
        }
        unit = THREADS * sticks[EXACT].lanes
        runs = max(1, runs // unit) * unit
        expected = by_kernel(pair, runs)
        apart = {
            name: float(np.abs(stick.late_means(pair, runs) - expected).max())
            for name, stick in sticks.items()
        }
        if sticks[EXACT].late_means(pair, runs).tobytes() != expected.tobytes():
            raise ArithmeticError(f"C and the kernel differ, by up to {apart[EXACT]:g}")
        whole = _whole_runs(pair, sticks, runs, repetitions, apart)
        return [whole, _parts(pair, sticks[EXACT], repetitions)]


def _whole_runs(
    pair: Pair,
    sticks: dict[str, Yardstick],
    runs: int,
    repetitions: int,
    apart: dict[str, float],
) -> Table:
    """Return times of whole runs, of the kernel and of every variant of C."""
    functions: dict[str, Callable[[], object]] = {"batch": partial(by_kernel, pair, runs)}
    for name, stick in sticks.items():
        functions[name] = partial(stick.late_means, pair, runs)
    both = f"on {THREADS} threads"
    functions[f"batch {both}"] = partial(by_kernel, pair, runs, THREADS)
    functions[f"{EXACT} {both}"] = partial(sticks[EXACT].on_threads, pair, runs, THREADS)
    spent = side_by_side(functions, repetitions)
    scale = 1e9 / (2 * pair.world.months * runs)
    rows: list[tuple[str | float | None, ...]] = []
    for name, times in spent.items():
        base = spent[f"batch {both}" if both in name else "batch"]
        difference = apart.get(name.removesuffix(f" {both}"), 0.0)
        rows.append(
            (
                name,
                scale * times.wall,
                scale * times.processor,
                (base.wall if both in name else base.processor)
                / (times.wall if both in name else times.processor),
                "none" if difference == 0.0 else f"{difference:.1e}",
            )
        )
    actors = len(pair.world.actors)
    columns = (
        "engine",
        "wall ns per world-month",
        "processor ns per world-month",
        "times as fast as batch",
        "largest difference of a late mean",
    )
    return Table("yardstick", f"The kernel and plain C, {actors} actors", columns, rows)


def _parts(pair: Pair, stick: Yardstick, repetitions: int, times: int = 4000) -> Table:
    """Return times of the parts of a month, of the kernel and of exact C."""
    functions: dict[str, Callable[[], object]] = {}
    for part, name in enumerate(parts.PARTS):
        functions[f"batch {name}"] = partial(parts.repeated, pair, part, times)
        functions[f"C {name}"] = partial(stick.repeat_part, pair, part, times)
    spent = side_by_side(functions, repetitions)
    rows: list[tuple[str | float | None, ...]] = []
    for part, name in enumerate(parts.PARTS):
        kernel, plain = (
            parts.nanoseconds(spent[f"{engine} {name}"], part, times * stick.lanes)
            for engine in ("batch", "C")
        )
        rows.append((name, kernel, plain, kernel / plain))
    columns = ("part", "batch, ns per world-month", "C, ns per world-month", "C times as fast")
    return Table("yardstickparts", "The parts of a month, kernel and plain C", columns, rows)


def main(arguments: Sequence[str]) -> int:
    """Print the comparison; return the exit code."""
    parser = argparse.ArgumentParser(description="Compare the batch kernel with plain C.")
    parser.add_argument("--actors", type=int, default=4, help="number of actors, at least 3")
    parser.add_argument("--repetitions", type=int, default=9, help="measurements of each")
    parser.add_argument("--runs", type=int, default=8192, help="runs in each measurement")
    options = parser.parse_args(arguments)
    if not has_compiler():
        sys.stderr.write("gcc is not installed: there is nothing to compare with\n")
        return 1
    for table in compare(options.actors, options.repetitions, options.runs):
        sys.stdout.write(f"{as_text(table)}\n\n")
    sys.stdout.write("Late means of exact C and of the kernel are the same to the last bit.\n")
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
