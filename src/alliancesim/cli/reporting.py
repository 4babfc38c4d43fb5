"""The commands that write reports and briefs on results, in a format and a language."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from alliancesim.cli.printing import print_json
from alliancesim.cli.running import Folder, Json, announce_compilation, check_choice
from alliancesim.language import LANGUAGES

Form = Annotated[
    str,
    typer.Option(
        "--format",
        metavar="FORMAT",
        help="'html', one file with everything within; 'pdf', for print; or 'md', Markdown.",
    ),
]
Language = Annotated[str, typer.Option(metavar="CODE", help="'en', English, or 'de', German.")]


def report(
    folder: Folder,
    out: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE", help="File to write; by default report.html or the like in the folder."
        ),
    ] = None,
    form: Form = "html",
    language: Language = "en",
    as_json: Json = False,
) -> None:
    """Write a report on a results folder: a self-contained HTML page, a PDF or Markdown."""
    _check(form, language)

    from alliancesim.cli.console import progress_bar
    from alliancesim.report.page import write_report

    announce_compilation(quiet=as_json)
    with progress_bar("again", None, quiet=as_json) as progress:
        page = write_report(folder, target=out, form=form, language=language, progress=progress)
    if as_json:
        print_json({"report": str(page)})
    else:
        sys.stdout.write(f"Report: {page}\n")


def brief(
    folder: Folder,
    out: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE", help="File to write; by default brief.pdf or the like in the folder."
        ),
    ] = None,
    form: Form = "pdf",
    language: Language = "en",
    as_json: Json = False,
) -> None:
    """Write a brief of two pages on results: the answer, how sure, what would change it."""
    _check(form, language)

    from alliancesim.cli.console import progress_bar
    from alliancesim.report.briefs import write_brief

    announce_compilation(quiet=as_json)
    with progress_bar("again", None, quiet=as_json) as progress:
        page = write_brief(folder, target=out, form=form, language=language, progress=progress)
    if as_json:
        print_json({"brief": str(page)})
    else:
        sys.stdout.write(f"Brief: {page}\n")


def _check(form: str, language: str) -> None:
    """Refuse a format or a language that there is not, before anything slow is done.

    Raises:
        InputError: if there is none such.
    """
    from alliancesim.report.formats import FORMATS

    check_choice("--format", form, FORMATS)
    check_choice("--language", language, LANGUAGES)
