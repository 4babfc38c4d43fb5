"""What a control does to the settings on show: pure, and unimpressed by what is not expected.

Nothing is computed here: what a changed setting shows is asked of the hall.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from alliancesim.coefficients import NAMES
from alliancesim.dashboard.catalogue import Catalogue
from alliancesim.dashboard.hall import Asked
from alliancesim.dashboard.setting import (
    FEWEST_RUNS,
    LARGEST_SEED,
    MECHANISMS,
    MOST_RUNS,
    Setting,
    with_values,
)
from alliancesim.language import LANGUAGES


def after(asked: Asked, event: Any, catalogue: Catalogue) -> Asked:
    """Return the settings after something was done to a control.

    Events come from browsers, which may send anything: what makes no sense changes nothing.

    Args:
        asked: the settings before.
        event: ``what`` was done, to which ``key``, with which ``value``.
        catalogue: the scenarios there are.
    """
    if not isinstance(event, Mapping):
        return asked
    what, key, value = (event.get(name) for name in ("what", "key", "value"))
    now = asked.now
    if what == "keep":
        return Asked(now, now)
    if what == "drop":
        return Asked(now, None)
    if what == "language" and value in LANGUAGES:
        update = {"language": value}
        beside = asked.beside
        kept = None if beside is None else beside.model_copy(update=update)
        return Asked(now.model_copy(update=update), kept)
    return Asked(_changed(now, what, key, value, catalogue), asked.beside)


def _changed(setting: Setting, what: Any, key: Any, value: Any, catalogue: Catalogue) -> Setting:
    """Return a setting with one control elsewhere."""
    choice = catalogue.choice(setting.scenario)
    if what == "slide" and isinstance(value, Mapping):
        numbers = {str(k): float(v) for k, v in value.items() if _is_number(v)}
        return with_values(setting, choice, setting.values() | numbers)
    return setting.model_copy(update=_update(setting, what, key, value, catalogue))


def _update(
    setting: Setting, what: Any, key: Any, value: Any, catalogue: Catalogue
) -> dict[str, Any]:
    """Return the attributes of a setting that a control other than a slider changes."""
    update: dict[str, Any] = {}
    most = min(MOST_RUNS, catalogue.choice(setting.scenario).most_runs)
    if what == "scenario" and value in catalogue.names:
        runs = min(setting.runs, catalogue.choice(value).most_runs)
        update = {"scenario": value, "moved": (), "runs": runs}
    elif what == "without" and key in MECHANISMS:
        off = {*setting.without, key} if value is True else {*setting.without} - {key}
        update = {"without": tuple(name for name in NAMES if name in off)}
    elif what == "posterior":
        update = {"posterior": value is True}
    elif what == "runs":
        update = {"runs": _whole(value, FEWEST_RUNS, most, setting.runs)}
    elif what == "seed":
        update = {"seed": _whole(value, 0, LARGEST_SEED, setting.seed)}
    elif what == "reset":
        update = {"moved": (), "without": ()}
    return update


def _is_number(value: Any) -> bool:
    """Say whether a value is a number of the size that sliders have."""
    return isinstance(value, int | float) and not isinstance(value, bool) and -2 <= value <= 2


def _whole(value: Any, low: int, high: int, before: int) -> int:
    """Return a whole number within its limits, or that before where there is none."""
    try:
        return min(max(int(str(value)[:12]), low), high)
    except ValueError:
        return before
