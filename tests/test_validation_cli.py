"""``alliancesim validate``: nothing held out reaches a forecast; folders are whole or not there."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from alliancesim.validation import folder as results
from alliancesim.validation import words
from alliancesim.validation.fits import LAWS
from alliancesim.validation.hindcasting import FORECASTERS, Hindcast, hindcast, planned
from alliancesim.validation.tables import CHANGES, EACH_LEFT_OUT, LEVELS
from commands import answer, call
from hindcasts import HELD_OUT, OBSERVATIONS, small, small_files

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "docs"))

import validation

ENVIRONMENT = {**os.environ, "COLUMNS": "120", "NO_COLOR": "1"}
FORETOLD = ["mean", "low90", "low50", "high50", "high90"]


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Hindcast:
    """The small calibration's hindcast, in this process."""
    return hindcast(planned(small(tmp_path_factory.mktemp("small")), processes=1))


@pytest.fixture(scope="module")
def finished(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, object]]:
    """The folder and the JSON that the command leaves, in as many processes as there are cores."""
    folder = tmp_path_factory.mktemp("command")
    small_files(folder)
    done = call("validate", "small.toml", "--out", "found", "--json", cwd=folder)
    assert (done.returncode, done.stderr) == (0, "")
    return folder / "found", json.loads(done.stdout)


def test_nothing_held_out_reaches_a_forecast(made: Hindcast, tmp_path: Path) -> None:
    """Change what is held out wildly: every posterior and every forecast of it stays the same."""
    wild = {label: 0.9 if number % 2 else -0.9 for number, label in enumerate(HELD_OUT)}
    fits = [fit for fit in planned(small(tmp_path, wild), 1) if fit.split.name == "forecast"]
    found = hindcast(fits)
    before = made.predictions[made.predictions["split"] == "forecast"].reset_index()
    assert set(before["forecaster"]) == set(FORECASTERS)
    pd.testing.assert_frame_equal(found.predictions[FORETOLD], before[FORETOLD])
    assert not np.allclose(found.predictions["observed"], before["observed"])
    mine = made.coefficients[made.coefficients["split"] == "forecast"]
    pd.testing.assert_frame_equal(found.coefficients, mine)
    changed = [fit for fit in planned(small(tmp_path, {"a-1": 0.9}), 1) if fit.law == LAWS[0]]
    assert not np.array_equal(changed[0].draws().points, fits[0].draws().points)


def test_numbers_do_not_hang_on_processes(
    made: Hindcast, finished: tuple[Path, dict[str, object]]
) -> None:
    """The command's tables are those of one process, to the digits that are written."""
    folder, _ = finished
    for name, table in made.tables.items():
        kept = pd.read_csv(folder / f"{name}.csv", keep_default_na=name != "predictions")
        numbers = [column for column in table if pd.api.types.is_float_dtype(table[column])]
        assert list(kept.columns) == list(table.columns)
        np.testing.assert_allclose(
            kept[numbers].astype(float), table[numbers], rtol=1e-8, atol=1e-12
        )


def test_scores_are_those_of_the_predictions(made: Hindcast) -> None:
    """Mean CRPS, RMSE, coverage and counts follow from the rows of held-out predictions."""
    rows = made.predictions[made.predictions["held_out"] & (made.predictions["since"] == "")]
    for name, mine in rows[rows["split"] == "forecast"].groupby("forecaster"):
        scores = made.scores[
            (made.scores["split"] == "forecast")
            & (made.scores["forecaster"] == name)
            & (made.scores["what"] == LEVELS)
        ].iloc[0]
        away = mine["mean"] - mine["observed"]
        inside = (mine["low90"] <= mine["observed"]) & (mine["observed"] <= mine["high90"])
        assert scores["n"] == len(mine) == 3
        assert scores["crps"] == pytest.approx(mine["crps"].mean())
        assert scores["rmse"] == pytest.approx(np.sqrt((away**2).mean()))
        assert scores["bias"] == pytest.approx(away.mean())
        assert scores["cover90"] == pytest.approx(inside.mean())
    apart = made.scores[(made.scores["split"] == EACH_LEFT_OUT) & (made.scores["what"] == CHANGES)]
    assert set(apart["n"]) == {3}
    assert set(apart["forecaster"]) == set(FORECASTERS)


def test_in_sample_and_out_of_sample_are_never_mixed(made: Hindcast) -> None:
    """What was fitted is not held out, and the split of all observations holds nothing out."""
    rows = made.predictions
    held = {name: set(part[part["held_out"]]["label"]) for name, part in rows.groupby("split")}
    assert held["all"] == set()
    assert held["forecast"] == set(HELD_OUT)
    apart = [held[f"without-E{number}"] for number in (1, 2, 3)]
    assert set.union(*apart) == set(OBSERVATIONS)
    assert sum(map(len, apart)) == len(OBSERVATIONS)
    told = words.told(made)
    assert "in sample" in told["all"][0]
    assert list(told) == ["forecast", "forecast without second", EACH_LEFT_OUT, "all"]
    assert "held out" not in " ".join(told["all"])


def test_paths_hold_the_parameters_within_shocks_and_discrepancy(made: Hindcast) -> None:
    """Every quantity has a row for each month; ends are in order; the baseline is no forecast."""
    paths = made.paths
    ends = paths[["low90", "low50", "middle", "high50", "high90"]].to_numpy()
    assert (np.diff(ends, axis=1) >= 0).all()
    counts = paths.groupby(["split", "variable", "of", "toward"]).size()
    assert set(counts) == {31}
    first = paths[paths["date"] == "2029-12"]
    assert (first["parameters_low90"] == first["parameters_high90"]).all()
    wide = (paths["high90"] - paths["low90"]) > (
        paths["parameters_high90"] - paths["parameters_low90"]
    )
    assert wide.mean() > 0.9


