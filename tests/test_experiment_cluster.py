"""Experiments on real clusters of processes: the same bits, whatever dies on the way."""

from __future__ import annotations

import contextlib
import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psutil
import pytest

distributed = pytest.importorskip("distributed")

import dask  # noqa: E402

from alliancesim.experiment import cluster, store  # noqa: E402
from alliancesim.experiment.execution import in_process, sweep  # noqa: E402
from alliancesim.experiment.parts import Plan, compute, plan_of  # noqa: E402
from alliancesim.scenario.problems import InputError  # noqa: E402
from commands import answer, begun  # noqa: E402
from experiments import GRID, experiment_of, written  # noqa: E402
from test_experiment_cli import LONG, until_parts  # noqa: E402

WORKERS = 2


@pytest.fixture(scope="module")
def plan(tmp_path_factory: pytest.TempPathFactory) -> Plan:
    """An experiment of 15 parts."""
    folder = tmp_path_factory.mktemp("plan")
    return plan_of(experiment_of(folder, GRID, "design.part_points=1"))


@pytest.fixture(scope="module")
def digests(plan: Plan) -> list[str]:
    """The digests of its parts, computed in this process."""
    return [compute(plan, number).digest for number in range(plan.parts)]


@pytest.fixture(scope="module")
def client() -> Iterator[Any]:
    """A client of a cluster of processes."""
    with cluster.local_client(WORKERS) as client:
        yield client


def test_a_cluster_gives_the_same_bits(client: Any, plan: Plan, digests: list[str]) -> None:
    """Each part is computed once, by another process, with the values it has in this one."""
    found = list(cluster.computed(client, plan, range(plan.parts), 1, "--workers"))
    assert [part.digest for part in sorted(found)] == digests
    assert len(client.nthreads()) == WORKERS
    assert os.getpid() not in client.run(os.getpid).values()


def test_only_a_few_parts_are_under_way_at_a_time(
    client: Any, plan: Plan, monkeypatch: pytest.MonkeyPatch
) -> None:
    """However slowly results are taken, no more are asked for than keep the workers busy."""
    asked: list[int] = []
    submit = client.submit

    def counted(function: Any, *arguments: Any, **options: Any) -> Any:
        if function is cluster._compute:
            asked.append(arguments[1])
        return submit(function, *arguments, **options)

    monkeypatch.setattr(client, "submit", counted)
    most = cluster.PARTS_PER_THREAD * WORKERS
    for taken, _ in enumerate(cluster.computed(client, plan, range(plan.parts), 1, "--workers")):
        assert len(asked) - taken <= most
    assert sorted(asked) == list(range(plan.parts))


def test_killed_workers_cost_only_their_parts(
    client: Any, plan: Plan, digests: list[str], tmp_path: Path
) -> None:
    """With a worker killed after the first part and another later, the sweep ends in the same."""
    victims = list(client.run(os.getpid).values())[:2]

    def kill(done: int) -> None:
        if done in (3, 12):
            os.kill(victims.pop(), signal.SIGKILL)

    summary = sweep(plan, tmp_path / "out", cluster.on_client(client), progress=kill)
    assert not victims
    assert summary["complete"]
    assert [record["digest"] for record in store.records(tmp_path / "out")] == digests
    assert summary["digest"] == sweep(plan, tmp_path / "here", in_process())["digest"]


class Deadly(Plan):
    """An experiment of which one part kills whoever computes it."""

    def indices(self, number: int) -> range:
        """Return the points of a part, or die."""
        if number == 2:
            os._exit(1)
        return super().indices(number)


