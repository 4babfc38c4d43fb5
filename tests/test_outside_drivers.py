"""The model inside EMA Workbench and SALib, driven as their users drive any model."""

from __future__ import annotations

import pickle
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import alliancesim
from alliancesim.api.loading import LoadedScenario
from worlds import FULL

FEAR, PRESS = "dyads.BRAVO-CHARLIE.threat", "strategies.wedge.press_intensity"
INERT = "dyads.DELTA-CHARLIE.mediation"
"""DELTA has no hazard that anybody could mediate, so this number moves nothing."""

PROBLEM = {
    "num_vars": 3,
    "names": [FEAR, PRESS, INERT],
    "bounds": [[0.1, 0.9], [0.0, 1.0], [0.0, 1.0]],
}
MISSING = "an optional extra is not installed: pip install '.[workbench]'"


@pytest.fixture(scope="module")
def case(tmp_path_factory: pytest.TempPathFactory) -> LoadedScenario:
    """The scenario that uses every table."""
    path = tmp_path_factory.mktemp("drivers") / "full.toml"
    path.write_text(FULL, "utf-8")
    return alliancesim.load(path)


def evaluated(case: LoadedScenario, sample: np.ndarray) -> np.ndarray:
    """Return the effect at each row of a sample of SALib's."""
    points = pd.DataFrame(sample, columns=PROBLEM["names"])
    return alliancesim.evaluate_many(case, points, runs=2)["effect"].to_numpy()


@pytest.mark.filterwarnings("ignore:ipyparallel not installed")
def test_ema_workbench_runs_the_model_unchanged(case: LoadedScenario) -> None:
    """What the workbench collects is the model's answer at each of its experiments, bit for bit.

    Numbers, months, switches and levers all reach the scenario under their keys.
    """
    ema = pytest.importorskip("ema_workbench", reason=MISSING)
    wanted = ("effect", "backfire")

    def wedge(**settings: object) -> dict[str, float]:
        return alliancesim.evaluate(case, settings, outcomes=wanted, runs=2)

    model = ema.Model("wedge", function=wedge)
    model.uncertainties = [
        ema.RealParameter("fear", 0.1, 0.9, variable_name=FEAR),
        ema.IntegerParameter("ramp", 0, 4, variable_name="strategies.wedge.ramp"),
        ema.BooleanParameter("without_chilling", variable_name="without.chilling"),
    ]
    months = ("2030-02", "2030-05")
    model.levers = [
        ema.RealParameter("stick", 0.0, 1.0, variable_name=PRESS),
        ema.CategoricalParameter("start", months, variable_name="strategies.wedge.start"),
    ]
    model.outcomes = [ema.ScalarOutcome(name) for name in wanted]
    with ema.SequentialEvaluator(model) as evaluator:
        experiments, outcomes = evaluator.perform_experiments(scenarios=6, policies=2)

    keys = {
        "fear": FEAR,
        "ramp": "strategies.wedge.ramp",
        "without_chilling": "without.chilling",
        "stick": PRESS,
        "start": "strategies.wedge.start",
    }
    points = experiments[list(keys)].rename(columns=keys)
    points = points.astype({keys["ramp"]: int, keys["without_chilling"]: bool})
    expected = alliancesim.evaluate_many(case, points, outcomes=wanted, runs=2)
    assert len(expected) == 12
    assert expected["effect"].nunique() == 12
    for name in wanted:
        assert outcomes[name].tolist() == expected[name].tolist()


@pytest.mark.filterwarnings("ignore:ipyparallel not installed")
def test_prim_finds_what_the_model_hangs_on(case: LoadedScenario) -> None:
    """The workbench's scenario discovery works on the model's answers: the box bounds the stick."""
    ema = pytest.importorskip("ema_workbench", reason=MISSING)
    from ema_workbench.analysis import prim

    def wedge(**settings: object) -> dict[str, float]:
        return alliancesim.evaluate(case, settings, runs=1)

    model = ema.Model("wedge", function=wedge)
    model.uncertainties = [
        ema.RealParameter("stick", 0.0, 1.0, variable_name=PRESS),
        ema.RealParameter("nothing", 0.0, 1.0, variable_name=INERT),
    ]
    model.outcomes = [ema.ScalarOutcome("effect")]
    np.random.seed(1)  # the stream that the workbench draws from
    with ema.SequentialEvaluator(model) as evaluator:
        experiments, outcomes = evaluator.perform_experiments(scenarios=60)
    inputs = experiments[["stick", "nothing"]]
    extreme = outcomes["effect"] > np.median(outcomes["effect"])
    limits = prim.Prim(inputs, extreme, threshold=0.8).find_box().box_lims[-1]
    width = (limits.loc[1] - limits.loc[0]).astype(float)
    assert width["stick"] < 0.75 < width["nothing"]


def test_salib_finds_what_matters_and_what_does_not(case: LoadedScenario) -> None:
    """Sobol indices share all out between fear and stick: nothing to what the law makes inert."""
    pytest.importorskip("SALib", reason=MISSING)
    from SALib.analyze import sobol as analysis
    from SALib.sample import sobol as sampling

    sample = sampling.sample(PROBLEM, 64, calc_second_order=False, seed=1)
    effects = evaluated(case, sample)
    found = analysis.analyze(PROBLEM, effects, calc_second_order=False, seed=1)
    total = dict(zip(PROBLEM["names"], found["ST"], strict=True))
    assert min(total[PRESS], total[FEAR]) > 0.1
    assert total[PRESS] + total[FEAR] > 0.9
    assert total[INERT] == 0


def test_elementary_effects_of_what_is_inert_are_zero(case: LoadedScenario) -> None:
    """Steps in an inert input change no bit of the effect, as all points meet the same shocks."""
    pytest.importorskip("SALib", reason=MISSING)
    from SALib.analyze import morris as screening
    from SALib.sample import morris as trajectories

    sample = trajectories.sample(PROBLEM, N=8, seed=1)
    found = screening.analyze(PROBLEM, sample, evaluated(case, sample), seed=1)
    effects = dict(zip(PROBLEM["names"], found["mu_star"], strict=True))
    assert effects[INERT] == 0
    assert effects[PRESS] > 0
    assert effects[FEAR] > 0


def test_function_and_scenario_travel_to_other_processes(case: LoadedScenario) -> None:
    """Drivers with several processes can send both: what arrives is the same."""
    assert pickle.loads(pickle.dumps(alliancesim.evaluate)) is alliancesim.evaluate
    sent = pickle.loads(pickle.dumps(case))
    assert alliancesim.evaluate(sent, runs=2) == alliancesim.evaluate(case, runs=2)


def test_the_page_on_drivers_shows_both(request: pytest.FixtureRequest) -> None:
    """The documentation has running code for the workbench and for SALib."""
    page = Path(request.config.rootpath) / "docs" / "how-to" / "outside-drivers.md"
    text = page.read_text("utf-8")
    for words in ("from ema_workbench import", "from SALib.sample import", "[workbench]"):
        assert words in text
