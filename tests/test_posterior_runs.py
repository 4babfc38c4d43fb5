"""Runs whose coefficients are drawn: the same bits by every way, and results that say so."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

import alliancesim
from alliancesim import ensemble as ensembles
from alliancesim.coefficients import NAMES, Coefficients, defaults
from alliancesim.ensemble import TWIN, WORLD, Ensemble, simulate
from alliancesim.figures import timeline
from alliancesim.measures.outcomes import PARAMETERS
from alliancesim.measures.reasons import decision_terms
from alliancesim.measures.robustness import robustness
from alliancesim.posterior.draws import Posterior, load_posterior
from alliancesim.posterior.nesting import drawn
from alliancesim.report import wording
from alliancesim.report.page import run_page
from alliancesim.report.spread import spread_rows
from alliancesim.results import result as results
from alliancesim.results.result import Result
from alliancesim.scenario.problems import InputError
from alliancesim.scenario.reading import Loaded
from alliancesim.study import Options, run_scenario, simulate_scenario
from alliancesim.verification import differences
from alliancesim.world import World
from commands import answer, typed
from drawings import compose_only
from posteriors import drawn_posterior, draws_file
from worlds import document, scenario_of

POSTERIOR = drawn_posterior()
RUNS = 10


def made(posterior: Posterior | None = POSTERIOR, **options: object) -> Result:
    """Return results of the scenario that uses every table."""
    chosen = {"runs": RUNS, "seed": 3, "robustness": False, "keep": "outcomes", **options}
    loaded = Loaded("full", scenario_of(document()), (), {})
    return run_scenario(loaded, Options(posterior=posterior, **chosen))  # type: ignore[arg-type]


@pytest.fixture(scope="module")
def result() -> Result:
    return made(runs=24, robustness=True, keep="quantiles")


@pytest.fixture
def ensemble(world: World, twin: World) -> Ensemble:
    vectors = POSTERIOR.vectors(world.coefficients)
    return simulate(world, twin, runs=RUNS, seed=3, drawn=drawn(vectors, RUNS))


# The same bits by every way.


def test_both_engines_give_the_same_bits() -> None:
    """Trajectories, reasons, outcomes, verdict: whichever engine made the runs."""
    batch, mesa, plain = (
        made(posterior, keep="quantiles", engine=engine)
        for posterior, engine in ((POSTERIOR, "batch"), (POSTERIOR, "mesa"), (None, "batch"))
    )
    assert batch.manifest["digest"] == mesa.manifest["digest"]
    assert batch.verdict == mesa.verdict
    assert batch.manifest["digest"]["states"] != plain.manifest["digest"]["states"]


def test_each_run_is_that_of_a_world_with_its_coefficients(ensemble: Ensemble) -> None:
    """And meets the shocks of its own number, whatever others draw."""
    for run in (0, 3, 4, 9):
        own = ensemble.coefficients_of(run)
        sides = [replace(side, coefficients=own) for side in (ensemble.world, ensemble.twin)]
        alone = simulate(sides[0], sides[1], runs=run + 1, seed=3)
        assert np.array_equal(ensemble.states[:, run], alone.states[:, run])
    shared = [ensemble.coefficients_of(run) for run in (0, 3, 4)]
    assert shared[0] == shared[1] != shared[2]


def test_runs_made_anew_are_those_that_were_held(
    ensemble: Ensemble, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Digest, states, paths and first runs do not depend on what fits into memory."""
    monkeypatch.setattr(ensembles, "LARGEST_HELD", 4_000)
    assert ensemble.held is not None
    anew = replace(ensemble, held=None)
    assert anew.digest() == ensemble.digest()
    for side, run, month in ((WORLD, 0, 3), (TWIN, 7, 18), (WORLD, 9, 18)):
        pairs = zip(anew.state(side, run, month), ensemble.state(side, run, month), strict=True)
        assert all(np.array_equal(*pair) for pair in pairs)
    some = anew.first(6)
    assert np.array_equal(some.states, ensemble.states[:, :6])
    assert some.drawn is not None
    assert some.drawn.coefficients.shape == (6, len(NAMES))
    series = ensembles.batch.all_series(ensemble.world)[:5]
    assert np.array_equal(anew.paths(series), ensemble.paths(series))


