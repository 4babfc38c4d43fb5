"""Downloads over plain HTTP: every file has a link of its own, and waits its turn in the queue.

No file is made here, which downloads does, and none outside the queue.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any, NamedTuple

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response

from alliancesim.dashboard import downloads
from alliancesim.dashboard.catalogue import Choice
from alliancesim.dashboard.hall import busy_words, the_hall
from alliancesim.dashboard.setting import Setting, read_link
from alliancesim.language import LANGUAGES, speaking
from alliancesim.report.formats import file_name
from alliancesim.scenario.problems import InputError

PATH = "/download/{name}"


class _Kind(NamedTuple):
    """A file to take home.

    Attributes:
        make: makes it.
        media: its type.
        stem: what its name has after that of the scenario.
        form: the ending of its name.
        spoken: whether it is written in the setting's language.
    """

    make: Callable[[Setting, Choice], str | bytes]
    media: str
    stem: str
    form: str
    spoken: bool = False

    def name(self, setting: Setting) -> str:
        """Return the name of the file for a setting, in plain ASCII, as headers want it."""
        language = setting.language if self.spoken else LANGUAGES[0]
        ending = file_name(self.stem, self.form, language)
        return f"{setting.scenario.encode('ascii', 'ignore').decode()}-{ending}"


KINDS = {
    "scenario.toml": _Kind(downloads.scenario_text, "application/toml", "dashboard", "toml"),
    "data.zip": _Kind(downloads.data_archive, "application/zip", "data", "zip"),
    "report.html": _Kind(downloads.report_page, "text/html", "report", "html", True),
    "brief.html": _Kind(downloads.brief_page, "text/html", "brief", "html", True),
    "brief.pdf": _Kind(downloads.printed_brief, "application/pdf", "brief", "pdf", True),
}


async def download(request: Request) -> Response:
    """Answer with a file made of the setting in the link."""
    kind = KINDS.get(request.path_params["name"])
    if kind is None:
        return PlainTextResponse("There is no such file.\n", 404)
    hall = the_hall()
    read = read_link(request.url.query, hall.catalogue)
    if read.problems:
        return PlainTextResponse("\n".join(read.problems) + "\n", 400)
    setting = read.setting
    choice = hall.catalogue.choice(setting.scenario)
    loop = asyncio.get_running_loop()
    made: asyncio.Future[str | bytes] = loop.create_future()

    def make() -> str | bytes:
        with speaking(setting.language):
            return kind.make(setting, choice)

    def answer(found: tuple[Any, ...] | None, error: Exception | None) -> None:
        loop.call_soon_threadsafe(_settle, made, found, error)

    # Each download is a session of its own: one that waits is not replaced by the next.
    asked = f"download-{id(made)}"
    if not hall.run_slowly(asked, make, answer):
        with speaking(setting.language):
            return PlainTextResponse(busy_words() + "\n", 503)
    try:
        content = await made
    except InputError as error:
        return PlainTextResponse(f"{error}\n", 400)
    finally:
        hall.leave(asked)
    disposition = f'attachment; filename="{kind.name(setting)}"'.replace("\\", "")
    return Response(content, media_type=kind.media, headers={"Content-Disposition": disposition})


def _settle(
    made: asyncio.Future[str | bytes], found: tuple[Any, ...] | None, error: Exception | None
) -> None:
    """Hand over what was made, unless whoever asked has left."""
    if made.done():
        return
    if error is not None:
        made.set_exception(error)
    elif found is not None:
        made.set_result(found[0])
