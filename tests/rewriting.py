"""Pages for the tests: one written when its results were made, and the same written anew."""

from __future__ import annotations

import re
from pathlib import Path

from alliancesim.report.page import write_report

_LINKS = re.compile(r'\s*<span class="files">.*?</span>', re.S)


def rewritten(folder: Path, target: Path) -> tuple[str, str]:
    """Return the page that lies in a folder, and that which a report writes of it to a target.

    Only links to the figures' files are left out, which the first has none of.
    """
    pages = (folder / "report.html").read_text("utf-8"), write_report(folder, target=target)
    before, after = (_LINKS.sub("", page) for page in (pages[0], pages[1].read_text("utf-8")))
    return before, after
