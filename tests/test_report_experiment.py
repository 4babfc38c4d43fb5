"""Reports on experiments: what is drawn is what was run, and what is said is what was found."""

from __future__ import annotations

import contextlib
import re
import warnings
from collections.abc import Callable, Generator, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from alliancesim.experiment.execution import Produce, Stopped, in_process, sweep
from alliancesim.experiment.factors import Axis
from alliancesim.experiment.parts import Part, Plan, compute, plan_of
from alliancesim.experiment.phases import (
    MOST_CELLS,
    cell_levels,
    crossings,
    difference,
    phase_table,
    turn_of,
)
from alliancesim.figures import parallel, phase
from alliancesim.figures.axes import side_of
from alliancesim.figures.export import png_bytes
from alliancesim.figures.style import NARROW, WIDE
from alliancesim.report import experiments, factors, sweep_wording
from alliancesim.report.page import write_report
from alliancesim.report.record import experiment_command
from alliancesim.report.sweeps import Sweep, read_sweep
from alliancesim.results.result import read_manifest
from alliancesim.scenario.problems import InputError
from drawings import compose_only
from experiments import GRID, MIXED, experiment_of
from test_experiment_run import FAILING
from test_report import HOSTILE, Reader

GLOBAL = MIXED.replace("points = 16", "points = 32") + '\n[analysis]\nkind = "global"\n'
MARGIN = 0.05


def stopped_after(parts: int) -> Produce:
    """Return what computes some parts and is then interrupted."""

    def produce(plan: Plan, numbers: Sequence[int]) -> Generator[Part, None, None]:
        for number in numbers[:parts]:
            yield compute(plan, number)
        raise KeyboardInterrupt

    return produce


def swept(folder: Path, text: str, *settings: str, produce: Produce | None = None) -> Path:
    """Return the folder of a sweep of an experiment's text."""
    plan = plan_of(experiment_of(folder, text, *settings))
    with contextlib.suppress(Stopped):
        sweep(plan, folder / "out", produce or in_process())
    return folder / "out"


def read(folder: Path) -> Sweep:
    """Return what a folder holds."""
    return read_sweep(folder, read_manifest(folder))


