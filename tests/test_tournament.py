"""Rival theories: their switches, what each foresees, and who wins on whose data."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from alliancesim.calibration.prediction import predicted
from alliancesim.calibration.reading import LoadedCalibration, load_calibration
from alliancesim.coefficients import NAMES, REGISTER
from alliancesim.posterior.draws import Posterior
from alliancesim.scenario.problems import InputError
from alliancesim.scenario.reading import Loaded
from alliancesim.tournament import contest, playing
from alliancesim.tournament.contest import AHEAD, APART, BEST, IN, OUT, episodes_table
from alliancesim.tournament.entries import entered, under
from alliancesim.tournament.foreseen import foreseen
from alliancesim.tournament.playing import Asked, Tournament, planned, play
from alliancesim.tournament.scoreboard import scoreboard_table
from alliancesim.tournament.tables import held_by_none
from alliancesim.validation.fits import Effort, posteriors
from alliancesim.validation.keeping import Kept
from alliancesim.validation.scores import crps
from alliancesim.validation.tables import CHANGES, LEVELS, NO_CHANGE
from alliancesim.validation.theories import (
    CONTENDERS,
    LENT,
    NONE,
    RIVALS,
    WHOLE,
    Theory,
    switched_off,
)
from hindcasts import small
from worlds import FULL, document, scenario_of

NAMED = [theory.name for theory in RIVALS]
SHOCKS = {entry.name for entry in REGISTER if entry.equation == "shocks"}

RECORD = (
    FULL.split("[strategies.wedge]", maxsplit=1)[0]
    + """\
[events.squeeze]
date = "2030-03"
what = "CHARLIE presses ALFA"
variable = "pressure"
of = "CHARLIE"
toward = "ALFA"
push = 0.8
half_life = 24

[events.favour]
date = "2030-03"
what = "CHARLIE courts BRAVO"
variable = "cooperation"
of = "CHARLIE"
toward = "BRAVO"
push = 0.8
half_life = 24

[events.retreat]
date = "2030-06"
what = "DELTA leaves ALFA alone"
variable = "commitment"
of = "DELTA"
toward = "ALFA"
to = 0.1

[coefficients]
balancing = 3.0
abandonment = 3.0
opinion = 3.0
balance = 0.4
warm = 0.2
sour = 0.2
compliance = 3.0
inducement = 3.0
chilling = 3.0

[outcome]
alliance = ["ALFA", "BRAVO"]
"""
)

SEEN = [
    ("cohesion", "ALFA", "BRAVO", "2030-09", "2029-12"),
    ("cohesion", "ALFA", "BRAVO", "2031-06", "2030-09"),
    *(
        ("opinion", of, toward, month, None)
        for of, toward in (("ALFA", "BRAVO"), ("BRAVO", "ALFA"), ("BRAVO", "CHARLIE"))
        for month in ("2030-06", "2030-12", "2031-04")
    ),
]
"""Variable, pair, month, and month from which a change counts."""

CALIBRATION = """title = "A made record"
question = "Whose is it?"
scenario = "made-scenario"
[validation]
split = "2030-10"
steps = 8
draws = 60
"""


def _record(folder: Path, values: Sequence[float] | None = None) -> LoadedCalibration:
    """Return the record of a quarrel, with values made up for what was observed."""
    tables = []
    for number, (variable, of, toward, date, since) in enumerate(SEEN):
        value = 0.0 if values is None else float(values[number])
        counted = "" if since is None else f'since = "{since}"\n'
        tables.append(
            f'[observations.seen-{number}]\ndate = "{date}"\nwhat = "seen"\nseries = "polls"\n'
            f'variable = "{variable}"\nof = "{of}"\ntoward = "{toward}"\nvalue = {value!r}\n'
            f"error = 0.02\n{counted}"
        )
    (folder / "made-scenario.toml").write_text("\n".join([RECORD, *tables]), "utf-8")
    (folder / "made.toml").write_text(CALIBRATION, "utf-8")
    return load_calibration(str(folder / "made.toml"))


def _made_by(theory: Theory, folder: Path) -> LoadedCalibration:
    """Return a record that went exactly as a theory has it."""
    blank = _record(folder)
    off = [name in switched_off(theory.kept) for name in NAMES]
    law = np.where(off, 0.0, np.array(blank.targets.world.coefficients))
    return _record(folder, predicted(blank.targets, law[None])[0])


def _played(
    record: LoadedCalibration, theories: tuple[Theory, ...], steps: int, only: str = ""
) -> Tournament:
    """Return a tournament on a record, in this process, on splits whose names begin so."""
    asked = Asked(processes=1, steps=steps)
    fits = [fit for fit in planned(record, theories, asked) if fit.split.name.startswith(only)]
    return play(theories, asked, record=record, fits=fits, posteriors=posteriors(fits))


# Switches.


@pytest.mark.parametrize("theory", CONTENDERS.values(), ids=CONTENDERS)
def test_a_theory_keeps_real_coefficients_of_its_own_and_what_all_are_lent(theory: Theory) -> None:
    """Names are in the register, shocks are nobody's, and what is not kept is 0."""
    assert set(theory.own) <= set(NAMES) - SHOCKS
    assert set(theory.kept) == {*theory.own, *LENT}
    off = switched_off(theory.kept)
    assert set(off.values()) <= {0.0}
    assert set(off) | set(theory.kept) | SHOCKS == set(NAMES)
    assert bool(theory.own) is (theory is not NONE)
    assert bool(off) is (theory is not WHOLE)


