"""The Mesa agent of one actor: it decides on last month's world, then adjusts its states.

To give an actor another way to decide, subclass :class:`Actor`, override :meth:`Actor.choose` and
hand the class to the model (``docs/how-to/another-way-to-decide.md``). No equation of its own,
which would part this engine from the kernel: step has them for both. When actors act is the model's
business.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import mesa
import numpy as np

from alliancesim import step
from alliancesim.arrays import Array
from alliancesim.shocks import draw_row

if TYPE_CHECKING:
    from alliancesim.model import AllianceModel

COOPERATION = 0
PRESSURE = 1


class Actor(mesa.Agent):  # type: ignore[misc]
    """A state, in the sense of international relations.

    Attributes:
        index: its place in all arrays of the model.
        code: its identifier in the scenario.
        actions: what it does this month, shape (2, actors): cooperation, then pressure; 0 to 1.
        adjusted: its states at the end of the month, shape (7, actors).
    """

    model: AllianceModel

    def __init__(self, model: AllianceModel, index: int) -> None:
        """Place the actor in its model, at rest."""
        super().__init__(model)
        self.index = index
        self.code = model.world.actors[index]
        baseline = model.world.baseline
        self._appeal_at_rest = step.appeals(
            baseline, model.world.drivers_in(0), model.world.coefficients, index
        )
        self.actions: Array = np.stack([baseline.cooperation[index], baseline.pressure[index]])
        self.adjusted: Array = np.stack([array[index] for array in baseline[2:]])

    def choose(self) -> Array:
        """Return the actions that the law has the actor choose, before strategies and events.

        Returns:
            Shape (2, actors): cooperation (0) and pressure (1) toward each actor, 0 to 1.
        """
        model = self.model
        appeal = step.appeals(model.state, model.drivers, model.world.coefficients, self.index)
        return step.decide(model.world.baseline, appeal, self._appeal_at_rest, self.index)

    def decide(self) -> None:
        """Choose this month's actions and add what strategies and events lay on them."""
        model = self.model
        self.actions = step.push_actions(
            self.choose(),
            model.pushes,
            model.world.strategists,
            model.state,
            model.world.baseline,
            self.index,
        )

    def adjust(self) -> None:
        """Work out the states at the end of the month from everybody's actions and the shocks."""
        model = self.model
        world = model.world
        shocks = draw_row(
            np.uint64(model.shock_seed),
            np.uint64(model.run_number),
            np.uint64(model.month),
            world.keys,
            self.index,
        )
        self.adjusted = step.adjust(
            model.state,
            world.baseline,
            model.drivers,
            world.coefficients,
            model.pushes.stirred,
            shocks,
            self.index,
        )
