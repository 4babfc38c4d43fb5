"""Settings shared by all tests: one bounded, repeatable hypothesis profile and small scenarios."""

from __future__ import annotations

import signal
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from alliancesim.arrays import State
from alliancesim.scenario.schema import Scenario
from alliancesim.world import World, build_world
from worlds import FULL, document, scenario_of

# A shell that starts the tests in the background has them ignore Ctrl-C, and so do the processes
# that they start, some of which are there to be interrupted.
if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)

settings.register_profile(
    "ci",
    max_examples=60,
    derandomize=True,
    deadline=None,
    database=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
settings.load_profile("ci")


@pytest.fixture
def full_file(tmp_path: Path) -> Path:
    """A valid scenario file that uses every table."""
    path = tmp_path / "full.toml"
    path.write_text(FULL, "utf-8")
    return path


@pytest.fixture(scope="session")
def full() -> Scenario:
    """The scenario of ``FULL``: four actors, a wedge, events and shocks."""
    return scenario_of(document())


@pytest.fixture(scope="session")
def world(full: Scenario) -> World:
    """The world of ``FULL``."""
    return build_world(full)


@pytest.fixture(scope="session")
def twin(full: Scenario) -> World:
    """The world of ``FULL`` without its wedge."""
    return build_world(full, wedge=False)


@pytest.fixture(scope="session")
def fields() -> tuple[str, ...]:
    """Names of actions and states, in the order of all arrays."""
    return State._fields
