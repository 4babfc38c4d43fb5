"""What the law asks of a machine: operations per world-month, counted by running the kernel.

    python benchmarks/operations.py 4 8        counts for 4 and 8 actors, as JSON

The kernel's own source runs here as plain Python, with numbers that count what is done to them.
Only what is done in each lane counts: inputs that all lanes share are plain numbers, and so is
whatever is made of them alone. Of two sides of a condition only the one taken counts.
"""

from __future__ import annotations

import json
import operator
import os
import struct
import subprocess
import sys
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from types import ModuleType, SimpleNamespace
from typing import Any, ClassVar

import numpy as np

KINDS = (
    "additions",
    "multiplications",
    "divisions",
    "square roots",
    "comparisons",
    "integer multiplications",
    "other integer operations",
)
"""Subtractions are additions; minimum, maximum and conditions are comparisons."""

FLOATING = KINDS[:4]
"""What is compared with the machine's peak of floating-point operations."""

_SIGNED, _WORD = 1 << 63, (1 << 64) - 1

Counts = dict[str, dict[str, float]]


class Counted:
    """A number, floating or a 64-bit integer, that counts the operations done to it."""

    done: ClassVar[Counter[str]] = Counter()

    def __init__(self, value: Any) -> None:
        plain = value.item() if isinstance(value, np.generic) else value
        self.value: Any = plain.value if isinstance(plain, Counted) else plain

    def view(self, _kind: object) -> Counted:
        """Return the number whose bits these are, floating for integer and integer for floating."""
        if isinstance(self.value, float):
            return Counted(struct.unpack("<Q", struct.pack("<d", self.value))[0])
        return Counted(struct.unpack("<d", struct.pack("<Q", self.value & _WORD))[0])

    def __array_ufunc__(self, ufunc: np.ufunc, _method: str, *inputs: Any) -> Any:
        if ufunc is np.sqrt:
            Counted.done["square roots"] += 1
            return Counted(float(np.sqrt(self.value)))
        first, second = inputs
        return _OPERATORS[ufunc](Counted(first), second)

    def __neg__(self) -> Counted:
        return Counted(-self.value)

    def __abs__(self) -> Counted:
        return Counted(abs(self.value))

    def __eq__(self, other: object) -> bool:
        return bool(_compared(operator.eq, self, other))

    def __hash__(self) -> int:
        return hash(self.value)


def _compared(compare: Callable[[Any, Any], Any], one: Counted, other: Any) -> bool:
    """Compare two numbers and count it."""
    Counted.done["comparisons"] += 1
    return bool(compare(one.value, Counted(other).value))


def _combined(how: Callable[[Any, Any], Any], kind: str, one: Any, other: Any) -> Counted:
    """Combine two numbers and count it as ``kind``, or as its counterpart for integers."""
    a, b = Counted(one).value, Counted(other).value
    if isinstance(a, float) or isinstance(b, float):
        Counted.done[kind] += 1
        return Counted(how(float(a), float(b)))
    whole = "integer multiplications" if kind == "multiplications" else "other integer operations"
    Counted.done[whole] += 1
    return Counted(how(a, b) & _WORD)


def _give_operators() -> None:
    """Give counted numbers their operators, from either side."""
    kinds = {
        "add": "additions",
        "sub": "additions",
        "mul": "multiplications",
        "truediv": "divisions",
        **dict.fromkeys(("and_", "or_", "xor", "lshift", "rshift"), "other integer operations"),
    }
    for name, kind in kinds.items():
        how, bare = getattr(operator, name), name.rstrip("_")

        def left(self: Counted, other: Any, how: Any = how, kind: str = kind) -> Counted:
            return _combined(how, kind, self, other)

        def right(self: Counted, other: Any, how: Any = how, kind: str = kind) -> Counted:
            return _combined(how, kind, other, self)

        setattr(Counted, f"__{bare}__", left)
        setattr(Counted, f"__r{bare}__", right)
    for name in ("lt", "le", "gt", "ge"):
        compare = getattr(operator, name)

        def compared(self: Counted, other: Any, compare: Any = compare) -> bool:
            return _compared(compare, self, other)

        setattr(Counted, f"__{name}__", compared)


_give_operators()
_OPERATORS: dict[np.ufunc, Callable[[Any, Any], Any]] = {
    np.add: operator.add,
    np.subtract: operator.sub,
    np.multiply: operator.mul,
    np.divide: operator.truediv,
    np.bitwise_xor: operator.xor,
    np.bitwise_and: operator.and_,
    np.right_shift: operator.rshift,
}
"""What numpy's own scalars call when a counted number stands to their right."""


def _replace(modules: list[ModuleType], replacements: dict[str, Any]) -> None:
    """Replace names in modules that have them."""
    for module in modules:
        for name, value in replacements.items():
            if hasattr(module, name):
                setattr(module, name, value)


def _count_lanes() -> None:
    """Have the kernel's source read counted numbers from lanes, and plain ones from inputs."""
    from alliancesim import elementary, shocks
    from alliancesim.lanes import adjustments, blocks, decisions

    def write(row: Any, lane: int, value: Any, _slot: int = 0) -> None:
        row[lane] = Counted(value).value

    def read(row: Any, lane: int, _slot: int = 0) -> Counted:
        return Counted(float(row[lane]))

    def drawn(seed: Any, run: Any, *address: Any) -> Any:
        return shocks_of(seed, Counted(run), *address)

    shocks_of: Callable[..., Any] = shocks.dyad_shocks
    _replace(
        [adjustments, blocks, decisions],
        {
            "read": read,
            "held": read,
            "write": write,
            "hold": write,
            "at": lambda value, lane: float(value),
            "coefficients_at": lambda coefficients, lane: coefficients,
            "is_idle": lambda step: step == 0.0,
            "dyad_shocks": drawn,
        },
    )
    _replace([elementary], {"np": SimpleNamespace(float64=Counted, int64=Counted)})
    _replace([shocks], {"np": SimpleNamespace(int64=Counted, sqrt=np.sqrt)})


def count(actors: int) -> Counts:
    """Return operations per world-month by part of a month and kind; normals serve two worlds.

    Numba must be switched off by ``NUMBA_DISABLE_JIT``, which :func:`counted` sees to.
    """
    import cases
    import parts

    pair = cases.made_up(actors)
    if hasattr(parts.repeat_part, "py_func"):
        raise RuntimeError("only with NUMBA_DISABLE_JIT=1")
    _count_lanes()
    done: Counts = {}
    for part, name in enumerate(parts.PARTS):
        few, more = (_count_of_part(pair, part, times) for times in (1, 2))
        share = 0.5 if part == 0 else 1.0
        done[name] = {kind: share * (more[kind] - few[kind]) for kind in KINDS}
    return done


def _count_of_part(pair: Any, part: int, times: int) -> Counter[str]:
    """Return all operations of setting out and repeating a part in one lane."""
    import parts

    Counted.done = Counter()
    parts.repeated(pair, part, times, lanes=1)
    return Counted.done


def counted(actors: list[int]) -> dict[int, Counts]:
    """Return what :func:`count` gives for several numbers of actors, from a process of its own."""
    done = subprocess.run(
        [sys.executable, str(Path(__file__).resolve()), *map(str, actors)],
        env={**os.environ, "NUMBA_DISABLE_JIT": "1"},
        check=True,
        capture_output=True,
        text=True,
    )
    return {int(number): counts for number, counts in json.loads(done.stdout).items()}


if __name__ == "__main__":
    sys.stdout.write(json.dumps({number: count(int(number)) for number in sys.argv[1:]}) + "\n")
