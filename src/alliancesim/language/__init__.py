"""The language that reports speak: English messages looked up in gettext catalogues.

A message is English, a :meth:`str.format` template with named fields, so that a translation moves
them as its grammar asks: ``text("{share} of {whole}").format(share=..., whole=...)``. Catalogues
are the ``*.po`` files of a language's folder beside this module, one per part of the program; what
none of them has stays English. They are read when that language is first spoken.

No message stands here, but where it is said; nor are numbers and dates put into words, which is for
report.numbers: of a number only the decimal sign is known here.
"""

from __future__ import annotations

import gettext
import io
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache
from importlib import resources

LANGUAGES = ("en", "de")
"""Languages that can be spoken; the first is that of the source."""

_DECIMAL_SIGNS = {"en": ".", "de": ","}

_spoken: ContextVar[str] = ContextVar("spoken", default=LANGUAGES[0])


def spoken() -> str:
    """Return the code of the present language."""
    return _spoken.get()


@contextmanager
def speaking(code: str) -> Iterator[None]:
    """Speak a language for as long as the context lasts; others, in other threads, keep theirs.

    Args:
        code: one of :data:`LANGUAGES`.

    Raises:
        ValueError: if there is no such language.
    """
    if code not in LANGUAGES:
        raise ValueError(f"language {code!r} is none of {', '.join(LANGUAGES)}")
    before = _spoken.set(code)
    try:
        yield
    finally:
        _spoken.reset(before)


def message(english: str) -> str:
    """Return a message as it is, marked for translation: for constants, which are made only once.

    Args:
        english: the message, to be looked up by :func:`text` where it is said.
    """
    return english


def text(english: str) -> str:
    """Return a message in the present language, its fields still to be filled.

    Args:
        english: the message in English.
    """
    return _catalogue(spoken()).gettext(english) if english else english


def plural(one: str, many: str, count: int) -> str:
    """Return the message for a number of things, its fields, the number too, still to be filled.

    Args:
        one: the message for one thing, in English.
        many: the message for several, or none.
        count: how many there are.
    """
    return _catalogue(spoken()).ngettext(one, many, count)


def number(written: str) -> str:
    """Return a number with the decimal sign of the present language.

    Args:
        written: the number, with a decimal point.
    """
    return written.replace(".", _DECIMAL_SIGNS[spoken()])


@cache
def _catalogue(code: str) -> gettext.NullTranslations:
    """Return all messages of a language, compiled; none for that of the source."""
    if code == LANGUAGES[0]:
        return gettext.NullTranslations()
    # Babel takes a tenth of a second to import, which who stays with English need not wait for.
    from babel.messages.mofile import write_mo
    from babel.messages.pofile import read_po

    whole: gettext.GNUTranslations | None = None
    folder = resources.files(__name__).joinpath(code)
    for file in sorted(folder.iterdir(), key=lambda entry: entry.name):
        compiled = io.BytesIO()
        with file.open("rb") as lines:
            write_mo(compiled, read_po(lines, locale=code, abort_invalid=True))
        compiled.seek(0)
        part = gettext.GNUTranslations(compiled)
        if whole is None:
            whole = part
        else:
            whole.add_fallback(part)
    return whole or gettext.NullTranslations()
