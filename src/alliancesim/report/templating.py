"""Templates of pages; every text put into one is escaped.

No text is made here, and no page known.
"""

from __future__ import annotations

import itertools
from typing import Any

import jinja2

from alliancesim.figures.words import signed
from alliancesim.language import plural, spoken, text
from alliancesim.report import numbers
from alliancesim.report.record import changes, moment


def template(name: str) -> jinja2.Template:
    """Return a template for one page, whose tables are numbered; every text put into it is escaped.

    In templates ``text`` and ``plural`` translate, as they do elsewhere: where a message has markup
    within, it is filled as ``(text("see {file}")|e).format(file="<code>x</code>"|safe)``.
    """
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
        "signed": signed,
        "level": numbers.level,
        "ends": numbers.ends,
        "brief": numbers.brief,
        "moment": moment,
    }
    environment.globals |= {"text": text, "plural": plural, "spoken": spoken}
    environment.globals["told_changes"] = changes
    environment.globals["next_table"] = itertools.count(1).__next__
    return environment.get_template(name)


def _unbroken(value: Any) -> Any:
    """Return a text in which no line ends between a number and its per cent sign, nor behind it."""
    if type(value) is not str:
        return value
    return value.replace(" %", "\u00a0%").replace("% CI ", "%\u00a0CI ")
