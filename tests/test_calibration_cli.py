"""``alliancesim calibrate`` as real processes: interrupted, gone on with, refused."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from typer.testing import CliRunner

from alliancesim.calibration.calibrating import calibrate
from alliancesim.calibration.reading import load_calibration
from alliancesim.calibration.sampling import required
from alliancesim.cli.interrupting import remembered
from alliancesim.cli.main import app
from alliancesim.coefficients import NAMES
from alliancesim.posterior.draws import load_posterior
from alliancesim.scenario import library
from alliancesim.scenario.problems import InputError
from calibrations import SAMPLED, written
from commands import answer, begun
from drawings import compose_only

STEPS = 400


def until_there(path: Path, process: subprocess.Popen[str]) -> None:
    """Wait until a file is there."""
    while not path.exists():
        assert process.poll() is None, "ended too soon"
        time.sleep(0.002)


@pytest.fixture(scope="module")
def trial(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a calibration, done without a stop into ``whole``."""
    folder = tmp_path_factory.mktemp("trial")
    written(folder, steps=STEPS)
    done = answer("calibrate", "trial.toml", "--out", "whole", cwd=folder)
    assert done.returncode == 0, done.stderr
    (folder / "said.txt").write_text(done.stdout, "utf-8")
    return folder


def test_a_calibration_prints_what_it_found(trial: Path) -> None:
    """Diagnostics, what is identified, the caution and the folder are printed."""
    said = (trial / "said.txt").read_text("utf-8")
    for words in (
        "How warm, how forgetful?",
        "5 observations, 5 numbers sampled",
        "Worst r-hat",
        "Least effective sample size",
        "Identified:",
        "Not identified",
        "no evidence of foresight",
        "Results: whole",
    ):
        assert words in said
    for name in (*SAMPLED, "discrepancy_opinion", "discrepancy_change_cohesion"):
        assert name in said


def test_the_folder_holds_whole_results(trial: Path) -> None:
    """Manifest, tables, sample, InferenceData and pictures are there and fit together."""
    folder = trial / "whole"
    manifest = json.loads((folder / "manifest.json").read_text("utf-8"))
    assert manifest["kind"] == "calibration"
    assert {"emcee", "arviz", "alliancesim"} <= manifest["program"].keys()
    assert manifest["scenario"]["title"] == "CHARLIE presses ALFA and courts BRAVO"
    summary = json.loads((folder / "summary.json").read_text("utf-8"))
    diagnostics = pd.read_csv(folder / "diagnostics.csv").set_index("name")
    assert summary["r_hat_worst"]["value"] == diagnostics["r_hat"].max()
    shrinkage = pd.read_csv(folder / "shrinkage.csv").set_index("name")
    assert list(shrinkage.index) == list(diagnostics.index) == manifest["sampled"]
    sample = load_posterior(folder)
    assert sample.draws == 50
    assert set(sample.names) == {name for name in NAMES if not name.endswith("_volatility")}
    assert sample.about["digest"] == manifest["digest"]["calibration"]
    fixed = sample.values[:, sample.names.index("alarm")]
    assert (fixed == manifest["calibration"]["fixed"]["alarm"]).all()
    assert len(pd.read_csv(folder / "amplitudes.csv")) == 50
    data = required("arviz").from_netcdf(folder / "posterior.nc")
    kept = (STEPS - 40) // 4 * 16
    assert dict(data.posterior.sizes) == {"chain": 2, "draw": min(kept, 1000)}
    middle = shrinkage.loc["warm", "median"]
    assert float(np.median(data.posterior["warm"])) == pytest.approx(middle, rel=0.1)
    for picture in ("trace", "shrinkage"):
        assert (folder / f"{picture}.png").read_bytes().startswith(b"\x89PNG")
        assert "<svg" in (folder / f"{picture}.svg").read_text("utf-8")


