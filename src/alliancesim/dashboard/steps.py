"""The real Mesa model, stepped month by month on Mesa's own page, for people who teach with it.

Its months are those of run 0 of the ensemble, bit for bit. One run has no verdict, and none is
given here.
"""

# Solara has types only in part.
# mypy: disable-error-code="attr-defined, no-untyped-call"

from __future__ import annotations

from typing import Any

import numpy as np
import solara
from mesa.visualization import SolaraViz
from mesa.visualization.utils import update_counter

from alliancesim.dashboard.catalogue import Choice
from alliancesim.dashboard.charts.stepped import cohesion_so_far, dyads_table
from alliancesim.dashboard.computing import first_world
from alliancesim.dashboard.setting import Setting
from alliancesim.language import speaking, text
from alliancesim.model import AllianceModel


def parameters(setting: Setting, choice: Choice) -> dict[str, Any]:
    """Return what Mesa's page makes a new model from when it is reset."""
    return {"world": first_world(setting, choice), "rng": setting.seed, "run_number": 0}


def stepping(setting: Setting, choice: Choice) -> None:
    """Add Mesa's page to the present one.

    Args:
        setting: the setting whose first run is stepped.
        choice: its scenario.
    """
    given = solara.use_memo(lambda: parameters(setting, choice), [])
    model = solara.use_memo(lambda: AllianceModel(**given), [])
    language = setting.language

    def alliance(current: AllianceModel) -> Any:
        update_counter.get()
        with speaking(language):
            drawn_line = cohesion_so_far(current.world, _cohesion(current), current.month)
        return solara.HTML(tag="div", unsafe_innerHTML=drawn_line)

    def dyads(current: AllianceModel) -> Any:
        update_counter.get()
        with speaking(language):
            table = dyads_table(current.world, current.state, current.month)
        return solara.HTML(tag="div", unsafe_innerHTML=table)

    with speaking(language):
        title = text(choice.loaded.scenario.title)
    SolaraViz(
        model,
        components=[alliance, dyads],
        model_params=given,
        name=title,
        play_interval=400,
    )


def _cohesion(model: AllianceModel) -> list[float]:
    """Return the alliance's cohesion in every month so far."""
    collected = model.datacollector.get_model_vars_dataframe()["alliance_cohesion"]
    return [float(value) for value in np.asarray(collected)]
