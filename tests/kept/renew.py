"""Renew the kept digests after a change that is meant to change results.

Run ``python tests/kept/renew.py`` and commit ``tests/kept/digests.json`` with the change, saying
in the changelog why results moved.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

KEPT = Path(__file__).parent / "digests.json"
RUNS = 4
SEED = 1


def digest_of(name: str) -> str:
    """Return the digest of four runs of a shipped scenario and its twin, seed 1."""
    from alliancesim.scenario.reading import load
    from alliancesim.study import Options, simulate_scenario

    return simulate_scenario(load(name).scenario, Options(runs=RUNS, seed=SEED)).digest()


def renew() -> None:
    """Write the digest of every shipped scenario."""
    from alliancesim.scenario.library import SCENARIOS

    digests = {name: digest_of(name) for name in SCENARIOS.names()}
    KEPT.write_text(json.dumps(digests, indent=2) + "\n", "utf-8")
    sys.stdout.write(f"{len(digests)} digests written to {KEPT}\n")


if __name__ == "__main__":
    renew()
