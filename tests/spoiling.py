"""Results that were tampered with, for the tests."""

from __future__ import annotations

import json
from pathlib import Path


def spoilt(folder: Path) -> list[str]:
    """Change one digest in a folder's manifest, and one byte of another table.

    Returns:
        What is to be said of it.
    """
    path = folder / "manifest.json"
    manifest = json.loads(path.read_text("utf-8"))
    first, *_, last = manifest["digest"]
    manifest["digest"][first] = "0" * 32
    path.write_text(json.dumps(manifest), "utf-8")
    table = folder / f"{last}.csv"
    content = table.read_bytes()
    table.write_bytes(content[:-2] + bytes([content[-2] ^ 1]) + content[-1:])
    return [
        f"table {first} differs from what the program computes",
        f"table {last} was changed after it was written",
    ]
