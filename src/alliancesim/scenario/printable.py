"""Text that shows what it says: no character in it steers a terminal or turns its order round.

Escape sequences can clear a screen, set a window's title or hide a line; embeddings and overrides
of writing direction make a reader see another text than the program does (Boucher and Anderson
2023, Trojan Source, USENIX Security Symposium 32). Marks of direction, which right-to-left scripts
need, stay.

Nothing is shortened here, which problems does, and no markup is escaped, which cli.console does.
"""

from __future__ import annotations

import re

_STEERING = re.compile("[\0-\x08\x0b-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069\ud800-\udfff]")


def steers(text: str) -> bool:
    """Say whether a text holds characters that steer; tabs and line feeds do not."""
    return _STEERING.search(text) is not None


def printable(text: str) -> str:
    r"""Return a text with all that steers written out, such as ``\x1b``."""
    return _STEERING.sub(lambda found: ascii(found[0])[1:-1], text)


def printable_path(path: object) -> str:
    r"""Return a path on one line, with all that steers written out."""
    return printable(str(path)).replace("\n", "\\n").replace("\t", "\\t")


def printable_json(text: str) -> str:
    r"""Return JSON with all that steers written out as JSON has it, such as ``\u009b``."""
    return _STEERING.sub(lambda found: f"\\u{ord(found[0]):04x}", text)
