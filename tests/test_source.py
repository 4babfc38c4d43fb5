"""The source itself: no state's name, short files and functions, a docstring on all that is public.

Names of real states are data. They may stand in scenario files, and in the ``source`` and
``meaning`` texts of the register in coefficients.py, which say whence a number comes: there, and
nowhere else in the package.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import alliancesim.version
from alliancesim.compilation import code_of

PACKAGE = Path(alliancesim.version.__file__).resolve().parent
FILES = sorted(path for path in PACKAGE.rglob("*.py") if "shipped" not in path.parts)
STATES = re.compile(
    r"\b(china|chinese|japan|japanese|korean?s?|usa|united states|chn|jpn|kor|prc|rok)\b", re.I
)

LONGEST_FILE = 400
LONGEST_FUNCTION = 50
LONGER = {
    # The register is data: one entry per mechanism, with its sources.
    "coefficients.py": 560,
    # The law's scalar functions belong together, and half of it is their documentation.
    "law.py": 470,
    # One statement per state, each a call with its arguments.
    "step.py adjust": 60,
}
"""What may be longer, and how long at most: lower these where you can, never raise them."""


def _name(path: Path) -> str:
    return path.relative_to(PACKAGE).as_posix()


@cache
def _text(path: Path) -> str:
    return path.read_text("utf-8")


@cache
def _tree(path: Path) -> ast.Module:
    return ast.parse(_text(path))


def _texts_of_the_register(tree: ast.Module) -> Iterator[ast.Constant]:
    """Yield the texts within the register's entries: calls of _choice, _rate and Coefficient."""
    for node in ast.walk(tree):
        if (
            isinstance(node, ast.Call)
            and isinstance(node.func, ast.Name)
            and node.func.id in ("_choice", "_rate", "Coefficient")
        ):
            for inner in ast.walk(node):
                if isinstance(inner, ast.Constant) and isinstance(inner.value, str):
                    yield inner


def test_no_state_is_named_in_the_source() -> None:
    """Program and law know actors only by what the scenario says of them."""
    allowed = {
        ("coefficients.py", number)
        for text in _texts_of_the_register(_tree(PACKAGE / "coefficients.py"))
        for number in range(text.lineno, (text.end_lineno or text.lineno) + 1)
    }
    found = {
        (_name(path), number): line
        for path in FILES
        for number, line in enumerate(_text(path).splitlines(), 1)
        if STATES.search(line) and (_name(path), number) not in allowed
    }
    assert found == {}


def test_the_search_for_names_finds_them() -> None:
    """The rule above can fail: it sees names and codes as whole words in any case."""
    for text in ("China", "a JPN b", "kor = 1", "the USA", "South Korea's", "KOREAN"):
        assert STATES.search(text), text
    for text in ("machinal", "korma", "usage", "japanned"):
        assert not STATES.search(text), text


def test_every_file_is_short() -> None:
    lengths = {_name(path): len(_text(path).splitlines()) for path in FILES}
    long = {name: n for name, n in lengths.items() if n > LONGER.get(name, LONGEST_FILE)}
    assert long == {}


def _functions(path: Path) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    for node in ast.walk(_tree(path)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node


def _length(node: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    """Return the lines of a function without its docstring."""
    doc = node.body[0]
    skipped = 0
    if ast.get_docstring(node) is not None:
        skipped = (doc.end_lineno or doc.lineno) - doc.lineno + 1
    return (node.end_lineno or node.lineno) - node.lineno + 1 - skipped


def test_every_function_is_short() -> None:
    long = {
        f"{_name(path)} {node.name}": _length(node)
        for path in FILES
        for node in _functions(path)
        if _length(node) > LONGER.get(f"{_name(path)} {node.name}", LONGEST_FUNCTION)
    }
    assert long == {}


def _public(
    body: ast.Module | ast.ClassDef,
) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef]:
    """Yield public functions and classes, and those of public classes; none inside functions."""
    for node in body.body:
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef) and not (
            node.name.startswith("_")
        ):
            yield node
            if isinstance(node, ast.ClassDef):
                yield from _public(node)


