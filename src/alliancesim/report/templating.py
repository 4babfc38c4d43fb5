"""Templates of pages; every text put into one is escaped."""

from __future__ import annotations

from typing import Any

import jinja2

from alliancesim.report import numbers


def template(name: str) -> jinja2.Template:
    """Return a template; every text put into it is escaped."""
    environment = jinja2.Environment(
        loader=jinja2.PackageLoader("alliancesim.report"),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        finalize=_unbroken,
    )
    environment.filters |= {
        "percent": numbers.percent,
        "percent_interval": numbers.percent_interval,
        "signed": numbers.signed,
        "level": numbers.level,
        "ends": numbers.ends,
        "brief": numbers.brief,
    }
    return environment.get_template(name)


def _unbroken(value: Any) -> Any:
    """Return a text in which no line ends between a number and its per cent sign."""
    return value.replace(" %", "\u00a0%") if type(value) is str else value
