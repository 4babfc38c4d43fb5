"""The command line in an empty folder; what a process alone can show, as a real process.

That every command works as a process of its own, the README's commands show.
"""

from __future__ import annotations

import json
import pkgutil
import re
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from alliancesim.cli.console import pace_bar, table
from alliancesim.cli.printing import tell, tell_command
from commands import COMMAND, answer, call
from drawings import compose_only

QUICK = ("--runs", "4", "--no-robustness")


@pytest.fixture(scope="module")
def starter(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the starter scenario in it."""
    folder = tmp_path_factory.mktemp("cli")
    assert answer("new", "mine", cwd=folder).returncode == 0
    return folder


@pytest.fixture(scope="module")
def finished(starter: Path) -> Path:
    """The same folder after a run into ``kept``."""
    done = answer("run", "mine.toml", *QUICK, "--out", "kept", cwd=starter)
    assert done.returncode == 0, done.stderr
    return starter


def test_help_names_every_command_and_imports_nothing_heavy(tmp_path: Path) -> None:
    """``--help`` lists the commands, none cut off, and loads no heavy library."""
    script = (
        "import sys; sys.argv = ['alliancesim', '--help']\n"
        "from alliancesim.cli.main import app\n"
        "app(standalone_mode=False)\n"
        "heavy = {'numba', 'mesa', 'pandas', 'numpy', 'scipy', 'matplotlib', 'pydantic'}\n"
        "print('HEAVY', sorted(heavy & set(sys.modules)))\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], cwd=tmp_path, capture_output=True, text=True, check=True
    )
    for name in ("run", "compare", "report", "verify", "list", "new", "check", "parameters"):
        assert f"\n  {name} " in done.stdout
    assert "HEAVY []" in done.stdout
    assert "..." not in done.stdout.split("Commands:")[1]


@pytest.mark.parametrize("command", ["run", "compare", "report", "verify", "check", "new"])
def test_every_command_explains_itself(command: str, tmp_path: Path) -> None:
    """``COMMAND --help`` ends well and says what the command does."""
    done = answer(command, "--help", cwd=tmp_path)
    assert done.returncode == 0
    assert len(done.stdout.splitlines()) > 5


def test_list_shows_all_shipped_scenarios(tmp_path: Path) -> None:
    """``list`` names each shipped scenario on a line, ``--long`` and ``--json`` its question."""
    rows = json.loads(answer("list", "--json", cwd=tmp_path).stdout)
    names = {row["name"] for row in rows}
    assert {
        "northeast-asia-2025",
        "wedge-hypothesis",
        "observed-backfire",
        "abe-moon-leaders",
        "us-recommits",
        "us-retrenches",
        "press-both",
        "court-both",
        "court-only",
        "press-only",
        "quiet-wedge",
        "pyongyang-calms",
        "history-flares",
    } <= names
    assert all(row["question"] and row["title"] for row in rows)
    short, long = (answer("list", *asked, cwd=tmp_path).stdout for asked in ([], ["--long"]))
    assert len(short.splitlines()) < len(rows) + 5 * 4
    for row in rows:
        assert row["name"] in short
        told = f"{row['name']} {row['title']} {row['question']}"
        assert " ".join(told.split()) in " ".join(long.split())


def test_a_narrow_terminal_breaks_words_nowhere_and_commands_never(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """At 80 columns sentences break between words, commands not at all, a bar is one line."""
    monkeypatch.setenv("COLUMNS", "80")
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True)
    sentence, command = "so-and-so's word, " * 9 + "the end.", "alliancesim run " + "name " * 30
    tell(f"{sentence}\nThe end.")
    tell_command("To go on", command)
    told = capsys.readouterr().err
    assert " ".join(told.split("\n")[:-3]) == sentence
    assert told.endswith(f"\nThe end.\nTo go on: {command}\n")
    assert max(map(len, told.splitlines()[:-1])) <= 80
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True)
    with pace_bar("a-name-of-some-length", 336200, "runs", quiet=False) as progress:
        progress(0)
        progress(31800)
    shown = re.sub(r"\x1b\[[0-9;?]*[a-zA-Z]", "", capsys.readouterr().err)
    (line,) = {line for line in re.split("[\r\n]", shown) if "31800" in line}
    assert re.fullmatch("a-name-of-some-length .*31800/336200 .* runs/s, .* left", line.strip())
    assert len(line) <= 80
    ends = "−0.010 to +0.017"
    for width, whole in (("80", True), ("60", False)):
        monkeypatch.setenv("COLUMNS", width)
        table(("step", "x" * 20, "90 %"), [("a step of " * 3, "+0.003", ends)], unbroken=[2])
        told = capsys.readouterr().out
        assert (ends in told, "".join(re.findall("[−+.0-9]", told)).count("17")) == (whole, 1)


def test_new_refuses_to_overwrite(starter: Path) -> None:
    """``new`` leaves an existing file as it is."""
    before = (starter / "mine.toml").read_bytes()
    done = answer("new", "mine", cwd=starter)
    assert done.returncode == 2
    assert "does not exist yet" in done.stderr
    assert (starter / "mine.toml").read_bytes() == before


@pytest.mark.parametrize("name", ["../out", "a/b", "", "."])
def test_new_refuses_paths(name: str, starter: Path) -> None:
    """``new`` takes a plain name only."""
    done = answer("new", name, cwd=starter)
    assert done.returncode == 2
    assert "Traceback" not in done.stderr


def test_check_reports_every_problem_of_every_file(starter: Path) -> None:
    """``check`` names each problem of each file and exits with 2."""
    text = (starter / "mine.toml").read_text()
    bad = text.replace("window = 6", "windw = 6").replace("months = 24", "months = 0")
    (starter / "bad.toml").write_text(bad)
    done = answer("check", "mine.toml", "bad.toml", "--json", cwd=starter)
    assert done.returncode == 2
    good, wrong = json.loads(done.stdout)
    assert good["problems"] == []
    assert {problem["key"] for problem in wrong["problems"]} == {"time.months", "outcome.windw"}
    assert {problem["suggestion"] for problem in wrong["problems"]} == {"", "window"}
    plain = answer("check", "bad.toml", cwd=starter)
    assert plain.returncode == 2
    assert "Did you mean 'window'?" in plain.stderr


def test_check_accepts_a_valid_file(starter: Path) -> None:
    """``check`` exits with 0 where nothing is wrong."""
    done = answer("check", "mine.toml", "observed-backfire", cwd=starter)
    assert (done.returncode, done.stderr) == (0, "")


def test_schema_accepts_what_check_accepts(starter: Path) -> None:
    """``schema`` prints a JSON Schema that knows ``extends`` and the tables of a scenario."""
    schema = json.loads(answer("schema", cwd=starter).stdout)
    assert {"extends", "actors", "dyads", "strategies", "events"} <= set(schema["properties"])
    assert schema["$schema"].endswith("2020-12/schema")


def test_parameters_list_every_mechanism(tmp_path: Path) -> None:
    """``parameters`` gives name, range, unit, meaning and source of every coefficient."""
    rows = json.loads(answer("parameters", "--json", cwd=tmp_path).stdout)
    assert len(rows) >= 36
    assert all(row[key] for row in rows for key in ("name", "unit", "meaning", "source", "term"))
    assert "entrapment" in answer("parameters", cwd=tmp_path).stdout


def test_run_prints_a_verdict_and_writes_whole_results(finished: Path) -> None:
    """``run`` leaves a folder with manifest, summary and tables, and nothing temporary."""
    names = {path.name for path in (finished / "kept").iterdir()}
    assert {"manifest.json", "summary.json", "trajectories.parquet", "outcomes.parquet"} <= names
    assert not [path for path in finished.iterdir() if path.name.startswith(".")]
    summary = json.loads((finished / "kept" / "summary.json").read_text())
    assert summary["verdict"] in ("split", "null", "backfire")
    manifest = json.loads((finished / "kept" / "manifest.json").read_text())
    assert manifest["options"]["runs"] == 4
    assert manifest["scenario"]["actors"]["NOR"]["name"] == "Northland"


def test_run_says_where_the_record_disagrees(starter: Path) -> None:
    """An observation with a number is held against the model in the terminal too."""
    record = (
        '[observations.summit]\ndate = "2025-09"\nwhat = "Summit"\nvariable = "cohesion"\n'
        'of = "EAS"\ntoward = "WES"\nvalue = 0.99\n'
    )
    (starter / "recorded.toml").write_text(f'extends = "mine"\n{record}')
    done = answer("run", "recorded.toml", *QUICK, cwd=starter)
    assert done.returncode == 0, done.stderr
    assert "The one observed number lies outside the range" in done.stdout
    assert "disagrees with what really happened" in done.stdout


def test_run_refuses_a_taken_folder(finished: Path) -> None:
    """A second run into the same folder changes nothing and exits with 2."""
    before = (finished / "kept" / "manifest.json").read_bytes()
    done = answer("run", "mine.toml", *QUICK, "--out", "kept", cwd=finished)
    assert done.returncode == 2
    assert "overwritten" in done.stderr
    assert (finished / "kept" / "manifest.json").read_bytes() == before


def test_runs_without_out_get_folders_of_their_own(starter: Path) -> None:
    """Without ``--out`` a second run takes a numbered folder."""
    folders = [
        json.loads(answer("run", "mine.toml", *QUICK, "--json", cwd=starter).stdout)["folder"]
        for _ in range(2)
    ]
    assert folders == ["alliancesim-results/mine", "alliancesim-results/mine-2"]


def test_same_seed_gives_the_same_numbers_and_another_seed_others(starter: Path) -> None:
    """Effects repeat with the seed and only with it."""

    def effect(*words: str) -> float:
        done = answer("run", "mine.toml", *QUICK, "--json", *words, cwd=starter)
        return float(json.loads(done.stdout)["effect"]["estimate"])

    assert effect("--seed", "7") == effect("--seed", "7") != effect("--seed", "8")


def test_set_and_without_change_the_run_and_stand_in_the_manifest(starter: Path) -> None:
    """``--set`` and ``--without`` reach the law and the record."""
    nothing = ("strategies.wedge.press.EAS=0", "strategies.wedge.court.WES=0")
    # What a strategy says on visibility holds while it lasts, even where it does nothing.
    unseen = "strategies.wedge.visibility=0.5"
    words = [word for setting in (*nothing, unseen) for word in ("--set", setting)]
    words += ["--without", "entrapment", "--out", "unwedged", "--json"]
    done = answer("run", "mine.toml", *QUICK, *words, cwd=starter)
    summary = json.loads(done.stdout)
    assert summary["verdict"] == "not a wedge"
    assert summary["effect"]["estimate"] == 0.0
    manifest = json.loads((starter / "unwedged" / "manifest.json").read_text())
    assert manifest["coefficients"]["entrapment"] == 0.0
    assert manifest["options"]["without"] == ["entrapment"]
    assert manifest["options"]["set"] == [*nothing, unseen]


def test_a_process_answers_a_user_error_in_the_same_words(starter: Path) -> None:
    """What the other mistakes are answered with within this process is what a shell gets."""
    words = ("run", "mine.toml", "--set", "actors.EAS.pragmatizm=1", "--months", "0")
    done = call(*words, cwd=starter)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == answer(*words, cwd=starter).stderr
    assert "expected" in done.stderr


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        (("run", "no-such-scenario"), "expected a path"),
        (("run", "observed-backfir"), "Did you mean 'observed-backfire'?"),
        (("run", "mine.toml", "--runs", "0"), "--runs is 0: expected a whole number of at least 1"),
        (("run", "mine.toml", "--runs", "ten"), "--runs is ten: expected a whole number"),
        (("run", "mine.toml", "--runs", "9" * 5000), "expected a whole number of at least 1"),
        (("run", "mine.toml", "--runs", "100000000"), "at most"),
        (("run", "mine.toml", "--months", "3"), "outcome.window"),
        (("run", "mine.toml", "--months", "0"), "--months is 0: expected a whole number"),
        (("run", "mine.toml", "--seed", "-1"), "--seed is -1: expected a whole number from 0 to"),
        (
            ("run", "mine.toml", "--seed", str(2**64)),
            f"expected a whole number from 0 to {2**64 - 1}",
        ),
        (("run", "mine.toml", "--keep", "run"), "Did you mean 'runs'?"),
        (("run", "mine.toml", "--set", "actors.EAS.pragmatizm=1"), "Did you mean 'pragmatism'?"),
        (("run", "mine.toml", "--set", "nonsense"), "key=value"),
        (("run", "mine.toml", "--without", "entrapmnt"), "Did you mean 'entrapment'?"),
        (("run", "mine.toml", "--out", "mine.toml"), "--out"),
        (("run", "mine.toml", "--out", "mine.toml/below"), "--out"),
        (("run",), "SCENARIO"),
        (("compare", "mine.toml"), "at least two"),
        (("report", "nowhere"), "manifest.json"),
        (("report", "."), "such as those within: "),
        (("explain", "kept"), "for example observed-backfire"),
        (("verify", "nowhere"), "manifest.json"),
        (("frobnicate",), "frobnicate"),
    ],
)
def test_user_errors_exit_with_2_and_a_word(
    words: tuple[str, ...], expected: str, finished: Path
) -> None:
    """A user's mistake is answered in words, with exit code 2, no traceback and no results."""
    done = answer(*words, cwd=finished)
    assert done.returncode == 2, done.stderr
    assert expected in done.stderr
    assert "Traceback" not in done.stderr
    assert not (finished / "mine.toml").is_dir()


def test_verify_confirms_and_notices_tampering(finished: Path, tmp_path: Path) -> None:
    """``verify`` agrees bit for bit, and exits with 1 once a table has been touched."""
    import shutil

    import pandas as pd

    assert "identical bit for bit" in answer("verify", "kept", cwd=finished).stdout
    touched = tmp_path / "touched"
    shutil.copytree(finished / "kept", touched)
    table = pd.read_parquet(touched / "outcomes.parquet")
    table.loc[0, "effect"] += 1e-15
    table.to_parquet(touched / "outcomes.parquet", index=False)
    done = answer("verify", str(touched), cwd=finished)
    assert done.returncode == 1
    assert "table outcomes was changed" in done.stdout


def test_report_writes_one_file(finished: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """``report`` writes one HTML file into the results folder."""
    compose_only(monkeypatch)
    done = answer("report", "kept", cwd=finished)
    assert done.returncode == 0, done.stderr
    page = (finished / "kept" / "report.html").read_text()
    assert page.startswith("<!DOCTYPE html>") or page.startswith("<!doctype html>")


def test_compare_pairs_scenarios_on_common_shocks(
    starter: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A scenario compared with itself differs by exactly nothing; ``verify`` takes comparisons."""
    compose_only(monkeypatch)
    twice = ("mine.toml", "mine.toml")
    done = answer("compare", *twice, *QUICK, "--out", "both", "--json", cwd=starter)
    assert done.returncode == 0, done.stderr
    first, second = json.loads(done.stdout)["scenarios"]
    assert first["effect"] == second["effect"]
    assert set(second["difference"].values()) == {0.0}
    assert (starter / "both" / "report.html").exists()
    assert "identical" in answer("verify", "both", cwd=starter).stdout


@pytest.mark.parametrize(
    "place",
    [
        "alliancesim.study.build_world",
        "alliancesim.study.simulate",
        "alliancesim.results.result.write_into",
    ],
)
def test_ctrl_c_leaves_no_half_written_folder(
    place: str, starter: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An interrupted run says so and leaves nothing, even where it had all but written all."""
    whole = pkgutil.resolve_name(place)

    def interrupted(*given: object, **named: object) -> None:
        whole(*given, **named)
        signal.raise_signal(signal.SIGINT)

    monkeypatch.setattr(place, interrupted)
    done = answer("run", "mine.toml", *QUICK, "--out", "stopped", cwd=starter)
    assert done.returncode == 130, done.stderr
    assert "Stopped" in done.stderr
    assert "Traceback" not in done.stderr
    assert not [path for path in starter.iterdir() if "stopped" in path.name]


def test_output_can_be_cut_short_by_its_reader(tmp_path: Path) -> None:
    """A reader that leaves early, as ``head`` does, causes no error."""
    command = " ".join([*COMMAND, "parameters", "--json"])
    done = subprocess.run(
        ["bash", "-c", f"set -o pipefail; {command} | head -1"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stdout.strip(), done.stderr) == (0, "[", "")


def test_both_engines_print_the_same_numbers(starter: Path) -> None:
    """``--engine mesa`` runs the model one by one; every digest of the results is the same."""
    digests = []
    for engine in ("batch", "mesa"):
        out = f"engine-{engine}"
        done = answer(
            "run", "mine.toml", "--runs", "3", "--engine", engine, "--out", out, cwd=starter
        )
        assert done.returncode == 0, done.stderr
        manifest = json.loads((starter / out / "manifest.json").read_text("utf-8"))
        assert manifest["options"]["engine"] == engine
        digests.append(manifest["digest"])
    assert digests[0] == digests[1]


def test_outcomes_alone_can_be_kept_reported_and_verified(
    starter: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A large ensemble then leaves a small folder, whose report says what it does not hold."""
    compose_only(monkeypatch)
    words = ("run", "mine.toml", "--runs", "300", "--keep", "outcomes", "--out", "outcomes")
    assert answer(*words, cwd=starter).returncode == 0
    assert answer("verify", "outcomes", cwd=starter).returncode == 0
    assert answer("report", "outcomes", cwd=starter).returncode == 0
    page = (starter / "outcomes" / "report.html").read_text("utf-8")
    assert "Of each run only its outcome was kept" in page
