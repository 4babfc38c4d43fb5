"""A page as Markdown: its figures as links to their files, its tables as tables.

Nothing is written here that the page does not say.
"""

from __future__ import annotations

import re

from bs4 import BeautifulSoup, Tag
from markdownify import ATX, MarkdownConverter

_TOO_MANY_LINES = re.compile(r"\n{3,}")


def markdown(page: str) -> str:
    """Return a page as Markdown.

    Args:
        page: the HTML page. Of each figure the PNG file beside it is shown.
    """
    soup = BeautifulSoup(page, "html.parser")
    body = soup.body
    if body is None:
        raise ValueError("a page without a body")
    for drawing in body.select(".bar, figure .narrow"):
        drawing.decompose()
    for mark in body.select("ol.marks .sign"):
        mark.decompose()  # the list has the same numbers of its own
    for part in body.select(".marks li > span"):
        part.insert_after(" ")
    made = _Converter(heading_style=ATX, bullets="-").convert_soup(body)
    return f"{_TOO_MANY_LINES.sub(chr(10) * 2, made).strip()}\n"


class _Converter(MarkdownConverter):
    """Knows what a page's elements are in Markdown."""

    def escape(self, text: str, parent_tags: set[str]) -> str:
        """Return text that makes neither markup, a link nor another cell of a table."""
        # The library's own types leave the method out.
        escaped: str = super().escape(text, parent_tags)  # type: ignore[misc]
        return escaped.replace("<", "&lt;").replace("](", "]\\(").replace("|", "\\|")

    def convert_figure(self, element: Tag, text: str, parent_tags: set[str]) -> str:
        """Return the picture's file with its description, and the caption below."""
        title = element.select_one("svg > desc")
        link = element.select_one('.files a[href$=".png"]')
        shown = ""
        if link is not None:
            said = " ".join(title.get_text().split()) if title is not None else ""
            shown = f"![{self.escape(said, parent_tags)}]({link['href']})\n\n"
        return f"\n\n{shown}{text.strip()}\n\n"

    def convert_svg(self, element: Tag, text: str, parent_tags: set[str]) -> str:
        """Return nothing: what is drawn stands in a file."""
        return ""

    def convert_summary(self, element: Tag, text: str, parent_tags: set[str]) -> str:
        """Return the title of a part that a page folds away."""
        return f"\n\n**{text.strip()}**\n\n"

    def convert_dl(self, element: Tag, text: str, parent_tags: set[str]) -> str:
        """Return terms and what they are as a list."""
        return f"\n\n{text.strip()}\n\n"

    def convert_dt(self, element: Tag, text: str, parent_tags: set[str]) -> str:
        """Return the beginning of a line of such a list."""
        return f"\n- {text.strip()}: "

    def convert_dd(self, element: Tag, text: str, parent_tags: set[str]) -> str:
        """Return its end."""
        return " ".join(text.split())

    def convert_section(self, element: Tag, text: str, parent_tags: set[str]) -> str:
        """Return a section, apart from what is around it."""
        return f"\n\n{text.strip()}\n\n"
