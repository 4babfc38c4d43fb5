"""From a setting to what the page shows at once: the whole ensemble, its verdict and its actions.

The numbers are those of ``alliancesim run`` with the same numbers of runs and seed, bit for bit.
Nothing may enter that takes longer than a slider may wait, which is in later.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cache

import numpy as np
import pandas as pd

from alliancesim import batch
from alliancesim.arrays import Array
from alliancesim.batch import ALLIANCE, Pair, Series
from alliancesim.dashboard.catalogue import Choice
from alliancesim.dashboard.setting import Setting, scenario_of
from alliancesim.ensemble import WORLD, Ensemble
from alliancesim.figures.cast import MOST_SHOWN
from alliancesim.figures.words import plain
from alliancesim.language import text
from alliancesim.measures import outcomes as tables
from alliancesim.measures.verdict import Verdict, is_attempt, judge
from alliancesim.posterior.draws import DEFAULT, Posterior, load_posterior
from alliancesim.posterior.nesting import drawn, middle_of
from alliancesim.report.wording import is_played
from alliancesim.scenario.schema import Scenario
from alliancesim.world import World, build_world, wedge_levels

ACTIONS = ("cooperation", "pressure")
"""What actors do to one another, as pages show it."""


@dataclass(frozen=True)
class View:
    """What the page shows of one setting.

    Attributes:
        setting: the setting.
        scenario: the scenario with its sliders moved.
        ensemble: world and twin, with the alliance's cohesion run by run.
        verdict: on the ensemble.
        alliance: cohesion by month, as :func:`alliancesim.measures.outcomes.alliance_quantiles`.
        actors: those shown, in the scenario's order.
        actions: median over runs of each action in the world, shape (actions, actors, actors,
            months + 1), in the order of ``ACTIONS`` and ``actors``.
    """

    setting: Setting
    scenario: Scenario
    ensemble: Ensemble
    verdict: Verdict
    alliance: pd.DataFrame
    actors: tuple[str, ...]
    actions: Array

    @property
    def dates(self) -> list[str]:
        """Return the months shown, the baseline first."""
        world = self.ensemble.world
        return [world.date(month) for month in range(world.months + 1)]

    @property
    def played(self) -> bool:
        """Say whether a wedge is played at all."""
        return is_played(self.scenario.model_dump(mode="json"))

    @property
    def names(self) -> dict[str, str]:
        """Return each actor's name, fit for a chart."""
        return {code: plain(text(a.name), 40) or code for code, a in self.scenario.actors.items()}


@cache
def shipped_posterior() -> Posterior:
    """Return the posterior that ships with the program, read once."""
    return load_posterior(DEFAULT)


def posterior_of(setting: Setting) -> Posterior | None:
    """Return what a setting draws coefficients from, if it does."""
    return shipped_posterior() if setting.posterior else None


def pair_of(scenario: Scenario, setting: Setting) -> tuple[Pair, Array | None]:
    """Return world and twin, and the coefficients of each draw where they are drawn."""
    world, twin = build_world(scenario), build_world(scenario, wedge=False)
    posterior = posterior_of(setting)
    if posterior is None:
        return Pair(world, twin), None
    vectors = posterior.vectors(world.coefficients, world.fixed)
    middle = middle_of(vectors)
    return Pair(replace(world, coefficients=middle), replace(twin, coefficients=middle)), vectors


def first_world(setting: Setting, choice: Choice) -> World:
    """Return the world of the ensemble's first run, with its own coefficients if these are drawn.

    Args:
        setting: the setting.
        choice: its scenario.
    """
    pair, vectors = pair_of(scenario_of(setting, choice), setting)
    if vectors is None:
        return pair.world
    return replace(pair.world, coefficients=drawn(vectors, setting.runs).of_run(0))


def view_of(setting: Setting, choice: Choice) -> View:
    """Run a setting's ensemble and measure it.

    Raises:
        InputError: if its numbers do not go together.
    """
    scenario = scenario_of(setting, choice)
    pair, vectors = pair_of(scenario, setting)
    own = None if vectors is None else drawn(vectors, setting.runs)
    actors = shown_actors(scenario)
    dyads = [(of, toward) for of in actors for toward in actors if of != toward]
    followed = [Series(action, *dyad) for action in ACTIONS for dyad in dyads]
    paths = batch.trajectories(
        pair,
        seed=setting.seed,
        run_numbers=range(setting.runs),
        series=(ALLIANCE, *followed),
        coefficients=None if own is None else own.coefficients,
    )
    alliance = np.ascontiguousarray(paths[..., 0])
    ensemble = Ensemble(*pair, setting.seed, setting.runs, alliance, None, own)
    verdict = judge(
        tables.outcomes(ensemble),
        margin=pair.world.margin,
        attempted=attempted(scenario),
        seed=setting.seed,
    )
    middle = np.median(paths[WORLD, :, :, 1:], axis=0)
    actions = np.zeros((len(ACTIONS), len(actors), len(actors), middle.shape[0]))
    for place, path in enumerate(middle.T):
        action, dyad = divmod(place, len(dyads))
        of, toward = (actors.index(code) for code in dyads[dyad])
        actions[action, of, toward] = path
    return View(
        setting,
        scenario,
        ensemble,
        verdict,
        tables.alliance_quantiles(ensemble),
        actors,
        actions,
    )


def attempted(scenario: Scenario) -> bool:
    """Say whether the strategies amount to an attempt at a wedge."""
    members = np.isin(list(scenario.actors), scenario.outcome.alliance)
    return is_attempt(wedge_levels(scenario), members)


def shown_actors(scenario: Scenario) -> tuple[str, ...]:
    """Return the actors to show: the alliance, who runs strategies, and the rest, if there is room.

    They stand in the scenario's order.
    """
    playing = [item.actor for item in scenario.strategies.values() if item.enabled]
    wanted = dict.fromkeys((*scenario.outcome.alliance, *playing, *scenario.actors))
    first = list(wanted)[:MOST_SHOWN]
    return tuple(code for code in scenario.actors if code in first)
