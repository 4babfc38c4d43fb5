"""What machine and what versions numbers were measured with; nothing that is private to it."""

from __future__ import annotations

import datetime
import os
import platform
import re
import subprocess
from pathlib import Path

import numba
import numpy as np
from tables import Table
from yardstick import has_compiler

from alliancesim.version import __version__


def machine() -> Table:
    """Return the description of machine and versions."""
    rows: list[tuple[str | int | float | None, ...]] = [
        ("date", datetime.date.today().isoformat()),
        ("processor", _processor()),
        ("cores", os.cpu_count()),
        ("doubles in the widest vector", _vector()),
        ("system", f"{platform.system()} {platform.machine()}"),
        ("alliancesim", __version__),
        ("Python", platform.python_version()),
        ("numba", numba.__version__),
        ("numpy", np.__version__),
        ("gcc", _gcc()),
    ]
    return Table("machine", "Machine and versions", ("what", "value"), rows)


def _features() -> str:
    """Return what Linux says of the processor, or nothing."""
    file = Path("/proc/cpuinfo")
    return file.read_text("utf-8") if file.exists() else ""


def _processor() -> str:
    """Return the processor's model."""
    found = re.search(r"^model name\s*: (.+)$", _features(), flags=re.MULTILINE)
    return found[1].strip() if found else platform.processor() or platform.machine()


def _vector() -> int | None:
    """Return how many doubles fit into the widest vector."""
    flags = set(_features().split())
    for flag, doubles in (("avx512f", 8), ("avx2", 4), ("sse2", 2)):
        if flag in flags:
            return doubles
    return None


def _gcc() -> str | None:
    """Return the version of gcc."""
    if not has_compiler():
        return None
    done = subprocess.run(["gcc", "-dumpfullversion"], check=True, capture_output=True, text=True)
    return done.stdout.strip()
