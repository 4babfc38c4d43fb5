"""Messages and their translations: none is missing, none is left over, each fills the same fields.

A missing translation fails with an entry ready to be pasted into a catalogue.
"""

from __future__ import annotations

import ast
import string
import subprocess
import sys
import threading
import tomllib
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po
from hypothesis import given
from hypothesis import strategies as st

import alliancesim.version
from alliancesim.arrays import VARIABLES
from alliancesim.coefficients import REGISTER
from alliancesim.language import LANGUAGES, message, number, plural, speaking, spoken, text
from alliancesim.scenario.library import CALIBRATIONS, EXPERIMENTS, GAMES, SCENARIOS
from alliancesim.scenario.quantities import Quantity
from alliancesim.scenario.schema import Actor, Dyad, Outcome, Strategy

PACKAGE = Path(alliancesim.version.__file__).resolve().parent
TRANSLATED = LANGUAGES[1:]
TEMPLATES = [("**.j2", "jinja2.ext:babel_extract")]
SHIPPED = [
    *(
        shelf.find(name)
        for shelf in (SCENARIOS, EXPERIMENTS, CALIBRATIONS, GAMES)
        for name in shelf.names()
    ),
    PACKAGE / "scenario" / "starter.toml",
]
SAID_BY_FILES = ("title", "question", "story", "learn", "name", "label", "unit")
KEYWORDS = {"text": None, "message": None, "plural": (1, 2)}


def _registered() -> Iterator[tuple[str, str]]:
    """Yield what the registers say in words, which the law may not mark, and where it stands."""
    for entry in REGISTER:
        for said in (entry.equation, entry.unit, entry.meaning, entry.source):
            yield f"coefficients.py: {entry.name}", said
    for variable in VARIABLES:
        for said in (variable.name, variable.meaning):
            yield f"arrays.py: {variable.name}", said
    for table in (Actor, Dyad, Strategy, Outcome):
        for key, field in table.model_fields.items():
            if isinstance(usual := field.get_default(call_default_factory=True), Quantity):
                yield f"scenario/schema.py: {key}", usual.source
    for path in SHIPPED:
        yield from ((path.name, said) for said in _told(tomllib.loads(path.read_text("utf-8"))))


def _told(table: Mapping[str, Any]) -> Iterator[str]:
    """Yield what a shipped file calls itself, its actors and other things, however deep."""
    for key, found in table.items():
        if key in SAID_BY_FILES and isinstance(found, str):
            yield found
        for inner in found if isinstance(found, list) else [found]:
            if isinstance(inner, dict):
                yield from _told(inner)


def _calls() -> Iterator[tuple[str, str, list[ast.expr]]]:
    """Yield where in the source which function of the languages is called, and its messages."""
    for path in PACKAGE.rglob("*.py"):
        source = path.read_text("utf-8")
        if "alliancesim.language import" not in source:
            continue
        for node in ast.walk(ast.parse(source)):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
                name = node.func.id
                if name in KEYWORDS:
                    where = f"{path.relative_to(PACKAGE)}:{node.lineno}"
                    yield where, name, node.args[: 2 if name == "plural" else 1]


@cache
def _extracted() -> dict[str, str]:
    """Return where each message of the source stands, that for one thing where there are two."""
    found = extract_from_dir(PACKAGE, TEMPLATES, {"**.j2": {"silent": "false"}}, KEYWORDS)
    said = {words: where for where, words in _registered() if words}
    said |= {_key(message): f"{file}:{line}" for file, line, message, _, _ in found}
    for where, _, (first, *_) in _calls():
        if isinstance(first, ast.Constant):
            said[str(first.value)] = where
    return said


def _key(said: str | tuple[str, ...] | list[str]) -> str:
    """Return a message, of a plural that for one thing."""
    return said if isinstance(said, str) else said[0]


@cache
def _catalogues(code: str) -> dict[str, Catalog]:
    """Return the catalogues of a language by file name."""
    catalogues = {}
    for path in sorted((PACKAGE / "language" / code).glob("*.po")):
        with path.open("rb") as lines:
            catalogues[path.name] = read_po(lines, locale=code, abort_invalid=True)
    return catalogues


