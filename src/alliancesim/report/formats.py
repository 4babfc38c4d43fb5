"""A page as HTML, as PDF and as Markdown.

No page is composed here: PDF and Markdown are made of the HTML, so that none says more than
another.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from alliancesim.language import LANGUAGES
from alliancesim.scenario.extras import required
from alliancesim.scenario.placing import replace_file
from alliancesim.scenario.problems import InputError, Problem

FORMATS = ("html", "pdf", "md")
"""What a page can be written as; each is also the ending of the file's name."""

WITH_FILES = ("html", "md")
"""Formats whose figures lie as files beside the page; a PDF has all within."""


def check_available(form: str) -> None:
    """Refuse a format that nothing installed makes, before anything is drawn for it.

    Args:
        form: one of :data:`FORMATS`.

    Raises:
        InputError: if what makes the format is not installed.
    """
    if form == "pdf":
        _weasyprint()


def formatted(page: str, form: str) -> bytes:
    """Return a page in one of the formats.

    Args:
        page: the HTML page, whole and with nothing outside it but its figures' files.
        form: one of :data:`FORMATS`.

    Raises:
        InputError: if what makes the format is not installed.
    """
    if form == "pdf":
        return pdf(page)
    if form == "md":
        from alliancesim.report.markdown import markdown

        return markdown(page).encode()
    return page.encode()


def pdf(page: str) -> bytes:
    """Return a page as PDF, by its style for print; the same page gives the same bytes.

    The file is tagged (PDF/UA), so that screen readers know headings, lists and tables from text.

    Args:
        page: the HTML page.

    Raises:
        InputError: if WeasyPrint, or a library of the system that it needs, is not installed.
    """
    maker = _weasyprint()
    made: bytes = maker.HTML(string=page).write_pdf(pdf_variant="pdf/ua-1")
    return made


def file_name(stem: str, form: str, language: str) -> str:
    """Return the name of a file that a page is written to: ``report.html``, ``report-de.pdf``."""
    return f"{stem}{'' if language == LANGUAGES[0] else f'-{language}'}.{form}"


def write(path: Path, content: bytes) -> None:
    """Write a page's file, whole or not at all.

    Raises:
        InputError: if it cannot be written.
    """
    try:
        replace_file(path, content)
    except OSError as error:
        why = f"a place that can be written to ({error.strerror})"
        raise InputError([Problem("--out", "", str(path), why)]) from None


def _weasyprint() -> Any:
    """Return the library that makes PDF files."""
    try:
        return required("weasyprint", "pdf", "WeasyPrint, for PDF files; html and md need nothing")
    except OSError as error:
        expected = "Pango, the system library that WeasyPrint draws with; html and md need nothing"
        raise InputError([Problem("--format", "", "pdf", f"{expected} ({error})")]) from None
