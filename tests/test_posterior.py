"""Draws of coefficients: files, vectors, which run takes which; and what is refused."""

from __future__ import annotations

import os
import re
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import alliancesim
from alliancesim.coefficients import NAMES, REGISTER, defaults
from alliancesim.posterior import draws
from alliancesim.posterior.draws import Posterior, load_posterior, write_posterior
from alliancesim.posterior.nesting import draws_of_runs, middle_of, spread_order
from alliancesim.scenario.problems import InputError
from posteriors import DRAWN, drawn_posterior, draws_file

RANGES = {entry.name: (entry.low, entry.high) for entry in REGISTER}


def problems_of(path: Path, content: str | bytes) -> str:
    """Return what is said of a file with that content."""
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    with pytest.raises(InputError) as error:
        load_posterior(path)
    return str(error.value)


# Files.


@given(
    st.lists(st.sampled_from(NAMES), min_size=1, max_size=4, unique=True).flatmap(
        lambda names: st.tuples(
            st.just(names),
            st.lists(st.tuples(*(st.floats(*RANGES[name]) for name in names)), min_size=1),
        )
    )
)
def test_every_bit_of_every_draw_survives_writing_and_reading(
    tmp_path_factory: pytest.TempPathFactory, found: tuple[list[str], list[tuple[float, ...]]]
) -> None:
    names, rows = found
    path = tmp_path_factory.mktemp("draws") / "some.csv"
    written = Posterior("some", tuple(names), np.array(rows), {})
    write_posterior(path, written)
    read = load_posterior(path)
    assert read.names == written.names
    assert read.values.tobytes() == written.values.tobytes()
    assert read.digest() == written.digest()


def test_what_is_known_of_a_posterior_lies_beside_it_as_toml(tmp_path: Path) -> None:
    about = {"title": 'A "quoted"\ntitle', "worst r-hat": 1.01, "draws": 400, "converged": True}
    path = tmp_path / "some.csv"
    write_posterior(path, Posterior("some", ("warm",), np.array([[0.1]]), about))
    assert load_posterior(path).about == about
    (tmp_path / "some.toml").write_text("date = 2026-11-24\n", "utf-8")
    assert load_posterior(path).about == {"date": "2026-11-24"}, "dates are text, as in JSON"
    (tmp_path / "some.toml").write_text("r-hat = nan\n[made]\nat = [2026-11-24]\n", "utf-8")
    assert load_posterior(path).about == {"r-hat": "nan", "made": {"at": ["2026-11-24"]}}
    (tmp_path / "some.toml").unlink()
    assert load_posterior(path).about == {}


def test_a_write_that_fails_leaves_the_old_file_and_no_other(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = draws_file(tmp_path)
    before = path.read_bytes()

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "replace", full)
    with pytest.raises(OSError, match="No space"):
        write_posterior(path, drawn_posterior(draws=3))
    assert path.read_bytes() == before
    assert {item.name for item in tmp_path.iterdir()} == {"draws.csv", "draws.toml"}


def test_a_calibration_is_known_by_its_folder(tmp_path: Path) -> None:
    folder = tmp_path / "my-calibration"
    folder.mkdir()
    draws_file(folder, draws.SAMPLE)
    found = load_posterior(folder)
    assert (found.name, found.draws) == ("my-calibration", 12)


def test_the_shipped_posterior_is_valid_or_said_not_to_be_there() -> None:
    """Nothing is made up where no calibration has shipped its draws."""
    there = (Path(draws.__file__).parent / "default.csv").is_file()
    if there:
        found = load_posterior("default")
        assert found.draws >= 100
        assert found.about["title"]
        return
    with pytest.raises(InputError, match="this version ships none"):
        load_posterior("default")


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("", "a row of names of coefficients and a row of numbers"),
        ("warm,sour\n", "a row of names of coefficients and a row of numbers"),
        ("warn\n0.1\n", "'warn': expected the name of a coefficient"),
        ("warn\n0.1\n", "Did you mean 'warm'?"),
        ("warm,warm\n0.1,0.1\n", "warm is there more than once"),
        ("warm,sour\n0.1\n", "draw 1 is 1 cells: expected 2 numbers"),
        ("warm\n0.1\nlots\n", "draw 2, warm is 'lots': expected a number from 0 to"),
        ("warm\n7\n", "draw 1, warm is '7'"),
        ("warm\n-0.1\n", "draw 1, warm is '-0.1'"),
        ("warm\nnan\n", "draw 1, warm is 'nan'"),
        ("warm\ninf\n", "draw 1, warm is 'inf'"),
        (b"warm\n\xff\n", "a CSV file"),
        ("warm\n" + '"' + "x" * 200_000, "a CSV file"),
    ],
)
def test_what_is_wrong_with_a_file_is_said_with_its_place(
    tmp_path: Path, content: str | bytes, said: str
) -> None:
    assert said in problems_of(tmp_path / "bad.csv", content)


