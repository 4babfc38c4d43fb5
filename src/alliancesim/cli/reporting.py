"""The commands that write reports and briefs on results, in a format and a language.

No option here changes a number, only what becomes of the page.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import typer

from alliancesim.cli.options import Folder, Json, choice
from alliancesim.cli.printing import announce_compilation, print_json, print_line, shown
from alliancesim.language import LANGUAGES


def _form(text: str) -> str:
    """Return the format of a page; anything else is an InputError."""
    from alliancesim.report.formats import FORMATS

    return choice("--format", FORMATS)(text)


def _form_of(out: Path | None, usual: str) -> str:
    """Return the format that a file's ending asks for, or else the usual one."""
    from alliancesim.report.formats import FORMATS

    ending = "" if out is None else out.suffix.removeprefix(".")
    return ending if ending in FORMATS else usual


Form = Annotated[
    str | None,
    typer.Option(
        "--format",
        parser=_form,
        metavar="FORMAT",
        help="'html', one file with everything within; 'pdf', for print; or 'md', Markdown. By"
        " default the ending of --out if it is one of these, else html for reports and pdf for"
        " briefs.",
    ),
]
Language = Annotated[
    str,
    typer.Option(
        parser=choice("--language", LANGUAGES),
        metavar="CODE",
        help="'en', English, or 'de', German.",
    ),
]


def report(
    folder: Folder,
    out: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE", help="File to write.", show_default="report.html or the like in FOLDER"
        ),
    ] = None,
    form: Form = None,
    language: Language = "en",
    as_json: Json = False,
) -> None:
    """Write a report on results: HTML, PDF or Markdown."""
    from alliancesim.report.page import write_report

    with _progress("writing the report", quiet=as_json) as progress:
        chosen = form or _form_of(out, "html")
        page = write_report(folder, target=out, form=chosen, language=language, progress=progress)
    _print("report", page, as_json)


def brief(
    folder: Folder,
    out: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE", help="File to write.", show_default="brief.pdf or the like in FOLDER"
        ),
    ] = None,
    form: Form = None,
    language: Language = "en",
    as_json: Json = False,
) -> None:
    """Write two pages on results: the answer, and how sure it is. Also what would change it."""
    from alliancesim.report.briefs import write_brief

    with _progress("writing the brief", quiet=as_json) as progress:
        chosen = form or _form_of(out, "pdf")
        page = write_brief(folder, target=out, form=chosen, language=language, progress=progress)
    _print("brief", page, as_json)


@contextmanager
def _progress(what: str, *, quiet: bool) -> Iterator[Callable[[str, int], None]]:
    """Show that a page is written, and how far results are that it needs again."""
    from alliancesim.cli.console import activity

    announce_compilation(quiet=quiet)
    with activity(what, "running again for it", quiet=quiet) as progress:
        yield progress


def _print(what: str, page: Path, as_json: bool) -> None:
    """Print where a page was written."""
    if as_json:
        print_json({what: str(page)})
    else:
        print_line(f"{what.capitalize()}: {shown(page)}")
