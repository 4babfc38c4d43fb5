"""Results on disk: read back as written, the same on a rerun, whole or not there at all."""

from __future__ import annotations

import copy
import dataclasses
import errno
import io
import json
import math
import os
from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from alliancesim.coefficients import defaults
from alliancesim.results import folder as folders
from alliancesim.results import result as results
from alliancesim.results.manifest import TABLES
from alliancesim.results.result import Result
from alliancesim.results.tables import table_text, without_guards
from alliancesim.scenario.placing import replace_file
from alliancesim.scenario.problems import InputError
from alliancesim.scenario.reading import Loaded
from alliancesim.scenario.schema import Scenario
from alliancesim.study import Keep, Options, rerun, run_scenario
from alliancesim.verification import differences
from worlds import document, scenario_of


def _run(scenario: Scenario, **options: object) -> Result:
    loaded = Loaded("full", scenario, (Path("full.toml"),), document())
    given = {"runs": 4, "seed": 3, "robustness": False} | options
    return run_scenario(loaded, Options(**given))  # type: ignore[arg-type]


@pytest.fixture(scope="module")
def made(full: Scenario) -> Result:
    """Results of four runs of the full scenario."""
    return _run(full)


@pytest.fixture
def kept(made: Result, tmp_path: Path) -> Path:
    """The same in a folder."""
    results.write(made, tmp_path / "kept")
    return tmp_path / "kept"


def _assert_same(one: Result, other: Result) -> None:
    assert one.manifest == other.manifest
    assert one.verdict == other.verdict
    for name in TABLES:
        pd.testing.assert_frame_equal(one.tables()[name], other.tables()[name], check_exact=True)


# Round trips.


@settings(max_examples=30)
@given(
    st.lists(
        st.text("'=+-@\t\n,;\"a1.e") | st.floats(allow_nan=False).map(repr), min_size=1
    ).filter(any)
)
@example(["=HYPERLINK(1)", "'=x", "-0.5", "-1+1", "@SUM(1)", "'"])
def test_no_text_of_a_table_is_a_formula_and_none_is_lost(texts: list[str]) -> None:
    """Numbers keep their last bit, what a spreadsheet would run is a text, and both are read back.

    All tables are written in this one way.
    """
    numbers = [0.1 + 0.2, -1e-300, -math.inf] * len(texts)
    table = pd.DataFrame({"x": numbers, "what": texts * 3})
    written = pd.read_csv(io.StringIO(table_text(table)), dtype=str, keep_default_na=False)
    assert written["x"].map(float).tolist() == numbers
    for text in written["what"]:
        assert not text.startswith(tuple("=+-@\t\r")) or math.isfinite(float(text)) or "inf" in text
    assert without_guards(written)["what"].tolist() == texts * 3
    source = Path(folders.__file__).parents[1].rglob("*.py")
    writers = [path.name for path in source if ".to_csv(" in path.read_text("utf-8")]
    assert writers == ["tables.py"]


@pytest.mark.parametrize("keep", ["runs", "quantiles"])
def test_what_is_written_is_read_back_to_the_last_bit(
    full: Scenario, tmp_path: Path, keep: Keep
) -> None:
    found = _run(full, keep=keep)
    results.write(found, tmp_path / "out")
    back = results.read(tmp_path / "out")
    _assert_same(found, back)
    assert back.scenario() == full
    assert ("value" in back.trajectories.columns) == (keep == "runs")


def test_both_ways_of_keeping_give_the_same_quantiles(full: Scenario, made: Result) -> None:
    runs = _run(full, keep="runs")
    columns = list(made.trajectories.columns)
    made_later = runs.quantiles()[columns]
    pd.testing.assert_frame_equal(
        made.quantiles(), made_later, check_exact=False, rtol=0, atol=1e-14, check_dtype=False
    )


