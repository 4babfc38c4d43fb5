"""The Mesa model: one world, stepped month by month, open to inspection and to other agents.

No equation and no verdict: its actors ask step for the first, and measures judge an ensemble, of
which this is one run.
"""

from __future__ import annotations

from collections.abc import Mapping

import mesa
import numpy as np

from alliancesim.actors import COOPERATION, PRESSURE, Actor
from alliancesim.arrays import State
from alliancesim.step import alliance_cohesion
from alliancesim.world import World

DYAD_COLUMNS = ("month", "date", "of", "toward", *State._fields)
EVENT_COLUMNS = ("month", "date", "label", "what", "part_of")


def mean_alliance_cohesion(model: AllianceModel) -> float:
    """Return the mean cohesion of the alliance the scenario asks about, 0 to 1."""
    return alliance_cohesion(model.state.cohesion, model.world.strategists.alliance)


def current_month(model: AllianceModel) -> int:
    """Return the number of months stepped so far; 0 is the baseline."""
    return model.month


class AllianceModel(mesa.Model):  # type: ignore[misc]
    """A world of actors that exchange cooperation and pressure, one step a month.

    All actors decide on last month's state, then all adjust to this month's actions, so their
    order does not matter. The model can be pickled at any month.

    Attributes:
        world: baseline, drivers, pushes and coefficients; shared, never changed.
        month: months stepped so far.
        state: actions and states at the end of that month.
        drivers: drivers of the month being stepped.
        pushes: pushes of the month being stepped.
        datacollector: tables ``dyads`` and ``events``, and alliance cohesion by month.
    """

    def __init__(
        self,
        world: World,
        *,
        rng: int = 0,
        run_number: int = 0,
        actor_types: Mapping[str, type[Actor]] | None = None,
        record: bool = True,
    ) -> None:
        """Set the world at rest.

        Args:
            world: the world to step.
            rng: seed of the ensemble, 0 <= rng < 2**64.
            run_number: number of the run within the ensemble, 0 <= run_number < 2**32.
            actor_types: agent class by actor, where it is not :class:`Actor`.
            record: whether to collect tables each month.

        Raises:
            ValueError: if ``actor_types`` names an actor that the world does not have, or a number
                is out of range.
        """
        if not 0 <= rng < 2**64 or not 0 <= run_number < 2**32:
            raise ValueError("rng must lie in 0..2**64-1 and run_number in 0..2**32-1")
        types = dict(actor_types or {})
        unknown = sorted(set(types) - set(world.actors))
        if unknown:
            raise ValueError(f"no such actor in this world: {', '.join(unknown)}")
        super().__init__(rng=rng)
        self.world = world
        self.shock_seed = rng
        self.run_number = run_number
        self.month = 0
        self.state = world.baseline.copied()
        self.drivers = world.drivers_in(0)
        self.pushes = world.pushes_in(0)
        self.actors = [
            types.get(code, Actor)(self, index) for index, code in enumerate(world.actors)
        ]
        self._record = record
        self.datacollector = mesa.DataCollector(
            model_reporters={
                "month": current_month,
                "alliance_cohesion": mean_alliance_cohesion,
            },
            tables={"dyads": list(DYAD_COLUMNS), "events": list(EVENT_COLUMNS)},
        )
        self._collect()

    def step(self) -> None:
        """Advance by one month; after the last month, do nothing."""
        if self.month >= self.world.months:
            self.running = False
            return
        self.month += 1
        self.drivers = self.world.drivers_in(self.month)
        self.pushes = self.world.pushes_in(self.month)
        self.agents.do("decide")
        actions = np.stack([actor.actions for actor in self.actors])
        self.state = self.state._replace(
            cooperation=np.ascontiguousarray(actions[:, COOPERATION]),
            pressure=np.ascontiguousarray(actions[:, PRESSURE]),
        )
        self.agents.do("adjust")
        states = np.ascontiguousarray(
            np.moveaxis(np.stack([actor.adjusted for actor in self.actors]), 1, 0)
        )
        self.state = State(self.state.cooperation, self.state.pressure, *states)
        self.running = self.month < self.world.months
        self._collect()

    def run_to_end(self) -> None:
        """Step until the run has reached its last month."""
        while self.month < self.world.months:
            self.step()

    def _collect(self) -> None:
        """Record the month: alliance cohesion, one row per ordered dyad, and what happened."""
        if not self._record:
            return
        self.datacollector.collect(self)
        date = self.world.date(self.month)
        for i, of in enumerate(self.world.actors):
            for j, toward in enumerate(self.world.actors):
                if i != j:
                    values = {
                        name: float(getattr(self.state, name)[i, j]) for name in State._fields
                    }
                    row = {"month": self.month, "date": date, "of": of, "toward": toward, **values}
                    self.datacollector.add_table_row("dyads", row)
        for happening in self.world.happenings:
            if happening.month == self.month:
                row = {"date": date, **happening._asdict()}
                self.datacollector.add_table_row("events", row)
