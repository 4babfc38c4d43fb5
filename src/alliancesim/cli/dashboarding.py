"""The command that opens the dashboard.

Only the address and the libraries are settled here; what may reach the server, dashboard.guard
settles.
"""

from __future__ import annotations

import sys
import webbrowser
from typing import Annotated

import typer

from alliancesim.cli.options import whole
from alliancesim.cli.printing import announce_compilation, print_line, tell

LOOPBACK = "127.0.0.1"
PORT = 8765

Scenario = Annotated[
    str | None,
    typer.Argument(metavar="[SCENARIO]", help="Scenario to open with: a shipped one, or a path."),
]
Host = Annotated[
    str,
    typer.Option(
        metavar="ADDRESS", help="Address to bind to; others than this machine can then reach it."
    ),
]
Port = Annotated[
    int, typer.Option(parser=whole("--port", 0, 65535), metavar="N", help="Port; 0 for a free one.")
]
Opened = Annotated[
    bool, typer.Option("--open/--no-open", help="Whether to open it in the browser.")
]


def dashboard(
    scenario: Scenario = None,
    host: Host = LOOPBACK,
    port: Port = PORT,
    opened: Opened = True,
) -> None:
    """Open a web page of sliders that show at once what they do."""
    from alliancesim.dashboard.hall import Hall

    hall = Hall(scenario)
    _require_solara()
    announce_compilation(quiet=False)

    from alliancesim.dashboard.serving import bound, serve

    def begun(address: str) -> None:
        print_line(f"Dashboard: {address} (Ctrl-C ends it)")
        sys.stdout.flush()
        if host != LOOPBACK:
            tell("It can be reached from other machines, by anybody who asks.")
        if opened:
            webbrowser.open(address)

    with bound(host, port) as taken:
        serve(hall, taken, host, begun)


def _require_solara() -> None:
    """Refuse where the libraries of the page are not installed.

    Raises:
        InputError: if they are not.
    """
    from importlib.util import find_spec

    from alliancesim.scenario.extras import installing
    from alliancesim.scenario.problems import InputError, Problem

    lacking = [name for name in ("solara", "uvicorn", "solara_assets") if find_spec(name) is None]
    if lacking:
        expected = f"the libraries of the dashboard ({installing('dashboard')})"
        raise InputError([Problem("dashboard", "", f"without {', '.join(lacking)}", expected)])