def test_reasons_are_those_of_the_runs_own_coefficients(ensemble: Ensemble) -> None:
    for run in (0, 5):
        own = replace(
            ensemble,
            drawn=None,
            world=replace(ensemble.world, coefficients=ensemble.coefficients_of(run)),
        )
        expected = decision_terms(own, WORLD, run, 9, 0, 1)
        assert decision_terms(ensemble, WORLD, run, 9, 0, 1).tolist() == expected.tolist()
    assert decision_terms(replace(ensemble, drawn=None), WORLD, 0, 9, 0, 1).tolist() != (
        decision_terms(ensemble, WORLD, 0, 9, 0, 1).tolist()
    )


def test_draws_that_are_all_the_defaults_change_no_number() -> None:
    names = tuple(NAMES)
    same = Posterior("same", names, np.tile(np.array(defaults()), (5, 1)), {})
    plain, drawn_anew = made(None), made(same)
    assert drawn_anew.outcomes.drop(columns="draw").equals(plain.outcomes)
    assert plain.verdict.effect.estimate == drawn_anew.verdict.effect.estimate


def test_what_a_scenario_lays_down_or_switches_off_is_not_drawn() -> None:
    data = {**document(), "coefficients": {"warm": 0.07}, "without": ["entrapment"]}
    options = Options(runs=9, posterior=POSTERIOR)
    found = simulate_scenario(scenario_of(data), options)
    own = [found.coefficients_of(run) for run in range(9)]
    assert {(one.warm, one.entrapment) for one in own} == {(0.07, 0.0)}
    assert len({one.sour for one in own}) == 3


def test_more_runs_leave_the_earlier_ones_as_they_were() -> None:
    few, many = made(runs=8), made(runs=13)
    assert many.outcomes.head(8).equals(few.outcomes)


# Measures.


def test_robustness_draws_from_the_posterior_about_its_medians(world: World, twin: World) -> None:
    vectors = POSTERIOR.vectors(world.coefficients)
    table = robustness(world, twin, vectors)
    effects = table.loc[table["variant"] == "drawn"].set_index("what")["effect"]
    assert len(effects) == POSTERIOR.draws
    own = Coefficients(*vectors[7].tolist())
    alone = robustness(replace(world, coefficients=own), replace(twin, coefficients=own))
    assert effects["7"] == alone["effect"].iloc[0]


def test_the_spread_of_every_quantity_is_told_apart(result: Result) -> None:
    table = result.uncertainty
    assert table is not None
    assert len(table) == 3 * (1 + 9 * 12)
    known = table.dropna()
    assert ((known["low"] <= known["share"]) | (known["share"] == 0)).all()
    assert ((known["share"] >= 0) & (known["high"] <= 1)).all()
    under = result.verdict.under
    assert under is not None
    assert under.parameters is not None
    effect = table[(table["side"] == "effect") & (table["of"] == "")].iloc[0]
    assert under.parameters == pytest.approx(tuple(effect[["share", "low", "high"]]))


def test_where_only_outcomes_are_kept_the_alliance_alone_is_split() -> None:
    table = made(keep="outcomes").uncertainty
    assert table is not None
    assert table["side"].tolist() == ["effect", "world", "twin"]


def test_fans_carry_the_band_of_coefficients_alone(result: Result) -> None:
    """Within reason no wider than that of all runs; there for every month and series."""
    for table in (result.alliance, result.trajectories):
        assert not table[list(PARAMETERS)].isna().any().any()
        both = (table["q95"] - table["q05"]).mean()
        alone = (table[PARAMETERS[1]] - table[PARAMETERS[0]]).mean()
        assert 0 < alone < both
    assert not set(PARAMETERS) & set(made(None).alliance.columns)
    assert not set(PARAMETERS) & set(made(runs=5).alliance.columns), "nothing to tell apart"


# Results on disk.


def test_results_can_be_verified_where_the_posterior_is_not(result: Result, tmp_path: Path) -> None:
    """The draws travel with the results; a changed one is refused, a changed table told."""
    folder = tmp_path / "kept"
    results.write(result, folder)
    kept = results.read(folder)
    assert kept.verdict == result.verdict
    assert kept.posterior is not None
    assert kept.posterior.digest() == POSTERIOR.digest() == kept.manifest["posterior"]["digest"]
    assert kept.posterior.about == {"title": "For the tests"}
    assert differences(folder) == []
    path = folder / results.DRAWS
    lines = path.read_text("utf-8").splitlines()
    lines[1], lines[2] = lines[2], lines[1]
    path.write_text("\n".join(lines) + "\n", "utf-8")
    with pytest.raises(InputError, match="the draws with digest"):
        results.read(folder)
    path.unlink()
    with pytest.raises(InputError, match=re.escape(results.DRAWS)):
        differences(folder)