def test_no_theory_is_another_by_a_different_name() -> None:
    """Each rival has a mechanism of cooperation, opinion or threat that no other rival has."""
    for theory in RIVALS:
        others = {name for other in RIVALS if other is not theory for name in other.own}
        assert set(theory.own) - others, theory.name
        assert not set(theory.own) & set(LENT)


def _full() -> Loaded:
    return Loaded("full", scenario_of(document()), (), {})


def test_what_a_theory_switches_off_has_no_effect() -> None:
    """Values of mechanisms that are off, however large, change not a bit of what it foresees."""
    for theory in RIVALS:
        off = tuple(switched_off(theory.kept))
        wild = Posterior("wild", off, np.full((3, len(off)), 0.04), {})
        plain, drawn = (
            foreseen(_full(), [theory], runs=3, posterior=posterior) for posterior in (None, wild)
        )
        assert drawn["effect"].tolist() == plain["effect"].tolist(), theory.name
        assert drawn["change_twin"].tolist() == plain["change_twin"].tolist()
    wild = Posterior("wild", ("balancing",), np.full((3, 1), 4.0), {})
    mine = foreseen(_full(), [RIVALS[0]], runs=3, posterior=wild)
    assert mine["effect"].tolist() != foreseen(_full(), [RIVALS[0]], runs=3)["effect"].tolist()


def test_each_theory_foresees_what_its_authors_say() -> None:
    """Pressing one ally and courting the other binds under shared threat and divides otherwise."""
    data = document() | {"coefficients": {"balance": 0.4, "opinion": 3.0}}
    loaded = replace(_full(), scenario=scenario_of(data))
    table = foreseen(loaded, entered(), runs=4).set_index("theory")
    assert list(table.index) == [*NAMED, "none", "whole-law"]
    effects = table["effect"]
    assert effects["balance-of-threat"] > 0.001
    for name in ("quasi-alliance", "bandwagoning", "interdependence", "structural-balance"):
        assert effects[name] < -1e-5, name
    assert effects["none"] == 0.0
    assert table["split"].add(table["null"]).add(table["backfire"]).tolist() == [1.0] * 7
    assert table["difference"]["whole-law"] == 0.0
    assert table["difference"]["none"] == pytest.approx(-effects["whole-law"])


def test_who_takes_part_is_asked_by_name() -> None:
    """None and the whole law always do; every unknown name is told at once, with the nearest."""
    assert [theory.name for theory in entered(["bandwagoning"])] == [
        "bandwagoning",
        "none",
        "whole-law",
    ]
    with pytest.raises(InputError) as caught:
        entered(["quasi alliance", "bandwagonning", "realism"])
    hints = [problem.suggestion for problem in caught.value.problems]
    assert hints == ["quasi-alliance", "bandwagoning", ""]
    scenario = under(RIVALS[0], _full()).scenario
    assert set(scenario.without) == set(switched_off(RIVALS[0].kept)) | set(
        _full().scenario.without
    )