def test_everything_public_says_what_it_is() -> None:
    """Modules, public classes, and their public functions have a docstring that is a sentence."""
    silent = []
    for path in FILES:
        tree, name = _tree(path), _name(path)
        if name != "__init__.py" and not ast.get_docstring(tree):
            silent.append(name)
        for node in _public(tree):
            text = (ast.get_docstring(node) or "").strip()
            if not text.split("\n\n")[0].endswith((".", "?", ":", "!")):
                silent.append(f"{name} {node.name}")
    assert silent == []


FILE_ENDINGS = (".json", ".parquet", ".csv", ".toml", ".md")
BOUNDS = re.compile(r"\b(no|not|never|nothing|only|neither|nor|none|nobody|cannot)\b", re.I)
IDIOMS = re.compile(r"\b(do(es)? nothing|not a wedge|no wedge|no change)\b", re.I)
"""Words that bound a room, and the field's own idioms, which have them and bound nothing."""


def test_every_module_says_what_may_not_enter() -> None:
    """Each module bounds its room in a sentence of its own, and the rooms it points to exist.

    A sentence with such a word, found in no other module, is all that can be seen here; that it
    is true, and says where the thing is instead, is for whoever reads a change.
    """
    rooms = {_name(path).removesuffix(".py").replace("/", ".") for path in FILES}
    seen: dict[str, str] = {}
    silent, lost = [], []
    for path in FILES:
        text = " ".join((ast.get_docstring(_tree(path)) or "").split())
        prose = re.sub(r":\w+:`[^`]*`|``[^`]*``", "", text)
        sentences = re.split(r"(?<=[.?])\s", IDIOMS.sub("", prose))
        bounding = [sentence for sentence in sentences if BOUNDS.search(sentence)]
        if not any(seen.setdefault(one, _name(path)) == _name(path) for one in bounding):
            silent.append(_name(path))
        package = ".".join(path.relative_to(PACKAGE).parts[:-1])
        for room in re.findall(r"\b[a-z]+(?:\.[a-z_]+|_[a-z]+)+\b(?!\.\w)", prose):
            if not {room, f"{package}.{room}"} & rooms and not room.endswith(FILE_ENDINGS):
                lost.append(f"{_name(path)}: {room}")
    assert (silent, lost) == ([], [])


def test_nothing_is_left_to_do_in_the_source() -> None:
    later = re.compile(r"\b(TODO|FIXME|XXX|HACK)\b")
    assert [_name(path) for path in FILES if later.search(_text(path))] == []


def test_only_agents_and_model_import_mesa() -> None:
    imports = re.compile(r"^\s*(import|from) mesa", re.M)
    found = [_name(path) for path in FILES if imports.search(_text(path))]
    assert found == ["actors.py", "dashboard/steps.py", "model.py"]


def test_the_digest_of_the_law_heeds_code_alone() -> None:
    """Another docstring or comment forbids no sweep to be resumed; another number does."""
    plain = 'X = "# 1"\ndef f(x):\n    y = 2 * x\n    return y\n'
    told = (
        '"""Module."""\n\nX = "# 1"  # why\n"""Attribute."""\n\n# more\ndef f(x):\n'
        '    """Function\n\n    # at length.\n    """  # and why\n    y = 2 * x\n\n    return y\n'
    )
    assert code_of(told.encode()) == code_of(plain.encode()) == plain.rstrip()
    for old, new in (("# 1", "# 2"), ("2 * x", "3 * x")):
        assert code_of(plain.replace(old, new).encode()) != code_of(plain.encode()), new


def test_arithmetic_is_exact_and_reproducible_by_its_options() -> None:
    """Fastmath off, and no function compiled except by ``compiled``."""
    assert "fastmath=False" in (PACKAGE / "compilation.py").read_text("utf-8")
    compiling = re.compile(r"\bnumba\.(n?jit|vectorize)|\bfastmath\b")
    for path in FILES:
        if _name(path) != "compilation.py":
            assert not compiling.search(_text(path)), path