def test_ctrl_c_and_resume_give_what_one_go_gives(
    trial: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Interrupted, a calibration keeps whole stretches, says how to go on, and is finished with the
    same bits, also where a killed process has left a stretch half-done."""
    out, words = trial / "stopped", ("trial.toml", "--out", "stopped", "--resume")
    with begun("calibrate", *words, cwd=trial) as process:
        until_there(out / "chains" / "ensemble-2.h5", process)
        process.send_signal(signal.SIGINT)
        said, errors = process.communicate(timeout=60)
    assert process.returncode == 130
    assert (said, "Traceback" in errors) == ("", False)
    assert "To go on: alliancesim calibrate trial.toml --out stopped --resume" in errors
    assert not (out / "summary.json").exists()
    assert sorted(path.name for path in out.iterdir()) == [".lock", "chains", "manifest.json"]
    (out / "chains" / ".stretch-killed").mkdir()
    (out / "chains" / ".stretch-killed" / "ensemble-2.h5").write_bytes(b"half")
    compose_only(monkeypatch)
    done = answer("calibrate", *words, "--json", cwd=trial)
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["folder"] == "stopped"
    for name in ("sample.csv", "amplitudes.csv", "diagnostics.csv", "shrinkage.csv", "silence.csv"):
        assert (out / name).read_bytes() == (trial / "whole" / name).read_bytes(), name
    assert not list((out / "chains").glob(".*"))


def test_a_ctrl_c_that_python_ignores_is_raised_later() -> None:
    """As where it falls into a callback: nothing is printed then, and it is not forgotten.

    Neither is it where a library fails for it, or makes it an error of its own.
    """

    class Pressed:
        def __del__(self) -> None:
            signal.raise_signal(signal.SIGINT)

    def fail() -> None:
        Pressed()
        raise ValueError("no file")

    before = sys.unraisablehook
    with remembered() as check:
        check()
        Pressed()
        with pytest.raises(KeyboardInterrupt):
            check()
    with pytest.raises(KeyboardInterrupt), remembered():
        fail()
    with pytest.raises(KeyboardInterrupt), remembered():
        raise SystemError("a result with an exception set") from KeyboardInterrupt()
    with pytest.raises(ValueError, match="no file"), remembered():
        raise ValueError("no file")
    assert sys.unraisablehook is before


def test_calibrations_are_listed_and_checked(trial: Path) -> None:
    """``list`` names the shipped calibrations; ``check`` tells them from scenarios."""
    runner = CliRunner()
    listed = json.loads(runner.invoke(app, ["list", "--json"]).stdout)
    named = [row["name"] for row in listed if row["kind"] == "calibration"]
    assert named == library.CALIBRATIONS.names()
    assert runner.invoke(app, ["check", str(trial / "trial.toml")]).exit_code == 0
    wrong = trial / "wrong.toml"
    text = (trial / "trial.toml").read_text("utf-8")
    wrong.write_text(text.replace("walkers = 16", "walkers = 15"), "utf-8")
    done = runner.invoke(app, ["check", "--json", str(wrong)])
    assert done.exit_code == 2
    assert json.loads(done.stdout)[0]["problems"][0]["key"] == "sampler.walkers"


def test_another_calibration_is_not_gone_on_with(trial: Path) -> None:
    """Going on with other numbers is refused, which are named; the folder stays as it is."""
    folder = trial / "whole"
    before = (folder / "summary.json").read_bytes()
    settings = ("sampler.steps=440", "dyads.ALFA-BRAVO.opinion=0.2")
    with pytest.raises(InputError) as caught:
        calibrate(
            load_calibration(str(trial / "trial.toml"), settings),
            folder,
            resume=True,
            progress=lambda _: None,
        )
    assert "calibration.sampler.steps is 440: expected 400, as in" in str(caught.value)
    assert "scenario.dyads.ALFA-BRAVO.opinion" in str(caught.value)
    assert (folder / "summary.json").read_bytes() == before


def test_a_taken_folder_is_not_written_to(trial: Path) -> None:
    """Unless a calibration is gone on with, results never go where something lies."""
    loaded = load_calibration(str(trial / "trial.toml"))
    with pytest.raises(InputError, match="so that no result is overwritten"):
        calibrate(loaded, trial / "whole", resume=False, progress=lambda _: None)
    with pytest.raises(InputError, match="so that no result is overwritten"):
        calibrate(loaded, trial, resume=True, progress=lambda _: None)