# Contests.


@pytest.mark.parametrize("theory", RIVALS, ids=NAMED)
def test_a_theory_wins_on_its_own_data(theory: Theory, tmp_path: Path) -> None:
    """Where history went as one theory has it, that theory scores best on changes and polls."""
    record = _made_by(theory, tmp_path)
    found = playing._at_defaults(record, entered(), Effort(8, 60, 1, 1))
    board = scoreboard_table([found], [*NAMED, "none"], episodes_table([found], NAMED, 1))
    best = board[board["rank"] == 1.0].set_index("what")["theory"]
    assert (best[CHANGES], best[LEVELS]) == (theory.name, theory.name)


def test_a_theory_wins_out_of_sample_on_its_own_data(tmp_path: Path) -> None:
    """Fitted to the beginning, balance of threat foretells the rest of a history it made best."""
    made = _made_by(RIVALS[0], tmp_path)
    chosen = entered(["balance-of-threat", "bandwagoning"])
    board = _played(made, chosen, 40, "forecast").tables["scoreboard"]
    mine = board[(board["basis"] == "forecast") & (board["what"] == LEVELS)]
    scores = mine.set_index("theory")["crps"]
    assert mine.set_index("rank")["theory"][1.0] == "balance-of-threat"
    assert scores["balance-of-threat"] < 0.7 * min(scores["none"], scores[NO_CHANGE])


@pytest.fixture(scope="module")
def played(tmp_path_factory: pytest.TempPathFactory) -> Tournament:
    """A tournament on the small calibration."""
    return _played(small(tmp_path_factory.mktemp("small")), entered(), 8)


def test_ranks_and_shares_add_up(played: Tournament) -> None:
    """One rival is best in each episode, ranks are those of scores, and shares add to 1."""
    episodes = played.tables["episodes"]
    rivals = [*NAMED, "none"]
    for _, case in episodes.groupby(["basis", "episode", "what"]):
        ranked = case[case["theory"].isin(rivals)]
        assert ranked["rank"].sum() == len(rivals) * (len(rivals) + 1) / 2
        assert ranked["wins"].sum() == pytest.approx(1.0)
        (best,) = ranked[ranked["standing"].isin((AHEAD, BEST))].to_dict("records")
        assert best["crps"] == ranked["crps"].min()
        assert best["behind"] == 0.0
        assert set(case[~case["theory"].isin(rivals)]["standing"]) == {APART}
        alone = (ranked["behind_low"] > 0.0).sum() == len(rivals) - 1
        assert (best["standing"] == AHEAD) is bool(alone)
    board = played.tables["scoreboard"]
    for _, rows in board.groupby(["basis", "what"]):
        assert rows["rank"].sum() == len(rivals) * (len(rivals) + 1) / 2
        assert rows["standing"].isin((AHEAD, BEST)).sum() == 1
    told = episodes[episodes["standing"] == AHEAD].groupby(["basis", "what"]).size().sum()
    assert board[board["what"].isin((CHANGES, LEVELS))]["episodes_ahead"].sum() == told


def test_in_sample_and_out_of_sample_stay_apart(played: Tournament) -> None:
    """Defaults are in sample, all else is held out; no row, rank or interval mixes the two."""
    for name in ("episodes", "scoreboard"):
        table = played.tables[name]
        pairs = set(zip(table["basis"], table["sample"], strict=True))
        assert pairs == {("left out", OUT), ("forecast", OUT), ("defaults", IN)}
    rows = played.tables["predictions"]
    assert not rows.loc[rows["basis"] == "defaults", "held_out"].any()
    assert rows.loc[rows["basis"] != "defaults", "held_out"].all()


