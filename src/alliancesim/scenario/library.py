"""Where files that people write are found: shipped ones by name, anyone's by path.

Files are found here and not opened, which is for reading.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import NamedTuple

from alliancesim.scenario.problems import InputError, Problem, nearest

_PACKAGE = Path(__file__).resolve().parent.parent


class Shelf(NamedTuple):
    """Where shipped files of one kind lie.

    Attributes:
        kind: name of their folder.
        what: what one of them is called in messages.
        example: name of one of them.
    """

    kind: str
    what: str
    example: str

    def folder(self) -> Path:
        """Return the folder, in an installed package or in a source checkout."""
        installed = _PACKAGE / "shipped" / self.kind
        return installed if installed.is_dir() else _PACKAGE.parent.parent / self.kind

    def names(self) -> list[str]:
        """Return the names of all files on the shelf, sorted."""
        return _names(self.folder())

    def find(self, reference: str) -> Path:
        """Return the file that a name or a path stands for.

        Args:
            reference: name of a shipped file, or a path to one.

        Returns:
            Path of an existing file.

        Raises:
            InputError: if there is none.
        """
        names = self.names()
        if reference in names:
            return self.folder() / f"{reference}.toml"
        path = Path(reference)
        if os.path.isfile(path):  # false, not an error, where the name is too long
            return path
        if os.path.isdir(path):
            expected = f"{self.what} or the name of a shipped one, for example {self.example}"
            raise InputError([Problem(reference, "", "a folder", expected)])
        expected = f"a path to {self.what} or the name of a shipped one (alliancesim list)"
        hint = nearest(reference.removesuffix(".toml"), names)
        raise InputError([Problem(reference, "", "", expected, hint)])


SCENARIOS = Shelf("scenarios", "a scenario file", "observed-backfire")
EXPERIMENTS = Shelf("experiments", "an experiment file", "carrot-and-stick")
CALIBRATIONS = Shelf("calibrations", "a calibration file", "northeast-asia-2010-2026")
GAMES = Shelf("games", "a game file", "beijing-tokyo-seoul-washington")


def find_parent(name: str, child: Path) -> Path | None:
    """Return the file that ``extends = name`` in ``child`` stands for, or None.

    A sibling of the child comes before a shipped scenario. A name never leaves the child's folder.
    """
    if name != Path(name).name:
        return None
    sibling = child.parent / f"{name}.toml"
    if os.path.isfile(sibling) and sibling.resolve() != child.resolve():
        return sibling
    return SCENARIOS.folder() / f"{name}.toml" if name in SCENARIOS.names() else None


def nearest_scenario(name: str, folder: Path) -> str:
    """Return the name most like ``name`` of a shipped scenario or a file in a folder, or ''."""
    return nearest(name.removesuffix(".toml"), [*SCENARIOS.names(), *_names(folder)])


def _names(folder: Path) -> list[str]:
    """Return the stems of a folder's TOML files, sorted."""
    return sorted(path.stem for path in folder.glob("*.toml"))
