"""Files that are there whole, the old or the new one, whatever happens meanwhile.

One file each; a folder that is to appear whole, or not at all, is for results.folder.
"""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

TEMPORARY = ".writing-"
"""How the name of a file begins that is not whole yet."""


def replace_file(path: Path, content: str | bytes) -> None:
    """Write a file so that readers see the old or the new one, never a part.

    It is on the disk before it takes its name, so that a loss of power leaves no empty file.

    Args:
        path: the file; its folder exists.
        content: text, written as UTF-8, or bytes.

    Raises:
        OSError: if the place cannot be written to.
    """
    handle, name = tempfile.mkstemp(prefix=TEMPORARY, dir=path.parent)
    try:
        with os.fdopen(handle, "wb") as stream:
            stream.write(content.encode() if isinstance(content, str) else content)
            stream.flush()
            os.fchmod(stream.fileno(), 0o644)
            os.fsync(stream.fileno())
        os.replace(name, path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
