"""What may reach the server: its own pages, under its own name, and nothing from other origins.

A page of another site that makes a browser on this machine call the server is refused by its
origin; one that has its own name point to this machine, by the name it asks for. How much a session
may compute is not settled here, but in office.
"""

from __future__ import annotations

import asyncio
import ipaddress
import time
from collections.abc import Callable, Collection
from pathlib import Path
from urllib.parse import unquote

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from alliancesim.dashboard.setting import LONGEST_LINK

LOOPBACK = ("127.0.0.1", "localhost", "::1")
WILDCARDS = ("0.0.0.0", "::")

BURST, RATE = 300, 40
"""Messages that a connection may send at once, and in a second after that; a page that is opened
sends some dozens, a slider that is dragged twenty a second."""

_ASSETS = "/_solara/cdn/"
_CLOSED = ("/resourcez", "/_solara/api/evict")
_POLICY = (
    "default-src 'self'; script-src 'self' 'unsafe-inline' 'unsafe-eval' blob:;"
    " style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; font-src 'self' data:;"
    " connect-src 'self' ws://{host}; frame-ancestors 'none'; base-uri 'self'; form-action 'self'"
)
"""Solara compiles its templates in the browser, which needs evaluation; nothing comes from, or goes
to, anywhere else."""


class Guard:
    """Middleware that refuses what does not come from the server's own pages."""

    def __init__(self, app: ASGIApp, *, host: str, port: int, assets: Path) -> None:
        """Stand before an application.

        Args:
            app: the application.
            host: the address it is bound to.
            port: its port.
            assets: folder of the files that pages are made of; what is not there is not fetched.
        """
        self._app = app
        self._host = host
        self._port = port
        self._assets = assets.resolve()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass on what is allowed, answer 403, 404 or 414 to what is not."""
        if scope["type"] not in ("http", "websocket"):
            await self._app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        refused = self._refusal(scope, headers)
        if refused is None:
            policy = _POLICY.format(host=headers.get("host", ""))
            paced = receive if scope["type"] == "http" else Paced(receive, time.monotonic)
            await self._app(scope, paced, _with_headers(send, policy))
        elif scope["type"] == "websocket":
            await send({"type": "websocket.close", "code": 1008})
        else:
            status, words = refused
            await PlainTextResponse(words + "\n", status)(scope, receive, send)

    def _refusal(self, scope: Scope, headers: Headers) -> tuple[int, str] | None:
        """Return status and words of a refusal, or None for what is allowed."""
        host = headers.get("host", "")
        if not is_own_name(host, self._host, self._port):
            return 403, "This server does not go by that name."
        origin = headers.get("origin")
        if origin is not None and origin not in (f"http://{host}", f"https://{host}"):
            return 403, "Requests from other origins are refused."
        site = headers.get("sec-fetch-site", "none")
        opens_page = headers.get("sec-fetch-mode") == "navigate" and scope.get("method") == "GET"
        path = scope["path"]
        if site in ("cross-site", "same-site") and not (opens_page and "/download/" not in path):
            return 403, "Requests from other sites are refused."
        if len(scope.get("query_string", b"")) > 2 * LONGEST_LINK:
            return 414, "The link is too long."
        if path.startswith(_CLOSED) or (path.startswith(_ASSETS) and not self._has(path)):
            return 404, "There is no such page."
        return None

    def _has(self, path: str) -> bool:
        """Say whether a file of the pages is there; what is not would be fetched from elsewhere."""
        file = (self._assets / unquote(path.removeprefix(_ASSETS))).resolve()
        return file.is_relative_to(self._assets) and file.is_file()


class Paced:
    """Lets messages of one connection in no faster than a page ever sends them.

    Who sends more waits: messages stay on the way, and no other connection feels them.
    """

    def __init__(self, receive: Receive, clock: Callable[[], float]) -> None:
        """Pace a connection.

        Args:
            receive: takes its next message.
            clock: tells seconds.
        """
        self._receive = receive
        self._clock = clock
        self._store = float(BURST)
        self._last = clock()

    async def __call__(self) -> Message:
        """Take the next message when its time has come."""
        message = await self._receive()
        wait = self.wait()
        if wait > 0.0:
            await asyncio.sleep(wait)
        return message

    def wait(self) -> float:
        """Return how many seconds a message that has just come must wait."""
        now = self._clock()
        self._store = min(self._store + RATE * (now - self._last), float(BURST)) - 1.0
        self._last = now
        return max(0.0, -self._store / RATE)


def is_own_name(given: str, bound: str, port: int) -> bool:
    """Say whether a request asks for the server by one of its own names.

    Bound to all of a machine's addresses, the server goes by any of them, but by no name: a name
    could be made to point here by anybody (DNS rebinding).

    Args:
        given: the ``Host`` of a request.
        bound: the address that the server is bound to.
        port: its port.
    """
    name, _, number = given.rpartition(":") if not given.endswith("]") else (given, "", "")
    if not name or number != str(port):
        return False
    name = name.strip("[]").lower()
    names: Collection[str] = LOOPBACK if bound in (*LOOPBACK, *WILDCARDS) else (bound.lower(),)
    if name in names:
        return True
    return bound in WILDCARDS and _is_address(name)


def _is_address(name: str) -> bool:
    """Say whether a name is an address in figures."""
    try:
        ipaddress.ip_address(name)
    except ValueError:
        return False
    return True


def _with_headers(send: Send, policy: str) -> Send:
    """Return a sender that adds what browsers are to keep to."""

    async def sending(message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = MutableHeaders(scope=message)
            headers["Content-Security-Policy"] = policy
            headers["X-Content-Type-Options"] = "nosniff"
            headers["Referrer-Policy"] = "no-referrer"
        await send(message)

    return sending