def _entries(code: str) -> list[tuple[str, Message]]:
    """Return every entry of a language with its file."""
    return [(name, entry) for name, made in _catalogues(code).items() for entry in made if entry.id]


def _fields(template: str) -> list[str]:
    return sorted(
        {name for _, name, _, _ in string.Formatter().parse(template) if name is not None}
    )


def _pasteable(missing: dict[str, str]) -> str:
    """Return entries to paste into a catalogue."""
    return "\n\n".join(
        f'#: {where}\nmsgid {_quoted(said)}\nmsgstr ""' for said, where in missing.items()
    )


def _quoted(said: str) -> str:
    return '"' + said.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n") + '"'


@pytest.mark.parametrize("code", TRANSLATED)
def test_every_message_of_the_source_is_translated(code: str) -> None:
    known = {_key(entry.id) for _, entry in _entries(code) if entry.string and not entry.fuzzy}
    missing = {said: at for said, at in _extracted().items() if said not in known}
    assert not missing, _pasteable(missing)


@pytest.mark.parametrize("code", TRANSLATED)
def test_no_translation_is_left_over(code: str) -> None:
    """Each entry translates a message that the source still says."""
    left = [f"{name}: {_key(entry.id)}" for name, entry in _entries(code)]
    said = _extracted()
    assert [item for item in left if item.split(": ", 1)[1] not in said] == []


@pytest.mark.parametrize("code", TRANSLATED)
def test_no_message_is_translated_twice(code: str) -> None:
    """Which of two entries is read would depend on the names of files."""
    ids = [_key(entry.id) for _, entry in _entries(code)]
    assert sorted({said for said in ids if ids.count(said) > 1}) == []


@pytest.mark.parametrize("code", TRANSLATED)
def test_translations_fill_the_same_fields(code: str) -> None:
    """A field lost, or one too many, would lose a number or fail when the sentence is said."""
    wrong = []
    for name, entry in _entries(code):
        english = [entry.id] if isinstance(entry.id, str) else list(entry.id)
        wanted = {tuple(_fields(said)) for said in english}
        strings = [entry.string] if isinstance(entry.string, str) else list(entry.string)
        wrong += [f"{name}: {said}" for said in strings if tuple(_fields(said)) not in wanted]
    assert wrong == []


def _is_filled(said: ast.expr) -> bool:
    """Say whether a message is filled, or joined, before it is looked up."""
    called = said.func if isinstance(said, ast.Call) else None
    return isinstance(called, ast.Attribute) and called.attr in ("format", "join", "replace")


def test_messages_are_literals() -> None:
    """A message put together before it is looked up is in no catalogue."""
    made = [
        where
        for where, _, messages in _calls()
        if any(isinstance(said, ast.JoinedStr | ast.BinOp) or _is_filled(said) for said in messages)
    ]
    assert made == []


def test_a_message_is_said_in_the_language_spoken() -> None:
    """English by default; German within its context; English again after it."""
    assert (spoken(), text("{low} to {high}")) == ("en", "{low} to {high}")
    with speaking("de"):
        assert (spoken(), text("{low} to {high}")) == ("de", "{low} bis {high}")
        with speaking("en"):
            assert text("{low} to {high}") == "{low} to {high}"
        assert number("-0.25") == "-0,25"
    assert (spoken(), number("-0.25")) == ("en", "-0.25")


def test_languages_of_threads_are_apart() -> None:
    """Two readers of one dashboard do not change each other's language."""
    heard: list[str] = []
    with speaking("de"):
        thread = threading.Thread(target=lambda: heard.append(spoken()))
        thread.start()
        thread.join()
    assert heard == ["en"]


def test_an_unknown_language_is_refused() -> None:
    with pytest.raises(ValueError, match="none of en, de"), speaking("fr"):
        pass


@given(st.text())
def test_what_no_catalogue_has_stays_as_it_is(said: str) -> None:
    """No header of a catalogue, no error: the message itself."""
    with speaking("de"):
        if said not in _extracted():
            assert text(said) == message(said) == said
            assert plural(said, said + "s", 2) == said + "s"


def test_english_needs_no_babel() -> None:
    """Who stays with English does not wait for the reader of catalogues."""
    code = "import sys, alliancesim.language as it; it.text('x'); print('babel' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"
