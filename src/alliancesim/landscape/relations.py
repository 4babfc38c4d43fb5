"""What actors' conduct, publics and institutions say of each pair, run by run.

Pairs only: what they make of the whole is for alignments and balance.
"""

from __future__ import annotations

from typing import NamedTuple

from alliancesim.arrays import Array
from alliancesim.batch import Series
from alliancesim.ensemble import Ensemble
from alliancesim.landscape.alignments import dyads


class Relations(NamedTuple):
    """Relations of all unordered pairs, each the mean of both directions.

    Shapes (2, runs, months + 1, dyads): world and twin; month 0 is the baseline.

    Attributes:
        conduct: cooperation less pressure, -1 to 1.
        opinion: net favourability, -1 to 1.
        cohesion: institutionalised security cooperation, 0 to 1.
    """

    conduct: Array
    opinion: Array
    cohesion: Array

    def propensities(self, opinion: float) -> Array:
        """Return propensities to stand together, -1 to 1.

        Args:
            opinion: weight of opinion, 0 to 1; conduct has the rest.
        """
        return (1.0 - opinion) * self.conduct + opinion * self.opinion


def relations(ensemble: Ensemble) -> Relations:
    """Return the relations of all pairs in an ensemble's runs."""
    conduct = _mutual(ensemble, "cooperation") - _mutual(ensemble, "pressure")
    return Relations(conduct, _mutual(ensemble, "opinion"), _mutual(ensemble, "cohesion"))


def _mutual(ensemble: Ensemble, variable: str) -> Array:
    """Return the mean of both directions of a variable, shape (2, runs, months + 1, dyads)."""
    actors = ensemble.world.actors
    pairs = [(actors[i], actors[j]) for i, j in zip(*dyads(len(actors)), strict=True)]
    there = ensemble.paths([Series(variable, i, j) for i, j in pairs])
    back = ensemble.paths([Series(variable, j, i) for i, j in pairs])
    return 0.5 * (there + back)