def test_a_part_that_kills_its_workers_is_given_up_in_the_end(
    plan: Plan, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A part that takes one worker after another with it ends the sweep in words."""
    monkeypatch.setattr(cluster, "MOST_LOSSES", 2)
    with (
        dask.config.set({"distributed.scheduler.allowed-failures": 0}),
        cluster.local_client(1) as client,
        pytest.raises(InputError, match="live through part 2"),
    ):
        list(cluster.computed(client, Deadly(*plan), range(3), 1, "--workers"))


def test_workers_of_another_version_are_refused(
    client: Any, plan: Plan, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Workers there at the start are refused all at once; one that joins later, by its part."""
    cluster.check_versions(client)
    monkeypatch.setattr(cluster, "__version__", "0.0.0")
    # On a busy machine Dask may give up replacing workers that an earlier test has killed.
    client.wait_for_workers(1, timeout=60)
    before = len(client.nthreads())
    with pytest.raises(InputError, match=r"expected alliancesim 0\.0\.0, .*as here") as caught:
        cluster.check_versions(client)
    assert before <= len(caught.value.problems) <= len(client.nthreads())
    with pytest.raises(InputError, match=r"a worker is alliancesim .*0\.0\.0.* as here"):
        list(cluster.computed(client, plan, [0], 1, "--scheduler"))


def test_without_dask_the_extra_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where Dask is not installed, exit code 2 and the command that installs it."""
    written(tmp_path, GRID)
    monkeypatch.setitem(sys.modules, "distributed", None)
    done = answer("experiment", "trial.toml", "--workers", "2", cwd=tmp_path)
    assert done.returncode == 2
    assert "pip install '.[cluster]'" in done.stderr
    assert not (tmp_path / "alliancesim-results").exists()


def sweep_here(folder: Path, text: str) -> dict[str, Any]:
    """Finish in this process what was begun in ``out``; check it against a sweep from scratch."""
    plan = plan_of(experiment_of(folder, text))
    summary = sweep(plan, folder / "out", in_process(), resume=True)
    assert summary["digest"] == sweep(plan, folder / "here", in_process())["digest"]
    return summary


@contextlib.contextmanager
def by_hand(folder: Path) -> Iterator[tuple[str, subprocess.Popen[str]]]:
    """Start scheduler and worker as docs/how-to/cluster.md does; yield address and scheduler."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = str(probe.getsockname()[1])
    address = f"tcp://127.0.0.1:{port}"
    dask_command = [sys.executable, "-m", "dask"]
    quiet: dict[str, Any] = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    scheduler = subprocess.Popen(
        [*dask_command, "scheduler", "--host", "127.0.0.1", "--port", port, "--no-dashboard"],
        cwd=folder,
        **quiet,
    )
    worker = subprocess.Popen(
        [*dask_command, "worker", address, "--nworkers", "1", "--nthreads", "1"],
        cwd=folder,
        **quiet,
    )
    try:
        yield address, scheduler
    finally:
        for process in (worker, scheduler):
            process.terminate()
        for process in (worker, scheduler):
            process.wait(timeout=30)


def test_a_cluster_by_hand_does_an_experiment_and_its_loss_is_no_loss(tmp_path: Path) -> None:
    """With ``--scheduler`` workers compute; when the scheduler dies, ``--resume`` goes on here."""
    written(tmp_path, LONG)
    with by_hand(tmp_path) as (address, scheduler):
        words = ("experiment", "trial.toml", "--out", "out", "--scheduler", address)
        impatient = {"DASK_DISTRIBUTED__COMM__TIMEOUTS__CONNECT": "2s"}
        with begun(*words, cwd=tmp_path, **impatient) as process:
            until_parts(tmp_path / "out", 3, process)
            scheduler.kill()
            _, errors = process.communicate(timeout=60)
        assert process.returncode == 2, errors
        assert "--resume goes on from it" in errors
        assert "Traceback" not in errors
    assert sweep_here(tmp_path, LONG)["complete"]


@pytest.mark.parametrize("address", ["nonsense", "tcp://127.0.0.1:1"])
def test_no_scheduler_at_the_address(address: str) -> None:
    """An address at which nothing answers is the user's error."""
    with (
        dask.config.set({"distributed.comm.timeouts.connect": "0.5s"}),
        pytest.raises(InputError, match="the address of a running Dask scheduler"),
        cluster.remotely(address),
    ):
        pass


def _children(process: int) -> list[int]:
    """Return all processes below one."""
    return [child.pid for child in psutil.Process(process).children(recursive=True)]


def test_ctrl_c_and_kill_end_the_workers_too(tmp_path: Path) -> None:
    """Ctrl-C in a terminal reaches workers as well, quietly; none outlives a killed client."""
    written(tmp_path, LONG)
    words = ("experiment", "trial.toml", "--out", "out", "--workers", "2", "--resume")
    with begun(*words, cwd=tmp_path) as process:
        until_parts(tmp_path / "out", 2, process)
        workers = _children(process.pid)
        os.killpg(process.pid, signal.SIGINT)
        _, errors = process.communicate(timeout=60)
        assert process.returncode == 130
        assert "Traceback" not in errors
        assert "parts are done" in errors
    done = store.read_summary(tmp_path / "out")["parts"]["done"]
    with begun(*words, cwd=tmp_path) as process:
        until_parts(tmp_path / "out", done + 2, process)
        workers += _children(process.pid)
        process.kill()
        deadline = time.monotonic() + 60
        while any(Path(f"/proc/{worker}").exists() for worker in workers):
            assert time.monotonic() < deadline, "a worker has outlived its client"
            time.sleep(0.1)
    assert len(workers) >= 4
    assert sweep_here(tmp_path, LONG)["complete"]


def test_what_the_page_on_clusters_cannot_run_is_well_formed() -> None:
    """Python and YAML of the page are read, and Dask's commands know the options it gives them."""
    import yaml

    page = Path(__file__).resolve().parent.parent / "docs" / "how-to" / "cluster.md"
    found = _blocks(page.read_text("utf-8"))
    for text in found["py"]:
        compile(text, "cluster.md", "exec")
    kinds = [item["kind"] for text in found["yaml"] for item in yaml.safe_load_all(text)]
    assert kinds == ["DaskCluster", "Job"]
    for command in ("scheduler", "worker"):
        used = {
            word
            for line in "\n".join(found["sh"]).splitlines()
            if f"dask {command}" in line
            for word in line.split()
            if word.startswith("--")
        }
        words = [sys.executable, "-m", "dask", command, "--help"]
        known = subprocess.run(words, capture_output=True, text=True, check=True).stdout
        assert used
        assert all(word in known for word in used), used


def _blocks(text: str) -> dict[str, list[str]]:
    """Return a page's fenced blocks by language."""
    found: dict[str, list[str]] = {}
    for language, block in re.findall(r"^```([a-z]+)\n(.*?)^```$", text, flags=re.S | re.M):
        found.setdefault(language, []).append(block)
    return found
