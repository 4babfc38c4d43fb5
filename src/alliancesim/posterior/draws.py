"""Draws of coefficients from their posterior: read, written, and made into vectors for runs.

A posterior is a CSV file: a column per calibrated coefficient, a row per draw, and beside it a TOML
file of the same name that says where it comes from. ``default.csv`` in this folder is the one that
ships with the program. No draw is made here and none is judged but by its range: that is for
calibration.
"""

from __future__ import annotations

import csv
import datetime
import hashlib
import io
import json
import math
import os
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from alliancesim.arrays import Array
from alliancesim.coefficients import NAMES, REGISTER, Coefficients
from alliancesim.scenario.limits import read_bounded
from alliancesim.scenario.placing import replace_file
from alliancesim.scenario.problems import InputError, Problem, nearest, shown
from alliancesim.scenario.reading import read_document

DEFAULT = "default"
"""Name of the posterior that ships with the program."""

SAMPLE = "sample.csv"
"""File of a calibration's folder that holds its draws."""

LARGEST_FILE = 2**26
"""Most bytes of a file of draws: some hundred thousand draws of all coefficients."""

_MOST_NAMED = 8
_RANGES = {entry.name: (entry.low, entry.high) for entry in REGISTER}


@dataclass(frozen=True)
class Posterior:
    """Draws of coefficients, equally likely, in the order in which they were sampled.

    Attributes:
        name: of the posterior, for people.
        names: the coefficients drawn, each in the register.
        values: shape (draws, names), in the units of the register.
        about: where the draws come from, plain data: title, calibration, program, date and so on.
    """

    name: str
    names: tuple[str, ...]
    values: Array
    about: Mapping[str, Any]

    @property
    def draws(self) -> int:
        """Return the number of draws."""
        return len(self.values)

    def vectors(self, base: Coefficients, fixed: Collection[str] = ()) -> Array:
        """Return every coefficient of each draw.

        Args:
            base: values of the coefficients that are not drawn.
            fixed: names that keep their value of ``base``, drawn or not.

        Returns:
            Shape (draws, coefficients), in the order of the register.

        Raises:
            InputError: if a name is not in the register.
        """
        unknown = list(_unknown(self.name, (*self.names, *fixed)))
        if unknown:
            raise InputError(unknown)
        found = np.tile(np.array(base, dtype=np.float64), (self.draws, 1))
        for place, name in enumerate(self.names):
            if name not in fixed:
                found[:, NAMES.index(name)] = self.values[:, place]
        return found

    def digest(self) -> str:
        """Return a digest of every bit of the draws and of what they are called."""
        digest = hashlib.blake2b("\0".join(self.names).encode(), digest_size=16)
        digest.update(np.ascontiguousarray(self.values, dtype="<f8").tobytes())
        return digest.hexdigest()


def load_posterior(which: str | os.PathLike[str]) -> Posterior:
    """Read a posterior.

    Args:
        which: ``"default"`` for the one that ships with the program, the path of a CSV file, or the
            folder of a calibration, in which ``sample.csv`` is read.

    Returns:
        The posterior; what a TOML file of the same name beside the CSV file says is ``about``.

    Raises:
        InputError: with every problem found.
    """
    path, name = _found(os.fspath(which))
    rows = _rows(path)
    names = tuple(name.strip() for name in rows[0])
    problems = [*_of_names(str(path), names), *_of_rows(str(path), names, rows[1:])]
    if problems:
        raise InputError(problems)
    values = np.array([[float(cell) for cell in row] for row in rows[1:]])
    return Posterior(name, names, values, _about(path.with_suffix(".toml")))


def checked(posterior: Posterior) -> Posterior:
    """Return a posterior that somebody made.

    Raises:
        InputError: with every problem found: unknown names, no draws, numbers out of range.
    """
    file, rows = posterior.name, _cells(posterior)
    problems = [*_of_names(file, posterior.names), *_of_rows(file, posterior.names, rows)]
    if not rows:
        problems.append(Problem(file, "", "empty", "at least one draw"))
    if problems:
        raise InputError(problems)
    return posterior


def _cells(posterior: Posterior) -> list[list[str]]:
    """Return every number of the draws as text that has all its bits."""
    return [[repr(value) for value in row] for row in posterior.values.tolist()]


def write_posterior(path: Path, posterior: Posterior) -> None:
    """Write draws as CSV, every bit of them, and what is known about them as TOML beside it.

    Readers see each file whole, the old or the new one.

    Args:
        path: of the CSV file; its folder exists.
        posterior: the draws; ``about`` holds texts, numbers and switches, by key.

    Raises:
        OSError: if the place cannot be written to.
    """
    if posterior.about:
        lines = [f"{json.dumps(key)} = {_toml(found)}\n" for key, found in posterior.about.items()]
        replace_file(path.with_suffix(".toml"), "".join(lines))
    replace_file(path, posterior_text(posterior))


