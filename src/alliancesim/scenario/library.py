"""Where files that people write are found: shipped ones by name, anyone's by path."""

from __future__ import annotations

import os
from pathlib import Path

from alliancesim.scenario.problems import InputError, Problem, nearest

_PACKAGE = Path(__file__).resolve().parent.parent


def shipped_folder() -> Path:
    """Return the folder of shipped scenarios, in an installed package or in a source checkout."""
    return _shipped("scenarios")


def shipped_names() -> list[str]:
    """Return the names of all shipped scenarios, sorted."""
    return _names(shipped_folder())


def experiments_folder() -> Path:
    """Return the folder of shipped experiments, in an installed package or in a checkout."""
    return _shipped("experiments")


def experiment_names() -> list[str]:
    """Return the names of all shipped experiments, sorted."""
    return _names(experiments_folder())


def calibrations_folder() -> Path:
    """Return the folder of shipped calibrations, in an installed package or in a checkout."""
    return _shipped("calibrations")


def calibration_names() -> list[str]:
    """Return the names of all shipped calibrations, sorted."""
    return _names(calibrations_folder())


def games_folder() -> Path:
    """Return the folder of shipped games, in an installed package or in a checkout."""
    return _shipped("games")


def game_names() -> list[str]:
    """Return the names of all shipped games, sorted."""
    return _names(games_folder())


def find(reference: str) -> Path:
    """Return the file that a name or a path stands for.

    Args:
        reference: name of a shipped scenario, or a path to a file.

    Returns:
        Path of an existing file.

    Raises:
        InputError: if there is no such scenario.
    """
    return _found(reference, shipped_folder(), "a scenario file")


def find_experiment(reference: str) -> Path:
    """Return the file that a name or a path of an experiment stands for.

    Args:
        reference: name of a shipped experiment, or a path to a file.

    Returns:
        Path of an existing file.

    Raises:
        InputError: if there is no such experiment.
    """
    return _found(reference, experiments_folder(), "an experiment file")


def find_calibration(reference: str) -> Path:
    """Return the file that a name or a path of a calibration stands for.

    Args:
        reference: name of a shipped calibration, or a path to a file.

    Returns:
        Path of an existing file.

    Raises:
        InputError: if there is no such calibration.
    """
    return _found(reference, calibrations_folder(), "a calibration file")


def find_game(reference: str) -> Path:
    """Return the file that a name or a path of a game stands for.

    Args:
        reference: name of a shipped game, or a path to a file.

    Returns:
        Path of an existing file.

    Raises:
        InputError: if there is no such game.
    """
    return _found(reference, games_folder(), "a game file")


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


def nearest_scenario(name: str, folder: Path) -> str:
    """Return the name most like ``name`` of a shipped scenario or a file in a folder, or ''."""
    return nearest(name.removesuffix(".toml"), [*shipped_names(), *_names(folder)])


def _shipped(kind: str) -> Path:
    """Return a folder of shipped files."""
    installed = _PACKAGE / "shipped" / kind
    return installed if installed.is_dir() else _PACKAGE.parent.parent / kind


def _names(folder: Path) -> list[str]:
    """Return the stems of a folder's TOML files, sorted."""
    return sorted(path.stem for path in folder.glob("*.toml"))


def _found(reference: str, folder: Path, what: str) -> Path:
    """Return the file of a name in a folder, or of a path.

    Raises:
        InputError: if there is none.
    """
    names = _names(folder)
    if reference in names:
        return folder / f"{reference}.toml"
    path = Path(reference)
    if os.path.isfile(path):  # false, not an error, where the name is too long
        return path
    if os.path.isdir(path):
        raise InputError([Problem(reference, "", "a folder", what)])
    expected = f"a path to {what} or the name of a shipped one (alliancesim list)"
    hint = nearest(reference.removesuffix(".toml"), names)
    raise InputError([Problem(reference, "", "", expected, hint)])