@pytest.fixture(scope="module")
def grid(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A finished phase diagram of 3 by 5 points, 3 runs each."""
    return swept(tmp_path_factory.mktemp("grid"), GRID)


@pytest.fixture(scope="module")
def grid_page(grid: Path) -> str:
    """The page on it, its figures beside it."""
    return write_report(grid).read_text("utf-8")


@pytest.fixture(scope="module")
def mixed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A finished global design over numbers, months, switches and names."""
    return swept(tmp_path_factory.mktemp("mixed"), GLOBAL)


@pytest.fixture(scope="module")
def mixed_page(mixed: Path) -> str:
    """The page on it."""
    return write_report(mixed).read_text("utf-8")


@pytest.fixture
def composed(monkeypatch: pytest.MonkeyPatch) -> None:
    """Leaves figures composed where only the rest of a page matters."""
    compose_only(monkeypatch)


def known(
    effect: Callable[[Any, Any], Any], side: int = 21, runs: int = 8, noise: float = 0.01
) -> phase.Phase:
    """Return the phase diagram of an effect that is known at every x and y from 0 to 1."""
    axes = [
        Axis(name, (name,), (0.0,), name, "", "number", 0.0, 1.0, count=side) for name in ("x", "y")
    ]
    x, y = (found.ravel() for found in np.meshgrid(axes[0].levels(), axes[1].levels()))
    shocks = noise * np.random.default_rng(1).standard_normal(runs)
    design = pd.DataFrame({"point": np.arange(x.size), "x": x, "y": y})
    table = pd.DataFrame(
        {
            "point": np.repeat(np.arange(x.size), runs),
            "run": np.tile(np.arange(runs), x.size),
            "effect": (effect(x, y)[:, None] + shocks - shocks.mean()).ravel(),
        }
    )
    cells = phase_table(table, design, (axes[0], axes[1]), "effect", MARGIN)
    across, up = (side_of(axis, cell_levels(axis), axis.label) for axis in axes)
    return phase.Phase(cells, across, up, "effect", "effect on cohesion", MARGIN, (0.5, 0.5))


# Where the odds turn.


def test_the_contour_lies_where_a_known_effect_turns() -> None:
    """The mean crosses the margin where the function does, and the odds turn within half a cell."""
    shown = known(lambda x, y: 0.1 * (x + 0.5 * y) - 0.1)
    mean, odds = phase.lines_of(shown)
    edge = next(line for line in mean if line.level == -MARGIN)
    (piece,) = phase.contours(shown, edge)
    assert piece[:, 0] + 0.5 * piece[:, 1] == pytest.approx(0.5, abs=1e-9)
    (turning,) = phase.contours(shown, odds[0])
    assert np.abs(turning[:, 0] + 0.5 * turning[:, 1] - 0.5).max() < 0.5 / 20 + 0.5 / 40
    assert phase.contours(shown, odds[1]) == []


def test_no_line_is_drawn_that_chance_alone_could_draw() -> None:
    """Where every cell's interval includes zero, the mean has no line at zero."""
    noise = np.random.default_rng(3).normal(0, 1e-4, 21 * 21)
    shown = known(lambda x, y: noise, runs=4)
    assert phase.contours(shown, phase.lines_of(shown)[0][0]) == []


def test_lines_cross_gaps_of_an_unfinished_grid() -> None:
    """A cell that has not run does not cut the line, which is interpolated over it."""
    shown = known(lambda x, y: 0.2 * x - 0.1)
    table = shown.table
    holes = ((table["x"] - 0.25).abs() < 1e-9) & ((table["y"] - 0.5).abs() < 1e-9)
    edge = next(line for line in phase.lines_of(shown)[0] if line.level == -MARGIN)
    (whole,) = phase.contours(shown, edge)
    (cut,) = phase.contours(shown._replace(table=table[~holes]), edge)
    assert np.ptp(cut[:, 1]) == np.ptp(whole[:, 1]) == 1.0
    assert cut[:, 0] == pytest.approx(0.25)


def test_the_table_of_contours_is_what_is_drawn() -> None:
    """Every place of every line, by piece."""
    shown = known(lambda x, y: 0.4 * (x - 0.5) ** 2 + 0.4 * (y - 0.5) ** 2 - 0.08)
    table = phase.contour_table(shown)
    rows = table[(table["line"] == "effect") & (table["level"] == -MARGIN)]
    radius = np.hypot(rows["x"] - 0.5, rows["y"] - 0.5)
    assert np.asarray(radius) == pytest.approx(np.sqrt(0.03 / 0.4), abs=0.004)


def test_cells_say_what_their_intervals_decide() -> None:
    """Far from the margin a cell is decided, on it it is not; counts agree with the runs."""
    shown = known(lambda x, y: 0.2 * x - 0.1, noise=0.02)
    table = shown.table.set_index(["x", "y"])
    assert table.loc[(0.0, 0.0), "likely"] == "split"
    assert table.loc[(0.5, 0.0), "likely"] == "null"
    assert table.loc[(1.0, 0.0), "likely"] == "backfire"
    assert table.loc[(0.25, 0.0), "likely"] == ""
    assert not table.loc[(0.25, 0.0), "settled"]
    assert table.loc[(0.5, 0.0), "settled"]
    assert table[["split", "null", "backfire"]].sum(axis=1).to_numpy() == pytest.approx(1.0)


def test_fine_grids_are_pooled_into_cells_that_can_be_seen() -> None:
    """Neighbouring levels share a cell, whose mean is that of its points."""
    shown = known(lambda x, y: x, side=70, runs=2, noise=0.0)
    assert len(shown.table) == MOST_CELLS**2
    assert int(shown.table["points"].sum()) == 70 * 70
    first = shown.table[shown.table["x"] == shown.table["x"].min()]
    pooled = int(np.sum(np.arange(70) * MOST_CELLS // 70 == 0))
    assert first["effect"].to_numpy() == pytest.approx(np.arange(pooled).mean() / 69)


def test_a_turn_is_told_with_what_its_interval_allows() -> None:
    """One crossing is a turn; none or several are not; open ends stay open."""
    places = np.array([0.0, 1.0, 2.0])
    turn = turn_of(places, np.array([0, 0.25, 1.0]), np.array([0, 0, 0.75]), np.array([0, 0.75, 1]))
    assert turn is not None
    assert turn.at == pytest.approx(1 + 1 / 3)
    assert (turn.low, turn.high) == pytest.approx((2 / 3, 1 + 2 / 3))
    assert turn.rises
    assert turn_of(places, np.array([0, 1, 0.0]), places * 0, places * 0) is None
    assert crossings(places, np.array([1, 0, 1.0]), 0.25) == pytest.approx([0.75, 1.25])


def test_differences_between_levels_are_paired() -> None:
    """Shocks that all points share do not widen the interval of a difference."""
    runs = pd.DataFrame({"point": [0, 0, 1, 1], "run": [0, 1, 0, 1], "effect": [0.0, 9.0, 1.0, 10]})
    design = pd.DataFrame({"point": [0, 1], "a": [0.0, 1.0]})
    assert difference(runs, design, "a", (0.0, 1.0), "effect") == pytest.approx((1.0, 1.0, 1.0))


# What is drawn.


def test_figures_draw_without_complaint(grid: Path, mixed: Path) -> None:
    """Small data, switches, months, names and logarithms: no figure warns, none is blank."""
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        for folder in (grid, mixed):
            for name, picture in experiments.pictures(read(folder)).items():
                assert picture.png is not None, name
        shown = known(lambda x, y: x - 0.5)
        for size in (WIDE, NARROW):
            assert png_bytes(phase.phase_chart(shown, size), size, "t", "d").startswith(b"\x89PNG")


@pytest.mark.usefixtures("grid_page", "composed")
def test_data_files_hold_what_is_drawn(grid: Path) -> None:
    """The phase diagram's CSV equals its cells, to the last bit, contours and slices included."""
    found = read(grid)
    beside = grid / "report-figures"
    drawn = experiments.pictures(found)
    for number, (name, picture) in enumerate(drawn.items(), 1):
        for part, table in picture.tables.items():
            end = "" if part == "data" else f"-{part}"
            path = beside / f"{number:02d}-{name}{end}.csv"
            kept = pd.read_csv(path, dtype=str, keep_default_na=False)
            assert list(kept.columns) == list(table.columns)
            for column in table.select_dtypes("number"):
                assert kept[column].map(float).tolist() == table[column].tolist(), (name, column)
    assert (
        found.phases["effect"].tolist()
        == found.points.sort_values("point")["effect"].to_numpy()[_order(found)].tolist()
    )


def _order(found: Sweep) -> Any:
    """Return where the points of a grid stand in the order of its cells."""
    placed = found.design.sort_values(["pressure", "fear"])
    return placed["point"].to_numpy()


def test_parallel_lines_are_a_fair_sample() -> None:
    """Of thousands of points a few hundred are drawn, each verdict in its share, none left out."""
    verdicts = np.array(["null"] * 4000 + ["split"] * 990 + ["backfire"] * 10)
    table = pd.DataFrame({"point": np.arange(5000), "verdict": verdicts})
    counts = parallel.sample(table, 200)["verdict"].value_counts()
    assert counts["null"] == 160
    assert counts["split"] == 40
    assert counts["backfire"] == 8


# What is said.


def test_a_page_on_an_experiment_loads_nothing(grid_page: str, mixed_page: str) -> None:
    """Self-contained: no scripts, and no address but its own files beside it."""
    for page in (grid_page, mixed_page):
        read_page = Reader(page)
        own = re.compile(r"#[\w-]+|report-figures/[0-9]{2}-[a-z-]+\.(png|csv)")
        assert all(own.fullmatch(address) for address in read_page.loads)
        assert not {"script", "link", "img", "iframe", "object", "embed", "base"} & set(
            read_page.tags
        )
        assert len(read_page.ids) == len(set(read_page.ids))
        assert not re.search(r"\b(inf|nan)\b", re.sub(r"<svg.*?</svg>", "", page, flags=re.DOTALL))


def test_every_figure_of_an_experiment_is_there(grid_page: str, mixed_page: str) -> None:
    """Phase diagrams, slices, effects, interactions, importance and parallel coordinates."""
    assert grid_page.count("<figure") == 4
    assert mixed_page.count("<figure") == 4
    for words in ("Phase diagram", "What each factor does", "through its factors"):
        assert words in grid_page
    for words in ("hangs on", "act together", "through its factors"):
        assert words in mixed_page


def test_sentences_carry_the_numbers_of_the_table(grid: Path) -> None:
    """Cells are counted by their commonest verdict, and the strongest factor comes first."""
    found = read(grid)
    first, second, *_ = sweep_wording.finding(found)
    for word, verb in (("split", "splits"), ("null", "does nothing")):
        number = int((found.phases["verdict"] == word).sum())
        assert f"{verb} in {number or 'none'}" in first
    spans = found.main_effects.groupby("factor")["mean"].agg(
        lambda means: means.max() - means.min()
    )
    strongest = factors.labels(found.axes, found.scenario)[str(spans.idxmax())]
    assert strongest.lower() in second.lower()
    assert f"{spans.max():.3f}" in second


@pytest.mark.usefixtures("composed")
def test_an_unfinished_sweep_says_so(tmp_path: Path) -> None:
    """How much is done, that it is balanced, and only then what it says; nothing is made up."""
    folder = swept(tmp_path, GRID, "design.part_points=1", produce=stopped_after(6))
    page = write_report(folder).read_text("utf-8")
    assert "This sweep was cut short: 6 of 15 points are finished" in page
    assert "each level of each factor has 1 to 2 of them" in page
    assert "of each of 6 finished cells" in page
    assert page.index("cut short") < page.index("What the runs say")


def test_a_sweep_killed_before_its_summary_is_reported_from_its_parts(tmp_path: Path) -> None:
    """What the parts hold counts, not what an older summary says."""
    folder = swept(tmp_path, GRID, "design.part_points=1", produce=stopped_after(4))
    (folder / "summary.json").unlink()
    (folder / "points.parquet").unlink()
    assert len(read(folder).points) == 4


def test_a_sweep_without_any_point_has_nothing_to_say(tmp_path: Path) -> None:
    """No figure, no finding, and no folder of figures."""
    folder = swept(tmp_path, GRID, produce=stopped_after(0))
    page = write_report(folder).read_text("utf-8")
    assert "Nothing has been finished yet" in page
    assert "<figure" not in page
    assert not (folder / "report-figures").exists()


@pytest.mark.usefixtures("composed")
def test_failed_points_are_listed(tmp_path: Path) -> None:
    """With their number and their error, and they are left out of the rest."""
    page = write_report(swept(tmp_path, FAILING)).read_text("utf-8")
    assert "1 point failed" in page
    assert "expected no month before 2030-10" in page


@pytest.mark.usefixtures("composed")
def test_too_few_points_for_so_many_factors_are_not_ranked(tmp_path: Path) -> None:
    """With no more points than factors there is no regression, and the page says so."""
    folder = swept(tmp_path, GLOBAL, "design.points=4")
    page = write_report(folder).read_text("utf-8")
    assert "too few finished points (4) to tell the weights of 7 factors" in page
    assert "regression coefficients, −1 to +1" not in page


def test_hostile_texts_of_an_experiment_are_only_text(tmp_path: Path) -> None:
    """Whatever labels, titles and errors say, no markup of theirs reaches page or figures."""
    text = HOSTILE.replace('"', '\\"')
    hostile = GRID.replace("CHARLIE presses harder", text).replace("Does it matter how hard?", text)
    hostile = hostile.replace('label = "Pressure"', f'label = "{text}"')
    hostile = hostile.replace('unit = "share"', f'unit = "{text}"\n')
    folder = swept(tmp_path, f'story = "{text}"\nfinding = "{text}"\n{hostile}')
    page = write_report(folder).read_text("utf-8")
    read_page = Reader(page)
    assert "script" not in read_page.tags
    assert not read_page.handlers
    assert "<script" not in page.lower()
    assert "&lt;script&gt;" in page


def test_factors_are_named_in_words_with_what_they_rest_on(mixed: Path) -> None:
    """Keys become words, and a number's basis is the scenario's or the register's."""
    found = read(mixed)
    rows = {row.keys[0]: row for row in factors.rows(found.axes, found.scenario)}
    assert rows["coefficients.forget"].label == "forget: rate of opinion"
    assert rows["coefficients.forget"].basis == "derived"
    assert rows["without.entrapment"].label == "entrapment switched off"
    assert rows["without.entrapment"].given == "no"
    assert rows["strategies.wedge.start"].given == "2030-03"
    assert rows["strategies.wedge.start"].basis == "setting"


def test_the_command_sets_what_differs_from_the_shipped_file() -> None:
    """Whoever copies it gets the same sweep, settings of the scenario included."""
    from alliancesim.experiment.reading import load_experiment

    settings = ["design.replicates=5", "factors.stick.steps=3", "outcome.margin=0.1"]
    loaded = load_experiment("carrot-and-stick", settings)
    manifest = {
        "name": "carrot-and-stick",
        "experiment": loaded.experiment.model_dump(mode="json"),
        "files": ["carrot-and-stick.toml"],
    }
    command = experiment_command(manifest)
    assert command.split()[:3] == ["alliancesim", "experiment", "carrot-and-stick"]
    given = command.split()[4::2]
    assert sorted(given) == sorted(settings)
    again = load_experiment("carrot-and-stick", given)
    assert again.digest == loaded.digest


def test_a_damaged_manifest_is_explained(grid: Path, tmp_path: Path) -> None:
    """No traceback: which file, and what was expected there."""
    manifest = read_manifest(grid)
    for broken in ({**manifest, "experiment": {}}, {**manifest, "parts": "many"}, {"kind": "x"}):
        with pytest.raises(InputError, match="as the program wrote it"):
            read_sweep(tmp_path, broken)
