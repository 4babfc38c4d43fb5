"""Sweeps in this process: what is kept, failing points, stops, and going on."""

from __future__ import annotations

import json
import shutil
import tempfile
from collections.abc import Generator, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from alliancesim.batch import Pair, late_means
from alliancesim.experiment import parts, store
from alliancesim.experiment.design import design_table
from alliancesim.experiment.execution import Stopped, in_process, sweep
from alliancesim.experiment.parts import Part, Plan, compute, plan_of
from alliancesim.experiment.points import pairs_of
from alliancesim.experiment.reading import from_manifest
from alliancesim.measures.outcomes import outcomes
from alliancesim.results.result import read_manifest
from alliancesim.scenario.problems import InputError
from alliancesim.study import Options, simulate_scenario
from alliancesim.verification import differences
from experiments import GRID, HEAD, experiment_of

FAILING = (
    HEAD
    + """\
[design]
kind = "grid"
replicates = 2
part_points = 2

[factors.start]
key = "strategies.wedge.start"
values = ["2030-02", "2030-03", "2030-10"]

[factors.end]
key = "strategies.wedge.end"
values = ["2030-07", "2031-01"]
"""
)
"""Each of these months is possible, but a wedge cannot end before it begins."""


@pytest.fixture(scope="module")
def plan(tmp_path_factory: pytest.TempPathFactory) -> Plan:
    """A grid of 3 by 5 points, 3 runs each, 2 points to a part."""
    folder = tmp_path_factory.mktemp("plan")
    return plan_of(experiment_of(folder, GRID, "design.part_points=2"))