def test_scores_are_those_of_the_predictions(played: Tournament) -> None:
    """Means over episodes and over all follow from the single forecasts."""
    rows, board = played.tables["predictions"], played.tables["scoreboard"]
    mine = rows[(rows["basis"] == "left out") & (rows["since"] != "")]
    means = mine.groupby("theory")["crps"].mean()
    one = board[(board["basis"] == "left out") & (board["what"] == CHANGES)].set_index("theory")
    assert one["crps"].to_dict() == pytest.approx(means.to_dict())
    best = means.drop([NO_CHANGE, "whole-law"]).min()
    assert one["behind"].to_dict() == pytest.approx((means - best).to_dict())
    episodes = played.tables["episodes"]
    third = episodes[(episodes["basis"] == "left out") & (episodes["what"] == CHANGES)]
    third = third[third["episode"] == "E3"].set_index("theory")
    kept = mine[mine["episode"] == "E3"].set_index("theory")["crps"]
    assert third["crps"].to_dict() == pytest.approx(kept.to_dict())


def test_a_moved_observation_is_scored_as_if_it_had_been_seen() -> None:
    """The bootstrap's scores are CRPS of the moved values, to rounding."""
    random = np.random.default_rng(3)
    samples, seen = random.normal(size=(50, 3)), np.array([0.1, -0.4, 2.0])
    moved = random.normal(size=(5, 3))
    found = contest._moved_scores(samples, seen, moved)
    assert found == pytest.approx(np.stack([crps(samples, values) for values in moved]))


def test_noise_decides_nothing(tmp_path: Path) -> None:
    """With errors far larger than what divides the theories none is ahead of all others."""
    made = _made_by(RIVALS[0], tmp_path)
    targets = replace(made.targets, errors=np.full(len(made.targets), 0.9))
    places = np.flatnonzero(targets.is_change)
    _, moved = contest._resampled(targets, places, 1)
    assert np.ptp(moved, axis=0).min() > 2.0
    weights, still = contest._resampled(made.targets, places, 1)
    assert weights.sum(axis=1) == pytest.approx(1.0)
    assert np.abs(still - made.targets.values[places]).max() < 0.02 * 6


def test_what_no_theory_holds_is_named(played: Tournament) -> None:
    """Mechanisms of cooperation are held by some rival or named as held by none."""
    missing = set(held_by_none(played))
    held = {name for theory in RIVALS for name in theory.own}
    every = {entry.name for entry in REGISTER if entry.equation == "cooperation"}
    assert missing == every - held
    assert {"brokerage", "grievance"} <= missing


# Going on.


def test_a_stopped_tournament_goes_on_with_the_same_numbers(tmp_path: Path) -> None:
    """Fits that were done are read, not made again; other settings make fits of their own."""
    record, chosen = small(tmp_path), entered(["bandwagoning"])
    fits = planned(record, chosen, Asked(steps=8, processes=1))[:3]
    kept = Kept(tmp_path / "results", record)
    assert not kept
    stopped = kept.posteriors(fits)
    first, second = next(stopped), next(stopped)
    del stopped
    assert kept
    assert len(list(kept.folder.iterdir())) == 2
    told: list[tuple[str, int]] = []
    again = list(kept.posteriors(fits, lambda doing, done: told.append((doing, done))))
    assert [done for _, done in told] == [3]
    whole = list(posteriors(fits))
    for one, other in zip([first, second, *again], [*whole[:2], *whole], strict=True):
        assert one.names == other.names
        np.testing.assert_array_equal(one.vectors, other.vectors)
        np.testing.assert_array_equal(one.points, other.points)
    more = planned(record, chosen, Asked(steps=10, processes=1))[:1]
    next(iter(kept.posteriors(more)))
    assert len(list(kept.folder.iterdir())) == 4
    kept.drop()
    assert not kept.folder.exists()


def test_equal_input_gives_equal_tables(played: Tournament, tmp_path: Path) -> None:
    """Played again, every table is the same to the last bit."""
    again = _played(small(tmp_path), entered(), 8, "forecast")
    for name in ("episodes", "scoreboard", "predictions", "coefficients"):
        once, twice = (found.tables[name] for found in (played, again))
        if "basis" in once:
            once, twice = (table[table["basis"] == "forecast"] for table in (once, twice))
        pd.testing.assert_frame_equal(once.reset_index(drop=True), twice.reset_index(drop=True))