def test_infinite_ends_of_an_interval_survive(full: Scenario, tmp_path: Path) -> None:
    """One run has an effect and no interval; JSON has no infinity."""
    one = _run(full, runs=1)
    results.write(one, tmp_path / "out")
    text = (tmp_path / "out" / "summary.json").read_text("utf-8")
    assert "Infinity" not in text
    assert "NaN" not in text
    assert results.read(tmp_path / "out").verdict == one.verdict
    assert one.verdict.effect.high == math.inf


def test_no_file_is_left_out_and_none_added(kept: Path) -> None:
    expected = {f"{name}.parquet" for name in TABLES} | {"manifest.json", "summary.json"}
    assert {path.name for path in kept.iterdir()} == expected


# The same again.


def test_a_rerun_of_a_manifest_has_the_same_digests(made: Result, kept: Path) -> None:
    again = rerun(results.read_manifest(kept))
    assert again.manifest["digest"] == made.manifest["digest"]
    assert again.verdict == made.verdict


def test_another_seed_has_other_digests(full: Scenario, made: Result) -> None:
    """Of all that shocks enter; robustness is measured without them."""
    other = _run(full, seed=4)
    for name, digest in made.manifest["digest"].items():
        assert (other.manifest["digest"][name] == digest) == (name == "robustness"), name


def test_fewer_months_are_kept_in_the_manifest_and_rerun(full: Scenario) -> None:
    short = _run(full, months=7)
    assert short.manifest["options"]["months"] == 7
    assert rerun(short.manifest).manifest["digest"] == short.manifest["digest"]


def test_the_manifest_names_what_the_run_was_made_with(made: Result) -> None:
    manifest = made.manifest
    assert manifest["coefficients"] == defaults()._asdict()
    assert manifest["options"]["runs"] == 4
    assert manifest["options"]["seed"] == 3
    assert {"alliancesim", "python", "numpy", "numba", "mesa"} <= set(manifest["program"])
    assert manifest["digest"].keys() == {"states", *TABLES}


def test_a_tables_digest_sees_every_value_column_and_bit(made: Result) -> None:
    table = made.outcomes
    before = results.table_digest(table)
    assert before == results.table_digest(table.copy())
    changed = table.copy()
    changed.loc[2, "effect"] = math.nextafter(changed.loc[2, "effect"], 1.0)
    assert results.table_digest(changed) != before
    assert results.table_digest(table.rename(columns={"effect": "effects"})) != before
    assert results.table_digest(table.iloc[::-1]) != before
    named = made.reasons.replace("ALFA", "ALFB")
    assert results.table_digest(named) != results.table_digest(made.reasons)


# Whole or not at all.


@pytest.mark.parametrize("error", [RuntimeError("no"), KeyboardInterrupt(), MemoryError()])
@pytest.mark.parametrize("stage", ["first table", "last file"])
def test_whatever_goes_wrong_nothing_is_left(
    made: Result,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    error: BaseException,
    stage: str,
) -> None:
    """Ctrl-C included, at the start of the writing or at its end."""

    def fail(*_: object, **__: object) -> None:
        raise error

    if stage == "first table":
        monkeypatch.setattr(pd.DataFrame, "to_parquet", fail)
    else:
        monkeypatch.setattr(results, "write_json", fail)
    with pytest.raises(type(error)):
        results.write(made, tmp_path / "out")
    assert list(tmp_path.iterdir()) == []


def test_the_folder_appears_only_when_it_is_whole(tmp_path: Path) -> None:
    out = tmp_path / "deep" / "out"
    with folders.appearing(out) as made:
        (made / "half.txt").write_text("x")
        assert not out.exists()
    assert [path.name for path in out.iterdir()] == ["half.txt"]
    assert [path.name for path in out.parent.iterdir()] == ["out"]


@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EACCES, errno.EROFS])
def test_a_disk_that_is_full_or_closed_is_told_in_words(tmp_path: Path, number: int) -> None:
    with (
        pytest.raises(InputError, match=r"--out is .*a place that can be written to"),
        folders.appearing(tmp_path / "out"),
    ):
        raise OSError(number, os.strerror(number))
    assert list(tmp_path.iterdir()) == []