@pytest.fixture(scope="module")
def whole(plan: Plan, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of the plan's sweep, done without a stop."""
    folder = tmp_path_factory.mktemp("whole") / "out"
    sweep(plan, folder, in_process())
    return folder


class Computed(list[Part]):
    """All parts of the plan, which hypothesis need not spell out."""

    def __repr__(self) -> str:
        return "computed"


@pytest.fixture(scope="module")
def computed(plan: Plan) -> Computed:
    """All parts of the plan."""
    return Computed(compute(plan, number) for number in range(plan.parts))


def test_a_sweep_keeps_every_run_of_every_point(plan: Plan, whole: Path) -> None:
    """Each point has its runs, in the order of the design; summary and manifest say so."""
    runs = store.read_runs(whole)
    assert list(runs.columns[:3]) == ["point", "run", "effect"]
    assert (runs.dtypes.iloc[2:] == np.float64).all()
    expected = [(point, run) for point in range(15) for run in range(3)]
    assert list(zip(runs["point"], runs["run"], strict=True)) == expected
    summary = store.read_summary(whole)
    assert summary["complete"]
    assert (summary["runs"], summary["failed"]) == (45, 0)
    assert summary["parts"] == {"done": 8, "all": 8}
    manifest = json.loads((whole / "manifest.json").read_text())
    assert manifest["scenario"]["actors"]["ALFA"]["name"] == "Alfaland"
    assert manifest["experiment"]["factors"]["pressure"]["steps"] == 3
    assert manifest["seed"] == 7
    record = json.loads((whole / "parts" / "00007.json").read_text())
    assert record["rows"] == 3
    assert {"alliancesim", "python", "numpy"} <= record["program"].keys()


def test_a_point_is_what_the_same_scenario_gives_when_run(plan: Plan, whole: Path) -> None:
    """An outcome in the dataset has the bits of a run of that point's scenario."""
    from alliancesim.experiment.points import scenario_at

    runs = store.read_runs(whole)
    for point in (0, 7, 14):
        scenario = scenario_at(plan.loaded, plan.design, point)
        alone = outcomes(simulate_scenario(scenario, Options(runs=3, seed=7)))
        kept = runs.loc[runs["point"] == point, "effect"].to_numpy()
        np.testing.assert_allclose(kept, alone["effect"].to_numpy(), rtol=0, atol=1e-14)


def test_points_and_findings_sum_up_the_runs(plan: Plan, whole: Path) -> None:
    """One row per point with its verdict; of each factor the levels of lowest and highest mean."""
    runs, points = store.read_runs(whole), store.read_points(whole)
    np.testing.assert_allclose(points["effect"], runs.groupby("point")["effect"].mean())
    assert (points["split"] + points["null"] + points["backfire"] == 1).all()
    found = store.read_summary(whole)["findings"]
    assert sum(found["points"].values()) == 15
    assert {row["factor"] for row in found["factors"]} == {"pressure", "fear"}
    by_level = runs.merge(design_table(plan.design), on="point").groupby("pressure")["effect"]
    means = by_level.mean()
    (pressure,) = (row for row in found["factors"] if row["factor"] == "pressure")
    assert pressure["lowest"]["level"] == means.idxmin()
    assert pressure["highest"]["mean"] == pytest.approx(means.max())


@pytest.mark.parametrize("threads", [1, 2])
def test_a_part_is_a_function_of_the_plan_and_its_number(
    threads: int, plan: Plan, computed: Computed
) -> None:
    """Computed alone and on any number of threads, a part has the same values."""
    for number in (6, 1):
        assert compute(plan, number, threads).digest == computed[number].digest


@settings(max_examples=15)
@given(first=st.sets(st.integers(0, 7)), order=st.permutations(range(8)))
def test_any_finished_parts_resume_to_identical_results(
    first: set[int], order: list[int], plan: Plan, whole: Path, computed: Computed
) -> None:
    """Whatever was done before a stop, going on gives the values and the digest of one go."""

    def some(_plan: Plan, numbers: Sequence[int]) -> Generator[Part, None, None]:
        for number in order:
            if number in first and number in numbers:
                yield computed[number]
        raise KeyboardInterrupt

    def rest(_plan: Plan, numbers: Sequence[int]) -> Generator[Part, None, None]:
        assert set(numbers) == set(range(8)) - first
        yield from (computed[number] for number in order if number in numbers)

    with tempfile.TemporaryDirectory() as name:
        folder = Path(name) / "out"
        with pytest.raises(Stopped) as stopped:
            sweep(plan, folder, some)
        done = stopped.value.summary
        assert done == store.read_summary(folder)
        assert done["parts"]["done"] == len(first)
        assert len(store.read_points(folder)) == len(store.read_runs(folder)["point"].unique())
        summary = sweep(plan, folder, rest, resume=True)
        assert {**summary, "seconds": 0} == {**store.read_summary(whole), "seconds": 0}
        pd.testing.assert_frame_equal(
            store.read_runs(folder), store.read_runs(whole), check_exact=True
        )
        again = store.read_points(folder)
        pd.testing.assert_frame_equal(again, store.read_points(whole), check_exact=True)


def test_a_finished_sweep_has_nothing_left_to_do(plan: Plan, whole: Path) -> None:
    """Going on with what is finished computes nothing and says the same."""

    def none(_plan: Plan, numbers: Sequence[int]) -> Generator[Part, None, None]:
        assert not numbers
        yield from ()

    assert sweep(plan, whole, none, resume=True)["digest"] == store.read_summary(whole)["digest"]


def test_progress_counts_runs_and_begins_with_what_was_there(
    plan: Plan, tmp_path: Path, computed: Computed
) -> None:
    """The first report is what was done before, the last one all runs."""

    def stop(_plan: Plan, _numbers: Sequence[int]) -> Generator[Part, None, None]:
        yield computed[0]
        raise KeyboardInterrupt

    reports: list[int] = []
    with pytest.raises(Stopped):
        sweep(plan, tmp_path / "out", stop)
    sweep(plan, tmp_path / "out", in_process(), resume=True, progress=reports.append)
    assert reports == [6, 12, 18, 24, 30, 36, 42, 45]


def test_a_point_that_is_no_valid_scenario_is_recorded_and_the_rest_goes_on(tmp_path: Path) -> None:
    """Impossible points have their error in words; all others have their runs."""
    plan = plan_of(experiment_of(tmp_path, FAILING))
    summary = sweep(plan, tmp_path / "out", in_process())
    assert (summary["complete"], summary["failed"], summary["runs"]) == (True, 1, 10)
    failures = store.read_failures(tmp_path / "out")
    table = store.read_design(tmp_path / "out").set_index("point")
    assert table.loc[failures["point"]].to_numpy().tolist() == [["2030-10", "2030-07"]]
    assert "strategies.wedge.end" in failures["error"].item()
    done = set(store.read_runs(tmp_path / "out")["point"])
    assert done | set(failures["point"]) == set(range(6))
    assert set(store.read_points(tmp_path / "out")["point"]) == done


def test_an_experiment_of_failing_points_alone_still_ends(tmp_path: Path) -> None:
    """Where every point fails there are no runs, and the tables are empty but there."""
    text = FAILING.replace('["2030-02", "2030-03", "2030-10"]', '["2030-10", "2030-11"]')
    text = text.replace('"2031-01"]', '"2030-08"]')
    plan = plan_of(experiment_of(tmp_path, text))
    summary = sweep(plan, tmp_path / "out", in_process())
    assert (summary["failed"], summary["runs"]) == (4, 0)
    assert summary["findings"]["points"] == {"split": 0, "null": 0, "backfire": 0}
    assert len(store.read_runs(tmp_path / "out")) == 0
    assert "effect" in store.read_runs(tmp_path / "out")


def test_a_point_that_breaks_the_engine_does_not_cost_its_neighbours(
    plan: Plan, computed: Computed, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An error in the middle of a part is pinned on the point that causes it."""
    bad = pairs_of(plan.loaded, plan.design, [3])[0]
    assert isinstance(bad, Pair)

    def breaking(pairs: Sequence[Pair], **rest: Any) -> Any:
        for pair in pairs:
            if all(map(np.array_equal, pair.world.baseline, bad.world.baseline)):
                raise ZeroDivisionError("no such number")
        return late_means(pairs, **rest)

    monkeypatch.setattr(parts, "late_means", breaking)
    part = compute(plan, 1)
    assert (part.rows, part.failed) == (3, 1)
    monkeypatch.undo()
    assert (computed[1].rows, computed[1].failed) == (6, 0)


def test_lack_of_memory_is_no_fault_of_a_point(plan: Plan, monkeypatch: pytest.MonkeyPatch) -> None:
    """Running out of memory stops the sweep; it is not put down as a failed point."""

    def greedy(*_: Any, **__: Any) -> Any:
        raise MemoryError

    monkeypatch.setattr(parts, "late_means", greedy)
    with pytest.raises(MemoryError):
        compute(plan, 0)


def test_only_the_same_experiment_goes_on(whole: Path, tmp_path: Path) -> None:
    """A changed number is refused by name; changed words alone are no change."""
    changed = plan_of(experiment_of(tmp_path, GRID, "design.part_points=2", "design.seed=8"))
    with pytest.raises(InputError, match=r"experiment\.design\.seed is 8: expected 7, as in"):
        sweep(changed, whole, in_process(), resume=True)
    scenario = ("design.part_points=2", "actors.ALFA.hazard=0.4")
    changed = plan_of(experiment_of(tmp_path, GRID, *scenario))
    with pytest.raises(
        InputError, match=r"scenario\.actors\.ALFA\.hazard.* is 0\.4: expected 0\.3"
    ):
        sweep(changed, whole, in_process(), resume=True)
    reworded = GRID.replace("Does it matter how hard?", "Does it matter?")
    same = plan_of(experiment_of(tmp_path, reworded, "design.part_points=2"))
    assert sweep(same, whole, in_process(), resume=True)["complete"]


# Verification.


def test_a_sweep_is_verified_from_its_manifest_alone(plan: Plan, whole: Path) -> None:
    """The experiment's file is not read again; its digest and every bit are the same."""
    again = from_manifest(read_manifest(whole))
    assert again.digest == plan.loaded.digest
    seen: list[int] = []
    assert differences(whole, lambda _, done: seen.append(done)) == []
    assert seen[-1] == plan.runs


def test_a_sweep_over_listed_values_is_verified_with_its_failures(tmp_path: Path) -> None:
    """Its factors have no ends, which the manifest leaves out, as a file does."""
    plan = plan_of(experiment_of(tmp_path, FAILING))
    folder = tmp_path / "out"
    sweep(plan, folder, in_process())
    assert "low" not in read_manifest(folder)["experiment"]["factors"]["start"]
    assert differences(folder) == []


def test_a_part_that_was_changed_is_noticed(whole: Path, tmp_path: Path) -> None:
    folder = tmp_path / "copy"
    shutil.copytree(whole, folder)
    path = folder / "runs" / "part=00002" / "part.parquet"
    path.write_bytes(path.read_bytes()[:-1] + b"?")
    assert differences(folder) == ["part 2 was changed after it was written"]


def test_a_manifest_that_was_changed_is_noticed(whole: Path, tmp_path: Path) -> None:
    """Other inputs make another experiment, and other numbers."""
    folder = tmp_path / "copy"
    shutil.copytree(whole, folder)
    manifest = read_manifest(folder)
    manifest["scenario"]["actors"]["ALFA"]["pragmatism"]["value"] = 0.01
    (folder / "manifest.json").write_text(json.dumps(manifest), "utf-8")
    found = differences(folder)
    assert "changed after its sweep had begun" in found[0]
    assert any("differs from what the program computes" in word for word in found[1:])
    del manifest["experiment"]
    (folder / "manifest.json").write_text(json.dumps(manifest), "utf-8")
    with pytest.raises(InputError, match="an experiment and its scenario"):
        differences(folder)
