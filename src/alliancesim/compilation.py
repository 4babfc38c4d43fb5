"""How numerical code is compiled: one set of numba options for the whole package.

``fastmath`` is off, so no sum is re-ordered and no multiply-add is fused, and every engine that
calls a function gets the same bits. The cache folder is named after the digest of all numerical
sources, because numba itself notices a change only in the file that holds a function, not in the
files that function calls. Nothing but compilation may enter here.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar, cast

import numba
import platformdirs
from numba.core import config

Function = TypeVar("Function", bound=Callable[..., Any])

_NUMERICAL_SOURCES = (
    "arrays.py",
    "bounded.py",
    "coefficients.py",
    "compilation.py",
    "elementary.py",
    "lanes/access.py",
    "lanes/adjustments.py",
    "lanes/blocks.py",
    "lanes/decisions.py",
    "lanes/inputs.py",
    "law.py",
    "shocks.py",
    "step.py",
)


def _source_digest() -> str:
    """Return a short digest of the numerical sources and of numba's version."""
    folder = Path(__file__).parent
    digest = hashlib.blake2b(numba.__version__.encode(), digest_size=8)
    for name in _NUMERICAL_SOURCES:
        digest.update((folder / name).read_bytes())
    return digest.hexdigest()


def cache_folder() -> Path:
    """Return the folder in which compiled code of this very source is kept between processes."""
    return Path(platformdirs.user_cache_dir("alliancesim")) / "compiled" / _source_digest()


_CACHE = cache_folder()


def is_compiled() -> bool:
    """Say whether an earlier process has left compiled code for this very source."""
    return any(_CACHE.glob("**/*.nbi"))


def compiled(function: Function) -> Function:
    """Compile a numerical function with numba, cached across processes, with exact arithmetic.

    Args:
        function: a function within numba's nopython subset.

    Returns:
        The compiled function; its signature is unchanged.
    """
    return _compiled(function)


def inlined(function: Function) -> Function:
    """Compile a scalar function into each of its callers, so that their loops can be vectorised."""
    return _compiled(function, forceinline=True)


def released(function: Function) -> Function:
    """Compile a function that lets other Python threads run beside it."""
    return _compiled(function, nogil=True)


def _compiled(function: Function, **options: bool) -> Function:
    """Compile with the package's cache folder and options."""
    before = config.CACHE_DIR
    config.CACHE_DIR = str(_CACHE)
    try:
        compiler = numba.njit(cache=True, fastmath=False, error_model="numpy", **options)
        return cast(Function, compiler(function))
    finally:
        config.CACHE_DIR = before
