"""Libraries that are not installed with the program itself, but with one of its extras.

No version is asked for here, which pyproject.toml does, and nothing is imported until it is needed.
"""

from __future__ import annotations

import importlib
from typing import Any

from alliancesim.scenario.problems import InputError, Problem


def installing(extra: str) -> str:
    """Return how an extra is installed.

    The program is in no index of packages: by name, pip would install what a stranger called so.
    """
    return f"in alliancesim's own folder: pip install '.[{extra}]'"


def required(module: str, extra: str, what: str) -> Any:
    """Return a module of a library that an extra installs.

    Args:
        module: its name, as it is imported.
        extra: the extra that installs it.
        what: what the library is for, to follow "expected".

    Raises:
        InputError: if the library is not installed.
    """
    library = module.partition(".")[0]
    try:
        return importlib.import_module(module)
    except ModuleNotFoundError as error:
        if (error.name or "").partition(".")[0] != library:
            raise
        expected = f"{what} ({installing(extra)})"
        raise InputError([Problem(library, "", "not installed", expected)]) from None