def test_another_system_error_is_not_dressed_up(tmp_path: Path) -> None:
    with pytest.raises(OSError, match="5"), folders.appearing(tmp_path / "out"):
        raise OSError(errno.EIO, "5")
    assert list(tmp_path.iterdir()) == []


def test_an_empty_folder_may_be_filled(made: Result, tmp_path: Path) -> None:
    out = tmp_path / "out"
    out.mkdir()
    results.write(made, out)
    assert results.read(out).name == "full"


def test_a_folder_that_holds_something_is_refused_and_left_alone(
    made: Result, tmp_path: Path
) -> None:
    out = tmp_path / "out"
    out.mkdir()
    (out / "mine.txt").write_text("precious")
    with pytest.raises(InputError, match="no result is overwritten"):
        results.write(made, out)
    assert [path.name for path in out.iterdir()] == ["mine.txt"]
    assert [path.name for path in tmp_path.iterdir()] == ["out"]


def test_a_file_in_the_way_is_refused(made: Result, tmp_path: Path) -> None:
    (tmp_path / "out").write_text("precious")
    with pytest.raises(InputError, match="no result is overwritten"):
        results.write(made, tmp_path / "out")
    with pytest.raises(InputError, match="a place that can be written to"):
        results.write(made, tmp_path / "out" / "below")
    assert (tmp_path / "out").read_text() == "precious"


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write anywhere")
def test_a_read_only_place_is_refused(made: Result, tmp_path: Path) -> None:
    closed = tmp_path / "closed"
    closed.mkdir(mode=0o555)
    with pytest.raises(InputError, match="a place that can be written to"):
        results.write(made, closed / "out")


def test_a_free_name_is_found_by_counting(tmp_path: Path) -> None:
    assert folders.free_folder("x", tmp_path) == tmp_path / "x"
    (tmp_path / "x").mkdir()
    (tmp_path / "x-2").mkdir()
    assert folders.free_folder("x", tmp_path) == tmp_path / "x-3"


def test_a_replaced_file_is_old_or_new_and_never_a_part(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "page.html"
    replace_file(path, "old")
    assert path.read_text() == "old"

    def fail(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(os, "replace", fail)
        with pytest.raises(KeyboardInterrupt):
            replace_file(path, "new")
    assert path.read_text() == "old"
    assert [item.name for item in tmp_path.iterdir()] == ["page.html"]


# Damage.


def _cut(path: Path) -> None:
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])


def _noise(path: Path) -> None:
    path.write_bytes(bytes(range(256)) * 4)


def _empty(path: Path) -> None:
    path.write_bytes(b"")


DAMAGE: tuple[Callable[[Path], None], ...] = (_cut, _noise, _empty, Path.unlink)


@pytest.mark.parametrize("damage", DAMAGE, ids=["cut", "noise", "empty", "gone"])
@pytest.mark.parametrize(
    "name", ["manifest.json", "summary.json", *(f"{name}.parquet" for name in TABLES)]
)
def test_a_damaged_file_is_named(kept: Path, name: str, damage: Callable[[Path], None]) -> None:
    damage(kept / name)
    with pytest.raises(InputError) as caught:
        results.read(kept)
    assert name in str(caught.value)
    assert str(kept) in str(caught.value)


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({"format": 2}, "format is 2: expected 1"),
        ({"format": None}, "format is None"),
        ({"kind": "comparison"}, "results of one scenario"),
    ],
)
def test_a_manifest_of_another_kind_is_refused(
    kept: Path, change: dict[str, object], expected: str
) -> None:
    path = kept / "manifest.json"
    path.write_text(json.dumps(json.loads(path.read_text()) | change))
    with pytest.raises(InputError) as caught:
        results.read(kept)
    assert expected in str(caught.value)


