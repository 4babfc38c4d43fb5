"""Experiments whose coefficients are drawn: common draws, the same bits by every way, resumed."""

from __future__ import annotations

import pickle
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import alliancesim
from alliancesim.experiment import store
from alliancesim.experiment.execution import in_process, sweep
from alliancesim.experiment.parts import Plan, compute, plan_of
from alliancesim.experiment.points import scenario_at
from alliancesim.experiment.reading import load_experiment
from alliancesim.measures.outcomes import outcomes
from alliancesim.posterior.nesting import draws_of_runs
from alliancesim.report.page import write_report
from alliancesim.results.result import DRAWS
from alliancesim.scenario.problems import InputError
from alliancesim.study import Options, simulate_scenario
from alliancesim.verification import differences
from commands import answer
from experiments import HEAD, written
from posteriors import draws_file

RUNS = 10

TEXT = (
    HEAD
    + f"""\
posterior = "draws.csv"
outcomes = ["cohesion"]

[design]
kind = "grid"
replicates = {RUNS}
seed = 7
part_points = 2

[factors.pressure]
key = "strategies.wedge.press_intensity"
low = 0.0
high = 1.0
steps = 3

[factors.warmth]
key = "coefficients.warm"
values = [0.02, 0.08]
"""
)


def planned(folder: Path, *settings: str, posterior: str | None = None) -> Plan:
    """Return the sweep of a file with draws beside it."""
    draws_file(folder)
    return plan_of(load_experiment(str(written(folder, TEXT)), settings, posterior))


@pytest.fixture(scope="module")
def finished(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the file, and the finished sweep in ``out``."""
    folder = tmp_path_factory.mktemp("drawn")
    sweep(planned(folder), folder / "out", in_process())
    return folder


def test_each_point_is_the_run_of_its_scenario_with_the_same_draws(finished: Path) -> None:
    """All points take common draws; what a point lays down is not drawn there."""
    plan = planned(finished)
    runs = store.read_runs(finished / "out")
    posterior = plan.loaded.posterior
    assert posterior is not None
    expected = draws_of_runs(RUNS, posterior.draws).tolist()
    for index in range(plan.design.points):
        rows = runs[runs["point"] == index]
        assert rows["draw"].tolist() == expected
        scenario = scenario_at(plan.loaded, plan.design, index)
        assert set(scenario.coefficients) == {"warm"}
        alone = simulate_scenario(scenario, Options(runs=RUNS, seed=7, posterior=posterior))
        assert np.array_equal(rows["effect"], outcomes(alone)["effect"])


def test_points_have_intervals_over_draws(finished: Path) -> None:
    """Wider than those that would take runs for independent, since coefficients matter most."""
    points = store.read_points(finished / "out")
    runs = store.read_runs(finished / "out")
    naive = runs.groupby("point")["cohesion"].std() / np.sqrt(RUNS)
    assert (points["cohesion_high"] - points["cohesion"] > 2.5 * naive).all()
    assert "draw_low" not in points


def test_a_sweep_with_draws_is_verified_where_the_posterior_is_not(finished: Path) -> None:
    assert differences(finished / "out") == []
    assert (finished / "out" / DRAWS).is_file()


def test_a_stopped_sweep_goes_on_to_the_same_bits(finished: Path, tmp_path: Path) -> None:
    """And by a plan that has travelled to another process."""
    plan = pickle.loads(pickle.dumps(planned(tmp_path)))

    def some(_: Plan, numbers: object) -> object:
        yield compute(plan, 1, threads=1)

    sweep(plan, tmp_path / "out", some)  # type: ignore[arg-type]
    summary = sweep(plan, tmp_path / "out", in_process(1), resume=True)
    assert summary["complete"]
    assert summary["digest"] == store.read_summary(finished / "out")["digest"]
    pd.testing.assert_frame_equal(
        store.read_runs(tmp_path / "out"), store.read_runs(finished / "out"), check_exact=True
    )


def test_a_sweep_does_not_go_on_with_other_draws(finished: Path, tmp_path: Path) -> None:
    """Neither with another posterior, nor without one."""
    other = draws_file(tmp_path, "other.csv", draws=9)
    with pytest.raises(InputError, match=r"posterior\.draws is 9"):
        sweep(planned(finished, posterior=str(other)), finished / "out", in_process(), resume=True)
    bare = plan_of(load_experiment(str(written(tmp_path, TEXT.replace("posterior", "#")))))
    with pytest.raises(InputError, match="posterior"):
        sweep(bare, finished / "out", in_process(), resume=True)


def test_paths_lead_from_the_file_or_from_where_the_command_is_typed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "there").mkdir()
    typed = draws_file(tmp_path / "elsewhere", "typed.csv", draws=5)
    monkeypatch.chdir(tmp_path / "elsewhere")
    for plan in (
        planned(tmp_path / "there", posterior="typed.csv"),
        planned(tmp_path / "there", 'posterior="typed.csv"'),
    ):
        assert plan.loaded.posterior is not None
        assert plan.loaded.posterior.draws == 5
    assert planned(tmp_path / "there").loaded.posterior is not None
    typed.unlink()
    with pytest.raises(InputError, match=r"typed\.csv"):
        planned(tmp_path / "there", posterior="typed.csv")


def test_draws_are_part_of_what_makes_an_experiment_the_same(tmp_path: Path) -> None:
    one = planned(tmp_path).loaded.digest
    assert planned(tmp_path).loaded.digest == one
    draws_file(tmp_path, "other.csv", draws=9)
    assert planned(tmp_path, posterior=str(tmp_path / "other.csv")).loaded.digest != one


def test_python_sweeps_give_the_numbers_of_the_command(finished: Path) -> None:
    by_file = alliancesim.sweep(finished / "trial.toml")
    kept = store.read_runs(finished / "out")
    pd.testing.assert_frame_equal(by_file.runs, kept, check_exact=True, check_dtype=False)
    by_table = alliancesim.sweep(
        scenario=finished / "full.toml",
        factors={"coefficients.warm": [0.02, 0.08]},
        replicates=RUNS,
        seed=7,
        set={"strategies.wedge.press_intensity": 1.0},
        posterior=finished / "draws.csv",
    )
    full = by_file.points[by_file.points["pressure"] == 1.0].sort_values("warmth")
    alone = by_table.points.sort_values("coefficients.warm")
    assert alone["effect"].tolist() == full["effect"].tolist()
    assert "draw" in by_table.to_xarray(by_run=True)


def test_a_report_says_over_what_its_intervals_are(finished: Path) -> None:
    page = write_report(finished / "out").read_text("utf-8")
    assert "3 draws of the posterior draws" in page
    assert "intervals count draws" in page
    assert "over random shocks alone" not in page


def test_the_command_takes_a_posterior_and_refuses_another_on_resuming(finished: Path) -> None:
    draws_file(finished, "other.csv", draws=9)
    words = ("trial.toml", "--out", "out", "--resume", "--posterior", "other.csv")
    done = answer("experiment", *words, cwd=finished)
    assert done.returncode == 2
    assert "posterior.draws is 9" in done.stderr
    assert "Traceback" not in done.stderr
