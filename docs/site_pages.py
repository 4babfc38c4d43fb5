"""What the site has beside this folder's pages: README and its like, and the tour as a page."""

from __future__ import annotations

import json
import posixpath
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from mkdocs.structure.files import File, Files

ROOT = Path(__file__).resolve().parent.parent
BESIDE = {
    "README.md": "readme.md",
    "CONTRIBUTING.md": "contributing.md",
    "CHANGELOG.md": "changelog.md",
    "docs/tour.ipynb": "tour.md",
}
"""Pages of the site by the files that they are made from."""

LONG = {"th": 30, "td": 60}
"""Characters of a table's cell beyond which it is given room where a page is narrow."""

_LINK = re.compile(r"(?<!!)\[([^\]]*)\]\((?!https?:|mailto:)([^)#\s]+)(#[^)\s]*)?\)")
_ROLE = re.compile(r":(?:class|func|meth|mod):(?=<code>)")
_OPTION = re.compile(r"(?<=[\s>(])--?[a-zA-Z][\w-]*")
_PERCENT = re.compile(r"(?<=\d) (?=%)")
_CELL = re.compile(r"<(t[hd])(?=>(.*?)</\1>)", flags=re.DOTALL)
_TAG = re.compile(r"<[^>]*>")
_DRAWN = re.compile(r'<div class="language-console (?=(?:(?!</div>).)*┏)', flags=re.DOTALL)


def on_files(files: Files, config: Any) -> Files:
    """Add the pages that are made from other files, with links as seen from within the folder."""
    for name, page in BESIDE.items():
        text = (ROOT / name).read_text("utf-8")
        if name.endswith(".ipynb"):
            text = "\n\n".join(_cells(text))
        place = posixpath.relpath(posixpath.dirname(name) or ".", "docs")
        text = seen_from("", text, place, menu(config["nav"]))
        files.append(File.generated(config, page, content=text))
    return files


def _cells(notebook: str) -> Iterator[str]:
    """Yield the cells of a notebook as Markdown, each followed by what it printed and drew."""
    for cell in json.loads(notebook)["cells"]:
        text = "".join(cell["source"])
        yield text if cell["cell_type"] == "markdown" else f"```python\n{text}\n```"
        for output in cell.get("outputs", []):
            data = output.get("data", {"text/plain": output.get("text", "")})
            if "image/png" in data:
                picture = "".join(data["image/png"].split())
                yield f"![what the cell draws](data:image/png;base64,{picture})"
            else:
                yield f"```text\n{''.join(data['text/plain']).rstrip()}\n```"


def on_page_markdown(markdown: str, page: Any, config: Any, **_: Any) -> str:
    """Lead links out of the folder to where their targets are on the site."""
    return seen_from(posixpath.dirname(page.file.src_uri), markdown, "", menu(config["nav"]))


def on_page_content(html: str, **_: Any) -> str:
    """Drop what Sphinx alone would read; mark long cells, and what is not broken over two lines.

    The latter are tables of a terminal, names of options, and a number and its percent sign.
    """
    html = _DRAWN.sub('<div class="drawn language-console ', _ROLE.sub("", html))
    html = _CELL.sub(_with_its_length, html)
    html = _PERCENT.sub("\u00a0", html)
    return _OPTION.sub(r'<span class="whole">\g<0></span>', html)


def _with_its_length(cell: re.Match[str]) -> str:
    """Return the beginning of a table's cell, marked where it holds more than a few words."""
    long = len(_TAG.sub("", cell[2]).strip()) > LONG[cell[1]]
    return f'{cell[0]} class="long"' if long else cell[0]


def menu(entries: list[Any]) -> dict[str, str]:
    """Return the names of pages in the menu by their paths."""
    names: dict[str, str] = {}
    for entry in entries:
        ((name, below),) = entry.items()
        names |= menu(below) if isinstance(below, list) else {below: name}
    return names


def seen_from(folder: str, text: str, place: str, names: dict[str, str]) -> str:
    """Return a page's text with links as the site has them; what is not on it is not linked.

    A link whose words are the path of a page has its name in the menu instead.

    Args:
        folder: of the page within the site.
        text: of the page.
        place: where the file of the page lies, seen from that folder.
        names: of pages in the menu, by path.
    """

    def moved(found: re.Match[str]) -> str:
        words, path, anchor = found[1], found[2], found[3] or ""
        path = posixpath.normpath(posixpath.join("docs", folder, place, path))
        if path not in BESIDE and not path.startswith("docs/"):
            return words
        target = BESIDE.get(path, path.removeprefix("docs/"))
        words = names.get(target, words) if words == found[2] else words
        return f"[{words}]({posixpath.relpath(target, folder or '.')}{anchor})"

    return _LINK.sub(moved, text)
