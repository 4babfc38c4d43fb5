"""Settings shared by all tests: one repeatable hypothesis profile, compilation, small scenarios."""

from __future__ import annotations

import signal
import sys
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, settings

from alliancesim import batch
from alliancesim.arrays import State
from alliancesim.batch import Pair
from alliancesim.compilation import cache_folder
from alliancesim.ensemble import simulate
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


@pytest.hookimpl(tryfirst=True)
def pytest_sessionstart(session: pytest.Session) -> None:
    """Compile the law before several processes start to test it; each would do so at once."""
    if session.config.getoption("dist", "no") == "no" or hasattr(session.config, "workerinput"):
        return
    done = cache_folder() / f"tested.{sys.implementation.cache_tag}"
    if not done.exists():
        session.config.get_terminal_writer().line("Compiling the law, once: a minute or two ...")
        _compile()
        done.touch()


def _compile() -> None:
    """Run a world by each engine, in blocks of each kind."""
    scenario = scenario_of(document())
    pair = Pair(build_world(scenario), build_world(scenario, wedge=False))
    batch.late_means([pair], seed=1, run_numbers=[0])
    weights = np.array([pair.world.coefficients])
    batch.late_means([pair], seed=1, run_numbers=[0], coefficients=weights)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(batch, "FEWEST_MIXED", 0)
        batch.late_means([pair, pair], seed=1, run_numbers=[0])
    simulate(*pair, runs=1, seed=1, engine="mesa")


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