def posterior_text(posterior: Posterior) -> str:
    """Return draws as the text of a CSV file, every bit of them."""
    stream = io.StringIO()
    writer = csv.writer(stream, lineterminator="\n")
    writer.writerow(posterior.names)
    writer.writerows(_cells(posterior))
    return stream.getvalue()


def _found(which: str) -> tuple[Path, str]:
    """Return the file of a posterior and what to call it.

    Raises:
        InputError: if there is none.
    """
    shipped = Path(__file__).resolve().parent / f"{DEFAULT}.csv"
    there = shipped.is_file()
    if which == DEFAULT:
        if there:
            return shipped, DEFAULT
        expected = "the path of a CSV file of draws or the folder of a calibration, since this"
        words = f"{expected} version ships none"
        raise InputError([Problem("--posterior", "", shown(which), words)])
    path = Path(which)
    if os.path.isdir(path):
        if (path / SAMPLE).is_file():
            return path / SAMPLE, path.resolve().name
        raise InputError([Problem(which, "", "", f"the folder of a calibration, with {SAMPLE}")])
    if os.path.isfile(path):
        return path, path.stem
    expected = "the path of a CSV file of draws or the folder of a calibration"
    expected += f', or "{DEFAULT}"' if there else ""
    hint = nearest(which, [DEFAULT]) if there else ""
    raise InputError([Problem("--posterior", "", repr(which), expected, hint)])


def _rows(path: Path) -> list[list[str]]:
    """Return the cells of a CSV file, without empty lines; the first row holds names.

    Raises:
        InputError: if it cannot be read, or holds no draw.
    """
    try:
        text = read_bounded(path, LARGEST_FILE).decode("utf-8-sig")
        rows = [row for row in csv.reader(io.StringIO(text)) if row]
    except OSError as error:
        why = error.strerror or str(error)
        raise InputError([Problem(str(path), "", "", f"a readable file ({why})")]) from None
    except (UnicodeDecodeError, csv.Error) as error:
        raise InputError([Problem(str(path), "", "", f"a CSV file ({error})")]) from None
    if len(rows) < 2:
        expected = "a row of names of coefficients and a row of numbers for each draw"
        raise InputError([Problem(str(path), "", "", expected)])
    return rows


def _unknown(file: str, names: Sequence[str]) -> Iterator[Problem]:
    """Complain about names that are not in the register."""
    for name in names:
        if name not in NAMES:
            expected = "the name of a coefficient (alliancesim parameters)"
            yield Problem(file, shown(name), "", expected, nearest(name, NAMES))


def _of_names(file: str, names: tuple[str, ...]) -> Iterator[Problem]:
    """Complain about names that are unknown or occur twice."""
    yield from _unknown(file, names)
    for name in dict.fromkeys(name for name in names if names.count(name) > 1):
        yield Problem(file, name, "there more than once", "each coefficient once")


def _of_rows(file: str, names: tuple[str, ...], rows: Sequence[list[str]]) -> list[Problem]:
    """Return what is wrong with the draws, the first few things alone."""
    problems: list[Problem] = []
    for number, row in enumerate(rows, start=1):
        if len(problems) >= _MOST_NAMED:
            break
        if len(row) != len(names):
            expected = f"{len(names)} numbers, one per name in the first line"
            problems.append(Problem(file, f"draw {number}", f"{len(row)} cells", expected))
            continue
        for name, cell in zip(names, row, strict=True):
            low, high = _RANGES.get(name, (-math.inf, math.inf))
            if not low <= _number(cell) <= high:
                expected = f"a number from {low:g} to {high:g}"
                problems.append(Problem(file, f"draw {number}, {name}", shown(cell), expected))
    return problems[:_MOST_NAMED]


def _number(cell: str) -> float:
    """Return a cell's number, not a number where it holds none."""
    try:
        return float(cell)
    except ValueError:
        return math.nan


def _about(path: Path) -> dict[str, Any]:
    """Return what a TOML file says, as JSON can say it; nothing where there is none.

    Raises:
        InputError: if it is there and cannot be read.
    """
    if not path.is_file():
        return {}
    return {key: _plain(found) for key, found in read_document(path).items()}


def _plain(found: Any) -> Any:
    """Return what TOML can say as JSON can say it: dates, and what is no finite number, as text."""
    if isinstance(found, dict):
        return {key: _plain(inner) for key, inner in found.items()}
    if isinstance(found, list):
        return [_plain(inner) for inner in found]
    if isinstance(found, datetime.date | datetime.time):
        return found.isoformat()
    return found if not isinstance(found, float) or math.isfinite(found) else str(found)


def _toml(value: str | bool | int | float) -> str:
    """Return a value as TOML."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")
    return repr(value)
