"""A small file system in memory, to be filled to the brim. Only root can make one."""

from __future__ import annotations

import subprocess
from pathlib import Path


class Disk:
    """A small file system in memory, gone when the block ends."""

    def __init__(self, parent: Path, kilobytes: int) -> None:
        """Choose a place and a size."""
        self.folder = parent / "disk"
        self._size = f"size={kilobytes}k"

    def __enter__(self) -> Disk:
        self.folder.mkdir(parents=True)
        subprocess.run(["mount", "-t", "tmpfs", "-o", self._size, "tmpfs", self.folder], check=True)
        return self

    def __exit__(self, *_: object) -> None:
        subprocess.run(["umount", "-l", self.folder], check=True)

    def remount(self, options: str) -> None:
        """Change its size."""
        subprocess.run(["mount", "-o", f"remount,{options}", self.folder], check=True)
