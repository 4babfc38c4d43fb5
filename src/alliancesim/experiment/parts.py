"""One part of an experiment: some points, computed by a function of nothing but the experiment.

Nothing is written here: a part is handed to whoever keeps the folder.
"""

from __future__ import annotations

import functools
import hashlib
import io
import time
from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np
import pandas as pd

from alliancesim.arrays import Array
from alliancesim.batch import Pair, late_means
from alliancesim.experiment.design import Design, design_of
from alliancesim.experiment.outcomes import outcome_names, run_table, series_of
from alliancesim.experiment.points import pairs_of
from alliancesim.experiment.reading import LoadedExperiment
from alliancesim.posterior.nesting import drawn
from alliancesim.results.result import table_digest
from alliancesim.scenario.problems import InputError
from alliancesim.study import program

POINT, RUN, DRAW, ERROR = "point", "run", "draw", "error"


class Plan(NamedTuple):
    """An experiment and its points: all that a part depends on, apart from its number."""

    loaded: LoadedExperiment
    design: Design

    @property
    def parts(self) -> int:
        """Return the number of parts."""
        return -(-self.design.points // self.loaded.part_points)

    @property
    def runs(self) -> int:
        """Return the number of runs of world and twin in the whole experiment."""
        return self.design.points * self.loaded.experiment.replicates

    def indices(self, number: int) -> range:
        """Return the points of a part."""
        size = self.loaded.part_points
        return range(number * size, min((number + 1) * size, self.design.points))


class Part(NamedTuple):
    """The results of some points, ready to be written by whoever receives them.

    Attributes:
        number: place in the order of parts, from 0.
        rows: number of rows in ``runs``.
        failed: number of rows in ``failures``.
        digest: of all values in both tables.
        runs: Parquet file, one row per point and run.
        failures: Parquet file, one row per failed point; empty if there is none.
        seconds: how long it took to compute.
        program: versions of the program that computed it.
    """

    number: int
    rows: int
    failed: int
    digest: str
    runs: bytes
    failures: bytes
    seconds: float
    program: Mapping[str, str]


def plan_of(loaded: LoadedExperiment) -> Plan:
    """Return an experiment with its points laid out."""
    return Plan(loaded, design_of(loaded))


def compute(plan: Plan, number: int, threads: int | None = None) -> Part:
    """Compute a part.

    Args:
        plan: the experiment.
        number: of the part.
        threads: number of threads; all cores if left out. It changes no bit.

    Returns:
        The part; points that failed are among its failures.
    """
    start = time.perf_counter()
    indices = plan.indices(number)
    try:
        runs, errors = _computed(plan, indices, threads)
    except MemoryError:
        raise
    except Exception:
        # One bad point must not cost its neighbours: each is tried alone.
        alone = [_attempted(plan, index, threads) for index in indices]
        runs = pd.concat([table for table, _ in alone], ignore_index=True)
        errors = {index: error for _, found in alone for index, error in found.items()}
    failures = pd.DataFrame(
        {
            POINT: np.array(list(errors), np.int32),
            ERROR: pd.Series(list(errors.values()), dtype="str"),
        }
    )
    seconds = time.perf_counter() - start
    return part_of(number, runs, failures, seconds=seconds, program=_program())


def _attempted(plan: Plan, index: int, threads: int | None) -> tuple[pd.DataFrame, dict[int, str]]:
    """Return the runs of one point, or what went wrong with it."""
    try:
        return _computed(plan, (index,), threads)
    except MemoryError:
        raise
    except Exception as error:
        word = str(error) if isinstance(error, InputError) else f"{type(error).__name__}: {error}"
        return _no_runs(plan), {index: word}


def _computed(
    plan: Plan, indices: Sequence[int], threads: int | None
) -> tuple[pd.DataFrame, dict[int, str]]:
    """Return the runs of points that are valid scenarios, and the errors of those that are not."""
    loaded = plan.loaded
    found = dict(zip(indices, pairs_of(loaded, plan.design, indices), strict=True))
    pairs = {index: pair for index, pair in found.items() if isinstance(pair, Pair)}
    errors = {index: word for index, word in found.items() if isinstance(word, str)}
    if not pairs:
        return _no_runs(plan), errors
    means = _late_means(loaded, list(pairs.values()), threads)
    columns = run_table(loaded, list(pairs), means, list(pairs.values()))
    types = _types(plan)
    return pd.DataFrame(columns)[list(types)].astype(types), errors


def _late_means(loaded: LoadedExperiment, pairs: Sequence[Pair], threads: int | None) -> Array:
    """Return the late means of points, shape (points, 2, runs, series).

    Points that lay down the same coefficients are run together; run r of all takes the same draw.
    """
    posterior, runs = loaded.posterior, loaded.experiment.replicates
    alike: dict[object, list[int]] = {}
    for place, (world, _) in enumerate(pairs):
        key = None if posterior is None else (world.coefficients, world.fixed)
        alike.setdefault(key, []).append(place)
    series = series_of(loaded)
    out = np.empty((len(pairs), 2, runs, len(series)))
    for places in alike.values():
        world = pairs[places[0]].world
        own = None if posterior is None else posterior.vectors(world.coefficients, world.fixed)
        out[places] = late_means(
            [pairs[place] for place in places],
            seed=loaded.experiment.seed,
            run_numbers=range(runs),
            series=series,
            coefficients=None if own is None else drawn(own, runs).coefficients,
            threads=threads,
        )
    return out


def _types(plan: Plan) -> dict[str, str]:
    """Return the columns of a table of runs, in order, with their types."""
    own = [] if plan.loaded.posterior is None else [DRAW]
    outcomes = outcome_names(plan.loaded)
    return {**dict.fromkeys((POINT, RUN, *own), "int32"), **dict.fromkeys(outcomes, "float64")}


def _no_runs(plan: Plan) -> pd.DataFrame:
    """Return a table of runs without any."""
    return pd.DataFrame({name: pd.Series(dtype=kind) for name, kind in _types(plan).items()})


@functools.cache
def _program() -> dict[str, str]:
    """Return this process's versions; finding the git revision takes a moment."""
    return program()


def part_of(
    number: int,
    runs: pd.DataFrame,
    failures: pd.DataFrame,
    *,
    seconds: float,
    program: Mapping[str, str],
) -> Part:
    """Return the results of some points as a part.

    Args:
        number: place in the order of parts, from 0.
        runs: columns ``point``, ``run`` and outcomes.
        failures: columns ``point`` and ``error``.
        seconds: how long they took to compute.
        program: versions of the program that computed them.
    """
    values = hashlib.blake2b(digest_size=16)
    values.update(table_digest(runs).encode())
    values.update(table_digest(failures).encode())
    return Part(
        number,
        len(runs),
        len(failures),
        values.hexdigest(),
        table_bytes(runs),
        table_bytes(failures) if len(failures) else b"",
        seconds,
        program,
    )


def table_bytes(table: pd.DataFrame) -> bytes:
    """Return a table as the bytes of a Parquet file.

    Numbers are kept byte plane by byte plane, which compresses them by a sixth and keeps every bit.
    """
    import pyarrow as pa
    import pyarrow.parquet as pq

    arrow = pa.Table.from_pandas(table, preserve_index=False)
    floats = [field.name for field in arrow.schema if pa.types.is_floating(field.type)]
    stream = io.BytesIO()
    pq.write_table(
        arrow,
        stream,
        compression="zstd",
        use_dictionary=[name for name in arrow.column_names if name not in floats],
        use_byte_stream_split=floats,
    )
    return stream.getvalue()