def test_words_say_to_whom_the_model_loses(made: Hindcast) -> None:
    """Where the scores are turned round, so are the sentences."""
    best, worst = (
        Hindcast(made.splits, made.paths, made.predictions, scores, made.coefficients)
        for scores in (_with_model_at(made, 0.0), _with_model_at(made, 9.0))
    )
    assert words.headline(best).count("to nobody") == 3
    assert "to nobody" not in words.headline(worst)
    for name in set(FORECASTERS) - {"model", "model from last residual"}:
        assert name in words.headline(worst)
        assert f"{name} (" in " ".join(words.told(worst)["forecast"])
    assert "loses to" not in " ".join(words.told(best)["forecast"]).split("By quantity")[0]


def _with_model_at(made: Hindcast, crps: float) -> pd.DataFrame:
    """Return the scores with another CRPS of the model."""
    mine = made.scores["forecaster"] == "model"
    return made.scores.assign(crps=made.scores["crps"].where(~mine, crps))


def test_the_folder_says_what_was_done(finished: tuple[Path, dict[str, object]]) -> None:
    """The manifest holds kind, splits, what each forecaster sees and the words that are printed."""
    folder, printed = finished
    manifest, scores = results.read_scores(folder)
    assert manifest["kind"] == "hindcast"
    assert manifest["forecasters"] == dict(FORECASTERS)
    assert manifest["splits"][0]["name"] == "forecast"
    assert manifest["splits"][1]["without"] == ["second-squeeze"]
    assert printed["words"] == manifest["words"]
    assert len(scores) == len(printed["scores"])  # type: ignore[arg-type]
    assert sorted(path.name for path in folder.parent.iterdir()) == [
        "found",
        "small-scenario.toml",
        "small.toml",
    ]


def test_the_page_is_made_of_the_results(finished: tuple[Path, dict[str, object]]) -> None:
    """The documentation's page quotes scores, sentences and each coded change from the folder."""
    folder, printed = finished
    text = validation.page(folder)
    assert str(printed["headline"]) in text
    for row in printed["scores"]:  # type: ignore[attr-defined]
        if row["split"] in ("forecast", "all") and row["what"] == LEVELS:
            assert f"| {row['forecaster']} | {row['n']} | {row['crps']:.3f}" in text
    for name, sees in FORECASTERS.items():
        assert f"| {name} | {sees}. |" in text
    assert text.count("| cohesion ALFA-BRAVO | after ") == 3
    assert "Scores: all (in sample, no evidence)" in text


def test_the_page_is_made_of_results_alone(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Words that are no folder of a hindcast, and unknown options, run nothing and end with 2."""
    monkeypatch.setattr(validation.subprocess, "run", None)
    (tmp_path / "manifest.json").write_text('{"kind": "run"}')
    (tmp_path / "scores.csv").write_text("n\n1\n")
    for given, told in ((tmp_path, "kind is another one"), (tmp_path / "none", "alliancesim val")):
        assert validation.main([str(given)]) == 2
        assert told in capsys.readouterr().err
    with pytest.raises(SystemExit) as left:
        validation.main(["--wrote"])
    assert left.value.code == 2
    assert "unrecognized arguments: --wrote" in capsys.readouterr().err


def test_wrong_input_is_told_before_anything_is_fitted(tmp_path: Path) -> None:
    """Bad months, unknown events and a folder that is taken end with 2; all keys are named."""
    small_files(tmp_path)
    (tmp_path / "taken").mkdir()
    (tmp_path / "taken" / "result").write_text("kept")
    for options, told in (
        (
            ("--set", "validation.split=2040-01", "--set", "validation.without.second=['none']"),
            ("small.toml: validation.split", "small.toml: validation.without.second"),
        ),
        (("--out", "taken"), ("--out",)),
    ):
        done = answer("validate", "small.toml", *options, cwd=tmp_path)
        assert done.returncode == 2
        assert all(words in done.stderr for words in told)
        assert "Traceback" not in done.stderr


def test_what_was_stopped_goes_on_with_the_same_numbers(
    finished: tuple[Path, dict[str, object]], tmp_path: Path
) -> None:
    """Ctrl-C while fits run in other processes ends with 130, leaves no folder, and keeps fits.

    The same command then makes the others alone, and its numbers are those of one never stopped.
    """
    small_files(tmp_path)
    driver = (
        "import os, signal, sys\n"
        "from alliancesim.cli.main import main\n"
        "from alliancesim.validation import hindcasting\n"
        "hindcasting._judged = lambda *_: os.kill(os.getpid(), signal.SIGINT)\n"
        "sys.argv = ['alliancesim', 'validate', 'small.toml', '--out', 'found']\n"
        "main()\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", driver],
        cwd=tmp_path,
        env=ENVIRONMENT,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 130
    assert "with --out found the same command goes on from there" in done.stderr
    assert not (tmp_path / "found").exists()
    fits = list((tmp_path / ".found-fits").glob("*.npz"))
    assert len(fits) == len(LAWS)
    again = answer("validate", "small.toml", "--out", "found", "--json", cwd=tmp_path)
    assert (again.returncode, again.stderr) == (0, "")
    ours, whole = (
        json.loads((folder / "manifest.json").read_text("utf-8"))["digest"]
        for folder in (tmp_path / "found", finished[0])
    )
    assert ours == whole
    assert not (tmp_path / ".found-fits").exists()
