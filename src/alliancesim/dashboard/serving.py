"""The server: Solara's own, bound to this machine, guarded, silent and without reloading.

What the pages show is not known here, and no other address is listened on than the one given.
"""

from __future__ import annotations

import re
import socket
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import Any

import solara.server.app
import solara.server.starlette as pages
import solara.util
import uvicorn
from solara.server import settings
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.routing import Route

from alliancesim.dashboard.answering import PATH, download
from alliancesim.dashboard.guard import Guard
from alliancesim.dashboard.hall import Asked, Hall, open_hall
from alliancesim.dashboard.setting import start
from alliancesim.scenario.extras import installing
from alliancesim.scenario.problems import InputError, Problem

_PAGE = "alliancesim.dashboard.page"

MOST_SESSIONS = 200
"""Pages open at the same time; each has a thread. Further ones wait until one is closed."""

_LARGEST_MESSAGE = 2**18
"""Bytes of a message from a browser; those of this page have a few hundred."""

_IDLE = "10m"
"""How long the state of a page that has lost its connection is kept."""


class _Server(uvicorn.Server):
    """A server that tells when it has begun to serve."""

    def __init__(self, config: uvicorn.Config, begun: Callable[[], None]) -> None:
        super().__init__(config)
        self._begun = begun

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Begin to serve."""
        await super().startup(sockets)
        if self.started:
            self._begun()


def bound(host: str, port: int) -> socket.socket:
    """Return a socket bound to an address.

    Args:
        host: address or name of this machine.
        port: 0 for any free one.

    Raises:
        InputError: if the address is not one of this machine's, or taken.
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    taken = socket.socket(family)
    taken.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        taken.bind((host, port))
    except OSError as error:
        taken.close()
        expected = f"an address of this machine that is free ({error.strerror or error})"
        raise InputError([Problem("--host, --port", "", f"{host}:{port}", expected)]) from None
    return taken


def require_assets() -> Path:
    """Return the folder of the files that Solara's pages are made of.

    Raises:
        InputError: if those that the installed versions ask for are not there; they would have to
            be fetched from elsewhere.
    """
    folder = Path(settings.assets.proxy_cache_dir)
    template = Path(pages.__file__).with_name("templates") / "solara.html.j2"
    wanted = "solara-vuetify3-app" if solara.util.IPYVUETIFY_V3 else "solara-vuetify-app"
    found = re.search(rf"@widgetti/{wanted}@[0-9.]+", template.read_text("utf-8"))
    if found is None or not (folder / found[0]).is_dir():
        lacking = found[0] if found else wanted
        expected = f"versions that go together ({installing('dashboard')})"
        raise InputError([Problem("solara-assets", "", f"without {lacking}", expected)])
    return folder


def application(host: str, port: int) -> Starlette:
    """Return the pages and downloads behind their guard.

    Args:
        host: the address they are bound to.
        port: its port.
    """
    # The cookie of a page on this machine is sent without TLS, and Solara says so at every start.
    warnings.filterwarnings("ignore", message="Cookies with samesite=none", category=UserWarning)
    # Solara says of Mesa's page, once it is opened, that it could be written better.
    warnings.filterwarnings("ignore", message=".*validate_hooks|.*found despite early return")
    settings.telemetry.mixpanel_enable = False
    settings.main.mode = "production"
    settings.theme.show_banner = False
    settings.theme.title = "alliancesim"
    settings.assets.fontawesome_enabled = False
    settings.kernel.max_count = MOST_SESSIONS
    settings.kernel.cull_timeout = _IDLE
    if "__default__" not in solara.server.app.apps:
        script = solara.server.app.AppScript(_PAGE)  # type: ignore[no-untyped-call]
        solara.server.app.apps["__default__"] = script
    assets = require_assets()
    return Starlette(
        routes=[Route(PATH, download), *pages.routes],
        lifespan=pages.lifespan,
        middleware=[
            Middleware(Guard, host=host, port=port, assets=assets),
            *pages.middleware,
        ],
    )


def serve(hall: Hall, taken: socket.socket, host: str, begun: Callable[[str], None]) -> None:
    """Serve the dashboard until Ctrl-C.

    Args:
        hall: scenarios and queues.
        taken: the socket to listen on.
        host: the address it is bound to.
        begun: called with the address of the page when it can be opened.
    """
    port = int(taken.getsockname()[1])
    open_hall(hall)
    # The first page is then computed, and compiled code loaded, before anybody waits for it.
    hall.shown(Asked(start(hall.catalogue), None))
    options: dict[str, Any] = {
        "log_level": "error",
        "access_log": False,
        "ws_max_size": _LARGEST_MESSAGE,
        "timeout_graceful_shutdown": 1,
        "server_header": False,
    }
    config = uvicorn.Config(application(host, port), **options)
    shown = f"[{host}]" if ":" in host else host
    _Server(config, lambda: begun(f"http://{shown}:{port}/")).run(sockets=[taken])