def test_a_manifest_that_lacks_part_of_its_posterior_is_refused(
    result: Result, tmp_path: Path
) -> None:
    folder = tmp_path / "kept"
    results.write(result, folder)
    path = folder / "manifest.json"
    manifest = json.loads(path.read_text("utf-8"))
    del manifest["posterior"]["digest"], manifest["digest"]["uncertainty"]
    path.write_text(json.dumps(manifest), "utf-8")
    with pytest.raises(InputError) as error:
        results.read(folder)
    said = str(error.value)
    assert "posterior.digest is missing" in said
    assert "digest.uncertainty is missing" in said


# Words and pictures.


def test_words_give_both_shares_and_what_is_left_out(result: Result) -> None:
    told = " ".join(wording.terminal(result))
    assert re.search(r"Of the variance of the effect, \S+ % \(95 % CI \d+ to \d+ %\) comes", told)
    assert "mean effect of each of 6 draws" in told
    assert "drawn at once from the posterior (12 draws)" in told
    shares = wording.shares_sentence(result.manifest)
    assert "6 of the 12 draws of the posterior made" in shares
    assert "not calibrated" not in shares
    assert wording.shares_sentence(made(None).manifest) == wording.SHARES
    few = " ".join(wording.terminal(made(runs=5)))
    assert "cannot be told from chance" in few


def test_a_report_shows_the_split_and_the_draws_and_escapes_their_words(
    result: Result, monkeypatch: pytest.MonkeyPatch
) -> None:
    compose_only(monkeypatch)
    bad = '<script>alert("x")</script>'
    told = {**result.manifest["posterior"], "name": bad, "about": {bad: bad}}
    page = run_page(replace(result, manifest={**result.manifest, "posterior": told}), Path("kept"))
    assert "What makes the runs differ" in page
    assert "medians of the draws" in page
    assert POSTERIOR.digest() in page
    assert "--posterior posterior.csv" in typed(page)
    assert "not knowing the coefficients" in page
    assert "<script>alert" not in page
    assert spread_rows(made(None)) == []


def test_a_fan_has_a_pair_of_lines_for_the_coefficients_alone(result: Result) -> None:
    """Three lines each for world, twin and effect, in place of the inner band."""
    figures = [timeline.cohesion_chart(found) for found in (result, made(None))]
    drawn_lines, plain_lines = (
        [len([line for line in axes.lines if len(line.get_xdata()) == 19]) for axes in figure.axes]
        for figure in figures
    )
    assert sorted(drawn_lines)[-2:] == [3, 6]
    assert sorted(plain_lines)[-2:] == [1, 2]


# In Python, and as a process.


def test_python_takes_a_posterior_by_path_folder_or_as_it_is(tmp_path: Path) -> None:
    path = draws_file(tmp_path)
    given = {"runs": 9, "seed": 3, "robustness": False}
    by_path = alliancesim.run("observed-backfire", posterior=path, **given)
    as_it_is = alliancesim.run("observed-backfire", posterior=load_posterior(path), **given)
    assert by_path.outcomes.equals(as_it_is.outcomes)
    assert by_path.to_xarray("opinion")["draw"].values.tolist() == by_path.outcomes["draw"].tolist()
    both = alliancesim.compare(["observed-backfire"] * 2, posterior=path, **given)
    assert both.table["difference"].tolist() == [0.0, 0.0]
    assert both.results[0].outcomes.equals(by_path.outcomes)
    point = alliancesim.evaluate("observed-backfire", runs=9, seed=3, posterior=path)
    assert point["effect"] == pytest.approx(by_path.verdict.effect.estimate, rel=1e-12)
    with pytest.raises(InputError, match="posterior is 'nowhere'"):
        alliancesim.run("observed-backfire", posterior="nowhere")


def test_the_command_draws_and_its_results_stand_alone(tmp_path: Path) -> None:
    """The file that was drawn from may change afterwards."""
    draws_file(tmp_path)
    words = ("run", "observed-backfire", "--runs", "16", "--no-robustness", "--out", "kept")
    done = answer(*words, "--posterior", "draws.csv", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert "comes from not knowing the coefficients" in done.stdout
    summary = json.loads((tmp_path / "kept" / "summary.json").read_text("utf-8"))
    assert summary["draws"]["number"] == 4
    (tmp_path / "draws.csv").unlink()
    assert differences(tmp_path / "kept") == []
