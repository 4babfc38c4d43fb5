"""Where scenario files are found: shipped ones by name, anyone's by path."""

from __future__ import annotations

import os
from pathlib import Path

from alliancesim.scenario.problems import InputError, Problem, nearest

_PACKAGE = Path(__file__).resolve().parent.parent


def shipped_folder() -> Path:
    """Return the folder of shipped scenarios, in an installed package or in a source checkout."""
    installed = _PACKAGE / "shipped" / "scenarios"
    return installed if installed.is_dir() else _PACKAGE.parent.parent / "scenarios"


def shipped_names() -> list[str]:
    """Return the names of all shipped scenarios, sorted."""
    return sorted(path.stem for path in shipped_folder().glob("*.toml"))


def find(reference: str) -> Path:
    """Return the file that a name or a path stands for.

    Args:
        reference: name of a shipped scenario, or a path to a file.

    Returns:
        Path of an existing file.

    Raises:
        InputError: if there is no such scenario.
    """
    if reference in shipped_names():
        return shipped_folder() / f"{reference}.toml"
    path = Path(reference)
    if os.path.isfile(path):  # false, not an error, where the name is too long
        return path
    if os.path.isdir(path):
        raise InputError([Problem(reference, "", "a folder", "a scenario file")])
    expected = "a path to a scenario file or the name of a shipped one (alliancesim list)"
    hint = nearest(reference.removesuffix(".toml"), shipped_names())
    raise InputError([Problem(reference, "", "", expected, hint)])


def find_parent(name: str, child: Path) -> Path | None:
    """Return the file that ``extends = name`` in ``child`` stands for, or None.

    A sibling of the child comes before a shipped scenario. A name never leaves the child's folder.
    """
    if name != Path(name).name:
        return None
    sibling = child.parent / f"{name}.toml"
    if os.path.isfile(sibling) and sibling.resolve() != child.resolve():
        return sibling
    return shipped_folder() / f"{name}.toml" if name in shipped_names() else None
