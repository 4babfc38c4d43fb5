"""What stands at a key path of a scenario; nothing is changed here, which is for variation."""

from __future__ import annotations

from collections.abc import Sequence

from alliancesim.scenario.schema import Dyad, Scenario


def found_at(scenario: Scenario, path: Sequence[str]) -> object:
    """Return what stands at a key path, defaults of pairs that no file names included, or None.

    Args:
        scenario: the scenario.
        path: the keys of a dotted key, from the table on.
    """
    table, *rest = path
    current: object = getattr(scenario, table, None)
    for part in rest:
        if isinstance(current, dict):
            current = current.get(part, Dyad() if table == "dyads" else None)
        else:
            current = getattr(current, part, None)
    return current
