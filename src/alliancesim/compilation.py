"""How numerical code is compiled: one set of numba options for the whole package.

``fastmath`` is off, so no sum is re-ordered and no multiply-add is fused, and every engine that
calls a function gets the same bits. The cache folder is named after the digest of all numerical
code, because numba itself notices a change only in the file that holds a function, not in the files
that function calls. Results keep that digest as the law's, and a sweep is resumed under no other.
Nothing but compilation may enter here.
"""

from __future__ import annotations

import hashlib
import io
import tokenize
from collections.abc import Callable
from functools import cache
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

_BEFORE_STATEMENTS = (tokenize.ENCODING, tokenize.NEWLINE, tokenize.INDENT, tokenize.DEDENT)


def code_of(source: bytes) -> str:
    """Return the part of a Python source that can bear on numbers.

    It is cut out of the text as it stands, so that it is the same under every version of Python.

    Args:
        source: of a module.

    Returns:
        Its lines without comments, docstrings and what is left empty by these.
    """
    lines = source.decode().splitlines()
    tokens = list(tokenize.tokenize(io.BytesIO(source).readline))
    told = [token for token in tokens if token.type == tokenize.COMMENT]
    code = [token for token in tokens if token.type not in (tokenize.COMMENT, tokenize.NL)]
    for before, token, after in zip(code, code[1:], code[2:], strict=False):
        opens = before.type in _BEFORE_STATEMENTS
        if token.type == tokenize.STRING and opens and after.type == tokenize.NEWLINE:
            told.append(token)
    for token in told:
        first, last = token.start[0], token.end[0]
        lines[first - 1] = lines[first - 1][: token.start[1]]
        lines[first:last] = [""] * (last - first)
    return "\n".join(line.rstrip() for line in lines if line.strip())


@cache
def _source_digest() -> str:
    """Return a short digest of the numerical code and of numba's version."""
    folder = Path(__file__).parent
    digest = hashlib.blake2b(numba.__version__.encode(), digest_size=8)
    for name in _NUMERICAL_SOURCES:
        digest.update(code_of((folder / name).read_bytes()).encode())
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