def test_all_problems_of_a_file_are_told_at_once_but_no_thousands(tmp_path: Path) -> None:
    said = problems_of(tmp_path / "bad.csv", "warn,sour\n1e9,1e9\n" + "0,9\n" * 1000)
    assert "warn" in said
    assert "draw 2, sour" in said
    assert len(said.splitlines()) < 12


@pytest.mark.parametrize("which", ["no-such.csv", ".", "defualt", ""])
def test_what_is_no_posterior_is_refused_with_what_would_be(which: str) -> None:
    with pytest.raises(InputError, match="calibration"):
        load_posterior(which)


def test_a_broken_toml_file_beside_the_draws_is_named(tmp_path: Path) -> None:
    path = draws_file(tmp_path)
    (tmp_path / "draws.toml").write_text("title = ", "utf-8")
    with pytest.raises(InputError, match=r"draws\.toml"):
        load_posterior(path)


# Vectors.


def test_coefficients_that_are_not_drawn_or_are_fixed_keep_their_value() -> None:
    posterior = drawn_posterior()
    base = defaults()._replace(warm=0.07)
    vectors = posterior.vectors(base, fixed=["warm", "hazard"])
    drawn = {entry.name for entry in DRAWN} - {"warm", "hazard"}
    assert vectors.shape == (posterior.draws, len(NAMES))
    for place, name in enumerate(NAMES):
        if name in drawn:
            values = posterior.values[:, posterior.names.index(name)]
            assert vectors[:, place].tolist() == values.tolist()
        else:
            assert set(vectors[:, place]) == {getattr(base, name)}
    middle = middle_of(vectors)
    assert middle.warm == 0.07
    assert middle.sour == np.median(posterior.values[:, posterior.names.index("sour")])


def test_a_name_that_is_no_coefficient_makes_no_vector() -> None:
    posterior = Posterior("odd", ("warn",), np.array([[0.1]]), {})
    with pytest.raises(InputError, match="warn"):
        posterior.vectors(defaults())
    with pytest.raises(InputError, match="warn"):
        drawn_posterior().vectors(defaults(), fixed=["warn"])


@pytest.mark.parametrize(
    ("names", "rows", "said"),
    [
        (("warm",), [[float("nan")]], "draw 1, warm is 'nan'"),
        (("warn",), [[0.1]], "Did you mean 'warm'?"),
        (("warm",), np.empty((0, 1)), "at least one draw"),
    ],
)
def test_a_posterior_made_in_python_is_checked_as_a_file_is(
    names: tuple[str, ...], rows: list[list[float]], said: str
) -> None:
    with pytest.raises(InputError, match=re.escape(said)):
        alliancesim.run("observed-backfire", posterior=Posterior("mine", names, np.array(rows), {}))


# Which run takes which draw.


@given(st.integers(8, 400), st.integers(1, 100), st.integers(1, 300))
def test_more_runs_change_no_runs_draw(runs: int, more: int, number: int) -> None:
    """Run r keeps its draw however many runs there are, as it keeps its shocks."""
    few, many = draws_of_runs(runs, number), draws_of_runs(runs + more, number)
    assert few.tolist() == many[:runs].tolist()


@given(st.integers(1, 400), st.integers(1, 300))
def test_each_draw_serves_four_runs_before_any_serves_more(runs: int, number: int) -> None:
    taken = draws_of_runs(runs, number)
    assert 0 <= taken.min() <= taken.max() < number
    together = 4 if runs >= 8 else 1
    assert all(np.ptp(taken[k : k + together]) == 0 for k in range(0, runs, together))
    groups = taken[::together]
    times = np.bincount(groups, minlength=number)
    assert times.max() - times.min() <= 1


@given(st.integers(0, 9), st.integers(1, 9))
def test_however_many_draws_are_taken_they_lie_evenly_spread(power: int, fewer: int) -> None:
    """Of 2**n draws, the first 2**k lie one in each of 2**k equal stretches of the sample."""
    taken = np.sort(spread_order(2**power)[: 2 ** max(0, power - fewer)])
    assert set(np.diff(taken)) <= {2 ** min(power, fewer)}
    assert sorted(spread_order(300)) == list(range(300))