@pytest.mark.parametrize("text", ["[]", "3", "null", '"format"'])
def test_a_manifest_that_is_no_table_is_refused(kept: Path, text: str) -> None:
    (kept / "manifest.json").write_text(text)
    with pytest.raises(InputError, match="format is None"):
        results.read(kept)


def test_a_summary_without_a_share_is_refused(kept: Path) -> None:
    path = kept / "summary.json"
    data = json.loads(path.read_text())
    del data["shares"]["null"]
    path.write_text(json.dumps(data))
    with pytest.raises(InputError, match="a readable summary"):
        results.read(kept)


def test_a_folder_that_is_no_result_is_refused(tmp_path: Path) -> None:
    for place in (tmp_path, tmp_path / "nowhere"):
        with pytest.raises(InputError, match="a results folder"):
            results.read(place)


def test_a_manifest_whose_scenario_was_tampered_with_is_refused(made: Result) -> None:
    """A rerun validates the scenario again and names the key."""
    manifest = json.loads(json.dumps(made.manifest))
    manifest["scenario"]["time"]["months"] = -3
    with pytest.raises(InputError, match="months"):
        rerun(manifest)
    manifest = dataclasses.replace(made).manifest | {
        "options": made.manifest["options"] | {"keep": "everything"}
    }
    with pytest.raises(InputError, match=r"options\.keep is everything"):
        rerun(manifest)


@pytest.mark.parametrize(
    "key",
    [
        *("name", "program", "created", "options", "digest", "files", "coefficients", "scenario"),
        *("options.runs", "options.seed", "options.keep", "options.robustness"),
        *("digest.states", "digest.outcomes", "coefficients.balancing"),
    ],
)
def test_a_manifest_with_a_part_missing_or_of_another_type_is_refused(kept: Path, key: str) -> None:
    """By whoever reads it, in words that name the key."""
    path = kept / "manifest.json"
    whole = json.loads(path.read_text("utf-8"))
    table, _, last = key.rpartition(".")
    usual = (whole[table] if table else whole)[last]
    for wrong in [wrong for wrong in (None, {}, True, "text") if type(wrong) is not type(usual)]:
        manifest = copy.deepcopy(whole)
        holder = manifest[table] if table else manifest
        if wrong is None:
            del holder[last]
        else:
            holder[last] = wrong
        path.write_text(json.dumps(manifest), "utf-8")
        for read in (results.read, differences):
            with pytest.raises(InputError) as caught:
                read(kept)
            assert key in {problem.key for problem in caught.value.problems}


def test_every_missing_part_of_a_manifest_is_told_at_once(kept: Path) -> None:
    (kept / "manifest.json").write_text('{"format": 1, "kind": "run"}')
    with pytest.raises(InputError) as caught:
        results.read(kept)
    expected = {"name", "program", "created", "options", "digest", "files", "scenario"}
    assert {problem.key for problem in caught.value.problems} == expected | {"coefficients"}
    assert {problem.value for problem in caught.value.problems} == {"missing"}


@pytest.mark.parametrize("runs", [0, -3])
def test_a_manifest_of_no_runs_is_refused(kept: Path, runs: int) -> None:
    path = kept / "manifest.json"
    manifest = json.loads(path.read_text("utf-8"))
    manifest["options"]["runs"] = runs
    path.write_text(json.dumps(manifest), "utf-8")
    with pytest.raises(InputError, match="at least 1"):
        differences(kept)


def test_a_manifest_nested_without_end_is_refused(kept: Path) -> None:
    (kept / "manifest.json").write_text('{"format": ' + "[" * 100_000)
    with pytest.raises(InputError, match="valid JSON"):
        results.read(kept)


def test_a_result_of_a_scenario_from_disk_equals_one_from_memory(made: Result) -> None:
    """Validation of the kept document gives back the very scenario."""
    assert scenario_of(made.manifest["scenario"]) == scenario_of(document())
