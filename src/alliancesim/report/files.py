"""A report's figures as files: beside it as PNG and CSV, or in a new folder of results with it.

What stands on a page is not known here.
"""

from __future__ import annotations

import re
import shutil
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from alliancesim.language import message, text
from alliancesim.report.pictures import Picture
from alliancesim.results.folder import appearing, write_tables
from alliancesim.results.result import write_draws
from alliancesim.results.tables import table_text
from alliancesim.scenario.problems import InputError, Problem

if TYPE_CHECKING:
    import pandas as pd

    from alliancesim.posterior.draws import Posterior

_OURS = re.compile(r"[0-9]{2,}-[a-z-]+\.(png|csv)")

_PARTS = {
    "data": message("data (CSV)"),
    "contours": message("contours (CSV)"),
    "diagnostics": message("diagnostics (CSV)"),
    "observations": message("observations (CSV)"),
    "places": message("places (CSV)"),
}
"""What links to the data behind a figure are called."""


PAGE = "report.html"
"""The page that a command leaves in its folder."""


def put_page(folder: Path, drawn: Mapping[str, Picture], page: str) -> None:
    """Put a page into a folder of results that is being made, its figures as SVG and PNG with it.

    Args:
        folder: of the results.
        drawn: the figures by name, which their files have.
        page: the page, as HTML.
    """
    for name, one in drawn.items():
        (folder / f"{name}.svg").write_text(f"{one.wide}\n", "utf-8")
        (folder / f"{name}.png").write_bytes(one.png() if one.png else b"")
    (folder / PAGE).write_text(page, "utf-8")


def write_study(
    folder: Path,
    made: Mapping[str, pd.DataFrame],
    about: Mapping[str, Any],
    drawn: Mapping[str, Picture],
    page: str,
    posterior: Posterior | None = None,
) -> None:
    """Write results to a new folder, whole or not at all.

    Args:
        folder: where to: tables as CSV, ``manifest.json``, figures and page.
        made: the tables by name.
        about: the manifest.
        drawn: the figures by name.
        page: the page, as HTML.
        posterior: what coefficients were drawn from, kept as ``posterior.csv``.

    Raises:
        InputError: if the folder is taken or cannot be written.
    """
    with appearing(folder) as into:
        write_tables(into, made, about)
        if posterior is not None:
            write_draws(posterior, into)
        put_page(into, drawn, page)


def figures_folder(report: Path) -> Path:
    """Return the folder of a report's figures, beside the report."""
    return report.with_name(f"{report.stem}-figures")


def linked(pictures: Mapping[str, Picture], folder: Path) -> dict[str, Picture]:
    """Return figures with links to the files that they will have.

    Args:
        pictures: the figures by name.
        folder: where the files will be, beside the page.
    """
    return {
        name: picture._replace(
            links=tuple(
                (label, quote(f"{folder.name}/{file}")) for label, file in _names(name, picture)
            )
        )
        for name, picture in pictures.items()
    }


def write_figures(folder: Path, pictures: Mapping[str, Picture]) -> None:
    """Write every figure as PNG and its data as CSV, all of them or none.

    Args:
        folder: where to; the figures of an earlier report make way, nothing else does.
        pictures: the figures by name.

    Raises:
        InputError: if the folder holds anything else, or cannot be written.
    """
    contents = {
        file: content for name, one in pictures.items() for file, content in _files(name, one)
    }
    if not contents:
        return
    _check_ours(folder)
    made: Path | None = None
    try:
        made = Path(tempfile.mkdtemp(prefix=f".{folder.name}-", dir=folder.parent))
        for file, content in contents.items():
            (made / file).write_bytes(content)
        made.chmod(0o755)
        _put(made, folder)
    except OSError as error:
        why = f"a place that can be written to ({error.strerror})"
        raise InputError([Problem("--out", "", str(folder), why)]) from None
    finally:
        if made is not None:
            shutil.rmtree(made, ignore_errors=True)


def _put(made: Path, folder: Path) -> None:
    """Rename a folder, and remove the one that had the name before."""
    if not folder.exists():
        made.rename(folder)
        return
    before = made.with_name(f"{made.name}-before")
    folder.rename(before)
    try:
        made.rename(folder)
    except BaseException:
        before.rename(folder)
        raise
    shutil.rmtree(before, ignore_errors=True)


def _check_ours(folder: Path) -> None:
    """Refuse a folder that holds anything but the figures of a report."""
    if not folder.exists():
        return
    if folder.is_dir() and all(_OURS.fullmatch(path.name) for path in folder.iterdir()):
        return
    expected = "a name whose folder of figures holds nothing else"
    raise InputError([Problem("--out", "", str(folder), expected)])


def _names(name: str, picture: Picture) -> list[tuple[str, str]]:
    """Return label and file name of everything that a figure is written as."""
    stem = f"{picture.number:02d}-{name}"
    images = [("PNG", f"{stem}.png")] if picture.png else []
    tables = [
        (_called(part), f"{stem}{'' if part == 'data' else f'-{part}'}.csv")
        for part in picture.tables
    ]
    return images + tables


def _called(part: str) -> str:
    """Return what the data behind a figure is called."""
    return text(_PARTS[part]) if part in _PARTS else f"{part} (CSV)"


def _files(name: str, picture: Picture) -> list[tuple[str, bytes]]:
    """Return file name and content of everything that a figure is written as."""
    images = [picture.png()] if picture.png else []
    contents = [*images, *(table_text(table).encode() for table in picture.tables.values())]
    return [
        (file, content) for (_, file), content in zip(_names(name, picture), contents, strict=True)
    ]
